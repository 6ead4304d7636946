//! `bytes` and `bytearray`: a tuple and a list of ints that are below 256. What their methods do is asked of Python.

use super::operation;
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind};
use crate::resolve::int_constant;
use hypersonic_abi::object::{METHODS, Op, result};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{ScalarOp, Type};
use hypersonic_syntax::ast;

/// What only strings have of [`METHODS`].
const OF_STRINGS: &[&str] = &["casefold", "encode", "isdecimal", "isidentifier", "isnumeric", "isprintable"];

/// Those of bytearrays only.
const BYTEARRAY: &[&str] = &["append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse"];

/// A literal: its text has a character for each byte.
pub(crate) fn bytes_literal(bytes: &[u8], span: Span) -> Expr {
    let text = bytes.iter().copied().map(char::from).collect();
    let literal = Expr { ty: Type::Text(text), kind: ExprKind::Unit, span };
    operation(Op::Bytes, vec![literal], Type::bytes(), span)
}

/// What a method gives.
fn gives(method: &str, own: &Type) -> (u64, Type) {
    match method {
        "count" | "find" | "index" | "rfind" | "rindex" => (result::INT, Type::INT),
        "endswith" | "startswith" | "__contains__" => (result::BOOL, Type::BOOL),
        "decode" | "hex" => (result::STR, Type::Str),
        "rsplit" | "split" | "splitlines" => (result::BYTES_LIST, Type::list(own.clone())),
        "partition" | "rpartition" => (result::THREE_BYTES, Type::Tuple(vec![own.clone(); 3])),
        _ if method.starts_with("is") => (result::BOOL, Type::BOOL),
        _ => (result::BYTES, own.clone()),
    }
}

impl Typer<'_, '_> {
    pub(super) fn bytes_method(
        &mut self,
        receiver: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let changes = receiver.ty == Type::bytearray();
        if changes && keywords.is_empty() && BYTEARRAY.contains(&method) {
            return self.bytearray_method(receiver, method, arguments, span);
        }
        let of_both = METHODS.iter().filter(|known| !known.starts_with("__") && !OF_STRINGS.contains(known));
        if !of_both.clone().any(|known| *known == method) {
            let known: Vec<&str> = of_both.chain(if changes { BYTEARRAY } else { &[] }).copied().collect();
            return Err(self.no_method(&receiver.ty, method, &known, span));
        }
        let mut values = if let ("join", [items]) = (method, arguments) {
            let list = self.list_of(items, span)?;
            let Type::List(element) = &list.ty else { return Err(Reported) };
            if self.is_unknown(&element.clone()) {
                return Err(Reported);
            }
            if !element.is_bytes() {
                let title = format!("`.join` of bytes is given a list of `{element}`");
                return Err(self.type_error(title, span, "needs bytes"));
            }
            vec![list]
        } else {
            self.values(arguments, Self::expression)?
        };
        self.keyword_arguments(method, keywords, &mut values)?;
        if let ("startswith" | "endswith", [Expr { ty: Type::Tuple(_), .. }, ..]) = (method, values.as_slice()) {
            return Err(self.unsupported(format!("`.{method}` of several bytes is not compiled"), span, "a tuple is given"));
        }
        let gives = gives(method, &receiver.ty);
        self.call_method(receiver, method, gives, values, span)
    }

    fn bytearray_method(&mut self, array: Expr, method: &str, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        match (method, arguments) {
            ("append" | "remove", [value]) => {
                let value = self.expression(value)?;
                let value = self.byte(value, span)?;
                let op = if method == "append" { Op::Append } else { Op::Remove };
                self.perform(op, vec![array, value], span);
                Ok(self.none(span))
            }
            ("insert", [_, _]) => {
                let mut values = self.values(arguments, Self::expression)?;
                let value = values.remove(1);
                let index = self.python_int(values.remove(0), "the index")?;
                let index = self.hold(index);
                let value = self.byte(value, span)?;
                self.perform(Op::Insert, vec![array, index, value], span);
                Ok(self.none(span))
            }
            ("extend", [other]) => {
                self.extend_bytes(array, other, false, span)?;
                Ok(self.none(span))
            }
            _ => self.list_method(array, &Type::INT, method, arguments, span),
        }
    }

    /// An int that is below 256, or ValueError.
    pub(super) fn byte(&mut self, value: Expr, span: Span) -> Typed<Expr> {
        let value = self.python_int(value, "a byte")?;
        let value = self.hold(value);
        let int = |value| int_constant(value, span);
        let low = super::classes::int_test(ScalarOp::Less, value.clone(), int(0), span);
        let high = super::classes::int_test(ScalarOp::Greater, value.clone(), int(255), span);
        let test = Expr { ty: Type::BOOL, kind: ExprKind::Or(Box::new(low), Box::new(high)), span };
        self.raise_where(test, "ValueError", "byte must be in range(0, 256)", span);
        Ok(value)
    }

    /// `array.extend(other)`, `array += other`.
    pub(super) fn extend_bytes(&mut self, array: Expr, other: &ast::Expr, operator: bool, span: Span) -> Typed<()> {
        let other = self.expression_or_list(other, span)?;
        let other = self.hold(other);
        if operator && other.ty == array.ty {
            // While its bytes are looked at, it cannot grow.
            let same = operation(Op::Same, vec![array.clone(), other.clone()], Type::BOOL, span);
            let test = Expr { ty: Type::BOOL, kind: ExprKind::And(Box::new(same), Box::new(super::truth_of_length(array.clone()))), span };
            self.raise_where(test, "BufferError", "Existing exports of data: object cannot be re-sized", span);
        }
        if !other.ty.is_bytes() {
            self.helper("bytes_require", vec![other.clone()], span)?;
        }
        let ty = array.ty.base().clone();
        let other = if other.ty.base() == &ty { other } else { self.hold(operation(Op::ToList, vec![other], ty, span)) };
        self.perform(Op::Extend, vec![array, other], span);
        Ok(())
    }

    /// Bytes as they are, everything else as a list of ints.
    fn expression_or_list(&mut self, other: &ast::Expr, span: Span) -> Typed<Expr> {
        let expanded = self.expanded(other)?;
        if self.runs_once(&expanded) || matches!(expanded.kind, ast::ExprKind::Comprehension { .. } | ast::ExprKind::List(_)) {
            let list = self.list_of(&expanded, span)?;
            return self.require_ints(list, span);
        }
        let value = self.consumed(&expanded)?;
        if value.ty.is_bytes() {
            return Ok(value);
        }
        let name = self.named("other", value);
        let list = self.list_of(&super::Writer { span }.name(&name), span)?;
        self.require_ints(list, span)
    }

    fn require_ints(&mut self, list: Expr, span: Span) -> Typed<Expr> {
        let ints = Type::list(Type::INT);
        if crate::unify::unify_made(&list.ty, &ints).is_none() {
            return Err(self.type_error(format!("bytes are made of ints, not of `{}`", list.ty), span, "given here"));
        }
        self.element(list, &ints, "bytes")
    }

    /// `bytes(...)`, `bytearray(...)`.
    pub(super) fn new_bytes(&mut self, name: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let ty = if name == "bytes" { Type::bytes() } else { Type::bytearray() };
        let [first, rest @ ..] = arguments else {
            if !keywords.is_empty() {
                return Err(self.unsupported(format!("this form of `{name}` is not compiled"), span, "given by keyword"));
            }
            return Ok(self.as_bytes(bytes_literal(&[], span), ty, span));
        };
        let simple = matches!(first.kind, ast::ExprKind::Comprehension { .. } | ast::ExprKind::List(_)) || self.runs_once(first);
        if !simple {
            let value = self.expression(first)?;
            let value = super::as_string(value);
            if value.ty == Type::Str && !(rest.is_empty() && keywords.is_empty()) {
                let value = self.hold(value);
                let mut values = self.values(rest, Self::expression)?;
                for (_, value) in keywords {
                    values.push(self.expression(value)?);
                }
                let made = self.call_method(value, "encode", (result::BYTES, Type::bytes()), values, span)?;
                return Ok(self.as_bytes(made, ty, span));
            }
            if !rest.is_empty() || !keywords.is_empty() || value.ty == Type::Str {
                return Err(self.type_error("string argument without an encoding", span, "given here"));
            }
            if matches!(value.ty, Type::Scalar(..)) {
                let count = self.python_int(value, "the number of bytes")?;
                let count = self.hold(count);
                let negative = super::classes::int_test(ScalarOp::Less, count.clone(), int_constant(0, span), span);
                self.raise_where(negative, "ValueError", "negative count", span);
                let made = operation(Op::Repeat, vec![bytes_literal(&[0], span), count], Type::bytes(), span);
                return Ok(self.as_bytes(made, ty, span));
            }
            if value.ty.is_bytes() {
                return Ok(if value.ty == ty && name == "bytes" { value } else { operation(Op::CopyAs, vec![value], ty, span) });
            }
            let name_of_value = self.named("other", value);
            return self.bytes_of_ints(name, &super::Writer { span }.name(&name_of_value), ty, span);
        }
        if !rest.is_empty() || !keywords.is_empty() {
            return Err(self.type_error(format!("this form of `{name}` is not Python's"), span, "given here"));
        }
        self.bytes_of_ints(name, first, ty, span)
    }

    fn bytes_of_ints(&mut self, name: &str, iterable: &ast::Expr, ty: Type, span: Span) -> Typed<Expr> {
        let list = self.list_of(iterable, span)?;
        let list = self.require_ints(list, span)?;
        let list = self.hold(list);
        let helper = if name == "bytes" { "bytes_require_all" } else { "bytes_require" };
        self.helper(helper, vec![list.clone()], span)?;
        Ok(operation(Op::Become, vec![list], ty, span))
    }

    /// Bytes that are made here as what is asked for.
    pub(super) fn as_bytes(&mut self, made: Expr, ty: Type, span: Span) -> Expr {
        if made.ty == ty {
            return made;
        }
        let made = self.hold(made);
        operation(Op::Become, vec![made], ty, span)
    }

    /// A bytes object beside a bytearray, or the other way around: both of the class of the left.
    pub(super) fn same_bytes(&mut self, left: Expr, right: Expr) -> (Expr, Expr) {
        if !(left.ty.is_bytes() && right.ty.is_bytes()) || left.ty == right.ty {
            return (left, right);
        }
        let (ty, span) = (left.ty.clone(), right.span);
        let left = self.hold(left);
        (left, operation(Op::CopyAs, vec![right], ty, span))
    }

    /// `part in bytes`.
    pub(super) fn in_bytes(&mut self, part: Expr, bytes: Expr, span: Span) -> Typed<Expr> {
        let part = self.hold(part);
        if part.ty.is_bytes() {
            return self.call_method(bytes, "__contains__", (result::BOOL, Type::BOOL), vec![part], span);
        }
        let byte = self.byte(part, span)?;
        Ok(operation(Op::Contains, vec![bytes, byte], Type::BOOL, span))
    }
}
