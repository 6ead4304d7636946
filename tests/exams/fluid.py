"""The exam on fluidsim and fluidfft: compiled, equal, how long, how fast. See README.md beside it."""

from __future__ import annotations

import abc
import argparse
import ast
import importlib
import importlib.abc
import importlib.machinery
import json
import resource
import subprocess
import sys
import tarfile
import time
import types
import zipfile
import zlib
from pathlib import Path
from typing import Any

import hypersonic
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

import oracle

# fluidsim imports fluidfft.
PROJECTS = {"fluidfft": "0.4.5", "fluidsim": "26.10.0"}
# Units in the last place that compiled and Python results may differ by.
ULP = 4
PYPROJECT = """
[build-system]
requires = ["hypersonic-build"]
build-backend = "hypersonic_build"
[project]
name = "{name}"
version = "{version}"
dependencies = ["hypersonic"]
[tool.hypersonic]
packages = ["{name}"]
"""


class Lenient(abc.ABCMeta):
    """Makes classes that have any attribute."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Whatever()

    def __gt__(cls, other: object) -> bool:
        return False

    __lt__ = __ge__ = __le__ = __gt__


class Whatever(metaclass=Lenient):
    """An object that takes any arguments, has any attribute and decorates anything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Whatever()

    def __add__(self, other: object) -> Whatever:
        return self

    def __gt__(self, other: object) -> bool:
        return False

    __lt__ = __ge__ = __le__ = __gt__
    __radd__ = __sub__ = __mul__ = __getitem__ = __add__


class Anything(types.ModuleType):
    """A stand-in for a module that kernels do not need: every attribute is an empty class."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (Whatever,), {})
        setattr(self, name, made)
        return made


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a stand-in for everything that is not installed and not part of the exam."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] in PROJECTS:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return Anything(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


class TypeForm:
    """What Transonic's type constructors give when nothing is compiled."""

    def __call__(self, *args: Any, **kwargs: Any) -> TypeForm:
        return self

    __getitem__ = __add__ = __sub__ = __or__ = __ror__ = lambda self, *args: self


class Transonic:
    """`ts = Transonic()` of code whose functions are compiled: only then fluidsim keeps the names of some of them."""

    is_transpiling = False
    is_transpiled = False
    is_compiled = True


def transonic() -> types.ModuleType:
    """A module with the names that the two projects import from Transonic."""
    module = Anything("transonic")
    form = TypeForm()
    for name in ("Array", "Type", "NDim", "Union", "Optional", "Tuple", "List", "Dict", "Set", "Literal", "const", "str2type"):
        setattr(module, name, form)
    module.boost = hypersonic.boost  # type: ignore[attr-defined]
    module.Transonic = Transonic  # type: ignore[attr-defined]
    return module


def unpack(name: str, version: str, work: Path) -> Path:
    """The folder of the unpacked source distribution, downloaded if it is not there."""
    archive = work / f"{name}-{version}.tar.gz"
    if not archive.exists():
        subprocess.run([sys.executable, "-m", "unearth", "--no-binary", "-d", str(work), f"{name}=={version}"], check=True, capture_output=True)
    folder = work / f"{name}-{version}"
    if not folder.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
    return folder


def boosted(folder: Path, root: Path) -> dict[str, list[str]]:
    """Plain functions decorated with `@boost` in the package, by module."""
    found: dict[str, list[str]] = {}
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text())
        names = [
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and any("boost" in ast.unparse(decorator) for decorator in node.decorator_list)
        ]
        if names:
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join(part for part in parts if part not in ("__init__", "src"))] = names
    return found


def build(name: str, version: str, folder: Path, root: Path) -> tuple[Path, float, float]:
    """A wheel by our backend, unpacked; seconds and peak megabytes of the engine."""
    project = folder.parent / f"{name}-project"
    if project.exists():
        subprocess.run(["rm", "-r", str(project)], check=True)
    project.mkdir()
    target = project / "tree"
    target.mkdir()
    subprocess.run(["cp", "-r", str(root), str(target / name)], check=True)
    (target / "pyproject.toml").write_text(PYPROJECT.format(name=name, version=version))
    dist = project / "dist"
    dist.mkdir()
    start = time.perf_counter()
    script = f"import hypersonic_build; hypersonic_build.build_wheel({str(dist)!r})"
    run = subprocess.run([sys.executable, "-c", script], cwd=target, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    (project / "build.log").write_text(run.stdout + run.stderr)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    site = project / "site"
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as archive:
        archive.extractall(site)
    return site, seconds, megabytes


class Arguments:
    """Arguments for a signature: shapes that fit, values that reach the interesting branches."""

    extents = (5, 4, 6, 7)

    def __init__(self, function: str, scale: int) -> None:
        self.rng = np.random.default_rng(zlib.crc32(function.encode()))
        self.function = function
        self.scale = scale

    def array(self, dtype: np.dtype[Any], ndim: int, name: str) -> np.ndarray[Any, Any]:
        extents = [extent * self.scale for extent in self.extents]
        shape = tuple(extents[len(extents) - ndim :])
        if name in ("khs", "kzs", "rs", "rho_list", "z_list", "times", "arr"):
            return (np.arange(8 * self.scale) * 0.3).astype(dtype)
        if name == "rxs":
            shape = (6,)
        if name == "pdf" or (self.function == "strfunc_from_pdf" and name == "values"):
            shape = (6, 9)
        if name == "iomegas1":
            return np.array([1, 2, 3], dtype)
        if dtype.kind in "iu":
            return self.rng.integers(0, 2, shape).astype(dtype)
        data = np.abs(self.rng.standard_normal(shape)) + 0.1 if dtype.kind == "f" else self.rng.standard_normal(shape)
        if dtype.kind == "c":
            data = data + 1j * self.rng.standard_normal(shape)
        return data.astype(dtype)

    def scalar(self, kind: str, name: str) -> Any:
        if kind == "bool":
            return True
        if kind == "int":
            return {"nb_omegas": 5, "rank": 0, "irx": 2}.get(name, 3)
        if kind == "complex":
            return 1.5 - 0.5j
        if name in ("tmin", "value"):
            return 0.5
        if name == "tmax":
            return 1.5
        return 1.25

    def of(self, parameter: Any, name: str) -> Any:
        (kind, content), *_ = parameter.items() if isinstance(parameter, dict) else [(parameter, None)]
        if kind == "none":
            return None
        if kind == "python":
            return self.scalar(content, name)
        if kind == "numpy":
            dtype = np.dtype(content)
            return dtype.type(self.scalar({"f": "float", "c": "complex", "b": "bool"}.get(dtype.kind, "int"), name))
        if kind == "array":
            return self.array(np.dtype(content["dtype"]), content["ndim"], name)
        if kind == "tuple":
            return tuple(self.of(item, name) for item in content)
        raise NotImplementedError(kind)


def check(function: Any, args: tuple[Any, ...], name: str) -> None:
    """Asserts that compiled and Python function do the same.

    NumPy fuses the products of complex numbers on processors that can. The last bit of a product may be another, so
    where a sum of products cancels, what remains is as exact as the largest elements allow.
    """
    try:
        oracle.compare(function, function.__wrapped__, *args, ulp=ULP, name=name)
    except AssertionError:
        ours, theirs = oracle.run(function, oracle.clone(args)), oracle.run(function.__wrapped__, oracle.clone(args))
        if ours.error is not None or theirs.error is not None:
            raise
        pairs = list(zip(oracle.leaves((ours.value, *ours.args)), oracle.leaves((theirs.value, *theirs.args)), strict=True))
        if not any(isinstance(other, np.ndarray) and other.dtype.kind == "c" for _, other in pairs):
            raise
        for mine, other in pairs:
            if not isinstance(other, np.ndarray) or other.dtype.kind != "c":
                oracle.assert_same(mine, other, ULP, name)
                continue
            assert mine.dtype == other.dtype and mine.shape == other.shape, name
            largest = np.full(other.shape, np.abs(other).max(initial=0.0))
            oracle.assert_values(mine.real, other.real, ULP, name, largest)
            oracle.assert_values(mine.imag, other.imag, ULP, name, largest)


def clock(function: Any, args: tuple[Any, ...]) -> float:
    """Best seconds of a few calls on fresh copies."""
    best = float("inf")
    for _ in range(5):
        copies = oracle.clone(args)
        start = time.perf_counter()
        function(*copies)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    """Runs the exam and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("target/exams"), help="where source distributions are kept")
    parser.add_argument("--speed", action="store_true", help="time larger arguments too")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    sys.meta_path.append(StandIn())
    sys.modules["transonic"] = transonic()
    failures = total = signatures = 0
    print(f"{'function':72} {'signatures':>10} {'compiled':>8} {'equal':>6} {'speed-up':>9}")
    for name, version in PROJECTS.items():
        folder = unpack(name, version, options.work.resolve())
        root = folder / name if (folder / name).is_dir() else folder / "src" / name
        wanted = boosted(root.parent, root)
        site, seconds, megabytes = build(name, version, folder, root)
        sys.path.insert(0, str(site))
        manifest = json.loads((site / name / "__hypersonic__" / "manifest.json").read_text())
        for module_name, names in wanted.items():
            module = importlib.import_module(module_name)
            for function_name in names:
                total += 1
                function = getattr(module, function_name)
                if not hasattr(function, "__wrapped__"):
                    function = next(value for value in vars(module).values() if getattr(value, "__qualname__", "") == function_name)
                entry = manifest["modules"].get(module_name, {}).get("functions", {}).get(function_name, {"signatures": [], "parameters": []})
                compiled = len(entry["signatures"])
                signatures += compiled
                complete = compiled > 0 and not entry.get("reasons") and hypersonic.info(function).state == "cpu"
                equal, ratio, trouble = 0, 0.0, ""
                for signature in entry["signatures"]:
                    make = Arguments(function_name, 1)
                    args = tuple(make.of(p, n) for p, n in zip(signature["parameters"], entry["parameters"], strict=True))
                    try:
                        check(function, args, function_name)
                        equal += 1
                    except AssertionError as error:
                        trouble = str(error)[:300]
                if options.speed and complete:
                    make = Arguments(function_name, 4)
                    args = tuple(make.of(p, n) for p, n in zip(entry["signatures"][0]["parameters"], entry["parameters"], strict=True))
                    ratio = clock(function.__wrapped__, args) / clock(function, args)
                good = complete and equal == compiled
                failures += not good
                shown = f"{ratio:8.1f}x" if ratio else ""
                print(f"{module_name + '.' + function_name:72} {compiled:10} {'yes' if complete else 'NO':>8} {equal:6} {shown:>9}")
                if trouble or not complete:
                    print("    ", trouble or entry.get("reasons") or hypersonic.info(function).reason)
        print(f"{name} {version}: built in {seconds:.1f} s, {megabytes:.0f} MB")
    print(f"{total - failures} passed, {failures} failed")
    print(f"{signatures} signatures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
