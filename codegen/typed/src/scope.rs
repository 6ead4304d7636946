//! What the names of a function mean at one point of it, and how the meanings of two paths join.
//!
//! A name has one [`Binding`] at a time. Each pair of a name and a type has one variable for the whole function, so a
//! name that changes its type changes its variable. Where paths with different variables meet, the types are unified;
//! if they do not unify the name is in [`Binding::Conflict`], which is reported only when it is read.

use crate::ir::{Constant, VariableId};
use crate::unify::unify;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use std::collections::BTreeMap;

/// What is known of a value on the way to here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Known {
    /// It is this.
    Constant(Constant),
    /// It may be `None` by its type, and is not: a test said so.
    Present,
}

/// What a name means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Binding {
    /// A value.
    Value {
        /// Its type.
        ty: Type,
        /// Which variable holds it.
        variable: VariableId,
        /// What is known of its value.
        known: Option<Known>,
        /// Whether some path does not set it.
        maybe_unbound: bool,
        /// Where it was set last.
        span: Span,
    },
    /// Values that no one type holds.
    Conflict((Type, Span), (Type, Span)),
    /// The value could not be typed; that is already reported.
    Poisoned,
    /// Something imported inside the function, by full name.
    Imported(String),
    /// The object whose method it is, or its class.
    Receiver,
    /// The exception that a handler has taken, by its `Try`.
    Exception(u32),
}

/// Names to meanings. A name that is not here is not set.
pub(crate) type Environment = BTreeMap<String, Binding>;

/// Gives the variable of a name and a type.
pub(crate) type VariableOf<'a> = dyn FnMut(&str, &Type) -> VariableId + 'a;

/// Joins what one name means on two paths; `None` where a path does not set it.
pub(crate) fn join_binding(name: &str, a: Option<&Binding>, b: Option<&Binding>, variable_of: &mut VariableOf<'_>) -> Option<Binding> {
    let (a, b) = match (a, b) {
        (None, None) => return None,
        (Some(one), None) | (None, Some(one)) => return Some(maybe(one.clone())),
        (Some(a), Some(b)) => (a, b),
    };
    Some(match (a, b) {
        (Binding::Poisoned, _) | (_, Binding::Poisoned) => Binding::Poisoned,
        (Binding::Receiver, Binding::Receiver) => Binding::Receiver,
        (Binding::Receiver, _) | (_, Binding::Receiver) => Binding::Poisoned,
        (Binding::Imported(a), Binding::Imported(b)) if a == b => Binding::Imported(a.clone()),
        (Binding::Imported(_), _) | (_, Binding::Imported(_)) => Binding::Poisoned,
        (Binding::Exception(_), _) if a == b => a.clone(),
        (Binding::Exception(_), _) | (_, Binding::Exception(_)) => Binding::Poisoned,
        (Binding::Conflict(..), _) => a.clone(),
        (_, Binding::Conflict(..)) => b.clone(),
        (
            Binding::Value { ty: ty_a, known: known_a, maybe_unbound: maybe_a, span: span_a, .. },
            Binding::Value { ty: ty_b, known: known_b, maybe_unbound: maybe_b, span: span_b, .. },
        ) => match unify(ty_a, ty_b) {
            Some(ty) => Binding::Value {
                variable: variable_of(name, &ty),
                known: if ty_a == ty_b && same(*known_a, *known_b) { *known_a } else { None },
                maybe_unbound: *maybe_a || *maybe_b,
                span: *span_a,
                ty,
            },
            None => Binding::Conflict((ty_a.clone(), *span_a), (ty_b.clone(), *span_b)),
        },
    })
}

fn same(a: Option<Known>, b: Option<Known>) -> bool {
    match (a, b) {
        (Some(Known::Constant(Constant::Float(a))), Some(Known::Constant(Constant::Float(b)))) => a.to_bits() == b.to_bits(),
        (Some(Known::Constant(Constant::Complex(..))), _) => false,
        _ => a == b,
    }
}

fn maybe(binding: Binding) -> Binding {
    match binding {
        Binding::Value { ty, variable, known, span, .. } => Binding::Value { ty, variable, known, maybe_unbound: true, span },
        other => other,
    }
}

/// Joins two paths; `None` is a path that control does not take.
pub(crate) fn join(a: Option<Environment>, b: Option<Environment>, variable_of: &mut VariableOf<'_>) -> Option<Environment> {
    let (a, b) = match (a, b) {
        (None, other) | (other, None) => return other,
        (Some(a), Some(b)) => (a, b),
    };
    let mut joined = Environment::new();
    for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
        if let Some(binding) = join_binding(name, a.get(name), b.get(name), variable_of) {
            joined.insert(name.clone(), binding);
        }
    }
    Some(joined)
}

/// Whether two environments agree in all that decides the code: not in spans and known values.
pub(crate) fn same_shape(a: Option<&Binding>, b: Option<&Binding>) -> bool {
    match (a, b) {
        (Some(Binding::Value { variable: va, maybe_unbound: ma, .. }), Some(Binding::Value { variable: vb, maybe_unbound: mb, .. })) => {
            va == vb && ma == mb
        }
        (Some(Binding::Conflict(..)), Some(Binding::Conflict(..))) => true,
        (a, b) => a == b,
    }
}

/// The binding without what is only known on the way into a loop.
pub(crate) fn forget_value(binding: Binding) -> Binding {
    match binding {
        Binding::Value { ty, variable, maybe_unbound, span, .. } => Binding::Value { ty, variable, known: None, maybe_unbound, span },
        other => other,
    }
}
