"""What `@boost(ufunc=True)` gives where no kernels are: a ufunc of Python calls, with the results that the compiled one has.

Arguments are broadcast and converted to the first of the function's signatures that they can be cast to safely, as NumPy does; then the
function is called with every element. Needs NumPy when it is called, not before.
"""

import typing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_PYTHON = {"float": "float64", "int": "int64", "complex": "complex128", "bool": "bool"}
_DTYPES = ("bool", *(f"{sign}int{bits}" for bits in (8, 16, 32, 64) for sign in ("", "u")), "float32", "float64", "complex64", "complex128")


class PythonUfunc:
    """A function that is called once per element.

    Takes `out`, `where`, `dtype` and `casting` as NumPy's ufuncs do. The dtype of the result is that of the values: of Python's
    numbers, the one that NumPy has for them.
    """

    def __init__(self, function: "Callable[..., Any]") -> None:
        self.__wrapped__ = function
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__hypersonic__: "Any" = None
        self.nin = function.__code__.co_argcount
        self.nout = 1
        self.nargs = self.nin + 1
        self.identity = None
        self.signature = None
        self._signatures: "list[tuple[str, ...]] | None" = None

    def __repr__(self) -> str:
        return f"<ufunc {self.__name__!r} in Python>"

    def __reduce__(self) -> str:
        return self.__qualname__

    @property
    def signatures(self) -> "list[tuple[str, ...]]":
        """Dtypes of the arguments, in the order in which they are tried; empty if the annotations say none."""
        if self._signatures is None:
            self._signatures = sorted(_signatures(self.__wrapped__), key=lambda names: [_DTYPES.index(name) for name in names])
        return self._signatures

    def __call__(self, *args: "Any", out: "Any" = None, where: "Any" = True, dtype: "Any" = None, casting: "Any" = "same_kind") -> "Any":
        import numpy as np

        if len(args) == self.nin + 1 and out is None:
            *rest, out = args
            args = tuple(rest)
        if len(args) != self.nin:
            raise TypeError(f"{self.__name__}() takes from {self.nin} to {self.nargs} positional arguments but {len(args)} were given")
        if isinstance(out, tuple):
            (out,) = out
        arrays = self._converted(args)
        plain = where is True and out is None and all(array.ndim == 0 for array in arrays)
        *broadcast, mask = np.broadcast_arrays(*arrays, where)
        shape = mask.shape if out is None else out.shape
        mask = np.broadcast_to(mask, shape)
        columns = [np.broadcast_to(array, shape)[mask] for array in broadcast]
        values = list(map(lambda *elements: self.__wrapped__(*map(_item, elements)), *columns))
        found = np.array(values) if values else np.empty(0)
        if found.dtype == object:
            raise OverflowError("Python int too large to convert to C long")
        if dtype is not None:
            found = found.astype(dtype, casting=casting)
        if plain:
            return found[0]
        if out is None:
            out = np.empty(shape, found.dtype)
        if not np.can_cast(found.dtype, out.dtype, casting):
            raise TypeError(
                f"Cannot cast ufunc {self.__name__!r} output from {found.dtype!r} to {out.dtype!r} with casting rule {casting!r}"
            )
        out[mask] = found
        return out

    def _converted(self, args: "tuple[Any, ...]") -> "list[Any]":
        import numpy as np

        arrays = [np.asarray(argument) for argument in args]
        for names in self.signatures:
            if all(_fits(args[at], arrays[at], names[at]) for at in range(self.nin)):
                return [arrays[at].astype(names[at]) for at in range(self.nin)]
        if self.signatures:
            raise TypeError(f"ufunc {self.__name__!r} not supported for the input types")
        return arrays


def _fits(argument: "Any", array: "Any", name: str) -> bool:
    """Whether an argument can be cast to a dtype without loss; Python's own numbers adapt."""
    import numpy as np

    weak = type(argument) in (bool, int, float, complex) and np.result_type(np.dtype(name), argument) == name
    return weak or np.can_cast(array.dtype, name)


def _item(element: "Any") -> "Any":
    """An element as kernels see it: Python's own numbers where NumPy has the same."""
    return element.item() if element.dtype.name in ("bool", "int64", "float64", "complex128") else element


def _signatures(function: "Callable[..., Any]") -> "list[tuple[str, ...]]":
    """Every combination of the dtypes that the annotations name; none if one of them cannot be read."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    combinations: "list[tuple[str, ...]]" = [()]
    for name in names:
        dtypes = _dtypes(function.__annotations__.get(name))
        combinations = [(*before, dtype) for before in combinations for dtype in dtypes]
    return combinations


def _dtypes(annotation: "Any") -> "list[str]":
    if isinstance(annotation, str):
        words = annotation.replace("|", " or ").split(" or ")
        found = [_PYTHON.get(word.strip(), word.strip().rpartition(".")[2]) for word in words]
        return [name for name in found if name in _DTYPES] if all(name in _DTYPES for name in found) else []
    options = typing.get_args(annotation)
    if options:
        parts = [_dtypes(option) for option in options]
        return [name for part in parts for name in part] if all(parts) else []
    name = getattr(annotation, "__name__", "")
    name = _PYTHON.get(name, name.rstrip("_"))
    return [name] if name in _DTYPES else []
