//! Inverse functions of complex numbers, after Hull, Fairgrieve and Tang (1997), *Implementing the complex arcsine and
//! arccosine functions using exception handling*: with `r = |z + 1|`, `s = |z - 1|` and `a = (r + s) / 2`, the
//! imaginary part is `log(a + sqrt(a^2 - 1))` and the real part the angle of `(sqrt(a^2 - x^2), x)`, both rearranged so that
//! nothing cancels.

use super::finite;
use crate::notation::Term;
use crate::recipes::inverse::arctan2;
use crate::recipes::polynomial::Precision::Double;
use crate::recipes::{logarithm, roots};
use crate::scalar::complex::Complex;

const LN_2: f64 = std::f64::consts::LN_2;
const HUGE: f64 = f64::from_bits((1023 + 500) << 52);
const TINY: f64 = f64::from_bits((1023 - 500) << 52);

/// For x, y >= 0: `(sqrt(a^2 - x^2), x)` up to a common factor, and `log(a + sqrt(a^2 - 1))`.
fn parts<'p>(x: Term<'p>, y: Term<'p>) -> (Term<'p>, Term<'p>, Term<'p>) {
    let huge = x.gt(HUGE).or(y.gt(HUGE));
    let one = x.float(1.0);
    let (p, q) = (huge.select(one, x), huge.select(one, y));
    let next = p + 1.0;
    let (r, s) = (roots::hypot(next, q), roots::hypot(p - 1.0, q));
    let a = (r + s) * 0.5;
    let inside = p.le(1.0);
    let (r_sum, s_sum) = (r + next, s + (p - 1.0).abs());
    let square = q * q;
    let sum = a + p;
    let both = inside.select(square / r_sum + s_sum, sum / r_sum + sum / s_sum);
    let root = (0.5 * inside.select(sum * both, both)).sqrt();
    let w = inside.select(root, q * root);
    let excess = 0.5 * (square / r_sum + inside.and(s_sum.gt(0.0)).select(square / s_sum, s_sum));
    let height = logarithm::log1p(excess + (excess * (a + 1.0)).sqrt(), Double);
    // Where y^2 underflows: y / sqrt(1 - x^2) inside the branch points.
    let flat = q.lt(TINY).and(p.lt(1.0));
    let height = flat.select(q / ((1.0 - p) * next).sqrt(), height);
    let outer = logarithm::log(roots::hypot(x * 0.5, y * 0.5), Double) + 2.0 * LN_2;
    (huge.select(y, w), x, huge.select(outer, height))
}

/// Arc sine.
pub fn arcsin(z: Complex<'_>) -> Complex<'_> {
    let (w, x, height) = parts(z.re.abs(), z.im.abs());
    let re = arctan2(x, w, Double);
    let re = z.re.equals(0.0).select(z.re.abs(), re);
    let height = or_nan(z, height);
    Complex { re: re.copysign(z.re), im: height.copysign(z.im) }
}

/// Arc cosine.
pub fn arccos(z: Complex<'_>) -> Complex<'_> {
    let (w, _, height) = parts(z.re.abs(), z.im.abs());
    let re = arctan2(w, z.re, Double);
    let re = z.re.equals(0.0).select(z.re.float(std::f64::consts::FRAC_PI_2), re);
    let height = or_nan(z, height);
    Complex { re, im: -height.copysign(z.im) }
}

/// Inverse hyperbolic cosine: the arc cosine turned into the right half plane.
pub fn arccosh(z: Complex<'_>) -> Complex<'_> {
    let turned = arccos(z);
    Complex { re: turned.im.abs(), im: turned.re.copysign(z.im) }
}

/// Infinite where a part is, else NaN where a part is.
fn or_nan<'p>(z: Complex<'p>, height: Term<'p>) -> Term<'p> {
    let infinite = z.re.abs().equals(f64::INFINITY).or(z.im.abs().equals(f64::INFINITY));
    infinite.select(height.float(f64::INFINITY), z.is_nan().select(height.float(f64::NAN), height))
}

/// `log1p(4x / ((1 - x)^2 + y^2)) / 4 + i atan2(2y, (1 - x)(1 + x) - y^2) / 2`.
pub fn arctanh(z: Complex<'_>) -> Complex<'_> {
    let (x, y) = (z.re.abs(), z.im.abs());
    let huge = x.gt(HUGE).or(y.gt(HUGE));
    let one = x.float(1.0);
    let (p, q) = (huge.select(one, x), huge.select(one, y));
    let square = q * q;
    let distance = (1.0 - p) * (1.0 - p) + square;
    let re = logarithm::log1p(4.0 * p / distance, Double) * 0.25;
    // At the branch point the quotient is infinite; beside it the square may have vanished.
    let at_one = p.equals(1.0).and(q.lt(TINY)).and(q.gt(0.0));
    let re = at_one.select(0.5 * (LN_2 - logarithm::log(q, Double)), re);
    let im = arctan2(2.0 * q, (1.0 - p) * (p + 1.0) - square, Double) * 0.5;
    let scale = huge.select(roots::hypot(x * 0.5, y * 0.5), one);
    let outer = x / scale / scale * 0.25;
    let outer = finite(x).and(finite(y)).select(outer, x.float(0.0));
    let re = huge.select(outer, re);
    let im = huge.select(x.float(std::f64::consts::FRAC_PI_2), im);
    let quiet = z.is_nan().and(huge.not());
    let nan = x.float(f64::NAN);
    let re = quiet.select(x.equals(0.0).select(x, nan), re);
    let im = quiet.select(nan, im);
    let im = z.im.is_nan().and(x.equals(f64::INFINITY)).select(nan, im);
    Complex { re: re.copysign(z.re), im: im.copysign(z.im) }
}
