//! Sine, cosine and tangent: the rest of an angle after quarter turns goes through both kernels, and the number of
//! quarter turns selects one and its sign.

use super::coefficients::{COS, SIN};
use super::double::{Double, exact_product, ordered_sum};
use super::polynomial::Precision;
use super::reduction::{Angle, reduce};
use crate::notation::Term;

/// Sine of a rest as leading term and correction.
pub(super) fn sine_parts<'p>(angle: &Angle<'p>, square: Term<'p>, precision: Precision) -> Double<'p> {
    let cube = square * angle.rest;
    let series = cube * SIN.of_term(square, precision);
    let low = if precision.is_single() { series } else { series + angle.low * (1.0 - 0.5 * square) };
    Double { high: angle.rest, low }
}

/// Cosine of a rest as leading term and correction.
pub(super) fn cosine_parts<'p>(angle: &Angle<'p>, square: Term<'p>, precision: Precision) -> Double<'p> {
    let half = square * 0.5;
    let series = square * square * COS.of_term(square, precision);
    let high = 1.0 - half;
    if precision.is_single() {
        return Double { high, low: series };
    }
    Double { high, low: ((1.0 - high) - half) + (series - angle.rest * angle.low) }
}

/// Sine if `quarters` is even, cosine if odd, negative in the lower half turn; NaN at infinity.
fn select<'p>(x: Term<'p>, angle: &Angle<'p>, quarters: Term<'p>, precision: Precision) -> Term<'p> {
    let square = angle.rest * angle.rest;
    let sine = sine_parts(angle, square, precision).value();
    let cosine = cosine_parts(angle, square, precision).value();
    let odd = quarters.mask(1).int_differs(0);
    let value = odd.select(cosine, sine);
    let signed = value.bits().xor(quarters.mask(2).shl(62)).float_of_bits();
    x.abs().lt(f64::INFINITY).select(signed, x.float(f64::NAN))
}

/// Sine.
pub fn sin(x: Term<'_>, precision: Precision) -> Term<'_> {
    let angle = reduce(x, precision);
    let value = select(x, &angle, angle.quarters, precision);
    x.equals(0.0).select(x, value)
}

/// Cosine.
pub fn cos(x: Term<'_>, precision: Precision) -> Term<'_> {
    let angle = reduce(x, precision);
    select(x, &angle, angle.quarters + angle.quarters.int(1), precision)
}

/// Sine and cosine of one angle.
pub fn sin_cos(x: Term<'_>, precision: Precision) -> (Term<'_>, Term<'_>) {
    let angle = reduce(x, precision);
    let sine = select(x, &angle, angle.quarters, precision);
    let cosine = select(x, &angle, angle.quarters + angle.quarters.int(1), precision);
    (x.equals(0.0).select(x, sine), cosine)
}

/// Tangent: the quotient, corrected by its residual.
pub fn tan(x: Term<'_>, precision: Precision) -> Term<'_> {
    let angle = reduce(x, precision);
    let square = angle.rest * angle.rest;
    let sine = sine_parts(&angle, square, precision);
    let cosine = cosine_parts(&angle, square, precision);
    let odd = angle.quarters.mask(1).int_differs(0);
    let value = if precision.is_single() {
        let (sine, cosine) = (sine.value(), cosine.value());
        odd.select(-cosine, sine) / odd.select(sine, cosine)
    } else {
        let (sine, cosine) = (ordered_sum(sine.high, sine.low), ordered_sum(cosine.high, cosine.low));
        let (above, below) = (cosine.negated().or_else(odd, sine), sine.or_else(odd, cosine));
        let quotient = above.high / below.high;
        let (product, error) = exact_product(quotient, below.high);
        let residual = ((above.high - product) - error) + (above.low - quotient * below.low);
        quotient + residual / below.high
    };
    let value = x.equals(0.0).select(x, value);
    x.abs().lt(f64::INFINITY).select(value, x.float(f64::NAN))
}
