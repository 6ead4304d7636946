//! What is known of the variables at a place, how that joins where control joins, and what a condition says.

use super::known::Known;
use super::number::{apply, limits};
use crate::ir::{Block, Constant, Expr, ExprKind, StmtKind, VariableId};
use hypersonic_ops::{Dtype, ScalarOp as Op, Type};
use std::collections::{BTreeSet, HashMap};

/// What is known of the variables.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Their values; absent if nothing is known.
    pub facts: HashMap<VariableId, Known>,
    /// Variables that have the value of another one.
    pub copies: HashMap<VariableId, VariableId>,
}

impl State {
    /// Forgets what a variable was, for it is assigned.
    pub(super) fn forget(&mut self, variable: VariableId) {
        self.facts.remove(&variable);
        self.copies.remove(&variable);
        self.copies.retain(|_, source| *source != variable);
    }

    /// Forgets several.
    pub(super) fn forget_all(&mut self, variables: &BTreeSet<VariableId>) {
        self.facts.retain(|variable, _| !variables.contains(variable));
        self.copies.retain(|variable, source| !variables.contains(variable) && !variables.contains(source));
    }

    /// Notes the value of a variable.
    pub(super) fn learn(&mut self, variable: VariableId, known: Known) {
        if !known.is_any() {
            self.facts.insert(variable, known);
        }
    }

    /// What holds at a place where control comes from two sides.
    pub(super) fn join(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        let (mut a, mut b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (one, other) => return one.or(other),
        };
        a.copies.retain(|variable, source| b.copies.get(variable) == Some(source));
        let facts = std::mem::take(&mut a.facts);
        for (variable, known) in facts {
            if let Some(other) = b.facts.remove(&variable) {
                a.learn(variable, known.join(other));
            }
        }
        Some(a)
    }

    /// Takes in that a condition came out so.
    pub(super) fn assume(&mut self, test: &Expr, holds: bool) {
        match &test.kind {
            ExprKind::Variable(variable) if test.ty == Type::BOOL => self.learn(*variable, Known::constant(Constant::Bool(holds))),
            ExprKind::And(a, b) if holds => {
                self.assume(a, true);
                self.assume(b, true);
            }
            ExprKind::Or(a, b) if !holds => {
                self.assume(a, false);
                self.assume(b, false);
            }
            ExprKind::Map { op: Op::LogicalNot, operands, .. } => {
                if let [inner] = operands.as_slice() {
                    self.assume(inner, !holds);
                }
            }
            ExprKind::Map { op, loop_dtype, operands } => {
                let [a, b] = operands.as_slice() else { return };
                match (&a.kind, &b.kind) {
                    (ExprKind::Variable(variable), ExprKind::Constant(value)) => {
                        self.compared(*variable, &a.ty, *op, *loop_dtype, *value, holds);
                    }
                    (ExprKind::Constant(value), ExprKind::Variable(variable)) => {
                        if let Some(op) = op.mirrored() {
                            self.compared(*variable, &b.ty, op, *loop_dtype, *value, holds);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Takes in that `variable op value` came out so.
    fn compared(&mut self, variable: VariableId, ty: &Type, op: Op, loop_dtype: Dtype, value: Constant, holds: bool) {
        let known = self.facts.remove(&variable).unwrap_or(Known::Any);
        if let Known::Set(_) = known {
            let known =
                known.only(|one| apply(op, loop_dtype, &Type::BOOL, &[one, value]).is_none_or(|found| found == Constant::Bool(holds)));
            self.facts.insert(variable, known);
            return;
        }
        let whole = known.range().or_else(|| ty.dtype().and_then(limits));
        let narrowed = match (whole, value) {
            (Some(ends), Constant::Int(value)) if loop_dtype == Dtype::I64 && ty.dtype() == Some(Dtype::I64) => {
                narrow(ends, op, value, holds)
            }
            _ => None,
        };
        self.learn(variable, narrowed.map_or(known, |(low, high)| Known::Range(low, high)));
    }
}

fn narrow((low, high): (i64, i64), op: Op, value: i64, holds: bool) -> Option<(i64, i64)> {
    let (low, high) = match (op, holds) {
        (Op::Less, true) | (Op::GreaterEqual, false) => (low, high.min(value.checked_sub(1)?)),
        (Op::LessEqual, true) | (Op::Greater, false) => (low, high.min(value)),
        (Op::Greater, true) | (Op::LessEqual, false) => (low.max(value.checked_add(1)?), high),
        (Op::GreaterEqual, true) | (Op::Less, false) => (low.max(value), high),
        (Op::Equal, true) | (Op::NotEqual, false) => (low.max(value), high.min(value)),
        _ => return None,
    };
    (low <= high).then_some((low, high))
}

/// The variables that a statement may assign.
pub(super) fn assigned_by(kind: &StmtKind) -> BTreeSet<VariableId> {
    let mut found = BTreeSet::new();
    collect_of(kind, &mut found);
    found
}

fn collect(block: &Block, found: &mut BTreeSet<VariableId>) {
    block.iter().for_each(|stmt| collect_of(&stmt.kind, found));
}

fn collect_of(kind: &StmtKind, found: &mut BTreeSet<VariableId>) {
    if let StmtKind::Assign(variable, _) | StmtKind::ForRange { variable, .. } = kind {
        found.insert(*variable);
    }
    blocks(kind).into_iter().for_each(|inner| collect(inner, found));
}

/// The blocks in a statement.
pub(crate) fn blocks(kind: &StmtKind) -> Vec<&Block> {
    match kind {
        StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
        StmtKind::While { body, orelse, .. } | StmtKind::ForRange { body, orelse, .. } => vec![body, orelse],
        StmtKind::Unrolled { iterations, orelse } => iterations.iter().chain([orelse]).collect(),
        StmtKind::Try { body, handlers, orelse, exits, .. } => {
            [body].into_iter().chain(handlers.iter().map(|handler| &handler.body)).chain([orelse]).chain(exits).collect()
        }
        _ => Vec::new(),
    }
}

/// Those blocks, to be changed.
pub(crate) fn blocks_mut(kind: &mut StmtKind) -> Vec<&mut Block> {
    match kind {
        StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
        StmtKind::While { body, orelse, .. } | StmtKind::ForRange { body, orelse, .. } => vec![body, orelse],
        StmtKind::Unrolled { iterations, orelse } => iterations.iter_mut().chain([orelse]).collect(),
        StmtKind::Try { body, handlers, orelse, exits, .. } => {
            [body].into_iter().chain(handlers.iter_mut().map(|handler| &mut handler.body)).chain([orelse]).chain(exits).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a block has a `break` or `continue` of the loop that it is the body of.
pub(crate) fn jumps(block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => true,
        StmtKind::While { orelse, .. } | StmtKind::ForRange { orelse, .. } | StmtKind::Unrolled { orelse, .. } => jumps(orelse),
        other => blocks(other).into_iter().any(jumps),
    })
}
