//! `p.x`: fields, properties and class attributes, read and set.

use super::{as_class, bare, transparent};
use crate::expression::tuple;
use crate::function::{Typed, Typer};
use crate::ir::{Expr, ExprKind};
use crate::objects::operation;
use crate::resolve::int_constant;
use crate::unify::tuple_item;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::{Diagnostic, Id, Span, suggest};
use hypersonic_ops::{ClassKind, Type};
use hypersonic_scan::class::mangled;
use hypersonic_scan::{Member, MethodKind, Record};
use hypersonic_syntax::ast;
use std::sync::Arc;

impl Typer<'_, '_> {
    /// An attribute of a value of a class; the value of the base, if that is none.
    pub(crate) fn record_attribute(&mut self, base: &ast::Expr, name: &str, span: Span) -> Typed<Result<Expr, Expr>> {
        let value = self.entity(base)?;
        let value = self.slice_as_value(value)?;
        if value.ty.named().is_none() {
            return Ok(Err(value));
        }
        self.attribute_of(value, name, span)
    }

    /// An attribute of a value; what is no attribute of its class may be one of what it is in kernels.
    pub(crate) fn attribute_of(&mut self, value: Expr, name: &str, span: Span) -> Typed<Result<Expr, Expr>> {
        let Some((class, _)) = value.ty.named() else { return Ok(Err(value)) };
        let class = Arc::clone(class);
        if class.kind.is_enum() {
            if let Some(found) = self.enum_attribute(&class, value.clone(), name, span)? {
                return Ok(Ok(found));
            }
        } else if class.kind == ClassKind::Keywords {
            return Err(self.type_error(format!("a dict has no attribute `{name}`"), span, "used here"));
        } else if let Some(n) = class.names.iter().position(|field| field == name) {
            return Ok(Ok(self.field(value, n, span)));
        }
        if class.kind == ClassKind::Slice {
            return Err(self.type_error(format!("`slice` has no attribute `{name}`"), span, "used here"));
        }
        let record = self.record_named(&class, span)?;
        if class.kind == ClassKind::Tuple && matches!(name, "_fields" | "__match_args__") {
            self.evaluate(&value);
            return Ok(Ok(field_names(&record, span)));
        }
        match member(&record, name) {
            Some(Member::Function(method)) if method.kind == MethodKind::Property => self.call_on(value, &method, &[], &[], span).map(Ok),
            Some(Member::Function(_)) => {
                let title = format!("the method `{name}` is used as a value");
                Err(self.refused_record(title, span, "methods can be called, not passed around", "call it here"))
            }
            Some(Member::Attribute(attribute)) if attribute.value.is_some() && class.kind.is_enum() == record.fields.is_empty() => {
                let Some(written) = attribute.value else { return Ok(Err(transparent(value))) };
                self.evaluate(&value);
                self.constant_value(attribute.file, class.name.clone(), &written, span).map(Ok)
            }
            Some(_) => {
                let title = format!("`{name}` of `{}` is not followed", class.name);
                Err(self.refused_record(title, span, "used here", "define it once, as a field or a plain method"))
            }
            None if class.kind.is_transparent() && matches!(name, "real" | "imag" | "numerator" | "denominator") => Ok(Err(bare(value))),
            None => Err(self.no_such_attribute(&record, name, span)),
        }
    }

    pub(super) fn no_such_attribute(&mut self, record: &Record, name: &str, span: Span) -> crate::function::Reported {
        let class = &record.name.name;
        let title = format!("`{class}` has no attribute `{name}` that the source shows");
        let names = record.name.names.iter().map(String::as_str);
        let members = record.class.iter().flat_map(|class| class.names());
        let diagnostic = Diagnostic::new(Id::UnknownAttribute, title, span, "used here");
        let hint = match suggest(name, names.chain(members)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{class}` has: {}", record.name.names.join(", ")),
        };
        self.report(diagnostic.with_hint(hint))
    }

    /// The n-th field.
    pub(super) fn field(&mut self, value: Expr, n: usize, span: Span) -> Expr {
        if let Some((class, Type::List(_))) = value.ty.named() {
            let count = class.names.len();
            let (list, n, _) = Self::list_of_attribute(bare(value), n, count, span);
            return tuple_item(&element_of(list, span), n);
        }
        let inner = bare(value);
        match self.tuple_items(inner) {
            Ok(mut items) if items.len() > n => {
                // The other items are evaluated too.
                let item = items.swap_remove(n);
                items.iter().for_each(|other| self.evaluate(other));
                item
            }
            Ok(_) => int_constant(0, span),
            Err(other) => other,
        }
    }

    /// `x.name = value` of an object; false if the base is no value of a class.
    pub(crate) fn set_record_attribute(&mut self, object: Expr, name: &str, value: Expr, span: Span) -> Typed<()> {
        let Some((class, inner)) = object.ty.named() else { return Err(crate::function::Reported) };
        let (class, inner) = (Arc::clone(class), inner.clone());
        let record = self.record_named(&class, span)?;
        let settable = matches!(class.kind, ClassKind::Object { .. }) && !record.frozen;
        let (Some(n), true) = (record.position(name), settable) else {
            if !settable {
                let title = format!("the attribute `{name}` of `{}` cannot be set", class.name);
                return Err(self.type_error(title, span, "its objects do not change"));
            }
            if let Some(Member::Function(_)) = member(&record, name) {
                let title = format!("`{name}` of `{}` is set, but it is no field", class.name);
                return Err(self.refused_record(title, span, "a property, or a method", "set the fields that it stands for"));
            }
            return Err(self.no_such_attribute(&record, name, span));
        };
        let count = class.names.len();
        let types = inner.attributes(count);
        let object = self.hold(object);
        let value = self.hold(value);
        let value = self.stored_in_field(&class, n, value, types.get(n).unwrap_or(&Type::None))?;
        let value = self.hold(value);
        let (list, n, is_first) = Self::list_of_attribute(bare(object.clone()), n, count, span);
        let list = self.hold(list);
        let old = self.hold(element_of(list.clone(), span));
        let Type::Tuple(types) = old.ty.clone() else { return Err(crate::function::Reported) };
        let mut fields: Vec<Expr> = (0..types.len()).map(|k| tuple_item(&old, k)).collect();
        if let Some(field) = fields.get_mut(n) {
            *field = value;
        }
        let fields = Expr { ty: Type::Tuple(types), ..tuple(fields, span) };
        self.perform(Op::SetItem, vec![list, int_constant(0, span), fields], span);
        if !is_first {
            // The first list tells the runtime that the object was changed.
            let object = bare(object);
            let first = self.hold(element_of(object.clone(), span));
            self.perform(Op::SetItem, vec![object, int_constant(0, span), first], span);
        }
        Ok(())
    }

    /// The list that holds the n-th of some attributes, which place it has there, and whether it is the first list.
    fn list_of_attribute(list: Expr, n: usize, count: usize, span: Span) -> (Expr, usize, bool) {
        let (mut list, mut n, mut count, mut is_first) = (list, n, count, true);
        while let Type::List(element) = &list.ty
            && let Type::Tuple(items) = element.as_ref()
            && items.len() != count
            && n + 1 >= items.len()
        {
            let own = items.len() - 1;
            list = tuple_item(&element_of(list, span), own);
            (n, count, is_first) = (n - own, count.saturating_sub(own), false);
        }
        (list, n, is_first)
    }

    /// `Color.RED`, `P._fields`: none if the base is no class.
    pub(crate) fn class_attribute(&mut self, base: &ast::Expr, name: &str, span: Span) -> Option<Typed<Expr>> {
        let record = self.record_of(base)?;
        Some(record.and_then(|record| {
            if let Some(member) = record.member(name) {
                return Ok(self.member_constant(&record, member.number, span));
            }
            match (name, record.name.kind) {
                ("_fields" | "__match_args__", ClassKind::Tuple) => Ok(field_names(&record, span)),
                ("__name__" | "__qualname__", _) => Ok(text(&record.name.name, span)),
                _ => match member(&record, name) {
                    Some(Member::Attribute(attribute)) if record.position(name).is_none() && attribute.value.is_some() => {
                        let Some(value) = attribute.value else { return Err(crate::function::Reported) };
                        self.constant_value(attribute.file, record.name.name.clone(), &value, span)
                    }
                    _ => Err(self.no_such_attribute(&record, name, span)),
                },
            }
        }))
    }

    /// A member as a constant.
    pub(super) fn member_constant(&self, record: &Record, number: i64, span: Span) -> Expr {
        as_class(&record.name, int_constant(number, span))
    }
}

/// The one element of a list of attributes.
pub(super) fn element_of(list: Expr, span: Span) -> Expr {
    let element = match &list.ty {
        Type::List(element) => element.as_ref().clone(),
        _ => Type::None,
    };
    operation(Op::GetItem, vec![list, int_constant(0, span)], element, span)
}

/// The member of a record's class under a name.
pub(super) fn member(record: &Record, name: &str) -> Option<Member> {
    let class = record.class.as_ref()?;
    class.member(&mangled(&class.name, name)).cloned()
}

fn field_names(record: &Record, span: Span) -> Expr {
    tuple(record.fields.iter().map(|field| text(&field.name, span)).collect(), span)
}

/// A literal.
pub(super) fn text(text: &str, span: Span) -> Expr {
    Expr { ty: Type::Text(text.to_owned()), kind: ExprKind::Unit, span }
}
