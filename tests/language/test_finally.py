"""`finally` behind every way out, attributes and blocks of arrays where an exception arrives, failures that are not retried."""

from __future__ import annotations

from typing import Any

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = """
import math
import numpy as np
from hypersonic import boost

@boost
def return_in_finally(a: "float[:]", i: int):
    try:
        return float(a[i])
    finally:
        return -5.0

@boost
def return_keeps(a: "float[:]", i: int):
    x = a[0]
    try:
        return x
    finally:
        x += a[i]
        a[0] = 9.0

@boost
def jumps(a: "float[:]", n: int, stop: int):
    log = 0
    for i in range(n):
        try:
            if i == stop:
                break
            if i % 3 == 1:
                continue
            a[i] += 1.0
        finally:
            log += 1
            a[0] -= 0.5
    else:
        log += 1000
    return log

@boost
def break_in_finally(a: "int[:]", n: int):
    k = 0
    while True:
        k += 1
        try:
            a[k] += 1
        finally:
            if k >= n:
                break
    return k

@boost
def continue_in_finally(a: "int[:]"):
    k = 0
    bad = 0
    for k in range(10):
        try:
            a[k] += 1
            bad -= 1
        finally:
            bad += 1
            continue
    return k, bad

@boost
def deep_return(a: "float[:]", i: int):
    for k in range(3):
        try:
            for j in range(3):
                try:
                    if k * 3 + j == i:
                        return float(a[i])
                    a[j] += 1.0
                finally:
                    a[0] += 10.0
        except IndexError:
            a[1] = -1.0
        finally:
            a[0] += 100.0
    return 0.0

@boost
def raise_in_finally(a: "float[:]", i: int):
    try:
        try:
            return float(a[i])
        finally:
            if i > 3:
                raise ValueError("finally")
    except ValueError:
        return 1.5

@boost
class Box:
    k: float = 0.0
    arr: "float[:]"

    def __init__(self, arr):
        self.arr = arr

    def advance(self, i: int):
        self.k += 1.0
        self.arr[i] += 5.0
        self.k += 10.0

    @boost
    def own(self, i: int):
        try:
            self.k = 2.0
            self.arr[i] = 1.0
            self.k = 3.0
        except IndexError:
            self.k *= 100.0
        return self.k

    @boost
    def called(self, i: int):
        x = self.k
        try:
            self.advance(0)
            self.advance(i)
        except IndexError:
            x += 1000.0 * self.k
        finally:
            x += self.k
        return x

    @boost
    def leaves(self, i: int):
        self.k = 7.0
        try:
            self.advance(i)
        finally:
            self.k += 0.5

def deepest(a, i):
    a[0] += 1.0
    return a[i]

def middle(a, i):
    try:
        return deepest(a, i)
    except KeyError:
        return 0.0
    finally:
        a[1] += 1.0

@boost
def three_levels(a: "float[:]", i: int):
    try:
        return float(middle(a, i))
    except LookupError:
        return float(middle(a, 0))

@boost
def not_again(a: "float[:]", i: int):
    try:
        return float(deepest(a, i))
    except IndexError:
        a[0] += 1.0
        raise

def reads(a, i):
    return a[i]

@boost
def read_then_write(a: "float[:]", i: int):
    try:
        return float(reads(a, i))
    finally:
        a[0] += 1.0

@boost
def caught_then_fails(a: "float[:]", i: int, j: int):
    try:
        a[0] += 1.0
        a[i] = 2.0
    except IndexError:
        pass
    return float(a[j])

@boost
def unbound_is_caught(a: "float[:]", i: int):
    try:
        x = a[i]
    except IndexError:
        pass
    try:
        return float(x)
    except NameError:
        return -1.0

@boost
def memory(n: int):
    try:
        return float(np.zeros((n, 2**40))[0, 0])
    except MemoryError:
        return -1.0
    except ValueError:
        return -2.0

@boost
def chosen(a: "float[:]", b: "float[:]", i: int):
    try:
        c = a * 2.0 if a[i] > 0.0 else (a + b)[1:]
        d = (c[:2] if len(c) > 2 else c) + (b if i > 1 else b[:2])
        a[:2] = d[:2] / a[i + 1]
    except (IndexError, ValueError):
        return float(a[0]) - 100.0
    return float(np.sum(c))

@boost
def over_elements(a: "float[:]"):
    return sum(safe(x) for x in a), max(safe(x) for x in a)

def safe(x: float):
    try:
        return 1.0 / float(x)
    except ZeroDivisionError:
        return -5.0

@boost
def while_true(a: "int[:]"):
    tries = 0
    i = 0
    while True:
        try:
            i = a[i]
            tries += 1
            if tries > 20:
                raise RuntimeError("no end")
        except IndexError:
            return tries, 0
        except RuntimeError:
            i = 100
            continue
        finally:
            tries += 1

@boost
def in_else_of_loop(a: "float[:]", n: int):
    for i in range(n):
        try:
            if a[i] > 2.0:
                break
        except IndexError:
            continue
    else:
        try:
            a[n] = 9.0
        except IndexError:
            return -1
        return 0
    return i

@boost
def handler_reads_loop(a: "float[:]", n: int):
    i = -1
    try:
        for i in range(n):
            a[i] *= 2.0
    except IndexError:
        return i
    return i + 100

@boost
def two_dimensions(a: "float[:, :]", i: int):
    rows = 0
    for k in range(3):
        try:
            a[k] += a[:, i]
            rows += 1
        except (IndexError, ValueError) as problem:
            a[k, 0] = -1.0
    return rows
"""


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)  # type: ignore[no-any-return]


A = np.array([4.0, 0.0, -2.0, 8.0])


def test_finally(built: oracle.Built) -> None:
    for i in (0, 1, 3, 4, -5):
        built.check("return_keeps", A, i)
        built.check("raise_in_finally", A, i)
        for n in range(8):
            built.check("jumps", np.zeros(5), n, i)
        built.check("deep_return", A, i)
        built.check("deep_return", A[:2], i)
    for n in range(1, 7):
        built.check("break_in_finally", np.zeros(4, int), n)
    built.check("continue_in_finally", np.zeros(4, int))
    built.check("continue_in_finally", np.zeros(20, int))
    for i in (0, 3, 4, -5):
        built.check("return_in_finally", A, i)


@pytest.mark.parametrize("i", [0, 2, 4, -5])
@pytest.mark.parametrize("name", ["own", "called", "leaves"])
def test_attributes(built: oracle.Built, name: str, i: int) -> None:
    def run(python: bool) -> tuple[Any, ...]:
        box = built.module.Box(np.zeros(4))
        method = getattr(type(box), name)
        outcome: Any
        try:
            outcome = (method.__wrapped__ if python else method)(box, i)
        except IndexError as error:
            outcome = str(error)
        return outcome, box.k, box.arr.tolist()

    assert hypersonic.info(getattr(built.module.Box, name)).state == "cpu", built.log
    assert run(False) == run(True)


def test_through_functions(built: oracle.Built) -> None:
    for i in (0, 3, 4, -9):
        for name in ("three_levels", "not_again", "read_then_write", "unbound_is_caught"):
            built.check(name, A, i)
            built.check(name, np.zeros(8)[::2], i)
        for j in (0, 5):
            built.check("caught_then_fails", A, i, j)
    for n in (-1, 1 << 20, 1 << 40):
        built.check("memory", n)


def test_arrays_and_loops(built: oracle.Built) -> None:
    for a in (A, A[::-1], A[:1], A[:0], np.arange(3.0), np.arange(12.0)[::3]):
        for b in (np.ones(2), np.ones(4), np.ones(3), np.ones(0)):
            for i in range(-2, 5):
                built.check("chosen", a, b, i)
        for n in range(7):
            built.check("in_else_of_loop", a, n)
            built.check("handler_reads_loop", a, n)
        if len(a):
            built.check("over_elements", a)
    for a in ([1, 0], [1, 2, 9], [5], [1, 2, 0]):
        built.check("while_true", np.array(a))
    for shape in ((3, 3), (3, 2), (2, 2), (2, 3), (0, 3), (1, 1)):
        for i in range(-3, 4):
            built.check("two_dimensions", np.arange(float(shape[0] * shape[1])).reshape(shape), i)
            built.check("two_dimensions", np.arange(float(shape[0] * shape[1])).reshape(shape[::-1]).T, i)
