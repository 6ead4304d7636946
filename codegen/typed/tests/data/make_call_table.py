"""Writes `call_table.txt`: the types that the installed NumPy and CPython give for expressions over fixed parameters.

Each line is `type<TAB>expression<TAB>value`; the type is written as hypersonic writes it, `!` if the expression raises
TypeError, or what NumPy raises for wrong axes, or gives float16. The value is `extents:numbers`, numbers in C order,
complex ones as two; items of tuples are separated by `|`. The lines before `---` are the parameters, `name<TAB>type<TAB>value`; those
after the second `---` are calls that raise, `exception<TAB>expression<TAB>message`.
"""

import cmath
import math
import random
import sys
import warnings
from pathlib import Path

import numpy as np

PARAMETERS = {
    "x": ("float64[:]", np.array([0.25, 0.5, 0.75])),
    "y": ("float64[:]", np.array([0.5, 0.25, 0.125])),
    "a": ("float64[:, :]", np.arange(9.0).reshape(3, 3)),
    "f": ("float32[:]", np.array([0.25, 0.5, 0.75], np.float32)),
    "i": ("int64[:]", np.array([1, 2, 3])),
    "m": ("int64[:, :]", np.arange(9).reshape(3, 3)),
    "j": ("int32[:]", np.array([1, 2, 3], np.int32)),
    "k": ("int8[:]", np.array([1, 2, 3], np.int8)),
    "u": ("uint64[:]", np.array([1, 2, 3], np.uint64)),
    "w": ("bool[:]", np.array([True, False, True])),
    "z": ("complex128[:]", np.array([1j, 2, 3 + 1j])),
    "v": ("complex64[:]", np.array([1j, 2, 3 + 1j], np.complex64)),
    "t": ("float64[:, :, :]", np.arange(3.0).reshape(1, 3, 1)),
    "n": ("int", 2),
    "s": ("float", 0.5),
    "c": ("complex", 0.5 + 1j),
    "p": ("bool", True),
    "g": ("np.float32", np.float32(0.5)),
    "h": ("np.int64", np.int64(2)),
    "q": ("np.float64", np.float64(0.5)),
    "r": ("np.complex64", np.complex64(0.5)),
}

# Groups: a line of expressions, separated by semicolons.
EXPRESSIONS = """
x + y; x + 1; x + 1.5; x + 1j; f + 1.5; f * 2; f + 1j; f + x; f + i; i + 1; i + 1.5; k + 1; k * 2.0; k + i; u + i; u + 1; w + w; w * w; w + 1; w - w; -w
i / i; j / 2; k / k; i // 2; i % 2; i ** 2; i ** 2.0; x ** 2; x ** 0.5; x ** -1; f ** 2; f ** 0.5; z ** 2; 2 ** i; 2.0 ** i; i ** i; z // z; z % 2; w ** w
i & 1; i | i; w & w; w ^ w; ~w; ~i; ~x; x & x; i << 1; k >> 1; i & 1.0; x < y; i == 1; z == z; z < z; w == w; x != 1j; u < i; u == n; k < n; a @ a; a @ x; x @ x; x @ a; a @ a.T; m @ a
-x; +x; -i; -u; abs(x); abs(z); abs(v); abs(k); abs(n); abs(s); abs(c); abs(p); abs(g); abs(h); abs(r)
n + n; n / n; n // n; n % n; n ** 2; n ** -1; s ** 2; s ** 2.0; (s + 1) ** 2 + n; n ** s; s ** n; n + s; n + c; p + p; p & p; p | n; p & n; ~n; ~p; -p; +p; n << 1; n & s; s // 2; s % 2; c ** 2; c // 2; c < c; c == c; n < s; p == p; p < n; p / p; p // p; p ** p; p * s; p - p
g + 1; g + 1.5; g + s; g + n; g + h; g + q; g * 1j; h + 1; h / 2; h // 2; h ** 2; h ** s; h + s; q * g; q + c; r * s; r + q; g < 1; q == q; not q; h & 1; h << n; -h; ~h; h % n; divmod(h, 2); divmod(n, 2); divmod(s, 2); divmod(i, 2); g // 2; x + g; f + q; k + h; i + g; f * h
np.sin(x); np.sin(f); np.sin(i); np.sin(j); np.sin(k); np.sin(z); np.sin(s); np.sin(n); np.sin(g); np.sin(h); np.sin(c); np.sqrt(n); np.exp(v); np.cbrt(z); np.add(1, 2); np.add(n, s); np.add(p, p); np.multiply(k, 2); np.subtract(p, p); np.power(n, n); np.maximum(x, 0); np.maximum(n, s); np.minimum(f, 1.0); np.fmax(i, 2.5)
np.arctan2(x, y); np.arctan2(n, n); np.hypot(f, f); np.logaddexp(x, 1); np.floor(x); np.floor(i); np.ceil(s); np.trunc(n); np.fix(x); np.rint(f); np.isnan(x); np.isnan(i); np.isnan(s); np.isfinite(z); np.isinf(n); np.signbit(x); np.signbit(i); np.sign(x); np.sign(z); np.sign(w); np.square(i); np.reciprocal(f); np.negative(n); np.positive(s)
np.logical_and(x, i); np.logical_not(z); np.logical_or(p, n); np.bitwise_and(i, 1); np.invert(w); np.left_shift(n, 1); np.bitwise_count(i); np.gcd(i, 4); np.lcm(n, n); np.gcd(x, x); np.copysign(x, -1); np.nextafter(f, 1); np.spacing(x); np.ldexp(x, i); np.ldexp(s, n); np.frexp(x); np.frexp(s); np.modf(f); np.divmod(i, 2); np.divmod(x, y); np.fmod(i, 2); np.float_power(f, 2); np.heaviside(x, 0.5); np.degrees(x); np.deg2rad(f); np.fabs(i); np.fabs(z); np.equal(i, 1); np.less(n, s); np.true_divide(i, 2); np.mod(i, 3)
np.round(x); np.round(x, 2); np.around(f, 1); np.round(i); np.round(s); np.round(z, 1); np.round(n, 0); x.round(1); i.round(); np.clip(x, 0, 1); np.clip(f, 0, 1); np.clip(i, 0, 2.5); np.clip(x, None, 1); np.clip(i, 1, None); np.clip(s, 0, 1); x.clip(0, 1); i.clip(1); np.clip(x, a_min=0, a_max=y); np.clip(x, min=0, max=1)
np.where(w, x, y); np.where(x > 0, x, 0); np.where(w, f, 0.0); np.where(w, 1, 2); np.where(w, 1, 2.5); np.where(p, n, s); np.where(i, x, 1j); np.where(a > 1, a, x); np.angle(z); np.angle(x); np.angle(z, deg=True); np.angle(c); np.angle(s); np.angle(v, True); np.real(z); np.imag(z); np.real(x); np.imag(x); np.real(c); np.imag(s); np.real(n); np.imag(r); z.real; z.imag; x.real; x.imag; c.real; c.imag; n.real; s.imag; g.real; r.imag; np.conj(z); np.conj(x); np.conjugate(c); z.conj(); x.conj(); c.conjugate(); n.conjugate(); s.conjugate(); r.conjugate()
np.isclose(x, y); np.isclose(s, 1); np.isclose(i, 1); np.isclose(f, x, rtol=1e-3, equal_nan=True); np.allclose(x, y); np.allclose(a, 0, atol=1e-3); np.array_equal(x, y); np.array_equal(x, a); np.nan_to_num(x); np.nan_to_num(f); np.nan_to_num(i); np.nan_to_num(s); np.isposinf(x); np.isneginf(f)
np.sum(x); np.sum(f); np.sum(i); np.sum(k); np.sum(u); np.sum(w); np.sum(z); np.sum(a, axis=0); np.sum(a, 1); np.sum(a, axis=-1, keepdims=True); np.sum(t, axis=(0, 2)); np.sum(t, axis=(0, -1), keepdims=True); np.sum(a, axis=None); np.sum(a, axis=2); np.sum(f, dtype=np.float64); np.sum(j, dtype="float32"); x.sum(); a.sum(0); a.sum(axis=(0, 1)); np.sum((1, 2)); np.sum([1.5, s]); np.sum(s); np.sum(n)
np.prod(i); np.prod(k, axis=0); a.prod(); np.min(x); np.max(a, axis=0); np.amin(f); np.amax(k); a.min(1); a.max(); m.max(axis=0, keepdims=True); np.mean(x); np.mean(i); np.mean(f); np.mean(z); np.mean(a, axis=0); a.mean(axis=1); w.mean(); f.mean(dtype=np.float64); np.any(x); np.all(a, axis=0); w.any(); w.all(); a.any(axis=1, keepdims=True); np.argmin(x); np.argmax(a); np.argmax(a, axis=0); a.argmin(1); a.argmax(axis=0, keepdims=True); np.count_nonzero(x); np.count_nonzero(a, axis=0); np.std(x); np.std(f); np.std(z); np.std(i); np.var(a, axis=0); a.std(); a.var(axis=1, ddof=1); np.var(x, ddof=n); np.std(a, axis=0, keepdims=True); np.ptp(x); np.ptp(a, axis=0)
np.cumsum(x); np.cumsum(a); np.cumsum(a, axis=0); a.cumsum(axis=1); np.cumsum(k); np.cumprod(f); w.cumsum(); j.cumprod(); np.cumsum(f, dtype=np.float64)
np.zeros(3); np.zeros((2, 3)); np.zeros([2, 3]); np.zeros(n); np.zeros((n, n), dtype=np.float32); np.zeros(3, int); np.zeros(3, dtype="complex128"); np.zeros(3, bool); np.zeros(3, dtype=x.dtype); np.zeros(a.shape); np.zeros(a.shape, dtype=f.dtype); np.zeros(()); np.ones((n, 3)); np.ones(3, dtype=np.int32); np.empty(n); np.empty((2, n, 2), np.complex64); np.full(3, 1); np.full((2, 2), 1.5); np.full(3, s); np.full(3, 1, dtype=float); np.full((3, 3), x); np.full(3, 1j); np.full(3, g); np.full(3, p)
np.zeros_like(x); np.zeros_like(f); np.zeros_like(a, dtype=np.int32); np.ones_like(i); np.empty_like(z); np.full_like(x, 1); np.full_like(i, 2); np.full_like(x, 2, dtype=np.float32); np.zeros_like(s); np.zeros_like(x, shape=(2, 2)); np.eye(3); np.eye(n, 4, 1); np.eye(3, k=-1, dtype=int); np.identity(n); np.identity(3, dtype=np.float32)
np.arange(3); np.arange(n); np.arange(1, 5); np.arange(0, 10, 2); np.arange(0.0, 1.0, 0.1); np.arange(3.0); np.arange(3, dtype=float); np.arange(3, dtype=np.int32); np.arange(0, s, 0.1); np.arange(0, 1, s, dtype=np.float32); np.arange(h); np.arange(g); np.linspace(0, 1); np.linspace(0, 1, 5); np.linspace(s, 2, n, endpoint=False); np.linspace(0, 1j, 3); np.linspace(0, 1, num=3, dtype=np.float32); np.linspace(0, 10, 3, dtype=int); np.linspace(g, 1, 3)
np.array([1, 2, 3]); np.array([1.5, 2]); np.array((1, 2j)); np.array([[1, 2], [3, 4]]); np.array([[1.0, n], [s, 2]]); np.array([x, y]); np.array([x, i]); np.array(x); np.array(s); np.array([1, 2], dtype=float); np.array([1, 2], dtype=np.float32); np.array([g, 1]); np.array([True, False]); np.array([p, 1]); np.array(x, dtype=np.float32); np.array([[1, 2], [3]]); np.asarray(x); np.asarray(i, dtype=float); np.asarray([1, 2]); np.copy(x); x.copy(); g.copy(); np.array([h, n])
np.reshape(x, (3, 1)); x.reshape(3, 1); x.reshape((1, 3)); a.reshape(-1); a.reshape(9); a.reshape(n - 1, -1); a.reshape(x.shape + (3,)); a.ravel(); np.ravel(a); a.flatten(); a.T; x.T; t.T; np.transpose(a); a.transpose(); t.transpose(2, 0, 1); t.transpose((1, 0, 2)); np.transpose(t, (0, 2, 1)); t.swapaxes(0, 1); np.swapaxes(a, 0, -1); np.moveaxis(t, 0, -1); np.expand_dims(x, 0); np.expand_dims(a, axis=(0, 3)); np.squeeze(t, axis=0); np.squeeze(t, axis=(0, 2)); t.squeeze(axis=-1); np.flip(x); np.flip(a, axis=0); np.flip(a, (0, 1)); np.flipud(a); np.fliplr(a); np.broadcast_to(x, (3, 3)); np.broadcast_to(s, (2,)); np.atleast_1d(s); np.atleast_2d(x); np.atleast_1d(a); np.transpose(a, (0, 0)); a.mT
np.concatenate((x, y)); np.concatenate([x, i]); np.concatenate((a, a), axis=1); np.concatenate((a, m), -1); np.concatenate((a, x)); np.concatenate((a, x), axis=None); np.stack((x, y)); np.stack((x, y), axis=1); np.stack([x, i], axis=-1); np.hstack((x, y)); np.hstack((a, a)); np.vstack((x, y)); np.vstack((a, x)); np.column_stack((x, y)); np.column_stack((a, x)); np.hstack((s, x)); np.concatenate((f, i), dtype=np.float32); np.diff(x); np.diff(i); np.diff(a, axis=0); np.diff(w); np.roll(x, 1); np.roll(a, n, axis=1)
np.dot(x, y); np.dot(a, a); np.dot(a, x); np.dot(x, a); np.dot(2, x); np.dot(x, 2.0); np.dot(n, s); np.dot(i, i); np.dot(f, x); np.dot(t, x[:1]); x @ t; x @ np.stack((a, a)); np.stack((a, a)) @ x; np.stack((a, a)) @ a; a @ np.stack((a, 2 * a)); x.dot(y); a.dot(a); np.matmul(a, x); np.inner(x, y); np.inner(a, a); np.inner(a, x); np.outer(x, i); np.outer(a, x); np.vdot(z, z); np.vdot(x, z); np.vdot(a, a); np.linalg.norm(x); np.linalg.norm(i); np.linalg.norm(z); np.linalg.norm(a, axis=1); np.linalg.norm(a); np.linalg.norm(f); np.linalg.norm(a, axis=0, keepdims=True); np.trace(a); np.trace(m); np.trace(a, 1); np.trace(m, dtype=np.float32); np.diag(a); np.diag(x); np.diag(x, -1); np.diagonal(m, 1); a.diagonal(); np.finfo(x.dtype).eps; np.finfo(np.float32).max; np.finfo(float).tiny; np.iinfo(np.int32).max; np.iinfo(int).min; max(q, 0.0); min(h, n); max(p, n); x @ s; np.matmul(x, 2)
x.shape; a.shape; a.shape[0]; x.ndim; a.size; x.itemsize; f.nbytes; np.shape(a); np.shape(s); np.ndim(a); np.ndim(s); np.size(a); np.size(a, 1); np.size(s); len(x); len(a); len((1, 2)); len(s); g.ndim; g.size; g.shape; x.astype(int); x.astype(np.float32); x.astype("complex64"); i.astype(float); i.astype(bool); g.astype(np.float64); s.astype(int); x.astype(f.dtype); x.astype(dtype=np.float32, copy=False); x.item(0); i.item(1); f.item(0); a.item(1, 1); np.sum(x).item(); g.item(); h.item(); r.item(); x.mean().item()
np.float64(1); np.float32(s); np.int32(n); np.complex128(s); np.bool_(n); np.float64(x); np.float32(i); np.int64(g); np.int64(q); np.uint8(3); np.float64(); np.complex64(c); np.float64("1.5"); np.int32([1, 2]); int(s); int(h); int(g); int(p); float(n); float(g); float(h); float("inf"); float("nan"); float(x[0]); int(); float(); complex(1, 2); complex(s); complex(g, s); complex(n, s); complex(r); bool(n); bool(s); bool(h); bool(c); float(c); int(c); complex(c)
min(n, 3); max(s, 0.0); min(g, g); max(h, h); min(x); max(i); min((1, 2, n)); max(1, 2, n); min(c, c); sum((1, 2, n)); sum((s, 1.5)); sum(x); sum(i); sum([n, s]); sum(x, 1.0); round(s); round(s, 2); round(n); round(n, 2); round(g); round(q); round(q, 1); round(h); round(c); pow(n, 2); pow(s, n); pow(x, 2); abs(x[0]); any((p, n)); all((p, s)); any(x); all(w); sum((x, y)); round(p)
math.sqrt(s); math.sqrt(n); math.sin(g); math.cos(q); math.floor(s); math.ceil(s); math.trunc(s); math.floor(n); math.floor(q); math.atan2(s, 1); math.hypot(s, 1); math.hypot(s, 1, n); math.hypot(s); math.pow(s, 2); math.log(s); math.log(s, 2); math.log2(8); math.log10(n); math.exp(p); math.isnan(s); math.isinf(g); math.isfinite(n); math.gcd(n, 4); math.gcd(n, 4, 6); math.lcm(n, 3); math.isqrt(n); math.factorial(n); math.comb(5, n); math.perm(5, n); math.perm(n); math.frexp(s); math.modf(s); math.ldexp(s, n); math.copysign(s, -1); math.fmod(s, 2); math.degrees(s); math.radians(n); math.erf(s); math.gamma(s); math.lgamma(s); math.erfc(s); math.fabs(n); math.isclose(s, 1); math.isclose(s, 1, rel_tol=0.1); math.dist((s, 1), (0, n)); math.prod((n, s)); math.prod((2, n)); math.acos(s); math.asinh(s); math.tanh(s); math.expm1(s); math.log1p(s); math.nextafter(s, 1); math.exp2(s); math.cbrt(s); math.sin(x); math.sin(c); math.gcd(s, 1); math.pi; math.inf; math.e; math.tau; math.nan; math.sin(x[0]); math.floor(x[0]); math.atanh(s); math.acosh(2); math.cosh(s); math.sinh(n); math.tan(s); math.asin(s); math.atan(s)
cmath.sqrt(c); cmath.exp(s); cmath.log(c); cmath.log(c, 2); cmath.phase(c); cmath.polar(c); cmath.rect(s, 1); cmath.isnan(c); cmath.isinf(c); cmath.isfinite(s); cmath.sin(c); cmath.cos(c); cmath.tan(c); cmath.log10(c); cmath.pi; cmath.e; cmath.cosh(c); cmath.acos(c); np.pi; np.e; np.inf; np.nan; random.random(); random.uniform(0, s); s.is_integer(); q.is_integer()
"""

# Calls that raise when they run.
FAILURES = """
math.sqrt(-s); math.log(n - 2); math.log2(-s); math.log10(n - n); math.log(-1, n); math.pow(-s, s); math.pow(n - 2, -1); math.exp(s * 4000); math.pow(10, n * 400); math.acos(n)
math.atanh(s * 2); math.acosh(s); math.isqrt(-n); math.factorial(-n); math.comb(-n, 1); math.gamma(n - 2); math.floor(s / 0.0); math.fmod(s, n - 2); math.isclose(s, 1, rel_tol=-1)
cmath.log(c - c); cmath.exp(s * 4000); int(s * math.inf); round(s * math.nan); n // (n - 2); n % (n - 2); s / (n - 2); s // (n - 2); divmod(n, n - 2); (n - 2) ** -1; s ** 2 * 0 + (s * 1e200) ** 2
x + y[1:]; np.zeros(n - 3); np.eye(-n, 1).reshape(n, n); a.reshape(n, n); np.concatenate((a, a[:2]), axis=1); np.stack((x, y[1:])); x @ y[1:]; a @ x[1:]; np.min(x[3:]); np.argmax(x[3:]); x[n + 5]; np.squeeze(a, axis=0); a.item(); np.linspace(0, 1, n - 3)
float(x); x.item(n + 5); np.full((2, 2), x); k + (n + 300); np.int8(n + 300); np.where(w, x, y[1:]); np.clip(x, y[1:], 1); np.power(i, -n); i ** -n; h ** -n
"""


def written(value):
    """The type as hypersonic writes it."""
    if isinstance(value, tuple):
        return "(" + "".join(written(item) + ", " for item in value) + ")"
    if isinstance(value, np.ndarray):
        return f"{value.dtype.name}[{', '.join([':'] * value.ndim)}]"
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}"
    return type(value).__name__


def numbers(value):
    """The value as text that needs no Python to be read."""
    if isinstance(value, tuple):
        return "|".join(numbers(item) for item in value)
    array = np.asarray(value)
    flat = [part for item in array.ravel().tolist() for part in ((item.real, item.imag) if array.dtype.kind == "c" else (item,))]
    return ",".join(map(str, array.shape)) + ":" + " ".join(repr(item + 0.0 if array.dtype.kind in "fc" else int(item)) for item in flat)


def lines():
    names = {name: value for name, (_, value) in PARAMETERS.items()}
    modules = {"np": np, "math": math, "cmath": cmath, "random": random}
    for expression in (part.strip() for line in EXPRESSIONS.strip().splitlines() for part in line.split(";")):
        try:
            value = eval(expression, modules, names)
            found = written(value)
            if "float16" in found:
                found, value = "!", ()
        except (TypeError, AttributeError, ValueError) as error:
            print(f"{expression}: {error!r}", file=sys.stderr)
            found, value = "!", ()
        random_or_open = "random" in expression or "np.empty" in expression
        yield f"{found}\t{expression}\t{'' if random_or_open else numbers(value)}"


def failures():
    names = {name: value for name, (_, value) in PARAMETERS.items()}
    modules = {"np": np, "math": math, "cmath": cmath, "random": random}
    for expression in (part.strip() for line in FAILURES.strip().splitlines() for part in line.split(";")):
        try:
            raise AssertionError(f"{expression} gives {eval(expression, modules, names)!r}")
        except (ArithmeticError, ValueError, IndexError, TypeError) as error:
            yield f"{type(error).__name__}\t{expression}\t{error}"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("call_table.txt")
    head = [f"{name}\t{kind}\t{numbers(value)}" for name, (kind, value) in PARAMETERS.items()]
    target.write_text("\n".join([*head, "---", *lines(), "---", *failures()]) + "\n", encoding="ascii")
