//! The strings that a function tells apart: those that it compares with, and the keys of constant dicts that it looks up. A parameter of
//! type `str` is one of them in each signature; with any other string Python answers.

use crate::program::Program;
use crate::resolve::Definition;
use crate::walk;
use hypersonic_syntax::ast::{Expr, ExprKind, FunctionDef, Stmt, StmtKind};

/// More strings than this would make too many signatures.
const LIMIT: usize = 16;

/// The strings, in order of first use; none if there are too many.
pub(crate) fn told_apart(program: &Program, file: u32, function: &FunctionDef) -> Vec<String> {
    let mut found = Vec::new();
    statements(program, file, &function.body, &mut found);
    let mut texts: Vec<String> = Vec::new();
    for text in found {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    if texts.len() > LIMIT { Vec::new() } else { texts }
}

fn statements(program: &Program, file: u32, body: &[Stmt], found: &mut Vec<String>) {
    for statement in body {
        walk::expressions(statement).into_iter().for_each(|expression| inside(program, file, expression, found));
        if let StmtKind::Match { cases, .. } = &statement.kind {
            let mut values = Vec::new();
            cases.iter().for_each(|case| case.pattern.expressions(&mut values));
            values.into_iter().for_each(|value| literals(value, found));
        }
        walk::blocks(statement, false).into_iter().for_each(|block| statements(program, file, block, found));
    }
}

fn inside(program: &Program, file: u32, expression: &Expr, found: &mut Vec<String>) {
    match &expression.kind {
        ExprKind::Compare(first, rest) => {
            std::iter::once(first.as_ref()).chain(rest.iter().map(|(_, operand)| operand)).for_each(|operand| literals(operand, found));
        }
        ExprKind::Subscript(base, _) => {
            if let ExprKind::Name(name) = &base.kind
                && let Some(Definition::Constant(_, _, Expr { kind: ExprKind::Dict(items), .. })) = program.resolve(file, name)
            {
                items.iter().filter_map(|(key, _)| key.as_ref()).for_each(|key| literals(key, found));
            }
        }
        _ => {}
    }
    walk::children(expression).into_iter().for_each(|child| inside(program, file, child, found));
}

fn literals(expression: &Expr, found: &mut Vec<String>) {
    match &expression.kind {
        ExprKind::Str(text) => found.push(text.clone()),
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| literals(item, found)),
        _ => {}
    }
}
