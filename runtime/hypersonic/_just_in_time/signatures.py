"""The types of arguments as signature comments write them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

_PYTHON = {kind: kind.__name__ for kind in (bool, int, float, complex, str, bytes, bytearray)} | {type(None): "None"}
_RANKS = 32


def type_of(value: Any) -> str | None:
    """How a signature says the type of an argument; None if no kernel takes such a thing."""
    python = _PYTHON.get(type(value))
    if python is not None:
        return python
    if type(value) is tuple:
        items = [type_of(item) for item in value]
        return None if not items or None in items else f"({', '.join(map(str, items))})"
    if type(value) in (list, set):
        element = _element(value)
        return None if element is None else f"{element} {type(value).__name__}"
    if type(value) is frozenset:
        element = _element(value)
        return None if element is None else f"frozenset[{element}]"
    if type(value) is dict:
        key, item = _element(value), _element(value.values())
        return None if key is None or item is None else f"{key}: {item} dict"
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, numpy.ndarray):
        name = _dtype_name(value.dtype)
        if name is None or type(value) is not numpy.ndarray or value.ndim == 0 or value.ndim > _RANKS:
            return None
        return f"{name}[{','.join(':' * value.ndim)}]"
    if isinstance(value, numpy.generic):
        return _dtype_name(value.dtype)
    return None


def _element(values: Iterable[Any]) -> str | None:
    """What the elements of a container are; None if it is empty, or they are of several types."""
    found = {type_of(value) for value in values}
    optional = "None" in found and len(found) == 2
    if optional:
        found.remove("None")
    if len(found) != 1:
        return None
    element = found.pop()
    return f"({element} or None)" if optional else element


def _dtype_name(dtype: Any) -> str | None:
    if not dtype.isnative or dtype.kind not in "biufc":
        return None
    name = str(dtype.name)
    return None if name in ("float16", "longdouble", "clongdouble", "float128", "complex256") else name
