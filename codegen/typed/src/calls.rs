//! Calls: of library functions, of methods, of functions of the package, and of the few that are part of the language.

use crate::expression::{length_constant, tuple};
use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{Constant, Expr, ExprKind, StmtKind};
use crate::library::{self, Arguments};
use crate::objects::Empty;
use crate::resolve::Static;
use crate::unit::{Argument, Callee, Refusal};
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
use hypersonic_ops::{Flavor, Type};
use hypersonic_syntax::ast::{self, FunctionDef, Parameter, ParameterKind};

pub(crate) type Keywords = [(Option<String>, ast::Expr)];

impl Typer<'_, '_> {
    /// Types a call.
    pub(crate) fn call(&mut self, function: &ast::Expr, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        if let ast::ExprKind::Name(name) = &function.kind
            && name.starts_with('.')
        {
            if let (".array", [items]) = (name.as_str(), arguments) {
                return self.own_array(items, span);
            }
            if let Some(result) = self.own_call(name, arguments, span) {
                return result;
            }
        }
        if let Some(result) = self.said_call(function, arguments, span) {
            return result;
        }
        if let ast::ExprKind::Name(name) = &function.kind
            && self.is_local(name)
            && let Some(result) = self.closure_call(name, arguments, keywords, span)
        {
            return result;
        }
        if let Some(result) = self.class_call(function, arguments, keywords, span) {
            return result;
        }
        match self.static_of(function) {
            Some(found @ (Static::External(_) | Static::Function(..))) => self.static_call(found, arguments, keywords, span),
            // `half = functools.partial(f, 0.5)`.
            Some(Static::Constant(_, _, ast::Expr { kind: ast::ExprKind::Call(..), .. })) => {
                self.value_call(function, arguments, keywords, span)
            }
            Some(Static::Constant(..) | Static::Module(_)) => {
                let title = format!("`{}` cannot be called", self.source(function));
                Err(self.type_error(title, span, "not a function that the source shows"))
            }
            None => match (self.super_member(function), &function.kind) {
                (Some(name), _) => self.super_call(name, Some((arguments, keywords)), span),
                (None, ast::ExprKind::Attribute(base, method)) if self.is_receiver(base) => {
                    self.object_call(method, function.span, arguments, keywords, span)
                }
                (None, ast::ExprKind::Attribute(base, method)) => self.method_call(base, method, arguments, keywords, span),
                _ => self.value_call(function, arguments, keywords, span),
            },
        }
    }

    fn static_call(&mut self, found: Static, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let Static::Function(file, definition) = found else {
            let Static::External(full) = found else { return Err(Reported) };
            return self.library_call(&full, arguments, keywords, span);
        };
        self.refuse_decorated(file, &definition, span)?;
        if hypersonic_scan::is_generator(&definition.body) {
            return Err(self.generator_as_value(&definition.name, span));
        }
        // Functions of ours take a list where Python's take what can be run over once: they run over it once.
        let as_value = if self.unit.program.is_library(file) { Self::argument_value } else { Self::lazy_argument };
        let arguments = self.arguments_as(as_value, None, arguments, keywords, span)?;
        let values = self.bind_arguments(file, &definition, 0, arguments)?;
        if values.iter().any(|value| crate::closure::holds_closure(&value.ty)) {
            return self.expand_call(&crate::expand::Function::of_package(file, definition), values, span);
        }
        self.package_call(&Callee { file, definition, method: None }, values, span)
    }

    /// A function that something else than `boost` and `jit` decorates is not what its body says.
    pub(crate) fn refuse_decorated(&mut self, file: u32, definition: &FunctionDef, span: Span) -> Typed<()> {
        let others = self.unit.program.other_decorators(file, definition);
        if others.is_empty() {
            return Ok(());
        }
        let title = format!("`{}` is changed by a decorator in a way that is not known at build time", definition.name);
        let mut diagnostic = Diagnostic::new(Id::UnsupportedDecorator, title, span, "called here");
        diagnostic.labels.extend(others.into_iter().map(|span| Label { span, text: "this decorator".to_owned() }));
        Err(self.report(diagnostic.with_hint("call an undecorated function, and decorate the caller")))
    }

    fn library_call(&mut self, full: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        if let Some(result) = self.container_class_call(full, arguments, keywords, span) {
            return result;
        }
        if let Some(result) = self.language_call(full, arguments, keywords, span) {
            return result;
        }
        if let Some(result) = self.record_call(full, arguments, keywords, span) {
            return result;
        }
        if full == "itertools.tee"
            && let Some(made) = self.iterator_call(full, arguments, keywords, span)
        {
            return made;
        }
        if let Some(made) = self.maker_call(full, arguments, keywords, span) {
            return made;
        }
        let mut arguments = self.arguments(None, arguments, keywords, span)?;
        if Self::takes_arrays(full) && arguments.positional.iter().any(|value| Self::holds_lists(&value.ty)) {
            let alone = arguments.positional.len() == 1 && arguments.keywords.is_empty();
            let ndim = arguments.positional.first().and_then(|value| Self::ndim_of_items(&value.ty));
            match (full, alone, ndim) {
                ("numpy.stack", true, _) | ("numpy.vstack", true, Some(1)) => {
                    return self.list_as_array(arguments.positional.remove(0));
                }
                ("numpy.concatenate", true, _) | ("numpy.vstack", true, Some(2..)) | ("numpy.hstack", true, Some(1)) => {
                    return self.concatenate_list(arguments.positional.remove(0), span);
                }
                _ => {}
            }
            // Making an array of one argument writes statements: the others come in order.
            arguments.positional = arguments.positional.into_iter().map(|value| self.hold(value)).collect();
            let given = std::mem::take(&mut arguments.positional);
            let dtype = given.get(1).or_else(|| arguments.keywords.iter().find(|(name, _)| name == "dtype").map(|(_, value)| value));
            let converts = matches!(full, "numpy.array" | "numpy.asarray" | "numpy.ascontiguousarray" | "numpy.asfortranarray")
                && dtype.is_some_and(|value| value.ty != Type::None);
            let empty = if converts { Empty::IsOfItsKind } else { Empty::IsFloats };
            for value in given {
                arguments.positional.push(self.list_made_array(value, empty)?);
            }
        }
        self.apply(arguments, |typer, arguments| library::call(typer, full, arguments))
    }

    /// Functions that need more than their typed arguments.
    fn language_call(&mut self, full: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Option<Typed<Expr>> {
        let name = full.strip_prefix("builtins.")?;
        if let Some(result) = self.written_call(name, arguments, keywords, span) {
            return Some(result);
        }
        if let Some(result) = self.container_call(name, arguments, keywords, span) {
            return Some(result);
        }
        if let (Some(method), [receiver, rest @ ..]) = (name.strip_prefix("str."), arguments) {
            return Some(self.method_of_string(method, receiver, rest, keywords, span));
        }
        let expanded;
        let arguments = match (name, arguments) {
            ("tuple", [argument]) => match self.expanded(argument) {
                Ok(argument) => {
                    expanded = [argument];
                    expanded.as_slice()
                }
                Err(reported) => return Some(Err(reported)),
            },
            _ => arguments,
        };
        match (name, arguments) {
            ("len", [argument]) if keywords.is_empty() => match self.consumed(argument) {
                Ok(value) => Some(self.length_of(value, span)),
                Err(reported) => Some(Err(reported)),
            },
            ("isinstance", [value, class]) if keywords.is_empty() => Some(self.is_instance(value, class, span)),
            ("tuple", [ast::Expr { kind: ast::ExprKind::Comprehension { kind: "list" | "generator", element, clauses }, .. }]) => {
                Some(self.tuple_from_comprehension(element, clauses, span))
            }
            ("tuple", [argument]) if keywords.is_empty() => Some(self.tuple_of(argument, span)),
            ("tuple", []) => Some(Ok(tuple(Vec::new(), span))),
            ("sum" | "min" | "max" | "any" | "all", [argument, ..]) => self.reduction(name, argument, &arguments[1..], keywords, span),
            ("print", _) => {
                let diagnostic = Diagnostic::new(Id::UnsupportedCall, "`print` is not compiled here", span, "used as a value");
                Some(Err(self.report(diagnostic.with_hint("print in a Python function around this one"))))
            }
            ("next" | "iter", _) => {
                Some(self.iterator_call(full, arguments, keywords, span).unwrap_or_else(|| Err(self.single_items(name, span))))
            }
            ("enumerate" | "zip" | "reversed", _) if !self.is_called_generator(name, arguments, keywords, span) => {
                let write = crate::objects::Writer { span };
                let call = ast::ExprKind::Call(Box::new(write.builtin(name)), arguments.to_vec(), keywords.to_vec());
                Some(self.iterator(&write.expr(call), span))
            }
            ("range" | "enumerate" | "zip" | "reversed", _) => {
                let title = format!("`{name}` is not compiled here");
                let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, span, "compiled as what a `for` runs over");
                Some(Err(self.report(diagnostic)))
            }
            _ => None,
        }
    }

    /// `str.upper(text)`.
    fn method_of_string(&mut self, method: &str, receiver: &ast::Expr, rest: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let value = self.expression(receiver)?;
        if matches!(value.ty, Type::Str | Type::Text(_)) {
            return self.method_on(value, method, rest, keywords, span);
        }
        let title = format!("`str.{method}` needs a string, not `{}`", value.ty);
        Err(self.type_error(title, receiver.span, "not a string"))
    }

    fn reduction(&mut self, name: &str, argument: &ast::Expr, more: &[ast::Expr], keywords: &Keywords, span: Span) -> Option<Typed<Expr>> {
        if matches!(argument.kind, ast::ExprKind::Starred(_)) || (name != "sum" && !more.is_empty()) {
            return None;
        }
        let argument = match self.expanded(argument) {
            Ok(argument) => argument,
            Err(reported) => return Some(Err(reported)),
        };
        if let ("min" | "max", [], [], ast::ExprKind::List(items) | ast::ExprKind::Tuple(items)) = (name, more, keywords, &argument.kind)
            && let [first, rest @ ..] = items.as_slice()
            && let Some(result) = self.best_of(&format!("builtins.{name}"), first, rest, span)
        {
            return Some(result);
        }
        if let Some(result) = self.reduction_of_iterable(name, &argument, more, keywords, span) {
            return Some(result);
        }
        let start = match (name, more, keywords) {
            (_, [], []) => None,
            ("sum", [start], []) => Some(start),
            ("sum", [], [(Some(keyword), start)]) if keyword == "start" => Some(start),
            _ => return None,
        };
        let value = match self.reduction_of_object(name, &argument, start, span) {
            Ok(Ok(result)) => return Some(Ok(result)),
            Ok(Err(value)) => value,
            Err(reported) => return Some(Err(reported)),
        };
        let value = match self.summed(name, value, start.is_some()) {
            Ok(value) => value,
            Err(reported) => return Some(Err(reported)),
        };
        let given = self.arguments(Some(value), more, keywords, span);
        let full = format!("builtins.{name}");
        Some(given.and_then(|given| self.apply(given, |typer, arguments| library::call(typer, &full, arguments))))
    }

    /// What `sum` adds to 0: members of an `IntEnum` as ints, and nothing that is no number. Of others `any` and `all` ask for the truth.
    fn summed(&mut self, name: &str, value: Expr, has_start: bool) -> Typed<Expr> {
        let Type::Tuple(types) = &value.ty else { return Ok(value) };
        let no_number = |ty: &&Type| !matches!(ty, Type::Scalar(..) | Type::Array(..) | Type::Optional(_) | Type::Unknown(_));
        if !matches!(name, "sum" | "any" | "all") || !types.iter().any(|ty| no_number(&ty)) {
            return Ok(value);
        }
        let span = value.span;
        let items = self.tuple_items(value).unwrap_or_default();
        if name != "sum" {
            let items = items.into_iter().map(|item| crate::logic::truth(self.hold(item))).collect();
            return Ok(crate::expression::tuple(items, span));
        }
        let items: Vec<Expr> = items.into_iter().map(crate::records::transparent).collect();
        match items.iter().find(|item| no_number(&&item.ty)) {
            Some(item) if !has_start => {
                let (title, span) = (format!("`sum` adds `{}` to 0", item.ty), item.span);
                Err(self.type_error(title, span, "no number"))
            }
            _ => Ok(crate::expression::tuple(items, span)),
        }
    }

    fn length_of(&mut self, value: Expr, span: Span) -> Typed<Expr> {
        if let Some(count) = self.option_count(&value, span) {
            return Ok(count);
        }
        match &value.ty {
            ty if ty.is_object() => Ok(crate::objects::length(value, span)),
            Type::Tuple(items) => {
                self.evaluate(&value);
                Ok(length_constant(items.len(), span))
            }
            Type::Text(text) => Ok(length_constant(text.chars().count(), span)),
            _ => {
                let arguments = Arguments { positional: vec![value], keywords: Vec::new(), span };
                self.apply(arguments, |typer, arguments| library::call(typer, "builtins.len", arguments))
            }
        }
    }

    /// Types the arguments of a call of the library, the receiver of a method first.
    pub(crate) fn arguments(
        &mut self,
        receiver: Option<Expr>,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Arguments> {
        self.arguments_as(Self::argument, receiver, arguments, keywords, span)
    }

    /// Types the arguments of a call of a function of the package, as they are.
    pub(crate) fn given(&mut self, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Arguments> {
        self.arguments_as(Self::argument_value, None, arguments, keywords, span)
    }

    /// An argument of a function of the package: what can be run over once, or is a range, is the list of its items.
    pub(crate) fn argument_value(&mut self, expr: &ast::Expr) -> Typed<Expr> {
        let expanded = self.expanded(expr)?;
        if self.iterating(&expanded).is_some() {
            return self.value(&expanded);
        }
        if self.runs_once(&expanded) {
            return self.list_of(&expanded, expr.span);
        }
        self.value(&expanded)
    }

    pub(crate) fn arguments_as(
        &mut self,
        as_value: fn(&mut Self, &ast::Expr) -> Typed<Expr>,
        receiver: Option<Expr>,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Arguments> {
        let mark = self.block.len();
        let typed = self.values(arguments, as_value);
        let mut positional: Vec<Expr> = receiver.into_iter().collect();
        self.keep_all_in_order(&mut positional, mark);
        let mut named: Vec<(String, Expr)> = Vec::new();
        let mut failed = None;
        match typed {
            Ok(typed) => positional.extend(typed),
            Err(reported) => failed = Some(reported),
        }
        let mut known = Vec::new();
        for (name, value) in keywords {
            let entries = if name.is_none() { self.written_options(value) } else { None };
            match (name, entries) {
                (Some(name), _) => known.push((name.clone(), value.clone())),
                (None, Some(entries)) => known.extend(entries),
                (None, None) => match self.option_entries(value) {
                    Ok(Some(entries)) => known.extend(entries.into_iter().map(|(name, entry)| {
                        let place = self.named("option", entry);
                        (name, crate::objects::Writer { span: value.span }.name(&place))
                    })),
                    Ok(None) => {
                        let label = "the names are known at run time only";
                        failed = Some(self.unsupported("`**` of this is not compiled in a call", value.span, label));
                    }
                    Err(reported) => failed = Some(reported),
                },
            }
        }
        for (name, value) in &known {
            if known.iter().filter(|(other, _)| other == name).count() > 1 {
                failed = Some(self.type_error(format!("got multiple values for keyword argument '{name}'"), value.span, "given again"));
            }
            let mark = self.block.len();
            match as_value(self, value) {
                Ok(value) => {
                    self.keep_all_in_order(&mut positional, mark);
                    named.push((name.clone(), value));
                }
                Err(reported) => failed = Some(reported),
            }
        }
        if named.len() > 1 && !named.iter().all(|(_, value)| crate::effects::is_harmless(value)) {
            // The parameters may have another order.
            let mark = self.block.len();
            named = named.into_iter().map(|(name, value)| (name, self.settle(vec![value]).remove(0))).collect();
            self.keep_all_in_order(&mut positional, mark);
        }
        failed.map_or(Ok(Arguments { positional, keywords: named, span }), Err)
    }

    fn method_call(&mut self, base: &ast::Expr, method: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        if let ("format", ast::ExprKind::Str(format)) = (method, &base.kind) {
            return self.format_text(format, arguments, keywords, span);
        }
        let receiver = self.entity(base);
        if receiver.is_err() {
            // The arguments may have more to say.
            let _: Typed<Vec<Expr>> = self.operands(arguments);
        }
        self.method_on(receiver?, method, arguments, keywords, span)
    }

    /// A method of a value.
    pub(crate) fn method_on(
        &mut self,
        receiver: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        if receiver.ty.is_this() {
            return self.object_call(method, span, arguments, keywords, span);
        }
        let receiver = match self.record_method(receiver, method, arguments, keywords, span)? {
            Ok(result) => return Ok(result),
            Err(receiver) => receiver,
        };
        if receiver.ty.is_object() || matches!(receiver.ty, Type::Text(_)) {
            return self.object_method(receiver, method, arguments, keywords, span);
        }
        if let Some(result) = self.number_method(&receiver, method, arguments, span) {
            return result;
        }
        if let (Type::Array(dtype, ndim @ 1..), "tolist", [], []) = (&receiver.ty, method, arguments, keywords) {
            let (dtype, ndim) = (*dtype, *ndim);
            return self.array_as_list(receiver, dtype, ndim, span);
        }
        let arguments = self.arguments(Some(receiver), arguments, keywords, span)?;
        self.apply(arguments, |typer, arguments| library::method(typer, method, arguments))
    }

    /// A call of a local value: a function is called, a dtype converts.
    fn value_call(&mut self, function: &ast::Expr, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        let value = self.expression(function)?;
        if let Type::Function(key) = &value.ty {
            if let Some(closure) = self.closures.get(key).cloned() {
                return self.call_closure(&closure, arguments, keywords, span);
            }
            let found = self.function_of(key);
            return self.static_call(found, arguments, keywords, span);
        }
        if let Type::Callable(..) = value.ty {
            return self.call_python(value, arguments, keywords, span);
        }
        let Type::DtypeValue(dtype, flavor) = value.ty else {
            let title = format!("`{}` cannot be called", self.source(function));
            return Err(self.type_error(title, span, format!("this is `{}`", value.ty)));
        };
        let full = match Type::Scalar(dtype, flavor) {
            python @ Type::Scalar(_, Flavor::Python) => format!("builtins.{python}"),
            _ if dtype == hypersonic_ops::Dtype::Bool => "numpy.bool_".to_owned(),
            _ => format!("numpy.{}", dtype.name()),
        };
        self.library_call(&full, arguments, keywords, span)
    }

    /// Calls a function of the package with all that it takes.
    pub(crate) fn package_call(&mut self, callee: &Callee, values: Vec<Expr>, span: Span) -> Typed<Expr> {
        if let Some(value) = values.iter().find(|value| value.ty.is_this()) {
            return Err(self.object_as_value("self", value.span));
        }
        if let Some(value) = values.iter().find(|value| crate::closure::holds_closure(&value.ty)) {
            return Err(self.surroundings_lost("a function inside this one", "are lost", value.span));
        }
        let passed: Vec<Argument> =
            values.iter().map(|value| Argument { ty: value.ty.clone(), known: known_bool(value), passed: true }).collect();
        match self.unit.instance(callee, &passed, span) {
            Ok((position, ty)) => {
                let unit = is_unit(&ty);
                let call = Expr { ty: ty.clone(), kind: ExprKind::Call(position, values), span };
                if unit {
                    self.push(StmtKind::Expr(call), span);
                    return Ok(Expr { ty, kind: ExprKind::Unit, span });
                }
                Ok(call)
            }
            Err(Refusal::Unknown) => {
                self.unknown_calls = true;
                Err(Reported)
            }
            Err(Refusal::Diagnostics(diagnostics)) => {
                let types: Vec<String> = passed.iter().map(|argument| argument.ty.to_string()).collect();
                for mut diagnostic in diagnostics {
                    let text = format!("`{}` is called here with ({})", callee.definition.name, types.join(", "));
                    diagnostic.labels.push(Label { span, text });
                    self.report(diagnostic);
                }
                Err(Reported)
            }
        }
    }

    /// One value per parameter, the first `skipped` left out, as Python binds them.
    pub(crate) fn bind_arguments(&mut self, file: u32, definition: &FunctionDef, skipped: usize, arguments: Arguments) -> Typed<Vec<Expr>> {
        let Arguments { positional, keywords, span } = arguments;
        let name = &definition.name;
        let count = positional.len();
        let mut positional = positional.into_iter();
        let mut keywords = keywords;
        let mut values = Vec::with_capacity(definition.parameters.len());
        for parameter in definition.parameters.iter().skip(skipped) {
            let by_position = if parameter.kind == ParameterKind::KeywordOnly { None } else { positional.next() };
            let by_name = match parameter.kind {
                ParameterKind::PositionalOnly => None,
                _ => keywords.iter().position(|(keyword, _)| *keyword == parameter.name).map(|at| keywords.remove(at).1),
            };
            values.push(match (by_position, by_name) {
                (Some(_), Some(again)) => {
                    let title = format!("{name}() got multiple values for argument '{}'", parameter.name);
                    return Err(self.type_error(title, again.span, "given again"));
                }
                (Some(value), None) | (None, Some(value)) => value,
                (None, None) => self.default_value(file, name, parameter, span)?,
            });
        }
        if definition.vararg.is_some() {
            values.push(tuple(positional.by_ref().collect(), span));
        }
        if let Some(extra) = positional.next() {
            let title = format!("{name}() takes {} positional arguments but {count} were given", definition.parameters.len());
            return Err(self.type_error(title, extra.span, "one too many"));
        }
        if definition.kwarg.is_some() {
            values.push(crate::options::options(std::mem::take(&mut keywords), span));
        }
        if let Some((keyword, value)) = keywords.first() {
            let title = format!("{name}() got an unexpected keyword argument '{keyword}'");
            return Err(self.type_error(title, value.span, "no such parameter"));
        }
        Ok(values)
    }

    fn default_value(&mut self, file: u32, name: &str, parameter: &Parameter, span: Span) -> Typed<Expr> {
        let Some(default) = &parameter.default else {
            let title = format!("{name}() missing 1 required argument: '{}'", parameter.name);
            return Err(self.type_error(title, span, "called here"));
        };
        if let ast::ExprKind::Name(held) = &default.kind
            && held.starts_with('.')
        {
            // Evaluated where the function was defined.
            return self.local(held, span);
        }
        // Defaults are evaluated in their module, where locals are out of sight.
        self.constants.push((file, format!("{name}({})", parameter.name)));
        let outer = std::mem::replace(&mut self.file, file);
        let value = self.nested(span, |typer| typer.entity(default));
        self.file = outer;
        self.constants.pop();
        let value = value?;
        if value.ty.any(|part| matches!(part, Type::Array(..) | Type::List(_) | Type::Set(_) | Type::Dict(..) | Type::Special(..))) {
            let title = format!("`{}` as default value is not compiled", value.ty);
            return Err(self.unsupported(title, span, "the same object is used in every call"));
        }
        Ok(Expr { span, ..value })
    }

    fn tuple_of(&mut self, argument: &ast::Expr, span: Span) -> Typed<Expr> {
        if self.is_generator(argument) {
            return self.tuple_of_any_length(argument, span);
        }
        let (block, known) = self.in_block(|typer| {
            let iterable = typer.iterable(argument)?;
            Ok(typer.unrolled_items(&iterable, true))
        });
        match known? {
            Some(items) => {
                self.block.extend(block);
                Ok(tuple(items, span))
            }
            None => self.tuple_of_any_length(argument, span),
        }
    }
}

fn known_bool(value: &Expr) -> Option<Constant> {
    match value.kind {
        ExprKind::Constant(known @ Constant::Bool(_)) if value.ty == Type::BOOL => Some(known),
        _ => None,
    }
}
