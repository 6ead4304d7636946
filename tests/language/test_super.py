"""`super()` in methods: of bases in the package, in Python's order, compared with the object's own at each call."""

import hypersonic
import numpy as np
import pytest

SOURCE = """
import threading
import numpy as np
from hypersonic import boost

class Root:
    n: int
    k: float = 2.0

    def __init__(self):
        self.n = 1

    def scale(self, x: float):
        return self.k * x

    def step(self, dt: float):
        self.k += dt

    @property
    def level(self):
        return self.n

    @staticmethod
    def twice(x):
        return 2 * x

class Middle(Root):
    arr: "float[:]"

    @boost
    def __init__(self, n: int):
        super().__init__()
        self.n += n
        self.arr = np.ones(n)

    @boost
    def scale(self, x: float, by: float = 3.0):
        return super().scale(x) + by

    @boost
    def step(self, dt: float):
        super(Middle, self).step(2 * dt)
        self.arr[...] = self.arr + self.k

    @property
    def level(self):
        return super().level + 10

class Leaf(Middle):
    @boost
    def __init__(self):
        super().__init__(4)
        self.k = 5.0

    @boost
    def scale(self, x: float):
        return super().scale(x, by=self.k) + super().twice(1.0)

    @boost
    def step(self, dt: float):
        super().step(dt)
        self.k *= 2
        return self.k, self.arr.sum()

    @boost
    def ask(self):
        return self.level, super().level

class Other(Root):
    def scale(self, x):
        return -x

class Diamond(Middle, Other):
    pass

class Alone:
    x: int

    @boost
    def __init__(self, x: int):
        super().__init__()
        self.x = x

class Outside(threading.Thread):
    x: int

    @boost
    def __init__(self, x: int):
        super().__init__()
        self.x = x

    @boost
    def run(self):
        super().run()
        return self.x
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


def state(built, qualname):
    cls, method = qualname.split(".")
    return hypersonic.info(vars(getattr(built.module, cls))[method])


def replayed(built, cls, actions):
    """What an object does with kernels, and with every kernel's Python function in its place."""

    def run():
        made = getattr(built.module, cls[0])(*cls[1:])
        done = [action(made) for action in actions]
        return done, {name: getattr(made, name) for name in ("n", "k")}, made.arr.tolist()

    mine = run()
    classes = [vars(built.module)[name] for name in ("Root", "Middle", "Leaf", "Other", "Diamond")]
    kept = [(each, name, value) for each in classes for name, value in vars(each).items() if type(value).__name__ == "BoostedFunction"]
    for each, name, value in kept:
        setattr(each, name, value.__wrapped__)
    try:
        theirs = run()
    finally:
        for each, name, value in kept:
            setattr(each, name, value)
    assert mine == theirs
    return mine


ACTIONS = [lambda it: it.scale(1.5), lambda it: it.step(0.5), lambda it: it.scale(2.0), lambda it: it.level]


def test_bases_are_called(built):
    for name in ("Middle.__init__", "Middle.scale", "Middle.step", "Leaf.__init__", "Leaf.scale", "Leaf.step", "Leaf.ask"):
        assert state(built, name).state == "cpu", built.log
    replayed(built, ("Middle", 3), ACTIONS)
    replayed(built, ("Leaf",), [*ACTIONS, lambda it: it.ask()])
    for name in ("Middle.__init__", "Middle.scale", "Middle.step", "Leaf.__init__", "Leaf.scale", "Leaf.step", "Leaf.ask"):
        assert state(built, name).fallbacks == 0, (name, state(built, name).last_fallback)
    built.module.Alone(3)
    assert state(built, "Alone.__init__").state == "cpu"
    assert state(built, "Alone.__init__").fallbacks == 0


def test_another_order_is_pythons(built):
    before = state(built, "Middle.scale").fallbacks
    done, *_ = replayed(built, ("Diamond", 2), [lambda it: it.scale(1.0)])
    assert done == [-1.0 + 3.0]
    assert state(built, "Middle.scale").fallbacks == before + 1


def test_a_base_that_was_changed_is_pythons(built):
    leaf = built.module.Leaf()
    root = built.module.Root
    kept = root.scale
    root.scale = lambda self, x: 100.0
    try:
        assert leaf.scale(1.0) == 100.0 + leaf.k + 2.0
    finally:
        root.scale = kept
    assert leaf.scale(1.0) == leaf.k * 1.0 + leaf.k + 2.0


def test_bases_out_of_sight(built):
    assert state(built, "Outside.__init__").state == "python"
    assert "`super().__init__` is not defined in the package" in built.log
    assert "call a plain method of a base class of the package" in built.log
    made = built.module.Outside(3)
    assert made.run() == 3
    assert np.isfinite(made.x)
