"""Generator expressions and generators in variables: run over later, in parts, once."""

from __future__ import annotations

import hypersonic
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Built, build

SOURCE = """
from hypersonic import boost

def numbers(n):
    for i in range(n):
        yield i

def some(items, n):
    found = [0]
    for x in items:
        found.append(x)
        if len(found) > n:
            break
    return found

@boost
def asked(a: list[int]):
    g = (x * 2 for x in a if x > 0)
    x = next(g)
    y = next(g, 0)
    return x, y, list(g), list(g), next(g, -1)

@boost
def reads_late(a: list[int], n: int):
    k = 1
    g = (x * k for x in a if x > n)
    h = (x + y for x in a for y in range(x))
    k = 5
    for x in g:
        if x > 10:
            break
        k += 1
    return sum(g), list(h), k

@boost
def lazily(a: list[int]):
    m = map(str, a)
    f = filter(None, a)
    return ",".join(m), max(f, default=0), any(x > 3 for x in f), list(m)

@boost
def in_parts(a: list[int], n: int):
    g = (x for x in a)
    found = []
    for _ in range(n):
        found.append(next(g, -10))
        for x in g:
            if x < 0:
                break
            found.append(x)
    return found

@boost
def one_in_another(a: list[int]):
    g = (x for x in (y * 2 for y in a))
    h = (x + 1 for x in g if x > 2)
    first = next(h, 0)
    second = next(g, 0)
    g = (x - 1 for x in g)
    return first, second, list(h), list(g)

@boost
def over_a_function(n: int):
    g = (x * x for x in numbers(n) if x % 2)
    return list(g)

@boost
def given(a: list[int]):
    g = (10 + x for x in a)
    return some(g, 1), some(g, 2), some((2 * x for x in g), 1), list(g)

@boost
def beside(a: list[int]):
    g = (10 + x for x in a)
    h = (10 + x for x in a)
    return list(zip(a[:2], g)), list(g), list(zip(h, a)), list(h), list(enumerate(g))

@boost
def source_changes(a: list[int]):
    g = (10 + x for x in a)
    a.append(3)
    a = [7]
    return list(g), any(x > 12 for x in g), a

@boost
def on_one_path(a: list[int], n: int):
    g = (x * x for x in a)
    if n > 1:
        next(g, 0)
    return list(g), list(g)

@boost
def from_within(a: list[int]):
    g = (x * x for x in a)
    def f():
        return next(g, -1)
    return f(), f(), f(), [next(g, k) for k in range(2)]

@boost
def new_in_each_round(a: list[int], n: int):
    found = []
    for k in range(n):
        g = (x + k for x in a)
        found.append(next(g, 0))
        found.append(sum(g))
    return found

@boost
def tried(a: list[int]):
    g = (10 // x for x in a)
    found = []
    try:
        for x in g:
            found.append(x)
    except ZeroDivisionError:
        found.append(-1)
    return found

@boost
def of_array(a: "float[:]"):
    g = (x * x for x in a)
    return sum(g)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("stored"), SOURCE)


@settings(deadline=None)
@given(a=st.lists(st.integers(-3, 6), max_size=8), n=st.integers(0, 4))
def test_generators_in_variables(built: Built, a: list[int], n: int) -> None:
    for name in ("asked", "lazily", "one_in_another", "given", "beside", "source_changes", "from_within", "tried"):
        built.check(name, a)
    for name in ("reads_late", "in_parts", "on_one_path", "new_in_each_round"):
        built.check(name, a, n)
    built.check("over_a_function", n)
    built.check("of_array", np.array([*a, 1], float))


REFUSED = """
from hypersonic import boost

def numbers(n):
    for i in range(n):
        yield i

@boost
def twice(n: int):
    g = numbers(n)
    return list(g), list(g)

@boost
def twice_in_comprehensions(n: int):
    g = numbers(n)
    a = [x for x in g]
    return a, [x for x in g]

@boost
def unpacked_before(n: int):
    g = numbers(n)
    a, *b = g
    return a, sum(g)

@boost
def two_loops(a: list[int]):
    g = (x + y for x in a for y in a)
    return any(x > 3 for x in g), list(g)

@boost
def seen_by_a_handler(a: list[int]):
    g = (10 // x for x in a)
    found = []
    for _ in range(3):
        try:
            found.append(next(g))
        except ZeroDivisionError:
            found.append(-1)
    return found

@boost
def on_one_path(a: list[int], n: int):
    g = numbers(n)
    if n:
        for x in g:
            break
    return list(g)
"""


@pytest.mark.parametrize("name", ["twice", "twice_in_comprehensions", "unpacked_before", "two_loops", "seen_by_a_handler", "on_one_path"])
def test_generators_in_the_middle_are_pythons(build, name):
    built = build(REFUSED)
    assert hypersonic.info(getattr(built.module, name)).state == "python", name


def test_a_used_generator_is_named(build):
    assert "the generator `g` is used again" in build(REFUSED).log
