//! `argmin` and `argmax`: the first place of the extreme element; a NaN is more extreme than any number.

use super::{Sink, Slot, Source, each, each_of, product, unravel};
use hypersonic_loops::{Builder, Likely, Order, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::{self, Unsupported};
use hypersonic_ops::{Dtype, Kind, ScalarOp};

/// Gives to `sink`, per index of the axes that stay, the place (I64) of the extreme element along `axes`: one axis, or all of them
/// counted in C order. The reduced extent is not zero.
///
/// # Errors
/// What closures give.
pub fn place(b: &mut Builder<'_>, largest: bool, source: &mut Source<'_>, axes: &[usize], sink: &mut Sink<'_>) -> Result<(), Unsupported> {
    let rank = source.extents.len();
    let kept: Vec<usize> = (0..rank).filter(|axis| !axes.contains(axis)).collect();
    let kept_extents: Vec<ValueId> = kept.iter().map(|&axis| source.extents[axis]).collect();
    let gone_extents: Vec<ValueId> = axes.iter().map(|&axis| source.extents[axis]).collect();
    let count = product(b, &gone_extents);
    each_of(b, &kept_extents, Order::Sequential, &mut |b, kept_indices| {
        let mut element = |b: &mut Builder<'_>, linear: ValueId| {
            let gone = if axes.len() == 1 { vec![linear] } else { unravel(b, linear, &gone_extents) };
            let mut indices = vec![ValueId(0); rank];
            kept.iter().zip(kept_indices).for_each(|(&axis, &index)| indices[axis] = index);
            axes.iter().zip(&gone).for_each(|(&axis, &index)| indices[axis] = index);
            (source.element)(b, &indices)
        };
        let zero = b.i64(0);
        let first = element(b, zero)?;
        let best = Slot::new(b, "best", first);
        let at = Slot::new(b, "place", Number::Real(zero));
        each(b, count, Order::Sequential, |b, index| {
            let item = element(b, index)?;
            let so_far = best.get(b);
            let better = is_more_extreme(b, largest, source.dtype, item, so_far)?;
            b.when(better, Likely::Unknown, |b| {
                best.set(b, item);
                at.set(b, Number::Real(index));
            });
            Ok(())
        })?;
        let found = at.get(b);
        sink(b, kept_indices, found)
    })
}

fn is_more_extreme(b: &mut Builder<'_>, largest: bool, dtype: Dtype, item: Number, best: Number) -> Result<ValueId, Unsupported> {
    let op = if largest { ScalarOp::Greater } else { ScalarOp::Less };
    let beyond = scalar::emit(b, op, dtype, &[item, best])?.real();
    if !matches!(dtype.kind(), Kind::Float | Kind::Complex) {
        return Ok(beyond);
    }
    let item_is_nan = scalar::emit(b, ScalarOp::Isnan, dtype, &[item])?.real();
    let best_is_nan = scalar::emit(b, ScalarOp::Isnan, dtype, &[best])?.real();
    let best_is_number = b.not(best_is_nan);
    let either = b.or(beyond, item_is_nan);
    Ok(b.and(either, best_is_number))
}
