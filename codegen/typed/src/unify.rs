//! Where control flow joins: which one type holds the values of several, and the conversion to it.
//!
//! | one path | other path | together |
//! |---|---|---|
//! | Python `int`, `float`, `complex` | another of them | the later in that order |
//! | Python `bool` | Python number | not: `True` would come back as `1` |
//! | Python scalar | NumPy scalar | the NumPy scalar that NEP 50 gives for an operation of the two |
//! | NumPy scalar | NumPy scalar | `np.promote_types`, unless integers would become a float |
//! | tuple | tuple of the same length | item by item |
//! | string | string | a string of the run time |
//! | container | container made empty | the container |
//! | `None` | a value | an optional |
//! | anything else | | only if equal |
//!
//! This room decides nothing about operators: those are typed by the library.

use crate::ir::{Constant, Expr, ExprKind};
use crate::library;
use hypersonic_ops::{Class, Dtype, Flavor, Kind, ScalarOp, Type};
use std::sync::Arc;

/// The type that holds values of both, if there is one.
pub(crate) fn unify(a: &Type, b: &Type) -> Option<Type> {
    if a == b {
        return Some(a.clone());
    }
    match (a, b) {
        (Type::Scalar(a, Flavor::Python), Type::Scalar(b, Flavor::Python)) if *a != Dtype::Bool && *b != Dtype::Bool => {
            Some(Type::Scalar(if a.kind() >= b.kind() { *a } else { *b }, Flavor::Python))
        }
        (Type::Scalar(weak, Flavor::Python), Type::Scalar(strong, Flavor::Numpy))
        | (Type::Scalar(strong, Flavor::Numpy), Type::Scalar(weak, Flavor::Python)) => {
            Some(Type::Scalar(weak_promotion(*weak, *strong), Flavor::Numpy))
        }
        (Type::Scalar(a, Flavor::Numpy), Type::Scalar(b, Flavor::Numpy)) => {
            let both = a.promote(*b);
            let exact = both.kind() == a.kind().max(b.kind());
            exact.then_some(Type::Scalar(both, Flavor::Numpy))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            a.iter().zip(b).map(|(a, b)| unify(a, b)).collect::<Option<Vec<_>>>().map(Type::Tuple)
        }
        (Type::Text(_) | Type::Str, Type::Text(_) | Type::Str) => Some(Type::Str),
        (Type::Named(one, a), Type::Named(other, b)) if one == other => unify(a, b).map(|both| named(one, both)),
        (Type::None, value) | (value, Type::None) => optional(value),
        (Type::Optional(value), other) | (other, Type::Optional(value)) => {
            let other = if let Type::Optional(inner) = other { inner } else { other };
            unify(value, other).as_ref().and_then(optional)
        }
        _ if a.is_object() && b.is_object() => unify_element(a, b),
        _ => None,
    }
}

fn named(class: &Arc<Class>, inner: Type) -> Type {
    Type::Named(Arc::clone(class), Box::new(inner))
}

/// Whether a value is taken apart where it is converted, so that it must be free to be evaluated several times.
pub(crate) fn is_tuple(ty: &Type) -> bool {
    match ty {
        Type::Tuple(_) => true,
        Type::Named(_, inner) => is_tuple(inner),
        _ => false,
    }
}

/// The type of `None` or a value of that type, where a value has a form at run time.
pub(crate) fn optional(value: &Type) -> Option<Type> {
    match value {
        Type::Optional(_) => Some(value.clone()),
        Type::Text(_) => Some(Type::Optional(Box::new(Type::Str))),
        Type::Scalar(..) | Type::Array(..) | Type::Unknown(_) => Some(Type::Optional(Box::new(value.clone()))),
        Type::Tuple(items) if items.iter().any(|item| optional(item).is_some()) => Some(Type::Optional(Box::new(value.clone()))),
        Type::Named(_, inner) if optional(inner).is_some() => Some(Type::Optional(Box::new(value.clone()))),
        _ if value.is_object() => Some(Type::Optional(Box::new(value.clone()))),
        _ => None,
    }
}

/// The type of two elements of one container: the same, but for what is not known yet, and literals among strings.
pub(crate) fn unify_element(a: &Type, b: &Type) -> Option<Type> {
    if a == b {
        return Some(a.clone());
    }
    match (a, b) {
        (Type::Unknown(_), known) | (known, Type::Unknown(_)) => Some(known.clone()),
        (Type::None, value) | (value, Type::None) => optional(value),
        (Type::Optional(value), other) | (other, Type::Optional(value)) => {
            let other = if let Type::Optional(inner) = other { inner } else { other };
            unify_element(value, other).as_ref().and_then(optional)
        }
        (Type::Text(_) | Type::Str, Type::Text(_) | Type::Str) => Some(Type::Str),
        (Type::List(_), Type::List(_)) | (Type::Set(_), Type::Set(_)) | (Type::Dict(..), Type::Dict(..)) => unify_made(a, b),
        (Type::Sequence(a), Type::Sequence(b)) => unify_element(a, b).map(|element| Type::Sequence(Box::new(element))),
        (Type::Named(one, a), Type::Named(other, b)) if one == other => unify_element(a, b).map(|both| named(one, both)),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            a.iter().zip(b).map(|(a, b)| unify_element(a, b)).collect::<Option<Vec<_>>>().map(Type::Tuple)
        }
        _ => None,
    }
}

/// The type of two containers, or of what is in them: the same but for what is not known yet, since a container that is made cannot take
/// another type.
pub(crate) fn unify_made(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        _ if a == b => Some(a.clone()),
        (Type::Unknown(_), known) | (known, Type::Unknown(_)) => Some(known.clone()),
        (Type::Text(_) | Type::Str, Type::Text(_) | Type::Str) => Some(Type::Str),
        (Type::Optional(a), Type::Optional(b)) => unify_made(a, b).map(|value| Type::Optional(Box::new(value))),
        (Type::List(a), Type::List(b)) => unify_made(a, b).map(Type::list),
        (Type::Named(one, a), Type::Named(other, b)) if one == other => unify_made(a, b).map(|both| named(one, both)),
        (Type::Set(a), Type::Set(b)) => unify_made(a, b).map(|element| Type::Set(Box::new(element))),
        (Type::Dict(a, x), Type::Dict(b, y)) => Some(Type::Dict(Box::new(unify_made(a, b)?), Box::new(unify_made(x, y)?))),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            a.iter().zip(b).map(|(a, b)| unify_made(a, b)).collect::<Option<Vec<_>>>().map(Type::Tuple)
        }
        _ => None,
    }
}

/// NEP 50: a Python scalar takes the NumPy dtype unless its kind is higher.
fn weak_promotion(weak: Dtype, strong: Dtype) -> Dtype {
    if weak.kind() <= strong.kind() {
        return strong;
    }
    match weak.kind() {
        Kind::Complex if strong.kind() == Kind::Float => strong.as_complex(),
        _ => weak,
    }
}

/// The value as that type, which [`unify`] gave. A tuple that is not a display is taken apart, so `value` must then be
/// free to be evaluated several times: see [`is_pure`].
pub(crate) fn coerce(value: Expr, ty: &Type) -> Expr {
    if value.ty == *ty {
        return value;
    }
    let span = value.span;
    match ty {
        Type::Named(_, inner) => Expr { ty: ty.clone(), ..coerce(crate::records::bare(value), inner) },
        Type::Str => crate::objects::as_string(value),
        Type::Optional(inner) => {
            let value = match &value.ty {
                Type::None => value,
                // The value may be of a type that the other path widens.
                Type::Optional(own) if own != inner => {
                    let own = own.as_ref().clone();
                    let test = Expr { ty: Type::BOOL, kind: ExprKind::IsNone(Box::new(value.clone())), span };
                    let none = Expr { ty: Type::None, kind: ExprKind::Unit, span };
                    let given = Expr { ty: own, kind: ExprKind::Unwrap(Box::new(value)), span };
                    let (then, otherwise) = (coerce(none, ty), coerce(coerce(given, inner), ty));
                    let kind = ExprKind::Conditional { test: Box::new(test), then: Box::new(then), otherwise: Box::new(otherwise) };
                    return Expr { ty: ty.clone(), kind, span };
                }
                _ => coerce(value, inner),
            };
            Expr { ty: ty.clone(), kind: ExprKind::Convert(Box::new(value)), span }
        }
        Type::Tuple(types) => {
            if let ExprKind::Tuple(items) = value.kind {
                let items = items.into_iter().zip(types).map(|(item, ty)| coerce(item, ty)).collect();
                return Expr { ty: ty.clone(), kind: ExprKind::Tuple(items), span };
            }
            let items = types.iter().enumerate().map(|(n, ty)| coerce(tuple_item(&value, n), ty)).collect();
            Expr { ty: ty.clone(), kind: ExprKind::Tuple(items), span }
        }
        Type::Scalar(dtype, Flavor::Numpy) if value.ty == Type::INT && dtype.kind() == Kind::Integer => {
            library::convert(within_bits(value, *dtype), ty)
        }
        _ => library::convert(value, ty),
    }
}

/// A Python int that becomes an integer of NumPy: the same int, or a failure where it does not fit. Written as sums and
/// products that leave 64 bits exactly then, so that Python answers.
fn within_bits(value: Expr, dtype: Dtype) -> Expr {
    if dtype == Dtype::I64 {
        return value;
    }
    let span = value.span;
    let map = |op, value: Expr, by: i64| {
        let operands = vec![value, crate::resolve::int_constant(by, span)];
        Expr { ty: Type::INT, kind: ExprKind::Map { op, loop_dtype: Dtype::I64, operands }, span }
    };
    let bits = dtype.size() * 8;
    if let ExprKind::Constant(Constant::Int(number)) = value.kind {
        let half = 1_i128 << (bits - 1);
        let (low, high) = if dtype.is_signed() { (-half, half) } else { (0, 2 * half) };
        if (low..high).contains(&i128::from(number)) {
            return value;
        }
    }
    // An unsigned integer is moved to where a signed one of its size lies.
    let middle = if dtype.is_signed() { 0 } else { i64::MIN >> (64 - bits) };
    let moved = if middle == 0 { value } else { map(ScalarOp::Add, value, middle) };
    let checked = if bits == 64 {
        moved
    } else {
        let scale = 1_i64 << (64 - bits);
        map(ScalarOp::FloorDivide, map(ScalarOp::Multiply, moved, scale), scale)
    };
    if middle == 0 { checked } else { map(ScalarOp::Subtract, checked, middle) }
}

/// The n-th item of a tuple. The item itself if the tuple is a display whose other items can be left out.
pub(crate) fn tuple_item(tuple: &Expr, n: usize) -> Expr {
    if let ExprKind::Tuple(items) = &tuple.kind
        && items.iter().enumerate().all(|(k, item)| k == n || is_pure(item))
    {
        return items[n].clone();
    }
    let ty = match tuple.ty.named().map_or(&tuple.ty, |(_, inner)| inner) {
        Type::Tuple(items) => items[n].clone(),
        _ => Type::None,
    };
    Expr { ty, kind: ExprKind::TupleItem(Box::new(tuple.clone()), n), span: tuple.span }
}

/// Whether evaluating it costs next to nothing, cannot fail, and gives the same value again until a variable is assigned.
pub(crate) fn is_pure(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Variable(_) | ExprKind::Attribute(_) => true,
        ExprKind::Tuple(items) => items.iter().all(is_pure),
        ExprKind::TupleItem(inner, _) | ExprKind::Extent(inner, _) | ExprKind::Size(inner) | ExprKind::IsNone(inner) => is_pure(inner),
        ExprKind::Convert(inner) if matches!(value.ty, Type::Optional(_)) => is_pure(inner),
        ExprKind::Convert(inner) => {
            is_pure(inner) && inner.ty.dtype().map(Dtype::kind) <= value.ty.dtype().map(Dtype::kind) && inner.ty.ndim() == Some(0)
        }
        _ => false,
    }
}

/// Whether it is a constant or says all by its type.
pub(crate) fn is_static(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Unit | ExprKind::Constant(_) => true,
        ExprKind::Tuple(items) => items.iter().all(is_static),
        _ => false,
    }
}
