//! Reductions over some axes: sum, prod, min, max, mean, any, all, count_nonzero.
//!
//! The order of additions is NumPy's for C-ordered memory: if the last axis goes, each of its runs is added pairwise
//! and the runs one after the other; if it stays, whole rows are added one after the other.

use super::pairwise::{self, Linear};
use super::{Cell, Sink, Slot, Source, constant, each, each_of, lanes, product, unravel};
use hypersonic_loops::{Binary, Builder, Cast, Inst, Order, Ty, ValueId};
use hypersonic_math::scalar::{self, Unsupported};
use hypersonic_math::{Number, convert};
use hypersonic_ops::{Dtype, Kind, ScalarOp};
use hypersonic_typed::ir::Reduction;

/// Elements that NumPy casts at a time when the accumulator's dtype is not the array's: each such chunk is summed on
/// its own.
const CAST_CHUNK: i64 = 8192;

/// What NumPy says when there is nothing to reduce and no identity: the message of the ValueError.
#[must_use]
pub const fn message_if_empty(op: Reduction) -> Option<&'static str> {
    match op {
        Reduction::Min => Some("zero-size array to reduction operation minimum which has no identity"),
        Reduction::Max => Some("zero-size array to reduction operation maximum which has no identity"),
        Reduction::ArgMin => Some("attempt to get argmin of an empty sequence"),
        Reduction::ArgMax => Some("attempt to get argmax of an empty sequence"),
        _ => None,
    }
}

/// Whether a fold in any order gives the same answer as NumPy's order.
fn is_exact(op: Reduction, accumulate: Dtype) -> bool {
    match op {
        Reduction::Sum | Reduction::Mean | Reduction::Prod => !matches!(accumulate.kind(), Kind::Float | Kind::Complex),
        _ => true,
    }
}

/// The element as the accumulator takes it.
fn prepare(b: &mut Builder<'_>, op: Reduction, from: Dtype, accumulate: Dtype, value: Number) -> Number {
    match op {
        Reduction::Any | Reduction::All => convert::convert(b, from, Dtype::Bool, value),
        Reduction::CountNonzero => {
            let truth = convert::convert(b, from, Dtype::Bool, value);
            Number::Real(b.cast(Cast::ZeroExtend, truth.real(), Ty::I64))
        }
        _ => convert::convert(b, from, accumulate, value),
    }
}

fn combine(b: &mut Builder<'_>, op: Reduction, dtype: Dtype, left: Number, right: Number) -> Result<Number, Unsupported> {
    match op {
        Reduction::Sum | Reduction::Mean | Reduction::CountNonzero => Ok(super::add(b, left, right)),
        Reduction::Prod => scalar::emit(b, ScalarOp::Multiply, dtype, &[left, right]),
        Reduction::Min => scalar::emit(b, ScalarOp::Minimum, dtype, &[left, right]),
        Reduction::Max => scalar::emit(b, ScalarOp::Maximum, dtype, &[left, right]),
        Reduction::Any => Ok(Number::Real(b.or(left.real(), right.real()))),
        Reduction::All => Ok(Number::Real(b.and(left.real(), right.real()))),
        Reduction::ArgMin | Reduction::ArgMax => Err(Unsupported { op: ScalarOp::Minimum, dtype }),
    }
}

/// What an empty reduction gives; for minimum and maximum the first element takes its place.
fn identity(b: &mut Builder<'_>, op: Reduction, dtype: Dtype) -> Option<Number> {
    match op {
        Reduction::Min | Reduction::Max | Reduction::ArgMin | Reduction::ArgMax => None,
        Reduction::Prod | Reduction::All => Some(constant(b, dtype, 1.0)),
        _ => Some(constant(b, dtype, 0.0)),
    }
}

/// Reduces `source` over `axes` (sorted) with an accumulator of dtype `accumulate`. Results are given to `sink` with the indices of the
/// axes that stay; if the last axis stays (and not all go), results are built up in `cell` instead.
///
/// # Errors
/// What closures give, or an operation that the dtype does not have.
pub fn reduce(
    b: &mut Builder<'_>,
    op: Reduction,
    accumulate: Dtype,
    source: &mut Source<'_>,
    axes: &[usize],
    cell: &mut Cell<'_>,
) -> Result<(), Unsupported> {
    let rank = source.extents.len();
    if rank == 0 || axes.last() == Some(&(rank - 1)) {
        return runs(b, op, accumulate, source, axes, cell.store);
    }
    rows(b, op, accumulate, source, axes, cell)
}

/// The last axes go: each result is a sum of runs.
fn runs(
    b: &mut Builder<'_>,
    op: Reduction,
    accumulate: Dtype,
    source: &mut Source<'_>,
    axes: &[usize],
    sink: &mut Sink<'_>,
) -> Result<(), Unsupported> {
    let rank = source.extents.len();
    let trailing = (0..rank).rev().take_while(|axis| axes.contains(axis)).count();
    let first_of_run = rank - trailing;
    let kept: Vec<usize> = (0..rank).filter(|axis| !axes.contains(axis)).collect();
    let kept_extents: Vec<ValueId> = kept.iter().map(|&axis| source.extents[axis]).collect();
    let outer: Vec<usize> = axes.iter().copied().filter(|&axis| axis < first_of_run).collect();
    let outer_extents: Vec<ValueId> = outer.iter().map(|&axis| source.extents[axis]).collect();
    let run_extents = source.extents[first_of_run..].to_vec();
    let run = product(b, &run_extents);
    let all: Vec<ValueId> = axes.iter().map(|&axis| source.extents[axis]).collect();
    let count = product(b, &all);
    each_of(b, &kept_extents, Order::Sequential, &mut |b, kept_indices| {
        let place = |outer_indices: &[ValueId], run_indices: &[ValueId]| -> Vec<ValueId> {
            let mut indices = vec![ValueId(0); rank];
            kept.iter().zip(kept_indices).for_each(|(&axis, &index)| indices[axis] = index);
            outer.iter().zip(outer_indices).for_each(|(&axis, &index)| indices[axis] = index);
            indices[first_of_run..].copy_from_slice(run_indices);
            indices
        };
        let start = match identity(b, op, accumulate) {
            Some(number) => number,
            None => {
                let zero = b.i64(0);
                let indices = place(&vec![zero; outer.len()], &vec![zero; trailing]);
                let first = (source.element)(b, &indices)?;
                prepare(b, op, source.dtype, accumulate, first)
            }
        };
        let total = Slot::new(b, "reduced", start);
        each_of(b, &outer_extents, Order::Sequential, &mut |b, outer_indices| {
            let mut element = |b: &mut Builder<'_>, linear: ValueId| {
                let run_indices = if trailing == 1 { vec![linear] } else { unravel(b, linear, &run_extents) };
                let value = (source.element)(b, &place(outer_indices, &run_indices))?;
                Ok(prepare(b, op, source.dtype, accumulate, value))
            };
            one_run(b, op, accumulate, source.dtype, run, source.direct, total, &mut element)
        })?;
        let value = total.get(b);
        let value = if op == Reduction::Mean { divide_by_count(b, accumulate, value, count)? } else { value };
        sink(b, kept_indices, value)
    })
}

/// Adds one run to the total.
#[allow(clippy::too_many_arguments, reason = "a run is all of these")]
fn one_run(
    b: &mut Builder<'_>,
    op: Reduction,
    accumulate: Dtype,
    from: Dtype,
    run: ValueId,
    direct: bool,
    total: Slot,
    element: &mut Linear<'_>,
) -> Result<(), Unsupported> {
    let exact = is_exact(op, accumulate);
    if exact && matches!(op, Reduction::Min | Reduction::Max) {
        let so_far = total.get(b);
        let value = lanes::fold(b, run, so_far, element, &mut |b, left, right| combine(b, op, accumulate, left, right))?;
        total.set(b, value);
        return Ok(());
    }
    if exact || op == Reduction::Prod {
        return each(b, run, Order::Sequential, |b, index| {
            let item = element(b, index)?;
            let so_far = total.get(b);
            let next = combine(b, op, accumulate, so_far, item)?;
            total.set(b, next);
            Ok(())
        });
    }
    let zero = b.i64(0);
    if from == accumulate {
        let value = pairwise::sum(b, accumulate, zero, run, direct, element)?;
        let so_far = total.get(b);
        let next = super::add(b, so_far, value);
        total.set(b, next);
        return Ok(());
    }
    let chunk = b.i64(CAST_CHUNK);
    let rounding = b.i64(CAST_CHUNK - 1);
    let raised = b.add(run, rounding);
    let chunks = b.binary(Binary::SDiv, raised, chunk);
    each(b, chunks, Order::Sequential, |b, index| {
        let first = b.mul(index, chunk);
        let left = b.sub(run, first);
        let length = b.binary(Binary::SMin, left, chunk);
        let value = pairwise::sum(b, accumulate, first, length, direct, element)?;
        let so_far = total.get(b);
        let next = super::add(b, so_far, value);
        total.set(b, next);
        Ok(())
    })
}

/// The last axis stays: rows are combined into the result one after the other.
fn rows(
    b: &mut Builder<'_>,
    op: Reduction,
    accumulate: Dtype,
    source: &mut Source<'_>,
    axes: &[usize],
    cell: &mut Cell<'_>,
) -> Result<(), Unsupported> {
    let rank = source.extents.len();
    let leading = axes.first().copied().unwrap_or(0);
    let kept: Vec<usize> = (leading..rank).filter(|axis| !axes.contains(axis)).collect();
    let leading_extents = source.extents[..leading].to_vec();
    let kept_extents: Vec<ValueId> = kept.iter().map(|&axis| source.extents[axis]).collect();
    let gone_extents: Vec<ValueId> = axes.iter().map(|&axis| source.extents[axis]).collect();
    let count = product(b, &gone_extents);
    each_of(b, &leading_extents, Order::Sequential, &mut |b, leading_indices| {
        let place = |gone: &[ValueId], stay: &[ValueId]| -> Vec<ValueId> {
            let mut indices = vec![ValueId(0); rank];
            indices[..leading].copy_from_slice(leading_indices);
            axes.iter().zip(gone).for_each(|(&axis, &index)| indices[axis] = index);
            kept.iter().zip(stay).for_each(|(&axis, &index)| indices[axis] = index);
            indices
        };
        let result = |stay: &[ValueId]| -> Vec<ValueId> { leading_indices.iter().chain(stay).copied().collect() };
        each_of(b, &kept_extents, Order::Independent, &mut |b, stay| {
            let start = match identity(b, op, accumulate) {
                Some(number) => number,
                None => {
                    let zero = b.i64(0);
                    let first = (source.element)(b, &place(&vec![zero; axes.len()], stay))?;
                    prepare(b, op, source.dtype, accumulate, first)
                }
            };
            (cell.store)(b, &result(stay), start)
        })?;
        each_of(b, &gone_extents, Order::Sequential, &mut |b, gone| {
            each_of(b, &kept_extents, Order::Independent, &mut |b, stay| {
                let item = (source.element)(b, &place(gone, stay))?;
                let item = prepare(b, op, source.dtype, accumulate, item);
                let so_far = (cell.load)(b, &result(stay))?;
                let next = combine(b, op, accumulate, so_far, item)?;
                (cell.store)(b, &result(stay), next)
            })
        })?;
        if op != Reduction::Mean {
            return Ok(());
        }
        each_of(b, &kept_extents, Order::Independent, &mut |b, stay| {
            let total = (cell.load)(b, &result(stay))?;
            let mean = divide_by_count(b, accumulate, total, count)?;
            (cell.store)(b, &result(stay), mean)
        })
    })
}

/// `total / count` as NumPy divides by the count: the count is an int64, so complex64 is divided as complex128. (A float32 is too, which
/// makes no difference.)
fn divide_by_count(b: &mut Builder<'_>, dtype: Dtype, total: Number, count: ValueId) -> Result<Number, Unsupported> {
    let wide = if dtype == Dtype::C64 { Dtype::C128 } else { dtype };
    let divisor = convert::convert(b, Dtype::I64, wide, Number::Real(count));
    let total = convert::convert(b, dtype, wide, total);
    let mean = scalar::emit(b, ScalarOp::Divide, wide, &[total, divisor])?;
    Ok(convert::convert(b, wide, dtype, mean))
}

/// A place in function-local memory that serves as the cell of a full reduction.
pub fn local_cell(b: &mut Builder<'_>) -> ValueId {
    b.emit(Ty::Ptr, Inst::StackSlot(16))
}
