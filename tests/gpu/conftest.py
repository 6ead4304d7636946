"""The package that all tests of this folder run."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import oracle


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    """The package of `kernels.py`; importing it needs no driver."""
    source = (Path(__file__).parent / "kernels.py").read_text()
    extra = '[tool.hypersonic]\nlevels = ["x86-64-v2"]\n'
    return oracle.build(tmp_path_factory.mktemp("gpu"), source, "gpu_kernels", extra)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds the wheel of an example, once, and gives the folder that it is unpacked into."""

    @functools.cache
    def make(name: str) -> Path:
        out = tmp_path_factory.mktemp(name)
        project = out / "project"
        ignored = shutil.ignore_patterns("dist", "site", "__hypersonic__")
        shutil.copytree(Path(__file__).parent.parent.parent / "examples" / name, project, ignore=ignored)
        code = f"import hypersonic_build; print(hypersonic_build.build_wheel({str(out)!r}))"
        done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (wheel,) = out.glob("*.whl")
        shutil.unpack_archive(wheel, out / "site", "zip")
        return out / "site"

    return make
