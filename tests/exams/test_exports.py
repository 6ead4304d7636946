"""The exam on Pythran's modules in SciPy and scikit-image, as a test: needs their source distributions, at hand or downloadable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAM = Path(__file__).parent / "exports.py"
WORK = Path(os.environ.get("HYPERSONIC_EXAMS", EXAM.parents[2] / "target" / "exams"))


def test_every_exported_function_is_compiled_and_equal() -> None:
    try:
        run = subprocess.run([sys.executable, str(EXAM), "--work", str(WORK)], capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        pytest.skip("THE EXAM WAS NOT TAKEN: the source distributions took too long to download")
    table = run.stdout + run.stderr
    print(table)
    if "unearth" in run.stderr and "CalledProcessError" in run.stderr:
        pytest.skip(f"THE EXAM WAS NOT TAKEN: {run.stderr.strip()[-300:]}")
    assert "21 passed, 0 failed" in table, table
    assert run.returncode == 0, table
