//! Methods of values of classes, and functions of Python's that take such values.

use super::attributes::member;
use super::transparent;
use crate::calls::Keywords;
use crate::function::{Typed, Typer};
use crate::ir::Expr;
use crate::library::Arguments;
use crate::objects::Writer;
use crate::resolve::Static;
use crate::unit::Callee;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{ClassKind, Type};
use hypersonic_scan::{Member, Method, MethodKind, Record};
use hypersonic_syntax::ast::{self, CompareOp};
use std::sync::Arc;

impl Typer<'_, '_> {
    /// `value.method(...)` of a value of a class; the value, if it is none, or if the method is that of a tuple or an int.
    pub(crate) fn record_method(
        &mut self,
        value: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Result<Expr, Expr>> {
        let value = self.slice_as_value(value)?;
        let Some((class, _)) = value.ty.named() else { return Ok(Err(value)) };
        let class = Arc::clone(class);
        if class.kind == ClassKind::Keywords {
            return self.option_method(value, method, arguments, keywords, span).map(Ok);
        }
        if class.kind == ClassKind::Slice {
            return self.slice_method(value, method, arguments, keywords, span).map(Ok);
        }
        let record = self.record_named(&class, span)?;
        match member(&record, method) {
            Some(Member::Function(found)) if found.kind != MethodKind::Property => {
                return self.call_on(value, &found, arguments, keywords, span).map(Ok);
            }
            Some(_) => {
                let title = format!("`{method}` of `{}` is called, but it is no method", class.name);
                return Err(self.refused_record(title, span, "a value", "call a method of the class"));
            }
            None => {}
        }
        match (class.kind, method) {
            (ClassKind::Tuple, "_replace") if arguments.is_empty() => self.replaced(value, keywords, span).map(Ok),
            (ClassKind::Tuple, "_asdict") if arguments.is_empty() && keywords.is_empty() => self.as_dict(value, span).map(Ok),
            (ClassKind::Tuple | ClassKind::Value(_), _) if class.kind.is_transparent() => Ok(Err(transparent(value))),
            _ => Err(self.no_such_attribute(&record, method, span)),
        }
    }

    /// Calls a function of a class on a value of it.
    pub(super) fn call_on(
        &mut self,
        value: Expr,
        method: &Method,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let mark = self.block.len();
        let mut value = value;
        let given = self.given(arguments, keywords, span)?;
        self.keep_order(&mut value, mark);
        let receiver = match method.kind {
            MethodKind::Plain | MethodKind::Property => Some(value),
            MethodKind::Static => {
                self.evaluate(&value);
                None
            }
            MethodKind::OfClass => return Err(self.class_as_value(method, span)),
        };
        self.method_call_with(receiver, method, given)
    }

    fn class_as_value(&mut self, method: &Method, span: Span) -> crate::function::Reported {
        let title = format!("the class method `{}` is called", method.definition.name);
        self.refused_record(title, span, "not compiled", "use a static method, or a function of the module")
    }

    pub(super) fn method_call_with(&mut self, receiver: Option<Expr>, method: &Method, given: Arguments) -> Typed<Expr> {
        let span = given.span;
        let skipped = usize::from(receiver.is_some());
        if hypersonic_scan::is_generator(&method.definition.body) {
            return Err(self.generator_as_value(&method.definition.name, span));
        }
        let mut values: Vec<Expr> = receiver.into_iter().collect();
        values.extend(self.bind_arguments(method.file, &method.definition, skipped, given)?);
        let callee = Callee { file: method.file, definition: Arc::clone(&method.definition), method: None };
        self.package_call(&callee, values, span)
    }

    /// `P.method(...)`.
    pub(super) fn class_method(
        &mut self,
        record: &Record,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        if let Some(Member::Function(found)) = member(record, method) {
            if found.kind == MethodKind::OfClass {
                return Err(self.class_as_value(&found, span));
            }
            let given = self.given(arguments, keywords, span)?;
            return self.method_call_with(None, &found, given);
        }
        if let ("_make", ClassKind::Tuple, [items], true) = (method, record.name.kind, arguments, keywords.is_empty()) {
            let value = self.sequence_of(items)?;
            return match self.tuple_items(value) {
                Ok(items) if items.len() == record.fields.len() => self.of_fields(record, items, span),
                _ => {
                    let title = format!("`{}._make` is given something of another length", record.name.name);
                    Err(self.unsupported(title, items.span, "as many items as fields are needed, known at build time"))
                }
            };
        }
        Err(self.no_such_attribute(record, method, span))
    }

    fn as_dict(&mut self, value: Expr, span: Span) -> Typed<Expr> {
        let Some((class, _)) = value.ty.named() else { return Ok(value) };
        let names = class.names.clone();
        let value = self.hold(value);
        let fields = self.fields_of(value, span);
        let write = Writer { span };
        let mut items = Vec::new();
        for (name, field) in names.iter().zip(fields) {
            let held = self.named("field", field);
            items.push((Some(write.expr(ast::ExprKind::Str(name.clone()))), write.name(&held)));
        }
        self.dict_display(&items, span)
    }

    /// A call of a function of a library that has its own rules for values of classes; none if it has not.
    pub(crate) fn record_call(&mut self, full: &str, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Option<Typed<Expr>> {
        match (full, arguments) {
            ("dataclasses.replace" | "copy.replace", [value]) => Some(self.entity(value).and_then(|value| {
                if value.ty.named().is_none() {
                    return Err(self.type_error("`replace` needs a dataclass", value.span, format!("this is `{}`", value.ty)));
                }
                self.replaced(value, keywords, span)
            })),
            ("dataclasses.astuple", [value]) if keywords.is_empty() => {
                Some(self.entity(value).and_then(|value| self.as_tuple(value, span)))
            }
            ("builtins.abs", [value]) if keywords.is_empty() => {
                let value = match self.entity(value) {
                    Ok(value) => value,
                    Err(reported) => return Some(Err(reported)),
                };
                let special = if value.ty.named().is_some() { self.special_method(value, "__abs__", span) } else { Ok(Err(value)) };
                match special {
                    Ok(Ok(result)) => Some(Ok(result)),
                    Ok(Err(value)) => {
                        let arguments = Arguments { positional: vec![transparent(value)], keywords: Vec::new(), span };
                        Some(self.apply(arguments, |typer, arguments| crate::library::call(typer, full, arguments)))
                    }
                    Err(reported) => Some(Err(reported)),
                }
            }
            ("builtins.min" | "builtins.max", [first, rest @ ..]) if keywords.is_empty() && !rest.is_empty() => {
                self.best_of(full, first, rest, span)
            }
            _ => None,
        }
    }

    fn as_tuple(&mut self, value: Expr, span: Span) -> Typed<Expr> {
        let deep = |ty: &Type| ty.is_object() && *ty != Type::Str || ty.named().is_some() || matches!(ty, Type::Array(..));
        let fields = match value.ty.named() {
            Some((class, _)) if matches!(class.kind, ClassKind::Object { .. }) => {
                let value = self.hold(value);
                self.fields(value, span)
            }
            _ => return Err(self.type_error("`astuple` needs a dataclass", value.span, format!("this is `{}`", value.ty))),
        };
        if matches!(&fields.ty, Type::Tuple(items) if items.iter().any(|item| item.any(deep))) {
            return Err(self.unsupported("`astuple` of what holds containers is not compiled", span, "it copies all that is in it"));
        }
        Ok(fields)
    }

    /// Whether an argument is a value of a class. What cannot be one is not typed for it: arguments of arguments would be typed again at each depth.
    fn gives_record(&mut self, argument: &ast::Expr) -> bool {
        use ast::ExprKind as Kind;
        match &argument.kind {
            Kind::Call(function, arguments, _) => match self.static_of(function) {
                Some(Static::External(full)) if matches!(full.as_str(), "builtins.max" | "builtins.min") => {
                    return arguments.iter().any(|argument| self.gives_record(argument));
                }
                Some(Static::External(_)) => return false,
                _ => {}
            },
            Kind::Binary(_, left, right) => return self.gives_record(left) || self.gives_record(right),
            Kind::Name(_) | Kind::Attribute(..) | Kind::Subscript(..) | Kind::Conditional(..) => {}
            _ => return false,
        }
        self.probe(|typer| typer.value(argument)).is_some_and(|value| value.ty.named().is_some())
    }

    /// `max(a, b)`, where one of them is a value of a class: it comes back as what it is.
    pub(crate) fn best_of(&mut self, full: &str, first: &ast::Expr, rest: &[ast::Expr], span: Span) -> Option<Typed<Expr>> {
        if !std::iter::once(first).chain(rest).any(|argument| self.gives_record(argument)) {
            return None;
        }
        let write = Writer { span };
        let op = if full == "builtins.max" { CompareOp::Greater } else { CompareOp::Less };
        Some((|| {
            let all: Vec<ast::Expr> = std::iter::once(first).chain(rest).cloned().collect();
            let values = self.values(&all, Self::value)?;
            let names: Vec<String> = values.into_iter().map(|value| self.named("candidate", value)).collect();
            let mut best = names.first().cloned().unwrap_or_default();
            for name in &names[1..] {
                let test = write.compare(op, write.name(name), write.name(&best));
                let chosen = self.conditional(&test, &write.name(name), &write.name(&best), span)?;
                best = self.named("best", chosen);
            }
            self.local(&best, span)
        })())
    }
}
