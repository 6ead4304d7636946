//! Parallel loops: `hypersonic.prange` and `# omp parallel for`. The body becomes a function of its own, which runs a chunk of the range; what
//! chunks give is put together in their order, so that the answer does not depend on how many threads there are.
//!
//! [`outline`] runs behind the passes and gives, beside the unit, a diagnostic for each loop that stays on one thread. Variables of the body are of
//! four kinds: those from outside that it only reads, its own, those of which the last value counts, and reductions. Refuses whatever it is not
//! sure of: such a loop runs in order.

mod affine;
mod arrays;
mod build;
mod cost;
pub mod directive;
mod limits;
mod live;
mod make;
mod mark;
mod reduction;
mod taint;

use crate::check::{Checked, check};
use crate::ir::{Block, Constant, Expr, ExprKind, Function, Marked, Stmt, StmtKind, Unit, VariableId};
use crate::passes::{inner_blocks, on_large_stack};
use crate::walk;
use affine::Names;
use build::{Kinds, Last, Team};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use live::Set;
use std::collections::{BTreeSet, HashMap};
use taint::Taint;

/// Why a loop stays on one thread.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    span: Span,
    text: String,
}

impl Why {
    pub(crate) fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// What became of the parallel loops of a unit.
#[derive(Default)]
pub struct Outlined {
    /// The unit, if any of them is a function now.
    pub unit: Option<Checked<Unit>>,
    /// Why the other loops stay on one thread.
    pub notes: Vec<Diagnostic>,
    /// Where the loops are that may run on several threads.
    pub loops: Vec<Span>,
}

/// Makes functions of the parallel loops of a unit.
///
/// # Errors
/// If that broke a law of the IR: [`Id::Internal`] diagnostics.
pub fn outline(unit: &Checked<Unit>) -> Result<Outlined, Vec<Diagnostic>> {
    if unit.parallel.is_empty() { Ok(Outlined::default()) } else { on_large_stack(|| outline_here(unit)) }
}

fn outline_here(unit: &Checked<Unit>) -> Result<Outlined, Vec<Diagnostic>> {
    let mut work = Work { unit: Unit::clone(unit), tried: tried(unit), notes: Vec::new(), loops: Vec::new(), seen: BTreeSet::new() };
    for position in 0..unit.functions.len() {
        work.function(position);
    }
    for marked in &unit.parallel {
        if !work.seen.contains(&marked.span) && !work.loops.contains(&marked.span) {
            work.note(marked, Why::new(marked.span, "it does not count through a range when it runs"));
        }
    }
    work.loops.sort_unstable();
    work.loops.dedup();
    let unit = if work.loops.is_empty() { None } else { Some(check(work.unit)?) };
    Ok(Outlined { unit, notes: work.notes, loops: work.loops })
}

/// The functions whose failures may be caught by a caller.
fn tried(unit: &Unit) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for function in &unit.functions {
        reduction::each(&function.body, &mut |stmt| {
            if let StmtKind::Try { handlers, body, .. } = &stmt.kind
                && !handlers.is_empty()
            {
                calls(body, &mut found);
            }
        });
    }
    let mut open: Vec<usize> = found.iter().copied().collect();
    while let Some(position) = open.pop() {
        let mut more = BTreeSet::new();
        calls(&unit.functions[position].body, &mut more);
        open.extend(more.into_iter().filter(|callee| found.insert(*callee)));
    }
    found
}

fn calls(block: &Block, found: &mut BTreeSet<usize>) {
    fn look(expr: &Expr, found: &mut BTreeSet<usize>) {
        if let ExprKind::Call(position, _) = expr.kind {
            found.insert(position);
        }
        walk::parts(expr, &mut |part| look(part, found));
    }
    walk::expressions(block, &mut |expr| look(expr, found));
}

struct Work {
    unit: Unit,
    tried: BTreeSet<usize>,
    notes: Vec<Diagnostic>,
    loops: Vec<Span>,
    /// Loops that stay on one thread.
    seen: BTreeSet<Span>,
}

/// The function whose loops are looked at.
struct Place {
    position: usize,
    behind: HashMap<Span, Set>,
    tried: bool,
    /// What is set for sure where we are.
    set: Set,
    /// How many statements of the function set each variable.
    sets: HashMap<VariableId, usize>,
}

impl Work {
    fn function(&mut self, position: usize) {
        let function = &mut self.unit.functions[position];
        let set = function.parameters.iter().copied().collect();
        let body = std::mem::take(&mut function.body);
        let mut sets = HashMap::new();
        reduction::each(&body, &mut |stmt| {
            if let StmtKind::Assign(variable, _) | StmtKind::ForRange { variable, .. } = stmt.kind {
                *sets.entry(variable).or_default() += 1;
            }
        });
        let mut place = Place { position, behind: live::behind_loops(&body), tried: self.tried.contains(&position), set, sets };
        let body = self.block(body, &mut place);
        self.unit.functions[position].body = body;
    }

    fn block(&mut self, block: Block, place: &mut Place) -> Block {
        let mut written = Block::with_capacity(block.len());
        let mut team = None;
        for mut stmt in block {
            if let StmtKind::Expr(Expr { kind: ExprKind::Team(parts), .. }) = stmt.kind {
                team = <[Expr; 2]>::try_from(parts).ok().map(|[threads, several]| (threads, several));
                continue;
            }
            let marked = self.unit.parallel.iter().find(|marked| marked.span == stmt.span).cloned();
            if let (Some(marked), StmtKind::ForRange { .. }) = (marked, &stmt.kind) {
                match self.parallel(&stmt, &marked, place, team.take()) {
                    Ok(mut statements) => {
                        // What lies in it runs on the thread of its chunk.
                        reduction::each(inner_blocks(&stmt.kind)[0], &mut |inside| {
                            self.seen.insert(inside.span);
                        });
                        self.loops.push(stmt.span);
                        written.append(&mut statements);
                        continue;
                    }
                    Err(why) => self.note(&marked, why),
                }
            }
            if matches!(stmt.kind, StmtKind::ForRange { .. } | StmtKind::While { .. }) {
                team = None;
            }
            let before = (place.tried, place.set.clone());
            place.tried |= matches!(&stmt.kind, StmtKind::Try { handlers, .. } if !handlers.is_empty());
            for inner in crate::passes::inner_blocks_mut(&mut stmt.kind) {
                let block = std::mem::take(inner);
                *inner = self.block(block, place);
                place.set.clone_from(&before.1);
            }
            place.tried = before.0;
            if let StmtKind::Assign(variable, _) = stmt.kind {
                place.set.insert(variable);
            }
            written.push(stmt);
        }
        written
    }

    fn note(&mut self, marked: &Marked, why: Why) {
        self.seen.insert(marked.span);
        let title = format!("this loop runs on one thread: {}", why.text);
        let hint = "iterations that do not depend on each other run on several threads; see docs/parallel.md";
        self.notes.push(Diagnostic::new(Id::SequentialLoop, title, why.span, "because of this").with_hint(hint));
    }

    /// The statements that run a loop in chunks.
    fn parallel(&mut self, stmt: &Stmt, marked: &Marked, place: &Place, team: Team) -> Result<Block, Why> {
        let StmtKind::ForRange { variable, start, stop, step, body, .. } = &stmt.kind else {
            return Err(Why::new(stmt.span, "it is no range"));
        };
        if let Some((span, text)) = &marked.problem {
            return Err(Why::new(*span, text.clone()));
        }
        if place.tried {
            return Err(Why::new(stmt.span, "it stands in a `try`, where the first exception decides what goes on"));
        }
        let function = &self.unit.functions[place.position];
        let names = Names::of(body, *variable);
        if names.assigned.contains(variable) {
            return Err(Why::new(stmt.span, "its variable is set in its body"));
        }
        let nothing = Set::new();
        let behind = place.behind.get(&stmt.span).unwrap_or(&nothing);
        // A temporary that nothing else sets is set before it is read, whatever that looks like.
        let temporary = |variable: &VariableId| {
            let inside = reduction::sets(body, *variable);
            function.variables[variable.0 as usize].name.starts_with('.') && place.sets.get(variable) == Some(&inside)
        };
        let kinds = kinds(function, body, *variable, &names, behind, &temporary)?;
        claims(function, marked, &names, &kinds)?;
        limits::check(&self.unit, place.position, body, &kinds.captured, function)?;
        let constant = if let ExprKind::Constant(Constant::Int(step)) = step.kind { Some(step) } else { None };
        if constant == Some(0) {
            return Err(Why::new(step.span, "its step is 0"));
        }
        let taint = Taint::of(body, *variable, &names.assigned, &|variable| &function.variables[variable.0 as usize].ty);
        let range = arrays::Range { start: names.sum(start), stop: names.sum(stop), step: constant };
        arrays::check(body, &names, &taint, &range)?;
        let known: Set = place.set.iter().copied().filter(|known| known != variable && !names.assigned.contains(known)).collect();
        Ok(build::build(&mut self.unit, place.position, stmt, marked, &known, &kinds, team))
    }
}

/// Says no if a `reduction` clause says what the body does not do.
fn claims(function: &Function, marked: &Marked, names: &Names<'_>, kinds: &Kinds) -> Result<(), Why> {
    for claim in &marked.reductions {
        let is_meant = |variable: &&VariableId| function.variables[variable.0 as usize].name == claim.name;
        let Some(variable) = names.assigned.iter().find(is_meant) else { continue };
        let by = names.assigned.iter().filter(is_meant).find_map(|variable| kinds.reductions.get(variable)).map(|found| found.by);
        if !by.is_some_and(|by| build::agrees(&claim.operator, by)) {
            let name = &function.variables[variable.0 as usize].name;
            return Err(Why::new(claim.span, format!("`{name}` is no reduction by `{}`", claim.operator)));
        }
    }
    Ok(())
}

/// The kinds of the variables of a body.
fn kinds(
    function: &Function,
    body: &Block,
    index: VariableId,
    names: &Names<'_>,
    behind: &Set,
    temporary: &dyn Fn(&VariableId) -> bool,
) -> Result<Kinds, Why> {
    let known = |variable: VariableId| &function.variables[variable.0 as usize];
    let mut kinds = Kinds::default();
    let exposed = live::exposed(body, index);
    let mut companions = Set::new();
    for variable in exposed.intersection(&names.assigned).filter(|variable| !temporary(variable)) {
        let found = reduction::find(body, *variable, &known(*variable).ty).ok_or_else(|| {
            let name = known(*variable).name.as_str();
            // Whether a variable is set is one, too.
            let name = name.strip_prefix(".set.").unwrap_or(name);
            let what = if name.starts_with('.') { "a value".to_owned() } else { format!("`{name}`") };
            let text = format!("{what} goes from one iteration to the next, and is no reduction");
            Why::new(place_of(body, *variable).unwrap_or(function.span), text)
        })?;
        companions.extend(&found.companions);
        kinds.reductions.insert(*variable, found);
    }
    for variable in names.assigned.iter().chain([&index]) {
        let own = companions.contains(variable) || kinds.reductions.contains_key(variable);
        if own || !behind.contains(variable) {
            continue;
        }
        if !matches!(known(*variable).ty, Type::Scalar(..)) {
            let text = format!("`{}`, which is no number, is used behind the loop", known(*variable).name);
            return Err(Why::new(place_of(body, *variable).unwrap_or(function.span), text));
        }
        kinds.last.insert(*variable, if *variable == index || always_set(body, *variable) { Last::Always } else { Last::Perhaps });
    }
    let mut read = Set::new();
    live::reads_of(body, &mut read);
    kinds.captured = read.into_iter().filter(|variable| *variable != index && !names.assigned.contains(variable)).collect();
    Ok(kinds)
}

/// Where a block sets a variable first.
fn place_of(block: &Block, variable: VariableId) -> Option<Span> {
    let mut found = None;
    reduction::each(block, &mut |stmt| {
        if matches!(&stmt.kind, StmtKind::Assign(set, _) if *set == variable) {
            found = found.or(Some(stmt.span));
        }
    });
    found
}

/// Whether an iteration that comes to its end has set a variable, as far as that is seen at once.
fn always_set(body: &Block, variable: VariableId) -> bool {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign(set, _) if *set == variable => return true,
            StmtKind::Assign(..) | StmtKind::SetItem { .. } | StmtKind::UpdateItem { .. } | StmtKind::Expr(_) => {}
            kind if inner_blocks(kind).into_iter().any(crate::passes::has_jumps) => return false,
            _ => {}
        }
    }
    false
}
