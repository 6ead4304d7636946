//! Temporaries that are read once, by the very next statement, are written there: `.1 = f(x); return .1` becomes `return f(x)`.
//!
//! Names that the user gave stay. A value that may fail, or asks memory, moves only where it is all that the statement evaluates.

use super::Pass;
use super::state::blocks_mut;
use super::total::{asks_no_memory, is_total};
use crate::ir::{Block, Expr, ExprKind, Function, Stmt, StmtKind, Unit, VariableId};
use crate::walk;
use hypersonic_ops::Type;
use std::collections::HashMap;

/// The pass.
pub const PASS: Pass = Pass { name: "forward", why: "fewer names stand between a reader and what is computed", run };

fn run(unit: &mut Unit) {
    for function in &mut unit.functions {
        let single = single(function);
        block(&mut function.body, &single);
    }
}

/// Temporaries that are assigned once and read once.
fn single(function: &Function) -> Vec<bool> {
    let mut counts: HashMap<VariableId, (u32, u32)> = HashMap::new();
    walk::expressions(&function.body, &mut |expr| count(expr, &mut counts));
    writes(&function.body, &mut counts);
    let is_single = |id: VariableId| counts.get(&id) == Some(&(1, 1)) && !function.parameters.contains(&id);
    function.variables.iter().zip(0..).map(|(variable, n)| variable.name.starts_with('.') && is_single(VariableId(n))).collect()
}

fn count(expr: &Expr, counts: &mut HashMap<VariableId, (u32, u32)>) {
    if let ExprKind::Variable(variable) = expr.kind {
        counts.entry(variable).or_default().0 += 1;
    }
    walk::parts(expr, &mut |part| count(part, counts));
}

fn writes(block: &Block, counts: &mut HashMap<VariableId, (u32, u32)>) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Assign(variable, _) => counts.entry(*variable).or_default().1 += 1,
            StmtKind::ForRange { variable, .. } => counts.entry(*variable).or_default().1 += 2,
            _ => {}
        }
        super::state::blocks(&stmt.kind).into_iter().for_each(|inner| writes(inner, counts));
    }
}

fn block(block_: &mut Block, single: &[bool]) {
    let mut out: Block = Vec::with_capacity(block_.len());
    for mut stmt in std::mem::take(block_) {
        blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| block(inner, single));
        while let Some(Stmt { kind: StmtKind::Assign(variable, value), .. }) = out.last()
            && single.get(variable.0 as usize) == Some(&true)
            && put(*variable, value, &mut stmt)
        {
            out.pop();
        }
        out.push(stmt);
    }
    *block_ = out;
}

/// Writes the value for the variable in a statement, if it is read there and that changes nothing.
fn put(variable: VariableId, value: &Expr, stmt: &mut Stmt) -> bool {
    let simple = is_total(value) && asks_no_memory(value) && matches!(value.ty, Type::Scalar(..));
    let mut values: Vec<&mut Expr> = Vec::new();
    match &mut stmt.kind {
        StmtKind::Return(target) | StmtKind::Assign(_, target) | StmtKind::SetAttribute(_, target) | StmtKind::Expr(target) => {
            values.push(target);
        }
        StmtKind::If { test, .. } => values.push(test),
        StmtKind::ForRange { start, stop, step, .. } if simple => values.extend([start, stop, step]),
        StmtKind::SetItem { array, value, .. } if simple => values.extend([array, value]),
        _ => {}
    }
    let whole = |target: &Expr| matches!(target.kind, ExprKind::Variable(read) if read == variable);
    for target in values {
        if whole(target) || simple {
            if replace(target, variable, value) {
                return true;
            }
        }
    }
    false
}

fn replace(target: &mut Expr, variable: VariableId, value: &Expr) -> bool {
    if matches!(target.kind, ExprKind::Variable(read) if read == variable) {
        *target = value.clone();
        return true;
    }
    let mut done = false;
    walk::parts_mut(target, &mut |part| done = done || replace(part, variable, value));
    done
}
