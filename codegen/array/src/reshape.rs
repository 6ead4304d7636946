//! Reshapes: a view wherever NumPy gives one, else a copy. Which of the two is decided where the array runs.

use crate::arithmetic::{self, add, and, compare, max, mul, or, select};
use crate::ir::{Buffer, Lifetime, NodeId};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_loops::{Binary, Compare, Likely, Stmt, ValueId};
use hypersonic_ops::Type;
use hypersonic_typed::ir::Expr;

impl Lowering<'_, '_> {
    /// The array with another shape: a view where NumPy gives one, else a copy.
    pub fn reshape(&mut self, array: NodeId, extents: &[Expr], ty: &Type) -> Outcome<NodeId> {
        let dtype = self.graph.dtype(array);
        let old = self.graph.shape(array).to_vec();
        let ravel = extents.is_empty() && matches!(ty, Type::Array(_, 1));
        let shape = if ravel { vec![arithmetic::product(&mut self.b, &old)] } else { self.new_shape(&old, extents)? };
        if let Some(buffer) = self.graph.buffer(array).cloned() {
            if buffer.contiguous {
                let strides = arithmetic::contiguous_strides(&mut self.b, &shape, dtype.size());
                return Ok(self.buffer_node(dtype, shape, Buffer { strides, ..buffer }));
            }
            if ravel {
                let condition = self.packed(&buffer.strides, &old, dtype.size());
                return self.view_or_copy(array, &buffer, &old, &shape, ty, condition);
            }
            if let [stride] = buffer.strides[..] {
                // One axis is a view whatever its stride.
                let counts = arithmetic::contiguous_strides(&mut self.b, &shape, 1);
                let strides = counts.into_iter().map(|count| mul(&mut self.b, count, stride)).collect();
                return Ok(self.buffer_node(dtype, shape, Buffer { strides, ..buffer }));
            }
            let condition = self.merges(&buffer.strides, &old, &shape);
            return self.view_or_copy(array, &buffer, &old, &shape, ty, condition);
        }
        let (_, buffer) = self.in_memory(array)?;
        let strides = arithmetic::contiguous_strides(&mut self.b, &shape, dtype.size());
        Ok(self.buffer_node(dtype, shape, Buffer { strides, ..buffer }))
    }

    /// Extents of a reshape, one of which may be -1, checked against the size.
    fn new_shape(&mut self, old: &[ValueId], extents: &[Expr]) -> Outcome<Vec<ValueId>> {
        let size = arithmetic::product(&mut self.b, old);
        let mut given = Vec::new();
        for extent in extents {
            given.push(self.integer(extent)?);
        }
        let one = self.b.i64(1);
        let zero = self.b.i64(0);
        let mut known = one;
        let mut unknown = zero;
        for extent in &given {
            let free = compare(&mut self.b, Compare::SLt, *extent, zero);
            let factor = select(&mut self.b, free, one, *extent);
            known = if self.b.as_int(known).is_some() { mul(&mut self.b, known, factor) } else { self.b.mul(known, factor) };
            let more = add(&mut self.b, unknown, one);
            unknown = select(&mut self.b, free, more, unknown);
        }
        let single = compare(&mut self.b, Compare::SLe, unknown, one);
        let failure = self.raises("ValueError", "can only specify one unknown dimension");
        self.check(single, failure, Vec::new());
        let all_given = compare(&mut self.b, Compare::Eq, unknown, zero);
        let nothing = compare(&mut self.b, Compare::Eq, known, zero);
        let divisor = select(&mut self.b, nothing, one, known);
        let rest = if self.b.as_int(divisor) == Some(1) { size } else { self.b.binary(Binary::UDiv, size, divisor) };
        let whole = if self.b.as_int(divisor) == Some(1) { size } else { mul(&mut self.b, rest, divisor) };
        let fits = compare(&mut self.b, Compare::Eq, known, size);
        let divides = compare(&mut self.b, Compare::Eq, whole, size);
        let not_nothing = arithmetic::not(&mut self.b, nothing);
        let divides = arithmetic::and(&mut self.b, divides, not_nothing);
        let ok = select(&mut self.b, all_given, fits, divides);
        let (asked, named) = self.asked_shape(&given);
        let pattern = format!("cannot reshape array of size {{}} into shape {asked}");
        let values = [&[size], named.as_slice()].concat();
        self.check_shapes(ok, &pattern, "cannot reshape array", values);
        let mut shape = Vec::new();
        for extent in given {
            let free = compare(&mut self.b, Compare::SLt, extent, zero);
            let extent = select(&mut self.b, free, rest, extent);
            if self.b.as_int(extent).is_none() {
                self.facts.extent(extent);
            }
            shape.push(extent);
        }
        Ok(shape)
    }

    /// A reshape of memory that may have gaps: a view on `condition`, else a copy.
    fn view_or_copy(
        &mut self,
        array: NodeId,
        buffer: &Buffer,
        old: &[ValueId],
        shape: &[ValueId],
        ty: &Type,
        condition: ValueId,
    ) -> Outcome<NodeId> {
        let dtype = self.graph.dtype(array);
        let strides = self.merged_strides(&buffer.strides, old, shape);
        let in_place = self.buffer_node(dtype, shape.to_vec(), Buffer { strides, ..buffer.clone() });
        let slot = self.new_slot("reshaped", ty);
        let (then, _) = self.nested(|this| this.set_slot(&slot, &Value::Array(in_place)).map(|()| false))?;
        let (otherwise, _) = self.nested(|this| {
            let fresh = this.allocate(dtype, old, false);
            this.store_nest(&fresh, dtype, old, array)?;
            let strides = arithmetic::contiguous_strides(&mut this.b, shape, dtype.size());
            let node = this.buffer_node(dtype, shape.to_vec(), Buffer { strides, ..fresh });
            this.set_slot(&slot, &Value::Array(node)).map(|()| false)
        })?;
        self.b.push(Stmt::If { condition, then, otherwise, likely: Likely::Then });
        let Value::Array(read) = self.read_slot(&slot) else { return Err(self.internal("a slot")) };
        let Some(found) = self.graph.buffer(read).cloned() else { return Err(self.internal("a slot")) };
        self.hold(found.owner);
        Ok(self.buffer_node(dtype, shape.to_vec(), Buffer { lifetime: Lifetime::Scope, ..found }))
    }

    /// The shape that was asked for as NumPy writes it, and the extents it names: -1 is left out in front, elsewhere `newaxis`.
    fn asked_shape(&self, given: &[ValueId]) -> (String, Vec<ValueId>) {
        let free = |extent: &ValueId| self.b.as_int(*extent) == Some(-1);
        let shown: Vec<ValueId> = given.iter().copied().skip_while(free).collect();
        if given.len() < 2 || shown.is_empty() {
            return (crate::broadcast::shape_pattern(given.len()), given.to_vec());
        }
        let words: Vec<&str> = shown.iter().map(|extent| if free(extent) { "newaxis" } else { "{}" }).collect();
        (format!("({})", words.join(",")), shown.iter().copied().filter(|extent| !free(extent)).collect())
    }

    /// Whether an array has no gaps, in C order. Axes of one element do not count.
    fn packed(&mut self, strides: &[ValueId], old: &[ValueId], itemsize: u64) -> ValueId {
        let packed = arithmetic::contiguous_strides(&mut self.b, old, itemsize);
        let one = self.b.i64(1);
        let mut all = self.b.bool(true);
        for ((stride, expected), extent) in strides.iter().zip(&packed).zip(old) {
            let equal = compare(&mut self.b, Compare::Eq, *stride, *expected);
            let single = compare(&mut self.b, Compare::Eq, *extent, one);
            let fine = or(&mut self.b, equal, single);
            all = and(&mut self.b, all, fine);
        }
        self.or_empty(all, old)
    }

    /// Whether `condition` holds or there is no element.
    fn or_empty(&mut self, condition: ValueId, extents: &[ValueId]) -> ValueId {
        let size = arithmetic::product(&mut self.b, extents);
        let zero = self.b.i64(0);
        let empty = compare(&mut self.b, Compare::Eq, size, zero);
        or(&mut self.b, condition, empty)
    }

    /// Whether elements in C order lie so that the new shape has strides. Between two old axes there is either a boundary
    /// of new axes too, or the outer stride is what the inner axis spans. Axes of one element do not count.
    fn merges(&mut self, strides: &[ValueId], old: &[ValueId], shape: &[ValueId]) -> ValueId {
        let old_counts = arithmetic::contiguous_strides(&mut self.b, old, 1);
        let new_counts = arithmetic::contiguous_strides(&mut self.b, shape, 1);
        let zero = self.b.i64(0);
        let one = self.b.i64(1);
        let mut spanned = zero;
        let mut all = self.b.bool(true);
        for axis in (0..old.len()).rev() {
            let single = compare(&mut self.b, Compare::Eq, old[axis], one);
            let fits = compare(&mut self.b, Compare::Eq, strides[axis], spanned);
            let mut fine = or(&mut self.b, single, fits);
            for count in &new_counts {
                let boundary = compare(&mut self.b, Compare::Eq, old_counts[axis], *count);
                fine = or(&mut self.b, fine, boundary);
            }
            all = and(&mut self.b, all, fine);
            let spans = mul(&mut self.b, old[axis], strides[axis]);
            spanned = select(&mut self.b, single, spanned, spans);
        }
        self.or_empty(all, old)
    }

    /// The strides of the new shape if there are any: how far from the first element that lies which comes first in the second
    /// place of each new axis.
    fn merged_strides(&mut self, strides: &[ValueId], old: &[ValueId], shape: &[ValueId]) -> Vec<ValueId> {
        let old_counts = arithmetic::contiguous_strides(&mut self.b, old, 1);
        let new_counts = arithmetic::contiguous_strides(&mut self.b, shape, 1);
        let one = self.b.i64(1);
        let mut merged = Vec::with_capacity(shape.len());
        for count in new_counts {
            let mut bytes = self.b.i64(0);
            for axis in 0..old.len() {
                let (inner, extent) = (max(&mut self.b, old_counts[axis], one), max(&mut self.b, old[axis], one));
                let whole = if self.b.as_int(inner) == Some(1) { count } else { self.b.binary(Binary::UDiv, count, inner) };
                let index = self.b.binary(Binary::URem, whole, extent);
                let moved = mul(&mut self.b, index, strides[axis]);
                bytes = add(&mut self.b, bytes, moved);
            }
            merged.push(bytes);
        }
        merged
    }
}
