"""Runs the compiler: the program `hypersonic` of the distribution hypersonic-build, in a process of its own."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import tempfile
from pathlib import Path

TIMEOUT = 120.0
"""Seconds after which a compilation is given up."""


class EngineError(Exception):
    """Why nothing could be compiled."""


@functools.cache
def find() -> tuple[str, str]:
    """The engine's path, and what tells it from other ones: its file's size and time."""
    try:
        from hypersonic_build._engine import find as find_engine
    except ImportError:
        raise EngineError("the compiler is not installed: pip install hypersonic[jit]") from None
    try:
        path = find_engine()
        found = os.stat(path)
    except OSError as error:
        raise EngineError(f"the compiler cannot be run: {error}") from None
    return path, f"{found.st_size} {found.st_mtime_ns}"


def compile_to(entry: Path, texts: dict[str, str], options: list[str]) -> str:
    """Compiles modules to the folder `entry`; gives what the compiler said of functions that stay Python."""
    path, _ = find()
    try:
        with tempfile.TemporaryDirectory(prefix="hypersonic-") as folder:
            for name, text in texts.items():
                Path(folder, f"{name}.py").write_text(text, encoding="utf-8")
            command = [path, "compile", "--json", "--out", str(entry), *options, *(str(Path(folder, f"{name}.py")) for name in texts)]
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError, UnicodeError) as error:
        raise EngineError(f"the compiler could not finish: {error}") from None
    if done.returncode != 0:
        raise EngineError(f"the compiler failed: {done.stderr.strip()[-2000:]}")
    report = json.loads(done.stdout)
    return "; ".join(str(found["title"]) for found in report["diagnostics"])
