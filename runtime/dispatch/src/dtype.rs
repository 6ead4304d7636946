//! The element types that kernels know, by name and by NumPy's type numbers. Refuses every other dtype.

use std::ffi::c_long;

/// An element type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Dtype {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Complex64,
    Complex128,
}

/// How many there are.
pub const COUNT: usize = 13;

/// A type number that no array has.
const NEVER: i32 = -1;

/// Whether C's `long` has 64 bits here (not on Windows).
const LONG_IS_64: bool = size_of::<c_long>() == 8;

impl Dtype {
    /// All of them, in the order of their discriminants.
    pub const ALL: [Dtype; COUNT] = [
        Dtype::Bool,
        Dtype::Int8,
        Dtype::Int16,
        Dtype::Int32,
        Dtype::Int64,
        Dtype::Uint8,
        Dtype::Uint16,
        Dtype::Uint32,
        Dtype::Uint64,
        Dtype::Float32,
        Dtype::Float64,
        Dtype::Complex64,
        Dtype::Complex128,
    ];

    /// By NumPy's name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Dtype> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// NumPy's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Dtype::Bool => "bool",
            Dtype::Int8 => "int8",
            Dtype::Int16 => "int16",
            Dtype::Int32 => "int32",
            Dtype::Int64 => "int64",
            Dtype::Uint8 => "uint8",
            Dtype::Uint16 => "uint16",
            Dtype::Uint32 => "uint32",
            Dtype::Uint64 => "uint64",
            Dtype::Float32 => "float32",
            Dtype::Float64 => "float64",
            Dtype::Complex64 => "complex64",
            Dtype::Complex128 => "complex128",
        }
    }

    /// Bytes of an element.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Dtype::Bool | Dtype::Int8 | Dtype::Uint8 => 1,
            Dtype::Int16 | Dtype::Uint16 => 2,
            Dtype::Int32 | Dtype::Uint32 | Dtype::Float32 => 4,
            Dtype::Int64 | Dtype::Uint64 | Dtype::Float64 | Dtype::Complex64 => 8,
            Dtype::Complex128 => 16,
        }
    }

    /// NumPy's type numbers for it: the canonical one first, then the other C type of the same width, if there is one.
    #[must_use]
    pub const fn numbers(self) -> [i32; 2] {
        match self {
            Dtype::Bool => [0, NEVER],
            Dtype::Int8 => [1, NEVER],
            Dtype::Uint8 => [2, NEVER],
            Dtype::Int16 => [3, NEVER],
            Dtype::Uint16 => [4, NEVER],
            Dtype::Int32 => Self::by_width([5, NEVER], [7, 5]),
            Dtype::Uint32 => Self::by_width([6, NEVER], [8, 6]),
            Dtype::Int64 => Self::by_width([7, 9], [9, NEVER]),
            Dtype::Uint64 => Self::by_width([8, 10], [10, NEVER]),
            Dtype::Float32 => [11, NEVER],
            Dtype::Float64 => [12, NEVER],
            Dtype::Complex64 => [14, NEVER],
            Dtype::Complex128 => [15, NEVER],
        }
    }

    const fn by_width(long_is_64: [i32; 2], long_is_32: [i32; 2]) -> [i32; 2] {
        if LONG_IS_64 { long_is_64 } else { long_is_32 }
    }

    /// The array interface's type string of the native byte order: `<f8`.
    #[must_use]
    pub const fn type_string(self) -> &'static str {
        match self {
            Dtype::Bool => "|b1",
            Dtype::Int8 => "|i1",
            Dtype::Uint8 => "|u1",
            Dtype::Int16 => "<i2",
            Dtype::Uint16 => "<u2",
            Dtype::Int32 => "<i4",
            Dtype::Uint32 => "<u4",
            Dtype::Int64 => "<i8",
            Dtype::Uint64 => "<u8",
            Dtype::Float32 => "<f4",
            Dtype::Float64 => "<f8",
            Dtype::Complex64 => "<c8",
            Dtype::Complex128 => "<c16",
        }
    }

    /// What addresses and strides of elements are multiples of.
    #[must_use]
    pub const fn alignment(self) -> usize {
        match self {
            Dtype::Complex64 => 4,
            Dtype::Complex128 => 8,
            _ => self.size(),
        }
    }

    /// Whether an array interface's type string means this type in native byte order.
    #[must_use]
    pub fn is_type_string(self, text: &str) -> bool {
        let own = self.type_string();
        text == own || (self.size() == 1 && text.len() == 3 && text[1..] == own[1..])
    }
}
