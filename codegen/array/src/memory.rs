//! Blocks of memory: allocation, and counting of references in place. A failing function frees nothing: the runtime
//! reclaims what is left.

use crate::arithmetic;
use crate::ir::{Buffer, Lifetime, NodeId};
use crate::lowering::{Held, Lowering, Outcome, Value};
use hypersonic_loops::{Binary, Cast, Compare, FailureKind, Likely, Stmt, SupportRow, Ty, ValueId};
use hypersonic_ops::Dtype;

/// Byte offsets in `hypersonic_abi::Block`.
const DATA: usize = std::mem::offset_of!(hypersonic_abi::Block, data);
const REFERENCES: usize = std::mem::offset_of!(hypersonic_abi::Block, references);

impl Lowering<'_, '_> {
    /// A fresh C-contiguous array, held by the current scope.
    pub fn allocate(&mut self, dtype: Dtype, shape: &[ValueId], zeroed: bool) -> Buffer {
        let failure = self.failure(FailureKind::Memory, Vec::new());
        let mut too_many = self.b.bool(false);
        let mut bytes = self.b.i64(dtype.size().cast_signed());
        for (axis, extent) in shape.iter().enumerate() {
            if axis > 0 && !(self.b.as_int(*extent).is_some() && self.b.as_int(bytes).is_some()) {
                // Extents of 0 elsewhere make a product that overflows harmless only in NumPy's eyes: refuse.
                let overflows = self.b.overflows(Binary::Mul, bytes, *extent);
                too_many = arithmetic::or(&mut self.b, too_many, overflows);
                // Wraps where it overflows: that is asked when all extents are seen.
                bytes = self.b.binary(Binary::Mul, bytes, *extent);
            } else {
                bytes = arithmetic::mul(&mut self.b, bytes, *extent);
            }
        }
        let ok = arithmetic::not(&mut self.b, too_many);
        self.check(ok, failure, Vec::new());
        let zeroed = self.b.i64(i64::from(zeroed));
        let block = self.b.bound(Ty::Ptr);
        self.b.push(Stmt::Support { row: SupportRow::Allocate, arguments: vec![bytes, zeroed], result: Some(block) });
        let null = self.b.null();
        let ok = self.b.compare(Compare::Ne, block, null);
        self.b.check(ok, failure, Vec::new());
        let at = self.b.i64(i64::try_from(DATA).unwrap_or_default());
        let field = arithmetic_offset(self, block, at);
        let data = self.b.load(Ty::Ptr, field, self.headers);
        let owner = self.b.cast(Cast::Bits, block, Ty::I64);
        self.hold(owner);
        let class = self.b.new_class();
        let strides = arithmetic::contiguous_strides(&mut self.b, shape, dtype.size());
        Buffer { data, strides, class, owner, lifetime: Lifetime::Scope, contiguous: true }
    }

    /// Makes the current scope hold one reference that exists already.
    pub fn hold(&mut self, owner: ValueId) {
        let guard = self.guard(owner);
        if let Some(scope) = self.scopes.last_mut() {
            scope.held.push(Held { owner, guard });
        }
    }

    /// Adds a reference to a block; nothing for memory of the caller.
    pub fn retain(&mut self, owner: ValueId) {
        self.if_block(owner, |this, block| {
            let (field, count) = this.references(block);
            let one = this.b.i64(1);
            let more = this.b.add(count, one);
            this.b.store(field, more, this.headers);
        });
    }

    /// Removes a reference and frees the block with the last one.
    pub fn release(&mut self, owner: ValueId) {
        self.if_block(owner, |this, block| {
            let (field, count) = this.references(block);
            let one = this.b.i64(1);
            let fewer = this.b.sub(count, one);
            this.b.store(field, fewer, this.headers);
            let zero = this.b.i64(0);
            let last = this.b.compare(Compare::Eq, fewer, zero);
            this.b.when(last, Likely::Unknown, |b| {
                b.support(SupportRow::Release, vec![block], None);
            });
        });
    }

    fn references(&mut self, block: ValueId) -> (ValueId, ValueId) {
        let at = self.b.i64(i64::try_from(REFERENCES).unwrap_or_default());
        let field = arithmetic_offset(self, block, at);
        let count = self.b.load(Ty::I64, field, self.headers);
        (field, count)
    }

    fn if_block(&mut self, owner: ValueId, write: impl FnOnce(&mut Self, ValueId)) {
        match self.b.inst(owner) {
            hypersonic_loops::Inst::Int(_) => {}
            // Made from an address by `allocate`: always a block.
            hypersonic_loops::Inst::Cast(Cast::Bits, block) => write(self, block),
            _ => {
                let one = self.b.i64(1);
                let bit = self.b.binary(Binary::And, owner, one);
                let zero = self.b.i64(0);
                let is_block = self.b.compare(Compare::Eq, bit, zero);
                self.b.open_block();
                let block = self.b.cast(Cast::Bits, owner, Ty::Ptr);
                write(self, block);
                let then = self.b.close_block();
                self.b.push(Stmt::If { condition: is_block, then, otherwise: Vec::new(), likely: Likely::Unknown });
            }
        }
    }

    /// Releases what the scopes from number `outermost` inwards hold, without ending them.
    pub fn release_from(&mut self, outermost: usize) {
        let held: Vec<Held> = self.scopes[outermost..].iter().rev().flat_map(|scope| scope.held.iter().rev().copied()).collect();
        held.into_iter().for_each(|held| self.give_up(held));
    }

    /// Releases what the current scope has come to hold since it held `mark` references.
    pub fn release_since(&mut self, mark: usize) {
        let held = self.scopes.last_mut().map(|scope| scope.held.split_off(mark)).unwrap_or_default();
        held.into_iter().rev().for_each(|held| self.give_up(held));
    }

    fn give_up(&mut self, held: Held) {
        self.release(held.owner);
        self.unguard(held.guard);
    }

    /// Sees to it that arrays in a value live as long as the current block of statements.
    pub fn keep(&mut self, value: &Value) {
        let mut owners = Vec::new();
        self.owners(value, &mut |owner, lifetime| {
            if lifetime == Lifetime::Variable {
                owners.push(owner);
            }
        });
        for owner in owners {
            self.retain(owner);
            self.hold(owner);
        }
    }

    /// The array in memory: as it is, or computed into a fresh one.
    pub fn in_memory(&mut self, node: NodeId) -> Outcome<(Vec<ValueId>, Buffer)> {
        let shape = self.graph.shape(node).to_vec();
        if let Some(buffer) = self.graph.buffer(node) {
            return Ok((shape, buffer.clone()));
        }
        let dtype = self.graph.dtype(node);
        let buffer = self.allocate(dtype, &shape, false);
        self.store_nest(&buffer, dtype, &shape, node)?;
        Ok((shape, buffer))
    }

    /// As [`Lowering::in_memory`], as a node.
    pub fn materialise(&mut self, node: NodeId) -> Outcome<NodeId> {
        if self.graph.buffer(node).is_some() {
            return Ok(node);
        }
        let dtype = self.graph.dtype(node);
        let (shape, buffer) = self.in_memory(node)?;
        Ok(self.buffer_node(dtype, shape, buffer))
    }
}

fn arithmetic_offset(lowering: &mut Lowering, block: ValueId, at: ValueId) -> ValueId {
    if lowering.b.as_int(at) == Some(0) { block } else { lowering.b.offset(block, at) }
}
