//! The gamma function and its logarithm by Stirling's formula in doubled precision, for arguments below 4 raised by
//! four steps of the recurrence. Arguments below zero go out of line.

mod negative;
mod roots;

use super::coefficients::{LGAMMA_ONE, LGAMMA_TWO, STIRLING};
use super::double::{Double, exact_product, exact_sum, ordered_sum, split};
use super::exponential::exp_parts;
use super::logarithm::log;
use super::long_logarithm::log_double;
use super::polynomial::{Precision, horner, scale};
use crate::notation::Term;

/// From here Stirling's formula with its correction is good to 2^-63.
const ENOUGH: f64 = 4.0;
/// 1/12 in 26 bits, and the rest.
const TWELFTH: (f64, f64) = (f64::from_bits(0x3fb5_5555_5000_0000), f64::from_bits(0x3e15_5555_5555_5555));
/// `log(2 pi) / 2 - 1/2`.
const HALF_LOG_TAU_LESS: (f64, f64) = (0.418_938_533_204_672_7, f64::from_bits(0x3c73_494b_c900_1442));
/// Euler's constant, rounded up; 1 minus it is exact.
const EULER: (f64, f64) = (0.5772156649015329, f64::from_bits(0xbc56_cb90_701f_bfab));
/// The greatest number whose logarithm of the gamma function is finite.
const LAST: f64 = 2.559_983_327_851_638_3e305;
/// Below this the functions are 1/x and -log|x|.
const TINY: f64 = 1.0e-30;

/// What Stirling's formula gives for a > 0.
struct Stirling<'p> {
    /// `log Gamma(y)`.
    log: Double<'p>,
    /// `Gamma(y) / Gamma(a)`; 1 where y = a.
    product: Double<'p>,
}

/// With y = a or a + 4: `(y - 1/2) (log y - 1) + log(2 pi) / 2 - 1/2 + 1 / (12 y)` and a rest.
fn stirling(a: Term<'_>) -> Stirling<'_> {
    let short = a.lt(ENOUGH);
    let one = Double::from(a.float(1.0));
    // a (a + 1) (a + 2) (a + 3) = u (u + 2) with u = a (a + 3).
    let outer = exact_sum(a, a.float(3.0)).times_float(a);
    let product = outer.times(outer.plus_float(a.float(2.0))).or_else(short, one);
    let y = exact_sum(a, a.float(4.0)).or_else(short, Double::from(a));
    let inverse = 1.0 / y.high;
    let (whole, error) = exact_product(inverse, y.high);
    let inverse_low = inverse * (((1.0 - whole) - error) - inverse * y.low);
    let (inverse_high, cut) = split(inverse);
    let twelfth = ordered_sum(inverse_high * TWELFTH.0, cut * TWELFTH.0 + (inverse * TWELFTH.1 + inverse_low * (TWELFTH.0 + TWELFTH.1)));
    let square = inverse * inverse;
    let rest = square * inverse * horner(&STIRLING, square);
    let log = log_double(y.high);
    let log = ordered_sum(log.high, log.low + y.low * inverse);
    let leading = y.plus_float(a.float(-0.5)).times(log.plus_float(a.float(-1.0)));
    let sum = ordered_sum(leading.high, a.float(HALF_LOG_TAU_LESS.0));
    let total = ordered_sum(sum.high, twelfth.high);
    let low = total.low + sum.low + leading.low + (twelfth.low + rest + HALF_LOG_TAU_LESS.1);
    Stirling { log: ordered_sum(total.high, low), product }
}

/// `log Gamma(a)` for a > 0, relative to the larger of itself and 1.
fn log_of<'p>(stirling: &Stirling<'p>) -> Double<'p> {
    let product = stirling.product;
    let divisor = log_double(product.high);
    let divisor = ordered_sum(divisor.high, divisor.low + product.low / product.high);
    stirling.log.plus(divisor.negated())
}

/// The gamma function; NaN at negative whole numbers, infinite at zero.
pub fn gamma(x: Term<'_>, _: Precision) -> Term<'_> {
    let a = x.ge(TINY).select(x.at_most(200.0), x.float(1.0));
    let Stirling { log, product } = stirling(a);
    let (power, n) = exp_parts(log.high, log.low);
    let value = scale(power.over(product).value(), n);
    let value = x.gt(172.0).select(x.float(f64::INFINITY), value);
    let value = x.abs().lt(TINY).select(1.0 / x, value);
    let value = x.is_nan().select(x, value);
    x.at_most(0.0).rare(&negative::GAMMA, value)
}

/// The logarithm of the magnitude of the gamma function; infinite at its poles.
pub fn lgamma(x: Term<'_>, _: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let a = x.ge(TINY).select(x, x.float(1.0));
    let value = near_zero(x, log_of(&stirling(a)).value());
    let value = magnitude.lt(TINY).select(-log(magnitude, Precision::Double), value);
    let value = x.gt(LAST).select(x.float(f64::INFINITY), value);
    let value = x.is_nan().select(x, value);
    x.at_most(0.0).rare(&negative::LGAMMA, value)
}

/// Near its zeros at 1 and 2 the logarithm is `t (slope + t P(t))`.
fn near_zero<'p>(x: Term<'p>, otherwise: Term<'p>) -> Term<'p> {
    let first = x.lt(1.5);
    let choose = |one: f64, two: f64| first.select(x.float(one), x.float(two));
    let t = x - choose(1.0, 2.0);
    let mut sum = choose(LGAMMA_ONE[13], LGAMMA_TWO[13]);
    for (one, two) in LGAMMA_ONE.iter().zip(LGAMMA_TWO).rev().skip(1) {
        sum = sum * t + choose(*one, two);
    }
    let slope = ordered_sum(choose(-EULER.0, 1.0 - EULER.0), t * sum);
    let value = Double { high: slope.high, low: slope.low - EULER.1 }.times_float(t).value();
    t.abs().le(0.125).select(value, otherwise)
}
