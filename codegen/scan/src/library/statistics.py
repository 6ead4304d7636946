"""Functions of `statistics`, as compiled code has them: `module.name` is `module__name` here.

CPython computes with fractions and rounds once at the end; so do exact sums of floats. Numbers that are not finite, and so large or
small that their squares would not be exact, are left to Python (an int that leaves 64 bits does that).
"""

import math
import statistics

from hypersonic_library.exact import exact_sum, grow, grow_by_product, inverse, is_tame, quotient, root, square_sum
from hypersonic_library.said import refuse


def statistics__mean(data):
    if len(data) < 1:
        raise statistics.StatisticsError("mean requires at least one data point")
    for x in data:
        if not isinstance(x, float):
            refuse("`statistics.mean` is compiled for lists of floats: of ints it is an int or a float, as their values are")
        if not is_tame(x):
            return float(9223372036854775807 + len(data))
    return quotient(exact_sum(data), float(len(data)))


def statistics__fmean(data):
    if len(data) < 1:
        raise statistics.StatisticsError("fmean requires at least one data point")
    return math.fsum(data) / len(data)


def squares_about_mean(data):
    """The number of items times the sum of their squared distances to their mean, exactly."""
    parts: list[float] = []
    count = float(len(data))
    for x in data:
        if not isinstance(x, float):
            refuse("this function of `statistics` is compiled for lists of floats")
        if not is_tame(x) or len(data) > 90000000:
            parts.append(float(9223372036854775807 + len(data)))
    sums = exact_sum(data)
    for part in square_sum(data):
        grow_by_product(parts, part, count)
    for part in sums:
        for other in sums:
            grow_by_product(parts, -part, other)
    return parts


def statistics__variance(data):
    if len(data) < 2:
        raise statistics.StatisticsError("variance requires at least two data points")
    return quotient(squares_about_mean(data), float(len(data)) * (float(len(data)) - 1.0))


def statistics__pvariance(data):
    if len(data) < 1:
        raise statistics.StatisticsError("pvariance requires at least one data point")
    return quotient(squares_about_mean(data), float(len(data)) * float(len(data)))


def statistics__stdev(data):
    if len(data) < 2:
        raise statistics.StatisticsError("stdev requires at least two data points")
    return root(squares_about_mean(data), float(len(data)) * (float(len(data)) - 1.0))


def statistics__pstdev(data):
    if len(data) < 1:
        raise statistics.StatisticsError("pstdev requires at least one data point")
    return root(squares_about_mean(data), float(len(data)) * float(len(data)))


def statistics__harmonic_mean(data):
    if len(data) < 1:
        raise statistics.StatisticsError("harmonic_mean requires at least one data point")
    parts: list[float] = []
    for x in data:
        if not isinstance(x, float):
            refuse("`statistics.harmonic_mean` is compiled for lists of floats")
        if x < 0.0:
            raise statistics.StatisticsError("harmonic mean does not support negative values")
        if x == 0.0 or not is_tame(x):
            return float(9223372036854775807 + len(data))
        grow(parts, 1 / x)
    if len(data) == 1:
        return data[0]
    return inverse(parts, float(len(data)))


def statistics__median(data):
    items = sorted(data)
    count = len(items)
    if count == 0:
        raise statistics.StatisticsError("no median for empty data")
    for x in items:
        if not isinstance(x, float):
            refuse("`statistics.median` is compiled for lists of floats: of ints it is an int or a float, as their number is")
    if count % 2 == 1:
        return items[count // 2]
    return (items[count // 2 - 1] + items[count // 2]) / 2


def statistics__median_low(data):
    items = sorted(data)
    count = len(items)
    if count == 0:
        raise statistics.StatisticsError("no median for empty data")
    return items[count // 2] if count % 2 == 1 else items[count // 2 - 1]


def statistics__median_high(data):
    items = sorted(data)
    if len(items) == 0:
        raise statistics.StatisticsError("no median for empty data")
    return items[len(items) // 2]


def counted(data):
    counts = {}
    for item in data:
        counts[item] = counts.get(item, 0) + 1
    return counts


def statistics__mode(data):
    most = 0
    counts = counted(data)
    if not counts:
        raise statistics.StatisticsError("no mode for empty data")
    for count in counts.values():
        most = max(most, count)
    return [item for item, count in counts.items() if count == most][0]


def statistics__multimode(data):
    most = 0
    counts = counted(data)
    for count in counts.values():
        most = max(most, count)
    return [item for item, count in counts.items() if count == most]


def statistics__quantiles(data, *, n=4, method="exclusive"):
    if n < 1:
        raise statistics.StatisticsError("n must be at least 1")
    items = sorted(data)
    size = len(items)
    result: list[float] = []
    if size < 2:
        # What one item gives depends on the version of Python.
        if size == 1:
            result.append(float(9223372036854775807 + size))
        raise statistics.StatisticsError("must have at least two data points")
    if method == "inclusive":
        for i in range(1, n):
            j, delta = divmod(i * (size - 1), n)
            result.append((items[j] * (n - delta) + items[j + 1] * delta) / n)
    elif method == "exclusive":
        for i in range(1, n):
            j = i * (size + 1) // n
            j = 1 if j < 1 else size - 1 if j > size - 1 else j
            delta = i * (size + 1) - j * n
            result.append((items[j - 1] * (n - delta) + items[j] * delta) / n)
    else:
        raise ValueError("Unknown method")
    return result
