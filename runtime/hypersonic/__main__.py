"""`python -m hypersonic PACKAGE...` prints what runs for every boosted function of installed packages."""

import argparse
import importlib
import sys

from . import info
from ._packages import package_of


def main(arguments: "list[str] | None" = None) -> int:
    """Prints a line per function; 1 if a package has no kernels that can be used. Exits with 2 if one cannot be imported."""
    parser = argparse.ArgumentParser(prog="python -m hypersonic", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="import name of a package that was built with hypersonic-build")
    status = 0
    for name in parser.parse_args(arguments).packages:
        if not all(part.isidentifier() for part in name.split(".")):
            parser.error(f"{name!r} is not the name of a package: give what an import statement would")
        try:
            importlib.import_module(name)
        except ImportError as error:
            parser.error(f"{name} cannot be imported: {error}")
        package = package_of(name)
        if package is None or package.library is None:
            print(f"{name}: {'no kernels were built for it' if package is None else package.reason}")
            status = 1
            continue
        for module, functions in package.library.functions():
            scope = importlib.import_module(module)
            for function in functions:
                print(f"{module}.{function}: {info(_find(scope, function))}")
    return status


def _find(scope: object, name: str) -> object:
    for part in name.split("."):
        scope = getattr(scope, part, None)
    return scope


if __name__ == "__main__":
    sys.exit(main())
