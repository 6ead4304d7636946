"""Which function is meant: decorators beside ours, names that are defined more than once."""

from __future__ import annotations

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
