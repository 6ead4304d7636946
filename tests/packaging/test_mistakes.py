"""Every mistake in a project: a message that names file, key and remedy, and nothing written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HEAD = '[project]\nname = "demo-pkg"\nversion = "1"\n'

MISTAKES = [
    # what pyproject.toml holds, the id, and parts of the message
    ("[project\n", "HS0501", ["not valid TOML", "pyproject.toml:4"]),
    ('[tool.x]\n"[project]" = 1\n', "HS0502", ["`project` is missing", "add a table [project]"]),
    ('[project]\nversion = "1"\n', "HS0502", ["`project.name` is missing"]),
    ('[project]\nname = "-bad"\nversion = "1"\n', "HS0502", ["`project.name`", "-bad"]),
    ('[project]\nname = "demo-pkg"\n', "HS0502", ["`project.version` is missing", "dynamic"]),
    ('[project]\nname = "demo-pkg"\nversion = "one"\n', "HS0502", ["`project.version`", "PEP 440"]),
    ('[project]\nname = "demo-pkg"\nversion = 1\n', "HS0502", ["must be a string, not integer"]),
    (HEAD + 'dynamic = ["name"]\n', "HS0502", ["must be static"]),
    (HEAD + 'dynamic = ["version"]\n', "HS0502", ["also given"]),
    (HEAD + 'dynamic = ["readme"]\n', "HS0502", ["only `version` can be"]),
    (HEAD + 'licence = "MIT"\n', "HS0502", ["`project.licence` is not a known key", "did you mean `license`?"]),
    (HEAD + 'license = "Custom"\n', "HS0502", ["`project.license`", "SPDX"]),
    (HEAD + 'license-files = ["COPYING"]\n', "HS0502", ["`COPYING`", "matches no file"]),
    (HEAD + 'license-files = ["../x"]\n', "HS0502", ["`..` is not allowed"]),
    (HEAD + 'license = "MIT"\nclassifiers = ["License :: OSI Approved"]\n', "HS0502", ["remove the classifier"]),
    (HEAD + 'readme = "README.adoc"\n', "HS0502", ["`README.adoc`", "content-type"]),
    (HEAD + 'readme = "README.md"\n', "HS0502", ["`README.md`", "cannot be read"]),
    (HEAD + 'readme = {file = "README.md", text = "x"}\n', "HS0502", ["either `file` or `text`"]),
    (HEAD + 'dependencies = ["numpy >= "]\n', "HS0502", ["`project.dependencies`", "PEP 508"]),
    (HEAD + 'dependencies = "numpy"\n', "HS0502", ["must be an array of strings"]),
    (HEAD + 'requires-python = "3.10 or later"\n', "HS0502", ["`project.requires-python`"]),
    (HEAD + 'authors = ["me"]\n', "HS0502", ["`project.authors`", "{name"]),
    (HEAD + '[project.scripts]\ndemo = "demo_pkg"\n', "HS0502", ["`project.scripts`", "package.module:function"]),
    (HEAD + '[project.entry-points.console_scripts]\na = "b:c"\n', "HS0502", ["console_scripts", "[project.scripts]"]),
    (HEAD + 'import-names = ["a"]\nimport-namespaces = ["a"]\n', "HS0502", ["import-namespaces too"]),
    (HEAD + "[project.optional-dependencies]\na_b = []\na-b = []\n", "HS0502", ["the same extra"]),
    (HEAD + '[tool.hypersonic]\npakages = ["a"]\n', "HS0503", ["did you mean `packages`?"]),
    (HEAD + '[tool.hypersonic]\ngpu = "yes"\n', "HS0504", ["`tool.hypersonic.gpu`", "true or false"]),
    (HEAD + "[tool.hypersonic]\nlevels = []\n", "HS0504", ["`tool.hypersonic.levels` names no level", "x86-64-v4"]),
    (HEAD + '[tool.hypersonic]\nexclude = ["["]\n', "HS0504", ["`tool.hypersonic.exclude`"]),
    (HEAD + '[tool.hypersonic]\npackages = ["gone"]\n', "HS0505", ["`gone`", "source-root"]),
    ('[project]\nname = "other"\nversion = "1"\n', "HS0505", ["other/__init__.py", "there is `demo_pkg`"]),
    ('[project]\nname = "demo-pkg"\ndynamic = ["version"]\n', "HS0508", ["__version__", "version-path"]),
]


@pytest.mark.parametrize(("pyproject", "code", "parts"), MISTAKES, ids=[f"{code}-{parts[0]}" for _, code, parts in MISTAKES])
def test_mistakes_in_the_project_file(project, tmp_path, pyproject, code, parts):
    made = project(pyproject if "[project]" in pyproject else "[project]\n", source="def add(a, b):\n    return a + b\n")
    if "[project]" not in pyproject or pyproject.startswith("[tool.x]"):
        made.write("pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "hypersonic_build"\n' + pyproject)
    out = tmp_path / "out"
    for hook in ("build_wheel", "build_sdist", "prepare_metadata_for_build_wheel"):
        done = made.hook(hook, str(out))
        assert done.returncode == 1, done.stderr
        assert f"error[{code}]" in done.stderr
        for part in [*parts, "pyproject.toml", "= help: "] if code != "HS0508" else parts:
            assert part in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert not out.exists() or not list(out.iterdir())


def test_all_mistakes_are_named_at_once(project, tmp_path):
    made = project('[project]\nname = "demo-pkg"\nversion = "x"\nlicense = "y"\ndependencies = ["?"]\n\n[tool.hypersonic]\nstric = true\n')
    stderr = made.hook("build_wheel", str(tmp_path / "out"), {"gppu": "1"}).stderr
    assert stderr.count("error[") == 5
    for part in ["`x`", "`y`", "`?`", "`strict`", "`gpu`"]:
        assert part in stderr


@pytest.mark.parametrize(
    ("config", "part"),
    [
        ({"strict": "perhaps"}, "strict=true"),
        ({"hypersonic.levls": "x"}, "did you mean `levels`?"),
        ({"levels": "x86-64-v9"}, "known are: x86-64-v2, x86-64-v3, x86-64-v4"),
        ({"--build-option": "x"}, "`--build-option` is not a known config setting"),
        ({"hypersonic": {"strct": True}}, "did you mean `strict`?"),
    ],
)
def test_bad_config_settings(project, tmp_path, config, part):
    done = project().hook("build_wheel", str(tmp_path / "out"), config)
    assert done.returncode == 1
    assert part in done.stderr


@pytest.mark.parametrize("config", [{"gpu": "off"}, {"hypersonic.gpu": ["on", "off"]}, {"gpu": False}, {"hypersonic": {"gpu": "0"}}, {}])
def test_good_config_settings(project, tmp_path, config):
    assert project().build("build_wheel", tmp_path / "out", config).is_file()


def test_a_link_out_of_the_project_is_refused(project, tmp_path):
    made = project()
    (tmp_path / "secret.py").write_text("x = 1\n")
    (made.root / "demo_pkg/leak.py").symlink_to(tmp_path / "secret.py")
    for hook in ("build_wheel", "build_sdist"):
        done = made.hook(hook, str(tmp_path / "out"))
        assert done.returncode == 1
        assert "HS0506" in done.stderr
        assert "`demo_pkg/leak.py`" in done.stderr


@pytest.mark.parametrize("name", ["license", "readme"])
def test_named_links_out_are_refused_too(project, tmp_path, name):
    path = {"license": "LICENSE", "readme": "README.md"}[name]
    made = project(HEAD + ('readme = "README.md"\n' if name == "readme" else ""))
    (tmp_path / "secret").write_text("x")
    (made.root / path).symlink_to(tmp_path / "secret")
    done = made.hook("build_sdist", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "out of the project" in done.stderr


@pytest.mark.parametrize("name", ["con.py", "a\nb.py", "a:b.txt", "trailing.", "Sub.py", b"\xff.py"])
def test_names_that_cannot_be_unpacked_everywhere(project, tmp_path, name):
    made = project().write("demo_pkg/sub.py", "")
    path = os.fsencode(made.root) + b"/demo_pkg/" + os.fsencode(name)
    with open(path, "wb"):
        pass
    done = made.hook("build_wheel", str(tmp_path / "out"))
    assert done.returncode == 1, done.stderr
    assert "HS0506" in done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_other_source_than_utf8_stays_python(project, tmp_path):
    made = project().write("demo_pkg/old.py", "# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    done = made.hook("build_wheel", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "warning[HS0102]" in done.stderr
    assert "demo_pkg/old.py:2" in done.stderr
    strict = made.hook("build_wheel", str(tmp_path / "strict"), {"strict": "true"})
    assert strict.returncode == 1
    assert "HS0509" in strict.stderr
    assert not (tmp_path / "strict").exists()


def test_a_folder_that_cannot_be_written(project, tmp_path):
    (tmp_path / "file").write_text("")
    done = project().hook("build_wheel", str(tmp_path / "file" / "out"))
    assert done.returncode == 1
    assert "HS0510" in done.stderr
    assert "file" in done.stderr


def test_a_missing_engine_says_what_to_do(project):
    made = project()
    made.environment = {"HYPERSONIC_ENGINE": "", "PATH": "/nonexistent"}
    code = (
        "import sysconfig, sys, hypersonic_build._engine as e\n"
        "e._folders = lambda: iter(['/nonexistent'])\n"
        "try: e.find()\nexcept FileNotFoundError as error: print(error)"
    )
    done = made.run(sys.executable, "-c", code)
    assert "reinstall hypersonic-build" in done.stdout


def test_an_engine_that_is_killed_is_a_bug_report_not_a_traceback(project, tmp_path):
    made = project()
    engine = tmp_path / "engine"
    engine.write_text("#!/bin/sh\nkill -SEGV $$\n")
    engine.chmod(0o755)
    made.environment = {"HYPERSONIC_ENGINE": str(engine)}
    done = made.hook("build_wheel", str(tmp_path / "out"))
    assert done.returncode == 70
    assert "signal 11" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_of_the_project_is_run(project, tmp_path):
    made = project(source="import pathlib\npathlib.Path('ran').touch()\n")
    made.write("setup.py", "raise SystemExit(1)\n")
    made.build("build_wheel", tmp_path / "out")
    assert not Path(made.root / "ran").exists()
