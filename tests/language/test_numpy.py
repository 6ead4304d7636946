"""NumPy functions on every dtype, against NumPy: dtype, shape, values."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()

EXACT_UNARY = """absolute negative positive conjugate real imag square sign floor ceil trunc rint fabs isnan isinf isfinite signbit
logical_not invert bitwise_count reciprocal spacing""".split()
ELEMENTARY = """sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh
degrees radians deg2rad rad2deg""".split()
BINARY = """add subtract multiply true_divide floor_divide remainder mod fmod maximum minimum fmax fmin equal not_equal less less_equal
greater greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor copysign nextafter heaviside gcd lcm
left_shift right_shift power""".split()
BINARY_ELEMENTARY = "hypot arctan2 logaddexp logaddexp2".split()

# NumPy's own answers for these are libm's or SVML's; ours are within 1 ULP of the true value, NumPy's within 4.
BOUND = 5
COMPLEX_BOUND = 64


def values(dtype):
    kind = np.dtype(dtype).kind
    if kind == "b":
        return np.array([True, False, True, False, True])
    if kind in "iu":
        info = np.iinfo(dtype)
        return np.array([0, 1, 2, 3, 5, 7, 100, info.max, info.min, info.max - 1, info.min + 1 if kind == "i" else 6], dtype)
    tiny = np.finfo(dtype).smallest_subnormal
    real = np.array([0.0, -0.0, 1.0, -1.0, 0.5, -0.75, 2.5, 3.7, -123.456, 1e-10, 1e5, 1e30, np.inf, -np.inf, np.nan, tiny, 0.99999, 1.5])
    if kind == "f":
        return real.astype(dtype)
    finite = real[np.isfinite(real) & (np.abs(real) < 1e4) & (np.abs(real) > 1e-4)]
    return (finite[:, None] + 1j * finite[None, :]).ravel().astype(dtype)


def supported(name, *dtypes):
    """Whether NumPy has the function on these dtypes with results that we have dtypes for."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            result = getattr(np, name)(*[np.ones(1, dtype) for dtype in dtypes])
    except TypeError:
        return False
    return result.dtype.name in DTYPES


def unary_cases():
    return [(name, dtype) for name in EXACT_UNARY + ELEMENTARY for dtype in DTYPES if supported(name, dtype)]


def binary_cases():
    pairs = [(d, d) for d in DTYPES] + [
        ("int32", "float32"),
        ("int8", "uint8"),
        ("int64", "uint64"),
        ("float32", "complex128"),
        ("bool", "int16"),
        ("uint32", "float64"),
        ("int64", "float32"),
        ("complex64", "float64"),
    ]
    return [(name, one, two) for name in BINARY + BINARY_ELEMENTARY for one, two in pairs if supported(name, one, two)]


@pytest.fixture(scope="module")
def built(build):
    lines = ["import numpy as np", "from hypersonic import boost"]
    for name, dtype in unary_cases():
        lines += ["@boost", f'def {name}_{dtype}(x: "{dtype}[:]"): return np.{name}(x)']
    for name, one, two in binary_cases():
        lines += ["@boost", f'def {name}_{one}_{two}(x: "{one}[:]", y: "{two}[:]"): return np.{name}(x, y)']
    return build("\n".join(lines) + "\n")


@pytest.mark.parametrize(("name", "dtype"), unary_cases())
def test_unary(built, name, dtype):
    bound = 0 if name in EXACT_UNARY or name == "sqrt" else BOUND
    if dtype.startswith("complex") and name not in ("negative", "conjugate", "real", "imag", "positive"):
        # NumPy squares with fused multiply-add where the machine has it.
        bound = 4 if name == "square" else COMPLEX_BOUND
    built.check(f"{name}_{dtype}", values(dtype), ulp=bound)
    built.check(f"{name}_{dtype}", values(dtype)[::-2], ulp=bound)


@pytest.mark.parametrize(("name", "one", "two"), binary_cases())
def test_binary(built, name, one, two):
    x, y = np.meshgrid(values(one), values(two))
    x, y = x.ravel(), y.ravel()
    if name == "power" and y.dtype.kind == "i":
        y = np.abs(y % 9)
    if "complex" in one + two:
        keep = (y != 0) & (np.abs(y) > 1e-3)
        x, y = x[keep], y[keep]
    bound = BOUND if name in BINARY_ELEMENTARY or name == "power" else 0
    if "complex" in one + two and name in ("power", "true_divide"):
        bound = COMPLEX_BOUND * 16 if name == "power" else 0
    if "complex" in one + two and name == "multiply":
        bound = 4
    if name in ("fmax", "fmin"):
        # Which zero NumPy gives for 0.0 and -0.0 depends on the length of the array: see docs/semantics.md.
        x, y = np.where(x == 0, np.abs(x), x), np.where(y == 0, np.abs(y), y)
    built.check(f"{name}_{one}_{two}", x, y, ulp=bound)


REDUCTIONS = """
import numpy as np
from hypersonic import boost

@boost
def reduce_1(a: "{dtype}[:]"): return {one}

@boost
def reduce_2(a: "{dtype}[:, :]"): return {two}

@boost
def reduce_3(a: "{dtype}[:, :, :]"): return {three}
"""

NAMES = {
    "b": "sum prod min max any all argmin argmax mean cumsum",
    "i": "sum prod min max mean any all argmin argmax cumsum",
    "u": "sum prod min max mean any all argmin argmax cumsum",
    "f": "sum prod min max mean any all argmin argmax cumsum",
    "c": "sum mean any all cumsum",
}


@pytest.mark.parametrize("dtype", DTYPES)
def test_reductions(build, dtype):
    names = NAMES[np.dtype(dtype).kind].split()
    one = ", ".join(f"np.{n}(a)" for n in names) + ", a.sum(axis=0), a.sum(axis=-1, keepdims=True), np.cumsum(a, axis=0)"
    two = ", ".join(f"np.{n}(a)" for n in names) + ", " + ", ".join(f"a.{n}(axis=0), np.{n}(a, axis=-1)" for n in names)
    two += ", a.sum(axis=1, keepdims=True), a.sum(axis=(0, 1)), np.mean(a, axis=0, keepdims=True)"
    three = ", ".join(f"np.{n}(a, axis=1)" for n in names)
    plural = [n for n in names if not n.startswith(("arg", "cum"))]
    three += ", " + ", ".join(f"np.{n}(a, axis=(0, 2)), a.{n}(axis=(1, -1), keepdims=True), a.{n}((0, 1))" for n in plural)
    built = build(REDUCTIONS.format(dtype=dtype, one=one, two=two, three=three))
    rng = np.random.default_rng(5)

    def make(*shape):
        if dtype == "bool":
            return rng.random(shape) < 0.5
        if dtype[0] in "iu":
            return rng.integers(0, 100, shape).astype(dtype)
        scale = 10.0 ** rng.uniform(-3, 3, shape)
        data = rng.standard_normal(shape) * scale
        return (data + 1j * rng.standard_normal(shape) * scale if dtype[0] == "c" else data).astype(dtype)

    # Bit for bit, also where NumPy follows the memory instead of the indices.
    bound = 0
    for n in (1, 2, 7, 8, 9, 127, 128, 129, 1000, 9000):
        built.check("reduce_1", make(n), ulp=bound)
    for shape in ((1, 1), (3, 5), (5, 1), (1, 200), (40, 130), (130, 40)):
        built.check("reduce_2", make(*shape), ulp=bound)
        built.check("reduce_2", np.asfortranarray(make(*shape)), ulp=bound)
    for shape in ((2, 3, 4), (1, 5, 1), (4, 9, 140)):
        built.check("reduce_3", make(*shape), ulp=bound)
    if dtype.startswith("float"):
        with_nan = make(3, 5)
        with_nan[1, 2] = np.nan
        built.check("reduce_2", with_nan, ulp=bound)
    built.check("reduce_1", make(9000)[::3], ulp=bound)
    built.check("reduce_2", make(60, 80)[::2, ::-1], ulp=bound)


COMPLEX_PRODUCTS = """
import numpy as np
from hypersonic import boost

@boost
def product_1(a: "{dtype}[:]"): return np.prod(a), a.prod(axis=0)

@boost
def product_2(a: "{dtype}[:, :]"): return np.prod(a), a.prod(axis=0), np.prod(a, axis=-1), np.prod(a, axis=1, keepdims=True)
"""


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_products(build, dtype):
    built = build(COMPLEX_PRODUCTS.format(dtype=dtype))
    rng = np.random.default_rng(7)
    for shape in ((1, 1), (3, 5), (5, 1), (1, 20), (40, 13), (13, 40)):
        a = (rng.uniform(0.7, 1.3, shape) * np.exp(1j * rng.uniform(-3, 3, shape))).astype(dtype)
        # NumPy multiplies with fused multiply-add where the machine has it: each factor may differ by a few units in the last place.
        built.check("product_1", a.ravel(), ulp=4 * a.size)
        for each in (a, np.asfortranarray(a), a[::-1, ::-1]):
            built.check("product_2", each, ulp=4 * a.size)


CREATION = """
import numpy as np
from hypersonic import boost

@boost
def make(n: int, m: int):
    return (np.zeros(n), np.ones((n, m)), np.full((m, n), 7), np.full(n, 2.5), np.zeros((n, m), dtype=np.int32), np.ones(n, dtype=bool),
            np.zeros(n, "complex128"), np.eye(n), np.eye(n, m, k=1), np.eye(n, dtype=int), np.identity(m))

@boost
def ranges(a: int, b: int, s: int, x: float, y: float, d: float):
    return np.arange(b), np.arange(a, b), np.arange(a, b, s), np.arange(x, y, d), np.arange(y), np.arange(b, dtype=float)

@boost
def spaces(x: float, y: float, n: int): return np.linspace(x, y, n), np.linspace(x, y), np.linspace(x, y, n, endpoint=False)

@boost
def likes(a: "float32[:, :]"): return np.zeros_like(a), np.ones_like(a), np.full_like(a, 3), np.empty_like(a).shape, np.zeros_like(a, dtype=int)

@boost
def choose(c: "bool[:]", a: "float[:]", b: "int[:]"): return np.where(c, a, b), np.where(a > 0, a, 0), np.where(c, 1, 2.5), np.where(c, 1, 0)

@boost
def clipped(a: "float[:]", i: "int32[:]"): return np.clip(a, -1, 1), a.clip(0.0, 2.0), np.clip(i, 2, 4), np.clip(a, a[0], a[1])

@boost
def joined(a: "float[:, :]", b: "float[:, :]"):
    return (np.concatenate((a, b)), np.concatenate([a, b], axis=1), np.stack((a, b)), np.stack([a, b], axis=-1), np.concatenate((a, b, a), axis=-1),
            np.concatenate((a[0], b[1])))

@boost
def converted(a: "float[:]", i: "int[:]"):
    return np.float32(a[0]), np.int64(a[1]), a.astype(np.float32), i.astype(np.uint8), i / 2, i.astype(float) ** 2, np.float64(3), np.asarray(a), np.array(a)

@boost
def outer(a: "float[:]", b: "int[:]"): return np.outer(a, b), np.outer(a, a)

@boost
def weak(a: "float32[:]", i: "int8[:]", z: "complex64[:]"): return a * 2, a + 1.5, a * 1j, i + 100, i * 1.5, z * 2.5, a ** 2, i ** 2, 2 ** i, a / 3, i // 2, 1 - a

@boost
def products(a: "float[:, :]", b: "float[:, :]", v: "float[:]"): return a @ b, a @ v, v @ b, v @ v, np.dot(a, b), a.dot(v), np.dot(v, v)

@boost
def integer_products(a: "int[:, :]", b: "int[:, :]"): return a @ b, np.dot(a, b), np.dot(a[0], b[:, 0])
"""


@pytest.fixture(scope="module")
def creation(build):
    return build(CREATION)


R = np.random.default_rng(2)
SQUARE = R.standard_normal((4, 4))

CREATION_CASES = [
    *[("make", nm) for nm in ((3, 4), (1, 1), (0, 2), (5, 0))],
    *[
        ("ranges", abc)
        for abc in ((2, 10, 3, 0.5, 3.0, 0.3), (10, 2, -3, 3.0, 0.5, -0.7), (5, 5, 1, 1.0, 1.0, 1.0), (-4, 7, 2, -1.0, 1.0, 0.1))
    ],
    *[("spaces", xyn) for xyn in ((0.0, 1.0, 11), (-3.0, 7.5, 1), (2.0, 2.0, 5), (0.1, 0.7, 100), (1.0, 0.0, 0))],
    ("likes", (SQUARE.astype(np.float32),)),
    ("choose", (np.array([True, False, True]), np.array([1.5, -2.0, np.nan]), np.array([1, 2, 3]))),
    ("clipped", (np.array([-3.0, 0.5, 9.0, np.nan]), np.arange(7, dtype=np.int32))),
    ("joined", (SQUARE, SQUARE * 2)),
    ("joined", (SQUARE.T, SQUARE[:, ::-1])),
    ("converted", (np.array([1.1, -2.9]), np.array([3, 300, -1]))),
    ("outer", (np.array([1.5, 2.0]), np.array([1, 2, 3]))),
    ("weak", (np.float32([1.1, 2.2]), np.int8([3, -4 + 6]), np.complex64([1 + 2j]))),
    ("integer_products", (np.arange(12).reshape(3, 4), np.arange(8).reshape(4, 2) * 2**61)),
]


@pytest.mark.parametrize(("name", "args"), CREATION_CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CREATION_CASES)])
def test_creation(creation, name, args):
    creation.check(name, *args, ulp=1 if name == "weak" else 0)


@pytest.mark.parametrize("size", [1, 2, 5, 33])
def test_products(creation, size):
    a, b, v = R.standard_normal((size, size)), R.standard_normal((size, size)), R.standard_normal(size)
    ours, theirs = creation.products(a, b, v), creation.products.__wrapped__(a, b, v)
    for mine, other in zip(ours, theirs, strict=True):
        assert type(mine) is type(other)
        np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-13)


def test_product_of_wrong_shapes(creation):
    creation.check("products", SQUARE, SQUARE[:3], SQUARE[0], messages=False)
