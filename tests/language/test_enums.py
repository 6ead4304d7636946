"""Members of enums: constants, names and values, comparisons, patterns, arguments and results; CPython's answers and exceptions."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import enum
from enum import Enum, Flag, IntEnum, IntFlag, auto, unique

import numpy as np
from hypersonic import boost

class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 4
    CRIMSON = 1

    def is_warm(self):
        return self is Color.RED

    @property
    def code(self):
        return self.value * 10

@unique
class Level(IntEnum):
    LOW = -1
    MIDDLE = 0
    HIGH = 5

class Kind(enum.Enum):
    LINEAR = "linear"
    CUBIC = "cubic"
    NONE = "none"

class Mixed(Enum):
    A = (1, 2.5)
    B = (3, 4.5)

class Scale(Enum):
    SMALL = 0.5
    LARGE = 2.0

class Auto(Enum):
    FIRST = auto()
    SECOND = auto()

class Access(Flag):
    READ = 1
    WRITE = 2
    RUN = 4
    ALL = 7

class Bits(IntFlag):
    A = 1
    B = 2
    C = 4

class Older(int, Enum):
    X = 3
    Y = 8

DEFAULT = Color.GREEN

@boost
def constants():
    return Color.RED, Level.HIGH, Kind.CUBIC, Access.ALL, Color.CRIMSON, DEFAULT, Auto.SECOND, Older.X

@boost
def same(c: Color, l: Level, k: Kind):
    return c, l, k

@boost
def facts(c: Color, l: Level, k: Kind, m: Mixed, s: Scale, a: Auto):
    return c.value, c.name, l.value, l.name, k.value, k.name, m.value, m.name, s.value * 2, s.name, a.value, a.name

@boost
def compared(a: Color, b: Color):
    return a is b, a is not b, a == b, a != b, a == Color.RED, a is Color.BLUE, a in (Color.RED, Color.BLUE), a == 1, a != 1

@boost
def ordered(a: Level, b: Level, n: int):
    return a < b, a <= b, a == b, a is b, a == n, a < n, a + b, -a, a * 2, max(a, b), min(a, b), abs(a), int(a), bool(a), [10, 20, 30, 40, 50, 60, 70][a]

@boost
def older(x: Older):
    return x + 1, x == 3, x is Older.X, x.value, x

@boost
def choose(kind: Kind, x: float):
    if kind is Kind.LINEAR:
        return x
    if kind == Kind.CUBIC:
        return x**3
    return 0.0

@boost
def matched(c: Color, k: Kind):
    match c:
        case Color.RED:
            n = 1
        case Color.GREEN | Color.BLUE:
            n = 2
        case _:
            n = 3
    match k, c:
        case Kind.LINEAR, Color.RED:
            n += 10
        case Kind.CUBIC, _:
            n += 20
    return n

@boost
def matched_level(l: Level):
    match l:
        case Level.LOW:
            return "low"
        case 0:
            return "zero"
        case Level():
            return "level"

@boost
def iterated(skip: Color):
    names = []
    total = 0
    for c in Color:
        if c is not skip:
            names.append(c.name)
            total += c.value
    return names, total, [l for l in Level], len(Color), list(Kind), [k.value for k in Kind]

@boost
def by_value(n: int):
    return Color(n)

@boost
def by_level(n: int):
    return Level(n).name

@boost
def by_text(k: str):
    return Kind(k)

@boost
def by_name():
    return Color["RED"], Kind["CUBIC"].value

@boost
def flags(a: Access, b: Access):
    return a | b, a & b, a ^ b, ~a, bool(a), bool(a & b), Access.READ in a, a == b, a is b, (a | Access.RUN).value, a == Access.READ | Access.WRITE

@boost
def bits(a: Bits, b: Bits):
    return a | b, a & b, a ^ b, a & 1, a + 1, a == 3, bool(a), a.value, int(a) | 8

@boost
def elements(colors: list[Color], counts: dict[Color, int], levels: list[Level]):
    for c in colors:
        counts[c] = counts.get(c, 0) + c.value
    colors.append(Color.BLUE)
    best = levels[0]
    for l in levels:
        if l > best:
            best = l
    return counts, [c for c in colors if c is not Color.RED], best, sorted(levels), Level.HIGH in levels, 5 in levels

@boost
def table(c: Color, a: "float[:]"):
    weights = {Color.RED: 0.5, Color.GREEN: 0.25, Color.BLUE: 2.0}
    return a.sum() * weights[c], weights[DEFAULT]

@boost
def methods(c: Color):
    return c.is_warm(), c.code, Color.RED.is_warm(), Color.BLUE.code

@boost
def default(x: float, kind: Kind = Kind.CUBIC, level: Level = Level.HIGH):
    return kind, x * level.value, level

@boost
def without_annotation(x: float, kind=Kind.CUBIC, other: int | None = None):
    if kind is Kind.CUBIC:
        x *= 2.0
    return x, kind

@boost
def maybe(c: "Color | None", n: int):
    if c is None:
        c = Color.RED if n > 0 else None
    return c, c is None, c == Color.RED

@boost
def both_maybe(a: "Color | None", b: "Color | None", l: "Level | None"):
    c = a if a is not None else Color.BLUE
    d = None
    for x in Level:
        if x.value == 5:
            d = x
    e = None
    for y in Color:
        if y is b:
            e = y
    return d is l, d is not l, d is c, d is Level.HIGH, e is a, e is Color.RED, Color.RED is e, e is not b

@boost
def optional_result(n: int):
    for l in Level:
        if l.value == n:
            return l
    return None

@boost
def instance(c: Color, l: Level):
    return isinstance(c, Color), isinstance(l, int), isinstance(c, int), isinstance(l, Color), isinstance(l, Level)

def helper(c, n):
    return c.value + n if c is Color.GREEN else c.value

@boost
def passed(c: Color, n: int):
    d = Color.GREEN if n > 3 else c
    return helper(c, n), helper(d, n), d

@boost
def numpy_of(l: Level, a: "int[:]"):
    return a[l], a + l, np.array([l, 2])

@boost
def fails(c: Color, a: "float[:]", n: int):
    a[0] = c.value
    d = Color(n)
    a[1] = d.value
    return d
"""


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)


def test_constants(built: oracle.Built) -> None:
    built.check("constants")
    built.check("by_name")


def test_names_and_values(built: oracle.Built) -> None:
    for c in built.Color:
        for level in built.Level:
            for kind in built.Kind:
                built.check("same", c, level, kind)
                built.check("matched", c, kind)
                built.check("facts", c, level, kind, built.Mixed.B, built.Scale.LARGE, built.Auto.SECOND)
                built.check("facts", c, level, kind, built.Mixed.A, built.Scale.SMALL, built.Auto.FIRST)


def test_comparisons(built: oracle.Built) -> None:
    for a in built.Color:
        built.check("methods", a)
        built.check("iterated", a)
        for b in built.Color:
            built.check("compared", a, b)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(-6, 6))
def test_members_of_an_int_enum_are_ints(built: oracle.Built, data: st.DataObject, n: int) -> None:
    a, b = (data.draw(st.sampled_from(list(built.Level))) for _ in range(2))
    built.check("ordered", a, b, n)
    built.check("matched_level", a)
    built.check("older", built.Older.X)
    built.check("older", built.Older.Y)
    if n >= 0:
        built.check("numpy_of", a, np.arange(6))


@settings(max_examples=60, deadline=None)
@given(a=st.integers(0, 7), b=st.integers(0, 7))
def test_flags(built: oracle.Built, a: int, b: int) -> None:
    built.check("flags", built.Access(a), built.Access(b))
    built.check("bits", built.Bits(a), built.Bits(b))


@pytest.mark.parametrize("n", range(-1, 6))
def test_members_by_value(built: oracle.Built, n: int) -> None:
    built.check("by_value", n)
    built.check("by_level", n)
    built.check("optional_result", n)
    built.check("fails", built.Color.BLUE, np.zeros(2), n)


def test_members_by_text(built: oracle.Built) -> None:
    for text in "linear", "cubic", "none", "other", "LINEAR", "":
        built.check("by_text", text)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_elements(built: oracle.Built, data: st.DataObject) -> None:
    colors = data.draw(st.lists(st.sampled_from(list(built.Color)), max_size=6))
    levels = data.draw(st.lists(st.sampled_from(list(built.Level)), min_size=1, max_size=6))
    built.check("elements", colors, dict.fromkeys(colors[:2], 3), levels)


def test_other_uses(built: oracle.Built) -> None:
    for c in built.Color:
        built.check("table", c, np.arange(3.0))
        built.check("passed", c, 3)
        built.check("passed", c, 4)
        built.check("maybe", c, 1)
        built.check("instance", c, built.Level.LOW)
    for n in 0, 1:
        built.check("maybe", None, n)
    for a in (None, *built.Color):
        for b in (None, *built.Color):
            for level in (None, *built.Level):
                built.check("both_maybe", a, b, level)
    for kind in built.Kind:
        built.check("choose", kind, 1.5)
        built.check("default", 2.5, kind)
        built.check("without_annotation", 2.5, kind)
    built.check("without_annotation", 2.5)
    built.check("default", 1.5)
    built.check("default", 1.5, built.Kind.NONE, built.Level.LOW)


def test_other_values_are_python_s(built: oracle.Built) -> None:
    for value in 1, "RED", built.Level.HIGH, None, np.int64(1):
        for name in "methods", "iterated":
            oracle.compare(getattr(built, name), getattr(built, name).__wrapped__, value)
    oracle.compare(built.ordered, built.ordered.__wrapped__, 1, built.Level.LOW, 3)
    oracle.compare(built.ordered, built.ordered.__wrapped__, built.Level.HIGH, built.Level.LOW, np.int64(3))
