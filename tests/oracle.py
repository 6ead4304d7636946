"""The oracle: the same source under CPython with NumPy and compiled, on the same arguments.

`build(source)` makes a real wheel of a one-module package through the PEP 517 hook, unpacks it and imports it.
`Built.check(name, *args)` runs the compiled function and its Python original on equal copies of the arguments and
compares everything a caller can see: value, type, dtype, shape, what was written to the arguments, whether the result
is a view of an argument, and the type and text of exceptions.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import functools
import hashlib
import importlib
import json
import subprocess
import sys
import textwrap
import types
import warnings
import zipfile
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypersonic
import numpy as np

PYPROJECT = """
[build-system]
requires = ["hypersonic-build"]
build-backend = "hypersonic_build"

[project]
name = "{name}"
version = "1"
dependencies = ["hypersonic"]
{extra}
"""

# One level that every machine of the tests has, no GPU, and kernels even where Python is faster: `tests/language/test_levels.py`, `tests/gpu`
# and `tests/language/test_left_to_python.py` see to the rest.
QUICK = """
[tool.hypersonic]
levels = ["x86-64-v2"]
gpu = false
always = true
"""
ALL = "[tool.hypersonic]\nalways = true"


@dataclass
class Outcome:
    """What a call did: its value or its exception, and the arguments afterwards."""

    value: Any
    error: BaseException | None
    args: tuple[Any, ...]


@dataclass
class Built:
    """A package that was built into a wheel, unpacked and imported."""

    module: types.ModuleType
    wheel: Path
    log: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)

    @property
    def site(self) -> Path:
        """The folder that it was unpacked into."""
        return Path(str(self.module.__file__)).parent.parent

    def state(self, name: str) -> str:
        """What runs when `name` is called: "cpu" or "python"."""
        return str(hypersonic.info(getattr(self.module, name)).state)

    def check(self, name: str, *args: Any, ulp: float = 0, compiled: bool = True, messages: bool = True) -> Any:
        """Compares the compiled function with its original on these arguments and gives the value."""
        function = getattr(self.module, name)
        if compiled:
            info = hypersonic.info(function)
            assert info.state == "cpu", f"{name} stays Python: {info.reason}\n{self.log}"
        return compare(function, function.__wrapped__, *args, ulp=ulp, messages=messages, name=name)


def build(directory: Path, source: str, name: str | None = None, extra: str = QUICK, files: dict[str, str] | None = None) -> Built:
    """Builds `source` as the package `name` (made from its text by default) below `directory` and imports it."""
    source = textwrap.dedent(source)
    name = name or "case_" + hashlib.sha256((source + str(files)).encode()).hexdigest()[:12]
    project = directory / name
    package = project / name
    package.mkdir(parents=True)
    (project / "pyproject.toml").write_text(PYPROJECT.format(name=name, extra=extra))
    (package / "__init__.py").write_text(source)
    for path, text in (files or {}).items():
        (package / path).write_text(textwrap.dedent(text))
    wheels = project / "dist"
    wheels.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", f"import hypersonic_build; hypersonic_build.build_wheel({str(wheels)!r})"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    log = run.stdout + run.stderr
    assert run.returncode == 0, log
    (wheel,) = wheels.glob("*.whl")
    site = project / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    sys.path.insert(0, str(site))
    try:
        module = importlib.import_module(name)
    finally:
        sys.path.remove(str(site))
    return Built(module, wheel, log)


def manifest(built: Built) -> dict[str, Any]:
    """The manifest of a built package."""
    folder = Path(str(built.module.__file__)).parent / "__hypersonic__"
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return loaded


def clone(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copies arguments so that layout, flags and shared memory between them stay as they are, and what is one object is one."""
    bases: dict[int, np.ndarray[Any, Any]] = {}
    objects: dict[int, Any] = {}

    def one(value: Any) -> Any:
        if id(value) in objects:
            return objects[id(value)]
        if type(value) is not np.ndarray:
            if type(value) is list:
                copied = objects[id(value)] = []
                copied.extend(one(item) for item in value)
                return copied
            if isinstance(value, tuple):
                return tuple.__new__(type(value), [one(item) for item in value])
            if type(value) is dict:
                copied = objects[id(value)] = {}
                copied.update((key, one(item)) for key, item in value.items())
                return copied
            if isinstance(value, deque):
                copied = objects[id(value)] = deque((one(item) for item in value), value.maxlen)
                return copied
            if isinstance(value, dict):
                copied = objects[id(value)] = copy.copy(value)
                copied.update({key: one(item) for key, item in value.items()} if not isinstance(value, Counter) else {})
                return copied
            if dataclasses.is_dataclass(value) and not isinstance(value, type):
                copied = objects[id(value)] = object.__new__(type(value))
                for field in dataclasses.fields(value):
                    if hasattr(value, field.name):
                        object.__setattr__(copied, field.name, one(getattr(value, field.name)))
                return copied
            return value if isinstance(value, enum.Enum | types.ModuleType) else copy.copy(value)
        base = value
        while type(base.base) is np.ndarray:
            base = base.base
        if base.base is not None or not base.flags.forc:
            return value.copy()
        if id(base) not in bases:
            bases[id(base)] = base.copy(order="K")
        start = base.__array_interface__["data"][0]
        here = value.__array_interface__["data"][0]
        raw = bases[id(base)].reshape(-1, order="A").view(np.uint8) if base.size else np.empty(0, np.uint8)
        copied: np.ndarray[Any, Any] = np.ndarray(value.shape, value.dtype, raw, here - start if base.size else 0, value.strides)
        copied.flags.writeable = value.flags.writeable
        return copied

    return tuple(one(value) for value in args)


def run(function: Callable[..., Any], args: tuple[Any, ...]) -> Outcome:
    """Calls and records; warnings are not part of the outcome."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return Outcome(function(*args), None, args)
        except Exception as error:
            return Outcome(None, error, args)


def compare(
    compiled: Callable[..., Any], python: Callable[..., Any], *args: Any, ulp: float = 0, messages: bool = True, name: str = "function"
) -> Any:
    """Asserts that both do the same; `ulp` allows that many units in the last place for floating results."""
    ours, theirs = run(compiled, clone(args)), run(python, clone(args))
    shown = f"{name}{args!r}"
    if theirs.error is not None or ours.error is not None:
        assert type(ours.error) is type(theirs.error), (
            f"{shown}: {ours.error!r} ({ours.value!r}) is not {theirs.error!r} ({theirs.value!r})"
        )
        if messages:
            assert str(ours.error) == str(theirs.error), shown
    else:
        assert_same(ours.value, theirs.value, ulp, shown)
        for index, (mine, other) in enumerate(zip(ours.args, theirs.args, strict=True)):
            shared = [shares(result, mine) for result in leaves(ours.value)]
            expected = [shares(result, other) for result in leaves(theirs.value)]
            assert shared == expected, f"{shown}: sharing with argument {index}: {shared} is not {expected}"
    for index, (mine, other) in enumerate(zip(ours.args, theirs.args, strict=True)):
        assert_same(mine, other, ulp, f"{shown}: argument {index} afterwards")
    return ours.value


def answered_by_kernel(built: Built, name: str, *args: Any) -> Any:
    """As `Built.check`, of a function whose first argument may be a function, which a kernel must answer."""
    function = getattr(built.module, name)
    before = hypersonic.info(function).fallbacks
    if callable(args[0]):
        # Functions are given as they are: their copies would be others.
        first, args = args[0], args[1:]
        mine, original = functools.partial(function, first), functools.partial(function.__wrapped__, first)
    else:
        mine, original = function, function.__wrapped__
    assert hypersonic.info(function).state == "cpu", hypersonic.info(function).reason
    value = compare(mine, original, *args, name=name)
    assert hypersonic.info(function).fallbacks == before, hypersonic.info(function).last_fallback
    return value


def leaves(value: Any) -> list[Any]:
    """The arrays in a result."""
    if isinstance(value, tuple | list | deque):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [value]


def shares(result: Any, argument: Any) -> bool:
    """Whether two values are arrays that overlap."""
    return isinstance(result, np.ndarray) and isinstance(argument, np.ndarray) and bool(np.shares_memory(result, argument))


def assert_same(mine: Any, other: Any, ulp: float, where: str) -> None:
    """Asserts equal type, dtype, shape and values; NaN equals NaN, and zeros have their signs."""
    assert type(mine) is type(other), f"{where}: {mine!r} ({type(mine).__name__}) is not {other!r} ({type(other).__name__})"
    if isinstance(other, deque):
        assert mine.maxlen == other.maxlen, where
    if isinstance(other, defaultdict):
        assert mine.default_factory is other.default_factory, where
    if isinstance(other, enum.Enum):
        assert mine is other, f"{where}: {mine!r} is not {other!r}"
    elif dataclasses.is_dataclass(other):
        for field in dataclasses.fields(other):
            assert hasattr(mine, field.name) == hasattr(other, field.name), f"{where}.{field.name}"
            if hasattr(other, field.name):
                assert_same(getattr(mine, field.name), getattr(other, field.name), ulp, f"{where}.{field.name}")
        assert list(getattr(mine, "__dict__", ())) == list(getattr(other, "__dict__", ())), f"{where}: {mine!r} is not {other!r}"
    elif isinstance(other, tuple | list | deque):
        assert len(mine) == len(other), f"{where}: {mine!r} is not {other!r}"
        for one, two in zip(mine, other, strict=True):
            assert_same(one, two, ulp, where)
    elif isinstance(other, dict | set | frozenset):
        # The order counts, but for what differs from one run to another in a set.
        by_chance = isinstance(other, set | frozenset) and any(map(hashed_by_chance, other))
        mine_items, other_items = (sorted(mine, key=repr), sorted(other, key=repr)) if by_chance else (list(mine), list(other))
        assert_same(mine_items, other_items, ulp, where)
        if isinstance(other, dict):
            assert_same(list(mine.values()), list(other.values()), ulp, where)
    elif isinstance(other, np.ndarray | np.generic):
        assert mine.dtype == other.dtype, f"{where}: {mine.dtype} is not {other.dtype}"
        assert mine.shape == other.shape, f"{where}: {mine.shape} is not {other.shape}"
        assert_values(np.asarray(mine), np.asarray(other), ulp, where)
    elif isinstance(other, float | complex):
        assert_values(np.asarray(mine), np.asarray(other), ulp, where)
    else:
        assert mine == other, f"{where}: {mine!r} is not {other!r}"


def hashed_by_chance(item: Any) -> bool:
    """Whether a hash is another one in the next run, as of strings and, from Python 3.10 on, of a NaN."""
    if isinstance(item, tuple | frozenset):
        return any(map(hashed_by_chance, item))
    return isinstance(item, str | bytes) or (isinstance(item, float | complex) and item != item)


def assert_values(
    mine: np.ndarray[Any, Any], other: np.ndarray[Any, Any], ulp: float, where: str, scale: np.ndarray[Any, Any] | None = None
) -> None:
    """Asserts equal values of one dtype and shape, or within `ulp` units in the last place of `scale`."""
    if mine.dtype.kind == "c":
        # A part of a complex result is as exact as the larger part allows.
        with np.errstate(all="ignore"):
            larger = np.maximum(np.abs(other.real), np.abs(other.imag))
        assert_values(mine.real, other.real, ulp, where, larger)
        assert_values(mine.imag, other.imag, ulp, where, larger)
        return
    if mine.dtype.kind != "f":
        assert np.array_equal(mine, other), f"{where}: {mine!r} is not {other!r}"
        return
    same = (mine == other) | (np.isnan(mine) & np.isnan(other))
    # However many units are allowed: a zero has the sign that it has.
    same &= np.isnan(other) | (np.signbit(mine) == np.signbit(other))
    if ulp > 0:
        with np.errstate(all="ignore"):
            size = np.maximum(np.abs(mine), np.abs(other)) if scale is None else scale
            near = np.abs(mine - other) <= ulp * np.spacing(size)
        both_zero = (mine == 0) & (other == 0)
        same |= near & np.isfinite(mine) & np.isfinite(other) & ~both_zero
    assert same.all(), f"{where}: {mine!r} is not {other!r}"
