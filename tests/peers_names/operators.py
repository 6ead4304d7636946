"""`operator`."""

from __future__ import annotations

import operator

import numpy as np

from . import FLOATS, INTS, LISTS, SOME, Row, one, two

_MIXED = "add sub mul truediv floordiv mod".split()
_INTS = "lshift rshift and_ or_ xor".split()
_COMPARE = "lt le eq ne gt ge".split()
_SHORT = [0, 1, -1, 5, -12, 62, 63, 64, 2**62, -(2**63)]
_MATRIX = "a: 'float[:, :]', b: 'float[:, :]'"


ARRAY = np.arange(3.0)
MATRIX = np.array([[1.0, 2.0], [3.0, 4.5]])


def both(name: str) -> list[str]:
    """A name, and the one with underscores."""
    return [name, f"__{name.rstrip('_')}__"]


ROWS = [
    *(Row(f"operator.{form}", "a: float, b: float", f"operator.{form}(a, b)", two(SOME)) for name in _MIXED for form in both(name)),
    *(
        Row(f"operator.{form}.int", "a: int, b: int", f"operator.{form}(a, b)", two(_SHORT))
        for name in [*_MIXED, *_COMPARE]
        for form in both(name)
    ),
    *(Row(f"operator.{form}", "a: int, b: int", f"operator.{form}(a, b)", two(_SHORT)) for name in _INTS for form in both(name)),
    *(Row(f"operator.{form}", "a: float, b: float", f"operator.{form}(a, b)", two(SOME)) for name in _COMPARE for form in both(name)),
    *(
        Row(f"operator.{form}", "a: int, b: int", f"operator.{form}(a, b)", two(_SHORT))
        for name in ("iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "iand", "ior", "ixor", "ilshift", "irshift")
        for form in both(name)
    ),
    *(
        Row(f"operator.{form}", "a: float, b: float", f"operator.{form}(a, b)", two([0.5, 2.0, 0.0]), ulp=1)
        for name in ("pow", "ipow")
        for form in both(name)
    ),
    *(
        Row(f"operator.{form}", "a: int", f"operator.{form}(a)", one(INTS))
        for name in ("neg", "pos", "inv", "invert", "abs", "truth", "not_", "index")
        for form in (both(name) if name != "truth" else [name])
    ),
    *(Row(f"operator.{name}.float", "a: float", f"operator.{name}(a)", one(SOME)) for name in ("neg", "pos", "abs", "truth", "not_")),
    Row("operator.is_", "a: 'float[:]', b: 'float[:]'", "operator.is_(None, a), operator.is_not(a, None)", [(ARRAY, ARRAY)]),
    Row("operator.is_not", "x: int", "operator.is_not(None, None), operator.is_(None, None)", [(1,)]),
    *(
        Row(f"operator.{form}", "a: list[int], b: list[int]", f"operator.{form}(a, b)", two(LISTS[:4]))
        for name in ("concat", "iconcat")
        for form in both(name)
    ),
    Row("operator.iadd.list", "a: list[int], b: list[int]", "c = operator.iadd(a, b)\nc.append(7)\nreturn c, a", two(LISTS[:4])),
    *(Row(f"operator.{form}", "a: list[int], b: int", f"operator.{form}(a, b)", two(LISTS, [0, 2, 9])) for form in both("contains")),
    Row("operator.countOf", "a: list[int], b: int", "operator.countOf(a, b)", two(LISTS, [0, 2, 9])),
    Row("operator.countOf.float", "a: list[float], b: float", "operator.countOf(a, b)", two(FLOATS, [0.0, 1.0])),
    Row("operator.indexOf", "a: list[int], b: int", "operator.indexOf(a, b)", two(LISTS, [0, 2, 9])),
    *(Row(f"operator.{form}", "a: list[int], b: int", f"operator.{form}(a, b)", two(LISTS, [0, -1, 4])) for form in both("getitem")),
    Row(
        "operator.getitem.slice",
        "a: list[int], b: int",
        "operator.getitem(a, slice(1, b)), operator.getitem(a, slice(None, None, -1))",
        two(LISTS, [0, -1, 4]),
    ),
    *(
        Row(f"operator.{form}", "a: list[int], b: int", f"operator.{form}(a, b, 7)\nreturn a", two(LISTS, [0, -1, 4]))
        for form in both("setitem")
    ),
    *(
        Row(f"operator.{form}", "a: list[int], b: int", f"operator.{form}(a, b)\nreturn a", two(LISTS, [0, -1, 4]))
        for form in both("delitem")
    ),
    *(Row(f"operator.{form}", _MATRIX, f"operator.{form}(a, b)", [(MATRIX, MATRIX)]) for name in ("matmul",) for form in both(name)),
    Row("operator.imatmul", _MATRIX, "operator.imatmul(a, b)", [], stays="`@=` on arrays is not compiled"),
    Row("operator.length_hint", "a: list[int]", "operator.length_hint(a)", one(LISTS)),
    Row(
        "operator.itemgetter",
        "a: list[tuple[int, float]]",
        "f = operator.itemgetter(1)\nreturn [f(x) for x in a], sorted(a, key=operator.itemgetter(1)), max(a, key=operator.itemgetter(0))",
        one([[(1, 2.5), (3, -1.0)], []]),
    ),
    Row(
        "operator.itemgetter.two", "a: list[tuple[int, float]]", "list(map(operator.itemgetter(1, 0), a))", one([[(1, 2.5), (3, -1.0)], []])
    ),
    Row("operator.attrgetter", "a: list[complex]", "sorted(a, key=operator.attrgetter('imag'))", one([[1 + 2j, 3 - 1j], []])),
    Row("operator.methodcaller", "a: list[str]", "list(map(operator.methodcaller('replace', 'a', 'b'), a))", one([["banana", ""], []])),
    Row("operator.call", "x: float", "operator.call(lambda v: v * 2, x)", [] if not hasattr(operator, "call") else one([1.5, -1.0])),
]
