"""Exact sums: a list of floats that do not overlap, the smallest first, is their sum with nothing lost (Shewchuk 1997)."""

import math


def grow(parts, x):
    """Adds a number to an exact sum; gives the part that came last, which is infinite or NaN if the sum is not finite."""
    kept = 0
    for place in range(len(parts)):
        y = parts[place]
        if abs(x) < abs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            parts[kept] = low
            kept += 1
        x = high
    del parts[kept:]
    if x != 0.0:
        parts.append(x)
    return x


def sum_of(data):
    """The exact sum of floats, as a list; nothing if it is not finite, or spans more than three floats."""
    high = 0.0
    middle = 0.0
    low = 0.0
    for item in data:
        x = float(item)
        total = high + x
        part = total - high
        x = (high - (total - part)) + (x - part)
        high = total
        total = middle + x
        part = total - middle
        x = (middle - (total - part)) + (x - part)
        middle = total
        total = low + x
        part = total - low
        x = (low - (total - part)) + (x - part)
        low = total
        if x != 0.0:
            return None
    parts: list[float] = []
    grow(parts, low)
    grow(parts, middle)
    grow(parts, high)
    return parts


def exact_sum(data):
    """The same, whatever they span."""
    usual = sum_of(data)
    if usual is not None:
        return usual
    parts: list[float] = []
    for item in data:
        grow(parts, float(item))
    return parts


def square_sum(data):
    """The exact sum of the squares of floats."""
    products: list[float] = []
    for x in data:
        high = x * x
        scaled = x * 134217729.0
        large = scaled - (scaled - x)
        small = x - large
        products.append(high)
        products.append(small * small - ((high - large * large) - 2.0 * (large * small)))
    return exact_sum(products)


def grow_by_product(parts, x, y):
    """Adds the exact product of two numbers, whose halves are multiplied each with each (Dekker 1971)."""
    high = x * y
    scaled = x * 134217729.0
    x_high = scaled - (scaled - x)
    x_low = x - x_high
    scaled = y * 134217729.0
    y_high = scaled - (scaled - y)
    y_low = y - y_high
    low = x_low * y_low - (((high - x_high * y_high) - x_low * y_high) - x_high * y_low)
    grow(parts, high)
    grow(parts, low)


def rounded(parts):
    """An exact sum as a float, rounded half to even."""
    if not parts:
        return 0.0
    place = len(parts) - 1
    high = parts[place]
    low = 0.0
    while place > 0:
        place -= 1
        x = high
        y = parts[place]
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            break
    # Half way between two floats, what comes after decides.
    if place > 0 and ((low < 0.0 and parts[place - 1] < 0.0) or (low > 0.0 and parts[place - 1] > 0.0)):
        y = low * 2.0
        x = high + y
        if x - high == y:
            high = x
    return high


def is_tame(x):
    """Whether squares and differences of such numbers neither overflow nor lose anything below."""
    size = abs(x)
    return size == 0.0 or (size < 1e100 and size > 1e-80)


def is_odd(x):
    """Whether the last of the 53 bits of a number is set."""
    mantissa, _ = math.frexp(x)
    return int(mantissa * 9007199254740992.0) % 2 != 0


def quotient(parts, divisor):
    """An exact sum divided by a whole number, rounded once, half to even."""
    value = rounded(parts) / divisor
    if value == 0.0:
        return 0.0
    while True:
        rest = list(parts)
        grow_by_product(rest, -value, divisor)
        left = rounded(rest)
        if left == 0.0:
            return value
        beside = math.nextafter(value, math.inf if left > 0.0 else -math.inf)
        # Twice what is left, and the step to the next float.
        for part in list(rest):
            grow(rest, part)
        grow_by_product(rest, -(beside - value), divisor)
        beyond = rounded(rest)
        if (beyond > 0.0) == (left > 0.0) and beyond != 0.0:
            value = beside
        elif beyond == 0.0 and is_odd(value):
            return beside
        else:
            return value


def inverse(parts, dividend):
    """A whole number divided by an exact sum, rounded once."""
    value = dividend / rounded(parts)
    while True:
        rest = [dividend]
        for part in parts:
            grow_by_product(rest, -value, part)
        left = rounded(rest)
        if left == 0.0:
            return value
        positive = (left > 0.0) == (rounded(parts) > 0.0)
        beside = math.nextafter(value, math.inf if positive else -math.inf)
        for part in list(rest):
            grow(rest, part)
        for part in parts:
            grow_by_product(rest, -(beside - value), part)
        beyond = rounded(rest)
        if (beyond > 0.0) == (left > 0.0) and beyond != 0.0:
            value = beside
        elif beyond == 0.0 and is_odd(value):
            return beside
        else:
            return value


def root(parts, divisor):
    """The square root of an exact sum that is divided by a whole number, rounded once."""
    value = math.sqrt(rounded(parts) / divisor)
    if value == 0.0:
        return 0.0
    while True:
        left = beyond_square(parts, divisor, value, 0.0)
        if left == 0.0:
            return value
        beside = math.nextafter(value, math.inf if left > 0.0 else -math.inf)
        beyond = beyond_square(parts, divisor, value, 0.5 * (beside - value))
        if (beyond > 0.0) == (left > 0.0) and beyond != 0.0:
            value = beside
        elif beyond == 0.0 and is_odd(value):
            return beside
        else:
            return value


def beyond_square(parts, divisor, value, half):
    """An exact sum less the divisor times the square of `value + half`."""
    square: list[float] = []
    grow_by_product(square, value, value)
    grow_by_product(square, 2.0 * value, half)
    grow_by_product(square, half, half)
    rest = list(parts)
    for part in square:
        grow_by_product(rest, -part, divisor)
    return rounded(rest)
