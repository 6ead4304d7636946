//! `raise` and `assert`: which exception, and its message in parts.

use crate::exceptions::{is_exception, takes_a_message};
use crate::function::{Reported, Typed, Typer};
use crate::ir::{Expr, ExprKind, MessagePart, Stmt, StmtKind};
use crate::logic::{constant_bool, negation};
use crate::objects::texts::{FORMAT, REPR, STR};
use crate::resolve::Static;
use crate::unify::is_pure;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, Type};
use hypersonic_syntax::ast::{self, BinaryOp, FStringPart};

type Parts = Vec<MessagePart>;

impl Typer<'_, '_> {
    /// `raise exc from cause`.
    pub(crate) fn raise_statement(&mut self, exc: Option<&ast::Expr>, cause: Option<&ast::Expr>, span: Span) -> Typed<()> {
        let raised = self.raise(exc, cause, span);
        self.reachable = false;
        raised
    }

    fn raise(&mut self, exc: Option<&ast::Expr>, cause: Option<&ast::Expr>, span: Span) -> Typed<()> {
        if let Some(raised) = self.raise_again(exc, span) {
            return raised;
        }
        let Some(exc) = exc else { return Err(Reported) };
        // The cause is an object of Python: Python answers where it can, so that the exception has it.
        let caused = cause.is_some_and(|cause| !matches!(cause.kind, ast::ExprKind::None));
        // What functions of Python's own modules raise has the text of the Python that runs, where it can answer.
        let retried = caused || self.unit.program.is_library(self.file);
        if let Some(cause) = cause.filter(|_| caused)
            && !self.is_cause(cause)
        {
            let hint = "name the exception that was caught";
            return Err(self.refused("this cause of an exception is not compiled", cause.span, "made here", hint));
        }
        let (class, arguments) = match &exc.kind {
            ast::ExprKind::Call(class, arguments, keywords) if keywords.is_empty() => (class.as_ref(), arguments.as_slice()),
            _ => (exc, [].as_slice()),
        };
        if let Some(found) = self.package_exception(class) {
            if found.constructs {
                self.python_answers(&format!("making a `{}` runs code of its class", found.full), span);
                return Ok(());
            }
            let message = self.exception_arguments(arguments)?;
            self.push(StmtKind::Raise { exception: found.full, message, retried }, span);
            return Ok(());
        }
        let exception = match self.static_of(class) {
            Some(Static::External(full)) => Some(crate::resolve::short(&full)).filter(|name| is_exception(name)).map(str::to_owned),
            _ => None,
        };
        if let Some(name) = exception.as_deref().filter(|name| !takes_a_message(name)) {
            let title = format!("raising `{name}` is not compiled");
            return Err(self.refused(&title, class.span, "made of five arguments", "raise `ValueError` or `UnicodeError`"));
        }
        let Some(exception) = exception else {
            let title = "only Python's own exceptions, and those of the package that derive from them, can be raised";
            let label = format!("`{}` is not one of them", self.source(class));
            return Err(self
                .report(Diagnostic::new(Id::UnsupportedStatement, title, class.span, label).with_hint("raise `ValueError` or the like")));
        };
        let message = self.exception_arguments(arguments)?;
        self.push(StmtKind::Raise { exception, message, retried }, span);
        Ok(())
    }

    /// What an exception is made with.
    fn exception_arguments(&mut self, arguments: &[ast::Expr]) -> Typed<Parts> {
        let mut all = Parts::new();
        for (n, argument) in arguments.iter().enumerate() {
            if n > 0 {
                all.push(MessagePart::Next);
            }
            let parts = self.exception_argument(argument)?;
            // An empty text is an argument, too.
            all.extend(if parts.is_empty() { vec![MessagePart::Text(String::new())] } else { parts });
        }
        Ok(all)
    }

    fn exception_argument(&mut self, expr: &ast::Expr) -> Typed<Parts> {
        if matches!(expr.kind, ast::ExprKind::Starred(_)) {
            return Err(self.unsupported("`*` in an exception is not compiled", expr.span, "given here"));
        }
        if is_text(expr) {
            return self.message(expr);
        }
        let value = self.value(expr)?;
        let value = self.hold(value);
        match &value.ty {
            Type::Text(text) => Ok(vec![MessagePart::Text(text.clone())]),
            Type::Str => Ok(vec![MessagePart::Value(value, String::new())]),
            Type::None => Ok(vec![MessagePart::Argument(value)]),
            Type::Scalar(dtype, Flavor::Python) if dtype.kind() != Kind::Complex => Ok(vec![MessagePart::Argument(value)]),
            other => {
                let label = format!("this is `{other}`");
                Err(self.unsupported("an exception is made with strings, Python's numbers and `None` only", expr.span, label))
            }
        }
    }

    /// Whether it is an exception that was caught, or one of Python's that takes nothing but strings.
    fn is_cause(&mut self, cause: &ast::Expr) -> bool {
        let (class, arguments) = match &cause.kind {
            ast::ExprKind::Call(class, arguments, keywords) if keywords.is_empty() => (class.as_ref(), arguments.as_slice()),
            _ => (cause, [].as_slice()),
        };
        let plain = arguments.iter().all(|argument| matches!(argument.kind, ast::ExprKind::Str(_)));
        self.exception_of(cause).is_some()
            || (plain && matches!(self.static_of(class), Some(Static::External(full)) if is_exception(crate::resolve::short(&full))))
    }

    /// `assert test, message`.
    pub(crate) fn assert_statement(&mut self, test: &ast::Expr, message: Option<&ast::Expr>, span: Span) -> Typed<()> {
        self.unit.asserts = true;
        let asked = test;
        let test = self.test(test)?;
        if constant_bool(&test) == Some(true) {
            return Ok(());
        }
        // What the message does, by a method, is not seen by what follows.
        let environment = self.environment.clone();
        let (mut then, message) =
            self.in_block(|typer| message.map_or(Ok(Parts::new()), |message| typer.exception_arguments(std::slice::from_ref(message))));
        self.environment = environment;
        then.push(Stmt { span, kind: StmtKind::Raise { exception: "AssertionError".to_owned(), message: message?, retried: false } });
        if constant_bool(&test) == Some(false) {
            self.block.extend(then);
            self.reachable = false;
            return Ok(());
        }
        self.push(StmtKind::If { test: negation(test, span), then, otherwise: Vec::new() }, span);
        self.assume(asked, true);
        Ok(())
    }

    /// The parts of a message.
    fn message(&mut self, expr: &ast::Expr) -> Typed<Parts> {
        let parts = self.nested(expr.span, |typer| typer.message_parts(expr))?;
        Ok(join_texts(parts))
    }

    fn message_parts(&mut self, expr: &ast::Expr) -> Typed<Parts> {
        match &expr.kind {
            ast::ExprKind::Str(text) => Ok(vec![MessagePart::Text(text.clone())]),
            ast::ExprKind::FString(parts) => self.formatted(parts, expr.span),
            ast::ExprKind::Binary(BinaryOp::Add, left, right) => {
                let mut parts = self.message_parts(left)?;
                parts.extend(self.message_parts(right)?);
                Ok(parts)
            }
            ast::ExprKind::Binary(BinaryOp::Modulo, format, values) if matches!(format.kind, ast::ExprKind::Str(_)) => {
                let ast::ExprKind::Str(format) = &format.kind else { return Ok(Parts::new()) };
                self.percent(format, values, expr.span)
            }
            ast::ExprKind::Call(function, arguments, keywords) => {
                if let ast::ExprKind::Attribute(base, method) = &function.kind
                    && let ast::ExprKind::Str(format) = &base.kind
                    && method == "format"
                {
                    return self.format_method(format, arguments, keywords, expr.span);
                }
                match (self.static_of(function), arguments.as_slice()) {
                    (Some(Static::External(full)), [value]) if full == "builtins.str" => {
                        if matches!(value.kind, ast::ExprKind::Str(_) | ast::ExprKind::FString(_)) {
                            return self.message_parts(value);
                        }
                        let value = self.text_value(value)?;
                        // Not in every way as `format` does it.
                        let value = if matches!(value.ty, Type::Scalar(_, Flavor::Numpy)) {
                            self.shown(STR, None, value, expr.span)?
                        } else {
                            value
                        };
                        self.value_parts(value, "")
                    }
                    _ => self.message_value(expr),
                }
            }
            _ => self.message_value(expr),
        }
    }

    /// A part that is put together with others must be a string.
    fn message_value(&mut self, expr: &ast::Expr) -> Typed<Parts> {
        let value = self.expression(expr)?;
        match value.ty {
            Type::Text(text) => Ok(vec![MessagePart::Text(text)]),
            Type::Str => Ok(vec![MessagePart::Value(self.hold(value), String::new())]),
            other => {
                Err(self.unsupported("a part of the message of an exception must be a string", expr.span, format!("this is `{other}`")))
            }
        }
    }

    fn formatted(&mut self, parts: &[FStringPart], span: Span) -> Typed<Parts> {
        let mut message = Parts::new();
        for part in parts {
            match part {
                FStringPart::Text(text) => message.push(MessagePart::Text(text.clone())),
                FStringPart::Value { value, conversion, spec } => {
                    let Some(spec) = spec else {
                        return Err(self.unsupported("a computed format is not compiled", span, "the format is known at run time only"));
                    };
                    let typed = self.text_value(value)?;
                    let typed = match conversion {
                        Some('r') => self.shown(REPR, None, typed, value.span)?,
                        Some('s') => self.shown(STR, None, typed, value.span)?,
                        Some(other) => {
                            let label = format!("`!{other}` of `{}`", typed.ty);
                            return Err(self.unsupported("this conversion is not compiled", value.span, label));
                        }
                        None => typed,
                    };
                    message.extend(self.value_parts(typed, spec)?);
                }
            }
        }
        Ok(message)
    }

    /// A value within a message.
    fn value_parts(&mut self, value: Expr, spec: &str) -> Typed<Parts> {
        let text = |text: &str| Ok(vec![MessagePart::Text(text.to_owned())]);
        match &value.ty {
            Type::Text(inner) if spec.is_empty() => text(inner),
            Type::Str | Type::Scalar(..) if self.as_value => Ok(vec![MessagePart::Value(value, spec.to_owned())]),
            Type::None if spec.is_empty() => text("None"),
            Type::Scalar(dtype, _) if !matches!(dtype, Dtype::Bool | Dtype::F32) && dtype.kind() != Kind::Complex => {
                Ok(vec![MessagePart::Value(value, spec.to_owned())])
            }
            Type::Scalar(..) | Type::Str | Type::Text(_) => {
                let span = value.span;
                let as_text = |spec: &str| crate::objects::as_string(Expr { ty: Type::Text(spec.to_owned()), kind: ExprKind::Unit, span });
                let shown = self.shown(FORMAT, (!spec.is_empty()).then(|| as_text(spec)), value, span)?;
                Ok(vec![MessagePart::Value(self.hold(shown), String::new())])
            }
            Type::Tuple(types)
                if spec.is_empty()
                    && types.iter().all(|ty| matches!(ty, Type::Scalar(dtype, Flavor::Python) if dtype.kind() != Kind::Complex)) =>
            {
                let items = self.tuple_items(value).unwrap_or_default();
                let single = items.len() == 1;
                let mut parts = vec![MessagePart::Text("(".to_owned())];
                for (n, item) in items.into_iter().enumerate() {
                    if n > 0 {
                        parts.push(MessagePart::Text(", ".to_owned()));
                    }
                    parts.push(MessagePart::Value(item, String::new()));
                }
                parts.push(MessagePart::Text(if single { ",)" } else { ")" }.to_owned()));
                Ok(parts)
            }
            other => {
                let label = format!("`{other}`");
                Err(self.unsupported("messages are compiled with numbers and strings only", value.span, label))
            }
        }
    }

    /// `"..." % values`.
    pub(crate) fn percent(&mut self, format: &str, values: &ast::Expr, span: Span) -> Typed<Parts> {
        // All are evaluated before any is formatted.
        let values = match &values.kind {
            ast::ExprKind::Tuple(items) => self.values(items, Self::text_value)?,
            _ => {
                let value = self.expression(values)?;
                self.tuple_items(value).unwrap_or_else(|value| vec![value])
            }
        };
        let values: Vec<Expr> = values.into_iter().map(|value| if is_pure(&value) { value } else { self.hold(value) }).collect();
        let mut values = values.into_iter();
        let mut parts = Parts::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            parts.push(MessagePart::Text(rest[..at].to_owned()));
            rest = &rest[at + 1..];
            let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '%') else {
                return Err(self.type_error("the format is incomplete", span, "ends after `%`"));
            };
            let (options, kind) = (&rest[..end], rest.as_bytes()[end]);
            rest = &rest[end + 1..];
            if kind == b'%' && options.is_empty() {
                parts.push(MessagePart::Text("%".to_owned()));
                continue;
            }
            let Some(value) = values.next() else {
                return Err(self.type_error("not enough values for the format", span, "more `%` than values"));
            };
            let Some((what, spec)) = crate::percent::spec(options, kind, &value.ty) else {
                let label = format!("`%{options}{}` of `{}`", char::from(kind), value.ty);
                return Err(self.unsupported("this format is not compiled", value.span, label));
            };
            let value = match what {
                Some(what) => self.shown(what, None, value, span)?,
                None => value,
            };
            parts.extend(self.value_parts(value, &spec)?);
        }
        if values.next().is_some() {
            return Err(self.type_error("too many values for the format", span, "more values than `%`"));
        }
        parts.push(MessagePart::Text(rest.to_owned()));
        Ok(parts)
    }

    /// `"...".format(...)`.
    pub(crate) fn format_method(
        &mut self,
        format: &str,
        arguments: &[ast::Expr],
        keywords: &[(Option<String>, ast::Expr)],
        span: Span,
    ) -> Typed<Parts> {
        let mut parts = Parts::new();
        let mut next = 0;
        let mut rest = format;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, tail) = rest.split_at(at);
            parts.push(MessagePart::Text(before.to_owned()));
            if tail.starts_with("{{") || tail.starts_with("}}") {
                parts.push(MessagePart::Text(tail[..1].to_owned()));
                rest = &tail[2..];
                continue;
            }
            let Some(end) = tail.find('}').filter(|_| tail.starts_with('{')) else {
                return Err(self.type_error("the format has a single brace", span, "write it twice"));
            };
            let field = &tail[1..end];
            rest = &tail[end + 1..];
            let (name, spec) = field.split_once(':').unwrap_or((field, ""));
            let value = if name.is_empty() {
                next += 1;
                arguments.get(next - 1)
            } else if let Ok(position) = name.parse::<usize>() {
                arguments.get(position)
            } else {
                keywords.iter().find(|(keyword, _)| keyword.as_deref() == Some(name)).map(|(_, value)| value)
            };
            let Some(value) = value.filter(|_| !spec.contains('{')) else {
                return Err(self.unsupported("this format is not compiled", span, format!("the field `{{{field}}}`")));
            };
            let value = self.text_value(value)?;
            parts.extend(self.value_parts(value, spec)?);
        }
        parts.push(MessagePart::Text(rest.to_owned()));
        Ok(parts)
    }
}

/// Whether an expression is written as a text.
fn is_text(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Str(_) | ast::ExprKind::FString(_) => true,
        ast::ExprKind::Binary(BinaryOp::Add, left, right) => is_text(left) || is_text(right),
        ast::ExprKind::Binary(BinaryOp::Modulo, format, _) => matches!(format.kind, ast::ExprKind::Str(_)),
        ast::ExprKind::Call(function, arguments, _) => match &function.kind {
            ast::ExprKind::Attribute(base, method) => method == "format" && matches!(base.kind, ast::ExprKind::Str(_)),
            ast::ExprKind::Name(name) => name == "str" && arguments.len() == 1,
            _ => false,
        },
        _ => false,
    }
}

fn join_texts(parts: Parts) -> Parts {
    let mut joined = Parts::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (_, MessagePart::Text(text)) if text.is_empty() => {}
            (Some(MessagePart::Text(before)), MessagePart::Text(text)) => before.push_str(&text),
            (_, MessagePart::Value(Expr { ty: Type::INT, kind: ExprKind::Constant(crate::ir::Constant::Int(value)), .. }, spec))
                if spec.is_empty() =>
            {
                match joined.last_mut() {
                    Some(MessagePart::Text(before)) => before.push_str(&value.to_string()),
                    _ => joined.push(MessagePart::Text(value.to_string())),
                }
            }
            (_, part) => joined.push(part),
        }
    }
    joined
}
