"""Sorting and searching: NumPy's dtypes, shapes, order of NaN, places and exceptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def flat(n: float): return np.sort([n, 0.5, -n]), np.median([n, 1.0]), np.median(n), np.unique([2, 1, 2]), np.argsort([3.0, n])

@boost
def later(a: "float[:]"):
    a[0] = 5
    a[1:].sort()
    return np.searchsorted(a[1:], a[0])

@boost
def kinds(a: "float[:]"):
    a.sort(kind="stable")
    return np.sort(a, kind="mergesort"), np.argsort(a, stable=True), np.sort(a, kind=None)

@boost
def fused(a: "float[:]", b: "float[:]"): return np.sort(a + b), np.median(a * b), np.argsort(-a, kind="stable"), np.unique(np.floor(a))

@boost
def through(a: "float[:]", b: "float[:]"):
    order = np.argsort(a, kind="stable")
    return a[order], b[order]

@boost
def mixed(a: "int[:]", v: "float[:]"): return np.searchsorted(a, v), np.searchsorted(a, 1.5), np.searchsorted(a, 1), a.searchsorted(v, "right")

@boost
def deep(a: "float[:, :, :]"):
    b = a.copy()
    b.sort(axis=1)
    return b, np.sort(a, 0), np.argsort(a, axis=-2, kind="stable"), np.median(a, axis=1), np.median(a, axis=1, keepdims=True), np.median(a)
""" + "\n".join(
    f"""
@boost
def sorted_{d}(a: "{d}[:, :]"):
    b = a.copy()
    b.sort()
    c = a.copy()
    c.sort(0)
    return np.sort(a), np.sort(a, axis=0), np.sort(a, axis=None), b, c, np.unique(a)

@boost
def places_{d}(a: "{d}[:, :]"):
    return np.argsort(a, kind="stable"), np.argsort(a, axis=0, kind="stable"), a.argsort(axis=None, kind="stable")

@boost
def search_{d}(a: "{d}[:]", v: "{d}[:, :]"): return np.searchsorted(a, v), np.searchsorted(a, v, side="right"), a.searchsorted(v[0, 0])

@boost
def median_{d}(a: "{d}[:, :]"): return np.median(a), np.median(a, axis=0), np.median(a, axis=1), np.median(a, axis=-1, keepdims=True), np.median(a[0])
"""
    for d in DTYPES
)

SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, np.inf, -np.inf, np.nan]


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


def numbers(dtype, zeros=True):
    """Numbers of a dtype, among them those that are sorted in a way of their own."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return st.booleans()
    if kind in "iu":
        info = np.iinfo(dtype)
        return st.integers(max(-3, int(info.min)), 5) | st.sampled_from([int(info.min), int(info.max)])
    # Which of two equal zeros comes first is left open.
    special = [number for number in SPECIAL if zeros or not (number == 0 and np.signbit(number))]
    real = st.sampled_from(special) | st.floats(-4, 4, width=16).filter(lambda number: zeros or number != 0)
    return real if kind == "f" else st.builds(complex, real, real)


@st.composite
def matrices(draw, dtype, zeros=True):
    """Small matrices of all layouts."""
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 7))
    items = draw(st.lists(numbers(dtype, zeros), min_size=rows * columns, max_size=rows * columns))
    matrix = np.array(items, dtype).reshape(rows, columns)
    return draw(st.sampled_from([matrix, np.asfortranarray(matrix), matrix[::-1], np.repeat(matrix, 2, axis=1)[:, ::2]]))


def same_zeros(built, name, *args):
    """Compares what the original makes; signs of zeros are left out."""
    ours, theirs = getattr(built, name)(*args), getattr(built, name).__wrapped__(*args)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.dtype == other.dtype and mine.shape == other.shape
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_sorted_as_by_numpy(built, dtype, data):
    built.check(f"sorted_{dtype}", data.draw(matrices(dtype, zeros=False)))
    same_zeros(built, f"sorted_{dtype}", data.draw(matrices(dtype)))


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_places_that_sort(built, dtype, data):
    built.check(f"places_{dtype}", data.draw(matrices(dtype)))


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_where_numbers_belong(built, dtype, data):
    a = np.sort(np.array(data.draw(st.lists(numbers(dtype), max_size=8)), dtype))
    v = np.array(data.draw(st.lists(numbers(dtype), min_size=4, max_size=4)), dtype).reshape(2, 2)
    for layout in (a, np.repeat(a, 2)[::2]):
        built.check(f"search_{dtype}", layout, v)
        built.check(f"search_{dtype}", layout, v.T)


@pytest.mark.parametrize("dtype", [dtype for dtype in DTYPES if not dtype.startswith("complex")])
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_medians(built, dtype, data):
    matrix = data.draw(matrices(dtype, zeros=False))
    if matrix.shape[0] == 0:
        matrix = np.zeros((1, 3), dtype)
    built.check(f"median_{dtype}", matrix)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_medians_of_complex_numbers(built, dtype):
    rng = np.random.default_rng(3)
    for shape in ((1, 1), (2, 3), (3, 4), (5, 5)):
        built.check(f"median_{dtype}", (rng.random(shape) + 1j * rng.random(shape)).astype(dtype))


def test_medians_of_many(built):
    rng = np.random.default_rng(5)
    for n in (1, 2, 3, 10, 101, 1000):
        for values in (rng.random((3, n)), rng.integers(0, 4, (3, n)).astype(float), np.zeros((3, n)), np.sort(rng.random((3, n)))):
            built.check("median_float64", values)
            values[0, n // 2] = np.nan
            built.check("median_float64", values)
            built.check("sorted_float64", values)


def test_empty_arrays(built):
    for shape in ((1, 0), (3, 0)):
        built.check("median_float64", np.empty(shape))
        built.check("median_int64", np.empty(shape, np.int64))
        built.check("sorted_float64", np.empty(shape))
        built.check("places_float64", np.empty(shape))
    built.check("search_float64", np.empty(0), np.ones((2, 2)))


def test_three_axes(built):
    rng = np.random.default_rng(7)
    a = rng.random((3, 4, 5))
    for layout in (a, a.T, a[:, ::-1], a[:, :1]):
        built.check("deep", layout)


def test_numbers_and_lists(built):
    for n in (0.75, -2.0, np.inf):
        built.check("flat", n)


def test_kinds_and_what_is_computed(built):
    rng = np.random.default_rng(9)
    a, b = rng.integers(0, 5, 30).astype(float), rng.random(30)
    built.check("kinds", a)
    built.check("kinds", a[::-2])
    built.check("fused", a, b)
    built.check("through", a, b)
    built.check("later", a)
    built.check("mixed", np.array([0, 1, 1, 4]), b * 5)


def test_what_stays_python(build):
    built = build(
        """
        import numpy as np
        from hypersonic import boost

        @boost
        def counts(a: "float[:]"): return np.unique(a, return_counts=True)

        @boost
        def kind(a: "float[:]", k: str): return np.sort(a, kind=k)

        @boost
        def axes(a: "float[:, :]"): return np.median(a, axis=(0, 1))

        @boost
        def number(a: float): return np.sort(a)

        @boost
        def sorter(a: "float[:]", s: "int[:]"): return np.searchsorted(a, 1.0, sorter=s)
        """
    )
    assert [built.state(name) for name in ("counts", "kind", "axes", "number", "sorter")] == ["python"] * 5
