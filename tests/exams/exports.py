"""The exam on the modules that SciPy and scikit-image wrote for Pythran: compiled, equal. See README.md beside it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypersonic
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

import oracle

# Where the modules lie in their source distributions.
MODULES = {
    "scipy-1.17.1": [
        "scipy/signal/_max_len_seq_inner.py",
        "scipy/interpolate/_rbfinterp_pythran.py",
        "scipy/stats/_stats_pythran.py",
        "scipy/linalg/_linalg_pythran.py",
        "scipy/linalg/_matfuncs_sqrtm_triu.py",
        "scipy/optimize/_group_columns.py",
    ],
    "scikit_image-0.26.0": [
        "src/skimage/feature/_hessian_det_appx_pythran.py",
        "src/skimage/feature/brief_pythran.py",
    ],
}
# Powers, exponentials and square roots of ours are within 1 unit in the last place, NumPy's within a few; these functions add many of them.
ULP = {"_build_system": 64, "_kernel_matrix": 8, "_build_evaluation_coefficients": 64, "_polynomial_matrix": 8, "_bvnu": 64}

Random = np.random.Generator
KERNELS = ("linear", "thin_plate_spline", "cubic", "quintic", "multiquadric", "inverse_multiquadric", "inverse_quadratic", "gaussian")
POWERS = np.array([[0, 0], [1, 0], [0, 1]])


def tables(rng: Random) -> Iterator[np.ndarray[Any, Any]]:
    yield rng.integers(0, 9, (5, 4))
    yield rng.random((4, 6))
    yield rng.integers(0, 9, (1, 1))
    yield rng.integers(0, 9, (8, 6))[::2, ::-1]


def sequences(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype in (np.int32, np.int64):
        for nbits, taps in ((2, [1]), (5, [2]), (8, [1, 2, 7])):
            state = np.ones(nbits, np.int8)
            yield np.array(taps, dtype), state, nbits, 2**nbits - 1, np.empty(2**nbits - 1, np.int8)
            yield np.array(taps, dtype), state[::-1].copy(), nbits, 3, np.zeros(6, np.int8)[::2]


def functions_of_matrices(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype, real in ((np.float64, float), (np.complex128, float), (np.float32, np.float32), (np.complex64, np.float32)):
        for n in (1, 2, 6):
            f = np.diag(rng.random(n)).astype(dtype)
            t = np.triu(rng.random((n, n))).astype(dtype) * np.asarray(1 + 0.5j if np.dtype(dtype).kind == "c" else 1)
            yield f, t.astype(dtype), n, real(2.5)
            yield np.asfortranarray(f), t.astype(dtype).T.copy().T, n, real(2.5)


def dense(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype in (np.intc, np.int64):
        for m, n in ((4, 5), (1, 1), (6, 6)):
            matrix = (rng.random((m, n)) < 0.3).astype(dtype)
            yield m, n, matrix
            yield m, n, np.asfortranarray(matrix)


def sparse(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype in (np.int32, np.int64):
        for m, n in ((4, 5), (1, 1), (6, 6)):
            columns = [np.flatnonzero(rng.random(m) < 0.4) for _ in range(n)]
            indices = np.concatenate(columns).astype(dtype)
            indptr = np.cumsum([0, *map(len, columns)]).astype(dtype)
            yield m, n, indices, indptr
            yield m, n, np.repeat(indices, 2)[::2], indptr


def briefs(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype in (np.float32, np.float64):
        image = rng.random((20, 24)).astype(dtype)
        keypoints = rng.integers(5, 15, (4, 2))
        places = [rng.integers(-4, 5, (7, 2)).astype(np.int32) for _ in range(2)]
        yield image, np.zeros((4, 7), np.uint8), keypoints, *places
        yield image[::-1, ::2], np.zeros((4, 7), np.uint8), keypoints - 2, *places


def slopes(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype in (np.float32, np.float64):
        for method in ("separate", "hierarchical"):
            for n in (1, 2, 7, 12):
                yield rng.random(n).astype(dtype), rng.permutation(n).astype(dtype), method
            yield rng.random(9).astype(dtype)[::2], rng.integers(0, 3, 5).astype(dtype), method


def poisson_binomials(rng: Random) -> Iterator[tuple[Any, ...]]:
    for kind in ("pdf", "cdf"):
        yield rng.integers(0, 5, 6), rng.random((4, 6)), kind
        yield rng.integers(0, 5, 6), np.repeat(rng.random((4, 2)), 3, axis=1), kind
        yield rng.integers(0, 2, 3), rng.random((3, 1)).T, kind


def square_roots(rng: Random) -> Iterator[tuple[Any, ...]]:
    for dtype in (np.float64, np.complex128):
        matrix = np.triu(rng.random((5, 5)) + 1).astype(dtype)
        for blocks in ([(0, 2), (2, 5)], [(0, 5)], [], [(1, 4)]):
            yield np.diag(np.sqrt(np.diag(matrix))), matrix, blocks, len(blocks)


# What each function is called with.
ARGUMENTS: dict[str, Callable[[Random], Iterator[tuple[Any, ...]]]] = {
    "_max_len_seq_inner": sequences,
    "_kernel_matrix": lambda rng: ((rng.random((5, 2)), kernel) for kernel in KERNELS),
    "_polynomial_matrix": lambda rng: ((x, POWERS) for x in (rng.random((5, 2)), np.asfortranarray(rng.random((3, 2))), np.empty((0, 2)))),
    "_build_system": lambda rng: ((rng.random((5, 2)), rng.random((5, 3)), rng.random(5), kernel, 1.5, POWERS) for kernel in KERNELS),
    "_build_evaluation_coefficients": lambda rng: (
        (rng.random((4, 2)), rng.random((5, 2)), kernel, 0.5, POWERS, rng.random(2), 1 + rng.random(2)) for kernel in KERNELS
    ),
    "_Aij": lambda rng: ((table, i, j) for table in tables(rng) for i in (0, 2) for j in (0, 1, 9)),
    "_Dij": lambda rng: ((table, i, j) for table in tables(rng) for i in (0, 2) for j in (0, 1, 9)),
    "_concordant_pairs": lambda rng: ((table,) for table in tables(rng)),
    "_discordant_pairs": lambda rng: ((table,) for table in tables(rng)),
    "_a_ij_Aij_Dij2": lambda rng: ((table,) for table in tables(rng)),
    "_compute_outer_prob_inside_method": lambda rng: (
        (m, n, int(np.gcd(m, n)), h) for m, n in ((5, 4), (12, 30), (1, 1), (7, 7)) for h in (0, 1, 3, 20)
    ),
    "_poisson_binom_pmf": lambda rng: ((p,) for p in (rng.random(1), rng.random(6), rng.random(12)[::2])),
    "siegelslopes": slopes,
    "_poisson_binom": poisson_binomials,
    "_bvnu": lambda rng: (
        (h, k, r) for h in (-0.3, 1.2, np.inf, -np.inf) for k in (0.5, -1.1) for r in (0.0, 0.2, -0.5, 0.8, 0.95, -0.97, 1.0)
    ),
    "within_block_loop": square_roots,
    "_funm_loops": functions_of_matrices,
    "group_dense": dense,
    "group_sparse": sparse,
    "_hessian_matrix_det": lambda rng: (
        (rng.random((20, 24)).cumsum(0).cumsum(1).astype(dtype), s) for dtype in (float, np.float32) for s in (1.0, 3.0)
    ),
    "_brief_loop": briefs,
}


def unpack(distribution: str, paths: list[str], work: Path) -> list[Path]:
    """The modules, out of the source distribution, which is downloaded if it is not there."""
    archive = work / f"{distribution}.tar.gz"
    if not archive.exists():
        name, version = distribution.split("-")
        command = [sys.executable, "-m", "unearth", "--no-binary", "-d", str(work), f"{name.replace('_', '-')}=={version}"]
        subprocess.run(command, check=True, capture_output=True)
    if not all((work / distribution / path).exists() for path in paths):
        with tarfile.open(archive) as tar:
            tar.extractall(work, [tar.getmember(f"{distribution}/{path}") for path in paths], filter="data")
    return [work / distribution / path for path in paths]


def plain(function: Any) -> Any:
    """The function, with Python's floats in its result for NumPy's: a result that is one on some paths and the other on others is NumPy's
    in compiled code (docs/semantics.md)."""

    def floats(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(floats, value))
        return float(value) if isinstance(value, np.float64) else value

    return lambda *args: floats(function(*args))


def examine(module: Any, name: str) -> tuple[int, int, str]:
    """How many calls there were, how many were equal, and what was wrong."""
    function, rng = getattr(module, name), np.random.default_rng(7)
    calls, equal, trouble = 0, 0, ""
    for args in ARGUMENTS[name](rng):
        calls += 1
        try:
            oracle.compare(plain(function), plain(function.__wrapped__), *args, ulp=ULP.get(name, 4), name=name)
            equal += 1
        except AssertionError as error:
            trouble = str(error)[:400]
    info = hypersonic.info(function)
    # What Python answers are calls that raise.
    if not trouble and info.fallbacks == calls:
        trouble = f"every call was answered by Python: {info.last_fallback}"
    return calls, equal, trouble


def main() -> int:
    """Runs the exam and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("target/exams"), help="where source distributions are kept")
    work = parser.parse_args().work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    passed = failed = 0
    print(f"{'function':50} {'signatures':>10} {'calls':>6} {'equal':>6}")
    for distribution, paths in MODULES.items():
        for path in unpack(distribution, paths, work):
            build = work / "exports" / path.stem
            if build.exists():
                subprocess.run(["rm", "-r", str(build)], check=True)
            built = oracle.build(build, path.read_text(), f"exam{path.stem}")
            functions = next(module["functions"] for module in oracle.manifest(built)["modules"].values())
            for name, entry in functions.items():
                signatures, title = len(entry["signatures"]), f"{path.stem}.{name}"
                if not signatures or entry.get("reasons"):
                    failed += 1
                    print(f"{title:50} NOT AS EXPECTED: {entry.get('reasons')}")
                    continue
                calls, equal, trouble = examine(built.module, name)
                failed += bool(trouble)
                passed += not trouble
                print(f"{title:50} {signatures:10} {calls:6} {equal:6}" + (f"\n     {trouble}" if trouble else ""))
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
