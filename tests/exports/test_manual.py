"""The program in docs/exports.md is compiled, and does what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypersonic
import oracle
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text()


@pytest.mark.skipif(shutil.which("cc") is None or sys.platform == "win32", reason="needs a C compiler")
def test_the_program_of_the_manual(build: Callable[..., oracle.Built], tmp_path: Path) -> None:
    sources = re.findall(r"```python\n(# waves/.*?)```", PAGE, re.S)
    programs = re.findall(r"```c\n(.*?)```", PAGE, re.S)
    assert len(sources) == len(programs) == 1
    built = build("import numpy as np\nfrom hypersonic import boost\n\n\n" + sources[0], name="waves")
    folder = hypersonic.get_include("waves")
    (tmp_path / "main.c").write_text(programs[0])
    command = ["cc", "main.c", f"-I{folder}", f"{folder}/kernels.so", f"-Wl,-rpath,{folder}", "-o", "main"]
    subprocess.run(command, cwd=tmp_path, check=True)
    done = subprocess.run([str(tmp_path / "main")], capture_output=True, text=True, check=True)
    import numpy as np

    assert done.stdout == f"{built.packet.__wrapped__(np.array([0.0, 1.0, 2.0]), 2.0)[2]:g}\n"
