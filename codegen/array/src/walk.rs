//! Visits typed IR: the children of an expression, the expressions and blocks of a statement.

use hypersonic_typed::ir::{Block, Expr, ExprKind, Index, MessagePart, Stmt, StmtKind, VariableId};
use std::collections::BTreeSet;

/// Calls `visit` with every direct operand, in order of evaluation.
pub fn children<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Unit
        | ExprKind::Constant(_)
        | ExprKind::Variable(_)
        | ExprKind::PythonRandom
        | ExprKind::IsSet(_)
        | ExprKind::Attribute(_) => {}
        ExprKind::Tuple(items)
        | ExprKind::Map { operands: items, .. }
        | ExprKind::Call(_, items)
        | ExprKind::Object(_, items)
        | ExprKind::Team(items)
        | ExprKind::Concatenate(items, _)
        | ExprKind::Stack(items, _) => {
            items.iter().for_each(visit);
        }
        ExprKind::TupleItem(inner, _)
        | ExprKind::Convert(inner)
        | ExprKind::Truth(inner)
        | ExprKind::Extent(inner, _)
        | ExprKind::Size(inner)
        | ExprKind::Length(inner)
        | ExprKind::IsNone(inner)
        | ExprKind::Unwrap(inner)
        | ExprKind::Reduce { array: inner, .. }
        | ExprKind::Nonzero(inner)
        | ExprKind::Distinct(inner)
        | ExprKind::Arrange { array: inner, .. }
        | ExprKind::Cumulative { array: inner, .. }
        | ExprKind::Copy(inner)
        | ExprKind::Transpose(inner, _)
        | ExprKind::ComplexPart(inner, _) => visit(inner),
        ExprKind::And(x, y) | ExprKind::Or(x, y) | ExprKind::MatMul(x, y) | ExprKind::Search { array: x, values: y, .. } => {
            [x, y].into_iter().for_each(|each| visit(each))
        }
        ExprKind::Conditional { test: x, then: y, otherwise: z }
        | ExprKind::Arange { start: x, stop: y, step: z }
        | ExprKind::Linspace { start: x, stop: y, num: z, .. }
        | ExprKind::Eye { rows: x, columns: y, diagonal: z } => [x, y, z].into_iter().for_each(|each| visit(each)),
        ExprKind::Index(array, index) => {
            visit(array);
            indices(index, visit);
        }
        ExprKind::Fill { shape, value } => {
            shape.iter().for_each(&mut *visit);
            value.iter().for_each(|value| visit(value));
        }
        ExprKind::Reshape(array, shape) => {
            visit(array);
            shape.iter().for_each(visit);
        }
    }
}

/// Calls `visit` with every expression of a subscript.
pub fn indices<'e>(index: &'e [Index], visit: &mut dyn FnMut(&'e Expr)) {
    for each in index {
        match each {
            Index::Integer(value) | Index::Mask(value) | Index::Array(value) => visit(value),
            Index::Slice(lower, upper, step) => [lower, upper, step].into_iter().flatten().for_each(&mut *visit),
            Index::NewAxis => {}
        }
    }
}

/// Calls `visit` with the expression and everything below it.
pub fn everything<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    children(expr, &mut |child| everything(child, visit));
}

/// Calls `visit` with the outermost expressions of a statement, not those of nested blocks.
pub fn expressions<'s>(stmt: &'s Stmt, visit: &mut dyn FnMut(&'s Expr)) {
    match &stmt.kind {
        StmtKind::Assign(_, value) | StmtKind::SetAttribute(_, value) | StmtKind::Expr(value) | StmtKind::Return(value) => visit(value),
        StmtKind::SetItem { array, index, value } | StmtKind::UpdateItem { array, index, value, .. } => {
            visit(array);
            indices(index, visit);
            visit(value);
        }
        StmtKind::If { test, .. } | StmtKind::While { test, .. } => visit(test),
        StmtKind::ForRange { start, stop, step, .. } => [start, stop, step].into_iter().for_each(visit),
        StmtKind::Parallel { chunks, threads, call } => [chunks, threads, call].into_iter().for_each(visit),
        StmtKind::Raise { message, .. } => {
            for part in message {
                if let MessagePart::Value(value, _) = part {
                    visit(value);
                }
            }
        }
        StmtKind::Unrolled { .. }
        | StmtKind::Try { .. }
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Reraise(_)
        | StmtKind::Exit(..) => {}
    }
}

/// The blocks of a statement.
#[must_use]
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match &stmt.kind {
        StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
        StmtKind::While { body, orelse, .. } | StmtKind::ForRange { body, orelse, .. } => vec![body, orelse],
        StmtKind::Unrolled { iterations, orelse } => iterations.iter().chain([orelse]).collect(),
        StmtKind::Try { body, handlers, orelse, exits, .. } => {
            [body].into_iter().chain(handlers.iter().map(|handler| &handler.body)).chain([orelse]).chain(exits).collect()
        }
        _ => Vec::new(),
    }
}

/// Calls `visit` with every statement of a block, nested ones too.
pub fn statements<'s>(block: &'s Block, visit: &mut dyn FnMut(&'s Stmt)) {
    for stmt in block {
        visit(stmt);
        for inner in blocks(stmt) {
            statements(inner, visit);
        }
    }
}

/// The variables that a block may set.
#[must_use]
pub fn assigned(block: &Block) -> BTreeSet<VariableId> {
    let mut found = BTreeSet::new();
    statements(block, &mut |stmt| match &stmt.kind {
        StmtKind::Assign(variable, _) | StmtKind::ForRange { variable, .. } => {
            found.insert(*variable);
        }
        _ => {}
    });
    found
}

/// Whether a block has a `break` or `continue` of its own loop.
#[must_use]
pub fn jumps(block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => true,
        StmtKind::If { then, otherwise, .. } => jumps(then) || jumps(otherwise),
        StmtKind::While { orelse, .. } | StmtKind::ForRange { orelse, .. } | StmtKind::Unrolled { orelse, .. } => jumps(orelse),
        StmtKind::Try { .. } => blocks(stmt).into_iter().any(jumps),
        _ => false,
    })
}
