"""Transonic's names, so that a package moves to hypersonic by changing its imports (`hypersonic migrate PATH` does it).

`from hypersonic.transonic import boost, Array` means at build time and at run time what `from transonic import boost, Array`
means to Transonic. Backends are taken and mean nothing: there is one.
"""

import sys
from typing import Any

from . import __version__ as __version__
from ._blocks import Blocks
from ._boost import boost as boost
from ._jit import jit as jit
from .typing import Array as Array
from .typing import Dict as Dict
from .typing import List as List
from .typing import Literal as Literal
from .typing import NDim as NDim
from .typing import Optional as Optional
from .typing import Set as Set
from .typing import Tuple as Tuple
from .typing import Type as Type
from .typing import Union as Union
from .typing import const as const
from .typing import str2type as str2type

__all__ = [
    "Array",
    "Dict",
    "List",
    "Literal",
    "NDim",
    "Optional",
    "Set",
    "Transonic",
    "Tuple",
    "Type",
    "Union",
    "boost",
    "const",
    "jit",
    "set_backend",
    "set_backend_for_this_module",
    "set_compile_at_import",
    "set_compile_jit",
    "str2type",
    "typeof",
    "wait_for_all_extensions",
]


class Transonic:
    """What a module may ask of its own kernels. Made at the top level of the module.

    `is_compiled` says whether kernels of the module's package were found and can be used, `is_transpiled` whether one of
    its blocks has kernels that are used. `is_transpiling` is always False: a build reads sources and never runs them.
    """

    is_transpiling = False
    is_compiling = False

    def __init__(self, use_transonified: bool = True, backend: Any = None) -> None:
        scope = sys._getframe(1).f_globals
        self._module = str(scope.get("__name__", "__main__"))
        self._blocks = Blocks(scope)
        self._used = use_transonified

    @property
    def is_compiled(self) -> bool:
        """Whether kernels of the module's package are used."""
        from ._packages import package_of
        from ._settings import mode

        if not self._used or mode() == "off":
            return False
        package = package_of(self._module)
        return package is not None and package.library is not None

    @property
    def is_transpiled(self) -> bool:
        """Whether the block that is asked for in this line is to be run by `use_block`."""
        return self._used and self._blocks.compiled_at(sys._getframe(1).f_lineno)

    def boost(self, function: Any = None, /, **options: Any) -> Any:
        """As `boost`."""
        return boost(**options) if function is None else boost(function)

    def use_block(self, name: str) -> Any:
        """Runs a block with the variables of the caller that its comment names. Gives what the block sets, if it is assigned.

        Raises RuntimeError where no block of that name was compiled: code that asks `is_transpiled` first, as it must, does
        not come there.
        """
        return self._blocks.run(name, sys._getframe(1))

    def block(self, name: str) -> Any:
        """A block as a function of the variables that its comment names, for `hypersonic.info`.

        Raises RuntimeError where no block of that name was compiled.
        """
        return self._blocks.function(name)


def typeof(value: Any) -> str:
    """The type of a value as an annotation says it.

    Raises ValueError for what no annotation says.
    """
    from ._just_in_time.signatures import type_of

    found = type_of(value)
    if found is None:
        raise ValueError(f"no annotation says the type of {value!r}")
    return found


def wait_for_all_extensions() -> None:
    """Waits until nothing is being compiled in the background."""
    from ._just_in_time.function import wait_for_compilations

    wait_for_compilations()


def set_backend(name: str) -> None:
    """Means nothing here."""


def set_backend_for_this_module(name: str) -> None:
    """Means nothing here."""


def set_compile_at_import(value: bool = True) -> None:
    """Means nothing here: wheels bring their kernels."""


def set_compile_jit(value: bool) -> None:
    """Means nothing here."""
