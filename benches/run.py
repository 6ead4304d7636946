"""Times every kernel under NumPy, hypersonic, Numba, Pythran and C, interleaved in one process.

Times are those of the thread on its processor (all compilers run on one), so that neighbours on a shared machine count
only where they take cache and memory. Ratios are medians over the rounds: each round calls every compiler once.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import os
import random
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

# Kernels that do not depend on the size.
LOOPS = ("mandelbrot", "stencil", "pairwise")
# Bytes per element that a kernel has to read and write, where that is what it waits for.
TRAFFIC = {"rosen_terms": 16, "rosen": 8, "blend": 32}


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
    run = subprocess.run(
        [sys.executable, "-m", "pythran.run", "-O3", "-march=native", source.name], cwd=work, capture_output=True, text=True, check=False
    )
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


def measure(calls: dict[str, Call], rounds: int, slow: set[str]) -> dict[str, list[float]]:
    """Seconds per round; each round calls every one once, so that drift hits all alike. Slow ones are called twice.

    The order changes from round to round: whoever comes after a call that freed much memory pays for the pages of its result.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    shuffle = random.Random(1).shuffle
    for number in range(rounds):
        order = list(calls)
        shuffle(order)
        for name in order:
            call = calls[name]
            if name in slow and number > 1:
                continue
            start = time.thread_time()
            result = call()
            times[name].append(time.thread_time() - start)
            del result
    return times


def ratio(times: dict[str, list[float]], slower: str, faster: str) -> float:
    """How many times faster: the median over the rounds."""
    return statistics.median(x / y for x, y in zip(times[slower], times[faster], strict=False))


def bandwidth(library: ctypes.CDLL, size: int) -> float:
    """Bytes per second of `a[i] = b[i] + k * c[i]` in C on arrays that exist, each element counted once: what memory (or cache) gives."""
    a, b, c = np.zeros(size), np.ones(size), np.ones(size)
    call: Call = lambda: library.triad(ctypes.c_int64(size), pointer(a), pointer(b), pointer(c), ctypes.c_double(0.5))
    return 24 * size / statistics.median(measure({"triad": call}, 15, set())["triad"])


def callers(name: str, args: list[Any], make_c: Callable[[ctypes.CDLL, list[Any]], Call], built: dict[str, Any]) -> dict[str, Call]:
    """How each compiler's form of a kernel is called; those that fail are left out."""
    ours = getattr(built["hypersonic"], name)
    calls: dict[str, Call] = {"numpy": lambda: ours.__wrapped__(*args), "hypersonic": lambda: ours(*args), "c": make_c(built["c"], args)}
    if name in built["numba"]:
        calls["numba"] = lambda: built["numba"][name](*args)
    if built["pythran"] is not None:
        calls["pythran"] = lambda: getattr(built["pythran"], name)(*args)
    for key in [key for key in calls if key != "numpy"]:
        try:
            calls[key]()
        except Exception as error:
            print(f"{name}: {key} fails: {error!r}"[:200], file=sys.stderr)
            del calls[key]
    return calls


def machine() -> str:
    """The processor, and how busy it is."""
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown processor")
    return f"{model}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"


def table(size: int, names: list[str], rounds: int, built: dict[str, Any]) -> dict[str, dict[str, list[float]]]:
    """Measures kernels and prints a row for each."""
    given = bandwidth(built["c"], size)
    print(f"\n{size:,} doubles; C moves {given / 1e9:.1f} GB/s; {machine()}")
    columns = f"{'kernel':14} {'NumPy ms':>9} {'hypersonic':>11} {'Numba':>8} {'Pythran':>8} {'C':>8} {'of C':>6} {'of Numba':>9} {'of Pythran':>11} {'of memory':>10}"
    print(columns)
    rows = {}
    for name, (args, make_c) in cases(size).items():
        if name not in names:
            continue
        times = measure(callers(name, args, make_c, built), rounds, {"numpy"} if name in LOOPS else set())
        rows[name] = times

        def faster(key: str, times: dict[str, list[float]] = times) -> str:
            return f"{statistics.median(times['numpy']) / statistics.median(times[key]):7.2f}x" if key in times else "-"

        def against(key: str, times: dict[str, list[float]] = times) -> str:
            return f"{ratio(times, key, 'hypersonic'):.2f}" if key in times and "hypersonic" in times else "-"

        share = (
            f"{TRAFFIC[name] * size / statistics.median(times['hypersonic']) / given:.0%}"
            if name in TRAFFIC and "hypersonic" in times
            else ""
        )
        print(
            f"{name:14} {statistics.median(times['numpy']) * 1e3:9.2f} {faster('hypersonic'):>11} {faster('numba'):>8} {faster('pythran'):>8} {faster('c'):>8}"
            f" {against('c'):>6} {against('numba'):>9} {against('pythran'):>11} {share:>10}"
        )
    return rows


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000_000, 10_000_000], help="elements of the array kernels")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--quick", action="store_true", help="small arrays, few rounds")
    parser.add_argument("--only", nargs="*", help="names of kernels")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.quick:
        options.sizes, options.rounds = [1_000_000], 7
    work = Path(tempfile.mkdtemp())
    start = time.perf_counter()
    ours = oracle.build(work, (HERE / "kernels.py").read_text(), name="kernels_hypersonic", extra=oracle.ALL)
    seconds = time.perf_counter() - start
    pythran, pythran_seconds = build_pythran(work)
    built = {"hypersonic": ours, "c": build_c(work), "numba": build_numba(), "pythran": pythran}
    print(f"wheel by hypersonic: {seconds:.2f} s (all levels and PTX); module by Pythran: {pythran_seconds:.1f} s")
    print("times NumPy; `of C` = C's time / ours; `of memory` = bytes that the kernel has to move, per second, against those that C moves")
    everything = {}
    for number, size in enumerate(options.sizes):
        names = [name for name in cases(8) if (name not in LOOPS or number == 0) and (not options.only or name in options.only)]
        everything[size] = table(size, names, options.rounds, built)
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    main()
