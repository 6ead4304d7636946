//! Whether an expression gives a value whatever the variables hold, writes nothing and asks nothing that changes: it can be left out,
//! and evaluated at another place.

use super::number;
use crate::ir::{Expr, ExprKind, is_python_scalar};
use crate::walk;
use hypersonic_ops::{Dtype, Kind, ScalarOp, Type};

/// Whether leaving it out changes nothing.
pub(crate) fn is_total(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Variable(_) => true,
        ExprKind::IsSet(_) | ExprKind::Attribute(_) => true,
        ExprKind::Tuple(items) => items.iter().all(is_total),
        ExprKind::TupleItem(inner, _) | ExprKind::Extent(inner, _) | ExprKind::Size(inner) | ExprKind::Length(inner) => is_total(inner),
        ExprKind::Transpose(inner, _) | ExprKind::ComplexPart(inner, _) => is_total(inner),
        ExprKind::Truth(inner) => matches!(inner.ty, Type::Scalar(..)) && is_total(inner),
        ExprKind::And(a, b) | ExprKind::Or(a, b) => is_total(a) && is_total(b),
        ExprKind::Conditional { test, then, otherwise } => is_total(test) && is_total(then) && is_total(otherwise),
        ExprKind::Convert(inner) => is_total_conversion(&inner.ty, &expr.ty) && is_total(inner),
        ExprKind::Map { op, loop_dtype, operands } => {
            is_total_operation(*op, *loop_dtype, &expr.ty, operands.iter().map(|operand| &operand.ty)) && operands.iter().all(is_total)
        }
        // An empty container; an array of a few elements.
        ExprKind::Object(hypersonic_abi::object::Op::New, operands) => operands.is_empty(),
        ExprKind::Fill { shape, value } => small(shape) && value.as_deref().is_none_or(is_total),
        _ => false,
    }
}

fn small(shape: &[Expr]) -> bool {
    let mut count = 1_i64;
    shape.iter().all(|extent| {
        let ExprKind::Constant(crate::ir::Constant::Int(extent)) = extent.kind else { return false };
        count = count.saturating_mul(extent);
        (0..=1024).contains(&extent) && count <= 1024
    })
}

/// Whether a scalar of one type can always be converted to another.
pub(super) fn is_total_conversion(from: &Type, to: &Type) -> bool {
    let (Type::Scalar(from, _), Type::Scalar(to, _)) = (from, to) else { return false };
    from.kind() <= to.kind() && (from.kind() != Kind::Integer || to.kind() != Kind::Integer || *to == Dtype::I64 || from == to)
}

/// Whether an operation on scalars of these types fails for no values.
pub(super) fn is_total_operation<'t>(op: ScalarOp, loop_dtype: Dtype, ty: &Type, mut operands: impl Iterator<Item = &'t Type>) -> bool {
    // A Python int need not fit an integer of NumPy.
    let wide = loop_dtype.kind() != Kind::Integer || loop_dtype == Dtype::I64;
    number::is_total(op, loop_dtype, ty)
        && operands.all(|operand| matches!(operand, Type::Scalar(..)) && (wide || !is_python_scalar(operand) || *operand == Type::BOOL))
}

/// Whether its value is the same wherever it is evaluated between two assignments to its variables: no element of anything is asked.
pub(super) fn asks_no_memory(expr: &Expr) -> bool {
    let own = match &expr.kind {
        ExprKind::Variable(_) => return true,
        ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Tuple(_) | ExprKind::TupleItem(..) => true,
        ExprKind::Extent(..) | ExprKind::Size(_) => true,
        ExprKind::Truth(inner) => matches!(inner.ty, Type::Scalar(..)),
        ExprKind::Convert(_) | ExprKind::Map { .. } => matches!(expr.ty, Type::Scalar(..)),
        ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Conditional { .. } => matches!(expr.ty, Type::Scalar(..)),
        _ => false,
    };
    let mut fine = own;
    walk::parts(expr, &mut |part| fine = fine && asks_no_memory(part));
    fine
}

/// How many expressions it is made of, itself included.
pub(super) fn weight(expr: &Expr) -> usize {
    let mut sum = 1;
    walk::parts(expr, &mut |part| sum += weight(part));
    sum
}
