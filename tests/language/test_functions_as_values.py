"""Functions as values: aliases, arguments, lambdas, functions in functions, dicts of functions, and strings that choose."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import hypersonic
import numpy as np
import oracle
import pytest

SOURCE = '''
import math

import numpy as np
from hypersonic import boost


def square(x):
    return x * x


def cube(x, scale=1.0):
    return scale * x**3


def integrate(f, a, b, n=100):
    """The trapezoidal rule."""
    h = (b - a) / n
    total = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        total += f(a + i * h)
    return total * h


def compose(f, g, x):
    return f(g(x))


KERNELS = {"linear": lambda r: -r, "cubic": cube, "gauss": np.exp, "linear ": square}
CHANGED = {"a": square}


def register():
    CHANGED["b"] = cube


@boost
def areas(a: float, b: float):
    return integrate(square, a, b), integrate(np.sin, a, b, n=10), integrate(math.exp, a, b), integrate(cube, a, b, 7)


@boost
def composed(x: "float[:]"):
    return compose(np.sqrt, square, x), compose(lambda y: y + 1, lambda y: 2 * y, x)


@boost
def local_functions(x: "float[:]", k: float):
    scale = 2.0

    def f(y, shift=1.0):
        return k * y * scale + shift

    g = lambda y: y - k
    h = square
    first = f(x)
    scale = 3.0
    return first, f(x, shift=0.0), g(x), h(k), f(k)


@boost
def chosen(x: "float[:]", positive: bool):
    f = square
    if positive:
        return f(x)
    f = cube
    return f(x)


@boost
def kernel(x: "float[:]", name: str):
    f = KERNELS[name]
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = f(x[i])
    return out


@boost
def mode(x: "float[:]", how: str, power: int = 1):
    if how == "mean":
        return x.mean()
    elif how in ("max", "maximum"):
        return x.max()
    return x.sum() * power


@boost
def default(x: float, f=None):
    if f is None:
        return x
    return f(x)


@boost
def changed(x: float, name: str):
    return CHANGED[name](x)


@boost
def escapes(x: float):
    k = x + 1
    def f(y):
        return y * k
    return integrate(f, 0.0, 1.0)


@boost
def gives(x: float):
    return square


@boost
def calls_itself(n: int):
    def f(m):
        return 1 if m < 2 else m * f(m - 1)
    return f(n)
'''


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> oracle.Built:
    return oracle.build(tmp_path_factory.mktemp("values"), SOURCE)


def test_functions_as_arguments(built: oracle.Built) -> None:
    built.check("areas", 0.0, 1.0, ulp=4)
    built.check("areas", -2.0, 3.5, ulp=16)
    built.check("composed", np.array([0.0, 1.5, 2.0]))
    built.check("composed", np.array([]))


def test_functions_in_functions(built: oracle.Built) -> None:
    built.check("local_functions", np.arange(3.0), 2.5)
    built.check("chosen", np.arange(3.0), True)
    built.check("chosen", np.arange(3.0), False)


def test_a_string_chooses(built: oracle.Built) -> None:
    module = built.module
    for name in ("linear", "cubic", "gauss", "linear "):
        built.check("kernel", np.array([0.5, 1.5]), name, ulp=1)
    with pytest.raises(KeyError):
        module.kernel(np.array([0.5]), "nothing")
    for how in ("mean", "max", "maximum", "sum", ""):
        built.check("mode", np.array([0.5, 1.5]), how)
        built.check("mode", np.array([0.5, 1.5]), how, 3)
    info = hypersonic.info(module.mode)
    assert info.state == "cpu" and len([text for text in info.signatures if "maximum" in text]) >= 1


def test_what_stays_python(built: oracle.Built) -> None:
    for name in ("changed", "gives"):
        info = hypersonic.info(getattr(built.module, name))
        assert info.state == "python" and info.reason, name
    built.check("escapes", 1.0, ulp=2)
    built.check("calls_itself", 5)
    built.module.register()
    assert built.module.changed(2.0, "b") == 8.0


def test_words(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(SOURCE)
    command = [sys.executable, "-m", "hypersonic_build", "check", "--json", str(tmp_path / "module.py")]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    titles = [each["title"] for each in found["diagnostics"]]
    for words in ("may be changed", "gives a function"):
        assert any(words in title for title in titles), (words, titles)


def test_an_inner_function_that_changed_is_not_run_by_old_kernels(built: oracle.Built) -> None:
    name, file = built.module.__name__, Path(str(built.module.__file__))
    text = file.read_text()
    script = f"import hypersonic, {name} as m; print(hypersonic.info(m.local_functions).state, hypersonic.info(m.areas).state)"

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", script], cwd=file.parent.parent, capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        assert run() == "cpu cpu"
        file.write_text(text.replace("y * scale + shift", "y * scale - shift"))
        assert run() == "python cpu"
        file.write_text(text.replace("return x * x", "return x * x + 1"))
        assert run() == "python python"
    finally:
        file.write_text(text)
    assert math.isclose(built.module.areas(0.0, 1.0)[0], 1 / 3, rel_tol=1e-3)


CRITIC = """
import numpy as np
from hypersonic import boost

KL = 2
D = {"x": np.sqrt}
E = D
E["x"] = np.exp
F = {"x": np.sqrt}


def store(d):
    d["x"] = np.exp


store(F)


@boost
def default(m: int):
    KL = m
    def f(x, q=KL):
        return x * q
    return f(10)


@boost
def loops(n: int):
    s = 0
    for i in range(n):
        g = lambda x, i=i: x * i
        s += g(3)
    return s


@boost
def shadowed(n: int):
    def f(x):
        return x + n
    return sum([f(n) for n in range(5)]), max(f(n) for n in range(3))


@boost
def aliased(x: float, name: str):
    return D[name](x)


@boost
def passed_on(x: float, name: str):
    return F[name](x)


@boost
def annotated(k: int):
    def f(x):
        k: int
        return x + k
    return f(4)


@boost
def writes(a: "float[:]", k: float):
    def f(i):
        a[i] += k
        a[0] = i
    for i in range(len(a)):
        f(i)
    g = abs
    return a if g else None
"""


def test_what_a_critic_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    built = oracle.build(tmp_path_factory.mktemp("critic"), CRITIC)
    module = built.module
    assert module.default(5) == 50 and module.loops(3) == 9
    built.check("shadowed", 3)
    assert module.aliased(1.0, "x") == module.passed_on(1.0, "x") == np.exp(1.0)
    with pytest.raises(UnboundLocalError):
        module.annotated(4)
    built.check("writes", np.arange(4.0), 2.5)
