"""The package that all tests of this folder run."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import oracle

OnGpu = Callable[..., str]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    """The package of `kernels.py`; importing it needs no driver."""
    return package(tmp_path_factory.mktemp("gpu"), "kernels.py", "gpu_kernels")


@pytest.fixture(scope="session")
def built_loops(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    """The package of `loops.py`."""
    return package(tmp_path_factory.mktemp("gpu"), "loops.py", "gpu_loops")


def package(folder: Path, file: str, name: str) -> oracle.Built:
    """A package of one file of this folder."""
    source = (HERE / file).read_text()
    return oracle.build(folder, source, name, '[tool.hypersonic]\nlevels = ["x86-64-v2"]\nalways = true\n')


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds the wheel of an example, once, and gives the folder that it is unpacked into."""

    @functools.cache
    def make(name: str) -> Path:
        out = tmp_path_factory.mktemp(name)
        project = out / "project"
        ignored = shutil.ignore_patterns("dist", "site", "__hypersonic__")
        shutil.copytree(ROOT / "examples" / name, project, ignore=ignored)
        code = f"import hypersonic_build; print(hypersonic_build.build_wheel({str(out)!r}))"
        done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (wheel,) = out.glob("*.whl")
        shutil.unpack_archive(wheel, out / "site", "zip")
        return out / "site"

    return make


PRELUDE = """
import gc, json, os, sys, types, warnings
sys.path[:0] = [{here!r}, {site!r}]
import hypersonic
import numpy as np
import {name} as package
from device import OnDevice, check, cuda, launches, to_host
"""


@pytest.fixture(scope="session")
def libcuda() -> Path:
    """The stand-in, built."""
    done = subprocess.run(
        ["cargo", "build", "--quiet", "-p", "standin-cuda", "--message-format", "json"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    (path,) = [path for message in messages for path in message.get("filenames", []) if path.endswith("libcuda.so")]
    return Path(path)


@pytest.fixture(scope="session")
def environment(libcuda: Path) -> dict[str, str]:
    """Variables with which the stand-in is the driver."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HYPERSONIC")}
    return {**kept, "HYPERSONIC_LIBCUDA": str(libcuda)}


@pytest.fixture
def on_gpu(built: Any, built_loops: Any, environment: dict[str, str], tmp_path: Path) -> OnGpu:
    """Runs code with the stand-in; gives what the stand-in said."""

    def on_gpu(code: str, package: str = "gpu_kernels", **variables: str) -> str:
        log = tmp_path / "log"
        which = built_loops if package == "gpu_loops" else built
        text = PRELUDE.format(here=str(HERE), site=str(which.site), name=package) + textwrap.dedent(code)
        variables = {**environment, "HYPERSONIC_STANDIN_LOG": str(log), **variables}
        done = subprocess.run([sys.executable, "-c", text], env=variables, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return log.read_text() if log.exists() else ""

    return on_gpu
