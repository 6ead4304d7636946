//! NamedTuples, dataclasses and enums as types: the types of their fields.

use super::Reader;
use super::spec::{Container, Spec, expand};
use crate::program::Program;
use crate::record::{Field, Record, Shared};
use crate::signature::ParameterType;
use hypersonic_diagnostics::{Id, Span};
use hypersonic_ops::{ClassKind, Type};
use hypersonic_syntax::ast::Expr;
use std::sync::Arc;

impl Reader<'_> {
    /// A record as a type.
    pub(super) fn record(&mut self, found: Shared, span: Span) -> Option<Spec> {
        let record = match found {
            Ok(record) => record,
            Err(wrong) => return self.fail(Id::BadAnnotation, &wrong.title, span, "this class", wrong.hint),
        };
        let here = (record.name.file, record.name.name.clone());
        if self.records.contains(&here) {
            let what = format!("objects of the class `{}` hold objects of the same class", here.1);
            let hint = "keep the objects in a list, and let them name each other by their numbers in it";
            return self.bad(&what, span, "within itself", hint);
        }
        self.records.push(here);
        let inner = self.record_fields(&record, span);
        self.records.pop();
        Some(Spec::Named(Arc::clone(&record.name), Box::new(inner?)))
    }

    fn record_fields(&mut self, record: &Record, span: Span) -> Option<Spec> {
        Some(match record.name.kind {
            ClassKind::Value(_) | ClassKind::Position | ClassKind::Slice | ClassKind::Keywords => int(),
            ClassKind::Tuple | ClassKind::Object { .. } => {
                let texts = std::mem::take(&mut self.texts);
                let fields: Vec<Option<Spec>> = record.fields.iter().map(|field| self.field(record, field, span)).collect();
                self.texts = texts;
                let fields = fields.into_iter().collect::<Option<Vec<_>>>()?;
                if record.name.kind == ClassKind::Tuple {
                    Spec::Tuple(fields)
                } else {
                    let fields = fields.into_iter().map(Spec::element).collect();
                    Spec::Container(Container::List, vec![Spec::Tuple(fields)])
                }
            }
        })
    }

    fn field(&mut self, record: &Record, field: &Field, span: Span) -> Option<Spec> {
        let Some(annotation) = &field.annotation else {
            let class = &record.name.name;
            let what = format!("the field `{}` of `{class}` has no type", field.name);
            let hint = format!("write the types: `class {class}(NamedTuple): {}: float`", field.name);
            return self.bad(&what, span, "a plain namedtuple", hint);
        };
        self.expression(field.file, annotation)
    }
}

fn int() -> Spec {
    match Type::INT {
        Type::Scalar(dtype, flavor) => Spec::One(ParameterType::Scalar(dtype, flavor)),
        _ => Spec::One(ParameterType::None),
    }
}

impl Program {
    /// The type that the annotation of a field says, if it says one that is compiled.
    #[must_use]
    pub fn field_type(&self, field: &Field) -> Option<Type> {
        self.annotated_type(field.file, field.annotation.as_ref()?)
    }

    /// The type that an annotation says of an element of a container, if it says one that is compiled.
    #[must_use]
    pub fn annotated_type(&self, file: u32, annotation: &Expr) -> Option<Type> {
        let spec = Reader::new(self, "").expression(file, annotation)?.element();
        let mut signatures = expand(&[spec]).ok()?;
        let only = if signatures.len() == 1 { signatures.pop()?.parameters.pop() } else { None };
        only.map(|parameter| parameter.to_type())
    }
}
