"""Writes snippets.txt: what CPython with NumPy makes of each snippet, for tests/snippets.rs.

Run with an interpreter that has NumPy 2: `python make_snippets.py > snippets.txt`. A case is a source, its
arguments, and its expectation, divided by lines of dashes; cases are divided by lines of equals signs. Floats stand by their bits.
"""

from __future__ import annotations

import math
import struct
import sys

import numpy as np

HEAD = "@boost\ndef f(a: 'float[:]', m: 'float[:, :]', x0: float, i0: int):\n"
HELPERS = """\
def helper(v, k):
    v[0] += k
    return v[1:] * k

def pair(v):
    return v.sum(), v[::-1]

def fact(n: int) -> int:
    if n <= 1:
        return 1
    return n * fact(n - 1)

def early(v, k):
    if k > 1:
        return v
    w = v * 2
    return w

"""
ARGUMENTS = [
    ([1.0, 2.0, -3.0, 0.5], [[1.0, 2.0], [3.0, 4.0]], 0.5, 1),
    ([-1.0, 5.0, 0.0, 2.0, 7.0], [[0.5, -2.0], [3.0, 1.5]], 2.0, 2),
    ([3.0, -1.0], [[1.0, 0.0], [-1.0, 2.0]], -1.0, 0),
    ([2.0, 1.0, 1.5], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], 1.0, 3),
]


def bits(value: float) -> str:
    """A float by its bits; all NaN are one."""
    return "nan" if value != value else struct.pack(">d", value).hex()


def words(value: object) -> list[str]:
    """A result as words."""
    if value is None:
        return ["None"]
    if isinstance(value, tuple):
        return [word for item in value for word in words(item)]
    if isinstance(value, np.ndarray):
        return [str(list(value.shape)), *(bits(float(item)) for item in value.ravel())]
    if isinstance(value, bool | int | np.bool_ | np.integer):
        return [str(int(value))]
    return [bits(float(value))]


def case(source: str, vector: list[float], matrix: list[list[float]], x0: float, i0: int) -> str:
    """One case as text."""
    a, m = np.array(vector), np.array(matrix)
    given = [
        f"array {' '.join(map(repr, vector))};{len(vector)}",
        f"array {' '.join(repr(float(item)) for item in m.ravel())};{m.shape[0]} {m.shape[1]}",
        f"float {x0}",
        f"int {i0}",
    ]
    namespace = {"np": np, "math": math, "boost": lambda function: function}
    try:
        exec(source, namespace)  # the snippets below
        found = words(namespace["f"](a, m, x0, i0))
    except (IndexError, ValueError, ZeroDivisionError, AssertionError) as error:
        found = ["error", type(error).__name__]
    for array in (a, m):
        found += ["|", *(bits(float(item)) for item in array.ravel())]
    return "\n-----\n".join([source.rstrip("\n"), "\n".join(given), " ".join(found)]) + "\n=====\n"


SNIPPETS = [
    HEAD
    + """\
    b = m[:, 0] if i0 > 1 else a
    return b + 1
""",
    HEAD
    + """\
    mask = m > 0.5
    m[mask] = m[mask] * 2
    return m
""",
    HEAD
    + """\
    mask = a > 0
    a[mask] = a[mask][::-1]
    return a.copy()
""",
    HEAD
    + """\
    return np.concatenate((a, a[1:], np.zeros(2))), np.stack((a, a * 2), axis=1)
""",
    HEAD
    + """\
    c = a + 1j * a
    return c.real, c.imag, (c * c.conj()).real
""",
    HEAD
    + """\
    c = np.zeros(3, dtype=np.complex128)
    c.real[:] = 2.0
    c.imag[1] = a[0]
    return c.real, c.imag, abs(c[1])
""",
    HEAD
    + """\
    t = np.empty((2, 3, 4))
    for i in range(2):
        for j in range(3):
            for k in range(4):
                t[i, j, k] = i * 100 + j * 10 + k
    return t[:, 1], t[..., -1], t[1, ::-1, 1:3], t.sum(axis=(0, 2)), t.transpose(2, 0, 1)[3], t.max(axis=1, keepdims=True)[:, 0]
""",
    HEAD
    + """\
    t = np.arange(24).reshape(2, 3, 4)
    return t.sum(axis=0), t.sum(axis=1), t.sum(axis=-1), t.sum(), t[:, 1:, ::2].reshape(2, -1), t.T[0]
""",
    HEAD
    + """\
    s = 0.0
    for row in m:
        s += row.sum()
        for v in row:
            s -= v * 0.5
    return s
""",
    HEAD
    + """\
    s = 0.0
    for i, v in enumerate(a):
        s += i * v
    for u, w in zip(a, a[::-1]):
        s += u * w
    return s
""",
    HEAD
    + """\
    m[:, 0], m[0, :] = 1.0, 2.0
    return m
""",
    HEAD
    + """\
    a[0], a[1] = a[1], a[0]
    return a * 1
""",
    HEAD
    + """\
    u = a
    v = a * 2
    u, v = v, u
    u[0] = 99.0
    return u + v, v
""",
    HEAD
    + """\
    x = a[:2]
    y = x
    x = x + 1
    x[0] = 50
    return y + 0, x
""",
    HEAD
    + """\
    return a.argmax(), a.argmin(), np.argmax(m), m.argmax(axis=0), m.argmin(axis=1)
""",
    HEAD
    + """\
    return np.any(a > 0), np.all(a > 0), (a > 0).any(), np.any(m > 1, axis=0) * 1.0
""",
    HEAD
    + """\
    return np.cumsum(a), np.cumsum(m, axis=0), np.cumsum(m, axis=1), np.cumsum(m)
""",
    HEAD
    + """\
    return np.dot(m, a[: m.shape[1]]), m @ m.T, a @ a
""",
    HEAD
    + """\
    return a.astype(np.int64), a.astype(np.float32) * 2, (a > 0).astype(np.float64)
""",
    HEAD
    + """\
    b = np.arange(4, dtype=np.float32)
    return b + 1, b.sum(), b.mean()
""",
    HEAD
    + """\
    return np.clip(a, -1, 1), np.clip(a, None, 0.5) if i0 > 5 else np.clip(a, -0.5, None)
""",
    HEAD
    + """\
    return np.outer(a, a), a[:, np.newaxis] - a[np.newaxis, :]
""",
    HEAD
    + """\
    d = a[:, None] - a
    return np.sqrt(d * d + 1), (d ** 2).sum(axis=1)
""",
    HEAD
    + """\
    while True:
        x0 += 1.0
        if x0 > 5:
            break
    return x0
""",
    HEAD
    + """\
    k = 0
    while k < 10:
        k += 1
        if k == 3:
            continue
        if k * x0 > 7:
            break
    else:
        k = 100
    return k
""",
    HEAD
    + """\
    try_ = 0
    for i in range(3):
        for j in range(3):
            if j == i0:
                break
            try_ += 1
        else:
            try_ += 10
    return try_, i
""",
    HEAD
    + """\
    out = np.zeros_like(m)
    for i in range(m.shape[0]):
        out[i] = m[i] * a[0]
    return out
""",
    HEAD
    + """\
    out = np.zeros((3, 3))
    out[1:, 1:] = m[:2, :2]
    out[0] += 1
    out[:, 0] *= 2
    return out
""",
    HEAD
    + """\
    if a.shape[0] > 3 and a[3] > 0:
        return a[:3].copy()
    elif i0 == 0:
        return a + 1
    return np.zeros(2)
""",
    HEAD
    + """\
    b = a.copy()
    for i in range(3):
        c = b[1:] - b[:-1]
        b[1:] += c * 0.5
    return b
""",
    HEAD
    + """\
    b = a
    for i in range(3):
        b = b[::-1] + i
    return b
""",
    HEAD
    + """\
    b = a
    for i in range(2):
        b = b[1:]
    b[0] = 7.0
    return a.sum(), b
""",
    HEAD
    + """\
    n = len(a)
    return n, a.size, m.shape[0] * m.shape[1], m.ndim
""",
    HEAD
    + """\
    return math.sqrt(abs(x0)), math.floor(2.7), math.pi * 0, math.hypot(3.0, 4.0)
""",
    HEAD
    + """\
    return m.T.reshape(-1), m.ravel(), m.flatten() if i0 > 3 else m.T.ravel()
""",
    HEAD
    + """\
    m += m.T
    return m.trace() if i0 > 9 else m[0, 0]
""",
    HEAD
    + """\
    m -= m[0]
    return m
""",
    HEAD
    + """\
    m /= m[:, :1] + 5
    return m
""",
    HEAD
    + """\
    a[1:] = a[:-1] + a[1:]
    a[::2] = a[::-1][::2]
    return a + 0
""",
    HEAD
    + """\
    m[:] = m.T
    return m + 0
""",
    HEAD
    + """\
    w = np.where(a > 0, a, -a)
    w[w > 1] -= 1
    return w
""",
    HEAD
    + """\
    return np.linspace(0, 1, 5), np.linspace(x0, 2, i0 + 2, endpoint=False), np.full((2, 2), x0), np.ones(3) * 2, np.eye(3, 2)
""",
    HEAD
    + """\
    return np.arange(5)[i0:], np.arange(1, 9, 3), np.arange(0.0, 1.0, 0.3), np.arange(5, 0, -2)
""",
    HEAD
    + """\
    e = np.zeros((0, 3))
    return e.sum(), e.sum(axis=0), np.zeros(0).sum()
""",
    HEAD
    + """\
    if i0 > 1:
        raise ValueError('bad value')
    return x0
""",
    HEAD
    + """\
    assert i0 < 2, 'too large'
    return x0
""",
    HEAD
    + """\
    t = (a, x0, (i0, m))
    b, y, (k, n) = t
    return b + k, n * y
""",
    HEAD
    + """\
    total = np.zeros(2)
    for k in range(2):
        col = m[:, k]
        total[k] = (col * col).sum() / col.size
    return total
""",
    HEAD
    + """\
    return (a > 0) & (a < 2), ~(a > 0), (a > 0) | (a < -1), np.logical_not(a > 1)
""",
    HEAD
    + """\
    idx = np.zeros(a.size, dtype=np.int64)
    for i in range(a.size):
        idx[i] = (i * 3) % a.size
    s = 0.0
    for i in range(a.size):
        s += a[idx[i]] * i
    return s, idx
""",
    HELPERS
    + HEAD
    + """\
    b = helper(a, x0)
    b[0] = 3.0
    return b, a + 0
""",
    HELPERS
    + HEAD
    + """\
    s, r = pair(a)
    r[0] = 42.0
    return s, a[-1]
""",
    HELPERS
    + HEAD
    + """\
    return fact(5 + i0), helper(m[0], 2.0) + helper(m[:, 0], 3.0)[0]
""",
    HELPERS
    + HEAD
    + """\
    e = early(a, i0)
    e[0] = -9.0
    return e, a + 0
""",
    HELPERS
    + HEAD
    + """\
    t = a * 3
    u = helper(t, 1.0)
    return u + t[1:]
""",
    HELPERS
    + HEAD
    + """\
    s = 0.0
    for i in range(4):
        s += helper(a * i, 2.0).sum() + early(a, i)[0]
    return s
""",
]

with np.errstate(all="ignore"):
    for snippet in SNIPPETS:
        for arguments in ARGUMENTS:
            sys.stdout.write(case(snippet, *arguments))
