//! Scalar operations on constants, as CPython and NumPy do them, where that is exact and certain.
//!
//! `None` is the answer for everything else: what raises, leaves the dtype, depends on a library of mathematics, or gives a NaN (its
//! sign is the processor's to choose). Refuses complex numbers, float32 and uint64.

use crate::ir::Constant;
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

/// The largest magnitude up to which every integer is a float.
const EXACT: u64 = 1 << 53;

/// Whether two constants are the same value, bit by bit.
pub(super) fn same(a: Constant, b: Constant) -> bool {
    match (a, b) {
        (Constant::Float(a), Constant::Float(b)) => a.to_bits() == b.to_bits(),
        (Constant::Complex(a, b), Constant::Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
        _ => a == b,
    }
}

/// The truth of a constant.
pub(super) fn truth(value: Constant) -> bool {
    match value {
        Constant::Bool(value) => value,
        Constant::Int(value) => value != 0,
        Constant::Float(value) => value != 0.0,
        Constant::Complex(re, im) => re != 0.0 || im != 0.0,
    }
}

/// The least and the greatest integer of a dtype.
pub(super) fn limits(dtype: Dtype) -> Option<(i64, i64)> {
    if dtype.kind() != Kind::Integer || dtype == Dtype::U64 {
        return None;
    }
    let bits = u32::try_from(dtype.size()).ok()?.checked_mul(8)?;
    if dtype.is_signed() {
        let half = 1_i64.checked_shl(bits.checked_sub(1)?)?;
        Some(if bits == 64 { (i64::MIN, i64::MAX) } else { (-half, half - 1) })
    } else {
        Some((0, 1_i64.checked_shl(bits)? - 1))
    }
}

fn integer(value: i64, dtype: Dtype) -> Option<Constant> {
    let (low, high) = limits(dtype)?;
    (low..=high).contains(&value).then_some(Constant::Int(value))
}

#[allow(clippy::cast_precision_loss, reason = "checked to be exact")]
fn exact_float(value: i64) -> Option<f64> {
    (value.unsigned_abs() <= EXACT).then_some(value as f64)
}

/// A constant as one of another dtype.
pub(super) fn cast(value: Constant, to: Dtype) -> Option<Constant> {
    match (to.kind(), value) {
        (_, Constant::Complex(..)) => None,
        (Kind::Bool, value) => Some(Constant::Bool(truth(value))),
        (Kind::Integer, Constant::Bool(value)) => integer(i64::from(value), to),
        (Kind::Integer, Constant::Int(value)) => integer(value, to),
        (Kind::Integer, Constant::Float(value)) => {
            let whole = value.trunc();
            #[allow(clippy::cast_possible_truncation, reason = "checked to be within int64")]
            let inside = (-9.0e18..=9.0e18).contains(&whole).then_some(whole as i64);
            integer(inside?, to)
        }
        (Kind::Float, value) if to == Dtype::F64 => Some(Constant::Float(match value {
            Constant::Bool(value) => f64::from(u8::from(value)),
            Constant::Int(value) => exact_float(value)?,
            Constant::Float(value) => value,
            Constant::Complex(..) => return None,
        })),
        _ => None,
    }
}

/// `op` on constants cast to `loop_dtype`, as a value of type `ty`.
pub(super) fn apply(op: Op, loop_dtype: Dtype, ty: &Type, operands: &[Constant]) -> Option<Constant> {
    let Type::Scalar(dtype, flavor) = ty else { return None };
    if op == Op::Where {
        let [test, x, y] = operands else { return None };
        return cast(if truth(*test) { *x } else { *y }, loop_dtype);
    }
    if matches!(op, Op::Ldexp | Op::RoundDigits | Op::MakeComplex) {
        return None;
    }
    let operands = operands.iter().map(|operand| cast(*operand, loop_dtype)).collect::<Option<Vec<_>>>()?;
    let result = match operands.as_slice() {
        [Constant::Bool(a)] => bool_unary(op, *a),
        [Constant::Int(a)] => int_unary(op, *a),
        [Constant::Float(a)] => float_unary(op, *a),
        [Constant::Bool(a), Constant::Bool(b)] => bool_binary(op, *a, *b),
        [Constant::Int(a), Constant::Int(b)] => int_binary(op, *a, *b),
        [Constant::Float(a), Constant::Float(b)] => float_binary(op, *a, *b, *flavor),
        _ => None,
    }?;
    match result {
        Constant::Bool(_) if *dtype == Dtype::Bool => Some(result),
        Constant::Int(value) if loop_dtype == *dtype => integer(value, *dtype),
        Constant::Float(value) if *dtype == Dtype::F64 && !value.is_nan() => Some(result),
        _ => None,
    }
}

fn bool_unary(op: Op, a: bool) -> Option<Constant> {
    (op == Op::LogicalNot).then_some(Constant::Bool(!a))
}

fn bool_binary(op: Op, a: bool, b: bool) -> Option<Constant> {
    Some(Constant::Bool(match op {
        Op::LogicalAnd | Op::BitwiseAnd => a && b,
        Op::LogicalOr | Op::BitwiseOr => a || b,
        Op::LogicalXor | Op::BitwiseXor => a != b,
        _ => ordered(op, a.cmp(&b))?,
    }))
}

fn ordered(op: Op, order: std::cmp::Ordering) -> Option<bool> {
    Some(match op {
        Op::Equal => order.is_eq(),
        Op::NotEqual => order.is_ne(),
        Op::Less => order.is_lt(),
        Op::LessEqual => order.is_le(),
        Op::Greater => order.is_gt(),
        Op::GreaterEqual => order.is_ge(),
        _ => return None,
    })
}

fn int_unary(op: Op, a: i64) -> Option<Constant> {
    Some(Constant::Int(match op {
        Op::Negative => a.checked_neg()?,
        Op::Positive | Op::Conjugate | Op::Real => a,
        Op::Absolute => a.checked_abs()?,
        Op::Square => a.checked_mul(a)?,
        Op::Sign => a.signum(),
        Op::Invert => !a,
        Op::LogicalNot => return Some(Constant::Bool(a == 0)),
        _ => return None,
    }))
}

fn int_binary(op: Op, a: i64, b: i64) -> Option<Constant> {
    Some(Constant::Int(match op {
        Op::Add => a.checked_add(b)?,
        Op::Subtract => a.checked_sub(b)?,
        Op::Multiply => a.checked_mul(b)?,
        Op::Divide if b != 0 => return Some(Constant::Float(exact_float(a)? / exact_float(b)?)),
        Op::FloorDivide if b != 0 => floor_divide(a, b)?,
        Op::Remainder if b != 0 => a.checked_sub(floor_divide(a, b)?.checked_mul(b)?)?,
        Op::Power if b >= 0 => a.checked_pow(u32::try_from(b).ok()?)?,
        Op::BitwiseAnd => a & b,
        Op::BitwiseOr => a | b,
        Op::BitwiseXor => a ^ b,
        Op::LeftShift if (0..63).contains(&b) => a.checked_mul(1_i64.checked_shl(u32::try_from(b).ok()?)?)?,
        Op::RightShift if (0..32).contains(&b) => a >> b,
        Op::Maximum => a.max(b),
        Op::Minimum => a.min(b),
        _ => return ordered(op, a.cmp(&b)).map(Constant::Bool),
    }))
}

fn floor_divide(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    let inexact = a.checked_rem(b)? != 0;
    Some(if inexact && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

fn float_unary(op: Op, a: f64) -> Option<Constant> {
    Some(Constant::Float(match op {
        Op::Negative => -a,
        Op::Positive | Op::Conjugate | Op::Real => a,
        Op::Absolute => a.abs(),
        Op::Square => a * a,
        Op::Sqrt if a >= 0.0 => a.sqrt(),
        Op::Floor => a.floor(),
        Op::Ceil => a.ceil(),
        Op::Trunc => a.trunc(),
        Op::Isnan => return Some(Constant::Bool(a.is_nan())),
        Op::Isinf => return Some(Constant::Bool(a.is_infinite())),
        Op::Isfinite => return Some(Constant::Bool(a.is_finite())),
        _ => return None,
    }))
}

fn float_binary(op: Op, a: f64, b: f64, flavor: Flavor) -> Option<Constant> {
    let apart = a != b && !a.is_nan() && !b.is_nan();
    Some(Constant::Float(match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide if b != 0.0 => a / b,
        Op::Remainder if flavor == Flavor::Python => float_modulo(a, b)?,
        Op::Maximum if apart => a.max(b),
        Op::Minimum if apart => a.min(b),
        Op::Equal => return Some(Constant::Bool(a == b)),
        Op::NotEqual => return Some(Constant::Bool(a != b)),
        _ => return a.partial_cmp(&b).and_then(|order| ordered(op, order)).map(Constant::Bool),
    }))
}

/// `a % b` of finite floats: the sign is that of `b` (CPython, `float_rem`).
fn float_modulo(a: f64, b: f64) -> Option<f64> {
    if !a.is_finite() || !b.is_finite() || b == 0.0 {
        return None;
    }
    let rest = a % b;
    Some(if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (b < 0.0) != (rest < 0.0) {
        rest + b
    } else {
        rest
    })
}

/// Whether the operation fails for no operands of these types: what is left to say, then, are the values.
pub(super) fn is_total(op: Op, loop_dtype: Dtype, ty: &Type) -> bool {
    let Type::Scalar(_, flavor) = ty else { return false };
    match op {
        Op::Equal | Op::NotEqual | Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => true,
        Op::LogicalNot | Op::LogicalAnd | Op::LogicalOr | Op::LogicalXor => true,
        Op::Isnan | Op::Isinf | Op::Isfinite | Op::Signbit | Op::Where | Op::Copysign => true,
        Op::BitwiseAnd | Op::BitwiseOr | Op::BitwiseXor | Op::Invert => true,
        Op::Add | Op::Subtract | Op::Multiply | Op::Negative | Op::Absolute | Op::Square => {
            *flavor == Flavor::Numpy || loop_dtype == Dtype::F64
        }
        Op::Positive | Op::Maximum | Op::Minimum | Op::MakeComplex => true,
        Op::Divide | Op::Sqrt => *flavor == Flavor::Numpy && loop_dtype.kind() >= Kind::Float,
        Op::Floor | Op::Ceil | Op::Trunc | Op::Rint | Op::Conjugate | Op::Real | Op::Imag => true,
        _ => false,
    }
}
