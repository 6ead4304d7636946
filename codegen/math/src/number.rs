//! A number of some dtype as loop IR values.

use hypersonic_loops::{Builder, MemoryClass, Ty, ValueId};
use hypersonic_ops::Dtype;

/// A number: a bool is an I1 value, an integer or real float one value, a complex number two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Bool, integer or real float.
    Real(ValueId),
    /// Real and imaginary part.
    Complex(ValueId, ValueId),
}

impl Number {
    /// The value of a number that is not complex; the real part of one that is.
    #[must_use]
    pub const fn real(self) -> ValueId {
        match self {
            Self::Real(value) | Self::Complex(value, _) => value,
        }
    }
}

/// The IR type that holds a number of that dtype in a value (a part of it, if complex).
#[must_use]
pub const fn value_ty(dtype: Dtype) -> Ty {
    match dtype {
        Dtype::Bool => Ty::I1,
        Dtype::I8 | Dtype::U8 => Ty::I8,
        Dtype::I16 | Dtype::U16 => Ty::I16,
        Dtype::I32 | Dtype::U32 => Ty::I32,
        Dtype::I64 | Dtype::U64 => Ty::I64,
        Dtype::F32 | Dtype::C64 => Ty::F32,
        Dtype::F64 | Dtype::C128 => Ty::F64,
    }
}

/// Loads a number from memory.
pub fn load(b: &mut Builder, dtype: Dtype, address: ValueId, class: MemoryClass) -> Number {
    let ty = value_ty(dtype);
    match dtype {
        Dtype::Bool => {
            let byte = b.load(Ty::I8, address, class);
            let zero = b.int(Ty::I8, 0);
            Number::Real(b.compare(hypersonic_loops::Compare::Ne, byte, zero))
        }
        Dtype::C64 | Dtype::C128 => {
            let re = b.load(ty, address, class);
            let size = b.i64(ty.size().cast_signed());
            let second = b.offset(address, size);
            let im = b.load(ty, second, class);
            Number::Complex(re, im)
        }
        _ => Number::Real(b.load(ty, address, class)),
    }
}

/// Stores a number to memory.
pub fn store(b: &mut Builder, dtype: Dtype, address: ValueId, number: Number, class: MemoryClass) {
    match (dtype, number) {
        (Dtype::Bool, Number::Real(value)) => {
            let byte = b.cast(hypersonic_loops::Cast::ZeroExtend, value, Ty::I8);
            b.store(address, byte, class);
        }
        (_, Number::Complex(re, im)) => {
            let size = b.i64(b.ty(re).size().cast_signed());
            b.store(address, re, class);
            let second = b.offset(address, size);
            b.store(second, im, class);
        }
        (_, Number::Real(value)) => b.store(address, value, class),
    }
}
