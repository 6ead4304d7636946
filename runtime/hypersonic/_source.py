"""The slow path of freshness: a module's file has changed, but perhaps not the pieces that kernels were made from.

Reads files and parses them; never imports or executes anything.
"""

import ast
import hashlib
import sys
from importlib.machinery import PathFinder
from importlib.util import decode_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._dispatch import Library

_pieces: "dict[bytes, dict[str, set[str]]]" = {}


def locate(module: str) -> "str | None":
    """The file of a module, found without importing it; None if it has none."""
    imported = sys.modules.get(module)
    if imported is not None:
        file = getattr(imported, "__file__", None)
        return file if isinstance(file, str) else None
    parent, _, _ = module.rpartition(".")
    paths: "Sequence[str] | None" = None
    if parent:
        package = sys.modules.get(parent)
        paths = getattr(package, "__path__", None) if package is not None else _folders(parent)
        if paths is None:
            return None
    try:
        spec = PathFinder.find_spec(module, paths)
    except (ImportError, ValueError):
        return None
    return spec.origin if spec is not None and spec.has_location else None


def _folders(package: str) -> "Sequence[str] | None":
    """Where the submodules of a package that is not imported lie."""
    parent, _, _ = package.rpartition(".")
    above = sys.modules.get(parent)
    paths = getattr(above, "__path__", None) if above is not None else (_folders(parent) if parent else None)
    if parent and paths is None:
        return None
    try:
        spec = PathFinder.find_spec(package, paths)
    except (ImportError, ValueError):
        return None
    return None if spec is None else spec.submodule_search_locations


def stale_piece(library: "Library", module: str, path: str, pieces: "list[str]") -> "str | None":
    """Why kernels made from `pieces` of a module whose file has changed are stale; None if they are not."""
    try:
        with open(path, "rb") as file:
            source = file.read()
        key = hashlib.sha256(source).digest()
        found = _pieces.get(key)
        if found is None:
            found = _pieces[key] = digests(source)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"the source of {module!r} cannot be read: {error}"
    for piece in pieces:
        expected = library.piece_digest(module, piece)
        if expected is None or expected not in found.get(piece, ()):
            return f"the source of {piece!r} in {module!r} has changed since the kernels were built"
    return None


def digests(source: bytes) -> "dict[str, set[str]]":
    """SHA-256 of every top-level statement that binds a name, and is the only one to do so, by that name.

    A piece reaches from the first line of the first decorator, or of the statement, to the statement's last line.
    With line ends as in the file, and with `\\n`: both are the same text to Python.
    """
    tree = ast.parse(source)
    texts = [decode_source(source)]
    try:
        texts.append(source.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    bound: "dict[str, list[ast.stmt]]" = {}
    for statement in tree.body:
        for name in set(_names(statement)):
            bound.setdefault(name, []).append(statement)
    result: "dict[str, set[str]]" = {}
    lines = [_lines(text) for text in texts]
    for name, statements in bound.items():
        if len(statements) == 1:
            result[name] = {_digest(each, statements[0]) for each in lines}
    return result


def _lines(text: str) -> "list[str]":
    """Lines with their ends, split where Python's parser splits them (and not at form feeds, as `splitlines` does)."""
    import re

    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)


def _digest(lines: "list[str]", statement: "ast.stmt") -> str:
    decorators: "list[ast.expr]" = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    last = statement.end_lineno or statement.lineno
    text = "".join(lines[first - 1 : last])
    return hashlib.sha256(text.rstrip("\r\n").encode()).hexdigest()


def _names(statement: "ast.stmt") -> "Iterator[str]":
    """The module-level names that a statement binds, those in its blocks included."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
        return
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.stmt):
            yield from _names(node)
        else:
            yield from _targets(node)


def _targets(node: "ast.AST") -> "Iterator[str]":
    """The names that an expression (or a handler, a case, an item) binds."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield node.id
    name = getattr(node, "name", None)
    if isinstance(node, ast.ExceptHandler) and isinstance(name, str):
        yield name
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield from _names(child)
        else:
            yield from _targets(child)
