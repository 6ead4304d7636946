"""Copies of arguments that share memory among one another as the originals do."""

from __future__ import annotations

import copy
import sys
from typing import Any


class Uncopyable(Exception):
    """Something in the arguments cannot be copied."""


def copies(values: Any) -> Any:
    """A deep copy. Arrays keep their strides, their flags, their byte order and what they overlap with.

    Raises Uncopyable.
    """
    numpy = sys.modules.get("numpy")
    memo: dict[int, Any] = {}
    try:
        if numpy is not None:
            _Arrays(numpy, memo).visit(values)
        return copy.deepcopy(values, memo)
    except Exception as error:
        raise Uncopyable(f"its arguments cannot be copied: {error}") from None


class _Arrays:
    """Copies every array that can be reached, for a deep copy that takes them as done."""

    def __init__(self, numpy: Any, memo: dict[int, Any]) -> None:
        self._numpy = numpy
        self._memo = memo
        self._seen: set[int] = set()
        self._bases: dict[int, Any] = {}

    def visit(self, root: Any) -> None:
        waiting = [root]
        while waiting:
            value = waiting.pop()
            if id(value) in self._seen:
                continue
            kind = type(value)
            if kind is self._numpy.ndarray:
                self._memo[id(value)] = self._copy(value)
            elif isinstance(value, (list, tuple)):
                waiting.extend(value)
            elif kind is dict:
                waiting.extend(value.values())
            elif isinstance(getattr(value, "__dict__", None), dict) and not isinstance(value, type) and not callable(value):
                waiting.extend(value.__dict__.values())
            else:
                continue
            self._seen.add(id(value))

    def _copy(self, array: Any) -> Any:
        base = array
        while type(base.base) is self._numpy.ndarray:
            base = base.base
        if base.dtype.hasobject:
            return copy.deepcopy(array)
        if base.size == 0 or not base.flags.forc:
            return self._alone(array)
        if id(base) not in self._bases:
            self._bases[id(base)] = base.copy(order="K")
        fresh = self._bases[id(base)]
        offset = array.__array_interface__["data"][0] - base.__array_interface__["data"][0]
        memory = fresh.reshape(-1, order="A").view(self._numpy.uint8)
        made = self._numpy.ndarray(array.shape, array.dtype, memory, offset, array.strides)
        made.flags.writeable = array.flags.writeable
        return made

    def _alone(self, array: Any) -> Any:
        made = array.copy(order="K")
        made.flags.writeable = array.flags.writeable
        return made
