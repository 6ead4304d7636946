//! Folds that may be done in any order, over eight accumulators so that they vectorise: minimum, maximum, dot.

use super::Slot;
use super::pairwise::Linear;
use hypersonic_loops::{Binary, Builder, Order, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::Unsupported;

/// Combines two numbers.
pub type Combine<'a> = dyn FnMut(&mut Builder<'_>, Number, Number) -> Result<Number, Unsupported> + 'a;

const LANES: i64 = 8;

/// Folds elements 0, ..., `count - 1` into `initial`, in a fixed order that only depends on `count`. `identity` starts each
/// accumulator; `combine` is associative and commutative up to rounding.
///
/// # Errors
/// What the closures give.
pub fn fold(
    b: &mut Builder<'_>,
    count: ValueId,
    identity: Number,
    element: &mut Linear<'_>,
    combine: &mut Combine<'_>,
) -> Result<Number, Unsupported> {
    let lanes: Vec<Slot> = (0..LANES).map(|_| Slot::new(b, "lane", identity)).collect();
    let shift = b.i64(3);
    let rounds = b.binary(Binary::LShr, count, shift);
    let width = b.i64(LANES);
    super::each(b, rounds, Order::Sequential, |b, index| {
        let base = b.mul(index, width);
        for (lane, slot) in (0..LANES).zip(&lanes) {
            let offset = b.i64(lane);
            let at = b.add(base, offset);
            let item = element(b, at)?;
            let so_far = slot.get(b);
            let total = combine(b, so_far, item)?;
            slot.set(b, total);
        }
        Ok(())
    })?;
    let mut values: Vec<Number> = lanes.iter().map(|slot| slot.get(b)).collect();
    while values.len() > 1 {
        let mut next = Vec::new();
        for pair in values.chunks(2) {
            next.push(combine(b, pair[0], pair[1])?);
        }
        values = next;
    }
    let total = Slot::new(b, "fold", values[0]);
    let done = b.mul(rounds, width);
    let rest = b.sub(count, done);
    super::each(b, rest, Order::Sequential, |b, index| {
        let at = b.add(done, index);
        let item = element(b, at)?;
        let so_far = total.get(b);
        let combined = combine(b, so_far, item)?;
        total.set(b, combined);
        Ok(())
    })?;
    Ok(total.get(b))
}
