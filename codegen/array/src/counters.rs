//! Finds counters: int variables that only ever take small constants and small steps. No run that ends counts one out of
//! int64, so their steps need no check for overflow, and those that only go up from zero are not negative.

use crate::walk;
use hypersonic_ops::{Dtype, ScalarOp, Type};
use hypersonic_typed::ir::{Constant, Expr, ExprKind, Function, StmtKind, VariableId};
use std::collections::BTreeMap;

/// The largest step: at one step a nanosecond 2^62 takes a century and a half, a thousand times a step of one.
const LARGEST_STEP: i64 = 1 << 10;
/// The largest constant.
const LARGEST_START: i64 = 1 << 53;
/// Far beyond what a counter reaches.
const REACH: i128 = 1 << 62;

/// The counters of a function and the interval in which each stays.
#[must_use]
pub fn counters(function: &Function) -> BTreeMap<VariableId, (i128, i128)> {
    let mut found: BTreeMap<VariableId, Option<(i128, i128)>> = BTreeMap::new();
    for parameter in &function.parameters {
        found.insert(*parameter, None);
    }
    walk::statements(&function.body, &mut |stmt| match &stmt.kind {
        StmtKind::Assign(variable, value) if function.variables[variable.0 as usize].ty == Type::INT => {
            let now = found.entry(*variable).or_insert(Some((0, 0)));
            *now = match (*now, bounds(*variable, value)) {
                (Some((low, high)), Some((lower, higher))) => Some((low.min(lower), high.max(higher))),
                _ => None,
            };
        }
        StmtKind::Assign(variable, _) | StmtKind::ForRange { variable, .. } => {
            found.insert(*variable, None);
        }
        _ => {}
    });
    found.into_iter().filter_map(|(variable, interval)| interval.map(|interval| (variable, interval))).collect()
}

/// How far one assignment may take a counter; none if it is no constant and no small step.
fn bounds(variable: VariableId, value: &Expr) -> Option<(i128, i128)> {
    if let Some(start) = constant(value) {
        return (start.abs() <= LARGEST_START).then_some((i128::from(start.min(0)), i128::from(start.max(0))));
    }
    let ExprKind::Map { op, loop_dtype: Dtype::I64, operands } = &value.kind else { return None };
    let [left, right] = operands.as_slice() else { return None };
    let is_self = |expr: &Expr| matches!(expr.kind, ExprKind::Variable(read) if read == variable);
    let step = match op {
        ScalarOp::Add if is_self(left) => constant(right)?,
        ScalarOp::Add if is_self(right) => constant(left)?,
        ScalarOp::Subtract if is_self(left) => constant(right)?.checked_neg()?,
        _ => return None,
    };
    (step.abs() <= LARGEST_STEP).then_some(if step < 0 { (-REACH, 0) } else { (0, REACH) })
}

fn constant(expr: &Expr) -> Option<i64> {
    match expr.kind {
        ExprKind::Constant(Constant::Int(value)) => Some(value),
        _ => None,
    }
}
