//! Integers and bools: wrapping arithmetic, Python's signs in division, shifts that never trap.

use hypersonic_loops::{Binary, Cast, Compare, Ty, Unary};
use hypersonic_ops::ScalarOp as S;

use crate::notation::Term;

/// Bools.
pub fn boolean<'p>(op: S, x: &[Term<'p>]) -> Option<Term<'p>> {
    let a = *x.first()?;
    let b = x.get(1).copied();
    Some(match op {
        S::Add | S::LogicalOr | S::BitwiseOr | S::Maximum | S::Fmax => a.or(b?),
        S::Multiply | S::LogicalAnd | S::BitwiseAnd | S::Minimum | S::Fmin => a.and(b?),
        S::BitwiseXor | S::LogicalXor | S::NotEqual => a.xor(b?),
        S::Equal => a.xor(b?).not(),
        S::Less => b?.and(a.not()),
        S::LessEqual => b?.or(a.not()),
        S::Greater => a.and(b?.not()),
        S::GreaterEqual => a.or(b?.not()),
        S::Invert | S::LogicalNot => a.not(),
        S::Absolute | S::Floor | S::Ceil | S::Trunc | S::Conjugate | S::Real | S::Positive => a,
        S::Isnan | S::Isinf | S::Imag => a.int(0),
        S::Isfinite => a.int(1),
        S::BitwiseCount => a.cast(Cast::ZeroExtend, Ty::I8),
        S::Clip => a.or(b?).and(*x.get(2)?),
        _ => return None,
    })
}

/// Bits in an integer type.
#[must_use]
pub fn width(ty: Ty) -> i64 {
    if ty == Ty::I1 { 1 } else { ty.size().cast_signed() * 8 }
}

/// The least value of a signed type.
#[must_use]
pub fn least(ty: Ty) -> i64 {
    i64::MIN >> (64 - width(ty))
}

/// The ordering of a signed or unsigned type.
fn order<'p>(signed: bool, signed_op: Compare, unsigned_op: Compare, a: Term<'p>, b: Term<'p>) -> Term<'p> {
    a.compare(if signed { signed_op } else { unsigned_op }, b)
}

/// `a // b` and `a % b`: 0 for a zero divisor; `MIN // -1` is `MIN`, its remainder 0.
pub fn divide<'p>(signed: bool, a: Term<'p>, b: Term<'p>) -> (Term<'p>, Term<'p>) {
    let by_zero = b.int_equals(0);
    let zero = a.int(0);
    if !signed {
        let divisor = by_zero.select(b.int(1), b);
        let quotient = a.binary(Binary::UDiv, divisor);
        let remainder = a - quotient * divisor;
        return (by_zero.select(zero, quotient), by_zero.select(zero, remainder));
    }
    let wraps = a.int_equals(least(a.ty())).and(b.int_equals(-1));
    let divisor = by_zero.or(wraps).select(b.int(1), b);
    let quotient = a.binary(Binary::SDiv, divisor);
    let remainder = a - quotient * divisor;
    let opposite = remainder.xor(divisor).compare(Compare::SLt, zero);
    let adjust = remainder.int_differs(0).and(opposite);
    let floor = adjust.select(quotient - a.int(1), quotient);
    let modulus = adjust.select(remainder + divisor, remainder);
    (by_zero.select(zero, floor), by_zero.select(zero, modulus))
}

/// C's remainder: the sign of the dividend, 0 for a zero divisor.
fn c_remainder<'p>(signed: bool, a: Term<'p>, b: Term<'p>) -> Term<'p> {
    let by_zero = b.int_equals(0);
    if !signed {
        let divisor = by_zero.select(b.int(1), b);
        return by_zero.select(a.int(0), a.binary(Binary::URem, divisor));
    }
    // Any remainder by -1 is 0, as by 1, which cannot wrap.
    let divisor = by_zero.or(b.int_equals(-1)).select(b.int(1), b);
    by_zero.select(a.int(0), a.binary(Binary::SRem, divisor))
}

/// Shifts by any amount: a width or more (also a negative count) empties the value or fills it with its sign.
pub fn shift<'p>(op: S, signed: bool, a: Term<'p>, count: Term<'p>) -> Term<'p> {
    let width = width(a.ty());
    let fits = count.compare(Compare::ULt, count.int(width));
    if op == S::LeftShift {
        let count = fits.select(count, count.int(0));
        return fits.select(a.binary(Binary::Shl, count), a.int(0));
    }
    if signed {
        let count = fits.select(count, count.int(width - 1));
        return a.binary(Binary::AShr, count);
    }
    let count = fits.select(count, count.int(0));
    fits.select(a.binary(Binary::LShr, count), a.int(0))
}

/// `|a|`, wrapping.
pub fn magnitude<'p>(signed: bool, a: Term<'p>) -> Term<'p> {
    if signed { a.binary(Binary::SMax, -a) } else { a }
}

fn sign<'p>(signed: bool, a: Term<'p>) -> Term<'p> {
    let zero = a.int(0);
    let positive = order(signed, Compare::SGt, Compare::UGt, a, zero).cast(Cast::ZeroExtend, a.ty());
    if signed { positive - a.compare(Compare::SLt, zero).cast(Cast::ZeroExtend, a.ty()) } else { positive }
}

/// `1 // a` truncated; a zero gives what NumPy's cast of infinity gives: the least value of the signed types of 32 and 64 bits,
/// else 0.
fn reciprocal<'p>(signed: bool, a: Term<'p>) -> Term<'p> {
    let of_zero = match (signed, a.ty()) {
        (true, Ty::I32 | Ty::I64) => least(a.ty()),
        _ => 0,
    };
    let zero = a.int(0);
    let minus_one = if signed { a.int_equals(-1).select(a.int(-1), zero) } else { zero };
    a.int_equals(0).select(a.int(of_zero), a.int_equals(1).select(a.int(1), minus_one))
}

/// Integers of one dtype; None where there is no such loop or it needs one of its own.
pub fn emit<'p>(op: S, signed: bool, x: &[Term<'p>]) -> Option<Term<'p>> {
    let a = *x.first()?;
    let b = x.get(1).copied();
    let no = a.int_of(Ty::I1, 0);
    Some(match op {
        S::Add => a + b?,
        S::Subtract => a - b?,
        S::Multiply => a * b?,
        S::FloorDivide => divide(signed, a, b?).0,
        S::Remainder => divide(signed, a, b?).1,
        S::Fmod => c_remainder(signed, a, b?),
        S::Negative => -a,
        S::Positive | S::Conjugate | S::Real | S::Floor | S::Ceil | S::Trunc => a,
        S::Imag => a.int(0),
        S::Absolute => magnitude(signed, a),
        S::Sign => sign(signed, a),
        S::Square => a * a,
        S::Reciprocal => reciprocal(signed, a),
        S::Maximum | S::Fmax => a.binary(if signed { Binary::SMax } else { Binary::UMax }, b?),
        S::Minimum | S::Fmin => a.binary(if signed { Binary::SMin } else { Binary::UMin }, b?),
        S::Clip => {
            let (max, min) = if signed { (Binary::SMax, Binary::SMin) } else { (Binary::UMax, Binary::UMin) };
            a.binary(max, b?).binary(min, *x.get(2)?)
        }
        S::Equal => a.compare(Compare::Eq, b?),
        S::NotEqual => a.compare(Compare::Ne, b?),
        S::Less => order(signed, Compare::SLt, Compare::ULt, a, b?),
        S::LessEqual => order(signed, Compare::SLe, Compare::ULe, a, b?),
        S::Greater => order(signed, Compare::SGt, Compare::UGt, a, b?),
        S::GreaterEqual => order(signed, Compare::SGe, Compare::UGe, a, b?),
        S::LogicalAnd => a.int_differs(0).and(b?.int_differs(0)),
        S::LogicalOr => a.int_differs(0).or(b?.int_differs(0)),
        S::LogicalXor => a.int_differs(0).xor(b?.int_differs(0)),
        S::LogicalNot => a.int_equals(0),
        S::Isnan | S::Isinf => no,
        S::Isfinite => no.int(1),
        S::Signbit if signed => a.compare(Compare::SLt, a.int(0)),
        S::BitwiseAnd => a.and(b?),
        S::BitwiseOr => a.or(b?),
        S::BitwiseXor => a.xor(b?),
        S::Invert => a.not(),
        S::LeftShift | S::RightShift => shift(op, signed, a, b?),
        S::BitwiseCount => {
            let count = magnitude(signed, a).unary(Unary::PopCount);
            if count.ty() == Ty::I8 { count } else { count.cast(Cast::Truncate, Ty::I8) }
        }
        _ => return None,
    })
}
