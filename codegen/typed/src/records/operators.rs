//! Operators on values of classes: those that the class defines, and those of flags.

use super::attributes::member;
use super::{as_class, bare, transparent};
use crate::function::{Typed, Typer};
use crate::ir::Expr;
use crate::library::Arguments;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{ClassKind, EnumKind, Type};
use hypersonic_scan::{Member, Method, MethodKind};
use hypersonic_syntax::ast::{BinaryOp, CompareOp, UnaryOp};
use std::sync::Arc;

const fn dunder(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Subtract => "sub",
        BinaryOp::Multiply => "mul",
        BinaryOp::Divide => "truediv",
        BinaryOp::FloorDivide => "floordiv",
        BinaryOp::Modulo => "mod",
        BinaryOp::Power => "pow",
        BinaryOp::LeftShift => "lshift",
        BinaryOp::RightShift => "rshift",
        BinaryOp::BitAnd => "and",
        BinaryOp::BitOr => "or",
        BinaryOp::BitXor => "xor",
        BinaryOp::MatMultiply => "matmul",
    }
}

impl Typer<'_, '_> {
    /// `left op right`, if a class decides; else both, as what they are.
    pub(crate) fn record_binary(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed<Result<Expr, (Expr, Expr)>> {
        if left.ty.named().is_none() && right.ty.named().is_none() {
            return Ok(Err((left, right)));
        }
        let name = dunder(op);
        let own = self.operator_of(&left, &format!("__{name}__"), span)?;
        let reflected = self.operator_of(&right, &format!("__r{name}__"), span)?;
        let same = left.ty.named().map(|(class, _)| class) == right.ty.named().map(|(class, _)| class);
        match (own, reflected) {
            // Whether a method says NotImplemented is known when it has run.
            (Some(_), Some(_)) if !same => {
                let title = format!("both classes have a method for the operator: `{}` and `{}`", left.ty, right.ty);
                Err(self.refused_record(title, span, "which of them answers is known at run time only", "call the method that is meant"))
            }
            (Some(method), _) => self.operate_by(&method, left, right, span).map(Ok),
            (None, Some(method)) => {
                let left = self.hold(left);
                self.operate_by(&method, right, left, span).map(Ok)
            }
            (None, None) => self.combine_bare(op, left, right, span),
        }
    }

    fn operate_by(&mut self, method: &Method, receiver: Expr, other: Expr, span: Span) -> Typed<Expr> {
        let given = Arguments { positional: vec![other], keywords: Vec::new(), span };
        self.method_call_with(Some(receiver), method, given)
    }

    fn combine_bare(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed<Result<Expr, (Expr, Expr)>> {
        let bits = matches!(op, BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor);
        let flag = |side: &Expr| match side.ty.named() {
            Some((class, _)) => match class.kind {
                ClassKind::Value(EnumKind::Flag | EnumKind::IntFlag) => Some(Arc::clone(class)),
                _ => None,
            },
            None => None,
        };
        let (a, b) = (flag(&left), flag(&right));
        let int = |side: &Expr| side.ty == Type::INT || matches!(side.ty.named(), Some((class, _)) if class.kind.is_transparent());
        if let Some(class) = a.clone().or_else(|| b.clone()).filter(|_| bits) {
            let both = a == b;
            let beside_int = class.kind == ClassKind::Value(EnumKind::IntFlag) && (a.is_none() || b.is_none()) && int(&left) && int(&right);
            // Negative ints, and bits that are no members, are treated differently by versions of Python.
            if both || (beside_int && op == BinaryOp::BitAnd) {
                let combined = self.combine(op, bare(left), bare(right), span)?;
                return Ok(Ok(as_class(&class, combined)));
            }
            let title = format!("`{}` and `{}` are combined", left.ty, right.ty);
            return Err(self.refused_record(title, span, "not compiled", "combine members of one class, or their `.value`"));
        }
        let (left, right) = (transparent(left), transparent(right));
        for side in [&left, &right] {
            if let Some((class, _)) = side.ty.named() {
                let title = format!("the operator is not compiled for an object of `{}`", class.name);
                let hint =
                    if class.kind.is_enum() { "use its `.value`" } else { "combine its attributes, or define the operator in the class" };
                return Err(self.refused_record(title, side.span, "combined here", hint));
            }
        }
        Ok(Err((left, right)))
    }

    /// `op value`, if a class decides; else the value as what it is.
    pub(crate) fn record_unary(&mut self, op: UnaryOp, value: Expr, span: Span) -> Typed<Result<Expr, Expr>> {
        let Some((class, _)) = value.ty.named() else { return Ok(Err(value)) };
        let class = Arc::clone(class);
        let name = match op {
            UnaryOp::Negative => "__neg__",
            UnaryOp::Positive => "__pos__",
            UnaryOp::Invert => "__invert__",
            UnaryOp::Not => return Ok(Err(value)),
        };
        if let Some(method) = self.operator_of(&value, name, span)? {
            let given = Arguments { positional: Vec::new(), keywords: Vec::new(), span };
            return self.method_call_with(Some(value), &method, given).map(Ok);
        }
        if op == UnaryOp::Invert && class.kind == ClassKind::Value(EnumKind::Flag) {
            let record = self.record_named(&class, span)?;
            let single = record.members.iter().filter(|member| member.number.count_ones() == 1).fold(0, |all, member| all | member.number);
            let all = record.members.iter().fold(0, |all, member| all | member.number);
            if single == all {
                let mask = crate::resolve::int_constant(all, span);
                let inverted = self.combine(BinaryOp::BitXor, bare(value), mask, span)?;
                return Ok(Ok(as_class(&class, inverted)));
            }
        }
        let transparent = !matches!((op, class.kind), (UnaryOp::Invert, ClassKind::Value(EnumKind::IntFlag)));
        if class.kind.is_transparent() && transparent {
            return Ok(Err(bare(value)));
        }
        let title = format!("the operator is not compiled for an object of `{}`", class.name);
        Err(self.refused_record(title, span, "used here", "use its attributes, or define the operator in the class"))
    }

    /// `flags in others`: whether all of them are among the others. None if the right side is no flag.
    pub(crate) fn flags_within(&mut self, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        let (class, _) = right.ty.named()?;
        if !matches!(class.kind, ClassKind::Value(EnumKind::Flag | EnumKind::IntFlag)) {
            return None;
        }
        if left.ty.named().map(|(class, _)| class) != Some(class) {
            return Some(Err(self.type_error("`in` of flags needs a flag of the same class", left.span, format!("`{}`", left.ty))));
        }
        let (left, right) = (self.hold(bare(left.clone())), self.hold(bare(right.clone())));
        let both = self.combine(BinaryOp::BitAnd, left.clone(), right, span);
        Some(both.and_then(|both| self.compare_values(CompareOp::Equal, both, left, span)))
    }

    /// The method of a value's class under a name.
    fn operator_of(&mut self, value: &Expr, name: &str, span: Span) -> Typed<Option<Method>> {
        let Some((class, _)) = value.ty.named() else { return Ok(None) };
        let record = self.record_named(&Arc::clone(class), span)?;
        match member(&record, name) {
            None => Ok(None),
            Some(Member::Function(method)) if method.kind == MethodKind::Plain => Ok(Some(method)),
            Some(_) => {
                let title = format!("`{name}` of `{}` is not a plain method", record.name.name);
                Err(self.refused_record(title, span, "needed here", "define it by `def`"))
            }
        }
    }

    /// `abs(value)` and its kin, if the class defines it.
    pub(super) fn special_method(&mut self, value: Expr, name: &str, span: Span) -> Typed<Result<Expr, Expr>> {
        match self.operator_of(&value, name, span)? {
            Some(method) => {
                let given = Arguments { positional: Vec::new(), keywords: Vec::new(), span };
                self.method_call_with(Some(value), &method, given).map(Ok)
            }
            None => Ok(Err(value)),
        }
    }
}
