//! `try`: a loop that runs once for the body, from which a failure breaks out, then the choice between the handlers.
//!
//! ```text
//! loop            left when all is done
//!   loop          left by an exit, if there is any
//!     loop        left by a failure
//!       body; else; break to the end
//!     if it is one of these: handler; break to the end
//!     else: report it
//!   exit
//! ```
//!
//! A block of statements holds references to arrays in values that do not exist outside of it. In the body of a `try` each of them is
//! noted in a variable as well, so that they are released where a failure arrives.

use crate::lowering::{Lowering, Outcome};
use crate::walk;
use hypersonic_loops::protect::protect;
use hypersonic_loops::{Block as Loops, Inst, Likely, RECORD_BYTES, Stmt as Loop, Ty, ValueId, VariableId};
use hypersonic_typed::ir::{Block, ExprKind, Handler, Stmt, StmtKind, Unit, VariableId as TypedVariable};
use std::collections::BTreeSet;

/// A `try` around the current place.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    id: u32,
    /// `scopes.len()` outside of it.
    scopes: usize,
    /// Loops of the loop IR that are open where its exits begin.
    level: u32,
    /// Which exit is taken, counted from the last.
    exit: Option<VariableId>,
    /// How many there are.
    exits: usize,
    /// Where the record of the exception is kept, in a handler that raises it again.
    record: Option<ValueId>,
}

/// The parts of the statement.
#[derive(Clone, Copy)]
struct Parts<'s> {
    id: u32,
    body: &'s Block,
    handlers: &'s [Handler],
    orelse: &'s Block,
}

/// The functions whose failures may be caught again and again in one call: what is called in a `try` that is in a loop, or in another
/// function than the root, and what that calls.
#[must_use]
pub fn unwinding(unit: &Unit) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for (position, function) in unit.functions.iter().enumerate() {
        collect(&function.body, position > 0, false, &mut found);
    }
    let direct: Vec<usize> = found.iter().copied().collect();
    direct.into_iter().for_each(|position| found.extend(crate::recursion::called(unit, position)));
    found
}

fn collect(block: &Block, repeated: bool, tried: bool, found: &mut BTreeSet<usize>) {
    for stmt in block {
        if tried {
            walk::expressions(stmt, &mut |expr| {
                walk::everything(expr, &mut |each| {
                    if let ExprKind::Call(callee, _) = each.kind {
                        found.insert(callee);
                    }
                });
            });
        }
        let repeated = repeated || matches!(stmt.kind, StmtKind::While { .. } | StmtKind::ForRange { .. } | StmtKind::Unrolled { .. });
        for (n, block) in walk::blocks(stmt).into_iter().enumerate() {
            let here = repeated && n == 0 && matches!(&stmt.kind, StmtKind::Try { handlers, .. } if !handlers.is_empty());
            collect(block, repeated, tried || here, found);
        }
    }
}

impl Lowering<'_, '_> {
    /// A `try`; whether control never comes behind it.
    pub fn attempt(&mut self, stmt: &Stmt) -> Outcome<bool> {
        let StmtKind::Try { id, body, handlers, orelse, exits } = &stmt.kind else { return Err(self.internal("a `try`")) };
        let parts = Parts { id: *id, body, handlers, orelse };
        let after = self.dirty || self.shared.effects.stmt(self.position, stmt).visible();
        let caught = self.dirty || self.shared.effects.block(self.position, body).visible();
        self.dirty |= self.shared.effects.reports_late(self.position, stmt);
        let exit = (!exits.is_empty()).then(|| self.b.variable("exit", Ty::I64));
        let (end, scopes) = (self.open_loops, self.scopes.len());
        self.attempts.push(Attempt { id: *id, scopes, level: end + 1, exit, exits: exits.len(), record: None });
        self.open_loops += 1 + u32::from(exit.is_some());
        self.b.open_block();
        let tried = if handlers.is_empty() { self.plain_body(parts, end) } else { self.try_body(parts, end) };
        let tried = tried.and_then(|tried| {
            self.dirty = caught;
            self.worked = true;
            self.forget(&[body]);
            Ok(self.handlers(parts, end)? && tried)
        });
        let mut block = self.b.close_block();
        self.attempts.pop();
        let mut ended = tried?;
        self.dirty = after;
        self.forget(&walk::blocks(stmt));
        if let Some(exit) = exit {
            self.open_loops -= 1;
            self.b.open_block();
            let left = self.exits(exits, exit, end);
            let exits = self.b.close_block();
            ended &= left?;
            block = std::iter::once(Loop::Loop { body: block }).chain(exits).collect();
        }
        self.open_loops -= 1;
        self.b.push(Loop::Loop { body: block });
        self.forget(&walk::blocks(stmt));
        Ok(ended)
    }

    /// Body and `else`, and what is released where a failure leaves them.
    fn try_body(&mut self, parts: Parts, end: u32) -> Outcome<bool> {
        self.open_loops += 1;
        self.guards.push(Vec::new());
        let body = self.nested(|this| this.block(parts.body));
        let guards = self.guards.pop().unwrap_or_default();
        let (mut body, mut ended) = body?;
        protect(&mut body, self.b.failures);
        if !ended {
            let known = self.known.clone();
            self.forget(&[parts.body]);
            let (block, orelse_ended) = self.nested(|this| this.block(parts.orelse))?;
            self.known = known;
            body.extend(block);
            ended = orelse_ended;
        }
        if !ended {
            body.push(Loop::Break(self.open_loops - 1 - end));
        }
        self.open_loops -= 1;
        self.guarded(body, &guards);
        Ok(ended)
    }

    /// A body whose failures nobody catches.
    fn plain_body(&mut self, parts: Parts, end: u32) -> Outcome<bool> {
        let (block, ended) = self.nested(|this| Ok(this.block(parts.body)? || this.block(parts.orelse)?))?;
        block.into_iter().for_each(|stmt| self.b.push(stmt));
        if !ended {
            self.b.push(Loop::Break(self.open_loops - 1 - end));
        }
        Ok(ended)
    }

    /// A loop from which failures break out, and the release of what it held then.
    fn guarded(&mut self, body: Loops, guards: &[VariableId]) {
        let nothing = self.b.i64(1);
        guards.iter().for_each(|guard| self.b.set(*guard, nothing));
        self.b.push(Loop::Loop { body });
        for guard in guards {
            let owner = self.b.read(*guard);
            self.release(owner);
        }
    }

    /// The choice between handlers; whether none of them comes to its end.
    fn handlers(&mut self, parts: Parts, end: u32) -> Outcome<bool> {
        if parts.handlers.is_empty() {
            return Ok(true);
        }
        self.handler(parts, end)
    }

    fn handler(&mut self, parts: Parts, end: u32) -> Outcome<bool> {
        let Some((handler, rest)) = parts.handlers.split_first() else {
            self.b.push(Loop::Leave);
            return Ok(true);
        };
        let condition = self.b.bound(Ty::I1);
        self.b.push(Loop::Caught { classes: handler.classes.clone().unwrap_or_default(), result: condition });
        let dirty = self.dirty;
        let (mut then, first_ended) = self.nested(|this| {
            let mut again = false;
            walk::statements(&handler.body, &mut |stmt| again |= matches!(stmt.kind, StmtKind::Reraise(id) if id == parts.id));
            if again {
                let place = this.b.emit(Ty::Ptr, Inst::StackSlot(RECORD_BYTES));
                this.b.push(Loop::SaveRecord(place));
                if let Some(attempt) = this.attempts.last_mut() {
                    attempt.record = Some(place);
                }
            }
            this.block(&handler.body)
        })?;
        if !first_ended {
            then.push(Loop::Break(self.open_loops - 1 - end));
        }
        self.dirty = dirty;
        let (otherwise, others_ended) = self.nested(|this| this.handler(Parts { handlers: rest, ..parts }, end))?;
        self.b.push(Loop::If { condition, then, otherwise, likely: Likely::Unknown });
        Ok(first_ended && others_ended)
    }

    /// What is done behind an exit; whether none of them comes to its end.
    fn exits(&mut self, exits: &[Block], exit: VariableId, end: u32) -> Outcome<bool> {
        let Some((block, rest)) = exits.split_first() else { return Ok(true) };
        if rest.is_empty() {
            let (block, ended) = self.nested(|this| this.block(block))?;
            block.into_iter().for_each(|stmt| self.b.push(stmt));
            if !ended {
                self.b.push(Loop::Break(self.open_loops - 1 - end));
            }
            return Ok(ended);
        }
        let taken = self.b.read(exit);
        let last = self.b.i64(i64::try_from(rest.len()).unwrap_or_default());
        let condition = self.b.compare(hypersonic_loops::Compare::Eq, taken, last);
        let dirty = self.dirty;
        let (mut then, first_ended) = self.nested(|this| this.block(block))?;
        if !first_ended {
            then.push(Loop::Break(self.open_loops - 1 - end));
        }
        self.dirty = dirty;
        let (otherwise, others_ended) = self.nested(|this| this.exits(rest, exit, end))?;
        self.b.push(Loop::If { condition, then, otherwise, likely: Likely::Unknown });
        Ok(first_ended && others_ended)
    }

    fn open_attempt(&self, id: u32) -> Outcome<Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.id == id).copied().ok_or_else(|| self.internal("a `try` that is not open"))
    }

    /// Leaves a `try` by one of its exits.
    pub fn exit(&mut self, id: u32, n: usize) -> Outcome<()> {
        let attempt = self.open_attempt(id)?;
        let variable = attempt.exit.ok_or_else(|| self.internal("an exit that is not there"))?;
        let from_last = self.b.i64(i64::try_from(attempt.exits.saturating_sub(n + 1)).unwrap_or_default());
        self.b.set(variable, from_last);
        self.release_from(attempt.scopes);
        self.b.push(Loop::Break(self.open_loops - 1 - attempt.level));
        Ok(())
    }

    /// Raises the exception of a handler again.
    pub fn raise_again(&mut self, id: u32) -> Outcome<()> {
        let record = self.open_attempt(id)?.record.ok_or_else(|| self.internal("an exception that was not kept"))?;
        self.b.push(Loop::RestoreRecord(record));
        self.b.push(Loop::Leave);
        Ok(())
    }

    /// The body of an internal function. If a handler may catch its failures, what it holds is released where it fails, too: a loop that
    /// fails often would fill the memory.
    pub fn function_body(&mut self) -> Outcome<()> {
        let function = self.function;
        let unwinds = self.shared.unwinding.contains(&self.position);
        if unwinds {
            self.guards.push(Vec::new());
        }
        self.b.open_block();
        let written = self.write_body(&function.body);
        let mut body = self.b.close_block();
        written?;
        let guards = if unwinds { self.guards.pop().unwrap_or_default() } else { Vec::new() };
        let slots: Vec<_> = self.plan.slots.iter().filter_map(|variable| self.slots.get(variable).cloned()).collect();
        let holds = |variable: &TypedVariable| crate::effects::arrays(&function.variables[variable.0 as usize].ty) > 0;
        if !unwinds || (guards.is_empty() && !self.plan.slots.iter().any(holds)) {
            body.into_iter().for_each(|stmt| self.b.push(stmt));
            return Ok(());
        }
        protect(&mut body, self.b.failures);
        self.guarded(body, &guards);
        slots.iter().for_each(|slot| self.release_slot(slot));
        self.b.push(Loop::Leave);
        Ok(())
    }

    /// Notes a reference that the current scope comes to hold, in the body of a `try`.
    pub fn guard(&mut self, owner: ValueId) -> Option<VariableId> {
        if self.guards.is_empty() {
            return None;
        }
        let guard = self.b.variable("held", Ty::I64);
        self.b.set(guard, owner);
        if let Some(guards) = self.guards.last_mut() {
            guards.push(guard);
        }
        Some(guard)
    }

    /// The reference is not held any more.
    pub fn unguard(&mut self, guard: Option<VariableId>) {
        if let Some(guard) = guard {
            let nothing = self.b.i64(1);
            self.b.set(guard, nothing);
        }
    }
}
