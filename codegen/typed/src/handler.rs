//! What a handler takes, and what it may do with the exception: raise it again, and name it as the cause of another. The object itself is
//! Python's: a statement that does more with it leaves the call to Python.

use crate::exceptions::{is_exception, taken_by};
use crate::function::{Reported, Typed, Typer};
use crate::ir::StmtKind;
use crate::resolve::{Static, short};
use crate::scope::Binding;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_scan::Definition;
use hypersonic_syntax::ast;

impl Typer<'_, '_> {
    /// The classes that a handler takes, subclasses written out; none if it takes all.
    pub(crate) fn taken_classes(&mut self, class: &ast::Expr) -> Typed<Option<Vec<String>>> {
        if let ast::ExprKind::Tuple(items) = &class.kind {
            let mut all = Some(Vec::new());
            for item in items {
                all = match (all, self.taken_classes(item)?) {
                    (Some(mut all), Some(more)) => {
                        all.extend(more);
                        Some(all)
                    }
                    _ => None,
                };
            }
            return Ok(all);
        }
        if let ast::ExprKind::Name(_) | ast::ExprKind::Attribute(..) = class.kind
            && hypersonic_scan::names_of(class).iter().all(|name| !self.is_local(name))
            && let Some(Definition::Class(file, found)) = self.unit.program.resolve_expression(self.file, class)
        {
            // A class of the package: nothing compiled raises it, and what is compiled raises no subclass of it.
            self.unit.note_piece(file, &found.name);
            return Ok(Some(Vec::new()));
        }
        match self.static_of(class) {
            Some(Static::External(full)) if full == "builtins.BaseException" => Ok(None),
            Some(Static::External(full)) if is_exception(short(&full)) => Ok(Some(taken_by(short(&full)))),
            Some(Static::Constant(file, piece, value)) => {
                self.unit.depends.insert((file, piece.clone()));
                let outer = std::mem::replace(&mut self.file, file);
                self.constants.push((file, piece));
                let classes = self.nested(class.span, |typer| typer.taken_classes(&value));
                self.constants.pop();
                self.file = outer;
                classes
            }
            _ => {
                let title = "which exceptions the handler takes is not known at build time";
                let label = format!("`{}` is none of Python's exceptions, and no class of the package", self.source(class));
                let diagnostic = Diagnostic::new(Id::UnsupportedHandler, title, class.span, label);
                Err(self.report(diagnostic.with_hint("name Python's own exceptions, such as `ValueError`, or a tuple of them")))
            }
        }
    }

    /// `raise` without an exception, and `raise e` for the exception that a handler has taken.
    pub(crate) fn raise_again(&mut self, exception: Option<&ast::Expr>, span: Span) -> Option<Typed<()>> {
        let id = match exception {
            None => match self.attempts.handling.last() {
                Some(id) => *id,
                None => {
                    let title = "`raise` alone stands in no handler";
                    let hint = "name the exception, or write it in the `except` that has taken it";
                    return Some(Err(self.refused(title, span, "no exception is being handled here", hint)));
                }
            },
            Some(expr) => self.exception_of(expr)?,
        };
        self.push(StmtKind::Reraise(id), span);
        Some(Ok(()))
    }

    /// The `Try` whose exception a name stands for.
    pub(crate) fn exception_of(&self, expr: &ast::Expr) -> Option<u32> {
        let ast::ExprKind::Name(name) = &expr.kind else { return None };
        match self.environment.get(&self.bound_name(name)) {
            Some(Binding::Exception(id)) if self.is_local(name) => Some(*id),
            _ => None,
        }
    }

    /// Where a statement does more with a caught exception than raise it again: only Python has the object.
    pub(crate) fn needs_exception(&self, stmt: &ast::Stmt) -> bool {
        if !self.environment.values().any(|binding| matches!(binding, Binding::Exception(_))) {
            return false;
        }
        let raises_it = |part: &ast::Expr| matches!(stmt.kind, ast::StmtKind::Raise { .. }) && self.exception_of(part).is_some();
        heads(stmt).into_iter().filter(|part| !raises_it(part)).any(|part| {
            hypersonic_scan::names_of(part)
                .iter()
                .any(|name| self.is_local(name) && matches!(self.environment.get(&self.bound_name(name)), Some(Binding::Exception(_))))
        })
    }

    /// The exception itself as a value.
    pub(crate) fn exception_as_value(&mut self, name: &str, span: Span) -> Reported {
        let title = format!("the exception `{name}` is used as a value here");
        let diagnostic = Diagnostic::new(Id::UnsupportedHandler, title, span, "only Python has the object");
        self.report(diagnostic.with_hint("raise it again, or use it in a statement of its own"))
    }
}

/// The expressions of a statement that are not in blocks of it.
fn heads(stmt: &ast::Stmt) -> Vec<&ast::Expr> {
    use ast::StmtKind as Kind;
    match &stmt.kind {
        Kind::Assign { targets, value } => targets.iter().chain([value]).collect(),
        Kind::AugAssign { target, value, .. } => vec![target, value],
        Kind::AnnAssign { value, .. } | Kind::Return(value) => value.iter().collect(),
        Kind::For { iter, .. } => vec![iter],
        Kind::While { test, .. } | Kind::If { test, .. } => vec![test],
        Kind::Raise { exc, cause } => exc.iter().chain(cause).collect(),
        Kind::Assert { test, message } => std::iter::once(test).chain(message).collect(),
        Kind::Expr(value) => vec![value],
        Kind::Match { subject, .. } => vec![subject],
        Kind::With { items, .. } => items.iter().map(|(context, _)| context).collect(),
        _ => Vec::new(),
    }
}
