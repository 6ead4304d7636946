"""Fixtures of all tests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import oracle


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., oracle.Built]:
    """Builds a module from source, once per call, in a folder of its own."""

    def make(source: str, **options: object) -> oracle.Built:
        return oracle.build(tmp_path_factory.mktemp("package"), source, **options)  # type: ignore[arg-type]

    return make
