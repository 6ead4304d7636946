//! The error function and its complement: an odd polynomial up to 3/4 or 1/2; beyond, `e^(-x^2)` times a smooth factor that a
//! table of polynomials gives.

mod scaled;

use hypersonic_loops::{TableData, Ty};

use super::coefficients::ERF;
use super::double::{exact_square, ordered_sum};
use super::exponential::exp_parts;
use super::polynomial::{Precision, scale};
use crate::notation::Term;

/// Where the odd polynomial of the error function ends.
const NEAR: f64 = 0.75;
/// Where that of the complement ends: beyond, the complement is below 1/2 and shows its rounding twice.
const NEAR_COMPLEMENT: f64 = 0.5;
/// Beyond this the complement vanishes.
const END: f64 = 27.5;

macro_rules! columns {
    ($($name:ident),*) => {
        [$({
            static TABLE: TableData =
                TableData { name: concat!("scaled_erfc_", stringify!($name)), ty: Ty::F64, bits: &scaled::$name };
            &TABLE
        }),*]
    };
}
/// Coefficients from the highest to the constant, and what the constant lacks.
static COLUMNS: [&TableData; 12] = columns!(C10, C9, C8, C7, C6, C5, C4, C3, C2, C1, C0, C0_LOW);

/// `erfc(x)` for x from 1/2 on.
fn far_complement(x: Term<'_>) -> Term<'_> {
    let x = x.at_most(END).at_least(NEAR_COMPLEMENT);
    // NaN must not reach the table.
    let x = x.is_nan().select(x.float(NEAR_COMPLEMENT), x);
    let bits = x.bits();
    let index = bits.lshr(48) - bits.int(1022 << 4);
    let middle = bits.mask(0xffff_0000_0000_0000).or(bits.int(1 << 47)).float_of_bits();
    let t = x - middle;
    let [c10, inner @ .., c0, c0_low] = COLUMNS;
    let sum = inner.iter().fold(index.element_of(c10), |sum, column| sum * t + index.element_of(column));
    let factor = ordered_sum(index.element_of(c0), sum * t + index.element_of(c0_low));
    let (square, square_low) = exact_square(x);
    let (power, n) = exp_parts(-square, -square_low);
    let product = power.times(factor);
    scale(product.value(), n)
}

fn near_rest(x: Term<'_>) -> Term<'_> {
    x * ERF.of_term(x * x, Precision::Double)
}

/// The error function.
pub fn erf(x: Term<'_>, _: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let near = x + near_rest(x);
    let far = (1.0 - far_complement(magnitude)).copysign(x);
    magnitude.gt(NEAR).select(far, near)
}

/// Its complement to 1.
pub fn erfc(x: Term<'_>, _: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let rest = near_rest(x);
    let sum = ordered_sum(x.float(1.0), -x);
    let near = sum.high + (sum.low - rest);
    let far = far_complement(magnitude);
    let far = x.lt(0.0).select(2.0 - far, far);
    let value = magnitude.gt(NEAR_COMPLEMENT).select(far, near);
    x.gt(END).select(x.float(0.0), value)
}
