//! `for` over lists, strings, sets and dicts, alone or inside `enumerate`, `zip` and `reversed`: loops that ask again in every
//! iteration how many items there are, as Python does.

use super::Writer;
use crate::function::{Typed, Typer};
use crate::ir::{Constant, Expr, ExprKind};
use crate::iterate::Iterable;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, BinaryOp, CompareOp};

/// How one iterable is run over by a counter: whether there is an item at the counter's place, and the item.
struct Step {
    more: Vec<ast::Expr>,
    item: ast::Expr,
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
        let mut inner = vec![write.assign_to(target.clone(), step.item), self.next_count(&counter, write)];
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
        let step = self.step(iterable, counter, Writer { span })?;
        Ok((step.more, step.item))
    }

    fn step(&mut self, iterable: &Iterable, counter: &str, write: Writer) -> Typed<Step> {
        let at = write.name(counter);
        let size = |name: &str| write.call(write.builtin("len"), vec![write.name(name)]);
        Ok(match iterable {
            Iterable::Object(object, view) => {
                let object = if is_sequence(&object.ty) { object.clone() } else { self.entries(object.clone(), *view, write.span)? };
                let name = self.named("list", object);
                let more = vec![write.compare(CompareOp::Less, at.clone(), size(&name))];
                Step { more, item: write.item(write.name(&name), at) }
            }
            Iterable::Reversed(inner) => {
                let Iterable::Object(object, view) = inner.as_ref() else {
                    return Err(self.unsupported("`reversed` of this is not compiled", write.span, "run over here"));
                };
                let object = if is_sequence(&object.ty) { object.clone() } else { self.entries(object.clone(), *view, write.span)? };
                let name = self.named("list", object);
                let last = self.own_name("last");
                self.statements(&[write.assign(&last, write.binary(BinaryOp::Subtract, size(&name), write.int(1)))]);
                let place = write.binary(BinaryOp::Subtract, write.name(&last), at.clone());
                let more = vec![
                    write.compare(CompareOp::LessEqual, at, write.name(&last)),
                    write.compare(CompareOp::Less, place.clone(), size(&name)),
                ];
                Step { more, item: write.item(write.name(&name), place) }
            }
            Iterable::Enumerate(inner, start) => {
                let step = self.step(inner, counter, write)?;
                let number = if matches!(start.kind, ExprKind::Constant(Constant::Int(0))) {
                    at
                } else {
                    let start = self.named("start", start.clone());
                    write.binary(BinaryOp::Add, write.name(&start), at)
                };
                Step { more: step.more, item: write.tuple(vec![number, step.item]) }
            }
            Iterable::Zip(parts) => {
                let (mut more, mut items) = (Vec::new(), Vec::new());
                for part in parts {
                    let step = self.step(part, counter, write)?;
                    more.extend(step.more);
                    items.push(step.item);
                }
                Step { more, item: write.tuple(items) }
            }
            Iterable::Array(array) => {
                let name = self.named("array", array.clone());
                let more = vec![write.compare(CompareOp::Less, at.clone(), size(&name))];
                Step { more, item: write.item(write.name(&name), at) }
            }
            Iterable::Range { start, stop, step } => {
                let length = self.range_length(start, stop, step, write.span);
                let (length, start, step) =
                    (self.named("length", length), self.named("start", start.clone()), self.named("step", step.clone()));
                let more = vec![write.compare(CompareOp::Less, at.clone(), write.name(&length))];
                let item = write.binary(BinaryOp::Add, write.name(&start), write.binary(BinaryOp::Multiply, at, write.name(&step)));
                Step { more, item }
            }
            Iterable::Count(start, by) => {
                let (start, by) = (self.named("start", start.clone()), self.named("step", by.clone()));
                let item = write.binary(BinaryOp::Add, write.name(&start), write.binary(BinaryOp::Multiply, at, write.name(&by)));
                Step { more: vec![write.expr(ast::ExprKind::Bool(true))], item }
            }
            Iterable::Repeat(item) => {
                let name = self.named("item", item.clone());
                Step { more: vec![write.expr(ast::ExprKind::Bool(true))], item: write.name(&name) }
            }
            Iterable::Cycle(list) => {
                let name = self.named("list", list.clone());
                let item = write.item(write.name(&name), write.binary(BinaryOp::Modulo, at, size(&name)));
                Step { more: vec![write.compare(CompareOp::Greater, size(&name), write.int(0))], item }
            }
            Iterable::Items(items) => {
                let list = self.list_of_values(items.clone(), write.span)?;
                let inner = Iterable::Object(list, View::Keys);
                return self.step(&inner, counter, write);
            }
            Iterable::Flat(_) => return Err(self.unsupported("`.flat` beside a list is not compiled", write.span, "run over here")),
        })
    }

    /// The entries of a set or dict as a list, where a loop runs over it beside others.
    pub(crate) fn entries(&mut self, object: Expr, view: View, span: Span) -> Typed<Expr> {
        if matches!(object.ty, Type::Set(_)) {
            let Type::Set(element) = object.ty.clone() else { return Ok(object) };
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
        let is_set = matches!(object.ty, Type::Set(_));
        let object = self.named("entries", object);
        let (size, place, next) = (self.own_name("size"), self.own_name("place"), self.own_name("next"));
        let named = write.name(&object);
        self.statements(&[write.assign(&size, write.call(write.builtin("len"), vec![named.clone()])), write.assign(&next, write.int(0))]);
        let at = |function: &str| write.own(function, vec![write.name(&object), write.name(&place)]);
        let mut item = match view {
            _ if is_set => at("element_at"),
            View::Keys => at("key_at"),
            View::Values => at("value_at"),
            View::Items => write.tuple(vec![at("key_at"), at("value_at")]),
        };
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
        let advance = write.own("next", vec![named, write.name(&next), write.name(&size)]);
        let advance = write.expr(ast::ExprKind::Walrus(place.clone(), Box::new(advance)));
        let test = write.compare(CompareOp::GreaterEqual, advance, write.int(0));
        self.while_loop(&test, &inner, orelse, span)
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

const fn is_sequence(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Sequence(_) | Type::Str)
}

pub(crate) fn has_objects(iterable: &Iterable) -> bool {
    match iterable {
        Iterable::Object(..) | Iterable::Cycle(_) => true,
        Iterable::Enumerate(inner, _) | Iterable::Reversed(inner) => has_objects(inner),
        Iterable::Zip(parts) => parts.iter().any(has_objects),
        _ => false,
    }
}
