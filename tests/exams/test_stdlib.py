"""A sample of the exam on the standard library: `python tests/exams/stdlib.py` takes all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from stdlib import trees

EXAM = Path(__file__).parent / "stdlib.py"


def test_no_internal_error_in_a_sample() -> None:
    found = trees()
    # Without pyenv: the library of this interpreter.
    sample = [str(tree) for tree in found] or [str(Path(subprocess.__file__).parent)]
    run = subprocess.run([sys.executable, str(EXAM), "--sample", "60", *sample], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    print(run.stdout)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
