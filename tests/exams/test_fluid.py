"""The exam on fluidsim and fluidfft, as a test: needs their source distributions, at hand or downloadable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAM = Path(__file__).parent / "fluid.py"
WORK = Path(os.environ.get("HYPERSONIC_EXAMS", EXAM.parents[2] / "target" / "exams"))
ARCHIVES = ("fluidfft-0.4.5", "fluidsim-26.10.0")


def fetch() -> str | None:
    """Downloads what is missing; gives why it cannot."""
    WORK.mkdir(parents=True, exist_ok=True)
    for archive in ARCHIVES:
        if (WORK / f"{archive}.tar.gz").exists():
            continue
        name, version = archive.split("-")
        command = [sys.executable, "-m", "unearth", "--no-binary", "-d", str(WORK), f"{name}=={version}"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        except subprocess.TimeoutExpired:
            return f"{archive} took too long to download"
        if not (WORK / f"{archive}.tar.gz").exists():
            return f"{archive} is not in {WORK} and cannot be downloaded: {(run.stderr or run.stdout).strip()[-300:]}"
    return None


def test_every_function_method_and_block_is_compiled_and_equal() -> None:
    trouble = fetch()
    if trouble:
        pytest.skip(f"THE EXAM WAS NOT TAKEN: {trouble}")
    run = subprocess.run([sys.executable, str(EXAM), "--work", str(WORK)], capture_output=True, text=True, check=False)
    table = run.stdout + run.stderr
    print(table)
    assert "85 passed, 0 failed" in table, table
    assert "236 signatures" in table, table
    assert run.returncode == 0, table
