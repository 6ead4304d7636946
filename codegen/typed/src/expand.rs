//! Functions that are written out where they are called, because the call cannot be compiled by itself: generators, functions that set
//! variables of the function around them, and functions that are given such a function. Their variables get names of their own, `return`
//! leaves a block.

use crate::closure::Closure;
use crate::function::{Typed, Typer, is_unit};
use crate::generator::Consumer;
use crate::ir::{Block, Expr, ExprKind, StmtKind};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::FunctionDef;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most functions written out in each other.
const MAX_EXPANSIONS: usize = 20;
/// And how many of them there may be for one call that is written in the source.
const MAX_WRITTEN_OUT: usize = 100;
/// Most statements of a function in which functions are written out.
const MAX_STATEMENTS: usize = 3000;

/// The names that a piece of code sees.
#[derive(Clone)]
pub(crate) struct NameScope {
    /// Whose module it is.
    pub file: u32,
    locals: BTreeSet<String>,
    renames: Vec<(String, String)>,
    frame: Option<Frame>,
    /// In which of the functions that are written out: containers that are made in each have types of their own.
    identity: String,
}

/// A function that is written out.
#[derive(Clone)]
pub(crate) struct Frame {
    /// The block that `return` leaves.
    pub label: u32,
    /// Where its result goes; a generator has none.
    result: Option<String>,
    /// What a generator yields to.
    pub consumer: Option<Arc<Consumer>>,
}

/// A function to write out.
#[derive(Clone)]
pub(crate) struct Function {
    definition: Arc<FunctionDef>,
    /// The names around it.
    around: NameScope,
}

impl Function {
    /// A function of a module.
    pub(crate) fn of_package(file: u32, definition: Arc<FunctionDef>) -> Self {
        Self { definition, around: NameScope { file, locals: BTreeSet::new(), renames: Vec::new(), frame: None, identity: String::new() } }
    }

    /// A function in a function.
    pub(crate) fn of_closure(closure: &Closure) -> Self {
        Self { definition: Arc::clone(&closure.definition), around: closure.scope.clone() }
    }

    /// A function that is made here.
    pub(crate) fn here(definition: FunctionDef, typer: &Typer<'_, '_>) -> Self {
        Self { definition: Arc::new(definition), around: typer.name_scope() }
    }
}

impl Typer<'_, '_> {
    /// The names that are seen here.
    pub(crate) fn name_scope(&self) -> NameScope {
        let (locals, renames) = (self.locals.clone(), self.renames.clone());
        NameScope { file: self.file, locals, renames, frame: self.frame.clone(), identity: self.identity.clone() }
    }

    /// Types something that sees other names.
    pub(crate) fn in_scope<T>(&mut self, scope: NameScope, inside: impl FnOnce(&mut Self) -> T) -> T {
        let NameScope { file, locals, renames, frame, identity } = scope;
        let identity = std::mem::replace(&mut self.identity, identity);
        let file = std::mem::replace(&mut self.file, file);
        let locals = std::mem::replace(&mut self.locals, locals);
        let renames = std::mem::replace(&mut self.renames, renames);
        let frame = std::mem::replace(&mut self.frame, frame);
        let result = inside(self);
        (self.file, self.locals, self.renames, self.frame) = (file, locals, renames, frame);
        self.identity = identity;
        result
    }

    /// A call, written out.
    pub(crate) fn expand_call(&mut self, function: &Function, values: Vec<Expr>, span: Span) -> Typed<Expr> {
        if self.choices > 0 {
            let title = format!("`{}` is called in a part of an expression that may be left out", function.definition.name);
            let diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, span, "sets variables, or uses them as another function");
            return Err(self.report(diagnostic.with_hint("call it in a statement of its own")));
        }
        let result = self.fresh_name("result");
        let found = self.diagnostics.len();
        self.expand(function, values, Some(result.clone()), None, span)?;
        if self.diagnostics.len() > found {
            return Err(crate::function::Reported);
        }
        if !self.environment.contains_key(&result) {
            // It never returns.
            return Ok(Expr { ty: Type::None, kind: ExprKind::Unit, span });
        }
        let value = self.local(&result, span)?;
        self.environment.remove(&result);
        Ok(value)
    }

    /// Writes a function out for these arguments.
    pub(crate) fn expand(
        &mut self,
        function: &Function,
        values: Vec<Expr>,
        result: Option<String>,
        consumer: Option<Arc<Consumer>>,
        span: Span,
    ) -> Typed<()> {
        let definition = &function.definition;
        self.expands_once_more(definition, span)?;
        if definition.is_async {
            let title = format!("`{}` has `async`, which is not compiled", definition.name);
            return Err(self.report(Diagnostic::new(Id::UnsupportedDefinition, title, definition.name_span, "defined here")));
        }
        self.unit.note_piece(function.around.file, &definition.name);
        let parameters: Vec<String> = definition
            .parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .chain(definition.vararg.iter().chain(&definition.kwarg).cloned())
            .collect();
        let mut own: BTreeSet<String> = parameters.iter().cloned().collect();
        crate::names::assigned(&definition.body, &mut own);
        hypersonic_scan::nonlocals(&definition.body).iter().for_each(|name| _ = own.remove(name));
        let mut scope = function.around.clone();
        scope.identity = format!("{}/{}:{}", self.identity, self.file, span.start);
        let mut bound = Vec::with_capacity(own.len());
        for name in own {
            let fresh = self.fresh_name(&format!("{name}."));
            bound.push(fresh.clone());
            scope.renames.push((name, fresh));
        }
        let (loops, conditions) = (std::mem::take(&mut self.loop_heads), self.conditions);
        self.expansions += 1;
        self.copies = true;
        self.labelled(span, |typer, label| {
            scope.frame = Some(Frame { label, result: result.clone(), consumer });
            typer.in_scope(scope, |typer| {
                for name in &bound {
                    typer.flag(name, false, span);
                }
                for (name, value) in parameters.iter().zip(values) {
                    typer.bind(name, value, span);
                }
                typer.statements(&definition.body);
            });
            if let Some(result) = &result
                && typer.reachable
            {
                typer.bind(result, Expr { ty: Type::None, kind: ExprKind::Unit, span }, span);
            }
        });
        self.expansions -= 1;
        (self.loop_heads, self.conditions) = (loops, conditions);
        for name in &bound {
            self.environment.remove(name);
        }
        Ok(())
    }

    /// Counts the functions that are written out, within limits: where one calls itself at several places, depth alone bounds nothing.
    fn expands_once_more(&mut self, definition: &FunctionDef, span: Span) -> Typed<()> {
        if self.expansions >= MAX_EXPANSIONS {
            let title = format!("`{}` would be written out in itself", definition.name);
            let label = format!("more than {MAX_EXPANSIONS} deep");
            return Err(self.report(Diagnostic::new(Id::TooComplex, title, span, label)));
        }
        self.written_out = if self.expansions == 0 { 1 } else { self.written_out + 1 };
        if self.written_out > MAX_WRITTEN_OUT {
            let title = format!("`{}` is written out too often, in itself or in what it calls", definition.name);
            let label = format!("more than {MAX_WRITTEN_OUT} times for one call");
            return Err(self.report(Diagnostic::new(Id::TooComplex, title, span, label)));
        }
        Ok(())
    }

    /// Where functions were written out in each other, each with several `yield`, the code may grow beyond measure.
    pub(crate) fn refuse_copies(&mut self, span: Span) {
        if self.copies && count(&self.block) > MAX_STATEMENTS {
            let title = "the function is too large with what is written out in it";
            let diagnostic = Diagnostic::new(Id::TooComplex, title, span, format!("more than {MAX_STATEMENTS} statements"));
            self.report(diagnostic.with_hint("yield at fewer places, or fill an array instead"));
        }
    }

    /// `return` in a function that is written out.
    pub(crate) fn return_from(&mut self, frame: &Frame, value: Expr, span: Span) {
        match &frame.result {
            Some(result) => {
                let value = if is_unit(&value.ty) { value } else { self.snapshot(value) };
                self.bind(result, value, span);
            }
            None => self.evaluate(&value),
        }
        self.leave_label(frame.label, span);
    }

    /// Names that a loop may change though its own statements do not: by functions that set variables around them, and in what a
    /// generator yields to.
    pub(crate) fn changed_elsewhere(&self) -> Vec<String> {
        let consumer = self.frame.iter().flat_map(|frame| &frame.consumer).flat_map(|consumer| consumer.changed.iter().cloned());
        let nonlocals = self.closures.values().flat_map(|closure| closure.nonlocals.iter().cloned());
        consumer.chain(nonlocals).chain(self.counters()).collect()
    }
}

/// The statements of a block, those of blocks in it included.
fn count(block: &Block) -> usize {
    let mut number = block.len();
    for stmt in block {
        number += match &stmt.kind {
            StmtKind::If { then: a, otherwise: b, .. } | StmtKind::While { body: a, orelse: b, .. } => count(a) + count(b),
            StmtKind::ForRange { body, orelse, .. } => count(body) + count(orelse),
            StmtKind::Unrolled { iterations, orelse } => iterations.iter().map(count).sum::<usize>() + count(orelse),
            StmtKind::Try { body, handlers, orelse, exits, .. } => {
                let handlers: usize = handlers.iter().map(|handler| count(&handler.body)).sum();
                count(body) + handlers + count(orelse) + exits.iter().map(count).sum::<usize>()
            }
            _ => 0,
        };
    }
    number
}
