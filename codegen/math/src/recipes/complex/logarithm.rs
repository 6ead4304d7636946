//! Logarithm and square root of complex numbers.

use crate::notation::Term;
use crate::recipes::double::{Double, exact_square, exact_sum};
use crate::recipes::inverse::arctan2;
use crate::recipes::polynomial::Precision;
use crate::recipes::{logarithm, roots};
use crate::scalar::complex::Complex;

/// `log |z|`: near 1 from `|z|^2 - 1` in doubled precision.
pub(super) fn log_magnitude<'p>(x: Term<'p>, y: Term<'p>) -> Term<'p> {
    let magnitude = roots::hypot(x, y);
    let near = magnitude.gt(0.5).and(magnitude.lt(2.0));
    let (p, q) = (near.select(x, x.float(1.0)), near.select(y, x.float(0.0)));
    let ((p_square, p_low), (q_square, q_low)) = (exact_square(p), exact_square(q));
    // The larger square first: the difference from 1 is then exact.
    let swap = q_square.gt(p_square);
    let (large, small) = (swap.select(q_square, p_square), swap.select(p_square, q_square));
    let first = exact_sum(large, x.float(-1.0));
    let second = exact_sum(first.high, small);
    let low = second.low + (first.low + (p_low + q_low));
    let sum = exact_sum(second.high, low);
    let close = logarithm::log1p_of(Double { high: sum.high, low: sum.low }, false) * 0.5;
    near.select(close, logarithm::log(magnitude, Precision::Double))
}

/// `log |z| + i arg z`.
pub fn log(z: Complex<'_>) -> Complex<'_> {
    Complex { re: log_magnitude(z.re, z.im), im: arctan2(z.im, z.re, Precision::Double) }
}

/// Principal square root: with `s = sqrt((|x| + |z|) / 2)`, `s + i y / (2 s)`, turned for a negative real part.
pub fn sqrt(z: Complex<'_>) -> Complex<'_> {
    const UP: f64 = f64::from_bits((1023 + 108) << 52);
    const ROOT_DOWN: f64 = f64::from_bits((1023 - 54) << 52);
    let Complex { re: x, im: y } = z;
    let (p, q) = (x.abs(), y.abs());
    let huge = p.gt(1.0e300).or(q.gt(1.0e300));
    let tiny = p.lt(1.0e-280).and(q.lt(1.0e-280));
    let scale = huge.select(x.float(0.25), tiny.select(x.float(UP), x.float(1.0)));
    let unscale = huge.select(x.float(2.0), tiny.select(x.float(ROOT_DOWN), x.float(1.0)));
    let (p_scaled, q_scaled) = (p * scale, q * scale);
    let s = ((p_scaled + roots::hypot(p_scaled, q_scaled)) * 0.5).sqrt();
    let half = s.equals(0.0).select(s, q_scaled / (s + s));
    let (s, half) = (s * unscale, half * unscale);
    let negative = x.lt(0.0);
    let re = negative.select(half, s);
    let im = negative.select(s, half);
    let infinity = x.float(f64::INFINITY);
    let (x_infinite, y_infinite) = (p.equals(f64::INFINITY), q.equals(f64::INFINITY));
    // An infinite real part: (inf, 0) or (0, inf), with NaN where y is NaN.
    let zero_or_nan = y.is_nan().select(y, x.float(0.0));
    let re = x_infinite.select(negative.select(zero_or_nan, infinity), re);
    let im = x_infinite.select(negative.select(infinity, zero_or_nan), im);
    let re = y_infinite.select(infinity, re);
    let im = y_infinite.select(infinity, im);
    Complex { re, im: im.copysign(y) }
}
