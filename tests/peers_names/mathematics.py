"""`math` and `cmath`."""

from __future__ import annotations

from . import FLOATS, INF, INTS, LISTS, NAN, REALS, SMALL, SOME, Row, one, two

_ONE_ULP = "acos acosh asin asinh atan atanh cbrt cos cosh degrees erf erfc exp exp2 expm1 log10 log1p log2 radians sin sinh tan tanh"
_EXACT = "sqrt fabs isnan isinf isfinite ceil floor trunc frexp modf ulp"
_COMPLEX = [complex(a, b) for a in SOME for b in (0.0, -0.0, 1.0, -2.5, 1e300, INF, NAN)]
_PLAIN = [complex(a, b) for a in (0.5, -0.5, 1.0, -3.0, 0.25, 20.0) for b in (0.0, -0.0, 0.5, -1.5, 2.0)]

ROWS = [
    *(Row(f"math.{name}", "x: float", f"math.{name}(x)", one(REALS), ulp=1) for name in _ONE_ULP.split()),
    *(Row(f"math.{name}", "x: float", f"math.{name}(x)", one(REALS)) for name in _EXACT.split()),
    # CPython's own are less exact.
    Row("math.gamma", "x: float", "math.gamma(x)", one(REALS), ulp=8),
    Row("math.lgamma", "x: float", "math.lgamma(x)", one(REALS), ulp=1024),
    Row("math.pi", "", "math.pi", [()]),
    Row("math.e", "", "math.e", [()]),
    Row("math.tau", "", "math.tau", [()]),
    Row("math.inf", "", "math.inf, -math.inf", [()]),
    Row("math.nan", "", "math.nan", [()]),
    Row("math.atan2", "y: float, x: float", "math.atan2(y, x)", two(SOME), ulp=1),
    Row("math.copysign", "x: float, y: float", "math.copysign(x, y)", two(SOME)),
    Row("math.fmod", "x: float, y: float", "math.fmod(x, y)", two(SOME)),
    Row("math.remainder", "x: float, y: float", "math.remainder(x, y)", two([*SOME, 0.75, 7.0, 1.7e308])),
    Row("math.nextafter", "x: float, y: float", "math.nextafter(x, y)", two(SOME)),
    Row("math.pow", "x: float, y: float", "math.pow(x, y)", two(SOME), ulp=1),
    Row("math.log", "x: float, base: float", "math.log(x), math.log(x, base)", two(SOME, [2.0, 10.0, 1.0, 0.0, -1.0, INF, NAN]), ulp=3),
    Row("math.ldexp", "x: float, i: int", "math.ldexp(x, i)", two(SOME, [0, 1, -1, 1023, 1100, -1074, -1100, -2200, 2**62, -(2**62)])),
    Row(
        "math.hypot",
        "x: float, y: float",
        "math.hypot(), math.hypot(x), math.hypot(x, y), math.hypot(x, y, 2.0), math.hypot(x, y, 2.0, 3.0)",
        two(SOME),
        ulp=3,
    ),
    Row("math.dist", "x: float, y: float", "math.dist((x, y), (1.0, 2.0)), math.dist((x,), (y,)), math.dist((), ())", two(SOME), ulp=2),
    Row("math.dist.lists", "p: list[float], q: list[float]", "math.dist(p, q)", two(FLOATS), ulp=4),
    Row(
        "math.isclose",
        "a: float, b: float",
        "math.isclose(a, b), math.isclose(a, b, rel_tol=0.5), math.isclose(a, b, abs_tol=1.0)",
        two(SOME),
    ),
    Row("math.isclose.negative", "a: float, b: float", "math.isclose(a, b, rel_tol=-0.5)", two([1.0, NAN])),
    Row("math.ceil.int", "x: int", "math.ceil(x), math.floor(x), math.trunc(x)", one(INTS)),
    Row("math.fabs.int", "x: int", "math.fabs(x), math.sqrt(abs(x)), math.isfinite(x)", one(INTS)),
    Row("math.log.int", "x: int", "math.log(x), math.log2(x), math.log10(x)", one(INTS), ulp=1),
    Row("math.isqrt", "n: int", "math.isqrt(n)", one([*INTS, 3037000499**2, 3037000499**2 - 1, 15, 16, 17])),
    Row("math.factorial", "n: int", "math.factorial(n)", one([*range(-2, 25), 2**63 - 1 - 2**63])),
    Row("math.gcd", "a: int, b: int", "math.gcd(), math.gcd(a), math.gcd(a, b), math.gcd(a, b, 12)", two(INTS)),
    Row("math.lcm", "a: int, b: int", "math.lcm(), math.lcm(a), math.lcm(a, b), math.lcm(a, b, 6)", two(INTS)),
    Row("math.comb", "n: int, k: int", "math.comb(n, k)", two(SMALL)),
    Row("math.perm", "n: int, k: int", "math.perm(n, k)", two(SMALL)),
    Row("math.perm.all", "n: int", "math.perm(n)", one(SMALL)),
    Row("math.prod", "a: list[float], b: float", "math.prod(a, start=b)", two(FLOATS, SOME)),
    Row(
        "math.prod.ints",
        "a: list[int]",
        "math.prod(a), math.prod((2, 3)), math.prod(a, start=3)",
        one([*LISTS, [2**62, 2], [2**40, 2**40, 0]]),
    ),
    Row(
        "math.fsum",
        "a: list[float]",
        "math.fsum(a)",
        one([*FLOATS, [1e308, 1e308, -1e308], [1e308] * 2, [1e100, 1.0, -1e100, 2.0**-60], [5e-324, 1.0, 2.0**-53]]),
    ),
    Row(
        "math.fsum.ints", "a: list[int]", "math.fsum(a), math.fsum((1, 2.5)), math.fsum(x * 0.1 for x in a)", one([*LISTS, [2**53 + 1, 1]])
    ),
    *(
        Row(f"cmath.{name}", "z: complex", f"cmath.{name}(z)", one(_PLAIN), ulp=4)
        for name in "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh".split()
    ),
    *(
        Row(f"cmath.{name}.extreme", "z: complex", f"cmath.{name}(z)", one(_COMPLEX), ulp=8)
        for name in "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh".split()
    ),
    *(Row(f"cmath.{name}", "z: complex", f"cmath.{name}(z)", one(_COMPLEX)) for name in ("isnan", "isinf", "isfinite")),
    *(Row(f"cmath.{name}", "z: complex", f"cmath.{name}(z)", one(_COMPLEX), ulp=1) for name in ("phase", "polar")),
    Row("cmath.rect", "r: float, phi: float", "cmath.rect(r, phi)", two(SOME), ulp=2),
    Row("cmath.isclose", "a: complex, b: complex", "cmath.isclose(a, b), cmath.isclose(a, b, abs_tol=1.0)", two(_COMPLEX[::3])),
    Row("cmath.pi", "", "cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj", [()]),
    Row("cmath.e", "", "cmath.e", [()]),
    Row("cmath.log.base", "z: complex", "cmath.log(z, 2.0), cmath.log(z, 1j)", one(_PLAIN), ulp=8),
    Row("cmath.sqrt.float", "x: float", "cmath.sqrt(x), cmath.exp(x), cmath.phase(x)", one([0.0, -0.0, 2.0, -4.0, NAN]), ulp=2),
]
