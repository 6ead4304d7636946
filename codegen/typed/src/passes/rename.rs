//! Other numbers for variables, functions and `try`s of a block: where code moves to another place.

use super::state::blocks_mut;
use crate::ir::{Block, Expr, ExprKind, StmtKind, VariableId};
use crate::walk;

/// Calls `change` with every variable that is read or assigned.
pub(super) fn rename(block: &mut Block, change: &mut dyn FnMut(&mut VariableId)) {
    walk::expressions_mut(block, &mut |expr| read(expr, change));
    targets(block, change);
}

fn read(expr: &mut Expr, change: &mut dyn FnMut(&mut VariableId)) {
    if let ExprKind::Variable(variable) = &mut expr.kind {
        change(variable);
    }
    walk::parts_mut(expr, &mut |part| read(part, change));
}

fn targets(block: &mut Block, change: &mut dyn FnMut(&mut VariableId)) {
    for stmt in block {
        if let StmtKind::Assign(variable, _) | StmtKind::ForRange { variable, .. } = &mut stmt.kind {
            change(variable);
        }
        blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| targets(inner, change));
    }
}

/// Calls `change` with every function that is called.
pub(super) fn calls(block: &mut Block, change: &mut dyn FnMut(&mut usize)) {
    walk::expressions_mut(block, &mut |expr| called(expr, change));
}

fn called(expr: &mut Expr, change: &mut dyn FnMut(&mut usize)) {
    if let ExprKind::Call(position, _) = &mut expr.kind {
        change(position);
    }
    walk::parts_mut(expr, &mut |part| called(part, change));
}

/// Calls `change` with the number of every `try`, where it stands and where it is named.
pub(super) fn attempts(block: &mut Block, change: &mut dyn FnMut(&mut u32)) {
    for stmt in block {
        if let StmtKind::Try { id, .. } | StmtKind::Reraise(id) | StmtKind::Exit(id, _) = &mut stmt.kind {
            change(id);
        }
        blocks_mut(&mut stmt.kind).into_iter().for_each(|inner| attempts(inner, change));
    }
}
