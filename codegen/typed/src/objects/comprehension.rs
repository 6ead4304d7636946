//! Comprehensions that make lists, sets and dicts: loops that put in one element after the other.

use super::Writer;
use crate::comprehension::{Clause, nest};
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{self, ExprKind};

impl Typer<'_, '_> {
    /// `[element for ...]` and its kin.
    pub(crate) fn container_comprehension(&mut self, kind: &str, element: &ast::Expr, clauses: &[Clause], span: Span) -> Typed<Expr> {
        let outer = self.renames.len();
        let write = Writer { span };
        let kind = if matches!(kind, "set" | "dict") { kind } else { "list" };
        let container = self.empty_container(kind, span);
        let name = self.named("made", container);
        let first = clauses.first().map(|(_, iter, _)| iter.clone());
        // The first iterable is evaluated outside: its names are those around.
        let mut clauses = clauses.to_vec();
        if let (Some(first), Some(clause)) = (first, clauses.first_mut())
            && !matches!(first.kind, ExprKind::Call(..))
        {
            let mut value = self.sequence_of(&first)?;
            if matches!(value.ty, hypersonic_ops::Type::Text(_)) {
                value = super::as_string(value);
            }
            let iterated = self.named("iterated", value);
            clause.1 = write.name(&iterated);
        }
        for (target, ..) in &clauses {
            self.rename(target);
        }
        let result = write.name(&name);
        let put = match (kind, &element.kind) {
            ("dict", ExprKind::Tuple(pair)) if pair.len() == 2 => {
                // The key is evaluated before the value, and stored after both.
                let key = self.own_name("key");
                vec![write.assign(&key, pair[0].clone()), write.assign_to(write.item(result, write.name(&key)), pair[1].clone())]
            }
            ("set", _) => vec![write.effect(write.method(result, "add", vec![element.clone()]))],
            _ => vec![write.effect(write.method(result, "append", vec![element.clone()]))],
        };
        let found = self.diagnostics.len();
        let loops = nest(&write, &clauses, put, None);
        self.statements(&loops);
        self.renames.truncate(outer);
        if self.diagnostics.len() > found {
            return Err(Reported);
        }
        // Where it always raises, nobody sees what was made.
        if !self.reachable {
            return Ok(self.empty_container(kind, span));
        }
        let value = self.local(&name, span)?;
        self.environment.remove(&name);
        Ok(value)
    }
}
