"""Arrays: layouts, views, aliasing, overlap, masks, broadcasting, rank 0 to 6."""

from __future__ import annotations

import numpy as np
import pytest

SOURCE = """
import numpy as np
from hypersonic import boost

@boost
def slices(a: "float[:]", i: int, j: int, k: int): return a[i:j:k]

@boost
def slice_sum(a: "float[:]", i: int, j: int): return a[i:j].sum(), a[i:], a[:j], a[::-1], a[-3:]

@boost
def rows(m: "float[:, :]", i: int): return m[i], m[:, i], m[i, ::-1], m[..., i], m[i:i + 1, None, 1:]

@boost
def newaxis(a: "float[:]"): return a[:, None] * a[np.newaxis, :], a[None]

@boost
def ellipsis(t: "float[:, :, :]"): return t[..., 0], t[0, ...], t[1:, ..., ::2], t[...]

@boost
def transposed(m: "float[:, :]"): return m.T, m.T @ m, m.transpose(), np.transpose(m) + 1

@boost
def transposed3(t: "float[:, :, :]"): return t.transpose(2, 0, 1), np.transpose(t, (1, 0, 2)), t.T

@boost
def write_views(a: "float[:]"):
    b = a[1:]
    b[0] = 100.0
    c = b[::-1]
    c[:2] += 5
    return b

@boost
def write_through(m: "float[:, :]"):
    t = m.T
    t[0] = 7.0
    row = m[1]
    row *= 2
    m[:, 1] = m[:, 0] + row[0]

@boost
def overlap_forward(a: "float[:]"): a[1:] = a[:-1]

@boost
def overlap_backward(a: "float[:]"): a[:-1] = a[1:]

@boost
def overlap_add(a: "float[:]"): a[1:] += a[:-1]

@boost
def overlap_reverse(a: "float[:]"): a[:] = a[::-1]

@boost
def overlap_transpose(m: "float[:, :]"): m += m.T

@boost
def two_arguments(a: "float[:]", b: "float[:]"):
    a[:] = b[::-1]
    return a

@boost
def stale(a: "float[:]"):
    b = a + 1
    a[:] = 0
    return b

@boost
def stale_view(a: "float[:]"):
    b = a[1:] * 2
    a[1] = 50
    c = a[1:] * 2
    return b, c

@boost
def delayed_through_loop(a: "float[:]", n: int):
    b = a * 2
    for i in range(n):
        a[i] = b[i] + b[0]
    return b

@boost
def broadcast(a: "float[:, :]", b: "float[:]", c: "float[:, :, :]"): return a + b, a * c, b - c

@boost
def broadcast_columns(m: "float[:, :]"): return m - m[:, :1], m / m[0]

@boost
def masks(a: "float[:]", t: float):
    m = a > t
    b = a[m]
    a[m] = -1.0
    a[a < 0] *= 3
    a[~m] += 10
    return b, m, a[m & (a < -2)]

@boost
def mask2(m: "float[:, :]"):
    m[m == 0] = 1e-14
    return m[m > 2]

@boost
def mask_rows(m: "float[:, :]", k: "bool[:]"): return m[k]

@boost
def mask_values(a: "float[:]", k: "bool[:]", v: "float[:]"):
    a[k] = v[k]
    return a

@boost
def zero_d(a: "float[:]"):
    z = np.zeros(())
    z[...] = a[0]
    return z, z + 1

@boost
def six(a: "float[:, :, :, :, :, :]"): return a[0] + a[:, 0, :, ::-1], a.sum(axis=(1, 3, -1)), a.T, a.reshape(-1)

@boost
def same(a: "float[:]"): return a

@boost
def twice(a: "float[:]"): return a, a[::2]

@boost
def reshapes(m: "float[:, :]"):
    r = m.reshape(-1)
    r[0] = 5.0
    v = m.ravel()
    v[1] = 6.0
    f = m.flatten()
    f[2] = 7.0
    return r, v, f, m.reshape(m.size // 2, 2), m.reshape((1, -1))

@boost
def copies(m: "float[:, :]"):
    c = m.copy()
    c[0] = 0
    d = m.astype(np.float32)
    e = m.astype(int)
    return c, d, e, m.astype("complex128")

@boost
def parts(z: "complex128[:]"):
    z.real[0] = 5
    z.imag[:] = 2
    return z.real, z.imag, z.conj(), abs(z), np.real(z), z.real.sum()

@boost
def fill(m: "int32[:, :]", x: int):
    m[...] = x
    m[0] = 2.9
    m[:, 0] = m[:, 1] + 1
    m += 2
    return m

@boost
def stencil(u: "float[:, :]"):
    v = np.zeros_like(u)
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            v[i, j] = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4 * u[i, j]
    return v

@boost
def wrapping_stencil(u: "float[:]"):
    v = np.empty_like(u)
    for i in range(len(u)):
        v[i] = u[i - 1] + u[i - 2]
    return v

@boost
def temporaries(a: "float[:]", b: "float[:]"):
    t = np.sqrt(a * a + b * b)
    u = t + 1
    s = u.sum()
    return t / u, u * s, (t - u).max()

@boost
def conditional_array(a: "float[:]", b: "float[:]", first: bool):
    c = a if first else b
    c[0] = 9
    if first:
        d = a[1:]
    else:
        d = b * 2
    return c, d

@boost
def bool_arrays(a: "bool[:]", b: "bool[:]"): return a & b, a | b, a ^ b, ~a, a + b, a * b, a == b, a.sum(), a.any(), a.all()

@boost
def unsigned(a: "uint8[:]", b: "uint8[:]"): return a + b, a - b, a * b, a // b, a % b, a >> 1, a << 1, a > b, -a, ~a

@boost
def element_types(a: "uint8[:]", b: "int16[:]", c: "float32[:]"): return a[0] + b[0], b[0] * c[0], a[0] + 1, c[0] * 2.0, a[0] / 2
"""


@pytest.fixture(scope="module")
def built(build):
    return build(SOURCE)


def floats(*shape):
    count = int(np.prod(shape))
    return (np.arange(count) * 7 % 11 - 4.5).reshape(shape)


A, M, T, S = floats(6), floats(4, 5), floats(2, 3, 4), floats(2, 3, 2, 3, 2, 3)
K = np.array([True, False, True, True, False, True])
Z = floats(5) + 1j * floats(5)[::-1]
NAN = np.array([1.0, np.nan, -0.0, np.inf, -np.inf, 2.0])


def layouts(array):
    """The same values in other layouts."""
    yield array
    yield np.asfortranarray(array)
    wide = np.zeros(tuple(2 * n for n in array.shape), array.dtype)
    wide[tuple(slice(None, None, 2) for _ in array.shape)] = array
    yield wide[tuple(slice(None, None, 2) for _ in array.shape)]
    yield array[tuple(slice(None, None, -1) for _ in array.shape)].copy()[tuple(slice(None, None, -1) for _ in array.shape)]
    if array.ndim > 1:
        yield array.T.copy().T


CASES = [
    *[
        ("slices", (A, i, j, k))
        for i, j, k in ((1, 4, 1), (0, 6, 2), (5, 0, -1), (-2, 100, 1), (100, -100, -3), (4, 2, 1), (0, 6, 0), (-1, -7, -2))
    ],
    *[("slice_sum", (A, i, j)) for i, j in ((1, 4), (4, 1), (-9, 9), (6, 6))],
    *[("rows", (m, i)) for m in layouts(M) for i in (0, 2, -1)],
    ("newaxis", (A,)),
    *[("ellipsis", (t,)) for t in layouts(T)],
    *[("transposed3", (t,)) for t in layouts(T)],
    ("write_views", (A,)),
    *[("write_through", (m,)) for m in layouts(M)],
    *[
        (name, (a,))
        for name in ("overlap_forward", "overlap_backward", "overlap_add", "overlap_reverse", "stale", "stale_view")
        for a in layouts(A)
    ],
    *[("overlap_transpose", (m,)) for m in layouts(floats(5, 5))],
    ("two_arguments", (A, A)),
    ("two_arguments", (A, A[::-1])),
    ("two_arguments", (A[1:], A[:-1])),
    ("two_arguments", (A, floats(6))),
    ("delayed_through_loop", (A, 4)),
    ("broadcast", (M[:, :4], A[:4], floats(3, 4, 4))),
    ("broadcast", (M[:1, :4], A[:1], floats(3, 4, 4))),
    ("broadcast", (M[:, :1], A[:4], floats(1, 1, 4))),
    ("broadcast_columns", (M,)),
    *[("masks", (a, 0.0)) for a in (A, NAN, A[:0], A[::2])],
    *[("mask2", (m,)) for m in layouts(np.round(M))],
    ("mask_rows", (M, K[:4])),
    ("mask_rows", (M, K[:5])),
    ("mask_values", (A, K, floats(6) * 2)),
    ("zero_d", (A,)),
    ("six", (S,)),
    ("six", (S[::-1, :, ::-1],)),
    ("same", (A,)),
    ("twice", (A,)),
    *[("reshapes", (m,)) for m in layouts(M)],
    *[("copies", (m,)) for m in layouts(M)],
    ("parts", (Z,)),
    ("parts", (Z[::2],)),
    ("fill", (np.zeros((3, 4), np.int32), 70000)),
    *[("stencil", (m,)) for m in layouts(floats(7, 9))],
    ("stencil", (floats(1, 1),)),
    ("wrapping_stencil", (A,)),
    ("wrapping_stencil", (A[:2],)),
    ("wrapping_stencil", (A[:1],)),
    ("temporaries", (A, A[::-1])),
    ("conditional_array", (A, A * 2, True)),
    ("conditional_array", (A, A * 2, False)),
    ("bool_arrays", (K, K[::-1])),
    ("unsigned", (np.array([0, 1, 200, 255, 128, 7], np.uint8), np.array([3, 0, 100, 255, 2, 9], np.uint8))),
    ("element_types", (np.array([200], np.uint8), np.array([-300], np.int16), np.array([1.1], np.float32))),
]


@pytest.mark.parametrize(("name", "args"), CASES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CASES)])
def test_array(built, name, args):
    built.check(name, *args)


def test_matrix_product_in_transposed(built):
    for m in layouts(M):
        ours, theirs = built.transposed(m), built.transposed.__wrapped__(m)
        np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-13)
        assert (ours[0] == theirs[0]).all() and np.shares_memory(ours[0], m) and (ours[3] == theirs[3]).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda a: a.astype(">f8"),
        lambda a: np.frombuffer(b"\0" + a.tobytes(), np.float64, offset=1),
        lambda a: a.astype(np.float32),
        lambda a: a.view(np.matrix) if a.ndim == 2 else a.view(type("Sub", (np.ndarray,), {})),
        lambda a: list(a),
    ],
    ids=["big-endian", "misaligned", "other-dtype", "subclass", "list"],
)
def test_arguments_without_a_kernel_are_answered_by_python(built, make):
    argument = make(A.copy())
    expected = built.slice_sum.__wrapped__(argument, 1, 4) if not isinstance(argument, list) else None
    if expected is None:
        with pytest.raises(AttributeError):
            built.slice_sum(argument, 1, 4)
        return
    assert built.slice_sum(argument, 1, 4)[0] == expected[0]


def test_zero_strides(built):
    constant = np.broadcast_to(np.float64(3.0), (5,))
    built.check("slice_sum", constant, 1, 4)
    built.check("newaxis", constant)


def test_stores_where_elements_of_two_sizes_share_memory(build):
    built = build(
        """
from hypersonic import boost

@boost
def complex_and_float(a: "complex[:]", b: "float[:]"):
    a += b

@boost
def ints(a: "int64[:]", b: "int32[:]"):
    a *= b

@boost
def halves(a: "float[:]", b: "float32[:]"):
    a[:] = b * 2
"""
    )
    for name, make, dtype in (
        ("complex_and_float", lambda: np.array([1 - 5j, 2 - 3j, 3 - 1j]), np.float64),
        ("ints", lambda: np.array([1, 2, 3]), np.int32),
        ("halves", lambda: np.array([1.5, 2.5, 3.5]), np.float32),
    ):
        ours, theirs = make(), make()
        function = getattr(built.module, name)
        function(ours, ours.view(dtype)[:3])
        function.__wrapped__(theirs, theirs.view(dtype)[:3])
        np.testing.assert_array_equal(ours, theirs)
