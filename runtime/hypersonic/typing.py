"""Words for annotations: `Array[float, "2d"]`, `Type(np.float32, np.float64)`, `NDim(1, 2)`, `Shape("n", 3)` and their company.

The compiler reads them in the source and never runs them; at run time they only have to exist, accept what the compiler
accepts, print as they were written, and combine with `|`. None of them checks anything.
"""

from typing import Any

__all__ = ["Array", "Dict", "List", "Literal", "NDim", "Optional", "Set", "Shape", "Tuple", "Type", "Union", "const", "str2type"]


class Form:
    """An annotation: a name and what stood in its brackets or parentheses."""

    __slots__ = ("_items", "_name")

    def __init__(self, name: str, items: "tuple[Any, ...] | None" = None) -> None:
        self._name = name
        self._items = items

    def __getitem__(self, items: Any) -> "Form":
        return Form(self._name, items if isinstance(items, tuple) else (items,))

    def __call__(self, *items: Any) -> "Form":
        return Form(self._name, items)

    def __or__(self, other: Any) -> "Form":
        return Union[self, other]

    def __ror__(self, other: Any) -> "Form":
        return Union[other, self]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and (self._name, self._items) == (other._name, other._items)

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        if self._items is None:
            return self._name
        return f"{self._name}[{', '.join(map(_written, self._items))}]"


class NDim:
    """A rank that is one of several, the same one wherever the variable stands: `N = NDim(1, 2)`, `N - 1`."""

    __slots__ = ("_ranks", "_shift")

    def __init__(self, *ranks: Any, shift: int = 0) -> None:
        self._ranks = ranks
        self._shift = shift

    def __add__(self, other: int) -> "NDim":
        return NDim(*self._ranks, shift=self._shift + other)

    def __sub__(self, other: int) -> "NDim":
        return NDim(*self._ranks, shift=self._shift - other)

    def __repr__(self) -> str:
        shift = f" {'+' if self._shift > 0 else '-'} {abs(self._shift)}" if self._shift else ""
        return f"NDim({', '.join(map(repr, self._ranks))}){shift}"


class Shape:
    """The axes of an array in `Annotated[NDArray[np.float64], Shape("n", 3)]`, which type checkers take as the array that it is.

    One argument per axis: a string, which names an axis of any length for readers, `None` for any length, or a number for exactly
    that length. Or one string for all axes, as in `"float[:, 3]"` and Transonic's `Array`: `Shape("[:, 3]")`, `Shape("2d")`.
    `order` is the memory order that arrays must have: `"C"`, `"F"`, `"C_or_F"` or `"strided"`.
    """

    __slots__ = ("_axes", "_order")

    def __init__(self, *axes: "int | str | None", order: "str | None" = None) -> None:
        self._axes = axes
        self._order = order

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and (self._axes, self._order) == (other._axes, other._order)

    def __hash__(self) -> int:
        return hash((self._axes, self._order))

    def __repr__(self) -> str:
        order = [] if self._order is None else [f"order={self._order!r}"]
        return f"Shape({', '.join([*map(repr, self._axes), *order])})"


def _written(item: Any) -> str:
    return item.__name__ if isinstance(item, type) else repr(item)


def str2type(text: str) -> str:
    """The annotation that a string means: the string itself."""
    return text


Array = Form("Array")
Type = Form("Type")
Union = Form("Union")
Optional = Form("Optional")
Tuple = Form("Tuple")
Literal = Form("Literal")
List = Form("List")
Dict = Form("Dict")
Set = Form("Set")
const = Form("const")
