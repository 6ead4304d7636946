"""Lists: made, changed, given, written back, returned; CPython's answers and exceptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def grow(n: int):
    numbers = []
    for i in range(n):
        if i % 3:
            numbers.append(i * i)
    return numbers

@boost
def empty():
    return []

@boost
def display(a: int, b: float, c: "float[:]"):
    return [a, a + 1], [b], [c, c * 2], [(a, b), (a + 2, -b)], [[a], []], [True, a > 0]

@boost
def nested(n: int):
    rows = []
    for i in range(n):
        row = []
        for j in range(i):
            row.append(i - j)
        rows.append(row)
    return rows

@boost
def comprehension(numbers: list[int], k: int):
    return [x * y for x in numbers if x > 0 for y in range(k)]

@boost
def methods(numbers: list[int], x: int, i: int):
    numbers.append(x)
    numbers.insert(i, x + 1)
    numbers.extend(numbers)
    numbers.extend(range(3))
    numbers += [7, 8]
    popped = numbers.pop()
    first = numbers.pop(0)
    numbers.remove(x)
    where = numbers.index(x + 1)
    many = numbers.count(7)
    numbers.reverse()
    copy = numbers.copy()
    copy.clear()
    return popped, first, where, many, len(copy), numbers

@boost
def subscripts(numbers: list[float], i: int, j: int):
    numbers[i] = numbers[j] + 1
    numbers[j] *= 3
    del numbers[0]
    return numbers[-1], numbers[0]

@boost
def slices(numbers: list[int], i: int, j: int, k: int):
    return numbers[i:], numbers[:j], numbers[i:j], numbers[::k], numbers[i:j:k], numbers[::-1]

@boost
def stores(numbers: list[int], i: int, j: int, k: int, others: list[int]):
    numbers[i:j:k] = others
    return len(numbers)

@boost
def deletes(numbers: list[int], i: int, j: int, k: int):
    del numbers[i:j:k]
    return numbers

@boost
def operators(a: list[int], b: list[int], n: int):
    joined = a + b
    joined *= 2
    return joined, a * n, n * b, a == b, a != b, a < b, a >= b, (a and b), bool(b), not a

@boost
def membership(numbers: list[float], x: float):
    return x in numbers, x not in numbers, [x] == numbers

@boost
def sorting(numbers: list[int]):
    numbers.sort()
    down = sorted(numbers, reverse=True)
    odd = sorted(numbers, key=lambda x: (x % 2, -x))
    pairs = sorted([(x % 3, x) for x in numbers])
    numbers.sort(key=abs, reverse=True)
    return down, odd, pairs, min(numbers, default=0), max(numbers, key=lambda x: -x, default=5)

@boost
def reductions(numbers: list[float]):
    return sum(numbers), min(numbers), max(numbers), any(numbers), all(numbers), len(numbers)

@boost
def loops(numbers: list[int]):
    total = 0
    for i, x in enumerate(numbers):
        total += i * x
    for x, y in zip(numbers, numbers[1:]):
        total -= x * y
    for x in reversed(numbers):
        total = total * 3 % 1000003 + x
    for i, (x, y) in enumerate(zip(range(3), numbers), 5):
        total += i * x * y
    for x in numbers:
        if x < 0:
            break
    else:
        total += 1000
    return total

@boost
def grows_while_run_over(numbers: list[int]):
    for x in numbers:
        if x > 0 and len(numbers) < 50:
            numbers.append(x - 1)
    return numbers

@boost
def shrinks_while_run_over(numbers: list[int]):
    seen = []
    for x in numbers:
        seen.append(x)
        if x % 2:
            numbers.remove(x)
    return seen

@boost
def unpack(numbers: list[int]):
    a, b, *c = numbers
    *d, e = numbers
    f, *g, h = numbers
    return a, b, c, d, e, f, g, h

@boost
def unpack_exactly(numbers: list[int]):
    a, b = numbers
    return a - b

@boost
def aliases(numbers: list[int]):
    other = numbers
    other.append(1)
    third = [numbers, other]
    third[0].append(2)
    third[1][0] = 9
    return third, numbers

@boost
def rows_alias(n: int):
    rows = [[0] * 2] * n
    for row in rows:
        row[0] += 1
    return rows

@boost
def matrix(rows: list[list[float]]):
    for row in rows:
        for j in range(len(row)):
            row[j] *= 2
    rows.append([1.0])
    return sum([sum(row) for row in rows])

@boost
def helper_list(numbers: list[int]):
    change(numbers, 3)
    return made(4) + numbers

def change(numbers, x):
    numbers.append(x)
    numbers[0] = -x

def made(n):
    found = []
    for i in range(n):
        found.append(i)
    return found

@boost
def arrays(a: "float[:]", n: int):
    parts = [a]
    for i in range(n):
        parts.append(parts[-1] + i)
    parts[0][0] = 5.0
    return np.concatenate(parts), np.array(parts), parts, np.stack(parts)

@boost
def array_list(parts: "float[:] list"):
    total = 0.0
    for part in parts:
        part *= 2
        total += part.sum()
    return total, parts[0], parts

@boost
def to_arrays(numbers: list[float], rows: list[list[int]]):
    return np.array(numbers), np.asarray(rows), np.sum(numbers), np.array([x * 2 for x in numbers]), np.sqrt(numbers)

@boost
def tuples(pairs: "(int, float) list"):
    total = 0.0
    for n, x in pairs:
        total += n * x
    pairs.append((1, 2.0))
    return total, pairs[-1][1], [n for n, _ in pairs]

@boost
def stack_machine(n: int):
    stack = [n]
    total = 0
    while stack:
        top = stack.pop()
        total += top
        if top > 1:
            stack.append(top // 2)
            stack.append(top - top // 2)
    return total

@boost
def fails_behind(numbers: list[int], i: int):
    numbers.append(1)
    if i > 5:
        raise ValueError(f"{i} is too large")
    return numbers[i]

@boost
def written_behind(numbers: list[int], a: "float[:]", i: int):
    numbers.append(1)
    a[0] = 7
    return numbers[i]

@boost
def mapped(numbers: list[int]):
    return list(map(lambda x: x * x, numbers)), list(filter(None, numbers)), sum(map(abs, numbers)), list(zip(numbers, numbers[::-1]))

@boost
def conditional(n: int, numbers: list[int]):
    found = numbers if n > 0 else []
    if n > 3:
        more = []
    else:
        more = [n]
    more.append(2)
    return found, more
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("lists"), SOURCE)


LISTS = [[], [0], [3, 1, 2], [5, -1, 5, 0, 7, -3], list(range(20))]


def test_made(built: oracle.Built) -> None:
    for n in (0, 1, 10, 1000):
        built.check("grow", n)
        built.check("nested", n % 30)
        built.check("rows_alias", n % 7)
        built.check("stack_machine", n)
    built.check("empty")
    for a in (0, 5, -3):
        built.check("display", a, a / 2, np.arange(3.0))


@pytest.mark.parametrize("numbers", LISTS)
def test_read_and_changed(built: oracle.Built, numbers: list[int]) -> None:
    floats = [x / 2 for x in numbers]
    built.check("comprehension", numbers, 2)
    built.check("sorting", numbers)
    built.check("loops", numbers)
    built.check("grows_while_run_over", numbers)
    built.check("shrinks_while_run_over", numbers)
    built.check("unpack", numbers)
    built.check("unpack_exactly", numbers)
    built.check("aliases", numbers)
    built.check("helper_list", numbers)
    built.check("mapped", numbers)
    built.check("reductions", floats)
    for x in (-3, 0, 7):
        built.check("methods", numbers, x, x)
        built.check("conditional", x, numbers)
        built.check("operators", numbers, numbers[::-1], x)
        built.check("operators", numbers, numbers[:-1], x)
        built.check("membership", floats, x / 2)
        built.check("fails_behind", numbers, x)
        built.check("written_behind", numbers, np.zeros(2), x, messages=False)


def test_elements_of_other_types_are_pythons(built: oracle.Built) -> None:
    for numbers in ([1.0], [True], [1, None], ["a"], [2**70], (1, 2), [np.int64(3)]):
        oracle.compare(built.comprehension, built.comprehension.__wrapped__, numbers, 2)


def test_rows(built: oracle.Built) -> None:
    for rows in ([], [[]], [[1.0], [2.0, 3.0]]):
        built.check("matrix", rows)
    built.check("to_arrays", [1.0, 2.0], [[1, 2], [3, 4]])
    built.check("to_arrays", [], [[1, 2], [3, 4]])
    built.check("to_arrays", [1.0], [])
    oracle.compare(built.to_arrays, built.to_arrays.__wrapped__, [1.0], [[1], [2, 3]], messages=False)
    built.check("tuples", [(1, 2.0), (3, 4.5)])
    built.check("tuples", [])


def test_the_same_list_twice(built: oracle.Built) -> None:
    row = [1.0, 2.0]
    rows = [row, row]
    result = built.matrix(rows)
    assert rows[0] is row
    assert rows == [[4.0, 8.0], [4.0, 8.0], [1.0]]
    assert result == 25.0
    numbers = [4]
    result, same = built.aliases(numbers)
    assert same is numbers
    assert result[0] is numbers
    assert result[1] is numbers


def test_arrays_in_lists(built: oracle.Built) -> None:
    for n in (0, 1, 3):
        built.check("arrays", np.arange(4.0), n)
        built.check("arrays", np.arange(8.0)[::-2], n)
    parts = [np.arange(3.0), np.ones(2)[::-1]]
    built.check("array_list", parts)
    built.check("array_list", [])
    a = np.arange(4.0)
    shared = [a, a, a[1:]]
    total, first, given = built.array_list(shared)
    assert first is a
    assert given is shared
    assert given[0] is a
    assert np.array_equal(a, [0, 8, 16, 24])
    a.flags.writeable = False
    oracle.compare(built.array_list, built.array_list.__wrapped__, [a])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(-9, 9), max_size=9), *[st.integers(-12, 12)] * 3, st.lists(st.integers(-9, 9), max_size=5))
def test_slices(built: oracle.Built, numbers: list[int], i: int, j: int, k: int, others: list[int]) -> None:
    built.check("slices", numbers, i, j, k)
    built.check("stores", numbers, i, j, k, others)
    built.check("deletes", numbers, i, j, k)
    built.check("subscripts", [x / 2 for x in numbers], i, j)


def test_not_a_number_is_pythons(built: oracle.Built) -> None:
    nan = float("nan")
    assert built.membership([1.0, nan], nan) == built.membership.__wrapped__([1.0, nan], nan)


REFUSED: list[tuple[str, str]] = [
    ("x = [1]\n    x.append(2.5)\n    return x", "is given `float`"),
    ("x = [1, 'a']\n    return x", "holds `int` and `str`"),
    ("x = []\n    x.append(n)\n    x.append(0.5)\n    return x", "is given `float`"),
    ("x = [n]\n    x.push(1)\n    return x", "has no compiled form"),
    ("x = {[n]}\n    return x", "unhashable"),
    ("x = [print]\n    return x", "is not a value"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED)
def test_refused(tmp_path: Path, body: str, words: str) -> None:
    built = oracle.build(
        tmp_path, f"from hypersonic import boost\n\n@boost\ndef f(n: int):\n    {body}\n\n@boost\ndef g(n: int):\n    return [n]\n"
    )
    assert built.state("f") == "python"
    assert words in built.log
    assert built.check("g", 2) == [2]


def test_no_memory_is_lost(built: oracle.Built) -> None:
    import resource

    def used() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def round_() -> Any:
        numbers = list(range(300))
        built.nested(60)
        built.methods(list(numbers), 3, 4)
        built.arrays(np.zeros(2000), 8)
        built.sorting(list(numbers))
        for fails in (built.fails_behind, built.unpack_exactly):
            with pytest.raises((ValueError, IndexError, TypeError)):
                fails(list(numbers), 9) if fails is built.fails_behind else fails(numbers)

    for _ in range(200):
        round_()
    before = used()
    for _ in range(2000):
        round_()
    assert used() - before < 6000


CONSTANTS = """
from hypersonic import boost

WEIGHTS = [1.0, 0.5, 0.25]
LONG = [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987]
NAMES = {"a": 1, "b": 2}
GROWS = [1, 2]

def grow():
    GROWS.append(3)

@boost
def reads(i: int):
    total = 0.0
    for w in WEIGHTS:
        total += w
    for k, w in enumerate(LONG):
        total += k * w
    return total, WEIGHTS[i], LONG[i], len(LONG), 8 in LONG, [2 * w for w in WEIGHTS], NAMES["b"], "c" in NAMES

@boost
def changed(i: int):
    return GROWS[i]

def helper(x, kept=[]):
    kept.append(x)
    return len(kept)

@boost
def keeps(i: int):
    return helper(i)
"""


def test_lists_of_modules(tmp_path: Path) -> None:
    built = oracle.build(tmp_path, CONSTANTS)
    for i in (0, 2, -1, 5):
        built.check("reads", i)
    assert built.state("changed") == "python"
    assert "`GROWS` may be changed" in built.log
    assert built.state("keeps") == "python"
    assert "used in every call" in built.log
