"""`with hypersonic.block(...)`: compiled in wheels, plain Python elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = '''
"""Blocks in functions."""
import hypersonic
import numpy as np
from hypersonic import Array, NDim, boost

A = Array[float, NDim(1, 2)]
SCALE = 3.0


class Stepper:
    def __init__(self, state):
        self.state = state

    def step(self, dt):
        """One step."""
        state = self.state
        with hypersonic.block(state=A, dt=float):  # in place
            state[:] = state + dt * SCALE
        with hypersonic.block(
            state=A,
        ):
            # The mean.
            total = state.sum()
            mean = total / state.size
        return mean


def count(values, limit):
    found, first = 0, -1
    with hypersonic.block(values="float[:]", limit=float, found=int, first=int):
        for i in range(len(values)):
            if values[i] > limit:
                found += 1
                if first < 0:
                    first = i
    return found, first


def line(a):
    with hypersonic.block(a="float[:]"): b = a * 2
    return b


@boost
def beside(x: float):
    return x + 1
'''


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("with_blocks"), SOURCE)


def test_the_parts_run_compiled(built: oracle.Built) -> None:
    module = built.module
    blocks = module.__dict__.get("__hypersonic_blocks__")
    for state in (np.arange(4.0), np.arange(6.0).reshape(2, 3)):
        given = state.copy()
        assert module.Stepper(given).step(0.5) == (state + 1.5).mean()
        np.testing.assert_array_equal(given, state + 1.5)
    assert module.count(np.array([0.0, 2.0, 1.0, 5.0]), 1.5) == (2, 1)
    assert module.count(np.array([]), 1.5) == (0, -1)
    np.testing.assert_array_equal(module.line(np.arange(3.0)), [0.0, 2.0, 4.0])
    blocks = module.__hypersonic_blocks__
    for name in ("Stepper.step:1", "Stepper.step:2", "count:1", "line:1"):
        assert hypersonic.info(blocks.function(name)).state == "cpu", name
        assert hypersonic.info(blocks.function(name)).fallbacks == 0, name
    assert hypersonic.info(module.beside).state == "cpu"


def test_what_no_signature_takes_runs_as_python(built: oracle.Built) -> None:
    result = built.module.line(np.arange(3, dtype=np.float32))
    assert result.dtype == np.float32
    assert built.module.count([1.0, 2.0], 1.5) == (1, 1)


def test_the_source_is_plain_python(built: oracle.Built) -> None:
    """The file itself, as an editable installation has it."""
    plain = types.ModuleType("plain")
    exec(compile(SOURCE, "plain.py", "exec"), plain.__dict__)
    assert plain.Stepper(np.arange(4.0)).step(0.5) == 3.0
    assert plain.count(np.array([0.0, 2.0, 1.0, 5.0]), 1.5) == (2, 1)
    copy = Path(str(built.module.__file__)).read_text()
    assert "with hypersonic.block" not in copy and "# in place" in copy and "# The mean." in copy


def test_off(built: oracle.Built) -> None:
    name, folder = built.module.__name__, Path(str(built.module.__file__)).parent.parent
    script = f"import numpy as np, {name} as m; print(m.count(np.array([1.0, 2.0]), 1.5))"
    for mode in ("off", "cpu", "require"):
        environment = {"PYTHONPATH": str(folder), "HYPERSONIC": mode}
        found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert found.stdout.strip() == "(1, 1)", found.stderr


REFUSED = [
    ("a='float[:]'", "b = a * k", "HS0311", "the type of `k` is not said"),
    ("a='flaot[:]'", "b = a * 2", "HS0301", "not a known type"),
    ("**kinds", "b = a * 2", "HS0311", "not named"),
    ("a='float[:]'", "return a", "HS0312", "a `return`"),
    ("a='float[:]'", "if a[0] > 0: b = 2", "HS0311", "on some paths only"),
]


@pytest.mark.parametrize(("types", "body", "code", "words"), REFUSED)
def test_refused(types: str, body: str, code: str, words: str, tmp_path: Path) -> None:
    head = "import hypersonic\nkinds = {}\n"
    source = f"{head}def f(a, k, b=None):\n    with hypersonic.block({types}):\n        {body}\n    return b\n"
    (tmp_path / "module.py").write_text(source)
    command = [sys.executable, "-m", "hypersonic_build", "check", "--json", str(tmp_path / "module.py")]
    found = subprocess.run(command, capture_output=True, text=True)
    diagnostics = json.loads(found.stdout)["diagnostics"]
    assert any(each["id"] == code and words in each["title"] for each in diagnostics), diagnostics


CRITIC = """
import hypersonic

G = 4.0
H = 1


def lambdas(x):
    y = 1
    g = lambda: y
    with hypersonic.block(x=float):
        y = x * 2
    return g()


def cells(x):
    y = 0
    def g():
        nonlocal y
        with hypersonic.block(x=float):
            y = x * 2
    g()
    return y


def globals_set(x):
    global H
    with hypersonic.block(x=float):
        H = x * 2


def globals_read(k):
    with hypersonic.block(k=float, G=float):
        z = G + k
    return z


def generator(x):
    with hypersonic.block(x=float):
        y = x * 2
    yield y


def names(x):
    with hypersonic.block(x=float):
        y = x * 2
    return locals()["y"]


def matched(x):
    with hypersonic.block(x=float):
        y = x * 2
    match y:
        case 3.0:
            return f"{3:{int(y)}}", {y}


def twice_a_loop(a):
    with hypersonic.block(a="float[:]"):
        total = 0.0
        for i in range(len(a)):
            total += a[i]
    with hypersonic.block(a="float[:]", total=float):
        for i in range(len(a)):
            a[i] -= total
    for i in range(2):
        total += i
    return total


def in_a_loop(a, n):
    last = 0.0
    for k in range(n):
        a[0] += last
        with hypersonic.block(a="float[:]", k=int):
            last = a[0] * k
            unused = last + 1
    return a


def some_paths(x):
    with hypersonic.block(x=float):
        if x > 2:
            y = x
    try:
        return y
    except UnboundLocalError:
        return "nothing"


class Private:
    def method(self, x):
        __v = x
        with hypersonic.block(x=float, __v=float):
            __w = __v * x
        return __w
"""


def test_what_a_critic_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    module = oracle.build(tmp_path_factory.mktemp("critic"), CRITIC).module
    assert module.lambdas(1.5) == 3.0 and module.cells(1.5) == 3.0
    module.globals_set(1.5)
    assert module.H == 3.0 and module.globals_read(0.5) == 4.5
    assert list(module.generator(1.5)) == [3.0] and module.names(1.5) == 3.0
    assert module.matched(1.5) == ("  3", {3.0}) and module.Private().method(1.5) == 2.25
    for a in (np.arange(4.0), np.array([])):
        given = a.copy()
        assert module.twice_a_loop(given) == a.sum() + 1
        np.testing.assert_array_equal(given, a - a.sum())
    np.testing.assert_array_equal(module.in_a_loop(np.ones(2), 4), [6.0, 1.0])
    assert module.some_paths(1.0) == "nothing" and module.some_paths(3.0) == 3.0
    for name in (
        "twice_a_loop:1",
        "twice_a_loop:2",
        "in_a_loop:1",
        "lambdas:1",
        "globals_set:1",
        "globals_read:1",
        "generator:1",
        "names:1",
    ):
        assert hypersonic.info(module.__hypersonic_blocks__.function(name)).state == "cpu", name
