"""Integer arrays as indices, and where they come from: NumPy's shapes, dtypes, order of axes, values and exceptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

DTYPES = "bool int8 uint16 int32 int64 uint64 float32 float64 complex64 complex128".split()
INDEX_DTYPES = "int8 int16 int32 int64 uint8 uint32 uint64".split()

SOURCE = (
    """
import numpy as np
from hypersonic import boost

@boost
def one(a: "float[:]", i: "int[:]"): return a[i], a[i[::-1]], a[:][i], a[1:][i]

@boost
def deep(a: "float[:]", i: "int[:, :]"): return a[i], a[i.T], np.take(a, i), a.take(i)

@boost
def rows(a: "int[:, :]", i: "int[:]"): return a[i], a[:, i], a[0, i], a[i, -1], a[i, ::2], a[::-1, i], a[None, i], a[i, None], a[..., i]

@boost
def neighbours(a: "float[:, :, :]", i: "int[:]"): return a[:, 0, i], a[i, 1], a[0, i], a[:, i, 0], a[:, i], a[0, 0, i], a[i, 0, 0], a[:, None, i]

@boost
def apart(a: "float[:, :, :]", i: "int[:]"): return a[0, :, i], a[i, :, 0], a[i, None, 0], a[i, :, i], a[0, ::-1, i], a[0, None, :, i]

@boost
def several(a: "float[:, :]", i: "int[:]", j: "int[:, :]"): return a[i, i], a[i, j], a[j, i], a[j, j], a[i[:, None], i]

@boost
def lists(a: "float[:, :]", i: int):
    places = [i, 0]
    return a[[0, -1]], a[:, [1, 0, 0]], a[[i]], a[[i, 0], [1, 1]], a[places], a[[[0, 1], [1, 0]], 0], a[[True, False]]

@boost
def put(a: "float[:]", i: "int[:]", v: "float[:]"): a[i] = v

@boost
def put_number(a: "int32[:, :]", i: "int[:]", v: int):
    a[i] = v
    a[:, i] = v + 1

@boost
def put_rows(a: "float[:, :]", i: "int[:]", v: "float[:, :]"):
    a[i] = v
    a[i, ::2] = v[:, ::2]

@boost
def put_apart(a: "float[:, :, :]", i: "int[:]", v: "float[:, :]"): a[0, :, i] = v

@boost
def update(a: "float[:]", i: "int[:]", v: "float[:]"):
    a[i] += v
    a[i] *= 2
    a[i] **= 2
    a[[0, 0]] -= 1

@boost
def update_integers(a: "uint8[:]", i: "int[:]"):
    a[i] += 200
    a[i] //= 3

@boost
def itself(a: "float[:]", i: "int[:]"):
    a[i] = a[i[::-1]]
    a[i] = a[:i.size]
    a[i] += a[i]

@boost
def index_itself(a: "int[:]"):
    a[a] = a[::-1] * 1

@boost
def late(a: "float[:]", i: "int[:]"):
    a[0] = 7
    a[i] = 1

@boost
def computed(a: "float[:]", i: "int[:]"): return a[i % a.size], (a * 2)[i], (a[i] + a[i[::-1]]).sum(), a[np.arange(i.size) // 2]

@boost
def take(a: "float[:, :]", i: "int[:]", j: int):
    return np.take(a, i), np.take(a, i, axis=1), np.take(a, i, 0), a.take(j), np.take(a, j, axis=0), np.take(a, j, axis=-1), np.take(a, [0, 1], axis=0)

@boost
def places(a: "float[:, :]"): return np.nonzero(a), a.nonzero(), np.where(a > 0.5), np.flatnonzero(a), np.argwhere(a), np.nonzero(a[0])[0]

@boost
def through_places(a: "float[:, :]"):
    i, j = np.nonzero(a)
    a[i, j] = 1 / a[i, j]
    k, = np.nonzero(a[0])
    return a[0, k], a[i, j].sum(), len(k)

@boost
def expanded(a: "float[:, :]"): return np.expand_dims(a, 0), np.expand_dims(a, -1), np.expand_dims(a, (0, 2)), np.expand_dims(a[0], 1) - a[0]
"""
    + "\n".join(
        f"""
@boost
def of_{d}(a: "{d}[:, :]", i: "int[:]"):
    b = a.copy()
    b[i] = a[i[::-1]]
    return a[i], a[:, i], np.take(a, i), np.nonzero(a), np.argwhere(a), b
"""
        for d in DTYPES
    )
    + "\n".join(
        f"""
@boost
def by_{d}(a: "float[:]", i: "{d}[:]"): return a[i], np.take(a, i)
"""
        for d in INDEX_DTYPES
    )
)


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


def matrix(rows, columns, dtype=float):
    return (np.arange(rows * columns) % 5 - 1).reshape(rows, columns).astype(dtype)


places = st.lists(st.integers(-4, 3), max_size=6).map(lambda i: np.array(i, np.int64))
wild = st.lists(st.integers(-6, 5), max_size=5).map(lambda i: np.array(i, np.int64))
layouts = st.sampled_from([lambda a: a, lambda a: a[::-1], lambda a: np.repeat(a, 2, axis=0)[::2], np.asfortranarray])


@settings(max_examples=60, deadline=None)
@given(wild, layouts)
def test_places_along_the_axes_of_arrays(built, i, layout):
    a = layout(np.arange(4.0))
    built.check("one", a, i)
    built.check("rows", layout(matrix(4, 4, np.int64)), i)
    built.check("neighbours", layout(np.arange(64.0).reshape(4, 4, 4)), i)
    built.check("apart", layout(np.arange(64.0).reshape(4, 4, 4)), i)
    built.check("take", layout(matrix(4, 4)), i, int(i[0]) if i.size else 0)
    built.check("computed", a, np.abs(i))


@settings(max_examples=40, deadline=None)
@given(wild, st.integers(0, 3), st.integers(0, 3), layouts)
def test_several_arrays_broadcast(built, i, rows, columns, layout):
    j = (np.arange(rows * columns) % 4).reshape(rows, columns)
    built.check("several", layout(matrix(4, 4)), i, j)
    built.check("deep", layout(np.arange(4.0)), j)


def test_several_arrays_that_do_not_broadcast(built):
    built.check("several", matrix(4, 4), np.arange(3), np.zeros((2, 2), int))


@settings(max_examples=60, deadline=None)
@given(places, st.integers(0, 6), layouts)
def test_what_is_stored_at_places(built, i, more, layout):
    a = layout(np.arange(4.0))
    for size in {i.size, 1, more}:
        built.check("put", a, i, np.arange(size) + 0.5)
        built.check("update", a, i, np.arange(size) + 0.5)
        built.check("put_rows", layout(matrix(4, 4)), i, np.arange(size * 4.0).reshape(size, 4))
        built.check("put_apart", layout(np.arange(64.0).reshape(4, 4, 4)), i, np.arange(size * 4.0).reshape(size, 4))
    built.check("put_number", layout(matrix(4, 4, np.int32)), i, 9)
    built.check("update_integers", layout(np.arange(4, dtype=np.uint8)), i)
    built.check("itself", a, i[:4])


def test_an_array_can_be_its_own_index(built):
    for a in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 1, 0, 2], [], [-1, 0]):
        built.check("index_itself", np.array(a, np.int64))


def test_an_index_out_of_range_after_a_write(built):
    built.check("late", np.arange(4.0), np.array([1, 9]))
    built.check("late", np.arange(4.0), np.array([1, -5]))
    built.check("late", np.arange(4.0), np.array([1, 2]))


def test_lists_as_indices(built):
    for i in (0, 1, -2, 2):
        built.check("lists", np.arange(6.0).reshape(2, 3), i)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype(built, dtype):
    for i in ([0, 1, -1], [], [2, 2]):
        built.check(f"of_{dtype}", matrix(3, 4, dtype), np.array(i, np.int64))
        built.check(f"of_{dtype}", matrix(4, 3, dtype).T, np.array(i, np.int64))


@pytest.mark.parametrize("dtype", INDEX_DTYPES)
def test_every_dtype_of_places(built, dtype):
    built.check(f"by_{dtype}", np.arange(5.0), np.array([0, 4, 2], dtype))
    built.check(f"by_{dtype}", np.arange(5.0)[::-2], np.array([], dtype))
    built.check(f"by_{dtype}", np.arange(5.0), np.array([0, 5], dtype))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, -0.0, 1.0, np.nan, 0.7]), min_size=12, max_size=12), st.sampled_from([(3, 4), (1, 12), (12, 1)]), layouts
)
def test_where_an_array_is_true(built, values, shape, layout):
    a = layout(np.array(values).reshape(shape))
    built.check("places", a)
    built.check("through_places", a)


def test_empty_arrays(built):
    built.check("places", np.empty((3, 0)))
    built.check("rows", np.empty((3, 0), np.int64), np.array([0]))
    built.check("rows", np.empty((0, 3), np.int64), np.array([0]))
    built.check("one", np.empty(0), np.empty(0, np.int64))
    built.check("deep", np.arange(3.0), np.empty((0, 2), np.int64))
    built.check("expanded", np.empty((2, 0)))


def test_new_axes(built):
    built.check("expanded", np.arange(6.0).reshape(2, 3))


def test_what_stays_python(build):
    built = build(
        """
        import numpy as np
        from hypersonic import boost

        @boost
        def masked(a: "float[:, :]", m: "bool[:]", i: "int[:]"): return a[m, i]

        @boost
        def zero(a: "float[:, :, :]", i: "int[:]"): return a[:, 0, ..., i]

        @boost
        def floats(a: "float[:]", i: "float[:]"): return a[i]
        """
    )
    assert [built.state(name) for name in ("masked", "zero", "floats")] == ["python"] * 3
    assert "a mask beside integers, arrays or other masks" in built.log and "`...` for no axes" in built.log
