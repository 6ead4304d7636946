//! `[a, b]`, `{a, b}`, `{a: b}`, and the empty ones.

use super::{operation, stored_type};
use crate::function::{Typed, Typer};
use crate::ir::{Expr, StmtKind};
use crate::unify::unify_element;
use hypersonic_abi::object::{Op, combine};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Special, Type};
use hypersonic_syntax::ast;

/// How the table of a set is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// One element after the other.
    OneByOne,
    /// As a frozenset that is known when CPython compiles.
    Frozen,
    /// By such a frozenset.
    Merged,
}

impl Typer<'_, '_> {
    /// A fresh container, in a variable.
    pub(crate) fn fresh(&mut self, ty: Type, span: Span) -> Expr {
        self.hold(operation(Op::New, Vec::new(), ty, span))
    }

    /// `[items]`.
    pub(crate) fn list_display(&mut self, items: &[ast::Expr], span: Span) -> Typed<Expr> {
        if self.has_open_star(items) {
            return self.starred_list(items, span);
        }
        let values = self.values(items, Self::value)?;
        self.list_of_values(values, span)
    }

    /// A list of these values.
    pub(crate) fn list_of_values(&mut self, values: Vec<Expr>, span: Span) -> Typed<Expr> {
        let element = self.common(&values, 0, "a list", span)?;
        let values: Vec<Expr> = values.into_iter().map(|value| self.hold(value)).collect();
        let list = self.fresh(Type::list(element.clone()), span);
        for value in values {
            let value = self.element(value, &element, "a list")?;
            self.perform(Op::Append, vec![list.clone(), value], span);
        }
        Ok(list)
    }

    /// `{items}`, of constants or not.
    pub(crate) fn set_display(&mut self, items: &[ast::Expr], run_over: bool, span: Span) -> Typed<Expr> {
        if self.has_open_star(items) {
            return self.starred_set(items, span);
        }
        let how = super::constant_set::filled(items, run_over);
        self.set_filled(items, how, span)
    }

    /// `{items}`, filled in that way.
    pub(crate) fn set_filled(&mut self, items: &[ast::Expr], how: Filled, span: Span) -> Typed<Expr> {
        let values = self.values(items, Self::value)?;
        let element = self.common(&values, 0, "a set", span)?;
        self.require_set_element(&element, span)?;
        self.require_order(&values, how, span)?;
        let values: Vec<Expr> = values.into_iter().map(|value| self.hold(value)).collect();
        let set = self.fresh(Type::Set(Box::new(element.clone())), span);
        for value in values {
            let value = self.element(value, &element, "a set")?;
            self.perform(Op::Add, vec![set.clone(), value], span);
        }
        if how == Filled::Merged {
            let merged = self.fresh(set.ty.clone(), span);
            self.perform(Op::Update, vec![merged.clone(), set, super::sets::how(combine::UNION, span)], span);
            return Ok(merged);
        }
        Ok(set)
    }

    /// `{key: value}`.
    pub(crate) fn dict_display(&mut self, items: &[(Option<ast::Expr>, ast::Expr)], span: Span) -> Typed<Expr> {
        let mut pairs = Vec::new();
        for (key, value) in items {
            let Some(key) = key else { return self.starred_dict(items, span) };
            let key = self.entity(key)?;
            let key = self.hold(key);
            let value = self.value(value)?;
            pairs.push((key, self.hold(value)));
        }
        let (keys, values): (Vec<Expr>, Vec<Expr>) = pairs.into_iter().unzip();
        let key = self.common(&keys, 0, "a dict", span)?;
        let value = self.common(&values, 1, "a dict", span)?;
        self.require_hashable(&key, span)?;
        let dict = self.fresh(Type::Dict(Box::new(key.clone()), Box::new(value.clone())), span);
        for (k, v) in keys.into_iter().zip(values) {
            let k = self.element(k, &key, "a dict with keys")?;
            let v = self.element(v, &value, "a dict with values")?;
            self.perform(Op::Set, vec![dict.clone(), k, v], span);
        }
        Ok(dict)
    }

    /// The one type of values that become elements of the container made at `span`.
    fn common(&mut self, values: &[Expr], which: u8, container: &str, span: Span) -> Typed<Type> {
        let Some(first) = values.first() else { return Ok(self.element_type_at(span, which)) };
        let mut common = stored_type(&first.ty);
        for value in &values[1..] {
            let ty = stored_type(&value.ty);
            let Some(both) = unify_element(&common, &ty) else {
                let (common, ty) = super::told_apart(&common, &ty);
                let title = format!("{container} holds {common} and {ty}");
                let diagnostic = Diagnostic::new(Id::TypeConflict, title, value.span, format!("this is {ty}"));
                return Err(self.report(diagnostic.with_hint("compiled containers hold values of one type; a tuple may hold several")));
            };
            common = both;
        }
        if common == Type::None {
            // `[None] * n` has places for values that come later.
            return Ok(Type::Optional(Box::new(self.element_type_at(span, which))));
        }
        if matches!(common, Type::Function(_) | Type::Callable(..) | Type::DtypeValue(..)) {
            let title = format!("{container} of `{common}` is not compiled");
            return Err(self.unsupported(title, span, "made here"));
        }
        Ok(common)
    }

    /// Elements of sets and keys of dicts have a hash.
    pub(crate) fn require_hashable(&mut self, ty: &Type, span: Span) -> Typed<()> {
        if let Some(class) = crate::records::object_in(ty) {
            let title = format!("objects of `{class}` in sets, and as keys of dicts, are not compiled");
            return Err(self.unsupported(title, span, "hashed here"));
        }
        let bad = ty.any(|part| match part {
            Type::Special(special, _) => !matches!(special, Special::FrozenSet | Special::Bytes),
            other => matches!(other, Type::Array(..) | Type::List(_) | Type::Set(_) | Type::Dict(..)),
        });
        if bad { Err(self.type_error(format!("unhashable type: `{ty}`"), span, "in a set, or as a key of a dict")) } else { Ok(()) }
    }

    /// The same for the elements of a set, whose order must be Python's.
    pub(crate) fn require_set_element(&mut self, ty: &Type, span: Span) -> Typed<()> {
        self.require_hashable(ty, span)
    }

    /// An empty container of that builtin: `list()`, `set()`, `dict()`.
    pub(crate) fn empty_container(&mut self, name: &str, span: Span) -> Expr {
        let element = self.element_type_at(span, 0);
        let ty = match name {
            "list" => Type::list(element),
            "set" => Type::Set(Box::new(element)),
            _ => Type::Dict(Box::new(element), Box::new(self.element_type_at(span, 1))),
        };
        self.fresh(ty, span)
    }

    /// Says what the elements of an empty container are: `x: list[float] = []`.
    pub(crate) fn hint(&mut self, value: &Expr, annotation: &Type, span: Span) {
        if value.ty.any(|part| matches!(part, Type::Unknown(_))) && unify_element(&value.ty, annotation).is_some() {
            self.learn(&value.ty, annotation, span);
        }
    }

    /// Evaluates a value for its effect only.
    pub(crate) fn discard(&mut self, value: Expr, span: Span) {
        self.push(StmtKind::Expr(value), span);
    }
}
