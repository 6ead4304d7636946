//! Counted loops whose iterations are independent become nests, for the GPU version of an entry.
//!
//! A loop, with the loops that stand alone in it, is a nest if no variable carries anything from one iteration to
//! another or to behind the loop, if nothing in it can fail, and if no iteration touches what another one writes. What
//! the source does not tell about memory (strides, and where arrays begin) is asked in front of the nest; if it does not
//! hold, or if a check would fail, the entry gives up and the arrays' library answers: the elements are not the host's to
//! touch. As many loops as possible, the outermost first, become indices of the nest; the others run in each iteration.
//!
//! An entry that gives up behind something that it wrote cannot take that back. But what an eligible entry does on the
//! host depends on no element: so the runtime rehearses such an entry, without launches, before it runs it.

mod memory;

use super::guard::Guard;
use super::live::{self, Variables};
use super::offload::HostAddresses;
use super::range::{Region, Term};
use super::uses::{self, Uses};
use crate::ir::{Block, Compare, FailureId, Function, Inst, Likely, Nest, Stmt, SupportRow, Ty, ValueId};
use memory::{Asked, Conditions};
use std::collections::{BTreeSet, HashMap};

/// Loops of a nest, at most.
const NEST_LIMIT: usize = 7;

/// Makes nests of an entry's independent loops; where one does not fit, the entry fails with `gives_up`. Gives whether
/// that may happen behind something that the caller can see.
pub fn run(function: &mut Function, gives_up: FailureId) -> bool {
    let mut body = function.body.clone();
    let (behind, hosts) = (live::behind_loops(function), HostAddresses::of(function));
    let mut walk = Walk { behind, next_nest: next_nest(&body), hosts, function, gives_up, late: false };
    walk.block(&mut body, &mut false);
    let late = walk.late;
    function.body = body;
    late
}

fn next_nest(body: &Block) -> u32 {
    let mut next = 0;
    uses::each_stmt(body, &mut |stmt| {
        if let Stmt::Nest(nest) = stmt {
            next = next.max(nest.id + 1);
        }
    });
    next
}

struct Walk<'f> {
    function: &'f mut Function,
    hosts: HostAddresses,
    behind: HashMap<ValueId, Variables>,
    next_nest: u32,
    gives_up: FailureId,
    /// Whether it may give up behind something that was written.
    late: bool,
}

impl Walk<'_> {
    /// `written`: whether something that the caller can see may have been written before.
    fn block(&mut self, block: &mut Block, written: &mut bool) {
        let mut rewritten = Block::with_capacity(block.len());
        for mut stmt in std::mem::take(block) {
            let writes = self.writes(&stmt);
            let elements = matches!(stmt, Stmt::For { .. }) && self.touches_elements(std::slice::from_ref(&stmt));
            if elements && let Some(mut nest) = self.nest(&stmt, *written) {
                rewritten.append(&mut nest);
                *written |= writes;
                continue;
            }
            match &mut stmt {
                Stmt::For { body, .. } | Stmt::Loop { body } => {
                    *written |= writes;
                    self.block(body, written);
                }
                Stmt::If { then, otherwise, likely, .. } => {
                    let before = *written;
                    let mut other = before;
                    self.block(then, written);
                    self.block(otherwise, &mut other);
                    if *likely == Likely::Then && self.touches_elements(otherwise) {
                        // Of a loop that is written twice, the one with checks.
                        *otherwise = vec![self.give_up(before)];
                    } else {
                        *written |= other;
                    }
                }
                _ => *written |= writes,
            }
            rewritten.push(stmt);
        }
        *block = rewritten;
    }

    fn give_up(&mut self, written: bool) -> Stmt {
        self.late |= written;
        Stmt::Fail { failure: self.gives_up, values: Vec::new() }
    }

    /// Whether elements are touched outside of nests.
    fn touches_elements(&self, block: &[Stmt]) -> bool {
        block.iter().any(|stmt| match stmt {
            Stmt::Let(id) => {
                matches!(self.function.values[id.index()].inst, Inst::Load(address, _) if !self.hosts.has(self.function, address))
            }
            Stmt::Store { address, .. } => !self.hosts.has(self.function, *address),
            Stmt::If { then, otherwise, .. } => self.touches_elements(then) || self.touches_elements(otherwise),
            Stmt::For { body, .. } | Stmt::Loop { body } => self.touches_elements(body),
            _ => false,
        })
    }

    /// Whether a statement writes elements that the caller can see.
    fn writes(&self, stmt: &Stmt) -> bool {
        let mut writes = false;
        uses::each_stmt(std::slice::from_ref(stmt), &mut |stmt| match stmt {
            Stmt::Store { address, .. } => {
                writes |= !self.hosts.has(self.function, *address) && !self.hosts.has_made(self.function, *address);
            }
            Stmt::Support { .. } => writes = true,
            _ => {}
        });
        // Making a block is nothing that a caller sees; advancing Python's random numbers is.
        let unseen = |row: &SupportRow| matches!(row, SupportRow::Allocate | SupportRow::Release | SupportRow::Overlap);
        writes && !matches!(stmt, Stmt::Support { row, .. } if unseen(row))
    }

    /// The nest of a loop, with what is asked in front of it.
    fn nest(&mut self, stmt: &Stmt, written: bool) -> Option<Block> {
        let Stmt::For { index, .. } = stmt else { return None };
        let region = region(self.function, stmt);
        if !self.plain(stmt) || self.behind.get(index).is_some_and(|behind| !behind.is_disjoint(&region.set)) {
            return None;
        }
        let levels = Levels::of(stmt);
        let (depth, conditions) = (1..=levels.loops.len()).rev().find_map(|depth| {
            let exposed = live::exposed(self.function, &levels.body(depth));
            let private = exposed.is_disjoint(&region.set) && levels.stays(depth);
            let conditions = if private { memory::conditions(&region, &self.hosts, stmt, depth) } else { None };
            conditions.map(|conditions| (depth, conditions))
        })?;
        let defined = region.defined;
        Some(self.emit(&levels, depth, &conditions, defined, written))
    }

    /// Whether nothing in a loop can fail, leave the function, or call.
    fn plain(&self, stmt: &Stmt) -> bool {
        let mut plain = true;
        uses::each_stmt(std::slice::from_ref(stmt), &mut |stmt| {
            plain &= match stmt {
                Stmt::Let(id) => !matches!(self.function.values[id.index()].inst, Inst::StackSlot(_) | Inst::FrameAddress),
                Stmt::Set(..)
                | Stmt::Store { .. }
                | Stmt::If { .. }
                | Stmt::For { .. }
                | Stmt::Loop { .. }
                | Stmt::Break(_)
                | Stmt::Continue(_) => true,
                _ => false,
            };
        });
        plain
    }

    fn emit(&mut self, levels: &Levels, depth: usize, conditions: &Conditions, defined: BTreeSet<ValueId>, written: bool) -> Block {
        let mut guard = Guard::new(self.function, defined);
        let extents: Vec<ValueId> = conditions.extents.iter().map(|extent| guard.term(extent)).collect();
        conditions.obligations.iter().for_each(|obligation| guard.oblige(obligation));
        conditions.asked.iter().for_each(|asked| ask(&mut guard, asked));
        let nothing = empty(&mut guard, &extents);
        let (mut out, all) = guard.finish();
        let indices = levels.loops[..depth].iter().map(|level| level.index).collect();
        let nest = Stmt::Nest(Nest { id: self.next_nest, extents, indices, body: levels.body(depth) });
        self.next_nest += 1;
        let Some(all) = all else {
            out.push(nest);
            return out;
        };
        let mut guard = Guard::new(self.function, BTreeSet::new());
        let fine = guard.or(all, nothing);
        out.extend(guard.finish().0);
        let otherwise = vec![self.give_up(written)];
        out.push(Stmt::If { condition: fine, then: vec![nest], otherwise, likely: Likely::Then });
        out
    }
}

/// Asks that one of several lists of comparisons holds as a whole.
fn ask(guard: &mut Guard, asked: &Asked) {
    let mut any: Option<ValueId> = None;
    for list in &asked.0 {
        let mut all: Option<ValueId> = None;
        for (x, y) in list {
            let truth = guard.at_most(x, y);
            all = Some(all.map_or(truth, |all| guard.both(all, truth)));
        }
        let Some(all) = all else { return };
        any = Some(any.map_or(all, |any| guard.or(any, all)));
    }
    if let Some(any) = any {
        guard.and(any);
    }
}

/// Whether there is no iteration at all.
fn empty(guard: &mut Guard, extents: &[ValueId]) -> ValueId {
    let zero = guard.term(&Term::Const(0));
    let mut empty = guard.emit(Ty::I1, Inst::Int(0));
    for extent in extents {
        let none = guard.emit(Ty::I1, Inst::Compare(Compare::SLe, *extent, zero));
        empty = guard.or(empty, none);
    }
    empty
}

fn region<'f>(function: &'f Function, stmt: &Stmt) -> Region<'f> {
    let mut loops = Vec::new();
    uses::each_stmt(std::slice::from_ref(stmt), &mut |stmt| {
        if let Stmt::For { index, count, .. } = stmt {
            loops.push((*index, *count));
        }
    });
    let Uses { defined, set, .. } = Uses::of(function, &vec![stmt.clone()]);
    Region { function, loops, defined, set }
}

/// A loop and the loops that stand alone in it, each behind nothing but pure statements.
struct Levels<'s> {
    loops: Vec<Level<'s>>,
}

struct Level<'s> {
    index: ValueId,
    /// What stands in front of the next loop.
    front: &'s [Stmt],
    body: &'s Block,
}

impl<'s> Levels<'s> {
    fn of(stmt: &'s Stmt) -> Self {
        let mut levels = Self { loops: Vec::new() };
        let mut next = Some(stmt);
        while let Some(Stmt::For { index, body, .. }) = next.take() {
            let (front, last) = body.split_at(body.len().saturating_sub(1));
            let alone = front.iter().all(|stmt| matches!(stmt, Stmt::Let(_) | Stmt::Set(..)));
            if alone && levels.loops.len() + 1 < NEST_LIMIT {
                next = last.first();
            }
            levels.loops.push(Level { index: *index, front, body });
        }
        levels
    }

    /// One iteration of the first loops.
    fn body(&self, depth: usize) -> Block {
        let fronts = self.loops[..depth - 1].iter().flat_map(|level| level.front.iter().cloned());
        let inner = self.loops[depth - 1].body;
        if leaves(inner, 0, &|stmt, at| matches!(stmt, Stmt::Continue(depth) if *depth == at)) {
            // Going on with the next iteration is leaving this one.
            let mut once = inner.clone();
            go_on(&mut once, 0);
            once.push(Stmt::Break(0));
            fronts.chain(std::iter::once(Stmt::Loop { body: once })).collect()
        } else {
            fronts.chain(inner.iter().cloned()).collect()
        }
    }

    /// Whether the first loops are left by nothing but their ends, and what follows is within the innermost of them.
    fn stays(&self, depth: usize) -> bool {
        !leaves(self.loops[depth - 1].body, 0, &|stmt, at| match stmt {
            Stmt::Break(depth) => *depth >= at,
            Stmt::Continue(depth) => *depth > at,
            _ => false,
        })
    }
}

/// Whether a statement in a loop's body is one of those asked for; it is given the number of loops within that body
/// around it.
fn leaves(block: &[Stmt], inside: u32, asked: &dyn Fn(&Stmt, u32) -> bool) -> bool {
    block.iter().any(|stmt| {
        asked(stmt, inside)
            || match stmt {
                Stmt::If { then, otherwise, .. } => leaves(then, inside, asked) || leaves(otherwise, inside, asked),
                Stmt::For { body, .. } | Stmt::Loop { body } => leaves(body, inside + 1, asked),
                _ => false,
            }
    })
}

/// Turns `Continue` of the loop around a body into `Break`.
fn go_on(block: &mut Block, inside: u32) {
    for stmt in block {
        match stmt {
            Stmt::Continue(depth) if *depth == inside => *stmt = Stmt::Break(inside),
            Stmt::If { then, otherwise, .. } => {
                go_on(then, inside);
                go_on(otherwise, inside);
            }
            Stmt::For { body, .. } | Stmt::Loop { body } => go_on(body, inside + 1),
            _ => {}
        }
    }
}
