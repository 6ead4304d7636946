"""Blocks: `ts.use_block`, compiled from the branch that is Python, called with the variables around it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypersonic
import numpy as np
import oracle
import pytest

HEAD = """
import numpy as np
from hypersonic.transonic import Array, NDim, Transonic, Type

T = Type(np.float64, np.complex128)
N = NDim(1, 2)
A = Array[T, N]
ts = Transonic()
SCALE = 3.0
"""

STEPS = (
    HEAD
    + '''
class Stepper:
    def __init__(self, state):
        self.state = state

    def step(self, dt):
        """One step."""
        state, result = self.state, None
        tendencies = np.ones_like(state)
        if ts.is_transpiled:
            ts.use_block("step0")
        else:
            # transonic block (
            #     A state, tendencies;
            #     float dt
            # )
            state[:] = state + dt * tendencies * SCALE
        return self.state


def pair(a, n):
    # Before.
    total, shape = 0.0, a.shape
    if ts.is_transpiled:
        total, last = ts.use_block("pair")
    else:
        # transonic block (float[:] a; int n)
        # transonic block (int[:] a; int n)
        total = 0.0
        for i in range(n):
            total += a[i]
        last = a[n - 1]
    return total, last, shape


def one(a):
    if ts.is_transpiled:
        b = ts.use_block("one")
    else:
        # transonic block (float[:] a)
        b = a * 2
    return b


def plus(a, s):
    if ts.is_transpiled:
        ts.use_block("plus")
    else:
        # transonic block (float[:] a; float s)
        a += s
    return a


def maybe(a, n):
    if n:
        offset = 2.0
    if ts.is_transpiled:
        b = ts.use_block("maybe")
    else:
        # transonic block (float[:] a; float offset)
        b = a + offset
    return b
'''
)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("blocks"), STEPS)


def test_blocks_run_compiled(steps: oracle.Built) -> None:
    module = steps.module
    assert module.ts.is_transpiled and module.ts.is_compiled
    for name in ("step0", "pair", "one", "plus", "maybe"):
        assert hypersonic.info(module.ts.block(name)).state == "cpu", name
    for state in (np.arange(4.0), np.arange(6.0).reshape(2, 3) * 1j):
        expected = state + 0.5 * np.ones_like(state) * 3.0
        given = state.copy()
        assert module.Stepper(given).step(0.5) is given
        np.testing.assert_array_equal(given, expected)
    assert module.pair(np.arange(5.0), 3) == (3.0, 2.0, (5,))
    total, last, _ = module.pair(np.arange(5), 3)
    assert (type(total), type(last)) == (type(0.0 + np.arange(5)[0]), np.int64)
    np.testing.assert_array_equal(module.one(np.arange(3.0)), [0.0, 2.0, 4.0])
    a = np.arange(3.0)
    assert module.plus(a, 1.5) is a and a[0] == 1.5
    assert [hypersonic.info(module.ts.block(name)).fallbacks for name in ("step0", "pair", "one", "plus")] == [0, 0, 0, 0]


def test_what_no_signature_takes_runs_as_python(steps: oracle.Built) -> None:
    module = steps.module
    a = np.arange(4, dtype=np.float32)
    result = module.one(a)
    assert result.dtype == np.float32 and hypersonic.info(module.ts.block("one")).fallbacks == 1
    assert module.pair(np.ones(2, np.float32), 2)[:2] == (2.0, 1.0)
    with pytest.raises(IndexError):
        module.pair(np.arange(2.0), 5)


def test_a_variable_without_a_value(steps: oracle.Built) -> None:
    np.testing.assert_array_equal(steps.module.maybe(np.zeros(2), 1), [2.0, 2.0])
    with pytest.raises(UnboundLocalError, match="offset"):
        steps.module.maybe(np.zeros(2), 0)


def test_no_such_block(steps: oracle.Built) -> None:
    with pytest.raises(RuntimeError, match="is_transpiled"):
        steps.module.ts.use_block("nothing")
    with pytest.raises(RuntimeError, match="is_transpiled"):
        steps.module.ts.block("nothing")


def test_off_and_edited(steps: oracle.Built, tmp_path: Path) -> None:
    name, folder = steps.module.__name__, Path(str(steps.module.__file__)).parent
    script = f"import numpy as np, {name} as m; print(m.one(np.arange(2.0)), m.pair(np.arange(5.0), 3)[0])"

    def run(**extra: str) -> str:
        path = str(folder.parent if (folder / "__init__.py").exists() else folder)
        environment = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **extra}
        return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True).stdout.strip()

    assert run() == "[0. 2.] 3.0"
    assert run(HYPERSONIC="off") == "[0. 2.] 3.0"
    file = Path(str(steps.module.__file__))
    text = file.read_text()
    try:
        file.write_text(text.replace("b = a * 2", "b = a * 3"))
        # The other blocks are as they were; this one is answered by what stands there now.
        assert run() == "[0. 3.] 3.0"
    finally:
        file.write_text(text)


REFUSED = [
    ("b = ts.use_block('x')", "b = a * 2", "HS0311", "no comment"),
    ("b = ts.use_block('x')", "# transonic block (float[:] a)\n        b = a * k", "HS0311", "the type of `k` is not said"),
    ("b = ts.use_block('x')", "# transonic block (flaot[:] a)\n        b = a * 2", "HS0301", "not a known type"),
    ("b = ts.use_block('x')", "# transonic block (float[:] a\n        b = a * 2", "HS0304", "not closed"),
    ("b = ts.use_block('x')", "# transonic block (float[:] a; int)\n        b = a * 2", "HS0304", "names no variable"),
    ("b = ts.use_block('x')", "# transonic block (float[:] a; int a)\n        b = a * 2", "HS0304", "twice"),
    ("b = ts.use_block('x')", "# transonic block (float[:] a)\n        return a", "HS0312", "a `return`"),
    ("ts.use_block('x')", "# transonic block (float[:] a)\n        b = a * 2", "HS0312", "does not give it"),
    ("c = ts.use_block('x')", "# transonic block (float[:] a)\n        a[0] = 2", "HS0312", "does not set `c`"),
    (
        "b = ts.use_block('x')",
        "# transonic block (float[:] a)\n        # transonic block (float[:] c)\n        b = a * 2",
        "HS0304",
        "different variables",
    ),
]


@pytest.mark.parametrize(("used", "body", "code", "words"), REFUSED)
def test_refused(used: str, body: str, code: str, words: str, tmp_path: Path) -> None:
    source = f"{HEAD}\ndef f(a, k, b=None, c=None):\n    if ts.is_transpiled:\n        {used}\n    else:\n        {body}\n    return b\n"
    (tmp_path / "module.py").write_text(source)
    found = subprocess.run(
        [sys.executable, "-m", "hypersonic_build", "check", "--json", str(tmp_path / "module.py")], capture_output=True, text=True
    )
    diagnostics = json.loads(found.stdout)["diagnostics"]
    assert any(each["id"] == code and words in each["title"] for each in diagnostics), diagnostics
    assert "block" in found.stdout


def test_blocks_in_the_report(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(STEPS)
    found = subprocess.run([sys.executable, "-m", "hypersonic_build", "check", str(tmp_path / "module.py")], capture_output=True, text=True)
    assert found.returncode == 0 and "<block step0>" in found.stdout + found.stderr


def test_two_blocks_of_one_name(build: Callable[..., oracle.Built], tmp_path: Path) -> None:
    part = "    if ts.is_transpiled:\n        b = ts.use_block('x')\n    else:\n        # transonic block (float[:] a)\n        b = a * {n}\n    return b\n"
    source = HEAD + "\ndef f(a):\n" + part.format(n=2) + "\ndef g(a):\n" + part.format(n=3)
    (tmp_path / "module.py").write_text(source)
    found = subprocess.run([sys.executable, "-m", "hypersonic_build", "check", str(tmp_path / "module.py")], capture_output=True, text=True)
    assert "two blocks of that name" in found.stdout + found.stderr


CRITIC = (
    HEAD
    + """
def first(a):
    if ts.is_transpiled:
        b = ts.use_block("twice")
    else:
        # transonic block (float[:] a)
        b = a * 2
    return b


def second(a, i):
    if ts.is_transpiled:
        b = ts.use_block("twice")
    else:
        # transonic block (float[:] a; int i)
        b = a[i]
    return b


def lost(a):
    x = 1.5
    if ts.is_transpiled:
        y = ts.use_block("lost")
    else:
        # transonic block (float a)
        y = a * 2
        x = 100.0
    return y, x


def turned(a):
    if not ts.is_transpiled:
        # transonic block (float a)
        y = a * 2
    else:
        y = ts.use_block("turned")
    return y


def fine(a):
    if ts.is_transpiled:
        y = ts.use_block("fine")
    else:
        # transonic block (float a)
        y = a * 3
    return y
"""
)


def test_blocks_that_stay_python_beside_one_that_does_not(tmp_path_factory: pytest.TempPathFactory) -> None:
    built = oracle.build(tmp_path_factory.mktemp("critic"), CRITIC)
    module = built.module
    assert "it is not written as blocks are" in built.log and "two blocks of that name" in built.log
    np.testing.assert_array_equal(module.first(np.arange(3.0)), [0.0, 2.0, 4.0])
    with pytest.raises(IndexError):
        module.second(np.arange(3.0), 9)
    assert module.lost(1.5) == (3.0, 100.0) and module.turned(1.5) == 3.0 and module.fine(1.5) == 4.5
    assert hypersonic.info(module.ts.block("fine")).state == "cpu"
    assert hypersonic.info(module.ts.block("fine")).fallbacks == 0
