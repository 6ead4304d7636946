//! What each scalar operation means for NumPy: one operation on operands of one loop dtype, as a ufunc's inner
//! loop does it. Nothing here can trap, and nothing raises: NumPy's warnings are not given.

pub mod complex;
pub mod division;
pub mod integer;
pub mod mixed;
pub mod parts;
pub mod python;
mod python_integer;
pub mod python_math;
mod quotient;
pub mod real;
pub mod rounding;
pub mod sequential;

use hypersonic_loops::{Builder, Cast, Ty, ValueId};
use hypersonic_ops::{Dtype, Kind, ScalarOp};

use crate::notation::{Pen, Term};
use crate::number::Number;
use complex::{Answer, Complex};

/// The operation has no meaning for the dtype, or none that is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The operation.
    pub op: ScalarOp,
    /// The loop dtype.
    pub dtype: Dtype,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{:?}` has no compiled form for {}", self.op, self.dtype.name())
    }
}

impl std::error::Error for Unsupported {}

/// The dtype of the result, given the loop dtype.
#[must_use]
pub const fn result_dtype(op: ScalarOp, loop_dtype: Dtype) -> Dtype {
    use ScalarOp as S;
    match op {
        S::Equal | S::NotEqual | S::Less | S::LessEqual | S::Greater | S::GreaterEqual => Dtype::Bool,
        S::LogicalAnd | S::LogicalOr | S::LogicalXor | S::LogicalNot => Dtype::Bool,
        S::Isnan | S::Isinf | S::Isfinite | S::Signbit => Dtype::Bool,
        S::BitwiseCount => Dtype::U8,
        S::FrexpExponent => Dtype::I32,
        S::Absolute | S::Real | S::Imag | S::Angle => loop_dtype.real(),
        S::MakeComplex => loop_dtype.as_complex(),
        _ => loop_dtype,
    }
}

/// Writes `op` on operands of `loop_dtype` with NumPy's meaning. The result has [`result_dtype`].
/// `Where`'s first operand is a bool; `Ldexp`'s and `RoundDigits`'s second is an int64.
///
/// # Errors
/// When NumPy has no such loop, or it has no compiled form.
pub fn emit(b: &mut Builder, op: ScalarOp, loop_dtype: Dtype, operands: &[Number]) -> Result<Number, Unsupported> {
    let unsupported = Unsupported { op, dtype: loop_dtype };
    if let (ScalarOp::MakeComplex, [re, im]) = (op, operands) {
        return Ok(Number::Complex(re.real(), im.real()));
    }
    if op == ScalarOp::Where {
        return match operands {
            [condition, x, y] => Ok(choose(b, condition.real(), *x, *y)),
            _ => Err(unsupported),
        };
    }
    match loop_dtype.kind() {
        Kind::Bool => with_terms(b, operands, |terms| integer::boolean(op, terms)),
        Kind::Integer => match sequential::emit(b, op, loop_dtype, &reals(operands)) {
            Some(value) => Some(value),
            None => with_terms(b, operands, |terms| integer::emit(op, loop_dtype.is_signed(), terms)),
        },
        Kind::Float => with_terms(b, operands, |terms| real::emit(op, terms)),
        Kind::Complex => return emit_complex(b, op, operands).ok_or(unsupported),
    }
    .map(Number::Real)
    .ok_or(unsupported)
}

fn reals(operands: &[Number]) -> Vec<ValueId> {
    operands.iter().map(|number| number.real()).collect()
}

/// `if condition { x } else { y }`, part by part.
pub fn choose(b: &mut Builder, condition: ValueId, x: Number, y: Number) -> Number {
    match (x, y) {
        (Number::Complex(x_re, x_im), Number::Complex(y_re, y_im)) => {
            Number::Complex(b.select(condition, x_re, y_re), b.select(condition, x_im, y_im))
        }
        _ => Number::Real(b.select(condition, x.real(), y.real())),
    }
}

/// Runs `write` on the operands as terms.
pub(crate) fn with_terms(
    b: &mut Builder,
    operands: &[Number],
    write: impl for<'p> FnOnce(&[Term<'p>]) -> Option<Term<'p>>,
) -> Option<ValueId> {
    let pen = Pen::new(b);
    let terms: Vec<Term> = operands.iter().map(|number| pen.term(number.real())).collect();
    write(&terms).map(Term::id)
}

fn emit_complex(b: &mut Builder, op: ScalarOp, operands: &[Number]) -> Option<Number> {
    let pen = Pen::new(b);
    let terms: Vec<Complex> = operands
        .iter()
        .map(|number| match *number {
            Number::Complex(re, im) => Complex { re: pen.term(re), im: pen.term(im) },
            Number::Real(re) => Complex { re: pen.term(re), im: pen.term(re).float(0.0) },
        })
        .collect();
    Some(match complex::emit(op, &terms)? {
        Answer::Real(term) => Number::Real(term.id()),
        Answer::Complex(z) => Number::Complex(z.re.id(), z.im.id()),
    })
}

/// An I1 as 0.0 or 1.0 of type `ty`.
pub(crate) fn truth_as_float(truth: Term<'_>, ty: Ty) -> Term<'_> {
    truth.cast(Cast::UnsignedToFloat, ty)
}
