//! `x / y` of Python ints: the float next to the exact quotient. Two ints up to 2^53 are floats, whose division rounds once. Larger ones go out of
//! line, where the quotient is found bit by bit, to two bits more than a float has.

use hypersonic_loops::{Binary, Builder, Cast, Compare, Likely, Stmt, Ty, Unary, ValueId};

use crate::recipes::rare::{rare_function, written};

/// Up to here every int is a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

rare_function! {
    /// The quotient of two ints, given as bits behind the larger magnitude of the two.
    LONG_QUOTIENT, "int_quotient", EXACT, written(|b, [_, x, y]| long_quotient(b, x, y));
}

/// `x / y` as F64; y is not 0.
pub(super) fn divide(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    let large: Vec<ValueId> =
        [x, y].into_iter().filter(|operand| b.as_int(*operand).is_none_or(|known| known.unsigned_abs() > 1 << 53)).collect();
    let float = |b: &mut Builder, operand| b.cast(Cast::SignedToFloat, operand, Ty::F64);
    let (dividend, divisor) = (float(b, x), float(b, y));
    let quotient = b.fdiv(dividend, divisor);
    let magnitude = |b: &mut Builder, operand| {
        let operand = float(b, operand);
        b.unary(Unary::FAbs, operand)
    };
    let larger = match large.as_slice() {
        [] => return quotient,
        [one] => magnitude(b, *one),
        [one, other, ..] => {
            let (one, other) = (magnitude(b, *one), magnitude(b, *other));
            let first = b.compare(Compare::FGt, one, other);
            b.select(first, one, other)
        }
    };
    let (x, y) = (b.cast(Cast::Bits, x, Ty::F64), b.cast(Cast::Bits, y, Ty::F64));
    b.rare_with(&LONG_QUOTIENT, [larger, x, y], quotient)
}

fn long_quotient(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    let (x, y) = (b.cast(Cast::Bits, x, Ty::I64), b.cast(Cast::Bits, y, Ty::I64));
    let (zero, one) = (b.i64(0), b.i64(1));
    let magnitude = |b: &mut Builder, value| {
        let negative = b.compare(Compare::SLt, value, zero);
        let opposite = b.binary(Binary::Sub, zero, value);
        b.select(negative, opposite, value)
    };
    // Up to 2^63, without a sign.
    let (dividend, divisor) = (magnitude(b, x), magnitude(b, y));
    let (quotient, rest) = (b.variable("quotient", Ty::I64), b.variable("rest", Ty::I64));
    // What the quotient has to be multiplied by, as a power of two.
    let scale = b.variable("scale", Ty::F64);
    let whole = b.binary(Binary::UDiv, dividend, divisor);
    let left = b.binary(Binary::URem, dividend, divisor);
    let unit = b.float(Ty::F64, 1.0);
    b.set(quotient, whole);
    b.set(rest, left);
    b.set(scale, unit);
    let enough = b.i64(1 << 54);
    let body = b.block(|b| {
        let (found, left, factor) = (b.read(quotient), b.read(rest), b.read(scale));
        let long = b.compare(Compare::UGe, found, enough);
        let all = b.or(found, left);
        let nothing = b.compare(Compare::Eq, all, zero);
        let done = b.or(long, nothing);
        b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        let twice = b.binary(Binary::Shl, left, one);
        let set = b.compare(Compare::UGe, twice, divisor);
        let taken = b.select(set, divisor, zero);
        let bit = b.select(set, one, zero);
        let after = b.binary(Binary::Sub, twice, taken);
        let longer = b.binary(Binary::Shl, found, one);
        let longer = b.binary(Binary::Add, longer, bit);
        let half = b.float(Ty::F64, 0.5);
        let smaller = b.mul(factor, half);
        b.set(rest, after);
        b.set(quotient, longer);
        b.set(scale, smaller);
    });
    b.push(Stmt::Loop { body });
    // A rest shows in the last bit, which decides ties only.
    let (found, left, factor) = (b.read(quotient), b.read(rest), b.read(scale));
    let inexact = b.compare(Compare::Ne, left, zero);
    let last = b.select(inexact, one, zero);
    let found = b.or(found, last);
    let found = b.cast(Cast::UnsignedToFloat, found, Ty::F64);
    let result = b.mul(found, factor);
    let opposite = b.unary(Unary::FNeg, result);
    let signs = b.binary(Binary::Xor, x, y);
    let negative = b.compare(Compare::SLt, signs, zero);
    b.select(negative, opposite, result)
}
