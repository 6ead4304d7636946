//! Values of classes of the package: NamedTuples, dataclasses, members of enums.
//!
//! A value has the type [`Type::Named`]: the class, and what the value is in kernels (`hypersonic_ops::ClassKind`). Going from one to the
//! other changes the type of an expression and nothing else; when a unit is typed, [`erase`] takes all names away. What Python does with
//! a NamedTuple as with any tuple, or with an `IntEnum` as with any int, is done with [`transparent`] values by everyone else; here is what
//! the class decides.

mod attributes;
mod compare;
mod construct;
mod enums;
pub(crate) mod erase;
mod methods;
mod operators;
mod patterns;

pub(crate) use patterns::own_name;

use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind};
use crate::resolve::bool_constant;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Class, ClassKind, EnumKind, Type};
use hypersonic_scan::Record;
use hypersonic_syntax::ast;
use std::sync::Arc;

/// A value of a class as what it is in kernels.
pub(crate) fn bare(value: Expr) -> Expr {
    match &value.ty {
        Type::Named(_, inner) => Expr { ty: inner.as_ref().clone(), ..value },
        _ => value,
    }
}

/// The same for values that Python works with as with what they are: NamedTuples, members of an `IntEnum`.
pub(crate) fn transparent(value: Expr) -> Expr {
    match &value.ty {
        Type::Named(class, _) if class.kind.is_transparent() => bare(value),
        _ => value,
    }
}

/// What is a value of that class in kernels, as one.
pub(crate) fn as_class(class: &Arc<Class>, value: Expr) -> Expr {
    let ty = Type::Named(Arc::clone(class), Box::new(value.ty));
    Expr { ty, ..value }
}

/// The truth of a value of a class, where it is not that of what it is in kernels.
pub(crate) fn truth(value: &Expr) -> Option<Expr> {
    let (class, _) = value.ty.named()?;
    Some(match class.kind {
        ClassKind::Keywords => bool_constant(!class.names.is_empty(), value.span),
        ClassKind::Object { .. } | ClassKind::Slice | ClassKind::Position | ClassKind::Value(EnumKind::Plain) => {
            bool_constant(true, value.span)
        }
        ClassKind::Tuple | ClassKind::Value(_) => crate::logic::truth(bare(value.clone())),
    })
}

/// The class of an object with attributes that can be set, if there is one in a type.
pub(crate) fn object_in(ty: &Type) -> Option<String> {
    let mut found = None;
    ty.each(&mut |part| {
        if let Type::Named(class, _) = part
            && matches!(class.kind, ClassKind::Object { .. })
        {
            found = Some(class.name.clone());
        }
    });
    found
}

/// Whether the order of its values is that of what they are in kernels.
pub(crate) const fn is_ordered(class: &Class) -> bool {
    matches!(class.kind, ClassKind::Tuple | ClassKind::Object { order: true, .. } | ClassKind::Value(EnumKind::Int | EnumKind::IntFlag))
}

/// Whether values are equal if, and only if, what they are in kernels is: so containers compare them.
const fn is_compared(class: &Class) -> bool {
    !matches!(class.kind, ClassKind::Object { equality: false, .. })
}

/// Whether Python's order of a set of such elements is not known: members of an `Enum` hash as their names do.
pub(crate) fn has_hidden_order(ty: &Type) -> bool {
    ty.any(|part| matches!(part, Type::Named(class, _) if class.kind.is_enum() && !class.kind.is_transparent()))
}

/// A class among the parts of a type whose values containers cannot compare.
pub(crate) fn uncompared(ty: &Type) -> Option<String> {
    let mut found = None;
    ty.each(&mut |part| {
        if let Type::Named(class, _) = part
            && !is_compared(class)
        {
            found = Some(class.name.clone());
        }
    });
    found
}

impl Typer<'_, '_> {
    /// The record that an expression names; reported if it is one in vain.
    pub(crate) fn record_of(&mut self, expr: &ast::Expr) -> Option<Typed<Arc<Record>>> {
        let root = root_name(expr)?;
        if self.is_local(root) {
            return None;
        }
        let definition = self.unit.program.resolve_expression(self.file, expr)?;
        let found = self.unit.program.record(&definition)?;
        let root = root.to_owned();
        self.unit.note_piece(self.file, &root);
        Some(match found {
            Ok(record) => {
                self.note_record(&record);
                Ok(record)
            }
            Err(wrong) => Err(self.report(wrong.diagnostic(expr.span))),
        })
    }

    /// The record of a value's class.
    pub(crate) fn record_named(&mut self, class: &Class, span: Span) -> Typed<Arc<Record>> {
        match self.unit.program.record_named(class) {
            Some(Ok(record)) => {
                self.note_record(&record);
                Ok(record)
            }
            Some(Err(wrong)) => Err(self.report(wrong.diagnostic(span))),
            None => Err(self.unsupported(format!("the class `{}` is not known any more", class.name), span, "used here")),
        }
    }

    fn note_record(&mut self, record: &Record) {
        for (file, name) in &record.pieces {
            self.unit.note_piece(*file, name);
        }
    }

    /// Refuses something about a value of a class.
    fn refused_record(&mut self, title: impl Into<String>, span: Span, label: &str, hint: &str) -> Reported {
        self.report(Diagnostic::new(Id::UnsupportedObject, title, span, label).with_hint(hint))
    }

    /// A value that becomes a part of a string. Those of classes have texts of their own.
    pub(crate) fn text_value(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        let value = self.entity(expr)?;
        match value.ty.named() {
            Some((class, _)) => {
                let title = format!("an object of `{}` has no compiled form as a string", class.name);
                let hint = if class.kind.is_enum() { "show its `.name` or its `.value`" } else { "show its fields" };
                Err(self.refused_record(title, expr.span, "shown here", hint))
            }
            None => Ok(value),
        }
    }

    /// Refuses what would compare values of a class that has no `==` of its fields in a container.
    pub(crate) fn require_compared(&mut self, ty: &Type, span: Span) -> Typed<()> {
        match uncompared(ty) {
            None => Ok(()),
            Some(class) => {
                let title = format!("objects of `{class}` are compared in a container");
                Err(self.refused_record(title, span, "compared here", "compare them one by one, in a loop"))
            }
        }
    }

    /// Refuses to walk over a set whose order only Python knows.
    pub(crate) fn require_known_order(&mut self, ty: &Type, span: Span) -> Typed<()> {
        if matches!(ty, Type::Set(element) if has_hidden_order(element)) {
            let title = format!("the order of `{ty}` is not known");
            return Err(self.refused_record(title, span, "run over here", "use a list, or a dict, whose order is that of insertion"));
        }
        Ok(())
    }
}

/// The first name of a dotted expression.
fn root_name(expr: &ast::Expr) -> Option<&str> {
    match &expr.kind {
        ast::ExprKind::Name(name) => Some(name),
        ast::ExprKind::Attribute(base, _) => root_name(base),
        _ => None,
    }
}

/// The same value, free to be evaluated several times.
fn is_free(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Variable(_) | ExprKind::Constant(_) | ExprKind::Unit)
}
