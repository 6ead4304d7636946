"""Blocks: parts of functions that have kernels of their own, called with variables of the code around them."""

import ast
import os
import sys
from typing import TYPE_CHECKING, Any

from ._boost import _attach
from ._packages import package_of
from ._settings import mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class Blocks:
    """The blocks of one module.

    `scope` is the namespace of the module, as it is being imported: what its file is like now is remembered.
    """

    def __init__(self, scope: "dict[str, Any]") -> None:
        self._scope = scope
        self._state = _state(scope)
        self._functions: "dict[str, tuple[Any, list[str]]] | None" = None
        self._compiled: "tuple[bool, bool] | None" = None
        self._lines: "dict[int, str] | None" = None
        self._python: "dict[str, Callable[..., Any]]" = {}

    @property
    def compiled(self) -> "bool | None":
        """Whether all blocks have kernels that are used; None if some have."""
        if self._compiled is None:
            states = {self.has_kernels(name) for name in self._all()}
            self._compiled = (True in states, False in states)
        some, others = self._compiled
        return None if some and others else some

    def compiled_at(self, line: int) -> bool:
        """Whether the block whose `is_transpiled` is asked for in that line has kernels that are used."""
        if self.compiled is not None:
            return self.compiled
        if self._lines is None:
            self._lines = {} if self._state is None or _state(self._scope) != self._state else _asked(self._tree())
        return self.has_kernels(self._lines.get(line, ""))

    def has_kernels(self, name: str) -> bool:
        """Whether that block has kernels that are used."""
        found = self._all().get(name)
        return found is not None and found[0].__hypersonic__.reason is None

    def function(self, name: str) -> Any:
        """A block as a boosted function of the variables that its comment names, in that order.

        Raises RuntimeError if the module has no such block.
        """
        return self._find(name)[0]

    def run(self, name: str, frame: "FrameType") -> Any:
        """Calls a block with the variables of a frame.

        Raises RuntimeError if the module has no such block, UnboundLocalError if a variable has no value yet.
        """
        function, names = self._find(name)
        variables, code = frame.f_locals, frame.f_code
        own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
        try:
            values = [variables[each] if each in own else self._scope[each] for each in names]
        except KeyError as missing:
            raise UnboundLocalError(f"block {name!r} needs the variable {missing}, which has no value") from None
        return function(*values)

    def _find(self, name: str) -> "tuple[Any, list[str]]":
        try:
            return self._all()[name]
        except KeyError:
            raise RuntimeError(f"block {name!r} has no kernel; ask `is_transpiled` before `use_block`") from None

    def _all(self) -> "dict[str, tuple[Any, list[str]]]":
        if self._functions is None:
            self._functions = self._attach_all()
        return self._functions

    def _attach_all(self) -> "dict[str, tuple[Any, list[str]]]":
        module = str(self._scope.get("__name__", "__main__"))
        package = None if mode() == "off" else package_of(module)
        if package is None or package.library is None:
            return {}
        found = {}
        for name in dict(package.library.functions()).get(module, []):
            names = package.library.parameters(module, name)
            if name.startswith("<block ") and names is not None:
                key = name[len("<block ") : -1]
                found[key] = (_attach(self._stub(key, name, names)), names)
        return found

    def _tree(self) -> "ast.Module":
        with open(self._scope["__file__"], "rb") as file:
            return ast.parse(file.read())

    def _stub(self, key: str, name: str, names: "list[str]") -> Any:
        """A function of those parameters that runs the block as Python."""

        def answer(*values: Any) -> Any:
            if key not in self._python:
                self._python[key] = self._read(key, name, names)
            return self._python[key](*values)

        call = ast.Call(ast.Name("answer", ast.Load()), [ast.Name(each, ast.Load()) for each in names], [])
        inner = _function(name, names, [ast.Return(call)])
        # `answer` comes from a function around it: the globals are those of the module.
        outer = _function("around", ["answer"], [inner, ast.Return(ast.Name(name, ast.Load()))])
        stub = self._define(outer)(answer)
        stub.__qualname__ = name
        return stub

    def _define(self, function: "ast.FunctionDef") -> Any:
        tree = ast.fix_missing_locations(ast.Module([function], []))
        namespace: "dict[str, Any]" = {}
        exec(compile(tree, str(self._scope.get("__file__")), "exec", dont_inherit=True), self._scope, namespace)
        return namespace[function.name]

    def _read(self, key: str, name: str, names: "list[str]") -> Any:
        """The block as a Python function, from the source of its module."""
        if self._state is None or _state(self._scope) != self._state:
            module = self._scope.get("__name__")
            raise RuntimeError(f"block {key!r} must run as Python, but the source of {module} has changed since its import")
        for node in ast.walk(self._tree()):
            if isinstance(node, ast.If) and len(node.body) == 1:
                used = node.body[0]
                if isinstance(used, (ast.Assign, ast.Expr)) and _block_called(used.value, "use_block", "run") == key:
                    return self._define(_function(name, names, [*node.orelse, *_results(used)]))
        raise RuntimeError(f"block {key!r} is not in the source of its module")


class block:
    """Compiles a part of a function: `with hypersonic.block(a="float[:]", b=float): ...`.

    The keywords say the types of the variables that the part takes from the code around it, as annotations do. Variables that it
    sets are set afterwards, as always. The copy of the file in a wheel chooses between the kernel and the part itself; elsewhere
    the part runs as Python.
    """

    def __init__(self, **types: Any) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    @staticmethod
    def compiled(name: str) -> bool:
        """Whether a block of the caller's module has kernels that are used. Called by files in wheels."""
        return _of(sys._getframe(1).f_globals).has_kernels(name)

    @staticmethod
    def run(name: str) -> Any:
        """Runs a block of the caller's module with the caller's variables. Called by files in wheels."""
        frame = sys._getframe(1)
        return _of(frame.f_globals).run(name, frame)


def _asked(tree: "ast.Module") -> "dict[int, str]":
    """The names of blocks by the lines of the conditions that ask for them."""
    lines = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            for inner in (inner for part in (*node.body, *node.orelse) for inner in ast.walk(part)):
                name = _block_called(inner, "use_block")
                if name is not None:
                    # Of nested conditions the innermost counts: `walk` comes to it last.
                    lines.update({line: name for line in range(node.test.lineno, (node.test.end_lineno or node.test.lineno) + 1)})
    return lines


def _block_called(node: "ast.AST", *methods: str) -> "str | None":
    """The name that a call of one of these methods is given first; None for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods and node.args:
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value
    return None


def _of(scope: "dict[str, Any]") -> Blocks:
    """The blocks of a module, made at their first use."""
    found = scope.get("__hypersonic_blocks__")
    if not isinstance(found, Blocks):
        found = scope["__hypersonic_blocks__"] = Blocks(scope)
    return found


def _function(name: str, names: "list[str]", body: "list[ast.stmt]") -> "ast.FunctionDef":
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg(each) for each in names], kwonlyargs=[], kw_defaults=[], defaults=[])
    found = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[])
    # Python 3.12 wants them, earlier ones know nothing of them.
    found.type_params = []  # type: ignore[attr-defined,unused-ignore]
    return found


def _results(used: "ast.stmt") -> "list[ast.stmt]":
    """What gives the variables that `use_block` is assigned to."""
    if not isinstance(used, ast.Assign):
        return []
    target = used.targets[0]
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    values: "list[ast.expr]" = [ast.Name(each.id, ast.Load()) for each in names if isinstance(each, ast.Name)]
    value = ast.Tuple(values, ast.Load()) if isinstance(target, ast.Tuple) else values[0]
    return [ast.copy_location(ast.Return(value), used)]


def _state(scope: "dict[str, Any]") -> "tuple[int, int] | None":
    """What tells one content of a module's file from another."""
    try:
        found = os.stat(scope["__file__"])
    except (KeyError, OSError, TypeError):
        return None
    return found.st_mtime_ns, found.st_size
