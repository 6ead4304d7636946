"""Functions that a GPU runs: every dtype, unary and binary functions, broadcasting, choices, stores, several results."""

import numpy as np
from hypersonic import Array, NDim, Type, boost

Floating = Type(np.float32, np.float64)
Integer = Type(np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)
Number = Type(np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64)
F = Array[Floating, NDim(1)]
I = Array[Integer, NDim(1)]
A = Array[Number, NDim(1)]


@boost
def arc_distance(theta_1: "float[:]", phi_1: "float[:]", theta_2: "float[:]", phi_2: "float[:]"):
    temp = np.sin((theta_2 - theta_1) / 2) ** 2 + np.cos(theta_1) * np.cos(theta_2) * np.sin((phi_2 - phi_1) / 2) ** 2
    return 2 * np.arctan2(np.sqrt(temp), np.sqrt(1 - temp))


@boost
def add(a: A, b: A):
    return a + b


@boost
def arithmetic(a: A, b: A):
    return a * b - a, a + 2 * b, -a


@boost
def add_bool(a: "bool[:]", b: "bool[:]"):
    return a & b, a | b, a ^ b, ~a


@boost
def integers(a: I, b: I):
    return a // b, a % b, a & b, a | b, a ^ b, abs(a)


@boost
def shifts(a: I, b: I):
    return a << b, a >> b


@boost
def divide(a: F, b: F):
    return a / b, a // b, a % b, np.sqrt(abs(a)), np.maximum(a, b), np.minimum(a, b)


@boost
def rounding(a: F):
    return np.floor(a), np.ceil(a), np.trunc(a), np.rint(a), np.sign(a), np.absolute(a)


@boost
def elementary(a: F):
    return np.exp(a), np.log(a), np.sin(a), np.cos(a), np.tan(a), np.tanh(a), np.arctan(a), np.expm1(a), np.log1p(a)


@boost
def elementary_too(a: F):
    return np.exp2(a), np.log2(a), np.log10(a), np.sinh(a), np.cosh(a), np.arcsin(a), np.arccos(a), np.arcsinh(a), np.cbrt(a)


@boost
def powers(a: F, b: F):
    return a**b, a**2, a**3, np.hypot(a, b), np.arctan2(a, b)


@boost
def compare(a: A, b: A):
    return a < b, a <= b, a == b, a != b


@boost
def choose(a: F, b: F):
    return np.where(a < b, a, 2 * b)


@boost
def tests(a: F):
    return np.isnan(a), np.isinf(a), np.isfinite(a), np.signbit(a)


@boost
def convert(a: A):
    return a.astype(np.float64), a.astype(np.float32), a.astype(np.int64), a.astype(np.int16), a.astype(np.uint8), a.astype(bool)


@boost
def mixed(a: "float32[:]", b: "int32[:]", c: "uint8[:]"):
    return a + b, b + c, a * c


@boost
def complex_arithmetic(a: "complex[:]", b: "complex[:]"):
    return a + b, a * b, a - b, a.real, a.imag, np.conj(a), a == b


@boost
def complex_division(a: "complex[:]", b: "complex[:]"):
    return a / b


@boost
def complex_functions(a: "complex[:]"):
    return np.abs(a), np.exp(a)


@boost
def more_complex(a: "complex[:]"):
    return np.sqrt(a), np.sin(a), a**2, np.angle(a), a * 1j, np.log(a)


@boost
def more(a: "float[:]", b: "float[:]"):
    return np.clip(a, 0.1, 0.9), np.fmod(a, b), np.logaddexp(a, b), np.copysign(a, b), np.fmax(a, b), np.nextafter(a, b), np.heaviside(a, b)


@boost
def more_integers(a: "int[:]", b: "int32[:]"):
    return a**2, np.invert(b), b // 7, a % 10, np.left_shift(a, 2), np.sign(a), a / 3, np.bitwise_count(a)


@boost
def more_choices(a: "float[:]"):
    return (a > 0.5) & (a < 0.7) | ~(a == 0.6), np.logical_not(a), np.where(a > 0.5, 1, 0)


@boost(fastmath=True)
def fast(a: "float[:]", b: "float[:]"):
    return np.sin(a) * b + np.sqrt(a) / b, np.exp(a)


@boost
def single_complex(a: "complex64[:]", b: "complex64[:]"):
    return a * b + a


@boost
def scale(a: "float[:]", factor: float, offset: int):
    return a * factor + offset


@boost
def plane(a: "float[:, :]", b: "float[:, :]"):
    return a * b + 1


@boost
def outer(row: "float[:]", column: "float[:, :]"):
    return row * column - row


@boost
def cube(a: "float[:, :, :]"):
    return a * 2 + 1


@boost
def double_in_place(a: "float[:]"):
    a *= 2


@boost
def store(a: "float[:, :]", b: "float[:]"):
    a[:] = b + 1


@boost
def inner(a: "float[:, :]"):
    a[1:-1, 1:-1] = 7.0


@boost
def blur(a: "float[:, :]"):
    return a[1:-1, 1:-1] * 4 - a[:-2, 1:-1] - a[2:, 1:-1] - a[1:-1, :-2] - a[1:-1, 2:]


@boost
def view(a: "float[:, :]"):
    return a[1:, ::-2]


@boost
def same(a: "float[:]"):
    return a


@boost
def transposed(a: "float[:, :]", b: "float[:, :]"):
    return a.T + b


@boost
def fresh(n: int):
    return np.zeros(n), np.ones(n)


@boost
def like(a: "float[:, :]"):
    return np.zeros_like(a), np.ones_like(a) * 3


@boost
def total(a: "float[:]"):
    return a.sum()


@boost
def loop(a: "float[:]"):
    s = 0.0
    for i in range(len(a)):
        s += a[i]
    return s


@boost
def shift(a: "float[:]"):
    a[1:] = a[:-1]


@boost
def copy(a: "float[:]", b: "float[:]"):
    a[:] = b * 2


@boost
def minus(a: "float[:]", b: "float[:]"):
    return a - b


@boost
def clamp(a: "float[:]", low: float, high: float):
    return np.minimum(np.maximum(a, low), high)


@boost
def twice(a: "float[:]"):
    b = np.sqrt(a)
    b += 1
    return b * a


@boost
def index_dependent(n: int, a: "float[:]"):
    return np.arange(n) * a[0]
