"""Kernels for others: C headers, capsules, ufuncs."""

import importlib
import os

from ._boost import Record, module_name
from ._packages import package_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def get_include(package: str) -> str:
    """The folder with the C header of a package, `hypersonic.h` and the kernel library, for a C compiler's `-I`.

    Imports the package. Raises ModuleNotFoundError if it is not installed, and FileNotFoundError if none of its functions is marked
    `@boost(c=True)`, or no kernels were built for it.
    """
    importlib.import_module(package)
    found = package_of(package)
    if found is None:
        raise FileNotFoundError(f"no kernels were built for {package!r}")
    if not os.path.isfile(os.path.join(found.folder, "hypersonic.h")):
        raise FileNotFoundError(
            f"no function of {package!r} is marked `@boost(c=True)`; `hypersonic header --all` writes a header all the same"
        )
    return found.folder


def capsule(function: "Any") -> "Any":
    """The C function of a boosted function that is marked `@boost(capsule=...)`, in a `PyCapsule`, as `scipy.LowLevelCallable` takes it.

    The capsule's name is the C signature. The pointer stays valid for the whole process, whatever becomes of the capsule, and may be
    called on any thread, with the GIL or without. A C function cannot raise: where Python would, it returns NaN, or 0 where it returns
    an integer; see `capsule_failure`.

    Raises TypeError for what is no boosted function, ValueError where there is no C function: the function stays Python, or is not
    marked. The message says why.
    """
    record = getattr(function, "__hypersonic__", None)
    if not isinstance(record, Record):
        raise TypeError(f"a boosted function is expected, not {function!r}")
    if record.reason is not None:
        raise ValueError(f"{function.__qualname__} has no C function: it stays Python: {record.reason}")
    python = function.__wrapped__
    module = str(module_name(python.__globals__))
    package = package_of(module)
    if package is None or package.library is None:
        raise ValueError(f"{function.__qualname__} has no C function")
    try:
        return package.library.capsule(module, function.__qualname__, python)
    except ValueError as error:
        raise ValueError(f"{function.__qualname__} has no C function: {error}; mark it `@boost(capsule=True)`") from None


def capsule_failure(capsule: "Any") -> "BaseException | None":
    """The first failure of a capsule's C function since this was last asked, as the exception that Python would have raised.

    None if there was none. On any thread: failures are remembered per function. Raises TypeError for what is no capsule, ValueError
    for a capsule that is none of ours.
    """
    from . import _dispatch

    return _dispatch.capsule_failure(capsule)
