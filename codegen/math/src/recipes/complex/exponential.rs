//! Exponential and hyperbolic functions of complex numbers.

use super::finite;
use crate::notation::Term;
use crate::recipes::polynomial::Precision::Double;
use crate::recipes::{exponential, hyperbolic, trigonometric};
use crate::scalar::complex::Complex;

/// Above this the real exponential is taken of `x - 512` and multiplied by `e^512` last, so that it overflows only
/// where the product does.
const BIG: f64 = 700.0;
const SHIFT: f64 = 512.0;
const E_512: f64 = f64::from_bits(0x6e19_4765_04ba_852e);

/// `e^x (cos y + i sin y)`.
pub fn exp(z: Complex<'_>) -> Complex<'_> {
    let Complex { re: x, im: y } = z;
    let big = x.gt(BIG);
    let magnitude = exponential::exp(big.select(x - SHIFT, x), Double);
    let rescale = big.select(x.float(E_512), x.float(1.0));
    let (sine, cosine) = trigonometric::sin_cos(y, Double);
    let (re, im) = (magnitude * cosine * rescale, magnitude * sine * rescale);
    let wild = finite(y).not();
    let (below, above) = (x.equals(f64::NEG_INFINITY).and(wild), x.equals(f64::INFINITY).and(wild));
    let re = below.select(x.float(0.0), above.select(x, re));
    let im = below.select(x.float(0.0).copysign(y), im);
    // A real argument has a real answer, also at infinity and NaN.
    let real = y.equals(0.0);
    let im = real.select(y, im);
    let re = real.select(magnitude * rescale, re);
    Complex { re, im }
}

/// `e^z - 1`, as NumPy computes it.
pub fn expm1(z: Complex<'_>) -> Complex<'_> {
    let half = trigonometric::sin(z.im * 0.5, Double);
    let (sine, cosine) = trigonometric::sin_cos(z.im, Double);
    let re = exponential::expm1(z.re, Double) * cosine - 2.0 * half * half;
    Complex { re, im: exponential::exp(z.re, Double) * sine }
}

/// `cosh x`, `sinh x` and what both must still be multiplied by.
fn hyperbolics(x: Term<'_>) -> (Term<'_>, Term<'_>, Term<'_>) {
    let magnitude = x.abs();
    let big = magnitude.gt(BIG);
    let half = exponential::exp(magnitude - SHIFT, Double) * 0.5;
    let cosh = big.select(half, hyperbolic::cosh(x, Double));
    let sinh = big.select(half.copysign(x), hyperbolic::sinh(x, Double));
    (cosh, sinh, big.select(x.float(E_512), x.float(1.0)))
}

/// `cosh x cos y + i sinh x sin y`.
pub fn cosh(z: Complex<'_>) -> Complex<'_> {
    let Complex { re: x, im: y } = z;
    let (cosh, sinh, rescale) = hyperbolics(x);
    let (sine, cosine) = trigonometric::sin_cos(y, Double);
    let (re, im) = (cosh * cosine * rescale, sinh * sine * rescale);
    let wild = finite(y).not();
    let re = x.abs().equals(f64::INFINITY).and(wild).select(x.abs(), re);
    let real = y.equals(0.0);
    let re = real.select(cosh * rescale, re);
    let zero = x.float(0.0);
    let im = real.or(x.equals(0.0)).select(zero.copysign(x) * x.float(1.0).copysign(y), im);
    Complex { re, im }
}

/// `sinh x cos y + i cosh x sin y`.
pub fn sinh(z: Complex<'_>) -> Complex<'_> {
    let Complex { re: x, im: y } = z;
    let (cosh, sinh, rescale) = hyperbolics(x);
    let (sine, cosine) = trigonometric::sin_cos(y, Double);
    let (re, im) = (sinh * cosine * rescale, cosh * sine * rescale);
    let wild = finite(y).not();
    let re = x.abs().equals(f64::INFINITY).or(x.equals(0.0)).and(wild).select(x, re);
    let real = y.equals(0.0);
    Complex { re: real.select(sinh * rescale, re), im: real.select(y, im) }
}

/// Kahan (1987): with `t = tan y`, `s = sinh x` and `b = 1 + t^2`, `(b s sqrt(1 + s^2) + i t) / (1 + b s^2)`.
pub fn tanh(z: Complex<'_>) -> Complex<'_> {
    let Complex { re: x, im: y } = z;
    let far = x.abs().gt(22.0);
    let bounded = far.select(x.float(1.0), x);
    let t = trigonometric::tan(y, Double);
    let b = t * t + 1.0;
    let s = hyperbolic::sinh(bounded, Double);
    let root = (s * s + 1.0).sqrt();
    let divisor = b * s * s + 1.0;
    let near = Complex { re: b * root * s / divisor, im: t / divisor };
    let (sine, cosine) = trigonometric::sin_cos(y, Double);
    let fades = exponential::exp(-(x.abs()), Double);
    let im = 4.0 * sine * cosine * fades * fades;
    let infinite = x.abs().equals(f64::INFINITY);
    let im = infinite.and(finite(y).not()).select(x.float(0.0).copysign(y), im);
    let value = Complex { re: x.float(1.0).copysign(x), im }.or_else(far, near);
    let re = x.equals(0.0).and(finite(y).not()).select(x, value.re);
    Complex { re, im: y.equals(0.0).select(y, value.im) }
}
