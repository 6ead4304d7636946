"""What is different between what a kernel made and what Python made of the same."""

from __future__ import annotations

import math
import os
import sys
from typing import Any

# Rounding differs: kernels and NumPy add in other orders, and elementary functions are only good to a few units in the last place.
DOUBLE = 1e-9
SINGLE = 1e-4


def difference(ours: Any, theirs: Any, where: str) -> str | None:
    """The first difference in one line, None if there is none.

    Types, dtypes, shapes, lengths and orders are compared exactly; floats within a relative tolerance, in arrays relative to the
    largest number: 1e-9 for double precision, 1e-4 for single, or what `HYPERSONIC_VERIFY_RTOL` says. NaN equals NaN.
    """
    return _Comparison().compare(ours, theirs, where)


def _tolerance(single: bool) -> float:
    text = os.environ.get("HYPERSONIC_VERIFY_RTOL", "")
    try:
        return abs(float(text))
    except ValueError:
        return SINGLE if single else DOUBLE


class _Comparison:
    """One comparison; remembers what it is in the middle of, since objects may hold themselves."""

    def __init__(self) -> None:
        self._open: set[tuple[int, int]] = set()
        self._numpy = sys.modules.get("numpy")

    def compare(self, ours: Any, theirs: Any, where: str) -> str | None:
        if type(ours) is not type(theirs):
            return f"{where}: {ours!r} ({type(ours).__name__}) is not {theirs!r} ({type(theirs).__name__})"
        pair = (id(ours), id(theirs))
        if ours is theirs or pair in self._open:
            return None
        self._open.add(pair)
        found = self._within(ours, theirs, where)
        self._open.discard(pair)
        return found

    def _within(self, ours: Any, theirs: Any, where: str) -> str | None:
        if isinstance(ours, (list, tuple)):
            if len(ours) != len(theirs):
                return f"{where}: {len(ours)} items, not {len(theirs)}"
            return self._items(enumerate(ours), theirs, where)
        if isinstance(ours, dict):
            if list(ours) != list(theirs):
                return f"{where}: the keys {list(ours)!r} are not {list(theirs)!r}"
            return self._items(ours.items(), theirs, where)
        if isinstance(ours, (float, complex)):
            return None if _close(ours, theirs, _tolerance(single=False)) else f"{where}: {ours!r} is not {theirs!r}"
        if self._numpy is not None and isinstance(ours, (self._numpy.ndarray, self._numpy.generic)):
            return self._arrays(ours, theirs, where)
        inside = getattr(ours, "__dict__", None)
        if isinstance(inside, dict) and not callable(ours):
            return self.compare(inside, theirs.__dict__, where)
        return None if _equal(ours, theirs) else f"{where}: {ours!r} is not {theirs!r}"

    def _items(self, items: Any, theirs: Any, where: str) -> str | None:
        for key, item in items:
            found = self.compare(item, theirs[key], f"{where}{key}" if where.endswith(" ") else f"{where}[{key!r}]")
            if found is not None:
                return found
        return None

    def _arrays(self, ours: Any, theirs: Any, where: str) -> str | None:
        numpy = self._numpy
        assert numpy is not None
        if ours.dtype != theirs.dtype:
            return f"{where}: its dtype {ours.dtype} is not {theirs.dtype}"
        if ours.shape != theirs.shape:
            return f"{where}: its shape {ours.shape} is not {theirs.shape}"
        mine, other = numpy.asarray(ours), numpy.asarray(theirs)
        if mine.dtype.kind not in "fc":
            wrong = mine != other
        else:
            with numpy.errstate(all="ignore"):
                wrong = self._far(mine, other)
        count = int(numpy.count_nonzero(wrong))
        if count == 0:
            return None
        first = tuple(int(index[0]) for index in numpy.nonzero(numpy.atleast_1d(wrong)))
        place = f"[{', '.join(map(str, first))}]" if mine.ndim else ""
        few = "" if count == 1 else f" ({count} of {mine.size} elements differ)"
        return f"{where}{place}: {numpy.atleast_1d(mine)[first]!r} is not {numpy.atleast_1d(other)[first]!r}{few}"

    def _far(self, mine: Any, other: Any) -> Any:
        numpy = self._numpy
        assert numpy is not None
        same = (mine == other) | (numpy.isnan(mine) & numpy.isnan(other))
        finite = numpy.isfinite(mine) & numpy.isfinite(other)
        largest = numpy.max(numpy.abs(other), initial=0.0, where=numpy.isfinite(other))
        near = numpy.abs(mine - other) <= _tolerance(other.dtype.char in "efF") * largest
        return ~(same | (finite & near))


def _close(ours: complex, theirs: complex, tolerance: float) -> bool:
    if isinstance(ours, complex):
        parts = ((ours.real, theirs.real), (ours.imag, theirs.imag))
        if all(math.isfinite(part) for pair in parts for part in pair):
            return abs(ours - theirs) <= tolerance * max(abs(ours), abs(theirs))
        return all(_close(mine, other, tolerance) for mine, other in parts)
    return ours == theirs or (ours != ours and theirs != theirs) or math.isclose(ours, float(theirs.real), rel_tol=tolerance)


def _equal(ours: Any, theirs: Any) -> bool:
    try:
        return bool(ours == theirs) or bool(ours != ours and theirs != theirs)
    except Exception:
        # Of what cannot be compared nothing is known.
        return True
