//! `log(e^x + e^y)` and its kin to base 2: the larger plus a correction.

use super::exponential::{exp, exp2};
use super::logarithm::log1p;
use super::polynomial::Precision;
use crate::notation::Term;

/// The larger of both, and minus their distance; equal infinities have distance 0.
fn larger_and_distance<'p>(x: Term<'p>, y: Term<'p>) -> (Term<'p>, Term<'p>) {
    let larger = x.gt(y).select(x, y);
    let distance = x.equals(y).select(x.float(0.0), -(x - y).abs());
    (larger, distance)
}

fn or_nan<'p>(x: Term<'p>, y: Term<'p>, value: Term<'p>) -> Term<'p> {
    x.is_nan().or(y.is_nan()).select(x + y, value)
}

/// `log(e^x + e^y)`.
pub fn logaddexp<'p>(x: Term<'p>, y: Term<'p>, precision: Precision) -> Term<'p> {
    let (larger, distance) = larger_and_distance(x, y);
    or_nan(x, y, larger + log1p(exp(distance, precision), precision))
}

/// `log2(2^x + 2^y)`.
pub fn logaddexp2<'p>(x: Term<'p>, y: Term<'p>, precision: Precision) -> Term<'p> {
    let (larger, distance) = larger_and_distance(x, y);
    or_nan(x, y, larger + log1p(exp2(distance, precision), precision) * std::f64::consts::LOG2_E)
}
