//! Reduction of an angle to `n` quarter turns and a rest of at most an eighth of a turn.
//!
//! Below 2^20 radians: Cody and Waite (1980), pi/2 in four parts of which three multiply exactly. Beyond: Payne and
//! Hanek (1983), the product of the fraction of x with those digits of 2/pi that matter for its exponent, as a sum
//! of exact products; that is kept out of line, as such angles are rare.

use hypersonic_loops::{TableData, Ty};

use super::double::{exact_product, exact_sum, ordered_sum};
use super::polynomial::{MAGIC, Precision};
use crate::notation::Term;
use crate::tables::two_over_pi;

const TWO_OVER_PI: f64 = std::f64::consts::FRAC_2_PI;
/// pi/2: three times 33 bits, then 53.
const PART_1: f64 = f64::from_bits(0x3ff9_21fb_5440_0000);
const PART_2: f64 = f64::from_bits(0x3dd0_b461_1a60_0000);
const PART_3: f64 = f64::from_bits(0x3ba3_198a_2e00_0000);
const PART_4: f64 = f64::from_bits(0x397b_839a_2520_49c1);
/// pi/2 as a pair.
pub(super) const HALF_PI_HIGH: f64 = std::f64::consts::FRAC_PI_2;
pub(super) const HALF_PI_LOW: f64 = f64::from_bits(0x3c91_a626_3314_5c07);
/// Where Cody and Waite's reduction ends.
pub(super) const NEAR: f64 = 1_048_576.0;

/// Digits of 2/pi per exponent of x from 2^20 on.
pub static FIRST: TableData = TableData { name: "two_over_pi_1", ty: Ty::F64, bits: &two_over_pi::FIRST };
/// The next digits.
pub static SECOND: TableData = TableData { name: "two_over_pi_2", ty: Ty::F64, bits: &two_over_pi::SECOND };
/// The next digits.
pub static THIRD: TableData = TableData { name: "two_over_pi_3", ty: Ty::F64, bits: &two_over_pi::THIRD };
/// The last digits.
pub static FOURTH: TableData = TableData { name: "two_over_pi_4", ty: Ty::F64, bits: &two_over_pi::FOURTH };

/// An angle as quarter turns and a rest.
pub(super) struct Angle<'p> {
    /// The number of quarter turns in its lowest two bits (I64).
    pub quarters: Term<'p>,
    /// The rest, in radians.
    pub rest: Term<'p>,
    /// What the rest lacks.
    pub low: Term<'p>,
}

/// Reduces an angle below [`NEAR`].
pub(super) fn reduce_near(x: Term<'_>, precision: Precision) -> Angle<'_> {
    let shifted = x * TWO_OVER_PI + MAGIC;
    let n = shifted - MAGIC;
    let first = x - n * PART_1;
    if precision.is_single() {
        let rest = first - n * (PART_2 + PART_3);
        return Angle { quarters: shifted.bits(), rest, low: x.float(0.0) };
    }
    let second = n * PART_2;
    let middle = first - second;
    let lost = ((first - middle) - second) - n * PART_3;
    let rest = middle + lost;
    let low = ((middle - rest) + lost) - n * PART_4;
    Angle { quarters: shifted.bits(), rest, low }
}

/// Reduces an angle from [`NEAR`] on.
pub(super) fn reduce_far(x: Term<'_>, precision: Precision) -> Angle<'_> {
    if precision.is_single() { far_single(x) } else { far_double(x) }
}

/// The index of the table for an exponent, and the fraction of x in [1, 2) with its sign.
fn table_index(x: Term<'_>) -> (Term<'_>, Term<'_>) {
    let magnitude = x.abs();
    // NaN and infinity must not reach the table.
    let magnitude = magnitude.lt(f64::INFINITY).select(magnitude, x.float(NEAR)).at_least(NEAR).bits();
    let index = magnitude.lshr(52) - magnitude.int(1023 + 20);
    let fraction = magnitude.mask(0x000f_ffff_ffff_ffff).or(magnitude.int(0x3ff0_0000_0000_0000));
    (index, fraction.float_of_bits().copysign(x))
}

/// `x` as a multiple of `unit` and a rest of half a unit at most.
fn split_at<'p>(x: Term<'p>, unit: f64) -> (Term<'p>, Term<'p>) {
    let high = (x + MAGIC * unit) - MAGIC * unit;
    (high, x - high)
}

/// What is beyond multiples of four, between -2 and 2.
fn modulo_four(x: Term<'_>) -> Term<'_> {
    split_at(x, 4.0).1
}

const UNIT_FIRST: f64 = 268_435_456.0;
const UNIT_SECOND: f64 = f64::from_bits((1023 - 24) << 52);
const UNIT_THIRD: f64 = f64::from_bits((1023 - 76) << 52);
const UNIT_FRACTION: f64 = f64::from_bits((1023 - 25) << 52);

/// With m = 26 + 26 bits and 2/pi in seven parts, six of 26 bits: the products of equal weight are summed exactly,
/// multiples of four quarter turns dropped on the way.
fn far_double(x: Term<'_>) -> Angle<'_> {
    let (index, m) = table_index(x);
    let (p0, p1) = split_at(index.element_of(&FIRST), UNIT_FIRST);
    let (p2, p3) = split_at(index.element_of(&SECOND), UNIT_SECOND);
    let (p4, p5) = split_at(index.element_of(&THIRD), UNIT_THIRD);
    let p6 = index.element_of(&FOURTH);
    let (high, low) = split_at(m, UNIT_FRACTION);
    // high * p0 is a multiple of 8 and left out.
    let turns = modulo_four(high * p1 + low * p0);
    let coarse = turns + (high * p2 + low * p1);
    let shifted = coarse + MAGIC;
    let rest = coarse - (shifted - MAGIC);
    let a = exact_sum(rest, high * p3 + low * p2);
    let b = exact_sum(a.low, high * p4 + low * p3);
    let tail = b.low + ((high * p5 + low * p4) + (low * p5 + m * p6));
    let sum = exact_sum(a.high, b.high);
    let fraction = ordered_sum(sum.high, sum.low + tail);
    let (radians, error) = exact_product(fraction.high, fraction.high.float(HALF_PI_HIGH));
    let low = error + (fraction.high * HALF_PI_LOW + fraction.low * HALF_PI_HIGH);
    let result = ordered_sum(radians, low);
    Angle { quarters: shifted.bits(), rest: result.high, low: result.low }
}

/// An F32 has 24 bits, so three products with parts of 2/pi do.
fn far_single(x: Term<'_>) -> Angle<'_> {
    let (index, m) = table_index(x);
    // m is a multiple of 2^-23, so its product with the first part is one of 4.
    let (_, p1) = split_at(index.element_of(&FIRST), UNIT_FIRST);
    let (p2, p3) = split_at(index.element_of(&SECOND), UNIT_SECOND);
    let coarse = modulo_four(m * p1) + m * p2;
    let shifted = coarse + MAGIC;
    let rest = (coarse - (shifted - MAGIC)) + (m * p3 + m * index.element_of(&THIRD));
    Angle { quarters: shifted.bits(), rest: rest * HALF_PI_HIGH, low: x.float(0.0) }
}
