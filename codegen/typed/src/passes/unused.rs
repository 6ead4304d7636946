//! Leaves out what nothing needs: assignments to variables that are not read afterwards, values that are not used, choices and loops
//! without content, variables, functions that are not called any more. What may raise or has an effect stays.
//!
//! One walk backward over each function. Whatever a loop reads anywhere is taken to be needed at the end of its body, whatever the
//! handlers and exits of a `try` need, everywhere in it.

use super::Pass;
use super::state::blocks;
use super::total::is_total;
use crate::ir::{Block, Constant, Expr, ExprKind, Function, Stmt, StmtKind, Unit, VariableId};
use crate::walk;
use std::collections::{BTreeSet, HashMap};

/// The pass.
pub const PASS: Pass = Pass { name: "unused", why: "what nothing needs is not computed, and not read by people either", run };

fn run(unit: &mut Unit) {
    for function in &mut unit.functions {
        let mut walk = Walk::default();
        let body = std::mem::take(&mut function.body);
        function.body = walk.block(body, &mut Set::new());
        compact(function);
    }
    leave_out_functions(unit);
}

type Set = BTreeSet<VariableId>;

#[derive(Default)]
struct Walk {
    /// What is needed behind a `break` and behind a `continue` of the loops around.
    loops: Vec<(Set, Set)>,
    /// What is needed everywhere in the bodies of the `try` around.
    always: Vec<Set>,
    /// What is needed in the exits of the `try` around.
    exits: Vec<(u32, Set)>,
}

fn reads(expr: &Expr, found: &mut Set) {
    if let ExprKind::Variable(variable) = expr.kind {
        found.insert(variable);
    }
    walk::parts(expr, &mut |part| reads(part, found));
}

fn reads_of(block: &Block, found: &mut Set) {
    walk::expressions(block, &mut |expr| reads(expr, found));
}

impl Walk {
    fn block(&mut self, block: Block, live: &mut Set) -> Block {
        let mut kept: Block = block.into_iter().rev().filter_map(|stmt| self.stmt(stmt, live)).collect();
        kept.reverse();
        kept
    }

    fn is_needed(&self, variable: VariableId, live: &Set) -> bool {
        live.contains(&variable) || self.always.iter().any(|needed| needed.contains(&variable))
    }

    fn stmt(&mut self, mut stmt: Stmt, live: &mut Set) -> Option<Stmt> {
        match &mut stmt.kind {
            StmtKind::Assign(variable, value) => {
                let own = matches!(value.kind, ExprKind::Variable(source) if source == *variable);
                if own || !self.is_needed(*variable, live) && is_total(value) {
                    return None;
                }
                live.remove(variable);
                reads(value, live);
            }
            StmtKind::Expr(value) if is_total(value) => return None,
            StmtKind::Break => *live = self.loops.last().map(|(behind, _)| behind.clone()).unwrap_or_default(),
            StmtKind::Continue => *live = self.loops.last().map(|(_, next)| next.clone()).unwrap_or_default(),
            StmtKind::Exit(id, _) => {
                *live = self.exits.iter().rev().find(|(open, _)| open == id).map(|(_, needed)| needed.clone()).unwrap_or_default();
            }
            StmtKind::Reraise(_) => live.clear(),
            StmtKind::Return(value) => {
                live.clear();
                reads(value, live);
            }
            StmtKind::Raise { .. } => {
                live.clear();
                reads_of(&vec![stmt.clone()], live);
            }
            StmtKind::If { .. } => return self.choice(stmt, live),
            StmtKind::While { .. } | StmtKind::ForRange { .. } => return self.repeat(stmt, live),
            StmtKind::Unrolled { iterations, orelse } => {
                let behind = live.clone();
                *orelse = self.block(std::mem::take(orelse), live);
                for iteration in iterations.iter_mut().rev() {
                    self.loops.push((behind.clone(), live.clone()));
                    *iteration = self.block(std::mem::take(iteration), live);
                    self.loops.pop();
                }
            }
            StmtKind::Try { .. } => return Some(self.attempt(stmt, live)),
            StmtKind::SetAttribute(_, value) | StmtKind::Expr(value) => reads(value, live),
            StmtKind::SetItem { .. } | StmtKind::UpdateItem { .. } | StmtKind::Parallel { .. } => reads_of(&vec![stmt.clone()], live),
        }
        Some(stmt)
    }

    fn choice(&mut self, stmt: Stmt, live: &mut Set) -> Option<Stmt> {
        let Stmt { span, kind: StmtKind::If { test, then, otherwise } } = stmt else { return Some(stmt) };
        let mut other = live.clone();
        let then = self.block(then, live);
        let otherwise = self.block(otherwise, &mut other);
        live.append(&mut other);
        if then.is_empty() && otherwise.is_empty() {
            if is_total(&test) {
                return None;
            }
            reads(&test, live);
            return Some(Stmt { span, kind: StmtKind::Expr(test) });
        }
        reads(&test, live);
        Some(Stmt { span, kind: StmtKind::If { test, then, otherwise } })
    }

    fn repeat(&mut self, mut stmt: Stmt, live: &mut Set) -> Option<Stmt> {
        let behind = live.clone();
        let mut head = live.clone();
        for inner in blocks(&stmt.kind) {
            reads_of(inner, &mut head);
        }
        if let StmtKind::While { test, .. } = &stmt.kind {
            reads(test, &mut head);
        }
        match &mut stmt.kind {
            StmtKind::While { body, orelse, .. } | StmtKind::ForRange { body, orelse, .. } => {
                *orelse = self.block(std::mem::take(orelse), live);
                self.loops.push((behind.clone(), head.clone()));
                *body = self.block(std::mem::take(body), &mut head.clone());
                self.loops.pop();
            }
            _ => {}
        }
        if let StmtKind::ForRange { variable, start, stop, step, body, orelse } = &stmt.kind {
            let counts = matches!(step.kind, ExprKind::Constant(Constant::Int(step)) if step != 0) && is_total(start) && is_total(stop);
            if body.is_empty() && orelse.is_empty() && counts && !self.is_needed(*variable, &behind) {
                *live = behind;
                return None;
            }
            [start, stop, step].into_iter().for_each(|bound| reads(bound, &mut head));
        }
        live.append(&mut head);
        Some(stmt)
    }

    fn attempt(&mut self, mut stmt: Stmt, live: &mut Set) -> Stmt {
        if let StmtKind::Try { id, body, handlers, orelse, exits } = &mut stmt.kind {
            let behind = live.clone();
            let mut leaving = behind.clone();
            for exit in exits.iter_mut() {
                let mut needed = behind.clone();
                *exit = self.block(std::mem::take(exit), &mut needed);
                leaving.append(&mut needed);
            }
            self.exits.push((*id, leaving.clone()));
            let mut handling = leaving;
            for handler in handlers.iter_mut() {
                let mut needed = behind.clone();
                handler.body = self.block(std::mem::take(&mut handler.body), &mut needed);
                handling.append(&mut needed);
            }
            *orelse = self.block(std::mem::take(orelse), live);
            live.extend(handling.iter().copied());
            self.always.push(handling);
            *body = self.block(std::mem::take(body), live);
            if let Some(mut needed) = self.always.pop() {
                live.append(&mut needed);
            }
            self.exits.pop();
        }
        stmt
    }
}

/// Leaves out variables that nothing mentions.
fn compact(function: &mut Function) {
    let mut used: Set = function.parameters.iter().copied().collect();
    reads_of(&function.body, &mut used);
    function.body.iter().for_each(|stmt| used.append(&mut super::state::assigned_by(&stmt.kind)));
    if used.len() == function.variables.len() {
        return;
    }
    let places: HashMap<VariableId, VariableId> = used.iter().copied().zip((0..).map(VariableId)).collect();
    let all = std::mem::take(&mut function.variables);
    function.variables = (0..).map(VariableId).zip(all).filter(|(id, _)| used.contains(id)).map(|(_, variable)| variable).collect();
    super::rename::rename(&mut function.body, &mut |variable| {
        if let Some(place) = places.get(variable) {
            *variable = *place;
        }
    });
    for parameter in &mut function.parameters {
        if let Some(place) = places.get(parameter) {
            *parameter = *place;
        }
    }
}

/// Leaves out functions that are not called.
fn leave_out_functions(unit: &mut Unit) {
    let mut places: HashMap<usize, usize> = HashMap::from([(0, 0)]);
    let mut queue = vec![0];
    let mut all: Vec<Option<Function>> = std::mem::take(&mut unit.functions).into_iter().map(Some).collect();
    while let Some(&position) = queue.get(unit.functions.len()) {
        let Some(mut function) = all.get_mut(position).and_then(Option::take) else { break };
        super::rename::calls(&mut function.body, &mut |called| {
            *called = *places.entry(*called).or_insert_with(|| {
                queue.push(*called);
                queue.len() - 1
            });
        });
        unit.functions.push(function);
    }
}
