"""Makes a failing program smaller: all smaller variants of a round are built in one package."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

import oracle
from program_functions import Program
from program_runs import Case, Outcome, Slow, limited, run

VARIANTS = 60
# For a call of a variant in Python.
SECONDS = 1


def variants(source: str) -> Iterator[str]:
    """Programs with one statement or expression less, the smallest first."""
    tree = ast.parse(source)
    found = set()
    for make in edits(tree):
        changed = copy.deepcopy(tree)
        if make(changed):
            try:
                text = ast.unparse(ast.fix_missing_locations(changed)) + "\n"
                compile(text, "variant", "exec")
            except (ValueError, SyntaxError, TypeError, AttributeError):
                continue
            if len(text) < len(ast.unparse(tree)) + 1:
                found.add(text)
    yield from sorted(found, key=len)


def edits(tree: ast.AST) -> Iterator[Any]:
    """Functions that change a copy of the tree in one place."""
    nodes = list(ast.walk(tree))
    for position, node in enumerate(nodes):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.stmt):
                        yield edit_list(position, name, index, [])
                        for inner in ("body", "orelse", "finalbody"):
                            if getattr(item, inner, None) and not isinstance(item, ast.FunctionDef):
                                yield edit_inner(position, name, index, inner)
                    elif isinstance(item, ast.expr | ast.excepthandler | ast.comprehension | ast.match_case) and name not in (
                        "targets",
                        "decorator_list",
                    ):
                        yield edit_list(position, name, index, [])
                    if isinstance(item, ast.expr):
                        yield from replacements(position, name, index, item)
            elif isinstance(value, ast.expr) and name not in ("annotation", "func"):
                yield from replacements(position, name, None, value)
                if name in ("value", "exc", "cause", "guard", "msg", "lower", "upper", "step"):
                    yield replace(position, name, None, None)


def edit_list(position: int, name: str, index: int, put: list[Any]) -> Any:
    def make(tree: ast.AST) -> bool:
        items = getattr(list(ast.walk(tree))[position], name)
        was = items[index]
        items[index : index + 1] = put
        if not items and isinstance(was, ast.stmt) and name == "body":
            items.append(ast.Pass())
        return True

    return make


def edit_inner(position: int, name: str, index: int, inner: str) -> Any:
    def make(tree: ast.AST) -> bool:
        items = getattr(list(ast.walk(tree))[position], name)
        items[index : index + 1] = getattr(items[index], inner)
        return True

    return make


def replacements(position: int, name: str, index: int | None, item: ast.expr) -> Iterator[Any]:
    """An expression becomes a part of itself or a small constant."""
    if isinstance(item, ast.Name | ast.Constant) and not (isinstance(item, ast.Constant) and len(repr(item.value)) > 3):
        return
    for child in ast.walk(item):
        if child is not item and isinstance(child, ast.expr) and isinstance(getattr(child, "ctx", ast.Load()), ast.Load):
            yield replace(position, name, index, child)
    for constant in ("1", "''", "0.5", "True", "[]"):
        yield replace(position, name, index, ast.parse(constant, mode="eval").body)


def replace(position: int, name: str, index: int | None, put: ast.expr | None) -> Any:
    def make(tree: ast.AST) -> bool:
        node = list(ast.walk(tree))[position]
        if index is None:
            setattr(node, name, copy.deepcopy(put))
        else:
            getattr(node, name)[index] = copy.deepcopy(put)
        return True

    return make


def error_of(source: str, args: tuple[Any, ...]) -> type[BaseException] | None:
    """What Python raises; `Slow` where it does not come to an end, as where the step of a loop was left out."""
    scope: dict[str, Any] = {"boost": lambda f: f}
    try:
        with limited(SECONDS):
            exec("import math\nimport numpy as np\n" + source, scope)
            return type(oracle.run(scope["FUNCTION"], oracle.clone(args)).error)
    except Slow:
        return Slow
    except Exception:
        return SystemError


def shrink(failing: Program, outcome: Outcome, args: tuple[Any, ...] | None, optimize: bool, rounds: int = 60) -> tuple[Program, Outcome]:
    """The smallest program found that fails in the same way."""
    best, last = failing, outcome
    # Python must not stumble over what was left out.
    allowed = {type(None), None if args is None else error_of(failing.source, args)}
    for _ in range(rounds):
        smaller = False
        candidates = [Program(text, failing.parameters) for text in variants(best.source)]
        candidates = [one for one in candidates if "FUNCTION(" in one.source and (args is None or error_of(one.source, args) in allowed)]
        # Behind a crash the rest of a package is built again.
        size = VARIANTS if outcome.state in ("mismatch", "internal") else 6
        for start in range(0, len(candidates), size):
            chunk = candidates[start : start + size]
            found = dict(run([Case(one, [args] if args is not None else []) for one in chunk], optimize))
            failed = [number for number in sorted(found) if found[number].state == outcome.state]
            if failed:
                best, last, smaller = chunk[failed[0]], found[failed[0]], True
                break
        if not smaller:
            return best, last
    return best, last
