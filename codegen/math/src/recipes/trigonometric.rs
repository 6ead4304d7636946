//! Sine, cosine and tangent: the rest of an angle after quarter turns goes through both kernels, and the number of
//! quarter turns selects one and its sign.

use super::coefficients::{COS, SIN};
use super::double::{Double, exact_product, ordered_sum};
use super::polynomial::Precision;
use super::rare::{rare_function, straight};
use super::reduction::{Angle, NEAR, reduce_far, reduce_near};
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

/// Sine if `quarters` is even, cosine if odd, negative in the lower half turn.
fn select<'p>(angle: &Angle<'p>, quarters: Term<'p>, precision: Precision) -> Term<'p> {
    let square = angle.rest * angle.rest;
    let sine = sine_parts(angle, square, precision).value();
    let cosine = cosine_parts(angle, square, precision).value();
    let odd = quarters.mask(1).int_differs(0);
    let value = odd.select(cosine, sine);
    value.bits().xor(quarters.mask(2).shl(62)).float_of_bits()
}

fn sine<'p>(angle: &Angle<'p>, precision: Precision) -> Term<'p> {
    select(angle, angle.quarters, precision)
}

fn cosine<'p>(angle: &Angle<'p>, precision: Precision) -> Term<'p> {
    select(angle, angle.quarters + angle.quarters.int(1), precision)
}

/// The quotient of both, corrected by its residual.
fn tangent<'p>(angle: &Angle<'p>, precision: Precision) -> Term<'p> {
    let square = angle.rest * angle.rest;
    let sine = sine_parts(angle, square, precision);
    let cosine = cosine_parts(angle, square, precision);
    let odd = angle.quarters.mask(1).int_differs(0);
    if precision.is_single() {
        let (sine, cosine) = (sine.value(), cosine.value());
        return odd.select(-cosine, sine) / odd.select(sine, cosine);
    }
    let (sine, cosine) = (ordered_sum(sine.high, sine.low), ordered_sum(cosine.high, cosine.low));
    let (above, below) = (cosine.negated().or_else(odd, sine), sine.or_else(odd, cosine));
    let quotient = above.high / below.high;
    let (product, error) = exact_product(quotient, below.high);
    let residual = ((above.high - product) - error) + (above.low - quotient * below.low);
    quotient + residual / below.high
}

/// A function of an angle from [`NEAR`] on, infinities and NaN included.
fn far<'p>(x: Term<'p>, precision: Precision, of: fn(&Angle<'p>, Precision) -> Term<'p>) -> Term<'p> {
    let value = of(&reduce_far(x, precision), precision);
    x.abs().lt(f64::INFINITY).select(value, x.float(f64::NAN))
}

rare_function! {
    /// Sine of large angles.
    SINE_DOUBLE, "sine_far", NEAR, straight(|[x]| far(x, Precision::Double, sine));
    /// Sine of large angles.
    SINE_SINGLE, "sine_far_single", NEAR, straight(|[x]| far(x, Precision::Single, sine));
    /// Cosine of large angles.
    COSINE_DOUBLE, "cosine_far", NEAR, straight(|[x]| far(x, Precision::Double, cosine));
    /// Cosine of large angles.
    COSINE_SINGLE, "cosine_far_single", NEAR, straight(|[x]| far(x, Precision::Single, cosine));
    /// Tangent of large angles.
    TANGENT_DOUBLE, "tangent_far", NEAR, straight(|[x]| far(x, Precision::Double, tangent));
    /// Tangent of large angles.
    TANGENT_SINGLE, "tangent_far_single", NEAR, straight(|[x]| far(x, Precision::Single, tangent));
}

/// Sine.
pub fn sin(x: Term<'_>, precision: Precision) -> Term<'_> {
    sine_of(x, &reduce_near(x, precision), precision)
}

fn sine_of<'p>(x: Term<'p>, angle: &Angle<'p>, precision: Precision) -> Term<'p> {
    let near = x.equals(0.0).select(x, sine(angle, precision));
    x.rare(if precision.is_single() { &SINE_SINGLE } else { &SINE_DOUBLE }, near)
}

/// Cosine.
pub fn cos(x: Term<'_>, precision: Precision) -> Term<'_> {
    cosine_of(x, &reduce_near(x, precision), precision)
}

fn cosine_of<'p>(x: Term<'p>, angle: &Angle<'p>, precision: Precision) -> Term<'p> {
    x.rare(if precision.is_single() { &COSINE_SINGLE } else { &COSINE_DOUBLE }, cosine(angle, precision))
}

/// Sine and cosine of one angle.
pub fn sin_cos(x: Term<'_>, precision: Precision) -> (Term<'_>, Term<'_>) {
    let angle = reduce_near(x, precision);
    (sine_of(x, &angle, precision), cosine_of(x, &angle, precision))
}

/// Tangent.
pub fn tan(x: Term<'_>, precision: Precision) -> Term<'_> {
    let near = tangent(&reduce_near(x, precision), precision);
    let near = x.equals(0.0).select(x, near);
    x.rare(if precision.is_single() { &TANGENT_SINGLE } else { &TANGENT_DOUBLE }, near)
}
