"""What a function changes in containers of arguments: the items that it leaves alone stay the objects that they are."""

from __future__ import annotations

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
from hypersonic import boost

@boost
def numbers(a: list[int], script: list[tuple[int, int]]):
    for what, x in script:
        if what == 0:
            a.append(x)
        elif what == 1 and a:
            a[x % len(a)] = x
        elif what == 2 and a:
            del a[x % len(a)]
        elif what == 3:
            a.insert(x % (len(a) + 1), x)
        elif what == 4:
            a.reverse()
        elif what == 5:
            a.clear()

@boost
def floats(a: list[float], script: list[tuple[int, int]]):
    for what, x in script:
        if what == 0:
            a.append(x * 0.5)
        elif what == 1 and a:
            a[x % len(a)] = x * 0.5
        elif what == 2 and a:
            a.pop(x % len(a))
        elif what == 3:
            a.sort()

@boost
def words(a: list[str], script: list[tuple[int, int]]):
    for what, x in script:
        if what == 0:
            a.append(str(x))
        elif what == 1 and a:
            a[x % len(a)] = a[0]
        elif what == 2 and a:
            a.pop(x % len(a))
        elif what == 3:
            a.sort()

@boost
def nested(a: list[list[int]], script: list[tuple[int, int]]):
    for what, x in script:
        if what == 0:
            a.append([x])
        elif what == 1 and a:
            a[x % len(a)].append(x)
        elif what == 2 and a:
            a[x % len(a)] = a[0]
        elif what == 3:
            a.reverse()

@boost
def entries(d: dict[int, float], script: list[tuple[int, int]]):
    for what, x in script:
        if what == 0:
            d[x] = x * 0.5
        elif what == 1:
            d[x] = d.get(x, 0.0) + 1.0
        elif what == 2 and x in d:
            del d[x]
        elif what == 3 and d:
            d.popitem()
        elif what == 4:
            d.update({x: 7.0, x + 1: 8.0})
        elif what == 5 and x == 0:
            d.clear()

@boost
def lists(d: dict[str, list[int]], script: list[tuple[int, int]]):
    for what, x in script:
        if what < 3:
            d.setdefault(str(x), []).append(what)
        elif what == 3:
            d.pop(str(x), [])
        elif what == 4 and str(x) in d:
            d[str(x)] = [1, 2]
"""

NUMBERS = st.lists(st.integers(-5, 2**40), max_size=8)
SCRIPT = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("back"), SOURCE)


@settings(max_examples=60, deadline=None)
@given(a=NUMBERS, script=SCRIPT)
def test_changes(built: oracle.Built, a: list[int], script: list[tuple[int, int]]) -> None:
    built.check("numbers", a, script)
    built.check("floats", [x * 0.25 for x in a], script)
    built.check("words", [str(x) for x in a], script)
    built.check("nested", [[x, 1] for x in a], script)
    built.check("entries", {x % 6: x * 1.0 for x in a}, script)
    built.check("lists", {str(x % 6): [x] for x in a}, script)


def test_what_is_left_alone_is_the_same_object(built: oracle.Built) -> None:
    numbers = [10**15 + n for n in range(5)]
    items = list(numbers)
    built.numbers(numbers, [(1, 2), (0, 7)])
    assert numbers == [items[0], items[1], 2, items[3], items[4], 7]
    assert all(numbers[n] is items[n] for n in (0, 1, 3, 4))
    floats = [n + 0.5 for n in range(3)]
    first, _, last = floats
    built.floats(floats, [(1, 1)])
    assert floats[0] is first
    assert floats[2] is last
    table = {10**15: 1.5, 10**15 + 1: 2.5}
    keys, values = list(table), list(table.values())
    built.entries(table, [(0, 3)])
    assert list(table) == [*keys, 3]
    assert list(table)[0] is keys[0]
    assert table[keys[1]] is values[1]


def test_an_int_beyond_64_bits_is_python(built: oracle.Built) -> None:
    built.check("numbers", [1, 2**70], [(0, 1)])
