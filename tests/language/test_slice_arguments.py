"""Slices as arguments, as values inside, and as results."""

import hypersonic
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SOURCE = """
import numpy as np
from hypersonic import boost

# pythran export sliced(float[:], slice)
def sliced(a, s):
    return a[s]

@boost
def plane(a: "float[:, :]", s: slice, i: int):
    return a[s, i], a[i, s]

@boost
def planes(a: "float[:, :]", s: slice, t: slice):
    a[s, t] += 1
    return a[t].sum()

@boost
def listed(a: list[int], s: slice):
    return a[s]

@boost
def text(a: str, s: slice):
    return a[s]

@boost
def bounds(s: slice):
    return s.start, s.stop, s.step

@boost
def indices(s: slice, n: int):
    total = 0
    for i in range(*s.indices(n)):
        total += i
    return s.indices(n), total

@boost
def kind(s: "slice or int"):
    return isinstance(s, slice)

@boost
def passed(a: "float[:]", s: slice):
    return helper(a, s), helper(a, slice(1, 3))

def helper(a, s):
    if s.step is None:
        return a[s].sum()
    return a[s][0]

@boost
def made(n: int):
    s = slice(n, None)
    return s, slice(1, n, 2), (slice(None, n),)

def half(n):
    return slice(0, n // 2)

@boost
def by_function(a: "float[:]"):
    s = half(a.shape[0])
    return a[s], s, s == half(4), s.stop

@boost
def same(s: slice):
    return s == slice(1, 2), s == slice(None), bool(s)

@boost
def given_back(s: slice):
    return s

@boost
def emptied(a: list[int], s: slice):
    del a[s]
    return a

@boost
def replaced(a: list[int], s: slice):
    a[s] = [7, 8, 9]
    return len(a)
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


BOUND = st.one_of(st.none(), st.integers(-7, 7))
STEP = st.one_of(st.none(), st.integers(-3, 3))
SLICES = st.builds(slice, BOUND, BOUND, STEP)


def checked(built, name, *args):
    function = getattr(built.module, name)
    assert hypersonic.info(function).state == "cpu", built.log
    return built.check(name, *args)


@given(SLICES)
def test_any_slice(built, s):
    for name, value in (("sliced", np.arange(5.0)), ("listed", list(range(5))), ("text", "abcdé")):
        checked(built, name, value, s)
    checked(built, "bounds", s)
    checked(built, "kind", s)
    checked(built, "same", s)
    checked(built, "given_back", s)


@given(SLICES, st.integers(-1, 6))
def test_indices(built, s, n):
    checked(built, "indices", s, n)


@given(SLICES, SLICES)
def test_two_slices(built, s, t):
    checked(built, "planes", np.arange(20.0).reshape(4, 5), s, t)


@given(SLICES)
def test_lists_are_changed(built, s):
    checked(built, "emptied", list(range(5)), s)
    checked(built, "replaced", list(range(5)), s)


def test_others(built):
    a = np.arange(20.0).reshape(4, 5)
    checked(built, "plane", a, slice(1, 3), 2)
    checked(built, "plane", a, slice(None, None, 2), -1)
    checked(built, "passed", np.arange(6.0), slice(2, None))
    checked(built, "passed", np.arange(6.0), slice(2, None, 3))
    checked(built, "made", 3)
    checked(built, "by_function", np.arange(6.0))
    checked(built, "kind", 3)


def test_kernels_answer(built):
    for name in ("sliced", "planes", "bounds", "made", "by_function"):
        assert (
            hypersonic.info(getattr(built.module, name)).last_fallback is None
            or "line" in hypersonic.info(getattr(built.module, name)).last_fallback
        )


def test_bounds_that_are_no_ints_are_pythons(built):
    for s in (slice("a", "b"), slice(1.5), slice(2**70), slice(np.int64(1), None), slice(True, None)):
        checked(built, "sliced", np.arange(5.0), s)
    checked(built, "bounds", slice("a", 2.5, [1]))
