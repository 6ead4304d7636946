"""NamedTuples: made, read, compared, given, returned as instances of the very class; CPython's answers and exceptions."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = '''
from collections import namedtuple
from typing import NamedTuple

import collections
import numpy as np
from hypersonic import boost

class Point(NamedTuple):
    """A place."""
    x: float
    y: float = 0.5

    def norm2(self):
        return self.x * self.x + self.y * self.y

    @property
    def mean(self):
        return (self.x + self.y) / 2

    @staticmethod
    def twice(k):
        return 2 * k

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

class Box(NamedTuple):
    low: Point
    high: Point
    name: str = "box"

class Field(NamedTuple):
    values: "float[:]"
    step: float
    count: int

class Maybe(NamedTuple):
    key: int
    value: "float | None" = None

Pair = namedtuple("Pair", "a b")
Triple = collections.namedtuple("Triple", ["a", "b", "c"], defaults=(7, "seven"))

@boost
def made(x: float, y: float):
    return Point(x, y), Point(y), Point(y=x, x=y), Point(x, y=y + 1)

@boost
def read(p: Point):
    a, b = p
    first, *rest = p
    return p.x, p.y, p[0], p[-1], p[0:1], len(p), a - b, first, rest, p.norm2(), p.mean, p.twice(3), Point.twice(4)

@boost
def same(p: Point):
    return p

@boost
def replaced(p: Point, x: float):
    return p._replace(x=x), p._replace(y=x, x=p.y), p._replace()

@boost
def facts(p: Point, b: Box):
    return Point._fields, p._fields, Box._fields, p._asdict(), Point._make((p.y, p.x)), Point._make([1.0, 2.0])

@boost
def compared(p: Point, q: Point):
    return p == q, p != q, p < q, p <= q, p > q, p >= q, p == (q.x, q.y), p < (q.x, 3.0), max(p, q), min(p, q), sorted([p, q])

@boost
def nested(b: Box, s: float):
    moved = Box(Point(b.low.x + s, b.low.y), b.high, name=b.name + "!")
    return moved, moved.low.x, moved.high[1], b._replace(high=Point(s))

@boost
def plain(a: int, b: str):
    t = Triple(a)
    u = Triple(a, b)
    v = Triple(a, 2, c=b)
    return Pair(a, b), t, u, v, t.b + a, u.c, v.c

@boost
def pair_of_floats(p: tuple[float, float]):
    q = Pair(*p)
    return q.a + q.b, q

@boost
def field(f: Field, scale: float):
    f.values[:] *= scale
    return f.values.sum() * f.step + f.count, Field(f.values * 2, f.step, f.count + 1), f

@boost
def in_list(points: list[Point], shift: float):
    out = []
    for p in points:
        out.append(Point(p.x + shift, p.y))
    points.append(Point(shift))
    if points:
        points[0] = Point(points[0].y, points[0].x)
    return out, sum([p.x for p in points]), [p for p in points if p.x > shift]

@boost
def in_dict(by_name: dict[str, Point], grid: dict[Point, int]):
    total = 0.0
    for name, p in by_name.items():
        total += p.x * len(name)
        grid[p] = grid.get(p, 0) + 1
    by_name["new"] = Point(total)
    return total, {p: n for p, n in grid.items()}, Point(1.0, 2.0) in grid, (1.0, 2.0) in grid

@boost
def in_set(points: list[Point]):
    seen = set(points)
    return seen, len(seen), Point(0.0, 0.0) in seen

@boost
def maybe(m: Maybe, n: "Point | None"):
    if m.value is None:
        m = m._replace(value=1.5)
    if n is None:
        return m, None
    return m, n._replace(y=2.5)

@boost
def added(p: Point, q: Point):
    return p + q, (p + q).x

@boost
def loop(p: Point, n: int):
    for i in range(n):
        p = Point(p.y, p.x + i)
        if p.x > 100.0:
            break
    best = p
    for q in [Point(1.0), Point(-1.0, 3.0), p]:
        if q.norm2() > best.norm2():
            best = q
    return p, best

def helper(p, k):
    return p._replace(x=p.x * k), p.y

@boost
def given(p: Point, k: float):
    q, y = helper(p, k)
    r, _ = helper(q, k + y)
    return q, r

@boost
def matched(p: Point):
    match p:
        case Point(0.0, 0.0):
            return 0
        case Point(x=0.0):
            return 1
        case Point(x, y) if x == y:
            return 2
        case (a, 5.0):
            return 3
        case _:
            return 4

@boost
def instance(p: Point, b: Box):
    return isinstance(p, Point), isinstance(p, tuple), isinstance(p, Box), isinstance(b, (int, Box))

@boost
def conditional(p: Point, q: Point, c: bool):
    r = p if c else q
    return r, p or q, not p, bool(q)

@boost
def fails(points: list[Point], a: "float[:]", i: int):
    points.append(Point(1.0))
    a[0] = 5.0
    points[0] = Point(2.0, float(a[i]))
    return points[0]

@boost
def integers(n: int):
    return Pair(n, n // 2), Pair(True, None), Point(n, n + 1)

@boost
def array_of(p: Point):
    return np.array(p), np.hypot(*p), np.array([p, p]), np.sum(p)

@boost
def numbers(p: tuple[Point, int]):
    q, k = p
    return q.x * k, (q, k + 1)

@boost
def membership(p: Point, x: float):
    q = Pair(x, p.x)
    return x in p, sum(p), max(p), list(p), [v * 2 for v in p], q + (x,), q * 2, tuple(p)
'''


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)


floats = st.floats(-100, 100) | st.sampled_from([0.0, -0.0, 1.0, float("inf")])
quick = settings(max_examples=60, deadline=None)


@quick
@given(x=floats, y=floats)
def test_they_are_made_by_position_and_by_keyword(built: oracle.Built, x: float, y: float) -> None:
    built.check("made", x, y)
    built.check("added", built.Point(x, y), built.Point(y, x))


@quick
@given(x=floats, y=floats)
def test_they_are_read_by_name_index_and_unpacking(built: oracle.Built, x: float, y: float) -> None:
    p = built.Point(x, y)
    built.check("read", p)
    built.check("same", p)
    built.check("replaced", p, y)
    built.check("numbers", (p, 3))
    built.check("given", p, y)


def test_class_facts(built: oracle.Built) -> None:
    p = built.Point(1.5, 2.5)
    built.check("facts", p, built.Box(p, p))
    built.check("instance", p, built.Box(p, p))


@quick
@given(a=floats, b=floats, c=floats, d=floats)
def test_they_are_compared_as_tuples(built: oracle.Built, a: float, b: float, c: float, d: float) -> None:
    built.check("compared", built.Point(a, b), built.Point(c, d))
    built.check("compared", built.Point(a, b), built.Point(a, d))
    built.check("conditional", built.Point(a, b), built.Point(c, d), a < b)


def test_nested_and_plain_ones(built: oracle.Built) -> None:
    p, q = built.Point(1.0, 2.0), built.Point(-1.0, 0.0)
    built.check("nested", built.Box(p, q, "b"), 4.0)
    built.check("plain", 5, "text")
    built.check("pair_of_floats", (1.0, 2.5))
    built.check("integers", 9)
    built.check("array_of", p)
    built.check("loop", p, 30)
    built.check("membership", p, 2.0)
    built.check("membership", p, 7.0)


def test_arrays_in_them_are_those_of_the_caller(built: oracle.Built) -> None:
    values = np.arange(5.0)
    assert built.check("field", built.Field(values, 0.5, 3), 2.0)[0] == 13.0
    mine = built.Field(values, 0.5, 3)
    _, made, back = built.field(mine, 3.0)
    assert back.values is values and values[1] == 3.0 and type(made) is built.Field


@quick
@given(points=st.lists(st.tuples(floats, floats), max_size=6), shift=floats)
def test_they_are_elements(built: oracle.Built, points: list[tuple[float, float]], shift: float) -> None:
    as_points = [built.Point(*p) for p in points]
    built.check("in_list", as_points, shift)
    built.check("in_dict", {str(n): p for n, p in enumerate(as_points)}, {p: 1 for p in as_points[:2]})
    built.check("in_set", as_points)


def test_they_may_hold_none_and_be_none(built: oracle.Built) -> None:
    for maybe in built.Maybe(1, 2.0), built.Maybe(3):
        for point in None, built.Point(4.0, 5.0):
            built.check("maybe", maybe, point)


@quick
@given(x=st.sampled_from([0.0, 1.0, 5.0]), y=st.sampled_from([0.0, 1.0, 5.0]))
def test_patterns(built: oracle.Built, x: float, y: float) -> None:
    built.check("matched", built.Point(x, y))


@pytest.mark.parametrize("i", [0, 2, 3, -4])
def test_what_was_written_before_an_exception_stays(built: oracle.Built, i: int) -> None:
    built.check("fails", [built.Point(3.0)], np.arange(3.0), i)


MESSAGES = """
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple
from hypersonic import boost

class Point(NamedTuple):
    x: float
    y: float

class Kind(Enum):
    A = 1
    B = 2

@dataclass
class Body:
    n: int

@boost
def f(a: "float[:]", d: dict[Point, int], e: dict[Kind, int], l: list[Point], p: Point, k: Kind, n: int, bs: list[Body], q: tuple[float, float],
      t: dict[tuple[float, float], int]):
    a[0] = 1.0
    if n == 0:
        return d[p]
    if n == 1:
        return e[k]
    if n == 2:
        return l.index(p)
    if n == 3:
        l.remove(p)
    if n == 4:
        return d.pop(p)
    if n == 5:
        del e[k]
    if n == 6:
        return bs.index(Body(99))
    if n == 7:
        return d[(5.0, 6.0)]
    if n == 8:
        return t[q]
    if n == 9:
        return t[p]
    if n == 10:
        return l.index(q)
    if n == 11:
        return Kind(7).value
    return 0
"""


def test_messages_behind_a_write_name_the_class(build: Any) -> None:
    made = build(MESSAGES)
    point, kind = made.Point, made.Kind
    for n in range(13):
        zero = point(0.0, 0.0)
        arguments = ({zero: 1}, {kind.A: 1}, [zero], point(1.0, 2.0), kind.B, n, [made.Body(1)], (3.0, 4.0), {(0.0, 0.0): 1})
        made.check("f", np.zeros(2), *arguments)


def test_other_values_are_python_s(built: oracle.Built) -> None:
    class Sub(built.Point):  # type: ignore[name-defined,misc]
        pass

    for given_ in (1.0, 2.0), Sub(1.0, 2.0), built.Pair(1.0, 2.0), built.Point("a", "b"), built.Point(np.float32(1), 2.0), None:
        oracle.compare(built.read, built.read.__wrapped__, given_)
        oracle.compare(built.same, built.same.__wrapped__, given_)
    assert built.same((1.0, 2.0)) == (1.0, 2.0)
    assert type(built.same(Sub(1.0, 2.0))) is Sub
    assert type(built.same(built.Point(1.0, 2.0))) is built.Point
