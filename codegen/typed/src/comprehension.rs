//! Comprehensions that need no list: `sum`, `min`, `max`, `any`, `all` of a generator become loops, `tuple` of one is
//! unrolled. Their variables have names of their own, as in Python.

use crate::expression::tuple;
use crate::function::{Typed, Typer};
use crate::ir::Expr;
use crate::library;
use crate::logic::constant_bool;
use crate::objects::Writer;
use crate::resolve::Static;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_syntax::ast::{self, BinaryOp, CompareOp, ExprKind, Stmt, StmtKind};
use std::collections::BTreeSet;

/// `for target in iter if conditions`.
pub(crate) type Clause = (ast::Expr, ast::Expr, Vec<ast::Expr>);
type Keywords = [(Option<String>, ast::Expr)];

impl Typer<'_, '_> {
    /// `tuple(element for target in iter)` over something of known length.
    fn tuple_of_comprehension(&mut self, element: &ast::Expr, clauses: &[Clause], span: Span) -> Typed<Expr> {
        let [(target, iter, conditions)] = clauses else {
            return Err(self.unsupported("a comprehension with several `for` is not compiled here", span, "more than one `for`"));
        };
        let iterable = self.iterable(iter)?;
        let Some(source) = self.unrolled_items(&iterable, true) else {
            let diagnostic = Diagnostic::new(
                Id::UnsupportedExpression,
                "the length of the result is not known at build time",
                iter.span,
                "not a tuple or constant range",
            );
            return Err(self.report(diagnostic.with_hint("fill an array in a loop")));
        };
        let mut items: Vec<Expr> = Vec::with_capacity(source.len());
        for item in source {
            self.loop_heads.clear();
            let mark = self.block.len();
            let depth = self.rename(target);
            let typed = self.comprehension_item(target, item, conditions, element);
            self.renames.truncate(depth);
            let typed = typed?;
            if self.block.len() > mark {
                self.keep_all_in_order(&mut items, mark);
            }
            items.extend(typed);
        }
        Ok(tuple(items, span))
    }

    /// `[element for ...]` as an argument: a tuple where its length is known, as that needs no memory, else a list.
    pub(crate) fn sequence_of_comprehension(&mut self, element: &ast::Expr, clauses: &[Clause], span: Span) -> Typed<Expr> {
        let all = matches!(clauses, [(_, _, conditions)] if conditions.is_empty());
        match if all { self.known_tuple(element, clauses, span) } else { None } {
            Some(items) => Ok(items),
            None => self.container_comprehension("list", element, clauses, span),
        }
    }

    /// `tuple(element for ...)`: of any length if that is not known.
    pub(crate) fn tuple_from_comprehension(&mut self, element: &ast::Expr, clauses: &[Clause], span: Span) -> Typed<Expr> {
        match self.known_tuple(element, clauses, span) {
            Some(items) => Ok(items),
            None => {
                let list = self.container_comprehension("list", element, clauses, span)?;
                self.list_as_tuple(list, span)
            }
        }
    }

    /// What a comprehension gives, if its length is known.
    fn known_tuple(&mut self, element: &ast::Expr, clauses: &[Clause], span: Span) -> Option<Expr> {
        let (mark, found, environment) = (self.block.len(), self.diagnostics.len(), self.environment.clone());
        if let Ok(items) = self.tuple_of_comprehension(element, clauses, span) {
            return Some(items);
        }
        self.block.truncate(mark);
        self.diagnostics.truncate(found);
        self.environment = environment;
        None
    }

    fn comprehension_item(&mut self, target: &ast::Expr, item: Expr, conditions: &[ast::Expr], element: &ast::Expr) -> Typed<Option<Expr>> {
        self.assign(target, item)?;
        for condition in conditions {
            let test = self.test(condition)?;
            match constant_bool(&test) {
                Some(true) => {}
                Some(false) => return Ok(None),
                None => {
                    let title = "which items the comprehension keeps is not known at build time";
                    return Err(self.unsupported(title, condition.span, "decided at run time"));
                }
            }
        }
        self.entity(element).map(Some)
    }

    /// Gives the names of a comprehension's target names of their own; the number of renames before.
    pub(crate) fn rename(&mut self, target: &ast::Expr) -> usize {
        let depth = self.renames.len();
        let mut names = BTreeSet::new();
        crate::names::pattern(target, &mut names);
        for name in names {
            let bound = self.fresh_name(&format!("{name}."));
            self.renames.push((name, bound));
        }
        depth
    }

    /// `sum(...)` and so on if the argument is a comprehension or something that only a loop can run over.
    pub(crate) fn reduction_of_iterable(
        &mut self,
        name: &str,
        argument: &ast::Expr,
        more: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Option<Typed<Expr>> {
        let lazily = match &argument.kind {
            ExprKind::Comprehension { .. } => None,
            _ if more.is_empty() && self.is_generator(argument) => {
                let item = ast::Expr { span, kind: ExprKind::Name(".item".to_owned()) };
                Some((item.clone(), vec![(item, argument.clone(), Vec::new())]))
            }
            ExprKind::Call(function, ..) if more.is_empty() => match self.static_of(function) {
                Some(Static::External(full))
                    if matches!(full.as_str(), "builtins.range" | "hypersonic.prange" | "builtins.zip" | "builtins.reversed") =>
                {
                    let item = ast::Expr { span, kind: ExprKind::Name(".item".to_owned()) };
                    Some((item.clone(), vec![(item, argument.clone(), Vec::new())]))
                }
                _ => return None,
            },
            _ => return None,
        };
        let (element, clauses) = match (&lazily, &argument.kind) {
            (Some((element, clauses)), _) => (element, clauses.as_slice()),
            (None, ExprKind::Comprehension { kind: "list" | "generator", element, clauses }) => (element.as_ref(), clauses.as_slice()),
            _ => return None,
        };
        let start = match (name, more, keywords) {
            (_, [], []) => None,
            ("sum", [start], []) => Some(start),
            ("sum", [], [(Some(keyword), start)]) if keyword == "start" => Some(start),
            _ => {
                let title = format!("this form of `{name}` is not compiled");
                return Some(Err(self.report(Diagnostic::new(Id::UnsupportedCall, title, span, "more than one argument"))));
            }
        };
        // A list is made to its end before it is looked at.
        let early = !matches!(argument.kind, ExprKind::Comprehension { kind: "list", .. });
        Some(self.reduce(name, element, clauses, start, early, span))
    }

    pub(crate) fn reduce(
        &mut self,
        name: &str,
        element: &ast::Expr,
        clauses: &[Clause],
        start: Option<&ast::Expr>,
        early: bool,
        span: Span,
    ) -> Typed<Expr> {
        let outer = self.renames.len();
        for (target, ..) in clauses {
            self.rename(target);
        }
        // The loops are written as Python and typed like any other.
        let write = Writer { span };
        let result = self.own_name(name);
        let (before, innermost, empty) = match name {
            "sum" => {
                let start = start.cloned().unwrap_or_else(|| write.expr(ExprKind::Int(Some(0), "0".to_owned())));
                let add = ExprKind::Binary(BinaryOp::Add, Box::new(write.name(&result)), Box::new(element.clone()));
                (vec![write.assign(&result, start)], vec![write.assign(&result, write.expr(add))], None)
            }
            "any" | "all" => {
                let any = name == "any";
                let test = if any { element.clone() } else { write.not(element.clone()) };
                let mut found = vec![write.assign(&result, write.expr(ExprKind::Bool(any)))];
                if early {
                    found.push(write.stmt(StmtKind::Break));
                }
                (vec![write.assign(&result, write.expr(ExprKind::Bool(!any)))], vec![write.choose(test, found, Vec::new())], None)
            }
            _ => {
                let (empty, item) = (self.own_name("empty"), self.own_name("item"));
                let op = if name == "min" { CompareOp::Less } else { CompareOp::Greater };
                let better = ExprKind::Compare(Box::new(write.name(&item)), vec![(op, write.name(&result))]);
                let first = vec![write.assign(&result, write.name(&item)), write.assign(&empty, write.expr(ExprKind::Bool(false)))];
                let otherwise = vec![write.choose(write.expr(better), vec![write.assign(&result, write.name(&item))], Vec::new())];
                let body = vec![write.assign(&item, element.clone()), write.choose(write.name(&empty), first, otherwise)];
                (vec![write.assign(&empty, write.expr(ExprKind::Bool(true)))], body, Some(empty))
            }
        };
        let found = self.diagnostics.len();
        self.statements(&before);
        let loops =
            nest(&write, clauses, innermost, (early && (name == "any" || name == "all")).then_some((result.as_str(), name == "any")));
        self.statements(&loops);
        self.renames.truncate(outer);
        if self.diagnostics.len() > found {
            return Err(crate::function::Reported);
        }
        if let Some(empty) = empty {
            let test = self.local(&empty, span)?;
            library::refuse_empty(self, test, name, span);
        }
        let value = self.local(&result, span)?;
        self.environment.remove(&result);
        Ok(value)
    }

    /// A name of our own that counts as local.
    pub(crate) fn own_name(&mut self, what: &str) -> String {
        let name = self.fresh_name(what);
        self.locals.insert(name.clone());
        name
    }
}

/// The loops of the clauses around the innermost statements. Where one loop is left early, so are those around it.
pub(crate) fn nest(write: &Writer, clauses: &[Clause], innermost: Vec<Stmt>, early: Option<(&str, bool)>) -> Vec<Stmt> {
    let mut body = innermost;
    for (n, (target, iter, conditions)) in clauses.iter().enumerate().rev() {
        for condition in conditions.iter().rev() {
            body = vec![write.choose(condition.clone(), body, Vec::new())];
        }
        body = vec![write.stmt(StmtKind::For { target: target.clone(), iter: iter.clone(), body, orelse: Vec::new() })];
        if let (Some((result, any)), true) = (early, n > 0) {
            let done = if any { write.name(result) } else { write.not(write.name(result)) };
            body.push(write.choose(done, vec![write.stmt(StmtKind::Break)], Vec::new()));
        }
    }
    body
}
