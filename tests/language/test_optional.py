"""Values that may be `None`: where paths meet, in containers, in results; CPython's answers and exceptions."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def best(a: "float[:]"):
    found = None
    for x in a:
        if found is None or x > found:
            found = x
    return found

@boost
def first_index(numbers: list[int], wanted: int):
    for i, x in enumerate(numbers):
        if x == wanted:
            return i
    return None

@boost
def falls_off(n: int):
    if n > 3:
        return n

@boost
def worked_with(n: int):
    x = None
    if n > 0:
        x = n
    return x + 1

@boost
def asked(n: int):
    x = None
    if n % 2:
        x = n
    a = x is None
    b = x is not None
    c = 1 if x else 2
    d = x == 3
    e = x != 3
    f = not x
    if x is None:
        return a, b, c, d, e, f, -1
    return a, b, c, d, e, f, x * 2

@boost
def arrays(a: "float[:]", n: int):
    kept = None
    if n > 0:
        kept = a * n
    if kept is not None:
        kept[0] += 1
    return kept, kept is None

@boost
def strings(n: int):
    name = None
    if n > 0:
        name = "x" * n
    if n > 5:
        name = "long"
    return name

@boost
def in_lists(n: int):
    places = [None] * n
    for i in range(0, n, 2):
        places[i] = i * 1.5
    total = 0.0
    for place in places:
        if place is not None:
            total += place
    return places, total

@boost
def given(numbers: "list[int | None]"):
    total = 0
    for x in numbers:
        if x is not None:
            total += x
    numbers.append(None)
    numbers.append(total)
    return total

@boost
def tuples(n: int):
    pair = None
    if n > 0:
        pair = (n, n * 0.5)
    if pair is None:
        return None
    a, b = pair
    return a + b

@boost
def passed(n: int):
    return helper(None if n < 0 else n), helper(n)

def helper(x):
    if x is None:
        return -1
    return x + 1

@boost
def lists(n: int):
    rows = None
    for i in range(n):
        if rows is None:
            rows = []
        rows.append(i)
    return rows

@boost
def choice(n: int):
    return (n or None), (None if n else 1.5)

@boost
def in_dicts(n: int):
    cache = {}
    for i in range(n):
        cache[i] = i if i % 2 else None
    return cache
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("optional"), SOURCE)


NAMES = ("falls_off", "worked_with", "asked", "strings", "in_lists", "tuples", "passed", "lists", "choice", "in_dicts")


@pytest.mark.parametrize("name", NAMES)
def test_of_a_number(built: oracle.Built, name: str) -> None:
    for n in (-1, 0, 1, 2, 3, 4, 7):
        built.check(name, n)


def test_of_arrays(built: oracle.Built) -> None:
    for a in (np.empty(0), np.array([1.0]), np.array([3.0, 5.0, 4.0])):
        built.check("best", a)
    for n in (-1, 0, 1, 2):
        built.check("arrays", np.arange(3.0), n)


def test_of_lists(built: oracle.Built) -> None:
    for wanted in (1, 3, 9):
        built.check("first_index", [3, 1, 2], wanted)
    cases: list[list[Any]] = [[], [None], [1, None, 2], [3]]
    for numbers in cases:
        built.check("given", numbers)


TOLD_APART = """
import numpy as np
from hypersonic import boost


@boost
def kept(a: list[int | None], d: dict[str, int], keys: list[str]):
    found = [x for x in a if x is not None]
    looked = [d.get(k) for k in keys]
    more = []
    for k in keys:
        v = d.get(k)
        if v is None:
            continue
        more.append(v)
    for x in a:
        if x:
            more.append(x)
        elif x is None or x > 3:
            more.append(-1)
        y = x + 1 if x is not None and x > 0 else 0
        more.append(y)
        more.append((x or 7) + 1)
    return found, looked, more, np.array(found, dtype=float), [x for x in a]


@boost
def asserted(x: float | None, out: "float[:]"):
    assert x is not None
    out[0] = x
    while x is not None:
        out[1] += x
        x = None if x < 2 else x - 1
    if not (x is None):
        out[0] = 5
    return x, out


@boost
def given_none(a: list[str | None], out: "float[:]"):
    out[0] = 1
    a = [x for x in a]
    return a
"""


@pytest.mark.parametrize("a", [[], [None], [0, 5, None, -1, 3]])
def test_tests_for_none_are_believed(build, a):
    built = build(TOLD_APART)
    built.check("kept", a, {"a": 1, "b": 2}, ["a", "x", "b"])
    built.check("asserted", None if not a else 3.5, np.zeros(2))
    built.check("given_none", ["x", None, "y"], np.zeros(1))
