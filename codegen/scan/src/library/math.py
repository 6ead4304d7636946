"""Functions of `math`, as compiled code has them: `module.name` is `module__name` here."""

import math

from hypersonic_library.exact import grow, grow_by_product, rounded, sum_of


def math__fsum(seq, /):
    """The exact sum, rounded once."""
    items = [float(item) for item in seq]
    usual = sum_of(items)
    if usual is not None:
        return rounded(usual)
    parts: list[float] = []
    infinite = 0.0
    special = 0.0
    is_special = False
    for item in items:
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


def math__dist(p, q, /):
    if isinstance(p, tuple) and isinstance(q, tuple):
        return math.dist(p, q)
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    far = 0.0
    odd = False
    for i in range(len(p)):
        size = abs(float(p[i]) - float(q[i]))
        odd = odd or math.isnan(size)
        far = max(far, size)
    if math.isinf(far):
        return far
    if odd:
        return math.nan
    if far == 0.0:
        return 0.0
    _, exponent = math.frexp(far)
    parts: list[float] = []
    for i in range(len(p)):
        size = math.ldexp(float(p[i]) - float(q[i]), -exponent)
        if abs(size) > 1e-40:
            grow_by_product(parts, size, size)
    return math.ldexp(math.sqrt(rounded(parts)), exponent)
