//! Methods of lists, and the door for methods of all objects.

use super::{Writer, operation};
use crate::calls::Keywords;
use crate::function::{Typed, Typer};
use crate::ir::Expr;
use crate::resolve::int_constant;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::{Diagnostic, Id, Span, suggest};
use hypersonic_ops::{Special, Type};
use hypersonic_syntax::ast;

const LIST: &[&str] = &["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"];

impl Typer<'_, '_> {
    /// `receiver.method(...)` of a list, set, dict or string.
    pub(crate) fn object_method(
        &mut self,
        receiver: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let receiver = super::as_string(receiver);
        let receiver = self.hold(receiver);
        let receiver_type = receiver.ty.clone();
        match receiver_type.base() {
            Type::List(element) if receiver.ty.special() == Some(&Special::Deque) && keywords.is_empty() => {
                self.deque_method(receiver, element, method, arguments, span)
            }
            Type::Dict(key, value) if receiver.ty.special().is_some() => {
                if let Some(done) = self.special_dict_method(&receiver, (key, value), method, (arguments, keywords), span) {
                    return done;
                }
                if !keywords.is_empty() {
                    return Err(self.unsupported(format!("`.{method}` takes no keywords here"), span, "given by keyword"));
                }
                self.dict_method(receiver, (key, value), method, arguments, span)
            }
            _ if receiver.ty.is_bytes() => self.bytes_method(receiver, method, arguments, keywords, span),
            Type::Set(_) if receiver.ty.special() == Some(&Special::FrozenSet) && method == "copy" => Ok(receiver),
            Type::Set(element) if receiver.ty.special() == Some(&Special::FrozenSet) && keywords.is_empty() && is_frozen_method(method) => {
                self.set_method(receiver, element, method, arguments, span)
            }
            _ if receiver.ty.special().is_some() => Err(self.no_method(&receiver.ty, method, &[], span)),
            Type::List(_) if method == "sort" => self.sort_method(receiver, arguments, keywords, span),
            Type::Str => self.string_method(receiver, method, arguments, keywords, span),
            _ if !keywords.is_empty() => Err(self.unsupported(format!("`.{method}` takes no keywords here"), span, "given by keyword")),
            Type::List(element) => {
                let element = element.as_ref().clone();
                self.list_method(receiver, &element, method, arguments, span)
            }
            Type::Sequence(element) if matches!(method, "index" | "count") => {
                let element = element.as_ref().clone();
                self.list_method(receiver, &element, method, arguments, span)
            }
            Type::Set(element) => {
                let element = element.as_ref().clone();
                self.set_method(receiver, &element, method, arguments, span)
            }
            Type::Dict(key, value) => {
                let (key, value) = (key.as_ref().clone(), value.as_ref().clone());
                self.dict_method(receiver, (&key, &value), method, arguments, span)
            }
            _ => Err(self.no_method(&receiver.ty, method, &[], span)),
        }
    }

    /// Says that there is no such method.
    pub(crate) fn no_method(&mut self, ty: &Type, method: &str, known: &[&str], span: Span) -> crate::function::Reported {
        let title = format!("`.{method}` of `{ty}` has no compiled form");
        let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, span, "called here");
        let hint = match suggest(method, known.iter().copied()) {
            Some(near) => format!("did you mean `.{near}`?"),
            None => format!("compiled methods are: {}", known.join(", ")),
        };
        self.report(diagnostic.with_hint(hint))
    }

    pub(super) fn list_method(&mut self, list: Expr, element: &Type, method: &str, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        match (method, arguments) {
            ("append", [value]) => {
                let value = self.value(value)?;
                let value = self.element(value, element, "a list")?;
                self.perform(Op::Append, vec![list, value], span);
                Ok(self.none(span))
            }
            ("extend", [other]) => {
                self.extend(list, other, span)?;
                Ok(self.none(span))
            }
            ("clear", []) => {
                self.perform(Op::Clear, vec![list], span);
                Ok(self.none(span))
            }
            ("reverse", []) => {
                self.perform(Op::Reverse, vec![list], span);
                Ok(self.none(span))
            }
            ("copy", []) => {
                let ty = list.ty.clone();
                Ok(operation(Op::Copy, vec![list], ty, span))
            }
            ("insert", [_, _]) => {
                let mut values = self.values(arguments, Self::value)?;
                let value = values.remove(1);
                let index = self.python_int(values.remove(0), "the index")?;
                let value = self.element(value, element, "a list")?;
                self.perform(Op::Insert, vec![list, index, value], span);
                Ok(self.none(span))
            }
            ("pop", [] | [_]) => {
                let index = match arguments.first() {
                    Some(index) => {
                        let index = self.expression(index)?;
                        self.python_int(index, "the index")?
                    }
                    None => int_constant(-1, span),
                };
                if self.is_unknown(element) {
                    return Err(crate::function::Reported);
                }
                Ok(operation(Op::Pop, vec![list, index], element.clone(), span))
            }
            ("remove" | "count", [value]) => {
                self.require_compared(element, span)?;
                let value = self.value(value)?;
                let value = self.sought(value, element, "a list")?;
                if method == "count" {
                    return Ok(operation(Op::Count, vec![list, value], Type::INT, span));
                }
                self.perform(Op::Remove, vec![list, value], span);
                Ok(self.none(span))
            }
            ("index", [_] | [_, _] | [_, _, _]) => {
                self.require_compared(element, span)?;
                let mut values = self.values(arguments, Self::value)?.into_iter();
                let value = values.next().ok_or(crate::function::Reported)?;
                let value = self.sought(value, element, "a list")?;
                let mut bounds = vec![int_constant(0, span), int_constant(i64::MAX, span)];
                for (bound, given) in bounds.iter_mut().zip(values) {
                    *bound = self.python_int(given, "a bound")?;
                }
                let mut operands = vec![list];
                operands.append(&mut bounds);
                operands.push(value);
                Ok(operation(Op::Index, operands, Type::INT, span))
            }
            _ => Err(self.no_method(&list.ty, method, LIST, span)),
        }
    }

    /// `list.extend(other)`, `list += other`.
    pub(crate) fn extend(&mut self, list: Expr, other: &ast::Expr, span: Span) -> Typed<()> {
        if list.ty.special() == Some(&Special::Bytearray) {
            return self.extend_bytes(list, other, true, span);
        }
        if list.ty.special() == Some(&Special::Deque) {
            return self.extend_deque(list, "append", other, span);
        }
        let other = &self.expanded(other)?;
        if let (ast::ExprKind::List(items), Type::List(element)) = (&other.kind, list.ty.clone())
            && !items.iter().any(|item| matches!(item.kind, ast::ExprKind::Starred(_)))
        {
            let values = self.values(items, Self::value)?;
            let values: Vec<Expr> = values.into_iter().map(|value| self.hold(value)).collect();
            for value in values {
                let value = self.element(value, &element, "a list")?;
                self.perform(Op::Append, vec![list.clone(), value], span);
            }
            return Ok(());
        }
        if !self.runs_once(other) {
            let value = self.expression(other)?;
            if let Type::List(element) = &value.ty
                && matches!(&list.ty, Type::List(own) if crate::unify::unify_element(element, own).is_some())
            {
                let (value, ty) = (self.hold(value), list.ty.clone());
                let value = self.element(value, &ty, "a list")?;
                self.perform(Op::Extend, vec![list, value], span);
                return Ok(());
            }
            let name = self.named("other", value);
            let other = Writer { span }.name(&name);
            return self.append_each(list, &other, span);
        }
        self.append_each(list, other, span)
    }

    /// Whether `+=` takes items of anything that is run over.
    pub(crate) fn is_extended(&self, ty: &Type, op: ast::BinaryOp) -> bool {
        op == ast::BinaryOp::Add && matches!(ty, Type::List(_) | Type::Special(Special::Deque | Special::Bytearray, _))
    }

    fn append_each(&mut self, list: Expr, other: &ast::Expr, span: Span) -> Typed<()> {
        let write = Writer { span };
        let (own, item) = (self.named("list", list), self.own_name("item"));
        let append = write.effect(write.method(write.name(&own), "append", vec![write.name(&item)]));
        let found = self.diagnostics.len();
        self.statements(&[write.each(write.name(&item), other.clone(), vec![append])]);
        if self.diagnostics.len() > found { Err(crate::function::Reported) } else { Ok(()) }
    }
}

/// Whether frozensets have that method of sets.
fn is_frozen_method(method: &str) -> bool {
    matches!(method, "union" | "intersection" | "difference" | "symmetric_difference" | "issubset" | "issuperset" | "isdisjoint")
}
