//! Operators: Python's rules between Python scalars, NumPy's wherever an array or a NumPy scalar takes part.

use crate::ir::{Expr, is_python_scalar};
use crate::library::{Operator, Surroundings, algebra, make, operands};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp, Type};

/// Types `left op right`.
pub(super) fn binary(surroundings: &mut dyn Surroundings, op: Operator, left: Expr, right: Expr, span: Span) -> Result<Expr, Diagnostic> {
    let Operator::Scalar(op) = op else {
        return algebra::matmul(surroundings, "@", left, right, span);
    };
    if is_python_scalar(&left.ty) && is_python_scalar(&right.ty) {
        if op == ScalarOp::Power && left.ty == Type::FLOAT && make::constant_float(&right) == Some(2.0) {
            return Ok(python_square(surroundings, left, span));
        }
        return python_binary(op, left, right, span);
    }
    if !has_numpy(&left.ty) && !has_numpy(&right.ty) {
        return Err(undefined(op, &[&left, &right], span));
    }
    if op == ScalarOp::Power
        && let Some(shortened) = short_power(surroundings, &left, &right, span)
    {
        return shortened;
    }
    let (loops, refuses_bool, _) = operands::numpy_rule(op);
    operands::ufunc(surroundings, symbol(op), op, &loops, refuses_bool, vec![left, right], span)
}

const fn has_numpy(ty: &Type) -> bool {
    matches!(ty, Type::Array(..) | Type::Scalar(_, Flavor::Numpy))
}

/// NumPy's own short ways of `array ** number`. `number ** number` has none; where that can be seen, it keeps to the power.
fn short_power(surroundings: &mut dyn Surroundings, left: &Expr, right: &Expr, span: Span) -> Option<Result<Expr, Diagnostic>> {
    let dtype = left.ty.dtype()?;
    let array = matches!(left.ty, Type::Array(_, 1..));
    let Some(exponent) = make::constant_float(right) else {
        return array.then(|| power_or_root(surroundings, left, right, span)).flatten();
    };
    if !is_python_scalar(&right.ty) || right.ty == Type::BOOL || !array && dtype.kind() == Kind::Complex {
        return None;
    }
    let inexact = dtype.kind() >= Kind::Float;
    if !inexact && (right.ty != Type::INT || dtype.kind() == Kind::Bool) {
        return None;
    }
    let op = match exponent {
        2.0 => ScalarOp::Square,
        1.0 if inexact => ScalarOp::Positive,
        0.5 if inexact && array => ScalarOp::Sqrt,
        -1.0 if inexact => ScalarOp::Reciprocal,
        _ => return None,
    };
    let operand = make::scalar_of(left.clone());
    Some(operands::mapped(surroundings, op, dtype, vec![operand], span))
}

/// `array ** number` of real floats where the number is known at run time: the square root if it is 0.5, which differs
/// from the power at -0.0 and minus infinity.
fn power_or_root(surroundings: &mut dyn Surroundings, left: &Expr, right: &Expr, span: Span) -> Option<Result<Expr, Diagnostic>> {
    let (Type::Array(_, ndim), Type::Scalar(exponent, _)) = (&left.ty, &right.ty) else { return None };
    let loop_dtype = operands::common_dtype(&[left.clone(), right.clone()]);
    if loop_dtype.kind() != Kind::Float || exponent.kind() != Kind::Float {
        return None;
    }
    let ty = Type::Array(loop_dtype, *ndim);
    let array = make::shared(surroundings, make::cast(left.clone(), loop_dtype));
    let exponent = make::shared(surroundings, right.clone());
    let half = make::test(ScalarOp::Equal, exponent.clone(), Expr { ty: exponent.ty.clone(), ..make::float(0.5, span) }, span);
    let half = make::cast(half, Dtype::Bool);
    let root = make::map(ty.clone(), ScalarOp::Sqrt, loop_dtype, vec![array.clone()], span);
    let power = make::map(ty.clone(), ScalarOp::Power, loop_dtype, vec![array, exponent], span);
    Some(Ok(make::map(ty, ScalarOp::Where, loop_dtype, vec![half, root, power], span)))
}

/// `x ** 2` of a Python float: the product, which is what a correctly rounded power gives; OverflowError as Python's power.
fn python_square(surroundings: &mut dyn Surroundings, base: Expr, span: Span) -> Expr {
    let base = make::shared(surroundings, base);
    let square = make::float_map(ScalarOp::Square, vec![base.clone()], span);
    let square = make::shared(surroundings, square);
    let is = |op, value: &Expr| make::map(Type::BOOL, op, Dtype::F64, vec![value.clone()], span);
    let overflow = make::both(is(ScalarOp::Isinf, &square), is(ScalarOp::Isfinite, &base), span);
    make::raise_if(surroundings, overflow, "OverflowError", make::words("(34, 'Numerical result out of range')"), span);
    square
}

/// Both are Python scalars.
fn python_binary(op: ScalarOp, left: Expr, right: Expr, span: Span) -> Result<Expr, Diagnostic> {
    use ScalarOp as Op;
    let widest = left.ty.dtype().unwrap_or(Dtype::I64).promote(right.ty.dtype().unwrap_or(Dtype::I64));
    let at_least_int = widest.promote(Dtype::I64);
    let complex = widest.kind() == Kind::Complex;
    let refused = match op {
        Op::FloorDivide | Op::Remainder | Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => complex,
        Op::BitwiseAnd | Op::BitwiseOr | Op::BitwiseXor | Op::LeftShift | Op::RightShift => widest.kind() > Kind::Integer,
        _ => false,
    };
    if refused {
        return Err(undefined(op, &[&left, &right], span));
    }
    let loop_dtype = match op {
        _ if operands::is_comparison(op) => widest,
        Op::BitwiseAnd | Op::BitwiseOr | Op::BitwiseXor => widest,
        Op::Power if at_least_int == Dtype::I64 && make::constant_int(&right).is_some_and(|exponent| exponent < 0) => Dtype::F64,
        _ => at_least_int,
    };
    // Ints are divided as ints: the quotient is rounded once.
    let result = if op == Op::Divide { loop_dtype.promote(Dtype::F64) } else { op.result(loop_dtype) };
    Ok(make::map(Type::Scalar(result, Flavor::Python), op, loop_dtype, vec![left, right], span))
}

/// Types `-x`, `+x`, `~x`, `not x`, `abs(x)`.
pub(super) fn unary(op: ScalarOp, operand: Expr, span: Span) -> Result<Expr, Diagnostic> {
    match (&operand.ty, op) {
        (Type::Scalar(..) | Type::Array(..), ScalarOp::LogicalNot) => {
            Ok(make::map(Type::BOOL, ScalarOp::LogicalNot, Dtype::Bool, vec![make::truth(operand)], span))
        }
        (Type::Scalar(dtype, Flavor::Python), _) => {
            let loop_dtype = dtype.promote(Dtype::I64);
            if op == ScalarOp::Invert && loop_dtype != Dtype::I64 {
                return Err(undefined(op, &[&operand], span));
            }
            Ok(make::map(Type::Scalar(op.result(loop_dtype), Flavor::Python), op, loop_dtype, vec![operand], span))
        }
        (Type::Scalar(..) | Type::Array(..), _) => {
            let (loops, refuses_bool, _) = operands::numpy_rule(op);
            let operand = make::scalar_of(operand);
            let list = std::slice::from_ref(&operand);
            let loop_dtype = operands::loop_of(symbol(op), &loops, refuses_bool, list, span)?;
            let ty = make::shaped(op.result(loop_dtype), make::rank(list));
            Ok(make::map(ty, op, loop_dtype, vec![operand], span))
        }
        _ => Err(undefined(op, &[&operand], span)),
    }
}

/// The dtype in which `target op= value` is computed, if NumPy allows the cast back.
pub(super) fn in_place_dtype(op: ScalarOp, target: &Expr, value: &Expr, span: Span) -> Result<Dtype, Diagnostic> {
    let (Some(own), Some(_)) = (target.ty.dtype(), value.ty.dtype()) else {
        return Err(undefined(op, &[target, value], span));
    };
    let pair = [target.clone(), value.clone()];
    let brought = operands::promoted(&pair);
    let integral = brought.iter().all(|operand| operand.default_dtype().kind() <= Kind::Integer);
    let loop_dtype = if op == ScalarOp::Divide && integral {
        Dtype::F64
    } else {
        let (loops, refuses_bool, _) = operands::numpy_rule(op);
        operands::loop_of(symbol(op), &loops, refuses_bool, &pair, span)?
    };
    let result = op.result(loop_dtype);
    if !result.casts_same_kind(own) {
        let title = format!("`{}=` gives {}, which `{}` cannot hold", symbol(op), result.name(), target.ty);
        let diagnostic = Diagnostic::new(Id::TypeError, title, span, "TypeError in NumPy: cannot cast with casting rule 'same_kind'");
        return Err(diagnostic.with_hint(format!(
            "assign `a[...] = a {} b`, which casts, or make the array {}",
            symbol(op),
            result.name()
        )));
    }
    Ok(loop_dtype)
}

fn undefined(op: ScalarOp, operands: &[&Expr], span: Span) -> Diagnostic {
    let types: Vec<_> = operands.iter().map(|operand| format!("`{}`", operand.ty)).collect();
    Diagnostic::new(Id::TypeError, format!("`{}` is not defined for {}", symbol(op), types.join(" and ")), span, "TypeError in Python")
}

/// The operator as it is written.
pub(super) const fn symbol(op: ScalarOp) -> &'static str {
    use ScalarOp as Op;
    match op {
        Op::Add | Op::Positive => "+",
        Op::Subtract | Op::Negative => "-",
        Op::Multiply => "*",
        Op::Divide => "/",
        Op::FloorDivide => "//",
        Op::Remainder => "%",
        Op::Power => "**",
        Op::BitwiseAnd => "&",
        Op::BitwiseOr => "|",
        Op::BitwiseXor => "^",
        Op::Invert => "~",
        Op::LeftShift => "<<",
        Op::RightShift => ">>",
        Op::Equal => "==",
        Op::NotEqual => "!=",
        Op::Less => "<",
        Op::LessEqual => "<=",
        Op::Greater => ">",
        Op::GreaterEqual => ">=",
        Op::LogicalNot => "not",
        other => other.name(),
    }
}
