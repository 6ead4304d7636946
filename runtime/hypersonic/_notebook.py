"""`%load_ext hypersonic` in IPython and Jupyter: the cell magic `%%boost`."""

import ast
from typing import Any

from ._jit import jit

OPTIONS = ("background", "fastmath")


def load_ipython_extension(shell: Any) -> None:
    """Registers `%%boost`."""

    def boost(line: str, cell: str) -> None:
        """%%boost [fastmath=True] [background=True]: puts `@jit` on the functions that this cell defines."""
        options = _options(line)
        result = shell.run_cell(cell)
        if not result.success:
            return
        for statement in ast.parse(shell.transform_cell(cell)).body:
            if isinstance(statement, ast.FunctionDef):
                shell.user_ns[statement.name] = jit(shell.user_ns[statement.name], **options)

    shell.register_magic_function(boost, magic_kind="cell", magic_name="boost")


def _options(line: str) -> "dict[str, bool]":
    options = {}
    for word in line.split():
        name, equals, value = word.partition("=")
        if name not in OPTIONS or not equals or value not in ("True", "False"):
            raise ValueError(f"%%boost: {word!r} is no option; write {' or '.join(f'{known}=True' for known in OPTIONS)}")
        options[name] = value == "True"
    return options
