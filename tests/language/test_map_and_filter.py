"""`map` and `filter` wherever something runs over them: one in the other, in `zip` and `enumerate`, unpacked; lazy as in Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SOURCE = """
import numpy as np
from hypersonic import boost


def third(x):
    return 6 // x


@boost
def nested(xs: list[int]):
    return list(map(lambda v: v * 2, filter(lambda v: v % 2, xs)))


@boost
def summed(xs: list[int]):
    return sum(v + 1 for v in map(lambda v: v * 2, xs)), sum(filter(None, map(lambda v: v - 1, xs)))


@boost
def looped(xs: list[int]):
    out = []
    for x in map(lambda v: v * 2, filter(lambda v: v % 2, map(lambda v: v + 1, xs))):
        if x == 4:
            continue
        if x > 100:
            break
        out.append(x)
    else:
        out.append(-1)
    return out


@boost
def of_generator(xs: list[int]):
    return list(filter(lambda v: v > 1, (x * x for x in xs if x)))


@boost
def numbered(xs: list[int]):
    return list(enumerate(map(lambda v: v * 2, xs), 3)), list(zip(xs, map(lambda v: v * 2, xs)))


@boost
def three(xs: list[int], ys: list[int]):
    out = []
    for x, y, (n, m) in zip(xs, ys, map(lambda a, b: (a + b, a * b), ys, xs)):
        out.append(x + y + n * m)
    return out


@boost
def collected(xs: list[int]):
    return ",".join(map(str, filter(None, xs))), max(map(abs, xs), default=0), tuple(map(float, xs)), dict(zip(xs, map(str, xs))), set(map(str, xs))


@boost
def unpacked(text: str):
    a, b = map(int, text.split())
    [c, d] = (x * 2 for x in (a, b))
    return a, b, c + d


@boost
def words(text: str):
    return list(map(str.upper, text.split())), [int(w) for w in filter(str.isdigit, text.split())], str.replace(text, "a", "b")


@boost
def raising(xs: list[int], ys: list[int]):
    done = []
    try:
        for x, y in zip(xs, map(third, ys)):
            done.append((x, y))
    except ZeroDivisionError:
        done.append((0, 0))
    return done


@boost
def array(a: "float[:]"):
    s = 0.0
    for x in map(lambda v: v * v, a):
        s += x
    for i, x in enumerate(map(np.sqrt, a)):
        s += i * x
    return s
"""

# Names that mean something else here than in what these functions are written out as.
SHADOWED = """
import numpy as np
from hypersonic import boost


def zip(a, b):
    return 5


@boost
def mapped(xs: list[int], len: int):
    return list(map(lambda a, b: a * b, xs, xs)), zip(1, 2), len, np.sum(xs), np.array(xs).tolist()


@boost
def as_lists(a: "float32[:]", b: "complex[:, :]", c: "bool[:]", d: "uint64[:]", e: "int8[:, :, :]", int: float):
    return a.tolist(), b.tolist(), c.tolist(), d.tolist(), e.tolist(), int
"""

INTS = st.lists(st.integers(-20, 20), max_size=6)


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


@given(INTS)
def test_of_one_list(built, xs):
    for name in ("nested", "summed", "looped", "of_generator", "numbered", "collected"):
        built.check(name, xs)


@given(INTS, INTS)
def test_of_two_lists(built, xs, ys):
    built.check("three", xs, ys)
    # Whether the last item is computed depends on which list ends first.
    built.check("raising", xs, ys)


@pytest.mark.parametrize("text", ["1 2", "1", "1 2 3", "", "a 12 b 3", "-7 +8"])
def test_of_strings(built, text):
    built.check("unpacked", text)
    built.check("words", text)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=5))
def test_of_arrays(built, xs):
    built.check("array", np.array(xs))


def test_names_of_builtins_that_mean_something_else(build):
    built = build(SHADOWED)
    built.check("mapped", [1, 2, 3], 7)
    arrays = [
        np.array([0.1, np.nan], "f4"),
        np.array([[1j, 2.0]]),
        np.array([True, False]),
        np.arange(3, dtype="u8"),
        np.ones((1, 2, 3), "i1"),
    ]
    built.check("as_lists", *arrays, 2.5)
    built.check("as_lists", *(a[:0] for a in arrays), 2.5)
    built.check("as_lists", *(a[::-1] for a in arrays), 2.5)
    arrays[3] += np.uint64(2**63)
    built.check("as_lists", *arrays, 2.5)
