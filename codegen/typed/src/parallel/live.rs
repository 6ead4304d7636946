//! Which variables may still be read: the usual backward analysis, on structured code. In the body of a `try` all that its other parts read counts.

use crate::ir::{Block, Expr, ExprKind, MessagePart, Stmt, StmtKind, VariableId};
use crate::walk;
use hypersonic_diagnostics::Span;
use std::collections::{BTreeSet, HashMap};

/// Variables.
pub(super) type Set = BTreeSet<VariableId>;

/// The variables that an expression reads.
pub(super) fn reads(expr: &Expr, found: &mut Set) {
    if let ExprKind::Variable(variable) = expr.kind {
        found.insert(variable);
    }
    walk::parts(expr, &mut |part| reads(part, found));
}

/// The variables that a block reads anywhere.
pub(super) fn reads_of(block: &Block, found: &mut Set) {
    walk::expressions(block, &mut |expr| reads(expr, found));
}

/// What may be read behind each loop of a function that counts, by its place: where it has come to its end, before its `else`.
pub(super) fn behind_loops(body: &Block) -> HashMap<Span, Set> {
    let mut analysis = Analysis::default();
    analysis.block(body, Set::new());
    analysis.behind
}

/// What the body of a loop may read before it has set it.
pub(super) fn exposed(body: &Block, variable: VariableId) -> Set {
    let mut analysis = Analysis { around: vec![(Set::new(), Set::new())], ..Analysis::default() };
    let mut exposed = analysis.block(body, Set::new());
    exposed.remove(&variable);
    exposed
}

#[derive(Default)]
struct Analysis {
    /// What is read behind a `break` and behind a `continue` of the loops around.
    around: Vec<(Set, Set)>,
    /// What may be read wherever a `try` around is left.
    always: Set,
    behind: HashMap<Span, Set>,
}

impl Analysis {
    fn block(&mut self, block: &Block, mut live: Set) -> Set {
        for stmt in block.iter().rev() {
            live = self.stmt(stmt, live);
        }
        live
    }

    fn stmt(&mut self, stmt: &Stmt, mut live: Set) -> Set {
        match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                if !self.always.contains(variable) {
                    live.remove(variable);
                }
                reads(value, &mut live);
            }
            StmtKind::If { test, then, otherwise } => {
                let other = self.block(otherwise, live.clone());
                live = self.block(then, live);
                live.extend(other);
                reads(test, &mut live);
            }
            StmtKind::While { test, body, orelse } => {
                let mut exit = self.block(orelse, live.clone());
                reads(test, &mut exit);
                live = self.repeat(body, None, &live, exit);
            }
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                let exit = self.block(orelse, live.clone());
                self.behind.entry(stmt.span).or_default().extend(&exit);
                live = self.repeat(body, Some(*variable), &live, exit);
                [start, stop, step].into_iter().for_each(|bound| reads(bound, &mut live));
            }
            StmtKind::Unrolled { iterations, orelse } => {
                let left = live.clone();
                live = self.block(orelse, live);
                for iteration in iterations.iter().rev() {
                    self.around.push((left.clone(), live.clone()));
                    live = self.block(iteration, live);
                    self.around.pop();
                }
            }
            StmtKind::Try { body, handlers, orelse, exits, .. } => {
                let always = self.always.clone();
                let mut others = live.clone();
                let parts = handlers.iter().map(|handler| &handler.body).chain([orelse]).chain(exits);
                parts.for_each(|block| reads_of(block, &mut others));
                self.always.extend(&others);
                live = [orelse, body].into_iter().fold(others, |live, block| self.block(block, live));
                for block in handlers.iter().map(|handler| &handler.body).chain(exits) {
                    let more = self.block(block, live.clone());
                    live.extend(more);
                }
                self.always = always;
            }
            StmtKind::Break => live = self.around.last().map(|(left, _)| left.clone()).unwrap_or_default(),
            StmtKind::Continue => live = self.around.last().map(|(_, next)| next.clone()).unwrap_or_default(),
            StmtKind::Return(value) => {
                live = self.always.clone();
                reads(value, &mut live);
            }
            StmtKind::Raise { message, .. } => {
                live = self.always.clone();
                for part in message {
                    if let MessagePart::Value(value, _) = part {
                        reads(value, &mut live);
                    }
                }
            }
            StmtKind::Reraise(_) | StmtKind::Exit(..) => live = self.always.clone(),
            StmtKind::SetAttribute(_, value) | StmtKind::Expr(value) => reads(value, &mut live),
            StmtKind::SetItem { .. } | StmtKind::UpdateItem { .. } | StmtKind::Parallel { .. } => reads_of(&vec![stmt.clone()], &mut live),
        }
        live
    }

    /// What is live before a loop that is left to `left` by `break`, and to `exit` at its head.
    fn repeat(&mut self, body: &Block, variable: Option<VariableId>, left: &Set, exit: Set) -> Set {
        let mut head = exit;
        loop {
            self.around.push((left.clone(), head.clone()));
            let mut before = self.block(body, head.clone());
            self.around.pop();
            if let Some(variable) = variable {
                before.remove(&variable);
            }
            if before.is_subset(&head) {
                return head;
            }
            head.append(&mut before);
        }
    }
}
