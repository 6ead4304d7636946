"""SciPy's and scikit-image's own tests of what they export with `# pythran export`, run with our kernels in the place of Pythran's.

`python tests/exams/scipy_suite.py` takes the exported modules out of the source distributions, compiles them unmodified, and runs the packages' tests with
them (`kernels_in_place.py`). Prints for each function how it was compiled, how often it was called and how often Python answered instead, and the tests
that call it: passed, failed, skipped or expected to fail. What fails is run once more with the packages' own modules, to tell what is not ours.
Ends with status 1 if a test fails with our kernels only, or a function is not compiled or not called.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import oracle
from exports import MODULES, unpack

SCIPY, SKIMAGE = MODULES
# What scikit-image needs besides what is installed.
PACKAGES = ("scikit-image==0.26.0", "imageio", "lazy-loader", "networkx", "packaging", "pillow", "tifffile")
# What the settings of its tests import.
TEST_PACKAGES = ("pytest-pretty", "rich", "markdown-it-py", "mdurl", "pygments")
# Files of tests that call exported functions, and which of all their tests do, as pytest's `-k` has it (it knows files by their names, too).
SCIPY_TESTS = {
    "signal/tests/test_max_len_seq.py": "test_max_len_seq",
    "interpolate/tests/test_rbfinterp.py": "test_rbfinterp",
    "linalg/tests/test_matfuncs.py": "test_matfuncs",
    "optimize/tests/test__numdiff.py": "test__numdiff",
    "stats/tests/test_stats.py": "siegel or TestKSTwoSamples",
    "stats/tests/test_hypotests.py": "Somers",
    "stats/tests/test_multivariate.py": "TestMultivariateNormal",
    "stats/tests/test_discrete_distns.py": "PoissonBinom or poisson_binom",
    "stats/tests/test_mstats_basic.py": "siegel",
}
# What takes nine tenths of the time, all in SciPy's own code: left out of the part that is a test of ours.
SLOW = (
    "fuzz",
    "cubature",
    "round_trip_random",
    "gh18086",
    "larger_abs",
    "workers",
    "TestApproxDerivativeSparse",
    "MediumBoth",
    "MiddlingBoth",
    "LargeBoth",
    "vector_vector",
    "scalar_vector",
    "cdf_known",
    "some_code_paths",
    "gh18132",
    "random_matrices_and_powers",
    "type_preservation",
    "type_conversion",
    "singular",
)
SKIMAGE_TESTS = {"feature/test_brief.py": "test_brief", "feature/test_corner.py": "hessian", "feature/test_blob.py": "test_blob"}
# What scikit-image's build makes of its two files is called otherwise.
NAMES = {
    "skimage.feature._hessian_det_appx_pythran": "skimage.feature._hessian_det_appx",
    "skimage.feature.brief_pythran": "skimage.feature.brief_cy",
}
# Exported, but called by the other kernels of their module only, or by nothing.
INNER = ("_Aij", "_Dij", "_poisson_binom_pmf")
SKIMAGE_FILES = ["tests/conftest.py", "tests/skimage/conftest.py", *(f"tests/skimage/{path}" for path in SKIMAGE_TESTS)]


def built(distribution: str, work: Path) -> dict[str, tuple[str, str]]:
    """Our modules by the names of theirs: folder and name."""
    found = {}
    for path in unpack(distribution, MODULES[distribution], work):
        folder = work / "suite" / path.stem
        if folder.exists():
            subprocess.run(["rm", "-r", str(folder)], check=True)
        ours = oracle.build(folder, path.read_text(), f"suite{path.stem}")
        inside = path.relative_to(work / distribution).with_suffix("").parts
        name = ".".join(inside[inside[0] == "src" :])
        found[NAMES.get(name, name)] = (str(ours.site), ours.module.__name__)
    return found


def images(work: Path) -> Path:
    """The folder with scikit-image, which is downloaded if it is not there."""
    folder = work / "scikit-image-installed"
    if not all((folder / name).exists() for name in ("skimage", "pytest_pretty")):
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--only-binary",
            ":all:",
            "--no-deps",
            "--target",
            str(folder),
            *PACKAGES,
            *TEST_PACKAGES,
        ]
        subprocess.run(command, check=True, capture_output=True)
    return folder


def run(name: str, modules: dict[str, tuple[str, str]], arguments: list[str], work: Path, path: Path | None = None) -> dict[str, Any]:
    """The report of a run of pytest."""
    task, report = work / "suite" / f"{name}.task.json", work / "suite" / f"{name}.report.json"
    report.unlink(missing_ok=True)
    task.write_text(json.dumps({"modules": modules, "report": str(report)}))
    paths = [str(Path(__file__).parent), *([str(path)] if path else [])]
    environment = dict(os.environ, KERNELS_IN_PLACE=str(task), PYTHONPATH=os.pathsep.join(paths))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "kernels_in_place", "-p", "no:cacheprovider", "-W", "ignore", *arguments]
    done = subprocess.run(command, env=environment, cwd=work / "suite", capture_output=True, text=True, check=False)
    if not report.exists():
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    made: dict[str, Any] = json.loads(report.read_text())
    made["last"] = " ".join(done.stdout.strip().splitlines()[-1:])
    return made


def take(
    name: str,
    modules: dict[str, tuple[str, str]],
    tests: dict[str, str],
    root: Path,
    work: Path,
    path: Path | None = None,
    left_out: tuple[str, ...] = (),
) -> int:
    """Runs the tests of a package and prints its table; gives how many things are wrong."""
    wanted = " or ".join(dict.fromkeys(tests.values()))
    if left_out:
        wanted = f"({wanted}) and not ({' or '.join(left_out)})"
    report = run(name, modules, [*(str(root / path) for path in tests), "-k", wanted], work, path)
    print(f"{name}: {report['last']}", flush=True)
    functions: dict[str, dict[str, Any]] = report["functions"]
    outcomes = {test: result for test, result in report["tests"].items() if "calls" in result}
    failed = [test for test, result in outcomes.items() if result["outcome"] == "failed"]
    theirs: set[str] = set()
    for test in failed:
        report = run(f"{name}-again", {}, [str(root.parent / test) if not Path(test).exists() else test], work, path)
        theirs |= {test for found in report["tests"].values() if found["outcome"] == "failed"}
    wrong = int(not functions)
    for function, row in sorted(functions.items()):
        counts = Counter(result["outcome"] for result in outcomes.values() if function in result["calls"])
        bad = row["state"] == "python" or (not row["calls"] and function.rsplit(".", 1)[1] not in INNER)
        wrong += bad
        compiled = f"{row['signatures']:10}" if row["state"] != "python" else f"{'no':>10}"
        others = counts["skipped"] + counts["expected"]
        line = f"{function:62} {compiled} {row['calls']:8} {row['fallbacks']:8} {counts['passed']:7} {counts['failed']:7} {others:7}"
        print(line + (f"\n     {row['reason']}" if row["reason"] else ""))
    for test in failed:
        ours = test not in theirs
        wrong += ours
        print(f"{'FAILS WITH OUR KERNELS' if ours else 'fails with theirs, too'}: {test}\n{outcomes[test]['reason']}")
    print(f"{name}: {len(outcomes)} tests call them, {len(failed)} fail, {len(theirs)} of these with the package's own modules, too")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("target/exams"), help="where source distributions are kept")
    parser.add_argument("--part", action="store_true", help="without the tests that take long")
    options = parser.parse_args()
    work = options.work.resolve()
    (work / "suite").mkdir(parents=True, exist_ok=True)
    print(f"{'function':62} {'signatures':>10} {'calls':>8} {'Python':>8} {'passed':>7} {'failed':>7} {'others':>7}")
    import scipy

    expected = SCIPY.split("-")[1]
    if importlib.metadata.version("scipy") != expected:
        print(f"SciPy {importlib.metadata.version('scipy')} is installed, the modules are those of {expected}")
        return 2
    wrong = take("scipy", built(SCIPY, work), SCIPY_TESTS, Path(scipy.__file__).parent, work, left_out=SLOW if options.part else ())
    modules = built(SKIMAGE, work)
    unpack(SKIMAGE, SKIMAGE_FILES, work)
    folder = images(work)
    wrong += take("skimage", modules, SKIMAGE_TESTS, work / SKIMAGE / "tests" / "skimage", work, folder)
    print(f"{wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
