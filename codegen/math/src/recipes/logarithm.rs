//! Logarithms: `x = 2^k (1 + f)` with `1 + f` between sqrt(1/2) and sqrt(2), and
//! `log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2))` with `s = f / (2 + f)`, where `2s + s R` is the series of
//! `2 atanh(s)`; written so that `f`, which is exact, carries the leading bits.

use hypersonic_loops::Ty;

use super::coefficients::LOG;
use super::double::{Double, exact_sum, ordered_sum};
use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::polynomial::Precision;
use crate::notation::Term;

const LN_2: f64 = std::f64::consts::LN_2;
const SQRT_HALF: i64 = 0x3fe6_a09e_667f_3bcd;
const ONE: i64 = 0x3ff0_0000_0000_0000;
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_54: f64 = 4.0 * TWO_52;

/// `(k, f)` of a positive number.
pub(super) fn decompose(x: Term<'_>, precision: Precision) -> (Term<'_>, Term<'_>) {
    let (k, fraction) = split_exponent(x, SQRT_HALF, precision);
    let m = (fraction + fraction.int(SQRT_HALF)).float_of_bits();
    (k, m - 1.0)
}

/// Of a positive number `2^k m`, with m from the number with bits `start` to twice that: k, and how many bits m is above its
/// start. Subnormals, which a widened F32 never is, are scaled first.
pub(super) fn split_exponent(x: Term<'_>, start: i64, precision: Precision) -> (Term<'_>, Term<'_>) {
    let bias = x.float(TWO_52 + 1023.0);
    let (x, bias) = if precision.is_single() {
        (x, bias)
    } else {
        let tiny = x.lt(f64::MIN_POSITIVE);
        (tiny.select(x * TWO_54, x), tiny.select(x.float(TWO_52 + 1023.0 + 54.0), bias))
    };
    let moved = x.bits() + x.int_of(Ty::I64, ONE - start);
    let exponent = moved.lshr(52).or(x.float(TWO_52).bits());
    (exponent.float_of_bits() - bias, moved.mask(FRACTION))
}

/// NaN below zero, minus infinity at zero, infinity at infinity.
pub(super) fn with_limits<'p>(x: Term<'p>, result: Term<'p>) -> Term<'p> {
    let at_zero = x.equals(0.0).select(x.float(f64::NEG_INFINITY), x.float(f64::NAN));
    let result = x.gt(0.0).select(result, at_zero);
    x.equals(f64::INFINITY).select(x, result)
}

/// `log(1 + f)` as `f - rest`: the rest.
fn rest(f: Term<'_>) -> Term<'_> {
    let s = f / (f + 2.0);
    let z = s * s;
    let half_square = f * f * 0.5;
    half_square - s * (half_square + z * LOG.of_term(z, Precision::Double))
}

/// `k ln 2 + log(1 + f) + correction`.
pub(super) fn log_of_parts<'p>(k: Term<'p>, f: Term<'p>, correction: Option<Term<'p>>) -> Term<'p> {
    let s = f / (f + 2.0);
    let z = s * s;
    let half_square = f * f * 0.5;
    let small = k * LN_2_LOW;
    let small = correction.map_or(small, |correction| small + correction);
    let inner = s * (half_square + z * LOG.of_term(z, Precision::Double)) + small;
    let sum = ordered_sum(k * LN_2_HIGH, f);
    sum.high + (sum.low - (half_square - inner))
}

/// `log(1 + f)` to single precision.
fn single(f: Term<'_>) -> Term<'_> {
    let s = f / (f + 2.0);
    let z = s * s;
    s * (2.0 + z * LOG.of_term(z, Precision::Single))
}

/// Natural logarithm.
pub fn log(x: Term<'_>, precision: Precision) -> Term<'_> {
    let (k, f) = decompose(x, precision);
    let result = if precision.is_single() { k * LN_2 + single(f) } else { log_of_parts(k, f, None) };
    with_limits(x, result)
}

/// A base's reciprocal logarithm in 26 bits and the rest, and how `k` counts: `k log_b(2)` as two parts.
struct Base {
    high: f64,
    low: f64,
    step_high: f64,
    step_low: f64,
}

const TWO: Base =
    Base { high: f64::from_bits(0x3ff7_1547_6000_0000), low: f64::from_bits(0x3e54_ae0b_f85d_df44), step_high: 1.0, step_low: 0.0 };
const TEN: Base = Base {
    high: f64::from_bits(0x3fdb_cb7b_1000_0000),
    low: f64::from_bits(0x3e34_9b94_38ca_9aae),
    step_high: f64::from_bits(0x3fd3_4413_509f_7800),
    step_low: f64::from_bits(0x3d1f_ef31_1f12_b358),
};

/// Logarithm to a base: `log(1 + f)` as 26 bits and a rest, so that the product with the base's constant is exact
/// where it counts.
fn to_base<'p>(x: Term<'p>, base: &Base, precision: Precision) -> Term<'p> {
    let (k, f) = decompose(x, precision);
    if precision.is_single() {
        return with_limits(x, k * (base.step_high + base.step_low) + single(f) * (base.high + base.low));
    }
    let rest = rest(f);
    let (high, cut) = super::double::split(f - rest);
    // What the rounding of f - rest lost.
    let low = cut + ((f - (high + cut)) - rest);
    let product = high * base.high;
    let small = (high + low) * base.low + low * base.high;
    let small = if base.step_low == 0.0 { small } else { small + k * base.step_low };
    let sum = ordered_sum(k * base.step_high, product);
    with_limits(x, sum.high + (sum.low + small))
}

/// Logarithm to base 2; exact at powers of two.
pub fn log2(x: Term<'_>, precision: Precision) -> Term<'_> {
    to_base(x, &TWO, precision)
}

/// Logarithm to base 10.
pub fn log10(x: Term<'_>, precision: Precision) -> Term<'_> {
    to_base(x, &TEN, precision)
}

/// `log(1 + x)`.
pub fn log1p(x: Term<'_>, precision: Precision) -> Term<'_> {
    let result = if precision.is_single() { single_log1p(x) } else { log1p_of(Double::from(x), true) };
    let at_pole = x.equals(-1.0).select(x.float(f64::NEG_INFINITY), x.float(f64::NAN));
    let result = x.gt(-1.0).select(result, at_pole);
    let result = x.equals(f64::INFINITY).select(x, result);
    x.equals(0.0).select(x, result)
}

/// In F64 `1 + x` loses nothing that shows after rounding to F32, but near 0.
fn single_log1p(x: Term<'_>) -> Term<'_> {
    let near = x.abs().lt(0.25);
    let (k, f) = decompose(1.0 + x, Precision::Single);
    let (k, f) = (near.select(k.float(0.0), k), near.select(x, f));
    k * LN_2 + single(f)
}

/// `log(1 + v)` for `v` above -1; `exact` says that the low part of `v` is zero.
pub(super) fn log1p_of(v: Double<'_>, exact: bool) -> Term<'_> {
    let near = v.high.gt(-0.29).and(v.high.lt(0.41));
    let sum = exact_sum(v.high.float(1.0), v.high);
    let (k, f) = decompose(sum.high, Precision::Double);
    let zero = k.float(0.0);
    let lost = near.select(zero, sum.low);
    let lost = if exact { lost } else { lost + v.low };
    log_of_parts(near.select(zero, k), near.select(v.high, f), Some(lost / sum.high))
}
