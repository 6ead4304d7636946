//! Tuples whose length is known at run time only: what `tuple(...)` makes of lists, arrays and everything else that is run over.

use super::operation;
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use crate::unify::unify_element;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast;

impl Typer<'_, '_> {
    /// `tuple(iterable)` where the length is not known at build time.
    pub(crate) fn tuple_of_any_length(&mut self, iterable: &ast::Expr, span: Span) -> Typed<Expr> {
        let value = self.list_of(iterable, span)?;
        self.list_as_tuple(value, span)
    }

    /// The tuple of a list's elements.
    pub(crate) fn list_as_tuple(&mut self, list: Expr, span: Span) -> Typed<Expr> {
        let Type::List(element) = list.ty.clone() else { return Err(Reported) };
        if self.is_unknown(&element) {
            return Err(Reported);
        }
        Ok(operation(Op::ToTuple, vec![list], Type::Sequence(element), span))
    }

    /// A tuple of known length beside one of any length becomes one of any length, if it can.
    pub(crate) fn both_of_any_length(&mut self, left: Expr, right: Expr) -> Typed<(Expr, Expr)> {
        match (&left.ty, &right.ty) {
            (Type::Sequence(element), Type::Tuple(items)) if fits(items, element) => {
                let element = element.as_ref().clone();
                let left = self.hold(left);
                Ok((left, self.as_sequence(right, &element)?))
            }
            (Type::Tuple(items), Type::Sequence(element)) if fits(items, element) => {
                let element = element.as_ref().clone();
                Ok((self.as_sequence(left, &element)?, right))
            }
            _ => Ok((left, right)),
        }
    }

    /// A tuple of known length as one of any length, if its items are of that type.
    pub(crate) fn as_sequence(&mut self, value: Expr, element: &Type) -> Typed<Expr> {
        let span = value.span;
        let items = self.tuple_items(value).map_err(|_| Reported)?;
        let list = self.fresh(Type::list(element.clone()), span);
        for item in items {
            let item = self.hold(item);
            let item = self.element(item, element, "a tuple")?;
            self.perform(Op::Append, vec![list.clone(), item], span);
        }
        Ok(operation(Op::ToTuple, vec![list], Type::Sequence(Box::new(element.clone())), span))
    }
}

/// Whether a tuple of known length can be one of any length with such elements.
pub(crate) fn fits(items: &[Type], element: &Type) -> bool {
    items.iter().all(|item| unify_element(item, element).as_ref() == Some(element))
}
