"""Which arguments a kernel takes, and that Python answers for all others."""

import numpy as np
import pytest

SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()


def is_python(result):
    return isinstance(result, tuple) and result[0] == "python"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1.5, 2.5), 1004.0),
        ((1, 2), 1003.0),
        ((1.5,), 1003.5),
        ((2**53, 0.0), float(2**53 + 1000)),
        ((-(2**53), 0.0), float(-(2**53) + 1000)),
    ],
)
def test_floats_take_floats_and_exact_ints(kernels, arguments, expected):
    result = kernels.add(*arguments)
    assert result == expected
    assert type(result) is float


@pytest.mark.parametrize("argument", [2**53 + 1, 10**400, True, "1", None, 1j, np.float32(1), np.int64(1), np.array(1.0)])
def test_floats_take_nothing_else(kernels, argument):
    assert kernels.add(argument, 1.0) == ("python", argument, 1.0)


def test_numpy_floats_give_numpy_floats(kernels):
    assert type(kernels.add(np.float64(1), 2.0)) is np.float64
    assert type(kernels.add(1.0, np.float64(2))) is np.float64
    assert type(kernels.add(1.0, 2.0)) is float
    assert type(kernels.conjugate(np.complex128(1 + 2j))) is np.complex128
    assert type(kernels.conjugate(np.float64(1))) is np.complex128


def test_ints(kernels):
    assert kernels.add_int(2, 3) == 5
    assert type(kernels.add_int(2, 3)) is int
    assert type(kernels.add_int(np.int64(2), np.int64(3))) is np.int64
    assert type(kernels.add_int(np.longlong(2), np.longlong(3))) is np.int64
    assert is_python(kernels.add_int(np.int64(2), 3))
    assert kernels.add_int(-(2**63), 2**63 - 1) == -1
    for other in (2**63, True, 1.0, np.int32(1), np.uint64(1), np.array(1), "1"):
        assert is_python(kernels.add_int(other, 1))


def test_bools(kernels):
    assert kernels.negate(True) is False
    assert kernels.negate(False) is True
    for other in (1, 0, np.True_, None):
        assert is_python(kernels.negate(other))


def test_complex(kernels):
    assert kernels.conjugate(1 + 2j) == 1 - 2j
    assert kernels.conjugate(3.0) == 3
    assert type(kernels.conjugate(3)) is complex
    for other in (True, "1", np.complex64(1), 2**60 + 1):
        assert is_python(kernels.conjugate(other))


@pytest.mark.parametrize("name", SCALARS)
def test_numpy_scalars_keep_value_and_type(kernels, name):
    kind = getattr(np, "bool_" if name == "bool" else name)
    information = np.iinfo(kind) if "int" in name else np.finfo(kind) if name != "bool" else None
    extremes = [information.min, information.max] if information else []
    for value in [kind(0), kind(1), *(kind(extreme) for extreme in extremes)]:
        result = getattr(kernels, f"echo_{name}")(value)
        assert type(result) is kind
        assert result == value
    for other in SCALARS:
        if other != name:
            kind = getattr(np, "bool_" if other == "bool" else other)
            assert is_python(getattr(kernels, f"echo_{name}")(kind(1)))
    assert is_python(getattr(kernels, f"echo_{name}")(1))


def test_complex_numpy_scalars_keep_both_parts(kernels):
    assert kernels.echo_complex64(np.complex64(1 - 2j)) == np.complex64(1 - 2j)
    assert kernels.echo_complex128(np.complex128(1 - 2j)) == np.complex128(1 - 2j)


def test_numpy_double_takes_python_float(kernels):
    assert type(kernels.double(1.5)) is np.float64
    assert is_python(kernels.double(1))
    assert is_python(kernels.single(1.5))


@pytest.mark.parametrize("name", SCALARS)
def test_array_dtypes(kernels, name):
    for other in [*SCALARS, "float16", "longdouble", "M8[s]", "O", "S3"]:
        result = getattr(kernels, f"is_{name}")(np.zeros((), other))
        assert (result is None) == (name == other), other


def test_both_c_names_of_a_64_bit_int_are_taken(kernels):
    for dtype in ("long", "longlong"):
        assert kernels.is_int64(np.zeros((), dtype)) is None
        assert kernels.is_uint64(np.zeros((), f"u{dtype}" if dtype == "longlong" else "ulong")) is None


def test_layouts(kernels):
    a = np.arange(12.0).reshape(3, 4)
    assert kernels.layout(a) == 1
    for other in (a.T, a[::2], a[:, ::-1], np.broadcast_to(np.zeros(4), (3, 4))):
        assert kernels.layout(other) == 2
        assert kernels.total(other) == other.sum()
    assert kernels.ordered(a) == 1
    assert kernels.ordered(np.asfortranarray(a)) == 2
    assert is_python(kernels.ordered(a[:, ::2]))


def test_arrays_that_only_python_takes(kernels):
    good = np.ones((2, 3))
    assert kernels.total(good) == 6

    class Sub(np.ndarray):
        pass

    misaligned = np.zeros(49, np.uint8)[1:].view(np.float64).reshape(2, 3)
    assert not misaligned.flags.aligned
    for other in (
        good.astype(">f8"),
        misaligned,
        good.view(Sub),
        np.matrix(good),
        np.ma.array(good),
        good[0],
        good[None],
        good.astype("f4"),
        good.tolist(),
        None,
        1.0,
    ):
        assert is_python(kernels.total(other))


def test_read_only_arrays(kernels):
    a = np.ones((2, 3))
    a.flags.writeable = False
    assert kernels.total(a) == 6
    assert is_python(kernels.fill(a, 5.0))
    assert (a == 1).all()
    b = np.ones((4, 3))
    assert kernels.fill(b[::2], 5.0) is None
    assert b.tolist() == [[5.0] * 3, [1.0] * 3] * 2


def test_fixed_extents(kernels):
    assert kernels.fixed(np.zeros((7, 3))) == 2
    assert is_python(kernels.fixed(np.zeros((3, 7))))


def test_empty_arrays(kernels):
    assert kernels.total(np.zeros((0, 5))) == 0
    assert kernels.scale(np.zeros(0), 2.0).shape == (0,)


def test_tuples(kernels):
    assert kernels.weigh((np.array([1.0, 7.0]), 4), 8 + 16j) == 1 + 2 + 4 + 8 + 16
    for other in ((np.zeros(1),), [np.zeros(1), 4], (np.zeros(1), 4, 5), (4, np.zeros(1))):
        assert is_python(kernels.weigh(other, 0j))


def test_literals_types_and_none(kernels):
    assert [kernels.choose(x) for x in ("two", 2, True)] == [2] * 3
    assert [kernels.choose(x) for x in (float, np.float64, np.dtype("f8"), np.dtype("float64"))] == [3] * 4
    assert kernels.choose(None) == 4
    for other in ("three", 3, 1, False, 2.0, np.int64(2), int, np.float32, np.dtype("f4"), np.dtype(">f8"), "float64", "\ud800"):
        assert is_python(kernels.choose(other))


def test_binding(kernels):
    assert kernels.add(y=1.0, x=2.0) == 1003
    assert kernels.add(2.0, y=1.0) == 1003
    assert kernels.add(x=2.0) == 1004
    assert kernels.kinds(1, c=3) == 2
    assert kernels.kinds(c=3, b=5, a=1) == 6
    assert kernels.only(1, b=2) == 3
    assert kernels.add(**{"".join(["x"]): 2.0}) == 1004


@pytest.mark.parametrize(
    "call",
    [
        lambda k: k.add(),
        lambda k: k.add(1.0, 2.0, 3.0),
        lambda k: k.add(1.0, x=2.0),
        lambda k: k.add(1.0, z=2.0),
        lambda k: k.kinds(1, 2, c=3),
        lambda k: k.kinds(1),
        lambda k: k.only(a=1, b=2),
    ],
)
def test_wrong_calls_raise_as_python_does(kernels, call):
    class Wrapped:
        def __getattr__(self, name):
            return getattr(kernels, name).__wrapped__

    with pytest.raises(TypeError) as ours:
        call(kernels)
    with pytest.raises(TypeError) as theirs:
        call(Wrapped())
    assert str(ours.value) == str(theirs.value)


def test_defaults_are_those_of_the_moment(make, load):
    module = load(make("add"))
    assert module.add(1.0) == 1003
    module.add.__wrapped__.__defaults__ = (10.0,)
    assert module.add(1.0) == 1011
