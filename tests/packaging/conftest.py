"""Projects to build, and the hooks as a front end calls them: in a process of its own, in the project's folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

BUILD_SYSTEM = '[build-system]\nrequires = ["hypersonic-build"]\nbuild-backend = "hypersonic_build"\n'
PROJECT = '[project]\nname = "Demo-Pkg"\nversion = "1.2"\ndependencies = ["hypersonic"]\n'
BOOSTED = "from hypersonic import boost\n\n\n@boost\ndef add(a: float, b: float):\n    return a + b\n"


@dataclass
class Project:
    """A project on disk."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, content: str | bytes) -> Project:
        """Write a file of the project."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
        return self

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder."""
        environment = {**os.environ, **self.environment}
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def hook(self, name: str, *arguments: Any) -> subprocess.CompletedProcess[str]:
        """Call a hook; its result as JSON is the last line of standard output."""
        code = f"import json, sys, hypersonic_build; print(json.dumps(hypersonic_build.{name}(*json.loads(sys.argv[1]))))"
        return self.run(sys.executable, "-c", code, json.dumps(arguments))

    def build(self, name: str, out: Path, config: Any = None) -> Path:
        """Call a hook that must succeed; the path of what it wrote."""
        done = self.hook(name, str(out), config)
        assert done.returncode == 0, done.stderr
        return out / json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Makes a project: `pyproject` is added to the usual tables, or replaces them if it has its own `[project]`."""

    def make(pyproject: str = "", *, source: str = BOOSTED, folder: str = "project", package: bool = True) -> Project:
        made = Project(tmp_path / folder)
        pyproject = textwrap.dedent(pyproject)
        head = "" if "[project]" in pyproject else PROJECT
        made.write("pyproject.toml", BUILD_SYSTEM + head + pyproject)
        if package:
            made.write("demo_pkg/__init__.py", source)
        return made

    return make
