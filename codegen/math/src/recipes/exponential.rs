//! Exponential functions: `x = n ln 2 + r` with |r| <= ln(2)/2, a polynomial for `e^r`, and a change of exponent.
//! The reduction is Cody and Waite's (1980) with ln 2 in two parts.

use super::coefficients::{EXP, EXP2};
use super::double::{Double, exact_square, exact_sum, ordered_sum, split};
use super::polynomial::{Precision, nearest, power_of_two, scale};
use crate::notation::Term;

const LOG2_E: f64 = std::f64::consts::LOG2_E;
const LN_2: f64 = std::f64::consts::LN_2;
/// The first 32 bits of ln 2, and the rest.
pub(super) const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
pub(super) const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// The first 26 bits of ln 2, and the rest.
const LN_2_SHORT: f64 = f64::from_bits(0x3fe6_2e42_f800_0000);
const LN_2_REST: f64 = f64::from_bits(0x3e4b_e8e7_bcd5_e4f2);

/// `e^x`.
pub fn exp(x: Term<'_>, precision: Precision) -> Term<'_> {
    if precision.is_single() {
        let x = x.at_most(90.0).at_least(-110.0);
        let n = nearest(x * LOG2_E);
        let r = x - n * LN_2;
        let square = r * r;
        let p = 1.0 + (r + square * EXP.at(r, square, precision));
        return p * power_of_two(n);
    }
    exp_of_sum(x.at_most(710.0).at_least(-746.0), None)
}

/// `e^(x + tail)` for x within -746 and 710 and a tail that is small beside 1.
pub(super) fn exp_of_sum<'p>(x: Term<'p>, tail: Option<Term<'p>>) -> Term<'p> {
    let n = nearest(x * LOG2_E);
    let high = x - n * LN_2_HIGH;
    let low = n * LN_2_LOW;
    let low = tail.map_or(low, |tail| low - tail);
    let r = high - low;
    let square = r * r;
    let p = 1.0 + (high - (low - square * EXP.at(r, square, Precision::Double)));
    scale(p, n)
}

/// `2^x`.
pub fn exp2(x: Term<'_>, precision: Precision) -> Term<'_> {
    if precision.is_single() {
        let x = x.at_most(130.0).at_least(-160.0);
        let n = nearest(x);
        let r = x - n;
        let square = r * r;
        let p = 1.0 + (r * LN_2 + square * EXP2.at(r, square, precision));
        return p * power_of_two(n);
    }
    let x = x.at_most(1025.0).at_least(-1077.0);
    let n = nearest(x);
    let r = x - n;
    let (high, low) = split(r);
    let square = r * r;
    let rest = (high * LN_2_REST + low * LN_2) + square * EXP2.at(r, square, precision);
    scale(1.0 + (high * LN_2_SHORT + rest), n)
}

/// `e^x - 1`.
pub fn expm1(x: Term<'_>, precision: Precision) -> Term<'_> {
    if precision.is_single() {
        let x = x.at_most(90.0).at_least(-40.0);
        let n = nearest(x * LOG2_E);
        let r = x - n * LN_2;
        let square = r * r;
        let e = r + square * EXP.at(r, square, precision);
        let factor = power_of_two(n);
        return ((factor - 1.0) + factor * e).copysign(x);
    }
    let half = expm1_over(x.at_most(710.0).at_least(-50.0), 0.5, 1.0);
    let value = (half.value() * 2.0).copysign(x);
    // Halves of subnormals are lost; there the argument is the answer.
    x.abs().lt(1.0e-300).select(x, value)
}

/// `(e^x - 1) * fraction` for a fraction of 1/2 or 1/4, `steps` halvings, to about 60 bits; x within -50 and 711.
pub(super) fn expm1_over<'p>(x: Term<'p>, fraction: f64, steps: f64) -> Double<'p> {
    let n = nearest(x * LOG2_E);
    let high = x - n * LN_2_HIGH;
    let low = n * LN_2_LOW;
    let r = high - low;
    let square = r * r;
    // r is rounded: what it lost changes its square.
    let lost = (high - r) - low;
    let e = ordered_sum(high, (square * EXP.at(r, square, Precision::Double) + r * lost) - low);
    let factor = power_of_two(n - steps);
    let whole = exact_sum(factor, factor.float(-fraction));
    let sum = ordered_sum(whole.high, factor * e.high);
    ordered_sum(sum.high, sum.low + (whole.low + factor * e.low))
}

/// `e^(x + tail)` as `p * 2^n` with p to about 58 bits; |x| up to 1300.
pub(super) fn exp_parts<'p>(x: Term<'p>, tail: Term<'p>) -> (Double<'p>, Term<'p>) {
    let n = nearest(x * LOG2_E);
    let high = x - n * LN_2_HIGH;
    let low = n * LN_2_LOW - tail;
    let r = high - low;
    let square = r * r;
    let e = ordered_sum(high, square * EXP.at(r, square, Precision::Double) - low);
    let sum = ordered_sum(x.float(1.0), e.high);
    (ordered_sum(sum.high, sum.low + e.low), n)
}

/// As [`exp_parts`], with p to about 59 bits for all x.
pub(super) fn exp_longer<'p>(x: Term<'p>, tail: Term<'p>) -> (Double<'p>, Term<'p>) {
    let n = nearest(x * LOG2_E);
    (near_one_longer(x - n * LN_2_HIGH, n * LN_2_LOW - tail), n)
}

/// `2^(x + tail)` as `p * 2^n` with p to about 59 bits; |x| up to 1300.
pub(super) fn exp2_longer<'p>(x: Term<'p>, tail: Term<'p>) -> (Double<'p>, Term<'p>) {
    let n = nearest(x);
    let r = x - n;
    let (high, low) = split(r);
    let rest = (high * LN_2_REST + low * LN_2) + tail * LN_2;
    (near_one_longer(high * LN_2_SHORT, -rest), n)
}

/// `e^(high - low)` for a difference within ln(2)/2: the square's half is exact, and what r loses counts.
fn near_one_longer<'p>(high: Term<'p>, low: Term<'p>) -> Double<'p> {
    let r = high - low;
    let lost = (high - r) - low;
    let (square, square_low) = exact_square(r);
    let e = ordered_sum(r, square * 0.5);
    let cube = r * square * EXP.after_first(r, square);
    let low = e.low + (cube + (square_low * 0.5 + (lost + lost * r)));
    let sum = ordered_sum(high.float(1.0), e.high);
    ordered_sum(sum.high, sum.low + low)
}
