//! `log(e^x + e^y)` and its kin to base 2: the larger plus the logarithm of 1 plus the power of minus their distance.
//! Where the larger is negative the two can cancel; from three bits on the sum goes out of line.

mod cancelling;
mod powers;

use hypersonic_loops::RareFunction;

use super::coefficients::{EXP, LOG};
use super::double::{Double, exact_square, exact_sum, ordered_sum, split};
use super::exponential::{LN_2_HIGH, LN_2_LOW, exp_longer, exp2_longer};
use super::polynomial::{Precision, nearest, power_of_two, scale};
use crate::notation::Term;

/// `1 / log(2)`.
const LOG2_E: (f64, f64) = (std::f64::consts::LOG2_E, f64::from_bits(0x3c77_77d0_ffda_0d24));

const LN_2: f64 = std::f64::consts::LN_2;
/// Up to here `log(1 + e)` is taken of e itself.
const NEAR: f64 = 0.414;
/// log(4/3).
const LOG_4_3: (f64, f64) = (0.287_682_072_451_780_9, f64::from_bits(0x3c7e_0efa_dd9d_b02b));

/// What the powers are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// Euler's number.
    E,
    /// 2.
    Two,
}

/// `log(e^x + e^y)`.
pub fn logaddexp<'p>(x: Term<'p>, y: Term<'p>, precision: Precision) -> Term<'p> {
    log_of_sum(x, y, precision, Base::E, &cancelling::NATURAL)
}

/// `log2(2^x + 2^y)`.
pub fn logaddexp2<'p>(x: Term<'p>, y: Term<'p>, precision: Precision) -> Term<'p> {
    log_of_sum(x, y, precision, Base::Two, &cancelling::BINARY)
}

fn log_of_sum<'p>(x: Term<'p>, y: Term<'p>, precision: Precision, base: Base, cancelling: &'static RareFunction) -> Term<'p> {
    let first = x.gt(y);
    let (larger, smaller) = (first.select(x, y), first.select(y, x));
    let (value, share) = if precision.is_single() {
        // What is lost of F64 does not show in F32 before 20 bits cancel.
        (plain(larger, smaller, base), f64::from_bits((1023 - 20) << 52))
    } else {
        (exact(larger, smaller, base), 0.125)
    };
    let cancels = larger.lt(0.0).and(value.abs().lt(larger.abs() * share));
    let value = cancels.select(larger, x.float(0.0)).rare_with(cancelling, smaller, value);
    let value = larger.abs().lt(f64::INFINITY).select(value, larger);
    x.is_nan().or(y.is_nan()).select(x + y, value)
}

/// The sum in F64, within 2^-51 of the larger. Powers below those of F32 do not count.
fn plain<'p>(larger: Term<'p>, smaller: Term<'p>, base: Base) -> Term<'p> {
    let distance = (smaller - larger).at_least(-700.0);
    let (n, r) = match base {
        Base::E => {
            let n = nearest(distance * LOG2_E.0);
            (n, (distance - n * LN_2_HIGH) - n * LN_2_LOW)
        }
        Base::Two => {
            let n = nearest(distance);
            (n, (distance - n) * LN_2)
        }
    };
    let square = r * r;
    let power = (1.0 + (r + square * EXP.at(r, square, Precision::Double))) * power_of_two(n);
    let near = power.lt(NEAR);
    let f = near.select(power, power * 0.5 - 0.5);
    let s = f / (f + 2.0);
    let z = s * s;
    let log = near.select(power.float(0.0), power.float(LN_2)) + s * (2.0 + z * LOG.of_term(z, Precision::Double));
    larger + if base == Base::E { log } else { log * LOG2_E.0 }
}

/// The sum, within 2^-58 of the larger before it is rounded.
fn exact<'p>(larger: Term<'p>, smaller: Term<'p>, base: Base) -> Term<'p> {
    let distance = exact_sum(smaller, -larger);
    // Beyond, the power is 0; infinities have no low part.
    let near = distance.high.gt(-1100.0);
    let high = near.select(distance.high, larger.float(-1100.0));
    let low = near.select(distance.low, larger.float(0.0));
    let (power, n) = match base {
        Base::E => exp_longer(high, low),
        Base::Two => exp2_longer(high, low),
    };
    let power = Double { high: scale(power.high, n), low: scale(power.low, n) };
    let log = log_of_one_and(power);
    if base == Base::E {
        let sum = exact_sum(larger, log.high);
        return sum.high + (sum.low + log.low);
    }
    let log = ordered_sum(log.high, log.low).times(Double::constant(larger, LOG2_E.0, LOG2_E.1));
    let sum = exact_sum(larger, log.high);
    sum.high + (sum.low + log.low)
}

/// `log(1 + e)` to 2^-59 for e from 0 to 1: with c of 1, 3/4 or 9/16, `log(1 + f) - log c`, where f = c (1 + e) - 1 lies within
/// 0.155.
fn log_of_one_and(e: Double<'_>) -> Double<'_> {
    let constant = |value: f64| e.high.float(value);
    let sum = ordered_sum(constant(1.0), e.high);
    let (first, second) = (sum.high.lt(1.155), sum.high.lt(1.54));
    let choose = |c: f64, middle: f64, last: f64| first.select(constant(c), second.select(constant(middle), constant(last)));
    let c = choose(1.0, 0.75, 0.5625);
    let log_c = choose(0.0, LOG_4_3.0, 2.0 * LOG_4_3.0);
    let log_c_low = choose(0.0, LOG_4_3.1, 2.0 * LOG_4_3.1);
    let (upper, lower) = split(sum.high);
    let scaled = ordered_sum(upper * c - 1.0, lower * c);
    let f = first.select(e.high, scaled.high);
    let lost = first.select(e.low, scaled.low + c * (sum.low + e.low));
    let s = f / (f + 2.0);
    let z = s * s;
    let (square, square_low) = exact_square(f);
    let half_square = square * 0.5;
    let inner = s * (half_square + z * LOG.of_term(z, Precision::Double));
    let leading = ordered_sum(log_c, f);
    let high = ordered_sum(leading.high, -half_square);
    let low = (inner - square_low * 0.5) + (log_c_low + lost * (1.0 - f + square));
    Double { high: high.high, low: low + (leading.low + high.low) }
}
