"""Functions that are ufuncs: compiled and in Python, equal to each other and to NumPy's way with `out`, `where`, broadcasting and casting."""

from __future__ import annotations

import importlib
import pickle
import time
import warnings
from collections.abc import Callable
from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import math

import numpy as np
from hypersonic import boost


@boost(ufunc=True)
def blend(x: float, y: float):
    '''Blends.'''
    return x * 0.25 + y * 0.75


@boost(ufunc=True)
def power(x: "int or float or complex", n: "int"):
    return x ** 2 + n


@boost(ufunc=True)
def narrow(x: "float32"):
    return x * x


@boost(ufunc=True)
def inside(x: float):
    return 0 <= x < 1


@boost(ufunc=True)
def hyper(x: float):
    if x < 0:
        raise ValueError(f"{x} is negative")
    return math.sqrt(x)


@boost(ufunc=True)
def ratio(x: float, y: float):
    return x / y


@boost(ufunc=True)
def big(x: int):
    return x * x // (x + 1) if x > 10 ** 9 else x


@boost(ufunc=True)
def root(x: float):
    return math.sqrt(x) if x >= 0 else 0.0


@boost(ufunc=True)
def spin(z: complex, up: bool):
    return z * 1j if up else z
"""
NAMES = ["blend", "power", "narrow", "inside", "hyper", "ratio", "big", "root", "spin"]


@pytest.fixture(scope="module")
def compiled(build: Callable[..., oracle.Built]) -> oracle.Built:
    built = build(SOURCE, name="ufuncdemo")
    for name in NAMES:
        assert type(getattr(built.module, name)) is np.ufunc, built.log
        assert built.state(name) == "cpu"
    return built


@pytest.fixture(scope="module")
def python(build: Callable[..., oracle.Built]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HYPERSONIC", "off")
        module = build(SOURCE, name="ufuncdemo_off").module
    assert type(module.blend).__name__ == "PythonUfunc"
    assert hypersonic.info(module.blend).reason == "HYPERSONIC=off"
    return module


def same(ours: Any, theirs: Any) -> None:
    assert type(ours) is type(theirs), f"{ours!r} {theirs!r}"
    assert np.asarray(ours).dtype == np.asarray(theirs).dtype
    assert np.array_equal(ours, theirs, equal_nan=np.asarray(ours).dtype.kind in "fc"), f"{ours!r} {theirs!r}"


X = np.linspace(-2, 3, 11)
CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("blend", (X, X[::-1])),
    ("blend", (X[:, None], X)),
    ("blend", (1.5, 2)),
    ("blend", (X, 2)),
    ("blend", (np.arange(4), np.float32(2))),
    ("blend", (X.reshape(1, 11)[:, ::2], 3.0)),
    ("blend", ([1, 2, 3], [True, False, True])),
    ("power", (np.arange(5), 3)),
    ("power", (X, 3)),
    ("power", (X * 1j, np.int8(3))),
    ("power", (2, 3)),
    ("narrow", (X.astype(np.float32),)),
    ("narrow", (np.float16(1.5),)),
    ("inside", (X,)),
    ("inside", (0.5,)),
    ("hyper", (np.abs(X),)),
    ("ratio", (X, 2.0)),
    ("big", (np.array([1, 10**9, 3 * 10**9, 10**10]),)),
    ("spin", (X, X > 0)),
    ("spin", (1 + 2j, True)),
]


@pytest.mark.parametrize(("name", "args"), CALLS)
def test_both_give_the_same(compiled: oracle.Built, python: Any, name: str, args: tuple[Any, ...]) -> None:
    same(getattr(compiled.module, name)(*args), getattr(python, name)(*args))


def test_values(compiled: oracle.Built) -> None:
    same(compiled.blend(X, X[::-1]), X * 0.25 + X[::-1] * 0.75)
    same(compiled.power(np.arange(5), 3), np.arange(5) ** 2 + 3)
    same(compiled.blend(np.ones((2, 1, 3)), np.ones((4, 1))), np.ones((2, 4, 3)))
    # A product that leaves 64 bits: Python has the answer.
    x = np.array([2, 10**10])
    assert compiled.big(x).tolist() == [2, 10**20 // (10**10 + 1)]


@pytest.mark.parametrize("which", ["compiled", "python"])
def test_out_where_and_dtype(compiled: oracle.Built, python: Any, which: str) -> None:
    module = compiled.module if which == "compiled" else python
    out = np.full(11, 9.0)
    assert module.blend(X, 2.0, out=out, where=X > 0) is out
    same(out, np.where(X > 0, X * 0.25 + 1.5, 9.0))
    assert module.blend(X, 2.0, out) is out
    assert module.blend(X, 2.0, out=(out,)) is out
    same(out, X * 0.25 + 1.5)
    grid = np.empty((3, 11))
    module.blend(X, 2.0, out=grid)
    same(grid, np.broadcast_to(out, (3, 11)).copy())
    narrow = np.empty(11, np.float32)
    module.blend(X, 2.0, out=narrow)
    same(narrow, out.astype(np.float32))
    with pytest.raises(TypeError):
        module.blend(X, 2.0, out=np.empty(11, int))
    with pytest.raises(TypeError):
        module.blend(X * 1j, 2.0)
    with pytest.raises(TypeError):
        module.blend(X)
    with pytest.raises(ValueError):
        module.blend(X, np.ones(3))
    # In its own memory.
    x = X.copy()
    module.blend(x, x, out=x)
    same(x, X)


@pytest.mark.parametrize("which", ["compiled", "python"])
def test_what_raises(compiled: oracle.Built, python: Any, which: str) -> None:
    module = compiled.module if which == "compiled" else python
    with pytest.raises(ValueError) as caught:
        module.hyper(np.array([1.0, -2.5, -3.0]))
    assert str(caught.value) == "-2.5 is negative"
    with pytest.raises(ZeroDivisionError) as zero:
        module.ratio(np.ones((3, 4)), np.zeros(4))
    with pytest.raises(ZeroDivisionError) as expected:
        hypersonic_division()
    assert str(zero.value) == str(expected.value)
    with pytest.raises(OverflowError):
        module.power(np.array([10**10]), 0)
    same(module.hyper(np.array([4.0])), np.array([2.0]))


def hypersonic_division() -> float:
    x, y = 1.0, float("0")
    return x / y


def test_it_is_a_ufunc(compiled: oracle.Built) -> None:
    assert compiled.blend.__name__ == "blend"
    assert "Blends." in compiled.blend.__doc__
    assert (compiled.blend.nin, compiled.blend.nout) == (2, 1)
    assert compiled.power.types == ["ll->l", "dl->d", "Dl->D"]
    assert pickle.loads(pickle.dumps(compiled.blend)) is compiled.blend
    same(compiled.blend.outer(X, X), compiled.blend(X[:, None], X))
    same(compiled.blend.reduce(np.array([4.0, 8.0, 16.0])), np.float64((4 * 0.25 + 8 * 0.75) * 0.25 + 16 * 0.75))
    info = hypersonic.info(compiled.blend)
    assert info.signatures == ["blend(float, float)"]


def test_nothing_warns(compiled: oracle.Built) -> None:
    """Vectors compute roots of negative numbers that nobody asks for; Python's own numbers never warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="raise"):
            same(compiled.blend(np.full(9, np.inf), np.full(9, -np.inf)), np.full(9, np.nan))
            same(compiled.root(np.array([-4.0, 4.0] * 20)), np.array([0.0, 2.0] * 20))


def test_the_python_one_pickles(python: Any) -> None:
    assert pickle.loads(pickle.dumps(python.blend)) is python.blend
    assert python.blend.signatures == [("float64", "float64")]
    assert python.power.signatures == [("int64", "int64"), ("float64", "int64"), ("complex128", "int64")]


def test_it_is_fast(compiled: oracle.Built) -> None:
    x = np.random.default_rng(1).random(1_000_000)

    def seconds(call: Callable[[], Any]) -> float:
        best = 10.0
        for _ in range(5):
            start = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - start)
        return best

    ours, numpys = seconds(lambda: compiled.blend(x, x)), seconds(lambda: x * 0.25 + x * 0.75)
    pythons = seconds(lambda: np.frompyfunc(lambda x, y: x * 0.25 + y * 0.75, 2, 1)(x[:100_000], x[:100_000])) * 10
    print(f"ufunc: {numpys / ours:.1f} times faster than NumPy, {pythons / ours:.0f} times than frompyfunc")
    assert ours < numpys * 1.5 and ours < pythons / 10


COMMENTS = """
# pythran export ufunc mixed(float64, float64)
# pythran export ufunc mixed(int, int)
def mixed(x, y):
    return x - y
"""


def test_a_comment_of_pythran(build: Callable[..., oracle.Built]) -> None:
    mixed = build(COMMENTS).module.mixed
    assert type(mixed) is np.ufunc
    assert mixed.types == ["ll->l", "dd->d"]
    same(mixed(np.arange(3), 1), np.arange(3) - 1)
    same(mixed(np.arange(3), 1.5), np.arange(3) - 1.5)


BAD = [
    ("def f(x: 'float[:]'):\n    return x[0]\n", "it takes `float64[:]`, not only numbers"),
    ("def f(x: float):\n    return x, x\n", "not one number"),
    ("def f():\n    return 1.0\n", "it takes nothing"),
]


@pytest.mark.parametrize(("source", "why"), BAD)
def test_bad_exports_are_reported(build: Callable[..., oracle.Built], source: str, why: str) -> None:
    built = build("from hypersonic import boost\n\n\n@boost(ufunc=True)\n" + source)
    assert "HS0313" in built.log and why in built.log, built.log


def test_compiled_functions_do_not_look_into_ufuncs(build: Callable[..., oracle.Built]) -> None:
    built = build(
        """
        from hypersonic import boost

        @boost(ufunc=True)
        def same(x: float):
            return len([x]) * x

        @boost
        def caller(x: "float[:]"):
            return same(x)
        """
    )
    assert "`same` is changed by a decorator" in built.log
    # It has no kernels, and is a ufunc of calls.
    same(built.caller(X), X)


def test_importing_needs_no_numpy_without_ufuncs() -> None:
    assert importlib.import_module("hypersonic").boost(ufunc=True)(len) is len
