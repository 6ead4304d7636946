"""Every way to say a parameter's type, from the user's side."""

from __future__ import annotations

import sys
import types

import hypersonic
import numpy as np
import pytest

SOURCE = """
from __future__ import annotations
from typing import Annotated, Literal, Optional, Tuple, Union
import typing
import numpy as np
import numpy.typing as npt
from numpy import float32
from numpy.typing import NDArray
import hypersonic as hs
from hypersonic import boost
from transonic import Array, NDim, Type

T = Type(np.float32, np.float64)
N = NDim(1, 2)
A = Array[T, N]
A1 = Array[T, N + 1]
Vector = "float[:]"
Either = Union[Vector, float]

@boost
def scalars(a: int, b: float, c: complex, d: bool): return a + b + c + d

@boost
def numpy_scalars(a: np.float32, b: np.int16, c: float32): return a * b + c

@boost
def colons(a: "float[:, :]", n: int = 2): return a * n

@boost
def brackets(a: "complex128[][]"): return a + 1

@boost
def one_or_other(a: "int[:] or float[:]"): return a * 2

@boost
def strided(a: "float[::, ::]"): return a - 1

@boost
def fortran(a: "float64[:, :] order(F)"): return a.sum()

@boost
def fixed(a: "float[:, 3]"): return a[:, 0] + a[:, 2]

@boost
def shaped(a: Annotated[NDArray[np.float64], hs.typing.Shape("n", 3, order="C")]): return a[:, 0] + a[:, 2]

@boost
def arrays(a: A, b: A): return a + b

@boost
def lower(a: A1, b: A): return a * b

@boost
def dimension(a: Array[int, "2d"], b: Array[float, "[:, :]", "C"]): return a + b

@boost
def union(a: Union["float[:]", float], b: "float or int"): return a * b

@boost
def either(a: Either): return a + 1.5

@boost
def pipe(a: np.int32 | np.int64): return a + 1

@boost
def optional(a: "float[:]", scale: Optional[float] = None):
    if scale is None:
        return a + 0.0
    return a * scale

@boost
def ndarray(a: NDArray[np.float64], b: npt.NDArray[np.float64]): return a - b

@boost
def annotated(a: Annotated["float[:]", "metres"]): return a * 2

@boost
def literal(a: "float[:]", mode: Literal["double", "half"]):
    if mode == "double":
        return a * 2
    return a / 2

@boost
def flag(a: float, squared: Literal[True, False] = False):
    return a * a if squared else a

@boost
def pair(p: Tuple[int, "float[:]"]): return p[1] * p[0]

@boost
def pair_text(p: "(int, float[:])"): return p[1] + p[0]

@boost
def default_only(a: "float[:]", n=3): return a * n

# transonic def commented(float[][], float[][])
# transonic def commented(int[][],
#                         float[][])
@boost
def commented(a, b): return (a * np.exp(b)).max()

# pythran export exported(float64[] or int[], float64?)
@boost
def exported(a, b=2.0): return a * b

@hs.boost
def dotted(a: Vector): return a + 1

@hs.boost(fastmath=False)
def with_options(a: Vector): return a + 2

def plain(a: Vector): return a + 3

wrapped = boost(plain)
"""

F = np.arange(6.0)
M = F.reshape(2, 3)

CASES = [
    ("scalars", (1, 2.5, 1j, True)),
    ("numpy_scalars", (np.float32(1.5), np.int16(3), np.float32(0.25))),
    ("colons", (M,)),
    ("colons", (M, 5)),
    ("colons", (np.asfortranarray(M), 5)),
    ("brackets", (M + 1j,)),
    ("one_or_other", (np.arange(4),)),
    ("one_or_other", (F,)),
    ("strided", (M[:, ::2],)),
    ("fortran", (np.asfortranarray(M),)),
    ("fixed", (M,)),
    ("shaped", (M,)),
    ("shaped", (M[:, :2],)),
    ("shaped", (M.T.copy().T,)),
    ("arrays", (F.astype(np.float32), F.astype(np.float32))),
    ("arrays", (M, M)),
    ("lower", (M, F[:3])),
    ("dimension", (np.arange(6).reshape(2, 3), M)),
    ("union", (F, 2)),
    ("union", (1.5, 2.5)),
    ("either", (F,)),
    ("either", (1.5,)),
    ("pipe", (np.int32(7),)),
    ("optional", (F,)),
    ("optional", (F, 2.0)),
    ("optional", (F, None)),
    ("ndarray", (F, F)),
    ("ndarray", (M, M)),
    ("annotated", (F,)),
    ("literal", (F, "double")),
    ("literal", (F, "half")),
    ("flag", (3.0, True)),
    ("flag", (3.0,)),
    ("pair", ((3, F),)),
    ("pair_text", ((3, F),)),
    ("default_only", (F,)),
    ("default_only", (F, 4)),
    ("commented", (M, M)),
    ("commented", (np.arange(6).reshape(2, 3), M)),
    ("exported", (F,)),
    ("exported", (F, 3.0)),
    ("exported", (np.arange(3), 3.0)),
    ("dotted", (F,)),
    ("with_options", (F,)),
    ("wrapped", (F,)),
]


@pytest.fixture(scope="module")
def built(build):
    names = types.ModuleType("transonic")
    vars(names).update({name: getattr(hypersonic, name) for name in ("Array", "NDim", "Type")})
    sys.modules["transonic"] = names
    return build(SOURCE)


@pytest.mark.parametrize(("name", "args"), CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CASES)])
def test_annotation(built, name, args):
    built.check(name, *args, ulp=1)


def test_templates_are_bound_across_arguments(built):
    signatures = hypersonic.info(built.arrays).signatures
    assert len(signatures) == 4, signatures


def test_other_types_are_answered_by_python(built):
    assert built.colons([[1.0]], 3) == [[1.0]] * 3
    assert hypersonic.info(built.colons).state == "cpu"


OTHER_STRINGS = """
import numpy as np
from hypersonic import boost


@boost
def middle(x: "float[:]", method: str, twice: str = "no"):
    total = 0.0
    if method == "separate":
        total = x[0]
    elif method in ("joint", "both"):
        total = x.sum()
    else:
        total = x.max()
    return 2 * total if twice == "yes" else total


SCALES = {"one": 1.0, "two": 2.0}


@boost
def scaled(x: float, name: str):
    return x * SCALES[name]


@boost
def kind(x: float, name: str):
    if name == "float":
        return x
    return [x]
"""


def test_strings_that_are_told_apart_and_others(build):
    built = build(OTHER_STRINGS)
    for method in ("separate", "joint", "both", "neither", ""):
        for twice in ("yes", "no", "perhaps"):
            built.check("middle", np.array([1.0, 5.0, 2.0]), method, twice)
    assert hypersonic.info(built.middle).fallbacks == 0
    built.check("scaled", 2.0, "two")
    built.check("scaled", 2.0, "three")
    # What another string gives has another type: Python answers, and nobody is warned of it.
    built.check("kind", 2.0, "float")
    built.check("kind", 2.0, "list")
    assert "HS" not in built.log
