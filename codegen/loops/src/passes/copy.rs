//! Copies blocks with values of their own: every value that the block defines gets a new id in the copy.

use super::uses;
use crate::ir::{Block, Function, Inst, Stmt, Value, ValueId};
use std::collections::HashMap;

/// A copy of `block`, in which values of before it are replaced by `others`. `rewrite` sees each statement first, with the ids of the original, and may change the
/// instruction that a `Let` evaluates in the copy, or leave the statement out.
pub fn block(
    function: &mut Function,
    block: &Block,
    others: HashMap<ValueId, ValueId>,
    rewrite: &mut dyn FnMut(&Stmt) -> Rewrite,
) -> Block {
    Copier { function, ids: others, rewrite }.block(block)
}

/// What becomes of a statement in the copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rewrite {
    /// The same.
    Keep,
    /// Nothing.
    Drop,
    /// A `Let` of this instruction.
    Let(Inst),
}

struct Copier<'c> {
    function: &'c mut Function,
    ids: HashMap<ValueId, ValueId>,
    rewrite: &'c mut dyn FnMut(&Stmt) -> Rewrite,
}

impl Copier<'_> {
    fn used(&self, id: ValueId) -> ValueId {
        self.ids.get(&id).copied().unwrap_or(id)
    }

    fn all_used(&self, ids: &[ValueId]) -> Vec<ValueId> {
        ids.iter().map(|id| self.used(*id)).collect()
    }

    fn defined(&mut self, id: ValueId, inst: Inst) -> ValueId {
        let ty = self.function.values[id.index()].ty;
        let new = ValueId(u32::try_from(self.function.values.len()).unwrap_or(u32::MAX));
        self.function.values.push(Value { ty, inst });
        self.ids.insert(id, new);
        new
    }

    fn bound(&mut self, id: ValueId) -> ValueId {
        self.defined(id, Inst::Bound)
    }

    fn block(&mut self, block: &Block) -> Block {
        let mut copy = Block::with_capacity(block.len());
        for stmt in block {
            match (self.rewrite)(stmt) {
                Rewrite::Drop => {}
                Rewrite::Keep => copy.push(self.stmt(stmt, None)),
                Rewrite::Let(inst) => copy.push(self.stmt(stmt, Some(inst))),
            }
        }
        copy
    }

    fn stmt(&mut self, stmt: &Stmt, inst: Option<Inst>) -> Stmt {
        match stmt {
            Stmt::Let(id) => {
                let mut inst = inst.unwrap_or(self.function.values[id.index()].inst);
                uses::map_operands(&mut inst, &mut |operand| self.used(operand));
                Stmt::Let(self.defined(*id, inst))
            }
            Stmt::Set(variable, value) => Stmt::Set(*variable, self.used(*value)),
            Stmt::Store { address, value, class } => Stmt::Store { address: self.used(*address), value: self.used(*value), class: *class },
            Stmt::If { condition, then, otherwise, likely } => {
                let condition = self.used(*condition);
                Stmt::If { condition, then: self.block(then), otherwise: self.block(otherwise), likely: *likely }
            }
            Stmt::For { index, count, order, body } => {
                let count = self.used(*count);
                let index = self.bound(*index);
                Stmt::For { index, count, order: *order, body: self.block(body) }
            }
            Stmt::Loop { body } => Stmt::Loop { body: self.block(body) },
            Stmt::Break(depth) => Stmt::Break(*depth),
            Stmt::Continue(depth) => Stmt::Continue(*depth),
            Stmt::Nest(nest) => {
                let mut nest = nest.clone();
                nest.extents = self.all_used(&nest.extents);
                nest.indices = nest.indices.iter().map(|index| self.bound(*index)).collect();
                nest.body = self.block(&nest.body);
                Stmt::Nest(nest)
            }
            Stmt::Call { function, arguments, results, caught } => {
                let arguments = self.all_used(arguments);
                let results = results.iter().map(|result| self.bound(*result)).collect();
                Stmt::Call { function: *function, arguments, results, caught: *caught }
            }
            Stmt::Parallel { function, chunks, threads, arguments } => Stmt::Parallel {
                function: *function,
                chunks: self.used(*chunks),
                threads: self.used(*threads),
                arguments: self.all_used(arguments),
            },
            Stmt::Record { failure, values } => Stmt::Record { failure: *failure, values: self.all_used(values) },
            Stmt::Caught { classes, result } => Stmt::Caught { classes: classes.clone(), result: self.bound(*result) },
            Stmt::SaveRecord(place) => Stmt::SaveRecord(self.used(*place)),
            Stmt::RestoreRecord(place) => Stmt::RestoreRecord(self.used(*place)),
            Stmt::Leave => Stmt::Leave,
            Stmt::Support { row, arguments, result } => {
                let arguments = self.all_used(arguments);
                Stmt::Support { row: *row, arguments, result: result.map(|result| self.bound(result)) }
            }
            Stmt::Launch { kernel, count, parameters, failure } => {
                Stmt::Launch { kernel: *kernel, count: self.used(*count), parameters: self.all_used(parameters), failure: *failure }
            }
            Stmt::Check { ok, failure, values } => Stmt::Check { ok: self.used(*ok), failure: *failure, values: self.all_used(values) },
            Stmt::Fail { failure, values } => Stmt::Fail { failure: *failure, values: self.all_used(values) },
            Stmt::Return(values) => Stmt::Return(self.all_used(values)),
        }
    }
}
