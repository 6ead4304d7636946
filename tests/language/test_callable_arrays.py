"""Arrays that functions from Python are given and give: shared both ways, and given back when nobody uses them."""

import resource

import numpy as np
import pytest
from oracle import answered_by_kernel, compare

ARRAYS = """
from collections.abc import Callable
import numpy as np
from hypersonic import boost

@boost
def rk4(f: "float[:](float, float[:])", y: "float[:]", t: float, dt: float, n: int):
    for i in range(n):
        k1 = f(t, y)
        k2 = f(t + dt / 2, y + dt / 2 * k1)
        k3 = f(t + dt / 2, y + dt / 2 * k2)
        k4 = f(t + dt, y + dt * k3)
        y = y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t += dt
    return y, t

@boost
def reduced(f: "float(float[:, :])", a: "float[:, :]"):
    return f(a), f(a.T), f(a[1:]), f(a + 1)

@boost
def filled(f: "None(float[:], int)", n: int):
    a = np.zeros(n)
    for i in range(n):
        f(a, i)
    b = a * 2
    f(b, 0)
    return a, b, a.sum()

@boost
def returned(f: "float[:](float[:])", a: "float[:]"):
    b = f(a)
    c = f(b)
    return b, c, c[1:]

@boost
def changed(f: "float[:](float[:])", a: "float[:]"):
    b = f(a)
    b += 1
    a[0] = 5
    return b[0], a[0]

@boost
def gathered(f: "float[:](int)", n: int):
    rows = []
    for i in range(n):
        rows.append(f(i))
    return rows, rows[0].sum(), np.stack(rows)

@boost
def from_lists(f: "float(float[:])", rows: "float[:] list"):
    return [f(row) for row in rows], [f(row * 2) for row in rows]

@boost
def integers(f: "int32[:, :](int32[:, :])", a: "int32[:, :]"):
    return f(a).sum()

@boost
def many(f: "float[:](float[:])", a: "float[:]", n: int):
    for i in range(n):
        a = f(a)
    return a
"""


@pytest.fixture(scope="module")
def arrays(build):
    return build(ARRAYS)


def rotated(t, y):
    return np.array([y[1], -y[0]]) * (1 + t)


def test_arrays_go_both_ways(arrays):
    answered_by_kernel(arrays, "rk4", rotated, np.array([1.0, 0.0]), 0.0, 0.1, 5)
    a = np.arange(6.0).reshape(2, 3)
    answered_by_kernel(arrays, "reduced", lambda a: float(a.sum() + a[0, 0]), a)
    answered_by_kernel(arrays, "reduced", np.sum, a)
    answered_by_kernel(arrays, "reduced", lambda a: a.shape[0] * 10 + a.shape[1] + float(a.flags.c_contiguous), a[:, ::-1])
    answered_by_kernel(arrays, "returned", lambda a: a * 2, np.arange(4.0))
    answered_by_kernel(arrays, "gathered", lambda i: np.arange(3.0) * i, 4)
    answered_by_kernel(arrays, "integers", lambda a: a * np.int32(2), np.arange(6, dtype="i4").reshape(2, 3))
    answered_by_kernel(arrays, "from_lists", lambda a: float(a.max()), [np.arange(3.0), np.arange(2.0)])
    answered_by_kernel(arrays, "many", lambda a: a + 1, np.arange(3.0), 100)
    answered_by_kernel(arrays, "many", lambda a: a, np.arange(3.0), 100)


def test_arrays_are_the_very_objects(arrays):
    seen = []

    def same(a):
        seen.append(a)
        return a

    a = np.arange(4.0)
    for function in (arrays.module.returned, arrays.module.returned.__wrapped__):
        b, c, d = function(same, a)
        assert b is a and c is a and d.base is a
        assert seen[0] is a and seen[1] is a
        seen.clear()
    kept = np.ones(3)
    for function in (arrays.module.returned, arrays.module.returned.__wrapped__):
        b, c, _ = function(lambda a: kept, a)
        assert b is kept and c is kept
    view = np.arange(10.0)[::2]
    for function in (arrays.module.returned, arrays.module.returned.__wrapped__):
        b, c, d = function(lambda a: view, a)
        assert b is view and d.tolist() == [2.0, 4.0, 6.0, 8.0] and np.shares_memory(d, view)


def test_memory_is_shared_both_ways(arrays):
    def write(a, i):
        a[i] += i + 1

    answered_by_kernel(arrays, "filled", write, 4)
    held = []

    def keep(a, i):
        held.append(a)
        for each in held:
            each[0] += 1

    results = []
    for function in (arrays.module.filled, arrays.module.filled.__wrapped__):
        held.clear()
        a, b, total = function(keep, 3)
        results.append((a.tolist(), b.tolist(), total, [each.tolist() for each in held]))
        assert np.shares_memory(held[0], a) and np.shares_memory(held[-1], b)
    assert results[0] == results[1]
    for function in (arrays.module.changed, arrays.module.changed.__wrapped__):
        a = np.arange(3.0)
        assert function(lambda a: a, a) == (5.0, 5.0)
        assert a.tolist() == [5.0, 2.0, 3.0]
        kept = np.zeros(2)
        assert function(lambda a, kept=kept: kept, np.arange(3.0)) == (1.0, 5.0)
        assert kept.tolist() == [1.0, 1.0]


def test_what_is_given_outlives_the_call(arrays):
    held = []
    arrays.module.filled(lambda a, i: held.append(a), 1000)
    arrays.module.rk4(lambda t, y: held.append(y) or y, np.ones(50_000), 0.0, 0.1, 20)
    assert all(each.sum() >= 0 for each in held)
    assert held[0].sum() == 0 and len(held) == 1001 + 80


@pytest.mark.parametrize("answer", [[1.0], np.arange(3), np.arange(3.0, dtype="f4"), np.ones((2, 2)), 1.0, None])
def test_other_arrays_are_refused(arrays, answer):
    with pytest.raises(TypeError, match="a writeable float64 array of rank 1"):
        arrays.module.returned(lambda a: answer, np.arange(3.0))
    compare(arrays.module.gathered, arrays.module.gathered.__wrapped__, lambda i: answer, 1, messages=False)


def test_memory_is_given_back(arrays):
    a = np.ones(125_000)
    arrays.module.many(lambda a: a + 1, a, 10)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    arrays.module.many(lambda a: a + 1, a, 400)
    arrays.module.rk4(lambda t, y: y * 0.5, a, 0.0, 0.1, 100)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            arrays.module.many(lambda a: a + 1 if a[0] < 100 else 1 / 0, a, 400)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
