//! `try`: which handler takes what, what names mean where an exception arrives, and `finally` behind every way out.
//!
//! An exception may come from any place of the body, so at a handler a name has any of the meanings that it had before one of those
//! places. Where these are variables of different types, the body is typed once more, and keeps a variable of the common type up to date.
//! `finally` is written out behind each way out: the end, each `return`, `break` and `continue`, and the exception.

use crate::function::{Typed, Typer, is_unit};
use crate::ir::{Block, Expr, Handler, Stmt, StmtKind, VariableId};
use crate::scope::{self, Binding, Environment};
use crate::unify::coerce;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast;
use std::collections::BTreeMap;

/// A handler as written: type, name, body.
pub(crate) type Written = (Option<ast::Expr>, Option<String>, Vec<ast::Stmt>);

/// Most attempts at one body: the types of names can only grow through a few.
const MAX_ATTEMPTS: usize = 10;

/// The `try` statements around the current place.
#[derive(Default)]
pub(crate) struct Attempts {
    next: u32,
    /// Bodies whose exceptions are caught.
    regions: Vec<Region>,
    /// Statements with a `finally`.
    finals: Vec<Final>,
    /// Handlers, by their `Try`.
    pub handling: Vec<u32>,
    /// Blocks that can be left from anywhere in them.
    labels: Vec<Label>,
}

/// A block that can be left from anywhere in it.
struct Label {
    id: u32,
    /// How many statements with a `finally` are around it.
    finals: usize,
    jumps: Vec<(u32, Environment)>,
}

/// A body whose exceptions are caught.
struct Region {
    /// The meanings that each name had somewhere in it; none where it was not set.
    seen: BTreeMap<String, Vec<Option<Binding>>>,
    /// Names whose values are kept in a variable of this type, too.
    kept: BTreeMap<String, Type>,
    /// Whether handlers take what it raises; else only a `finally` is run.
    caught: bool,
}

/// A statement with a `finally`.
struct Final {
    id: u32,
    /// How many loops are around it.
    loops: usize,
    exits: Vec<(Way, Environment)>,
}

/// A way out of a `try` with a `finally`.
enum Way {
    Return(Expr, Span),
    Leave(bool, Span),
    Label(u32, Span),
}

/// How far the typer is, to go back there.
pub(crate) struct Mark {
    diagnostics: usize,
    returns: usize,
    jumps: Vec<(usize, usize)>,
    exits: Vec<usize>,
    labels: Vec<usize>,
}

impl Typer<'_, '_> {
    /// `try`.
    pub(crate) fn try_statement(
        &mut self,
        body: &[ast::Stmt],
        handlers: &[Written],
        orelse: &[ast::Stmt],
        finalbody: &[ast::Stmt],
        span: Span,
    ) -> Typed<()> {
        if finalbody.is_empty() {
            return self.caught(body, handlers, orelse, span);
        }
        let id = self.attempt_id();
        self.attempts.finals.push(Final { id, loops: self.loops.len(), exits: Vec::new() });
        let mut tried = Ok(());
        let (block, arriving) = self.region(false, span, |typer| {
            if handlers.is_empty() {
                typer.statements(body);
            } else {
                tried = typer.caught(body, handlers, orelse, span);
            }
        });
        let end = self.take_environment();
        let exits = self.attempts.finals.pop().map(|frame| frame.exits).unwrap_or_default();
        self.set_environment(Some(arriving));
        self.read_attributes_back(span);
        self.attempts.handling.push(id);
        let (handler, ()) = self.copy_of(finalbody, |typer| {
            typer.push(StmtKind::Reraise(id), span);
            Ok(())
        });
        self.attempts.handling.pop();
        let exits = exits.into_iter().map(|(way, environment)| {
            self.set_environment(Some(environment));
            let (exit, ()) = self.copy_of(finalbody, |typer| typer.go(way));
            exit
        });
        let exits = exits.collect();
        let handlers = vec![Handler { classes: None, body: handler }];
        self.set_environment(end);
        self.push(StmtKind::Try { id, body: block, handlers, orelse: Block::new(), exits }, span);
        if self.reachable {
            self.loop_heads.clear();
            self.statements(finalbody);
        }
        tried
    }

    /// One more copy of a `finally`, with what comes behind it.
    fn copy_of(&mut self, finalbody: &[ast::Stmt], behind: impl FnOnce(&mut Self) -> Typed<()>) -> (Block, ()) {
        // What loops in it found for another way out need not hold for this one.
        self.loop_heads.clear();
        self.conditions += 1;
        let result = self.in_block(|typer| {
            typer.statements(finalbody);
            if typer.reachable {
                let _: Typed<()> = behind(typer);
                typer.reachable = false;
            }
        });
        self.conditions -= 1;
        result
    }

    /// `try` without `finally`.
    fn caught(&mut self, body: &[ast::Stmt], handlers: &[Written], orelse: &[ast::Stmt], span: Span) -> Typed<()> {
        let id = self.attempt_id();
        let (block, arriving) = self.region(true, span, |typer| typer.statements(body));
        let reachable = self.reachable;
        let (mut otherwise, ()) = self.in_block(|typer| {
            if reachable {
                typer.statements(orelse);
            }
        });
        let end = self.take_environment();
        let mut typed = Vec::new();
        let mut ends = Vec::new();
        let mut result = Ok(());
        for (class, name, body) in handlers {
            self.set_environment(Some(arriving.clone()));
            let classes = match class.as_ref().map(|class| self.taken_classes(class)) {
                None => None,
                Some(Ok(classes)) => classes,
                Some(Err(reported)) => {
                    result = Err(reported);
                    continue;
                }
            };
            // What only a function of Python raises never comes here.
            if classes.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let block = self.handler(id, name.as_deref(), body, span);
            typed.push(Handler { classes, body: block });
            ends.push(self.take_environment());
        }
        let joined = ends.iter().fold(end.clone(), |joined, end| self.join(joined, end.clone()));
        if let Some(joined) = &joined {
            otherwise.extend(end.iter().flat_map(|end| self.reconcile(end, joined, span)));
            for (handler, end) in typed.iter_mut().zip(&ends) {
                handler.body.extend(end.iter().flat_map(|end| self.reconcile(end, joined, span)));
            }
        }
        self.set_environment(joined);
        self.push(StmtKind::Try { id, body: block, handlers: typed, orelse: otherwise, exits: Vec::new() }, span);
        result
    }

    fn handler(&mut self, id: u32, name: Option<&str>, body: &[ast::Stmt], span: Span) -> Block {
        let bound = name.map(|name| self.bound_name(name));
        self.attempts.handling.push(id);
        self.conditions += 1;
        let (block, ()) = self.in_block(|typer| {
            typer.read_attributes_back(span);
            if let Some(bound) = &bound {
                typer.environment.insert(bound.clone(), Binding::Exception(id));
            }
            typer.statements(body);
            // Python forgets the name, whatever it was before.
            if let Some(bound) = &bound
                && typer.reachable
            {
                typer.flag(bound, false, span);
                typer.environment.remove(bound);
            }
        });
        self.conditions -= 1;
        self.attempts.handling.pop();
        block
    }

    fn attempt_id(&mut self) -> u32 {
        self.attempts.next += 1;
        self.attempts.next
    }

    /// Methods that were called may have set attributes before they raised.
    fn read_attributes_back(&mut self, span: Span) {
        for bound in self.settable_attributes() {
            if let Some(name) = bound.strip_prefix("self.") {
                self.read_back(name, span);
            }
        }
    }

    /// Types a body; gives what names mean where its exceptions arrive.
    fn region(&mut self, caught: bool, span: Span, mut body: impl FnMut(&mut Self)) -> (Block, Environment) {
        let entry = self.environment.clone();
        let mut kept: BTreeMap<String, Type> = BTreeMap::new();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mark = self.mark();
            self.attempts.regions.push(Region { seen: BTreeMap::new(), kept: kept.clone(), caught });
            let (block, ()) = self.in_block(|typer| {
                body(typer);
                typer.note_names();
            });
            let seen = self.attempts.regions.pop().map(|region| region.seen).unwrap_or_default();
            let (arriving, more) = self.arriving(&entry, seen, &kept);
            if more.is_empty() || attempt == MAX_ATTEMPTS {
                let mut before = Block::new();
                for (name, ty) in &kept {
                    let target = self.variable(name, ty);
                    if let Some(Binding::Value { variable, .. }) = entry.get(name)
                        && *variable != target
                        && !is_unit(ty)
                    {
                        before.push(Stmt { span, kind: StmtKind::Assign(target, coerce(self.read(*variable, span), ty)) });
                    }
                }
                self.block.extend(before);
                return (block, arriving);
            }
            kept.extend(more);
            self.go_back(&mark);
            self.environment.clone_from(&entry);
            self.reachable = true;
        }
    }

    /// What names mean where the exceptions of a body arrive, and names of which a variable of that type must be kept.
    fn arriving(
        &mut self,
        entry: &Environment,
        seen: BTreeMap<String, Vec<Option<Binding>>>,
        kept: &BTreeMap<String, Type>,
    ) -> (Environment, BTreeMap<String, Type>) {
        let mut arriving = entry.clone();
        let mut more = BTreeMap::new();
        for (name, meanings) in seen {
            let first = entry.get(&name).cloned();
            // What the compiler names within the body has another name at each attempt, and means nothing behind it, but for defaults.
            if first.is_none() && name.starts_with('.') && !name.starts_with(crate::closure::DEFAULT) {
                continue;
            }
            let mut joined = first.clone();
            let mut one_variable = true;
            for meaning in &meanings {
                one_variable &= variable_of(meaning.as_ref()) == variable_of(first.as_ref()) || first.is_none();
                joined = scope::join_binding(&name, joined.as_ref(), meaning.as_ref(), &mut |name, ty| self.variable(name, ty));
            }
            let set: Vec<VariableId> = meanings.iter().filter_map(|meaning| variable_of(meaning.as_ref())).collect();
            one_variable &= set.windows(2).all(|pair| pair[0] == pair[1]);
            let Some(mut binding) = joined else { continue };
            if let Binding::Value { variable, ty, .. } = &mut binding {
                match set.first() {
                    Some(only) if one_variable => *variable = *only,
                    _ if is_unit(ty) || kept.get(&name) == Some(ty) => {}
                    _ => {
                        more.insert(name.clone(), ty.clone());
                    }
                }
            }
            if first.is_none()
                && let Binding::Value { maybe_unbound, .. } = &mut binding
            {
                *maybe_unbound = true;
            }
            arriving.insert(name, binding);
        }
        (arriving, more)
    }

    /// How many bodies are around whose exceptions handlers take.
    pub(crate) fn caught_open(&self) -> usize {
        self.attempts.regions.iter().filter(|region| region.caught).count()
    }

    /// Notes what names mean here, for the handlers of the bodies around.
    pub(crate) fn note_names(&mut self) {
        let Self { attempts, environment, reachable, .. } = self;
        if !*reachable {
            return;
        }
        for region in &mut attempts.regions {
            for (name, binding) in environment.iter() {
                note(region.seen.entry(name.clone()).or_default(), Some(binding));
            }
            for (name, seen) in &mut region.seen {
                if !environment.contains_key(name) {
                    note(seen, None);
                }
            }
        }
    }

    /// A name was bound: notes that, and keeps the variables up to date in which handlers look for its value.
    pub(crate) fn keep_name(&mut self, name: &str, span: Span) {
        if self.attempts.regions.is_empty() {
            return;
        }
        let binding = self.environment.get(name).cloned();
        let mut targets = Vec::new();
        for region in &mut self.attempts.regions {
            note(region.seen.entry(name.to_owned()).or_default(), binding.as_ref());
            targets.extend(region.kept.get(name).cloned());
        }
        let Some(Binding::Value { variable, ty: own, .. }) = binding else { return };
        for ty in targets {
            let target = self.variable(name, &ty);
            if target != variable && !is_unit(&ty) && crate::unify::unify(&own, &ty).as_ref() == Some(&ty) {
                let value = coerce(self.read(variable, span), &ty);
                self.push(StmtKind::Assign(target, value), span);
            }
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            diagnostics: self.diagnostics.len(),
            returns: self.returns.len(),
            jumps: self.loops.iter().map(|frame| (frame.breaks.len(), frame.continues.len())).collect(),
            exits: self.attempts.finals.iter().map(|frame| frame.exits.len()).collect(),
            labels: self.attempts.labels.iter().map(|label| label.jumps.len()).collect(),
        }
    }

    /// Forgets what was found since.
    pub(crate) fn go_back(&mut self, mark: &Mark) {
        self.diagnostics.truncate(mark.diagnostics);
        self.returns.truncate(mark.returns);
        for (frame, (breaks, continues)) in self.loops.iter_mut().zip(&mark.jumps) {
            frame.breaks.truncate(*breaks);
            frame.continues.truncate(*continues);
        }
        for (frame, exits) in self.attempts.finals.iter_mut().zip(&mark.exits) {
            frame.exits.truncate(*exits);
        }
        for (label, jumps) in self.attempts.labels.iter_mut().zip(&mark.labels) {
            label.jumps.truncate(*jumps);
        }
    }

    /// A block that [`Typer::leave_label`] leaves from anywhere in it.
    pub(crate) fn labelled<T>(&mut self, span: Span, inside: impl FnOnce(&mut Self, u32) -> T) -> T {
        let id = self.attempt_id();
        let finals = self.attempts.finals.len();
        self.attempts.labels.push(Label { id, finals, jumps: Vec::new() });
        let (mut block, result) = self.in_block(|typer| inside(typer, id));
        let jumps = self.attempts.labels.pop().map(|label| label.jumps).unwrap_or_default();
        if jumps.is_empty() {
            self.block.extend(block);
            return result;
        }
        let end = self.take_environment();
        let mut joined = end.clone();
        for (_, environment) in &jumps {
            joined = self.join(joined, Some(environment.clone()));
        }
        if let Some(joined) = &joined {
            block.extend(end.iter().flat_map(|end| self.reconcile(end, joined, span)));
            for (jump, environment) in &jumps {
                let conversions = self.reconcile(environment, joined, span);
                self.patches.insert(*jump, conversions);
            }
        }
        self.set_environment(joined);
        // What leaves at the end comes there anyway.
        let at_end = block.pop_if(|stmt| matches!(stmt.kind, StmtKind::Exit(left, 0) if left == id)).is_some();
        if at_end && jumps.len() == 1 {
            self.block.extend(block);
            return result;
        }
        let exits = vec![Block::new()];
        self.push(StmtKind::Try { id, body: block, handlers: Vec::new(), orelse: Block::new(), exits }, span);
        result
    }

    /// Leaves that block, through what `finally` is in it.
    pub(crate) fn leave_label(&mut self, id: u32, span: Span) {
        if !self.reachable {
            return;
        }
        let finals = self.attempts.labels.iter().find(|label| label.id == id).map_or(0, |label| label.finals);
        if self.attempts.finals.len() > finals {
            self.exit(Way::Label(id, span), span);
            self.reachable = false;
            return;
        }
        let jump = self.jump(span);
        let environment = std::mem::take(&mut self.environment);
        self.reachable = false;
        if let Some(label) = self.attempts.labels.iter_mut().find(|label| label.id == id) {
            label.jumps.push((jump, environment));
        }
        self.push(StmtKind::Exit(id, 0), span);
    }

    /// Returns a value, through what `finally` is around.
    pub(crate) fn return_value(&mut self, value: Expr, span: Span) {
        if let Some(frame) = self.frame.clone() {
            self.return_from(&frame, value, span);
        } else if crate::closure::holds_closure(&value.ty) {
            self.surroundings_lost("a function inside this one", "are lost", span);
        } else if self.attempts.finals.is_empty() {
            self.returns.push((value.ty.clone(), value.span));
            self.push(StmtKind::Return(value), span);
        } else {
            let value = if crate::unify::is_static(&value) { value } else { self.snapshot(value) };
            self.exit(Way::Return(value, span), span);
        }
        self.reachable = false;
    }

    /// Whether a `break` or `continue` goes through a `finally`; then it is on its way.
    pub(crate) fn leaves_final(&mut self, is_break: bool, span: Span) -> bool {
        let through = self.attempts.finals.last().is_some_and(|frame| frame.loops == self.loops.len());
        if through {
            self.exit(Way::Leave(is_break, span), span);
            self.reachable = false;
        }
        through
    }

    fn exit(&mut self, way: Way, span: Span) {
        let environment = self.environment.clone();
        if let Some(frame) = self.attempts.finals.last_mut() {
            let kind = StmtKind::Exit(frame.id, frame.exits.len());
            frame.exits.push((way, environment));
            self.push(kind, span);
        }
    }

    /// Goes on with a way out behind a `finally`.
    fn go(&mut self, way: Way) -> Typed<()> {
        match way {
            Way::Return(value, span) => {
                // It is the function itself that returns, also where this `finally` is a generator's.
                let frame = self.frame.take();
                self.return_value(value, span);
                self.frame = frame;
                Ok(())
            }
            Way::Leave(is_break, span) => self.leave(is_break, span),
            Way::Label(id, span) => {
                self.leave_label(id, span);
                Ok(())
            }
        }
    }
}

fn variable_of(binding: Option<&Binding>) -> Option<VariableId> {
    match binding {
        Some(Binding::Value { variable, .. }) => Some(*variable),
        _ => None,
    }
}

/// What could not be typed says nothing: it is reported, or will be typed in the next attempt.
fn note(seen: &mut Vec<Option<Binding>>, binding: Option<&Binding>) {
    if binding != Some(&Binding::Poisoned) && !seen.iter().any(|other| other.as_ref() == binding) {
        seen.push(binding.cloned());
    }
}
