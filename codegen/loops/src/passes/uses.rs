//! What a piece of loop IR uses and defines: the questions that several passes ask.

use crate::ir::{Block, Function, Inst, Stmt, ValueId, VariableId};
use std::collections::BTreeSet;

/// Visits every statement of a block and of the blocks in it.
pub fn each_stmt<'b>(block: &'b [Stmt], visit: &mut impl FnMut(&'b Stmt)) {
    for stmt in block {
        visit(stmt);
        match stmt {
            Stmt::If { then, otherwise, .. } => {
                each_stmt(then, visit);
                each_stmt(otherwise, visit);
            }
            Stmt::For { body, .. } | Stmt::Loop { body } => each_stmt(body, visit),
            Stmt::Nest(nest) => each_stmt(&nest.body, visit),
            _ => {}
        }
    }
}

/// As [`each_stmt`], to change them; a statement is visited before those in it.
pub fn each_stmt_mut(block: &mut Block, visit: &mut impl FnMut(&mut Stmt)) {
    for stmt in block {
        visit(stmt);
        match stmt {
            Stmt::If { then, otherwise, .. } => {
                each_stmt_mut(then, visit);
                each_stmt_mut(otherwise, visit);
            }
            Stmt::For { body, .. } | Stmt::Loop { body } => each_stmt_mut(body, visit),
            Stmt::Nest(nest) => each_stmt_mut(&mut nest.body, visit),
            _ => {}
        }
    }
}

/// The operands of an instruction.
#[must_use]
pub fn operands(inst: &Inst) -> Vec<ValueId> {
    match *inst {
        Inst::Int(_)
        | Inst::FloatBits(_)
        | Inst::Null
        | Inst::Parameter(_)
        | Inst::Bound
        | Inst::Read(_)
        | Inst::StackSlot(_)
        | Inst::FrameAddress => Vec::new(),
        Inst::Unary(_, x) | Inst::Cast(_, x) | Inst::Load(x, _) | Inst::Table(_, x) => vec![x],
        Inst::Binary(_, x, y) | Inst::Compare(_, x, y) | Inst::Overflows(_, x, y) | Inst::Offset(x, y) => vec![x, y],
        Inst::Select(x, y, z) => vec![x, y, z],
        Inst::Rare(_, [x, y, z], otherwise) => vec![x, y, z, otherwise],
    }
}

/// Changes the operands of an instruction.
pub fn map_operands(inst: &mut Inst, map: &mut impl FnMut(ValueId) -> ValueId) {
    match inst {
        Inst::Int(_)
        | Inst::FloatBits(_)
        | Inst::Null
        | Inst::Parameter(_)
        | Inst::Bound
        | Inst::Read(_)
        | Inst::StackSlot(_)
        | Inst::FrameAddress => {}
        Inst::Unary(_, x) | Inst::Cast(_, x) | Inst::Load(x, _) | Inst::Table(_, x) => *x = map(*x),
        Inst::Binary(_, x, y) | Inst::Compare(_, x, y) | Inst::Overflows(_, x, y) | Inst::Offset(x, y) => {
            *x = map(*x);
            *y = map(*y);
        }
        Inst::Select(x, y, z) => {
            *x = map(*x);
            *y = map(*y);
            *z = map(*z);
        }
        Inst::Rare(_, arguments, otherwise) => {
            for argument in arguments {
                *argument = map(*argument);
            }
            *otherwise = map(*otherwise);
        }
    }
}

/// The values that a statement itself uses (not those in its blocks, nor the operands of the value it lets).
#[must_use]
pub fn direct(stmt: &Stmt) -> Vec<ValueId> {
    match stmt {
        Stmt::Let(_) | Stmt::Loop { .. } | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Caught { .. } | Stmt::Leave => Vec::new(),
        Stmt::Set(_, value) | Stmt::SaveRecord(value) | Stmt::RestoreRecord(value) => vec![*value],
        Stmt::Store { address, value, .. } => vec![*address, *value],
        Stmt::If { condition, .. } => vec![*condition],
        Stmt::For { count, .. } => vec![*count],
        Stmt::Nest(nest) => nest.extents.clone(),
        Stmt::Call { arguments, .. } | Stmt::Support { arguments, .. } => arguments.clone(),
        Stmt::Parallel { chunks, threads, arguments, .. } => [*chunks, *threads].into_iter().chain(arguments.iter().copied()).collect(),
        Stmt::Launch { count, parameters, .. } => std::iter::once(*count).chain(parameters.iter().copied()).collect(),
        Stmt::Check { ok, values, .. } => std::iter::once(*ok).chain(values.iter().copied()).collect(),
        Stmt::Fail { values, .. } | Stmt::Record { values, .. } | Stmt::Return(values) => values.clone(),
    }
}

/// What a block uses and defines, blocks in it included.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Values that it uses.
    pub used: BTreeSet<ValueId>,
    /// Values that it defines or binds.
    pub defined: BTreeSet<ValueId>,
    /// Variables that it reads.
    pub read: BTreeSet<VariableId>,
    /// Variables that it sets.
    pub set: BTreeSet<VariableId>,
}

impl Uses {
    /// Looks at a block.
    #[must_use]
    pub fn of(function: &Function, block: &Block) -> Self {
        let mut uses = Self::default();
        each_stmt(block, &mut |stmt| {
            uses.used.extend(direct(stmt));
            match stmt {
                Stmt::Let(id) => {
                    let inst = &function.values[id.index()].inst;
                    uses.used.extend(operands(inst));
                    uses.defined.insert(*id);
                    if let Inst::Read(variable) = inst {
                        uses.read.insert(*variable);
                    }
                }
                Stmt::Set(variable, _) => {
                    uses.set.insert(*variable);
                }
                Stmt::For { index, .. } => {
                    uses.defined.insert(*index);
                }
                Stmt::Nest(nest) => uses.defined.extend(&nest.indices),
                Stmt::Call { results, .. } => uses.defined.extend(results),
                Stmt::Support { result, .. } => uses.defined.extend(result),
                Stmt::Caught { result, .. } => {
                    uses.defined.insert(*result);
                }
                _ => {}
            }
        });
        uses
    }
}
