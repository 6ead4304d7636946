"""Tuples whose length is known at run time only: made, asked, compared, keys of dicts, arguments and results."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def made(a: "float[:]", xs: list[int], s: str): return tuple(a), tuple(xs), tuple(s), tuple(range(len(xs))), tuple({1: 2.0}), tuple([x + 1 for x in xs])

@boost
def asked(t: tuple[int, ...], i: int):
    total = 0
    for n, x in enumerate(t):
        total += n * x
    return len(t), total, i in t, t.count(i), sum(t), t[::2], t[::-1], sorted(t), list(t), bool(t), max(t + (i,) * 1, default=0)

@boost
def item(t: tuple[int, ...], i: int): return t[i]

@boost
def found(t: tuple[float, ...], x: float): return t.index(x)

@boost
def compared(t: tuple[int, ...], u: tuple[int, ...]): return t == u, t != u, t < u, t <= u, t > u, t >= u, t == (1, 2), (1,) == t

@boost
def joined(t: tuple[int, ...], u: tuple[int, ...], n: int): return t + u, t * n, n * t, tuple(t), tuple(u + t)

@boost
def unpacked(t: tuple[int, ...]):
    a, b = t
    first, *rest = t
    return a - b, first, rest

@boost
def counted(rows: "int[:, :]"):
    counts = {}
    for row in rows:
        key = tuple(row)
        counts[key] = counts.get(key, 0) + 1
    return counts

@boost
def cached(rows: "float[:, :]"):
    cache = {}
    out = np.zeros(rows.shape[0])
    for i in range(rows.shape[0]):
        key = tuple(rows[i])
        if key not in cache:
            cache[key] = rows[i] * 2
        out[i] = cache[key].sum() + len(cache)
    return out

@boost
def looked_up(d: dict[tuple[int, ...], float], t: tuple[int, ...]):
    d[t] = d.get(t, 0.0) + 1.0
    return d[t], len(d), (1, 2) in d

@boost
def nested(ts: list[tuple[int, ...]]):
    seen = {}
    for t in ts:
        seen[(t, len(t))] = tuple([t, t[1:]])
    return seen

@boost
def arrays(t: tuple[float, ...], a: "float[:]"): return np.array(t), np.sum(t), a[:len(t)] + np.asarray(t)

@boost
def chosen(t: tuple[int, ...], again: bool):
    u = t
    if again:
        u = t + t
    return u
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


ints = st.lists(st.integers(-3, 3), max_size=5).map(tuple)


@settings(max_examples=60, deadline=None)
@given(ints, ints, st.integers(-6, 6))
def test_whatever_python_says(built, t, u, n):
    built.check("asked", t, n)
    built.check("item", t, n)
    built.check("compared", t, u)
    built.check("compared", t, t)
    built.check("joined", t, u, n)
    built.check("unpacked", t)
    built.check("chosen", t, n > 0)
    built.check("looked_up", {t: 1.5, (1, 2): 2.5}, u)
    built.check("nested", [t, u, t])
    built.check("found", tuple(map(float, t)), float(n))


def test_made_of_other_things(built):
    for n in (0, 1, 4):
        made = built.check("made", np.arange(n) / 2, list(range(n)), "abcd"[:n])
        assert all(type(one) is tuple for one in made)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=2), min_size=1, max_size=8))
def test_rows_as_keys(built, rows):
    built.check("counted", np.array(rows, np.int64))
    built.check("cached", np.array(rows, float))
    built.check("cached", np.array(rows, float).T)


def test_keys_that_python_finds_by_identity(built):
    built.check("cached", np.array([[np.nan, 1.0], [np.nan, 1.0], [0.0, 1.0], [-0.0, 1.0]]))


def test_as_arrays(built):
    built.check("arrays", (1.0, 2.5), np.arange(4.0))
    built.check("arrays", (), np.arange(4.0))


def test_what_it_takes(built):
    with pytest.raises(TypeError):
        built.item(3, 0)
    built.check("item", (1, 2.5), 1)
    built.check("item", [1, 2], 1)
    built.check("item", (1, 2**70), 1)


def test_sets_of_them_have_the_order_of_python(build):
    built = build(
        """
        from hypersonic import boost

        @boost
        def seen(ts: list[tuple[int, ...]]):
            found = {t for t in ts}
            return len(found), found, list(found)
        """
    )
    built.check("seen", [])
    built.check("seen", [tuple(range(n)) for n in range(20)] + [(-1,), (-2,), (0, 0), (1,)])
