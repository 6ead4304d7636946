//! Dataclasses: their options, their fields, those of their bases in the package.

use super::fields::{Said, fields_of};
use super::{Base, Field, Found, Given, Header, Record, Wrong};
use crate::resolve::Definition;
use hypersonic_ops::{Class as Name, ClassKind};
use hypersonic_syntax::ast::{Expr, ExprKind, Span};
use std::sync::Arc;

/// What a decorator is given by name.
type Keywords<'t> = &'t [(Option<String>, Expr)];

/// What `@dataclass(...)` says.
struct Options {
    eq: bool,
    order: bool,
    frozen: bool,
    init: bool,
    keyword_only: bool,
}

/// A class that is decorated as a dataclass, or inherits from one.
pub(super) fn of_class(header: &Header<'_>, bases: Vec<(Base, Span)>) -> Option<Found> {
    let decorated = header.class.decorators.iter().find_map(|decorator| {
        let (full, keywords) = header.decorator(decorator);
        (full.as_deref() == Some("dataclasses.dataclass")).then_some((decorator.span, keywords))
    });
    let inherits =
        bases.iter().any(|(base, _)| matches!(base, Base::Record(Ok(record)) if matches!(record.name.kind, ClassKind::Object { .. })));
    let wrongly = bases.iter().find_map(|(base, _)| match base {
        Base::Record(Err(wrong)) => Some(wrong.clone()),
        _ => None,
    });
    if decorated.is_none() && !inherits {
        return wrongly.map(Err);
    }
    if let Some(wrong) = wrongly {
        return Some(Err(wrong));
    }
    Some(read(header, bases, decorated))
}

fn read(header: &Header<'_>, bases: Vec<(Base, Span)>, decorated: Option<(Span, Keywords<'_>)>) -> Found {
    let mut inherited: Option<Record> = None;
    for (base, span) in bases {
        match base {
            Base::Record(Ok(record)) if matches!(record.name.kind, ClassKind::Object { .. }) && inherited.is_none() => {
                inherited = Some(record)
            }
            Base::Plain => {}
            Base::External(name) if matches!(name.as_str(), "builtins.object" | "abc.ABC") => {}
            _ => return Err(header.wrong(span, "it has a base that is not followed", "inherit from one dataclass of the package")),
        }
    }
    let mut fields: Vec<Field> = inherited.iter().flat_map(|record| record.fields.iter().cloned()).collect();
    let mut unmade = inherited.as_ref().and_then(|record| record.unmade.clone());
    let pieces = inherited.iter().flat_map(|record| record.pieces.iter().cloned()).collect();
    let (mut equality, mut order, mut frozen) =
        inherited.as_ref().map_or((true, false, false), |record| (record.equality, record.order, record.frozen));
    if let Some((span, keywords)) = decorated {
        let options = options(header, keywords)?;
        for mut field in fields_of(header, said)? {
            field.keyword_only |= options.keyword_only;
            match fields.iter_mut().find(|other| other.name == field.name) {
                Some(other) => *other = field,
                None => fields.push(field),
            }
        }
        (equality, order, frozen) = (options.eq, options.order, options.frozen);
        if !options.init {
            let title = format!("`{}` has no `__init__` of its own", header.class.name);
            unmade = Some(Wrong::new(span, title, "make it in a Python function, and give it to this one"));
        }
    }
    if fields.is_empty() {
        return Err(header.wrong(header.class.name_span, "it has no fields", "give it a field"));
    }
    if let Some(field) = fields.iter().find(|field| !field.init && field.default.is_none()) {
        let title = format!("the field `{}` of `{}` is set by code that is not followed", field.name, header.class.name);
        unmade = Some(Wrong::new(header.class.name_span, title, "give the field a default"));
    }
    let names = fields.iter().map(|field| field.name.clone()).collect();
    let all = fields.iter().all(|field| field.compare);
    let kind = ClassKind::Object { equality: equality && all, order: order && all };
    let name = Name { file: header.file, name: header.class.name.clone(), kind, names };
    Ok(Record { name: Arc::new(name), class: None, fields, members: Vec::new(), equality, order, frozen, unmade, pieces })
}

fn options(header: &Header<'_>, keywords: Keywords<'_>) -> Result<Options, Wrong> {
    let mut options = Options { eq: true, order: false, frozen: false, init: true, keyword_only: false };
    for (name, value) in keywords {
        let ExprKind::Bool(given) = value.kind else {
            return Err(header.wrong(value.span, "an option of the dataclass is not known at build time", "write `True` or `False`"));
        };
        match name.as_deref() {
            Some("eq") => options.eq = given,
            Some("order") => options.order = given,
            Some("frozen") => options.frozen = given,
            Some("init") => options.init = given,
            Some("kw_only") => options.keyword_only = given,
            Some("repr" | "slots" | "weakref_slot" | "unsafe_hash" | "match_args") => {}
            _ => return Err(header.wrong(value.span, "an option of the dataclass is not known", "remove the option")),
        }
    }
    Ok(options)
}

/// `field(default=..., default_factory=..., init=..., compare=..., kw_only=...)`.
fn said(header: &Header<'_>, value: &Expr) -> Option<Result<Said, Wrong>> {
    let ExprKind::Call(callee, arguments, keywords) = &value.kind else { return None };
    match header.program.resolve_expression(header.file, callee) {
        Some(Definition::External(full)) if full == "dataclasses.field" && arguments.is_empty() => {}
        _ => return None,
    }
    let mut said = Said { default: None, init: true, compare: true, keyword_only: None };
    for (name, value) in keywords {
        match (name.as_deref(), &value.kind) {
            (Some("default"), _) => said.default = Some(Given::Value(value.clone())),
            (Some("default_factory"), _) => said.default = Some(Given::Factory(value.clone())),
            (Some("init"), ExprKind::Bool(given)) => said.init = *given,
            (Some("compare"), ExprKind::Bool(given)) => said.compare = *given,
            (Some("kw_only"), ExprKind::Bool(given)) => said.keyword_only = Some(*given),
            (Some("repr" | "hash" | "metadata" | "doc"), _) => {}
            _ => return Some(Err(header.wrong(value.span, "a field is described in a way that is not followed", "write a plain default"))),
        }
    }
    Some(Ok(said))
}
