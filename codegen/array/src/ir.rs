//! The law of the array IR.
//!
//! - A **delayed array** is a shape and a function from index to value. A [`Graph`] holds them as [`Node`]s;
//!   operands come before the nodes that use them, so the graph is acyclic by construction.
//! - Every `ValueId` in a node (extents, addresses, strides, scalars) is a value of the one loop IR function that
//!   is being written, and dominates the place where the node was made. A node may be used only where that place
//!   dominates.
//! - Nodes are pure: evaluating one reads memory and never writes. A node may be evaluated later than where the
//!   program computes it only if no memory that it reads is written in between; [`crate::fuse`] decides that.
//! - An axis of extent 1 may be asked for any index: broadcasting is done by whoever has the extent, so an index
//!   passes through elementwise nodes as it is.
//! - Only a [`NodeKind::Buffer`] has memory, can be written, and can be aliased.

use hypersonic_loops::{Builder, MemoryClass, ValueId};
use hypersonic_math::Number;
use hypersonic_ops::{Dtype, ScalarOp};

/// A node of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// How long the memory of a buffer certainly lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// As long as the call: the caller holds it.
    Call,
    /// Until the end of the block of statements that made it, which holds a reference.
    Scope,
    /// Until the variable that it was read from is assigned again.
    Variable,
}

/// An array in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// Address of element `[0, ..., 0]`: Ptr.
    pub data: ValueId,
    /// Bytes from one element to the next, per axis: I64.
    pub strides: Vec<ValueId>,
    /// What its memory may overlap.
    pub class: MemoryClass,
    /// The owner word of `hypersonic_abi::frame`: I64.
    pub owner: ValueId,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// Whether it is known to be C-contiguous.
    pub contiguous: bool,
}

/// A delayed array.
#[derive(Clone, Debug)]
pub struct Node {
    /// Element type.
    pub dtype: Dtype,
    /// Extents: I64 values, outermost first.
    pub shape: Vec<ValueId>,
    /// The function from index to value.
    pub kind: NodeKind,
}

/// Where the index along one axis of the source of a view comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AxisSource {
    /// Always this index.
    Fixed(ValueId),
    /// `start + step * (index along .axis of the view)`; absent: 0 and 1.
    Along {
        /// Axis of the view.
        axis: usize,
        /// First index.
        start: Option<ValueId>,
        /// Step.
        step: Option<ValueId>,
    },
}

/// Kinds of nodes.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Memory.
    Buffer(Buffer),
    /// One number of the node's dtype; rank 0, also where a scalar stands among arrays.
    Scalar(Number),
    /// `op` on operands, each already of the dtype that the operation takes, broadcast to the shape.
    Map {
        /// The operation.
        op: ScalarOp,
        /// Its loop dtype.
        loop_dtype: Dtype,
        /// Its operands.
        operands: Vec<NodeId>,
    },
    /// The source's elements cast to the dtype (the same dtype: a copy).
    Convert(NodeId),
    /// The source's elements at other indices; one entry per axis of the source.
    View(NodeId, Vec<AxisSource>),
    /// `start + index * step`, rank 1, as `np.arange` computes it.
    Range(Number, Number),
    /// 1 where `column - row == diagonal`, rank 2.
    Eye(ValueId),
}

/// The delayed arrays of one function.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Adds a node.
    pub fn add(&mut self, dtype: Dtype, shape: Vec<ValueId>, kind: NodeKind) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { dtype, shape, kind });
        id
    }

    /// The node of that id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Its extents.
    #[must_use]
    pub fn shape(&self, id: NodeId) -> &[ValueId] {
        &self.node(id).shape
    }

    /// Its element type.
    #[must_use]
    pub fn dtype(&self, id: NodeId) -> Dtype {
        self.node(id).dtype
    }

    /// Its memory, if it is in memory.
    #[must_use]
    pub fn buffer(&self, id: NodeId) -> Option<&Buffer> {
        match &self.node(id).kind {
            NodeKind::Buffer(buffer) => Some(buffer),
            _ => None,
        }
    }
}

impl Buffer {
    /// The address of an element; `indices` has one index per axis, in range.
    pub fn address(&self, b: &mut Builder, indices: &[ValueId]) -> ValueId {
        let mut address = self.data;
        for (stride, index) in self.strides.iter().zip(indices) {
            let bytes = crate::arithmetic::mul(b, *index, *stride);
            if b.as_int(bytes) != Some(0) {
                address = b.offset(address, bytes);
            }
        }
        address
    }

    /// Loads an element.
    pub fn load(&self, b: &mut Builder, dtype: Dtype, indices: &[ValueId]) -> Number {
        let address = self.address(b, indices);
        hypersonic_math::number::load(b, dtype, address, self.class)
    }

    /// Stores an element, already of the dtype.
    pub fn store(&self, b: &mut Builder, dtype: Dtype, indices: &[ValueId], number: Number) {
        let address = self.address(b, indices);
        hypersonic_math::number::store(b, dtype, address, number, self.class);
    }
}
