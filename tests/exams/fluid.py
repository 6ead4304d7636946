"""The exam on fluidsim and fluidfft: compiled, equal, how long, how fast. See README.md beside it."""

from __future__ import annotations

import abc
import argparse
import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import time
import types
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypersonic
import hypersonic.transonic
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

import oracle

# fluidsim imports fluidfft.
PROJECTS = {"fluidfft": "0.4.5", "fluidsim": "26.10.0"}
# Units in the last place that compiled and Python results may differ by.
ULP = 4
# Squares of moduli: NumPy's `abs` of a complex number is up to 1.9 units away from the true value (ours 0.85), and squares double that.
ULP_OF_SQUARED_MODULI = 6
# How arrays are laid out, one call for each.
LAYOUTS = ("plain", "plain", "strided", "fortran", "short", "empty")
# Of these, what makes calls fail: Python may have the last word.
FAILING = ("short", "empty")
# Python gives memory that nothing wrote to: `np.empty_like` follows the order of its model, and `ravel` then gives a copy.
UNDEFINED = {("OperatorsPseudoSpectral3D.grad_fft_from_arr_fft", "fortran")}
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
    """Finds a stand-in for everything that is not installed and not part of the exam, or for these packages only."""

    def __init__(self, only: tuple[str, ...] = ()) -> None:
        self._only = only

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        package = name.split(".")[0]
        if package in PROJECTS or (self._only and package not in self._only):
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


def transonic() -> types.ModuleType:
    """A module with the names that the two projects import from Transonic."""
    module = Anything("transonic")
    form = TypeForm()
    for name in ("Array", "Type", "NDim", "Union", "Optional", "Tuple", "List", "Dict", "Set", "Literal", "const", "str2type"):
        setattr(module, name, form)
    module.boost = hypersonic.boost  # type: ignore[attr-defined]
    module.Transonic = hypersonic.transonic.Transonic  # type: ignore[attr-defined]
    return module


def unpack(name: str, version: str, work: Path) -> Path:
    """The folder of the unpacked source distribution, downloaded if it is not there."""
    archive = work / f"{name}-{version}.tar.gz"
    if not archive.exists():
        subprocess.run(
            [sys.executable, "-m", "unearth", "--no-binary", "-d", str(work), f"{name}=={version}"], check=True, capture_output=True
        )
    folder = work / f"{name}-{version}"
    if not folder.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
    return folder


def marked(node: ast.AST) -> bool:
    """Whether it is a function decorated with `@boost`."""
    return isinstance(node, ast.FunctionDef) and any("boost" in ast.unparse(decorator) for decorator in node.decorator_list)


def blocks(tree: ast.AST) -> list[str]:
    """The blocks in a module, under the names that their kernels have."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    used = [call.args[0] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "use_block"]
    return [f"<block {name.value}>" for name in used if isinstance(name, ast.Constant)]


def boosted(folder: Path, root: Path) -> dict[str, list[str]]:
    """Functions and methods decorated with `@boost` in the package, and blocks, by module."""
    found: dict[str, list[str]] = {}
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text())
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and marked(node)]
        for owner in tree.body:
            if isinstance(owner, ast.ClassDef):
                names += [f"{owner.name}.{node.name}" for node in owner.body if isinstance(node, ast.FunctionDef) and marked(node)]
        names += blocks(tree)
        if names:
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join(part for part in parts if part not in ("__init__", "src"))] = names
    return found


@dataclass
class Cost:
    """What a build took, the engine and the hooks together."""

    seconds: float
    cpu: float
    megabytes: float


def build(name: str, version: str, folder: Path, root: Path) -> tuple[Path, Cost]:
    """A wheel by our backend, unpacked, and what building it took."""
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
    script = f"import hypersonic_build; hypersonic_build.build_wheel({str(dist)!r})"
    log = project / "build.log"
    start = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen([sys.executable, "-c", script], cwd=target, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    cost = Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    if process.returncode:
        sys.exit(log.read_text())
    site = project / "site"
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as archive:
        archive.extractall(site)
    return site, cost


class Arguments:
    """Arguments for a signature: shapes that fit, values that reach the interesting branches."""

    # Growing, so that the first axes of an array are within those of one with fewer axes.
    extents = (4, 5, 6, 7)

    def __init__(self, function: str, scale: int = 1, layout: str = "plain", seed: int = 0) -> None:
        self.rng = np.random.default_rng([zlib.crc32(function.encode()), seed])
        self.function = function
        self.scale = scale
        self.layout = layout
        self.arrays = 0

    def array(self, dtype: np.dtype[Any], ndim: int, name: str) -> np.ndarray[Any, Any]:
        extents = [extent * self.scale for extent in self.extents]
        shape = tuple(extents[len(extents) - ndim :])
        if ndim == 1 and name in ("khs", "kzs", "rs", "rho_list", "z_list", "times", "arr"):
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
        elif name.startswith("K"):
            data[..., 0] = 0.0  # wave numbers begin with zero, which several functions treat differently
        return data.astype(dtype)

    def laid(self, array: np.ndarray[Any, Any], order: str | None) -> np.ndarray[Any, Any]:
        """The array in a layout that its signature takes; "short" makes the first array too short, "empty" all of them empty."""
        self.arrays += 1
        if order is not None and self.layout in ("strided", "fortran"):
            return np.asarray(array, order=order)
        if self.layout == "strided":
            wide = np.repeat(array, 2, axis=-1)
            return wide[..., ::2]
        if self.layout == "fortran":
            return np.asfortranarray(array)
        if self.layout == "short" and self.arrays == 1:
            return array[..., :-1].copy()
        if self.layout == "empty":
            return array[..., :0].copy()
        return array

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
            array = self.array(np.dtype(content["dtype"]), content["ndim"], name)
            return self.laid(array, content.get("order"))
        if kind == "tuple":
            return tuple(self.of(item, name) for item in content)
        raise NotImplementedError(kind)


def check(function: Any, python: Any, args: tuple[Any, ...], name: str) -> None:
    """Asserts that compiled and Python function do the same.

    NumPy fuses the products of complex numbers on processors that can. The last bit of a product may be another, so
    where a sum of products cancels, what remains is as exact as the largest elements allow.
    """
    ulp = ULP_OF_SQUARED_MODULI if "compute_energy_from_" in name else ULP
    try:
        oracle.compare(function, python, *args, ulp=ulp, name=name)
    except AssertionError:
        ours, theirs = oracle.run(function, oracle.clone(args)), oracle.run(python, oracle.clone(args))
        if (type(ours.error), str(ours.error)) != (type(theirs.error), str(theirs.error)):
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


@dataclass
class Row:
    """A function's line in the table."""

    signatures: int = 0
    complete: bool = False
    calls: int = 0
    equal: int = 0
    ratio: float = 0.0
    trouble: str = ""

    @property
    def passed(self) -> bool:
        return self.complete and self.equal == self.calls


class Standin:
    """An object that has the attributes that a method needs, and nothing else."""


@dataclass
class OnObject:
    """A method as a function of the attributes of its object and its arguments; gives its result and all attributes afterwards."""

    method: Any
    attributes: list[str]

    def __call__(self, *args: Any) -> Any:
        standin = Standin()
        count = len(self.attributes)
        vars(standin).update(zip(self.attributes, args[:count], strict=True))
        result = self.method(standin, *args[count:])
        return result, tuple(vars(standin)), tuple(vars(standin).values())


@dataclass
class Seeded:
    """A function before which Python's random numbers begin anew."""

    function: Any

    def __call__(self, *args: Any) -> Any:
        random.seed(7)
        return self.function(*args)


def original(module: types.ModuleType, name: str) -> Any:
    """The boosted function, also if the module gave its name to something else."""
    if name.startswith("<block "):
        return module.ts.block(name[len("<block ") : -1])
    if "." in name:
        owner, method = name.split(".")
        return vars(getattr(module, owner))[method]
    function = getattr(module, name)
    if hasattr(function, "__wrapped__"):
        return function
    return next(value for value in vars(module).values() if getattr(value, "__qualname__", "") == name)


def examine(function: Any, entry: dict[str, Any], name: str, speed: bool) -> Row:
    """Calls a function in all its signatures with all kinds of arguments."""
    info = hypersonic.info(function)
    row = Row(len(entry["signatures"]))
    row.complete = row.signatures > 0 and not entry.get("reasons") and info.state == "cpu"
    if not row.complete:
        row.trouble = str(entry.get("reasons") or info.reason)
        return row
    names, attributes = entry["parameters"], entry.get("object", {}).get("attributes", [])
    python = function.__wrapped__
    ours, theirs = Seeded(function), Seeded(python)
    if "object" in entry:
        names = attributes + names[1:]
        ours, theirs = Seeded(OnObject(function, attributes)), Seeded(OnObject(python, attributes))

    def arguments(signature: dict[str, Any], make: Arguments) -> tuple[Any, ...]:
        return tuple(make.of(parameter, known) for parameter, known in zip(signature["parameters"], names, strict=True))

    for signature in entry["signatures"]:
        for seed, layout in enumerate(LAYOUTS):
            if (name, layout) in UNDEFINED:
                continue
            row.calls += 1
            before = hypersonic.info(function).fallbacks
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    check(ours, theirs, arguments(signature, Arguments(name, layout=layout, seed=seed)), name)
                after = hypersonic.info(function)
                assert layout in FAILING or after.fallbacks == before, f"answered by Python: {after.last_fallback}"
                row.equal += 1
            except AssertionError as error:
                row.trouble = f"{layout}: {str(error)[:300]}"
    if speed and row.complete:
        args = arguments(entry["signatures"][0], Arguments(name, scale=4))
        row.ratio = clock(theirs, args) / clock(ours, args)
    return row


def exam(name: str, version: str, work: Path, speed: bool) -> list[Row]:
    """Builds a project and examines its functions, line by line."""
    folder = unpack(name, version, work)
    root = folder / name if (folder / name).is_dir() else folder / "src" / name
    wanted = boosted(root.parent, root)
    site, cost = build(name, version, folder, root)
    sys.path.insert(0, str(site))
    manifest = json.loads((site / name / "__hypersonic__" / "manifest.json").read_text())
    missing = {"signatures": [], "parameters": []}
    rows = []
    for module_name, names in wanted.items():
        module = importlib.import_module(module_name)
        for function_name in names:
            entry = manifest["modules"].get(module_name, {}).get("functions", {}).get(function_name, missing)
            row = examine(original(module, function_name), entry, function_name, speed)
            shown = f"{row.ratio:8.1f}x" if row.ratio else ""
            title, complete = f"{module_name}.{function_name}", "yes" if row.complete else "NO"
            print(f"{title:76} {row.signatures:10} {complete:>8} {row.calls:6} {row.equal:6} {shown:>9}")
            if not row.passed:
                print("    ", row.trouble)
            rows.append(row)
    size = sum(path.stat().st_size for path in (site / name / "__hypersonic__").iterdir())
    print(
        f"{name} {version}: built in {cost.seconds:.1f} s, {cost.cpu:.1f} s of processors, {cost.megabytes:.0f} MB; {size / 1e6:.1f} MB of files"
    )
    return rows


def main() -> int:
    """Runs the exam and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("target/exams"), help="where source distributions are kept")
    parser.add_argument("--speed", action="store_true", help="time larger arguments too")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    # SciPy may be installed for other tests: the exam does without, and its search for Cython must not find a stand-in.
    sys.meta_path.insert(0, StandIn(only=("scipy",)))
    sys.meta_path.append(StandIn())
    sys.modules["transonic"] = transonic()
    warnings.simplefilter("ignore")
    print(f"{'function':76} {'signatures':>10} {'compiled':>8} {'calls':>6} {'equal':>6} {'speed-up':>9}")
    rows = [row for name, version in PROJECTS.items() for row in exam(name, version, options.work.resolve(), options.speed)]
    passed = sum(row.passed for row in rows)
    print(f"{passed} passed, {len(rows) - passed} failed")
    print(f"{sum(row.signatures for row in rows)} signatures, {sum(row.calls for row in rows)} calls")
    return 0 if passed == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
