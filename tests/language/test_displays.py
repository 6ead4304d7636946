"""Displays with `*` and `**`, `zip(*rows)`, `dict.fromkeys`, frozensets, sets of tuples of any length, identity."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Built, build

SOURCE = """
from hypersonic import boost

@boost
def lists(a: list[int], b: set[int], x: int):
    return [*a, x], [x, *a, *a], [*b], [*range(x), *a], [*a], [*(v * v for v in a)], [*a, a.pop() if a else 0]

@boost
def lazily(a: list[int], x: int):
    grown = [x]
    grown.extend(map(abs, a))
    grown += filter(lambda v: v > x, a)
    seen = {x}
    seen.update(v * v for v in a)
    return [*map(abs, a), x], (*filter(None, a), x), {*map(str, a)}, [*map(lambda v, w: v * w, a, a)], grown, seen, seen.union(map(abs, a))

@boost
def tuples(a: list[int], t: tuple[int, float], x: int):
    return (*a, x), (x, *a), (*t, x), [*t[:1], x], (*a,)

@boost
def sets(a: list[int], s: set[int], x: int):
    return {*s, x}, {*a, *s}, {x, *a}

@boost
def dicts(d: dict[str, int], e: dict[str, int], k: str, v: int):
    return {**d, k: v}, {k: v, **d}, {**d, **e}, {**e}

@boost
def keywords(n: int, d: dict[str, int]):
    return dict(a=1, b=n), dict(d, a=n), dict([("x", n)], y=2)

@boost
def from_keys(words: list[str], n: int):
    return dict.fromkeys(words, n), list(dict.fromkeys(words)), dict.fromkeys(words), dict.fromkeys("abca", 0.5)

@boost
def transpose(rows: list[list[int]]):
    total = 0
    for column in zip(*rows):
        total += max(column) * len(column)
    return [list(column) for column in zip(*rows)], list(zip(*rows)), total

@boost
def columns(pairs: list[tuple[int, str]]):
    numbers, words = zip(*pairs)
    return numbers, words, sum(numbers)

@boost
def of_triples(rows: list[tuple[float, float, float]]):
    return [sum(column) for column in zip(*rows)]

@boost
def frozen(a: list[int], s: set[int]):
    f = frozenset(a)
    g = frozenset(s)
    return f, f | g, f & s, s - f, f ^ g, f == g, f == s, s == f, f <= g, 2 in f, len(f), f.union(a), frozenset(), f.isdisjoint(g), set(f)

@boost
def frozen_argument(f: frozenset[int], g: frozenset[int]):
    f |= g
    return f, sorted(f), f.difference(g), g.copy(), sum(f), [x for x in f]

@boost
def frozen_keys(groups: list[list[int]]):
    counts = {}
    seen = set()
    for group in groups:
        key = frozenset(group)
        counts[key] = counts.get(key, 0) + 1
        seen.add(key)
    return counts, len(seen), frozenset([1, 2]) in seen, seen

@boost
def tuples_in_sets(rows: list[list[int]]):
    seen = set()
    for row in rows:
        seen.add(tuple(row))
    return seen, [t for t in seen], tuple([1, 2]) in seen

@boost
def argument_set(s: set[tuple[int, ...]], t: tuple[int, ...]):
    s.add(t)
    return len(s), s

@boost
def identity(a: list[int], b: list[int], d: dict[int, int]):
    c = a
    e = list(a)
    rows = [a, b]
    return a is b, c is a, e is a, e is not a, rows[0] is a, rows[1] is a, d is a, any(row is b for row in rows)

@boost
def instances(a: list[int], s: set[int], f: frozenset[int], d: dict[int, int], t: str, n: int):
    found = None
    if n > 0:
        found = n
    return (isinstance(a, list), isinstance(s, set), isinstance(f, set), isinstance(f, frozenset), isinstance(d, dict), isinstance(t, str),
            isinstance(a, (tuple, list)), isinstance(found, int), isinstance(found, (int, type(None))) if False else isinstance(found, str))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("displays"), SOURCE)


numbers = st.lists(st.integers(-3, 9), max_size=6)
words = st.lists(st.sampled_from(["a", "b", "c"]), max_size=5)


@settings(deadline=None)
@given(a=numbers, b=st.sets(st.integers(0, 9)), x=st.integers(0, 4))
def test_stars(built: Built, a: list[int], b: set[int], x: int) -> None:
    built.check("lists", a, b, x)
    built.check("tuples", a, (x, 0.5), x)
    built.check("sets", a, b, x)
    built.check("lazily", a, x)


@settings(deadline=None)
@given(words=words, others=words, n=st.integers(-3, 3))
def test_dicts(built: Built, words: list[str], others: list[str], n: int) -> None:
    d, e = {word: k for k, word in enumerate(words)}, dict.fromkeys(others, n)
    built.check("dicts", d, e, "b", n)
    built.check("keywords", n, d)
    built.check("from_keys", words, n)


@settings(deadline=None)
@given(
    rows=st.lists(numbers, max_size=4), pairs=st.lists(st.tuples(st.integers(), st.text("ab", max_size=2)).filter(lambda p: abs(p[0]) < 99))
)
def test_columns(built: Built, rows: list[list[int]], pairs: list[tuple[int, str]]) -> None:
    built.check("transpose", rows)
    built.check("columns", pairs)
    built.check("of_triples", [(n + 0.5, n * 2.0, 1.0) for n, _ in pairs])


@settings(deadline=None)
@given(a=numbers, s=st.sets(st.integers(0, 9)), rows=st.lists(numbers, max_size=6))
def test_frozen(built: Built, a: list[int], s: set[int], rows: list[list[int]]) -> None:
    built.check("frozen", a, s)
    built.check("frozen_argument", frozenset(a), frozenset(s))
    built.check("frozen_keys", rows)
    built.check("tuples_in_sets", rows)
    built.check("argument_set", {tuple(row) for row in rows}, tuple(a))


@settings(deadline=None)
@given(a=numbers, n=st.integers(-1, 1))
def test_identity(built: Built, a: list[int], n: int) -> None:
    built.check("identity", a, [1], {1: 2})
    built.check("instances", a, {1}, frozenset(a), {}, "x", n)
    assert built.identity(a, a, {})[0] is True


def test_a_star_of_a_number_is_refused(tmp_path: Path) -> None:
    source = """
    from hypersonic import boost

    @boost
    def f(n: int):
        return [*n, 1]
    """
    made = build(tmp_path, source)
    assert made.state("f") == "python"
    assert "`*` needs a tuple" in made.log
