"""The kernels of the benches: one text for every compiler."""

import numpy as np
from hypersonic import boost


# pythran export arc_distance(float64[], float64[], float64[], float64[])
@boost
def arc_distance(theta_1: "float[:]", phi_1: "float[:]", theta_2: "float[:]", phi_2: "float[:]"):
    temp = np.sin((theta_2 - theta_1) / 2) ** 2 + np.cos(theta_1) * np.cos(theta_2) * np.sin((phi_2 - phi_1) / 2) ** 2
    return 2 * np.arctan2(np.sqrt(temp), np.sqrt(1 - temp))


# pythran export rosen_terms(float64[])
@boost
def rosen_terms(x: "float[:]"):
    return 100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2


# pythran export rosen(float64[])
@boost
def rosen(x: "float[:]"):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


# pythran export blend(float64[], float64[], float64[])
@boost
def blend(a: "float[:]", b: "float[:]", c: "float[:]"):
    return (a * b + c) * 0.5 - a / (1.0 + b * b)


# pythran export gauss(float64[], float64, float64)
@boost
def gauss(x: "float[:]", mean: float, width: float):
    return np.exp(-((x - mean) ** 2) / (2 * width**2))


# pythran export mandelbrot(int, int, int)
@boost
def mandelbrot(width: int, height: int, limit: int):
    out = np.zeros((height, width), dtype=np.int64)
    for i in range(height):
        for j in range(width):
            cr = -2.0 + 3.0 * j / width
            ci = -1.5 + 3.0 * i / height
            x = 0.0
            y = 0.0
            n = 0
            while n < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + cr, 2.0 * x * y + ci
                n += 1
            out[i, j] = n
    return out


# pythran export stencil(float64[:,:], float64[:,:], float64, int)
@boost
def stencil(u: "float[:, :]", v: "float[:, :]", k: float, steps: int):
    n, m = u.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                v[i, j] = u[i, j] + k * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j])
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = v[i, j]
    return u


# pythran export pairwise(float64[:,:])
@boost
def pairwise(x: "float[:, :]"):
    n, d = x.shape
    out = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            s = 0.0
            for k in range(d):
                t = x[i, k] - x[j, k]
                s += t * t
            out[i, j] = np.sqrt(s)
    return out
