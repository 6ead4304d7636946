"""Functions in functions: passed on, recursive, with defaults, `nonlocal`; `*args`, keyword-only parameters, `del`."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest

SOURCE = """
import math
import numpy as np
from hypersonic import boost

def integrate(f, a, b, n):
    h = (b - a) / n
    s = 0.0
    for i in range(n):
        s += f(a + (i + 0.5) * h)
    return s * h

def twice(f, x):
    return f(f(x))

def compose(f, g, x):
    h = lambda y: f(g(y))
    return twice(h, x)

@boost
def passed_on(k: float, n: int):
    def f(x):
        return k * x * x
    first = integrate(f, 0.0, 1.0, n)
    k = 2.0 * k
    return first, integrate(f, 0.0, 1.0, n), integrate(lambda x: x + k, 0.0, k, n), twice(f, 0.5)

@boost
def composed(a: float, b: float):
    return compose(lambda x: a * x, lambda x: x + b, 1.5)

@boost
def recursive(n: int, base: int):
    def factorial(k):
        return base if k <= 1 else k * factorial(k - 1)
    def fibonacci(k):
        if k < 2:
            return k
        return fibonacci(k - 1) + fibonacci(k - 2)
    return factorial(n), fibonacci(n)

@boost
def counting(n: int):
    count = 0
    total = 0.0
    def add(x):
        nonlocal count, total
        count += 1
        total = total + x
        if x > 3.0:
            return count
        return -count
    last = 0
    for i in range(n):
        last = add(i * 0.5)
        if last > 8:
            break
    add(100.0)
    return count, total, last

@boost
def nested_nonlocal(n: int):
    x = 1
    def outer():
        nonlocal x
        def inner(k):
            nonlocal x
            x += k
        inner(2)
        x *= 3
    for i in range(n):
        outer()
    return x

@boost
def nonlocal_raises(a: "float[:]", n: int):
    done = 0
    def step(i):
        nonlocal done
        a[i] += 1.0
        done += 1
    try:
        for i in range(n):
            step(i)
    except IndexError:
        done += 100
    return done

@boost
def defaults(x: float, n: int):
    def f(y, k=x * 2.0, m=n):
        return y * k + m
    x = 100.0
    n = 7
    g = lambda y, k=x: y + k
    return f(1.0), f(1.0, 2.0), f(1.0, m=3), g(1.0), g(1.0, k=2.0)

@boost
def default_in_loop(n: int):
    s = 0
    for i in range(n):
        f = lambda y, i=i: y * 10 + i
        s += f(i + 1)
    return s

def total(first, *rest, scale=1.0, shift):
    s = first
    for x in rest:
        s += x * scale
    return s + shift + len(rest)

def forward(*args, shift=0.5):
    return total(*args, shift=shift)

def count(*args):
    return len(args)

@boost
def varargs(a: float, b: int, t: "(float, float)"):
    return (total(a, shift=1.0), total(a, b, shift=2.0, scale=3.0), total(*t, b, shift=0.25), forward(a, *t, *t),
            forward(b, shift=9.0), count(), count(*t, *(1, 2)), max(*t), math.hypot(*t))

@boost
def keyword_only(a: float, *, b: int = 2, c: float):
    return a * b + c

@boost
def deleted(a: int, n: int):
    x = a
    del x
    if n > 2:
        x = 5
    y, z = 1, 2
    del (y, z)
    y = 3
    return x + y
"""


@pytest.fixture(scope="module")
def built(build: Any) -> oracle.Built:
    return build(SOURCE)  # type: ignore[no-any-return]


def test_functions_that_use_variables_are_passed_on(built: oracle.Built) -> None:
    for n in (1, 5, 10):
        built.check("passed_on", 1.5, n)
    built.check("composed", 2.0, 0.25)


def test_recursion_and_nonlocal(built: oracle.Built) -> None:
    for n in range(8):
        built.check("recursive", n, 3)
        built.check("counting", 2 * n)
        built.check("nested_nonlocal", n)
        built.check("nonlocal_raises", np.zeros(4), n)


def test_defaults(built: oracle.Built) -> None:
    for n in range(5):
        built.check("defaults", 1.5, n)
        built.check("default_in_loop", n)


def test_arguments(built: oracle.Built) -> None:
    built.check("varargs", 1.5, 2, (3.0, 4.0))
    for n in range(4):
        built.check("deleted", 1, n)
    assert built.module.keyword_only(1.5, c=2.0) == 5.0
    assert built.module.keyword_only(1.5, b=4, c=2.0) == 8.0
    assert built.state("keyword_only") == "cpu"
    with pytest.raises(TypeError):
        built.module.keyword_only(1.5, 2, 3.0)
