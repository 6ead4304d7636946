"""Numerical functions at machine speed, with Python as the fallback.

This is the half of hypersonic that travels to users. `boost` attaches the kernels that were compiled when the
package's wheel was built; `info` says what runs and why. `jit` has
kernels made when a function is called, by the compiler if it is installed. Importing this imports no NumPy and never fails.
"""

from ._boost import attach, boost
from ._warning import HypersonicWarning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._blocks import block as block
    from ._exports import capsule as capsule
    from ._exports import capsule_failure as capsule_failure
    from ._exports import get_include as get_include
    from ._info import Info as Info
    from ._info import info as info
    from ._jit import jit as jit
    from ._just_in_time.function import wait_for_compilations as wait_for_compilations
    from ._threads import get_num_threads as get_num_threads
    from ._threads import set_num_threads as set_num_threads
    from ._verify import MismatchError as MismatchError
    from .typing import Array as Array
    from .typing import NDim as NDim
    from .typing import Shape as Shape
    from .typing import Type as Type
    from .typing import const as const


def prange(*arguments: int) -> range:
    """A `range` whose iterations do not depend on each other: compiled, they run on several threads."""
    return range(*arguments)


__version__ = "0.1.0"
__all__ = [
    "Array",
    "HypersonicWarning",
    "Info",
    "MismatchError",
    "NDim",
    "Shape",
    "Type",
    "__version__",
    "attach",
    "block",
    "boost",
    "capsule",
    "capsule_failure",
    "const",
    "get_include",
    "get_num_threads",
    "info",
    "jit",
    "prange",
    "set_num_threads",
    "wait_for_compilations",
]

_ANNOTATIONS = frozenset(
    ("Array", "Dict", "List", "Literal", "NDim", "Optional", "Set", "Shape", "Tuple", "Type", "Union", "const", "str2type")
)


def __getattr__(name: str) -> object:
    # `info` needs dataclasses, which cost more to import than all the rest.
    if name in ("Info", "info"):
        from . import _info

        globals().update(Info=_info.Info, info=_info.info)
        return globals()[name]
    if name == "block":
        from ._blocks import block

        globals()["block"] = block
        return block
    if name in ("capsule", "capsule_failure", "get_include"):
        from . import _exports

        return getattr(_exports, name)
    if name in ("get_num_threads", "set_num_threads"):
        from . import _threads

        return getattr(_threads, name)
    if name == "MismatchError":
        from ._verify import MismatchError

        globals()["MismatchError"] = MismatchError
        return MismatchError
    if name == "jit":
        from ._jit import jit

        globals()["jit"] = jit
        return jit
    if name == "load_ipython_extension":
        from ._notebook import load_ipython_extension

        return load_ipython_extension
    if name == "wait_for_compilations":
        from ._just_in_time.function import wait_for_compilations

        return wait_for_compilations
    if name == "DeviceArray":
        from ._dispatch import DeviceArray

        return DeviceArray
    if name in _ANNOTATIONS:
        from . import typing

        return getattr(typing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
