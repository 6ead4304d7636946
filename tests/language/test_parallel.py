"""Parallel loops: the answers of CPython, the same for every number of threads, whatever runs beside them."""

from __future__ import annotations

from collections.abc import Iterator

import hypersonic
import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

# `schedule` makes many chunks of few iterations, which by themselves would not be worth it.
SOURCE = """
import numpy as np
from hypersonic import boost, prange

@boost
def integers(a: "int[:]", s: int):
    p = 1
    low, high = a[0], a[0]
    x, y, z = 0, -1, 5
    where = -1
    # omp parallel for reduction(+:s) reduction(*:p) reduction(min:low) reduction(max:high) \\
    #     reduction(^:x) reduction(&:y) reduction(|:z) lastprivate(where) schedule(static, 3)
    for i in range(a.shape[0]):
        s += a[i]
        p *= a[i] % 3 + 1
        if a[i] < low:
            low = a[i]
        high = max(high, a[i])
        x ^= a[i]
        y &= a[i]
        z |= a[i]
        if a[i] % 5 == 0:
            where = i
    return s, p, low, high, x, y, z, where

@boost
def numpys(a: "int32[:]", b: "uint8[:]"):
    s = np.int32(7)
    p = np.uint8(3)
    t = a[0] + b[0]
    # omp parallel for schedule(dynamic, 2)
    for i in prange(a.shape[0]):
        s += a[i]
        p *= b[i]
        t -= b[i]
    return s, p, t

@boost
def floats(a: "float[:]", b: "float32[:]", c: "complex[:]", s: float):
    t = b[0]
    z = c[0]
    p = 1.0
    low = a[0]
    high = -np.inf
    at = -1
    # omp parallel for schedule(guided, 4)
    for i in prange(a.shape[0]):
        s += a[i]
        t += b[i]
        z -= c[i] * a[i]
        p *= 1.0 + a[i] / 64
        low = min(low, a[i])
        if a[i] > high:
            high = a[i]
            at = i
    return s, t, z, p, low, high, at

@boost
def logic(a: "int[:]", bad: int):
    every, some, odd = True, False, False
    # omp parallel for reduction(&&:every) reduction(||:some) schedule(static, 2)
    for i in range(a.shape[0]):
        positive = a[i] > 0
        every = every and positive
        some = some or positive
        odd ^= a[i] % 2 == 1
    return every, some, odd

@boost
def ranged(start: int, stop: int, step: int, a: "int[:]"):
    s = 0
    i = 77
    # omp parallel for schedule(static, 2)
    for i in prange(start, stop, step):
        s += i
        a[(i - start) // step] = i
    else:
        s += 1000
    return s, i

@boost
def far(start: int, stop: int, step: int):
    n = 0
    last = 0
    # omp parallel for schedule(static, 1)
    for i in prange(start, stop, step):
        n += 1
        last = i
    return n, last

@boost
def last_values(a: "int[:]", k: int):
    found, square = -1, 0
    # omp parallel for private(square) schedule(static, 3)
    for i in range(a.shape[0]):
        square = a[i] * a[i]
        if square > k:
            continue
        found = i
        name = square + 1
    return found, square, name, i

@boost
def rows(a: "float[:, :]", out: "float[:, :]", total: "float[:]"):
    n = a.shape[1]
    # omp parallel for collapse(2) schedule(static, 1)
    for i in range(a.shape[0]):
        row = a[i] - np.mean(a[i])
        scratch = np.zeros(n)
        for j in range(n):
            scratch[j] = row[j] * row[n - 1 - j]
            out[i, j] = scratch[j] + a[i, j]
        total[i] = np.sum(scratch)

def inner(a, i):
    s = 0
    # omp parallel for schedule(static, 1)
    for j in prange(a.shape[1]):
        s += a[i, j] * (j + 1)
    return s

@boost
def nested(a: "int[:, :]", out: "int[:, :]"):
    total = 0
    # omp parallel for schedule(static, 1)
    for i in prange(a.shape[0]):
        # omp parallel for schedule(static, 1)
        for j in prange(a.shape[1]):
            out[i, j] = 2 * a[i, j]
        total += inner(a, i)
    return total

@boost
def raises(a: "int[:]", limit: int):
    s = 0
    # omp parallel for schedule(static, 2)
    for i in prange(a.shape[0]):
        if a[i] > limit:
            raise ValueError(f"{a[i]} at {i}")
        s += int(a[i])
    return s

@boost
def fails_late(a: "int[:]", places: "int[:]", out: "int[:]"):
    # omp parallel for schedule(static, 2)
    for i in prange(places.shape[0]):
        out[i] = a[places[i]]

@boost
def lists(numbers: list[int], out: list[float]):
    s = 0
    # omp parallel for schedule(static, 2)
    for i in prange(len(numbers)):
        squares = [k * k for k in range(numbers[i] % 7)]
        squares.append(numbers[i])
        out[i] = float(sum(squares)) / len(squares)
        s += max(squares)
    return s

@boost
def tuples(pairs: "(float[:], int[:])", scale: "float or None"):
    a, b = pairs
    s = 0.0
    # omp parallel for schedule(static, 2)
    for i in prange(a.shape[0]):
        x, k = a[i], b[i]
        if scale is not None:
            x *= scale
        s += x * k
    return s

@boost
def over_items(a: "int[:]", out: "int[:]"):
    s = 0
    # omp parallel for schedule(static, 2)
    for i, x in enumerate(a):
        out[i] = x * i
        s += x
    return s

@boost
def clauses(a: "int[:]", threads: int, limit: int):
    s = 0
    # omp parallel for if(len(a) > 0) reduction(+:s)
    for x in a:
        s += x
    # omp parallel for num_threads(threads + 1) if(limit > 3 && threads != 0) schedule(dynamic, 1)
    for x in a:
        s += 2 * x
    return s

@boost
def own_try(a: "int[:]", out: "float[:]"):
    missed = 0
    # omp parallel for schedule(static, 2)
    for i in prange(a.shape[0]):
        try:
            out[i] = 100 // int(a[i])
        except ZeroDivisionError:
            missed += 1
            out[i] = -1.0
    return missed

@boost
def within_try(a: "int[:]", out: "float[:]"):
    try:
        # omp parallel for schedule(static, 2)
        for i in prange(a.shape[0]):
            out[i] = 100 // int(a[i])
    except ZeroDivisionError:
        return i
    return -1

@boost
def heavy(a: "float[:]", n: int):
    for i in prange(a.shape[0]):
        x = a[i]
        for _ in range(n):
            x = x * 0.999 + 0.001 * a[i]
        a[i] = x

@boost
class Model:
    a: "float[:]"
    k: float

    @boost
    def step(self, n: int):
        s = 0.0
        # omp parallel for schedule(static, 2)
        for i in prange(self.a.shape[0]):
            self.a[i] += self.k
            s += self.a[i]
        self.k += s
        return s
"""

THREADS = (1, 2, 3, 7)


@pytest.fixture(scope="module")
def built(build) -> oracle.Built:
    return build(SOURCE)


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = hypersonic.get_num_threads()
    yield
    hypersonic.set_num_threads(before)


def check_all(built: oracle.Built, name: str, *args: object) -> None:
    for number in THREADS:
        hypersonic.set_num_threads(number)
        built.check(name, *args)


def same_bits(built: oracle.Built, name: str, *args: object) -> object:
    """The value, after it was the same on every number of threads."""
    values = []
    for number in THREADS:
        hypersonic.set_num_threads(number)
        copies = oracle.clone(args)
        values.append((getattr(built.module, name)(*copies), copies))
    for value in values[1:]:
        oracle.assert_same(value, values[0], 0, name)
    return values[0][0]


INTS = st.lists(st.integers(-1000, 1000), min_size=1, max_size=40)


@given(INTS, st.integers(-5, 5))
@settings(deadline=None, max_examples=50)
def test_integers_are_those_of_python(built, a, s):
    check_all(built, "integers", np.array(a), s)


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=30))
@settings(deadline=None, max_examples=50)
def test_integers_of_numpy_wrap(built, a):
    wide = np.array(a)
    check_all(built, "numpys", wide.astype(np.int32), wide.astype(np.uint8))


FLOATS = st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=40)


@given(FLOATS, st.floats(-10, 10))
@settings(deadline=None, max_examples=50)
def test_floats_are_the_same_on_all_numbers_of_threads(built, a, s):
    x = np.array(a)
    args = (x, x.astype(np.float32), x * (1 + 2j), s)
    value = same_bits(built, "floats", *args)
    expected = built.floats.__wrapped__(*args)
    assert value[4:] == expected[4:]
    size = np.sum(np.abs(x)) + np.sum(x * x) * 3 + abs(s) + 1
    for one, other, scale in zip(value, expected, (1e-14, 1e-5, 1e-14), strict=False):
        assert abs(one - other) <= scale * size
    assert abs(value[3] - expected[3]) <= 1e-13 * abs(expected[3])


def test_nan_and_zeros_come_out_as_in_order(built):
    for a in ([np.nan, 1.0, 2.0] * 5, [1.0] * 7 + [np.nan] * 6, [0.0, -0.0] * 9, [-0.0, 0.0] * 9, [np.inf, -np.inf] * 8):
        x = np.array(a)
        with np.errstate(all="ignore"):
            args = (x, x.astype(np.float32), x * 1j, 0.0)
            value, expected = same_bits(built, "floats", *args), built.floats.__wrapped__(*args)
        oracle.assert_same(value[4:], expected[4:], 0, repr(a))


@given(INTS)
@settings(deadline=None, max_examples=50)
def test_and_or_are_those_of_python(built, a):
    check_all(built, "logic", np.array(a), 0)


@given(st.integers(-60, 60), st.integers(-60, 60), st.integers(-9, 9))
@settings(deadline=None, max_examples=150)
def test_ranges(built, start, stop, step):
    check_all(built, "ranged", start, stop, step, np.zeros(200, int))


@pytest.mark.parametrize(
    ("start", "stop", "step"),
    [
        (2**63 - 10, 2**63 - 1, 2),
        (-(2**63), -(2**63) + 9, 4),
        (-(2**63), 2**63 - 1, 2**61),
        (2**63 - 1, -(2**63), -(2**62)),
        (5, -(2**63), -(2**63)),
        (0, 2**63 - 1, 2**63 - 1),
        (0, -1, 1),
        (3, 3, -1),
    ],
)
def test_ranges_at_the_ends_of_int64(built, start, stop, step):
    check_all(built, "far", start, stop, step)


@given(INTS, st.integers(-1, 10000))
@settings(deadline=None, max_examples=50)
def test_last_values(built, a, k):
    check_all(built, "last_values", np.array(a), k)
    check_all(built, "last_values", np.array(a, int)[:0], k)


def test_arrays_of_iterations(built):
    rng = np.random.default_rng(3)
    for shape in ((0, 4), (1, 1), (5, 3), (40, 17)):
        args = (rng.random(shape), np.zeros(shape), np.zeros(shape[0]))
        check_all(built, "rows", *args)
    hypersonic.set_num_threads(7)
    for _ in range(50):
        built.rows(rng.random((64, 9)), np.zeros((64, 9)), np.zeros(64))


def test_nested_loops(built):
    rng = np.random.default_rng(4)
    for shape in ((3, 1), (1, 5), (17, 9)):
        check_all(built, "nested", rng.integers(0, 100, shape), np.zeros(shape, int))


@given(st.lists(st.integers(0, 20), max_size=40), st.integers(10, 20))
@settings(deadline=None, max_examples=100)
def test_the_exception_of_the_first_iteration_counts(built, a, limit):
    check_all(built, "raises", np.array(a, int), limit)


def test_what_was_done_before_a_failing_iteration_is_there(built):
    a = np.arange(10)
    places = np.arange(200) % 10
    places[[70, 130]] = 50, 11
    for number in THREADS:
        hypersonic.set_num_threads(number)
        for _ in range(20):
            out, expected = np.full(200, -1), np.full(200, -1)
            with pytest.raises(IndexError, match="index 50 is out of bounds"):
                built.fails_late.__wrapped__(a, places, expected)
            with pytest.raises(IndexError, match="index 50 is out of bounds for axis 0 with size 10"):
                built.fails_late(a, places, out)
            assert np.array_equal(out[:70], expected[:70])
            assert out[70] == -1


@given(st.lists(st.integers(0, 100), max_size=30))
@settings(deadline=None, max_examples=50)
def test_lists(built, numbers):
    check_all(built, "lists", numbers, [0.0] * len(numbers))


def test_tuples_and_none(built):
    a, b = np.arange(30) / 4, np.arange(30)
    for scale in (None, 0.5):
        check_all(built, "tuples", (a, b), scale)


def test_loops_over_items(built):
    a = np.arange(31) * 3
    check_all(built, "over_items", a, np.zeros(31, int))
    check_all(built, "over_items", a[::2], np.zeros(16, int))


def test_clauses_change_no_answer(built):
    a = np.arange(50)
    for number, limit in ((0, 1), (0, 9), (1, 9), (5, 9), (-3, 9), (2**62, 4)):
        check_all(built, "clauses", a, number, limit)


def test_try(built):
    a = np.arange(40) % 7
    check_all(built, "own_try", a, np.zeros(40))
    check_all(built, "within_try", a, np.zeros(40))


def test_methods(built):
    values = []
    for number in THREADS:
        hypersonic.set_num_threads(number)
        ours, theirs = built.Model(), built.Model()
        ours.a = theirs.a = None
        ours.a, theirs.a = np.arange(20.0), np.arange(20.0)
        ours.k = theirs.k = 0.5
        assert hypersonic.info(built.Model.step).state == "cpu"
        expected = built.Model.step.__wrapped__(theirs, 3)
        values.append((ours.step(3), ours.k, ours.a))
        assert np.array_equal(ours.a, theirs.a)
        assert abs(values[-1][0] - expected) < 1e-12 * expected
    for value in values[1:]:
        oracle.assert_same(value, values[0], 0, "step")


def test_all_loops_of_these_tests_are_divided(built):
    """But the one in the `try`, and the one in a chunk of another."""
    assert "20 loops on several threads" in built.log
    assert SOURCE.count("omp parallel for") + SOURCE.count("    for i in prange(a.shape[0]):\n        x = a[i]\n        for _") == 22


def test_arrays_that_may_not_be_written_or_lie_in_one_another(built):
    frozen = np.zeros(9)
    frozen.flags.writeable = False
    check_all(built, "heavy", frozen, 3)
    a = np.arange(20)
    check_all(built, "over_items", a[:10], a[10:])
    check_all(built, "over_items", a[::2], a[1::2])
