//! Iterators as values: what `iter(x)` gives for what has numbered items. Which iterator a name holds is known at build time; the number of its
//! next item is a variable of the function around. A generator has no such number: `next` of one is compiled where it is made, and of a generator
//! expression over what has one.

use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir;
use crate::iterate::Iterable;
use crate::objects::Writer;
use crate::resolve::int_constant;
use crate::scope::Binding;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, BinaryOp, Expr, ExprKind, Stmt, StmtKind};

/// What the keys of iterators begin with.
pub(crate) const ITERATOR: &str = "iterator:";
/// The number of an iterator that has come to its end: it stays there.
const ENDED: i64 = 1 << 62;

/// An iterator, in names of our own.
#[derive(Clone, Debug)]
pub(crate) struct Iterating {
    /// The number of the next item.
    pub counter: String,
    /// Whether there is one.
    more: Expr,
    item: Expr,
}

impl Typer<'_, '_> {
    /// `iter(x)`, `next(x)`, `next(x, default)`, `itertools.tee(x)`; none if it is another function.
    pub(crate) fn iterator_call(&mut self, full: &str, arguments: &[Expr], keywords: &Keywords, span: Span) -> Option<Typed<ir::Expr>> {
        if !keywords.is_empty() {
            return None;
        }
        Some(match (full, arguments) {
            ("builtins.iter", [iterable]) => self.iterator(iterable, span),
            ("builtins.next", [iterator]) => self.next(iterator, None, span),
            ("builtins.next", [iterator, default]) => self.next(iterator, Some(default), span),
            ("itertools.tee", [iterable]) => self.tee(iterable, 2, span),
            ("itertools.tee", [iterable, Expr { kind: ExprKind::Int(Some(count @ 0..=16), _), .. }]) => self.tee(iterable, *count, span),
            _ => return None,
        })
    }

    pub(crate) fn iterator(&mut self, iterable: &Expr, span: Span) -> Typed<ir::Expr> {
        if self.iterating(iterable).is_some() {
            return self.value(iterable);
        }
        let is_generator = self.is_generator(iterable) && self.endless(iterable).is_none();
        if is_generator || matches!(iterable.kind, ExprKind::Comprehension { kind: "generator", .. }) {
            return Err(self.single_items("iter", span));
        }
        let write = Writer { span };
        let iterable = self.iterable(iterable)?;
        let unordered = matches!(&iterable, Iterable::Object(object, _) if matches!(object.ty, Type::Set(_) | Type::Dict(..)));
        if unordered && !self.once {
            let title = "an iterator of a set or dict is compiled in `next(iter(...))` only";
            return Err(self.unsupported(title, span, "its size might change"));
        }
        let counter = self.named("k", int_constant(0, span));
        let (more, item) = self.numbered(&iterable, &counter, span)?;
        Ok(self.made_iterator(Iterating { counter, more: write.both(more), item }, span))
    }

    fn made_iterator(&mut self, iterating: Iterating, span: Span) -> ir::Expr {
        let key = format!("{ITERATOR}{}", iterating.counter);
        self.iterators.insert(key.clone(), iterating);
        ir::Expr { ty: Type::Function(key), kind: ir::ExprKind::Unit, span }
    }

    /// Iterators of one list of what was seen, which whoever is first lengthens.
    fn tee(&mut self, iterable: &Expr, count: i64, span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        if self.is_generator(iterable) || matches!(iterable.kind, ExprKind::Comprehension { kind: "generator", .. }) {
            return Err(self.unsupported("`itertools.tee` of a generator is not compiled", span, "it would run in parts"));
        }
        let source = self.sequence_of(iterable)?;
        if !matches!(source.ty, Type::List(_) | Type::Sequence(_)) {
            let title = format!("`itertools.tee` of `{}` is not compiled", source.ty);
            return Err(self.unsupported(title, span, "compiled for lists"));
        }
        let source = self.named("list", source);
        let ended = self.fresh(Type::list(Type::INT), span);
        let seen = self.own_name("seen");
        let empty = write.item(write.name(&source), write.expr(ExprKind::Slice(None, Some(Box::new(write.int(0))), None)));
        let empty = write.call(write.builtin("list"), vec![empty]);
        let ended = self.named("ended", ended);
        self.statements(&[write.assign(&seen, empty)]);
        let mut made = Vec::new();
        for _ in 0..count {
            let counter = self.named("k", int_constant(0, span));
            let more = write.own("seen", vec![write.name(&seen), write.name(&source), write.name(&ended), write.name(&counter)]);
            let item = write.item(write.name(&seen), write.name(&counter));
            made.push(self.made_iterator(Iterating { counter, more, item }, span));
        }
        Ok(crate::expression::tuple(made, span))
    }

    /// The iterator that a name holds.
    pub(crate) fn iterating(&self, expr: &Expr) -> Option<Iterating> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        match self.environment.get(&self.bound_name(name)) {
            Some(Binding::Value { ty: Type::Function(key), .. }) if self.is_local(name) => self.iterators.get(key).cloned(),
            _ => None,
        }
    }

    /// Its names are seen wherever it is.
    fn seen_here(&mut self, iterating: &Iterating) {
        self.see(&[&iterating.more, &iterating.item]);
        self.locals.insert(iterating.counter.clone());
    }

    /// Makes names of ours that are read there known in the function that is typed.
    pub(crate) fn see(&mut self, exprs: &[&Expr]) {
        let names = exprs.iter().flat_map(|expr| hypersonic_scan::names_of(expr));
        let own: Vec<String> = names.filter(|name| name.starts_with('.') && !name.starts_with(crate::objects::BUILTIN)).collect();
        self.locals.extend(own);
    }

    fn next(&mut self, iterator: &Expr, default: Option<&Expr>, span: Span) -> Typed<ir::Expr> {
        if self.choices > 0 {
            let title = "`next` in a part of an expression that may be left out is not compiled";
            return Err(self.unsupported(title, span, "changes the iterator"));
        }
        let write = Writer { span };
        let is_generator = self.is_generator(iterator) && self.iterating(iterator).is_none();
        if let Some(rest) = self.resumed(iterator) {
            return self.first(&rest, default, span);
        }
        if is_generator && matches!(iterator.kind, ExprKind::Name(_)) {
            // It would wait in the middle.
            return Err(self.single_items("next", span));
        }
        if is_generator || matches!(iterator.kind, ExprKind::Comprehension { kind: "generator", .. }) {
            return self.first(iterator, default, span);
        }
        let once = std::mem::replace(&mut self.once, true);
        let value = self.value(iterator);
        self.once = once;
        let value = value?;
        let known = if let Type::Function(key) = &value.ty { self.iterators.get(key).cloned() } else { None };
        let Some(iterating) = known else { return Err(self.single_items("next", span)) };
        self.seen_here(&iterating);
        let default = match default {
            Some(default) => {
                let value = self.value(default)?;
                Some(self.named("default", value))
            }
            None => None,
        };
        let (found, counter) = (self.own_name("found"), &iterating.counter);
        let take = vec![write.assign(&found, iterating.item), self.after(counter, write)];
        let end = write.assign(counter, write.int(ENDED));
        let errors = self.diagnostics.len();
        match default {
            Some(default) => {
                let leave = vec![end, write.assign(&found, write.name(&default))];
                self.statements(&[write.choose(iterating.more, take, leave)]);
            }
            None => {
                let ended = self.own_name("ended");
                self.statements(&[write.assign(&ended, write.not(iterating.more))]);
                self.statements(&[write.choose(write.name(&ended), vec![end], Vec::new())]);
                self.raise_if(&write.name(&ended), "StopIteration", "", span)?;
                self.statements(&take);
            }
        }
        if self.diagnostics.len() > errors {
            return Err(Reported);
        }
        self.local(&found, span)
    }

    fn after(&self, counter: &str, write: Writer) -> Stmt {
        write.assign(counter, write.binary(BinaryOp::Add, write.name(counter), write.int(1)))
    }

    /// `next` of a generator that nobody else has: the first item of a loop.
    fn first(&mut self, generator: &Expr, default: Option<&Expr>, span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        let (item, found, ended) = (self.own_name("item"), self.own_name("found"), self.own_name("ended"));
        let default = match default {
            Some(default) => {
                let value = self.value(default)?;
                Some(self.named("default", value))
            }
            None => None,
        };
        let take = vec![
            write.assign(&found, write.name(&item)),
            write.assign(&ended, write.expr(ExprKind::Bool(false))),
            write.stmt(StmtKind::Break),
        ];
        let orelse = match &default {
            Some(default) => vec![write.assign(&found, write.name(default))],
            None => Vec::new(),
        };
        let errors = self.diagnostics.len();
        self.statements(&[write.assign(&ended, write.expr(ExprKind::Bool(true)))]);
        let target = write.name(&item);
        self.statements(&[write.stmt(StmtKind::For { target, iter: generator.clone(), body: take, orelse })]);
        if self.diagnostics.len() > errors {
            return Err(Reported);
        }
        if default.is_none() {
            self.raise_if(&write.name(&ended), "StopIteration", "", span)?;
        }
        self.local(&found, span)
    }

    /// `for` over an iterator: what is left of it.
    pub(crate) fn for_iterator(&mut self, target: &Expr, iter: &Expr, body: &[Stmt], orelse: &[Stmt], span: Span) -> Option<Typed<()>> {
        let iterating = self.iterating(iter)?;
        self.seen_here(&iterating);
        let write = Writer { span };
        let mut inner = vec![write.assign_to(target.clone(), iterating.item), self.after(&iterating.counter, write)];
        inner.extend_from_slice(body);
        let mut ended = vec![write.assign(&iterating.counter, write.int(ENDED))];
        ended.extend_from_slice(orelse);
        Some(self.while_loop(&iterating.more, &inner, &ended, span))
    }

    /// Which of the iterators without end it makes whose items have numbers.
    pub(crate) fn endless(&mut self, expr: &Expr) -> Option<&'static str> {
        let ExprKind::Call(function, arguments, keywords) = &expr.kind else { return None };
        let Some(crate::resolve::Static::Function(file, definition)) = self.static_of(function) else { return None };
        if !self.unit.program.is_library(file) {
            return None;
        }
        match (definition.name.as_str(), arguments.as_slice(), keywords.as_slice()) {
            ("itertools__count", [] | [_] | [_, _], []) => {
                let mut ints = true;
                for argument in arguments {
                    let value = self.peek(|typer| typer.expression(argument));
                    ints &= value.is_ok_and(|value| value.ty == Type::INT);
                }
                ints.then_some("count")
            }
            ("itertools__repeat", [_], []) => Some("repeat"),
            ("itertools__cycle", [_], []) => Some("cycle"),
            _ => None,
        }
    }

    /// One of these, with its arguments evaluated.
    pub(crate) fn endless_iterable(&mut self, name: &str, expr: &Expr) -> Typed<Iterable> {
        let ExprKind::Call(_, arguments, _) = &expr.kind else { return Err(Reported) };
        if name == "cycle" {
            let list = self.list_of(&arguments[0], expr.span)?;
            return Ok(Iterable::Cycle(self.hold(list)));
        }
        let mut values = Vec::new();
        for argument in arguments {
            let value = self.value(argument)?;
            values.push(self.snapshot(value));
        }
        let mut values = values.into_iter();
        let (first, second) = (values.next(), values.next());
        Ok(match (name, first) {
            ("repeat", Some(item)) => Iterable::Repeat(item),
            (_, start) => {
                let int = |value: Option<ir::Expr>, default| value.unwrap_or_else(|| int_constant(default, expr.span));
                Iterable::Count(int(start, 0), int(second, 1))
            }
        })
    }

    /// The names that count for iterators: any loop may change them.
    pub(crate) fn counters(&self) -> impl Iterator<Item = String> + '_ {
        self.iterators.values().map(|iterating| iterating.counter.clone())
    }

    /// `.seen(seen, source, k)`: whether there is an item `k`, taken from the source if need be.
    pub(crate) fn seen_call(&mut self, arguments: &[ast::Expr], span: Span) -> Typed<ir::Expr> {
        let Some((file, definition)) = self.unit.program.library_function("own.seen") else {
            return Err(self.report(Diagnostic::new(Id::Internal, "a function of the library is missing", span, "called here")));
        };
        let values = self.values(arguments, Self::value)?;
        self.package_call(&crate::unit::Callee { file, definition, method: None }, values, span)
    }
}
