//! Methods of sets.

use super::operation;
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use crate::resolve::int_constant;
use hypersonic_abi::object::{Op, combine};
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast;

const SET: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
];

/// A number of the contract as an operand.
pub(super) fn how(how: u64, span: Span) -> Expr {
    int_constant(how.cast_signed(), span)
}

impl Typer<'_, '_> {
    pub(super) fn set_method(&mut self, set: Expr, element: &Type, method: &str, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        let ty = set.ty.clone();
        match (method, arguments) {
            ("clear", []) => {
                self.perform(Op::Clear, vec![set], span);
                Ok(self.none(span))
            }
            ("copy", []) => Ok(operation(Op::Copy, vec![set], ty, span)),
            ("pop", []) if self.is_unknown(element) => Err(Reported),
            ("pop", []) if crate::records::has_hidden_order(element) => self.require_known_order(&ty, span).map(|()| self.none(span)),
            ("pop", []) => Ok(operation(Op::PopAny, vec![set], element.clone(), span)),
            ("add" | "discard" | "remove", [value]) => {
                let value = self.entity(value)?;
                self.require_set_element(&value.ty, span)?;
                let value = self.element(value, element, "a set")?;
                match method {
                    "add" => self.perform(Op::Add, vec![set, value], span),
                    "discard" => self.discard(operation(Op::Discard, vec![set, value], Type::BOOL, span), span),
                    _ => self.perform(Op::Remove, vec![set, value], span),
                }
                Ok(self.none(span))
            }
            ("isdisjoint" | "issubset" | "issuperset", [other]) => {
                let other = self.other_set(other, &ty)?;
                let other = match other {
                    Ok(set) => set,
                    Err(other) => {
                        let set = self.set_of(&other, span)?;
                        let set = self.hold(set);
                        self.element(set, ty.base(), "a set")?
                    }
                };
                let (a, b) = if method == "issuperset" { (other, set) } else { (set, other) };
                let test = if method == "isdisjoint" { combine::DISJOINT } else { combine::SUBSET };
                Ok(operation(Op::Test, vec![a, b, how(test, span)], Type::BOOL, span))
            }
            ("union" | "intersection" | "difference" | "symmetric_difference", others) => self.combined_with(set, method, others, span),
            ("update" | "intersection_update" | "difference_update" | "symmetric_difference_update", others) => {
                let method = method.strip_suffix("_update").unwrap_or("union");
                for other in others {
                    let other = self.other_set(other, &ty)?;
                    self.update_with(set.clone(), method, other, span)?;
                }
                Ok(self.none(span))
            }
            _ => Err(self.no_method(&ty, method, SET, span)),
        }
    }

    /// `set.union(...)` and its kin: a new set. In which order the elements come depends on how it is made.
    fn combined_with(&mut self, set: Expr, method: &str, others: &[ast::Expr], span: Span) -> Typed<Expr> {
        let ty = set.ty.clone();
        let [first, rest @ ..] = others else {
            return Ok(if ty.special().is_some() { set } else { operation(Op::Copy, vec![set], ty, span) });
        };
        let kind = combination(method);
        let mut result = match self.other_set(first, &ty)? {
            Ok(other) => operation(Op::Combine, vec![set, other, how(kind, span)], ty.clone(), span),
            other => {
                // What is made grows before it is frozen.
                let op = if ty.special().is_some() { Op::CopyAs } else { Op::Copy };
                let copy = operation(op, vec![set], ty.base().clone(), span);
                let copy = self.hold(copy);
                self.update_with(copy.clone(), method, other, span)?;
                copy
            }
        };
        result = self.hold(result);
        for other in rest {
            match (self.other_set(other, &ty)?, method) {
                (Ok(other), "intersection") => {
                    let made = result.ty.clone();
                    result = operation(Op::Combine, vec![result, other, how(kind, span)], made, span);
                    result = self.hold(result);
                }
                (other, _) => {
                    // Nobody else has it yet.
                    result = self.hold(operation(Op::Become, vec![result], ty.base().clone(), span));
                    self.update_with(result.clone(), method, other, span)?;
                }
            }
        }
        Ok(if result.ty == ty { result } else { operation(Op::Become, vec![result], ty, span) })
    }

    /// The other operand, if it is a set; else the iterable.
    fn other_set(&mut self, other: &ast::Expr, ty: &Type) -> Typed<Result<Expr, ast::Expr>> {
        let expanded = self.expanded(other)?;
        if self.runs_once(&expanded) {
            return Ok(Err(expanded));
        }
        let value = self.expression(other)?;
        let value = self.hold(value);
        if matches!(value.ty.base(), Type::Set(_)) {
            let ty = value.ty.like(ty.base().clone());
            return self.element(value, &ty, "a set").map(Ok);
        }
        let name = self.named("other", value);
        Ok(Err(super::Writer { span: other.span }.name(&name)))
    }

    /// As Python does it with an iterable that is no set: one element after the other. A dict that is merged in has its room made first;
    /// a table from which much was taken is made anew at the end.
    fn update_with(&mut self, set: Expr, method: &str, other: Result<Expr, ast::Expr>, span: Span) -> Typed<()> {
        let kind = how(combination(method), span);
        let other = match other {
            Ok(other) => {
                self.perform(Op::Update, vec![set, other, kind], span);
                return Ok(());
            }
            Err(other) => other,
        };
        if method == "union" && !self.runs_once(&other) {
            let value = self.expression(&other);
            if let Ok(value @ Expr { ty: Type::Dict(..), .. }) = value {
                let (Type::Dict(key, _), Type::Set(element)) = (&value.ty, &set.ty) else { return Err(Reported) };
                if key == element {
                    self.perform(Op::Update, vec![set, value, kind], span);
                    return Ok(());
                }
            }
        }
        self.update_by_each(set.clone(), method, &other, span)?;
        if method == "difference" {
            let nothing = self.fresh(set.ty.clone(), span);
            self.perform(Op::Update, vec![set, nothing, kind], span);
        }
        Ok(())
    }

    fn update_by_each(&mut self, set: Expr, method: &str, other: &ast::Expr, span: Span) -> Typed<()> {
        let write = super::Writer { span };
        let (set, item) = (self.named("set", set), self.own_name("item"));
        let change = match method {
            "union" => "add",
            "difference" => "discard",
            _ => return Err(self.unsupported(format!("`{method}` of a set is compiled with sets only"), span, "give `set(...)` of it")),
        };
        let effect = write.effect(write.method(write.name(&set), change, vec![write.name(&item)]));
        let found = self.diagnostics.len();
        self.statements(&[write.each(write.name(&item), other.clone(), vec![effect])]);
        if self.diagnostics.len() > found { Err(Reported) } else { Ok(()) }
    }
}

fn combination(method: &str) -> u64 {
    match method {
        "intersection" => combine::INTERSECTION,
        "difference" => combine::DIFFERENCE,
        "symmetric_difference" => combine::SYMMETRIC_DIFFERENCE,
        _ => combine::UNION,
    }
}
