//! What is seen to differ between iterations of a loop: what follows from its variable, by values or by the conditions around. A loop inside whose range
//! is the same each time runs through the same places. What is not seen here keeps a loop on one thread.

use crate::ir::{Block, Expr, ExprKind, Index, StmtKind, VariableId};
use crate::parallel::live::{self, Set};
use crate::parallel::reduction::each;
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_ops::Type;

/// What differs.
pub(super) struct Taint {
    /// Variables whose values do.
    values: Set,
    /// Arrays and lists in which elements do.
    memory: Set,
}

impl Taint {
    /// Of a body that sets `assigned`; `ty` gives the type of a variable.
    pub(super) fn of<'t>(body: &Block, index: VariableId, assigned: &Set, ty: &dyn Fn(VariableId) -> &'t Type) -> Self {
        let holds = |variable: &VariableId| ty(*variable).any(|part| matches!(part, Type::Array(..)) || part.is_object());
        let mut memory: Set = assigned.iter().copied().filter(holds).collect();
        each(body, &mut |stmt| match &stmt.kind {
            StmtKind::SetItem { array, .. } | StmtKind::UpdateItem { array, .. } => live::reads(array, &mut memory),
            StmtKind::Expr(value) => changed(value, &mut memory),
            _ => {}
        });
        let mut taint = Self { values: Set::from([index]), memory };
        loop {
            let before = taint.values.len();
            taint.block(body, false);
            if taint.values.len() == before {
                return taint;
            }
        }
    }

    fn block(&mut self, block: &Block, within: bool) {
        for stmt in block {
            let mut within = within;
            match &stmt.kind {
                StmtKind::Assign(variable, value) if within || self.differs(value) => {
                    self.values.insert(*variable);
                }
                StmtKind::If { test, .. } | StmtKind::While { test, .. } => within |= self.differs(test),
                StmtKind::ForRange { variable, start, stop, step, .. } => {
                    within |= [start, stop, step].into_iter().any(|bound| self.differs(bound));
                    if within {
                        self.values.insert(*variable);
                    }
                }
                _ => {}
            }
            for inner in crate::passes::inner_blocks(&stmt.kind) {
                self.block(inner, within);
            }
        }
    }

    /// Whether an expression has another value in another iteration, perhaps.
    pub(super) fn differs(&self, expr: &Expr) -> bool {
        let mut found = match &expr.kind {
            ExprKind::Variable(variable) => self.values.contains(variable),
            ExprKind::Index(array, _) | ExprKind::Reduce { array, .. } => self.is_changed(array),
            ExprKind::PythonRandom | ExprKind::Object(Op::Ask | Op::Call, _) => true,
            ExprKind::Call(_, operands) | ExprKind::Object(_, operands) => operands.iter().any(|operand| self.is_changed(operand)),
            _ => false,
        };
        walk::parts(expr, &mut |part| found = found || self.differs(part));
        found
    }

    /// Whether a place does.
    pub(super) fn any_differs(&self, index: &[Index]) -> bool {
        index.iter().any(|each| match each {
            Index::Integer(value) | Index::Mask(value) | Index::Array(value) => self.differs(value),
            Index::Slice(lower, upper, step) => [lower, upper, step].into_iter().flatten().any(|bound| self.differs(bound)),
            Index::NewAxis => false,
        })
    }

    fn is_changed(&self, array: &Expr) -> bool {
        let mut read = Set::new();
        live::reads(array, &mut read);
        !read.is_disjoint(&self.memory)
    }
}

/// The containers that an expression changes.
fn changed(expr: &Expr, found: &mut Set) {
    if let ExprKind::Object(op, operands) = &expr.kind
        && !matches!(op, Op::GetItem)
        && let Some(first) = operands.first()
    {
        live::reads(first, found);
    }
    walk::parts(expr, &mut |part| changed(part, found));
}
