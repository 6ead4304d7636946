"""Iterators, slices and functions that were made, as values; generators that are given on: as CPython runs them."""

from __future__ import annotations

from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import functools, itertools, operator, math, statistics, random, heapq
import numpy as np
from hypersonic import boost

@boost
def grows(a: list[int]):
    it = iter(a)
    x = next(it, 0)
    a.append(5)
    rest = [v for v in it]
    a.append(6)
    return x, rest, next(it, -1), list(it)

def take(it, n):
    out = []
    for x in it:
        out.append(x)
        if len(out) >= n:
            break
    return out

@boost
def in_functions(a: list[int]):
    it = iter(a)
    return take(it, 2), take(it, 1), list(it)

@boost
def of_rows(rows: list[list[int]]):
    s = []
    for row in rows:
        it = iter(row)
        first = next(it, None)
        if first is None:
            continue
        for x in it:
            s.append(first * x)
    return s

@boost
def pairs(a: list[int]):
    it = iter(a)
    pairs = []
    while True:
        x = next(it, -1)
        if x < 0:
            break
        pairs.append((x, next(it, 0)))
    return pairs

@boost
def in_comprehension(a: list[int]):
    it = iter(a)
    return [next(it, 9) for _ in range(3)], sum(it)

@boost
def walrus(a: list[int]):
    it = iter(a)
    found = []
    while (x := next(it, None)) is not None:
        found.append(x)
    return found

@boost
def of_iterables(a: list[int]):
    it = iter(enumerate(a))
    z = iter(zip(a, a[1:]))
    r = iter(reversed(a))
    return next(it), next(z, None), next(r), list(it), list(z), list(r)

@boost
def slices_of_arrays(x: "float[:, :]", i: int):
    s = slice(i, i + 2)
    i = 0
    x[s, 0] = 7.0
    y = x[s]
    return y, x[:, s], x[0][slice(None, None, -1)]

@boost
def deleted(a: list[int], i: int):
    s = slice(i, None)
    del a[s]
    return a

@boost
def partial(x: float):
    f = functools.partial(math.pow, x)
    x = 5.0
    return f(2.0), x

def add3(a, b, c=0):
    return a * 100 + b * 10 + c

@boost
def partials(x: int):
    f = functools.partial(add3, x, c=4)
    g = functools.partial(f, 2)
    return f(1), g(), [f(k) for k in range(3)]

def noisy(a, log):
    for x in a:
        log.append(x)
        yield x

@boost
def lazily(a: list[int]):
    log = []
    out = []
    for x in itertools.islice(noisy(a, log), 2):
        out.append(x)
    for x, y in zip(a[:1], noisy(a, log)):
        out.append(y)
    for y, x in zip(noisy(a, log), a[:1]):
        out.append(y)
    for x in itertools.takewhile(lambda v: v < 3, noisy(a, log)):
        out.append(x)
        log.append(-1)
    for k, y in enumerate(itertools.chain(noisy(a, log), [1])):
        log.append(-2)
    return out, log

@boost
def counted(a: list[int]):
    c = itertools.count(10)
    return [(next(c), x) for x in a], next(c)

@boost
def groups(a: list[int]):
    out = []
    for k, g in itertools.groupby(sorted(a)):
        for x in g:
            out.append(x)
            break
        out.append(len(list(g)))
    return out

@boost
def asks(n: int):
    return isinstance(n, int), isinstance(n, np.integer)

@boost
def of_arrays(a: "float[:]"):
    return statistics.fmean(a), statistics.median(a)

@boost
def tees(a: list[int]):
    p, q = itertools.tee(a)
    x = next(p, 0)
    a.append(99)
    y = next(q, 0)
    a[0] = 55
    return x, y, list(p), list(q), next(q, -1)

@boost
def first_index(a: list[int]):
    return next((i for i, x in enumerate(a) if x == 2), None)
"""

CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("grows", ([1, 2, 3],)),
    ("grows", ([],)),
    ("in_functions", ([1, 2, 3, 4, 5],)),
    ("in_functions", ([1],)),
    ("of_rows", ([[1, 2, 3], [], [4, 5]],)),
    ("pairs", ([1, 2, 3],)),
    ("in_comprehension", ([1, 2, 3, 4, 5],)),
    ("in_comprehension", ([1],)),
    ("walrus", ([1, 2],)),
    ("walrus", ([],)),
    ("of_iterables", ([1, 2, 3],)),
    ("of_iterables", ([],)),
    (
        "slices_of_arrays",
        (
            np.arange(12.0).reshape(4, 3),
            1,
        ),
    ),
    (
        "deleted",
        (
            [1, 2, 3],
            1,
        ),
    ),
    ("partial", (3.0,)),
    ("partials", (3,)),
    ("lazily", ([1, 2, 3, 4],)),
    ("counted", ([1, 2],)),
    ("groups", ([1, 2, 2, 2],)),
    ("asks", (np.int64(3),)),
    ("asks", (3,)),
    ("of_arrays", (np.array([1.0, 2.0]),)),
    ("tees", ([1, 2, 3],)),
    ("tees", ([],)),
    ("first_index", ([1, 2],)),
    ("first_index", ([],)),
]

REFUSED = """
import itertools
from hypersonic import boost

def again(it):
    for x in it:
        yield x
    for x in it:
        yield -x

def sums(it):
    return sum(it) + sum(it)

def lists(it):
    return [x for x in it]

@boost
def given_twice(a: list[int]):
    return list(again(x for x in a))

@boost
def summed_twice(a: list[int]):
    return sums(x for x in a)

@boost
def zipped_twice(a: list[int]):
    return [x for z in (zip(a, a),) for x in z], lists(zip(a, a))

@boost
def kept(a: list[int]):
    return iter(a)

@boost
def chosen(a: list[int], n: int):
    it = iter(a)
    return next(it) if n else 0

@boost
def of_set(a: set[int]):
    it = iter(a)
    return next(it)

@boost
def tee_of_generator(a: list[int]):
    p, q = itertools.tee(x for x in a)
    return list(p), list(q)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("iterators"), SOURCE)


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_as_python(built: oracle.Built, name: str, arguments: tuple[Any, ...]) -> None:
    numpy = any(isinstance(argument, np.generic) for argument in arguments)
    built.check(name, *arguments, compiled=not numpy)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-5, 5), max_size=8))
def test_generated(built: oracle.Built, numbers: list[int]) -> None:
    for name in (
        "grows",
        "in_functions",
        "in_comprehension",
        "walrus",
        "of_iterables",
        "lazily",
        "counted",
        "groups",
        "tees",
        "first_index",
    ):
        built.check(name, numbers)


def test_what_stays_python(tmp_path: Any) -> None:
    refused = oracle.build(tmp_path, REFUSED)
    for name in ("given_twice", "summed_twice", "kept", "chosen", "of_set", "tee_of_generator"):
        assert hypersonic.info(getattr(refused.module, name)).state == "python", (name, refused.log)
    assert refused.module.summed_twice([1, 2]) == 3


BESIDE_TUPLES = """
from hypersonic import boost

def two(x):
    yield x
    yield x

@boost
def weighted(a: list[float], n: int):
    total = 0.0
    for w, x in zip((0.5, 0.25, 2.0), a):
        total += w * x
    return total, [(i, w, x) for i, (w, x) in enumerate(zip((n, 2), a))], [c + d for c, d in zip(("a", "b"), "xyz")], list(zip([1, n], a))

@boost
def beside_generators(n: int):
    return [(x, y) for x, y in zip((1, n, 3), two(n))], [(x, y) for x, y in zip(two(n), (1, n))]

@boost
def enumerated(a: list[int], n: int):
    total = 0
    for i, (k, x) in zip(range(n), enumerate((5, n, 7))):
        total += i * k + x
    for x, y in zip(a, reversed((1, 2, n))):
        total += x * y
    return total, [(x, y) for x, y in zip(((1, 2.5), (3, 4.5)), a)], [(x, y) for x, y in zip(([1], [n]), a)], dict(zip(("a", "b"), a))
"""


@pytest.mark.parametrize("n", range(5))
def test_tuples_beside_what_is_as_long_as_it_is(build, n):
    built = build(BESIDE_TUPLES)
    built.check("weighted", [0.5, 1.5, 2.5, 3.5][:n], n)
    built.check("beside_generators", n)
    built.check("enumerated", [1, 2, 3, 4][:n], n)
