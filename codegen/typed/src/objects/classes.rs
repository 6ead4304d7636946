//! Classes that are laid out as a list or dict and are none: how deques and the dicts of `collections` are made.

use super::{Writer, operation};
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind, MessagePart, Stmt, StmtKind};
use crate::resolve::{Static, int_constant};
use crate::unit::Callee;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Factory, ScalarOp, Special, Type};
use hypersonic_syntax::ast;

/// `left op right` of ints.
pub(super) fn int_test(op: ScalarOp, left: Expr, right: Expr, span: Span) -> Expr {
    Expr { ty: Type::BOOL, kind: ExprKind::Map { op, loop_dtype: Dtype::I64, operands: vec![left, right] }, span }
}

impl Typer<'_, '_> {
    /// A call of one of these classes; none if it is not one.
    pub(crate) fn container_class_call(
        &mut self,
        full: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Option<Typed<Expr>> {
        Some(match full {
            "collections.deque" => self.new_deque(arguments, keywords, span),
            "collections.defaultdict" => self.new_defaultdict(arguments, keywords, span),
            "collections.Counter" => self.new_counter(arguments, keywords, span),
            "builtins.bytes" | "builtins.bytearray" => self.new_bytes(full.trim_start_matches("builtins."), arguments, keywords, span),
            "builtins.bytes.fromhex" | "builtins.bytearray.fromhex" if keywords.is_empty() => {
                let ty = if full.contains("bytearray") { Type::bytearray() } else { Type::bytes() };
                self.values(arguments, Self::expression).and_then(|values| {
                    let values = values.into_iter().map(|value| self.hold(value)).collect();
                    let empty = super::bytes_literal(&[], span);
                    let made = self.call_method(empty, "fromhex", (hypersonic_abi::object::result::BYTES, Type::bytes()), values, span)?;
                    Ok(self.as_bytes(made, ty, span))
                })
            }
            "builtins.frozenset" if keywords.is_empty() => self.new_frozenset(arguments, span),
            "builtins.dict.fromkeys" | "collections.OrderedDict.fromkeys" if keywords.is_empty() => {
                self.dict_from_keys(full.starts_with("builtins"), arguments, span)
            }
            "collections.OrderedDict" => self.new_ordered_dict(arguments, keywords, span),
            _ => return None,
        })
    }

    /// Calls a function that is written in Python in `library.py` and has no name of Python's.
    pub(super) fn helper(&mut self, name: &str, values: Vec<Expr>, span: Span) -> Typed<Expr> {
        let Some((file, definition)) = self.unit.program.library_helper(name) else { return Err(Reported) };
        self.package_call(&Callee { file, definition, method: None }, values, span)
    }

    /// Raises if a test that is typed already holds; Python raises it itself if it may answer.
    pub(super) fn raise_where(&mut self, test: Expr, exception: &str, message: &str, span: Span) {
        let message = if message.is_empty() { Vec::new() } else { vec![MessagePart::Text(message.to_owned())] };
        let raise = Stmt { span, kind: StmtKind::Raise { exception: exception.to_owned(), message, retried: true } };
        self.push(StmtKind::If { test, then: vec![raise], otherwise: Vec::new() }, span);
    }

    fn new_deque(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let mut given: [Option<&ast::Expr>; 2] = [arguments.first(), arguments.get(1)];
        for (name, value) in keywords {
            match name.as_deref() {
                Some("iterable") if given[0].is_none() => given[0] = Some(value),
                Some("maxlen") if given[1].is_none() => given[1] = Some(value),
                _ => return Err(self.type_error("`deque` takes an iterable and `maxlen`", value.span, "given here")),
            }
        }
        if arguments.len() > 2 {
            return Err(self.type_error("`deque` takes an iterable and `maxlen`", span, "given more"));
        }
        let list = match given[0] {
            Some(iterable) => self.list_of(iterable, span)?,
            None => {
                let element = self.element_type_at(span, 0);
                self.fresh(Type::list(element), span)
            }
        };
        let list = self.hold(list);
        let mut most = None;
        if let Some(maxlen) = given[1] {
            let value = self.expression(maxlen)?;
            if value.ty != Type::None {
                let value = self.python_int(value, "`maxlen`")?;
                most = Some(self.hold(value));
            }
        }
        let ty = Type::of(Special::Deque, list.ty.clone());
        let deque = self.hold(operation(Op::Become, vec![list], ty, span));
        if let Some(most) = most {
            let negative = int_test(ScalarOp::Less, most.clone(), int_constant(0, span), span);
            self.raise_where(negative, "ValueError", "maxlen must be non-negative", span);
            let one = int_constant(1, span);
            let operands = vec![most, one];
            let detail = Expr { ty: Type::INT, kind: ExprKind::Map { op: ScalarOp::Add, loop_dtype: Dtype::I64, operands }, span };
            self.perform(Op::SetDetail, vec![deque.clone(), detail], span);
            self.helper("deque_shorten", vec![deque.clone()], span)?;
        }
        Ok(deque)
    }

    fn new_frozenset(&mut self, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        let [iterable] = arguments else {
            if !arguments.is_empty() {
                return Err(self.type_error("`frozenset` takes one iterable", span, "given more"));
            }
            let element = Box::new(self.element_type_at(span, 0));
            return Ok(self.fresh(Type::of(Special::FrozenSet, Type::Set(element)), span));
        };
        let expanded = self.expanded(iterable)?;
        let loops = self.runs_once(&expanded) || matches!(expanded.kind, ast::ExprKind::Comprehension { .. });
        let set = if loops || super::dicts::view_call(&expanded).is_some() {
            self.set_of(&expanded, span)?
        } else {
            let value = self.consumed(&expanded)?;
            if value.ty.special() == Some(&Special::FrozenSet) {
                // The very object.
                return Ok(value);
            }
            let name = self.named("iterable", value);
            self.set_of(&Writer { span }.name(&name), span)?
        };
        let ty = Type::of(Special::FrozenSet, set.ty.clone());
        Ok(operation(Op::Become, vec![set], ty, span))
    }

    /// `dict.fromkeys(keys, value)`.
    fn dict_from_keys(&mut self, plain: bool, arguments: &[ast::Expr], span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let (keys, value) = match arguments {
            [keys] => (keys, write.expr(ast::ExprKind::None)),
            [keys, value] => (keys, value.clone()),
            _ => return Err(self.type_error("`fromkeys` takes keys and a value", span, "given something else")),
        };
        let keys = self.list_of(keys, span)?;
        let keys = self.named("keys", keys);
        let value = self.value(&value)?;
        let value = self.named("value", super::as_string(value));
        let key = write.name(&self.own_name("key"));
        let pair = write.tuple(vec![key.clone(), write.name(&value)]);
        let made = self.container_comprehension("dict", &pair, &[(key, write.name(&keys), Vec::new())], span)?;
        if plain {
            return Ok(made);
        }
        let ty = Type::of(Special::OrderedDict, made.ty.clone());
        Ok(operation(Op::Become, vec![made], ty, span))
    }

    fn new_counter(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let key = self.element_type_at(span, 0);
        let counter = self.fresh(Type::of(Special::Counter, Type::Dict(Box::new(key), Box::new(Type::INT))), span);
        self.count_into(counter.clone(), "update", arguments, keywords, span)?;
        Ok(counter)
    }

    fn new_ordered_dict(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let (key, value) = (self.element_type_at(span, 0), self.element_type_at(span, 1));
        let dict = self.fresh(Type::of(Special::OrderedDict, Type::Dict(Box::new(key), Box::new(value))), span);
        self.fill_dict(dict, "OrderedDict", arguments, keywords, span)
    }

    /// What a dict is made of: an iterable of pairs or a dict, and keywords.
    pub(super) fn fill_dict(&mut self, dict: Expr, class: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        match arguments {
            [] => {}
            [other] => {
                self.dict_update(dict.clone(), other, span)?;
            }
            _ => return Err(self.type_error(format!("`{class}` takes one iterable or dict"), span, "given more")),
        }
        if !keywords.is_empty() {
            let other = self.dict_of_keywords(keywords, span)?;
            let other = self.named("keywords", other);
            self.dict_update(dict.clone(), &Writer { span }.name(&other), span)?;
        }
        Ok(dict)
    }

    fn new_defaultdict(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let [factory, arguments @ ..] = arguments else {
            let hint = "without a `default_factory` it is a dict: write `{}`";
            return Err(self.unsupported("`defaultdict()` is not compiled", span, hint));
        };
        let (factory, value) = self.factory(factory, span)?;
        let key = self.element_type_at(span, 0);
        let ty = Type::of(Special::DefaultDict(factory), Type::Dict(Box::new(key), Box::new(value)));
        let dict = self.fresh(ty, span);
        self.fill_dict(dict, "defaultdict", arguments, keywords, span)
    }

    /// What makes the values of a `defaultdict`, and their type.
    fn factory(&mut self, factory: &ast::Expr, span: Span) -> Typed<(Factory, Type)> {
        if let ast::ExprKind::Lambda(definition) = &factory.kind {
            return self.lambda_factory(factory, definition);
        }
        let Some(Static::External(full)) = self.static_of(factory) else { return Err(self.no_factory(factory.span)) };
        let inner = |typer: &mut Self, which| Box::new(typer.element_type_at(span, which));
        let ty = match full.as_str() {
            "builtins.int" => Type::INT,
            "builtins.float" => Type::FLOAT,
            "builtins.bool" => Type::BOOL,
            "builtins.complex" => Type::COMPLEX,
            "builtins.str" => Type::Str,
            "builtins.list" => Type::List(inner(self, 1)),
            "builtins.set" => Type::Set(inner(self, 1)),
            "builtins.dict" => Type::Dict(inner(self, 1), inner(self, 2)),
            "collections.deque" => Type::of(Special::Deque, Type::List(inner(self, 1))),
            "collections.Counter" => Type::of(Special::Counter, Type::Dict(inner(self, 1), Box::new(Type::INT))),
            "collections.OrderedDict" => Type::of(Special::OrderedDict, Type::Dict(inner(self, 1), inner(self, 2))),
            _ => return Err(self.no_factory(factory.span)),
        };
        Ok((Factory::Empty, ty))
    }

    fn no_factory(&mut self, span: Span) -> Reported {
        let title = "this `default_factory` is not compiled";
        self.unsupported(title, span, "`int`, `float`, `str`, `list`, `set`, `dict`, a class of `collections`, or a lambda of constants")
    }

    /// `lambda: 0`: what it gives depends on nothing.
    fn lambda_factory(&mut self, lambda: &ast::Expr, definition: &ast::FunctionDef) -> Typed<(Factory, Type)> {
        let body = match definition.body.as_slice() {
            [ast::Stmt { kind: ast::StmtKind::Return(Some(value)), .. }] if definition.parameters.is_empty() => value.clone(),
            _ => return Err(self.no_factory(lambda.span)),
        };
        if hypersonic_scan::names_of(&body).iter().any(|name| self.is_local(name)) || definition.vararg.is_some() {
            return Err(self.no_factory(lambda.span));
        }
        let value = self.peek(|typer| typer.value(&body));
        let ty = super::stored_type(&value?.ty);
        if !matches!(ty, Type::Scalar(..) | Type::Str | Type::Tuple(_)) && !ty.is_object() {
            return Err(self.no_factory(lambda.span));
        }
        let key = format!("{}:{}", self.file, self.source(&body));
        self.unit.factories.insert(key.clone(), (self.file, body));
        Ok((Factory::Function(key), ty))
    }

    /// What a missing key of a `defaultdict` gets.
    fn made_by_factory(&mut self, factory: &Factory, value: &Type, span: Span) -> Typed<Expr> {
        match factory {
            Factory::Function(key) => {
                let Some((file, body)) = self.unit.factories.get(key).cloned() else { return Err(Reported) };
                let outer = std::mem::replace(&mut self.file, file);
                let made = self.value(&body);
                self.file = outer;
                self.element(made?, value, "a defaultdict")
            }
            Factory::Open => {
                let title = format!("what a missing key of a defaultdict of `{value}` gives is not known at build time");
                let label = "write `.get(key)` or `key in`, or give values of `int`, `float`, `str`, `list`, `set` or `dict`";
                Err(self.unsupported(title, span, label))
            }
            Factory::Empty => match value {
                Type::Scalar(..) => Ok(crate::library::convert(int_constant(0, span), value)),
                Type::Str => Ok(super::as_string(Expr { ty: Type::Text(String::new()), kind: ExprKind::Unit, span })),
                _ => Ok(self.fresh(value.clone(), span)),
            },
        }
    }

    /// `dict[key]` of a dict that knows what a missing key gives.
    pub(super) fn item_or_default(&mut self, dict: Expr, key: Expr, value: &Type, span: Span) -> Typed<Expr> {
        let special = dict.ty.special().cloned();
        let (dict, key) = (self.hold(dict), self.hold(key));
        let place = self.hold(operation(Op::Find, vec![dict.clone(), key.clone()], Type::INT, span));
        let zero = int_constant(0, span);
        if special == Some(Special::Counter) {
            let write = Writer { span };
            let test = write.compare(ast::CompareOp::GreaterEqual, write.name(&self.named("place", place.clone())), write.int(0));
            let found = write.own("value_at", vec![write.name(&self.named("dict", dict)), write.name(&self.named("place", place))]);
            return self.conditional(&test, &found, &write.int(0), span);
        }
        let Some(Special::DefaultDict(factory)) = special else { return Err(Reported) };
        let (then, made) = self.in_block(|typer| {
            let default = typer.made_by_factory(&factory, value, span)?;
            let default = typer.hold(default);
            typer.perform(Op::Set, vec![dict.clone(), key.clone(), default], span);
            Ok(())
        });
        made?;
        self.push(StmtKind::If { test: int_test(ScalarOp::Less, place, zero, span), then, otherwise: Vec::new() }, span);
        Ok(operation(Op::Get, vec![dict, key], value.clone(), span))
    }
}
