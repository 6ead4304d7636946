"""Kernels on disk, by the digest of what they were made from. A folder is published whole, by a rename; what is damaged is
removed and made again. Never a file that is interpreted: a manifest, a library, both checked by digest before use.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path

LAYOUT = "1"
"""Changes with what the folder holds."""


def folder() -> Path | None:
    """The user's cache, made if it is not there; None if there is none to be had, or if others may write to it."""
    named = os.environ.get("HYPERSONIC_CACHE_DIR")
    if named:
        root = Path(named)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "hypersonic"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches" / "hypersonic"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hypersonic"
    path = root / "jit" / LAYOUT
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if _is_ours(path) and os.access(path, os.W_OK) else None
    except (OSError, RuntimeError):
        return None


@functools.cache
def temporary() -> Path:
    """A folder for this process, where there is no cache to be had."""
    path = Path(tempfile.mkdtemp(prefix="hypersonic-jit-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _is_ours(path: Path) -> bool:
    """Whoever can write there can run code here."""
    if sys.platform == "win32":
        return True
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022


def remove(entry: Path) -> None:
    """Takes a damaged entry away; another process may do so at the same time."""
    doomed = entry.with_name(f".{entry.name}.{os.getpid()}.bad")
    with contextlib.suppress(OSError):
        os.rename(entry, doomed)
        shutil.rmtree(doomed, ignore_errors=True)
