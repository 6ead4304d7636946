"""CPython takes one object for equal to itself before it compares: two NaN in tuples and lists are equal if they are one object."""

from __future__ import annotations

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
from hypersonic import boost

@boost
def itself(x: float):
    t = (x, 1)
    return t == t, t != t, t < t, t <= t, x in t, x in (1.0, 2.0)

@boost
def pair(x: float, y: float):
    return (x, 1) == (y, 1), (x, 1) < (y, 2), x in (1.0, y), (x, (y, 2)) == (y, (x, 2))

@boost
def alias(x: float):
    y = x
    return (x, 1) == (y, 1), x in (y,)

@boost
def lists(a: list[float], b: list[float], x: float):
    return x in a, a == b, a < b, a.count(x), a == a

@boost
def tuples(a: list[tuple[float, int]], x: tuple[float, int]):
    return x in a, a.count(x), max(a), sorted(a)

@boost
def elements(a: "float[:]"):
    return (a[0], 1) == (a[0], 1), a[0] in (a[0], a[1])

@boost
def fresh(a: "float[:]", x: float, y: float):
    a[0] = 1.0
    return (x + 1.0, 1) == (y, 1), (a[1], 0) == (a[1], 0), x * y in (x, y), (x - x, y) < (x, y)

@boost
def numbers(z: complex, w: complex):
    return (z, 1) == (w, 1), z in (w, 1j)

@boost
def behind_a_write(a: "float[:]", x: float, y: float):
    a[0] = 1.0
    return (x, 1) == (y, 1)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("nan"), SOURCE)


ONE, OTHER = float("nan"), float("nan")
FLOATS = st.sampled_from([ONE, OTHER, 1.0, -0.0, 0.0, 2.5])


@settings(max_examples=50, deadline=None)
@given(x=FLOATS, y=FLOATS)
def test_two_floats(built: oracle.Built, x: float, y: float) -> None:
    built.check("itself", x)
    built.check("pair", x, y)
    built.check("alias", x)
    built.check("elements", np.array([x, y]))
    built.check("fresh", np.array([x, y]), x, y)
    built.check("numbers", complex(x, y), complex(y, 0.0))


@settings(max_examples=50, deadline=None)
@given(
    a=st.lists(FLOATS, max_size=4),
    b=st.lists(FLOATS, max_size=4),
    x=FLOATS,
    rows=st.lists(st.tuples(FLOATS, st.integers(0, 2)), min_size=1, max_size=4),
)
def test_lists(built: oracle.Built, a: list[float], b: list[float], x: float, rows: list[tuple[float, int]]) -> None:
    built.check("lists", a, b, x)
    built.check("lists", a, a, x)
    built.check("tuples", rows, rows[0])
    built.check("tuples", rows, (x, 1))


def test_one_object_or_two(built: oracle.Built) -> None:
    """The oracle's copies keep the objects; here they are given as they are."""
    assert built.pair(ONE, ONE)[0] is True
    assert built.pair(ONE, OTHER)[0] is False
    z = complex(ONE, 0.0)
    assert built.numbers(z, z) == (True, True)
    assert built.numbers(z, complex(ONE, 0.0)) == (False, False)
    assert built.itself(ONE)[:2] == (True, False)


def test_behind_a_write_it_stays_python(built: oracle.Built) -> None:
    assert built.state("behind_a_write") == "python"
    assert "whether two NaN are one object, after something that the caller can see" in built.log
