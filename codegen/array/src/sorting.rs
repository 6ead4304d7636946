//! Sorting and searching: rows of numbers are laid in a row in memory, and the runtime is asked ([`Op::SortRows`] and its neighbours).

use crate::arithmetic;
use crate::ir::{Buffer, NodeId, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_abi::object::{Op, value};
use hypersonic_loops::ValueId;
use hypersonic_ops::{Dtype, Flavor, Type};
use hypersonic_typed::ir::{Arrangement, Expr};

impl Lowering<'_, '_> {
    /// `np.sort`, `np.argsort`, and what a median needs.
    pub fn arrange(&mut self, how: Arrangement, array: &Expr, axis: usize) -> Outcome<NodeId> {
        let node = self.array(array)?;
        let rank = self.graph.shape(node).len();
        let last: Vec<u8> = (0..rank).filter(|other| *other != axis).chain([axis]).filter_map(|axis| u8::try_from(axis).ok()).collect();
        let moved = self.transpose(node, &last);
        let (dtype, shape) = (self.graph.dtype(node), self.graph.shape(moved).to_vec());
        let rows = arithmetic::product(&mut self.b, &shape[..rank - 1]);
        let length = shape[rank - 1];
        let code = self.dtype_code(dtype)?;
        let (result, buffer) = if how == Arrangement::Places {
            let from = self.contiguous(moved)?;
            let places = self.allocate(Dtype::I64, &shape, false);
            let (data, to) = (self.address_of(&from), self.address_of(&places));
            self.perform(Op::OrderRows, &[], vec![data, rows, length, code, to], &Type::None)?;
            (Dtype::I64, places)
        } else {
            let copy = self.copy_of(moved)?;
            let data = self.address_of(&copy);
            let op = if how == Arrangement::Sorted { Op::SortRows } else { Op::MiddleRows };
            self.perform(op, &[], vec![data, rows, length, code], &Type::None)?;
            (dtype, copy)
        };
        let arranged = self.buffer_node(result, shape, buffer);
        if axis + 1 == rank {
            return Ok(arranged);
        }
        let mut back = vec![0; rank];
        for (to, from) in last.iter().enumerate() {
            back[usize::from(*from)] = u8::try_from(to).unwrap_or(u8::MAX);
        }
        let arranged = self.transpose(arranged, &back);
        let copy = self.copy_of(arranged)?;
        let shape = self.graph.shape(arranged).to_vec();
        Ok(self.buffer_node(result, shape, copy))
    }

    /// `np.unique`.
    pub fn distinct(&mut self, array: &Expr) -> Outcome<NodeId> {
        let node = self.array(array)?;
        let (dtype, length) = (self.graph.dtype(node), self.graph.shape(node)[0]);
        let copy = self.copy_of(node)?;
        let (data, code) = (self.address_of(&copy), self.dtype_code(dtype)?);
        let count = self.count_of(Op::Distinct, vec![data, length, code])?;
        self.facts.extent(count);
        Ok(self.buffer_node(dtype, vec![count], copy))
    }

    /// `np.searchsorted`.
    pub fn search(&mut self, array: &Expr, values: &Expr, right: bool) -> Outcome<Value> {
        let node = self.array(array)?;
        let sought = self.array(values)?;
        let (dtype, length) = (self.graph.dtype(node), self.graph.shape(node)[0]);
        let shape = self.graph.shape(sought).to_vec();
        let sorted = self.contiguous(node)?;
        let sought = if shape.is_empty() {
            let one = self.b.i64(1);
            let cell = self.allocate(dtype, &[one], false);
            self.store_nest(&cell, dtype, &[one], sought)?;
            cell
        } else {
            self.contiguous(sought)?
        };
        let count = arithmetic::product(&mut self.b, &shape);
        let found = self.allocate(Dtype::I64, &shape, false);
        let (data, wanted, to) = (self.address_of(&sorted), self.address_of(&sought), self.address_of(&found));
        let (code, right) = (self.dtype_code(dtype)?, self.b.i64(i64::from(right)));
        self.perform(Op::Search, &[], vec![data, length, wanted, count, code, right, to], &Type::None)?;
        if matches!(values.ty, Type::Scalar(..)) {
            return Ok(Value::Scalar(found.load(&mut self.b, Dtype::I64, &[])));
        }
        Ok(Value::Array(self.buffer_node(Dtype::I64, shape, found)))
    }

    fn count_of(&mut self, op: Op, words: Vec<ValueId>) -> Outcome<ValueId> {
        match self.perform(op, &[], words, &Type::Scalar(Dtype::I64, Flavor::Numpy))? {
            Value::Scalar(number) => Ok(number.real()),
            _ => Err(self.internal("a count was expected")),
        }
    }

    fn dtype_code(&mut self, dtype: Dtype) -> Outcome<ValueId> {
        let position = value::position(dtype.name());
        position.map(|position| self.b.i64(position.cast_signed())).ok_or_else(|| self.internal("a dtype that is never sorted"))
    }

    fn address_of(&mut self, buffer: &Buffer) -> ValueId {
        arithmetic::address_bits(&mut self.b, buffer.data)
    }

    /// The elements in C order in memory of their own.
    fn copy_of(&mut self, node: NodeId) -> Outcome<Buffer> {
        let (dtype, shape) = (self.graph.dtype(node), self.graph.shape(node).to_vec());
        let copy = self.graph.add(dtype, shape, NodeKind::Convert(node));
        self.in_memory(copy).map(|(_, buffer)| buffer)
    }

    /// The elements in C order in memory, to be read only.
    fn contiguous(&mut self, node: NodeId) -> Outcome<Buffer> {
        match self.graph.buffer(node) {
            Some(buffer) if buffer.contiguous => Ok(buffer.clone()),
            _ => self.copy_of(node),
        }
    }
}
