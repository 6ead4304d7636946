//! The types of the language: what an expression of a specialization can be.

use crate::dtype::Dtype;

/// Whose rules a scalar obeys. It decides errors and promotion, never representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flavor {
    /// A Python `bool`, `int`, `float` or `complex`: weak in NEP 50 promotion; `x / 0` raises; an `int` that
    /// leaves int64 is an overflow, never a wrap.
    Python,
    /// A NumPy scalar: strong in promotion; integers wrap; `x / 0` is inf or nan, integer `x // 0` is 0.
    Numpy,
}

/// The type of a value in one specialization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `None`.
    None,
    /// A number. Python's `int` is (I64, Python), `float` (F64, Python), `complex` (C128, Python), `bool`
    /// (Bool, Python); no other dtype has the Python flavor.
    Scalar(Dtype, Flavor),
    /// An array of fixed rank, 0 to 6. A 0-d array is an array, not a scalar.
    Array(Dtype, u8),
    /// A tuple, heterogeneous, of known length.
    Tuple(Vec<Type>),
    /// A string known at compile time (a `Literal` parameter, a message, a keyword such as `order="C"`).
    Text(String),
    /// A function known at compile time: of a library by its full name, of the package by its file, place and name.
    Function(String),
    /// A dtype known at compile time: `np.float64`, `x.dtype`, `float` used as a type.
    DtypeValue(Dtype, Flavor),
}

impl Type {
    /// Python's `int`.
    pub const INT: Self = Self::Scalar(Dtype::I64, Flavor::Python);
    /// Python's `float`.
    pub const FLOAT: Self = Self::Scalar(Dtype::F64, Flavor::Python);
    /// Python's `complex`.
    pub const COMPLEX: Self = Self::Scalar(Dtype::C128, Flavor::Python);
    /// Python's `bool`.
    pub const BOOL: Self = Self::Scalar(Dtype::Bool, Flavor::Python);

    /// The element type of a scalar or array.
    #[must_use]
    pub const fn dtype(&self) -> Option<Dtype> {
        match self {
            Self::Scalar(dtype, _) | Self::Array(dtype, _) => Some(*dtype),
            _ => None,
        }
    }

    /// The rank of an array, 0 for a scalar.
    #[must_use]
    pub const fn ndim(&self) -> Option<u8> {
        match self {
            Self::Scalar(..) => Some(0),
            Self::Array(_, ndim) => Some(*ndim),
            _ => None,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => write!(f, "None"),
            Self::Scalar(Dtype::I64, Flavor::Python) => write!(f, "int"),
            Self::Scalar(Dtype::F64, Flavor::Python) => write!(f, "float"),
            Self::Scalar(Dtype::C128, Flavor::Python) => write!(f, "complex"),
            Self::Scalar(Dtype::Bool, Flavor::Python) => write!(f, "bool"),
            Self::Scalar(dtype, _) => write!(f, "np.{}", dtype.name()),
            Self::Array(dtype, ndim) => {
                let colons = vec![":"; usize::from(*ndim)].join(", ");
                write!(f, "{}[{colons}]", dtype.name())
            }
            Self::Tuple(items) => {
                write!(f, "(")?;
                for item in items {
                    write!(f, "{item}, ")?;
                }
                write!(f, ")")
            }
            Self::Text(text) => write!(f, "Literal[{text:?}]"),
            Self::Function(key) => write!(f, "function {}", key.rsplit(':').next().unwrap_or(key)),
            Self::DtypeValue(dtype, _) => write!(f, "type[{}]", dtype.name()),
        }
    }
}
