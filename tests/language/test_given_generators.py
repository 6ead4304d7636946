"""Generators and iterators that are given to functions of `itertools` and its like, and beside others in `zip`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import oracle
import pytest

SOURCE = """
import itertools, heapq, functools, operator, random, math, statistics
from hypersonic import boost
def doubled(a):
    for x in a:
        yield x * 2

@boost
def beside_objects(a: list[int], s: str, d: dict[str, int]):
    found = []
    for x, c, k, t in zip(doubled(a), s, d, a):
        found.append((x, c, k, t))
        if len(found) == 1:
            a.append(7)
    for c, x in zip(s, doubled(a)):
        found.append((x, c, "", 0))
    for x, y in zip(doubled(a), a):
        found.append((x, "", "", y))
    return found

@boost
def merged(a: list[int]): return list(heapq.merge((x for x in a), a))
@boost
def products(a: list[int]): return list(itertools.product((x for x in a), (y + 1 for y in a)))
@boost
def longest(a: list[int]): return list(itertools.zip_longest((x for x in a), a[1:], fillvalue=0))
@boost
def compressed(a: list[int]): return list(itertools.compress((x for x in a), a))
@boost
def grouped(a: list[int]): return [(k, list(g)) for k, g in itertools.groupby(x // 2 for x in a)]
@boost
def pairs(a: list[int]): return list(itertools.pairwise(x for x in a)), list(itertools.accumulate(x for x in a)), list(itertools.combinations((x for x in a), 2))
@boost
def in_parts(a: list[int]):
    it = iter(a)
    p = list(itertools.islice(it, 2))
    q = list(itertools.takewhile(lambda v: v > 2, it))
    return p, q, list(itertools.chain(it, [1]))
@boost
def enumerated(a: list[int]):
    it = iter(a)
    next(it, None)
    return list(enumerate(it)), list(zip(iter(a), a))
@boost
def skipping(a: list[int]):
    it = iter(a)
    out = []
    for i, x in enumerate(it):
        out.append((i, x))
        if i == 0:
            next(it, None)
    return out
@boost
def beside_list(a: list[int]):
    it = iter(a)
    return list(zip(it, a)), list(it)
@boost
def reductions(a: list[int]):
    return math.fsum(x * 0.5 for x in a), functools.reduce(operator.add, (x for x in a), 0), heapq.nsmallest(2, (x for x in a)), statistics.fmean(x * 1.0 for x in a)
@boost
def flattened(a: list[int]):
    s = 0
    for x in itertools.chain.from_iterable([y, y + 1] for y in a):
        s = s * 3 + x
    return s, list(itertools.starmap(lambda p, q: p + q, zip(a, a))), list(itertools.starmap(max, ((x, 3) for x in a)))
@boost
def permuted(n: int):
    found = []
    for p in itertools.permutations(range(n)):
        found.append(sum(i * x for i, x in enumerate(p)))
    return found, len(list(itertools.product("ab", repeat=n)))
@boost
def made(a: list[int], b: list[float]):
    f = functools.partial(max, 3)
    g = functools.partial(sorted, key=lambda v: -v)
    return f(a[0]), list(map(functools.partial(operator.mul, 2), a)), list(map(operator.itemgetter(0), zip(a, b)))
@boost
def words(words: list[str]):
    words.sort(key=operator.methodcaller("lower"))
    return words, sorted(words, key=operator.itemgetter(0)), max(words, key=len, default=""), list(map(operator.methodcaller("split", ","), words))
@boost
def first_of(d: dict[str, int], s: set[int]):
    return next(iter(d)), next(iter(s)), next(iter(d.values()), 0), next(iter(d.items()))
@boost
def rows(a: "float[:, :]"):
    it = iter(a)
    first = next(it)
    t = first.copy()
    for row in it:
        t += row
    return t
def total(xs, scale=1):
    s = 0
    for x in xs:
        s += x * scale
    return s
@boost
def totals(a: list[int]):
    return total(x * x for x in a), total(iter(a), 2), total(map(abs, a)), total(zip_sum(a))
def zip_sum(a):
    for x, y in zip(a, a[1:]):
        yield x + y
@boost
def best_pair(a: list[int]):
    best = None
    for i, j in itertools.combinations(range(len(a)), 2):
        v = a[i] * a[j]
        if best is None or v > best:
            best = v
    return best
"""

CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("merged", ([1, 2, 3],)),
    ("products", ([1, 2],)),
    ("longest", ([1, 2, 3],)),
    ("compressed", ([1, 0, 3],)),
    ("grouped", ([1, 2, 3, 4],)),
    ("pairs", ([1, 2, 3],)),
    ("in_parts", ([1, 2, 3, 4, 1, 9],)),
    ("in_parts", ([1],)),
    ("enumerated", ([1, 2, 3],)),
    ("skipping", ([1, 2, 3, 4],)),
    ("beside_list", ([1, 2, 3],)),
    ("reductions", ([1, 2, 3],)),
    ("flattened", ([1, 2, 3],)),
    ("permuted", (0,)),
    ("permuted", (3,)),
    (
        "made",
        (
            [4, 1],
            [0.5, 1.5],
        ),
    ),
    ("words", (["b,c", "A", "é,"],)),
    (
        "first_of",
        (
            {"a": 1},
            {5},
        ),
    ),
    (
        "first_of",
        (
            {},
            {5},
        ),
    ),
    ("rows", (np.arange(6.0).reshape(3, 2),)),
    ("totals", ([1, -2, 3],)),
    ("best_pair", ([1, -2, 3],)),
    ("best_pair", ([],)),
    (
        "beside_objects",
        (
            [1, 2, 3],
            "xyzw",
            {"p": 1, "q": 2},
        ),
    ),
    (
        "beside_objects",
        (
            [],
            "",
            {},
        ),
    ),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("given"), SOURCE)


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_as_python(built: oracle.Built, name: str, arguments: tuple[Any, ...]) -> None:
    built.check(name, *arguments)


HELD = """
import itertools, functools, operator, math
from hypersonic import boost
HALF = functools.partial(math.ldexp, 2.0)
KEY = operator.itemgetter(1)
LOWER = operator.methodcaller("lower")
@boost
def of_module(x: int):
    return HALF(x)
@boost
def getters(a: list[tuple[int, int]], s: list[str]):
    return sorted(a, key=KEY), list(map(LOWER, s)), KEY(a[0])
@boost
def held_iterators(a: list[int], b: list[int]):
    pairs = zip(a, b)
    a = [100]
    e = enumerate(b)
    r = reversed(b)
    return [y - x for x, y in pairs], next(e), list(e), list(r), list(pairs)
@boost
def held_range(n: int):
    r = range(1, n, 2)
    n = 0
    s = 0
    for i in r:
        for j in r:
            s += i * j
    return s, len(r), 3 in r, list(r), sum(r), max(r, default=-1), [x for x in r if x > 2], tuple(r)
def twice(r):
    return sum(r) * 100 + len(r)
@boost
def given_ranges(n: int):
    r = range(n)
    return twice(r), twice(range(2)), list(zip(r, r)), list(enumerate(r))
@boost
def tuples(a: list[int]):
    return tuple(itertools.islice(a, 2)), tuple(itertools.chain(a, [1])), tuple(itertools.product(a, a))
@boost
def held_zip(a: list[int]):
    it = zip(a, a[1:])
    first = next(it, None)
    return first, list(it)
"""

HELD_CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("of_module", (3,)),
    (
        "getters",
        (
            [(1, 2), (0, 1)],
            ["A"],
        ),
    ),
    (
        "held_iterators",
        (
            [1, 4, 2],
            [5, 6, 7],
        ),
    ),
    (
        "held_iterators",
        (
            [],
            [5],
        ),
    ),
    ("held_range", (8,)),
    ("held_range", (0,)),
    ("given_ranges", (4,)),
    ("tuples", ([1, 2, 3],)),
    ("tuples", ([],)),
    ("held_zip", ([1, 2, 3],)),
    ("held_zip", ([],)),
]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("held"), HELD)


@pytest.mark.parametrize(("name", "arguments"), HELD_CALLS)
def test_held(held: oracle.Built, name: str, arguments: tuple[Any, ...]) -> None:
    held.check(name, *arguments)


# As `gettext` of Python's library parses: at four places it calls itself, each with the generator that it was given.
RECURSIVE = """
from hypersonic import boost
def tokens(text):
    for c in text:
        yield c
    yield ""

def parse(source, priority):
    result = ""
    token = next(source)
    while token == "!":
        result += "not "
        token = next(source)
    if token == "(":
        inner, token = parse(source, 0)
        result = "%s(%s)" % (result, inner)
    elif token == "n":
        result = "%s%s" % (result, token)
    else:
        result = "%s%d" % (result, int(token, 10))
    token = next(source)
    while token == "+" or token == "*":
        operator = token
        right, token = parse(source, priority + 1)
        result = "%s %s %s" % (result, operator, right)
    if token == "?" and priority <= 0:
        true, token = parse(source, 0)
        false, token = parse(source, 0)
        result = "%s if %s else %s" % (true, result, false)
    return result, token

@boost
def parsed(text: str):
    return parse(tokens(text), 0)
"""


def test_recursion_that_is_written_out_comes_to_an_end(tmp_path: Path) -> None:
    built = oracle.build(tmp_path, RECURSIVE)
    assert built.state("parsed") == "python"
    assert "`parse` is written out too often" in built.log
    assert built.module.parsed("n+1*n") == ("n + 1 * n", "")
