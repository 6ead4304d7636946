"""`Sequence`, `Iterable`, `Mapping` and their kin stand for the containers of Python's own that are such."""

from collections import deque

import hypersonic
import pytest

SOURCE = """
import collections.abc
import typing
from collections.abc import Collection, Iterable, Mapping, MutableMapping, MutableSequence, Sequence
from hypersonic import boost

@boost
def total(xs: Sequence[float]):
    s = 0.0
    for i in range(len(xs)):
        s += xs[i]
    return s

@boost
def largest(xs: Iterable[int]):
    best = -1
    for x in xs:
        best = max(best, x)
    return best

@boost
def size(xs: Collection[str]):
    return len(xs), "a" in xs

@boost
def lookup(d: Mapping[str, int], key: str):
    return d.get(key, -1), sorted(d)

@boost
def count(d: MutableMapping[str, int], keys: typing.Sequence[str]):
    for key in keys:
        d[key] = d.get(key, 0) + 1

@boost
def extend(xs: MutableSequence[int], n: int):
    for i in range(n):
        xs.append(i)

@boost
def rows(xs: Sequence[Sequence[int]]):
    return [sum(row) for row in xs]

@boost
def sets(a: collections.abc.Set[int], b: typing.AbstractSet[int]):
    return len(a & b), max(a)

@boost
def union(xs: "Sequence[int] | None" = None):
    return 0 if xs is None else xs[0]
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


CALLS = [
    ("total", ([1.0, 2.5],)),
    ("total", ((1.0, 2.5),)),
    ("largest", ([3, 9, 4],)),
    ("largest", ((3, 9, 4),)),
    ("largest", ({3, 9, 4},)),
    ("size", (["a", "b"],)),
    ("size", (("b",),)),
    ("size", ({"b", "c"},)),
    ("lookup", ({"b": 1, "a": 2}, "a")),
    ("count", ({"b": 1}, ["b", "c", "b"])),
    ("count", ({"b": 1}, ("b", "c", "b"))),
    ("extend", ([5], 3)),
    ("rows", ([[1, 2], [3]],)),
    ("rows", (((1, 2), (3,)),)),
    ("rows", ([(1, 2), (3,)],)),
    ("sets", ({1, 2}, {2, 3})),
    ("sets", (frozenset({1, 2}), {2, 3})),
    ("union", ((3, 4),)),
    ("union", ()),
]


@pytest.mark.parametrize(("name", "args"), CALLS)
def test_each_of_them(built, name, args):
    function = getattr(built.module, name)
    before = hypersonic.info(function).last_fallback
    built.check(name, *args)
    after = hypersonic.info(function).last_fallback
    assert after == before or "looks at little" in after, after


def test_others_are_pythons(built):
    for name, args in (("largest", (deque([1, 2]),)), ("largest", (range(4),)), ("total", (deque([1.5]),)), ("size", ("abc",))):
        before = hypersonic.info(getattr(built.module, name)).fallbacks
        built.check(name, *args)
        assert hypersonic.info(getattr(built.module, name)).fallbacks == before + 1


def test_what_they_hold_is_said(build):
    built = build("from typing import Sequence\nfrom hypersonic import boost\n@boost\ndef f(x: Sequence):\n    return x\n")
    assert built.state("f") == "python"
    assert "`Sequence` does not say what it holds" in built.log
    assert "write `Sequence[float]`" in built.log
