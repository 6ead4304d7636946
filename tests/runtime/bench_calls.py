"""What a call costs: `python bench_calls.py` prints nanoseconds, best of several runs, per call of a test kernel."""

import importlib
import sys
import tempfile
import timeit
from pathlib import Path

import numpy as np
from builder import KernelPackage, compile_kernels
from conftest import KERNELS, names_of, source_of


def load(root):
    functions = {f"bench_kernels:{name}": (names_of(text), signatures) for name, (text, signatures) in KERNELS.items()}
    KernelPackage(root, "bench_kernels", compile_kernels(root), {"bench_kernels/__init__.py": source_of(KERNELS)}, functions).write()
    sys.path.insert(0, str(root))
    return importlib.import_module("bench_kernels")


def nanoseconds(statement, scope, number=200_000):
    return min(timeit.repeat(statement, globals=scope, number=number, repeat=9)) / number * 1e9


def main():
    with tempfile.TemporaryDirectory() as folder:
        kernels = load(Path(folder))
        square, line = np.ones((2, 2)), np.ones(3)
        scope = {"k": kernels, "a": line, "q": square, "f": vars(kernels), "empty": lambda: None, "one": lambda a: None}
        scope |= {name: getattr(kernels, name) for name in ("add", "g", "layout", "many", "eight", "scale", "every_other", "nothing")}
        scope["eightp"] = kernels.eight.__wrapped__
        rows = [
            ("empty Python function", "empty()"),
            ("Python function of one argument", "one(a)"),
            ("nothing()", "nothing()"),
            ("f(float, float) -> float", "add(1.5, 2.5)"),
            ("f(float) with a default and a keyword", "add(x=1.5)"),
            ("g(1-D) -> int", "g(a)"),
            ("layout(2-D) -> int", "layout(q)"),
            ("h(4 arrays, float) -> float", "many(a, a, a, a, 1.5)"),
            ("eight floats -> new array", "eight(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)"),
            ("scale(1-D, float) -> new array", "scale(a, 2.0)"),
            ("view of the argument", "every_other(a)"),
            ("fallback to Python", "g(1.0)"),
            ("the Python function itself", "g.__wrapped__(1.0)"),
        ]
        for text, statement in rows:
            print(f"{text:42} {nanoseconds(statement, scope):7.1f} ns")


if __name__ == "__main__":
    main()
