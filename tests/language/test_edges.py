"""Values at the edges: where one rule of Python or NumPy differs from the one beside it."""

from __future__ import annotations

import math

import numpy as np
import pytest

HEADER = "import math\nimport numpy as np\nfrom hypersonic import boost\n"
EDGES = [-0.0, 0.0, -np.inf, np.inf, np.nan, 5e-324, -1.0, 4.0, 2.0]

POWERS = """
@boost
def array_half(a: "{d}[:]"): return a ** 0.5
@boost
def array_number(a: "{d}[:]", y: float): return a ** y
@boost
def array_numpy(a: "{d}[:]", y: "{d}"): return a ** y
@boost
def array_array(a: "{d}[:]", y: "{d}[:]"): return a ** y
@boost
def array_update(a: "{d}[:]"): a **= 0.5
@boost
def array_update_number(a: "{d}[:]", y: float): a **= y
@boost
def array_update_part(a: "{d}[:]", y: float): a[1:] **= y
@boost
def float_power(a: "{d}[:]"): return np.float_power(a, 0.5)
@boost
def float_power_number(a: "{d}[:]", y: float): return np.float_power(a, y)
@boost
def item_half(a: "{d}[:]", i: int): return a[i] ** 0.5
@boost
def item_number(a: "{d}[:]", i: int, y: float): return a[i] ** y
@boost
def item_update(a: "{d}[:]", i: int): a[i] **= 0.5
@boost
def scalar_half(x: "{d}"): return x ** 0.5
@boost
def scalar_scalar(x: "{d}", y: "{d}"): return x ** y
@boost
def scalar_float_power(x: "{d}"): return np.float_power(x, 0.5)
"""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_powers_of_a_half(build, dtype):
    built = build(HEADER + POWERS.format(d="np." + dtype.__name__))
    array = np.array(EDGES, dtype)
    for name in ("array_half", "array_update", "float_power"):
        built.check(name, array, ulp=0 if name != "float_power" else 2)
    for y in (0.5, 2.0, -1.0, 1.0, 0.25):
        built.check("array_number", array, y, ulp=2)
        built.check("array_update_number", array, y, ulp=2)
        built.check("array_update_part", array, y, ulp=2)
        built.check("array_numpy", array, dtype(y), ulp=2)
        built.check("float_power_number", array, y, ulp=2)
        built.check("array_array", array, np.full_like(array, y), ulp=2)
        for i, x in enumerate(array):
            built.check("item_number", array, i, y, ulp=2)
            built.check("scalar_scalar", x, dtype(y), ulp=2)
    for i, x in enumerate(array):
        built.check("item_half", array, i, ulp=1)
        built.check("item_update", array, i, ulp=1)
        built.check("scalar_half", x, ulp=1)
        built.check("scalar_float_power", x, ulp=1)
    # The sign of zero is not covered by a bound in units of the last place.
    zero = dtype(-0.0)
    assert math.copysign(1, built.array_half(np.array([zero]))[0]) == -1
    assert math.copysign(1, built.array_number(np.array([zero]), 0.5)[0]) == -1
    assert math.copysign(1, built.float_power(np.array([zero]))[0]) == 1
    assert math.copysign(1, built.item_half(np.array([zero]), 0)) == 1


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_round_of_complex(build, dtype):
    source = HEADER
    for digits in (0, 1, 2, -1):
        name = f"round_{digits}".replace("-", "minus_")
        source += f'@boost\ndef {name}(a: "np.{dtype.__name__}[:]"): return np.round(a, {digits})\n'
        source += f'@boost\ndef item_{name}(a: "np.{dtype.__name__}"): return np.round(a, {digits})\n'
    built = build(source)
    parts = [-0.0, 0.0, 1.234, -0.001, 15.0, np.inf, -np.inf, np.nan]
    array = np.array([complex(re, im) for re in parts for im in parts], dtype)
    for digits in ("0", "1", "2", "minus_1"):
        built.check(f"round_{digits}", array)
        for value in array:
            built.check(f"item_round_{digits}", value)


def test_whole_numbers_of_numpy(build):
    source = HEADER
    types = ["np.int64", "np.int8", "np.uint8", "np.float32", "np.float64", "int", "bool", "float"]
    for ty in types:
        for name in ("floor", "ceil", "trunc"):
            source += f"@boost\ndef {name}_{ty.replace('np.', '')}(x: {ty}): return math.{name}(x)\n"
    built = build(source)
    values = {"np.int64": [2**62 + 1, -3, 2**53 + 1], "bool": [True, False], "int": [2**62 + 1, -7], "np.uint8": [200]}
    for ty in types:
        cast = getattr(np, ty[3:]) if ty.startswith("np.") else {"int": int, "bool": bool, "float": float}[ty]
        for value in values.get(ty, [-2.5, 3.0] if "float" in ty else [-3, 7]):
            for name in ("floor", "ceil", "trunc"):
                function = f"{name}_{ty.replace('np.', '')}"
                if name == "trunc" and ty not in ("np.float64", "int", "bool", "float"):
                    # TypeError in Python, which answers.
                    assert not hasattr(getattr(built.module, function), "__wrapped__")
                else:
                    built.check(function, cast(value))


def test_length_of_arange_wraps(build):
    source = HEADER
    for dtype in ("int8", "uint8", "int16", "int32", "int64"):
        source += f'@boost\ndef two_{dtype}(a: "np.{dtype}", b: "np.{dtype}"): return np.arange(a, b)\n'
        source += f'@boost\ndef three_{dtype}(a: "np.{dtype}", b: "np.{dtype}", c: int): return np.arange(a, b, c)\n'
        source += f'@boost\ndef one_{dtype}(a: "np.{dtype}"): return np.arange(a)\n'
        source += f'@boost\ndef weak_{dtype}(a: "np.{dtype}", b: int): return np.arange(a, b)\n'
    built = build(source)
    for dtype in ("int8", "uint8", "int16", "int32", "int64"):
        cast = getattr(np, dtype)
        for a, b in ((1, 5), (5, 2), (100, 127), (0, 0)):
            built.check(f"two_{dtype}", cast(a), cast(b))
            built.check(f"one_{dtype}", cast(b))
            for c in (1, 3, -2):
                built.check(f"three_{dtype}", cast(a), cast(b), c)
    built.check("two_int8", np.int8(-100), np.int8(100))
    built.check("weak_int64", np.int64(1), 300)
    # Start and stop meet in int8, where NumPy asks whether the stop fits.
    assert not hasattr(built.weak_int8, "__wrapped__")


STORES = """
@boost
def item(a: "np.{d}[:]", n: {t}): a[1] = n
@boost
def part(a: "np.{d}[:]", n: {t}): a[1:] = n
@boost
def whole(a: "np.{d}[:]", n: {t}): a[...] = n
@boost
def fill(a: "np.{d}[:]", n: {t}): a.fill(n)
@boost
def outside(a: "np.{d}[:]", n: {t}, i: int): a[i] = n
@boost
def after(a: "np.{d}[:]", n: {t}):
    a[0] = 1
    a[1] = n
"""
UPDATES = """
@boost
def add_item(a: "np.{d}[:]", n: int): a[1] += n
@boost
def add(a: "np.{d}[:]", n: int): a += n
@boost
def add_part(a: "np.{d}[:]", n: int): a[1:] *= n
@boost
def add_after(a: "np.{d}[:]", n: int):
    a[0] = 1
    a += n
@boost
def sum_(a: "np.{d}[:]", n: int): return a + n
@boost
def full(a: "np.{d}[:]", n: int): return np.full(3, n, dtype=np.{d})
@boost
def full_like(a: "np.{d}[:]", n: int): return np.full_like(a, n)
@boost
def listed(a: "np.{d}[:]", n: int): return np.array([n, 1], dtype=np.{d})
@boost
def outside(a: "np.{d}[:]", n: int): a[5] += n
@boost
def row_outside(a: "np.{d}[:]", n: int): a.reshape(1, -1)[2, 1:] *= n
@boost
def where(a: "np.{d}[:]", n: int): return np.where(a > 0, a, n)
@boost
def clip(a: "np.{d}[:]", n: int): return np.clip(a, 0, n)
@boost
def clip_low(a: "np.{d}[:]", n: int): return np.clip(a, n, 2)
@boost
def clip_constants(a: "np.{d}[:]", n: int): return np.clip(a, -300, 70000)
@boost
def minimum(a: "np.{d}[:]", n: int): return np.minimum(a, n)
@boost
def less(a: "np.{d}[:]", n: int): return a < n
"""
NUMBERS = {
    "int": [0, 1, -1, 100, 127, 128, -128, -129, 300, 2**31, 2**40, 2**63 - 1],
    "float": [3.7, -3.7, 300.5, -0.5, math.nan, math.inf, -math.inf, 1e300],
    "np.float64": [np.float64(x) for x in (3.7, -3.7, 100.0)],
    "np.uint64": [np.uint64(5), np.uint64(200)],
    "np.int16": [np.int16(-1), np.int16(300)],
}


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint64", "float32", "bool"])
@pytest.mark.parametrize("kind", list(NUMBERS))
def test_what_is_stored_must_fit(build, dtype, kind):
    built = build(HEADER + STORES.format(d="bool_" if dtype == "bool" else dtype, t=kind))
    array = np.array([1, 0, 1], dtype)
    for number in NUMBERS[kind]:
        for name in ("item", "part", "whole", "fill", "after"):
            if name == "item":
                built.check("outside", array, number, 7)
            # An int beyond 64 bits after a write has a text of our own.
            own = name == "after" and kind == "float" and dtype.lstrip("u").startswith("int") and abs(number) > 1e18
            built.check(name, array, number, messages=not (own and math.isfinite(number)))


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int64", "uint64", "float32"])
def test_ints_beside_small_integers_must_fit(build, dtype):
    built = build(HEADER + UPDATES.format(d=dtype))
    array = np.array([1, 0, 3], dtype)
    for name in (
        "add_item",
        "add",
        "add_part",
        "add_after",
        "sum_",
        "full",
        "full_like",
        "listed",
        "outside",
        "row_outside",
        "where",
        "clip",
        "clip_low",
        "clip_constants",
        "minimum",
        "less",
    ):
        for number in NUMBERS["int"]:
            built.check(name, array, number)


def test_an_int_that_leaves_64_bits_says_so(build):
    built = build(HEADER + '@boost\ndef f(a: "int64[:]", n: int):\n    a[0] = 1\n    return n * n\n')
    assert built.f(np.zeros(1, np.int64), 3) == 9
    with pytest.raises(OverflowError, match="64 bits"):
        built.f(np.zeros(1, np.int64), 2**40)


def test_recursion_in_a_conditional_expression(build):
    built = build(
        HEADER
        + """
@boost
def fib(n: int): return n if n < 2 else fib(n - 1) + fib(n - 2)
@boost
def backwards(n: int): return backwards(n - 1) + 2.0 if n > 0 else 0.5
@boost
def logic(n: int): return n < 1 or logic(n - 1)
@boost
def assigned(n: int):
    r = 1 if n < 1 else n * assigned(n - 1)
    return r
"""
    )
    for n in (0, 1, 2, 10):
        built.check("fib", n)
        built.check("backwards", n)
        built.check("logic", n)
        built.check("assigned", n)


def test_round_of_an_int(build):
    built = build(HEADER + "@boost\ndef f(x: int, n: int): return round(x, n)\n@boost\ndef hundreds(x: int): return round(x, -2)\n")
    for x in (0, 5, 15, 25, -5, -15, 149, 150, 250, -150, 12345, 2**63 - 1, -(2**63), 5 * 10**18, 5 * 10**18 - 1, 499):
        built.check("hundreds", x)
        for n in (-25, -20, -19, -18, -3, -2, -1, 0, 1, 5):
            built.check("f", x, n)


IDENTITY = """
@boost
def same(a: "float[:]"): return a
@boost
def renamed(a: "float[:]"):
    b = a
    return b
@boost
def view(a: "float[:]"): return a[:]
@boost
def named_view(a: "float[:]"):
    b = a[:]
    return b
@boost
def both(a: "float[:]"): return a, a
@boost
def array_and_view(a: "float[:]"): return a, a[:], a
@boost
def fresh_twice(a: "float[:]"):
    b = a + 1
    return b, b
@boost
def fresh_and_view(a: "float[:]"):
    b = a + 1
    return b, b[:], b[1:], b
@boost
def fresh_and_other(a: "float[:]"): return a + 1, a + 1
@boost
def chosen(a: "float[:]", b: "float[:]", c: bool):
    d = a if c else b
    return d, a
@boost
def matrix(a: "float[:, :]"): return a
@boost
def transposed(a: "float[:, :]"): return a.T, a
@boost
def reshaped(a: "float[:, :]"): return a.reshape(a.shape), a
"""


def pattern(result, args):
    """Which of the arrays are one object, and which share memory."""
    arrays = [*(result if isinstance(result, tuple) else (result,)), *args]
    arrays = [array for array in arrays if isinstance(array, np.ndarray)]
    return [(one is two, bool(np.shares_memory(one, two))) for one in arrays for two in arrays]


def test_identity_of_results(build):
    built = build(HEADER + IDENTITY)
    for name in ("same", "renamed", "view", "named_view", "both", "array_and_view", "fresh_twice", "fresh_and_view", "fresh_and_other"):
        for array in (np.zeros(0), np.zeros(1), np.arange(5.0), np.arange(10.0)[::2], np.arange(10.0)[2:2]):
            built.check(name, array)
            function = getattr(built.module, name)
            assert pattern(function(array), [array]) == pattern(function.__wrapped__(array), [array]), (name, array)
    for name in ("matrix", "transposed", "reshaped"):
        for array in (np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((1, 3)), np.arange(6.0).reshape(2, 3), np.zeros((2, 3), order="F")):
            function = getattr(built.module, name)
            assert pattern(function(array), [array]) == pattern(function.__wrapped__(array), [array]), (name, array)
    a, b = np.arange(3.0), np.zeros(0)
    for c in (True, False):
        assert pattern(built.chosen(a, b, c), [a, b]) == pattern(built.chosen.__wrapped__(a, b, c), [a, b])


def test_choices_keep_values(build):
    built = build(
        HEADER
        + """
@boost
def either(a: "int8[:]", n: int): return a[0] or n
@boost
def conditional(a: "uint8[:]", n: int, c: bool): return int(a[0] if c else n)
@boost
def joined(a: "int16[:]", n: int, c: bool):
    t = a[0]
    if c:
        t = n
    return int(t)
@boost
def constant(a: "int8[:]", c: bool): return int(a[0] if c else 300)
@boost
def wide(a: "uint64[:]", n: int, c: bool): return int(a[0] if c else n)
@boost
def limit(a: "int16[:]"): return max(a[0], 0), min(a[1], 100)
@boost
def single(a: "float32[:]"): return max(a[0], 0.0) * a[1], min(a[1], 0.5)
@boost
def beyond(a: "int8[:]"): return int(max(a[0], 300))
"""
    )
    for n in (0, 1, 127, 128, -128, -129, 255, 256, 300, 2**40, -1, 2**63 - 1, -(2**63), 32767, 32768):
        ours = built.either(np.zeros(1, np.int8), n)
        assert ours == n, n
        for c in (True, False):
            built.check("conditional", np.array([7], np.uint8), n, c)
            built.check("joined", np.array([7], np.int16), n, c)
            built.check("wide", np.array([7], np.uint64), n, c)
    for c in (True, False):
        built.check("constant", np.array([7], np.int8), c)
    built.check("limit", np.array([5, 7], np.int16))
    built.check("single", np.array([1.5, 0.25], np.float32))
    built.check("beyond", np.array([5], np.int8))


def test_reshape_says_what_was_asked(build):
    source = HEADER
    shapes = ["-1, 2", "2, -1", "2, 2", "2, -1, 2", "-1, 2, 2", "7", "n, 4"]
    for place, shape in enumerate(shapes):
        source += f'@boost\ndef f{place}(a: "float[:, :]", n: int):\n    a[0] = 1\n    return a.reshape({shape})\n'
    built = build(source)
    for place in range(len(shapes)):
        built.check(f"f{place}", np.zeros((3, 3)), 2)
