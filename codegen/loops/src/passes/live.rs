//! Which variables may still be read: the usual backward analysis, on structured code.

use crate::ir::{Block, Function, Inst, Stmt, ValueId, VariableId};
use std::collections::{BTreeSet, HashMap};

/// Variables.
pub type Variables = BTreeSet<VariableId>;

/// What may still be read behind each counted loop, by its index.
#[must_use]
pub fn behind_loops(function: &Function) -> HashMap<ValueId, Variables> {
    let mut analysis = Analysis { function, around: Vec::new(), behind: HashMap::new() };
    analysis.block(&function.body, Variables::new());
    analysis.behind
}

/// What a block may read before it sets it. Loops around it go on with nothing.
#[must_use]
pub fn exposed(function: &Function, block: &Block) -> Variables {
    Analysis { function, around: Vec::new(), behind: HashMap::new() }.block(block, Variables::new())
}

struct Analysis<'f> {
    function: &'f Function,
    /// What is live where a loop is left, and where its next iteration begins; innermost last.
    around: Vec<(Variables, Variables)>,
    behind: HashMap<ValueId, Variables>,
}

impl Analysis<'_> {
    /// What is live before a block, from what is live behind it.
    fn block(&mut self, block: &Block, mut live: Variables) -> Variables {
        for stmt in block.iter().rev() {
            live = self.stmt(stmt, live);
        }
        live
    }

    fn stmt(&mut self, stmt: &Stmt, mut live: Variables) -> Variables {
        match stmt {
            Stmt::Let(id) => {
                if let Inst::Read(variable) = self.function.values[id.index()].inst {
                    live.insert(variable);
                }
            }
            Stmt::Set(variable, _) => {
                live.remove(variable);
            }
            Stmt::If { then, otherwise, .. } => {
                let other = self.block(otherwise, live.clone());
                live = self.block(then, live);
                live.extend(other);
            }
            Stmt::For { index, body, .. } => {
                self.behind.insert(*index, live.clone());
                // It may be left before the first iteration.
                let exit = live.clone();
                live = self.repeat(body, live);
                live.extend(exit);
            }
            Stmt::Loop { body } => live = self.repeat(body, live),
            Stmt::Break(depth) => live = self.target(*depth).map(|(left, _)| left.clone()).unwrap_or_default(),
            Stmt::Continue(depth) => live = self.target(*depth).map(|(_, next)| next.clone()).unwrap_or_default(),
            Stmt::Nest(nest) => {
                let body = self.block(&nest.body, Variables::new());
                live.extend(body);
            }
            Stmt::Fail { .. } | Stmt::Leave | Stmt::Return(_) => live.clear(),
            Stmt::Call { caught: Some(depth), .. } => {
                let left = self.target(*depth).map(|(left, _)| left.clone());
                live.extend(left.unwrap_or_default());
            }
            Stmt::Store { .. }
            | Stmt::Call { .. }
            | Stmt::Parallel { .. }
            | Stmt::Record { .. }
            | Stmt::Caught { .. }
            | Stmt::SaveRecord(_)
            | Stmt::RestoreRecord(_)
            | Stmt::Support { .. }
            | Stmt::Launch { .. }
            | Stmt::Check { .. } => {}
        }
        live
    }

    fn target(&self, depth: u32) -> Option<&(Variables, Variables)> {
        let depth = usize::try_from(depth).ok()?;
        self.around.len().checked_sub(depth + 1).and_then(|at| self.around.get(at))
    }

    /// What is live at the beginning of a loop's body that is left to `exit`.
    fn repeat(&mut self, body: &Block, exit: Variables) -> Variables {
        let mut start = exit.clone();
        loop {
            self.around.push((exit.clone(), start.clone()));
            let mut before = self.block(body, start.clone());
            self.around.pop();
            before.extend(start.iter().copied());
            if before == start {
                return start;
            }
            start = before;
        }
    }
}
