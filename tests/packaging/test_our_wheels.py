"""The two wheels that set-up leaves in `dist/`: small, and asking nothing of the machine but the C library."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

DIST = Path(__file__).parents[2] / "dist"
SYSTEM = re.compile(r"(libc|libm|libdl|libpthread|librt|libgcc_s|ld-linux-[\w-]+)\.so\.\d+")


def wheel(name: str) -> Path:
    (path,) = DIST.glob(f"{name}-[0-9]*.whl")
    return path


@pytest.mark.parametrize(("name", "megabytes"), [("hypersonic_build", 45), ("hypersonic", 1.5)])
def test_it_is_small(name: str, megabytes: float) -> None:
    assert wheel(name).stat().st_size < megabytes * 1e6


@pytest.mark.skipif(shutil.which("readelf") is None, reason="no readelf")
@pytest.mark.parametrize(("name", "member"), [("hypersonic_build", r".*/scripts/hypersonic"), ("hypersonic", r".*\.so")])
def test_it_needs_only_the_c_library(name: str, member: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel(name)) as archive:
        (inside,) = (entry for entry in archive.namelist() if re.fullmatch(member, entry))
        binary = archive.extract(inside, tmp_path)
    dynamic = subprocess.run(["readelf", "--dynamic", binary], capture_output=True, text=True, check=True).stdout
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
    assert needed and all(SYSTEM.fullmatch(library) for library in needed), needed


def test_the_runtime_holds_no_compiler() -> None:
    with zipfile.ZipFile(wheel("hypersonic")) as archive:
        (inside,) = (entry for entry in archive.namelist() if entry.endswith(".so"))
        assert b"LLVM" not in archive.read(inside)
