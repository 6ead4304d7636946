"""Transonic's own tests, and every example of its documentation and of Pythran's specifications, compiled."""

from __future__ import annotations

import sys
from pathlib import Path

import hypersonic.transonic
import numpy as np
import oracle
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from transonic_suite import suite


def test_the_suite() -> None:
    results = suite()
    if results is None:
        pytest.skip("THE EXAM WAS NOT TAKEN: Transonic's source distribution is neither at hand nor downloadable")
    for result in results:
        print(result.state, result.test, result.reason)
    assert not [result for result in results if result.state == "failed"]
    assert sum(result.state == "passed" for result in results) >= 3


TRANSONIC = """
import numpy as np
from transonic import Array, Dict, List, Literal, NDim, Optional, Set, Transonic, Tuple, Type, Union, boost, const

T = Type(np.float32, np.float64)
N = NDim(1, 2)
A = Array[T, N]
A1 = Array[T, N + 1]
ts = Transonic()

@boost
def f(a: "float[:, :]", n: int = 2):
    return a * n

# transonic def func(float[][], float[][])
# transonic def func(int[][],
#                    float[][])
@boost
def func(a, b):
    return (a * np.sqrt(b)).max()

@boost
class C:
    arr: Array[float, "2d"]
    k: float

    def __init__(self, k):
        self.arr = np.ones((2, 3))
        self.k = k

    @boost
    def m(self, x: "float[]") -> "float[]":
        return x * self.k

def step(s, t, dt):
    if ts.is_transpiled:
        ts.use_block("name0")
    else:
        # transonic block (A s, t; float dt)
        # transonic block (int[:] s, t; float dt)
        s[:] = s + (dt * t).astype(s.dtype)
    return s

@boost
def templates(a: A, b: A1):
    return a.sum() + b.sum()

@boost
def arrays(a: Array[int, "2d"], b: Array[int, "2d", "C"], c: Array[int, "[:, :, 3]"], d: Array[int, "1d", "C", "positive_indices"]):
    return a.sum() + b.sum() + c.sum() + d[0]

@boost
def unions(a: Union["float[:]", float], b: "float or int", c: Optional[int] = None):
    return a * b + (0 if c is None else c)

@boost
def containers(a: Tuple[int, "float[:]"], b: List[List[int]], c: Dict[str, int], d: Set[str], e: "str: int dict", f: "int list", g: "(int, float[:, :])"):
    return a[0] + a[1].sum() + len(b) + sum(c.values()) + len(d) + sum(e.values()) + sum(f) + g[0] + g[1].sum()

@boost
def constant(a: const("float[:]"), b: "complex128[][][]"):
    return a.sum() + b.sum()
"""


def test_examples_of_transonic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transonic", hypersonic.transonic)
    built = oracle.build(tmp_path, TRANSONIC)
    one, two = np.linspace(1, 2, 6).reshape(2, 3), np.arange(6.0).reshape(2, 3)
    built.check("f", one)
    built.check("f", one, 3)
    built.check("func", one, two, ulp=1)
    built.check("func", one.astype(int), two, ulp=1)
    thing = built.C(2.5)
    assert np.array_equal(thing.m(np.ones(3)), np.full(3, 2.5))
    for dtype in (np.float32, np.float64):
        built.check("templates", np.ones(3, dtype), np.ones((2, 3), dtype))
    ints = np.arange(6).reshape(2, 3)
    built.check("arrays", ints, ints, np.ones((2, 2, 3), int), np.arange(3))
    for first in (np.ones(3), 2.5):
        built.check("unions", first, 2)
        built.check("unions", first, 0.5, 3)
    built.check("containers", (1, np.ones(2)), [[1], []], {"a": 1}, {"a"}, {"b": 2}, [1, 2], (1, one))
    built.check("constant", np.ones(3), np.ones((1, 2, 3), complex))
    assert np.array_equal(built.step(np.ones(3), np.ones(3), 0.5), np.full(3, 1.5))


PYTHRAN = """
import numpy as np

#pythran export alone(float)
#pythran export one(int), two(float, int)
#pythran export either(int or float, float)
#pythran export optional(int, int?, float?)
#pythran export dtypes(int8, int16, uint8, float32, complex64)
#pythran export arrays(float[], float[:], int[:, :], float[][])
#pythran export strided(float[::], float[::, :])
#pythran export orders(float[:, :] order(C), float[:, :] order(F))
#pythran export fixed(float[:, 3])
#pythran export containers(int list, float set, str: int dict, (int, float), int list list)
#pythran export text(str, None)

def alone(x):
    return x * 2

def one(n):
    return n + 1

def two(x, n):
    return x * n

def either(a, b):
    return a + b

def optional(a, b=2, c=0.5):
    return a + b + c

def dtypes(a, b, c, d, e):
    return a + b, c + c, d * d, e + e

def arrays(a, b, c, d):
    return a.sum() + b.sum() + c.sum() + d.sum()

def strided(a, b):
    return a.sum() + b.sum()

def orders(a, b):
    return a + b

def fixed(a):
    return a[:, 0] + a[:, 2]

def containers(a, b, c, d, e):
    return sum(a) + len(b) + sum(c.values()) + d[0] + d[1] + len(e)

def text(s, nothing):
    return len(s), nothing is None
"""


def test_examples_of_pythran(tmp_path: Path) -> None:
    built = oracle.build(tmp_path, PYTHRAN)
    built.check("alone", 1.5)
    built.check("one", 3)
    built.check("two", 1.5, 3)
    built.check("either", 1, 2.5)
    built.check("either", 1.5, 2.5)
    for more in ((), (3,), (3, 4.5)):
        built.check("optional", 1, *more)
    built.check("dtypes", np.int8(100), np.int16(300), np.uint8(200), np.float32(1.5), np.complex64(1j))
    built.check("arrays", np.ones(3), np.ones(4), np.ones((2, 3), int), np.ones((2, 2)))
    built.check("strided", np.ones(6)[::2], np.ones((4, 3))[::2])
    built.check("orders", np.ones((2, 3)), np.asfortranarray(np.ones((2, 3))))
    built.check("fixed", np.arange(6.0).reshape(2, 3))
    built.check("containers", [1, 2], {0.5}, {"a": 3}, (1, 2.5), [[1], []])
    built.check("text", "abc", None)
