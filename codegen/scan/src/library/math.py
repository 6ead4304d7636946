"""Functions of `math` and `cmath`, as compiled code has them: `module.name` is `module__name` here."""

import math

from hypersonic_library.exact import grow, rounded


def math__fsum(seq, /):
    """The exact sum, rounded once."""
    parts: list[float] = []
    infinite = 0.0
    special = 0.0
    is_special = False
    for item in seq:
        given = float(item)
        last = grow(parts, given)
        if last - last != 0.0:
            if given - given == 0.0:
                raise OverflowError("intermediate overflow in fsum")
            if given == given:
                infinite += given
            special += given
            is_special = True
            parts.clear()
    if is_special:
        if infinite != infinite:
            raise ValueError("-inf + inf in fsum")
        return special
    return rounded(parts)


def math__remainder(x, y, /):
    x = float(x)
    y = float(y)
    if x - x == 0.0 and y - y == 0.0:
        if y == 0.0:
            raise ValueError("math domain error")
        size = abs(x)
        width = abs(y)
        over = math.fmod(size, width)
        under = width - over
        if over < under:
            rest = over
        elif over > under:
            rest = -under
        else:
            rest = over - 2.0 * math.fmod(0.5 * (size - over), width)
        return math.copysign(1.0, x) * rest
    if x != x:
        return x
    if y != y:
        return y
    if x - x != 0.0:
        raise ValueError("math domain error")
    return x


def math__ulp(x, /):
    x = abs(float(x))
    if x - x != 0.0:
        return x
    above = math.nextafter(x, math.inf)
    if above == math.inf:
        return x - math.nextafter(x, -math.inf)
    return above - x


def math__prod(iterable, /, *, start=1):
    total = start
    for item in iterable:
        total = total * item
    return total


def cmath__isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    a = complex(a)
    b = complex(b)
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if math.isinf(a.real) or math.isinf(a.imag) or math.isinf(b.real) or math.isinf(b.imag):
        return False
    far = abs(a - b)
    return far <= rel_tol * abs(b) or far <= rel_tol * abs(a) or far <= abs_tol
