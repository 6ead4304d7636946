"""Types, literals and arguments of generated programs: what a variable may be, and values for it, as source and as objects."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Type:
    """`kind` is a scalar's name, a container's, "optional", or "array1" and "array2"; `parts` are what it holds."""

    kind: str
    parts: tuple[Type, ...] = ()

    def __str__(self) -> str:
        return annotation(self)


INT, FLOAT, COMPLEX, BOOL, STR = (Type(kind) for kind in ("int", "float", "complex", "bool", "str"))
PLAIN = (INT, FLOAT, BOOL, STR, COMPLEX)
DTYPES = ("float64", "float64", "int64", "float32", "int32", "uint8", "complex128", "bool_")


def list_of(part: Type) -> Type:
    return Type("list", (part,))


def set_of(part: Type) -> Type:
    return Type("set", (part,))


def dict_of(key: Type, value: Type) -> Type:
    return Type("dict", (key, value))


def tuple_of(*parts: Type) -> Type:
    return Type("tuple", parts)


def optional(part: Type) -> Type:
    return Type("optional", (part,))


def numpy_scalar(dtype: str) -> Type:
    return Type(f"np.{dtype}")


def array(rank: int, dtype: str) -> Type:
    return Type(f"array{rank}", (numpy_scalar(dtype),))


def annotation(kind: Type) -> str:
    """How a parameter of this type is annotated, inside quotes."""
    inner = [annotation(part) for part in kind.parts]
    if kind.kind == "optional":
        return f"{inner[0]} | None"
    if kind.kind.startswith("array"):
        return f"{inner[0].removeprefix('np.').rstrip('_')}[{', '.join(':' * int(kind.kind[-1]))}]"
    return f"{kind.kind}[{', '.join(inner)}]" if inner else kind.kind


def hashable(kind: Type) -> bool:
    return kind.kind in ("int", "bool", "str", "float") or (kind.kind == "tuple" and all(map(hashable, kind.parts)))


def ordered(kind: Type) -> bool:
    """Whether `<` is defined."""
    return kind.kind in ("int", "float", "bool", "str") or (kind.kind in ("tuple", "list") and all(map(ordered, kind.parts)))


def has_text(kind: Type) -> bool:
    """Whether a hash of it depends on the process."""
    return kind == STR or any(map(has_text, kind.parts))


def has_array(kind: Type) -> bool:
    return kind.kind.startswith("array") or any(map(has_array, kind.parts))


def mutable(kind: Type) -> bool:
    return kind.kind in ("list", "dict", "set") or kind.kind.startswith("array")


def random_type(random: Random, depth: int = 2, arrays: bool = True) -> Type:
    """A type that a variable may have."""
    choice = random.random()
    if depth == 0 or choice < 0.42:
        return random.choice((INT, INT, INT, FLOAT, FLOAT, STR, STR, BOOL, COMPLEX))
    if choice < 0.58:
        return list_of(random_type(random, depth - 1, False))
    if choice < 0.68:
        key = random.choice((INT, STR, STR, FLOAT, BOOL, tuple_of(INT, INT), tuple_of(STR, INT)))
        return dict_of(key, random_type(random, depth - 1, False))
    if choice < 0.75:
        return set_of(random.choice((INT, INT, STR, FLOAT, tuple_of(INT, INT))))
    if choice < 0.84:
        return tuple_of(*(random_type(random, depth - 1, False) for _ in range(random.randint(2, 3))))
    if choice < 0.90 and (depth == 2 or random.random() < 0.1):
        return optional(random.choice((INT, FLOAT, STR, BOOL, list_of(INT), tuple_of(INT, FLOAT), tuple_of(STR, INT))))
    if arrays:
        return array(random.choice((1, 1, 2)), random.choice(DTYPES))
    return INT


INTS = (0, 1, -1, 2, 3, 5, -7, 10, 100, 255)
RARE_INTS = (2**31, -(2**31) - 1, 2**53 + 1, 2**62, 2**63 - 1, -(2**63))
FLOATS = (0.0, 1.0, -1.0, 0.5, 2.0, 3.5, -7.25, 10.0, 0.1)
RARE_FLOATS = (-0.0, float("inf"), -float("inf"), float("nan"), 1e300, 1e-300, 2.0**53)
TEXTS = ("", "a", "b", "ab", "xyz", "a b", "Hello", "12", "-3", "aXa")
RARE_TEXTS = ("é", "straße", "\U0001f600k", " \t", "a\nb", "1.5", "ABBA", "x\x00y", "'q\"")


def value(random: Random, kind: Type, rare: float = 0.06, size: int | None = None) -> Any:
    """An argument of this type."""
    is_rare = random.random() < rare
    if kind == INT:
        return random.choice(RARE_INTS if is_rare else INTS)
    if kind == FLOAT:
        return random.choice(RARE_FLOATS if is_rare else FLOATS)
    if kind == COMPLEX:
        return complex(value(random, FLOAT, rare), value(random, FLOAT, rare))
    if kind == BOOL:
        return random.random() < 0.5
    if kind == STR:
        return random.choice(RARE_TEXTS if is_rare else TEXTS)
    if kind.kind == "optional":
        return None if random.random() < 0.4 else value(random, kind.parts[0], rare)
    if kind.kind == "tuple":
        return tuple(value(random, part, rare) for part in kind.parts)
    if kind.kind.startswith("array"):
        return array_value(random, kind, size, rare)
    count = random.choice((0, 1, 2, 3, 3, 4, 6))
    if kind.kind == "list":
        return [value(random, kind.parts[0], rare) for _ in range(count)]
    if kind.kind == "set":
        return {value(random, kind.parts[0], rare) for _ in range(count)}
    return {value(random, kind.parts[0], rare): value(random, kind.parts[1], rare) for _ in range(count)}


def array_value(random: Random, kind: Type, size: int | None, rare: float) -> Any:
    """An array, at times with strides."""
    dtype = kind.parts[0].kind.removeprefix("np.").rstrip("_")
    extent = random.choice((0, 1, 3, 4, 5)) if size is None else size
    shape = (extent,) if kind.kind == "array1" else (random.choice((extent, 2, 3)), extent)
    step = random.choice((1, 1, 1, 2, -1))
    base = np.zeros((*shape[:-1], shape[-1] * abs(step)), dtype)
    flat = base.reshape(-1)
    scalar = {"f": FLOAT, "c": COMPLEX, "b": BOOL}.get(base.dtype.kind, INT)
    for i in range(flat.size):
        x = value(random, scalar, 0.0 if scalar == INT else rare)
        flat[i] = abs(x) if dtype == "uint8" else x
    return base[..., ::step]


def literal(random: Random, kind: Type) -> str:
    """A literal of this type, as source."""
    if kind.kind == "set":
        # Of three or more constants CPython makes a frozenset, whose order depends on whether the module comes from its cache.
        items = sorted({repr(value(random, kind.parts[0], 0.02)) for _ in range(random.randint(1, 2))})
        if any(name in item for item in items for name in ("inf", "nan")):
            return literal(random, kind)
        return "{" + ", ".join(items) + "}"
    if kind.kind in ("list", "tuple", "dict") and "set[" in str(kind):
        if kind.kind == "dict":
            return "{" + f"{literal(random, kind.parts[0])}: {literal(random, kind.parts[1])}" + "}"
        parts = kind.parts if kind.kind == "tuple" else kind.parts * random.randint(1, 2)
        texts = ", ".join(literal(random, part) for part in parts)
        return f"[{texts}]" if kind.kind == "list" else f"({texts})"
    x = value(random, kind, 0.02)
    text = repr(x)
    # The smallest int is written as the negative of what has no 64 bits.
    for name in ("inf", "nan", "9223372036854775808"):
        if name in text:
            return literal(random, kind)
    return f"({text})" if text.startswith("-") else text
