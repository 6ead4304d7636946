//! Alternatives that bind names, within a larger pattern or before a condition: which of them it was is kept, and each name is looked for there.

use super::Asked;
use crate::function::{Typed, Typer};
use crate::ir::{Expr, ExprKind};
use crate::logic::constant_bool;
use crate::objects::Writer;
use crate::resolve::{bool_constant, int_constant};
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, CompareOp, Pattern};

impl Typer<'_, '_> {
    /// The first of these that matches.
    pub(super) fn named_alternatives(&mut self, patterns: &[Pattern], place: &ast::Expr, span: Span) -> Typed<Asked> {
        let mut open: Vec<Asked> = Vec::new();
        for pattern in patterns {
            let asked = self.pattern(pattern, place)?;
            let known = constant_bool(&asked.test);
            if known != Some(false) {
                open.push(asked);
            }
            if known == Some(true) {
                break;
            }
        }
        if open.len() < 2 {
            return Ok(open.pop().unwrap_or_else(|| Asked::never(span)));
        }
        let write = Writer { span };
        let mut which = int_constant(-1, span);
        for (n, asked) in open.iter().enumerate().rev() {
            let number = int_constant(i64::try_from(n).unwrap_or(i64::MAX), span);
            which = match constant_bool(&asked.test) {
                Some(true) => number,
                _ => {
                    let test = Box::new(asked.test.clone());
                    let kind = ExprKind::Conditional { test, then: Box::new(number), otherwise: Box::new(which) };
                    Expr { ty: Type::INT, kind, span }
                }
            };
        }
        let always = open.last().is_some_and(|asked| constant_bool(&asked.test) == Some(true));
        let which = write.name(&self.named("alternative", which));
        let test = if always {
            bool_constant(true, span)
        } else {
            self.test(&write.compare(CompareOp::GreaterEqual, which.clone(), write.int(0)))?
        };
        // All of them bind the same names, as Python demands.
        let names: Vec<String> = open.first().map(|asked| asked.binds.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default();
        let mut binds = Vec::new();
        for name in names {
            let places = open.iter().map(|asked| asked.binds.iter().find(|(other, _)| *other == name).map(|(_, place)| place.clone()));
            let Some(places) = places.collect::<Option<Vec<ast::Expr>>>() else { continue };
            let mut places = places.into_iter().enumerate().rev();
            let Some((_, mut found)) = places.next() else { continue };
            for (n, place) in places {
                let number = write.int(i64::try_from(n).unwrap_or(i64::MAX));
                let test = write.compare(CompareOp::Equal, which.clone(), number);
                found = write.expr(ast::ExprKind::Conditional(Box::new(test), Box::new(place), Box::new(found)));
            }
            binds.push((name, found));
        }
        Ok(Asked { test, binds })
    }
}
