"""Words for annotations: they exist, take what the compiler takes, and cost nothing until they are asked for."""

import numpy as np
import pytest


def test_what_the_compiler_reads_can_be_written():
    from hypersonic import Array, Literal, NDim, Optional, Tuple, Type, Union, boost, const, str2type

    T = Type(np.float32, np.float64)
    N = NDim(1, 2)

    @boost
    def f(
        a: Array[T, N],
        b: Array[T, N + 1],
        c: Array[int, "2d", "C", "positive_indices"],
        d: Union["float[][]", Array[float, "[:, :, 3]"], None],
        e: Optional[int] = None,
        g: Tuple[int, "float[:]"] = (1, ()),
        h: Literal["x", 3] = 3,
        i: const("float[:]") = (),
        j: const[T] = 1,
        k: str2type("(int, float[:, :])") = (),
        m: Array[float, "1d"] | int | None = None,
        n: int | Array[float, "1d"] = 0,
    ):
        return a

    assert f(1, 2, 3, 4) == 1
    notes = f.__annotations__
    assert repr(notes["c"]) == "Array[int, '2d', 'C', 'positive_indices']"
    assert repr(notes["b"]) == "Array[Type[float32, float64], NDim(1, 2) + 1]"
    assert repr(N - 1) == "NDim(1, 2) - 1"
    assert repr(notes["n"]) == "Union[int, Array[float, '1d']]"
    assert Array[T, N] == Array[T, N] != Array[T, 2]
    assert len({Array[int, "1d"], Array[int, "1d"]}) == 1


def test_unknown_names_are_still_errors():
    import hypersonic

    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = hypersonic.nonsense
