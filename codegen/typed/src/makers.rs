//! Functions that make functions, `functools.partial` and those of `operator`: what they make is written as a function inside this one, whose
//! surroundings are what they were given. And the words that only files of the library say.

use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{self, Constant};
use crate::objects::Writer;
use crate::resolve::bool_constant;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_syntax::ast::{Expr, ExprKind, FunctionDef, Parameter, ParameterKind, StmtKind, UnaryOp};
use std::sync::Arc;

/// The parameter of what they make.
const ITEM: &str = ".given";

impl Typer<'_, '_> {
    /// What a function makes that makes functions; none if it makes none.
    pub(crate) fn maker_call(&mut self, full: &str, arguments: &[Expr], keywords: &Keywords, span: Span) -> Option<Typed<ir::Expr>> {
        Some(match full {
            "functools.partial" => self.partial(arguments, keywords, span),
            "operator.itemgetter" if keywords.is_empty() => self.item_getter(arguments, span),
            "operator.attrgetter" if keywords.is_empty() => self.attribute_getter(arguments, span),
            "operator.methodcaller" => self.method_caller(arguments, keywords, span),
            _ => return None,
        })
    }

    /// A function of `*args` that calls another with what is given here before it.
    fn partial(&mut self, arguments: &[Expr], keywords: &Keywords, span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        let Some(([function], given)) = arguments.split_at_checked(1) else {
            return Err(self.type_error("`functools.partial` takes a function", span, "nothing is given"));
        };
        let function = if self.static_of(function).is_some() { function.clone() } else { self.kept(function)? };
        let mut passed = given.iter().map(|value| self.kept(value)).collect::<Typed<Vec<_>>>()?;
        let mut named = Vec::new();
        for (name, value) in keywords {
            named.push((name.clone(), self.kept(value)?));
        }
        passed.push(write.expr(ExprKind::Starred(Box::new(write.name(ITEM)))));
        let call = write.expr(ExprKind::Call(Box::new(function), passed, named));
        self.written(Vec::new(), Some(ITEM.to_owned()), call, span)
    }

    fn item_getter(&mut self, arguments: &[Expr], span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        let mut items = Vec::new();
        for key in arguments {
            let key = self.kept(key)?;
            items.push(write.item(write.name(ITEM), key));
        }
        self.getter(items, "`operator.itemgetter` takes what to look up", span)
    }

    fn attribute_getter(&mut self, arguments: &[Expr], span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        let mut items = Vec::new();
        for name in arguments {
            let ExprKind::Str(name) = &name.kind else {
                return Err(self.unsupported("`operator.attrgetter` needs a literal string", name.span, "not known at build time"));
            };
            let attribute = |base, part: &str| write.expr(ExprKind::Attribute(Box::new(base), part.to_owned()));
            items.push(name.split('.').fold(write.name(ITEM), attribute));
        }
        self.getter(items, "`operator.attrgetter` takes names", span)
    }

    fn method_caller(&mut self, arguments: &[Expr], keywords: &Keywords, span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        let Some(([Expr { kind: ExprKind::Str(method), .. }], given)) = arguments.split_at_checked(1) else {
            return Err(self.unsupported("`operator.methodcaller` needs a literal string", span, "the name of the method"));
        };
        let passed = given.iter().map(|value| self.kept(value)).collect::<Typed<Vec<_>>>()?;
        let mut named = Vec::new();
        for (name, value) in keywords {
            named.push((name.clone(), self.kept(value)?));
        }
        let attribute = write.expr(ExprKind::Attribute(Box::new(write.name(ITEM)), method.clone()));
        let call = write.expr(ExprKind::Call(Box::new(attribute), passed, named));
        self.written(vec![item_parameter(span)], None, call, span)
    }

    /// A function of one value that gives these, a tuple if they are several.
    fn getter(&mut self, mut items: Vec<Expr>, none: &str, span: Span) -> Typed<ir::Expr> {
        let body = match items.len() {
            0 => return Err(self.type_error(none, span, "nothing is given")),
            1 => items.remove(0),
            _ => Writer { span }.tuple(items),
        };
        self.written(vec![item_parameter(span)], None, body, span)
    }

    /// A value in a variable of its own, so that it is evaluated once, here; literals stay, so that what is looked up is known.
    pub(crate) fn kept(&mut self, value: &Expr) -> Typed<Expr> {
        let literal = |value: &Expr| {
            matches!(value.kind, ExprKind::Int(..) | ExprKind::Float(_) | ExprKind::Str(_) | ExprKind::None | ExprKind::Bool(_))
        };
        match &value.kind {
            ExprKind::Unary(UnaryOp::Negative, inner) if literal(inner) => return Ok(value.clone()),
            ExprKind::Starred(_) => return Err(self.unsupported("`*` is not compiled here", value.span, "given here")),
            _ if literal(value) => return Ok(value.clone()),
            _ => {}
        }
        let typed = self.value(value)?;
        let typed = if is_unit(&typed.ty) { typed } else { self.snapshot(typed) };
        let name = self.named("kept", typed);
        Ok(Writer { span: value.span }.name(&name))
    }

    fn written(&mut self, parameters: Vec<Parameter>, vararg: Option<String>, result: Expr, span: Span) -> Typed<ir::Expr> {
        let definition = FunctionDef {
            span,
            name_span: span,
            name: "<lambda>".to_owned(),
            decorators: Vec::new(),
            type_parameters: Vec::new(),
            parameters,
            vararg,
            kwarg: None,
            returns: None,
            body: vec![Writer { span }.stmt(StmtKind::Return(Some(result)))],
            is_async: false,
        };
        self.lambda(&Arc::new(definition), span)
    }

    /// `refuse(why)` and `known(value)` in functions of ours.
    pub(crate) fn said_call(&mut self, function: &Expr, arguments: &[Expr], span: Span) -> Option<Typed<ir::Expr>> {
        let (ExprKind::Name(name), [argument]) = (&function.kind, arguments) else { return None };
        if !self.unit.program.is_library(self.file) {
            return None;
        }
        match (name.as_str(), &argument.kind) {
            ("refuse", ExprKind::Str(title)) => {
                let diagnostic = Diagnostic::new(Id::UnsupportedCall, title.clone(), span, "not compiled");
                self.reachable = false;
                Some(Err(self.report(diagnostic.with_hint("see docs/language.md"))))
            }
            ("known", _) => {
                let value = self.peek(|typer| typer.expression(argument));
                let known = |value: ir::Expr| matches!(value.kind, ir::ExprKind::Constant(Constant::Int(_)));
                Some(value.map(|value| bool_constant(known(value), span)).map_err(|_| Reported))
            }
            _ => None,
        }
    }
}

fn item_parameter(span: Span) -> Parameter {
    Parameter { span, name: ITEM.to_owned(), kind: ParameterKind::Positional, annotation: None, default: None }
}
