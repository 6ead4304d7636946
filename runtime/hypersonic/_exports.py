"""Kernels for others: where the C headers lie."""

import importlib
import os

from ._packages import package_of


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
        raise FileNotFoundError(f"no function of {package!r} is marked `@boost(c=True)`: `hypersonic header --all` writes a header all the same")
    return found.folder
