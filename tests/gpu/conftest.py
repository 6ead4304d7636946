"""The package that all tests of this folder run."""

from __future__ import annotations

import sys
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
