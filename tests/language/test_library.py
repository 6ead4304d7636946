"""Functions of Python's own modules, and `print`: as CPython has them."""

from __future__ import annotations

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCE = """
import bisect
import functools
import heapq
import itertools
import operator
import random
from heapq import heappush, heappop
from itertools import chain
from hypersonic import boost

@boost
def heaps(numbers: list[int], x: int):
    heap = []
    for n in numbers:
        heappush(heap, n)
    first = list(heap)
    out = []
    while heap:
        out.append(heappop(heap))
    heap = list(numbers)
    heapq.heapify(heap)
    replaced = heapq.heappushpop(heap, x)
    if heap:
        replaced += heapq.heapreplace(heap, x + 1)
    return first, out, heap, replaced, heapq.nsmallest(3, numbers), heapq.nlargest(2, numbers, key=lambda v: -v)

@boost
def pairs(numbers: list[int]):
    queue = []
    for i, n in enumerate(numbers):
        heapq.heappush(queue, (n * 0.5, i))
    best = 0.0
    while queue:
        cost, i = heapq.heappop(queue)
        best = best * 0.5 + cost * i
    return best

@boost
def bisects(numbers: list[float], x: float):
    numbers.sort()
    i, j = bisect.bisect_left(numbers, x), bisect.bisect_right(numbers, x)
    bisect.insort(numbers, x)
    return i, j, bisect.bisect(numbers, x, 1), numbers, bisect.bisect_left(numbers, -x, key=lambda v: -v)

@boost
def reduces(numbers: list[int]):
    return functools.reduce(lambda a, b: a * 3 + b, numbers, 1), functools.reduce(operator.add, numbers)

@boost
def iterates(numbers: list[int], n: int):
    total = 0
    for x in chain(numbers, range(n), (7, 8)):
        total = total * 3 % 10007 + x
    sums = list(itertools.accumulate(numbers))
    products = list(itertools.accumulate(numbers, operator.mul))
    for a, b in itertools.product(numbers, range(2)):
        total += a * b
    for a, b in itertools.pairwise(numbers):
        total -= a * b
    taken = [x for x in itertools.takewhile(lambda v: v < 5, numbers)]
    dropped = [x for x in itertools.dropwhile(lambda v: v < 5, numbers)]
    return total, sums, products, taken, dropped, [x for x in itertools.islice(numbers, 2)], sum(itertools.repeat(2, n))

@boost
def operators(a: int, b: int):
    return operator.add(a, b), operator.sub(a, b), operator.lt(a, b), operator.getitem([a, b], 1), operator.neg(a)

@boost
def uniform(n: int):
    random.seed
    return [random.uniform(1.0, 3.0) for _ in range(n)]

@boost
def prints(n: int, x: float, name: str):
    print("n =", n, "x =", x, name)
    print(n, x, sep=", ", end=";")
    print()
    for i in range(n):
        print(f"{i:3d}", end=" " if i < n - 1 else None)
    if n > 2:
        raise ValueError("too many")
    return n

@boost
def prints_and_overflows(n: int):
    print("before", n)
    return n * n * n
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("library"), SOURCE.replace("    random.seed\n", ""))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-20, 20), max_size=20), st.integers(-20, 20))
def test_modules(built: oracle.Built, numbers: list[int], x: int) -> None:
    built.check("heaps", numbers, x)
    built.check("pairs", numbers)
    built.check("bisects", [n / 2 for n in numbers], x / 2)
    built.check("reduces", numbers)
    built.check("iterates", numbers, abs(x) % 5)
    built.check("operators", x, 3)


def test_random(built: oracle.Built) -> None:
    import random

    random.seed(3)
    ours = built.uniform(5)
    random.seed(3)
    assert ours == built.uniform.__wrapped__(5)


def test_print(built: oracle.Built, capsys: pytest.CaptureFixture[str]) -> None:
    for n in (0, 1, 2, 4):
        shown = []
        for function in (built.prints, built.prints.__wrapped__):
            if n > 2:
                with pytest.raises(ValueError, match="too many"):
                    function(n, 0.1, "é")
            else:
                assert function(n, 0.1, "é") == n
            shown.append(capsys.readouterr().out)
        assert shown[0] == shown[1]
    assert built.state("prints") == "cpu"
    assert built.prints_and_overflows(2**40) == 2**120
    assert capsys.readouterr().out == f"before {2**40}\n"
