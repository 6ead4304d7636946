//! What is known of an expression, and the expression written with what is known: constants for variables and operations, the chosen
//! part of a choice.

use super::interpret::{Machine, Value, as_expr, is_known_type};
use super::known::{Known, conversion, operation};
use super::state::State;
use super::total::{is_total, is_total_conversion, is_total_operation};
use crate::ir::{Constant, Expr, ExprKind};
use crate::walk;
use hypersonic_ops::{Kind, ScalarOp as Op, Type};

/// The largest extent or length.
const MAX_LENGTH: i64 = i64::MAX >> 4;

/// What is known of an expression.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// Its value.
    pub known: Known,
    /// Whether it certainly gives one and does nothing else.
    pub total: bool,
}

const fn nothing(total: bool) -> Fact {
    Fact { known: Known::Any, total }
}

/// Simplifies an expression in place.
pub(super) fn simplify(expr: &mut Expr, state: &State, machine: &mut Machine<'_>) -> Fact {
    let fact = rewrite(expr, state, machine);
    if fact.total
        && !matches!(expr.kind, ExprKind::Constant(_))
        && let Some(constant) = fact.known.single()
        && constant_fits(constant, &expr.ty)
    {
        expr.kind = ExprKind::Constant(constant);
    }
    fact
}

fn constant_fits(constant: Constant, ty: &Type) -> bool {
    let Type::Scalar(dtype, _) = ty else { return false };
    let kind = match constant {
        Constant::Bool(_) => Kind::Bool,
        Constant::Int(_) => Kind::Integer,
        Constant::Float(_) => Kind::Float,
        Constant::Complex(..) => Kind::Complex,
    };
    is_known_type(ty) && dtype.kind() == kind
}

fn rewrite(expr: &mut Expr, state: &State, machine: &mut Machine<'_>) -> Fact {
    let ty = expr.ty.clone();
    match &mut expr.kind {
        ExprKind::Unit | ExprKind::Attribute(_) | ExprKind::IsSet(_) => nothing(true),
        ExprKind::Constant(value) if is_known_type(&ty) => Fact { known: Known::constant(*value), total: true },
        ExprKind::Constant(_) => nothing(true),
        ExprKind::Variable(variable) => {
            let known = state.facts.get(variable).cloned().unwrap_or(Known::Any);
            if let Some(source) = state.copies.get(variable) {
                *variable = *source;
            }
            Fact { known, total: true }
        }
        ExprKind::Tuple(items) => {
            let facts: Vec<Fact> = items.iter_mut().map(|item| simplify(item, state, machine)).collect();
            let total = facts.iter().all(|fact| fact.total);
            Fact { known: Known::Tuple(facts.into_iter().map(|fact| fact.known).collect()), total }
        }
        ExprKind::TupleItem(tuple, n) => {
            let n = *n;
            let fact = simplify(tuple, state, machine);
            let known = match fact.known {
                Known::Tuple(items) => items.into_iter().nth(n).unwrap_or(Known::Any),
                _ => Known::Any,
            };
            if let ExprKind::Tuple(items) = &mut tuple.kind
                && items.iter().enumerate().all(|(k, item)| k == n || is_total(item))
                && n < items.len()
            {
                *expr = items.swap_remove(n);
            }
            Fact { known, total: fact.total }
        }
        ExprKind::Convert(inner) => {
            let fact = simplify(inner, state, machine);
            match conversion(&fact.known, &ty) {
                Some(known) if is_known_type(&inner.ty) => Fact { known, total: fact.total },
                _ if matches!(ty, Type::Array(..)) => Fact { known: fact.known, total: false },
                _ => nothing(fact.total && is_total_conversion(&inner.ty, &ty)),
            }
        }
        ExprKind::Map { .. } => map(expr, state, machine),
        ExprKind::Truth(inner) => {
            let fact = simplify(inner, state, machine);
            let known = fact.known.truth().map_or(Known::Any, |truth| Known::constant(Constant::Bool(truth)));
            Fact { known, total: fact.total && matches!(inner.ty, Type::Scalar(..)) }
        }
        ExprKind::And(..) | ExprKind::Or(..) => logic(expr, state, machine),
        ExprKind::Conditional { .. } => conditional(expr, state, machine),
        ExprKind::Extent(array, axis) => {
            let axis = usize::from(*axis);
            let fact = simplify(array, state, machine);
            let known = match fact.known {
                Known::Extents(extents) => extents.get(axis).copied().flatten().map(|extent| Known::constant(Constant::Int(extent))),
                _ => None,
            };
            let total = is_total(array) || known.is_some() && matches!(array.kind, ExprKind::Variable(_));
            Fact { known: known.unwrap_or(Known::Range(0, MAX_LENGTH)), total }
        }
        ExprKind::Size(inner) | ExprKind::Length(inner) => {
            simplify(inner, state, machine);
            Fact { known: Known::Range(0, MAX_LENGTH), total: is_total(inner) }
        }
        ExprKind::Call(..) => call(expr, state, machine),
        ExprKind::Fill { shape, value } => {
            let extents = shape.iter_mut().map(|extent| match simplify(extent, state, machine).known.single() {
                Some(Constant::Int(extent)) if extent >= 0 => Some(extent),
                _ => None,
            });
            let known = Known::Extents(extents.collect());
            if let Some(value) = value {
                simplify(value, state, machine);
            }
            Fact { known, total: false }
        }
        _ => {
            walk::parts_mut(expr, &mut |part| {
                simplify(part, state, machine);
            });
            nothing(false)
        }
    }
}

fn map(expr: &mut Expr, state: &State, machine: &mut Machine<'_>) -> Fact {
    let ty = expr.ty.clone();
    let ExprKind::Map { op, loop_dtype, operands } = &mut expr.kind else { return nothing(false) };
    let facts: Vec<Fact> = operands.iter_mut().map(|operand| simplify(operand, state, machine)).collect();
    if let Type::Array(..) = ty {
        let mut arrays = operands.iter().zip(&facts).filter(|(operand, _)| operand.ty.ndim() != Some(0)).map(|(_, fact)| &fact.known);
        let Some(Known::Extents(extents)) = arrays.next() else { return nothing(false) };
        let alike = arrays.all(|other| matches!(other, Known::Extents(more) if more == extents && more.iter().all(Option::is_some)));
        return Fact { known: if alike { Known::Extents(extents.clone()) } else { Known::Any }, total: false };
    }
    let total = facts.iter().all(|fact| fact.total) && operands.iter().all(|operand| matches!(operand.ty, Type::Scalar(..)));
    let known: Vec<(Known, Type)> =
        facts.into_iter().zip(operands.iter()).map(|(fact, operand)| (fact.known, operand.ty.clone())).collect();
    let fact = match operation(*op, *loop_dtype, &ty, &known) {
        Some(known) => Fact { known, total },
        None => nothing(total && is_total_operation(*op, *loop_dtype, &ty, operands.iter().map(|operand| &operand.ty))),
    };
    if let Some(simpler) = identity(expr) {
        *expr = simpler;
    }
    fact
}

/// Sums and products of Python ints with constants: `x + 0` is `x`, `x + 1 - 1` as well. What leaves 64 bits on the way is an int
/// of Python all the same, so fewer steps are never less exact. (The sums and products by which `unify` asks whether an int has
/// so many bits are none of these.)
fn identity(expr: &Expr) -> Option<Expr> {
    let ExprKind::Map { op, operands, .. } = &expr.kind else { return None };
    let [left, right] = operands.as_slice() else { return None };
    if expr.ty != Type::INT || left.ty != Type::INT || right.ty != Type::INT {
        return None;
    }
    let number = |value: &Expr| match value.kind {
        ExprKind::Constant(Constant::Int(value)) => Some(value),
        _ => None,
    };
    match (op, number(left), number(right)) {
        (Op::Add | Op::Subtract, _, Some(0)) | (Op::Multiply | Op::FloorDivide, _, Some(1)) => return Some(left.clone()),
        (Op::Add, Some(0), _) | (Op::Multiply, Some(1), _) => return Some(right.clone()),
        _ => {}
    }
    let outer = signed(*op, number(right)?)?;
    let ExprKind::Map { op: inner_op, loop_dtype, operands: inner } = &left.kind else { return None };
    let [base, step] = inner.as_slice() else { return None };
    let sum = signed(*inner_op, number(step)?)?.checked_add(outer)?;
    if base.ty != Type::INT {
        return None;
    }
    let (op, step) = if sum < 0 { (Op::Subtract, sum.checked_neg()?) } else { (Op::Add, sum) };
    if step == 0 {
        return Some(base.clone());
    }
    let step = Expr { kind: ExprKind::Constant(Constant::Int(step)), ..right.clone() };
    let kind = ExprKind::Map { op, loop_dtype: *loop_dtype, operands: vec![base.clone(), step] };
    Some(Expr { kind, ..expr.clone() })
}

/// What a constant adds.
const fn signed(op: Op, value: i64) -> Option<i64> {
    match op {
        Op::Add => Some(value),
        Op::Subtract => value.checked_neg(),
        _ => None,
    }
}

fn logic(expr: &mut Expr, state: &State, machine: &mut Machine<'_>) -> Fact {
    let is_and = matches!(expr.kind, ExprKind::And(..));
    let (ExprKind::And(a, b) | ExprKind::Or(a, b)) = &mut expr.kind else { return nothing(false) };
    let first = simplify(a, state, machine);
    if let (Some(truth), true) = (first.known.truth(), first.total) {
        if truth != is_and {
            *expr = (**a).clone();
            return first;
        }
        let mut after = (**b).clone();
        let fact = simplify(&mut after, state, machine);
        *expr = after;
        return fact;
    }
    let mut then = state.clone();
    then.assume(a, is_and);
    let second = simplify(b, &then, machine);
    Fact { known: first.known.join(second.known), total: first.total && second.total }
}

fn conditional(expr: &mut Expr, state: &State, machine: &mut Machine<'_>) -> Fact {
    let ExprKind::Conditional { test, then, otherwise } = &mut expr.kind else { return nothing(false) };
    let tested = simplify(test, state, machine);
    if let (Some(truth), true) = (tested.known.truth(), tested.total) {
        let mut chosen = if truth { (**then).clone() } else { (**otherwise).clone() };
        let fact = simplify(&mut chosen, state, machine);
        *expr = chosen;
        return fact;
    }
    let (mut yes, mut no) = (state.clone(), state.clone());
    yes.assume(test, true);
    no.assume(test, false);
    let (a, b) = (simplify(then, &yes, machine), simplify(otherwise, &no, machine));
    Fact { known: a.known.join(b.known), total: tested.total && a.total && b.total }
}

/// A call whose arguments are known, of a function that needs nothing else, is its result.
fn call(expr: &mut Expr, state: &State, machine: &mut Machine<'_>) -> Fact {
    let ExprKind::Call(position, arguments) = &mut expr.kind else { return nothing(false) };
    let facts: Vec<Fact> = arguments.iter_mut().map(|argument| simplify(argument, state, machine)).collect();
    let values = facts.iter().zip(arguments.iter()).map(|(fact, argument)| {
        let known = fact.total.then(|| value_of(&fact.known, &argument.ty));
        known.flatten()
    });
    let result = values.collect::<Option<Vec<_>>>().and_then(|values| machine.call(*position, values));
    let Some(found) = result.and_then(|value| as_expr(&value, &expr.ty, expr.span)) else { return nothing(false) };
    *expr = found;
    rewrite(expr, state, machine)
}

/// A value that is known entirely.
pub(super) fn value_of(known: &Known, ty: &Type) -> Option<Value> {
    match (known, ty) {
        (_, Type::None | Type::Text(_) | Type::Function(_) | Type::DtypeValue(..)) => Some(Value::Unit),
        (Known::Tuple(items), Type::Tuple(types)) => {
            let items = items.iter().zip(types).map(|(item, ty)| value_of(item, ty));
            items.collect::<Option<Vec<_>>>().map(Value::Tuple)
        }
        (known, Type::Scalar(..)) if is_known_type(ty) => known.single().map(Value::Scalar),
        _ => None,
    }
}
