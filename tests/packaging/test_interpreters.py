"""One wheel of a package and one of the runtime serve every CPython that is at hand; on PyPy the pure one lets Python answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSIONS = ["3.10", "3.11", "3.12", "3.13"]
SCRIPT = """
import numpy as np, geodistance, hypersonic
from geodistance import arc_distance as boosted
plain = getattr(boosted, "__wrapped__", boosted)
rng = np.random.default_rng(3)
for shape in [(0,), (1,), (1000,)]:
    arguments = [rng.uniform(-1.5, 1.5, shape) for _ in range(4)]
    np.testing.assert_allclose(boosted(*arguments), plain(*arguments), rtol=1e-13)
print(hypersonic.info(boosted).state)
"""


def find(version: str) -> Path | None:
    """The interpreter of that version: on PATH, or one of pyenv's."""
    found = [Path(path)] if (path := shutil.which(f"python{version}")) else []
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found += sorted((home / "versions").glob(f"{version}.*/bin/python"))
    works = (each for each in found if subprocess.run([each, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0)
    return next(works, None)


@pytest.fixture(scope="module")
def example_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of an example."""
    out = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-build-isolation", "--no-deps"]
    subprocess.run([*pip, str(ROOT / "examples" / "geodistance"), "--wheel-dir", str(out)], check=True)
    (wheel,) = out.glob("*.whl")
    return wheel


def answer(interpreter: Path, wheels: list[Path], folder: Path) -> str:
    """What the script says in a fresh environment of an interpreter, with NumPy and these wheels."""
    environment = folder / "environment"
    subprocess.run([interpreter, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--only-binary", ":all:", "numpy"], check=True)
    subprocess.run([*pip, "--no-index", "--no-deps", *wheels], check=True)
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("HYPERSONIC", "PYTHONPATH"))}
    done = subprocess.run([python, "-W", "error", "-c", SCRIPT], env=variables, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_wheels_run_on_every_cpython(version: str, example_wheel: Path, tmp_path: Path) -> None:
    interpreter = find(version)
    if interpreter is None:
        pytest.skip(f"no CPython {version} with venv on this machine")
    (runtime,) = (ROOT / "dist").glob("hypersonic-[0-9]*.whl")
    assert answer(interpreter, [runtime, example_wheel], tmp_path) == "cpu"


def test_python_answers_on_pypy(example_wheel: Path, tmp_path: Path) -> None:
    interpreter = shutil.which("pypy3")
    if interpreter is None:
        pytest.skip("no PyPy on this machine: run `scripts/setup.sh pypy`")
    command = [sys.executable, str(ROOT / "scripts" / "pure_wheel.py"), str(tmp_path)]
    pure = Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    assert pure.name.endswith("-py3-none-any.whl")
    assert answer(Path(interpreter), [pure, example_wheel], tmp_path) == "python"
