//! What tests say of names that may be `None`: `if x is not None`, `if x`, `x is None or ...`, `assert x is not None`.

use crate::function::Typer;
use crate::resolve::Static;
use crate::scope::{Binding, Known};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{BoolOp, CompareOp, Expr, ExprKind, UnaryOp};

impl Typer<'_, '_> {
    /// Takes to heart that a test came out as `holds`.
    pub(crate) fn assume(&mut self, test: &Expr, holds: bool) {
        match &test.kind {
            ExprKind::Name(name) | ExprKind::Walrus(name, _) if holds => self.assume_present(name),
            ExprKind::Unary(UnaryOp::Not, inner) => self.assume(inner, !holds),
            ExprKind::Logic(BoolOp::And, items) if holds => items.iter().for_each(|item| self.assume(item, true)),
            ExprKind::Logic(BoolOp::Or, items) if !holds => items.iter().for_each(|item| self.assume(item, false)),
            ExprKind::Compare(left, rest) => {
                if let [(op @ (CompareOp::Is | CompareOp::IsNot), Expr { kind: ExprKind::None, .. })] = rest.as_slice()
                    && (*op == CompareOp::IsNot) == holds
                    && let ExprKind::Name(name) | ExprKind::Walrus(name, _) = &left.kind
                {
                    self.assume_present(name);
                }
            }
            ExprKind::Call(function, arguments, _) if holds => {
                if let [Expr { kind: ExprKind::Name(name), .. }, class] = arguments.as_slice()
                    && matches!(self.static_of(function), Some(Static::External(full)) if full == "builtins.isinstance")
                    && matches!(&class.kind, ExprKind::Name(class) if class != "object")
                {
                    self.assume_present(name);
                }
            }
            _ => {}
        }
    }

    /// Types something that is evaluated only if tests before it came out so.
    pub(crate) fn assuming<T>(&mut self, tests: &[Expr], holds: bool, inside: impl FnOnce(&mut Self) -> T) -> T {
        if tests.is_empty() {
            return inside(self);
        }
        let unknown = |binding: &Binding| matches!(binding, Binding::Value { ty: Type::Optional(_), known: None, .. });
        let before: Vec<String> = self.environment.iter().filter(|(_, binding)| unknown(binding)).map(|(name, _)| name.clone()).collect();
        tests.iter().for_each(|test| self.assume(test, holds));
        let result = inside(self);
        for name in before {
            if let Some(Binding::Value { known: known @ Some(Known::Present), .. }) = self.environment.get_mut(&name) {
                *known = None;
            }
        }
        result
    }

    fn assume_present(&mut self, name: &str) {
        if !self.is_local(name) {
            return;
        }
        let bound = self.bound_name(name);
        if let Some(Binding::Value { ty: Type::Optional(_), known: known @ None, .. }) = self.environment.get_mut(&bound) {
            *known = Some(Known::Present);
        }
    }
}
