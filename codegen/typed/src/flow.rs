//! Loops: what their names are is found by typing the body until it no longer changes.

use crate::function::{LoopFrame, Typed, Typer};
use crate::ir::{Block, Stmt, StmtKind, VariableId};
use crate::logic::{constant_bool, negation};
use crate::names;
use crate::resolve::bool_constant;
use crate::scope::{self, Binding, Environment};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast;
use std::collections::BTreeSet;

/// Most attempts at one loop: names can only grow through a few types each.
const MAX_ATTEMPTS: usize = 100;

/// A loop whose body is typed.
pub(crate) struct Looped {
    /// The body.
    pub body: Block,
    /// What names mean when the loop is left at its head.
    pub head: Environment,
    /// What names mean when the body has run at least once and goes on; nothing if it never does.
    pub again: Option<Environment>,
    /// Jumps that leave the loop.
    pub breaks: Vec<(u32, Environment)>,
}

impl Typer<'_, '_> {
    /// Types the body of a loop that may change `names`, again and again until their types hold.
    pub(crate) fn fixpoint(&mut self, span: Span, names: &BTreeSet<String>, mut body: impl FnMut(&mut Self)) -> Looped {
        let entry = std::mem::take(&mut self.environment);
        let mut head = entry.clone();
        let cached = self.loop_heads.get(&span).cloned();
        for name in names {
            let earlier = cached.as_ref().and_then(|cached| cached.get(name));
            let here = entry.get(name);
            // What an earlier attempt found only helps where the name is set here, too.
            let joined = if here.is_some() && earlier.is_some() { self.join_one(name, here, earlier) } else { here.cloned() };
            if let Some(binding) = joined {
                head.insert(name.clone(), scope::forget_value(binding));
            }
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mark = self.mark();
            self.environment = head.clone();
            self.reachable = true;
            self.loops.push(LoopFrame::default());
            self.repeating += 1;
            let (mut block, ()) = self.in_block(&mut body);
            self.repeating -= 1;
            let frame = self.loops.pop().unwrap_or_default();
            let end = self.take_environment();
            let mut edges: Vec<&Environment> = frame.continues.iter().map(|(_, environment)| environment).collect();
            edges.extend(end.as_ref());
            let (joined, stable) = self.join_edges(&head, &edges, names);
            if !stable && attempt == MAX_ATTEMPTS {
                let title = "the types of the variables of this loop could not be found";
                self.report(Diagnostic::new(Id::TooComplex, title, span, "they change in every attempt"));
            } else if !stable {
                self.go_back(&mark);
                head = joined;
                continue;
            }
            self.loop_heads.insert(span, joined.clone());
            let before = self.reconcile(&entry, &joined, span);
            self.block.extend(before);
            if let Some(end) = &end {
                block.extend(self.reconcile(end, &joined, span));
            }
            for (jump, environment) in &frame.continues {
                let conversions = self.reconcile(environment, &joined, span);
                self.patches.insert(*jump, conversions);
            }
            let mut exit = joined;
            for name in names {
                if edges.iter().any(|edge| edge.get(name) == Some(&Binding::Poisoned)) {
                    exit.insert(name.clone(), Binding::Poisoned);
                }
            }
            let again = self.after_body(&exit, &edges);
            return Looped { body: block, head: exit, again, breaks: frame.breaks };
        }
    }

    fn join_one(&mut self, name: &str, a: Option<&Binding>, b: Option<&Binding>) -> Option<Binding> {
        scope::join_binding(name, a, b, &mut |name, ty| self.variable(name, ty))
    }

    /// What names mean at the head when all edges are taken into account, and whether the body was typed with just that.
    fn join_edges(&mut self, head: &Environment, edges: &[&Environment], names: &BTreeSet<String>) -> (Environment, bool) {
        let mut joined = head.clone();
        let mut stable = true;
        for name in names {
            let mut binding = head.get(name).cloned();
            let mut first = None;
            let mut one_variable = true;
            for edge in edges {
                // A value that could not be typed says nothing; what is wrong with it is reported in the last attempt, too.
                let here = edge.get(name);
                if here == Some(&Binding::Poisoned) {
                    continue;
                }
                binding = self.join_one(name, binding.as_ref(), here);
                if let Some(Binding::Value { variable, .. }) = here {
                    one_variable &= first.is_none_or(|first| first == *variable);
                    first = Some(*variable);
                }
            }
            let poisoned = edges.iter().any(|edge| edge.get(name) == Some(&Binding::Poisoned));
            let Some(binding) = binding else {
                if poisoned {
                    joined.insert(name.clone(), Binding::Poisoned);
                }
                continue;
            };
            let binding = scope::forget_value(binding);
            // A name that is not set before the loop needs no second attempt if the body always makes it the same:
            // whatever the body read of it is reported already.
            let new_but_same = !head.contains_key(name) && one_variable && !self.unset_reads.contains(name);
            stable &= new_but_same || scope::same_shape(head.get(name), Some(&binding));
            joined.insert(name.clone(), binding);
        }
        (joined, stable)
    }

    /// What names mean after the body ran at least once: those that every edge sets are set.
    fn after_body(&mut self, head: &Environment, edges: &[&Environment]) -> Option<Environment> {
        if edges.is_empty() {
            return None;
        }
        let mut after = head.clone();
        for (name, binding) in &mut after {
            if let Binding::Value { maybe_unbound, .. } = binding {
                *maybe_unbound = edges.iter().any(|edge| match edge.get(name) {
                    Some(Binding::Value { maybe_unbound, .. }) => *maybe_unbound,
                    _ => true,
                });
            }
        }
        Some(after)
    }

    /// Types `else`, joins the breaks, and gives the `else` block with what must happen when the loop ends by itself.
    pub(crate) fn end_loop(
        &mut self,
        exit: Option<Environment>,
        orelse: &[ast::Stmt],
        breaks: Vec<(u32, Environment)>,
        span: Span,
    ) -> Block {
        self.set_environment(exit);
        let reachable = self.reachable;
        let (mut block, ()) = self.in_block(|typer| {
            if reachable {
                typer.statements(orelse);
            }
        });
        let end = self.take_environment();
        let mut joined = end.clone();
        for (_, environment) in &breaks {
            joined = self.join(joined, Some(environment.clone()));
        }
        if let Some(joined) = &joined {
            block.extend(end.iter().flat_map(|end| self.reconcile(end, joined, span)));
            for (jump, environment) in &breaks {
                let conversions = self.reconcile(environment, joined, span);
                self.patches.insert(*jump, conversions);
            }
        }
        self.set_environment(joined);
        block
    }

    /// Names that a loop may change, as they are bound.
    pub(crate) fn changed_names(&self, target: Option<&ast::Expr>, body: &[ast::Stmt]) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        names::assigned(body, &mut changed);
        if let Some(target) = target {
            names::pattern(target, &mut changed);
        }
        let attributes = self.settable_attributes();
        let elsewhere = self.changed_elsewhere();
        changed.iter().map(|name| self.bound_name(name)).chain(attributes).chain(elsewhere).collect()
    }

    /// `while`.
    pub(crate) fn while_loop(&mut self, test: &ast::Expr, body: &[ast::Stmt], orelse: &[ast::Stmt], span: Span) -> Typed<()> {
        let mut set = BTreeSet::new();
        names::walruses(test, &mut set);
        let mut changed = self.changed_names(None, body);
        changed.extend(set.iter().map(|name| self.bound_name(name)));
        let mut condition = None;
        // Where the condition itself sets variables, or attributes by a method, they are what they are after it.
        let mut after_test = None;
        let looped = self.fixpoint(span, &changed, |typer| {
            let attributes = typer.attribute_bindings();
            let (before, typed) = typer.in_block(|typer| typer.test(test));
            after_test = (!set.is_empty() || typer.attribute_bindings() != attributes).then(|| typer.environment.clone());
            if typed.as_ref().is_ok_and(|test| constant_bool(test) == Some(false)) {
                typer.reachable = false;
            }
            condition = Some((before, typed));
            typer.assume(test, true);
            typer.statements(body);
        });
        let Some((before, Ok(test))) = condition else {
            self.end_loop(Some(looped.head), orelse, looped.breaks, span);
            return Err(crate::function::Reported);
        };
        let forever = constant_bool(&test) == Some(true);
        let exit = (!forever).then_some(after_test.unwrap_or(looped.head));
        let orelse_written = !orelse.is_empty();
        let orelse = self.end_loop(exit, orelse, looped.breaks, span);
        if before.is_empty() {
            self.push(StmtKind::While { test, body: looped.body, orelse }, span);
            return Ok(());
        }
        // The condition needs statements of its own: `while True: before; if not test: break; body`. What `else` says runs behind the
        // loop, as a jump in it leaves a loop around.
        let ended = orelse_written.then(|| self.fresh_variable(".ended".to_owned(), Type::BOOL));
        let mut leave = Block::new();
        let mut after = orelse;
        match ended {
            Some(ended) => {
                self.push(StmtKind::Assign(ended, bool_constant(false, span)), span);
                leave.push(Stmt { span, kind: StmtKind::Assign(ended, bool_constant(true, span)) });
            }
            None => leave.append(&mut after),
        }
        leave.push(Stmt { span, kind: StmtKind::Break });
        let mut full = before;
        full.push(Stmt { span, kind: StmtKind::If { test: negation(test, span), then: leave, otherwise: Vec::new() } });
        full.extend(looped.body);
        self.push(StmtKind::While { test: bool_constant(true, span), body: full, orelse: Vec::new() }, span);
        if let Some(ended) = ended {
            let test = self.read(ended, span);
            self.push(StmtKind::If { test, then: after, otherwise: Vec::new() }, span);
        }
        Ok(())
    }

    /// A counted loop: `bind` runs at the start of each iteration, the loop variable is `counter`.
    pub(crate) fn counted(
        &mut self,
        counter: Counter,
        target: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        mut bind: impl FnMut(&mut Self, VariableId) -> Typed<()>,
        span: Span,
    ) {
        let changed = self.changed_names(Some(target), body);
        let Counter { variable, start, stop, step, never_empty } = counter;
        let looped = self.fixpoint(span, &changed, |typer| {
            if bind(typer, variable).is_err() {
                typer.poison(std::slice::from_ref(target));
            }
            typer.statements(body);
        });
        let exit = if never_empty { looped.again } else { Some(looped.head) };
        let orelse = self.end_loop(exit, orelse, looped.breaks, span);
        self.push(StmtKind::ForRange { variable, start, stop, step, body: looped.body, orelse }, span);
    }

    /// One block per iteration.
    pub(crate) fn unrolled(
        &mut self,
        items: Vec<crate::ir::Expr>,
        target: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
    ) {
        let mut iterations: Vec<Block> = Vec::with_capacity(items.len());
        let mut breaks = Vec::new();
        for item in items {
            if !self.reachable {
                break;
            }
            // What loops inside found for the item before need not hold for this one.
            self.loop_heads.clear();
            self.loops.push(LoopFrame::default());
            let (mut block, ()) = self.in_block(|typer| {
                if typer.assign(target, item).is_err() {
                    typer.poison(std::slice::from_ref(target));
                }
                typer.statements(body);
            });
            let frame = self.loops.pop().unwrap_or_default();
            let end = self.take_environment();
            let mut joined = end.clone();
            for (_, environment) in &frame.continues {
                joined = self.join(joined, Some(environment.clone()));
            }
            if let Some(joined) = &joined {
                block.extend(end.iter().flat_map(|end| self.reconcile(end, joined, span)));
                for (jump, environment) in &frame.continues {
                    let conversions = self.reconcile(environment, joined, span);
                    self.patches.insert(*jump, conversions);
                }
            }
            self.set_environment(joined);
            breaks.extend(frame.breaks);
            iterations.push(block);
        }
        let exit = self.take_environment();
        let orelse = self.end_loop(exit, orelse, breaks, span);
        self.push(StmtKind::Unrolled { iterations, orelse }, span);
    }
}

/// How a counted loop counts.
pub(crate) struct Counter {
    /// What counts.
    pub variable: VariableId,
    /// From.
    pub start: crate::ir::Expr,
    /// To, excluded.
    pub stop: crate::ir::Expr,
    /// By.
    pub step: crate::ir::Expr,
    /// Whether there is an iteration for sure.
    pub never_empty: bool,
}
