//! One nest instead of two for an expensive expression whose arrays may or may not be broadcast at run time: an array
//! that is broadcast is first copied to the full shape, so that the expression is compiled once, for full shapes.

use crate::arithmetic;
use crate::ir::{Buffer, Lifetime, NodeId, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use crate::nest::Alignment;
use crate::slots::Slot;
use hypersonic_loops::{Likely, MemoryClass, Stmt, Ty, ValueId};
use hypersonic_ops::{Dtype, Type};
use std::collections::HashMap;

/// Below this cost a second nest is cheaper than copies.
const EXPENSIVE: u32 = 30;

/// What is released when the nest has run.
#[derive(Default)]
pub struct Stretched {
    owners: Vec<Slot>,
}

impl Lowering<'_, '_> {
    /// The node with every array that may have to be broadcast to `shape` replaced by one of the full shape, if that pays.
    pub fn stretch(&mut self, value: NodeId, shape: &[ValueId]) -> Outcome<Option<(NodeId, Stretched)>> {
        let alignment = Alignment::of(&self.graph, &self.b, value, shape);
        if alignment.equalities.is_empty() || self.cost(value) <= EXPENSIVE || !self.only_buffers(value, shape) {
            return Ok(None);
        }
        let mut stretched = Stretched::default();
        let node = self.full(value, shape, &mut HashMap::new(), &mut stretched)?;
        Ok(Some((node, stretched)))
    }

    /// Releases the copies.
    pub fn release_stretched(&mut self, stretched: &Stretched) {
        stretched.owners.iter().for_each(|slot| self.release_slot(slot));
    }

    /// Whether everything that may be broadcast is memory.
    fn only_buffers(&self, value: NodeId, shape: &[ValueId]) -> bool {
        let (mut seen, mut open) = (std::collections::HashSet::new(), vec![value]);
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.graph.node(id);
            match &node.kind {
                NodeKind::Map { operands, .. } => open.extend(operands),
                NodeKind::Convert(source) => open.push(*source),
                NodeKind::Scalar(_) | NodeKind::Buffer(_) => {}
                NodeKind::View(..) | NodeKind::Range(..) | NodeKind::Eye(_) => {
                    if !self.is_full(&node.shape, shape) {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn is_full(&self, extents: &[ValueId], shape: &[ValueId]) -> bool {
        let full = &shape[shape.len() - extents.len()..];
        extents.iter().zip(full).all(|(x, y)| arithmetic::same(&self.b, *x, *y) || self.b.as_int(*x) == Some(1))
    }

    fn full(&mut self, id: NodeId, shape: &[ValueId], done: &mut HashMap<NodeId, NodeId>, stretched: &mut Stretched) -> Outcome<NodeId> {
        if let Some(known) = done.get(&id) {
            return Ok(*known);
        }
        let node = self.graph.node(id).clone();
        let full: Vec<ValueId> = shape[shape.len() - node.shape.len()..].to_vec();
        let new = match node.kind {
            NodeKind::Map { op, loop_dtype, operands } => {
                let mut replaced = Vec::new();
                for operand in operands {
                    replaced.push(self.full(operand, shape, done, stretched)?);
                }
                self.graph.add(node.dtype, full, NodeKind::Map { op, loop_dtype, operands: replaced })
            }
            NodeKind::Convert(source) => {
                let source = self.full(source, shape, done, stretched)?;
                self.graph.add(node.dtype, full, NodeKind::Convert(source))
            }
            NodeKind::Buffer(buffer) if !self.is_full(&node.shape, shape) => self.full_buffer(id, &buffer, node.dtype, &full, stretched)?,
            _ => id,
        };
        done.insert(id, new);
        Ok(new)
    }

    fn full_buffer(&mut self, id: NodeId, buffer: &Buffer, dtype: Dtype, full: &[ValueId], stretched: &mut Stretched) -> Outcome<NodeId> {
        let shape = self.graph.shape(id).to_vec();
        let pairs: Vec<(ValueId, ValueId)> = shape.iter().copied().zip(full.iter().copied()).collect();
        let exact = self.all_equal(&pairs);
        let rank = u8::try_from(full.len()).unwrap_or(u8::MAX);
        let slot = self.new_slot("stretched", &Type::Array(dtype, rank));
        let Slot::Array { data, strides, .. } = &slot else { return Err(self.internal("a slot")) };
        self.b.set(*data, buffer.data);
        strides.iter().zip(&buffer.strides).for_each(|(variable, stride)| self.b.set(*variable, *stride));
        let broadcast = arithmetic::not(&mut self.b, exact);
        let (then, _) = self.nested(|this| {
            let copy = this.allocate(dtype, full, false);
            this.store_nest(&copy, dtype, full, id)?;
            let copy = this.buffer_node(dtype, full.to_vec(), copy);
            this.set_slot(&slot, &Value::Array(copy)).map(|()| false)
        })?;
        self.b.push(Stmt::If { condition: broadcast, then, otherwise: Vec::new(), likely: Likely::Otherwise });
        let Slot::Array { data, strides, .. } = &slot else { return Err(self.internal("a slot")) };
        let data = self.b.read(*data);
        debug_assert_eq!(self.b.ty(data), Ty::Ptr);
        // Where nothing was broadcast the extents are the full ones, so that a contiguous array has the strides of the copy.
        let strides = if buffer.contiguous {
            arithmetic::contiguous_strides(&mut self.b, full, dtype.size())
        } else {
            strides.iter().map(|variable| self.b.read(*variable)).collect()
        };
        let owner = self.b.i64(1);
        stretched.owners.push(slot);
        let whole = Buffer { data, strides, class: MemoryClass::ANY, owner, lifetime: Lifetime::Scope, contiguous: buffer.contiguous };
        Ok(self.buffer_node(dtype, full.to_vec(), whole))
    }
}
