//! Methods of sets.

use super::operation;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, MessagePart, Stmt, StmtKind};
use crate::logic::negation;
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
            ("pop", []) => Ok(operation(Op::PopAny, vec![set], element.clone(), span)),
            ("add" | "discard" | "remove", [value]) => {
                let value = self.expression(value)?;
                self.require_hashable(&value.ty, span)?;
                let value = self.element(value, element, "a set")?;
                match method {
                    "add" => self.perform(Op::Add, vec![set, value], span),
                    "discard" => self.discard(operation(Op::Discard, vec![set, value], Type::BOOL, span), span),
                    _ => {
                        let was = operation(Op::Discard, vec![set, value], Type::BOOL, span);
                        let message = vec![MessagePart::Text(String::new())];
                        let kind = StmtKind::Raise { exception: "KeyError".to_owned(), message, retried: true };
                        let test = negation(was, span);
                        self.push(StmtKind::If { test, then: vec![Stmt { span, kind }], otherwise: Vec::new() }, span);
                    }
                }
                Ok(self.none(span))
            }
            ("isdisjoint" | "issubset" | "issuperset", [other]) => {
                let other = self.as_set(other, &ty, span)?;
                let (a, b) = if method == "issuperset" { (other, set) } else { (set, other) };
                let test = if method == "isdisjoint" { combine::DISJOINT } else { combine::SUBSET };
                Ok(operation(Op::Test, vec![a, b, how(test, span)], Type::BOOL, span))
            }
            ("union" | "intersection" | "difference" | "symmetric_difference", others) => {
                let kind = combination(method);
                let mut result = operation(Op::Copy, vec![set], ty.clone(), span);
                result = self.hold(result);
                for other in others {
                    let other = self.as_set(other, &ty, span)?;
                    result = operation(Op::Combine, vec![result, other, how(kind, span)], ty.clone(), span);
                    result = self.hold(result);
                }
                Ok(result)
            }
            ("update" | "intersection_update" | "difference_update" | "symmetric_difference_update", others) => {
                let kind = combination(method.strip_suffix("_update").unwrap_or("union"));
                for other in others {
                    let other = self.as_set(other, &ty, span)?;
                    self.perform(Op::Update, vec![set.clone(), other, how(kind, span)], span);
                }
                Ok(self.none(span))
            }
            _ => Err(self.no_method(&ty, method, SET, span)),
        }
    }

    /// An iterable as a set of that type.
    fn as_set(&mut self, other: &ast::Expr, ty: &Type, span: Span) -> Typed<Expr> {
        let set = self.set_of(other, span)?;
        let set = self.hold(set);
        self.element(set, ty, "a set")
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
