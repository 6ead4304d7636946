//! Loop versioning: checks leave the loops in which they always hold.
//!
//! A counted loop whose checks hold in all iterations if some obligations hold before it (see [`range`]) is written
//! twice: `if obligations { the loop without those checks } else { the loop as it was }`. The fast one has no exits for
//! failures, so the back end can vectorise it. Strides that are 0 or a constant, as in `if extent == 1 { 0 } else { 8 }`,
//! are that constant in the fast one, which adds that to what must hold. The slow one computes the same and fails as
//! before. A failing check never moves: the slow loop reaches it where the original did.

use super::Pass;
use super::copy::{self, Rewrite};
use super::guard::Guard;
use super::range::{Proof, Region};
use super::uses::{self, Uses};
use crate::ir::{Binary, Block, Function, Inst, Likely, Module, Stmt, Ty, ValueId};
use std::collections::{BTreeMap, BTreeSet};

/// The pass.
pub const PASS: Pass = Pass {
    name: "version",
    why: "Bounds and overflow checks in a loop's body keep it from being vectorised.",
    run: |module: &mut Module| module.functions.iter_mut().for_each(run),
};

/// Statements of a region that is written twice, at most.
const REGION_LIMIT: usize = 800;
/// Statements that a function may grow by.
const GROWTH_LIMIT: usize = 4000;
/// Obligations of a region, at most: each costs a few instructions before it.
const OBLIGATION_LIMIT: usize = 48;

fn run(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let mut growth = 0;
    block(function, &mut body, &mut growth);
    function.body = body;
}

fn block(function: &mut Function, stmts: &mut Block, growth: &mut usize) {
    let mut rewritten = Block::with_capacity(stmts.len());
    for mut stmt in std::mem::take(stmts) {
        match &mut stmt {
            Stmt::For { .. } => {
                counted(function, stmt, growth, &mut rewritten);
                continue;
            }
            Stmt::If { then, otherwise, .. } => {
                block(function, then, growth);
                block(function, otherwise, growth);
            }
            Stmt::Loop { body } => block(function, body, growth),
            _ => {}
        }
        rewritten.push(stmt);
    }
    *stmts = rewritten;
}

fn counted(function: &mut Function, mut stmt: Stmt, growth: &mut usize, out: &mut Block) {
    let found = provable(function, &stmt, *growth);
    let Some((proofs, size)) = found else {
        inner(function, &mut stmt, growth);
        out.push(stmt);
        return;
    };
    *growth += size;
    let defined = Uses::of(function, &vec![stmt.clone()]).defined;
    let mut guard = Guard::new(function, defined);
    for proof in &proofs.proofs {
        proof.obligations.iter().for_each(|obligation| guard.oblige(obligation));
    }
    let strides = proofs.strides.iter().map(|stride| (stride.value, nonzero(&mut guard, stride))).collect();
    let (mut before, all) = guard.finish();
    let mut fast = copy::block(function, &vec![stmt.clone()], strides, &mut |stmt| match stmt {
        Stmt::Check { ok, .. } if proofs.redundant.contains(ok) => Rewrite::Drop,
        Stmt::Let(id) => proofs.assumed.get(id).map_or(Rewrite::Keep, |known| Rewrite::Let(Inst::Int(i64::from(*known)))),
        _ => Rewrite::Keep,
    });
    if let Some(Stmt::For { body, .. }) = fast.first_mut() {
        block(function, body, growth);
    }
    out.append(&mut before);
    match all {
        // Nothing is left to be asked: the checks never fail.
        None => out.append(&mut fast),
        // Loops in the slow one stay: what it is for ends in a failure, nearly always.
        Some(condition) => out.push(Stmt::If { condition, then: fast, otherwise: vec![stmt], likely: Likely::Then }),
    }
}

/// Asks that a stride is not 0, and gives what it then is.
fn nonzero(guard: &mut Guard, stride: &Stride) -> ValueId {
    let truth = guard.not(stride.condition);
    guard.and(truth);
    guard.emit(Ty::I64, Inst::Int(stride.bytes))
}

/// Looks at the loops in a loop.
fn inner(function: &mut Function, stmt: &mut Stmt, growth: &mut usize) {
    if let Stmt::For { body, .. } = stmt {
        block(function, body, growth);
    }
}

/// What was proved of a region.
struct Proofs {
    proofs: Vec<Proof>,
    /// Truth values whose checks are redundant.
    redundant: BTreeSet<ValueId>,
    assumed: BTreeMap<ValueId, bool>,
    strides: Vec<Stride>,
}

/// A stride that is 0 if a condition holds and constant otherwise, both known before the region.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stride {
    value: ValueId,
    condition: ValueId,
    bytes: i64,
}

/// The strides of this kind that a region multiplies with.
fn strides(region: &Region, stmts: &[Stmt]) -> Vec<Stride> {
    let mut found = Vec::new();
    let inst = |id: ValueId| region.function.values[id.index()].inst;
    uses::each_stmt(stmts, &mut |stmt| {
        let Stmt::Let(id) = stmt else { return };
        let Inst::Binary(Binary::Mul | Binary::MulExact, x, y) = inst(*id) else { return };
        for value in [x, y] {
            if region.defined.contains(&value) {
                continue;
            }
            if let Inst::Select(condition, zero, other) = inst(value)
                && let (Inst::Int(0), Inst::Int(bytes)) = (inst(zero), inst(other))
            {
                let stride = Stride { value, condition, bytes };
                if !found.contains(&stride) {
                    found.push(stride);
                }
            }
        }
    });
    found
}

fn provable(function: &Function, stmt: &Stmt, growth: usize) -> Option<(Proofs, usize)> {
    let region = std::slice::from_ref(stmt);
    let (mut size, mut nests, mut loops, mut checks) = (0, false, Vec::new(), Vec::new());
    uses::each_stmt(region, &mut |stmt| {
        size += 1;
        match stmt {
            Stmt::Nest(_) => nests = true,
            Stmt::For { index, count, .. } => loops.push((*index, *count)),
            Stmt::Check { ok, .. } => checks.push(*ok),
            _ => {}
        }
    });
    if nests || size > REGION_LIMIT || growth + size > GROWTH_LIMIT {
        return None;
    }
    let Uses { defined, set, .. } = Uses::of(function, &vec![stmt.clone()]);
    let body = region;
    let region = Region { function, loops, defined, set };
    let strides = strides(&region, body);
    let mut found = Proofs { proofs: Vec::new(), redundant: BTreeSet::new(), assumed: BTreeMap::new(), strides };
    let mut obligations = 0;
    for ok in checks {
        if found.redundant.contains(&ok) {
            continue;
        }
        let Some(proof) = region.prove(ok) else { continue };
        let contradicts = proof.assumed.iter().any(|(id, known)| found.assumed.get(id).is_some_and(|other| other != known));
        if contradicts || obligations + proof.obligations.len() > OBLIGATION_LIMIT {
            continue;
        }
        obligations += proof.obligations.len();
        found.redundant.insert(ok);
        found.assumed.extend(&proof.assumed);
        found.proofs.push(proof);
    }
    (!found.proofs.is_empty() || !found.strides.is_empty()).then_some((found, size))
}
