//! Methods of dicts, and calls of what has no name in Python.

use super::{Writer, operation};
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind, MessagePart, Stmt, StmtKind};
use crate::logic::negation;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, ScalarOp, Special, Type};
use hypersonic_syntax::ast::{self, CompareOp};

const DICT: &[&str] = &["clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

impl Typer<'_, '_> {
    pub(super) fn dict_method(
        &mut self,
        dict: Expr,
        (key, value): (&Type, &Type),
        method: &str,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Typed<Expr> {
        let write = Writer { span };
        match (method, arguments) {
            ("clear", []) => {
                self.perform(Op::Clear, vec![dict], span);
                Ok(self.none(span))
            }
            ("copy", []) => {
                let ty = dict.ty.clone();
                Ok(operation(Op::Copy, vec![dict], ty, span))
            }
            ("get" | "pop", [wanted, default]) => {
                let wanted = self.entity(wanted)?;
                let wanted = self.sought(wanted, key, "a dict with keys")?;
                let [dict, wanted] = [self.named("dict", dict), self.named("key", wanted)];
                let default = self.value(default)?;
                let default = self.named("default", super::as_string(default));
                let place = self.place_of(&dict, &wanted, span)?;
                let found = if method == "get" {
                    write.own("value_at", vec![write.name(&dict), write.name(&place)])
                } else {
                    write.method(write.name(&dict), "pop", vec![write.name(&wanted)])
                };
                let test = write.compare(CompareOp::GreaterEqual, write.name(&place), write.int(0));
                self.conditional(&test, &found, &write.name(&default), span)
            }
            ("get", [wanted]) => {
                let none = write.expr(ast::ExprKind::None);
                self.dict_method(dict, (key, value), method, &[wanted.clone(), none], span)
            }
            ("pop", [wanted]) => {
                let wanted = self.entity(wanted)?;
                let wanted = self.sought(wanted, key, "a dict with keys")?;
                if self.is_unknown(value) {
                    return Err(Reported);
                }
                Ok(operation(Op::PopKey, vec![dict, wanted], value.clone(), span))
            }
            ("popitem", []) => {
                if self.is_unknown(value) || self.is_unknown(key) {
                    return Err(Reported);
                }
                Ok(operation(Op::PopEntry, vec![dict], Type::Tuple(vec![key.clone(), value.clone()]), span))
            }
            ("setdefault", [wanted, default]) => {
                let wanted = self.entity(wanted)?;
                let wanted = self.element(wanted, key, "a dict with keys")?;
                let [dict, wanted] = [self.named("dict", dict), self.named("key", wanted)];
                let default = self.value(default)?;
                let default = self.named("default", default);
                let place = self.place_of(&dict, &wanted, span)?;
                let item = write.item(write.name(&dict), write.name(&wanted));
                let test = write.compare(CompareOp::Less, write.name(&place), write.int(0));
                let set = write.assign_to(item.clone(), write.name(&default));
                self.statements(&[write.choose(test, vec![set], Vec::new())]);
                self.entity(&item)
            }
            ("update", [other]) => self.dict_update(dict, other, span),
            ("keys" | "values" | "items", []) => {
                let title = format!("`.{method}()` is compiled where it is iterated, counted or made a list of");
                Err(self.unsupported(title, span, "a view of a dict as a value"))
            }
            _ => Err(self.no_method(&dict.ty, method, DICT, span)),
        }
    }

    fn place_of(&mut self, dict: &str, wanted: &str, span: Span) -> Typed<String> {
        let operands = vec![self.local(dict, span)?, self.local(wanted, span)?];
        Ok(self.named("place", operation(Op::Find, operands, Type::INT, span)))
    }

    pub(super) fn dict_update(&mut self, dict: Expr, other: &ast::Expr, span: Span) -> Typed<Expr> {
        let other = &self.expanded(other)?;
        if self.runs_once(other) {
            return self.set_each(dict, other.clone(), span);
        }
        let value = self.expression(other)?;
        if matches!(value.ty.base(), Type::Dict(..)) {
            // Its own class stays, whatever holds the same.
            let (value, ty) = (self.hold(value), dict.ty.base().clone());
            let ty = value.ty.like(ty);
            let value = self.element(value, &ty, "a dict")?;
            self.perform(Op::Merge, vec![dict, value], span);
            return Ok(self.none(span));
        }
        let other = self.named("other", value);
        self.set_each(dict, Writer { span }.name(&other), span)
    }

    /// Sets what an iterable of pairs gives.
    fn set_each(&mut self, dict: Expr, other: ast::Expr, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let dict = self.named("dict", dict);
        let (key, item) = (self.own_name("key"), self.own_name("value"));
        let set = write.assign_to(write.item(write.name(&dict), write.name(&key)), write.name(&item));
        let target = write.tuple(vec![write.name(&key), write.name(&item)]);
        let found = self.diagnostics.len();
        self.statements(&[write.each(target, other, vec![set])]);
        if self.diagnostics.len() > found { Err(Reported) } else { Ok(self.none(span)) }
    }

    /// The keys, values or items of a dict as a list, for whoever runs over them at once.
    pub(crate) fn dict_view(&mut self, dict: Expr, view: &str, span: Span) -> Typed<Expr> {
        if (view, dict.ty.special()) == ("elements", Some(&Special::Counter)) {
            return self.helper("counter_elements", vec![dict], span);
        }
        let Type::Dict(key, value) = dict.ty.base().clone() else { return Err(Reported) };
        Ok(match view {
            "values" => operation(Op::Values, vec![dict], Type::List(value), span),
            "items" => operation(Op::Items, vec![dict], Type::list(Type::Tuple(vec![*key, *value])), span),
            _ => operation(Op::ToList, vec![dict], Type::List(key), span),
        })
    }

    /// A value that is iterated, counted or made a list of: `d.keys()` and its kin give a list here.
    pub(crate) fn consumed(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        if let Some((base, view)) = view_call(expr) {
            let value = self.expression(base)?;
            if has_view(&value.ty, view) {
                return self.dict_view(value, view, expr.span);
            }
            return self.method_on(value, view, &[], &[], expr.span);
        }
        let value = self.sequence_of(expr)?;
        Ok(value)
    }

    /// Calls of what has no name in Python; only code that this room writes has them.
    pub(crate) fn own_call(&mut self, name: &str, arguments: &[ast::Expr], span: Span) -> Option<Typed<Expr>> {
        let name = name.strip_prefix('.')?;
        if name == "seen" {
            return Some(self.seen_call(arguments, span));
        }
        if !matches!(name, "next" | "version" | "entry_from" | "steady" | "element_at" | "key_at" | "value_at") {
            return None;
        }
        Some(self.own_operation(name, arguments, span))
    }

    /// True, or RuntimeError if something changed since a loop began.
    fn is_steady(&mut self, mut operands: Vec<Expr>, span: Span) -> Typed<Expr> {
        let (Some(was), Some(object)) = (operands.pop(), operands.pop()) else { return Err(Reported) };
        let what = object.ty.special().map_or("list", Special::name);
        let state = operation(Op::State, vec![object], Type::INT, span);
        let test = super::classes::int_test(ScalarOp::NotEqual, state, was, span);
        self.raise_where(test, "RuntimeError", &format!("{what} mutated during iteration"), span);
        Ok(crate::resolve::bool_constant(true, span))
    }

    fn own_operation(&mut self, name: &str, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        let mut operands = self.values(arguments, Self::expression)?;
        if name == "steady" {
            return self.is_steady(operands, span);
        }
        let (key, value) = match operands.first().map(|object| object.ty.base().clone()) {
            Some(Type::Dict(key, value)) => (*key, *value),
            Some(Type::Set(element)) => (*element, Type::None),
            _ => return Err(Reported),
        };
        let (op, ty) = match name {
            "element_at" => (Op::ElementAt, key),
            "key_at" => (Op::KeyAt, key),
            "value_at" => (Op::ValueAt, value),
            "entry_from" => (Op::Next, Type::INT),
            "version" => (Op::Version, Type::INT),
            _ => {
                // The number of entries must be what it was when the iteration began.
                let (version, was) = (if operands.len() > 3 { operands.pop() } else { None }, operands.pop().ok_or(Reported)?);
                let object = operands.first().cloned().ok_or(Reported)?;
                let what = if matches!(object.ty.base(), Type::Set(_)) { "Set" } else { "dictionary" };
                let same = Expr {
                    ty: Type::BOOL,
                    kind: ExprKind::Map {
                        op: ScalarOp::Equal,
                        loop_dtype: Dtype::I64,
                        operands: vec![super::length(object.clone(), span), was],
                    },
                    span,
                };
                let message = vec![MessagePart::Text(format!("{what} changed size during iteration"))];
                let raise = Stmt { span, kind: StmtKind::Raise { exception: "RuntimeError".to_owned(), message, retried: true } };
                self.push(StmtKind::If { test: negation(same, span), then: vec![raise], otherwise: Vec::new() }, span);
                if let Some(version) = version {
                    self.same_keys(object, version, span);
                }
                (Op::Next, Type::INT)
            }
        };
        if self.is_unknown(&ty) {
            return Err(Reported);
        }
        Ok(operation(op, operands, ty, span))
    }
}

/// Whether a value has that view.
pub(crate) fn has_view(ty: &Type, view: &str) -> bool {
    let elements = view == "elements";
    matches!(ty.base(), Type::Dict(..)) && (!elements || ty.special() == Some(&Special::Counter))
}

impl Typer<'_, '_> {
    /// Where a dict has as many keys as before, but some were exchanged, it depends on the table of Python's dict which of them come yet,
    /// and whether it raises.
    fn same_keys(&mut self, dict: Expr, version: Expr, span: Span) {
        let now = operation(Op::Version, vec![dict], Type::INT, span);
        let kind = ExprKind::Map { op: ScalarOp::Equal, loop_dtype: Dtype::I64, operands: vec![now, version] };
        let same = Expr { ty: Type::BOOL, kind, span };
        let answer = self.python_answers_stmt("dictionary keys changed during iteration", false, span);
        self.push(StmtKind::If { test: negation(same, span), then: vec![answer], otherwise: Vec::new() }, span);
    }
}

/// `base.keys()` and its kin.
pub(crate) fn view_call(expr: &ast::Expr) -> Option<(&ast::Expr, &str)> {
    match &expr.kind {
        ast::ExprKind::Call(function, arguments, keywords) if arguments.is_empty() && keywords.is_empty() => match &function.kind {
            ast::ExprKind::Attribute(base, name) if matches!(name.as_str(), "keys" | "values" | "items" | "elements") => Some((base, name)),
            _ => None,
        },
        _ => None,
    }
}
