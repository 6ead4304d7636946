//! Assignment to elements and selections. What the value reads of the memory that is written behaves as if the value
//! had been computed first.

use crate::arithmetic;
use crate::ir::{Buffer, NodeId};
use crate::lowering::{Lowering, Outcome, Value};
use crate::slots::Slot;
use crate::view::Subscript;
use hypersonic_loops::{Likely, MemoryClass, Stmt, ValueId};
use hypersonic_math::number;
use hypersonic_ops::{Dtype, ScalarOp, Type};
use hypersonic_typed::ir::{Expr, Index};

impl Lowering<'_, '_> {
    /// `array[index] = value`.
    pub fn set_item(&mut self, array: &Expr, index: &[Index], value: &Expr) -> Outcome<()> {
        let target = self.array(array)?;
        if self.graph.buffer(target).is_none() {
            return Err(self.internal("a store to an array that is not in memory"));
        }
        let mut value_node = self.array(value)?;
        if self.graph.buffer(value_node).is_none() && index.iter().any(|each| self.index_effects(each)) {
            value_node = self.materialise(value_node)?;
        }
        self.mark_written(array);
        if index.iter().any(|each| matches!(each, Index::Mask(_))) {
            return self.mask_store(target, index, value_node, None);
        }
        if index.iter().any(|each| matches!(each, Index::Array(_))) {
            return self.scatter(target, index, value_node);
        }
        let shape = self.graph.shape(target).to_vec();
        let subscripts = self.subscripts(&shape, index)?;
        if matches!(value.ty, Type::Scalar(..)) && subscripts.iter().all(|each| matches!(each, Subscript::At(_))) {
            return self.store_element(target, &subscripts, value_node);
        }
        let selection = self.select_view(target, &subscripts);
        self.assign(selection, value_node)
    }

    fn index_effects(&self, index: &Index) -> bool {
        let mut found = false;
        crate::walk::indices(std::slice::from_ref(index), &mut |each| {
            found |= self.shared.effects.expr(self.position, each).disturbs().0 != 0;
        });
        found
    }

    /// From here on a failure may come after a change that the caller can see. Element and index failures of this very
    /// statement come before its first store, so the mark is set by whoever stores.
    fn mark_written(&mut self, array: &Expr) {
        self.pending = self.shared.effects.roots(self.position, array).0.visible();
    }

    /// The first store of the statement is made: failures are final if the memory is the caller's.
    pub fn commit(&mut self) {
        self.dirty |= std::mem::take(&mut self.pending);
    }

    fn store_element(&mut self, target: NodeId, subscripts: &[Subscript], value: NodeId) -> Outcome<()> {
        let indices: Vec<ValueId> = subscripts
            .iter()
            .filter_map(|each| match each {
                Subscript::At(index) => Some(*index),
                _ => None,
            })
            .collect();
        let dtype = self.graph.dtype(target);
        let number = self.element_at(value, &[])?;
        let from = self.graph.dtype(value);
        let number = crate::constant::convert(&mut self.b, from, dtype, number);
        if let Some(buffer) = self.graph.buffer(target).cloned() {
            let address = buffer.address(&mut self.b, &indices);
            number::store(&mut self.b, dtype, address, number, buffer.class);
        }
        self.commit();
        Ok(())
    }

    /// `target[...] = value`, with NumPy's check of shapes.
    pub fn assign(&mut self, target: NodeId, value: NodeId) -> Outcome<()> {
        let shape = self.graph.shape(target).to_vec();
        let value_shape = self.graph.shape(value).to_vec();
        let extra = self.check_assignable(&value_shape, &shape);
        let mut value = value;
        if extra > 0 {
            let zero = self.b.i64(0);
            let subscripts: Vec<Subscript> = value_shape
                .iter()
                .enumerate()
                .map(
                    |(axis, extent)| {
                        if axis < extra { Subscript::At(zero) } else { Subscript::Run { start: None, step: None, count: *extent } }
                    },
                )
                .collect();
            value = self.select_view(value, &subscripts);
        }
        self.write(target, value)
    }

    /// Stores a value whose shape is known to broadcast, as if it had been computed first.
    pub fn write(&mut self, target: NodeId, value: NodeId) -> Outcome<()> {
        let Some(buffer) = self.graph.buffer(target).cloned() else { return Err(self.internal("a store to no memory")) };
        let (dtype, shape) = (self.graph.dtype(target), self.graph.shape(target).to_vec());
        let (elsewhere, here) = self.hazards(&buffer, dtype, &shape, value);
        let hazard = if self.may_decline() && self.b.as_int(here) == Some(0) {
            self.decline_if(elsewhere);
            here
        } else {
            arithmetic::or(&mut self.b, elsewhere, here)
        };
        if self.b.as_int(hazard) == Some(0) {
            self.store_nest(&buffer, dtype, &shape, value)?;
            self.commit();
            return Ok(());
        }
        self.write_around(&buffer, dtype, &shape, value, hazard)?;
        self.commit();
        Ok(())
    }

    /// Stores a value to memory that it may read: in place, or, if that is found dangerous at run time, to memory of its own that is copied
    /// then. One nest does either.
    fn write_around(&mut self, target: &Buffer, dtype: Dtype, shape: &[ValueId], value: NodeId, hazard: ValueId) -> Outcome<()> {
        let rank = u8::try_from(shape.len()).unwrap_or(u8::MAX);
        let slot = self.new_slot("destination", &Type::Array(dtype, rank));
        let Slot::Array { data, strides, .. } = &slot else { return Err(self.internal("a slot")) };
        self.b.set(*data, target.data);
        strides.iter().zip(&target.strides).for_each(|(variable, stride)| self.b.set(*variable, *stride));
        let (then, _) = self.nested(|this| {
            let copy = this.allocate(dtype, shape, false);
            let copy = this.buffer_node(dtype, shape.to_vec(), copy);
            this.set_slot(&slot, &Value::Array(copy)).map(|()| false)
        })?;
        self.b.push(Stmt::If { condition: hazard, then, otherwise: Vec::new(), likely: Likely::Otherwise });
        let data = self.b.read(*data);
        // C-contiguous memory has the strides of the copy.
        let strides = if target.contiguous { target.strides.clone() } else { strides.iter().map(|each| self.b.read(*each)).collect() };
        let there = Buffer { data, strides, class: MemoryClass::ANY, ..target.clone() };
        self.store_nest(&there, dtype, shape, value)?;
        let copied = self.plain(|this| {
            let copy = this.buffer_node(dtype, shape.to_vec(), there);
            this.store_nest(target, dtype, shape, copy)?;
            this.release_slot(&slot);
            Ok(())
        })?;
        self.b.push(Stmt::If { condition: hazard, then: copied, otherwise: Vec::new(), likely: Likely::Otherwise });
        Ok(())
    }

    /// `array[index] op= value` on a selection.
    pub fn update_item(&mut self, array: &Expr, index: &[Index], op: ScalarOp, loop_dtype: Dtype, value: &Expr) -> Outcome<()> {
        let target = self.array(array)?;
        if self.graph.buffer(target).is_none() {
            return Err(self.internal("a store to an array that is not in memory"));
        }
        let value_node = self.array(value)?;
        self.mark_written(array);
        if index.iter().any(|each| matches!(each, Index::Mask(_))) {
            return self.mask_store(target, index, value_node, Some((op, loop_dtype)));
        }
        let shape = self.graph.shape(target).to_vec();
        let subscripts = self.subscripts(&shape, index)?;
        let selection = self.select_view(target, &subscripts);
        let shape = self.graph.shape(selection).to_vec();
        // NumPy counts the output among the operands: its shape stands in the message, too.
        self.broadcast(&[selection, value_node, selection]);
        let result = self.combine(selection, value_node, op, loop_dtype)?;
        let result_shape = self.graph.shape(result).to_vec();
        self.check_in_place(&result_shape, &shape);
        // What broadcasting found equal is the selection's own shape.
        let dtype = self.graph.dtype(result);
        let kind = self.graph.node(result).kind.clone();
        let result = self.graph.add(dtype, shape, kind);
        self.write(selection, result)
    }

    /// `op(left, right)` in a loop dtype, as a node.
    pub fn combine(&mut self, left: NodeId, right: NodeId, op: ScalarOp, loop_dtype: Dtype) -> Outcome<NodeId> {
        let left = self.cast_node(left, Self::operand_dtype(op, 0, loop_dtype));
        let right = self.cast_node(right, Self::operand_dtype(op, 1, loop_dtype));
        let dtype = hypersonic_math::scalar::result_dtype(op, loop_dtype);
        self.map_node(op, loop_dtype, dtype, vec![left, right])
    }

    fn check_in_place(&mut self, result: &[ValueId], target: &[ValueId]) {
        let mut ok = self.b.bool(result.len() == target.len());
        for (x, y) in result.iter().zip(target) {
            let equal = self.equal(*x, *y);
            ok = arithmetic::and(&mut self.b, ok, equal);
        }
        let pattern = format!(
            "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
            crate::broadcast::shape_pattern(target.len()),
            crate::broadcast::shape_pattern(result.len())
        );
        self.check_shapes(ok, &pattern, "non-broadcastable output operand", [target, result].concat());
    }
}
