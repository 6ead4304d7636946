"""Operands that only their type is asked of are evaluated all the same: what they write and raise is seen."""

from __future__ import annotations

import numpy as np
import pytest

HEADER = "import math\nimport numpy as np\nfrom hypersonic import boost\n"

WRITES = """
def check(a):
    a[0] += 1.0
def bump(a):
    a[0] += 1.0
    return a
@boost
def is_none(a: "float[:]"):
    if check(a) is None:
        return 1.0
    return a[0]
@boost
def attribute(a: "float[:]"): return bump(a).ndim
@boost
def instance(a: "float[:]"):
    if isinstance(bump(a), float):
        return 1
    return 2
@boost
def length(a: "float[:]"): return len((bump(a), bump(a)))
@boost
def in_order(a: "float[:]"): return a[0], bump(a).ndim, a[0]
@boost
def logic(a: "float[:]", n: int):
    if bump(a) is not None and n > 0 or bump(a) is None:
        return a[0]
    return a[1]
@boost
def looped(a: "float[:]"):
    while bump(a) is not None and a[0] < 9.0:
        a[1] += 1.0
@boost
def tuples(a: "float[:]"): return (a[0], bump(a)[0]) == (a[1], bump(a)[0])
@boost
def member(a: "float[:]"): return 1 in (1, bump(a)[0])
@boost
def chosen(a: "float[:]"): return None if bump(a)[0] > 0.0 else None
@boost
def filled(a: "float[:]"): return np.zeros_like(bump(a)[0]).ndim
@boost
def truth(a: "float[:]"): return 1 if (bump(a), 1) else 2
"""


def test_what_operands_write(build):
    built = build(HEADER + WRITES)
    for name in ("is_none", "attribute", "instance", "length", "in_order", "looped", "tuples", "member", "chosen", "filled", "truth"):
        built.check(name, np.array([2.0, 3.0, 4.0]))
    for n in (0, 1):
        built.check("logic", np.array([2.0, 3.0, 4.0]), n)


RAISES = [
    "a[7].ndim",
    "b[7, 7] is None",
    "np.shape(b[7, 7])",
    "np.ndim(b[7])",
    "(a + c).ndim",
    "(1 // i) is None",
    "isinstance(1 // i, int)",
    "len((1 // i, 2))",
    "(a[7], 1)[1]",
    "(a[7], 1) == (a[0], 2)",
    "0 in (0, 1 // i)",
    "a[7].dtype == np.float64",
    "a[7].itemsize",
    "np.result_type(a[7], 1.0) == np.float64",
    "a[7].imag",
    "np.size(1 // i)",
    "(1 // i, 2) and 3",
    "np.iscomplexobj(a[7])",
]


@pytest.fixture(scope="module")
def raising(build):
    body = "".join(
        f'@boost\ndef f{at}(a: "float[:]", b: "float[:, :]", c: "float[:]", i: int): return {text}\n' for at, text in enumerate(RAISES)
    )
    asserted = '@boost\ndef asserted(a: "float[:]", b: "float[:, :]", c: "float[:]", i: int):\n    assert (a - c).ndim == 1\n    return 1\n'
    return build(HEADER + body + asserted)


@pytest.mark.parametrize("at", range(len(RAISES)), ids=RAISES)
def test_what_operands_raise(raising, at):
    arguments = (np.arange(3.0), np.ones((2, 2)), np.arange(4.0), 0)
    if raising.state(f"f{at}") == "python":
        pytest.skip("stays Python")
    raising.check(f"f{at}", *arguments)


def test_what_an_assertion_raises(raising):
    raising.check("asserted", np.arange(3.0), np.ones((2, 2)), np.arange(4.0), 0)
