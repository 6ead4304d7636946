"""Arguments for the functions of `kernels.py`, with how far NumPy's own elementary functions may be away, in units in the
last place, and whether the GPU is asked at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from loop_cases import LOOPS

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float32", "float64"]
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.5, 1e-310, 1e300, np.inf, -np.inf, np.nan, 2.0**53, 1e22, -7.25, 100.0]
COUNT = 700
"""More than two blocks, and the last one not full."""


@dataclass
class Case:
    """A call, by the name of its function."""

    name: str
    args: tuple[Any, ...]
    ulp: float = 0
    launches: bool = True
    label: str = ""


def numbers(dtype: str, seed: int = 0, count: int = COUNT) -> Any:
    """Ordinary values and edges of a dtype."""
    random = np.random.default_rng(seed)
    if dtype.startswith("float"):
        values = random.normal(size=count) * 10.0 ** random.integers(-3, 3, count)
        with np.errstate(all="ignore"):
            edges = np.array([random.permutation(SPECIAL), random.permutation(SPECIAL)]).ravel().astype(dtype)
            return np.concatenate([edges, values.astype(dtype)])[:count]
    info = np.iinfo(dtype)
    edges = np.array([info.min, info.max, 0, 1, info.max - 1, info.min + 1, 7, 3], dtype)
    values = random.integers(info.min, info.max, count, dtype, endpoint=True)
    return np.concatenate([random.permutation(edges), values])[:count]


def small(dtype: str, seed: int, low: int, high: int) -> Any:
    """Whole numbers of a range."""
    return np.random.default_rng(seed).integers(low, high, COUNT).astype(dtype)


def plain(seed: int, *shape: int) -> Any:
    """Values between 0 and 1."""
    return np.random.default_rng(seed).random(shape)


def complexes(seed: int, dtype: str = "complex128") -> Any:
    """Values about 0."""
    random = np.random.default_rng(seed)
    return (random.normal(size=COUNT) + 1j * random.normal(size=COUNT)).astype(dtype)


def by_dtype() -> list[Case]:
    """Functions that are compiled for several dtypes."""
    cases = []
    for dtype in INTEGERS + FLOATS:
        pair = numbers(dtype, 1), numbers(dtype, 2)
        cases += [Case(name, pair, label=dtype) for name in ("add", "arithmetic", "compare")]
        cases.append(Case("convert", (small(dtype, 3, 0, 100),), label=dtype))
    for dtype in INTEGERS:
        a, b = numbers(dtype, 4), numbers(dtype, 5)
        b[b == 0] = 1
        if dtype.startswith("int"):
            b[b == -1] = 1
        cases.append(Case("integers", (a, b), label=dtype))
        width = np.dtype(dtype).itemsize * 8
        cases.append(Case("shifts", (small(dtype, 6, 0, 100), small(dtype, 7, 0, width - 1)), label=dtype))
    for dtype in FLOATS:
        pair = numbers(dtype, 8), numbers(dtype, 9)
        cases += [Case(name, pair, label=dtype) for name in ("divide", "choose")]
        cases += [Case(name, pair[:1], label=dtype) for name in ("rounding", "tests")]
        cases += [Case(name, pair[:1], ulp=4, label=dtype) for name in ("elementary", "elementary_too")]
        cases.append(Case("powers", (abs(pair[0]), pair[1]), ulp=4, label=dtype))
    return cases


def shapes() -> list[Case]:
    """Functions of doubles: shapes, strides, scalars, stores."""
    a, b = plain(1, 30, 40), plain(2, 30, 40)
    row, column = plain(3, 50), plain(4, 20, 1)
    spread = plain(5, 4 * COUNT)
    return [
        Case("scale", (numbers("float64"), 2.5, 7)),
        Case("scale", (spread[::3], 2.5, -7), label="strided"),
        Case("scale", (spread[::-1], 0.5, 1), label="reversed"),
        Case("scale", (spread[:0], 0.5, 1), launches=False, label="empty"),
        Case("scale", (spread[:1], 0.5, 1), label="single"),
        Case("plane", (a, b)),
        Case("plane", (a.T, b.T), label="transposed"),
        Case("plane", (np.asfortranarray(a), b), label="Fortran"),
        Case("plane", (a[::2, 1:-1], b[1::2, 2:]), label="views"),
        Case("plane", (a, b[:1]), label="one row"),
        Case("plane", (a[:0], b[:0]), launches=False, label="empty"),
        Case("outer", (row, column)),
        Case("cube", (plain(6, 5, 6, 7),)),
        Case("cube", (plain(6, 5, 6, 7).transpose(2, 0, 1)[::-1],), label="turned"),
        Case("double_in_place", (plain(7, COUNT),)),
        Case("double_in_place", (plain(7, COUNT)[::-2],), label="strided"),
        Case("store", (plain(8, 30, 40), plain(9, 40))),
        Case("inner", (plain(10, 30, 40),)),
        Case("blur", (a,)),
        Case("same", (row,), launches=False),
        Case("transposed", (plain(11, 40, 30), b)),
        Case("like", (a,)),
        Case("clamp", (numbers("float64"), -1.0, 1.0)),
        Case("twice", (plain(12, COUNT),)),
        Case("shift", (plain(13, COUNT),)),
    ]


def rest() -> list[Case]:
    """Other element types."""
    z, w = complexes(1), complexes(2)
    angles = [plain(seed, COUNT) * 3 for seed in range(4)]
    flags = plain(5, COUNT) < 0.5, plain(6, COUNT) < 0.5
    mixed = numbers("float32"), small("int32", 1, -1000, 1000), small("uint8", 2, 0, 256)
    return [
        Case("arc_distance", tuple(angles), ulp=8),
        Case("add_bool", flags),
        Case("mixed", mixed),
        # NumPy multiplies with one rounding less where its machine can.
        Case("complex_arithmetic", (z, w), ulp=1000),
        Case("complex_division", (z, w)),
        Case("complex_functions", (z,), ulp=4),
        Case("more_complex", (z,), ulp=1000),
        # NumPy loses digits in `logaddexp` where it cancels: 5 units here, of which ours has 0.03.
        Case("more", (numbers("float64", 3), numbers("float64", 4)), ulp=8),
        Case("more_integers", (small("int64", 5, -1000, 1000), numbers("int32", 6))),
        Case("more_choices", (plain(7, COUNT),)),
        Case("single_complex", (complexes(3, "complex64"), complexes(4, "complex64")), ulp=1000),
    ]


def examples() -> dict[str, list[Case]]:
    """Functions of the packages in `examples/`."""
    angles = tuple(plain(seed, COUNT) * 3 for seed in range(4))
    image = plain(1, 60, 80)
    waves = (complexes(1)[:600].reshape(20, 30), plain(2, 20, 30), 0.1)
    return {
        "geodistance": [Case("arc_distance", angles, ulp=8)],
        "imaging": [
            Case("blur", (image, 3)),
            Case("blur", (image.astype("float32")[::2],), label="float32"),
            Case("median3", (image.T,)),
            Case("median3", ((image * 255).astype("uint8"),), label="uint8"),
        ],
        "orbital": [
            # Near a difference of nothing the last place is far away.
            Case("positions", (plain(3, COUNT) * 6, 0.3), ulp=1000),
            Case("dispersion", (plain(4, COUNT) * 9 - 4, 2.0), ulp=4),
            Case("dispersion", (plain(5, 30, 40),), ulp=4, label="2-D"),
            Case("evolve", waves, ulp=1000),
        ],
    }


def loops() -> list[Case]:
    """Functions with explicit loops."""
    return [Case(name, args, ulp=1000 if name == "phases" else 0, label=label) for name, args, label in LOOPS]


CASES = {"gpu_kernels": [*by_dtype(), *shapes(), *rest()], "gpu_loops": loops(), **examples()}
