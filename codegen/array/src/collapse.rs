//! Fewer axes for the same elements: neighbouring axes that every array of a nest has both of, packed one in the other, or neither of,
//! become one. `(n, 3, 4)` with `(3, 4)` is a nest of `n` by 12.

use crate::arithmetic;
use crate::ir::{Buffer, NodeId, NodeKind};
use crate::lowering::Lowering;
use hypersonic_loops::ValueId;
use std::collections::{BTreeSet, HashMap};

/// A store with fewer axes.
pub struct Collapsed {
    /// The memory that is stored to.
    pub target: Buffer,
    /// Its shape.
    pub shape: Vec<ValueId>,
    /// What is stored.
    pub value: NodeId,
}

impl Lowering<'_, '_> {
    /// A store of a value whose extents equal the last ones of `shape`, with fewer axes, if that can be.
    pub fn collapsed(&mut self, target: &Buffer, shape: &[ValueId], value: NodeId) -> Option<Collapsed> {
        if !target.contiguous {
            return None;
        }
        let mut starts = BTreeSet::from([0]);
        if !self.starts(value, shape, &mut starts) || starts.len() == shape.len() {
            return None;
        }
        let starts: Vec<usize> = starts.into_iter().collect();
        let ends: Vec<usize> = starts.iter().skip(1).copied().chain([shape.len()]).collect();
        let groups: Vec<ValueId> =
            starts.iter().zip(&ends).map(|(start, end)| arithmetic::product(&mut self.b, &shape[*start..*end])).collect();
        let mut collapse = Collapse { rank: shape.len(), starts: &starts, ends: &ends, groups: &groups, done: HashMap::new() };
        let value = collapse.node(self, value);
        Some(Collapsed { target: collapse.buffer(target, shape.len()), shape: groups, value })
    }

    /// Adds the axes at which arrays begin that a node reads; whether all of them are packed.
    fn starts(&self, id: NodeId, shape: &[ValueId], starts: &mut BTreeSet<usize>) -> bool {
        let node = self.graph.node(id);
        match &node.kind {
            NodeKind::Scalar(_) => true,
            NodeKind::Map { operands, .. } => operands.iter().all(|operand| self.starts(*operand, shape, starts)),
            NodeKind::Convert(source) => self.starts(*source, shape, starts),
            NodeKind::Buffer(buffer) => {
                let start = shape.len() - node.shape.len();
                if start < shape.len() {
                    starts.insert(start);
                }
                let single = |extent: &ValueId| self.b.as_int(*extent) == Some(1);
                buffer.contiguous && !node.shape.iter().zip(&shape[start..]).any(|(extent, full)| single(extent) && !single(full))
            }
            NodeKind::View(..) | NodeKind::Range(..) | NodeKind::Eye(_) => false,
        }
    }
}

/// Axes, and what became of the nodes so far.
struct Collapse<'c> {
    rank: usize,
    starts: &'c [usize],
    ends: &'c [usize],
    groups: &'c [ValueId],
    done: HashMap<NodeId, NodeId>,
}

impl Collapse<'_> {
    fn node(&mut self, lowering: &mut Lowering<'_, '_>, id: NodeId) -> NodeId {
        if let Some(known) = self.done.get(&id) {
            return *known;
        }
        let node = lowering.graph.node(id).clone();
        let own = node.shape.len();
        let kind = match node.kind {
            NodeKind::Map { op, loop_dtype, operands } => {
                NodeKind::Map { op, loop_dtype, operands: operands.iter().map(|operand| self.node(lowering, *operand)).collect() }
            }
            NodeKind::Convert(source) => NodeKind::Convert(self.node(lowering, source)),
            NodeKind::Buffer(buffer) => NodeKind::Buffer(self.buffer(&buffer, own)),
            other => other,
        };
        let shape = self.groups[self.skipped(own)..].to_vec();
        let new = lowering.graph.add(node.dtype, shape, kind);
        self.done.insert(id, new);
        new
    }

    /// How many groups a node of a rank has not.
    fn skipped(&self, rank: usize) -> usize {
        self.ends.iter().filter(|end| **end <= self.rank - rank).count()
    }

    /// The same memory with the strides of the last axes of each group.
    fn buffer(&self, buffer: &Buffer, rank: usize) -> Buffer {
        let skipped = self.rank - rank;
        let strides =
            self.starts.iter().zip(self.ends).filter(|(start, _)| **start >= skipped).map(|(_, end)| buffer.strides[end - 1 - skipped]);
        Buffer { strides: strides.collect(), ..buffer.clone() }
    }
}
