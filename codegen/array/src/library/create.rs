//! Lengths and values of `arange` and `linspace`.

use hypersonic_loops::{Binary, Builder, Cast, Compare, Ty, Unary, ValueId};
use hypersonic_math::scalar::{self, Unsupported};
use hypersonic_math::{Number, convert};
use hypersonic_ops::{Dtype, ScalarOp};

/// Length of `arange(start, stop, step)` on int64: `ceil((stop - start) / step)`, at least 0. The step is not zero, the
/// difference fits int64.
pub fn arange_length_int(b: &mut Builder<'_>, start: ValueId, stop: ValueId, step: ValueId) -> ValueId {
    let zero = b.i64(0);
    let one = b.i64(1);
    let difference = b.sub(stop, start);
    let up = b.compare(Compare::SGt, step, zero);
    let minus = b.i64(-1);
    let towards = b.select(up, one, minus);
    let last = b.sub(difference, towards);
    let steps = b.binary(Binary::SDiv, last, step);
    let length = b.add(steps, one);
    let forward = b.compare(Compare::SGt, difference, zero);
    let backward = b.compare(Compare::SLt, difference, zero);
    let some = b.select(up, forward, backward);
    b.select(some, length, zero)
}

/// Length of `arange` on float64, and whether it is a length at all: NumPy says ValueError("arange: cannot compute length") for
/// NaN and "Maximum allowed size exceeded" for what leaves int64.
pub fn arange_length_float(b: &mut Builder<'_>, start: ValueId, stop: ValueId, step: ValueId) -> (ValueId, ValueId) {
    let difference = b.sub(stop, start);
    let steps = b.fdiv(difference, step);
    let raised = b.unary(Unary::Ceil, steps);
    let limit = b.float(Ty::F64, 9.0e18);
    let zero = b.float(Ty::F64, 0.0);
    let ok = b.compare(Compare::FLt, raised, limit);
    let positive = b.compare(Compare::FGt, raised, zero);
    let safe = b.select(positive, raised, zero);
    let safe = b.select(ok, safe, zero);
    (b.cast(Cast::FloatToSigned, safe, Ty::I64), ok)
}

/// Value number `index` of `linspace(start, stop, num)` in float64 or complex128, as NumPy computes it:
/// `index * step + start`, or `index / divisions * (stop - start) + start` when the step is zero, and exactly `stop` at
/// the end.
///
/// # Errors
/// Never for float64 and complex128.
pub fn linspace_value(
    b: &mut Builder<'_>,
    dtype: Dtype,
    start: Number,
    stop: Number,
    num: ValueId,
    endpoint: bool,
    index: ValueId,
) -> Result<Number, Unsupported> {
    let one = b.i64(1);
    let divisions = if endpoint { b.sub(num, one) } else { num };
    let zero = b.i64(0);
    let divided = b.compare(Compare::SGt, divisions, zero);
    let at_least_one = b.select(divided, divisions, one);
    let count = convert::convert(b, Dtype::I64, dtype, Number::Real(at_least_one));
    let position = convert::convert(b, Dtype::I64, dtype, Number::Real(index));
    let delta = scalar::emit(b, ScalarOp::Subtract, dtype, &[stop, start])?;
    let step = scalar::emit(b, ScalarOp::Divide, dtype, &[delta, count])?;
    let by_step = scalar::emit(b, ScalarOp::Multiply, dtype, &[position, step])?;
    let ratio = scalar::emit(b, ScalarOp::Divide, dtype, &[position, count])?;
    let by_ratio = scalar::emit(b, ScalarOp::Multiply, dtype, &[ratio, delta])?;
    let nothing = super::constant(b, dtype, 0.0);
    let flat = scalar::emit(b, ScalarOp::Equal, dtype, &[step, nothing])?.real();
    let undivided = b.not(divided);
    let plain = scalar::emit(b, ScalarOp::Multiply, dtype, &[position, delta])?;
    let way = choose(b, flat, by_ratio, by_step);
    let way = choose(b, undivided, plain, way);
    let value = scalar::emit(b, ScalarOp::Add, dtype, &[way, start])?;
    if !endpoint {
        return Ok(value);
    }
    let last = b.compare(Compare::Eq, index, divisions);
    let more = b.compare(Compare::SGt, num, one);
    let exact = b.and(last, more);
    Ok(choose(b, exact, stop, value))
}

/// `if condition { left } else { right }` on numbers.
pub fn choose(b: &mut Builder<'_>, condition: ValueId, left: Number, right: Number) -> Number {
    match (left, right) {
        (Number::Complex(a, x), Number::Complex(c, y)) => Number::Complex(b.select(condition, a, c), b.select(condition, x, y)),
        _ => Number::Real(b.select(condition, left.real(), right.real())),
    }
}
