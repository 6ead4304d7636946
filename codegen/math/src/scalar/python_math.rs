//! What the `math` module adds to the elementary functions: domain and range errors, by the rules of CPython's
//! `mathmodule.c`: NaN from a number is a domain error; infinity from finite numbers is a range error where the
//! function can overflow, a domain error (a pole) where it cannot.

use hypersonic_loops::{Builder, ValueId};
use hypersonic_ops::{Dtype, ScalarOp as S};

use super::python::{Fail, PythonError, require};
use super::{Unsupported, emit, with_terms};
use crate::notation::Pen;
use crate::number::Number;
use crate::recipes;

/// How a function of `math` can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// It cannot.
    None,
    /// An infinite result of finite arguments is a pole.
    Domain,
    /// An infinite result of finite arguments is an overflow.
    Range,
    /// An infinite result at an integer below 1 or at zero is a pole, elsewhere an overflow: gamma functions.
    Gamma,
    /// As `math.pow`: infinite from zero is a pole, from others an overflow.
    Power,
}

const fn rule(op: S) -> Rule {
    match op {
        S::Sqrt | S::Sin | S::Cos | S::Tan | S::Arcsin | S::Arccos | S::Arctanh | S::Fmod => Rule::Domain,
        S::Log | S::Log2 | S::Log10 | S::Log1p => Rule::Domain,
        S::Arccosh => Rule::Domain,
        S::Exp | S::Exp2 | S::Expm1 | S::Sinh | S::Cosh | S::Ldexp => Rule::Range,
        S::Gamma | S::Lgamma => Rule::Gamma,
        S::Power => Rule::Power,
        _ => Rule::None,
    }
}

/// `math.sqrt` and its kin on F64, with their errors; operations that cannot fail are NumPy's.
///
/// # Errors
/// When there is no such operation.
pub fn emit_math(b: &mut Builder, op: S, loop_dtype: Dtype, operands: &[Number], fail: &mut Fail) -> Result<Number, Unsupported> {
    let rule = rule(op);
    if loop_dtype != Dtype::F64 || rule == Rule::None {
        return emit(b, op, loop_dtype, operands);
    }
    let result = if op == S::Power {
        with_terms(b, operands, |x| recipes::emit(op, x)).ok_or(Unsupported { op, dtype: loop_dtype })?
    } else {
        emit(b, op, loop_dtype, operands)?.real()
    };
    let arguments: Vec<ValueId> = if op == S::Ldexp { vec![operands[0].real()] } else { operands.iter().map(|x| x.real()).collect() };
    let (in_domain, in_range) = verdicts(b, rule, result, &arguments);
    require(b, in_domain, PythonError::Raise { exception: "ValueError", message: "math domain error" }, fail);
    if matches!(rule, Rule::Range | Rule::Gamma | Rule::Power) {
        require(b, in_range, PythonError::Raise { exception: "OverflowError", message: "math range error" }, fail);
    }
    Ok(Number::Real(result))
}

/// Whether the result is within domain and range: two I1.
fn verdicts(b: &mut Builder, rule: Rule, result: ValueId, arguments: &[ValueId]) -> (ValueId, ValueId) {
    let pen = Pen::new(b);
    let result = pen.term(result);
    let first = pen.term(arguments[0]);
    let mut any_nan = first.is_nan();
    let mut all_finite = first.abs().lt(f64::INFINITY);
    for argument in &arguments[1..] {
        let x = pen.term(*argument);
        any_nan = any_nan.or(x.is_nan());
        all_finite = all_finite.and(x.abs().lt(f64::INFINITY));
    }
    let invalid = result.is_nan().and(any_nan.not());
    let infinite = result.abs().equals(f64::INFINITY).and(all_finite);
    let pole = match rule {
        Rule::Domain => infinite,
        Rule::Gamma => infinite.and(first.le(0.0)).and(first.trunc().equals(first)),
        Rule::Power => infinite.and(first.equals(0.0)),
        Rule::Range | Rule::None => result.int_of(hypersonic_loops::Ty::I1, 0),
    };
    (invalid.or(pole).not().id(), infinite.and(pole.not()).not().id())
}
