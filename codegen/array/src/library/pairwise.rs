//! Floating sums in NumPy's pairwise order, so that they are equal bit for bit.
//!
//! The order (NumPy's `pairwise_sum`, after Higham, "The accuracy of floating point summation", 1993): fewer than 8 numbers are
//! added one by one to -0.0; up to 128 go round 8 accumulators that are then added as a tree; more are halved, the
//! first half rounded down to a multiple of 8. A complex number counts as two. Here the recursion is a loop over
//! leaves with a small stack of pending halves, so that elements may be computed on the way.

use super::{Slot, add, constant, each};
use hypersonic_loops::{Binary, Builder, Compare, Inst, Likely, MemoryClass, Order, Stmt, Ty, ValueId, VariableId};
use hypersonic_math::scalar::Unsupported;
use hypersonic_math::{Number, number};
use hypersonic_ops::Dtype;

/// Numbers that a leaf of the recursion adds at most, real ones.
const BLOCK: i64 = 128;
/// Accumulators of a leaf.
const LANES: i64 = 8;
/// Bytes of a pending half: start, length, whether its left sibling is done, that sibling's sum (two parts).
const FRAME: i64 = 40;
/// The deepest recursion for 2^63 numbers.
const DEPTH: u32 = 64;

/// Gives the element at a linear index.
pub type Linear<'a> = dyn FnMut(&mut Builder<'_>, ValueId) -> Result<Number, Unsupported> + 'a;

struct Walk {
    dtype: Dtype,
    start: VariableId,
    length: VariableId,
    depth: VariableId,
    value: Slot,
    stack: ValueId,
    stage: Option<ValueId>,
    class: MemoryClass,
}

/// The pairwise sum of elements `first`, ..., `first + count - 1` (-0.0 for none). With `direct`, elements are loaded where
/// they are needed; else each leaf's elements are first computed into a small buffer.
///
/// # Errors
/// What `element` gives.
pub fn sum(
    b: &mut Builder<'_>,
    dtype: Dtype,
    first: ValueId,
    count: ValueId,
    direct: bool,
    element: &mut Linear<'_>,
) -> Result<Number, Unsupported> {
    let nothing = constant(b, dtype, -0.0);
    let class = b.new_class();
    let stack = b.emit(Ty::Ptr, Inst::StackSlot(DEPTH * u32::try_from(FRAME).unwrap_or(40)));
    let stage = if direct { None } else { Some(b.emit(Ty::Ptr, Inst::StackSlot(128 * 8))) };
    let walk = Walk {
        dtype,
        start: b.variable("pairwise.start", Ty::I64),
        length: b.variable("pairwise.length", Ty::I64),
        depth: b.variable("pairwise.depth", Ty::I64),
        value: Slot::new(b, "pairwise.value", nothing),
        stack,
        stage,
        class,
    };
    let zero = b.i64(0);
    b.set(walk.start, first);
    b.set(walk.length, count);
    b.set(walk.depth, zero);
    let body = b.try_block(|b| {
        descend(b, &walk);
        leaf(b, &walk, element)?;
        ascend(b, &walk);
        Ok(())
    })?;
    b.push(Stmt::Loop { body });
    Ok(walk.value.get(b))
}

fn is_complex(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::C64 | Dtype::C128)
}

/// How many elements a leaf holds at most.
fn block(dtype: Dtype) -> i64 {
    if is_complex(dtype) { BLOCK / 2 } else { BLOCK }
}

/// How many elements one round of the accumulators takes.
fn round(dtype: Dtype) -> i64 {
    if is_complex(dtype) { LANES / 2 } else { LANES }
}

/// Splits until what is left is a leaf; right halves go on the stack.
fn descend(b: &mut Builder<'_>, walk: &Walk) {
    let body = b.block(|b| {
        let length = b.read(walk.length);
        let limit = b.i64(block(walk.dtype));
        let small = b.compare(Compare::SLe, length, limit);
        b.when(small, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        // Halve the count of real numbers, round down to a multiple of 8, and count elements again.
        let one = b.i64(1);
        let eight = b.i64(LANES - 1);
        let half = if is_complex(walk.dtype) { length } else { b.binary(Binary::LShr, length, one) };
        let odd = b.binary(Binary::And, half, eight);
        let even = b.sub(half, odd);
        let left = if is_complex(walk.dtype) { b.binary(Binary::LShr, even, one) } else { even };
        let start = b.read(walk.start);
        let right_start = b.add(start, left);
        let right_length = b.sub(length, left);
        let depth = b.read(walk.depth);
        let zero = b.i64(0);
        write_frame(b, walk, depth, [right_start, right_length, zero]);
        let deeper = b.add(depth, one);
        b.set(walk.depth, deeper);
        b.set(walk.length, left);
    });
    b.push(Stmt::Loop { body });
}

fn frame(b: &mut Builder<'_>, walk: &Walk, depth: ValueId, word: i64) -> ValueId {
    let size = b.i64(FRAME);
    let offset = b.mul(depth, size);
    let within = b.i64(word * 8);
    let offset = b.add(offset, within);
    b.offset(walk.stack, offset)
}

fn write_frame(b: &mut Builder<'_>, walk: &Walk, depth: ValueId, words: [ValueId; 3]) {
    for (at, word) in words.into_iter().enumerate() {
        let address = frame(b, walk, depth, i64::try_from(at).unwrap_or(0));
        b.store(address, word, walk.class);
    }
}

/// Adds the leaf to what its parents hold, until one has its right half to do.
fn ascend(b: &mut Builder<'_>, walk: &Walk) {
    let body = b.block(|b| {
        let depth = b.read(walk.depth);
        let zero = b.i64(0);
        let done = b.compare(Compare::Eq, depth, zero);
        b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(1)));
        let one = b.i64(1);
        let parent = b.sub(depth, one);
        let state_address = frame(b, walk, parent, 2);
        let state = b.load(Ty::I64, state_address, walk.class);
        let left_done = b.compare(Compare::Ne, state, zero);
        let sums = [frame(b, walk, parent, 3), frame(b, walk, parent, 4)];
        let ty = number::value_ty(walk.dtype);
        let then = b.block(|b| {
            let value = walk.value.get(b);
            let left = match value {
                Number::Complex(..) => Number::Complex(b.load(ty, sums[0], walk.class), b.load(ty, sums[1], walk.class)),
                Number::Real(_) => Number::Real(b.load(ty, sums[0], walk.class)),
            };
            let total = add(b, left, value);
            walk.value.set(b, total);
            b.set(walk.depth, parent);
        });
        let otherwise = b.block(|b| {
            match walk.value.get(b) {
                Number::Complex(re, im) => {
                    b.store(sums[0], re, walk.class);
                    b.store(sums[1], im, walk.class);
                }
                Number::Real(value) => b.store(sums[0], value, walk.class),
            }
            b.store(state_address, one, walk.class);
            let start_address = frame(b, walk, parent, 0);
            let length_address = frame(b, walk, parent, 1);
            let start = b.load(Ty::I64, start_address, walk.class);
            let length = b.load(Ty::I64, length_address, walk.class);
            b.set(walk.start, start);
            b.set(walk.length, length);
            b.push(Stmt::Break(0));
        });
        b.push(Stmt::If { condition: left_done, then, otherwise, likely: Likely::Unknown });
    });
    b.push(Stmt::Loop { body });
}

/// Sums `length` elements from `start`, at most a block.
fn leaf(b: &mut Builder<'_>, walk: &Walk, element: &mut Linear<'_>) -> Result<(), Unsupported> {
    let start = b.read(walk.start);
    let length = b.read(walk.length);
    let size = i64::try_from(walk.dtype.size()).unwrap_or(8);
    if let Some(stage) = walk.stage {
        each(b, length, Order::Independent, |b, index| {
            let at = b.add(start, index);
            let value = element(b, at)?;
            let bytes = b.i64(size);
            let offset = b.mul(index, bytes);
            let address = b.offset(stage, offset);
            number::store(b, walk.dtype, address, value, walk.class);
            Ok(())
        })?;
    }
    let mut at = |b: &mut Builder<'_>, index: ValueId| -> Result<Number, Unsupported> {
        if let Some(stage) = walk.stage {
            let bytes = b.i64(size);
            let offset = b.mul(index, bytes);
            let address = b.offset(stage, offset);
            Ok(number::load(b, walk.dtype, address, walk.class))
        } else {
            let at = b.add(start, index);
            element(b, at)
        }
    };
    let lanes = b.i64(round(walk.dtype));
    let few = b.compare(Compare::SLt, length, lanes);
    let then = b.try_block(|b| {
        let nothing = constant(b, walk.dtype, -0.0);
        walk.value.set(b, nothing);
        each(b, length, Order::Sequential, |b, index| accumulate(b, walk, index, &mut at))
    })?;
    let otherwise = b.try_block(|b| wide_leaf(b, walk, length, &mut at))?;
    b.push(Stmt::If { condition: few, then, otherwise, likely: Likely::Unknown });
    Ok(())
}

fn accumulate(b: &mut Builder<'_>, walk: &Walk, index: ValueId, at: &mut Linear<'_>) -> Result<(), Unsupported> {
    let item = at(b, index)?;
    let so_far = walk.value.get(b);
    let total = add(b, so_far, item);
    walk.value.set(b, total);
    Ok(())
}

fn wide_leaf(b: &mut Builder<'_>, walk: &Walk, length: ValueId, at: &mut Linear<'_>) -> Result<(), Unsupported> {
    let step = round(walk.dtype);
    let mut lanes = Vec::new();
    for lane in 0..step {
        let index = b.i64(lane);
        let item = at(b, index)?;
        lanes.push(Slot::new(b, "lane", item));
    }
    let shift = b.i64(i64::from(step.trailing_zeros()));
    let rounds = b.binary(Binary::LShr, length, shift);
    let one = b.i64(1);
    let more = b.sub(rounds, one);
    let width = b.i64(step);
    each(b, more, Order::Sequential, |b, index| {
        let next = b.add(index, one);
        let base = b.mul(next, width);
        for (lane, slot) in (0..step).zip(&lanes) {
            let offset = b.i64(lane);
            let at_lane = b.add(base, offset);
            let item = at(b, at_lane)?;
            let so_far = slot.get(b);
            let total = add(b, so_far, item);
            slot.set(b, total);
        }
        Ok(())
    })?;
    let mut values: Vec<Number> = lanes.iter().map(|slot| slot.get(b)).collect();
    while values.len() > 1 {
        values = values.chunks(2).map(|pair| add(b, pair[0], pair[1])).collect();
    }
    walk.value.set(b, values[0]);
    let done = b.mul(rounds, width);
    let rest = b.sub(length, done);
    each(b, rest, Order::Sequential, |b, index| {
        let index = b.add(done, index);
        accumulate(b, walk, index, at)
    })
}
