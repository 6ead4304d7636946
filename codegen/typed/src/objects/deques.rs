//! Methods of deques.

use super::classes::int_test;
use super::{Writer, length, operation};
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, StmtKind};
use crate::resolve::int_constant;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{ScalarOp, Type};
use hypersonic_syntax::ast;

const DEQUE: &[&str] = &[
    "append",
    "appendleft",
    "clear",
    "copy",
    "count",
    "extend",
    "extendleft",
    "index",
    "insert",
    "pop",
    "popleft",
    "remove",
    "reverse",
    "rotate",
];

impl Typer<'_, '_> {
    pub(super) fn deque_method(&mut self, deque: Expr, element: &Type, method: &str, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        match (method, arguments) {
            ("append" | "appendleft", [value]) => {
                let value = self.value(value)?;
                let value = self.element(value, element, "a deque")?;
                if method == "append" {
                    self.perform(Op::Append, vec![deque.clone(), value], span);
                } else {
                    self.perform(Op::Insert, vec![deque.clone(), int_constant(0, span), value], span);
                }
                self.perform(Op::Touch, vec![deque.clone()], span);
                self.drop_one(deque, if method == "append" { 0 } else { -1 }, element, span)?;
                Ok(self.none(span))
            }
            ("pop" | "popleft", []) => {
                if self.is_unknown(element) {
                    return Err(Reported);
                }
                let empty = int_test(ScalarOp::Equal, length(deque.clone(), span), int_constant(0, span), span);
                self.raise_where(empty, "IndexError", "pop from an empty deque", span);
                self.perform(Op::Touch, vec![deque.clone()], span);
                let end = int_constant(if method == "pop" { -1 } else { 0 }, span);
                Ok(operation(Op::Pop, vec![deque, end], element.clone(), span))
            }
            ("extend" | "extendleft", [other]) => {
                self.extend_deque(deque, if method == "extend" { "append" } else { "appendleft" }, other, span)?;
                Ok(self.none(span))
            }
            ("rotate", [] | [_]) => {
                let count = match arguments.first() {
                    Some(count) => self.expression(count)?,
                    None => int_constant(1, span),
                };
                let count = self.python_int(count, "the number of steps")?;
                self.helper("deque_rotate", vec![deque, count], span)
            }
            ("insert", [_, _]) => {
                let mut values = self.values(arguments, Self::value)?;
                let value = values.remove(1);
                let index = self.python_int(values.remove(0), "the index")?;
                let value = self.element(value, element, "a deque")?;
                self.helper("deque_require_room", vec![deque.clone()], span)?;
                self.perform(Op::Insert, vec![deque.clone(), index, value], span);
                self.perform(Op::Touch, vec![deque], span);
                Ok(self.none(span))
            }
            ("remove", [value]) => {
                let value = self.value(value)?;
                let value = self.element(value, element, "a deque")?;
                self.perform(Op::Remove, vec![deque.clone(), value], span);
                self.perform(Op::Touch, vec![deque], span);
                Ok(self.none(span))
            }
            ("clear", []) => {
                self.perform(Op::Touch, vec![deque.clone()], span);
                self.perform(Op::Clear, vec![deque], span);
                Ok(self.none(span))
            }
            ("count" | "index" | "copy" | "reverse", _) => self.list_method(deque, element, method, arguments, span),
            _ => Err(self.no_method(&deque.ty, method, DEQUE, span)),
        }
    }

    /// Gives up an item at one end if there are more than `maxlen`.
    fn drop_one(&mut self, deque: Expr, end: i64, element: &Type, span: Span) -> Typed<()> {
        let element = if matches!(element, Type::Unknown(_)) { Type::INT } else { element.clone() };
        let detail = self.hold(operation(Op::Detail, vec![deque.clone()], Type::INT, span));
        let bounded = int_test(ScalarOp::Greater, detail.clone(), int_constant(0, span), span);
        let long = int_test(ScalarOp::GreaterEqual, length(deque.clone(), span), detail, span);
        let test = Expr { ty: Type::BOOL, kind: crate::ir::ExprKind::And(Box::new(bounded), Box::new(long)), span };
        let (then, ()) = self.in_block(|typer| {
            typer.discard(operation(Op::Pop, vec![deque, int_constant(end, span)], element, span), span);
        });
        self.push(StmtKind::If { test, then, otherwise: Vec::new() }, span);
        Ok(())
    }

    /// `deque.extend(other)`, `deque += other`: one item after the other.
    pub(crate) fn extend_deque(&mut self, deque: Expr, method: &str, other: &ast::Expr, span: Span) -> Typed<()> {
        let write = Writer { span };
        // Of itself, as of every deque, it takes the items that are there now.
        let expanded = self.expanded(other)?;
        let other = if self.runs_once(&expanded) || matches!(expanded.kind, ast::ExprKind::Comprehension { .. }) {
            expanded
        } else {
            let value = self.consumed(&expanded)?;
            let value = match value.ty.base().clone() {
                Type::List(element) if value.ty.special().is_some() => operation(Op::ToList, vec![value], Type::List(element), span),
                _ => value,
            };
            write.name(&self.named("other", value))
        };
        let (own, item) = (self.named("deque", deque), self.own_name("item"));
        let append = write.effect(write.method(write.name(&own), method, vec![write.name(&item)]));
        let found = self.diagnostics.len();
        self.statements(&[write.each(write.name(&item), other, vec![append])]);
        if self.diagnostics.len() > found { Err(Reported) } else { Ok(()) }
    }

    /// `deque.maxlen`.
    pub(crate) fn maxlen(&mut self, deque: Expr, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let detail = self.named("detail", operation(Op::Detail, vec![deque], Type::INT, span));
        let test = write.compare(ast::CompareOp::Greater, write.name(&detail), write.int(0));
        let found = write.binary(ast::BinaryOp::Subtract, write.name(&detail), write.int(1));
        self.conditional(&test, &found, &write.expr(ast::ExprKind::None), span)
    }
}
