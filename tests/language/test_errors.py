"""Errors are Python's: type and text, with arguments left as Python leaves them; nothing crashes, leaks or hangs."""

from __future__ import annotations

import gc
import resource

import numpy as np
import pytest

SOURCE = """
import math
import numpy as np
from hypersonic import boost

@boost
def get(a: "float[:]", i: int): return a[i]

@boost
def get2(a: "float[:, :]", i: int, j: int): return a[i, j]

@boost
def put(a: "float[:]", i: int): a[i] = 7.0

@boost
def put_after_write(a: "float[:]", i: int):
    a[0] = 5.0
    a[i] = 7.0

@boost
def add(a: "float[:]", b: "float[:]"): return a + b

@boost
def add2(a: "float[:, :]", b: "float[:]"): return a * b

@boost
def assign(a: "float[:]", b: "float[:]"): a[:] = b

@boost
def assign_after_write(a: "float[:]", b: "float[:]"):
    a[0] = 1.0
    a[1:] = b

@boost
def iadd(a: "float[:]", b: "float[:]"): a += b

@boost
def floordiv(a: int, b: int): return a // b

@boost
def modulo(a: int, b: int): return a % b

@boost
def divide(a: int, b: int): return a / b

@boost
def fdivide(a: float, b: float): return a / b

@boost
def ffloordiv(a: float, b: float): return a // b, a % b

@boost
def array_floordiv(a: "int[:]", b: "int[:]"): return a // b, a % b

@boost
def element_divide(a: "float[:]"): return a[0] / a[1], 1 / a[1]

@boost
def product(n: int):
    total = 1
    for i in range(1, n + 1):
        total *= i
    return total

@boost
def power(a: int, n: int): return a ** n

@boost
def negate(a: int): return -a, abs(a)

@boost
def shift(a: int, n: int): return a << n

@boost
def overflow_after_write(a: "int[:]", n: int):
    a[0] = 1
    return n * n * n

@boost
def root(x: float): return math.sqrt(x)

@boost
def log(x: float): return math.log(x)

@boost
def exp(x: float): return math.exp(x)

@boost
def to_int(x: float): return int(x)

@boost
def truth(a: "float[:]"):
    if a:
        return 1
    return 0

@boost
def empty_max(a: "float[:]"): return a.max(), a.argmin()

@boost
def reshape(a: "float[:]", n: int): return a.reshape(n, -1)

@boost
def make(n: int): return np.zeros((n, 2))

@boost
def unbound_step(n: int): return [0][0] if n == 99 else sum((1, 2)) // n

@boost
def leak(a: "float[:]", n: int):
    for i in range(n):
        b = a * 2
        c = b + 1
        if i == n - 1:
            raise ValueError("stop")
    return c

@boost
def mask_store(a: "float[:]", m: "bool[:]", v: "float[:]"): a[m] = v

@boost
def mask_load(a: "float[:]", m: "bool[:]"): return a[m]

@boost
def in_place_cast(a: "int[:]", b: "int[:]"): a[:] = a * 1.5 + b

@boost
def negative_power(a: "int[:]", n: "int[:]"): return a ** n

@boost
def deep(n: int) -> int:
    if n == 0:
        return 0
    return 1 + deep(n - 1)
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


F = np.array([1.0, 2.0, 3.0])
M = np.arange(6.0).reshape(2, 3)
I = np.array([7, -7, 5, 0])
BIG = 2**62

CASES = [
    *[("get", (F, i)) for i in (0, 2, -1, -3, 3, -4, 10**12, -(2**63), 2**63 - 1)],
    ("get", (F[:0], 0)),
    *[("get2", (M, i, j)) for i, j in ((1, 2), (-2, -3), (2, 0), (0, 3), (-3, 0), (0, -4))],
    *[("put", (F, i)) for i in (0, -1, 3)],
    *[("put_after_write", (F, i)) for i in (1, 3, -9)],
    ("add", (F, F[:2])),
    ("add", (F, F[:1])),
    ("add", (F[:0], F[:1])),
    ("add", (F[:0], F[:2])),
    ("add2", (M, F[:2])),
    ("assign", (F, F[:2])),
    ("assign", (F, F[:1])),
    ("assign_after_write", (F, F)),
    ("iadd", (F, F[:2])),
    ("iadd", (F[:1], F)),
    *[(name, (a, b)) for name in ("floordiv", "modulo", "divide") for a, b in ((7, 0), (7, 2), (-7, 2), (7, -2), (-(2**63), -1))],
    *[(name, (a, b)) for name in ("fdivide", "ffloordiv") for a, b in ((7.0, 0.0), (0.0, -0.0), (-7.5, 2.0), (1.0, float("inf")))],
    ("array_floordiv", (I, np.array([2, 2, 0, 0]))),
    ("array_floordiv", (np.array([-(2**63)]), np.array([-1]))),
    ("element_divide", (np.array([1.0, 0.0]),)),
    *[("product", (n,)) for n in (5, 20, 21, 25)],
    *[("power", (a, n)) for a, n in ((2, 10), (2, 62), (2, 63), (3, 40), (2, -1), (0, 0), (-1, 2**40), (0, -1))],
    *[("negate", (a,)) for a in (5, -5, -(2**63))],
    *[("shift", (a, n)) for a, n in ((1, 3), (1, 62), (1, 63), (5, 70), (1, -1), (0, 200))],
    ("overflow_after_write", (I, 100)),
    *[("root", (x,)) for x in (4.0, 0.0, -1.0, float("nan"), float("inf"))],
    *[("log", (x,)) for x in (1.0, 0.0, -1.0, float("inf"))],
    *[("exp", (x,)) for x in (0.0, 1000.0, -1000.0, float("-inf"))],
    *[("to_int", (x,)) for x in (2.9, -2.9, float("nan"), float("inf"), 1e30)],
    *[("truth", (a,)) for a in (F, F[:1], np.zeros(1))],
    ("empty_max", (F[:0],)),
    *[("reshape", (np.arange(6.0), n)) for n in (2, 3, 4, 0, -1)],
    *[("make", (n,)) for n in (3, 0, -1)],
    ("leak", (F, 10)),
    *[
        ("mask_store", (F, np.array(m), np.array(v)))
        for m, v in (
            ([True, False, True], [1.0, 2.0]),
            ([True, False, True], [1.0, 2.0, 3.0]),
            ([True, True], [1.0]),
            ([True, False, True], [9.0]),
        )
    ],
    *[("mask_load", (F, np.array(m))) for m in ([True, False, True], [False, False, False], [True, True])],
    ("in_place_cast", (I, I)),
    ("negative_power", (np.array([2, 3]), np.array([3, 2]))),
    ("negative_power", (np.array([2, 3]), np.array([3, -1]))),
    ("deep", (100,)),
]


@pytest.mark.parametrize(("name", "args"), CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CASES)])
def test_error(built, name, args):
    built.check(name, *args)


def test_read_only_arrays_are_refused(built):
    frozen = F.copy()
    frozen.flags.writeable = False
    for name, args in (("put", (frozen, 0)), ("assign", (frozen, F)), ("iadd", (frozen, F))):
        built.check(name, *args)


def test_int_overflow_after_a_write_is_an_error(built):
    values = np.arange(4)
    with pytest.raises(OverflowError):
        built.overflow_after_write(values, BIG)
    assert values[0] == 1


def test_too_large_an_array_is_a_memory_error(built):
    with pytest.raises((MemoryError, ValueError)):
        built.make(2**50)


def test_deep_recursion_is_an_error_not_a_crash(built):
    with pytest.raises(RecursionError):
        built.deep(10**7)


def test_nothing_leaks_when_an_error_is_raised_in_the_middle(built):
    big = np.zeros(100_000)
    for _ in range(3):
        with pytest.raises(ValueError, match="stop"):
            built.leak(big, 20)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        with pytest.raises(ValueError, match="stop"):
            built.leak(big, 20)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 20_000, "kilobytes"
