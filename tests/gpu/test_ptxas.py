"""NVIDIA's own assembler takes our PTX, for old GPUs and new ones, and nothing spills in the examples."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import oracle
import pytest

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
ARCHITECTURES = ["sm_75", "sm_90", "sm_100", "sm_120"]


def find() -> Path | None:
    """`ptxas`: the one that is named, the one of the wheel nvidia-cuda-nvcc, or the one on the path."""
    named = os.environ.get("HYPERSONIC_PTXAS")
    if named:
        return Path(named)
    packaged = sorted(Path(sys.prefix).glob("lib/python*/site-packages/nvidia/*/bin/ptxas"))
    found = shutil.which("ptxas")
    return packaged[-1] if packaged else Path(found) if found else None


PTXAS = find()
if PTXAS is None:
    warnings.warn("ptxas is not here: nobody checks the PTX (install nvidia-cuda-nvcc, or set HYPERSONIC_PTXAS)", stacklevel=1)

pytestmark = pytest.mark.skipif(PTXAS is None, reason="no ptxas: install nvidia-cuda-nvcc, or set HYPERSONIC_PTXAS")


def assemble(ptx: Path, architecture: str, out: Path) -> str:
    """Assembles; gives what ptxas says of registers and spills."""
    command = [str(PTXAS), f"--gpu-name={architecture}", "--verbose", "--warning-as-error", str(ptx), "--output-file", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="session")
def kernels(built: oracle.Built, built_loops: oracle.Built, example: Callable[[str], Path]) -> Callable[[str], Path]:
    """The PTX of an example, of `kernels.py` or of `loops.py`."""

    def find(name: str) -> Path:
        ours = {"kernels": built, "loops": built_loops}
        site = ours[name].site if name in ours else example(name)
        (ptx,) = site.glob("*/__hypersonic__/kernels.ptx")
        return ptx

    return find


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", [*sorted(path.parent.name for path in EXAMPLES.glob("*/pyproject.toml")), "kernels", "loops"])
def test_it_is_assembled(name: str, architecture: str, kernels: Callable[[str], Path], tmp_path: Path) -> None:
    said = assemble(kernels(name), architecture, tmp_path / "cubin")
    entries = re.findall(r"Compiling entry function '([^']+)'", said)
    registers = [int(count) for count in re.findall(r"Used (\d+) registers", said)]
    spills = [int(count) for count in re.findall(r"(\d+) bytes spill (?:stores|loads)", said)]
    assert entries and len(registers) >= len(entries)
    print(f"{name} for {architecture}: {len(entries)} kernels, at most {max(registers)} registers, {sum(spills)} bytes spilled")
    assert max(registers) < 255
    assert sum(spills) == 0


def test_what_is_wrong_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.ptx"
    wrong.write_text(".version 6.0\n.target sm_70\n.address_size 64\n.visible .entry f() { add.f65 %a, %b, %c; ret; }\n")
    with pytest.raises(AssertionError, match="f65"):
        assemble(wrong, "sm_75", tmp_path / "cubin")
