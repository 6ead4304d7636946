//! NamedTuples: `class P(NamedTuple)`, `P = namedtuple("P", "x y")`, and classes that inherit from one.

use super::fields::fields_of;
use super::{Base, Field, Found, Given, Header, Record, Wrong};
use crate::program::Program;
use crate::resolve::Definition;
use hypersonic_ops::{Class as Name, ClassKind};
use hypersonic_syntax::ast::{Expr, ExprKind, Span, StmtKind};
use std::sync::Arc;

/// A class with a NamedTuple among its bases.
pub(super) fn of_class(header: &Header<'_>, bases: &[(Base, Span)]) -> Option<Found> {
    let is_tuple = |base: &Base| match base {
        Base::External(name) => matches!(name.as_str(), "typing.NamedTuple" | "typing_extensions.NamedTuple"),
        Base::Call(_) => true,
        Base::Record(Ok(record)) => record.name.kind == ClassKind::Tuple,
        _ => false,
    };
    if !bases.iter().any(|(base, _)| is_tuple(base)) {
        return None;
    }
    let [(base, _)] = bases else {
        let span = header.class.name_span;
        return Some(Err(header.wrong(span, "it has other bases than the NamedTuple", "inherit from the NamedTuple alone")));
    };
    let fields = match base {
        Base::Call(Ok(record)) | Base::Record(Ok(record)) => {
            let mut record = record.clone();
            record.name = name(header.file, &header.class.name, &record.fields);
            return Some(Ok(record));
        }
        Base::Call(Err(wrong)) => return Some(Err(wrong.clone())),
        _ => fields_of(header, |_, _| None),
    };
    Some(fields.map(|fields| record(header.file, &header.class.name, fields)))
}

fn name(file: u32, name: &str, fields: &[Field]) -> Arc<Name> {
    let names = fields.iter().map(|field| field.name.clone()).collect();
    Arc::new(Name { file, name: name.to_owned(), kind: ClassKind::Tuple, names })
}

fn record(file: u32, class: &str, fields: Vec<Field>) -> Record {
    Record {
        name: name(file, class, &fields),
        class: None,
        fields,
        members: Vec::new(),
        equality: true,
        order: true,
        frozen: true,
        unmade: None,
        pieces: vec![(file, class.to_owned())],
    }
}

/// `namedtuple("P", "x y", defaults=(0.0,))`, `NamedTuple("P", [("x", float)])`.
pub(super) fn of_call(program: &Program, file: u32, class: &str, value: &Expr) -> Option<Found> {
    let ExprKind::Call(callee, arguments, keywords) = &value.kind else { return None };
    let Some(Definition::External(full)) = program.resolve_expression(file, callee) else { return None };
    let typed = match full.as_str() {
        "collections.namedtuple" => false,
        "typing.NamedTuple" | "typing_extensions.NamedTuple" => true,
        _ => return None,
    };
    let wrong = |span: Span| {
        let title = format!("the fields of `{class}` are not known at build time");
        Err(Wrong::new(span, title, "write their names as strings: `namedtuple(\"P\", \"x y\")`"))
    };
    let [_, names] = arguments.as_slice() else { return Some(wrong(value.span)) };
    let Some(names) = (if typed { typed_names(names) } else { plain_names(names) }) else { return Some(wrong(names.span)) };
    let mut fields: Vec<Field> = names
        .into_iter()
        .map(|(name, annotation)| Field { name, file, annotation, default: None, keyword_only: false, init: true, compare: true })
        .collect();
    for (keyword, given) in keywords {
        match (keyword.as_deref(), &given.kind) {
            (Some("defaults"), ExprKind::Tuple(defaults) | ExprKind::List(defaults)) if !typed && defaults.len() <= fields.len() => {
                let first = fields.len() - defaults.len();
                for (field, default) in fields[first..].iter_mut().zip(defaults) {
                    field.default = Some(Given::Value(default.clone()));
                }
            }
            (Some("module"), _) | (Some("rename"), ExprKind::Bool(false)) | (Some("defaults"), ExprKind::None) => {}
            _ => return Some(wrong(given.span)),
        }
    }
    let valid = |name: &str| !name.starts_with('_') && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let unique = fields.iter().enumerate().all(|(n, field)| valid(&field.name) && fields[..n].iter().all(|other| other.name != field.name));
    Some(if unique { Ok(record(file, class, fields)) } else { wrong(value.span) })
}

type Names = Vec<(String, Option<Expr>)>;

fn plain_names(names: &Expr) -> Option<Names> {
    match &names.kind {
        ExprKind::Str(text) => Some(text.replace(',', " ").split_whitespace().map(|name| (name.to_owned(), None)).collect()),
        ExprKind::List(items) | ExprKind::Tuple(items) => items
            .iter()
            .map(|item| match &item.kind {
                ExprKind::Str(name) => Some((name.clone(), None)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn typed_names(names: &Expr) -> Option<Names> {
    let (ExprKind::List(items) | ExprKind::Tuple(items)) = &names.kind else { return None };
    items
        .iter()
        .map(|item| match &item.kind {
            ExprKind::Tuple(pair) => match pair.as_slice() {
                [Expr { kind: ExprKind::Str(name), .. }, annotation] => Some((name.clone(), Some(annotation.clone()))),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// Whether a statement is a field of a class that is written out.
pub(super) const fn is_field(kind: &StmtKind) -> bool {
    matches!(kind, StmtKind::AnnAssign { target: Expr { kind: ExprKind::Name(_), .. }, .. })
}
