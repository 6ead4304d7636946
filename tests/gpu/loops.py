"""Functions with explicit loops that a GPU runs, and some that it must not."""

import numpy as np
from hypersonic import boost


@boost
def scaled(a: "float[:]", b: "float[:]", factor: float):
    for i in range(len(a)):
        b[i] = factor * a[i] + i


@boost
def stencil(a: "float[:, :]", b: "float[:, :]"):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


@boost
def heat(a: "float[:, :]", b: "float[:, :]", steps: int):
    for _ in range(steps):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                b[i, j] = a[i, j] + 0.1 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] - 4 * a[i, j])
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                a[i, j] = b[i, j]


@boost
def mandelbrot(c: "complex[:, :]", limit: int):
    out = np.empty(c.shape, np.int64)
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            z = 0j
            count = limit
            for n in range(limit):
                if z.real * z.real + z.imag * z.imag > 4.0:
                    count = n
                    break
                z = z * z + c[i, j]
            out[i, j] = count
    return out


@boost
def product(a: "float[:, :]", b: "float[:, :]", c: "float[:, :]"):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            c[i, j] = total


@boost
def pairwise(x: "float[:, :]"):
    n, m = x.shape
    out = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            d = 0.0
            for k in range(m):
                d += (x[i, k] - x[j, k]) ** 2
            out[i, j] = np.sqrt(d)
    return out


@boost
def triangle(a: "float[:]", out: "float[:, :]"):
    for i in range(len(a)):
        for j in range(i):
            out[i, j] = a[i] - a[j]


@boost
def pairs(a: "float32[:]"):
    for i in range(0, len(a) - 1, 2):
        a[i], a[i + 1] = a[i + 1], a[i]


@boost
def backwards(a: "int32[:]", b: "int32[:]"):
    n = len(a)
    for i in range(n - 1, -1, -1):
        b[i] = a[n - 1 - i]


@boost
def clipped(a: "float[:]", b: "float[:]"):
    for i in range(len(a)):
        if a[i] < 0:
            continue
        b[i] = min(a[i], 1.0)


@boost
def row_sums(a: "float[:, :]", out: "float[:]"):
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j]
        out[i] = total


@boost
def column_scan(a: "float[:, :]"):
    for j in range(a.shape[1]):
        for i in range(1, a.shape[0]):
            a[i, j] += a[i - 1, j]


@boost
def halves(a: "float[:]"):
    n = len(a) // 2
    for i in range(n):
        a[i], a[i + n] = a[i] + a[i + n], a[i] - a[i + n]


@boost
def numbered(a: "int[:, :, :]"):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(a.shape[2]):
                a[i, j, k] = (i * a.shape[1] + j) * a.shape[2] + k


@boost
def phases(a: "complex64[:]", k: "float[:]"):
    for i in range(a.size):
        a[i] = a[i] * np.exp(1j * k[i])


@boost
def flags(a: "float[:]", out: "bool[:]"):
    for i, x in enumerate(a):
        out[i] = 0.25 < x < 0.75


@boost
def mixed(a: "float[:]"):
    b = np.sqrt(a)
    for i in range(len(a)):
        a[i] = b[i] * 2
    return a + b


@boost
def filled(a: "float[:]", n: int):
    for i in range(n):
        a[i] = 1.0


@boost
def twice(a: "float[:]", n: int):
    for i in range(len(a)):
        a[i] += 1
    for i in range(n):
        a[i] *= 2


@boost
def running(a: "float[:]"):
    for i in range(1, len(a)):
        a[i] += a[i - 1]


@boost
def last(a: "float[:]", b: "float[:]"):
    x = 0.0
    for i in range(len(a)):
        x = a[i]
        b[i] = x
    return x


@boost
def chosen(a: "float[:]", where: "int[:]"):
    for i in range(len(where)):
        a[where[i]] = 0.0


@boost
def collide(a: "float[:]"):
    for i in range(len(a)):
        for _ in range(3):
            a[i // 2] = i
