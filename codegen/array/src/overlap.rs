//! Whether a store could change what it is still to read: asked of addresses, at run time, where nothing else is known.

use crate::arithmetic::{self, add, compare, max, min, mul, sub};
use crate::ir::{Buffer, NodeId, NodeKind};
use crate::lowering::Lowering;
use hypersonic_loops::{Compare, Inst, MemoryClass, Stmt, SupportRow, Ty, ValueId};
use hypersonic_ops::Dtype;
use std::collections::HashSet;

/// An array that a value reads, and whether it is read at the index that is written.
struct Reading {
    node: NodeId,
    aligned: bool,
}

impl Lowering<'_, '_> {
    /// I1: whether storing element by element could read what it has written.
    pub fn hazard(&mut self, target: &Buffer, dtype: Dtype, shape: &[ValueId], value: NodeId) -> ValueId {
        let (elsewhere, here) = self.hazards(target, dtype, shape, value);
        arithmetic::or(&mut self.b, elsewhere, here)
    }

    /// The same, of other arrays than the one that is written, which hardly ever lie in its memory, and of other selections of that one.
    pub fn hazards(&mut self, target: &Buffer, dtype: Dtype, shape: &[ValueId], value: NodeId) -> (ValueId, ValueId) {
        let mut readings = Vec::new();
        self.readings(value, true, &mut HashSet::new(), &mut readings);
        let none = self.b.bool(false);
        let (mut elsewhere, mut here) = (none, none);
        let mut range = None;
        for reading in readings {
            let Some(source) = self.graph.buffer(reading.node).cloned() else { continue };
            if disjoint(source.class, target.class) {
                continue;
            }
            let source_shape = self.graph.shape(reading.node).to_vec();
            let source_dtype = self.graph.dtype(reading.node);
            let may_be_same = reading.aligned && source_dtype.size() <= dtype.size() && source_shape.len() == shape.len();
            if may_be_same && self.is_same(&source, &source_shape, target, shape) {
                continue;
            }
            let all = if self.memory_of(source.data) == self.memory_of(target.data) { &mut here } else { &mut elsewhere };
            if !(source.contiguous && target.contiguous)
                && let (Some(x), Some(y)) = (self.descriptor(&source, &source_shape), self.descriptor(target, shape))
            {
                let hazard = self.ask_overlap((x, source_dtype, source_shape.len()), (y, dtype, shape.len()), may_be_same);
                *all = arithmetic::or(&mut self.b, *all, hazard);
                continue;
            }
            let identical =
                if may_be_same { self.identical(&source, &source_shape, target, shape, source_dtype.size() == dtype.size()) } else { none };
            if self.b.as_int(identical) == Some(1) {
                continue;
            }
            let (low, high) = match range {
                Some(range) => range,
                None => *range.insert(self.address_range(target, dtype, shape)),
            };
            let (source_low, source_high) = self.address_range(&source, source_dtype, &source_shape);
            let starts = compare(&mut self.b, Compare::ULt, source_low, high);
            let ends = compare(&mut self.b, Compare::ULt, low, source_high);
            let overlaps = arithmetic::and(&mut self.b, starts, ends);
            let different = arithmetic::not(&mut self.b, identical);
            let hazard = arithmetic::and(&mut self.b, overlaps, different);
            *all = arithmetic::or(&mut self.b, *all, hazard);
        }
        (elsewhere, here)
    }

    /// Whether two arrays are certainly the same elements at the same indices.
    fn is_same(&self, x: &Buffer, x_shape: &[ValueId], y: &Buffer, y_shape: &[ValueId]) -> bool {
        x.data == y.data && x.strides == y.strides && x_shape.iter().zip(y_shape).all(|(x, y)| self.alike(*x, *y))
    }

    /// Where the frame describes an array, if it is an argument as it came.
    fn descriptor(&self, buffer: &Buffer, shape: &[ValueId]) -> Option<ValueId> {
        let found = self.descriptors.iter().find(|known| known.buffer.data == buffer.data && known.shape.len() == shape.len())?;
        self.is_same(&found.buffer, &found.shape, buffer, shape).then_some(found.address)
    }

    /// I1: the answer of the support table.
    fn ask_overlap(&mut self, x: (ValueId, Dtype, usize), y: (ValueId, Dtype, usize), unless_same: bool) -> ValueId {
        let mut arguments = Vec::new();
        for (address, dtype, rank) in [x, y] {
            let (rank, size) = (self.b.i64(i64::try_from(rank).unwrap_or_default()), self.b.i64(dtype.size().cast_signed()));
            arguments.extend([address, rank, size]);
        }
        arguments.push(self.b.i64(i64::from(unless_same)));
        let answer = self.b.bound(Ty::I64);
        self.b.push(Stmt::Support { row: SupportRow::Overlap, arguments, result: Some(answer) });
        let zero = self.b.i64(0);
        compare(&mut self.b, Compare::Ne, answer, zero)
    }

    /// The address that an address was counted from.
    fn memory_of(&self, address: ValueId) -> ValueId {
        let mut address = address;
        while let Inst::Offset(base, _) = self.b.inst(address) {
            address = base;
        }
        address
    }

    fn readings(&self, id: NodeId, aligned: bool, seen: &mut HashSet<(NodeId, bool)>, found: &mut Vec<Reading>) {
        if !seen.insert((id, aligned)) {
            return;
        }
        match &self.graph.node(id).kind {
            NodeKind::Buffer(_) => found.push(Reading { node: id, aligned }),
            NodeKind::Map { operands, .. } => operands.iter().for_each(|operand| self.readings(*operand, aligned, seen, found)),
            NodeKind::Convert(source) => self.readings(*source, aligned, seen, found),
            NodeKind::View(source, _) => self.readings(*source, false, seen, found),
            NodeKind::Scalar(_) | NodeKind::Range(..) | NodeKind::Eye(_) => {}
        }
    }

    /// I1: whether two arrays are the same elements at the same indices.
    fn identical(&mut self, source: &Buffer, source_shape: &[ValueId], target: &Buffer, shape: &[ValueId], same_size: bool) -> ValueId {
        let mut all = if source.data == target.data {
            self.b.bool(true)
        } else {
            let x = arithmetic::address_bits(&mut self.b, source.data);
            let y = arithmetic::address_bits(&mut self.b, target.data);
            self.equal(x, y)
        };
        // Strides of C-contiguous arrays of one size of elements follow from their shapes.
        let strides = if source.contiguous && target.contiguous && same_size { 0 } else { source.strides.len() };
        let pairs = source_shape.iter().zip(shape).chain(source.strides.iter().zip(&target.strides).take(strides));
        for (x, y) in pairs {
            let equal = self.equal(*x, *y);
            all = arithmetic::and(&mut self.b, all, equal);
        }
        all
    }

    /// The first address of an array that has elements, and the one after its last. For one that has none they are near it: nothing
    /// is stored then.
    fn address_range(&mut self, buffer: &Buffer, dtype: Dtype, shape: &[ValueId]) -> (ValueId, ValueId) {
        let mut low = arithmetic::address_bits(&mut self.b, buffer.data);
        let size = self.b.i64(dtype.size().cast_signed());
        if buffer.contiguous {
            let count = arithmetic::product(&mut self.b, shape);
            let bytes = mul(&mut self.b, count, size);
            return (low, self.b.add(low, bytes));
        }
        let zero = self.b.i64(0);
        let one = self.b.i64(1);
        let mut high = self.b.add(low, size);
        for (extent, stride) in shape.iter().zip(&buffer.strides) {
            let last = sub(&mut self.b, *extent, one);
            let reach = mul(&mut self.b, last, *stride);
            let down = min(&mut self.b, reach, zero);
            let up = max(&mut self.b, reach, zero);
            low = add_wrapping(self, low, down);
            high = add_wrapping(self, high, up);
        }
        (low, high)
    }
}

fn add_wrapping(lowering: &mut Lowering, x: ValueId, y: ValueId) -> ValueId {
    if lowering.b.as_int(y) == Some(0) { x } else { add(&mut lowering.b, x, y) }
}

/// Whether memory of two classes never overlaps.
fn disjoint(x: MemoryClass, y: MemoryClass) -> bool {
    x != y && x != MemoryClass::ANY && y != MemoryClass::ANY
}
