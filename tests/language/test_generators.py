"""Generators, written out where a loop runs over them."""

from __future__ import annotations

from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import math
import numpy as np
from hypersonic import boost

def up_to(n: int):
    i = 0
    while i < n:
        yield i
        i += 1

def pairs(a, n):
    for i in range(n):
        if a[i] < 0.0:
            continue
        for j in range(i):
            if a[j] > 5.0:
                break
            yield i, a[j]
        else:
            yield i, -1.0

def three(x):
    yield x
    x = x * 2
    yield x
    if x > 10:
        return
    yield x + 1

def chained(n):
    yield from up_to(n)
    yield from three(n)
    yield from (n, n + 1)
    for k in range(2):
        yield from three(k)

def cleaning(a, n):
    try:
        for i in range(n):
            a[i] += 1.0
            yield i
            a[i] += 10.0
    finally:
        a[0] -= 0.25

def failing(a, n):
    for i in range(n):
        yield a[i]

def effects(a):
    a[0] = 1.0
    yield 1
    a[0] = 2.0
    yield 2
    a[0] = 3.0

@boost
def total(n: int):
    s = 0
    for i in up_to(n):
        s = s * 3 + i
    return s

@boost
def jumps(n: int, stop: int):
    s = 0
    for i in up_to(n):
        if i == stop:
            break
        if i % 3 == 1:
            continue
        s += i * i
    else:
        s += 10000
    return s, i if n > 0 else -1

@boost
def of_pairs(a: "float[:]", n: int):
    s = 0.0
    k = 0
    for i, x in pairs(a, n):
        s = s * 0.5 + i * float(x)
        k += 1
        if k > 7:
            break
    return s, k

@boost
def threes(x: int):
    s = 0
    for v in three(x):
        for w in three(v):
            s = s * 5 + w
            if s > 10**9:
                return -s
    return s

@boost
def chain(n: int):
    s = 0
    for x in chained(n):
        s = s * 3 % 1000003 + x
    return s

@boost
def cleans(a: "float[:]", n: int, stop: int):
    for i in cleaning(a, n):
        if i == stop:
            break
        a[-1] += i
    a[0] *= 2.0
    for i in cleaning(a, n):
        if i == stop:
            return i
    return -1

@boost
def cleans_by_exception(a: "float[:]", n: int, stop: int):
    try:
        for i in cleaning(a, n):
            if i == stop:
                raise ValueError("stop")
            a[i + 1] += 100.0
    except ValueError:
        a[0] *= 2.0
    except IndexError:
        a[0] *= 3.0
    return a[0]

@boost
def fails(a: "float[:]", n: int):
    s = 0.0
    try:
        for x in failing(a, n):
            s += x
    except IndexError:
        s += 1000.0
    return float(s)

@boost
def laziness(a: "float[:]"):
    s = 0.0
    for k in effects(a):
        s = s * 10 + a[0]
    return float(s), float(a[0])

@boost
def early(a: "float[:]"):
    for k in effects(a):
        break
    return float(a[0])

@boost
def expressions(a: "float[:]", n: int):
    s = 0.0
    for x in (v * 2.0 for v in a if v > 0.0):
        s += x
        if s > 20.0:
            break
    for i, j in ((i, j) for i in range(n) for j in range(i) if (i + j) % 2):
        s += i * j
        if i > 5:
            continue
        s -= 1.0
    return float(s)

@boost
def reductions(a: "float[:]", n: int):
    return (sum(up_to(n)), sum(i * i for i in up_to(n)), max(three(n)), min(x - 1 for x in chained(n)),
            any(x > 3 for x in up_to(n)), all(x < 3 for x in up_to(n)), any(up_to(n)))

@boost
def enumerated(a: "float[:]", n: int):
    s = 0
    for k, i in enumerate(up_to(n), 5):
        if i == 2:
            continue
        s = s * 7 + k * i
    for k, (i, x) in enumerate(pairs(a, n)):
        s += k * i
    return s, k if n > 0 else 0

@boost
def zipped(a: "float[:]", b: "int[:, :]", n: int):
    s = 0.0
    for (i, x), y, row, k in zip(pairs(a, n), a, b, range(2, 50, 3)):
        if i == 3:
            continue
        s = s * 0.5 + i * float(x) + float(y) + int(row[0]) * k
    else:
        s += 1000.0
    for i, y in zip(cleaning(a, n), a):
        s += i * float(y)
    return s

@boost
def stored(n: int):
    g = up_to(n)
    n = 100
    s = 0
    for x in g:
        s += x
    h = three(s)
    return s + sum(h)

@boost
def local_generator(a: "float[:]", scale: float):
    def scaled(shift):
        for x in a:
            if x < 0.0:
                return
            yield scale * x + shift
    s = 0.0
    for v in scaled(1.0):
        s += v
    scale = 10.0
    return float(s + sum(scaled(0.0)))

@boost
def same_names(n: int):
    i = 7
    x = 1.5
    s = 0
    for k in up_to(n):
        i = i + k
        x = x + 1
    return i, x

@boost
def type_changes(n: int):
    s = 0
    for k in up_to(n):
        s = s + 0.5
    return s * 1.0

@boost
def none_given(a: "float[:]"):
    def ticks(n):
        for i in range(n):
            a[i] += 1.0
            yield
    count = 0
    for _ in ticks(len(a)):
        count += 1
    return count
"""

A = np.array([1.0, 6.0, 2.0, -1.0, 3.0, 4.0])


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)  # type: ignore[no-any-return]


@pytest.mark.parametrize("n", range(7))
def test_loops_over_generators(built: oracle.Built, n: int) -> None:
    built.check("total", n)
    for stop in (-1, 0, 1, 3, 4, 9):
        if n:
            built.check("jumps", n, stop)
        built.check("cleans", A, n, stop)
        built.check("cleans_by_exception", A, n, stop)
    built.check("of_pairs", A, n)
    built.check("threes", n)
    built.check("chain", n)
    built.check("fails", A, n + 2)
    for m in (0, 2, 5, 9):
        built.check("zipped", A, np.arange(2 * m).reshape(m, 2), n)
        built.check("zipped", A[:3], np.arange(2 * m).reshape(m, 2), min(n, 3))
    built.check("expressions", A, n)
    built.check("expressions", A[:n], 9)
    if n:
        built.check("reductions", A, n)
        built.check("enumerated", A, n)
    built.check("stored", n)
    built.check("local_generator", A[:n], 2.0)
    built.check("same_names", n) if n else None
    built.check("type_changes", n) if n else None


def test_effects_in_order(built: oracle.Built) -> None:
    built.check("laziness", A)
    built.check("early", A)
    built.check("none_given", A)


def test_what_stays_python(build: Any) -> None:
    built = build("""
from hypersonic import boost

def up_to(n: int):
    for i in range(n): yield i

def catching(a):
    for x in a:
        try:
            yield 1 / x
        except ZeroDivisionError:
            yield 0.0

@boost
def first(n: int):
    g = up_to(n)
    return next(g)

@boost
def twice(n: int):
    g = up_to(n)
    return sum(g) + sum(g)

@boost
def beside(n: int):
    s = 0
    for a, b in zip(up_to(n), up_to(n)): s += a * b
    return s

@boost
def in_try(a: "float[:]"):
    s = 0.0
    for x in catching(a): s += x
    return s

@boost
def given(n: int): return up_to(n)
""")
    for name in ("first", "twice", "beside", "in_try", "given"):
        info = hypersonic.info(getattr(built.module, name))
        assert info.state == "python" and "HS0215" in built.log, (name, info.reason, built.log)
    assert built.module.first(3) == 0 and built.module.twice(3) == 3
