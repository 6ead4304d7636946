//! Evaluates delayed arrays at an index: the function from index to value, written as loop IR.

use crate::arithmetic;
use crate::ir::{AxisSource, Buffer, Graph, NodeId, NodeKind};
use hypersonic_loops::{Builder, Compare, ValueId};
use hypersonic_math::scalar::{self, Unsupported};
use hypersonic_math::{Number, convert, number};
use hypersonic_ops::{Dtype, ScalarOp};
use std::collections::HashMap;

/// How indices are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Along an axis of extent 1 any index may be given.
    Broadcast,
    /// Every index is in range, except along axes whose extent is the constant 1.
    Exact,
    /// One index counts the elements in C order; every array is contiguous and has the full shape, or is a number.
    Flat,
}

/// Evaluates nodes inside one block of loop IR; what was computed there for an index is not computed again.
pub struct Evaluator<'g> {
    graph: &'g Graph,
    mode: Mode,
    /// Strides to be used in `Broadcast` mode, made outside of the loops.
    strides: HashMap<(NodeId, Mode), Vec<ValueId>>,
    memo: HashMap<(NodeId, Vec<ValueId>), Number>,
}

impl<'g> Evaluator<'g> {
    /// An evaluator without memory.
    #[must_use]
    pub fn new(graph: &'g Graph, mode: Mode) -> Self {
        Self { graph, mode, strides: HashMap::new(), memo: HashMap::new() }
    }

    /// Computes outside of the loops what does not depend on the index.
    pub fn prepare(&mut self, b: &mut Builder, node: NodeId) {
        if self.mode == Mode::Flat || self.strides.contains_key(&(node, self.mode)) {
            return;
        }
        self.strides.insert((node, self.mode), Vec::new());
        let graph = self.graph;
        let shape = graph.shape(node);
        match &graph.node(node).kind {
            NodeKind::Buffer(buffer) => {
                let strides = self.effective(b, shape, buffer);
                self.strides.insert((node, self.mode), strides);
            }
            NodeKind::Map { operands, .. } => operands.iter().for_each(|operand| self.prepare(b, *operand)),
            NodeKind::Convert(source) => self.prepare(b, *source),
            NodeKind::View(source, _) => self.below_view(|this| this.prepare(b, *source)),
            NodeKind::Scalar(_) | NodeKind::Range(..) | NodeKind::Eye(_) => {}
        }
    }

    /// Forgets what was computed; for another block.
    pub fn forget(&mut self) {
        self.memo.clear();
    }

    /// What is known of extents of the consumer says nothing about those of the source of a view.
    fn below_view<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let mode = std::mem::replace(&mut self.mode, Mode::Broadcast);
        let outcome = write(self);
        self.mode = mode;
        outcome
    }

    fn effective(&self, b: &mut Builder, shape: &[ValueId], buffer: &Buffer) -> Vec<ValueId> {
        let one = b.i64(1);
        let zero = b.i64(0);
        let mut strides = Vec::new();
        for (extent, stride) in shape.iter().zip(&buffer.strides) {
            let stride = match (self.mode, b.as_int(*extent)) {
                (_, Some(1)) => zero,
                (Mode::Broadcast, None) => {
                    let single = b.compare(Compare::Eq, *extent, one);
                    arithmetic::select(b, single, zero, *stride)
                }
                _ => *stride,
            };
            strides.push(stride);
        }
        strides
    }

    /// The index along an axis that may be broadcast.
    fn clamp(&self, b: &mut Builder, extent: ValueId, index: ValueId) -> ValueId {
        match (self.mode, b.as_int(extent)) {
            (_, Some(1)) => b.i64(0),
            (Mode::Broadcast, None) => {
                let one = b.i64(1);
                let zero = b.i64(0);
                let single = arithmetic::compare(b, Compare::Eq, extent, one);
                arithmetic::select(b, single, zero, index)
            }
            _ => index,
        }
    }

    /// The element of a node at an index: at least as many indices as axes, the last ones count.
    ///
    /// # Errors
    /// When an operation has no compiled form.
    pub fn element(&mut self, b: &mut Builder, node: NodeId, indices: &[ValueId]) -> Result<Number, Unsupported> {
        let graph = self.graph;
        let rank = graph.shape(node).len();
        let indices = if self.mode == Mode::Flat { indices } else { &indices[indices.len() - rank..] };
        let key = (node, indices.to_vec());
        if let Some(known) = self.memo.get(&key) {
            return Ok(*known);
        }
        let found = self.evaluate(b, node, indices)?;
        self.memo.insert(key, found);
        Ok(found)
    }

    fn evaluate(&mut self, b: &mut Builder, id: NodeId, indices: &[ValueId]) -> Result<Number, Unsupported> {
        let graph = self.graph;
        let node = graph.node(id);
        Ok(match &node.kind {
            NodeKind::Scalar(number) => *number,
            NodeKind::Buffer(buffer) if self.mode == Mode::Flat => {
                let address = if node.shape.is_empty() {
                    buffer.data
                } else {
                    let size = b.i64(node.dtype.size().cast_signed());
                    let bytes = arithmetic::mul(b, indices[0], size);
                    b.offset(buffer.data, bytes)
                };
                number::load(b, node.dtype, address, buffer.class)
            }
            NodeKind::Buffer(buffer) => {
                let strides = match self.strides.get(&(id, self.mode)) {
                    Some(strides) => strides.clone(),
                    None => self.effective(b, &node.shape, buffer),
                };
                Buffer { strides, ..buffer.clone() }.load(b, node.dtype, indices)
            }
            NodeKind::Map { op, loop_dtype, operands } => {
                let mut numbers = Vec::with_capacity(operands.len());
                for operand in operands {
                    numbers.push(self.element(b, *operand, indices)?);
                }
                scalar::emit(b, *op, *loop_dtype, &numbers)?
            }
            NodeKind::Convert(source) => {
                let value = self.element(b, *source, indices)?;
                convert::convert(b, graph.dtype(*source), node.dtype, value)
            }
            NodeKind::View(source, axes) => {
                let inner = self.remap(b, &node.shape, axes, indices);
                self.below_view(|this| this.element(b, *source, &inner))?
            }
            NodeKind::Range(start, step) => {
                let index = self.clamp(b, node.shape[0], indices[0]);
                arithmetic_progression(b, node.dtype, *start, *step, index)?
            }
            NodeKind::Eye(diagonal) => {
                let row = self.clamp(b, node.shape[0], indices[0]);
                let column = self.clamp(b, node.shape[1], indices[1]);
                let distance = arithmetic::sub(b, column, row);
                let on = b.compare(Compare::Eq, distance, *diagonal);
                convert::convert(b, Dtype::Bool, node.dtype, Number::Real(on))
            }
        })
    }

    fn remap(&self, b: &mut Builder, shape: &[ValueId], axes: &[AxisSource], indices: &[ValueId]) -> Vec<ValueId> {
        let mut inner = Vec::with_capacity(axes.len());
        for axis in axes {
            inner.push(match *axis {
                AxisSource::Fixed(index) => index,
                AxisSource::Along { axis, start, step } => {
                    let mut index = self.clamp(b, shape[axis], indices[axis]);
                    if let Some(step) = step {
                        index = arithmetic::mul(b, index, step);
                    }
                    if let Some(start) = start {
                        index = arithmetic::add(b, start, index);
                    }
                    index
                }
            });
        }
        inner
    }
}

/// `start + index * step` in a dtype.
fn arithmetic_progression(b: &mut Builder, dtype: Dtype, start: Number, step: Number, index: ValueId) -> Result<Number, Unsupported> {
    let position = convert::convert(b, Dtype::I64, dtype, Number::Real(index));
    let distance = scalar::emit(b, ScalarOp::Multiply, dtype, &[position, step])?;
    scalar::emit(b, ScalarOp::Add, dtype, &[start, distance])
}
