//! Loop nests that store a delayed array: one collapsed loop where everything is contiguous and of the full shape,
//! a plain nest where it is only of the full shape, a general one where extents of 1 may be broadcast at run time. The
//! strided version takes the general one at once: strides of any kind are its business, and 0 is one of them.

use crate::arithmetic;
use crate::element::{Evaluator, Mode};
use crate::ir::{Buffer, NodeId, NodeKind};
use crate::lowering::{Lowering, Outcome};
use hypersonic_loops::{Builder, Likely, Ty, ValueId};
use hypersonic_math::scalar::Unsupported;
use hypersonic_math::{Number, number};
use hypersonic_ops::Dtype;
use std::collections::HashSet;

/// How the arrays that a node reads at the index it is asked for lie with respect to a full shape.
#[derive(Clone, Debug)]
pub struct Alignment {
    /// Pairs of extents that must be equal for `Exact` indices.
    pub equalities: Vec<(ValueId, ValueId)>,
    /// Whether, given those, `Flat` is possible.
    pub flat: bool,
    seen: HashSet<NodeId>,
}

impl Alignment {
    fn look(&mut self, lowering: &Lowering, id: NodeId, shape: &[ValueId]) {
        if !self.seen.insert(id) {
            return;
        }
        let node = lowering.graph.node(id);
        match &node.kind {
            NodeKind::Scalar(_) => return,
            NodeKind::Map { operands, .. } => return operands.iter().for_each(|operand| self.look(lowering, *operand, shape)),
            NodeKind::Convert(source) => return self.look(lowering, *source, shape),
            NodeKind::Buffer(buffer) => {
                self.flat &= node.shape.is_empty() || (buffer.contiguous && node.shape.len() == shape.len());
            }
            NodeKind::View(..) | NodeKind::Range(..) | NodeKind::Eye(_) => self.flat = false,
        }
        let skipped = shape.len() - node.shape.len();
        for (extent, full) in node.shape.iter().zip(&shape[skipped..]) {
            if lowering.alike(*extent, *full) {
                continue;
            }
            if lowering.b.as_int(*extent) == Some(1) {
                self.flat = false;
            } else if !self.equalities.contains(&(*extent, *full)) {
                self.equalities.push((*extent, *full));
            }
        }
    }
}

impl Lowering<'_, '_> {
    /// How what a node reads lies with respect to a full shape.
    #[must_use]
    pub fn alignment(&self, node: NodeId, shape: &[ValueId]) -> Alignment {
        let mut alignment = Alignment { equalities: Vec::new(), flat: true, seen: HashSet::new() };
        alignment.look(self, node, shape);
        alignment
    }

    /// I1: whether all pairs are equal.
    pub fn all_equal(&mut self, pairs: &[(ValueId, ValueId)]) -> ValueId {
        let mut all = self.b.bool(true);
        for (x, y) in pairs {
            let equal = self.equal(*x, *y);
            all = arithmetic::and(&mut self.b, all, equal);
        }
        all
    }

    /// A node cast to a dtype.
    pub fn cast_node(&mut self, node: NodeId, dtype: Dtype) -> NodeId {
        if self.graph.dtype(node) == dtype {
            return node;
        }
        if let NodeKind::Scalar(number) = self.graph.node(node).kind {
            let from = self.graph.dtype(node);
            let number = crate::constant::convert(&mut self.b, from, dtype, number);
            return self.scalar_node(dtype, number);
        }
        let shape = self.graph.shape(node).to_vec();
        self.graph.add(dtype, shape, NodeKind::Convert(node))
    }

    /// Stores a node, broadcast to `shape`, into a buffer of that shape; what the node reads of that buffer it reads at the index
    /// that is written.
    pub fn store_nest(&mut self, target: &Buffer, dtype: Dtype, shape: &[ValueId], value: NodeId) -> Outcome<()> {
        let value = self.cast_node(value, dtype);
        if shape.is_empty() {
            let number = self.element_at(value, &[])?;
            number::store(&mut self.b, dtype, target.data, number, target.class);
            return Ok(());
        }
        let alignment = self.alignment(value, shape);
        if !self.shared.contiguous && !alignment.equalities.is_empty() {
            return self.one_nest(Mode::Broadcast, target, dtype, shape, value);
        }
        let exact = self.all_equal(&alignment.equalities);
        let fast = if alignment.flat && target.contiguous { Mode::Flat } else { Mode::Exact };
        self.choose(
            exact,
            |this| this.one_nest(fast, target, dtype, shape, value),
            |this| this.one_nest(Mode::Broadcast, target, dtype, shape, value),
            Likely::Then,
        )
    }

    fn one_nest(&mut self, mode: Mode, target: &Buffer, dtype: Dtype, shape: &[ValueId], value: NodeId) -> Outcome<()> {
        if mode == Mode::Exact
            && let Some(fewer) = self.collapsed(target, shape, value)
        {
            return self.one_nest(mode, &fewer.target, dtype, &fewer.shape, fewer.value);
        }
        let extents = if mode == Mode::Flat { vec![arithmetic::product(&mut self.b, shape)] } else { shape.to_vec() };
        self.nest(mode, extents, value, &mut |b, indices, number| {
            if mode == Mode::Flat {
                let size = b.i64(dtype.size().cast_signed());
                let bytes = arithmetic::mul(b, indices[0], size);
                let address = b.offset(target.data, bytes);
                number::store(b, dtype, address, number, target.class);
            } else {
                target.store(b, dtype, indices, number);
            }
        })
    }

    /// A nest that gives every element of a node to `sink`.
    pub fn nest(
        &mut self,
        mode: Mode,
        extents: Vec<ValueId>,
        value: NodeId,
        sink: &mut dyn FnMut(&mut Builder, &[ValueId], Number),
    ) -> Outcome<()> {
        let Self { b, graph, .. } = self;
        let mut evaluator = Evaluator::new(graph, mode);
        evaluator.prepare(b, value);
        let indices: Vec<ValueId> = extents.iter().map(|_| b.bound(Ty::I64)).collect();
        let body = b.try_block(|b| {
            let number = evaluator.element(b, value, &indices)?;
            sink(b, &indices, number);
            Ok::<(), Unsupported>(())
        });
        let body = body.map_err(|unsupported| self.no_operation(unsupported))?;
        self.b.push_nest(extents, indices, body);
        self.worked = true;
        Ok(())
    }

    /// One element of a node, here.
    pub fn element_at(&mut self, node: NodeId, indices: &[ValueId]) -> Outcome<Number> {
        let Self { b, graph, .. } = self;
        let mode = if graph.buffer(node).is_some() { Mode::Exact } else { Mode::Broadcast };
        Evaluator::new(graph, mode).element(b, node, indices).map_err(|unsupported| self.no_operation(unsupported))
    }

    /// How much it costs to compute an element of a node, loads of memory counting 1.
    #[must_use]
    pub fn cost(&self, node: NodeId) -> u32 {
        let (mut total, mut open) = (0, vec![node]);
        while let Some(node) = open.pop() {
            total += match &self.graph.node(node).kind {
                NodeKind::Scalar(_) => 0,
                NodeKind::Buffer(_) | NodeKind::Eye(_) | NodeKind::Range(..) => 1,
                NodeKind::Map { op, operands, .. } => {
                    open.extend(operands);
                    if crate::expression::is_cheap(*op) { 1 } else { 20 }
                }
                NodeKind::Convert(source) | NodeKind::View(source, _) => {
                    open.push(*source);
                    1
                }
            };
            if total > 100 {
                break;
            }
        }
        total
    }
}
