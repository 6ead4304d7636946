"""What kernels return: types, memory, views, exceptions; and that nothing is leaked or freed twice."""

import gc
import resource
import sys

import numpy as np
import pytest

SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_arrays_own_their_memory(kernels):
    result = kernels.scale(np.arange(5.0), 2.0)
    assert result.tolist() == [0, 2, 4, 6, 8]
    assert result.dtype == np.float64
    flags = result.flags
    assert flags.owndata and flags.writeable and flags.aligned and flags.c_contiguous and flags.f_contiguous
    assert result.base is None
    assert result.ctypes.data % 64 == 0
    assert sys.getrefcount(result) == sys.getrefcount(np.zeros(5)) + 1


def test_strided_arguments(kernels):
    assert kernels.scale(np.arange(10.0)[::-2], 2.0).tolist() == [18, 14, 10, 6, 2]


def test_large_arrays_release_the_gil_and_come_back(kernels):
    a = np.arange(100_000.0)
    assert (kernels.scale(a, 3.0) == a * 3).all()


def test_a_large_result_takes_the_memory_of_the_one_before(kernels):
    """No call needs memory that is fresh from the system: its pages cost more than the work."""
    a = np.arange(1_000_000.0)
    kernels.scale(a, 2.0)
    before = resident()
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    kept = [kernels.scale(a, 2.0)[::50_000].copy() for _ in range(40)]
    assert resident() - before < 2 * a.nbytes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults < 40 * 50
    assert all((each == a[::50_000] * 2).all() for each in kept)


@pytest.mark.parametrize("count", [10, 1000, 20_000, 1_000_000])
def test_zeroed_memory_is_zero_when_it_is_used_again(kernels, count):
    for _ in range(4):
        result = kernels.tail(count)
        assert not result.any()
        result[:] = 1


def test_scalars_of_every_type(kernels):
    result = kernels.everything()
    for name, value in zip(SCALARS, result, strict=True):
        assert type(value) is (np.bool_ if name == "bool" else getattr(np, name))
    expected = [True, -1, -1, -1, -1, 2**8 - 1, 2**16 - 1, 2**32 - 1, 2**64 - 1, 1.5, 2.5, 3 + 4j, 5 + 6j]
    assert list(result) == expected


def test_constants(kernels):
    assert kernels.constants() == (None, "é", -3, True, (), int, np.float32)


def test_rank_zero(kernels):
    result = kernels.point()
    assert type(result) is np.ndarray
    assert result.shape == () and result == 0 and result.flags.owndata


def test_views_of_arguments(kernels):
    a = np.arange(5.0)
    result = kernels.every_other(a)
    assert result.base is a
    result[:] = 7
    assert a.tolist() == [7, 1, 7, 3, 7]
    a.flags.writeable = False
    assert not kernels.every_other(a).flags.writeable
    assert not result.flags.c_contiguous
    b = np.arange(9.0)[::2]
    view = kernels.every_other(b)
    assert view.tolist() == [0, 4, 8]
    assert view.base is b.base


def test_an_argument_returned_is_that_argument(kernels):
    a, b = np.arange(3.0), np.arange(4.0)
    assert kernels.same(a, b) is b


def test_views_keep_their_argument_alive(kernels):
    result = kernels.every_other(np.arange(100_000.0))
    gc.collect()
    filler = [np.zeros(100_000) for _ in range(5)]
    assert result[-1] == 99_998
    del filler


def test_results_that_share_a_block(kernels):
    first, second = kernels.halves(1000)
    assert first.tolist() == list(range(1000))
    assert second.tolist() == list(range(1999, 999, -1))
    assert first.base is second.base and first.base.nbytes == 16_000
    del first
    gc.collect()
    filler = [np.full(2000, 3.0) for _ in range(5)]
    assert second.tolist() == list(range(1999, 999, -1))
    del filler


def test_result_inside_its_block(kernels):
    result = kernels.tail(5)
    assert result.tolist() == [0] * 4
    assert result.flags.writeable and not result.flags.owndata


@pytest.mark.parametrize("name", ["scale", "halves", "tail", "point", "refuse", "refuse_retry", "eight", "every_other"])
def test_nothing_leaks(kernels, name):
    arguments = {
        "scale": (np.zeros(10_000), 2.0),
        "halves": (10_000,),
        "tail": (10_000,),
        "point": (),
        "refuse": (1, 2.0),
        "refuse_retry": (np.zeros(3),),
        "eight": tuple(map(float, range(8))),
        "every_other": (np.zeros(10),),
    }[name]
    function = getattr(kernels, name)

    def burst(count):
        for _ in range(count):
            try:
                function(*arguments)
            except ValueError:
                pass

    burst(300)
    before = resident(), [sys.getrefcount(argument) for argument in arguments]
    burst(3000)
    after = resident(), [sys.getrefcount(argument) for argument in arguments]
    assert after[0] - before[0] < 8 << 20
    assert before[1] == after[1]


def test_shared_objects_keep_their_reference_counts(kernels):
    shared = [None, kernels.add, np.dtype("float64"), np.ndarray]
    # NumPy 2.4 counts its float64 descriptor once too often per np.zeros: make the array beforehand.
    a = np.zeros(3)
    calls = [lambda: kernels.scale(a, 1.0), lambda: kernels.add(1.0, y=2.0), lambda: kernels.add(1.0), lambda: kernels.add("a")]
    for call in calls:
        call()
        before = [sys.getrefcount(each) for each in shared]
        for _ in range(1000):
            call()
        after = [sys.getrefcount(each) for each in shared]
        assert all(abs(x - y) < 100 for x, y in zip(before, after, strict=True))


def test_user_exceptions_carry_their_message(kernels):
    with pytest.raises(ValueError, match=r"^bad    42 and 1\.50$"):
        kernels.refuse(42, 1.5)
    with pytest.raises(ValueError, match=r"^bad    -1 and nan$"):
        kernels.refuse(-1, float("nan"))
    with pytest.raises(KeyError) as error:
        kernels.refuse_bare()
    assert error.value.args == ()
    with pytest.raises(kernels.OwnError, match="mine"):
        kernels.refuse_own()
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        kernels.refuse_dotted()


def test_python_answers_what_may_be_retried(kernels):
    import hypersonic

    assert kernels.add_int(2**63 - 1, 1) == ("python", 2**63 - 1, 1)
    known = hypersonic.info(kernels.add_int)
    assert known.fallbacks >= 1
    assert known.last_fallback == "OverflowError in line 7: Python raises it, or does better"


def test_broken_kernels_are_named_not_fatal(kernels):
    for name in ("refuse_unknown", "crash_status", "stranger"):
        with pytest.raises(SystemError):
            getattr(kernels, name)()


def test_out_of_memory(kernels):
    for size in (2**62, 2**63 - 1, -1):
        with pytest.raises(MemoryError, match="no memory"):
            kernels.greedy(size)
    assert kernels.greedy(0) == 0


def test_random_is_pythons(kernels):
    import random

    random.seed(5)
    expected = random.random()
    random.seed(5)
    assert kernels.chance() == expected


def test_random_that_raises(kernels, monkeypatch):
    import random

    monkeypatch.setattr(random, "random", lambda: 1 / 0)
    with pytest.raises(RuntimeError, match="random"):
        kernels.chance()
