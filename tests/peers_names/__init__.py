"""The names of Python's standard library that the peers (Pythran, Numba, Transonic) compile, each with calls that compare it with CPython.

A row says a name, the parameters of a boosted function, its body (an expression, or statements with `return`) and the arguments of
its calls. `tests/language/test_peers_names.py` builds one package for each module of Python and goes through all rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

INF, NAN = math.inf, math.nan
REALS = [
    *(0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.0, -2.5, 3.0, 10.0, 0.1, 1e-300, 5e-324, -5e-324, 1e300, -1e300, 2.0**53, 1e16, 1e22),
    *(710.0, -745.2, 170.5, -170.5, -3.0, math.pi, math.pi / 2, 1.7976931348623157e308, INF, -INF, NAN),
]
SOME = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 5e-324, 1e300, -1e300, INF, -INF, NAN]
INTS = [0, 1, -1, 2, 7, -7, 12, 100, 2**31, 2**53, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), 2**63, 10**30, -(10**30)]
SMALL = [0, 1, -1, 2, 3, -3, 5, 20, 61, 64, -64]
LISTS = [[], [1], [3, 1, 2], [2, 2, 1, 2], [5, -3, 0, 7, -3, 2], list(range(9))]
FLOATS = [[], [1.0], [1.5, -2.25, 0.0], [0.1] * 10, [1e16, 1.0, -1e16], [3.0, 1.0, 2.0, 2.0], [INF, 1.0], [NAN, 1.0], [INF, -INF], [-0.0]]


@dataclass(frozen=True)
class Row:
    """A name, a function that uses it, and calls of that function."""

    name: str
    parameters: str
    body: str
    calls: list[tuple[Any, ...]]
    ulp: float = 0
    """Units in the last place that a float may differ."""
    stays: str = ""
    """What the diagnostic of a name that is not compiled says."""
    check: str = "same"
    """How to compare: "same", or "seeded" with the generator of random numbers in the same state before, and after."""

    @property
    def function(self) -> str:
        """The name of its function."""
        return self.name.replace(".", "_") + "_"


def one(values: list[Any]) -> list[tuple[Any, ...]]:
    """Calls with one argument each."""
    return [(value,) for value in values]


def two(values: list[Any], others: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Calls with two arguments each."""
    return [(value, other) for value in values for other in (values if others is None else others)]
