"""Functions of `cmath`, as compiled code has them: `module.name` is `module__name` here, and `cmath.name` is what the tables have.

Those follow C99 and NumPy; here stands where CPython raises, or gives another sign or another NaN.
"""

import cmath
import math


def cmath__exp(z, /):
    z = complex(z)
    x = z.real
    y = z.imag
    if math.isinf(y):
        if math.isfinite(x) or x == math.inf:
            raise ValueError("math domain error")
        if x == -math.inf:
            return complex(0.0, 0.0)
    return cmath.exp(z)


def cmath__cosh(z, /):
    z = complex(z)
    x = z.real
    y = z.imag
    if math.isinf(y) and not math.isnan(x):
        raise ValueError("math domain error")
    if (x == 0.0 and math.isnan(y)) or (y == 0.0 and math.isnan(x)):
        return complex(math.nan, 0.0)
    if x == 0.0 and math.isfinite(y):
        return complex(math.cos(y), x * math.sin(y))
    return cmath.cosh(z)


def cmath__sinh(z, /):
    z = complex(z)
    x = z.real
    y = z.imag
    if math.isinf(y) and not math.isnan(x):
        raise ValueError("math domain error")
    if math.isnan(y) and (x == 0.0 or math.isinf(x)):
        return complex(abs(x), math.nan)
    return cmath.sinh(z)


def cmath__tanh(z, /):
    z = complex(z)
    x = z.real
    y = z.imag
    if math.isinf(y) and math.isfinite(x):
        raise ValueError("math domain error")
    if math.isnan(y) and math.isfinite(x):
        return complex(math.nan, math.nan)
    if math.isinf(x) and math.isinf(y):
        return complex(math.copysign(1.0, x), 0.0)
    return cmath.tanh(z)


def cmath__cos(z, /):
    z = complex(z)
    return cmath__cosh(complex(-z.imag, z.real))


def cmath__sin(z, /):
    z = complex(z)
    turned = cmath__sinh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def cmath__tan(z, /):
    z = complex(z)
    turned = cmath__tanh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def cmath__acos(z, /):
    z = complex(z)
    if math.isinf(z.real) and math.isnan(z.imag):
        return complex(math.nan, math.inf)
    return cmath.acos(z)


def cmath__acosh(z, /):
    z = complex(z)
    if z.real == 0.0 and math.isnan(z.imag):
        return complex(math.nan, math.nan)
    return cmath.acosh(z)


def cmath__asin(z, /):
    z = complex(z)
    if math.isinf(z.real) and math.isnan(z.imag):
        return complex(math.nan, -math.inf)
    return cmath.asin(z)


def cmath__atanh(z, /):
    z = complex(z)
    x = z.real
    y = z.imag
    if (math.isnan(y) and math.isfinite(x) and x != 0.0) or (math.isnan(x) and math.isfinite(y)):
        return complex(math.nan, math.nan)
    return cmath.atanh(z)


def cmath__atan(z, /):
    z = complex(z)
    if math.isfinite(z.real) and math.isfinite(z.imag):
        return cmath.atan(z)
    if math.isinf(z.real) and math.isnan(z.imag):
        return complex(math.copysign(0.5 * math.pi, z.real), -0.0)
    turned = cmath__atanh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def cmath__log(z, base=None, /):
    value = logarithm(complex(z))
    if base is None:
        return value
    return value / logarithm(complex(base))


def cmath__log10(z, /):
    z = complex(z)
    if is_tiny(z):
        value = logarithm(z)
        return complex(value.real / math.log(10.0), value.imag / math.log(10.0))
    return cmath.log10(z)


def is_tiny(z):
    """Whether nothing but bits that are missing below the least number stands in both parts."""
    return z != 0.0 and abs(z.real) < 2.2250738585072014e-308 and abs(z.imag) < 2.2250738585072014e-308


def logarithm(z):
    if is_tiny(z):
        size = math.hypot(z.real * 9007199254740992.0, z.imag * 9007199254740992.0)
        return complex(math.log(size) - 53.0 * math.log(2.0), math.atan2(z.imag, z.real))
    return cmath.log(z)


def cmath__rect(r, phi, /):
    r = float(r)
    phi = float(phi)
    if math.isinf(phi) and r != 0.0 and not math.isnan(r):
        raise ValueError("math domain error")
    if r == 0.0 and not math.isfinite(phi):
        return complex(0.0, 0.0)
    if math.isinf(r) and math.isnan(phi):
        return complex(math.inf, math.nan)
    if phi == 0.0:
        if math.isfinite(r):
            return complex(r, r * phi)
        return complex(r, abs(phi) if math.isnan(r) else phi if r > 0.0 else -phi)
    return cmath.rect(r, phi)


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
