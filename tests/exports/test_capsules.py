"""Plain C functions in capsules: called through ctypes and by SciPy, equal to the Python functions, and faster."""

from __future__ import annotations

import ctypes
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

scipy = pytest.importorskip("scipy")

from scipy import LowLevelCallable, integrate, ndimage  # noqa: E402

SOURCE = """
import math

import numpy as np
from hypersonic import boost


@boost(capsule="double (double, void *)")
def decay(x: float):
    return math.exp(-x) * math.sin(x) ** 2


@boost(capsule=True)
def plain(x: float) -> float:
    return x * x


@boost(capsule="double (int, double *)")
def weighted(n: "int32", x: "float64*"):
    total = 0.0
    for i in range(n):
        total += x[i] * (i + 1)
    return total


@boost(capsule="double (int, double *, void *)")
def scaled(x: "float[:]", user: "float64*"):
    return x[0] * user[0] + user[1]


@boost(capsule="int (double *, intptr_t, double *, void *)")
def spread(x: "float[:]"):
    return x.max() - x.min()


@boost(capsule="int (double *, npy_intp, double *, npy_intp, void *)")
def running(line: "float[:]", out: "float[:]"):
    for i in range(len(out)):
        out[i] = line[i] + line[i + 1] + line[i + 2]


@boost(capsule="double (double)")
def inverse(x: float):
    return 1.0 / x


@boost(capsule="long (long)")
def root(n: int):
    if n < 0:
        raise ValueError(f"{n} is negative")
    return math.isqrt(n)


@boost(capsule="float (float, signed char, _Bool)")
def narrow(x: "float32", n: "int8", up: bool):
    return x + n if up else x - n


@boost(capsule="void (double *, size_t)")
def doubled(x: "float[:]"):
    y = x * 2
    x[:] = y[::-1]


@boost(capsule="double (double)")
def stored(x: float):
    a = np.empty(5)
    a[:] = x
    return a[:3].sum()


@boost
def unmarked(x: float):
    return x


@boost(capsule="double (int, double *)")
def summed(n: "int32", x: "float64*"):
    total = 0.0
    # omp parallel for schedule(static, 2)
    for i in range(n):
        if x[i] < 0:
            raise ValueError("negative")
        total += np.sum(np.full(2, x[i]))
    return total
"""

COMMENTS = """
# pythran export capsule transform(int64*, float64*, int32, int32, float64*)
def transform(output_coordinates, input_coordinates, output_rank, input_rank, user_data):
    shift = user_data[0]
    for i in range(output_rank):
        input_coordinates[i] = output_coordinates[i] - shift
    return np.int32(1)


# pythran export capsule added(float64, float64)
def added(x, y):
    return x + y


import numpy as np
"""


@pytest.fixture(scope="module")
def module(build: Callable[..., oracle.Built]) -> Any:
    built = build(SOURCE)
    for name in ("decay", "weighted", "running", "doubled"):
        assert built.state(name) == "cpu", built.log
    assert "HS0313" not in built.log, built.log
    return built.module


def function(capsule: Any, result: Any, *parameters: Any) -> Any:
    """The C function in a capsule, for ctypes; called without the GIL."""
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype, api.PyCapsule_GetName.argtypes = ctypes.c_char_p, [ctypes.py_object]
    api.PyCapsule_GetPointer.restype, api.PyCapsule_GetPointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return ctypes.CFUNCTYPE(result, *parameters)(api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule)))


def name_of(capsule: Any) -> str:
    ctypes.pythonapi.PyCapsule_GetName.restype = ctypes.c_char_p
    return ctypes.pythonapi.PyCapsule_GetName(ctypes.py_object(capsule)).decode()  # type: ignore[no-any-return]


def test_quad(module: Any) -> None:
    ours = integrate.quad(LowLevelCallable(hypersonic.capsule(module.decay)), 0, 10)
    assert ours == pytest.approx(integrate.quad(module.decay.__wrapped__, 0, 10), rel=1e-14)
    assert integrate.quad(LowLevelCallable(hypersonic.capsule(module.plain)), 0, 3)[0] == pytest.approx(9)


def test_quad_is_faster_than_with_a_callback(module: Any) -> None:
    def seconds(callback: Any) -> float:
        best = 1.0
        for _ in range(5):
            start = time.perf_counter()
            integrate.quad(callback, 0, 200, limit=300)
            best = min(best, time.perf_counter() - start)
        return best

    callback = seconds(module.decay.__wrapped__)
    ours = seconds(LowLevelCallable(hypersonic.capsule(module.decay)))
    print(f"quad: {callback / ours:.1f} times faster")
    assert ours < callback / 3


def test_many_variables_and_user_data(module: Any) -> None:
    callback = LowLevelCallable(hypersonic.capsule(module.weighted))
    ours, _ = integrate.nquad(callback, [[0, 1], [0, 2]])
    theirs, _ = integrate.nquad(lambda x, y: x + 2 * y, [[0, 1], [0, 2]])
    assert ours == pytest.approx(theirs)
    user = (ctypes.c_double * 2)(3.0, 4.0)
    callback = LowLevelCallable(hypersonic.capsule(module.scaled), ctypes.cast(user, ctypes.c_void_p))
    assert integrate.quad(callback, 0, 2)[0] == pytest.approx(3 * 2 + 8)


def test_filters_of_images(module: Any) -> None:
    image = np.random.default_rng(3).random((20, 30))
    callback = LowLevelCallable(hypersonic.capsule(module.spread))
    ours = ndimage.generic_filter(image, callback, size=(3, 5))
    theirs = ndimage.generic_filter(image, module.spread.__wrapped__, size=(3, 5))
    assert np.array_equal(ours, theirs)
    callback = LowLevelCallable(hypersonic.capsule(module.running))
    ours = ndimage.generic_filter1d(image, callback, 3)
    theirs = ndimage.generic_filter1d(image, module.running.__wrapped__, 3)
    assert np.array_equal(ours, theirs)


def test_a_comment_of_pythran(build: Callable[..., oracle.Built]) -> None:
    built = build(COMMENTS)
    transform, added = built.module.transform, built.module.added
    assert type(transform).__name__ == "PyCapsule"
    assert name_of(transform) == "int (intptr_t *, double *, int, int, double *)"
    image = np.arange(12.0).reshape(4, 3)
    user = ctypes.c_double(0.5)
    signature = "int (intptr_t *, double *, int, int, void *)"
    callback = LowLevelCallable(transform, ctypes.cast(ctypes.pointer(user), ctypes.c_void_p), signature)
    ours = ndimage.geometric_transform(image, callback)
    assert np.allclose(ours, ndimage.shift(image, 0.5))
    assert name_of(added) == "double (double, double)"
    assert function(added, ctypes.c_double, ctypes.c_double, ctypes.c_double)(1.5, 2.0) == 3.5


def test_a_pythran_file(build: Callable[..., oracle.Built]) -> None:
    files = {"plain.py": "def f(x, n):\n    return x * n\n", "plain.pythran": "export capsule f(float64, int)\n"}
    built = build("from .plain import f\n", files=files)
    assert name_of(built.module.f) == "double (double, intptr_t)"
    assert function(built.module.f, ctypes.c_double, ctypes.c_double, ctypes.c_int64)(1.5, -4) == -6.0


def test_without_kernels_the_name_is_the_function(monkeypatch: pytest.MonkeyPatch, build: Callable[..., oracle.Built]) -> None:
    monkeypatch.setenv("HYPERSONIC", "off")
    assert build(COMMENTS + "# again\n").module.added(1, 2) == 3


def test_widths_and_memory(module: Any) -> None:
    f = function(hypersonic.capsule(module.narrow), ctypes.c_float, ctypes.c_float, ctypes.c_int8, ctypes.c_bool)
    assert [f(1.5, -3, True), f(1.5, -3, False)] == [-1.5, 4.5]
    x = np.arange(5.0)
    f = function(hypersonic.capsule(module.doubled), None, ctypes.c_void_p, ctypes.c_size_t)
    f(x.ctypes.data, 5)
    assert x.tolist() == [8, 6, 4, 2, 0]
    f = function(hypersonic.capsule(module.stored), ctypes.c_double, ctypes.c_double)
    assert [f(2.0) for _ in range(3)] == [6.0] * 3


def test_failures_are_remembered(module: Any) -> None:
    capsule = hypersonic.capsule(module.inverse)
    f = function(capsule, ctypes.c_double, ctypes.c_double)
    assert f(2.0) == 0.5
    assert hypersonic.capsule_failure(capsule) is None
    assert np.isnan(f(0.0)) and f(4.0) == 0.25
    # Failures are the function's: another capsule knows of them, too.
    error = hypersonic.capsule_failure(hypersonic.capsule(module.inverse))
    assert isinstance(error, ZeroDivisionError)
    assert hypersonic.capsule_failure(capsule) is None
    capsule = hypersonic.capsule(module.root)
    f = function(capsule, ctypes.c_long, ctypes.c_long)
    assert [f(17), f(-5), f(-6)] == [4, 0, 0]
    error = hypersonic.capsule_failure(capsule)
    assert isinstance(error, ValueError) and str(error) == "-5 is negative"


def test_scipy_hears_of_failures(module: Any) -> None:
    capsule = hypersonic.capsule(module.running)
    # Windows of two elements: the function reads the third.
    with pytest.raises(RuntimeError):
        ndimage.generic_filter1d(np.ones((4, 4)), LowLevelCallable(capsule), 2)
    assert isinstance(hypersonic.capsule_failure(capsule), IndexError)


def test_threads(module: Any) -> None:
    f = function(hypersonic.capsule(module.stored), ctypes.c_double, ctypes.c_double)
    wrong = []

    def work(value: float) -> None:
        wrong.extend(value for _ in range(2000) if f(value) != 3 * value)

    threads = [threading.Thread(target=work, args=(float(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_parallel_loops(module: Any) -> None:
    summed = function(hypersonic.capsule(module.summed), ctypes.c_double, ctypes.c_int, ctypes.POINTER(ctypes.c_double))
    before = hypersonic.get_num_threads()
    try:
        for threads in (1, 4):
            hypersonic.set_num_threads(threads)
            for _ in range(50):
                assert summed(9, (ctypes.c_double * 9)(*range(9))) == 72
            summed(9, (ctypes.c_double * 9)(*range(8), -1.0))
            failure = hypersonic.capsule_failure(hypersonic.capsule(module.summed))
            assert type(failure) is ValueError and str(failure) == "negative"
    finally:
        hypersonic.set_num_threads(before)


def test_it_outlives_its_capsule(module: Any) -> None:
    f = function(hypersonic.capsule(module.plain), ctypes.c_double, ctypes.c_double)
    assert f(3.0) == 9.0


def test_what_has_no_capsule(module: Any) -> None:
    with pytest.raises(ValueError, match="unmarked has no C function: it has no C function; mark it"):
        hypersonic.capsule(module.unmarked)
    with pytest.raises(TypeError, match="boosted function"):
        hypersonic.capsule(len)
    with pytest.raises(TypeError, match="capsule is expected"):
        hypersonic.capsule_failure(module.decay)
    with pytest.raises(ValueError, match="none of hypersonic's"):
        import datetime

        hypersonic.capsule_failure(datetime.datetime_CAPI)  # type: ignore[attr-defined]


BAD = [
    ("@boost(capsule=True)\ndef f(x: 'float[:, :]'):\n    return x[0, 0]\n", "has no plain C form"),
    ("@boost(capsule=True)\ndef f(x: complex):\n    return x\n", "`complex128` has no plain C form"),
    ("@boost(capsule=True)\ndef f(x: 'int or float'):\n    return x\n", "several signatures"),
    ("@boost(capsule='double (int)')\ndef f(x: float):\n    return x\n", "parameter 1 of the C function does not fit `float`"),
    ("@boost(capsule='double (double, double)')\ndef f(x: float):\n    return x\n", "parameter 2 of the C function has no counterpart"),
    ("@boost(capsule='double ()')\ndef f(x: float):\n    return x\n", "no parameter for `float`"),
    ("@boost(capsule='double (double *)')\ndef f(x: 'float[:]'):\n    return x[0]\n", "no length"),
    ("@boost(capsule='double (widget)')\ndef f(x: float):\n    return x\n", "`widget` is not a type"),
    ("@boost(capsule='int (double)')\ndef f(x: float):\n    return x\n", "neither returned nor is there a pointer left"),
    ("@boost(capsule=True)\ndef f(x: float):\n    return x, x\n", "more than one number"),
]


@pytest.mark.parametrize(("source", "why"), BAD)
def test_bad_exports_are_reported(build: Callable[..., oracle.Built], source: str, why: str) -> None:
    built = build("from hypersonic import boost\nimport numpy as np\n\n\n" + source)
    assert "HS0313" in built.log and why in built.log, built.log
    assert built.state("f") == "cpu"
    assert "capsule" not in json.dumps(oracle.manifest(built))


def test_bad_options_are_reported(build: Callable[..., oracle.Built]) -> None:
    built = build("from hypersonic import boost\n\n\n@boost(capsule=3, c='yes')\ndef f(x: float):\n    return x\n")
    assert "`capsule` is neither `True` nor `False`, nor a C signature" in built.log and "`c` is neither" in built.log


def test_strict_builds_refuse_them(tmp_path: Path) -> None:
    extra = oracle.QUICK + "strict = true\n"
    with pytest.raises(AssertionError, match="HS0313"):
        oracle.build(tmp_path, "from hypersonic import boost\n@boost(capsule=True)\ndef f(z: complex):\n    return z\n", extra=extra)
