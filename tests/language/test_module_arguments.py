"""The module `numpy` as an argument (array-API style): its functions are known at build time; another module is Python's."""

import types

import hypersonic
import numpy as np
import pytest
from oracle import compare

SOURCE = """
from types import ModuleType
import numpy
import numpy as np
from hypersonic import boost

# pythran export sine(float[:], numpy pkg)
def sine(a, xp):
    return xp.sin(a) + xp.pi

@boost
def defaulted(a: "float[:]", xp=np):
    return xp.sqrt(a).sum()

@boost
def annotated(a: "float[:]", xp: ModuleType):
    sin = xp.sin
    ours = xp
    return helper(sin(a), ours), helper(a, np), xp.linalg.norm(a)

def helper(a, xp):
    return xp.where(a > 0.5, a, xp.zeros_like(a, dtype=xp.float32))

@boost
def maybe(a: "float[:]", xp: "numpy pkg or None"):
    if xp is None:
        return a.sum()
    return xp.prod(a)
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


A = np.linspace(0, 1, 5)
CALLS = [("sine", (A, np)), ("defaulted", (A,)), ("defaulted", (A, np)), ("maybe", (A, np)), ("maybe", (A, None))]


def checked(built, name, args):
    function = getattr(built.module, name)
    assert hypersonic.info(function).state == "cpu", built.log
    compare(lambda a: function(a, *args[1:]), lambda a: function.__wrapped__(a, *args[1:]), args[0], ulp=4, name=name)
    return hypersonic.info(function).fallbacks


@pytest.mark.parametrize(("name", "args"), CALLS)
def test_numpy_itself(built, name, args):
    assert checked(built, name, args) == 0


def test_another_module_is_pythons(built):
    other = types.SimpleNamespace(sqrt=np.square)
    module = types.ModuleType("numpy")
    module.sqrt = np.square
    for n, xp in enumerate((other, module)):
        assert checked(built, "defaulted", (A, xp)) == n + 1


def test_unknown_modules_are_refused(build):
    built = build("# pythran export f(float, torch pkg)\ndef f(x, xp):\n    return x\n")
    assert built.state("f") == "python"
    assert "the module `torch` is not known" in built.log
    assert "write `numpy pkg`" in built.log
    built = build("from hypersonic import boost\nimport numpy as np\n@boost\ndef f(x: 'float', xp=np):\n    return xp\n")
    assert built.state("f") == "python"
