"""What looks at a few elements of a large container is Python's: copying them all takes longer. What works through them is compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypersonic
import oracle
import pytest

SOURCE = """
from hypersonic import boost

@boost
def item(numbers: list[float], i: int):
    return numbers[i]

@boost
def put(table: dict[str, int], key: str):
    table[key] = table.get(key, 0) + 1

@boost
def within(found: set[int], k: int):
    return k in found

@boost
def first(text: str):
    return text[0]

@boost
def few_rounds(numbers: list[int]):
    total = 0
    for i in range(3):
        total += numbers[i]
    return total

@boost
def total(numbers: list[int]):
    total = 0
    for n in numbers:
        total += n
    return total

@boost
def ordered(numbers: list[int]):
    numbers.sort()

@boost
def depth(numbers: list[int], i: int):
    return 0 if i < 0 else 1 + depth(numbers, numbers[i])
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("glances"), SOURCE)


def fell_back(built: oracle.Built, name: str, *args: Any) -> str | None:
    """Calls it, compares, and gives why Python answered, if it did."""
    function = getattr(built.module, name)
    before = hypersonic.info(function).fallbacks
    built.check(name, *args)
    info = hypersonic.info(function)
    return info.last_fallback if info.fallbacks > before else None


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("item", lambda n: ([float(k) for k in range(n)], 3)),
        ("put", lambda n: ({str(k): k for k in range(n)}, "3")),
        ("within", lambda n: (set(range(n)), 3)),
        ("first", lambda n: ("abcdefgh" * n,)),
        ("few_rounds", lambda n: (list(range(n)),)),
    ],
)
def test_python_answers_for_many(built: oracle.Built, name: str, make: Any) -> None:
    assert fell_back(built, name, *make(60)) is None
    assert "looks at little of what it is given" in str(fell_back(built, name, *make(1000)))


def test_loops_sorting_and_recursion_are_compiled(built: oracle.Built) -> None:
    assert fell_back(built, "total", list(range(1000))) is None
    assert fell_back(built, "ordered", list(range(1000, 0, -1))) is None
    assert fell_back(built, "depth", list(range(-1, 200)), 200) is None


SLOW = """
from hypersonic import boost

@boost
def lengths(words: list[str]):
    total = 0
    for word in words:
        total += len(word)
    return total

@boost
def table(n: int):
    return {i: i * i for i in range(n)}

@boost
def numbers(a: list[float]):
    return sorted(a)

@boost
def mixed(n: int):
    a = [0.5]
    a.append(1)
    return a

@boost
def begun(n: int):
    a = [0] * n
    a[0] = 0.5
    return a
"""


def test_what_may_be_slower_than_python_is_said(tmp_path: Path) -> None:
    log = oracle.build(tmp_path, SLOW).log
    assert log.count("HS0217") == 2 * 2
    assert "`lengths` may be slower than Python" in log
    assert "strings are copied, each time" in log
    assert "gives the entries of a dict, which are made twice" in log


def test_hints_for_ints_among_floats(tmp_path: Path) -> None:
    log = oracle.build(tmp_path, SLOW).log
    assert "write `1.0` if a float is meant" in log
    assert "begin with floats, as in `[0.0] * n`" in log
