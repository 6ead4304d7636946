"""Statements and control flow."""

from __future__ import annotations

import hypersonic
import numpy as np
import pytest

SOURCE = '''
import numpy as np
from hypersonic import boost
from .other import cube, RATE
from . import other

LIMIT = 3
TABLE = (1.5, 2.5, 3.5)
TWICE = 2 * LIMIT

def plain_square(x):
    return x * x

@boost
def assign(a: float, b: float):
    """A docstring."""
    x = y = a
    (u, v), w = (x, b), y
    u += 1; v -= 2; w *= 3; x /= 2; y //= 2
    k = 7
    k %= 4; k **= 3; k <<= 2; k |= 1; k ^= 5; k &= 62; k >>= 1
    a, b = b, a
    return x, y, u, v, w, k, a, b

@boost
def loop_range(n: int, a: int, b: int, step: int):
    total = 0
    for i in range(n): total += i
    for i in range(a, b): total += 2 * i
    for i in range(a, b, step): total = total * 3 + i
    return total

@boost
def loop_else(n: int, stop: int):
    found = -1
    for i in range(n):
        if i == stop:
            found = i
            break
        if i % 2:
            continue
        found -= i
    else:
        found = 1000
    while n > 0:
        n -= 1
        if n == stop: break
    else:
        found += 5000
    return found

@boost
def loop_array(a: "float[:]", m: "float[:, :]"):
    total = 0.0
    for x in a: total += x
    for row in m:
        for x in row: total -= x * 2
    for i, x in enumerate(a): total += i * x
    for x, y in zip(a, a[1:]): total += x * y
    for i, (x, y) in enumerate(zip(a, a[::-1]), 2): total += i * x - y
    return total

@boost
def loop_tuple(x: float):
    total = 0.0
    for c in TABLE: total = total * x + c
    for c, d in ((1, 2.0), (3, 4.0)): total += c * d
    for i in (1, 2, 3):
        if i == 2: continue
        total += i
    return total

@boost
def loop_row_views(m: "float[:, :]"):
    for row in m:
        row[0] = row[1:].sum()
        row *= 2

@boost
def collatz(n: int):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

@boost
def nested(n: int):
    count = 0
    for i in range(n):
        j = 0
        while True:
            j += 1
            if j > i: break
            if (i + j) % 3 == 0: continue
            for k in range(j):
                if k == 2: break
                count += 1
    return count

@boost
def branches(x: float):
    if x < 0: return "negative" == "positive"
    elif x == 0: y = 1
    else: y = 2
    return y == 1

@boost
def chained(a: int, b: int, c: int): return a < b <= c, a < b > c, not a < b, a == b == c

@boost
def conditional(a: float, b: float): return (a if a > b else b) + (1.0 if a and b else 2.0)

@boost
def several(a: "float[:]"): return a.sum(), a, a[0], (1, 2.5)

@boost
def asserts(x: float):
    assert x > 0
    assert x < 10, "too large"
    assert x != 5, f"not {x:.2f}, please"
    return x

@boost
def raises(n: int, x: float):
    if n == 0: raise ValueError("plain")
    if n == 1: raise KeyError
    if n == 2: raise TypeError(f"bad {n} and {x:8.3f}!")
    if n == 3: raise RuntimeError("bad %d" % n)
    if n == 4: raise NotImplementedError()
    return n

@boost
def fibonacci(n: int) -> int:
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)

@boost
def calls(x: float): return plain_square(x) + cube(x) + other.halve(x) + RATE + LIMIT + TWICE + assign(x, 2.0)[0]

@boost
def call_keywords(x: float): return other.defaults(x, c=3) + other.defaults(x, 1) + other.defaults(b=1, a=x)

@boost
def no_return(a: "float[:]"):
    a[0] = 1

@boost
def early(a: "float[:]"):
    if a.size == 0:
        return
    a[0] += 1

@boost
def retyped(x: int):
    y = x
    y = y / 2
    z = 0
    z = z + y
    return y, z

@boost
def swap_arrays(a: "float[:]", n: int):
    u = a + 0
    v = a * 2
    for _ in range(n):
        u, v = v, u + v
    return u, v

@boost
def grow(n: int):
    a = np.zeros(1)
    for i in range(n):
        a = np.concatenate((a, np.full(2, float(i))))
    return a

@boost
def shapes(m: "float[:, :]"):
    h, w = m.shape
    return h * w, m.shape, len(m), m.ndim, m.size

@boost
def constant_branch(a: "float[:] or float[:, :]"):
    if a.ndim == 2:
        return a[0, 0]
    return a[0]

@boost
def with_errstate(a: "float[:]"):
    with np.errstate(divide="ignore"):
        b = 1 / a
    return b
'''

OTHER = """
RATE = 0.5
def cube(x):
    return x ** 3
def halve(x):
    return x / 2
def defaults(a, b=2, c=5):
    return a * 100 + b * 10 + c
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE, files={"other.py": OTHER})


F = np.array([1.5, -2.0, 3.25, 0.5, -0.125])
M = np.arange(12.0).reshape(3, 4)

CASES = [
    ("assign", (3.5, -1.25)),
    ("loop_range", (10, 3, 9, 2)),
    ("loop_range", (0, 9, 3, -2)),
    ("loop_range", (-5, 3, 3, 1)),
    ("loop_range", (2, 1, 5, 0)),
    ("loop_else", (10, 5)),
    ("loop_else", (10, 50)),
    ("loop_else", (0, 0)),
    ("loop_array", (F, M)),
    ("loop_array", (F[::-2], M[:, ::-1])),
    ("loop_tuple", (2.0,)),
    ("loop_row_views", (M,)),
    ("loop_row_views", (M.T,)),
    ("collatz", (27,)),
    ("nested", (9,)),
    *[("branches", (x,)) for x in (-1.0, 0.0, 2.0)],
    *[("chained", abc) for abc in [(1, 2, 3), (3, 2, 1), (2, 2, 2), (1, 3, 2)]],
    *[("conditional", ab) for ab in [(1.0, 2.0), (2.0, 0.0), (0.0, -1.0)]],
    ("several", (F,)),
    *[("asserts", (x,)) for x in (1.0, -1.0, 11.0, 5.0)],
    *[("raises", (n, 2.5)) for n in range(6)],
    ("fibonacci", (15,)),
    ("calls", (1.5,)),
    ("call_keywords", (2.0,)),
    ("no_return", (F,)),
    ("early", (F,)),
    ("early", (F[:0],)),
    ("retyped", (7,)),
    ("swap_arrays", (F, 5)),
    ("swap_arrays", (F, 0)),
    ("grow", (20,)),
    ("shapes", (M,)),
    ("constant_branch", (F,)),
    ("constant_branch", (M,)),
    ("with_errstate", (np.array([1.0, 0.0, -0.0]),)),
]


@pytest.mark.parametrize(("name", "args"), CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CASES)])
def test_statement(built, name, args):
    built.check(name, *args)


def test_a_float_that_meets_elements_is_a_numpy_float_even_if_it_met_none(built):
    """Documented in docs/semantics.md: one variable has one type."""
    result = built.loop_array(F[:0], M[:0])
    assert result == built.loop_array.__wrapped__(F[:0], M[:0]) == 0.0
    assert type(result) is np.float64


def test_prange_is_a_range(build):
    built = build(
        """
import hypersonic
from hypersonic import boost, prange

@boost
def doubled(a: "float[:]"):
    for i in prange(a.shape[0]):
        a[i] = 2 * a[i]
    return sum(i for i in hypersonic.prange(1, 9, 3))
"""
    )
    built.check("doubled", np.arange(5.0))


WALRUS = """
import numpy as np
from hypersonic import boost

def halve(n): return n // 2

@boost
def conditions(a: "float[:]", k: int):
    if (n := len(a)) > 2 and n < 10:
        k += n
    elif (k := k + 1) > 3:
        k *= 2
    return n, k, (m := k * 2) + m, m

@boost
def loop(k: int):
    count = 0
    while (k := halve(k)) > 0:
        count += k
    return count, k

@boost
def broken(k: int):
    total = 0
    while (k := k - 1) > 0:
        if k == 3:
            break
        total += k
    return total, k

@boost
def order(x: int, a: "float[:]"):
    y = x + (x := 5) * x
    a[: (i := 1)] = x
    return y, x, i, (x, x := 7, x)

@boost
def optional(x: float, c: bool):
    return x if c else (y := 2 * x)
"""


@pytest.mark.parametrize("size", [0, 2, 3, 12])
def test_assignment_expressions(build, size):
    built = build(WALRUS)
    for k in (-1, 0, 1, 2, 3, 9, 100):
        built.check("conditions", np.arange(float(size)), k)
        built.check("loop", k)
        built.check("broken", k)
        built.check("order", k, np.arange(float(size)))
    assert hypersonic.info(built.module.optional).state == "python"
