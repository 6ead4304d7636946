//! `P(1.0, y=2.0)`: new values of a class, and copies with other fields.

use super::attributes::element_of;
use super::{as_class, bare};
use crate::calls::Keywords;
use crate::expression::tuple;
use crate::function::{Typed, Typer};
use crate::ir::Expr;
use crate::library::Arguments;
use crate::objects::stored_type;
use crate::unify::{coerce, tuple_item, unify, unify_element, unify_made};
use hypersonic_abi::object::{Op, layout};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Class, ClassKind, Flavor, Type};
use hypersonic_scan::Record;
use hypersonic_scan::record::{Field, Given};
use hypersonic_syntax::ast;
use std::sync::Arc;

impl Typer<'_, '_> {
    /// A call of a class of the package, or of something of it; none if it is neither.
    pub(crate) fn class_call(
        &mut self,
        function: &ast::Expr,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Option<Typed<Expr>> {
        if let Some(record) = self.record_of(function) {
            return Some(record.and_then(|record| match record.name.kind {
                ClassKind::Tuple | ClassKind::Slice | ClassKind::Keywords | ClassKind::Object { .. } => {
                    let arguments = self.given(arguments, keywords, span)?;
                    self.make(&record, arguments)
                }
                ClassKind::Value(_) | ClassKind::Position => self.member_of_value(&record, arguments, keywords, span),
            }));
        }
        if let ast::ExprKind::Attribute(base, method) = &function.kind
            && let Some(record) = self.record_of(base)
        {
            return Some(record.and_then(|record| self.class_method(&record, method, arguments, keywords, span)));
        }
        None
    }

    /// A new value of a class.
    fn make(&mut self, record: &Record, arguments: Arguments) -> Typed<Expr> {
        let span = arguments.span;
        if let Some(wrong) = &record.unmade {
            return Err(self.report(wrong.diagnostic(span)));
        }
        let values = self.field_values(record, arguments)?;
        self.of_fields(record, values, span)
    }

    /// One value per field, as Python binds arguments.
    fn field_values(&mut self, record: &Record, arguments: Arguments) -> Typed<Vec<Expr>> {
        let Arguments { positional, mut keywords, span } = arguments;
        let class = &record.name.name;
        let mut positional = positional.into_iter();
        let mut values = Vec::with_capacity(record.fields.len());
        for field in &record.fields {
            let by_position = if field.init && !field.keyword_only { positional.next() } else { None };
            let at = if field.init { keywords.iter().position(|(name, _)| *name == field.name) } else { None };
            let by_name = at.map(|at| keywords.remove(at).1);
            let value = match (by_position, by_name) {
                (Some(_), Some(again)) => {
                    let title = format!("{class}() got multiple values for argument '{}'", field.name);
                    return Err(self.type_error(title, again.span, "given again"));
                }
                (Some(value), None) | (None, Some(value)) => value,
                (None, None) => self.default_of(record, field, span)?,
            };
            if value.ty.any(|part| matches!(part, Type::Function(_) | Type::DtypeValue(..))) {
                let title = format!("the field `{}` of `{class}` is given `{}`", field.name, value.ty);
                return Err(self.refused_record(title, value.span, "not compiled", "keep functions and dtypes outside of objects"));
            }
            values.push(value);
        }
        if let Some(extra) = positional.next() {
            return Err(self.type_error(format!("{class}() takes fewer positional arguments"), extra.span, "one too many"));
        }
        if let Some((keyword, value)) = keywords.first() {
            let title = format!("{class}() got an unexpected keyword argument '{keyword}'");
            return Err(self.type_error(title, value.span, "no such field"));
        }
        Ok(values)
    }

    fn default_of(&mut self, record: &Record, field: &Field, span: Span) -> Typed<Expr> {
        let class = &record.name.name;
        let Some(default) = &field.default else {
            return Err(self.type_error(format!("{class}() missing 1 required argument: '{}'", field.name), span, "called here"));
        };
        self.constants.push((field.file, format!("{class}({})", field.name)));
        let outer = std::mem::replace(&mut self.file, field.file);
        let value = self.nested(span, |typer| match default {
            Given::Value(value) => typer.value(value),
            Given::Factory(ast::Expr { kind: ast::ExprKind::Lambda(definition), .. }) => match definition.body.as_slice() {
                [ast::Stmt { kind: ast::StmtKind::Return(Some(value)), .. }] => typer.value(value),
                _ => Err(typer.unsupported("this factory of a field is not compiled", span, "called here")),
            },
            // What it makes empty is of the place that makes the object.
            Given::Factory(factory) => typer.call(&ast::Expr { span, kind: factory.kind.clone() }, &[], &[], span),
        });
        self.file = outer;
        self.constants.pop();
        let value = value?;
        let shared = value.ty.any(|part| matches!(part, Type::Array(..) | Type::List(_) | Type::Set(_) | Type::Dict(..)));
        if shared && matches!(default, Given::Value(_)) {
            let title = format!("`{}` as default value is not compiled", value.ty);
            return Err(self.unsupported(title, span, "the same object is used in every call"));
        }
        Ok(Expr { span, ..value })
    }

    /// A value of the class with these fields.
    pub(super) fn of_fields(&mut self, record: &Record, values: Vec<Expr>, span: Span) -> Typed<Expr> {
        if record.name.kind == ClassKind::Tuple {
            return Ok(as_class(&record.name, tuple(values, span)));
        }
        let types: Vec<Type> =
            record.fields.iter().zip(&values).enumerate().map(|(n, (field, value))| self.made_type(record, n, field, value)).collect();
        let mut fields = Vec::with_capacity(values.len());
        for (value, ty) in values.into_iter().zip(&types) {
            let value = self.hold(value);
            fields.push(self.fitted(value, ty, &record.name)?);
        }
        let words: Vec<usize> = types.iter().map(Type::words).collect();
        let mut fields = fields.into_iter().rev();
        let mut rest: Option<Expr> = None;
        for group in layout::groups(&words).collect::<Vec<_>>().into_iter().rev() {
            let mut items: Vec<Expr> = fields.by_ref().take(group.len()).collect();
            items.reverse();
            let link = rest.as_ref().map(|rest| rest.ty.clone());
            let element = Type::Tuple(types[group].iter().cloned().chain(link).collect());
            items.extend(rest);
            let object = self.fresh(Type::list(element.clone()), span);
            self.perform(Op::Append, vec![object.clone(), Expr { ty: element, ..tuple(items, span) }], span);
            rest = Some(object);
        }
        rest.map(|object| as_class(&record.name, object)).ok_or(crate::function::Reported)
    }

    /// The type of a field in an object that is made with that value: what the annotation says, if it takes the value; and what is put in later.
    fn made_type(&self, record: &Record, n: usize, field: &Field, value: &Expr) -> Type {
        let own = stored_type(&value.ty);
        let said = self.unit.program.field_type(field).filter(|said| takes(said, &own));
        let ty = said.unwrap_or(own);
        let later = self.unit.sites.widened(&record.name, n);
        later.and_then(|later| unify(&ty, later)).unwrap_or(ty)
    }

    /// A value as a field of that type.
    fn fitted(&mut self, value: Expr, ty: &Type, class: &Class) -> Typed<Expr> {
        if matches!((&value.ty, ty), (Type::Scalar(..), Type::Scalar(..))) {
            return Ok(coerce(value, ty));
        }
        self.element(value, ty, &format!("a field of `{}`", class.name))
    }

    /// A value that an attribute of an existing object is set to.
    pub(super) fn stored_in_field(&mut self, class: &Arc<Class>, n: usize, value: Expr, ty: &Type) -> Typed<Expr> {
        let own = stored_type(&value.ty);
        if takes(ty, &own) {
            return self.fitted(value, ty, class);
        }
        // Objects that are made here can have a wider field from the beginning.
        if let Some(both) = unify(ty, &own)
            && self.unit.sites.widen(class, n, &both)
        {
            return Err(crate::function::Reported);
        }
        let field = class.names.get(n).cloned().unwrap_or_default();
        let title = format!("the attribute `{field}` of `{}` is `{ty}`, and is set to `{own}`", class.name);
        let diagnostic = Diagnostic::new(Id::TypeConflict, title, value.span, format!("this is `{own}`"));
        let hint = match (ty, &own) {
            (Type::Scalar(_, Flavor::Python), Type::Scalar(..)) => format!("convert it: `{ty}(...)`; attributes keep their type"),
            _ => "set attributes to values of their type".to_owned(),
        };
        Err(self.report(diagnostic.with_hint(hint)))
    }

    /// `dataclasses.replace(x, field=...)`, `p._replace(field=...)`.
    pub(super) fn replaced(&mut self, value: Expr, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let Some((class, _)) = value.ty.named() else { return Err(crate::function::Reported) };
        let record = self.record_named(&Arc::clone(class), span)?;
        if let Some(wrong) = record.unmade.as_ref().filter(|_| record.name.kind != ClassKind::Tuple) {
            return Err(self.report(wrong.diagnostic(span)));
        }
        let value = self.hold(value);
        let mut given = self.given(&[], keywords, span)?.keywords;
        let old = self.fields_of(value, span);
        let mut values = Vec::with_capacity(old.len());
        for (field, old) in record.fields.iter().zip(old) {
            let at = given.iter().position(|(name, _)| *name == field.name);
            if !field.init && record.name.kind != ClassKind::Tuple {
                let title =
                    format!("`replace` of `{}`, whose field `{}` is no parameter, is not compiled", class_name(&record), field.name);
                return Err(self.refused_record(title, span, "called here", "make the object anew"));
            }
            values.push(match at {
                Some(at) => given.remove(at).1,
                None => self.hold(old),
            });
        }
        if let Some((name, value)) = given.first() {
            let title = format!("`{}` has no field `{name}`", class_name(&record));
            return Err(self.type_error(title, value.span, "given here"));
        }
        self.of_fields(&record, values, span)
    }

    /// The fields of a NamedTuple or dataclass, as they are now. The value is free to be evaluated several times.
    pub(super) fn fields_of(&mut self, value: Expr, span: Span) -> Vec<Expr> {
        let fields = self.fields(value, span);
        self.tuple_items(fields).unwrap_or_default()
    }

    /// The same as a tuple.
    pub(super) fn fields(&mut self, value: Expr, span: Span) -> Expr {
        let Some((class, Type::List(_))) = value.ty.named() else { return bare(value) };
        let mut count = class.names.len();
        let mut list = bare(value);
        let mut all = Vec::with_capacity(count);
        loop {
            let read = self.hold(element_of(list, span));
            let Type::Tuple(items) = &read.ty else { return read };
            let own = if items.len() == count { count } else { items.len().saturating_sub(1) };
            if all.is_empty() && own == count {
                return read;
            }
            all.extend((0..own).map(|n| tuple_item(&read, n)));
            count = count.saturating_sub(own);
            if count == 0 || own == 0 {
                return tuple(all, span);
            }
            list = tuple_item(&read, own);
        }
    }
}

fn class_name(record: &Record) -> &str {
    &record.name.name
}

/// Whether a field of that type takes such a value as it is, as a container of such elements does: an int in a field of floats stays an int.
fn takes(field: &Type, value: &Type) -> bool {
    match (field, value) {
        _ if field == value => true,
        (Type::Scalar(..), Type::Scalar(..)) => false,
        _ => unify_element(value, field).is_some_and(|both| unify_made(&both, field).is_some()),
    }
}
