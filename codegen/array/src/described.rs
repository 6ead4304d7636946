//! Types in the words of the manifest.

use hypersonic_abi::manifest::{Literal, Named, NamedKind, ValueType};
use hypersonic_ops::{Class, ClassKind, Dtype, Flavor, Type};

/// A scalar as the manifest says it.
#[must_use]
pub fn scalar(dtype: Dtype, flavor: Flavor) -> ValueType {
    let python = match (flavor, dtype) {
        (Flavor::Python, Dtype::Bool) => "bool",
        (Flavor::Python, Dtype::I64) => "int",
        (Flavor::Python, Dtype::F64) => "float",
        (Flavor::Python, Dtype::C128) => "complex",
        _ => return ValueType::Numpy(dtype.name().to_owned()),
    };
    ValueType::Python(python.to_owned())
}

/// A value of a class of the package. Its module is the number of a file: whoever knows the names of modules puts that of it there.
#[must_use]
pub fn named(class: &Class, value: ValueType) -> ValueType {
    let kind = match class.kind {
        ClassKind::Tuple => NamedKind::Tuple,
        ClassKind::Object { .. } => NamedKind::Object,
        ClassKind::Value(_) => NamedKind::Value,
        ClassKind::Position | ClassKind::Slice | ClassKind::Keywords => NamedKind::Position,
    };
    ValueType::Named(Box::new(Named { module: class.file.to_string(), name: class.name.clone(), kind, names: class.names.clone(), value }))
}

/// The type of a value as the manifest says it; modules as in [`named`].
#[must_use]
pub fn value_type(ty: &Type) -> ValueType {
    match ty {
        Type::Scalar(dtype, flavor) => scalar(*dtype, *flavor),
        Type::Array(dtype, ndim) => {
            ValueType::Array { dtype: dtype.name().to_owned(), ndim: u32::from(*ndim), extents: Vec::new(), order: None }
        }
        Type::Tuple(items) => ValueType::Tuple(items.iter().map(value_type).collect()),
        Type::Str => ValueType::Str,
        Type::Optional(value) => ValueType::Optional(Box::new(value_type(value))),
        Type::List(element) => ValueType::List(Box::new(value_type(element))),
        Type::Sequence(element) => ValueType::Sequence(Box::new(value_type(element))),
        Type::Set(element) => ValueType::Set(Box::new(value_type(element))),
        Type::Dict(key, value) => ValueType::Dict(Box::new((value_type(key), value_type(value)))),
        Type::Special(special, base) => ValueType::Special(hypersonic_typed::class_number(special), Box::new(value_type(base))),
        Type::Named(class, value) if matches!(class.kind, ClassKind::Object { .. }) => {
            let attributes = value.attributes(class.names.len()).iter().map(value_type).collect();
            named(class, ValueType::List(Box::new(ValueType::Tuple(attributes))))
        }
        Type::Named(_, value) if ty.is_slice() => ValueType::Slice(match value.as_ref() {
            Type::Tuple(bounds) => bounds.iter().map(value_type).collect(),
            _ => Vec::new(),
        }),
        Type::Named(class, value) => named(class, value_type(value)),
        Type::Text(text) => ValueType::Literal(Literal::Text(text.clone())),
        Type::DtypeValue(dtype, flavor) => ValueType::Type(match scalar(*dtype, *flavor) {
            ValueType::Python(name) | ValueType::Numpy(name) => name,
            _ => dtype.name().to_owned(),
        }),
        Type::Function(_) if ty.is_this() => ValueType::This,
        // No function is ever returned, and what containers hold is known.
        Type::None | Type::Function(_) | Type::Callable(..) | Type::Unknown(_) => ValueType::None,
    }
}
