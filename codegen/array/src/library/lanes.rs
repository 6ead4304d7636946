//! Folds that may be done in any order, over several accumulators so that they vectorise: minimum, maximum, dot.

use super::Slot;
use super::pairwise::Linear;
use hypersonic_loops::{Binary, Builder, Order, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::Unsupported;

/// Combines two numbers.
pub type Combine<'a> = dyn FnMut(&mut Builder<'_>, Number, Number) -> Result<Number, Unsupported> + 'a;

/// Gives the element of one of several folds at an index.
pub type OfRow<'a> = dyn FnMut(&mut Builder<'_>, usize, ValueId) -> Result<Number, Unsupported> + 'a;

/// How many accumulators a fold has.
const LANES: usize = 8;

/// Folds elements 0, ..., `count - 1`, in a fixed order that only depends on `count`. `identity` starts each
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
    fold_wide(b, LANES, count, identity, element, combine)
}

/// [`fold`] over `width` accumulators, a power of two that is at least 8; what is left over goes round the first 8 of them.
///
/// # Errors
/// What the closures give.
pub fn fold_wide(
    b: &mut Builder<'_>,
    width: usize,
    count: ValueId,
    identity: Number,
    element: &mut Linear<'_>,
    combine: &mut Combine<'_>,
) -> Result<Number, Unsupported> {
    let lanes = accumulators(b, width, identity);
    let mut of_row = |b: &mut Builder<'_>, _: usize, at: ValueId| element(b, at);
    let zero = b.i64(0);
    let mut done = rounds(b, &[&lanes], (zero, count), &mut of_row, combine)?;
    if width > LANES {
        done = rounds(b, &[&lanes[..LANES]], (done, count), &mut of_row, combine)?;
    }
    finish(b, &lanes, (done, count), element, combine)
}

/// Several folds over 8 accumulators each, which go round together, so that elements that they share are loaded once; `sink` takes
/// the result of each.
///
/// # Errors
/// What the closures give.
pub fn fold_rows(
    b: &mut Builder<'_>,
    (rows, count): (usize, ValueId),
    identity: Number,
    element: &mut OfRow<'_>,
    combine: &mut Combine<'_>,
    sink: &mut dyn FnMut(&mut Builder<'_>, usize, Number) -> Result<(), Unsupported>,
) -> Result<(), Unsupported> {
    let lanes: Vec<Vec<Slot>> = (0..rows).map(|_| accumulators(b, LANES, identity)).collect();
    let lanes: Vec<&[Slot]> = lanes.iter().map(Vec::as_slice).collect();
    let zero = b.i64(0);
    let done = rounds(b, &lanes, (zero, count), element, combine)?;
    for (row, lanes) in lanes.iter().enumerate() {
        let total = finish(b, lanes, (done, count), &mut |b, at| element(b, row, at), combine)?;
        sink(b, row, total)?;
    }
    Ok(())
}

fn accumulators(b: &mut Builder<'_>, width: usize, identity: Number) -> Vec<Slot> {
    (0..width).map(|_| Slot::new(b, "lane", identity)).collect()
}

/// Goes round the accumulators as long as there are elements for all of them; gives where that ended.
fn rounds(
    b: &mut Builder<'_>,
    rows: &[&[Slot]],
    (first, count): (ValueId, ValueId),
    element: &mut OfRow<'_>,
    combine: &mut Combine<'_>,
) -> Result<ValueId, Unsupported> {
    let lanes = rows.first().map_or(LANES, |row| row.len());
    let shift = b.i64(i64::from(lanes.trailing_zeros()));
    let left = b.sub(count, first);
    let rounds = b.binary(Binary::LShr, left, shift);
    let width = b.i64(i64::try_from(lanes).unwrap_or(i64::MAX));
    super::each(b, rounds, Order::Sequential, |b, index| {
        let base = b.mul(index, width);
        let base = b.add(first, base);
        for (number, row) in rows.iter().enumerate() {
            for (lane, slot) in (0..).zip(*row) {
                let offset = b.i64(lane);
                let at = b.add(base, offset);
                let item = element(b, number, at)?;
                include(b, *slot, item, combine)?;
            }
        }
        Ok(())
    })?;
    let gone = b.mul(rounds, width);
    Ok(b.add(first, gone))
}

/// Combines accumulators as a tree and then, one by one, what is left of the elements.
fn finish(
    b: &mut Builder<'_>,
    lanes: &[Slot],
    (first, count): (ValueId, ValueId),
    element: &mut Linear<'_>,
    combine: &mut Combine<'_>,
) -> Result<Number, Unsupported> {
    let mut values: Vec<Number> = lanes.iter().map(|slot| slot.get(b)).collect();
    while values.len() > 1 {
        let mut next = Vec::new();
        for pair in values.chunks(2) {
            next.push(combine(b, pair[0], pair[1])?);
        }
        values = next;
    }
    let total = Slot::new(b, "fold", values[0]);
    let rest = b.sub(count, first);
    super::each(b, rest, Order::Sequential, |b, index| {
        let at = b.add(first, index);
        let item = element(b, at)?;
        include(b, total, item, combine)
    })?;
    Ok(total.get(b))
}

fn include(b: &mut Builder<'_>, slot: Slot, item: Number, combine: &mut Combine<'_>) -> Result<(), Unsupported> {
    let so_far = slot.get(b);
    let total = combine(b, so_far, item)?;
    slot.set(b, total);
    Ok(())
}
