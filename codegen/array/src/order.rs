//! The order in which float sums walk memory. NumPy follows the memory, not the indices: a Fortran-ordered array is
//! summed as its transpose, which is C-ordered. Everything else is walked in C order of the indices.

use crate::arithmetic;
use crate::ir::{Buffer, NodeId};
use crate::lowering::{Lowering, Outcome};
use hypersonic_loops::{Likely, Stmt, ValueId};
use hypersonic_ops::{Dtype, Kind};
use hypersonic_typed::ir::Reduction;

impl Lowering<'_, '_> {
    /// Reduces into `target`; a float sum or product of memory that turns out at run time to be Fortran-ordered goes along that memory.
    pub fn reduce_in_memory_order(&mut self, op: Reduction, dtype: Dtype, node: NodeId, axes: &[usize], target: &Buffer) -> Outcome<()> {
        let shape = self.graph.shape(node).to_vec();
        let rank = shape.len();
        let rounds =
            matches!(op, Reduction::Sum | Reduction::Prod | Reduction::Mean) && matches!(dtype.kind(), Kind::Float | Kind::Complex);
        let memory = self.graph.buffer(node).filter(|buffer| rank > 1 && !buffer.contiguous && rounds).cloned();
        let Some(memory) = memory else {
            return self.reduce_into(op, dtype, node, axes, target);
        };
        let element = self.graph.dtype(node);
        let fortran = self.is_fortran_ordered(&memory, element, &shape);
        let (then, _) = self.nested(|this| {
            let turned_shape: Vec<ValueId> = shape.iter().rev().copied().collect();
            let strides = memory.strides.iter().rev().copied().collect();
            let turned = this.buffer_node(element, turned_shape, Buffer { strides, contiguous: true, ..memory });
            let mut turned_axes: Vec<usize> = axes.iter().map(|axis| rank - 1 - axis).collect();
            turned_axes.sort_unstable();
            let target = Buffer { strides: target.strides.iter().rev().copied().collect(), contiguous: false, ..target.clone() };
            this.reduce_into(op, dtype, turned, &turned_axes, &target).map(|()| false)
        })?;
        let (otherwise, _) = self.nested(|this| this.reduce_into(op, dtype, node, axes, target).map(|()| false))?;
        self.b.push(Stmt::If { condition: fortran, then, otherwise, likely: Likely::Unknown });
        Ok(())
    }

    /// Whether the strides are those of a Fortran-ordered array of that shape.
    fn is_fortran_ordered(&mut self, memory: &Buffer, dtype: Dtype, shape: &[ValueId]) -> ValueId {
        let mut expected = self.b.i64(dtype.size().cast_signed());
        let mut pairs = Vec::with_capacity(shape.len());
        for (stride, extent) in memory.strides.iter().zip(shape) {
            pairs.push((*stride, expected));
            expected = arithmetic::mul(&mut self.b, expected, *extent);
        }
        self.all_equal(&pairs)
    }
}
