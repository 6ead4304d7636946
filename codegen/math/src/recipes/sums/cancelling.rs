//! Sums of powers near 1, whose logarithm is near 0: `e^x + e^y - 1` to about 2^-110 of the larger argument, and the logarithm
//! of one plus that. So the result keeps its last place where 56 bits cancel.

use hypersonic_loops::{TableData, Ty};

use super::{Base, LOG2_E, powers};
use crate::notation::Term;
use crate::recipes::double::{Double, exact_product, exact_sum, ordered_sum, split};
use crate::recipes::long_logarithm::log_double;
use crate::recipes::polynomial::{MAGIC, horner, nearest, power_of_two};
use crate::recipes::rare::{rare_function, straight};

rare_function! {
    /// `log(e^x + e^y)` for negative x that is not below y, where the result is much smaller than x.
    NATURAL, "logaddexp_cancelling", f64::from_bits(1), straight(|arguments| log_of_sum(arguments, Base::E));
    /// `log2(2^x + 2^y)` for such.
    BINARY, "logaddexp2_cancelling", f64::from_bits(1), straight(|arguments| log_of_sum(arguments, Base::Two));
}

static FIRST: TableData = TableData { name: "power_of_two_1", ty: Ty::F64, bits: &powers::FIRST };
static SECOND: TableData = TableData { name: "power_of_two_2", ty: Ty::F64, bits: &powers::SECOND };
static THIRD: TableData = TableData { name: "power_of_two_3", ty: Ty::F64, bits: &powers::THIRD };

/// ln(2)/64: twice 36 bits, then 53.
const STEP: [f64; 3] =
    [f64::from_bits(0x3f86_2e42_fefa_0000), f64::from_bits(0x3d1c_f79a_bc9e_0000), f64::from_bits(0x3aad_9cc0_1f97_b57a)];
/// ln(2): three times 26 bits, then 53.
const LN_2: [f64; 4] = [
    f64::from_bits(0x3fe6_2e42_f800_0000),
    f64::from_bits(0x3e4b_e8e7_b800_0000),
    f64::from_bits(0x3ca3_5793_c000_0000),
    f64::from_bits(0x3b0d_9cc0_1f97_b57a),
];
/// The same as a pair.
const LN_2_PAIR: (f64, f64) = (std::f64::consts::LN_2, f64::from_bits(0x3c7a_bc9e_3b39_803f));
/// 1/n! for n from 2 to 8, in doubled precision.
const INVERSE_FACTORIALS: [(f64, f64); 7] = [
    (0.5, 0.0),
    (1.0 / 6.0, f64::from_bits(0x3c65_5555_5555_5555)),
    (1.0 / 24.0, f64::from_bits(0x3c45_5555_5555_5555)),
    (1.0 / 120.0, f64::from_bits(0x3c01_1111_1111_1111)),
    (1.0 / 720.0, f64::from_bits(0xbbef_49f4_9f49_f49f)),
    (1.0 / 5_040.0, f64::from_bits(0x3b6a_01a0_1a01_a01a)),
    (1.0 / 40_320.0, f64::from_bits(0x3b3a_01a0_1a01_a01a)),
];
/// 1/n! from n = 9 on.
const FURTHER: [f64; 5] = [1.0 / 362_880.0, 1.0 / 3_628_800.0, 1.0 / 39_916_800.0, 1.0 / 479_001_600.0, 1.0 / 6_227_020_800.0];
/// Below this, `e^x - 1` is x; powers that cancel with it may be subnormal, so all is multiplied by 2^600.
const TINY: f64 = f64::from_bits((1023 - 120) << 52);
const LIFT: f64 = 600.0;
const LIFTED: f64 = f64::from_bits((1023 + 600) << 52);
const LOWERED: f64 = f64::from_bits((1023 - 600) << 52);

/// `e^r - 1 - r` for |r| up to 2^-6, to 2^-110 of r.
fn beyond_linear(r: Double<'_>) -> Double<'_> {
    let mut sum = Double::from(r.high * horner(&FURTHER, r.high));
    for (n, (high, low)) in INVERSE_FACTORIALS.iter().enumerate().rev() {
        sum = sum.plus(Double::constant(r.high, *high, *low));
        if n > 0 {
            sum = sum.times(r);
        }
    }
    r.times(r).times(sum)
}

/// The exponent of `base^x` as n steps of 1/64 of that of 2, and a rest to 2^-112 of itself or of 1, as a pair and what that lacks.
fn reduce(x: Term<'_>, base: Base) -> (Term<'_>, Double<'_>, Term<'_>) {
    // A power near 1 is reduced by nothing, so that what it differs from 1 by is known to 2^-110 of itself.
    let small = x.abs().lt(0.015_625);
    match base {
        Base::E => {
            let n = small.select(x.float(0.0), nearest(x * (64.0 * LOG2_E.0)));
            let sum = exact_sum(x - n * STEP[0], -(n * STEP[1]));
            (n, ordered_sum(sum.high, sum.low - n * STEP[2]), x.float(0.0))
        }
        Base::Two => {
            let n = small.select(x.float(0.0), nearest(x * 64.0));
            let rest = x - n * (1.0 / 64.0);
            let (upper, lower) = split(rest);
            let first = exact_sum(upper * LN_2[0], lower * LN_2[0]);
            let second = exact_sum(upper * LN_2[1], lower * LN_2[1]);
            let third = exact_sum(upper * LN_2[2], lower * LN_2[2] + rest * LN_2[3]);
            let middle = exact_sum(first.low, second.high);
            let leading = ordered_sum(first.high, middle.high);
            let low = exact_sum(leading.low, third.high);
            let low = exact_sum(low.high, low.low + (middle.low + second.low));
            let pair = ordered_sum(leading.high, low.high);
            (n, pair, low.low + third.low)
        }
    }
}

/// The terms of `base^x` scaled by 2^lift: with `2^k t e^r` and t of a table, the parts of t, of t r and of t (e^r - 1 - r).
fn terms<'p>(x: Term<'p>, base: Base, lift: Term<'p>) -> [Term<'p>; 9] {
    let (n, r, r_rest) = reduce(x, base);
    let k = (n * (1.0 / 64.0)).floor();
    let row = (n - k * 64.0 + MAGIC).bits().mask(63);
    let [first, second, third] = [&FIRST, &SECOND, &THIRD].map(|column| row.element_of(column));
    let (linear, error) = exact_product(first, r.high);
    let linear_rest = second * r.high + first * r_rest;
    let curved = Double { high: first, low: second }.times(beyond_linear(r));
    let scale = power_of_two(k + lift);
    [first, linear, curved.high, second, first * r.low, error, curved.low, linear_rest, third].map(|term| term * scale)
}

/// The sum of terms with an error of their largest times 2^-159 at most, rounded to doubled precision (Ogita, Rump and Oishi
/// 2005, *Accurate sum and dot product*).
fn total<'p>(mut terms: Vec<Term<'p>>) -> Double<'p> {
    for _ in 0..2 {
        for n in 1..terms.len() {
            let sum = exact_sum(terms[n], terms[n - 1]);
            (terms[n], terms[n - 1]) = (sum.high, sum.low);
        }
    }
    let last = terms[terms.len() - 1];
    let rest = terms[..terms.len() - 1].iter().fold(last.float(0.0), |rest, term| rest + *term);
    ordered_sum(last, rest)
}

fn log_of_sum<'p>(arguments: [Term<'p>; 2], base: Base) -> Term<'p> {
    let [larger, smaller] = arguments;
    let zero = larger.float(0.0);
    let tiny = larger.abs().lt(TINY);
    let lift = tiny.select(zero.float(LIFT), zero);
    let larger_terms = terms(larger, base, zero);
    let slope = if base == Base::E { (1.0, 0.0) } else { LN_2_PAIR };
    let linear = Double::constant(zero, slope.0, slope.1).times_float(tiny.select(larger * LIFTED, zero));
    let [first, rest @ ..] = larger_terms;
    let first = exact_sum(first, zero.float(-1.0));
    let mut all = vec![linear.low];
    all.extend([first.high, first.low].iter().chain(&rest).rev().map(|term| tiny.select(zero, *term)));
    all.extend(terms(smaller, base, lift).iter().rev());
    all.push(linear.high);
    let sum = total(all);
    // log(1 + sum); what the first sum below rounds away counts as an argument near 1.
    let next = ordered_sum(zero.float(1.0), sum.high);
    let rest = ordered_sum(next.low, sum.low);
    let share = rest.high / next.high;
    let log = log_double(next.high);
    let both = exact_sum(log.high, share);
    let log = ordered_sum(both.high, both.low + (log.low + (rest.low - 0.5 * share * share)));
    let log = sum.or_else(tiny, log);
    let log = if base == Base::E { log } else { log.times(Double::constant(zero, LOG2_E.0, LOG2_E.1)) };
    log.value() * tiny.select(zero.float(LOWERED), zero.float(1.0))
}
