//! Cube root and hypotenuse.

use hypersonic_loops::Ty;

use super::double::{exact_square, ordered_sum};
use crate::notation::Term;

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
        let (is_huge, is_tiny) = (large.gt(HUGE), small.lt(TINY));
        let scale = is_huge.select(x.float(DOWN), is_tiny.select(x.float(UP), x.float(1.0)));
        let scale = is_tiny.and(large.gt(f64::from_bits((1023 + 200) << 52))).select(is_huge.select(x.float(DOWN), x.float(1.0)), scale);
        let unscale = 1.0 / scale;
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
