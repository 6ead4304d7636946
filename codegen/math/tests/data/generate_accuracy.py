"""Writes reference values of the elementary functions: `generate_accuracy.py FOLDER COUNT [SEED] [NAME...]`.

Each line holds the bits of the arguments, the bits of the rounded result and how far above the exact value lies, in
thousandths of a unit in the last place. Random points come from mpmath in 60 digits or more, points at which
the answer is a matter of convention from NumPy. Needs mpmath and numpy.
"""

import math
import pathlib
import random
import sys
import warnings

import mpmath
import numpy as np
from mpmath import mp, mpf

warnings.simplefilter("ignore")
mp.prec = 220

LN2 = 0.6931471805599453


def uniform(a, b):
    return lambda rng: rng.uniform(a, b)


def exponents(a, b, negative=True):
    """Magnitudes with uniform exponent."""

    def draw(rng):
        x = rng.uniform(1, 2) * 2.0 ** rng.uniform(a, b)
        return -x if negative and rng.random() < 0.5 else x

    return draw


def near(point, width):
    return lambda rng: point + rng.choice([-1, 1]) * 2.0 ** rng.uniform(-50, width)


def whole(a, b):
    return lambda rng: float(rng.randint(a, b))


def beside_whole(a, b):
    """Close to whole numbers, on either side."""

    def draw(rng):
        return rng.randint(a, b) + rng.choice([-1, 1]) * 2.0 ** rng.uniform(-50, -1)

    return draw


def beside_roots(rng):
    """Close to the zeros of the logarithm of the gamma function at negative arguments."""
    n = rng.randint(2, 16)
    side = -1 if n == 2 else rng.choice([-1, 1])
    start = {(2, -1): -0.457, (3, -1): -0.1436, (3, 1): 0.2523}.get((n, side), side / math.factorial(n))
    guess = (mpf(start), mpf(start) * mpf("1.001"))
    offset = mpmath.findroot(lambda e: mpmath.re(mpmath.loggamma(e - n)), guess, tol=mpf(10) ** -50)
    return float(offset * (1 + rng.choice([-1, 1]) * 2.0 ** rng.uniform(-50, 0)) - n)


def cancelling(log, power):
    """Pairs whose powers sum to nearly 1: the second argument is close to the logarithm of 1 less the power of the first."""

    def draw(rng):
        x = -mpf(2) ** rng.choice([rng.uniform(-3, 0), rng.uniform(-60, 0)])
        y = log(-mpmath.expm1(x * mpmath.log(power(mpf(1)))))
        y *= 1 + rng.choice([-1, 1]) * mpf(2) ** rng.uniform(-60, -2)
        return rng.choice([(x, y), (y, x)])

    return draw


def quarter_turns(a, b):
    """Close to multiples of pi/2."""

    def draw(rng):
        return float(mpmath.pi / 2 * rng.randint(1, int(2 ** rng.uniform(a, b)) + 1))

    return draw


def hypot(x, y):
    return mpmath.sqrt(x * x + y * y)


def log2(x):
    return mpmath.log(x) / mpmath.log(2)


def exp2(x):
    return mpf(2) ** x


def logaddexp(x, y):
    return unless_cancelled(max(x, y), max(x, y) + mpmath.log1p(mpmath.exp(-abs(x - y))))


def logaddexp2(x, y):
    return unless_cancelled(max(x, y), max(x, y) + mpmath.log1p(mpf(2) ** (-abs(x - y))) / mpmath.log(2))


def unless_cancelled(larger, value):
    """Below 2^-54 of the larger argument the bound is 2^-107 of that argument."""
    return mpmath.nan if abs(value) < abs(larger) * mpf(2) ** -54 else value


# name: (reference, numpy name or None, draws for float64, draws for float32)
angles = [uniform(-4, 4), uniform(-1000, 1000), exponents(-30, 20), quarter_turns(1, 20)]
huge = [exponents(20, 1023), exponents(19, 22), quarter_turns(20, 60)]
huge_single = [exponents(20, 127), exponents(19, 22)]
unit = [uniform(-1, 1), exponents(-40, -1), near(0.5, -4), near(1.0, -2)]
positive = [exponents(-1074, 1022, False), uniform(0, 4), near(1.0, -2), near(0.7071067811865476, -3), near(1.4142135623730951, -3)]
positive_single = [exponents(-149, 126, False), uniform(0, 4), near(1.0, -2)]
both = [exponents(-300, 300), exponents(-5, 5)]
one = {
    "exp": (mpmath.exp, [uniform(-745, 709.7), uniform(-2, 2), exponents(-60, 9), uniform(-745.2, -700)], [uniform(-104, 88.7), uniform(-2, 2)]),
    "exp2": (exp2, [uniform(-1075, 1024), uniform(-2, 2), exponents(-60, 9)], [uniform(-150, 128), uniform(-2, 2)]),
    "expm1": (mpmath.expm1, [uniform(-40, 709.7), uniform(-2, 2), exponents(-60, 3), exponents(-1070, -500)], [uniform(-20, 88.7), uniform(-2, 2), exponents(-60, 3)]),
    "log": (mpmath.log, positive, positive_single),
    "log2": (log2, positive, positive_single),
    "log10": (lambda x: mpmath.log(x) / mpmath.log(10), positive, positive_single),
    "log1p": (mpmath.log1p, [uniform(-1, 4), exponents(-60, 1000, False), exponents(-60, -1), near(0.41, -4), near(-0.29, -4)], [uniform(-1, 4), exponents(-60, 100, False), exponents(-60, -1)]),
    "sin": (mpmath.sin, angles + huge, angles + huge_single),
    "cos": (mpmath.cos, angles + huge, angles + huge_single),
    "tan": (mpmath.tan, angles + huge, angles + huge_single),
    "arcsin": (mpmath.asin, unit, unit),
    "arccos": (mpmath.acos, unit, unit),
    "arctan": (mpmath.atan, [uniform(-4, 4), exponents(-60, 60), near(0.41421356, -3), near(1.0, -3), near(2.414, -3)], [uniform(-4, 4), exponents(-60, 60)]),
    "sinh": (mpmath.sinh, [uniform(-710, 710), uniform(-3, 3), exponents(-60, 2), uniform(-45, 45), uniform(709, 710.47)], [uniform(-89, 89), uniform(-3, 3), exponents(-60, 2)]),
    "cosh": (mpmath.cosh, [uniform(-710, 710), uniform(-3, 3), exponents(-60, 2), uniform(-45, 45), uniform(709, 710.47)], [uniform(-89, 89), uniform(-3, 3)]),
    "tanh": (mpmath.tanh, [uniform(-25, 25), uniform(-2, 2), exponents(-60, 1)], [uniform(-12, 12), uniform(-2, 2), exponents(-60, 1)]),
    "arcsinh": (mpmath.asinh, [uniform(-4, 4), exponents(-60, 1000), exponents(-5, 31)], [uniform(-4, 4), exponents(-60, 100)]),
    "arccosh": (mpmath.acosh, [uniform(1, 4), exponents(0, 1000, False), lambda rng: 1 + 2.0 ** rng.uniform(-52, 0)], [uniform(1, 4), exponents(0, 100, False), lambda rng: 1 + 2.0 ** rng.uniform(-23, 0)]),
    "arctanh": (mpmath.atanh, [uniform(-1, 1), exponents(-60, -1), lambda rng: 1 - 2.0 ** rng.uniform(-53, -1)], [uniform(-1, 1), exponents(-60, -1)]),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), [exponents(-1074, 1023), uniform(-10, 10)], [exponents(-149, 127), uniform(-10, 10)]),
    "erf": (mpmath.erf, [uniform(-6, 6), uniform(-1, 1), exponents(-60, 2)], []),
    "erfc": (mpmath.erfc, [uniform(-6, 27), uniform(-1, 2), exponents(-60, 2), uniform(0.4, 0.8), uniform(26, 27.3)], []),
    "gamma": (
        mpmath.gamma,
        [
            uniform(0.01, 171.6),
            uniform(-20, 20),
            exponents(-1020, 5),
            uniform(0.5, 4),
            whole(1, 30),
            near(171.6243769563027, -1),
            uniform(-184, -20),
            uniform(-178, -168),
            beside_whole(-184, -1),
            beside_whole(0, 0),
        ],
        [],
    ),
    "lgamma": (
        lambda x: mpmath.re(mpmath.loggamma(x)),
        [
            uniform(0.01, 200),
            exponents(-1020, 1000, False),
            uniform(0.5, 4),
            near(1.0, -2),
            near(2.0, -2),
            whole(1, 60),
            uniform(-4, 0),
            uniform(-60, -4),
            exponents(-1020, 51),
            beside_whole(-40, 0),
            beside_roots,
            beside_roots,
        ],
        [],
    ),
}
sums = [
    (uniform(0, 10), uniform(0, 10)),
    (uniform(-3, 1), uniform(-3, 1)),
    (uniform(-2, 0), uniform(-2, 0)),
    (exponents(-60, 2), uniform(-100, 0)),
    (uniform(-700, 700), uniform(-700, 700)),
]
two = {
    "power": (
        mpmath.power,
        [
            (exponents(-3, 3, False), uniform(-200, 200)),
            (exponents(-1000, 1000, False), uniform(-1.05, 1.05)),
            (near(1.0, -5), exponents(2, 12)),
            (uniform(0, 10), whole(-20, 20)),
            (uniform(-10, 0), whole(-20, 20)),
            (near(1.0, -20), exponents(20, 29)),
        ],
        [(exponents(-3, 3, False), uniform(-30, 30)), (exponents(-120, 120, False), uniform(-1.05, 1.05)), (uniform(-10, 0), whole(-20, 20))],
    ),
    "arctan2": (mpmath.atan2, [(a, b) for a in both for b in both], [(exponents(-60, 60), exponents(-60, 60)), (exponents(-5, 5), exponents(-5, 5))]),
    "hypot": (hypot, [(exponents(-5, 5), exponents(-5, 5)), (exponents(-1060, 1020), exponents(-1060, 1020)), (exponents(1010, 1022), exponents(1000, 1022)), (exponents(-1070, -1000), exponents(-1070, -1000))], [(exponents(-60, 60), exponents(-60, 60)), (exponents(-5, 5), exponents(-5, 5))]),
    "logaddexp": (logaddexp, sums + [cancelling(mpmath.log, mpmath.exp)], sums + [cancelling(mpmath.log, mpmath.exp)]),
    "logaddexp2": (logaddexp2, sums + [cancelling(log2, exp2)], sums + [cancelling(log2, exp2)]),
}
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-30, -1e-30, 1e30, -1e30, 1e300, -1e300, 710.5, -745.5, 1024.0, -1080.0, 8.0, 1000.0, 0.1]
# Arguments whose reduction is the hardest, after Muller's handbook and Ng's note.
HARD = {"sin": [6381956970095103.0 * 2.0**797, 5319372648326541.0 * 2.0**-44, 1.5707963267948966, 3.141592653589793, 1e22, 710.0]}
HARD["cos"] = HARD["tan"] = HARD["sin"]
# The worst that a local search found, from the best of many draws to their neighbours, before and after mending.
HARD["gamma"] = [-170.61453019164125, -170.6132975708226, -171.03259053134278, -27.24110612508304, 1.8351250594077293, -4.480900849515088]
HARD["lgamma"] = [1.1239515137936427, 1.1242860703385549, -2.747682646727412, -2.74767734323201, -2.731121889669082, -4.03943423581802]
HARD["lgamma"] += [-2.4570247382208006, -3.1435808883499798, -15.999999999999968, -17.000000000000004, -1e-30, 1e-30]
HARD["erfc"] = [26.54377210054517, 0.7377136493819194, 0.7453760134981628, 0.4929103947930664, 0.5]
HARD["logaddexp"] = [
    (-1.9008006293899111, -0.1755025046372529),
    (-8.15194367582167e-05, -9.340073383986109),
    (-0.28045748604158294, -1.1942040311800115),
    (-0.7804795977757151, -0.612120593266402),
    (-0.6931471805599453, -0.6931471805599453),
    (-1e-300, -690.7755278982137),
]
HARD["logaddexp2"] = [
    (-2.7014923070335937, -0.22253042135050807),
    (-0.1942919337185594, -2.8745348760951686),
    (0.6995393421973362, 1.1881623210627312),
    (-5.93650124192752e-29, -94.2309003430162),
    (-1.0, -1.0),
]
MATH = {"erf", "erfc", "gamma", "lgamma"}


def rounded(value, kind):
    """The nearest number of the type, and the exact value's distance from it in thousandths of a unit."""
    if kind is np.float32:
        y = np.float32(float(value)) if abs(value) < 3.4028235677973366e38 else np.float32(np.copysign(np.inf, float(mpmath.sign(value))))
    else:
        limit = mpf(2) ** 1024 - mpf(2) ** 970
        y = np.float64(float(value)) if abs(value) < limit else np.float64(np.copysign(np.inf, float(mpmath.sign(value))))
    if not np.isfinite(y):
        return y, 0
    unit = mpf(float(np.spacing(abs(y))))
    return y, int(mpmath.nint((value - mpf(float(y))) / unit * 1000))


def bits(x, kind):
    return f"{int(np.asarray(x, kind).view(np.uint32 if kind is np.float32 else np.uint64)):x}"


def line(kind, arguments, y, rest):
    return " ".join([*(bits(x, kind) for x in arguments), bits(y, kind), str(rest)]) + "\n"


def conventional(name, kind, arguments):
    if name in MATH:
        try:
            y = getattr(math, name)(*arguments)
        except (ValueError, OverflowError):
            return None
        return line(kind, arguments, y, 0) if y == 0 or not np.isfinite(y) else exact(name, one[name][0], kind, arguments)
    arguments = [float(kind(x)) for x in arguments]
    y = getattr(np, name)(*[kind(x) for x in arguments])
    if name == "power" and arguments[1] == 0.5:
        # NumPy takes the square root of arrays.
        return None
    if name == "arctan2" and 0 in arguments:
        return line(kind, arguments, y, 0)
    # Where the answer is a plain number, arithmetic gives it.
    return line(kind, arguments, y, 0) if y == 0 or not np.isfinite(y) else exact(name, {**one, **two}[name][0], kind, arguments)


def exact(name, reference, kind, arguments):
    arguments = [float(kind(x)) for x in arguments]
    if not all(np.isfinite(arguments)):
        return None
    old = mp.prec
    if name in ("sin", "cos", "tan"):
        mp.prec = 1400 if abs(arguments[0]) > 1e6 else 300
    if name == "lgamma":
        mp.prec = 400
    try:
        value = reference(*[mpf(x) for x in arguments])
    except (ValueError, ZeroDivisionError):
        return None
    finally:
        mp.prec = old
    if isinstance(value, mpmath.mpc) or mpmath.isnan(value) or mpmath.isinf(value) or value == 0:
        return None
    return line(kind, arguments, *rounded(value, kind))


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    wanted = sys.argv[4:]
    for name, (reference, double, single) in {**one, **two}.items():
        if wanted and name not in wanted:
            continue
        for kind, draws in ((np.float64, double), (np.float32, single)):
            if not draws:
                continue
            rng = random.Random(f"{seed} {name} {kind.__name__}")
            pairs = name in two
            specials = [(x, y) for x in SPECIAL for y in SPECIAL] if pairs else [(x,) for x in SPECIAL]
            if pairs and name != "power" and (count < 1000 or kind is np.float32):
                specials = rng.sample(specials, 150)
            lines = [conventional(name, kind, x) for x in specials if kind is np.float64 or name != "hypot"]
            lines += [exact(name, reference, kind, x if pairs else (x,)) for x in HARD.get(name, []) if kind is np.float64]
            for n in range(count):
                draw = draws[n % len(draws)]
                arguments = tuple(d(rng) for d in draw) if isinstance(draw, tuple) else draw(rng)
                lines.append(exact(name, reference, kind, arguments if pairs else (arguments,)))
            (folder / f"{name}.{kind.__name__}.txt").write_text("".join(x for x in lines if x))


if __name__ == "__main__":
    main()
