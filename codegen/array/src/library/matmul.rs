//! `@` on arrays: dot products, matrix times vector, matrix times matrix, and stacks of them.
//!
//! NumPy hands float and complex products to a BLAS whose order of additions is its own; ours is fixed by the shapes
//! alone. Integer products are exact modulo 2^n, as NumPy's.

use super::lanes;
use super::{Cell, Element, constant, each, each_of};
use hypersonic_loops::{Builder, Order, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::{self, Unsupported};
use hypersonic_ops::{Dtype, Kind, ScalarOp};

fn multiply_add(b: &mut Builder<'_>, dtype: Dtype, so_far: Number, left: Number, right: Number) -> Result<Number, Unsupported> {
    let product = scalar::emit(b, ScalarOp::Multiply, dtype, &[left, right])?;
    if dtype.kind() == Kind::Bool {
        return Ok(Number::Real(b.or(so_far.real(), product.real())));
    }
    Ok(super::add(b, so_far, product))
}

/// The dot product of two 1-D arrays of `count` elements.
///
/// # Errors
/// What closures give.
pub fn dot(
    b: &mut Builder<'_>,
    dtype: Dtype,
    count: ValueId,
    left: &mut Element<'_>,
    right: &mut Element<'_>,
) -> Result<Number, Unsupported> {
    let nothing = constant(b, dtype, 0.0);
    lanes::fold(
        b,
        count,
        nothing,
        &mut |b, index| {
            let x = left(b, &[index])?;
            let y = right(b, &[index])?;
            scalar::emit(b, ScalarOp::Multiply, dtype, &[x, y])
        },
        &mut |b, x, y| if dtype.kind() == Kind::Bool { Ok(Number::Real(b.or(x.real(), y.real()))) } else { Ok(super::add(b, x, y)) },
    )
}

/// One matrix product: `left` is rows x inner, `right` inner x columns, `result` rows x columns, each addressed by two
/// indices. The result is built up row by row, so that the innermost loop runs along rows of `right` and of the result.
///
/// # Errors
/// What closures give.
#[allow(clippy::too_many_arguments, reason = "three extents and three matrices")]
pub fn product(
    b: &mut Builder<'_>,
    dtype: Dtype,
    rows: ValueId,
    inner: ValueId,
    columns: ValueId,
    left: &mut Element<'_>,
    right: &mut Element<'_>,
    result: &mut Cell<'_>,
) -> Result<(), Unsupported> {
    each_of(b, &[rows, columns], Order::Independent, &mut |b, place| {
        let nothing = constant(b, dtype, 0.0);
        (result.store)(b, place, nothing)
    })?;
    each(b, rows, Order::Sequential, |b, row| {
        each(b, inner, Order::Sequential, |b, middle| {
            let factor = left(b, &[row, middle])?;
            each(b, columns, Order::Independent, |b, column| {
                let other = right(b, &[middle, column])?;
                let so_far = (result.load)(b, &[row, column])?;
                let next = multiply_add(b, dtype, so_far, factor, other)?;
                (result.store)(b, &[row, column], next)
            })
        })
    })
}

/// A matrix by a vector: `result[row] = sum over inner of left[row, inner] * right[inner]`, one dot product per row.
///
/// # Errors
/// What closures give.
pub fn by_vector(
    b: &mut Builder<'_>,
    dtype: Dtype,
    rows: ValueId,
    inner: ValueId,
    left: &mut Element<'_>,
    right: &mut Element<'_>,
    sink: &mut super::Sink<'_>,
) -> Result<(), Unsupported> {
    each(b, rows, Order::Sequential, |b, row| {
        let value = dot(b, dtype, inner, &mut |b, index| left(b, &[row, index[0]]), right)?;
        sink(b, &[row], value)
    })
}
