"""Dicts and sets: order, keys of all kinds, changes while they are run over, write-back; CPython's answers and exceptions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def count(words: list[str]):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts

@boost
def histogram(numbers: list[int]):
    counts: dict[int, int] = {}
    for x in numbers:
        if x in counts:
            counts[x] += 1
        else:
            counts[x] = 1
    best = max(counts.values(), default=0)
    return counts, best, [k for k, v in counts.items() if v == best], sum(counts.keys()), len(counts)

@boost
def methods(given: dict[int, float], k: int, x: float):
    before = given.get(k, -1.0)
    first = given.setdefault(k, x)
    given[k + 1] = x
    given[k] += 1.0
    popped = given.pop(k + 1)
    other = given.pop(k + 7, x)
    copy = given.copy()
    copy.clear()
    given.update({k: x * 2, k + 2: x})
    last = given.popitem()
    if k in given:
        del given[k]
    return before, first, popped, other, len(copy), last, given, list(given), list(given.values()), list(given.items())

@boost
def looked_up(given: dict[int, float], k: int):
    found = given.get(k)
    if found is None:
        return -1.0, given.get(k + 1)
    return found * 2, given.get(k + 1)

@boost
def missing(given: dict[str, int], key: str):
    return given[key]

@boost
def deletes(given: dict[int, int], key: int):
    del given[key]
    return given

@boost
def display(a: int, b: int):
    return {a: 1.5, b: 2.5, a + 1: 3.5}, {a, b, a}, {"x": a, "y": b}, {(a, b): "pair"}, {a: [a], b: []}

@boost
def comprehensions(numbers: list[int]):
    return {x: x * x for x in numbers}, {x % 3 for x in numbers}, {str(x): i for i, x in enumerate(numbers)}

@boost
def run_over(given: dict[int, int]):
    total = 0
    for key in given:
        total += key
    for i, (key, value) in enumerate(given.items(), 2):
        total += i * key * value
    for i, key in enumerate(given):
        total -= i * key
    for key, value in zip(given.keys(), given.values()):
        total += key - value
    for key in given.keys():
        given[key] = given[key] + 1
    for value in given.values():
        if value > 100:
            break
    else:
        total += 5
    return total, sorted(given), sorted(given.values(), reverse=True), given == {1: 2}

@boost
def grows(given: dict[int, int]):
    for key in given:
        given[key + 1000] = 1
    return given

@boost
def set_grows(given: set[int]):
    for x in given:
        given.add(x + 1000)
    return given

@boost
def nested(words: list[str]):
    groups = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    return groups

@boost
def lists_of_lists(numbers: list[int]):
    found = {}
    for x in numbers:
        if x % 4 not in found:
            found[x % 4] = []
        found[x % 4].append(x)
    return found, [len(v) for v in found.values()]

@boost
def merged(a: dict[int, int], b: dict[int, int]):
    c = a | b
    a |= b
    return c, a == c, a != b

@boost
def arrays(a: "float[:]", n: int):
    cache = {}
    for i in range(n):
        key = i % 3
        if key not in cache:
            cache[key] = a * i
        cache[key][0] += 1
    total = 0.0
    for value in cache.values():
        total += value.sum()
    return total, cache

@boost
def set_methods(a: set[int], b: set[int], x: int):
    a.add(x)
    b.discard(x + 1)
    b.update(a)
    return (a | b, a & b, a - b, a ^ b, a.union(b), a.intersection(b), a.difference(b), a.symmetric_difference(b), a <= b, a < b,
            a >= b, a > b, a == b, a.isdisjoint(b), a.issubset(b), x in a, x not in b, len(a))

@boost
def set_updates(a: set[int], b: set[int]):
    c = a.copy()
    c |= b
    d = a.copy()
    d &= b
    e = a.copy()
    e -= b
    f = a.copy()
    f ^= b
    a.clear()
    return a, c, d, e, f

@boost
def set_order(numbers: list[int]):
    seen = set()
    order = []
    for x in numbers:
        if x in seen:
            seen.remove(x)
        else:
            seen.add(x)
    for x in seen:
        order.append(x)
    popped = []
    while seen:
        popped.append(seen.pop())
    return order, popped, list(set(numbers)), [x for x in {x % 7 for x in numbers}]

@boost
def float_set(numbers: list[float]):
    return list(set(numbers)), len({x for x in numbers})

@boost
def pair_set(numbers: list[int]):
    pairs = {(x, x % 3) for x in numbers}
    return list(pairs), (1, 1) in pairs

@boost
def removes(given: set[int], x: int):
    given.remove(x)
    return given

@boost
def empty():
    return {}, set(), dict(), list({}), len(set())

@boost
def truth(given: dict[int, int], other: set[int]):
    return bool(given), not other, 1 if given else 2

@boost
def converted(pairs: list[tuple[int, float]], words: list[str]):
    return dict(pairs), dict(zip(words, range(len(words)))), set(words), dict(a=1, b=2)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("dicts"), SOURCE)


NUMBERS = [[], [0], [3, 1, 2, 3, -1], [5, -1, 5, 0, 7, -3, 2**40, -(2**61)], [x * x % 97 for x in range(60)]]


@pytest.mark.parametrize("numbers", NUMBERS)
def test_of_numbers(built: oracle.Built, numbers: list[int]) -> None:
    given = dict(zip(numbers, numbers[1:], strict=False))
    floats = {k: v / 2 for k, v in given.items()}
    built.check("histogram", numbers)
    built.check("comprehensions", numbers)
    built.check("lists_of_lists", numbers)
    built.check("set_order", numbers)
    built.check("pair_set", numbers)
    built.check("float_set", [x / 4 for x in numbers])
    built.check("run_over", given)
    built.check("grows", given)
    built.check("set_grows", set(numbers))
    built.check("truth", given, set(numbers))
    built.check("merged", given, {k + 1: v for k, v in given.items()})
    for x in (-1, 3, 5):
        built.check("methods", floats, x, x / 3)
        built.check("looked_up", floats, x)
        built.check("deletes", given, x)
        built.check("removes", set(numbers), x)
        built.check("set_methods", set(numbers), set(numbers[::2]), x)
        built.check("set_updates", set(numbers), {x, x + 1})


def test_of_strings(built: oracle.Built) -> None:
    words = "the quick brown fox jumps over the lazy dog the end".split()
    built.check("count", words)
    built.check("nested", words)
    built.check("count", ["é", "e", "é", "\U0001f600", ""])
    built.check("missing", {"a": 1, "b": 2}, "b")
    built.check("missing", {"a": 1, "b": 2}, "c")
    built.check("converted", [(1, 2.0), (1, 3.0), (0, 1.0)], words)


def test_made(built: oracle.Built) -> None:
    built.check("empty")
    for a, b in ((1, 2), (1, 1), (2, 1)):
        built.check("display", a, b)
    for n in (1, 2, 10):
        built.check("arrays", np.arange(3.0), n)


def test_the_very_objects(built: oracle.Built) -> None:
    given = {1: 2.0}
    assert built.methods(given, 1, 2.0)[6] is given
    numbers = {1, 2}
    assert built.removes(numbers, 1) is numbers
    assert numbers == {2}


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(-20, 20), max_size=40))
def test_order_of_sets(built: oracle.Built, numbers: list[int]) -> None:
    built.check("set_order", numbers)
    built.check("pair_set", numbers)
    built.check("float_set", [float(x) for x in numbers])


REFUSED = [
    ("x = {n: 1}\n    x[n] = 2.5\n    return x", "a dict with values of `int` is given `float`"),
    ("x = {n: 1, 'a': 2}\n    return x", "holds `int` and `str`"),
    ("x = {n: 1}\n    return x.keys()", "made a list of"),
    ("x = {[n]: 1}\n    return x", "unhashable"),
    ("x = {n: 1}\n    return x.has_key(1)", "has no compiled form"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED)
def test_refused(tmp_path: Path, body: str, words: str) -> None:
    built = oracle.build(tmp_path, f"from hypersonic import boost\n\n@boost\ndef f(n: int):\n    {body}\n")
    assert built.state("f") == "python"
    assert words in built.log
