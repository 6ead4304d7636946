"""pip, build and the command line from the user's side: wheel, sdist, editable."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

installed = pytest.mark.skipif(
    importlib.util.find_spec("hypersonic_build") is None or "HYPERSONIC_ENGINE" in os.environ,
    reason="hypersonic-build is not installed here",
)


def engine(made, *arguments):
    code = "from hypersonic_build._engine import find; print(find())"
    return made.run(made.run(sys.executable, "-c", code).stdout.strip(), *arguments)


def pip(made, *arguments):
    return made.run(sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments)


def test_an_sdist_gives_the_same_wheel(project, tmp_path):
    made = project('readme = "README.md"\n\n[tool.hypersonic]\ninclude = ["tests/*.py"]\n')
    made.write("README.md", "# x\n").write("LICENSE", "l").write("tests/test_x.py", "").write("junk.txt", "").write(
        "demo_pkg/__pycache__/x.pyc", b""
    )
    sdist = made.build("build_sdist", tmp_path / "out")
    assert sdist.name == "demo_pkg-1.2.tar.gz"
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
        assert all(member.isfile() and member.uid == member.gid == 0 and not member.uname for member in members)
        paths = {member.name.removeprefix("demo_pkg-1.2/") for member in members}
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert paths == {"PKG-INFO", "pyproject.toml", "README.md", "LICENSE", "demo_pkg/__init__.py", "tests/test_x.py"}
    unpacked = tmp_path / "unpacked" / "demo_pkg-1.2"
    metadata = Metadata.from_email((unpacked / "PKG-INFO").read_bytes(), validate=True)
    assert (metadata.name, metadata.dynamic) == ("Demo-Pkg", None)
    again = type(made)(unpacked)
    assert again.build("build_wheel", tmp_path / "two").read_bytes() == made.build("build_wheel", tmp_path / "one").read_bytes()
    assert again.build("build_sdist", tmp_path / "two").read_bytes() == sdist.read_bytes()
    header = gzip.open(sdist).read(262)
    assert header[257:262] == b"ustar"


@pytest.mark.parametrize("hook", ["get_requires_for_build_wheel", "prepare_metadata_for_build_wheel"])
def test_metadata_hooks_are_fast(project, tmp_path, hook):
    made = project()
    seconds = []
    for attempt in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert made.hook(hook, *([str(tmp_path / str(attempt))] if hook.startswith("prepare") else [])).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.15, seconds  # of the processor, with the start of Python: others may keep the machine busy


def test_no_further_requirements(project):
    for hook in ("get_requires_for_build_wheel", "get_requires_for_build_sdist", "get_requires_for_build_editable"):
        assert json.loads(project().hook(hook).stdout) == []


def test_an_editable_wheel_points_to_the_sources(project, tmp_path):
    made = project(package=False).write(
        "src/demo_pkg/__init__.py", "from hypersonic import boost\n\n@boost\ndef f(a: float):\n    return a * 2\n"
    )
    before = sorted(made.root.rglob("*"))
    with zipfile.ZipFile(made.build("build_editable", tmp_path / "out")) as archive:
        files = {path: archive.read(path) for path in archive.namelist() if ".dist-info/" not in path}
    assert sorted(made.root.rglob("*")) == before
    assert files.pop("_hypersonic_editable_demo_pkg.pth").decode() == f"{(made.root / 'src').resolve()}\n"
    assert "__hypersonic_editable__/demo_pkg/manifest.json" in files
    assert all(path.startswith("__hypersonic_editable__/demo_pkg/") for path in files)


@installed
def test_pip_wheel_and_install(project, tmp_path):
    made = project(
        source="from hypersonic import boost\n\n@boost\ndef add(a: float, b: float):\n    return a + b\n\nprint(add(1.0, 2.0))\n"
    )
    done = pip(made, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(tmp_path / "out"), "-C", "gpu=off", ".")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    target = tmp_path / "target"
    done = pip(made, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    assert done.returncode == 0, done.stdout + done.stderr
    made.environment = {"PYTHONPATH": str(target)}
    code = "import demo_pkg, hypersonic; i = hypersonic.info(demo_pkg.add); print(i.state, i.reason)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, **made.environment}, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["3.0", "cpu None"], done.stdout + done.stderr


@installed
def test_pip_editable(project, tmp_path):
    made = project(source="from hypersonic import boost\n\n@boost\ndef add(a: float, b: float):\n    return a + b\n")
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(environment)], check=True)
    sites = [path for path in sys.path if path.endswith("site-packages")]
    made.environment = {"PYTHONPATH": os.pathsep.join(sites)}
    python = str(environment / "bin" / "python")
    done = made.run(python, "-m", "pip", "install", "--no-build-isolation", "--no-deps", "--no-index", "-e", ".")
    assert done.returncode == 0, done.stdout + done.stderr
    code = (
        "import demo_pkg, hypersonic; demo_pkg.add(1.0, 2.0); i = hypersonic.info(demo_pkg.add); print(demo_pkg.__file__); print(i.state)"
    )
    made = type(made)(tmp_path, made.environment)
    done = made.run(python, "-c", code)
    assert done.stdout.splitlines() == [str(tmp_path / "project/demo_pkg/__init__.py"), "cpu"], done.stdout + done.stderr
    done = made.run(python, "-m", "pip", "uninstall", "-y", "Demo-Pkg")
    assert done.returncode == 0
    assert not [path for path in Path(environment).rglob("*hypersonic_editable*") if path.is_file()]


def test_the_command_line(project, tmp_path):
    made = project()
    done = engine(made, "build", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert {path.name.split("-1.2")[-1][:4] for path in (tmp_path / "out").iterdir()} == {"-py3", ".tar"}
    assert "1 function compiled" in done.stderr
    listed = engine(made, "list").stdout.splitlines()
    with zipfile.ZipFile(next((tmp_path / "out").glob("*.whl"))) as archive:
        assert [line.split(maxsplit=1)[1] for line in listed[1:]] == archive.namelist()[:-1]
    assert listed[0] == next((tmp_path / "out").glob("*.whl")).name
    checked = engine(made, "check", "--json")
    report = json.loads(checked.stdout)
    assert report["complete"] is True
    assert [(row["module"], row["name"], row["compiled"]) for row in report["functions"]] == [("demo_pkg", "add", 1)]
    assert engine(made, "explain", "HS0503").stdout.startswith("HS0503 (unknown-setting)")
    assert "docs/language.md" in engine(made, "explain", "HS0302").stdout
    assert engine(made, "explain", "HS0530").returncode == 1
    assert "by default in `dist`" in engine(made, "build", "--help").stdout
    assert engine(made, "buld").returncode == 2


@pytest.mark.parametrize("path", [".", "demo_pkg", "demo_pkg/__init__.py"])
def test_check_takes_projects_packages_and_files(project, path):
    report = json.loads(engine(project(), "check", path, "--json").stdout)
    assert [row["name"] for row in report["functions"]] == ["add"]


REFUSED = """\
from hypersonic import boost

@boost
def fine(a: "float[:]"):
    return a + 1

@boost
def no_types(a):
    return a

@boost
def odd_type(a: "flot[:]"):
    return a

@boost
def many(*args: float):
    return args
"""


def test_functions_refused_before_compilation_are_reported(project, tmp_path):
    made = project(source=REFUSED)
    report = json.loads(engine(made, "check", ".", "--json").stdout)
    rows = {row["name"]: (row["signatures"], row["compiled"], row["gpu_kernels"]) for row in report["functions"]}
    assert rows == {"fine": (1, 1, 1), "no_types": (0, 0, 0), "odd_type": (0, 0, 0), "many": (0, 0, 0)}
    assert report["complete"] is False
    assert "1 of 4 functions compiled, 3 stay Python" in engine(made, "check", ".").stdout
    assert engine(made, "check", ".", "--strict").returncode == 1
    assert engine(made, "build", "-C", "strict=true").returncode == 1
    wheel = made.build("build_wheel", tmp_path / "out")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import hypersonic, demo_pkg as d; [print(hypersonic.info(f)) for f in (d.no_types, d.odd_type, d.many)]"
    made.environment["PYTHONPATH"] = str(tmp_path / "site")
    lines = made.run(sys.executable, "-P" if sys.version_info >= (3, 11) else "-s", "-c", code).stdout.splitlines()
    assert [line.startswith("Python: ") for line in lines] == [True, True, True]
    assert ["`a`" in lines[0] or "`no_types`" in lines[0], "flot" in lines[1], "args" in lines[2]] == [True, True, True]


def test_check_tells_what_stays_python(project):
    made = project(source="from hypersonic import boost\n\n@boost\ndef bad(a: float):\n    return eval('a')\n")
    done = engine(made, "check", ".", "--strict")
    assert done.returncode == 1
    assert "demo_pkg/__init__.py:" in done.stdout
    assert "0 of 1 function compiled, 1 stays Python" in done.stdout
    assert engine(made, "check", ".").returncode == 0
    strict = engine(made, "build", "-C", "strict=true")
    assert strict.returncode == 1
    assert "HS0509" in strict.stderr
    assert not (made.root / "dist").exists()
    missing = engine(made, "check", "nowhere")
    assert (missing.returncode, "HS0505" in missing.stderr) == (1, True)


PARTLY = """\
import numpy as np
from numpy.typing import NDArray
from hypersonic import boost

@boost
def positive(x: NDArray[np.float64]):
    total = 0.0
    for i in range(len(x)):
        total += max(x[i], 0.0)
    return total
"""


def test_a_function_compiled_for_some_ranks_is_one_warning(project, tmp_path):
    made = project(source=PARTLY)
    done = engine(made, "check", ".", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("warning[") == 1
    for part in ["HS0213", "`positive` is compiled for 1 of 3 signatures", "`positive(float64[:, :])`, `positive(float64[:, :, :])`"]:
        assert part in done.stdout, done.stdout
    assert 'write the rank: `x: "float64[:]"`' in done.stdout
    assert "total += max(x[i], 0.0)" in done.stdout
    assert done.stdout.endswith("hypersonic: 1 of 1 function compiled, 1 of them partly\n")
    made.build("build_wheel", tmp_path / "out", {"strict": "true"})


def test_strict_counts_functions_that_are_not_compiled_at_all(project):
    made = project(source=PARTLY + "\n@boost\ndef bad(a: float):\n    return eval('a')\n")
    assert engine(made, "check", ".").stdout.endswith("hypersonic: 1 of 2 functions compiled, 1 of them partly, 1 stays Python\n")
    strict = engine(made, "build", "-C", "strict=true")
    assert strict.returncode == 1
    assert "`strict` is set, and 1 function stays Python" in strict.stderr


ONE_OF_TWO = (
    "from hypersonic import boost\n\n@boost\ndef good(a: float):\n    return a\n\n@boost\ndef bad(a: float):\n    return eval('a')\n"
)


def test_check_of_a_project_says_what_its_build_would(project):
    made = project('[project]\nname = "demo-pkg"\nversion = "1"\n\n[tool.hypersonic]\nstrict = true\n', source=ONE_OF_TWO)
    checked, built = engine(made, "check", "."), engine(made, "build")
    assert (checked.returncode, built.returncode) == (1, 1)
    for said in (checked.stdout + checked.stderr, built.stderr):
        for part in ["warning[HS0203]", "warning[HS0507]", "error[HS0509]: `strict` is set, and 1 function stays Python"]:
            assert part in said, said
    made = project(source=ONE_OF_TWO, folder="declared")
    checked = engine(made, "check", ".")
    assert (checked.returncode, "HS0507" in checked.stdout) == (0, False)


def test_near_misses_of_our_names_are_said(project):
    made = project("[tool.hypersonc]\nstrict = true\n")
    for said in (engine(made, "check", ".").stdout, engine(made, "build").stderr):
        assert "warning[HS0503]: [tool.hypersonc] is not read" in said
        assert "did you mean [tool.hypersonic]?" in said
    text = (made.root / "pyproject.toml").read_text()
    made.write("pyproject.toml", text.replace('"hypersonic_build"', '"hypersonic-build"'))
    for command in ("check", "build"):
        done = engine(made, command)
        assert done.returncode == 1
        assert 'write build-backend = "hypersonic_build", with an underscore' in done.stderr


def test_two_projects_in_one_namespace(project, tmp_path):
    site = tmp_path / "site"
    for number, name in enumerate(("first", "second")):
        source = f"from hypersonic import boost\n\n@boost\ndef f(x: float):\n    return x + {number}\n"
        made = project(
            f'[project]\nname = "{name}"\nversion = "1"\n[tool.hypersonic]\npackages = ["ns.{name}"]\n', folder=name, package=False
        )
        made.write(f"ns/{name}/__init__.py", source)
        wheel = made.build("build_wheel", tmp_path)
        with zipfile.ZipFile(wheel) as archive:
            assert f"ns/{name}/__hypersonic__/manifest.json" in archive.namelist()
            archive.extractall(site)
    code = (
        "import hypersonic, ns.first, ns.second; functions = ns.first.f, ns.second.f;"
        "print([hypersonic.info(f).state for f in functions], [f(1.0) for f in functions])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=site, capture_output=True, text=True)
    assert done.stdout.strip() == "['cpu', 'cpu'] [1.0, 2.0]", done.stderr


def test_a_module_in_a_namespace(project, tmp_path):
    made = project('[project]\nname = "one"\nversion = "1"\n[tool.hypersonic]\nmodules = ["ns.one"]\n', package=False)
    made.write("ns/one.py", "from hypersonic import boost\n\n@boost\ndef f(x: float):\n    return x + 1\n")
    with zipfile.ZipFile(made.build("build_wheel", tmp_path)) as archive:
        assert "ns/__hypersonic__one/manifest.json" in archive.namelist()
        archive.extractall(tmp_path / "site")
    code = "import hypersonic, ns.one; print(hypersonic.info(ns.one.f).state)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "site", capture_output=True, text=True)
    assert done.stdout.strip() == "cpu", done.stderr


def test_a_reader_that_leaves(project):
    made = project()
    done = made.run(
        "sh", "-c", f"{sys.executable} -m hypersonic_build explain HS0206 | head -c 0; {sys.executable} -m hypersonic_build list >/dev/full"
    )
    assert done.returncode == 1 and "bug" not in done.stderr
    assert "cannot be written" in done.stderr


def test_names_that_are_no_packages():
    done = subprocess.run([sys.executable, "-m", "hypersonic", "./p"], capture_output=True, text=True)
    assert done.returncode == 2 and "is not the name of a package" in done.stderr and "Traceback" not in done.stderr
