//! Generators, written out where a loop runs over them: the body of the loop stands in place of each `yield`. What the loop's body raises is
//! not for handlers of the generator, so a `yield` in a `try` with `except` is refused; a `finally` runs as Python runs it when the loop is left.

use crate::beside::Beside;
use crate::calls::Keywords;
use crate::comprehension::Clause;
use crate::expand::{Function, NameScope};
use crate::function::{LoopFrame, Reported, Typed, Typer, is_unit};
use crate::ir::Expr;
use crate::iterate::{Iterable, int_op};
use crate::resolve::{Static, int_constant};
use crate::scope::Binding;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, BinaryOp, ExprKind, FunctionDef, Stmt, StmtKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The loop that a generator yields to.
pub(crate) struct Consumer {
    scope: NameScope,
    target: ast::Expr,
    body: Vec<Stmt>,
    /// Behind the loop.
    after: u32,
    /// Names that the loop changes, as bound.
    pub changed: BTreeSet<String>,
    /// The variable that counts, of `enumerate` and `zip`.
    counter: Option<String>,
    /// What `zip` runs over beside the generator; else the number itself is given.
    beside: Option<Vec<Beside>>,
    /// How many of these stand before the generator: Python asks them first.
    place: usize,
    /// How many handlers are around the loop.
    handlers: usize,
}

/// A generator that a loop runs over.
#[derive(Clone)]
pub(crate) struct Source {
    function: Function,
    values: Vec<Expr>,
    /// The first number of `enumerate`; 0 for `zip`.
    start: Option<Expr>,
    /// What `zip` runs over beside it.
    beside: Option<Vec<Iterable>>,
    /// How many of these stand before it.
    place: usize,
}

impl Source {
    /// A generator whose arguments have these values.
    pub(crate) fn new(function: Function, values: Vec<Expr>) -> Self {
        Source { function, values, start: None, beside: None, place: 0 }
    }
}

impl Typer<'_, '_> {
    /// `for` over a generator; nothing if it is none.
    pub(crate) fn for_generator(
        &mut self,
        target: &ast::Expr,
        iter: &ast::Expr,
        body: &[Stmt],
        orelse: &[Stmt],
        span: Span,
    ) -> Option<Typed<()>> {
        if let Some(done) = self.for_iterator(target, iter, body, orelse, span) {
            return Some(done);
        }
        let Source { function, values, start, beside, place } = match self.generator_source(iter)? {
            Ok(source) => source,
            Err(reported) => {
                self.poison(std::slice::from_ref(target));
                return Some(Err(reported));
            }
        };
        let mut changed = self.changed_names(Some(target), body);
        let counter = start.map(|start| {
            let name = self.fresh_name("n");
            self.bind(&name, start, span);
            changed.insert(name.clone());
            name
        });
        let beside = match beside.map(|beside| self.besides(beside, &mut changed, span)).transpose() {
            Ok(beside) => beside,
            Err(reported) => return Some(Err(reported)),
        };
        let scope = self.name_scope();
        let handlers = self.caught_open();
        let (target, body) = (target.clone(), body.to_vec());
        Some(self.labelled(span, |typer, after| {
            typer.labelled(span, |typer, end| {
                for one in beside.iter().flatten().take(place) {
                    typer.take_beside(one, &int_constant(0, span), end, span)?;
                }
                let consumer =
                    Arc::new(Consumer { scope, target, body, after, changed, counter: counter.clone(), beside, place, handlers });
                typer.expand(&function, values, None, Some(consumer), span)
            })?;
            if let Some(counter) = &counter {
                typer.environment.remove(counter);
            }
            if typer.reachable {
                typer.statements(orelse);
            }
            Ok(())
        }))
    }

    /// Whether a loop over it runs over a generator.
    pub(crate) fn is_generator(&mut self, iter: &ast::Expr) -> bool {
        match &iter.kind {
            ExprKind::Name(name) => self.stored_key(name).is_some() || self.iterating(iter).is_some(),
            ExprKind::Call(function, arguments, _) => match self.static_of(function) {
                Some(Static::External(full)) if full == "builtins.enumerate" || full == "builtins.zip" => {
                    arguments.first().is_some_and(|argument| self.is_generator(argument))
                }
                Some(Static::Function(_, definition)) => hypersonic_scan::is_generator(&definition.body),
                Some(_) => false,
                None => self.closure_of(function).is_some_and(|closure| closure.generator),
            },
            _ => false,
        }
    }

    fn closure_of(&self, function: &ast::Expr) -> Option<Arc<crate::closure::Closure>> {
        let ExprKind::Name(name) = &function.kind else { return None };
        match self.environment.get(&self.bound_name(name)) {
            Some(Binding::Value { ty: Type::Function(key), .. }) if self.is_local(name) => self.closures.get(key).cloned(),
            _ => None,
        }
    }

    pub(crate) fn generator_source(&mut self, iter: &ast::Expr) -> Option<Typed<Source>> {
        let plain = |made: Typed<(Function, Vec<Expr>)>| made.map(|(function, values)| Source::new(function, values));
        match &iter.kind {
            ExprKind::Name(_) if self.iterating(iter).is_some() => {
                let item = ast::Expr { span: iter.span, kind: ExprKind::Name(self.own_name("item")) };
                let clauses = [(item.clone(), iter.clone(), Vec::new())];
                Some(plain(Ok((self.expression_generator(&item, &clauses, iter.span), Vec::new()))))
            }
            ExprKind::Name(name) => {
                let key = self.stored_key(name)?;
                Some(self.taken(name, &key, iter.span))
            }
            ExprKind::Comprehension { kind: "generator", element, clauses } => {
                Some(plain(Ok((self.expression_generator(element, clauses, iter.span), Vec::new()))))
            }
            ExprKind::Call(function, arguments, keywords) => {
                if let Some(Static::External(full)) = self.static_of(function)
                    && full == "builtins.enumerate"
                {
                    let comprehension = |argument: &ast::Expr| matches!(argument.kind, ExprKind::Comprehension { kind: "generator", .. });
                    let inner = arguments.first()?;
                    if !self.is_generator(inner) && !comprehension(inner) {
                        return None;
                    }
                    return Some(self.enumerated(arguments, keywords, iter.span));
                }
                if let Some(Static::External(full)) = self.static_of(function)
                    && full == "builtins.zip"
                    && keywords.is_empty()
                {
                    return self.zipped(arguments, iter.span);
                }
                self.is_generator(iter).then(|| plain(self.made(function, arguments, keywords, iter.span)))
            }
            _ => None,
        }
    }

    fn enumerated(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Source> {
        let start = match (arguments, keywords) {
            ([_], []) => None,
            ([_, start], []) => Some(start),
            ([_], [(Some(name), start)]) if name == "start" => Some(start),
            _ => return Err(self.type_error("`enumerate` takes one iterable and a start", span, "given something else")),
        };
        let Some(source) = arguments.first().and_then(|inner| self.generator_source(inner)) else { return Err(Reported) };
        let mut source = source?;
        if source.start.is_some() {
            let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, "`enumerate` of `enumerate` of a generator", span, "not compiled");
            return Err(self.report(diagnostic.with_hint("count in a variable of your own")));
        }
        source.start = Some(match start {
            Some(start) => {
                let start = self.expression(start)?;
                self.python_int(start, "the start of `enumerate`")?
            }
            None => int_constant(0, span),
        });
        Ok(source)
    }

    /// `zip` of a generator and of what can be looked at by number.
    fn zipped(&mut self, arguments: &[ast::Expr], span: Span) -> Option<Typed<Source>> {
        let generators: Vec<bool> =
            arguments.iter().map(|argument| self.is_generator(argument) && self.endless(argument).is_none()).collect();
        let place = generators.iter().position(|is| *is)?;
        if generators.iter().filter(|is| **is).count() > 1 {
            let title = "`zip` of several generators is not compiled";
            let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, title, span, "each would have to wait for the others");
            return Some(Err(self.report(diagnostic.with_hint("name the generator first, and run over one generator only"))));
        }
        let (mut source, mut beside) = (None, Vec::new());
        for (n, argument) in arguments.iter().enumerate() {
            if n == place {
                source = self.generator_source(argument);
                continue;
            }
            match self.iterable_beside(argument) {
                Ok(iterable) => beside.push(iterable),
                Err(reported) => return Some(Err(reported)),
            }
        }
        let counted = |source: Source| match source.start {
            None => Ok(Source { start: Some(int_constant(0, span)), beside: Some(beside), place, ..source }),
            Some(_) => Err(()),
        };
        Some(source?.and_then(|source| {
            counted(source).map_err(|()| {
                let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, "`zip` of `enumerate` of a generator", span, "not compiled");
                self.report(diagnostic.with_hint("count in a variable of your own"))
            })
        }))
    }

    /// A call of a generator function: its arguments are evaluated, its body waits.
    fn made(&mut self, function: &ast::Expr, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<(Function, Vec<Expr>)> {
        let (function, definition, file) = match self.static_of(function) {
            Some(Static::Function(file, definition)) => {
                self.refuse_decorated(file, &definition, span)?;
                (Function::of_package(file, Arc::clone(&definition)), definition, file)
            }
            _ => {
                let Some(closure) = self.closure_of(function) else { return Err(Reported) };
                (Function::of_closure(&closure), Arc::clone(&closure.definition), closure.scope.file)
            }
        };
        let arguments = self.arguments_as(Self::lazy_argument, None, arguments, keywords, span)?;
        let values = self.bind_arguments(file, &definition, 0, arguments)?;
        let values = values.into_iter().map(|value| if is_unit(&value.ty) { value } else { self.snapshot(value) }).collect();
        Ok((function, values))
    }

    /// A generator expression as a generator without parameters that sees the variables around it.
    pub(crate) fn expression_generator(&self, element: &ast::Expr, clauses: &[Clause], span: Span) -> Function {
        let stmt = |kind| Stmt { span, kind };
        let item = ast::Expr { span: element.span, kind: ExprKind::Yield(Some(Box::new(element.clone()))) };
        let mut body = vec![stmt(StmtKind::Expr(item))];
        for (target, iter, conditions) in clauses.iter().rev() {
            for condition in conditions.iter().rev() {
                body = vec![stmt(StmtKind::If { test: condition.clone(), body, orelse: Vec::new() })];
            }
            body = vec![stmt(StmtKind::For { target: target.clone(), iter: iter.clone(), body, orelse: Vec::new() })];
        }
        let definition = FunctionDef {
            span,
            name_span: span,
            name: "<genexpr>".to_owned(),
            decorators: Vec::new(),
            type_parameters: Vec::new(),
            parameters: Vec::new(),
            vararg: None,
            kwarg: None,
            returns: None,
            body,
            is_async: false,
        };
        Function::here(definition, self)
    }

    /// `yield value`.
    pub(crate) fn yield_item(&mut self, value: Option<&ast::Expr>, span: Span) -> Typed<()> {
        let Some(consumer) = self.frame.as_ref().and_then(|frame| frame.consumer.clone()) else {
            return Err(self.generator_as_value("this function", span));
        };
        if self.caught_open() > consumer.handlers {
            let diagnostic = Diagnostic::new(
                Id::UnsupportedGenerator,
                "a generator yields within `try` with `except`",
                span,
                "what the loop raises is not for that handler",
            );
            return Err(self.report(diagnostic.with_hint("compute the value in the `try`, and yield it behind")));
        }
        let none = ast::Expr { span, kind: ExprKind::None };
        let mut item = self.value(value.unwrap_or(&none))?;
        let scope = consumer.scope.clone();
        if let Some(counter) = &consumer.counter {
            let number = self.local(counter, span)?;
            let number = self.snapshot(number);
            let next = int_op(BinaryOp::Add, number.clone(), int_constant(1, span));
            let mark = self.block.len();
            self.bind(counter, next, span);
            self.keep_order(&mut item, mark);
            item = match &consumer.beside {
                None => crate::expression::tuple(vec![number, item], span),
                Some(beside) => {
                    let item = self.hold(item);
                    self.item_beside(&consumer, item, &number, beside, span)?
                }
            };
        }
        // What loops in the body found for another `yield` need not hold for this one.
        self.loop_heads.clear();
        let yielded = self.in_scope(scope, |typer| {
            typer.labelled(span, |typer, next| {
                typer.loops.push(LoopFrame { labels: Some((consumer.after, next)), ..LoopFrame::default() });
                let assigned = typer.assign(&consumer.target, item);
                if assigned.is_err() {
                    typer.poison(std::slice::from_ref(&consumer.target));
                }
                typer.statements(&consumer.body);
                typer.loops.pop();
                assigned
            })
        });
        // What stands before the generator in `zip` is asked before it goes on.
        if let (Some(counter), Some(beside)) = (&consumer.counter, &consumer.beside)
            && self.reachable
        {
            let end = self.frame.as_ref().map_or(consumer.after, |frame| frame.label);
            for one in beside.iter().take(consumer.place) {
                let number = self.local(counter, span)?;
                self.take_beside(one, &number, end, span)?;
            }
        }
        yielded
    }

    /// The items of `zip`; where one of the others is at its end, so is the loop.
    fn item_beside(&mut self, consumer: &Consumer, item: Expr, number: &Expr, beside: &[Beside], span: Span) -> Typed<Expr> {
        // As if the generator had come to its end: no `break`, an `else` is run.
        let end = self.frame.as_ref().map_or(consumer.after, |frame| frame.label);
        for one in beside.iter().skip(consumer.place) {
            self.take_beside(one, number, end, span)?;
        }
        let mut items = beside.iter().map(|one| self.local(&one.item, span)).collect::<Typed<Vec<Expr>>>()?;
        items.insert(consumer.place.min(items.len()), item);
        Ok(crate::expression::tuple(items, span))
    }

    /// `yield from items`.
    pub(crate) fn yield_from(&mut self, items: &ast::Expr, span: Span) -> Typed<()> {
        let name = ast::Expr { span, kind: ExprKind::Name(self.fresh_name("item")) };
        if let ExprKind::Name(name) = &name.kind {
            self.locals.insert(name.clone());
        }
        let item = ast::Expr { span, kind: ExprKind::Yield(Some(Box::new(name.clone()))) };
        let body = [Stmt { span, kind: StmtKind::Expr(item) }];
        self.for_loop(&name, items, &body, &[], span)
    }

    /// `x = yield v`.
    pub(crate) fn yield_as_value(&mut self, span: Span) -> Reported {
        let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, "a `yield` is compiled as a statement only", span, "used as a value");
        self.report(diagnostic.with_hint("yield in a statement of its own"))
    }

    /// A generator where no loop runs over it.
    pub(crate) fn generator_as_value(&mut self, name: &str, span: Span) -> Reported {
        let title = format!("the generator of `{name}` is not run over here");
        let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, title, span, "no `for` or `sum` around");
        self.report(diagnostic.with_hint("run over it with `for`; it is written out there"))
    }

    /// `next(g)`, `iter(g)`.
    pub(crate) fn single_items(&mut self, name: &str, span: Span) -> Reported {
        let title = format!("`{name}` is not compiled");
        let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, title, span, "asks for items one by one");
        self.report(diagnostic.with_hint("run over it with `for`, and `break`"))
    }
}
