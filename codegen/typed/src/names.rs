//! Which names a piece of code sets: Python's rule for what is local, and what a loop may change.

use hypersonic_syntax::ast::{Expr, ExprKind, Stmt, StmtKind};
use std::collections::BTreeSet;

/// Adds every name that the statements set.
pub(crate) fn assigned(body: &[Stmt], names: &mut BTreeSet<String>) {
    for stmt in body {
        assigned_by(stmt, names);
    }
}

fn assigned_by(stmt: &Stmt, names: &mut BTreeSet<String>) {
    match &stmt.kind {
        StmtKind::FunctionDef(definition) => {
            names.insert(definition.name.clone());
        }
        StmtKind::ClassDef(class) => {
            names.insert(class.name.clone());
        }
        StmtKind::Assign { targets, value } => {
            targets.iter().for_each(|target| pattern(target, names));
            targets.iter().chain([value]).for_each(|part| walruses(part, names));
        }
        StmtKind::AugAssign { target, value, .. } => {
            pattern(target, names);
            walruses(value, names);
        }
        StmtKind::AnnAssign { target, value, .. } => {
            pattern(target, names);
            value.iter().for_each(|value| walruses(value, names));
        }
        StmtKind::For { target, iter, body, orelse } => {
            pattern(target, names);
            walruses(iter, names);
            assigned(body, names);
            assigned(orelse, names);
        }
        StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
            walruses(test, names);
            assigned(body, names);
            assigned(orelse, names);
        }
        StmtKind::Return(Some(value)) | StmtKind::Expr(value) => walruses(value, names),
        StmtKind::Assert { test, .. } => walruses(test, names),
        StmtKind::Import(items) => {
            for (module, alias) in items {
                let first = module.split('.').next().unwrap_or_default();
                names.insert(alias.clone().unwrap_or_else(|| first.to_owned()));
            }
        }
        StmtKind::ImportFrom { names: items, .. } => {
            for (name, alias) in items {
                names.insert(alias.clone().unwrap_or_else(|| name.clone()));
            }
        }
        StmtKind::Delete(targets) => targets.iter().for_each(|target| pattern(target, names)),
        StmtKind::With { items, body } => {
            items.iter().filter_map(|(_, target)| target.as_ref()).for_each(|target| pattern(target, names));
            assigned(body, names);
        }
        StmtKind::Try { body, handlers, orelse, finalbody } => {
            assigned(body, names);
            for (_, name, body) in handlers {
                names.extend(name.clone());
                assigned(body, names);
            }
            assigned(orelse, names);
            assigned(finalbody, names);
        }
        StmtKind::Match { subject, cases } => {
            walruses(subject, names);
            for case in cases {
                let mut bound = Vec::new();
                case.pattern.names(&mut bound);
                names.extend(bound);
                case.guard.iter().for_each(|guard| walruses(guard, names));
                assigned(&case.body, names);
            }
        }
        _ => {}
    }
}

/// Adds the names that an assignment to this pattern sets. Subscripts and attributes set no name.
pub(crate) fn pattern(target: &Expr, names: &mut BTreeSet<String>) {
    match &target.kind {
        ExprKind::Name(name) => {
            names.insert(name.clone());
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| pattern(item, names)),
        ExprKind::Starred(inner) => pattern(inner, names),
        _ => {}
    }
}

/// Adds the names that `:=` sets inside an expression.
pub(crate) fn walruses(value: &Expr, names: &mut BTreeSet<String>) {
    let mut each = |items: &[Expr]| items.iter().for_each(|item| walruses(item, names));
    match &value.kind {
        ExprKind::Walrus(name, inner) => {
            walruses(inner, names);
            names.insert(name.clone());
        }
        ExprKind::Attribute(inner, _) | ExprKind::Unary(_, inner) | ExprKind::Starred(inner) => walruses(inner, names),
        ExprKind::Subscript(a, b) | ExprKind::Binary(_, a, b) => {
            walruses(a, names);
            walruses(b, names);
        }
        ExprKind::Call(function, arguments, keywords) => {
            each(arguments);
            walruses(function, names);
            keywords.iter().for_each(|(_, value)| walruses(value, names));
        }
        ExprKind::Logic(_, items) | ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => each(items),
        ExprKind::Dict(items) => items.iter().for_each(|(key, value)| key.iter().chain([value]).for_each(|item| walruses(item, names))),
        ExprKind::Compare(first, rest) => {
            walruses(first, names);
            rest.iter().for_each(|(_, value)| walruses(value, names));
        }
        ExprKind::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|item| walruses(item, names)),
        ExprKind::Slice(a, b, c) => [a, b, c].into_iter().flatten().for_each(|item| walruses(item, names)),
        ExprKind::Comprehension { element, clauses, .. } => {
            walruses(element, names);
            clauses.iter().for_each(|(_, iter, conditions)| {
                walruses(iter, names);
                conditions.iter().for_each(|condition| walruses(condition, names));
            });
        }
        _ => {}
    }
}
