"""Where the kernels of a package lie, loaded once per package and process."""

import os
import sys
from _thread import RLock

from ._settings import level_cap, mode
from ._warning import warn_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from ._dispatch import Library

_lock = RLock()
_packages: "dict[str, Package | None]" = {}


class Package:
    """The kernels of one package or module.

    `library` is None where they cannot be used; `reason` then says why, in one line.
    """

    __slots__ = ("_fresh", "_warned", "folder", "library", "name", "reason")

    def __init__(self, name: str, folder: str) -> None:
        self.name = name
        self.folder = folder
        self.library: "Library | None" = None
        self.reason: "str | None" = None
        self._fresh: "dict[tuple[str, int, int], bool]" = {}
        self._warned = False
        try:
            from . import _dispatch
        except ImportError as error:
            # PyPy, another architecture, a damaged installation: the package stays pure Python.
            self.reason = f"the native part of hypersonic cannot be imported: {error}"
            if sys.implementation.name == "cpython":
                self.warn()
            return
        try:
            self.library = _dispatch.Library(folder, level_cap())
        except (ValueError, OSError) as error:
            self.reason = str(error)
            self.warn()
            return
        if mode() == "cuda":
            absent = _dispatch.driver_problem()
            if absent is not None:
                warn_once(f"HYPERSONIC=cuda: no GPU is used: {absent}")

    def warn(self, reason: "str | None" = None) -> None:
        """Warns, once per package, that kernels are there but cannot be used."""
        if not self._warned:
            self._warned = True
            warn_once(f"the kernels of {self.name!r} are not used, its functions run as Python: {reason or self.reason}")

    def warn_of(self, function: str, reason: str) -> None:
        """Warns, once per package, that kernels of a function are there but cannot be used; its neighbours have theirs."""
        if not self._warned:
            self._warned = True
            warn_once(f"kernels of `{function}` in {self.name!r} are not used: {reason}")

    def staleness(self, module: str, path: str, depends: "list[tuple[str, str]]") -> "str | None":
        """Why kernels made from `depends`, (module, piece) each, no longer match the source; None if they do.

        `path` is the file of `module`, in which the function stands.
        """
        for name in dict.fromkeys([module, *(name for name, _ in depends)]):
            pieces = [piece for other, piece in depends if other == name]
            reason = self._staleness_of(name, path if name == module else None, pieces)
            if reason is not None:
                return reason
        return None

    def _staleness_of(self, module: str, path: "str | None", pieces: "list[str]") -> "str | None":
        assert self.library is not None
        if path is None:
            from ._source import locate

            path = locate(module)
            if path is None:
                return f"the source of {module!r} is not available"
        if self._is_fresh(module, path):
            return None
        from ._source import stale_piece

        return stale_piece(self.library, module, path, pieces)

    def _is_fresh(self, module: str, path: str) -> bool:
        """Whether a module's file is, byte for byte, the one that was compiled; asked again when the file changes."""
        from ._dispatch import file_digest

        assert self.library is not None
        try:
            found = os.stat(path)
            key = (path, found.st_mtime_ns, found.st_size)
            if key not in self._fresh:
                self._fresh[key] = file_digest(path) == self.library.module_digest(module)
            return self._fresh[key]
        except OSError:
            return False


def package_of(module: str) -> "Package | None":
    """The kernels that were built for a module: with its top-level package, or with a package in a namespace package.

    None if none were.
    """
    end = module.find(".")
    while end != -1:
        package = _package(module[:end])
        if package is not None:
            return package
        end = module.find(".", end + 1)
    return _package(module)


def _package(name: str) -> "Package | None":
    try:
        return _packages[name]
    except KeyError:
        pass
    with _lock:
        if name not in _packages:
            folder = _find(name, sys.modules.get(name))
            _packages[name] = None if folder is None else Package(name, folder)
        return _packages[name]


def _find(name: str, module: "ModuleType | None") -> "str | None":
    """The folder with the manifest: in the package, beside the single module, or where editable builds put it."""
    paths = getattr(module, "__path__", None)
    if paths is not None:
        candidates = [os.path.join(path, "__hypersonic__") for path in paths]
    else:
        file = getattr(module, "__file__", None)
        candidates = [os.path.join(os.path.dirname(file), f"__hypersonic__{name.rpartition('.')[2]}")] if file else []
    for folder in candidates:
        if os.path.isdir(folder):
            return os.path.abspath(folder)
    for path in sys.path:
        folder = os.path.join(path, "__hypersonic_editable__", name)
        if os.path.isdir(folder):
            return os.path.abspath(folder)
    return None
