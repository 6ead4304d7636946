//! Fields that the body of a class annotates.

use super::tuple::is_field;
use super::{Field, Given, Header, Wrong};
use crate::resolve::Definition;
use hypersonic_syntax::ast::{Expr, ExprKind, StmtKind};

/// What `field(...)` says.
pub(super) struct Said {
    pub(super) default: Option<Given>,
    pub(super) init: bool,
    pub(super) compare: bool,
    pub(super) keyword_only: Option<bool>,
}

/// The annotated names of a class's body, in order; `read` takes values that are more than defaults.
pub(super) fn fields_of(
    header: &Header<'_>,
    read: impl Fn(&Header<'_>, &Expr) -> Option<Result<Said, Wrong>>,
) -> Result<Vec<Field>, Wrong> {
    let mut fields: Vec<Field> = Vec::new();
    let mut all_by_keyword = false;
    for stmt in header.class.body.iter().filter(|stmt| is_field(&stmt.kind)) {
        let StmtKind::AnnAssign { target, annotation, value } = &stmt.kind else { continue };
        let ExprKind::Name(name) = &target.kind else { continue };
        match special(header, annotation) {
            Some("ClassVar") => continue,
            Some("KW_ONLY") => {
                all_by_keyword = true;
                continue;
            }
            Some(_) => return Err(header.wrong(annotation.span, "it has an `InitVar`", "make the field an attribute")),
            None => {}
        }
        let said = match value.as_ref().and_then(|value| read(header, value)) {
            Some(said) => said?,
            None => Said { default: value.clone().map(Given::Value), init: true, compare: true, keyword_only: None },
        };
        let field = Field {
            name: name.clone(),
            file: header.file,
            annotation: Some(annotation.clone()),
            default: said.default,
            keyword_only: said.keyword_only.unwrap_or(all_by_keyword),
            init: said.init,
            compare: said.compare,
        };
        // Said again, it stays in its place.
        match fields.iter_mut().find(|other| other.name == *name) {
            Some(other) => *other = field,
            None => fields.push(field),
        }
    }
    Ok(fields)
}

/// `ClassVar`, `InitVar`, `KW_ONLY`, with arguments or without.
fn special(header: &Header<'_>, annotation: &Expr) -> Option<&'static str> {
    let base = match &annotation.kind {
        ExprKind::Subscript(base, _) => base,
        ExprKind::Str(text) => {
            let first = text.split('[').next().unwrap_or_default();
            let last = first.rsplit('.').next().unwrap_or_default().trim();
            return ["ClassVar", "InitVar", "KW_ONLY"].into_iter().find(|name| *name == last);
        }
        _ => annotation,
    };
    match header.program.resolve_expression(header.file, base) {
        Some(Definition::External(full)) => match full.as_str() {
            "typing.ClassVar" | "typing_extensions.ClassVar" => Some("ClassVar"),
            "dataclasses.InitVar" => Some("InitVar"),
            "dataclasses.KW_ONLY" => Some("KW_ONLY"),
            _ => None,
        },
        _ => None,
    }
}
