//! What containers hold that are made empty. Every place that makes one has a number, and its elements have the type
//! [`Type::Unknown`] of that number until something is put in, or it meets a container whose elements are known. Then the unit
//! is typed again with what was learnt, until nothing new is. What is never filled holds ints.

use crate::function::Typer;
use crate::ir::{Block, Expr, ExprKind};
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Class, Type};
use std::collections::HashMap;

/// Deepest nesting of types that are learnt: a list that holds itself has none.
const MAX_DEPTH: usize = 16;

/// A specialization, a place in it, and which of the types there.
type Key = (String, Span, u8);

/// The places of a unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sites {
    numbers: HashMap<Key, u32>,
    types: Vec<Option<Type>>,
    /// Fields of objects that are made here, by class and position, of which more is known than from the values that they are made with.
    widened: HashMap<(u32, String, usize), Type>,
    /// Whether anything was learnt since the unit was begun.
    pub learnt: bool,
    /// Whether something could not be typed because an element type is not known.
    pub unresolved: bool,
}

impl Sites {
    /// The type of the elements of what is made there.
    fn element(&mut self, key: Key) -> Type {
        let next = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.types.push(None);
        }
        self.resolved(&Type::Unknown(number), 0)
    }

    /// A type that nothing is known of, which stands at no place.
    fn unknown(&mut self) -> Type {
        let number = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        self.types.push(None);
        Type::Unknown(number)
    }

    /// The type with what is known put in.
    pub(crate) fn resolve(&self, ty: &Type) -> Type {
        self.resolved(ty, 0)
    }

    fn resolved(&self, ty: &Type, depth: usize) -> Type {
        if depth > MAX_DEPTH {
            return ty.clone();
        }
        let inner = |ty: &Type| Box::new(self.resolved(ty, depth + 1));
        match ty {
            Type::Unknown(number) => match self.types.get(*number as usize) {
                Some(Some(known)) => self.resolved(known, depth + 1),
                _ => ty.clone(),
            },
            Type::List(element) => Type::List(inner(element)),
            Type::Sequence(element) => Type::Sequence(inner(element)),
            Type::Set(element) => Type::Set(inner(element)),
            Type::Optional(value) => Type::Optional(inner(value)),
            Type::Named(class, value) => Type::Named(std::sync::Arc::clone(class), inner(value)),
            Type::Dict(key, value) => Type::Dict(inner(key), inner(value)),
            Type::Special(special, base) => Type::Special(special.clone(), inner(base)),
            Type::Tuple(items) => Type::Tuple(items.iter().map(|item| self.resolved(item, depth + 1)).collect()),
            other => other.clone(),
        }
    }

    /// Two types that are one: gives the pair that cannot be, if there is one.
    pub(crate) fn unite(&mut self, a: &Type, b: &Type) -> Result<(), (Type, Type)> {
        let (a, b) = (self.resolve(a), self.resolve(b));
        match (&a, &b) {
            _ if a == b => Ok(()),
            // The older one stays: the place where the other is may be found by its type.
            (Type::Unknown(one), Type::Unknown(other)) => {
                let (older, newer) = (*one.min(other), *one.max(other));
                if let Some(place) = self.types.get_mut(newer as usize) {
                    *place = Some(Type::Unknown(older));
                    self.learnt = true;
                }
                Ok(())
            }
            (Type::Unknown(number), other) | (other, Type::Unknown(number)) => {
                if other.any(|part| part == &Type::Unknown(*number)) {
                    return Err((a.clone(), b.clone()));
                }
                let known = match super::stored_type(other) {
                    Type::None => Type::Optional(Box::new(self.unknown())),
                    stored => stored,
                };
                if let Some(place) = self.types.get_mut(*number as usize) {
                    *place = Some(known);
                    self.learnt = true;
                }
                Ok(())
            }
            (Type::List(a), Type::List(b)) | (Type::Sequence(a), Type::Sequence(b)) | (Type::Set(a), Type::Set(b)) => self.unite(a, b),
            (Type::Special(a, x), Type::Special(b, y)) if a == b => self.unite(x, y),
            (Type::Named(one, a), Type::Named(other, b)) if one == other => self.unite(a, b),
            (Type::None, _) | (_, Type::None) => Ok(()),
            (Type::Optional(a), Type::Optional(b)) => self.unite(a, b),
            (Type::Optional(a), other) | (other, Type::Optional(a)) => self.unite(a, other),
            (Type::Dict(a, x), Type::Dict(b, y)) => {
                self.unite(a, b)?;
                self.unite(x, y)
            }
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => a.iter().zip(b).try_for_each(|(a, b)| self.unite(a, b)),
            // Conversions of other kinds are the business of whoever wrote them.
            (Type::Text(_) | Type::Str, Type::Text(_) | Type::Str) => Ok(()),
            _ => Err((a.clone(), b.clone())),
        }
    }

    /// What is put into a field later.
    pub(crate) fn widened(&self, class: &Class, field: usize) -> Option<&Type> {
        self.widened.get(&(class.file, class.name.clone(), field))
    }

    /// Notes what is put into a field; false if that was known.
    pub(crate) fn widen(&mut self, class: &Class, field: usize, ty: &Type) -> bool {
        let key = (class.file, class.name.clone(), field);
        let both = match self.widened.get(&key) {
            Some(known) if known == ty => return false,
            Some(known) => crate::unify::unify(known, ty),
            None => Some(ty.clone()),
        };
        match both {
            Some(both) if self.widened.get(&key) != Some(&both) => {
                self.widened.insert(key, both);
                self.learnt = true;
                true
            }
            _ => false,
        }
    }

    /// Begins another attempt. What is still not known by then, and was asked for in vain or never, holds ints if `all`.
    pub(crate) fn begin(&mut self, all: bool) {
        if all {
            self.types.iter_mut().filter(|ty| ty.is_none()).for_each(|ty| *ty = Some(Type::INT));
        }
        self.learnt = false;
        self.unresolved = false;
    }

    /// Whether the elements of some place are not known.
    pub(crate) fn any_unknown(&self) -> bool {
        self.types.iter().any(Option::is_none)
    }
}

impl Typer<'_, '_> {
    /// The type of the elements of the container that is made at that place; `which` tells keys and values apart.
    pub(crate) fn element_type_at(&mut self, span: Span, which: u8) -> Type {
        let key = (self.identity.clone(), span, which);
        self.unit.sites.element(key)
    }

    /// Learns from two types that must be one.
    pub(crate) fn learn(&mut self, a: &Type, b: &Type, span: Span) {
        if let Err((a, b)) = self.unit.sites.unite(a, b) {
            let title = format!("a container holds values of two types: `{a}` and `{b}`");
            let diagnostic = Diagnostic::new(Id::TypeConflict, title, span, "here");
            self.report(diagnostic.with_hint("compiled containers hold values of one type; use two of them, or convert the values"));
        }
    }

    /// Learns from the conversions in statements: where paths meet, an empty container becomes one whose elements are known.
    pub(crate) fn learn_from(&mut self, block: &Block) {
        let mut pairs = Vec::new();
        let sites = &self.unit.sites;
        walk::expressions(block, &mut |expr| collect(sites, expr, &mut pairs));
        for (a, b, span) in pairs {
            self.learn(&a, &b, span);
        }
    }
}

fn collect(sites: &Sites, expr: &Expr, pairs: &mut Vec<(Type, Type, Span)>) {
    if let ExprKind::Convert(inner) = &expr.kind
        && (expr.ty.is_object() || matches!(expr.ty, Type::Optional(_) | Type::Named(..)))
        && sites.resolve(&inner.ty) != sites.resolve(&expr.ty)
    {
        pairs.push((inner.ty.clone(), expr.ty.clone(), expr.span));
    }
    walk::parts(expr, &mut |part| collect(sites, part, pairs));
}
