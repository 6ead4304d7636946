//! `x^y = e^(y log x)` with the logarithm to about 68 bits: its error is multiplied by up to 745.

use hypersonic_loops::Compare;

use super::double::{Double, exact_product};
use super::exponential;
use super::logarithm;
use super::long_logarithm::log_double;
use super::polynomial::Precision;
use crate::notation::Term;

/// `x^y` with C99's special cases.
pub fn pow<'p>(x: Term<'p>, y: Term<'p>, precision: Precision) -> Term<'p> {
    let magnitude = x.abs();
    // Exponents beyond 2^70 overflow, underflow or meet a magnitude of 1 all the same, whose logarithm times them is 0.
    let bounded = y.at_most(1_180_591_620_717_411_303_424.0).at_least(-1_180_591_620_717_411_303_424.0);
    let result = if precision.is_single() {
        let product = bounded * logarithm::log(magnitude, precision);
        exponential::exp(product, precision)
    } else {
        positive_power(magnitude, bounded)
    };
    with_limits(x, y, result)
}

/// `x^y` for x that is not negative, NaN where either is.
fn positive_power<'p>(x: Term<'p>, y: Term<'p>) -> Term<'p> {
    let log = log_double(x);
    // Infinite logarithms give infinite exponents, whose low part is not used.
    let log_high = x.lt(f64::INFINITY).select(log.high, x);
    let log_high = x.equals(0.0).select(x.float(f64::NEG_INFINITY), log_high);
    let (high, low) = exact_product(y, log_high);
    let low = low + y * log.low;
    let inside = high.abs().lt(760.0);
    let tail = inside.select(low, low.float(0.0));
    exponential::exp_of_sum(high.at_most(710.0).at_least(-746.0), Some(tail))
}

/// C99 F.9.4.4, where `result` is the power of the magnitude, which lacks nothing but that a power of one or to zero is one.
fn with_limits<'p>(x: Term<'p>, y: Term<'p>, result: Term<'p>) -> Term<'p> {
    let whole = y.trunc().equals(y);
    let half = y * 0.5;
    let odd = whole.and(half.trunc().differs(half));
    let negative = x.bits().compare(Compare::SLt, x.bits().int(0));
    let result = negative.and(odd).select(-result, result);
    let finite_negative = x.lt(0.0).and(x.gt(f64::NEG_INFINITY));
    let result = finite_negative.and(whole.not()).select(x.float(f64::NAN), result);
    x.equals(1.0).or(y.equals(0.0)).select(x.float(1.0), result)
}

/// `x^n` for a small whole constant: in doubled precision, so that one rounding counts.
pub fn whole_power(x: Term<'_>, n: u32) -> Term<'_> {
    let mut result: Option<Double> = None;
    let mut square = Double::from(x);
    let mut rest = n;
    while rest > 0 {
        if rest & 1 == 1 {
            result = Some(result.map_or(square, |product| product.times(square)));
        }
        rest >>= 1;
        if rest > 0 {
            square = square.times(square);
        }
    }
    let Some(power) = result else { return x.float(1.0) };
    // The parts are NaN where a product overflowed or an operand was infinite; the plain product is right there.
    let plain = plain_power(x, n);
    // Adding the low part turns a zero that is negative, or whose exact value is, into +0; the plain product has the sign.
    let sum = power.value().copysign(plain);
    sum.abs().lt(f64::INFINITY).and(plain.abs().lt(f64::INFINITY)).select(sum, plain)
}

fn plain_power(x: Term<'_>, n: u32) -> Term<'_> {
    (1..n).fold(x, |product, _| product * x)
}
