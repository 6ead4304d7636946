//! `map` and `filter` where something runs over them: each item is computed when the loop comes to it, as in Python.

use crate::comprehension::Clause;
use crate::function::{Typed, Typer};
use crate::objects::Writer;
use crate::resolve::Static;
use hypersonic_syntax::ast::{self, ExprKind, Stmt};

/// A loop that does what one over `map` or `filter` does.
pub(crate) struct Rewritten {
    pub target: ast::Expr,
    pub iter: ast::Expr,
    pub body: Vec<Stmt>,
}

impl Typer<'_, '_> {
    /// `map(...)` and `filter(...)` as generator expressions, everything else as it is.
    pub(crate) fn expanded(&mut self, expr: &ast::Expr) -> Typed<ast::Expr> {
        let Some(made) = self.mapped(expr) else { return Ok(expr.clone()) };
        let (element, clause) = made?;
        let write = Writer { span: expr.span };
        let mut clauses = vec![clause];
        if let ast::Expr { kind: ExprKind::Comprehension { kind: "generator", element, clauses: inner }, .. } =
            self.expanded(&clauses[0].1)?
        {
            // One in the other: each of its items is an item here.
            clauses[0].1 = write.tuple(vec![*element]);
            clauses.splice(0..0, inner);
        }
        Ok(write.expr(ExprKind::Comprehension { kind: "generator", element: Box::new(element), clauses }))
    }

    /// The loop without `map` and `filter`, if there are any in what a `for` runs over.
    pub(crate) fn without_map(&mut self, target: &ast::Expr, iter: &ast::Expr, body: &[Stmt]) -> Option<Typed<Rewritten>> {
        let (element, (item, source, conditions)) = match self.lazy_part(iter)? {
            Ok(found) => found,
            Err(reported) => return Some(Err(reported)),
        };
        let write = Writer { span: iter.span };
        let assign = write.stmt(ast::StmtKind::Assign { targets: vec![target.clone()], value: element });
        let mut body: Vec<Stmt> = std::iter::once(assign).chain(body.iter().cloned()).collect();
        for condition in conditions.into_iter().rev() {
            body = vec![write.choose(condition, body, Vec::new())];
        }
        Some(Ok(Rewritten { target: item, iter: source, body }))
    }

    /// What an iteration gives, and the clause that gives it, without the outermost `map` or `filter`.
    fn lazy_part(&mut self, iter: &ast::Expr) -> Option<Typed<(ast::Expr, Clause)>> {
        let ExprKind::Call(function, arguments, keywords) = &iter.kind else { return None };
        let Some(Static::External(full)) = self.static_of(function) else { return None };
        let write = Writer { span: iter.span };
        let calls = |arguments: Vec<ast::Expr>| write.expr(ExprKind::Call(function.clone(), arguments, keywords.clone()));
        match (full.as_str(), arguments.as_slice()) {
            ("builtins.map" | "builtins.filter", _) => self.mapped(iter),
            ("builtins.enumerate", [inner, start @ ..]) if self.is_map(inner) => {
                let number = write.name(&self.own_name("number"));
                Some(self.lazy_part(inner)?.map(|(element, (item, source, _))| {
                    let inner = std::iter::once(source).chain(start.iter().cloned()).collect();
                    (write.tuple(vec![number.clone(), element]), (write.tuple(vec![number, item]), calls(inner), Vec::new()))
                }))
            }
            // Behind others, since they are asked before the function is called.
            ("builtins.zip", [others @ .., last]) if !others.is_empty() && keywords.is_empty() && self.is_map(last) => {
                let names: Vec<ast::Expr> = others.iter().map(|_| write.name(&self.own_name("item"))).collect();
                Some(self.lazy_part(last)?.map(|(element, (item, source, _))| {
                    let with = |one: ast::Expr| write.tuple(names.iter().cloned().chain([one]).collect());
                    (with(element), (with(item), calls(others.iter().cloned().chain([source]).collect()), Vec::new()))
                }))
            }
            _ => None,
        }
    }

    /// Whether it is `map(...)` or `filter(...)`.
    pub(crate) fn is_lazy(&mut self, expr: &ast::Expr) -> bool {
        let ExprKind::Call(function, ..) = &expr.kind else { return false };
        matches!(self.static_of(function), Some(Static::External(full)) if matches!(full.as_str(), "builtins.map" | "builtins.filter"))
    }

    fn is_map(&mut self, expr: &ast::Expr) -> bool {
        let ExprKind::Call(function, _, keywords) = &expr.kind else { return false };
        keywords.is_empty() && matches!(self.static_of(function), Some(Static::External(full)) if full == "builtins.map")
    }

    /// `map(f, a, b)` as `f(x, y) for x, y in zip(a, b)`, `filter(f, a)` as `x for x in a if f(x)`.
    fn mapped(&mut self, expr: &ast::Expr) -> Option<Typed<(ast::Expr, Clause)>> {
        let ExprKind::Call(function, arguments, keywords) = &expr.kind else { return None };
        let Some(Static::External(full)) = self.static_of(function) else { return None };
        let (name @ ("map" | "filter"), true) = (full.strip_prefix("builtins.")?, keywords.is_empty()) else { return None };
        let write = Writer { span: expr.span };
        let [function, iterables @ ..] = arguments.as_slice() else { return None };
        let items: Vec<String> = iterables.iter().map(|_| self.own_name("item")).collect();
        let names: Vec<ast::Expr> = items.iter().map(|item| write.name(item)).collect();
        let nothing = matches!(function.kind, ExprKind::None);
        let function = match self.callable(function) {
            Ok(function) => function,
            Err(reported) => return Some(Err(reported)),
        };
        Some(Ok(match (name, iterables) {
            ("filter", [iterable]) => {
                let test = if nothing { names[0].clone() } else { write.call(function, names.clone()) };
                (names[0].clone(), (names[0].clone(), iterable.clone(), vec![test]))
            }
            ("map", [iterable]) => (write.call(function, names.clone()), (names[0].clone(), iterable.clone(), Vec::new())),
            ("map", [_, ..]) => {
                let iter = write.call(write.builtin("zip"), iterables.to_vec());
                (write.call(function, names.clone()), (write.tuple(names), iter, Vec::new()))
            }
            _ => return None,
        }))
    }
}
