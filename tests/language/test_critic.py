"""Wrong answers that a critic found, each by its name."""

import math

import numpy as np
import pytest

HEADER = "import numpy as np\nfrom hypersonic import boost\n"
ZEROS = [-0.0, 0.0, -1e-200, 1e-200, -1e-110, -2.5, 3.0, -math.inf, math.inf, math.nan]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_odd_powers_keep_the_sign_of_zero(build, dtype):
    source = HEADER
    for place, exponent in enumerate(("3", "3.0", "5", "7", "4", "-3")):
        source += f'@boost\ndef array{place}(a: "{dtype}[:]"): return a ** {exponent}\n'
        source += f'@boost\ndef power{place}(a: "{dtype}[:]"): return np.power(a, {exponent})\n'
        source += f'@boost\ndef scalar{place}(x: "np.{dtype}"): return x ** {exponent}\n'
        source += f"@boost\ndef python{place}(x: float): return x ** {exponent}\n"
    source += f'@boost\ndef late(a: "{dtype}[:]", n: float): return a ** n\n'
    built = build(source)
    array = np.array(ZEROS, dtype)
    for place in range(6):
        built.check(f"array{place}", array, ulp=4)
        built.check(f"power{place}", array, ulp=4)
        for x in array:
            built.check(f"scalar{place}", x, ulp=4)
            built.check(f"python{place}", float(x), ulp=4)
    built.check("late", array, 3.0, ulp=4)


def test_scalars_of_numpy_are_strong_where_it_shows(build):
    built = build(
        HEADER
        + """
@boost
def add(a: "uint8[:]", k: int): return a + k
@boost
def scale(a: "float32[:]", k: float): return a * k
@boost
def turn(a: "complex64[:]", k: complex): return a * k
@boost
def same(a: "float64[:]", k: int, x: float): return a * k + x
@boost
def inner(a: "float32[:]", k: float): return a - k
@boost
def through(a: "float32[:]", k: float): return inner(a, k)
@boost
def put(a: "uint8[:]", k: int): a[0] = k
@boost
def grow(a: "float32[:]", k: float): a += k
@boost
def fixed(a: "uint8[:]", n: int):
    for i in range(n):
        a[i] = a[i] + i
@boost
def compared(k: float): return k > 2
@boost
def asked(k: float): return 1 if k > 2 else 0
@boost
def inverse(k: int): return k ** -1
"""
    )
    for k in (3, np.int64(3), np.int64(300)):
        built.check("add", np.arange(3, dtype=np.uint8), k)
        built.check("put", np.arange(3, dtype=np.uint8), k)
    for k in (2.5, np.float64(2.5), 1e300, np.float64(1e300)):
        for name in ("scale", "inner", "through", "grow"):
            built.check(name, np.arange(3, dtype=np.float32), k)
        built.check("compared", k)
        built.check("asked", k)
    for k in (2.5j, np.complex128(2.5j), np.float64(2)):
        built.check("turn", np.ones(3, np.complex64), k)
    built.check("same", np.arange(3.0), np.int64(3), np.float64(0.5))
    built.check("fixed", np.arange(3, dtype=np.uint8), np.int64(3))
    built.check("inverse", 2)
    built.check("inverse", np.int64(2))


def test_which_signatures_take_scalars_of_numpy(build):
    from oracle import manifest

    built = build(
        HEADER
        + """
@boost
def weak(a: "float32[:]", k: float): return a * k
@boost
def constant(a: "float32[:]", k: float): return a * 2.0
@boost
def counted(a: "float32[:]", n: int):
    for i in range(n):
        a[i] = i * 0.5
@boost
def double(a: "float64[:]", k: float, n: int): return a * k + n
"""
    )
    (module,) = manifest(built)["modules"].values()
    exact = {name: row["signatures"][0].get("exact_scalars", False) for name, row in module["functions"].items()}
    assert exact == {"weak": True, "constant": False, "counted": False, "double": False}


def test_numbers_that_come_of_no_parameter_are_those_of_python(build):
    built = build(
        HEADER
        + """
import math
@boost
def fibonacci(n: int):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
@boost
def sine(x: float): return math.sin(x)
@boost
def twice(n: int): return n * 2
@boost
def either(n: int, c: bool): return n if c else 0
"""
    )
    for n in (7, np.int64(7)):
        built.check("fibonacci", n)
        built.check("twice", n)
        built.check("either", n, True)
        built.check("either", n, False)
    for x in (0.0, np.float64(0.0)):
        built.check("sine", x)


def test_indices_beyond_a_long_are_refused(build):
    built = build(
        HEADER
        + """
@boost
def load(a: "float[:]", i: "np.uint64"): return a[i]
@boost
def store(a: "float[:]", i: "np.uint64"): a[i] = 1.0
@boost
def late(a: "float[:]", i: "np.uint64"):
    a[0] = 5.0
    a[i] = 1.0
@boost
def gather(a: "float[:]", idx: "uint64[:]"):
    s = 0.0
    for i in range(len(idx)):
        s += a[idx[i]]
    return s
@boost
def row(a: "float[:, :]", i: "np.uint64"): return a[i]
"""
    )
    for i in (0, 2, 3, 2**63 - 1, 2**63, 2**64 - 1, 2**64 - 3):
        for name in ("load", "store", "late"):
            built.check(name, np.arange(3.0), np.uint64(i))
        built.check("gather", np.arange(3.0), np.array([1, i], np.uint64))
        built.check("row", np.arange(6.0).reshape(3, 2), np.uint64(i))


REDUCTIONS = ("sum", "prod", "min", "max", "mean", "any", "all", "count_nonzero")


@pytest.mark.parametrize("dtype", ["float64", "int32", "bool", "complex128"])
def test_reductions_over_no_axis(build, dtype):
    source = HEADER
    for name in REDUCTIONS:
        source += f'@boost\ndef {name}_(a: "{dtype}[:, :]"): return np.{name}(a, axis=())\n'
    built = build(source)
    array = np.array([[0, 1, 2], [3, 0, 5]]).astype(dtype)
    for name in REDUCTIONS:
        built.check(f"{name}_", array)


def test_complex_powers_by_small_whole_numbers_are_multiplied_out(build):
    built = build(
        HEADER
        + """
@boost
def python(z: complex, n: int): return z ** n
@boost
def cube(z: complex): return z ** 3
@boost
def high(z: complex): return z ** 99
@boost
def low(z: complex): return z ** -5
@boost
def fixed(a: "complex128[:]"): return a ** 99
@boost
def fixed3(a: "complex128[:]"): return a ** 3
@boost
def fixed_low(a: "complex128[:]"): return a ** -7
@boost
def late(a: "complex128[:]", n: "complex128[:]"): return a ** n
@boost
def single(a: "complex64[:]", n: "complex64[:]"): return a ** n
"""
    )
    bases = [-1 + 0j, 1j, 1 + 1j, -0.5 + 0.25j, complex(-0.0, -0.0), 0j, complex(2, -0.0), 1e10 + 1e10j]
    for z in bases:
        for name in ("cube", "high", "low"):
            built.check(name, z)
        for n in (0, 1, 2, 3, 5, 31, 64, 99, 100, -1, -2, -64, -100):
            built.check("python", z, n)
    array = np.array(bases)
    for name in ("fixed", "fixed3", "fixed_low"):
        built.check(name, array)
    for n in (1, 2, 3, 4, 7, 63, 64, 99, -1, -2, -50, -99, 0):
        built.check("late", array, np.full(len(array), n, complex))
        built.check("single", array.astype(np.complex64), np.full(len(array), n, np.complex64))
    built.check("late", array, np.full(len(array), 100 + 0j), ulp=64)


def test_what_python_says_of_nothing(build):
    built = build(
        HEADER
        + """
@boost
def most(a: "float[:]"): return max(a)
@boost
def least(a: "int64[:]"): return min(a)
@boost
def generated(a: "float[:]"): return max(x * 2 for x in a)
@boost
def huge(n: int): return np.zeros(n)
"""
    )
    for array in (np.zeros(0), np.arange(3.0)):
        built.check("most", array)
        built.check("generated", array)
        built.check("least", array.astype(np.int64))
    built.check("huge", 2**45)
    built.check("huge", 3)


def test_a_tuple_beside_a_scalar_of_numpy_is_compared_by_item(build):
    built = build(
        HEADER
        + """
@boost
def numpy(x: "np.int64"): return (1, 2) == x
@boost
def python(x: int): return (1, 2) == x
"""
    )
    for x in (1, 2, 5):
        built.check("numpy", np.int64(x))
    built.check("python", 1)


def test_ints_of_numpy_and_python_mixed(build):
    built = build("""
    from hypersonic import boost

    @boost
    def first(a: int, b: int): return a + 1

    @boost
    def both(a: int, b: int): return a * b, a

    class Counter:
        n: int = 0
        t: float = 0.0
        @boost
        def add(self, k: int, w: float):
            self.n += 1
            self.t += w * k
    """)
    for a, b in ((1, np.int64(2)), (np.int64(1), 2), (np.int64(1), np.int64(2)), (1, 2)):
        built.check("first", a, b)
        built.check("both", a, b)
    counter = built.module.Counter()
    counter.add(np.int64(3), 1.0)
    assert type(counter.n) is int and counter.n == 1
