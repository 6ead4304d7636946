"""All that a function reads, as source text: itself, the functions that it calls, constants and imports.

Each module that takes part becomes a small module of its own with only what is needed, in one canonical form: comments,
annotations, docstrings and decorators are left out, so that changing them changes nothing. Values of names are those of
now; `Snapshot.reads` lists them, so that a later call finds out whether they still are.
"""

from __future__ import annotations

import ast
import inspect
import math
import sys
import textwrap
from types import CellType, FunctionType, ModuleType
from typing import Any

from .. import prange

SMALL = 1 << 16
"""Constants of more characters are not written down."""


class NotCompilable(Exception):
    """Why the source of a function cannot be written down."""


class Snapshot:
    """A function with what it reads."""

    def __init__(self, function: FunctionType) -> None:
        self.reads: list[tuple[dict[str, Any], str, Any]] = []
        """Scope, name and value of what was read and may be bound anew."""
        self._cells: list[tuple[CellType, Any]] = []
        self._modules: dict[int, _Module] = {}
        self._names: dict[FunctionType, tuple[_Module, str]] = {}
        self.module, self.name = self._function(function, function.__name__)

    def texts(self) -> dict[str, str]:
        """Source text by module name, in order of name."""
        return {module.name: module.text() for module in self._modules.values()}

    def is_current(self) -> bool:
        """Whether every name still means what it meant."""
        names = all(scope.get(name, _ABSENT) is value for scope, name, value in self.reads)
        return names and all(_content(cell) is value for cell, value in self._cells)

    def may_change(self) -> bool:
        """Whether anything was read that could be bound anew."""
        return bool(self.reads or self._cells)

    def _function(self, function: FunctionType, wanted: str) -> tuple[_Module, str]:
        known = self._names.get(function)
        if known is not None:
            return known
        scope = function.__globals__
        closed = function.__closure__ is not None
        key = id(function) if closed else id(scope)
        module = self._modules.setdefault(key, _Module(f"m{len(self._modules)}"))
        definition = _definition(function)
        name = definition.name
        self._names[function] = module, name
        if name in module.definitions:
            raise NotCompilable(f"two functions of one module are called `{name}`")
        module.definitions[name] = definition
        cells = {}
        for free, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            cells[free] = _content(cell)
            if cells[free] is _ABSENT:
                raise NotCompilable(f"`{free}` of the enclosing function is not set yet")
            self._cells.append((cell, cells[free]))
        bound = _bound_in(definition)
        for used in sorted({node.id for node in ast.walk(definition) if isinstance(node, ast.Name)} - bound - {name}):
            if used in cells:
                self._bind(module, used, cells[used])
            elif used in scope:
                self._bind(module, used, scope[used])
                if not isinstance(scope[used], ModuleType):
                    self.reads.append((scope, used, scope[used]))
        return module, name

    def _bind(self, module: _Module, name: str, value: Any) -> None:
        if name in module.lines or name in module.definitions:
            return
        # Ours answer as the function inside does; what any other wrapper does is written in the wrapper.
        ours = type(value).__module__.partition(".")[0] == "hypersonic"
        inner = getattr(value, "__wrapped__", value) if ours else value
        if inner is prange:
            module.lines[name] = f"from hypersonic import prange as {name}"
            return
        if isinstance(inner, FunctionType):
            home, found = self._function(inner, name)
            if home is not module:
                module.lines[name] = f"from {home.name} import {found} as {name}"
            elif found != name:
                module.lines[name] = f"{name} = {found}"
            return
        line = _line(name, value)
        if line is not None:
            module.lines[name] = line


_ABSENT = object()


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return _ABSENT


class _Module:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[str, str] = {}
        self.definitions: dict[str, ast.FunctionDef] = {}

    def text(self) -> str:
        parts = [self.lines[name] for name in sorted(self.lines)]
        parts += [ast.unparse(self.definitions[name]) for name in sorted(self.definitions)]
        return "\n\n".join(parts) + "\n"


def _definition(function: FunctionType) -> ast.FunctionDef:
    """The function's `def` in canonical form."""
    if hasattr(function, "__wrapped__"):
        # `inspect` would show the source of the function inside.
        raise NotCompilable(f"`{function.__qualname__}` is changed by another decorator")
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise NotCompilable(f"the source of `{function.__qualname__}` is not available: {error}") from None
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise NotCompilable(f"the source of `{function.__qualname__}` cannot be read: {error}") from None
    definition = tree.body[0] if tree.body else None
    if not isinstance(definition, ast.FunctionDef):
        raise NotCompilable(f"`{function.__qualname__}` is not defined by `def`")
    definition.decorator_list = []
    definition.returns = None
    for argument in [*definition.args.posonlyargs, *definition.args.args, *definition.args.kwonlyargs]:
        argument.annotation = None
    first = definition.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        definition.body = definition.body[1:] or [ast.Pass()]
    if not __debug__:
        # `python -O` leaves them out.
        definition = _WithoutAsserts().visit(definition)
    return definition


class _WithoutAsserts(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node)


def _bound_in(definition: ast.FunctionDef) -> set[str]:
    """Names that are the function's own. `global` names are not."""
    arguments = definition.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    bound = {argument.arg for argument in every if argument is not None}
    elsewhere: set[str] = set()
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            bound.add(node.id)
        elif isinstance(node, ast.Global):
            elsewhere.update(node.names)
    return bound - elsewhere


def _line(name: str, value: Any) -> str | None:
    """A line that gives a name its value; None if there is none: the compiler then says where it is missed."""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}"
    home = _home(value)
    if home is not None:
        return f"from {home[0]} import {home[1]} as {name}"
    text = _literal(value)
    return f"{name} = {text}" if text is not None and len(text) <= SMALL else None


def _home(value: Any) -> tuple[str, str] | None:
    """Where a function or class of NumPy or of the standard library can be imported from."""
    own = getattr(value, "__name__", None)
    if not isinstance(own, str) or not callable(value):
        return None
    for module in ("numpy", getattr(value, "__module__", None)):
        if isinstance(module, str) and module != "builtins" and getattr(sys.modules.get(module), own, None) is value:
            return module, own
    return None


def _literal(value: Any) -> str | None:
    if value is None or type(value) in (bool, int, str):
        return repr(value)
    if type(value) is float:
        return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
    if type(value) is complex and math.isfinite(value.real) and math.isfinite(value.imag):
        return f"complex({value.real!r}, {value.imag!r})"
    if type(value) is tuple:
        items = [_literal(item) for item in value]
        return None if None in items else "(" + "".join(f"{item}, " for item in items) + ")"
    return None
