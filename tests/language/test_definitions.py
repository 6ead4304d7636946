"""Which function is meant: decorators beside ours, names that are defined more than once."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

HEADER = "import functools\nimport math\nimport sys\nimport numpy as np\nfrom hypersonic import boost\n"

DECORATED = """
def doubled(function):
    def inner(x):
        return 2.0 * function(x)
    return inner
def wrapped(function):
    @functools.wraps(function)
    def inner(x):
        return 2.0 * function(x)
    return inner
@doubled
def helper(x): return 2.0 * x
@wrapped
@boost
def outside(x: float): return 2.0 * x
@boost
@wrapped
def inside(x: float): return 2.0 * x
# hypersonic def later(float)
def later(x): return 2.0 * x
later = boost(wrapped(later))
@boost
def plain(x: float): return 2.0 * x
@boost
def of_helper(x: float): return helper(x)
@boost
def of_outside(x: float): return outside(x)
@boost
def of_inside(x: float): return inside(x)
@boost
def of_plain(x: float): return plain(x)
"""


def test_other_decorators_are_not_bypassed(build):
    built = build(HEADER + DECORATED)
    for name in ("helper", "outside", "inside", "later", "of_helper", "of_outside", "of_inside"):
        assert getattr(built, name)(2.0) == 8.0, name
    for name in ("inside", "later", "of_helper", "of_outside", "of_inside"):
        assert built.state(name) == "python", name
    assert "HS0208" in built.log
    built.check("of_plain", 2.0)


@pytest.mark.parametrize(
    "source",
    [
        "if sys.platform == 'win32':\n    @boost\n    def f(x: int): return 1\nelse:\n    @boost\n    def f(x: int): return 2\n",
        "@boost\ndef f(x: int): return 1\n@boost\ndef f(x: int): return 2\n",
        "def f(x: int): return 1\ndef f(x: int): return 2\nf = boost(f)\n",
        "try:\n    import nothing_of_that_name\n    @boost\n    def f(x: int): return 1\nexcept ImportError:\n    @boost\n    def f(x: int): return 2\n",
        "# hypersonic def f(int)\ndef f(x): return 1\ndef f(x): return 2\nf = boost(f)\n",
    ],
)
def test_names_that_are_defined_twice(build, source):
    import hypersonic

    built = build(HEADER + source + "@boost\ndef g(x: int): return x\n")
    assert built.f(0) == 2
    info = hypersonic.info(built.f)
    assert info.state == "python" and "more than once" in str(info.reason), info
    assert built.state("g") == "cpu"


ASSERTS = """
def checked(x):
    assert x > 0.0, "negative"
    return x
@boost
def own(x: float):
    assert x > 0.0, "negative"
    return x
@boost
def called(x: float): return checked(x)
@boost
def bare(x: float): return x
"""


def test_assertions_are_left_out_as_python_does(build):
    built = build(HEADER + ASSERTS)
    for name in ("own", "called"):
        built.check(name, -1.0)
    script = (
        f"import hypersonic, {built.__name__} as m\n"
        "print(m.own(-1.0), m.called(-1.0), [hypersonic.info(f).state for f in (m.own, m.called, m.bare)], hypersonic.info(m.own).reason)"
    )
    run = subprocess.run([sys.executable, "-O", "-c", script], cwd=built.site, capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "-1.0 -1.0 ['python', 'python', 'cpu'] python -O leaves out its assert statements", run.stderr


RESULTS = """
@boost
def dtype(a: "float[:]"): return a.dtype
@boost
def dtype_in_tuple(a: "float[:]"): return 1, a.dtype
@boost
def bool_or_int(x: bool, n: int): return x or n
@boost
def bool_then_int(x: bool, n: int):
    if x:
        return True
    return n
@boost
def bool_variable(x: bool, n: int):
    if x:
        n = True
    return n
"""


def test_results_of_no_one_type_are_pythons(build):
    built = build(HEADER + RESULTS)
    array = np.ones(3)
    assert repr(built.dtype(array)) == "dtype('float64')" and repr(built.dtype_in_tuple(array)[1]) == "dtype('float64')"
    for name in ("bool_or_int", "bool_then_int", "bool_variable"):
        assert getattr(built, name)(True, 5) is True and getattr(built, name)(False, 5) == 5
