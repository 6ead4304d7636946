//! `list.sort`, `sorted`, and `min` and `max` with a key.

use super::{Writer, operation};
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use crate::objects::operate::is_ordered;
use crate::resolve::{bool_constant, int_constant};
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, CompareOp, ExprKind};

impl Typer<'_, '_> {
    /// `list.sort(key=..., reverse=...)`.
    pub(super) fn sort_method(&mut self, list: Expr, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        if !arguments.is_empty() {
            return Err(self.type_error("`sort` takes no positional arguments", span, "given here"));
        }
        self.sort_in_place(list, keywords, span)?;
        Ok(self.none(span))
    }

    /// `sorted(iterable, key=..., reverse=...)`.
    pub(crate) fn sorted(&mut self, iterable: &ast::Expr, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let list = self.list_of(iterable, span)?;
        let list = self.hold(list);
        self.sort_in_place(list.clone(), keywords, span)?;
        Ok(list)
    }

    fn sort_in_place(&mut self, list: Expr, keywords: &Keywords, span: Span) -> Typed<()> {
        let mut keys = int_constant(0, span);
        let mut reverse = bool_constant(false, span);
        let Type::List(element) = &list.ty else { return Err(Reported) };
        let mut compared = element.as_ref().clone();
        for (name, value) in keywords {
            match (name.as_deref(), &value.kind) {
                (Some("key"), ExprKind::None) => {}
                (Some("key"), _) => {
                    // What a key function does to the list is not seen while the keys are made, and not accepted after.
                    let copy = operation(Op::Copy, vec![list.clone()], list.ty.clone(), span);
                    let name = self.named("sorted", copy);
                    let size = super::length(list.clone(), span);
                    let size = self.named("size", size);
                    let now = self.named("now", list.clone());
                    let list = self.keys_of(&name, value, span)?;
                    let list = self.hold(list);
                    let write = Writer { span };
                    let changed =
                        write.compare(CompareOp::NotEqual, write.call(write.builtin("len"), vec![write.name(&now)]), write.name(&size));
                    self.raise_if(&changed, "ValueError", "list modified during sort", span)?;
                    if let Type::List(element) = &list.ty {
                        compared = element.as_ref().clone();
                    }
                    keys = self.hold(list);
                }
                (Some("reverse"), _) => {
                    reverse = self.test(value)?;
                    reverse = self.hold(reverse);
                }
                _ => return Err(self.type_error("`sort` takes `key` and `reverse`", value.span, "given here")),
            }
        }
        if !is_ordered(&compared) {
            return Err(self.type_error(format!("values of `{compared}` have no order"), span, "sorted here"));
        }
        self.perform(Op::Sort, vec![list, keys, reverse], span);
        Ok(())
    }

    /// `[key(item) for item in list]`.
    fn keys_of(&mut self, list: &str, key: &ast::Expr, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let (item, function) = (self.own_name("item"), self.callable(key)?);
        let element = write.call(function, vec![write.name(&item)]);
        let clauses = [(write.name(&item), write.name(list), Vec::new())];
        self.container_comprehension("list", &element, &clauses, span)
    }

    /// Something that can be called several times: a lambda gets a name.
    pub(crate) fn callable(&mut self, function: &ast::Expr) -> Typed<ast::Expr> {
        let ExprKind::Lambda(definition) = &function.kind else { return Ok(function.clone()) };
        let name = self.own_name("function");
        self.define_function(&name, definition)?;
        Ok(Writer { span: function.span }.name(&name))
    }

    /// `min(iterable, key=..., default=...)` and `max`: the first of equals.
    pub(crate) fn best(&mut self, name: &str, iterable: &ast::Expr, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let (mut key, mut default) = (None, None);
        for (keyword, value) in keywords {
            match keyword.as_deref() {
                Some("key") => key = (!matches!(value.kind, ExprKind::None)).then(|| value.clone()),
                Some("default") => {
                    let value = self.entity(value)?;
                    default = Some(self.named("default", value));
                }
                _ => return Err(self.type_error(format!("`{name}` takes `key` and `default`"), value.span, "given here")),
            }
        }
        let key = key.map(|key| self.callable(&key)).transpose()?;
        let (item, found, best, rank, here) =
            (self.own_name("item"), self.own_name("found"), self.own_name("best"), self.own_name("rank"), self.own_name("here"));
        let ranked = key.map_or_else(|| write.name(&item), |key| write.call(key, vec![write.name(&item)]));
        let op = if name == "min" { CompareOp::Less } else { CompareOp::Greater };
        let take = vec![
            write.assign(&best, write.name(&item)),
            write.assign(&rank, write.name(&here)),
            write.assign(&found, write.expr(ExprKind::Bool(true))),
        ];
        let better = write.compare(op, write.name(&here), write.name(&rank));
        let body =
            vec![write.assign(&here, ranked), write.choose(write.name(&found), vec![write.choose(better, take.clone(), Vec::new())], take)];
        let errors = self.diagnostics.len();
        self.statements(&[write.assign(&found, write.expr(ExprKind::Bool(false))), write.each(write.name(&item), iterable.clone(), body)]);
        if self.diagnostics.len() > errors {
            return Err(Reported);
        }
        match default {
            Some(default) => self.conditional(&write.name(&found), &write.name(&best), &write.name(&default), span),
            None => {
                let message = format!("{name}() iterable argument is empty");
                self.raise_if(&write.not(write.name(&found)), "ValueError", &message, span)?;
                self.local(&best, span)
            }
        }
    }
}
