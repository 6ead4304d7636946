//! Arithmetic on Python constants, so that conditions and tuple indices that are constant are known to be.
//!
//! Only what is exact: ints within int64, comparisons, negation. Everything else is left to the back end.

use crate::ir::{Constant, Expr, ExprKind};
use hypersonic_ops::{Flavor, Type};
use hypersonic_syntax::ast::{BinaryOp, CompareOp, UnaryOp};

fn constant(value: &Expr) -> Option<Constant> {
    match (&value.ty, &value.kind) {
        (Type::Scalar(_, Flavor::Python), ExprKind::Constant(constant)) => Some(*constant),
        _ => None,
    }
}

fn integer(value: &Expr) -> Option<i64> {
    match constant(value)? {
        Constant::Int(value) => Some(value),
        _ => None,
    }
}

fn number(value: &Expr) -> Option<f64> {
    match constant(value)? {
        Constant::Bool(value) => Some(f64::from(u8::from(value))),
        // Ints that a float holds exactly.
        #[allow(clippy::cast_precision_loss, reason = "checked to be exact")]
        Constant::Int(value) if value.unsigned_abs() <= 1 << 53 => Some(value as f64),
        Constant::Float(value) => Some(value),
        _ => None,
    }
}

/// A unary operator on a constant.
pub(crate) fn unary(op: UnaryOp, value: &Expr) -> Option<Expr> {
    let result = match (op, constant(value)?) {
        (UnaryOp::Negative, Constant::Int(value)) => Constant::Int(value.checked_neg()?),
        (UnaryOp::Negative, Constant::Float(value)) => Constant::Float(-value),
        (UnaryOp::Positive, result @ (Constant::Int(_) | Constant::Float(_))) => result,
        (UnaryOp::Invert, Constant::Int(value)) => Constant::Int(!value),
        _ => return None,
    };
    Some(Expr { kind: ExprKind::Constant(result), ..value.clone() })
}

/// A binary operator on constant ints.
pub(crate) fn binary(op: BinaryOp, left: &Expr, right: &Expr) -> Option<Expr> {
    let (a, b) = (integer(left)?, integer(right)?);
    let result = match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Subtract => a.checked_sub(b)?,
        BinaryOp::Multiply => a.checked_mul(b)?,
        BinaryOp::FloorDivide if b != 0 => floor_divide(a, b)?,
        BinaryOp::Modulo if b != 0 => a.checked_sub(floor_divide(a, b)?.checked_mul(b)?)?,
        BinaryOp::Power => a.checked_pow(u32::try_from(b).ok()?)?,
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        BinaryOp::BitXor => a ^ b,
        BinaryOp::LeftShift if (0..63).contains(&b) => a.checked_mul(1_i64.checked_shl(u32::try_from(b).ok()?)?)?,
        BinaryOp::RightShift if (0..64).contains(&b) => a >> b,
        _ => return None,
    };
    Some(Expr { ty: Type::INT, kind: ExprKind::Constant(Constant::Int(result)), span: left.span })
}

fn floor_divide(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    let inexact = a.checked_rem(b)? != 0;
    Some(if inexact && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// A comparison of constants.
pub(crate) fn compare(op: CompareOp, left: &Expr, right: &Expr) -> Option<bool> {
    let order = match (integer(left), integer(right)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => number(left)?.partial_cmp(&number(right)?),
    };
    Some(match op {
        CompareOp::Equal => order.is_some_and(std::cmp::Ordering::is_eq),
        CompareOp::NotEqual => !order.is_some_and(std::cmp::Ordering::is_eq),
        CompareOp::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        CompareOp::LessEqual => order.is_some_and(std::cmp::Ordering::is_le),
        CompareOp::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        CompareOp::GreaterEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        _ => return None,
    })
}
