//! `case {"x": x, **rest}`: each key is looked up, as `get` does; what else the dict holds does not matter.

use super::{Asked, comparable};
use crate::function::{Typed, Typer};
use crate::logic::constant_bool;
use crate::objects::Writer;
use crate::resolve::bool_constant;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, BoolOp, CompareOp, Pattern};

impl Typer<'_, '_> {
    /// A pattern for the entries of a dict.
    pub(super) fn mapping(&mut self, items: &[(ast::Expr, Pattern)], rest: Option<&str>, place: &ast::Expr, span: Span) -> Typed<Asked> {
        let value = self.argument(place)?;
        let Type::Dict(held, _) = value.ty.base().clone() else {
            if matches!(value.ty, Type::Optional(_)) {
                return Err(self.refused("a mapping pattern of a value that may be `None`", span, "not compiled", "ask `is None` before"));
            }
            // Nothing else that is compiled is a mapping to `match`.
            return Ok(Asked::never(span));
        };
        let write = Writer { span };
        let mut test = bool_constant(true, span);
        let mut binds = Vec::new();
        for (key, pattern) in items {
            let known = self.argument(key)?;
            if comparable(&held) != comparable(&known.ty) {
                return Ok(Asked::never(span));
            }
            let item = write.item(place.clone(), key.clone());
            let (block, inner) = self.in_choice(true, span, |typer| {
                let there = typer.test(&write.compare(CompareOp::In, key.clone(), place.clone()))?;
                let (block, inner) = typer.in_choice(true, span, |typer| typer.nested(span, |typer| typer.pattern(pattern, &item)));
                let inner = inner?;
                let test = match constant_bool(&inner.test) {
                    Some(true) => there,
                    _ => typer.short_circuit(BoolOp::And, there, block, inner.test, span),
                };
                Ok(Asked { test, binds: inner.binds })
            });
            let inner = inner?;
            binds.extend(inner.binds);
            test = match constant_bool(&test) {
                Some(true) => {
                    self.block.extend(block);
                    inner.test
                }
                _ => self.short_circuit(BoolOp::And, test, block, inner.test, span),
            };
        }
        if let Some(rest) = rest {
            binds.push((rest.to_owned(), self.others(items, place, span)));
        }
        Ok(Asked { test, binds })
    }

    /// A dict of the entries with other keys.
    fn others(&mut self, items: &[(ast::Expr, Pattern)], place: &ast::Expr, span: Span) -> ast::Expr {
        let write = Writer { span };
        let (key, value) = (self.own_name("key"), self.own_name("value"));
        let pair = write.tuple(vec![write.name(&key), write.name(&value)]);
        let other = |(known, _): &(ast::Expr, Pattern)| write.compare(CompareOp::NotEqual, write.name(&key), known.clone());
        let conditions = items.iter().map(other).collect();
        let clauses = vec![(pair.clone(), write.method(place.clone(), "items", Vec::new()), conditions)];
        write.expr(ast::ExprKind::Comprehension { kind: "dict", element: Box::new(pair), clauses })
    }
}
