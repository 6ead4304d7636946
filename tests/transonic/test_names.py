"""`hypersonic.transonic`, and moving to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hypersonic.transonic as transonic
import numpy as np
import oracle
import pytest

SOURCE = '''
"""A module as people write them for Transonic."""
import numpy as np
from transonic import Array, NDim, Transonic, Type, boost

T = Type(float, complex)
N = NDim(1, 2)
A = Array[T, N]

ts = Transonic()


@boost
def add(a: A, b: A, factor: float = 2.0):
    return a + factor * b


# transonic def halve(float[:])
@boost
def halve(a):
    return a / 2


def compiled():
    return ts.is_compiled
'''


def migrate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hypersonic_build", "migrate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_migrated_module_is_compiled(tmp_path: Path) -> None:
    file = tmp_path / "moved.py"
    file.write_text(SOURCE)
    file.chmod(0o755)
    shown = migrate(tmp_path, "--dry-run")
    assert file.read_text() == SOURCE and "+from hypersonic.transonic import Array" in shown.stdout
    done = migrate(tmp_path)
    assert done.returncode == 0 and done.stdout == shown.stdout and "1 of 1 Python files changed" in done.stderr
    assert file.stat().st_mode & 0o777 == 0o755
    assert "1 of 1" not in migrate(tmp_path).stderr, "nothing is left to do"
    built = oracle.build(tmp_path / "build", file.read_text(), "moved")
    for a in (np.arange(3.0), np.ones((2, 3)), np.ones(4) * 1j):
        built.check("add", a, a)
        built.check("add", a, a, 0.5)
    built.check("halve", np.arange(3.0))
    assert built.compiled()


def test_what_cannot_be_moved_is_named(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("from transonic.dist import make_backend_files\n")
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    done = migrate(tmp_path)
    assert done.returncode == 1
    for part in ("`transonic.dist` has no counterpart", "setup.py:1", "broken.py", "`" + str(tmp_path / "latin.py") + "` is not UTF-8"):
        assert part in done.stderr, done.stderr
    assert migrate(tmp_path / "absent").returncode == 1


def test_all_names_of_transonic_are_there() -> None:
    for name in transonic.__all__:
        assert hasattr(transonic, name)
    for setting in (transonic.set_backend, transonic.set_backend_for_this_module):
        setting("numba")
    transonic.set_compile_at_import()
    transonic.set_compile_jit(False)
    transonic.wait_for_all_extensions()
    ts = transonic.Transonic()
    assert (ts.is_transpiling, ts.is_transpiled, ts.is_compiling, ts.is_compiled) == (False, False, False, False)
    with pytest.raises(RuntimeError, match="no kernel"):
        ts.use_block("x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "int"), (1.5, "float"), (1j, "complex"), (np.ones((2, 2)), "float64[:,:]"), ((1, np.int8(2)), "(int, int8)")],
)
def test_typeof(value: object, expected: str) -> None:
    assert transonic.typeof(value) == expected


def test_typeof_what_has_no_type() -> None:
    with pytest.raises(ValueError, match="no annotation"):
        transonic.typeof(object())
