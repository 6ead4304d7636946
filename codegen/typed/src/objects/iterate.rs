//! `for` over lists, strings, sets and dicts, alone or inside `enumerate`, `zip` and `reversed`: loops that ask again in every
//! iteration how many items there are, as Python does.

use super::Writer;
use crate::function::{Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind};
use crate::iterate::Iterable;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Special, Type};
use hypersonic_syntax::ast::{self, BinaryOp, CompareOp};

/// How one iterable is run over by a counter: whether there is an item at the counter's place, and the item.
#[derive(Default)]
struct Step {
    more: Vec<ast::Expr>,
    /// What is done before the item is taken.
    before: Vec<ast::Stmt>,
    item: Option<ast::Expr>,
}

/// How the next entry of a set or dict is taken.
pub(crate) struct Entry {
    /// Whether there is one.
    pub more: ast::Expr,
    /// What is done before it is taken.
    pub before: ast::Stmt,
    pub item: ast::Expr,
    /// The variable that says where it is.
    pub place: String,
}

/// The names that the way through a set or dict needs.
struct Entries {
    object: String,
    size: String,
    version: Option<String>,
}

impl Typer<'_, '_> {
    /// A loop over something with objects in it; none if there is nothing of that kind.
    pub(crate) fn object_loop(
        &mut self,
        iterable: &Iterable,
        target: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
    ) -> Option<Typed<()>> {
        if !has_objects(iterable) {
            return None;
        }
        Some(match iterable {
            Iterable::Object(object, view) if !is_sequence(&object.ty) => {
                self.entries_loop(object.clone(), *view, None, target, (body, orelse), span)
            }
            Iterable::Enumerate(inner, start) => match inner.as_ref() {
                Iterable::Object(object, view) if !is_sequence(&object.ty) => {
                    self.entries_loop(object.clone(), *view, Some(start.clone()), target, (body, orelse), span)
                }
                _ => self.sequence_loop(iterable, target, body, orelse, span),
            },
            _ => self.sequence_loop(iterable, target, body, orelse, span),
        })
    }

    fn sequence_loop(
        &mut self,
        iterable: &Iterable,
        target: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
    ) -> Typed<()> {
        let write = Writer { span };
        let counter = self.own_name("k");
        let step = self.step(iterable, &counter, write)?;
        let start = write.assign(&counter, write.int(0));
        let item = step.item.ok_or(crate::function::Reported)?;
        let mut inner = step.before;
        inner.extend([write.assign_to(target.clone(), item), self.next_count(&counter, write)]);
        inner.extend_from_slice(body);
        let test = write.both(step.more);
        self.statements(&[start]);
        self.while_loop(&test, &inner, orelse, span)
    }

    fn next_count(&self, counter: &str, write: Writer) -> ast::Stmt {
        write.assign(counter, write.binary(BinaryOp::Add, write.name(counter), write.int(1)))
    }

    /// Whether there is an item of that number, and the item.
    pub(crate) fn numbered(&mut self, iterable: &Iterable, counter: &str, span: Span) -> Typed<(Vec<ast::Expr>, ast::Expr)> {
        let write = Writer { span };
        let step = match iterable {
            Iterable::Object(object, view) if !is_sequence(&object.ty) => {
                let list = self.entries(object.clone(), *view, span)?;
                self.step(&Iterable::Object(list, View::Keys), counter, write)?
            }
            _ => self.step(iterable, counter, write)?,
        };
        match step.item {
            Some(item) if step.before.is_empty() => Ok((step.more, item)),
            _ => Err(self.unsupported("an iterator of a set or dict beside others is not compiled", span, "its size might change")),
        }
    }

    fn step(&mut self, iterable: &Iterable, counter: &str, write: Writer) -> Typed<Step> {
        let at = write.name(counter);
        let size = |name: &str| write.call(write.builtin("len"), vec![write.name(name)]);
        Ok(match iterable {
            Iterable::Object(object, view) if !is_sequence(&object.ty) => self.step_of_entries(object.clone(), *view, write),
            Iterable::Object(object, _) => {
                let steady = self.steady(object, write);
                let name = self.named("list", object.clone());
                let mut more = self.steady_test(steady, &name, write);
                more.push(write.compare(CompareOp::Less, at.clone(), size(&name)));
                Step { more, item: Some(write.item(write.name(&name), at)), ..Step::default() }
            }
            Iterable::Reversed(inner) => {
                let Iterable::Object(object, view) = inner.as_ref() else {
                    return Err(self.unsupported("`reversed` of this is not compiled", write.span, "run over here"));
                };
                let mut same = Vec::new();
                let object = if is_sequence(&object.ty) {
                    object.clone()
                } else {
                    // A list of them will do, as long as nothing changes: every round asks.
                    let entries = self.entries_of(object.clone(), write);
                    let ask = self.next_of(&entries, write.int(0), write);
                    same.push(write.compare(CompareOp::GreaterEqual, ask, write.expr(minus_one(write))));
                    let object = self.local(&entries.object, write.span)?;
                    self.entries(object, *view, write.span)?
                };
                let steady = self.steady(&object, write);
                let name = self.named("list", object);
                let last = self.own_name("last");
                self.statements(&[write.assign(&last, write.binary(BinaryOp::Subtract, size(&name), write.int(1)))]);
                let place = write.binary(BinaryOp::Subtract, write.name(&last), at.clone());
                let mut more = same;
                more.extend(self.steady_test(steady, &name, write));
                more.push(write.compare(CompareOp::LessEqual, at, write.name(&last)));
                more.push(write.compare(CompareOp::Less, place.clone(), size(&name)));
                Step { more, item: Some(write.item(write.name(&name), place)), ..Step::default() }
            }
            Iterable::Enumerate(inner, start) => {
                let mut step = self.step(inner, counter, write)?;
                let number = if matches!(start.kind, ExprKind::Constant(Constant::Int(0))) {
                    at
                } else {
                    let start = self.named("start", start.clone());
                    write.binary(BinaryOp::Add, write.name(&start), at)
                };
                step.item = step.item.map(|item| write.tuple(vec![number, item]));
                step
            }
            Iterable::Zip(parts) => {
                let (mut all, mut items) = (Step::default(), Vec::new());
                for part in parts {
                    let step = self.step(part, counter, write)?;
                    all.more.extend(step.more);
                    all.before.extend(step.before);
                    items.extend(step.item);
                }
                Step { item: Some(write.tuple(items)), ..all }
            }
            Iterable::Array(array) => {
                let name = self.named("array", array.clone());
                let more = vec![write.compare(CompareOp::Less, at.clone(), size(&name))];
                Step { more, item: Some(write.item(write.name(&name), at)), ..Step::default() }
            }
            Iterable::Range { start, stop, step } => {
                let length = self.range_length(start, stop, step, write.span);
                let (length, start, step) =
                    (self.named("length", length), self.named("start", start.clone()), self.named("step", step.clone()));
                let more = vec![write.compare(CompareOp::Less, at.clone(), write.name(&length))];
                let item = write.binary(BinaryOp::Add, write.name(&start), write.binary(BinaryOp::Multiply, at, write.name(&step)));
                Step { more, item: Some(item), ..Step::default() }
            }
            Iterable::Count(start, by) => {
                let (start, by) = (self.named("start", start.clone()), self.named("step", by.clone()));
                let item = write.binary(BinaryOp::Add, write.name(&start), write.binary(BinaryOp::Multiply, at, write.name(&by)));
                Step { more: vec![write.expr(ast::ExprKind::Bool(true))], item: Some(item), ..Step::default() }
            }
            Iterable::Repeat(item) => {
                let name = self.named("item", item.clone());
                Step { more: vec![write.expr(ast::ExprKind::Bool(true))], item: Some(write.name(&name)), ..Step::default() }
            }
            Iterable::Cycle(list) => {
                let name = self.named("list", list.clone());
                let item = write.item(write.name(&name), write.binary(BinaryOp::Modulo, at, size(&name)));
                Step { more: vec![write.compare(CompareOp::Greater, size(&name), write.int(0))], item: Some(item), ..Step::default() }
            }
            Iterable::Items(items) => {
                let list = self.list_of_values(items.clone(), write.span)?;
                let inner = Iterable::Object(list, View::Keys);
                return self.step(&inner, counter, write);
            }
            Iterable::Flat(_) => return Err(self.unsupported("`.flat` beside a list is not compiled", write.span, "run over here")),
        })
    }

    /// The state of a deque when a loop over it begins.
    fn steady(&mut self, object: &Expr, write: Writer) -> Option<String> {
        if object.ty.special() != Some(&Special::Deque) {
            return None;
        }
        let state = super::operation(Op::State, vec![object.clone()], Type::INT, write.span);
        Some(self.named("state", state))
    }

    /// That it is that state still, or RuntimeError.
    fn steady_test(&self, state: Option<String>, name: &str, write: Writer) -> Vec<ast::Expr> {
        state.map(|state| write.own("steady", vec![write.name(name), write.name(&state)])).into_iter().collect()
    }

    /// A loop over an `OrderedDict`: which entry comes next is settled before the body runs, and nothing may have been added, removed or moved
    /// if there is one.
    fn ordered_loop(
        &mut self,
        object: Expr,
        view: View,
        start: Option<Expr>,
        target: &ast::Expr,
        (body, orelse): (&[ast::Stmt], &[ast::Stmt]),
        span: Span,
    ) -> Typed<()> {
        let write = Writer { span };
        let state = self.named("state", super::operation(Op::State, vec![object.clone()], Type::INT, span));
        let object = self.named("entries", object);
        let (place, next) = (self.own_name("place"), self.own_name("next"));
        let find = |from: ast::Expr| write.assign(&next, write.own("entry_from", vec![write.name(&object), from]));
        self.statements(&[find(write.int(0))]);
        let at = |function: &str| write.own(function, vec![write.name(&object), write.name(&place)]);
        let mut item = match view {
            View::Keys => at("key_at"),
            View::Values => at("value_at"),
            View::Items => write.tuple(vec![at("key_at"), at("value_at")]),
        };
        let mut inner = vec![write.assign(&place, write.name(&next)), find(write.binary(BinaryOp::Add, write.name(&place), write.int(1)))];
        if let Some(start) = start {
            let count = self.named("count", start);
            let number = self.own_name("number");
            inner.push(write.assign(&number, write.name(&count)));
            inner.push(self.next_count(&count, write));
            item = write.tuple(vec![write.name(&number), item]);
        }
        inner.push(write.assign_to(target.clone(), item));
        inner.extend_from_slice(body);
        let more = write.compare(CompareOp::GreaterEqual, write.name(&next), write.int(0));
        let steady = write.own("steady", vec![write.name(&object), write.name(&state)]);
        self.while_loop(&write.both(vec![more, steady]), &inner, orelse, span)
    }

    /// One that is a set or dict, beside others: whoever asks for the next entry sees that the size has changed.
    fn step_of_entries(&mut self, object: Expr, view: View, write: Writer) -> Step {
        let entry = self.entry(object, view, write);
        Step { more: vec![entry.more], before: vec![entry.before], item: Some(entry.item) }
    }

    /// A set or dict that is asked for one entry after the other.
    pub(crate) fn entry(&mut self, object: Expr, view: View, write: Writer) -> Entry {
        let is_set = matches!(object.ty.base(), Type::Set(_));
        let entries = self.entries_of(object, write);
        let place = self.own_name("place");
        self.statements(&[write.assign(&place, write.expr(minus_one(write)))]);
        let next = self.next_of(&entries, write.binary(BinaryOp::Add, write.name(&place), write.int(1)), write);
        let more = write.compare(CompareOp::GreaterEqual, next.clone(), write.int(0));
        let item = entry_at(view, is_set, write, &entries.object, &place);
        Entry { more, before: write.assign(&place, next), item, place }
    }

    /// Names a set or dict, and what must not change while a loop runs over it.
    fn entries_of(&mut self, object: Expr, write: Writer) -> Entries {
        let is_dict = matches!(object.ty.base(), Type::Dict(..));
        let object = self.named("entries", object);
        let size = self.own_name("size");
        self.statements(&[write.assign(&size, write.call(write.builtin("len"), vec![write.name(&object)]))]);
        let version = is_dict.then(|| self.own_name("version"));
        if let Some(version) = &version {
            self.statements(&[write.assign(version, write.own("version", vec![write.name(&object)]))]);
        }
        Entries { object, size, version }
    }

    fn next_of(&self, entries: &Entries, from: ast::Expr, write: Writer) -> ast::Expr {
        let names = [Some(&entries.size), entries.version.as_ref()];
        let mut arguments = vec![write.name(&entries.object), from];
        arguments.extend(names.into_iter().flatten().map(|name| write.name(name)));
        write.own("next", arguments)
    }

    /// The entries of a set or dict as a list.
    pub(crate) fn entries(&mut self, object: Expr, view: View, span: Span) -> Typed<Expr> {
        if matches!(object.ty.base(), Type::Set(_)) {
            let Type::Set(element) = object.ty.base().clone() else { return Ok(object) };
            return Ok(super::operation(hypersonic_abi::object::Op::ToList, vec![object], Type::List(element), span));
        }
        self.dict_view(object, view.name(), span)
    }

    /// A loop over the entries of a set or dict, in order; its size must stay.
    fn entries_loop(
        &mut self,
        object: Expr,
        view: View,
        start: Option<Expr>,
        target: &ast::Expr,
        (body, orelse): (&[ast::Stmt], &[ast::Stmt]),
        span: Span,
    ) -> Typed<()> {
        let write = Writer { span };
        if object.ty.special() == Some(&Special::OrderedDict) {
            return self.ordered_loop(object, view, start, target, (body, orelse), span);
        }
        let is_set = matches!(object.ty.base(), Type::Set(_));
        let entries = self.entries_of(object, write);
        let (place, next) = (self.own_name("place"), self.own_name("next"));
        self.statements(&[write.assign(&next, write.int(0))]);
        let mut item = entry_at(view, is_set, write, &entries.object, &place);
        let mut inner = Vec::new();
        if let Some(start) = start {
            let count = self.named("count", start);
            let number = self.own_name("number");
            inner.push(write.assign(&number, write.name(&count)));
            inner.push(self.next_count(&count, write));
            item = write.tuple(vec![write.name(&number), item]);
        }
        inner.push(write.assign(&next, write.binary(BinaryOp::Add, write.name(&place), write.int(1))));
        inner.push(write.assign_to(target.clone(), item));
        inner.extend_from_slice(body);
        let advance = self.next_of(&entries, write.name(&next), write);
        let advance = write.expr(ast::ExprKind::Walrus(place.clone(), Box::new(advance)));
        let test = write.compare(CompareOp::GreaterEqual, advance, write.int(0));
        self.while_loop(&test, &inner, orelse, span)
    }
}

fn minus_one(write: Writer) -> ast::ExprKind {
    ast::ExprKind::Unary(ast::UnaryOp::Negative, Box::new(write.int(1)))
}

/// The entry at a place that was asked for.
fn entry_at(view: View, is_set: bool, write: Writer, object: &str, place: &str) -> ast::Expr {
    let at = |function: &str| write.own(function, vec![write.name(object), write.name(place)]);
    match view {
        _ if is_set => at("element_at"),
        View::Keys => at("key_at"),
        View::Values => at("value_at"),
        View::Items => write.tuple(vec![at("key_at"), at("value_at")]),
    }
}

/// What of a dict is run over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Keys; also elements of everything that is no dict.
    Keys,
    /// Values.
    Values,
    /// Pairs of both.
    Items,
}

impl View {
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "values" => Self::Values,
            "items" => Self::Items,
            _ => Self::Keys,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Values => "values",
            Self::Items => "items",
        }
    }
}

fn is_sequence(ty: &Type) -> bool {
    matches!(ty.base(), Type::List(_) | Type::Sequence(_) | Type::Str)
}

pub(crate) fn has_objects(iterable: &Iterable) -> bool {
    match iterable {
        Iterable::Object(..) | Iterable::Cycle(_) => true,
        Iterable::Enumerate(inner, _) | Iterable::Reversed(inner) => has_objects(inner),
        Iterable::Zip(parts) => parts.iter().any(has_objects),
        _ => false,
    }
}
