//! Comparisons of values of classes.

use super::{bare, is_ordered, transparent};
use crate::expression::present;
use crate::function::{Typed, Typer};
use crate::ir::{Expr, ExprKind};
use crate::logic::{constant_bool, negation};
use crate::objects::operation;
use crate::resolve::bool_constant;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Class, ClassKind, EnumKind, Type};
use hypersonic_syntax::ast::CompareOp;
use std::sync::Arc;

impl Typer<'_, '_> {
    /// `left op right`, if a class decides; else both, as what they are.
    pub(crate) fn record_compare(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Typed<Result<Expr, (Expr, Expr)>> {
        let (left, right) = (self.slice_as_value(left)?, self.slice_as_value(right)?);
        let class_of = |side: &Expr| side.ty.named().map(|(class, _)| Arc::clone(class));
        let (a, b) = (class_of(&left), class_of(&right));
        if a.is_none() && b.is_none() {
            return Ok(Err((left, right)));
        }
        let is_transparent = |class: &Option<Arc<Class>>| class.as_ref().is_none_or(|class| class.kind.is_transparent());
        if is_transparent(&a) && is_transparent(&b) {
            return Ok(Err((transparent(left), transparent(right))));
        }
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if let (Some(class), true) = (&a, a == b) {
            return self.compare_of_class(op, class, left, right, span).map(Ok);
        }
        // An optional, or an array, has its own rules.
        if equality && !matches!(left.ty, Type::Optional(_) | Type::Array(..)) && !matches!(right.ty, Type::Optional(_) | Type::Array(..)) {
            self.evaluate(&left);
            self.evaluate(&right);
            return Ok(Ok(bool_constant(op == CompareOp::NotEqual, span)));
        }
        if matches!(left.ty, Type::Optional(_)) || matches!(right.ty, Type::Optional(_)) {
            return Ok(Err((left, right)));
        }
        Err(self.type_error(format!("`{}` and `{}` have no order", left.ty, right.ty), span, "compared here"))
    }

    fn compare_of_class(&mut self, op: CompareOp, class: &Arc<Class>, left: Expr, right: Expr, span: Span) -> Typed<Expr> {
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        let kind = class.kind;
        if kind == ClassKind::Keywords {
            return Err(self.unsupported("keyword arguments are compared as dicts", span, "not compiled"));
        }
        if kind == ClassKind::Slice {
            return self.compare_values(op, bare(left), bare(right), span);
        }
        if kind.is_enum() {
            if !equality && !matches!(kind, ClassKind::Value(EnumKind::Int | EnumKind::IntFlag)) {
                return Err(self.type_error(format!("members of `{}` have no order", class.name), span, "compared here"));
            }
            return self.compare_values(op, bare(left), bare(right), span);
        }
        let record = self.record_named(class, span)?;
        if equality && !record.equality {
            let same = self.same_object(left, right, span);
            return Ok(if op == CompareOp::Equal { same } else { negation(same, span) });
        }
        if !equality && !record.order && !is_ordered(class) {
            return Err(self.type_error(format!("objects of `{}` have no order", class.name), span, "compared here"));
        }
        let left = self.hold(left);
        let right = self.hold(right);
        let (left, right) = (self.fields_of(left, span), self.fields_of(right, span));
        let compared = |fields: Vec<Expr>| {
            let kept = fields.into_iter().zip(&record.fields).filter(|(_, field)| field.compare).map(|(value, _)| value);
            crate::expression::tuple(kept.collect(), span)
        };
        self.compare_values(op, compared(left), compared(right), span)
    }

    /// `left is right` of values of classes, if one of them is one.
    pub(crate) fn record_identity(&mut self, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        if left.ty == Type::None || right.ty == Type::None {
            return None;
        }
        if matches!(left.ty, Type::Optional(_)) || matches!(right.ty, Type::Optional(_)) {
            return self.identity_of_optional(left, right, span);
        }
        let (a, b) = (left.ty.named().map(|(class, _)| class), right.ty.named().map(|(class, _)| class));
        let class = a.or(b)?;
        if a != b {
            self.evaluate(left);
            self.evaluate(right);
            return Some(Ok(bool_constant(false, span)));
        }
        Some(match class.kind {
            ClassKind::Object { .. } => Ok(self.same_object(left.clone(), right.clone(), span)),
            ClassKind::Keywords => Err(self.unsupported("`is` of keyword arguments is not compiled", span, "a dict of its own")),
            ClassKind::Slice => Err(self.unsupported("`is` of slices is not compiled", span, "compare them by `==`")),
            ClassKind::Tuple => Err(self.unsupported("`is` of NamedTuples is not compiled", span, "compare them by `==`")),
            ClassKind::Value(_) | ClassKind::Position => {
                self.compare_values(CompareOp::Equal, bare(left.clone()), bare(right.clone()), span)
            }
        })
    }

    /// The same, where one of them, or both, may be `None`.
    fn identity_of_optional(&mut self, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        let is_record = |side: &Expr| present(side.clone()).ty.named().is_some();
        if !is_record(left) && !is_record(right) {
            return None;
        }
        let (left, right) = (self.hold(left.clone()), self.hold(right.clone()));
        let (one, other) = (present(left.clone()), present(right.clone()));
        let same = match (one.ty.named(), other.ty.named()) {
            (Some((a, _)), Some((b, _))) if a == b => self.record_identity(&one, &other, span)?,
            _ => Ok(bool_constant(false, span)),
        };
        let is_none = |side: &Expr| match side.ty {
            Type::Optional(_) => Expr { ty: Type::BOOL, kind: ExprKind::IsNone(Box::new(side.clone())), span },
            _ => bool_constant(false, span),
        };
        let choose = |test: Expr, then: Expr, otherwise: Expr| match constant_bool(&test) {
            Some(true) => then,
            Some(false) => otherwise,
            None => {
                let (test, then, otherwise) = (Box::new(test), Box::new(then), Box::new(otherwise));
                Expr { ty: Type::BOOL, kind: ExprKind::Conditional { test, then, otherwise }, span }
            }
        };
        Some(same.map(|same| {
            let either = choose(is_none(&right), bool_constant(false, span), same);
            choose(is_none(&left), is_none(&right), either)
        }))
    }

    /// Whether two objects are one.
    pub(crate) fn same_object(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        operation(Op::Same, vec![bare(left), bare(right)], Type::BOOL, span)
    }
}
