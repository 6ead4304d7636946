"""SciPy's and scikit-image's own tests with our kernels, without the slow ones: needs their source distributions, at hand or downloadable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAM = Path(__file__).parent / "scipy_suite.py"
WORK = Path(os.environ.get("HYPERSONIC_EXAMS", EXAM.parents[2] / "target" / "exams"))


def test_their_tests_pass_with_our_kernels() -> None:
    run = subprocess.run([sys.executable, str(EXAM), "--part", "--work", str(WORK)], capture_output=True, text=True, check=False)
    table = run.stdout + run.stderr
    print(table)
    downloading = "CalledProcessError" in run.stderr and ("unearth" in run.stderr or "'pip'" in run.stderr)
    if downloading or "the modules are those of" in run.stdout:
        pytest.skip(f"THE EXAM WAS NOT TAKEN: {table.strip()[-300:]}")
    assert run.returncode == 0, table
    assert table.count(" 0 fail,") == 2, table
    assert "\n0 wrong" in table, table
