//! Hyperbolic functions by `t = e^x - 1` in doubled precision, their inverses by `log(1 + v)` of a doubled argument.

use super::double::{Double, exact_square, exact_sum, ordered_sum};
use super::exponential::{exp, expm1, expm1_over};
use super::logarithm::{decompose, log_of_parts, log1p_of};
use super::polynomial::Precision;
use crate::notation::Term;

/// Beyond this the smaller exponential no longer shows.
const FAR: f64 = 40.0;
/// Beyond this x^2 + 1 and x^2 are the same to doubled precision.
const LARGE: f64 = 1_073_741_824.0;

fn quarter_expm1(magnitude: Term<'_>) -> Double<'_> {
    expm1_over(magnitude.at_most(711.0), 0.25, 2.0)
}

/// Hyperbolic sine: with h = (e^x - 1) / 4, 2 (h + h / (4h + 1)).
pub fn sinh(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    if precision.is_single() {
        let t = expm1(magnitude, precision);
        let far = 0.5 * exp(magnitude, precision);
        let near = 0.5 * (t + t / (t + 1.0));
        return magnitude.gt(FAR).select(far, near).copysign(x);
    }
    let h = quarter_expm1(magnitude);
    let far = magnitude.gt(FAR);
    let near = {
        let h = h.or_else(far.not(), Double::from(x.float(1.0)));
        let e = Double { high: 4.0 * h.high, low: 4.0 * h.low };
        let divisor = exact_sum(e.high, x.float(1.0));
        let divisor = ordered_sum(divisor.high, divisor.low + e.low);
        let sum = h.plus(h.over(divisor));
        sum.value()
    };
    let value = far.select(h.high, near) * 2.0;
    let value = magnitude.lt(1.0e-9).select(magnitude, value);
    let value = magnitude.gt(711.0).select(x.float(f64::INFINITY), value);
    x.is_nan().select(x, value.copysign(x))
}

/// Hyperbolic cosine: with g = e^x / 4, 2 (g + 1 / (16 g)).
pub fn cosh(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    if precision.is_single() {
        let e = exp(magnitude, precision);
        return 0.5 * (e + 1.0 / e);
    }
    let h = quarter_expm1(magnitude);
    let g = h.plus_float(x.float(0.25));
    let far = magnitude.gt(FAR);
    let near = {
        let g = g.or_else(far.not(), Double::from(x.float(1.0)));
        let inverse = Double::from(x.float(0.0625)).over(g);
        g.plus_smaller(inverse).value()
    };
    let value = far.select(g.high, near) * 2.0;
    magnitude.gt(711.0).select(x.float(f64::INFINITY), value)
}

/// Hyperbolic tangent: with t = e^(2x) - 1, t / (t + 2).
pub fn tanh(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    if precision.is_single() {
        let t = expm1(2.0 * magnitude.at_most(30.0), precision);
        return (t / (t + 2.0)).copysign(x);
    }
    let half = expm1_over(2.0 * magnitude.at_most(22.0), 0.5, 1.0);
    let divisor = exact_sum(half.high, x.float(1.0));
    let divisor = ordered_sum(divisor.high, divisor.low + half.low);
    let value = half.over(divisor).value();
    let value = magnitude.lt(1.0e-9).select(magnitude, value);
    x.is_nan().select(x, value.copysign(x))
}

/// `log(x) + ln 2` for large x.
fn log_of_twice(x: Term<'_>) -> Term<'_> {
    let (k, f) = decompose(x, Precision::Double);
    log_of_parts(k + 1.0, f, None)
}

/// Inverse hyperbolic sine: log(1 + v) with v = x + x^2 / (1 + sqrt(1 + x^2)).
pub fn arcsinh(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    if precision.is_single() {
        let square = magnitude * magnitude;
        let v = magnitude + square / (1.0 + (square + 1.0).sqrt());
        let value = super::logarithm::log1p(v, precision);
        return magnitude.equals(f64::INFINITY).select(magnitude, value).copysign(x);
    }
    let large = magnitude.gt(LARGE);
    let bounded = magnitude.at_most(LARGE);
    let (high, low) = exact_square(bounded);
    let square = Double { high, low };
    let root = square.plus_float(x.float(1.0)).sqrt();
    let v = square.over(root.plus_float(x.float(1.0))).plus_float(bounded);
    let value = large.select(log_of_twice(magnitude), log1p_of(v, false));
    // Below this the square underflows and the argument is the answer.
    let value = magnitude.lt(1.0e-9).select(magnitude, value);
    magnitude.lt(f64::INFINITY).select(value, magnitude).copysign(x)
}

/// Inverse hyperbolic cosine: log(1 + v) with t = x - 1 and v = t + sqrt(2t + t^2); NaN below 1.
pub fn arccosh(x: Term<'_>, precision: Precision) -> Term<'_> {
    let defined = x.ge(1.0);
    let value = if precision.is_single() {
        let t = x - 1.0;
        let v = t + (t * (t + 2.0)).sqrt();
        super::logarithm::log1p(v, precision)
    } else {
        let bounded = defined.select(x.at_most(LARGE), x.float(1.0));
        let t = exact_sum(bounded, x.float(-1.0));
        let next = exact_sum(bounded, x.float(1.0));
        let v = t.times(next).sqrt().plus(t);
        x.gt(LARGE).select(log_of_twice(x), log1p_of(v, false))
    };
    let value = x.equals(f64::INFINITY).select(x, value);
    defined.select(value, x.float(f64::NAN))
}

/// Inverse hyperbolic tangent: log(1 + 2x / (1 - x)) / 2; infinite at 1, NaN beyond.
pub fn arctanh(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let value = if precision.is_single() {
        0.5 * super::logarithm::log1p(2.0 * magnitude / (1.0 - magnitude), precision)
    } else {
        let inside = magnitude.lt(1.0).select(magnitude, x.float(0.5));
        let divisor = ordered_sum(x.float(1.0), -inside);
        let v = Double::from(2.0 * inside).over(divisor);
        let value = 0.5 * log1p_of(v, false);
        let value = magnitude.lt(1.0e-9).select(magnitude, value);
        magnitude.lt(1.0).select(value, x.float(f64::NAN))
    };
    let value = magnitude.equals(1.0).select(x.float(f64::INFINITY), value);
    x.is_nan().select(x, value.copysign(x))
}
