"""Times every kernel under NumPy, hypersonic, Numba, Pythran and C, interleaved in one process."""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import numpy as np
import oracle

Call = Callable[[], Any]


def pointer(array: np.ndarray[Any, Any]) -> ctypes.c_void_p:
    """The address of an array's memory."""
    return ctypes.c_void_p(array.ctypes.data)


def build_c(work: Path) -> ctypes.CDLL:
    """The kernels in C, for this machine."""
    library = work / "kernels_c.so"
    command = ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(HERE / "kernels.c"), "-lm"]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.rosen.restype = ctypes.c_double
    return loaded


def plain_text() -> str:
    """The kernels without our decorator and import."""
    text = (HERE / "kernels.py").read_text()
    text = text.replace("@boost\n", "").replace("from hypersonic import boost\n", "")
    return re.sub(r': "float\[[^"]*\]"|(?<=\w): (?:float|int)(?=[,)])', "", text)


def build_pythran(work: Path) -> tuple[Any, float]:
    """The kernels by Pythran, or None if it is not installed; seconds to compile."""
    try:
        importlib.import_module("pythran")
    except ImportError:
        return None, 0.0
    source = work / "kernels_pythran.py"
    source.write_text(plain_text())
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "-m", "pythran.run", "-O3", "-march=native", source.name], cwd=work, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if run.returncode:
        print("Pythran failed:", run.stderr[-500:], file=sys.stderr)
        return None, seconds
    source.unlink()
    sys.path.insert(0, str(work))
    return importlib.import_module("kernels_pythran"), seconds


def build_numba() -> dict[str, Any]:
    """The kernels by Numba's defaults, or nothing if it is not installed."""
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return {}
    namespace: dict[str, Any] = {}
    exec(compile(plain_text(), "kernels", "exec"), namespace)
    return {name: numba.njit(value) for name, value in namespace.items() if callable(value) and getattr(value, "__module__", None) is None}


def cases(size: int) -> dict[str, tuple[list[Any], Callable[[ctypes.CDLL, list[Any]], Call]]]:
    """Arguments of each kernel, and how C is called with them."""
    rng = np.random.default_rng(0)
    vectors = [rng.uniform(0.0, 1.5, size) for _ in range(4)]
    n64, f64 = ctypes.c_int64, ctypes.c_double

    def elementwise(name: str, count: int, scalars: tuple[float, ...] = (), shorter: int = 0) -> Callable[[ctypes.CDLL, list[Any]], Call]:
        def make(library: ctypes.CDLL, args: list[Any]) -> Call:
            def call() -> Any:
                out = np.empty(size - shorter)
                getattr(library, name)(n64(size), *[pointer(a) for a in args[:count]], *[f64(s) for s in scalars], pointer(out))
                return out

            return call

        return make

    def rosen_c(library: ctypes.CDLL, args: list[Any]) -> Call:
        return lambda: library.rosen(n64(size), pointer(args[0]))

    def mandelbrot_c(library: ctypes.CDLL, args: list[Any]) -> Call:
        def call() -> Any:
            out = np.zeros((args[1], args[0]), np.int64)
            library.mandelbrot(*[n64(a) for a in args], pointer(out))
            return out

        return call

    def stencil_c(library: ctypes.CDLL, args: list[Any]) -> Call:
        def call() -> Any:
            library.stencil(n64(args[0].shape[0]), n64(args[0].shape[1]), pointer(args[0]), pointer(args[1]), f64(args[2]), n64(args[3]))
            return args[0]

        return call

    def pairwise_c(library: ctypes.CDLL, args: list[Any]) -> Call:
        def call() -> Any:
            out = np.empty((args[0].shape[0],) * 2)
            library.pairwise(n64(args[0].shape[0]), n64(args[0].shape[1]), pointer(args[0]), pointer(out))
            return out

        return call

    grid = rng.random((600, 700))
    return {
        "arc_distance": (vectors, elementwise("arc_distance", 4)),
        "rosen_terms": (vectors[:1], elementwise("rosen_terms", 1, shorter=1)),
        "rosen": (vectors[:1], rosen_c),
        "blend": (vectors[:3], elementwise("blend", 3)),
        "gauss": ([vectors[0], 0.5, 0.2], elementwise("gauss", 1, (0.5, 0.2))),
        "mandelbrot": ([300, 200, 200], mandelbrot_c),
        "stencil": ([grid, grid.copy(), 0.1, 4], stencil_c),
        "pairwise": ([rng.random((400, 16))], pairwise_c),
    }


def measure(calls: dict[str, Call], rounds: int, slow: set[str]) -> dict[str, float]:
    """Medians in seconds; each round calls every one once, so that drift hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        for name, call in calls.items():
            if name in slow and number > 1:
                continue
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000_000, help="elements of the array kernels")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--quick", action="store_true", help="small arrays, few rounds")
    parser.add_argument("--only", nargs="*", help="names of kernels")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.quick:
        options.size, options.rounds = 1_000_000, 5
    work = Path(tempfile.mkdtemp())
    library = build_c(work)
    start = time.perf_counter()
    ours = oracle.build(work, (HERE / "kernels.py").read_text(), name="kernels_hypersonic", extra=oracle.ALL)
    built = time.perf_counter() - start
    pythran, pythran_built = build_pythran(work)
    numba = build_numba()
    loops = {"mandelbrot", "stencil", "pairwise"}
    rows = {}
    print(f"wheel by hypersonic: {built:.2f} s (all levels and PTX); module by Pythran: {pythran_built:.1f} s")
    print(f"{'kernel':14} {'NumPy ms':>10} {'hypersonic':>11} {'Numba':>8} {'Pythran':>8} {'C':>8}   {'of C':>6}   (times NumPy; of C = C's time / ours)")
    for name, (args, make_c) in cases(options.size).items():
        if options.only and name not in options.only:
            continue
        function = getattr(ours, name)
        calls: dict[str, Call] = {
            "numpy": lambda function=function, args=args: function.__wrapped__(*args),
            "hypersonic": lambda function=function, args=args: function(*args),
            "c": make_c(library, args),
        }
        if name in numba:
            calls["numba"] = lambda function=numba[name], args=args: function(*args)
        if pythran is not None:
            calls["pythran"] = lambda function=getattr(pythran, name), args=args: function(*args)
        for key in [key for key in calls if key != "numpy"]:
            try:
                calls[key]()
            except Exception as error:
                print(f"{name}: {key} fails: {error!r}"[:200], file=sys.stderr)
                del calls[key]
        median = measure(calls, options.rounds, {"numpy"} if name in loops else set())
        rows[name] = median

        def shown(key: str, median: dict[str, float] = median) -> str:
            return f"{median['numpy'] / median[key]:7.2f}x" if key in median else "-"

        of_c = f"{median['c'] / median['hypersonic']:6.2f}" if "hypersonic" in median else "-"
        print(f"{name:14} {median['numpy'] * 1e3:10.2f} {shown('hypersonic'):>11} {shown('numba'):>8} {shown('pythran'):>8} {shown('c'):>8}   {of_c:>6}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
