//! The gamma function and its logarithm by Stirling's series in doubled precision, for arguments raised above 10 by the
//! recurrence, and reflected from below zero.

use super::coefficients::{LGAMMA_ONE, LGAMMA_TWO};
use super::double::{Double, exact_product, exact_sum, ordered_sum};
use super::exponential::exp_parts;
use super::logarithm;
use super::polynomial::{Fit, MAGIC, Precision, horner, scale};
use super::power::log_double;
use super::reduction::Angle;
use super::trigonometric::{cosine_parts, sine_parts};
use crate::notation::Term;

/// From here Stirling's series reaches 58 bits.
const ENOUGH: f64 = 10.0;
/// `B_2k / (2k (2k - 1))`.
const STIRLING: [f64; 9] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
    43_867.0 / 244_188.0,
];
/// `log(2 pi) / 2`.
const HALF_LOG_TAU: (f64, f64) = (0.918_938_533_204_672_8, f64::from_bits(0xbc86_5b5a_1b7f_f5df));
/// Euler's constant; 1 minus its first part is exact.
const EULER: (f64, f64) = (0.5772156649015329, f64::from_bits(0xbc56cb90701fbfab));
const PI: (f64, f64) = (std::f64::consts::PI, f64::from_bits(0x3ca1_a626_3314_5c07));

/// `log Gamma(y)` and p with `Gamma(a) = Gamma(y) / p`, for a > 0.
fn stirling(a: Term<'_>) -> (Double<'_>, Double<'_>) {
    let mut y = Double::from(a);
    let mut product = Double::from(a.float(1.0));
    for _ in 0..10 {
        let short = y.high.lt(ENOUGH);
        product = product.times(y).or_else(short, product);
        y = y.plus_float(a.float(1.0)).or_else(short, y);
    }
    let inverse = 1.0 / y.high;
    let series = inverse * horner(&STIRLING, inverse * inverse);
    let log = log_double(y.high);
    let log = ordered_sum(log.high, log.low + y.low * inverse);
    let half_less = y.plus_float(a.float(-0.5));
    let leading = half_less.times(log);
    let rest = exact_sum(leading.high, -y.high);
    let constant = exact_sum(rest.high, a.float(HALF_LOG_TAU.0));
    let low = rest.low + constant.low + (leading.low - y.low) + (series + HALF_LOG_TAU.1);
    (ordered_sum(constant.high, low), product)
}

/// `|sin(pi a)|` for a >= 0, and whether it is negative.
fn sine_of_half_turns(a: Term<'_>) -> (Double<'_>, Term<'_>) {
    let whole = a - 2.0 * (a * 0.5).floor();
    let shifted = whole * 2.0 + MAGIC;
    let rest = whole - (shifted - MAGIC) * 0.5;
    let (radians, error) = exact_product(rest, rest.float(PI.0));
    let angle = Angle { quarters: shifted.bits(), rest: radians, low: error + rest * PI.1 };
    let square = radians * radians;
    let sine = sine_parts(&angle, square, Precision::Double);
    let cosine = cosine_parts(&angle, square, Precision::Double);
    let odd = angle.quarters.mask(1).int_differs(0);
    let value = cosine.or_else(odd, sine);
    let value = ordered_sum(value.high, value.low);
    let below = value.high.lt(0.0);
    // Two quarter turns flip the sign; cosine after one or three is positive or negative alike.
    let flips = angle.quarters.mask(2).int_differs(0);
    (value.negated().or_else(below, value), flips.xor(below))
}

/// The gamma function; NaN at negative whole numbers, infinite at zero.
pub fn gamma(x: Term<'_>, _: Precision) -> Term<'_> {
    let negative = x.lt(0.0);
    let a = x.abs().at_most(200.0);
    let a = a.gt(0.0).select(a, a.float(1.0));
    let (log, product) = stirling(a);
    let (power, n) = exp_parts(log.high, log.low);
    let direct = scale(power.over(product).value(), n);
    let (sine, sine_negative) = sine_of_half_turns(a);
    let divisor = sine.times(power).times_float(a);
    let reflected = Double { high: x.float(PI.0), low: x.float(PI.1) }.times(product).over(divisor);
    let reflected = scale(reflected.value(), x.float(0.0) - n);
    // Gamma(-a) = -pi / (a sin(pi a) Gamma(a)).
    let reflected = sine_negative.select(reflected, -reflected);
    let value = negative.select(reflected, direct);
    let value = x.gt(172.0).select(x.float(f64::INFINITY), value);
    let value = x.lt(-190.0).select(x.float(0.0), value);
    let tiny = x.abs().lt(1.0e-290);
    let value = tiny.select(1.0 / x, value);
    let pole = negative.and(x.trunc().equals(x));
    let value = pole.or(x.is_nan()).select(x.float(f64::NAN), value);
    x.equals(f64::INFINITY).select(x, value)
}

/// Near its zeros at 1 and 2 the logarithm is `t (slope + t P(t))`.
fn near_zero<'p>(x: Term<'p>, zero: f64, fit: &Fit, slope: f64, slope_low: f64, otherwise: Term<'p>) -> Term<'p> {
    let t = x - zero;
    let (leading, error) = exact_product(t, t.float(slope));
    let value = leading + (error + (t * slope_low + t * t * fit.of_term(t, Precision::Double)));
    t.abs().le(0.25).select(value, otherwise)
}

/// The logarithm of the magnitude of the gamma function; infinite at its poles.
pub fn lgamma(x: Term<'_>, _: Precision) -> Term<'_> {
    let a = x.abs();
    let bounded = a.lt(1.0e305).select(a, a.float(1.0));
    let bounded = bounded.gt(1.0e-290).select(bounded, a.float(1.0));
    let (log, product) = stirling(bounded);
    let divisor = log_double(product.high);
    let divisor = ordered_sum(divisor.high, divisor.low + product.low / product.high);
    let direct = log.plus(divisor.negated());
    let (sine, _) = sine_of_half_turns(bounded);
    let reflection = {
        let nonzero = sine.high.gt(0.0).select(sine.high, sine.high.float(1.0));
        let (product, error) = exact_product(nonzero, bounded);
        let log = log_double(product);
        let log = ordered_sum(log.high, log.low + (error + sine.low * bounded) / product);
        let log_pi = Double::constant(x, 1.144_729_885_849_400_2, f64::from_bits(0x3c67_abf2_ad8d_5088));
        log_pi.plus(log.negated()).plus(direct.negated())
    };
    let value = x.lt(0.0).select(reflection.value(), direct.value());
    let tiny = a.lt(1.0e-290);
    let value = tiny.select(-logarithm::log(a, Precision::Double), value);
    let pole = x.le(0.0).and(x.trunc().equals(x));
    let endless = pole.or(a.ge(2.6e305));
    let value = endless.select(x.float(f64::INFINITY), value);
    let far = a.ge(1.0e305).and(endless.not()).and(x.gt(0.0));
    let value = far.select(a * (logarithm::log(a, Precision::Double) - 1.0), value);
    let value = near_zero(x, 1.0, &LGAMMA_ONE, -EULER.0, -EULER.1, value);
    let value = near_zero(x, 2.0, &LGAMMA_TWO, 1.0 - EULER.0, -EULER.1, value);
    x.is_nan().select(x, value)
}
