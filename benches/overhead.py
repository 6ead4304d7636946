"""The cost of a call, of an import and of compiling."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import numpy as np
import oracle

SOURCE = """
import numpy as np
from hypersonic import boost

def empty(*args): pass

@boost
def f(x: float): return x * 2.0

@boost
def g(a: "float[:]"): return a[0]

@boost
def h(a: "float[:]", b: "float[:]", c: "float[:]", d: "float[:]", t: float): return a[0] + b[0] + c[0] + d[0] + t

@boost
def s(a: "float[:]"): return a * 2.0
"""


def nanoseconds(statement: str, names: dict[str, object]) -> float:
    """The median over repeats of the time of one statement."""
    number = 200_000
    return statistics.median(timeit.repeat(statement, globals=names, number=number, repeat=9)) / number * 1e9


def main() -> None:
    """Prints the figures."""
    work = Path(tempfile.mkdtemp())
    built = oracle.build(work, SOURCE, name="overhead_case", extra=oracle.ALL)
    a = np.arange(8.0)
    names: dict[str, object] = {"e": built.module.empty, "f": built.f, "g": built.g, "h": built.h, "s": built.s, "a": a}
    base = nanoseconds("e(a)", names)
    print(f"empty Python call: {base:.0f} ns")
    for text, what in [
        ("f(1.5)", "a float"),
        ("g(a)", "one small array"),
        ("h(a, a, a, a, 1.5)", "four arrays and a float"),
        ("s(a)", "8 doubles to a new array"),
    ]:
        total = nanoseconds(text, names)
        print(f"{what:28} {total:6.0f} ns, {total - base:+.0f} ns over the empty call")
    site = str(built.wheel.parent.parent / "site")
    code = "import sys, time; sys.path.insert(0, {site!r}); import numpy, hypersonic; t = time.perf_counter(); import overhead_case; print((time.perf_counter() - t) * 1e3)"
    for label, mode in (("boosted", ""), ("pure", "off")):
        times = []
        for _ in range(9):
            run = subprocess.run(
                [sys.executable, "-c", code.format(site=site)],
                env={"HYPERSONIC": mode, "PATH": ""},
                capture_output=True,
                text=True,
                check=True,
            )
            times.append(float(run.stdout))
        print(f"import of the package, {label}: {statistics.median(times):.2f} ms")
    start = time.perf_counter()
    oracle.build(work, "import numpy as np\nfrom hypersonic import boost\n", name="nothing_case", extra=oracle.ALL)
    nothing = time.perf_counter() - start
    functions = "".join(f'@boost\ndef k{i}(a: "float[:]", b: "float[:]"): return a * {i} + b / (a + {i}.5)\n' for i in range(20))
    start = time.perf_counter()
    oracle.build(work, "import numpy as np\nfrom hypersonic import boost\n" + functions, name="compile_case", extra=oracle.ALL)
    seconds = time.perf_counter() - start - nothing
    print(
        f"compiling 20 small functions, all levels and PTX: {seconds / 20 * 1e3:.0f} ms each (a build of nothing: {nothing * 1e3:.0f} ms)"
    )
    print(json.dumps({"call_base_ns": base}))


if __name__ == "__main__":
    main()
