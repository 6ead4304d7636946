//! Lists, sets, dicts and strings: displays, methods, operators, subscripts, iteration, and what Python's builtins make of them.
//!
//! Much of it is written as Python and typed like any other code: a comprehension is a loop that appends. What the
//! runtime does is an [`ExprKind::Object`]. Containers are homogeneous: what is put in has the element type exactly, as a
//! list of ints and floats gives back ints and floats. What an empty container will hold is found in [`sites`].

mod arrays;
mod builtins;
mod bytes;
mod classes;
mod comprehension;
mod constant_set;
mod counters;
mod deques;
pub(crate) mod dicts;
mod display;
mod iterate;
mod lists;
mod operate;
mod sets;
pub(crate) mod sites;
mod sort;
mod stars;
mod subscript;
pub(crate) mod texts;
mod tuples;
mod write;

pub(crate) use arrays::Empty;
pub(crate) use bytes::bytes_literal;
pub(crate) use display::Filled;
pub(crate) use iterate::{Entry, View, has_objects};
pub(crate) use operate::{is_container_truth, truth_of_length};
pub(crate) use write::{BUILTIN, Writer};

use crate::function::{Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind, StmtKind};
use crate::unify::{coerce, unify_element, unify_made};
use hypersonic_abi::object::{Op, class};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Factory, Special, Type};

/// The number that kernels and the runtime know a class by.
#[must_use]
pub const fn class_number(special: &Special) -> u64 {
    match special {
        Special::Deque => class::DEQUE,
        Special::DefaultDict(Factory::Open) => class::OPEN_DEFAULT_DICT,
        Special::DefaultDict(_) => class::DEFAULT_DICT,
        Special::Counter => class::COUNTER,
        Special::OrderedDict => class::ORDERED_DICT,
        Special::FrozenSet => class::FROZEN_SET,
        Special::Bytes => class::BYTES,
        Special::Bytearray => class::BYTEARRAY,
    }
}

/// An operation on objects.
pub(crate) fn operation(op: Op, operands: Vec<Expr>, ty: Type, span: Span) -> Expr {
    Expr { ty, kind: ExprKind::Object(op, operands), span }
}

/// The number of items of an object.
pub(crate) fn length(object: Expr, span: Span) -> Expr {
    Expr { ty: Type::INT, kind: ExprKind::Length(Box::new(object)), span }
}

/// A literal as a string of the run time; other values as they are.
pub(crate) fn as_string(value: Expr) -> Expr {
    match value.ty {
        Type::Text(_) => {
            let span = value.span;
            operation(Op::Text, vec![value], Type::Str, span)
        }
        _ => value,
    }
}

/// The type with which a value is put into a container.
pub(crate) fn stored_type(ty: &Type) -> Type {
    match ty {
        Type::Text(_) => Type::Str,
        Type::Tuple(items) => Type::Tuple(items.iter().map(stored_type).collect()),
        Type::Optional(value) => Type::Optional(Box::new(stored_type(value))),
        Type::Named(class, value) => Type::Named(std::sync::Arc::clone(class), Box::new(stored_type(value))),
        Type::List(element) => Type::list(stored_type(element)),
        Type::Set(element) => Type::Set(Box::new(stored_type(element))),
        Type::Dict(key, value) => Type::Dict(Box::new(stored_type(key)), Box::new(stored_type(value))),
        Type::Special(special, base) => Type::of(special.clone(), stored_type(base)),
        other => other.clone(),
    }
}

/// Two types that are not one, as text: those of one class by the field in which they differ.
pub(crate) fn told_apart(a: &Type, b: &Type) -> (String, String) {
    if let (Type::Named(class, one), Type::Named(same, other)) = (a, b)
        && class == same
    {
        let fields = |ty: &Type| match ty {
            Type::Tuple(items) => items.clone(),
            object => object.attributes(class.names.len()),
        };
        let different = fields(one).into_iter().zip(fields(other)).zip(&class.names).find(|((a, b), _)| a != b);
        if let Some(((a, b), name)) = different {
            let said = |ty: String| format!("`{}` with {ty} as `{name}`", class.name);
            let (a, b) = told_apart(&a, &b);
            return (said(a), said(b));
        }
    }
    let said = |ty: &Type| match ty {
        Type::Function(key) if key.starts_with(crate::iterators::ITERATOR) => "an iterator, made once,".to_owned(),
        ty => format!("`{ty}`"),
    };
    (said(a), said(b))
}

/// The item of that number of a list, tuple or string, which has one.
pub(crate) fn item_at(object: Expr, number: Expr, span: Span) -> Expr {
    match object.ty.clone() {
        Type::List(element) | Type::Sequence(element) => operation(Op::GetItem, vec![object, number], *element, span),
        _ => operation(Op::Character, vec![object, number], Type::Str, span),
    }
}

impl Typer<'_, '_> {
    /// An operation for its effect.
    pub(crate) fn perform(&mut self, op: Op, operands: Vec<Expr>, span: Span) {
        self.push(StmtKind::Expr(operation(op, operands, Type::None, span)), span);
    }

    /// `None`, as a value.
    pub(crate) fn none(&self, span: Span) -> Expr {
        Expr { ty: Type::None, kind: ExprKind::Unit, span }
    }

    /// A value for a container that has no place for `None`: where it is `None` after all, only Python can go on.
    fn no_none(&mut self, value: Expr, container: &str) -> Expr {
        if !matches!(value.ty, Type::Optional(_)) {
            return value;
        }
        let span = value.span;
        let value = self.hold(value);
        let test = Expr { ty: Type::BOOL, kind: ExprKind::IsNone(Box::new(value.clone())), span };
        let answer = self.python_answers_stmt(&format!("{container} that was not seen to hold None is given one"), false, span);
        self.push(StmtKind::If { test, then: vec![answer], otherwise: Vec::new() }, span);
        crate::expression::present(value)
    }

    /// A value as an element of that type; what an empty container holds is learnt by it.
    pub(crate) fn element(&mut self, value: Expr, ty: &Type, container: &str) -> Typed<Expr> {
        let value = if matches!(ty, Type::Optional(_) | Type::Unknown(_)) { value } else { self.no_none(value, container) };
        let stored = stored_type(&value.ty);
        if stored == *ty && value.ty == *ty {
            return Ok(value);
        }
        if let (Type::Tuple(items), Type::Sequence(element)) = (&stored, ty)
            && tuples::fits(items, element)
        {
            return self.as_sequence(value, element);
        }
        // What is made already has its type: only what is still empty takes another.
        if unify_element(&stored, ty).is_none_or(|both| unify_made(&both, ty).is_none()) {
            let (wanted, given) = told_apart(ty, &stored);
            let title = format!("{container} of {wanted} is given {given}");
            let diagnostic = Diagnostic::new(Id::TypeConflict, title, value.span, format!("this is {given}"));
            let hint = match (&value.kind, ty) {
                (ExprKind::Constant(Constant::Int(number)), Type::Scalar(hypersonic_ops::Dtype::F64, _)) => {
                    format!("Python's list would hold the int: write `{number}.0` if a float is meant")
                }
                _ if *ty == Type::INT && stored == Type::FLOAT => {
                    "what it was given first are ints: begin with floats, as in `[0.0] * n`, or convert with `int(...)`".to_owned()
                }
                _ => "compiled containers hold values of one type; convert it, as with `float(...)` or `int(...)`".to_owned(),
            };
            return Err(self.report(diagnostic.with_hint(hint)));
        }
        self.learn(&stored, ty, value.span);
        let value = if crate::unify::is_tuple(&value.ty) && !crate::unify::is_pure(&value) && !matches!(value.kind, ExprKind::Tuple(_)) {
            self.hold(value)
        } else {
            value
        };
        Ok(coerce(value, ty))
    }

    /// A value that is looked for among elements of that type: a tuple equals the NamedTuple of its items, an int the member of an `IntEnum`.
    pub(crate) fn sought(&mut self, value: Expr, ty: &Type, container: &str) -> Typed<Expr> {
        let named = |ty: &Type| ty.named().map(|(class, _)| std::sync::Arc::clone(class));
        if !matches!(value.ty, Type::Optional(_)) && named(&value.ty) != named(ty) {
            self.unit.sought.push((value.span, value.ty.clone()));
        }
        let value = if matches!(value.ty, Type::Optional(_)) { value } else { crate::records::transparent(value) };
        let value = match ty {
            Type::Named(class, inner) if class.kind.is_transparent() && value.ty.named().is_none() => {
                let value = self.element(value, inner, container)?;
                crate::records::as_class(class, value)
            }
            _ => value,
        };
        self.element(value, ty, container)
    }

    /// Something that needs to know what a container holds that is still empty: typed again when that is known.
    pub(crate) fn is_unknown(&mut self, ty: &Type) -> bool {
        let unknown = matches!(ty, Type::Unknown(_));
        self.unit.sites.unresolved |= unknown;
        // What depends on it has no type yet, as the result of a call that is still being typed.
        self.unknown_calls |= unknown;
        unknown
    }

    /// Whether anything is evaluated here in a name of our own, so that code written as Python can name it.
    pub(crate) fn named(&mut self, what: &str, value: Expr) -> String {
        let name = self.own_name(what);
        let span = value.span;
        self.bind(&name, value, span);
        name
    }
}
