//! Cube root and hypotenuse.

use hypersonic_loops::Ty;

use super::coefficients::INVERSE_CBRT;
use super::double::{exact_product, exact_square, ordered_sum, split_by};
use super::polynomial::{Precision, horner, nearest, power_of_two};
use crate::notation::Term;
use crate::scalar::parts::{Layout, layout};

const HUGE: f64 = f64::from_bits((1023 + 500) << 52);
const TINY: f64 = f64::from_bits((1023 - 450) << 52);
const UP: f64 = f64::from_bits((1023 + 600) << 52);
const DOWN: f64 = f64::from_bits((1023 - 600) << 52);

/// `sqrt(x*x + y*y)` without overflow or underflow on the way; infinite if either is, else NaN if either is.
/// The root is corrected by its residual, after Borges (2020), *An improved algorithm for `hypot(a, b)`*.
pub fn hypot<'p>(x: Term<'p>, y: Term<'p>) -> Term<'p> {
    let infinite = x.abs().equals(f64::INFINITY).or(y.abs().equals(f64::INFINITY));
    let result = if x.ty() == Ty::F32 {
        // Squares of F32 are exact in F64 and cannot leave it.
        let (x, y) = (x.widen(), y.widen());
        (x * x + y * y).sqrt().narrow_to(Ty::F32)
    } else {
        let (x, y) = (x.abs(), y.abs());
        let swap = y.gt(x);
        let (large, small) = (swap.select(y, x), swap.select(x, y));
        let (huge, tiny) = (large.gt(HUGE), large.lt(TINY));
        let choose = |huge_one: f64, tiny_one: f64| huge.select(x.float(huge_one), tiny.select(x.float(tiny_one), x.float(1.0)));
        let (scale, unscale) = (choose(DOWN, UP), choose(UP, DOWN));
        let (a, b) = (large * scale, small * scale);
        let ((a_square, a_rest), (b_square, b_rest)) = (exact_square(a), exact_square(b));
        let sum = ordered_sum(a_square, b_square);
        let root = sum.high.sqrt();
        let (square, rest) = exact_square(root);
        let residual = ((sum.high - square) - rest) + (sum.low + a_rest + b_rest);
        let corrected = root + residual / (root + root);
        let corrected = root.gt(0.0).select(corrected, root);
        corrected * unscale
    };
    infinite.select(x.float(f64::INFINITY), result)
}

/// The modulus of a complex number: as [`hypot`], but what is rooted is rounded first, which costs 0.36 units in the last
/// place and saves two divisions. Both parts are scaled by the larger's exponent.
pub fn modulus<'p>(x: Term<'p>, y: Term<'p>) -> Term<'p> {
    let ty = x.ty();
    let Layout { fraction, bias, bits } = layout(ty);
    let (x, y) = (x.abs(), y.abs());
    let swap = y.gt(x);
    let (large, small) = (swap.select(y, x), swap.select(x, y));
    // 2^e for a larger part between 2^e and 2^(e + 1); e of subnormals is that of the least normal number.
    let field = x.int_of(bits, (2 * bias + 1) << fraction);
    let least = x.int_of(bits, 1 << fraction).float_of_bits();
    let size = large.at_least(least).bits().and(field);
    // 2^(1 - e), which is normal even for the greatest e.
    let scale = (field - size).float_of_bits();
    let (a, b) = (large * scale, small * scale);
    // The squares of upper halves are exact; what they lack is small.
    let upper = u64::MAX << i64::midpoint(fraction, 2);
    let ((a_upper, a_lower), (b_upper, b_lower)) = (split_by(a, upper), split_by(b, upper));
    let sum = ordered_sum(a_upper * a_upper, b_upper * b_upper);
    let square = sum.high + (sum.low + (a_lower * (a + a_upper) + b_lower * (b + b_upper)));
    let length = square.sqrt() * (0.5 * size.float_of_bits());
    large.equals(f64::INFINITY).or(small.equals(f64::INFINITY)).select(x.float(f64::INFINITY), length)
}

/// Cube root: exponent by thirds, a polynomial for the inverse root of the fraction, two Newton steps for it, and one
/// for the root itself with the residual in doubled precision.
pub fn cbrt(x: Term<'_>, precision: Precision) -> Term<'_> {
    const INVERSE_ROOTS: [f64; 3] = [1.0, 0.793_700_525_984_099_7, 0.629_960_524_947_436_6];
    let magnitude = x.abs();
    let tiny = magnitude.lt(f64::MIN_POSITIVE);
    let normal = tiny.select(magnitude * f64::from_bits((1023 + 54) << 52), magnitude);
    let bits = normal.bits();
    let field = bits.lshr(52).or(x.float(4_503_599_627_370_496.0).bits()).float_of_bits();
    let exponent = field - tiny.select(x.float(4_503_599_627_370_496.0 + 1077.0), x.float(4_503_599_627_370_496.0 + 1023.0));
    let thirds = nearest(exponent * (1.0 / 3.0) - 1.0 / 3.0);
    let left = exponent - 3.0 * thirds;
    let m = bits.mask(0x000f_ffff_ffff_ffff).or(x.float(1.0).bits()).float_of_bits();
    let start = horner(INVERSE_CBRT.double, m);
    let (one, two) = (left.equals(1.0), left.equals(2.0));
    let factor = two.select(x.float(INVERSE_ROOTS[2]), one.select(x.float(INVERSE_ROOTS[1]), x.float(1.0)));
    let m = two.select(m * 4.0, one.select(m * 2.0, m));
    let third_m = m * (1.0 / 3.0);
    let y = start * factor;
    let y = y * (4.0 / 3.0) - third_m * (y * y) * (y * y);
    let y = y * (4.0 / 3.0) - third_m * (y * y) * (y * y);
    let root = m * (y * y);
    let root = if precision.is_single() {
        root
    } else {
        let (square, square_low) = exact_square(root);
        let (cube, cube_low) = exact_product(square, root);
        let residual = ((m - cube) - cube_low) - square_low * root;
        root + residual * (y * y) * (1.0 / 3.0)
    };
    let value = (root * power_of_two(thirds)).copysign(x);
    let special = x.equals(0.0).or(magnitude.lt(f64::INFINITY).not());
    special.select(x, value)
}
