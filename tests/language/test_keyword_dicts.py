"""`**options` in functions that are called, and `**` in calls: names that are known at build time."""

import hypersonic
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost

def inner(x, a=1.0, *, b=2.0):
    return x * a + b

def passing(x, **options):
    return inner(x, **options)

def asking(x, *rest, **options):
    total = x + len(rest) + 10 * len(options)
    if "a" in options:
        total += options["a"]
    if options:
        total += 0.5
    if "name" in options:
        total += len(options["name"])
    return total + options.get("b", 100.0)

def more(x, **options):
    return passing(x, b=5.0, **options) + asking(x, 1, 2, **options)

@boost
def displays(x: float):
    return inner(x, **{"a": 3.0}) + inner(x, **dict(b=x)) + inner(x, **{"a": x, "b": 1.0}) + inner(x, **{})

@boost
def passed(x: float, n: int):
    return passing(x), passing(x, a=2.0), passing(x, b=x, a=n)

@boost
def asked(x: float):
    return asking(x), asking(x, a=1), asking(x, 3, name="abc", a=x), asking(x, b=2)

@boost
def several(x: float):
    return more(x), more(x, a=4.0)

class Body:
    k: float = 2.0

    @boost
    def total(self, x: float):
        return self.part(x, a=3.0, c=1.0)

    def part(self, x, **options):
        return self.k * options["a"] + options.get("b", x)

@boost
def lambdas(x: float):
    f = lambda y, **kw: y + kw.get("z", 0.0)
    return f(x), f(x, z=2.0)

@boost
def in_order(a: list[int]):
    return taking(**{"x": a.pop(), "y": a.pop()}), a

def taking(y, x, z=0):
    return 10 * x + y + 100 * z

@boost
def plain_order(a: list[int]):
    return taking(x=a.pop(), y=a.pop()), taking(a.pop(), z=a.pop(), x=a.pop()), a
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("displays", (2.0,)),
        ("passed", (2.0, 3)),
        ("asked", (1.5,)),
        ("several", (1.5,)),
        ("lambdas", (1.0,)),
        ("in_order", ([1, 2, 3],)),
        ("plain_order", ([1, 2, 3, 4, 5, 6],)),
    ],
)
def test_names_are_known(built, name, args):
    built.check(name, *args)


def test_methods(built):
    body = built.module.Body()
    assert hypersonic.info(type(body).total).state == "cpu", built.log
    assert body.total(1.5) == 7.5
    assert hypersonic.info(type(body).total).fallbacks == 0


REFUSED = [
    ("def g(**kw):\n    return [k for k in kw]", "g(a=1.0)", ""),
    ("def g(**kw):\n    return kw['b']", "g(a=1.0)", "no keyword argument `b` is given"),
    ("def g(**kw):\n    return kw", "g(a=1.0)", "gives keyword arguments as a dict"),
    ("def g(**kw):\n    return kw.items()", "g(a=1.0)", "keyword arguments are used as a dict"),
    ("def g(a):\n    return a", "g(**d)", "`**` of this is not compiled in a call"),
    ("def g(a):\n    return a", "g(**{'a': 1.0}, **dict(a=2.0))", "got multiple values for keyword argument 'a'"),
    ("def g(a):\n    return a", "g(**{'b': 1.0})", "missing 1 required argument: 'a'"),
]


@pytest.mark.parametrize(("helper", "call", "reason"), REFUSED)
def test_what_is_refused_says_why(build, helper, call, reason):
    built = build(f"from hypersonic import boost\n{helper}\n@boost\ndef f(d: dict[str, float]):\n    return {call}\n")
    assert built.state("f") == "python"
    assert reason in built.log
    assert "HS0901" not in built.log


def test_objects_within_themselves(build):
    built = build("""
    from dataclasses import dataclass
    from typing import Optional
    from hypersonic import boost

    @dataclass
    class Node:
        value: int
        next: Optional["Node"] = None

    @boost
    def total(node: Node):
        return node.value
    """)
    assert built.state("total") == "python"
    assert "objects of the class `Node` hold objects of the same class" in built.log
    assert "by their numbers" in built.log
