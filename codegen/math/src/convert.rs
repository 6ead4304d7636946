//! Conversions between dtypes: C's casts as NumPy does them on x86-64, and Python's `int(x)`.

use hypersonic_loops::{Binary, Builder, Cast, Compare, FailureId, Ty, ValueId};
use hypersonic_ops::{Dtype, Kind};

use crate::number::{Number, value_ty};
use crate::scalar::python::PythonError;

/// A number of one dtype as one of another, as `astype` casts: integers keep their low bits, floats go towards zero
/// (out of range: what x86-64 gives), complex numbers lose their imaginary part, truth is to differ from zero.
pub fn convert(b: &mut Builder, from: Dtype, to: Dtype, number: Number) -> Number {
    if from == to {
        return number;
    }
    match (to.kind(), number) {
        (Kind::Bool, Number::Complex(re, im)) => {
            let (re, im) = (truth(b, re), truth(b, im));
            Number::Real(b.or(re, im))
        }
        (Kind::Bool, Number::Real(value)) => Number::Real(truth(b, value)),
        (Kind::Complex, Number::Complex(re, im)) => {
            Number::Complex(part(b, from.real(), to.real(), re), part(b, from.real(), to.real(), im))
        }
        (Kind::Complex, Number::Real(value)) => {
            let re = part(b, from, to.real(), value);
            Number::Complex(re, b.float(value_ty(to), 0.0))
        }
        (_, Number::Complex(re, _)) => Number::Real(part(b, from.real(), to, re)),
        (_, Number::Real(value)) => Number::Real(part(b, from, to, value)),
    }
}

/// Whether a value differs from zero: I1. NaN does.
pub fn truth(b: &mut Builder, value: ValueId) -> ValueId {
    let ty = b.ty(value);
    if ty == Ty::I1 {
        return value;
    }
    if ty.is_float() {
        let zero = b.float(ty, 0.0);
        return b.compare(Compare::FNe, value, zero);
    }
    let zero = b.int(ty, 0);
    b.compare(Compare::Ne, value, zero)
}

/// A real value, to a real dtype that is not bool.
fn part(b: &mut Builder, from: Dtype, to: Dtype, value: ValueId) -> ValueId {
    if from == to {
        return value;
    }
    let ty = value_ty(to);
    match (from.kind(), to.kind()) {
        (Kind::Bool | Kind::Integer, Kind::Integer) => integer_to_integer(b, from, ty, value),
        (Kind::Bool | Kind::Integer, _) => {
            let cast = if from.is_signed() { Cast::SignedToFloat } else { Cast::UnsignedToFloat };
            b.cast(cast, value, ty)
        }
        (_, Kind::Integer) => float_to_integer(b, to, value),
        _ if from.size() < to.size() => b.cast(Cast::Extend, value, ty),
        _ => b.cast(Cast::Narrow, value, ty),
    }
}

fn integer_to_integer(b: &mut Builder, from: Dtype, ty: Ty, value: ValueId) -> ValueId {
    let source = b.ty(value);
    if source == ty {
        return value;
    }
    if source != Ty::I1 && source.size() > ty.size() {
        return b.cast(Cast::Truncate, value, ty);
    }
    b.cast(if from.is_signed() { Cast::SignExtend } else { Cast::ZeroExtend }, value, ty)
}

fn float_to_integer(b: &mut Builder, to: Dtype, value: ValueId) -> ValueId {
    match to {
        Dtype::U64 => b.cast(Cast::FloatToUnsigned, value, Ty::I64),
        Dtype::I64 => b.cast(Cast::FloatToSigned, value, Ty::I64),
        Dtype::I32 => b.cast(Cast::FloatToSigned, value, Ty::I32),
        Dtype::U32 => {
            let wide = b.cast(Cast::FloatToSigned, value, Ty::I64);
            b.cast(Cast::Truncate, wide, Ty::I32)
        }
        _ => {
            let wide = b.cast(Cast::FloatToSigned, value, Ty::I32);
            b.cast(Cast::Truncate, wide, value_ty(to))
        }
    }
}

/// As [`convert()`] for Python's constructors: `int` of a float raises for NaN and infinities and reports integers
/// that int64 does not hold; `int` of a uint64 does the latter.
pub fn convert_python(
    b: &mut Builder,
    from: Dtype,
    to: Dtype,
    number: Number,
    fail: &mut dyn FnMut(&mut Builder, PythonError) -> FailureId,
) -> Number {
    match (from, to, number) {
        (Dtype::F32 | Dtype::F64, Dtype::I64, Number::Real(value)) => check_float_as_int(b, value, fail),
        (Dtype::U64, Dtype::I64, Number::Real(value)) => {
            let zero = b.i64(0);
            let fits = b.compare(Compare::SGe, value, zero);
            let failure = fail(b, PythonError::IntegerOverflow);
            b.check(fits, failure, Vec::new());
        }
        _ => {}
    }
    convert(b, from, to, number)
}

/// 2^63.
const BOUND: f64 = 9_223_372_036_854_775_808.0;

fn check_float_as_int(b: &mut Builder, value: ValueId, fail: &mut dyn FnMut(&mut Builder, PythonError) -> FailureId) {
    let ty = b.ty(value);
    let is_number = b.compare(Compare::FEq, value, value);
    let failure = fail(b, PythonError::Raise { exception: "ValueError", message: "cannot convert float NaN to integer" });
    b.check(is_number, failure, Vec::new());
    let infinity = b.float(ty, f64::INFINITY);
    let magnitude = b.unary(hypersonic_loops::Unary::FAbs, value);
    let finite = b.compare(Compare::FLt, magnitude, infinity);
    let failure = fail(b, PythonError::Raise { exception: "OverflowError", message: "cannot convert float infinity to integer" });
    b.check(finite, failure, Vec::new());
    let (low, high) = (b.float(ty, -BOUND), b.float(ty, BOUND));
    let above = b.compare(Compare::FGe, value, low);
    let below = b.compare(Compare::FLt, value, high);
    let fits = b.binary(Binary::And, above, below);
    let failure = fail(b, PythonError::IntegerOverflow);
    b.check(fits, failure, Vec::new());
}
