"""Builds the runtime's wheel without its native part, for PyPy and for CPython older than the native part takes.

    python scripts/pure_wheel.py OUT

Where a native wheel fits, pip prefers it; elsewhere this one lets boosted packages be imported, and Python answers. It is
built by hypersonic itself, which must be installed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import hypersonic_build

RUNTIME = Path(__file__).resolve().parent.parent / "runtime"
BUILD_SYSTEM = '[build-system]\nrequires = ["hypersonic-build"]\nbuild-backend = "hypersonic_build"\n\n'


def build(out: Path) -> Path:
    """Builds the wheel into a folder and gives its path."""
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in ("README.md", "LICENSE"):
            shutil.copy(RUNTIME / name, project)
        ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
        shutil.copytree(RUNTIME / "hypersonic", project / "hypersonic", ignore=ignored)
        text = (RUNTIME / "pyproject.toml").read_text(encoding="utf-8")
        metadata = text[text.index("[project]") : text.index("[tool.maturin]")]
        (project / "pyproject.toml").write_text(BUILD_SYSTEM + metadata, encoding="utf-8")
        before = Path.cwd()
        os.chdir(project)
        try:
            return out / hypersonic_build.build_wheel(str(out))
        finally:
            os.chdir(before)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/pure_wheel.py OUT")
    print(build(Path(sys.argv[1])))
