"""Builtins that are written in Python, as compiled code has them: `module.name` is `module__name` here."""

import math
import time

from hypersonic_library.said import refuse


def builtins__bin(number, /):
    if not isinstance(number, int):
        refuse("`bin` is compiled for ints")
    return f"{number:#b}"


def builtins__hex(number, /):
    if not isinstance(number, int):
        refuse("`hex` is compiled for ints")
    return f"{number:#x}"


def builtins__oct(number, /):
    if not isinstance(number, int):
        refuse("`oct` is compiled for ints")
    return f"{number:#o}"


def builtins__hash(obj, /):
    """Of a number: its remainder by 2**61 - 1, which -1, said as -2, is never."""
    if isinstance(obj, int):
        rest = abs(obj | 0) % 2305843009213693951
        rest = -rest if obj < 0 else rest
        return -2 if rest == -1 else rest
    if not isinstance(obj, float):
        refuse("`hash` is compiled for ints and floats: of a string it differs from process to process")
    if obj != obj:
        # That of the object: Python answers.
        return 9223372036854775807 + int(math.copysign(2.0, 1.0))
    if math.isinf(obj):
        return 314159 if obj > 0.0 else -314159
    mantissa, exponent = math.frexp(abs(obj))
    # Powers of two go round in 61 bits.
    whole = int(mantissa * 9007199254740992.0)
    turn = (exponent - 53) % 61
    low = whole & ((1 << (61 - turn)) - 1)
    rest = (low << turn) | (whole >> (61 - turn))
    rest = -rest if obj < 0.0 else rest
    return -2 if rest == -1 else rest


def own__pow_modulo(base, exp, mod):
    if not (isinstance(base, int) and isinstance(exp, int) and isinstance(mod, int)):
        refuse("`pow` with a modulus is compiled for ints")
    if mod == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    size = abs(mod)
    factor = base % size
    power = exp
    if exp < 0:
        factor = inverse_modulo(factor, size)
        power = -exp
    result = 1 % size
    while power > 0:
        if power & 1:
            result = product_modulo(result, factor, size)
        power >>= 1
        if power > 0:
            factor = product_modulo(factor, factor, size)
    return result + mod if mod < 0 and result > 0 else result


def product_modulo(a, b, size):
    """The product of two numbers below the modulus, in sums where it would leave 64 bits."""
    if size < 3037000499:
        return a * b % size
    result = 0
    while b > 0:
        if b & 1:
            result = result - (size - a) if result >= size - a else result + a
        a = a - (size - a) if a >= size - a else a + a
        b >>= 1
    return result


def inverse_modulo(a, size):
    """The number that multiplied by `a` gives 1, by Euclid's algorithm."""
    rest, next_rest = size, a
    factor, next_factor = 0, 1
    while next_rest != 0:
        quotient = rest // next_rest
        rest, next_rest = next_rest, rest - quotient * next_rest
        factor, next_factor = next_factor, factor - quotient * next_factor
    if rest != 1:
        raise ValueError("base is not invertible for the given modulus")
    return factor % size


def time__sleep(seconds, /):
    if not 0 <= seconds < 9000000000:
        raise ValueError("sleep length must be non-negative")
    time.sleep(seconds)


def own__in_range(x, start, stop, step):
    if not isinstance(x, int):
        refuse("`in range(...)` is compiled for ints")
    if step == 0:
        raise ValueError("range() arg 3 must not be zero")
    if step > 0:
        return start <= x < stop and (x - start) % step == 0
    return stop < x <= start and (start - x) % -step == 0


def own__slice_indices(start, stop, step, length):
    if not isinstance(length, int):
        refuse("`indices` is compiled for ints")
    if length < 0:
        raise ValueError("length should not be negative")
    by = 1 if step is None else step
    if by == 0:
        raise ValueError("slice step cannot be zero")
    low = 0 if by > 0 else -1
    high = length if by > 0 else length - 1
    if start is None:
        first = low if by > 0 else high
    else:
        first = max(start + length, low) if start < 0 else min(start, high)
    if stop is None:
        last = high if by > 0 else low
    else:
        last = max(stop + length, low) if stop < 0 else min(stop, high)
    return first, last, by


def int__bit_length(self):
    size = abs(self)
    if size >= 4503599627370496:
        _, exponent = math.frexp(float(size >> 20))
        return exponent + 20
    _, exponent = math.frexp(float(size))
    return exponent


def int__bit_count(self):
    rest = abs(self)
    count = 0
    while rest > 0:
        rest &= rest - 1
        count += 1
    return count


def int__is_integer(self):
    return True


def float__is_integer(self):
    return math.isfinite(self) and math.floor(abs(self)) == abs(self) if abs(self) < 9007199254740992.0 else math.isfinite(self)


def float__conjugate(self):
    return self


def int__conjugate(self):
    return self | 0
