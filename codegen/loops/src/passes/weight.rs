//! How much a loop computes per iteration: whether it waits for arithmetic, and gains from what makes that faster, or for memory.

use super::uses;
use crate::ir::{Block, Function, Inst, Module, Stmt, Ty};

/// Floating point results in a loop's body from which on arithmetic is what the loop waits for.
const HEAVY: usize = 40;

/// Whether a loop with that body waits for arithmetic.
#[must_use]
pub fn heavy(function: &Function, body: &Block) -> bool {
    let mut count = 0;
    uses::each_stmt(body, &mut |stmt| {
        if let Stmt::Let(id) = stmt {
            let value = &function.values[id.index()];
            count += usize::from(matches!(value.ty, Ty::F32 | Ty::F64) && !matches!(value.inst, Inst::Load(..)));
        }
    });
    count > HEAVY
}

/// Whether some innermost loop of a module does, or may do so in what it calls.
#[must_use]
pub fn holds_heavy_loops(module: &Module) -> bool {
    let mut found = false;
    for function in &module.functions {
        uses::each_stmt(&function.body, &mut |stmt| match stmt {
            Stmt::Nest(nest) => found |= heavy(function, &nest.body),
            Stmt::For { body, .. } | Stmt::Loop { body } => found |= !holds_loops(body) && heavy(function, body),
            Stmt::Call { .. } | Stmt::Parallel { .. } => found = true,
            _ => {}
        });
    }
    found
}

fn holds_loops(block: &Block) -> bool {
    let mut found = false;
    uses::each_stmt(block, &mut |stmt| found |= matches!(stmt, Stmt::For { .. } | Stmt::Loop { .. } | Stmt::Nest(_)));
    found
}
