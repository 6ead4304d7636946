"""Lists, comprehensions and tuples of them that NumPy makes arrays of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Built, build

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def rows(a: list[int], n: int):
    made = [[x, x + 1] for x in a]
    return (np.array([[x, x + 1] for x in a]), np.array(made), np.array([[x * y for y in range(n)] for x in a]), np.array([[1] * n for x in a]),
            np.array([(x, n) for x in a]), np.array([[x, n] for x in a], dtype=np.float32), np.sum([[x, n] for x in a]))

@boost
def of_known_length(a: list[int], n: int):
    return (np.array([[x, n] for x in range(3)]), np.array([[[x, n], [n, x]] for x in range(2)]), np.array([[0.5] * n] * n),
            np.max([[x, n] for x in range(3)]), np.array([a, a]))

@boost
def deeper(a: list[int], n: int):
    return np.array([[[x, n], [n, x * y]] for x in a for y in a])

@boost
def mixed(a: list[int], b: list[float], n: int):
    return np.array([(x, 1.5) for x in a]), np.array([(x, n, True) for x in a]), np.array([(x, n, 1j) for x in b])

@boost
def of_arrays(a: "float[:]", n: int):
    return np.array([a * x for x in range(n)]), np.vstack([a + x for x in range(n)]), np.hstack([a + x for x in range(n)])

@boost
def of_lists(a: list[list[float]], n: int):
    return np.array([[x * n for x in row] for row in a]), np.array([sum(row) for row in a]), np.vstack([[x + 1 for x in row] for row in a])

@boost
def stacked(a: "float[:, :]", n: int):
    return np.vstack([a[k:] for k in range(n)]), np.concatenate([a for k in range(n)])

@boost
def uneven(a: list[int]):
    return np.array([[x] * x for x in a])
"""

ints = st.lists(st.integers(-(2**40), 2**40), max_size=5)
floats = st.floats(width=32)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("lists_as_arrays"), SOURCE)


@settings(deadline=None)
@given(a=ints, b=st.lists(floats, max_size=4), n=st.integers(0, 4))
def test_comprehensions(built: Built, a: list[int], b: list[float], n: int) -> None:
    built.check("rows", a, n)
    built.check("of_known_length", a, n)
    built.check("mixed", a, b, n)


@settings(deadline=None)
@given(a=st.lists(st.integers(-9, 9), max_size=4), n=st.integers(0, 4))
def test_depth(built: Built, a: list[int], n: int) -> None:
    built.check("deeper", a, n)
    built.check("uneven", [abs(x) for x in a])


@settings(deadline=None)
@given(a=st.lists(st.lists(floats, min_size=2, max_size=2), max_size=4), n=st.integers(0, 3))
def test_lists_of_lists_and_of_arrays(built: Built, a: list[list[float]], n: int) -> None:
    built.check("of_lists", a, n)
    array: np.ndarray[Any, Any] = np.array(a, float).reshape(len(a), 2)
    built.check("stacked", array, n)
    built.check("of_arrays", array.ravel(), n)
