//! `concatenate` and `stack`: copies of several arrays side by side.

use super::{Sink, Source, each_of};
use hypersonic_loops::{Builder, Order, ValueId};
use hypersonic_math::convert;
use hypersonic_math::scalar::Unsupported;
use hypersonic_ops::Dtype;

/// Copies `part` into the result from position `start` along `axis`.
///
/// # Errors
/// What closures give.
pub fn place_part(
    b: &mut Builder<'_>,
    dtype: Dtype,
    part: &mut Source<'_>,
    axis: usize,
    start: ValueId,
    sink: &mut Sink<'_>,
) -> Result<(), Unsupported> {
    let extents = part.extents.clone();
    each_of(b, &extents, Order::Independent, &mut |b, indices| {
        let value = (part.element)(b, indices)?;
        let value = convert::convert(b, part.dtype, dtype, value);
        let mut place = indices.to_vec();
        place[axis] = b.add(start, indices[axis]);
        sink(b, &place, value)
    })
}

/// Copies `part` into the result as number `position` along the new axis `axis`.
///
/// # Errors
/// What closures give.
pub fn place_layer(
    b: &mut Builder<'_>,
    dtype: Dtype,
    part: &mut Source<'_>,
    axis: usize,
    position: ValueId,
    sink: &mut Sink<'_>,
) -> Result<(), Unsupported> {
    let extents = part.extents.clone();
    each_of(b, &extents, Order::Independent, &mut |b, indices| {
        let value = (part.element)(b, indices)?;
        let value = convert::convert(b, part.dtype, dtype, value);
        let mut place = indices.to_vec();
        place.insert(axis, position);
        sink(b, &place, value)
    })
}
