//! Generators in variables. One of a generator function waits, with its arguments evaluated, for the loop that runs over it, once. A generator
//! expression has an iterator of its outermost iterable: what is left of that is what is left of it, so that it may be run over in parts.

use crate::comprehension::Clause;
use crate::function::{Reported, Typed, Typer};
use crate::generator::Source;
use crate::ir::{self, Expr};
use crate::objects::Writer;
use crate::resolve::Static;
use crate::scope::Binding;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, ExprKind};

/// What the keys of generators in variables begin with.
pub(crate) const STORED: &str = "generator:";

/// A generator that was made.
#[derive(Clone)]
pub(crate) struct Stored {
    made: Made,
    /// How many loops and handlers are around the place where it was made.
    around: (usize, usize),
}

#[derive(Clone)]
enum Made {
    /// Of a function, with its arguments evaluated.
    Called(Box<Source>),
    /// An expression; its outermost iterable is a name of ours. What else it reads is read when it runs.
    Expression { element: Box<ast::Expr>, clauses: Vec<Clause> },
}

impl Typer<'_, '_> {
    pub(crate) fn stored_key(&self, name: &str) -> Option<String> {
        match self.environment.get(&self.bound_name(name)) {
            Some(Binding::Value { ty: Type::Function(key), .. }) if key.starts_with(STORED) && self.is_local(name) => Some(key.clone()),
            _ => None,
        }
    }

    /// `name = generator(...)`: it waits for the loop that runs over it; nothing if it is no generator.
    pub(crate) fn store_generator(&mut self, name: &str, value: &ast::Expr) -> Option<Typed<()>> {
        let expanded = self.is_lazy(value).then(|| self.expanded(value));
        let value = match &expanded {
            Some(Ok(expanded)) => expanded,
            Some(Err(Reported)) => return Some(Err(Reported)),
            None => value,
        };
        let made = match &value.kind {
            ExprKind::Comprehension { kind: "generator", element, clauses } => self.made_expression(element, clauses, value.span),
            ExprKind::Call(function, ..) => {
                let other = matches!(self.static_of(function), Some(Static::External(_))) || self.endless(value).is_some();
                if other || !self.is_generator(value) {
                    return None;
                }
                self.generator_source(value)?.map(|source| Made::Called(Box::new(source)))
            }
            _ => return None,
        };
        let made = match made {
            Ok(made) => made,
            Err(reported) => {
                self.poison_name(name);
                return Some(Err(reported));
            }
        };
        let bound = self.bound_name(name);
        let key = format!("{STORED}{}:{bound}", value.span.start);
        self.keep(&key, made);
        let ty = Type::Function(key);
        let variable = self.variable(&bound, &ty);
        self.environment.insert(bound, Binding::Value { ty, variable, known: None, maybe_unbound: false, span: value.span });
        Some(Ok(()))
    }

    fn keep(&mut self, key: &str, made: Made) {
        let around = (self.repeating, self.caught_open());
        self.generators.insert(key.to_owned(), Stored { made, around });
    }

    /// A generator expression whose outermost iterable was asked for an iterator, as when Python makes it.
    fn made_expression(&mut self, element: &ast::Expr, clauses: &[Clause], span: Span) -> Typed<Made> {
        let mut clauses = clauses.to_vec();
        if let Some((_, iterable, _)) = clauses.first_mut() {
            let write = Writer { span };
            let expanded = self.expanded(iterable)?;
            let name = self.own_name("iterator");
            if self.resumed(&expanded).is_some()
                && let ExprKind::Name(other) = &expanded.kind
                && let Some(binding) = self.environment.get(&self.bound_name(other)).cloned()
            {
                // Both take from it, each what the other has left.
                self.environment.insert(name.clone(), binding);
            } else if let Some(stored) = self.store_generator(&name, &expanded) {
                stored?;
            } else {
                let iterator = self.iterator(&expanded, iterable.span)?;
                self.bind(&name, iterator, span);
            }
            *iterable = write.name(&name);
        }
        Ok(Made::Expression { element: Box::new(element.clone()), clauses })
    }

    /// A generator expression in a variable, as it is now, if a part of it can be taken; none if there is no such in it.
    pub(crate) fn resumed(&self, name: &ast::Expr) -> Option<ast::Expr> {
        let ExprKind::Name(written) = &name.kind else { return None };
        let stored = self.generators.get(&self.stored_key(written)?)?;
        let Made::Expression { element, clauses } = &stored.made else { return None };
        if !self.goes_on(stored) {
            return None;
        }
        let kind = ExprKind::Comprehension { kind: "generator", element: element.clone(), clauses: clauses.clone() };
        Some(ast::Expr { span: name.span, kind })
    }

    /// Whether what is left of it can be run over later. What an exception within it leaves is nothing: its end must not be seen by a handler.
    fn goes_on(&self, stored: &Stored) -> bool {
        match &stored.made {
            Made::Expression { clauses, .. } => {
                let [(_, iterator, _)] = clauses.as_slice() else { return false };
                let known = self.iterating(iterator).is_some() || self.resumed(iterator).is_some();
                known && self.caught_open() <= stored.around.1
            }
            Made::Called(_) => false,
        }
    }

    /// A generator out of its variable: once, unless what is left of it is known.
    pub(crate) fn taken(&mut self, name: &str, key: &str, span: Span) -> Typed<Source> {
        let stored = self.generators.get(key).cloned();
        let goes_on = stored.as_ref().is_some_and(|stored| self.goes_on(stored));
        match stored {
            Some(stored) if goes_on || stored.around.0 == self.repeating => {
                if !goes_on {
                    self.use_up(key);
                }
                Ok(match stored.made {
                    Made::Called(source) => *source,
                    Made::Expression { element, clauses } => Source::new(self.expression_generator(&element, &clauses, span), Vec::new()),
                })
            }
            _ => {
                let title = if name.starts_with('.') {
                    "a generator is used again".to_owned()
                } else {
                    format!("the generator `{name}` is used again")
                };
                let label = "Python would find it at its end, or in the middle";
                let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, title, span, label);
                Err(self.report(diagnostic.with_hint("make a new one for each loop")))
            }
        }
    }

    /// Whoever else has it finds it at its end.
    fn use_up(&mut self, key: &str) {
        let (taken, used) = (Type::Function(key.to_owned()), Type::Function(format!("{STORED}used")));
        let holds = |binding: &Binding| matches!(binding, Binding::Value { ty, .. } if *ty == taken);
        let names: Vec<String> = self.environment.iter().filter(|(_, binding)| holds(binding)).map(|(name, _)| name.clone()).collect();
        for name in names {
            let fresh = self.variable(&name, &used);
            if let Some(Binding::Value { ty, variable, .. }) = self.environment.get_mut(&name) {
                (*ty, *variable) = (used.clone(), fresh);
            }
        }
    }

    /// An argument of a generator function: a generator runs where the function runs over it.
    pub(crate) fn lazy_argument(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        let expanded = self.expanded(expr)?;
        let lazy = match &expanded.kind {
            ExprKind::Name(_) => self.is_generator(&expanded) && self.iterating(&expanded).is_none(),
            _ => self.runs_once(&expanded) && !self.is_range(&expanded),
        };
        if !lazy {
            return self.argument_value(&expanded);
        }
        let source = match self.generator_source(&expanded) {
            Some(source) => source?,
            None => {
                // `zip(...)` and the like, run over once.
                let item = ast::Expr { span: expr.span, kind: ExprKind::Name(self.own_name("item")) };
                let function = self.expression_generator(&item, &[(item.clone(), expanded.clone(), Vec::new())], expr.span);
                Source::new(function, Vec::new())
            }
        };
        let key = format!("{STORED}{}", self.fresh_name("given"));
        self.keep(&key, Made::Called(Box::new(source)));
        Ok(Expr { ty: Type::Function(key), kind: ir::ExprKind::Unit, span: expr.span })
    }
}
