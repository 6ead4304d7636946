"""Functions that cannot see what a kernel works on, and answers that are given again.

Kernels work on copies of lists, dicts, sets and attributes, so a function that they call must neither read nor change the originals
meanwhile. `is_blind` says whether it cannot: everything that it can reach is a number, a string, an array, a module of computations or
another such function. What is not known to be blind is left to Python.
"""

from __future__ import annotations

import builtins
import dis
import functools
import sys
import types
from typing import Any

_VALUES = (int, float, complex, bool, str, bytes, type(None))
_MODULES = frozenset({"math", "cmath", "operator", "numpy", "random", "time"})
# Builtins by which more than numbers can be reached.
_OPEN = frozenset({"eval", "exec", "globals", "locals", "vars", "__import__", "breakpoint", "input", "open", "compile", "getattr"})
_NAMES = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_REFUSED = frozenset({"IMPORT_NAME", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "LOAD_LOCALS"})


@functools.lru_cache(maxsize=256)
def _globals_of(code: types.CodeType) -> frozenset[str] | None:
    """The names that code and the code in it look up in its module; None if it does more than that."""
    names: set[str] = set()
    for instruction in dis.get_instructions(code):
        if instruction.opname in _REFUSED:
            return None
        if instruction.opname in _NAMES:
            names.add(str(instruction.argval))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = _globals_of(constant)
            if inner is None:
                return None
            names |= inner
    return frozenset(names)


def _is_harmless(value: Any, seen: set[int], arrays: bool) -> bool:
    if type(value) in _VALUES:
        return True
    if type(value) is tuple:
        return all(_is_harmless(item, seen, arrays) for item in value)
    if type(value) is types.ModuleType:
        return value.__name__ in _MODULES
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return type(value).__module__ == "numpy"
    if numpy is not None and type(value) is numpy.ndarray:
        # Kernels share its memory, and look again after each call.
        return arrays and not value.dtype.hasobject
    return _reaches_nothing(value, seen, arrays)


def _is_blind_function(function: types.FunctionType, seen: set[int], arrays: bool) -> bool:
    names = _globals_of(function.__code__)
    if names is None:
        return False
    for name in names:
        if name in function.__globals__:
            if not _is_harmless(function.__globals__[name], seen, arrays):
                return False
        elif name in _OPEN or not hasattr(builtins, name):
            return False
    held = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:
            return False
    return all(_is_harmless(value, seen, arrays) for value in held)


def _reaches_nothing(function: Any, seen: set[int], arrays: bool) -> bool:
    if id(function) in seen:
        return True
    seen.add(id(function))
    if type(function).__name__ == "BoostedFunction" and type(function).__module__.startswith("hypersonic"):
        function = function.__wrapped__
    if type(function) is types.FunctionType:
        return _is_blind_function(function, seen, arrays)
    if type(function) is types.BuiltinFunctionType:
        module = function.__self__
        return (module is None or type(module) is types.ModuleType) and function.__name__ not in _OPEN
    if type(function) is functools.partial:
        return _reaches_nothing(function.func, seen, arrays) and all(
            _is_harmless(value, seen, arrays) for value in (*function.args, *function.keywords.values())
        )
    numpy = sys.modules.get("numpy")
    if numpy is not None and type(function) is numpy.ufunc:
        # One that `frompyfunc` made calls a function that nobody sees.
        return any("O" not in loop for loop in function.types)
    return function in (int, float, complex, bool, abs)


def is_blind(function: Any) -> bool:
    """Whether a function that is given numbers can reach nothing that is changed."""
    return _asked(function, arrays=True)


def changes_nothing(function: Any) -> bool:
    """Whether it can reach no array either, so that Python may begin again with what it gave."""
    return _asked(function, arrays=False)


def _asked(function: Any, arrays: bool) -> bool:
    try:
        return _reaches_nothing(function, set(), arrays)
    except Exception:  # whatever an object does when it is looked at: nothing is known of it
        return False


class Answered:
    """A function whose first call was made already: it gives what came of it, and from then on what the function gives."""

    def __init__(self, function: Any, answer: Any) -> None:
        self.__wrapped__ = function
        self._answers = [answer]

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        if self._answers:
            return self._answers.pop()
        return self.__wrapped__(*args, **keywords)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)
