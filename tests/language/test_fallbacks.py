"""Why Python answered a call, in the words of `hypersonic.info`."""

import hypersonic
import numpy as np
import pytest

SOURCE = """
from hypersonic import boost


@boost
def loud(x: "float64[:]", k: int):
    if k > 3:
        print(x)
    return x * k


@boost
def power(a: int, b: int):
    return a**b


class Scaled:
    k: float

    def __init__(self, k):
        self.k = k

    @boost
    def times(self, x: "float[:]"):
        return x * self.k
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


def last(function):
    return hypersonic.info(function).last_fallback


def test_a_line_that_python_runs_is_named(built, capsys):
    assert hypersonic.info(built.loud).fallbacks == 0
    assert built.loud(np.ones(2), 4).tolist() == [4.0, 4.0]
    assert capsys.readouterr().out == "[1. 1.]\n"
    assert last(built.loud) == "line 8 has no compiled form for this call: Python runs it"
    assert str(hypersonic.info(built.loud)).endswith(f"\n  1 call answered by Python; the last one: {last(built.loud)}")
    assert built.power(2, -1) == 0.5
    assert last(built.power) == "line 14 has no compiled form for this call: Python runs it"
    built.power(2, -1)
    assert "\n  2 calls answered" in str(hypersonic.info(built.power))


def read_only():
    array = np.ones(2, np.float32)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.ones(3, np.int64), 2), "(int64[:], int)"),
        ((np.ones((2, 2)), np.float32(2)), "(float64[:, :], np.float32)"),
        ((np.ones(2, ">f8"), True), "(>f8[:], bool)"),
        ((read_only(), 1.5), "(float32[:] read-only, float)"),
        ((np.ones(2), 2**70), "(float64[:], int of more than 64 bits)"),
        ((np.ma.ones(2), 1), "(numpy.ma.MaskedArray, int)"),
        (((1, 2.0), 1), "((int, float), int)"),
    ],
    ids=str,
)
def test_what_was_given_is_named(built, arguments, words):
    try:
        built.loud.__wrapped__(*arguments)
    except TypeError:
        with pytest.raises(TypeError):
            built.loud(*arguments)
    else:
        built.loud(*arguments)
    assert last(built.loud) == f"no compiled signature takes {words}"


def test_attributes_are_named(built):
    built.Scaled(1j).times(np.ones(2, np.int32))
    assert last(built.Scaled.times) == "no compiled signature takes (self.k: complex, int32[:])"
