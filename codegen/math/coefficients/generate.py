"""Derives the coefficients of the recipes and prints src/recipes/coefficients.rs.

Each fit interpolates a function at Chebyshev nodes in 60 digits, which is within a small factor of the minimax
polynomial, and rounds the coefficients to float64. The comment over each gives the largest absolute error of the
rounded polynomial on a fine grid. Needs mpmath.
"""

import struct
import sys

from mpmath import asin, atan, cbrt, cos, erf, erfc, euler, exp, expm1, factorial, findroot, floor, log, loggamma, mp, mpf, nint, pi, sin, sqrt

mp.dps = 60


def interpolate(g, a, b, count):
    """Monomial coefficients of the polynomial through `count` Chebyshev nodes of [a, b]."""
    a, b = mpf(a), mpf(b)
    nodes = [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    newton = [g(x) for x in nodes]
    for level in range(1, count):
        for k in range(count - 1, level - 1, -1):
            newton[k] = (newton[k] - newton[k - 1]) / (nodes[k] - nodes[k - level])
    coefficients = [newton[-1]]
    for k in range(count - 2, -1, -1):
        shifted = [mpf(0)] + coefficients
        for j, c in enumerate(coefficients):
            shifted[j] -= nodes[k] * c
        shifted[0] += newton[k]
        coefficients = shifted
    return coefficients


def value(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def literal(x):
    text = repr(float(x))
    return text if any(c in text for c in ".einf") else text + ".0"


def fit(name, doc, g, a, b, double, single):
    def one(count):
        rounded = [float(c) for c in interpolate(g, a, b, count)]
        grid = [mpf(a) + (mpf(b) - mpf(a)) * k / 400 for k in range(401)]
        return rounded, max(abs(value([mpf(c) for c in rounded], x) - g(x)) for x in grid)

    d, d_error = one(double)
    s, s_error = one(single)
    print(f"/// {doc}")
    print(f"/// Absolute error below {float(d_error):.1e}, single {float(s_error):.1e}.")
    print(f"pub(super) const {name}: Fit = Fit {{")
    print("    double: &[" + ", ".join(literal(c) for c in d) + "],")
    print("    single: &[" + ", ".join(literal(c) for c in s) + "],")
    print("};\n")


def series(name, doc, g, a, b, count):
    """A fit that has one length."""
    rounded = [float(c) for c in interpolate(g, a, b, count)]
    grid = [mpf(a) + (mpf(b) - mpf(a)) * k / 400 for k in range(401)]
    error = max(abs(value([mpf(c) for c in rounded], x) - g(x)) for x in grid)
    print(f"/// {doc}")
    print(f"/// Absolute error below {float(error):.1e}.")
    print(f"pub(super) const {name}: [f64; {count}] = [" + ", ".join(literal(c) for c in rounded) + "];\n")


def at(g, zero):
    """`g` with its limit at 0."""
    return lambda x: mpf(zero) if abs(x) < mpf(10) ** -25 else g(x)


def of_square(g, zero):
    """`g(x)` as a function of x*x."""
    return lambda z: mpf(zero) if z < mpf(10) ** -22 else g(sqrt(z))


def log_rest(z):
    if z < mpf(10) ** -15:
        return mpf(2) / 3 + z * 2 / 5
    s = sqrt(z)
    return (log((1 + s) / (1 - s)) / s - 2) / z


def rest_of_erf(z):
    return (erf(sqrt(z)) / sqrt(z) - 1) if z > mpf(10) ** -22 else 2 / sqrt(pi) - 1


def stirling_rest(z):
    """What Stirling's formula and `1 / (12 y)` lack of `log Gamma(y)`, times y^3, as a function of z = 1 / y^2."""
    if z < mpf(10) ** -12:
        return -mpf(1) / 360 + z / 1260 - z**2 / 1680
    y = 1 / sqrt(z)
    return (loggamma(y) - (y - mpf(1) / 2) * log(y) + y - log(2 * pi) / 2 - 1 / (12 * y)) * y**3


def print_columns(doc, columns):
    """Tables of one length, a module's whole text."""
    for text in doc:
        print(f"//! {text}")
    print()
    for name, column in columns:
        print("#[rustfmt::skip]")
        print(f"pub(super) static {name}: [u64; {len(column)}] = [")
        words = [struct.pack(">d", float(c)).hex() for c in column]
        for k in range(0, len(words), 6):
            print("    " + ", ".join("0x" + w for w in words[k : k + 6]) + ",")
        print("];\n")


def scaled_erfc_table():
    """`e^(x^2) erfc(x)` on sixteenths of the binades from 1/2 to 32: coefficients in the distance from the middle."""
    rows = []
    for binade in range(-1, 5):
        for part in range(16):
            middle = mpf(2) ** binade * (1 + (mpf(part) + mpf(1) / 2) / 16)
            width = mpf(2) ** binade / 32
            rows.append(interpolate(lambda t, m=middle: exp((m + t) ** 2) * erfc(m + t), -width, width, 11))
    columns = [[row[k] for row in rows] for k in range(11)]
    low = [row[0] - mpf(float(row[0])) for row in rows]
    doc = [
        "`e^(x^2) erfc(x)` on sixteenths of the binades from 1/2 to 32, a polynomial in the distance from the middle of each.",
        "Written by `coefficients/generate.py scaled_erfc`; not edited by hand.",
    ]
    print_columns(doc, [*((f"C{k}", column) for k, column in enumerate(columns)), ("C0_LOW", low)])


def lgamma_roots_table():
    """The zeros of `log |Gamma(x)|` at negative x, two beside each whole number from -2 (which has one) to -16: distance
    from the whole number, and coefficients of `log |Gamma| / u` in u, the distance from the zero in units of the power of
    two below the former distance."""
    count, rows = 12, []
    magnitude = lambda x: loggamma(x).real
    for n in range(2, 17):
        for side in (-1, 1):
            if (n, side) == (2, 1):
                rows.append([mpf(0)] * (count + 3))
                continue
            near = mpf({(2, -1): "-0.457", (3, -1): "-0.1436", (3, 1): "0.2525"}.get((n, side), side / factorial(n)))
            offset = findroot(lambda e, n=n: magnitude(e - n), (near, near * mpf("1.001")), tol=mpf(10) ** -90)
            unit = mpf(2) ** floor(log(abs(offset), 2))
            width = abs(offset / unit) / 16
            c = interpolate(lambda u, n=n, o=offset, p=unit: magnitude(o + u * p - n) / u, -width, width, count)
            rows.append([offset, offset - mpf(float(offset)), c[0], c[0] - mpf(float(c[0])), *c[1:]])
    names = ["OFFSET", "OFFSET_LOW", "C0", "C0_LOW", *(f"C{k}" for k in range(1, count))]
    doc = [
        "The zeros of `log |Gamma(x)|` at negative x by their distance from whole numbers, left and right of -2 to -16 (the second row",
        "stands for none), and there `log |Gamma| / u` as a polynomial in u, the distance from the zero in units of the power of two",
        "below the former distance, up to a sixteenth of it. Written by `coefficients/generate.py lgamma_roots`; not edited by hand.",
    ]
    print_columns(doc, [(name, [row[k] for row in rows]) for k, name in enumerate(names)])


def logarithms_table():
    """Reciprocals in ten bits on 128 parts of the floats from 0.709 to 1.418, and minus their logarithms."""
    start, step = 0x3FF0 << 48, 1 << 45
    start -= 149 << 44
    as_float = lambda bits: mpf(struct.unpack(">d", struct.pack(">Q", bits))[0])
    columns, widest = [[], [], []], 0
    for part in range(128):
        low, high = as_float(start + part * step), as_float(start + (part + 1) * step)
        inverse = mpf(1) if low < 1 < high else nint(2 / (low + high) * 512) / 512
        widest = max(widest, abs(low * inverse - 1), abs(high * inverse - 1))
        leading = nint(-log(inverse) * mpf(2) ** 42) / mpf(2) ** 42
        for column, value in zip(columns, (inverse, leading, -log(inverse) - leading)):
            column.append(value)
    doc = [
        "Reciprocals c in ten bits on 128 parts of the floats from 0.709 to 1.418, and -log(c) as a multiple of 2^-42 and a rest.",
        f"A number of a part times c is within {float(widest):.7f} of 1. Written by `coefficients/generate.py logarithms`; not edited by hand.",
    ]
    print_columns(doc, list(zip(["INVERSE", "LOG", "LOG_LOW"], columns)))


def powers_of_two_table():
    """`2^(j/64)` as sums of three floats."""
    columns = [[], [], []]
    for j in range(64):
        rest = mpf(2) ** (mpf(j) / 64)
        for column in columns:
            column.append(mpf(float(rest)))
            rest -= column[-1]
    doc = ["`2^(j/64)` for j from 0 to 63, each the sum of three floats.", "Written by `coefficients/generate.py powers_of_two`; not edited by hand."]
    print_columns(doc, list(zip(["FIRST", "SECOND", "THIRD"], columns)))


def main():
    tables = {"scaled_erfc": scaled_erfc_table, "lgamma_roots": lgamma_roots_table, "powers_of_two": powers_of_two_table, "logarithms": logarithms_table}
    for name in sys.argv[1:]:
        tables[name]()
    if sys.argv[1:]:
        return
    print("//! Coefficients, lowest power first. Written by `coefficients/generate.py`; not edited by hand.\n")
    print("use super::polynomial::Fit;\n")
    half = log(2) / 2 * (1 + mpf(2) ** -20)
    fit("EXP", "`(e^r - 1 - r) / r^2` on |r| <= ln(2)/2.", at(lambda r: (expm1(r) - r) / r**2, "0.5"), -half, half, 11, 6)
    ln2 = log(2)
    fit("EXP2", "`(2^r - 1 - r ln 2) / r^2` on |r| <= 1/2.", at(lambda r: (expm1(r * ln2) - r * ln2) / r**2, ln2**2 / 2), "-0.5", "0.5", 11, 6)
    top = (3 - 2 * sqrt(2)) ** 2 * (1 + mpf(2) ** -20)
    fit("LOG", "`(2 atanh(s) / s - 2) / s^2` as a function of s^2, for |s| <= 3 - 2 sqrt(2).", log_rest, 0, top, 7, 3)
    cubic = lambda r: (log(1 + r) - r + r**2 / 2) / r**3
    series("LOG_CUBIC", "`(log(1 + r) - r + r^2 / 2) / r^3`, |r| <= 0.0048.", at(cubic, mpf(1) / 3), "-0.0048", "0.0048", 6)
    quarter = (pi / 4) ** 2 * (1 + mpf(2) ** -20)
    fit("SIN", "`(sin(r) / r - 1) / r^2` as a function of r^2, |r| <= pi/4.", of_square(lambda r: (sin(r) / r - 1) / r**2, -mpf(1) / 6), 0, quarter, 6, 4)
    fit("COS", "`(cos(r) - 1 + r^2 / 2) / r^4` as a function of r^2, |r| <= pi/4.", of_square(lambda r: (cos(r) - 1 + r**2 / 2) / r**4, mpf(1) / 24), 0, quarter, 6, 3)
    eighth = (sqrt(2) - 1) ** 2 * (1 + mpf(2) ** -20)
    fit("ATAN", "`(atan(t) / t - 1) / t^2` as a function of t^2, |t| <= sqrt(2) - 1.", of_square(lambda t: (atan(t) / t - 1) / t**2, -mpf(1) / 3), 0, eighth, 13, 6)
    fit("ASIN", "`(asin(s) / s - 1) / s^2` as a function of s^2, |s| <= 1/2.", of_square(lambda s: (asin(s) / s - 1) / s**2, mpf(1) / 6), 0, "0.25", 15, 7)
    fit("ERF", "`erf(x) / x - 1` as a function of x^2, |x| <= 3/4.", rest_of_erf, 0, "0.5626", 13, 6)
    one = lambda t: (loggamma(1 + t).real / t + euler) / t if abs(t) > mpf(10) ** -20 else pi**2 / 12
    two = lambda t: (loggamma(2 + t).real / t - (1 - euler)) / t if abs(t) > mpf(10) ** -20 else pi**2 / 12 - mpf(1) / 2
    series("LGAMMA_ONE", "`(log Gamma(1 + t) / t + gamma) / t` with Euler's constant, |t| <= 1/8.", one, "-0.125", "0.125", 14)
    series("LGAMMA_TWO", "`(log Gamma(2 + t) / t - (1 - gamma)) / t`, |t| <= 1/8.", two, "-0.125", "0.125", 14)
    doc = "`(log Gamma(y) - (y - 1/2) log y + y - log(2 pi) / 2 - 1 / (12 y)) y^3` as a function of 1 / y^2, y >= 4."
    series("STIRLING", doc, stirling_rest, 0, "0.0625", 11)
    half_turn = lambda z: sum((-1) ** k * pi ** (2 * k + 1) / factorial(2 * k + 1) * z ** (k - 4) for k in range(4, 40))
    series("SIN_PI_TAIL", "From the ninth power of x on, `sin(pi x) / x^9` as a function of x^2, |x| <= 1/2.", half_turn, 0, "0.2501", 6)
    fit("INVERSE_CBRT", "`m^(-1/3)` on [1, 2].", lambda m: 1 / cbrt(m), 1, 2, 6, 6)


if __name__ == "__main__":
    main()
