//! `cumsum` and `cumprod` along one axis, in order, as NumPy accumulates.

use super::{Sink, Slot, Source, each_of};
use hypersonic_loops::{Builder, Order, ValueId};
use hypersonic_math::scalar::{self, Unsupported};
use hypersonic_math::{Number, convert};
use hypersonic_ops::{Dtype, ScalarOp};

/// Gives every partial sum (or product) along `axis` to `sink`, at the index of its last element.
///
/// # Errors
/// What closures give.
pub fn accumulate(
    b: &mut Builder<'_>,
    product: bool,
    accumulate: Dtype,
    source: &mut Source<'_>,
    axis: usize,
    sink: &mut Sink<'_>,
) -> Result<(), Unsupported> {
    let others: Vec<usize> = (0..source.extents.len()).filter(|&other| other != axis).collect();
    let other_extents: Vec<ValueId> = others.iter().map(|&other| source.extents[other]).collect();
    let extent = source.extents[axis];
    each_of(b, &other_extents, Order::Sequential, &mut |b, other_indices| {
        // -0.0 and 1 leave the first element as it is.
        let start = super::constant(b, accumulate, if product { 1.0 } else { -0.0 });
        let total = Slot::new(b, "accumulated", start);
        super::each(b, extent, Order::Sequential, |b, index| {
            let mut indices = vec![index; other_indices.len() + 1];
            others.iter().zip(other_indices).for_each(|(&other, &value)| indices[other] = value);
            let item = (source.element)(b, &indices)?;
            let item = convert::convert(b, source.dtype, accumulate, item);
            let so_far = total.get(b);
            let next = step(b, product, accumulate, so_far, item)?;
            total.set(b, next);
            sink(b, &indices, next)
        })
    })
}

fn step(b: &mut Builder<'_>, product: bool, dtype: Dtype, so_far: Number, item: Number) -> Result<Number, Unsupported> {
    if product { scalar::emit(b, ScalarOp::Multiply, dtype, &[so_far, item]) } else { Ok(super::add(b, so_far, item)) }
}
