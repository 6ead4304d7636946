"""What Python runs faster for certain is left to it: said, without a trace in calls, and compiled where a kernel calls it or the user insists."""

import inspect
from pathlib import Path

import hypersonic
import oracle
import pytest

AS_USUAL = """
[tool.hypersonic]
levels = ["x86-64-v2"]
gpu = false
"""

SOURCE = """
import heapq
import math
import random

from hypersonic import boost

@boost
def first(words: list[str]):
    return words[0]

@boost
def append(numbers: list[int], x: int):
    numbers.append(x)

@boost
def squares(n: int):
    return {i: i * i for i in range(n)}

@boost
def by_second(pairs: list[tuple[int, float]]):
    return sorted(pairs, key=lambda p: p[1])

@boost
def exact(numbers: list[float]):
    return math.fsum(numbers)

@boost
def lengths(words: list[str]):
    n = 0
    for w in words:
        n += len(w)
    return n

@boost
def push(heap: list[int], x: int):
    heapq.heappush(heap, x)

@boost(always=True)
def first_insisted(words: list[str]):
    return words[0]

@boost(c=True)
def scaled(x: float):
    return 2.0 * x

@boost
def longest(words: list[str]):
    best = first(words)
    for w in words:
        for v in words:
            if len(w) > len(best) and v <= w:
                best = w
    return best

@boost
def total(numbers: list[float]):
    s = 0.0
    for x in numbers:
        s += x
    return s

@boost
def ordered(numbers: list[float]):
    return sorted(numbers)

@boost
def norm(x: float, y: float):
    return math.sqrt(x * x + y * y), x
"""

LEFT = ["first", "append", "squares", "by_second", "lengths", "push"]
COMPILED = ["exact", "first_insisted", "scaled", "longest", "total", "ordered", "norm"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    """The functions as a user has them who sets nothing."""
    return oracle.build(tmp_path_factory.mktemp("left"), SOURCE, extra=AS_USUAL)


def test_the_slower_ones_are_the_python_functions_themselves(built: oracle.Built) -> None:
    for name in LEFT:
        function = getattr(built.module, name)
        assert inspect.isfunction(function), name
        info = hypersonic.info(function)
        assert info.state == "python" and "is left to Python, which is faster" in str(info.reason), name
    for name in COMPILED:
        assert built.state(name) == "cpu", name


def test_what_is_left_is_said_with_the_way_to_insist(built: oracle.Built) -> None:
    assert "warning[HS0217]: `first` is left to Python, which is faster" in built.log
    assert "`@boost(always=True)`" in built.log
    assert "6 left to Python, which is faster" in built.log


def test_kernels_that_call_it_have_it_compiled(built: oracle.Built) -> None:
    assert built.check("longest", ["a", "ccc", "bb", "ddd"]) == "ccc"
    with pytest.raises(IndexError):
        built.longest([])


def test_a_strict_build_has_nothing_against_it(tmp_path: Path) -> None:
    built = oracle.build(tmp_path, SOURCE, name="strict_about_it", extra=AS_USUAL + "strict = true\n")
    assert built.state("total") == "cpu" and built.state("first") == "python"


def test_a_project_can_insist(tmp_path: Path) -> None:
    built = oracle.build(tmp_path, SOURCE, name="insisting", extra=AS_USUAL + "always = true\n")
    for name in LEFT + COMPILED:
        assert built.state(name) == "cpu", name
    assert built.check("first", ["a", "b"]) == "a"
    assert built.check("squares", 3) == {0: 0, 1: 1, 2: 4}
