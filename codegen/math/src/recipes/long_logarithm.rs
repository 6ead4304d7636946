//! The logarithm to about 68 bits, for functions that multiply its error: with a short reciprocal c from a table (Tang 1990,
//! *Table-driven implementation of the logarithm function*), `x = 2^k m` and `r = m c - 1`, which is exact in two parts,
//! `k ln 2 - log(c) + r - r^2 / 2 + r^3 P(r)`, where all but the last term carry what they round.

mod table;

use hypersonic_loops::{TableData, Ty};

use super::coefficients::LOG_CUBIC;
use super::double::{Double, exact_square, exact_sum, ordered_sum, split};
use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::logarithm::split_exponent;
use super::polynomial::{Precision, horner};
use crate::notation::Term;

static INVERSE: TableData = TableData { name: "log_inverse", ty: Ty::F64, bits: &table::INVERSE };
static LOG: TableData = TableData { name: "log_of_inverse", ty: Ty::F64, bits: &table::LOG };
static LOG_LOW: TableData = TableData { name: "log_of_inverse_low", ty: Ty::F64, bits: &table::LOG_LOW };

/// The bits of the least m: 1 is in the middle of a part, for which c is 1.
const START: i64 = 0x3fe6_b000_0000_0000;
/// A part's share of the bits of m.
const PART: i64 = 45;

/// `log(x)` for positive finite x, relative to itself.
pub(super) fn log_double(x: Term<'_>) -> Double<'_> {
    let (k, fraction) = split_exponent(x, START, Precision::Double);
    let part = fraction.lshr(PART);
    let m = (fraction + fraction.int(START)).float_of_bits();
    let inverse = part.element_of(&INVERSE);
    let (upper, lower) = split(m);
    let r = ordered_sum(upper * inverse - 1.0, lower * inverse);
    let (square, square_low) = exact_square(r.high);
    let half_square = 0.5 * square;
    let cubic = square * r.high * horner(&LOG_CUBIC, r.high);
    let constant = k * LN_2_HIGH + part.element_of(&LOG);
    let constant_low = k * LN_2_LOW + part.element_of(&LOG_LOW);
    let linear = exact_sum(constant, r.high);
    let sum = ordered_sum(linear.high, -half_square);
    let low = (r.low - r.low * r.high) - 0.5 * square_low;
    ordered_sum(sum.high, (sum.low + linear.low) + (constant_low + (low + cubic)))
}
