"""Wheels as installers, indexes and third-party judges see them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PURE = "def add(a, b):\n    return a + b\n"
from packaging.metadata import Metadata
from packaging.utils import parse_wheel_filename

FULL = """
[project]
name = "Demo.Pkg_X"
version = "1.02.0-RC1"
description = "A thing"
readme = "README.md"
requires-python = ">=3.10"
license = "mit or apache-2.0"
license-files = ["LICEN[CS]E*", "legal/**/*.txt"]
authors = [{name = "Zoë Ü"}, {name = "E. Noether", email = "e@n.org"}]
maintainers = [{email = "m@n.org"}]
keywords = ["a", "b c"]
classifiers = ["Programming Language :: Python :: 3"]
dependencies = ["numpy>=2; python_version >= '3.10' or os_name == 'nt'", "hypersonic"]

[project.optional-dependencies]
"Some_Extra" = ["x>1; os_name == 'a' or os_name == 'b'", "y @ https://example.org/y.whl"]

[project.urls]
Homepage = "https://example.org"

[project.scripts]
demo = "demo_pkg:main"

[project.entry-points."demo.plugins"]
one = "demo_pkg.sub:One"

[tool.hypersonic]
packages = ["demo_pkg"]
"""


def read(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_a_wheel_with_kernels(project, tmp_path):
    wheel = project().build("build_wheel", tmp_path / "out")
    name, version, build, tags = parse_wheel_filename(wheel.name)
    assert (name, str(version), build) == ("demo-pkg", "1.2", ())
    platforms = wheel.stem.split("-")[-1].split(".")
    assert platforms == sorted(platforms)
    files = read(wheel)
    lines = files["demo_pkg-1.2.dist-info/WHEEL"].decode().splitlines()
    assert "Root-Is-Purelib: false" in lines
    assert {line[5:] for line in lines if line.startswith("Tag: ")} == {str(tag) for tag in tags}
    assert all(tag.interpreter == "py3" and tag.abi == "none" for tag in tags)
    assert {"demo_pkg/__hypersonic__/manifest.json", "demo_pkg/__hypersonic__/kernels.so"} <= set(files)
    assert json.loads(files["demo_pkg/__hypersonic__/manifest.json"])["abi"] >= 1


def test_a_wheel_without_boosted_functions_is_pure(project, tmp_path):
    wheel = project(source=PURE).build("build_wheel", tmp_path / "out")
    assert wheel.name == "demo_pkg-1.2-py3-none-any.whl"
    files = read(wheel)
    assert b"Root-Is-Purelib: true" in files["demo_pkg-1.2.dist-info/WHEEL"]
    assert not any("__hypersonic__" in path for path in files)


def test_the_users_files_are_unchanged(project, tmp_path):
    made = project()
    made.write("demo_pkg/data/ä b,c.bin", bytes(range(256))).write("demo_pkg/crlf.py", b"x = 1\r\n").write("demo_pkg/run.sh", "#!/bin/sh\n")
    (made.root / "demo_pkg/run.sh").chmod(0o700)
    wheel = made.build("build_wheel", tmp_path / "out")
    files = read(wheel)
    for path in ["demo_pkg/__init__.py", "demo_pkg/data/ä b,c.bin", "demo_pkg/crlf.py"]:
        assert files[path] == (made.root / path).read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        modes = {info.filename: stat.S_IMODE(info.external_attr >> 16) for info in archive.infolist()}
    assert modes["demo_pkg/run.sh"] == 0o755
    assert set(modes.values()) == {0o644, 0o755}


def test_metadata_is_complete_and_valid(project, tmp_path):
    made = project(FULL).write("README.md", "# Ünï\n").write("LICENSE", "text").write("legal/a/b.txt", "more")
    wheel = made.build("build_wheel", tmp_path / "out")
    files = read(wheel)
    info = "demo_pkg_x-1.2.0rc1.dist-info"
    metadata = Metadata.from_email(files[f"{info}/METADATA"], validate=True)
    assert (metadata.name, str(metadata.version), metadata.metadata_version) == ("Demo.Pkg_X", "1.2.0rc1", "2.4")
    assert metadata.license_expression == "MIT OR Apache-2.0"
    assert metadata.license_files == ["LICENSE", "legal/a/b.txt"]
    assert (metadata.author, metadata.author_email) == ("Zoë Ü", '"E. Noether" <e@n.org>')
    assert metadata.maintainer_email == "m@n.org"
    assert metadata.keywords == ["a", "b c"]
    assert metadata.provides_extra == ["some-extra"]
    assert metadata.description == "# Ünï\n"
    assert metadata.description_content_type == "text/markdown; charset=UTF-8"
    required = {str(requirement) for requirement in metadata.requires_dist or []}
    assert 'x>1; (os_name == "a" or os_name == "b") and extra == "some-extra"' in required
    assert any(text.startswith("y@") and 'extra == "some-extra"' in text for text in map(lambda text: text.replace(" ", "", 2), required))
    assert files[f"{info}/licenses/legal/a/b.txt"] == b"more"
    assert (
        files[f"{info}/entry_points.txt"].decode() == "[console_scripts]\ndemo = demo_pkg:main\n\n[demo.plugins]\none = demo_pkg.sub:One\n"
    )


def test_prepared_metadata_is_that_of_the_wheel(project, tmp_path):
    made = project(FULL).write("README.md", "# x\n").write("LICENSE", "text").write("legal/a.txt", "more")
    prepared = made.build("prepare_metadata_for_build_wheel", tmp_path / "prepared")
    done = made.hook("build_wheel", str(tmp_path / "out"), None, str(prepared))
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    files = read(wheel)
    on_disk = {path.relative_to(prepared.parent).as_posix(): path.read_bytes() for path in prepared.rglob("*") if path.is_file()}
    assert on_disk
    assert all(files[path] == content for path, content in on_disk.items())
    (prepared / "METADATA").write_text("Name: other\n")
    refused = made.hook("build_wheel", str(tmp_path / "again"), None, str(prepared))
    assert refused.returncode == 1
    assert "HS0502" in refused.stderr
    assert not list((tmp_path / "again").glob("*"))


@pytest.mark.parametrize("judge", ["installer", "check-wheel-contents", "twine"])
def test_third_party_judges(project, tmp_path, judge):
    made = project(FULL).write("README.md", "# x\n").write("LICENSE", "text").write("legal/a.txt", "more")
    wheel = made.build("build_wheel", tmp_path / "out")
    if judge == "installer":
        installer = pytest.importorskip("installer.sources")
        with installer.WheelFile.open(wheel) as source:
            source.validate_record(validate_contents=True)
        return
    module = {"twine": "twine", "check-wheel-contents": "check_wheel_contents"}[judge]
    pytest.importorskip(module)
    command = {"twine": ["check", "--strict"], "check-wheel-contents": ["--no-config"]}[judge]
    done = subprocess.run([sys.executable, "-m", module, *command, str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("files", "settings", "shipped"),
    [
        (["src/demo_pkg/__init__.py", "src/demo_pkg/a.py"], "", {"demo_pkg/__init__.py", "demo_pkg/a.py"}),
        (["demo_pkg.py", "other.py"], "", {"demo_pkg.py"}),
        (["ns/inner/__init__.py", "ns/alien/__init__.py"], 'packages = ["ns.inner"]', {"ns/inner/__init__.py"}),
        (["one.py", "two/__init__.py"], 'packages = ["two"]\nmodules = ["one"]', {"one.py", "two/__init__.py"}),
        (["lib/demo_pkg.py"], 'source-root = "lib"', {"demo_pkg.py"}),
        (["demo_pkg/__init__.py", "demo_pkg/x.c", "demo_pkg/gen/y.py"], 'exclude = ["*.c", "demo_pkg/gen"]', {"demo_pkg/__init__.py"}),
    ],
)
def test_layouts(project, tmp_path, files, settings, shipped):
    made = project(f"[tool.hypersonic]\n{settings}\n" if settings else "", package=False)
    for path in files:
        made.write(path, "x = 1\n")
    wheel = made.build("build_wheel", tmp_path / "out")
    assert {path for path in read(wheel) if ".dist-info/" not in path} == shipped


def test_kernels_of_a_single_module_lie_beside_it(project, tmp_path):
    made = project(package=False).write("demo_pkg.py", "from hypersonic import boost\n\n@boost\ndef f(a: float):\n    return a * 2\n")
    assert "__hypersonic__demo_pkg/manifest.json" in read(made.build("build_wheel", tmp_path / "out"))


@pytest.mark.parametrize(
    ("path", "text"),
    [("demo_pkg/__init__.py", "x = 0\n__version__ = '3.1'\n"), ("VERSION", "3.1\n")],
)
def test_a_dynamic_version_is_read_not_run(project, tmp_path, path, text):
    settings = "" if path.endswith(".py") else f'[tool.hypersonic]\nversion-path = "{path}"\n'
    made = project(f'[project]\nname = "demo-pkg"\ndynamic = ["version"]\n{settings}')
    made.write("demo_pkg/__init__.py", "raise SystemExit('was run')\n").write(path, text)
    assert made.build("build_wheel", tmp_path / "out").name == "demo_pkg-3.1-py3-none-any.whl"


def test_bytes_depend_on_content_alone(project, tmp_path):
    one = project(FULL, folder="one").write("README.md", "# x\n").write("LICENSE", "l").write("legal/a.txt", "m")
    two = project(FULL, folder="Ünother place/two").write("README.md", "# x\n").write("LICENSE", "l").write("legal/a.txt", "m")
    two.environment = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "RAYON_NUM_THREADS": "1", "COLUMNS": "40"}
    for path in two.root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() else 0o600)
    old = os.umask(0o077)
    try:
        built = [two.build(hook, tmp_path / "out two") for hook in ("build_wheel", "build_sdist")]
    finally:
        os.umask(old)
    for hook, other in zip(("build_wheel", "build_sdist"), built, strict=True):
        mine = one.build(hook, tmp_path / "out one")
        assert mine.name == other.name
        assert mine.read_bytes() == other.read_bytes()
        assert stat.S_IMODE(other.stat().st_mode) == 0o644


def test_source_date_epoch(project, tmp_path):
    made = project()
    made.environment = {"SOURCE_DATE_EPOCH": "1700000000"}
    with zipfile.ZipFile(made.build("build_wheel", tmp_path / "out")) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}
    made.environment = {"SOURCE_DATE_EPOCH": "yesterday"}
    done = made.hook("build_wheel", str(tmp_path / "bad"))
    assert done.returncode == 1
    assert "SOURCE_DATE_EPOCH" in done.stderr
    assert not list((tmp_path / "bad").glob("*"))


def test_an_undeclared_runtime_is_pointed_out(project, tmp_path):
    made = project('[project]\nname = "demo-pkg"\nversion = "1"\n')
    done = made.hook("build_wheel", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "HS0507" in done.stderr
    assert "project.dependencies" in done.stderr
