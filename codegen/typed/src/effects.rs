//! Operands of which only the type is needed (`f(a) is None`, `a[i].ndim`): they are evaluated all the same, once and in order, for
//! what they write and raise. What has no effect is left out.

use crate::function::{Typed, Typer};
use crate::ir::{Block, Expr, ExprKind, StmtKind};
use crate::library::Arguments;
use crate::unify::is_pure;
use crate::walk;
use hypersonic_diagnostics::Diagnostic;
use hypersonic_ops::{ScalarOp, Type};

impl Typer<'_, '_> {
    /// Evaluates a value of which nothing but the type is used.
    pub(crate) fn evaluate(&mut self, value: &Expr) {
        if let ExprKind::Tuple(items) = &value.kind {
            items.iter().for_each(|item| self.evaluate(item));
        } else if !is_harmless(value) {
            self.push(StmtKind::Expr(value.clone()), value.span);
        }
    }

    /// Evaluates values here that more than their value is to be known of, left to right.
    pub(crate) fn settle(&mut self, values: Vec<Expr>) -> Vec<Expr> {
        values.into_iter().map(|value| if is_harmless(&value) { value } else { self.hold(value) }).collect()
    }

    /// Applies something of the library to arguments. Where its result leaves one of them out, that one is evaluated before.
    pub(crate) fn apply(
        &mut self,
        arguments: Arguments,
        library: impl Fn(&mut Self, Arguments) -> Result<Expr, Diagnostic>,
    ) -> Typed<Expr> {
        let mut risky = Vec::new();
        for value in arguments.positional.iter().chain(arguments.keywords.iter().map(|(_, value)| value)) {
            collect_risky(value, &mut risky);
        }
        if risky.is_empty() {
            let result = library(self, arguments);
            return self.accept(result);
        }
        let mark = self.block.len();
        let again = arguments.clone();
        let result = library(self, arguments);
        let result = self.accept(result)?;
        if risky.iter().all(|operand| holds(&result, operand) || block_holds(&self.block, mark, operand)) {
            return Ok(result);
        }
        self.block.truncate(mark);
        let Arguments { positional, keywords, span } = again;
        let positional = positional.into_iter().map(|value| self.settled(value)).collect();
        let keywords = keywords.into_iter().map(|(name, value)| (name, self.settled(value))).collect();
        let result = library(self, Arguments { positional, keywords, span });
        self.accept(result)
    }

    /// The value, what has effects in it held in variables.
    fn settled(&mut self, value: Expr) -> Expr {
        match value.kind {
            ExprKind::Tuple(items) => {
                let items = items.into_iter().map(|item| self.settled(item)).collect();
                Expr { kind: ExprKind::Tuple(items), ..value }
            }
            _ if is_harmless(&value) => value,
            _ => self.hold(value),
        }
    }
}

fn collect_risky(value: &Expr, risky: &mut Vec<Expr>) {
    match &value.kind {
        ExprKind::Tuple(items) => items.iter().for_each(|item| collect_risky(item, risky)),
        _ if is_harmless(value) => {}
        _ => risky.push(value.clone()),
    }
}

/// Whether `part` is somewhere in the value.
fn holds(value: &Expr, part: &Expr) -> bool {
    if value.span == part.span && value == part {
        return true;
    }
    let mut found = false;
    walk::parts(value, &mut |inner| found = found || holds(inner, part));
    found
}

/// Whether `part` is somewhere in the statements from `mark` on.
fn block_holds(block: &Block, mark: usize, part: &Expr) -> bool {
    let mut found = false;
    let added: Block = block.get(mark..).unwrap_or_default().to_vec();
    walk::expressions(&added, &mut |value| found = found || holds(value, part));
    found
}

/// Whether leaving it out changes nothing: it cannot fail.
pub(crate) fn is_harmless(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Tuple(items) => items.iter().all(is_harmless),
        ExprKind::Truth(inner) => matches!(inner.ty, Type::Scalar(..)) && is_harmless(inner),
        ExprKind::And(a, b) | ExprKind::Or(a, b) => is_harmless(a) && is_harmless(b),
        ExprKind::Transpose(inner, _) | ExprKind::ComplexPart(inner, _) => is_harmless(inner),
        ExprKind::Map { op, operands, .. } => {
            use ScalarOp as Op;
            let safe = matches!(
                op,
                Op::Equal
                    | Op::NotEqual
                    | Op::Less
                    | Op::LessEqual
                    | Op::Greater
                    | Op::GreaterEqual
                    | Op::LogicalNot
                    | Op::Isnan
                    | Op::Isfinite
            );
            safe && operands.iter().all(|operand| matches!(operand.ty, Type::Scalar(..)) && is_harmless(operand))
        }
        _ => is_pure(value),
    }
}
