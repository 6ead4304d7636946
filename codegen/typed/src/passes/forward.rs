//! Temporaries that are read once are written where they are read: `.1 = f(x); return .1` becomes `return f(x)`, and
//! `.1 = a * b; .1 = .1 + c` one assignment.
//!
//! Names that the user gave stay. A value that may fail, or asks memory, moves only to the next statement, where it is all that is
//! evaluated; other scalars move as long as nothing that they are made of is assigned.

use super::Pass;
use super::state::{assigned_by, blocks, blocks_mut};
use super::total::{asks_no_memory, is_total, weight};
use crate::ir::{Block, Expr, ExprKind, Function, Stmt, StmtKind, Unit, VariableId};
use crate::walk;
use hypersonic_ops::Type;
use std::collections::HashMap;

/// The pass.
pub const PASS: Pass = Pass { name: "forward", why: "fewer names stand between a reader and what is computed", run };

/// Most statements that a value moves over.
const FAR: usize = 64;
/// Largest expression that grows by it.
const LARGE: usize = 80;

fn run(unit: &mut Unit) {
    for function in &mut unit.functions {
        let temporaries = Temporaries::of(function);
        temporaries.block(&mut function.body);
    }
}

/// How often temporaries are read and assigned.
struct Temporaries {
    /// By variable: reads and assignments; nothing of names that the user gave, and of parameters.
    counts: Vec<Option<(u32, u32)>>,
    /// Whether an exception may lead to other places that read them.
    attempts: bool,
}

impl Temporaries {
    fn of(function: &Function) -> Self {
        let mut counts: HashMap<VariableId, (u32, u32)> = HashMap::new();
        walk::expressions(&function.body, &mut |expr| count(expr, &mut counts));
        writes(&function.body, &mut counts);
        let own = |n: u32, name: &str| {
            let id = VariableId(n);
            let temporary = name.starts_with('.') && !function.parameters.contains(&id);
            temporary.then(|| counts.get(&id).copied().unwrap_or_default())
        };
        let counts = function.variables.iter().zip(0..).map(|(variable, n)| own(n, &variable.name)).collect();
        Self { counts, attempts: attempts(&function.body) }
    }

    fn count(&self, variable: VariableId) -> Option<(u32, u32)> {
        self.counts.get(variable.0 as usize).copied().flatten()
    }

    fn block(&self, block: &mut Block) {
        block.iter_mut().flat_map(|stmt| blocks_mut(&mut stmt.kind)).for_each(|inner| self.block(inner));
        let mut slots: Vec<Option<Stmt>> = std::mem::take(block).into_iter().map(Some).collect();
        for at in 0..slots.len() {
            let Some(Some(Stmt { kind: StmtKind::Assign(variable, value), .. })) = slots.get(at) else { continue };
            let (variable, value) = (*variable, value.clone());
            if self.moves(variable, &value, slots.get_mut(at + 1..).unwrap_or_default()) {
                if let Some(slot) = slots.get_mut(at) {
                    *slot = None;
                }
            }
        }
        block.extend(slots.into_iter().flatten());
    }

    /// Writes the value of a variable into the statement behind that reads it; false if it must stay.
    fn moves(&self, variable: VariableId, value: &Expr, behind: &mut [Option<Stmt>]) -> bool {
        let Some(counts) = self.count(variable) else { return false };
        let simple = matches!(value.ty, Type::Scalar(..)) && is_total(value) && asks_no_memory(value) && weight(value) <= LARGE;
        let mut parts = Vec::new();
        variables(value, &mut parts);
        for (distance, slot) in behind.iter_mut().enumerate().take(FAR) {
            let Some(stmt) = slot else { continue };
            let read = reads(&stmt.kind, variable);
            let assigned = assigned_by(&stmt.kind);
            if read == 0 && !assigned.contains(&variable) {
                if !simple || parts.iter().any(|part| assigned.contains(part)) || counts.1 > 1 && !blocks(&stmt.kind).is_empty() {
                    return false;
                }
                continue;
            }
            // Behind it, the value is gone.
            let again = matches!(stmt.kind, StmtKind::Assign(target, _) if target == variable);
            let last = counts == (1, 1) || !self.attempts && (again || matches!(stmt.kind, StmtKind::Return(_)));
            return read == 1 && last && (simple || distance == 0) && put(variable, value, &mut stmt.kind, simple);
        }
        false
    }
}

fn attempts(block: &Block) -> bool {
    block.iter().any(|stmt| matches!(stmt.kind, StmtKind::Try { .. }) || blocks(&stmt.kind).into_iter().any(attempts))
}

fn count(expr: &Expr, counts: &mut HashMap<VariableId, (u32, u32)>) {
    if let ExprKind::Variable(variable) = expr.kind {
        counts.entry(variable).or_default().0 += 1;
    }
    walk::parts(expr, &mut |part| count(part, counts));
}

fn writes(block: &Block, counts: &mut HashMap<VariableId, (u32, u32)>) {
    for stmt in block {
        if let StmtKind::Assign(variable, _) | StmtKind::ForRange { variable, .. } = &stmt.kind {
            counts.entry(*variable).or_default().1 += 1;
        }
        blocks(&stmt.kind).into_iter().for_each(|inner| writes(inner, counts));
    }
}

fn variables(expr: &Expr, found: &mut Vec<VariableId>) {
    if let ExprKind::Variable(variable) = expr.kind {
        found.push(variable);
    }
    walk::parts(expr, &mut |part| variables(part, found));
}

/// How often a statement reads a variable, its blocks included.
fn reads(kind: &StmtKind, variable: VariableId) -> usize {
    let mut found = Vec::new();
    let stmt = Stmt { span: hypersonic_diagnostics::Span::default(), kind: kind.clone() };
    walk::expressions(&vec![stmt], &mut |expr| variables(expr, &mut found));
    found.into_iter().filter(|read| *read == variable).count()
}

/// Writes the value for the variable in a statement, if it is read where that changes nothing.
fn put(variable: VariableId, value: &Expr, kind: &mut StmtKind, simple: bool) -> bool {
    let mut values: Vec<&mut Expr> = Vec::new();
    match kind {
        StmtKind::Return(target) | StmtKind::Assign(_, target) | StmtKind::SetAttribute(_, target) | StmtKind::Expr(target) => {
            values.push(target);
        }
        StmtKind::If { test, .. } => values.push(test),
        StmtKind::ForRange { start, stop, step, .. } if simple => values.extend([start, stop, step]),
        StmtKind::SetItem { array, value, .. } if simple => values.extend([array, value]),
        _ => {}
    }
    let whole = |target: &Expr| matches!(target.kind, ExprKind::Variable(read) if read == variable);
    values.into_iter().any(|target| (whole(target) || simple && weight(target) <= LARGE) && replace(target, variable, value))
}

fn replace(target: &mut Expr, variable: VariableId, value: &Expr) -> bool {
    if matches!(target.kind, ExprKind::Variable(read) if read == variable) {
        *target = value.clone();
        return true;
    }
    let mut done = false;
    walk::parts_mut(target, &mut |part| done = done || replace(part, variable, value));
    done
}
