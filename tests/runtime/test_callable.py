"""A boosted function is, to everyone who looks, the function that it wraps."""

import copy
import functools
import gc
import inspect
import multiprocessing
import pickle
import threading
import time
import weakref

import hypersonic
import numpy as np
import pytest


def test_names_and_documentation(kernels):
    add = kernels.add
    assert add.__name__ == add.__qualname__ == "add"
    assert add.__module__ == "kernels_of_tests"
    assert add.__doc__ == "Doc of add."
    assert add.__wrapped__(1, 2) == ("python", 1, 2)
    assert add.__defaults__ == (2.0,)
    assert add.__annotations__ == {}
    assert add.__code__ is add.__wrapped__.__code__
    assert repr(add) == "<boosted function kernels_of_tests.add>"
    assert callable(add)
    with pytest.raises(AttributeError, match="BoostedFunction.*nonsense"):
        _ = add.nonsense


def test_signature(kernels):
    assert str(inspect.signature(kernels.add)) == "(x, y=2.0)"
    assert add_signature(kernels) == inspect.signature(kernels.add)
    assert "def add(x, y=2.0)" in inspect.getsource(kernels.add)


def add_signature(kernels):
    return kernels.add.__signature__


def test_attributes_can_be_set(make, load):
    add = load(make("add")).add
    add.note = 5
    assert add.note == 5
    assert vars(add)["note"] == 5
    add.__doc__ = "Other."
    assert add.__doc__ == "Other."
    del add.note
    assert not hasattr(add, "note")


def test_wraps(kernels):
    @functools.wraps(kernels.add)
    def other(*args):
        return kernels.add(*args)

    assert other.__name__ == "add"
    assert str(inspect.signature(other)) == "(x, y=2.0)"


def test_partial_map_and_star_calls(kernels):
    assert functools.partial(kernels.add, 1.0)(2.0) == 1003
    assert list(map(kernels.add, [1.0, 2.0], [3.0, 4.0])) == [1004, 1006]
    assert kernels.add(*(1.0, 2.0)) == 1003
    assert kernels.add(**{"x": 1.0, "y": 2.0}) == 1003
    assert kernels.add(*(1.0,), **{"y": 2.0}) == 1003
    assert kernels.add.__call__(1.0, y=2.0) == 1003
    assert kernels.add("a", **{"y": "b"}) == ("python", "a", "b")


def test_methods(kernels):
    class Number(float):
        plus = kernels.add

    class Holder:
        plus = kernels.add
        static = staticmethod(kernels.add)

    holder = Holder()
    assert holder.plus(1.0) == ("python", holder, 1.0)
    assert Holder.plus is kernels.add
    assert Holder.plus(1.0, 2.0) == 1003
    assert holder.static(1.0, 2.0) == 1003
    bound = holder.plus
    assert bound.__self__ is holder and bound.__func__ is kernels.add
    assert hypersonic.info(bound).state == "cpu"


def test_pickling(kernels):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(kernels.add, protocol)) is kernels.add
    assert copy.copy(kernels.add) is kernels.add
    assert copy.deepcopy(kernels.add) is kernels.add


def test_multiprocessing(kernels):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.starmap(kernels.add, [(1.0, 2.0), (3.0, 4.0)]) == [1003, 1007]


def test_weak_references_and_cycles(make, load):
    module = load(make("add"))
    add = module.add
    reference = weakref.ref(add)
    add.myself = add
    del module.add, add
    gc.collect()
    assert reference() is None


def test_the_gil_is_released(kernels):
    flag = np.zeros(1, np.int64)

    def set_later():
        time.sleep(0.05)
        flag[0] = 42

    thread = threading.Thread(target=set_later)
    thread.start()
    assert kernels.wait(flag) == 42
    thread.join()


def test_concurrent_calls(kernels):
    problems = []

    def work(seed):
        a = np.arange(5000.0) + seed
        for _ in range(200):
            if not (kernels.scale(a, 2.0) == a * 2).all() or kernels.add(float(seed), 1.0) != seed + 1001:
                problems.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_boost_of_other_things():
    class Plain:
        @hypersonic.boost
        def method(self):
            return 1

    assert hypersonic.boost(Plain) is Plain
    assert hypersonic.boost(len) is len
    assert Plain().method() == 1

    @hypersonic.boost(fastmath=True)
    def local(x):
        return x

    assert local(3) == 3
    assert hypersonic.info(local).state == "python"
    assert hypersonic.info(len).reason == "it is not a boosted function"


def test_a_boosted_function_is_boosted_once(kernels):
    assert hypersonic.boost(kernels.add) is kernels.add


def test_info(kernels):
    known = hypersonic.info(kernels.scale)
    assert known.state == "cpu"
    assert known.level in ("x86-64-v2", "x86-64-v3", "x86-64-v4", "armv8-a")
    assert known.reason is None
    assert known.signatures == ["scale(...)"]
    assert isinstance(known, hypersonic.Info)
    assert "cpu, " in str(known)
