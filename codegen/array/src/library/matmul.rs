//! `@` on arrays: dot products, matrix times vector, matrix times matrix, and stacks of them.
//!
//! NumPy hands float and complex products to a BLAS whose order of additions is its own; ours is fixed by the shapes
//! alone: dot products and matrices by vectors add in lanes, all else adds along the inner axis, one after the other. The loops go
//! over several rows at once, so that what was loaded is used more than once, and matrices by matrices in panels that stay in
//! the cache; neither changes the order of additions. Integer products are exact modulo 2^n, as NumPy's.

use super::lanes;
use super::{Cell, Element, constant, each, each_of};
use hypersonic_loops::{Binary, Builder, Compare, Order, ValueId};
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

/// Rows of the result that are worked on together.
const ROWS: i64 = 2;
/// Steps along the inner axis that are made together.
const STEPS: i64 = 4;
/// Rows of a matrix that meet a vector together.
const ROWS_BY_VECTOR: i64 = 4;
/// The panel of the right matrix that stays in the cache while all rows of the left one pass: 256 KB of doubles.
const PANEL_STEPS: i64 = 128;
const PANEL_COLUMNS: i64 = 256;

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
    // Enough for four vectors of the widest registers that all levels share, whose additions do not wait for one another.
    let width = match dtype {
        Dtype::F32 => 32,
        Dtype::F64 => 16,
        _ => 8,
    };
    lanes::fold_wide(
        b,
        width,
        count,
        nothing,
        &mut |b, index| {
            let x = left(b, &[index])?;
            let y = right(b, &[index])?;
            scalar::emit(b, ScalarOp::Multiply, dtype, &[x, y])
        },
        &mut |b, x, y| sum(b, dtype, x, y),
    )
}

fn sum(b: &mut Builder<'_>, dtype: Dtype, x: Number, y: Number) -> Result<Number, Unsupported> {
    if dtype.kind() == Kind::Bool { Ok(Number::Real(b.or(x.real(), y.real()))) } else { Ok(super::add(b, x, y)) }
}

/// Runs `body` for 0, `block`, 2 `block`, ... as long as whole blocks fit into `count`, then for each single one that is left.
fn blocked(
    b: &mut Builder<'_>,
    count: ValueId,
    block: i64,
    body: &mut dyn FnMut(&mut Builder<'_>, ValueId, i64) -> Result<(), Unsupported>,
) -> Result<(), Unsupported> {
    let width = b.i64(block);
    let shift = b.i64(i64::from(block.trailing_zeros()));
    let blocks = b.binary(Binary::LShr, count, shift);
    each(b, blocks, Order::Sequential, |b, index| {
        let first = b.mul(index, width);
        body(b, first, block)
    })?;
    let done = b.mul(blocks, width);
    let rest = b.sub(count, done);
    each(b, rest, Order::Sequential, |b, index| {
        let at = b.add(done, index);
        body(b, at, 1)
    })
}

/// Runs `body` with the begin and the length of each panel of at most `length` out of `count`.
fn panels(
    b: &mut Builder<'_>,
    count: ValueId,
    length: i64,
    body: &mut dyn FnMut(&mut Builder<'_>, ValueId, ValueId) -> Result<(), Unsupported>,
) -> Result<(), Unsupported> {
    let most = b.i64(length);
    let before = b.i64(length - 1);
    let shift = b.i64(i64::from(length.trailing_zeros()));
    let padded = b.add(count, before);
    let number = b.binary(Binary::LShr, padded, shift);
    each(b, number, Order::Sequential, |b, index| {
        let begin = b.mul(index, most);
        let left = b.sub(count, begin);
        let short = b.compare(Compare::SLt, left, most);
        let run = b.select(short, left, most);
        body(b, begin, run)
    })
}

fn shifted(b: &mut Builder<'_>, first: ValueId, count: i64) -> Vec<ValueId> {
    (0..count)
        .map(|step| {
            let step = b.i64(step);
            b.add(first, step)
        })
        .collect()
}

/// One matrix product: `left` is rows x inner, `right` inner x columns, `result` rows x columns, each addressed by two
/// indices. The innermost loop runs along rows of `right` and of the result.
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
    panels(b, inner, PANEL_STEPS, &mut |b, first_step, steps| {
        panels(b, columns, PANEL_COLUMNS, &mut |b, first_column, run| {
            blocked(b, rows, ROWS, &mut |b, row, row_count| {
                blocked(b, steps, STEPS, &mut |b, step, step_count| {
                    let at = b.add(first_step, step);
                    let rows = shifted(b, row, row_count);
                    let middles = shifted(b, at, step_count);
                    tile(b, dtype, (&rows, &middles), (first_column, run), (left, right), result)
                })
            })
        })
    })
}

/// Adds some steps to some rows of the result, along a run of columns.
fn tile(
    b: &mut Builder<'_>,
    dtype: Dtype,
    (rows, middles): (&[ValueId], &[ValueId]),
    (first_column, run): (ValueId, ValueId),
    (left, right): (&mut Element<'_>, &mut Element<'_>),
    result: &mut Cell<'_>,
) -> Result<(), Unsupported> {
    let mut factors = Vec::new();
    for row in rows {
        let of_row: Result<Vec<Number>, Unsupported> = middles.iter().map(|middle| left(b, &[*row, *middle])).collect();
        factors.push(of_row?);
    }
    each(b, run, Order::Independent, |b, index| {
        let column = b.add(first_column, index);
        let mut others = Vec::new();
        for middle in middles {
            others.push(right(b, &[*middle, column])?);
        }
        let mut totals = Vec::new();
        for (row, factors) in rows.iter().zip(&factors) {
            let mut total = (result.load)(b, &[*row, column])?;
            for (factor, other) in factors.iter().zip(&others) {
                total = multiply_add(b, dtype, total, *factor, *other)?;
            }
            totals.push(total);
        }
        rows.iter().zip(totals).try_for_each(|(row, total)| (result.store)(b, &[*row, column], total))
    })
}

/// A matrix by a vector: `result[row] = sum over inner of left[row, inner] * right[inner]`, one sum in lanes per row.
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
    blocked(b, rows, ROWS_BY_VECTOR, &mut |b, first, count| {
        let rows = shifted(b, first, count);
        let nothing = constant(b, dtype, 0.0);
        lanes::fold_rows(
            b,
            (rows.len(), inner),
            nothing,
            &mut |b, row, index| {
                let item = left(b, &[rows[row], index])?;
                let factor = right(b, &[index])?;
                scalar::emit(b, ScalarOp::Multiply, dtype, &[item, factor])
            },
            &mut |b, x, y| sum(b, dtype, x, y),
            &mut |b, row, total| sink(b, &[rows[row]], total),
        )
    })
}

/// A vector by a matrix: `result[column] = sum over inner of left[inner] * right[inner, column]`, along the rows of the matrix.
///
/// # Errors
/// What closures give.
pub fn vector_by(
    b: &mut Builder<'_>,
    dtype: Dtype,
    inner: ValueId,
    columns: ValueId,
    left: &mut Element<'_>,
    right: &mut Element<'_>,
    result: &mut Cell<'_>,
) -> Result<(), Unsupported> {
    let one = b.i64(1);
    let mut vector = |b: &mut Builder<'_>, indices: &[ValueId]| left(b, &indices[1..]);
    let mut load = |b: &mut Builder<'_>, indices: &[ValueId]| (result.load)(b, &indices[1..]);
    let mut store = |b: &mut Builder<'_>, indices: &[ValueId], value: Number| (result.store)(b, &indices[1..], value);
    product(b, dtype, one, inner, columns, &mut vector, right, &mut Cell { load: &mut load, store: &mut store })
}
