//! Builtins that make containers, or run over them.

use super::{Writer, operation};
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, MessagePart, Stmt, StmtKind};
use crate::resolve::Static;
use hypersonic_abi::object::{Op, combine};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Factory, Special, Type};
use hypersonic_syntax::ast::{self, ExprKind};

impl Typer<'_, '_> {
    /// A builtin of containers and strings; none if it is not one.
    pub(crate) fn container_call(&mut self, name: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Option<Typed<Expr>> {
        let plain = keywords.is_empty();
        Some(match (name, arguments) {
            ("list" | "set" | "dict", []) if plain => Ok(self.empty_container(name, span)),
            ("list", [iterable]) if plain => self.list_of(iterable, span),
            ("set" | "frozenset", [iterable]) if plain && name == "set" => self.set_of(iterable, span),
            ("dict", [iterable]) if plain => self.dict_of(iterable, span),
            ("dict", [iterable]) => self.dict_of(iterable, span).and_then(|dict| {
                let dict = self.hold(dict);
                self.fill_dict(dict, "dict", &[], keywords, span)
            }),
            ("dict", []) => self.dict_of_keywords(keywords, span),
            ("sorted", [iterable]) => self.sorted(iterable, keywords, span),
            ("map" | "filter", [_, _, ..]) => {
                let title = format!("`{name}` is compiled where it is run over at once, as in `list({name}(...))` or a `for`");
                Err(self.unsupported(title, span, "an iterator as a value"))
            }
            ("min" | "max", [iterable]) if keywords.iter().any(|(name, _)| matches!(name.as_deref(), Some("key" | "default"))) => {
                self.best(name, iterable, keywords, span)
            }
            _ => return self.string_call(name, arguments, keywords, span),
        })
    }

    /// `{"name": value}` of `name=value`.
    pub(super) fn dict_of_keywords(&mut self, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let mut items = Vec::new();
        for (name, value) in keywords {
            let Some(name) = name else { return Err(self.unsupported("`**` in a call is not compiled", value.span, "given here")) };
            let key = ast::Expr { span: value.span, kind: ExprKind::Str(name.clone()) };
            items.push((Some(key), value.clone()));
        }
        self.dict_display(&items, span)
    }

    /// `list(iterable)`.
    pub(crate) fn list_of(&mut self, iterable: &ast::Expr, span: Span) -> Typed<Expr> {
        let iterable = self.expanded(iterable)?;
        if let ExprKind::Comprehension { kind: "list" | "generator", element, clauses } = &iterable.kind {
            return self.container_comprehension("list", element, clauses, span);
        }
        if self.runs_once(&iterable) {
            return self.collected("list", &iterable, span);
        }
        if super::dicts::view_call(&iterable).is_some() {
            // A list of its own already, or what a method of that name gives.
            let value = self.consumed(&iterable)?;
            if matches!(value.ty, Type::List(_)) {
                return Ok(value);
            }
        }
        let value = self.sequence_of(&iterable)?;
        let value = super::as_string(value);
        self.require_known_order(&value.ty, span)?;
        match value.ty.clone() {
            ty @ Type::List(_) => Ok(operation(Op::Copy, vec![value], ty, span)),
            Type::Special(_, base) => match *base {
                Type::List(element) | Type::Set(element) | Type::Sequence(element) | Type::Dict(element, _) => {
                    Ok(operation(Op::ToList, vec![value], Type::List(element), span))
                }
                _ => Err(Reported),
            },
            Type::Set(element) | Type::Dict(element, _) | Type::Sequence(element) => {
                Ok(operation(Op::ToList, vec![value], Type::List(element), span))
            }
            Type::Str => Ok(operation(Op::ToList, vec![value], Type::list(Type::Str), span)),
            Type::Tuple(_) => {
                let items = self.tuple_items(value).unwrap_or_default();
                self.list_of_values(items, span)
            }
            _ => {
                let name = self.named("iterated", value);
                self.collected("list", &Writer { span }.name(&name), span)
            }
        }
    }

    /// `set(iterable)`.
    pub(crate) fn set_of(&mut self, iterable: &ast::Expr, span: Span) -> Typed<Expr> {
        let iterable = self.expanded(iterable)?;
        if let ExprKind::Comprehension { kind: "list" | "generator", element, clauses } = &iterable.kind {
            return self.container_comprehension("set", element, clauses, span);
        }
        if self.runs_once(&iterable) {
            return self.collected("set", &iterable, span);
        }
        let value = self.consumed(&iterable)?;
        let value = super::as_string(value);
        match value.ty.clone() {
            ty @ Type::Set(_) => Ok(operation(Op::Copy, vec![value], ty, span)),
            Type::Special(Special::FrozenSet, base) => Ok(operation(Op::CopyAs, vec![value], *base, span)),
            Type::List(element) | Type::Sequence(element) => {
                self.require_set_element(&element, span)?;
                Ok(operation(Op::ToSet, vec![value], Type::Set(element), span))
            }
            Type::Dict(key, _) if !self.is_unknown(&key) => {
                self.require_set_element(&key, span)?;
                let value = self.hold(value);
                let set = self.fresh(Type::Set(key), span);
                self.perform(Op::Update, vec![set.clone(), value, super::sets::how(combine::UNION, span)], span);
                Ok(set)
            }
            _ => {
                let name = self.named("iterated", value);
                self.collected("set", &Writer { span }.name(&name), span)
            }
        }
    }

    fn dict_of(&mut self, iterable: &ast::Expr, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let iterable = self.expanded(iterable)?;
        let iterable = if self.runs_once(&iterable) || matches!(iterable.kind, ExprKind::Comprehension { kind: "list" | "generator", .. }) {
            iterable
        } else {
            let value = self.consumed(&iterable)?;
            if let ty @ Type::Dict(..) = value.ty.base().clone() {
                let op = if value.ty == ty { Op::Copy } else { Op::CopyAs };
                return Ok(operation(op, vec![value], ty, span));
            }
            let name = self.named("iterated", value);
            write.name(&name)
        };
        let (key, value) = (write.name(&self.own_name("key")), write.name(&self.own_name("value")));
        let pair = write.tuple(vec![key, value]);
        self.container_comprehension("dict", &pair, &[(pair.clone(), iterable, Vec::new())], span)
    }

    fn collected(&mut self, kind: &str, iterable: &ast::Expr, span: Span) -> Typed<Expr> {
        let item = Writer { span }.name(&self.own_name("item"));
        self.container_comprehension(kind, &item, &[(item.clone(), iterable.clone(), Vec::new())], span)
    }

    /// Whether it is what only a loop can run over: a generator, a range, `zip` and its like.
    pub(crate) fn runs_once(&mut self, expr: &ast::Expr) -> bool {
        if matches!(expr.kind, ExprKind::Comprehension { kind: "generator", .. }) || self.is_generator(expr) || self.is_range(expr) {
            return true;
        }
        let ExprKind::Call(function, ..) = &expr.kind else { return false };
        match self.static_of(function) {
            Some(Static::External(full)) => matches!(
                full.as_str(),
                "builtins.range" | "hypersonic.prange" | "builtins.zip" | "builtins.enumerate" | "builtins.reversed"
            ),
            _ => false,
        }
    }

    /// `sum`, `min`, `max`, `any`, `all` of an object: a loop over it. The argument itself, typed, if it is no object.
    pub(crate) fn reduction_of_object(
        &mut self,
        name: &str,
        argument: &ast::Expr,
        start: Option<&ast::Expr>,
        span: Span,
    ) -> Typed<Result<Expr, Expr>> {
        let value = self.consumed(argument)?;
        if !value.ty.is_object() {
            return Ok(Err(value));
        }
        let write = Writer { span };
        let (name_of_object, item) = (self.named("reduced", value), write.name(&self.own_name("item")));
        let clauses = [(item.clone(), write.name(&name_of_object), Vec::new())];
        self.reduce(name, &item, &clauses, start, true, span).map(Ok)
    }

    /// Raises if the test holds; Python raises it itself if it may answer.
    pub(crate) fn raise_if(&mut self, test: &ast::Expr, exception: &str, message: &str, span: Span) -> Typed<()> {
        let test = self.test(test)?;
        let message = if message.is_empty() { Vec::new() } else { vec![MessagePart::Text(message.to_owned())] };
        let raise = Stmt { span, kind: StmtKind::Raise { exception: exception.to_owned(), message, retried: true } };
        self.push(StmtKind::If { test, then: vec![raise], otherwise: Vec::new() }, span);
        Ok(())
    }

    /// As [`Typer::raise_if`], in Python's own words for that: one of [`hypersonic_abi::object::replay`], with its numbers.
    pub(crate) fn raise_as_python(
        &mut self,
        test: &ast::Expr,
        exception: &str,
        what: &'static str,
        numbers: Vec<Expr>,
        span: Span,
    ) -> Typed<()> {
        let test = self.test(test)?;
        let mut message = vec![MessagePart::Python(what)];
        message.extend(numbers.into_iter().map(|number| MessagePart::Value(number, String::new())));
        let raise = Stmt { span, kind: StmtKind::Raise { exception: exception.to_owned(), message, retried: true } };
        self.push(StmtKind::If { test, then: vec![raise], otherwise: Vec::new() }, span);
        Ok(())
    }

    /// The annotation of a local variable, as a type, if it is one that says what an empty container holds.
    pub(crate) fn annotated(&self, annotation: &ast::Expr) -> Option<Type> {
        let inner = |index: &ast::Expr| self.annotated(index);
        match &annotation.kind {
            ExprKind::Name(name) | ExprKind::Attribute(_, name) => Some(match name.as_str() {
                "int" => Type::INT,
                "float" => Type::FLOAT,
                "bool" => Type::BOOL,
                "complex" => Type::COMPLEX,
                "str" => Type::Str,
                "bytes" => Type::bytes(),
                "bytearray" => Type::bytearray(),
                _ => {
                    let dtype = hypersonic_ops::Dtype::from_name(name);
                    let scalar = dtype.map(|dtype| Type::Scalar(dtype, hypersonic_ops::Flavor::Numpy));
                    return scalar.or_else(|| self.unit.program.annotated_type(self.file, annotation).filter(|ty| ty.named().is_some()));
                }
            }),
            ExprKind::Subscript(base, index) => {
                let (ExprKind::Name(name) | ExprKind::Attribute(_, name)) = &base.kind else { return None };
                match (name.as_str(), &index.kind) {
                    ("list" | "List", _) => inner(index).map(Type::list),
                    ("deque" | "Deque", _) => inner(index).map(|element| Type::of(Special::Deque, Type::list(element))),
                    ("Counter", _) => inner(index).map(|key| Type::of(Special::Counter, Type::Dict(Box::new(key), Box::new(Type::INT)))),
                    ("OrderedDict", ExprKind::Tuple(items)) if items.len() == 2 => {
                        let base = Type::Dict(Box::new(inner(&items[0])?), Box::new(inner(&items[1])?));
                        Some(Type::of(Special::OrderedDict, base))
                    }
                    ("defaultdict" | "DefaultDict", ExprKind::Tuple(items)) if items.len() == 2 => {
                        // The factory is that of the value; only what it holds is learnt here.
                        let base = Type::Dict(Box::new(inner(&items[0])?), Box::new(inner(&items[1])?));
                        Some(Type::of(Special::DefaultDict(Factory::Empty), base))
                    }
                    ("set" | "Set", _) => inner(index).map(|element| Type::Set(Box::new(element))),
                    ("dict" | "Dict", ExprKind::Tuple(items)) if items.len() == 2 => {
                        Some(Type::Dict(Box::new(inner(&items[0])?), Box::new(inner(&items[1])?)))
                    }
                    ("tuple" | "Tuple", ExprKind::Tuple(items)) if matches!(items.as_slice(), [_, rest] if matches!(rest.kind, ExprKind::Ellipsis)) => {
                        inner(&items[0]).map(|element| Type::Sequence(Box::new(element)))
                    }
                    ("tuple" | "Tuple", ExprKind::Tuple(items)) => items.iter().map(inner).collect::<Option<Vec<_>>>().map(Type::Tuple),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
