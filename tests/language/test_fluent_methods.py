"""Methods that give their object back, and calls of methods one after the other."""

import hypersonic
import numpy as np
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost

class Path:
    x: float
    n: int
    arr: "float[:]"

    def __init__(self):
        self.x = 1.0
        self.n = 0
        self.arr = np.zeros(3)

    @boost
    def move(self, by: float):
        self.x += by
        self.n += 1
        return self

    @boost
    def fill(self):
        self.arr[...] = self.x
        return self

    @boost
    def twice(self, by: float):
        return self.move(by).move(by)

    @boost
    def asked(self, by: float):
        moved = self.move(by)
        return moved.x + self.twice(by).fill().arr.sum(), moved.n

    @boost
    def either(self, stop: bool):
        if stop:
            return self
        self.x = 0.0
        return self.fill()

    @boost
    def failing(self, by: float):
        self.x += by
        if by > 1:
            raise ValueError("too far")
        return self

    @boost
    def passed(self):
        return helper(self.move(1.0))

    @boost
    def maybe(self, stop: bool):
        return self if stop else None

def helper(path):
    return path.x
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


def state(built, name):
    return hypersonic.info(vars(built.module.Path)[name])


def test_the_object_comes_back(built):
    path = built.module.Path()
    assert path.move(2.0) is path
    assert path.move(1.0).fill().twice(0.5) is path
    assert (path.x, path.n, path.arr.tolist()) == (5.0, 4, [4.0] * 3)
    assert path.either(True) is path and path.x == 5.0
    assert path.either(False) is path and path.x == 0.0 and path.arr.tolist() == [0.0] * 3
    with pytest.raises(ValueError, match="too far"):
        path.failing(2.0)
    assert path.x == 2.0
    assert path.failing(0.5) is path
    for name in ("move", "fill", "twice", "either", "failing"):
        assert state(built, name).state == "cpu", built.log
        assert state(built, name).fallbacks == 0, state(built, name).last_fallback


def test_what_comes_back_is_asked(built):
    path, other = built.module.Path(), built.module.Path()
    plain = type(path)
    kept = {name: value for name, value in vars(plain).items() if hasattr(value, "__wrapped__")}
    mine = path.asked(0.5)
    assert state(built, "asked").fallbacks == 0 and state(built, "asked").state == "cpu"
    for name, value in kept.items():
        setattr(plain, name, value.__wrapped__)
    theirs = other.asked(0.5)
    for name, value in kept.items():
        setattr(plain, name, value)
    assert mine == theirs
    assert np.array_equal(path.arr, other.arr) and (path.x, path.n) == (other.x, other.n)


def test_what_is_refused(built):
    for name in ("passed", "maybe"):
        assert state(built, name).state == "python"
    assert "is used as a value" in built.log
    path = built.module.Path()
    assert path.passed() == 2.0 and path.maybe(True) is path and path.maybe(False) is None
