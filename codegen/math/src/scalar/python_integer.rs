//! Python's `int` within int64: every operation that could leave it is checked.

use hypersonic_loops::{Binary, Builder, Compare, Likely, Stmt, Ty, ValueId};
use hypersonic_ops::{Dtype, ScalarOp as S};

use super::python::{Fail, PythonError, negate, require, zero_division};
use super::quotient;
use super::{emit, rounding, sequential};
use crate::number::Number;

/// Operators on one int that differ from NumPy's.
pub(super) fn unary(b: &mut Builder, op: S, a: ValueId, fail: &mut Fail) -> Option<ValueId> {
    match op {
        S::Negative | S::Absolute => {
            let least = b.i64(i64::MIN);
            let fits = b.compare(Compare::Ne, a, least);
            require(b, fits, PythonError::IntegerOverflow, fail);
            emit(b, op, Dtype::I64, &[Number::Real(a)]).ok().map(Number::real)
        }
        S::Square => exact(b, Binary::Mul, a, a, fail),
        S::Factorial => Some(factorial(b, a, fail)),
        _ => None,
    }
}

/// Operators on two ints that differ from NumPy's.
pub(super) fn binary(b: &mut Builder, op: S, x: ValueId, y: ValueId, fail: &mut Fail) -> Option<ValueId> {
    match op {
        S::Add => exact(b, Binary::Add, x, y, fail),
        S::Subtract => exact(b, Binary::Sub, x, y, fail),
        S::Multiply => exact(b, Binary::Mul, x, y, fail),
        S::Divide => {
            require_nonzero(b, y, "division by zero", fail);
            Some(quotient::divide(b, x, y))
        }
        S::FloorDivide | S::Remainder => {
            let modulo = op == S::Remainder;
            let message = if modulo { "integer modulo by zero" } else { "integer division or modulo by zero" };
            require_nonzero(b, y, message, fail);
            if !modulo {
                require_quotient_fits(b, x, y, fail);
            }
            emit(b, op, Dtype::I64, &[Number::Real(x), Number::Real(y)]).ok().map(Number::real)
        }
        S::Power => Some(power(b, x, y, fail)),
        S::LeftShift | S::RightShift => Some(shift(b, op, x, y, fail)),
        S::Gcd | S::Lcm => common(b, op, x, y, fail),
        S::RoundDigits => {
            let zero = b.i64(0);
            let whole = b.compare(Compare::SGe, y, zero);
            require(b, whole, PythonError::Unsupported, fail);
            Some(x)
        }
        _ => None,
    }
}

/// Add, subtract or multiply, checked.
fn exact(b: &mut Builder, op: Binary, x: ValueId, y: ValueId, fail: &mut Fail) -> Option<ValueId> {
    let over = b.overflows(op, x, y);
    let fits = negate(b, over);
    require(b, fits, PythonError::IntegerOverflow, fail);
    let known = match op {
        Binary::Add => Binary::AddExact,
        Binary::Sub => Binary::SubExact,
        _ => Binary::MulExact,
    };
    Some(b.binary(known, x, y))
}

fn require_nonzero(b: &mut Builder, y: ValueId, message: &'static str, fail: &mut Fail) {
    if b.as_int(y).is_some_and(|known| known != 0) {
        return;
    }
    let zero = b.i64(0);
    let nonzero = b.compare(Compare::Ne, y, zero);
    require(b, nonzero, zero_division(message), fail);
}

fn require_quotient_fits(b: &mut Builder, x: ValueId, y: ValueId, fail: &mut Fail) {
    if b.as_int(y).is_some_and(|known| known != -1) {
        return;
    }
    let (least, minus_one) = (b.i64(i64::MIN), b.i64(-1));
    let is_least = b.compare(Compare::Eq, x, least);
    let is_minus_one = b.compare(Compare::Eq, y, minus_one);
    let over = b.and(is_least, is_minus_one);
    let fits = negate(b, over);
    require(b, fits, PythonError::IntegerOverflow, fail);
}

/// `x ** y`; a negative exponent gives a float, which is Python's to give.
fn power(b: &mut Builder, x: ValueId, y: ValueId, fail: &mut Fail) -> ValueId {
    let zero = b.i64(0);
    let whole = b.compare(Compare::SGe, y, zero);
    require(b, whole, PythonError::Unsupported, fail);
    if let Some(exponent) = b.as_int(y).filter(|n| (0..=64).contains(n)) {
        return constant_power(b, x, exponent, fail);
    }
    let (result, square, rest) = (b.variable("power", Ty::I64), b.variable("square", Ty::I64), b.variable("exponent", Ty::I64));
    let over = b.variable("overflow", Ty::I1);
    let (one, no) = (b.i64(1), b.bool(false));
    b.set(result, one);
    b.set(square, x);
    b.set(rest, y);
    b.set(over, no);
    let body = b.block(|b| {
        let left = b.read(rest);
        let done = b.compare(Compare::SLe, left, zero);
        let over_already = b.read(over);
        let leave = b.or(done, over_already);
        b.when(leave, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        let (factor, product) = (b.read(square), b.read(result));
        let bit = b.and(left, one);
        let odd = b.compare(Compare::Ne, bit, zero);
        let multiplier = b.select(odd, factor, one);
        let product_over = b.overflows(Binary::Mul, product, multiplier);
        let product = b.mul(product, multiplier);
        b.set(result, product);
        let halved = b.binary(Binary::LShr, left, one);
        b.set(rest, halved);
        let more = b.compare(Compare::Ne, halved, zero);
        let square_over = b.overflows(Binary::Mul, factor, factor);
        let square_over = b.and(square_over, more);
        let squared = b.mul(factor, factor);
        b.set(square, squared);
        let either = b.or(product_over, square_over);
        b.set(over, either);
    });
    b.push(Stmt::Loop { body });
    let over = b.read(over);
    let fits = negate(b, over);
    require(b, fits, PythonError::IntegerOverflow, fail);
    b.read(result)
}

fn constant_power(b: &mut Builder, base: ValueId, exponent: i64, fail: &mut Fail) -> ValueId {
    let mut result = None;
    let (mut square, mut rest) = (base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = match result {
                Some(product) => exact(b, Binary::Mul, product, square, fail),
                None => Some(square),
            };
        }
        rest >>= 1;
        if rest > 0 {
            square = exact(b, Binary::Mul, square, square, fail).unwrap_or(square);
        }
    }
    result.unwrap_or_else(|| b.i64(1))
}

fn shift(b: &mut Builder, op: S, x: ValueId, y: ValueId, fail: &mut Fail) -> ValueId {
    let zero = b.i64(0);
    let valid = b.compare(Compare::SGe, y, zero);
    require(b, valid, PythonError::Raise { exception: "ValueError", message: "negative shift count" }, fail);
    let last = b.i64(63);
    let count = b.binary(Binary::SMin, y, last);
    if op == S::RightShift {
        return b.binary(Binary::AShr, x, count);
    }
    let shifted = b.binary(Binary::Shl, x, count);
    let back = b.binary(Binary::AShr, shifted, count);
    let kept = b.compare(Compare::Eq, back, x);
    let near = b.compare(Compare::SLe, y, last);
    let fits = b.and(kept, near);
    let is_zero = b.compare(Compare::Eq, x, zero);
    let fits = b.or(fits, is_zero);
    require(b, fits, PythonError::IntegerOverflow, fail);
    shifted
}

/// `math.gcd` and `math.lcm`: results up to 2^63 - 1.
fn common(b: &mut Builder, op: S, x: ValueId, y: ValueId, fail: &mut Fail) -> Option<ValueId> {
    let result = sequential::emit(b, op, Dtype::I64, &[x, y])?;
    let zero = b.i64(0);
    let fits = b.compare(Compare::SGe, result, zero);
    require(b, fits, PythonError::IntegerOverflow, fail);
    if op == S::Lcm {
        // The product wrapped unless dividing gives the operand back.
        let magnitude = emit(b, S::Absolute, Dtype::I64, &[Number::Real(y)]).ok()?.real();
        let divisor = sequential::emit(b, S::Gcd, Dtype::I64, &[x, y])?;
        let first = emit(b, S::Absolute, Dtype::I64, &[Number::Real(x)]).ok()?.real();
        let quotient = emit(b, S::FloorDivide, Dtype::I64, &[Number::Real(first), Number::Real(divisor)]).ok()?.real();
        let over = b.overflows(Binary::Mul, quotient, magnitude);
        let fits = negate(b, over);
        require(b, fits, PythonError::IntegerOverflow, fail);
    }
    Some(result)
}

/// `math.factorial`, which int64 holds up to 20.
fn factorial(b: &mut Builder, n: ValueId, fail: &mut Fail) -> ValueId {
    let (zero, last) = (b.i64(0), b.i64(20));
    let valid = b.compare(Compare::SGe, n, zero);
    let message = "factorial() not defined for negative values";
    require(b, valid, PythonError::Raise { exception: "ValueError", message }, fail);
    let fits = b.compare(Compare::SLe, n, last);
    require(b, fits, PythonError::IntegerOverflow, fail);
    b.table(&rounding::FACTORIALS, n)
}
