//! Small words for making typed expressions. No rule of Python or NumPy lives here.

use crate::ir::{Constant, Expr, ExprKind, Index, MessagePart, StmtKind, VariableId};
use crate::library::Surroundings;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp, Type};

pub(super) fn unit(ty: Type, span: Span) -> Expr {
    Expr { ty, kind: ExprKind::Unit, span }
}

pub(super) fn int(value: i64, span: Span) -> Expr {
    Expr { ty: Type::INT, kind: ExprKind::Constant(Constant::Int(value)), span }
}

pub(super) fn float(value: f64, span: Span) -> Expr {
    Expr { ty: Type::FLOAT, kind: ExprKind::Constant(Constant::Float(value)), span }
}

pub(super) fn boolean(value: bool, span: Span) -> Expr {
    Expr { ty: Type::BOOL, kind: ExprKind::Constant(Constant::Bool(value)), span }
}

/// A small whole number as a NumPy scalar of a dtype.
pub(super) fn number(value: u8, dtype: Dtype, span: Span) -> Expr {
    let constant = match dtype.kind() {
        Kind::Bool => Constant::Bool(value != 0),
        Kind::Integer => Constant::Int(i64::from(value)),
        Kind::Float => Constant::Float(f64::from(value)),
        Kind::Complex => Constant::Complex(f64::from(value), 0.0),
    };
    Expr { ty: Type::Scalar(dtype, Flavor::Numpy), kind: ExprKind::Constant(constant), span }
}

pub(super) fn expr(ty: Type, kind: ExprKind, span: Span) -> Expr {
    Expr { ty, kind, span }
}

pub(super) fn map(ty: Type, op: ScalarOp, loop_dtype: Dtype, operands: Vec<Expr>, span: Span) -> Expr {
    Expr { ty, kind: ExprKind::Map { op, loop_dtype, operands }, span }
}

/// A scalar operation of Python on floats.
pub(super) fn float_map(op: ScalarOp, operands: Vec<Expr>, span: Span) -> Expr {
    map(Type::FLOAT, op, Dtype::F64, operands, span)
}

/// A scalar operation of Python on ints.
pub(super) fn int_map(op: ScalarOp, operands: Vec<Expr>, span: Span) -> Expr {
    map(Type::INT, op, Dtype::I64, operands, span)
}

/// A comparison of two Python scalars of one type: a Python bool.
pub(super) fn test(op: ScalarOp, left: Expr, right: Expr, span: Span) -> Expr {
    let dtype = left.ty.dtype().unwrap_or(Dtype::I64);
    map(Type::BOOL, op, dtype, vec![left, right], span)
}

pub(super) fn tuple(items: Vec<Expr>, span: Span) -> Expr {
    let ty = Type::Tuple(items.iter().map(|item| item.ty.clone()).collect());
    Expr { ty, kind: ExprKind::Tuple(items), span }
}

pub(super) fn extent(array: &Expr, axis: u8) -> Expr {
    Expr { ty: Type::INT, kind: ExprKind::Extent(Box::new(array.clone()), axis), span: array.span }
}

pub(super) fn size(array: &Expr) -> Expr {
    Expr { ty: Type::INT, kind: ExprKind::Size(Box::new(array.clone())), span: array.span }
}

/// The shape of an array, as ints.
pub(super) fn extents(array: &Expr) -> Vec<Expr> {
    (0..array.ty.ndim().unwrap_or(0)).map(|axis| extent(array, axis)).collect()
}

pub(super) fn index(array: Expr, subscripts: Vec<Index>, ty: Type, span: Span) -> Expr {
    Expr { ty, kind: ExprKind::Index(Box::new(array), subscripts), span }
}

pub(super) const fn full_slice() -> Index {
    Index::Slice(None, None, None)
}

/// One element of a one-dimensional array.
pub(super) fn element(array: &Expr, position: Expr, span: Span) -> Expr {
    let dtype = array.ty.dtype().unwrap_or(Dtype::F64);
    index(array.clone(), vec![Index::Integer(position)], Type::Scalar(dtype, Flavor::Numpy), span)
}

/// The element of an array of rank 0; anything else as it is.
pub(super) fn scalar_of(value: Expr) -> Expr {
    let Type::Array(dtype, 0) = value.ty else { return value };
    let span = value.span;
    index(value, Vec::new(), Type::Scalar(dtype, Flavor::Numpy), span)
}

/// The type of an elementwise result: a NumPy scalar without axes.
pub(super) const fn shaped(dtype: Dtype, ndim: u8) -> Type {
    if ndim == 0 { Type::Scalar(dtype, Flavor::Numpy) } else { Type::Array(dtype, ndim) }
}

/// The greatest rank among scalars and arrays.
pub(super) fn rank(operands: &[Expr]) -> u8 {
    operands.iter().filter_map(|operand| operand.ty.ndim()).max().unwrap_or(0)
}

/// To an array's or scalar's own kind of another dtype; NumPy flavor.
pub(super) fn cast(value: Expr, dtype: Dtype) -> Expr {
    let ty = match value.ty {
        Type::Array(_, ndim) => Type::Array(dtype, ndim),
        _ => Type::Scalar(dtype, Flavor::Numpy),
    };
    super::convert(value, &ty)
}

/// An expression that may stand several times without being computed several times.
pub(super) fn shared(surroundings: &mut dyn Surroundings, value: Expr) -> Expr {
    match value.kind {
        ExprKind::Variable(_) | ExprKind::Constant(_) | ExprKind::Unit => value,
        _ => surroundings.temporary(value),
    }
}

/// A variable of our own that starts with a value. Constants and the user's variables are converted to their own type,
/// since temporaries of them are themselves.
pub(super) fn variable(surroundings: &mut dyn Surroundings, value: Expr) -> Option<(VariableId, Expr)> {
    let value = match value.kind {
        ExprKind::Variable(_) | ExprKind::Constant(_) => {
            let (ty, span) = (value.ty.clone(), value.span);
            expr(ty, ExprKind::Convert(Box::new(value)), span)
        }
        _ => value,
    };
    let holder = surroundings.temporary(value);
    match holder.kind {
        ExprKind::Variable(id) => Some((id, holder)),
        _ => None,
    }
}

/// Raises `exception(message)` before the current statement if `test` holds.
pub(super) fn raise_if(surroundings: &mut dyn Surroundings, condition: Expr, exception: &str, message: Vec<MessagePart>, span: Span) {
    let raise = crate::ir::Stmt { span, kind: StmtKind::Raise { exception: exception.to_owned(), message, retried: true } };
    surroundings.emit(StmtKind::If { test: condition, then: vec![raise], otherwise: Vec::new() }, span);
}

/// A message without values.
pub(super) fn words(text: &str) -> Vec<MessagePart> {
    vec![MessagePart::Text(text.to_owned())]
}

/// `a or b` on Python bools.
pub(super) fn either(left: Expr, right: Expr, span: Span) -> Expr {
    Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(left), Box::new(right)), span }
}

/// `a and b` on Python bools.
pub(super) fn both(left: Expr, right: Expr, span: Span) -> Expr {
    Expr { ty: Type::BOOL, kind: ExprKind::And(Box::new(left), Box::new(right)), span }
}

/// The truth of a scalar or array, as a Python bool.
pub(super) fn truth(value: Expr) -> Expr {
    if value.ty == Type::BOOL {
        return value;
    }
    let span = value.span;
    Expr { ty: Type::BOOL, kind: ExprKind::Truth(Box::new(value)), span }
}

/// The int of a constant.
pub(super) fn constant_int(value: &Expr) -> Option<i64> {
    match &value.kind {
        ExprKind::Constant(Constant::Int(value)) => Some(*value),
        ExprKind::Constant(Constant::Bool(value)) => Some(i64::from(*value)),
        ExprKind::Map { op: ScalarOp::Negative, operands, .. } => constant_int(operands.first()?)?.checked_neg(),
        ExprKind::Convert(inner) if matches!(inner.ty.dtype()?.kind(), Kind::Integer | Kind::Bool) => constant_int(inner),
        _ => None,
    }
}

/// The value of a constant real number.
#[allow(clippy::cast_precision_loss, reason = "as Python converts an int to a float")]
pub(super) fn constant_float(value: &Expr) -> Option<f64> {
    match &value.kind {
        ExprKind::Constant(Constant::Float(value)) => Some(*value),
        ExprKind::Map { op: ScalarOp::Negative, operands, .. } => constant_float(operands.first()?).map(|value| -value),
        _ => constant_int(value).map(|value| value as f64),
    }
}

/// The bool of a constant.
pub(super) const fn constant_bool(value: &Expr) -> Option<bool> {
    match value.kind {
        ExprKind::Constant(Constant::Bool(value)) => Some(value),
        ExprKind::Constant(Constant::Int(value)) => Some(value != 0),
        _ => None,
    }
}
