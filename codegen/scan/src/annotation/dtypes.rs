//! The names of element types, as Python, NumPy and the comment languages write them.

use hypersonic_ops::{Dtype, Flavor};

/// A number type that an annotation names.
pub(crate) type Number = (Dtype, Flavor);

/// What a dtype name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A type that is compiled.
    Number(Number),
    /// A type that exists but is not compiled: why, and what to use.
    Refused(&'static str, &'static str),
}

/// Python's number types.
pub(crate) fn python(name: &str) -> Option<Number> {
    let dtype = match name {
        "bool" => Dtype::Bool,
        "int" => Dtype::I64,
        "float" => Dtype::F64,
        "complex" => Dtype::C128,
        _ => return None,
    };
    Some((dtype, Flavor::Python))
}

/// A name of the `numpy` module.
pub(crate) fn numpy(name: &str) -> Option<Named> {
    let dtype = match name {
        "bool_" | "bool8" => Dtype::Bool,
        "byte" => Dtype::I8,
        "short" => Dtype::I16,
        "intc" => Dtype::I32,
        "int_" | "intp" | "long" | "longlong" => Dtype::I64,
        "ubyte" => Dtype::U8,
        "ushort" => Dtype::U16,
        "uintc" => Dtype::U32,
        "uint" | "uintp" | "ulong" | "ulonglong" => Dtype::U64,
        "single" => Dtype::F32,
        "double" | "float_" => Dtype::F64,
        "csingle" | "singlecomplex" => Dtype::C64,
        "cdouble" | "complex_" | "cfloat" => Dtype::C128,
        "float16" | "half" => return Some(Named::Refused("float16 has no compiled form", "use np.float32")),
        "longdouble" | "float128" | "float96" | "clongdouble" | "clongfloat" | "longfloat" | "longcomplex" | "complex256"
        | "complex192" => {
            return Some(Named::Refused(
                "extended precision differs between machines and has no compiled form",
                "use np.float64 or np.complex128",
            ));
        }
        "int" | "float" | "complex" => {
            return Some(Named::Refused("NumPy no longer has this name", "use Python's type of that name, without `np.`"));
        }
        "number" | "generic" | "inexact" | "floating" | "complexfloating" | "integer" | "signedinteger" | "unsignedinteger" => {
            return Some(Named::Refused("it stands for several types, not for one", "list the types: `Type(np.float32, np.float64)`"));
        }
        "object_" | "str_" | "bytes_" | "void" | "datetime64" | "timedelta64" | "character" | "flexible" => {
            return Some(Named::Refused("arrays of it have no compiled form", "use a numeric type"));
        }
        _ => Dtype::from_name(name)?,
    };
    Some(Named::Number((dtype, Flavor::Numpy)))
}

/// A bare name in a string annotation or comment: Python's types and NumPy's, without import.
pub(crate) fn bare(name: &str) -> Option<Named> {
    python(name).map(Named::Number).or_else(|| numpy(name))
}

/// Names for "did you mean".
pub(crate) const KNOWN: &[&str] = &[
    "bool",
    "int",
    "float",
    "complex",
    "bool_",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "intc",
    "intp",
    "uintc",
    "uintp",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "Array",
    "Type",
    "NDim",
    "Union",
    "Optional",
    "Tuple",
    "Literal",
    "NDArray",
    "None",
];
