"""`hypersonic compile`: kernels in a folder, whole or not there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import hypersonic._dispatch as dispatch
import numpy as np

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def double(x: "float[:]"):
    return 2 * x

@boost
def ordered(x: "float[:]"):
    return np.kron(x, x)
"""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "hypersonic_build", "compile", *map(str, arguments)], capture_output=True, text=True)


def test_a_file_becomes_kernels(tmp_path: Path) -> None:
    file = tmp_path / "doubles.py"
    file.write_text(SOURCE)
    done = run(file, "--out", tmp_path / "out" / "kernels", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {row["name"]: row["compiled"] for row in report["functions"]} == {"double": 1, "ordered": 0}
    library = dispatch.Library(tmp_path / "out" / "kernels")
    double = library.bind("doubles", "double", lambda x: "python")
    assert double(np.arange(3.0)).tolist() == [0, 2, 4]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["kernels"]


def test_levels_and_gpu_can_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "doubles.py"
    file.write_text(SOURCE)
    assert run(file, "--out", tmp_path / "kernels", "--level", "x86-64-v2", "--no-gpu").returncode == 0
    manifest = json.loads((tmp_path / "kernels" / "manifest.json").read_text())
    assert manifest["levels"] == ["x86-64-v2"]
    assert not (tmp_path / "kernels" / "kernels.ptx").exists()


def test_mistakes_are_said(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("")
    for arguments, message in [
        ([tmp_path / "absent.py"], "absent.py"),
        ([text], "is not a Python file"),
        ([text, "--level", "x86-64-v9"], "there is no level `x86-64-v9`"),
    ]:
        done = run(*arguments, "--out", tmp_path / "kernels")
        assert done.returncode == 1 and message in done.stderr, done.stderr
        assert not (tmp_path / "kernels").exists()
