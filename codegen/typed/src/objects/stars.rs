//! Displays that take the items of something whose length is known at run time only: `[*a, x]`, `(*a, x)`, `{*a, x}`, `{**d, key: value}`.

use super::{Writer, operation};
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, ExprKind};

impl Typer<'_, '_> {
    /// Whether a display takes the items of anything but tuples of known length.
    pub(crate) fn has_open_star(&mut self, items: &[ast::Expr]) -> bool {
        items.iter().any(|item| match &item.kind {
            ExprKind::Starred(inner) => self.is_open(inner),
            _ => false,
        })
    }

    fn is_open(&mut self, inner: &ast::Expr) -> bool {
        if self.runs_once(inner)
            || self.is_lazy(inner)
            || matches!(inner.kind, ExprKind::Comprehension { .. })
            || super::dicts::view_call(inner).is_some()
        {
            return true;
        }
        // What cannot be typed says so where it is evaluated.
        let value = self.probe(|typer| typer.sequence_of(inner));
        value.is_some_and(|value| value.ty.is_object() || matches!(value.ty, Type::Text(_)))
    }

    /// `[*a, x]`: what it holds is learnt as that of an empty list is.
    pub(crate) fn starred_list(&mut self, items: &[ast::Expr], span: Span) -> Typed<Expr> {
        let list = self.empty_container("list", span);
        self.put_all(list, items, ("extend", "append"), span)
    }

    /// `{*a, x}`.
    pub(crate) fn starred_set(&mut self, items: &[ast::Expr], span: Span) -> Typed<Expr> {
        let set = self.empty_container("set", span);
        self.put_all(set, items, ("update", "add"), span)
    }

    /// `(*a, x)`.
    pub(crate) fn starred_tuple(&mut self, items: &[ast::Expr], span: Span) -> Typed<Expr> {
        let list = self.starred_list(items, span)?;
        self.list_as_tuple(list, span)
    }

    fn put_all(&mut self, container: Expr, items: &[ast::Expr], (all, one): (&str, &str), span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let name = self.named("display", container);
        let found = self.diagnostics.len();
        for item in items {
            let (method, value) = match &item.kind {
                ExprKind::Starred(inner) => (all, inner.as_ref()),
                _ => (one, item),
            };
            self.statements(&[write.effect(write.method(write.name(&name), method, vec![value.clone()]))]);
        }
        if self.diagnostics.len() > found { Err(Reported) } else { self.local(&name, span) }
    }

    /// `{**d, key: value}`.
    pub(crate) fn starred_dict(&mut self, items: &[(Option<ast::Expr>, ast::Expr)], span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let dict = self.empty_container("dict", span);
        let name = self.named("display", dict);
        let found = self.diagnostics.len();
        for (key, value) in items {
            let stmt = match key {
                Some(key) => {
                    // The key is evaluated before the value.
                    let wanted = self.own_name("key");
                    self.statements(&[write.assign(&wanted, key.clone())]);
                    write.assign_to(write.item(write.name(&name), write.name(&wanted)), value.clone())
                }
                None => {
                    let given = self.peek(|typer| typer.expression(value));
                    if !matches!(given?.ty.base(), Type::Dict(..)) {
                        return Err(self.unsupported("`**` in a display needs a dict", value.span, "this is none"));
                    }
                    write.effect(write.method(write.name(&name), "update", vec![value.clone()]))
                }
            };
            self.statements(&[stmt]);
        }
        if self.diagnostics.len() > found { Err(Reported) } else { self.local(&name, span) }
    }

    /// `zip(*rows)`: a tuple for each place that all rows have.
    pub(crate) fn zip_of_rows(&mut self, rows: &ast::Expr, span: Span) -> Typed<Expr> {
        let rows = self.list_of(rows, span)?;
        let rows = self.hold(rows);
        let Type::List(row) = rows.ty.clone() else { return Err(Reported) };
        match row.as_ref() {
            Type::List(_) | Type::Sequence(_) | Type::Str => self.helper("columns_of_rows", vec![rows], span),
            Type::Tuple(items) if items.first().is_some_and(|first| items.iter().all(|item| item == first)) => {
                let columns = self.columns_of_tuples(&rows, span)?;
                let list = self.fresh(Type::list(columns.first().map_or(Type::INT, |column| column.ty.clone())), span);
                let some = super::truth_of_length(rows);
                let (then, ()) = self.in_block(|typer| {
                    for column in columns {
                        typer.perform(Op::Append, vec![list.clone(), column], span);
                    }
                });
                self.push(crate::ir::StmtKind::If { test: some, then, otherwise: Vec::new() }, span);
                Ok(list)
            }
            Type::Unknown(_) => {
                self.is_unknown(&row);
                Err(Reported)
            }
            other => {
                let title = format!("`zip(*rows)` of rows of `{other}` is not compiled here");
                Err(self.unsupported(title, span, "compiled where it is unpacked: `a, b = zip(*rows)`"))
            }
        }
    }

    /// `a, b = zip(*rows)` of tuples: the columns as tuples; none if it is something else.
    pub(crate) fn unpacked_zip(&mut self, value: &ast::Expr, targets: usize) -> Option<Typed<Expr>> {
        let ExprKind::Call(function, arguments, keywords) = &value.kind else { return None };
        let ([ast::Expr { kind: ExprKind::Starred(rows), .. }], []) = (arguments.as_slice(), keywords.as_slice()) else { return None };
        let Some(crate::resolve::Static::External(full)) = self.static_of(function) else { return None };
        if full != "builtins.zip" {
            return None;
        }
        let span = value.span;
        Some(self.list_of(rows, span).and_then(|rows| {
            let rows = self.hold(rows);
            let Type::List(row) = rows.ty.clone() else { return Err(Reported) };
            match row.as_ref() {
                Type::Tuple(items) if items.len() == targets => {
                    let none = crate::logic::negation(super::truth_of_length(rows.clone()), span);
                    let message = format!("not enough values to unpack (expected {targets}, got 0)");
                    self.raise_where(none, "ValueError", &message, span);
                    let columns = self.columns_of_tuples(&rows, span)?;
                    Ok(crate::expression::tuple(columns, span))
                }
                _ => {
                    let name = self.named("rows", rows);
                    self.zip_of_rows(&Writer { span }.name(&name), span)
                }
            }
        }))
    }

    /// The columns of a list of tuples of known length, each a tuple.
    fn columns_of_tuples(&mut self, rows: &Expr, span: Span) -> Typed<Vec<Expr>> {
        let write = Writer { span };
        let name = self.named("rows", rows.clone());
        let Type::List(row) = &rows.ty else { return Err(Reported) };
        let Type::Tuple(items) = row.as_ref().clone() else { return Err(Reported) };
        if items.iter().any(|item| self.is_unknown(item)) {
            return Err(Reported);
        }
        let mut columns = Vec::new();
        for (place, item) in items.into_iter().enumerate() {
            let element = Box::new(item);
            let row = self.own_name("row");
            let item = write.item(write.name(&row), write.int(i64::try_from(place).unwrap_or_default()));
            let column = self.fresh(Type::List(element.clone()), span);
            let column_name = self.named("column", column.clone());
            let append = write.effect(write.method(write.name(&column_name), "append", vec![item]));
            self.statements(&[write.each(write.name(&row), write.name(&name), vec![append])]);
            let column = operation(Op::ToTuple, vec![column], Type::Sequence(element), span);
            columns.push(self.hold(column));
        }
        Ok(columns)
    }
}
