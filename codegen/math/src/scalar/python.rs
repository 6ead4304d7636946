//! What the operators of Python mean on `bool`, `int`, `float` and `complex`: they raise where NumPy warns, and an
//! `int` that leaves int64 is reported, never wrapped.

use hypersonic_loops::{Binary, Builder, Compare, FailureId, Ty, ValueId};
use hypersonic_ops::{Dtype, ScalarOp as S};

use super::complex::{self, Complex};
use super::{Unsupported, emit, python_integer, python_math, rounding, with_terms};
use crate::notation::Pen;
use crate::number::Number;
use crate::recipes;

/// How an operation on Python scalars fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PythonError {
    /// An exception, with CPython's message.
    Raise {
        /// The builtin's name.
        exception: &'static str,
        /// Its message.
        message: &'static str,
    },
    /// An `int` left int64.
    IntegerOverflow,
    /// Python's answer has another type or needs more precision: only Python can give it.
    Unsupported,
}

/// Makes the row of the table of failures for an error.
pub type Fail<'f> = dyn FnMut(&mut Builder, PythonError) -> FailureId + 'f;

/// Fails with `error` unless `ok`.
pub(super) fn require(b: &mut Builder, ok: ValueId, error: PythonError, fail: &mut Fail) {
    let failure = fail(b, error);
    b.check(ok, failure, Vec::new());
}

/// A `ZeroDivisionError`.
pub(super) const fn zero_division(message: &'static str) -> PythonError {
    PythonError::Raise { exception: "ZeroDivisionError", message }
}

/// Writes `op` on Python scalars: `loop_dtype` is Bool, I64, F64 or C128. Elementary functions are those of the
/// `math` module; `Maximum` and `Minimum` are the builtins `max` and `min` of two.
///
/// # Errors
/// When Python has no such operation, or it has no compiled form.
pub fn emit_python(b: &mut Builder, op: S, loop_dtype: Dtype, operands: &[Number], fail: &mut Fail) -> Result<Number, Unsupported> {
    if matches!(op, S::Where | S::MakeComplex) {
        return emit(b, op, loop_dtype, operands);
    }
    let special = match (loop_dtype, operands) {
        (Dtype::I64, [a]) => python_integer::unary(b, op, a.real(), fail).map(Number::Real),
        (Dtype::I64, [x, y]) => python_integer::binary(b, op, x.real(), y.real(), fail).map(Number::Real),
        (Dtype::F64, [x, y]) => float(b, op, x.real(), y.real(), fail).map(Number::Real),
        (Dtype::C128, [x, y]) => complex_binary(b, op, *x, *y, fail),
        (Dtype::C128, [x]) if op == S::Absolute => Some(complex_magnitude(b, *x, fail)?),
        _ => None,
    };
    match special {
        Some(number) => Ok(number),
        None => python_math::emit_math(b, op, loop_dtype, operands, fail),
    }
}

/// Operators on two floats that differ from NumPy's.
fn float(b: &mut Builder, op: S, x: ValueId, y: ValueId, fail: &mut Fail) -> Option<ValueId> {
    match op {
        S::Divide => require_divisor(b, y, "float division by zero", fail),
        S::FloorDivide => require_divisor(b, y, "float floor division by zero", fail),
        S::Remainder => require_divisor(b, y, "float modulo", fail),
        S::Maximum => {
            let larger = b.compare(Compare::FGt, y, x);
            return Some(b.select(larger, y, x));
        }
        S::Minimum => {
            let smaller = b.compare(Compare::FLt, y, x);
            return Some(b.select(smaller, y, x));
        }
        S::Power => return float_power(b, x, y, fail),
        S::RoundDigits => return Some(rounding::python_round(b, x, y, fail)),
        _ => return None,
    }
    emit(b, op, Dtype::F64, &[Number::Real(x), Number::Real(y)]).ok().map(Number::real)
}

fn require_divisor(b: &mut Builder, y: ValueId, message: &'static str, fail: &mut Fail) {
    let ty = b.ty(y);
    let zero = b.float(ty, 0.0);
    let nonzero = b.compare(Compare::FNe, y, zero);
    require(b, nonzero, zero_division(message), fail);
}

/// `x ** y`: zero to a negative power raises, a negative base with a broken exponent is complex (Python's to give),
/// an infinite power of finite numbers raises.
fn float_power(b: &mut Builder, x: ValueId, y: ValueId, fail: &mut Fail) -> Option<ValueId> {
    let result = with_terms(b, &[Number::Real(x), Number::Real(y)], |t| recipes::emit(S::Power, t))?;
    let (no_pole, real, finite) = {
        let pen = Pen::new(b);
        let (x, y, result) = (pen.term(x), pen.term(y), pen.term(result));
        let pole = x.equals(0.0).and(y.lt(0.0));
        let finite_operands = x.abs().lt(f64::INFINITY).and(y.abs().lt(f64::INFINITY));
        let broken = y.trunc().differs(y);
        let complex = x.lt(0.0).and(broken).and(finite_operands);
        let overflow = result.abs().equals(f64::INFINITY).and(finite_operands);
        (pole.not().id(), complex.not().id(), overflow.not().id())
    };
    require(b, no_pole, zero_division("0.0 cannot be raised to a negative power"), fail);
    require(b, real, PythonError::Unsupported, fail);
    let message = "(34, 'Numerical result out of range')";
    require(b, finite, PythonError::Raise { exception: "OverflowError", message }, fail);
    Some(result)
}

fn complex_binary(b: &mut Builder, op: S, x: Number, y: Number, fail: &mut Fail) -> Option<Number> {
    let (Number::Complex(x_re, x_im), Number::Complex(y_re, y_im)) = (x, y) else {
        return None;
    };
    if op == S::Power {
        return complex_power(b, x, y, fail);
    }
    if op != S::Divide {
        return None;
    }
    let (nonzero, re, im) = {
        let pen = Pen::new(b);
        let (a, c) = (Complex { re: pen.term(x_re), im: pen.term(x_im) }, Complex { re: pen.term(y_re), im: pen.term(y_im) });
        let quotient = complex::python_divide(a, c);
        (c.is_nonzero().id(), quotient.re.id(), quotient.im.id())
    };
    require(b, nonzero, zero_division("complex division by zero"), fail);
    Some(Number::Complex(re, im))
}

/// `x ** y`: zero to a negative or complex power raises, as does what overflows.
fn complex_power(b: &mut Builder, x: Number, y: Number, fail: &mut Fail) -> Option<Number> {
    let (Number::Complex(x_re, x_im), Number::Complex(y_re, y_im)) = (x, y) else {
        return None;
    };
    let (defined, fits, power) = {
        let pen = Pen::new(b);
        let (base, exponent) = (Complex { re: pen.term(x_re), im: pen.term(x_im) }, Complex { re: pen.term(y_re), im: pen.term(y_im) });
        let (power, whole, divisor) = recipes::complex::power::python_power(base, exponent);
        let (zero, one) = (base.re.float(0.0), base.re.float(1.0));
        let vanishes = base.is_nonzero().not();
        let pole = vanishes.and(exponent.re.lt(0.0).or(exponent.im.differs(0.0)));
        // What was multiplied out may have become zero before it divides.
        let pole = pole.or(whole.and(exponent.re.lt(0.0)).and(divisor.is_nonzero().not()));
        let power = Complex { re: zero, im: zero }.or_else(vanishes.and(whole.not()), power);
        let power = Complex { re: one, im: zero }.or_else(exponent.is_nonzero().not(), power);
        let infinite = power.re.abs().equals(f64::INFINITY).or(power.im.abs().equals(f64::INFINITY));
        let finite_operands = base.is_finite().and(exponent.is_finite()).and(whole.not());
        let overflow = infinite.and(whole).or(finite_operands.and(power.is_finite().not()));
        (pole.not().id(), overflow.not().id(), Number::Complex(power.re.id(), power.im.id()))
    };
    require(b, defined, zero_division("0.0 to a negative or complex power"), fail);
    require(b, fits, PythonError::Raise { exception: "OverflowError", message: "complex exponentiation" }, fail);
    Some(power)
}

fn complex_magnitude(b: &mut Builder, x: Number, fail: &mut Fail) -> Result<Number, Unsupported> {
    let result = emit(b, S::Absolute, Dtype::C128, &[x])?;
    if let Number::Complex(re, im) = x {
        let ok = {
            let pen = Pen::new(b);
            let (re, im) = (pen.term(re), pen.term(im));
            let finite = re.abs().lt(f64::INFINITY).and(im.abs().lt(f64::INFINITY));
            finite.and(pen.term(result.real()).equals(f64::INFINITY)).not().id()
        };
        require(b, ok, PythonError::Raise { exception: "OverflowError", message: "absolute value too large" }, fail);
    }
    Ok(result)
}

/// `!c` for I1.
pub(super) fn negate(b: &mut Builder, c: ValueId) -> ValueId {
    let one = b.int(Ty::I1, 1);
    b.binary(Binary::Xor, c, one)
}
