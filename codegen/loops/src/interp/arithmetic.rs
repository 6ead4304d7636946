//! The instructions on numbers, as functions of bits. `None` where the law forbids the operands.

use crate::ir::{Binary, Cast, Compare, Ty, Unary};

/// Bits of an integer type.
const fn width(ty: Ty) -> u32 {
    match ty {
        Ty::I1 => 1,
        Ty::I8 => 8,
        Ty::I16 => 16,
        Ty::I32 | Ty::F32 => 32,
        Ty::I64 | Ty::F64 | Ty::Ptr => 64,
    }
}

/// The low bits that a type keeps.
pub(super) const fn wrap(ty: Ty, bits: u64) -> u64 {
    bits & (u64::MAX >> (64 - width(ty)))
}

/// Sign-extended to 64 bits.
const fn signed(ty: Ty, bits: u64) -> i64 {
    let shift = 64 - width(ty);
    (bits << shift).cast_signed() >> shift
}

#[allow(clippy::cast_possible_truncation, reason = "an F32 lives in the low half")]
const fn single(bits: u64) -> f32 {
    f32::from_bits(bits as u32)
}

fn float(ty: Ty, bits: u64) -> f64 {
    if ty == Ty::F32 { f64::from(single(bits)) } else { f64::from_bits(bits) }
}

/// `op(a, b)`.
pub(super) fn binary(op: Binary, ty: Ty, a: u64, b: u64) -> Option<u64> {
    match ty {
        Ty::F64 => float64(op, a, b),
        Ty::F32 => float32(op, a, b),
        _ => integer(op, ty, a, b),
    }
}

fn float64(op: Binary, a: u64, b: u64) -> Option<u64> {
    let (x, y) = (f64::from_bits(a), f64::from_bits(b));
    let value = match op {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::FDiv => x / y,
        Binary::CopySign => x.copysign(y),
        _ => return None,
    };
    Some(value.to_bits())
}

fn float32(op: Binary, a: u64, b: u64) -> Option<u64> {
    let (x, y) = (single(a), single(b));
    let value = match op {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::FDiv => x / y,
        Binary::CopySign => x.copysign(y),
        _ => return None,
    };
    Some(u64::from(value.to_bits()))
}

/// Whether a signed operation leaves the type.
pub(super) fn overflows(op: Binary, ty: Ty, a: u64, b: u64) -> Option<bool> {
    let (x, y) = (i128::from(signed(ty, a)), i128::from(signed(ty, b)));
    let exact = match op {
        Binary::Add | Binary::AddExact => x + y,
        Binary::Sub | Binary::SubExact => x - y,
        Binary::Mul | Binary::MulExact => x * y,
        _ => return None,
    };
    let bound = 1i128 << (width(ty) - 1);
    Some(exact < -bound || exact >= bound)
}

fn integer(op: Binary, ty: Ty, a: u64, b: u64) -> Option<u64> {
    let (x, y) = (signed(ty, a), signed(ty, b));
    let divides = y != 0 && !(x == i64::MIN >> (64 - width(ty)) && y == -1);
    let shifts = b < u64::from(width(ty));
    let value = match op {
        Binary::Add => a.wrapping_add(b),
        Binary::Sub => a.wrapping_sub(b),
        Binary::Mul => a.wrapping_mul(b),
        Binary::AddExact | Binary::SubExact | Binary::MulExact => return exact(op, ty, a, b),
        Binary::SDiv => divides.then(|| x.wrapping_div(y).cast_unsigned())?,
        Binary::SRem => divides.then(|| x.wrapping_rem(y).cast_unsigned())?,
        Binary::UDiv => a.checked_div(b)?,
        Binary::URem => a.checked_rem(b)?,
        Binary::UMulHigh => ((u128::from(a) * u128::from(b)) >> 64) as u64,
        Binary::And => a & b,
        Binary::Or => a | b,
        Binary::Xor => a ^ b,
        Binary::Shl => shifts.then(|| a << b)?,
        Binary::AShr => shifts.then(|| (x >> b).cast_unsigned())?,
        Binary::LShr => shifts.then(|| a >> b)?,
        Binary::SMin => x.min(y).cast_unsigned(),
        Binary::SMax => x.max(y).cast_unsigned(),
        Binary::UMin => a.min(b),
        Binary::UMax => a.max(b),
        Binary::FDiv | Binary::CopySign => return None,
    };
    Some(wrap(ty, value))
}

fn exact(op: Binary, ty: Ty, a: u64, b: u64) -> Option<u64> {
    if overflows(op, ty, a, b)? {
        return None;
    }
    let plain = match op {
        Binary::AddExact => Binary::Add,
        Binary::SubExact => Binary::Sub,
        _ => Binary::Mul,
    };
    integer(plain, ty, a, b)
}

/// `op(a)`.
pub(super) fn unary(op: Unary, ty: Ty, a: u64) -> u64 {
    let sign = 1u64 << (width(ty) - 1);
    match op {
        Unary::FNeg => a ^ sign,
        Unary::FAbs => a & !sign,
        Unary::PopCount => u64::from(a.count_ones()),
        Unary::LeadingZeros => u64::from(a.leading_zeros() - (64 - width(ty))),
        Unary::TrailingZeros => u64::from(a.trailing_zeros().min(width(ty))),
        _ if ty == Ty::F32 => {
            let x = single(a);
            let value = match op {
                Unary::Sqrt => x.sqrt(),
                Unary::Floor => x.floor(),
                Unary::Ceil => x.ceil(),
                Unary::Trunc => x.trunc(),
                _ => x.round_ties_even(),
            };
            u64::from(value.to_bits())
        }
        _ => {
            let x = f64::from_bits(a);
            let value = match op {
                Unary::Sqrt => x.sqrt(),
                Unary::Floor => x.floor(),
                Unary::Ceil => x.ceil(),
                Unary::Trunc => x.trunc(),
                _ => x.round_ties_even(),
            };
            value.to_bits()
        }
    }
}

/// `a ? b` on operands of type `ty`.
pub(super) fn compare(op: Compare, ty: Ty, a: u64, b: u64) -> bool {
    let (x, y) = (signed(ty, a), signed(ty, b));
    let (p, q) = (float(ty, a), float(ty, b));
    match op {
        Compare::Eq => a == b,
        Compare::Ne => a != b,
        Compare::SLt => x < y,
        Compare::SLe => x <= y,
        Compare::SGt => x > y,
        Compare::SGe => x >= y,
        Compare::ULt => a < b,
        Compare::ULe => a <= b,
        Compare::UGt => a > b,
        Compare::UGe => a >= b,
        #[allow(clippy::float_cmp, reason = "the comparison asked for")]
        Compare::FEq => p == q,
        #[allow(clippy::float_cmp, reason = "the comparison asked for")]
        Compare::FNe => p != q,
        Compare::FLt => p < q,
        Compare::FLe => p <= q,
        Compare::FGt => p > q,
        Compare::FGe => p >= q,
        Compare::FUnordered => p.is_nan() || q.is_nan(),
    }
}

/// A conversion.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "rounding is what is asked for")]
pub(super) fn cast(op: Cast, from: Ty, to: Ty, a: u64) -> u64 {
    let of_float = |wide: f64, narrow: f32| if to == Ty::F32 { u64::from(narrow.to_bits()) } else { wide.to_bits() };
    match op {
        Cast::Truncate => wrap(to, a),
        Cast::ZeroExtend | Cast::Bits => a,
        Cast::SignExtend => wrap(to, signed(from, a).cast_unsigned()),
        Cast::SignedToFloat => {
            let x = signed(from, a);
            of_float(x as f64, x as f32)
        }
        Cast::UnsignedToFloat => of_float(a as f64, a as f32),
        Cast::FloatToSigned => wrap(to, to_signed(float(from, a), width(to)).cast_unsigned()),
        Cast::FloatToUnsigned => {
            const HALF: f64 = 9_223_372_036_854_775_808.0;
            let x = float(from, a);
            let value = if x >= HALF { to_signed(x - HALF, 64) ^ i64::MIN } else { to_signed(x, 64) };
            value.cast_unsigned()
        }
        Cast::Extend => float(from, a).to_bits(),
        Cast::Narrow => u64::from((f64::from_bits(a) as f32).to_bits()),
    }
}

/// Towards zero; the least value when out of range or NaN.
#[allow(clippy::cast_possible_truncation, reason = "the range is checked")]
fn to_signed(x: f64, width: u32) -> i64 {
    let bound = f64::from(width - 1).exp2();
    let whole = x.trunc();
    if whole >= -bound && whole < bound { whole as i64 } else { i64::MIN >> (64 - width) }
}
