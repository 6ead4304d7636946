//! `**options`: keyword arguments whose names are known at build time. In a function that takes them they are a value of their own, the tuple of
//! what was given, with names; `**` in a call gives the entries of a display, of `dict(a=1)`, or of such a value.

use crate::calls::Keywords;
use crate::expression::{length_constant, tuple};
use crate::function::{Typed, Typer};
use crate::ir::Expr;
use crate::resolve::{Static, bool_constant};
use crate::unify::tuple_item;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{ClassKind, Type};
use hypersonic_syntax::ast;

/// The names that a value of keyword arguments has.
pub(crate) fn names_of(ty: &Type) -> Option<&[String]> {
    ty.named().filter(|(class, _)| class.kind == ClassKind::Keywords).map(|(class, _)| class.names.as_slice())
}

/// What a function takes by keyword beyond its parameters.
pub(crate) fn options(keywords: Vec<(String, Expr)>, span: Span) -> Expr {
    let (names, values): (Vec<String>, Vec<Expr>) = keywords.into_iter().unzip();
    let ty = Type::keywords(names, values.iter().map(|value| value.ty.clone()).collect());
    Expr { ty, ..tuple(values, span) }
}

impl Typer<'_, '_> {
    /// What is known of `**` in a call by what is written there.
    pub(crate) fn written_options(&mut self, value: &ast::Expr) -> Option<Vec<(String, ast::Expr)>> {
        match &value.kind {
            ast::ExprKind::Dict(items) => items
                .iter()
                .map(|(key, value)| match key.as_ref().map(|key| &key.kind) {
                    Some(ast::ExprKind::Str(name)) => Some((name.clone(), value.clone())),
                    _ => None,
                })
                .collect(),
            ast::ExprKind::Call(function, arguments, keywords) if arguments.is_empty() => {
                let is_dict = matches!(self.static_of(function), Some(Static::External(full)) if full == "builtins.dict");
                let known = || keywords.iter().map(|(name, value)| Some((name.clone()?, value.clone()))).collect();
                if is_dict { known() } else { None }
            }
            _ => None,
        }
    }

    /// The entries of a value of keyword arguments; none if it is something else.
    pub(crate) fn option_entries(&mut self, value: &ast::Expr) -> Typed<Option<Vec<(String, Expr)>>> {
        let ast::ExprKind::Name(name) = &value.kind else { return Ok(None) };
        if !self.is_local(name) {
            return Ok(None);
        }
        let value = self.entity(value)?;
        let Some(names) = names_of(&value.ty).map(<[String]>::to_vec) else { return Ok(None) };
        let whole = crate::records::bare(self.hold(value));
        Ok(Some(names.into_iter().enumerate().map(|(n, name)| (name, tuple_item(&whole, n))).collect()))
    }

    fn no_dict(&mut self, span: Span) -> crate::function::Reported {
        let title = "keyword arguments are used as a dict";
        let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, span, "used here");
        self.report(
            diagnostic.with_hint("ask for a name that is written there: `options[\"a\"]`, `options.get(\"a\", 0.0)`, `\"a\" in options`"),
        )
    }

    /// `options["a"]`.
    pub(crate) fn option_item(&mut self, value: Expr, index: &ast::Expr, span: Span) -> Typed<Expr> {
        let key = self.expression(index)?;
        let (Type::Text(name), Some(names)) = (&key.ty, names_of(&value.ty)) else { return Err(self.no_dict(span)) };
        match names.iter().position(|other| other == name) {
            Some(n) => Ok(tuple_item(&crate::records::bare(self.hold(value)), n)),
            None => {
                let title = format!("no keyword argument `{name}` is given");
                Err(self.type_error(title, span, "Python raises KeyError here"))
            }
        }
    }

    /// `options.get("a", default)`.
    pub(crate) fn option_method(
        &mut self,
        value: Expr,
        method: &str,
        arguments: &[ast::Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let ("get", [key, rest @ ..], []) = (method, arguments, keywords) else { return Err(self.no_dict(span)) };
        let key = self.expression(key)?;
        let (Type::Text(name), Some(names)) = (&key.ty, names_of(&value.ty)) else { return Err(self.no_dict(span)) };
        let found = names.iter().position(|other| other == name);
        let default = match rest {
            [] => self.none(span),
            [default] => self.value(default)?,
            _ => return Err(self.no_dict(span)),
        };
        match found {
            Some(n) => {
                self.evaluate(&default);
                Ok(tuple_item(&crate::records::bare(self.hold(value)), n))
            }
            None => Ok(default),
        }
    }

    /// `"a" in options`.
    pub(crate) fn has_option(&mut self, left: &Expr, right: &Expr, span: Span) -> Option<Typed<Expr>> {
        let names = names_of(&right.ty)?;
        Some(match &left.ty {
            Type::Text(name) => Ok(bool_constant(names.contains(name), span)),
            _ => Err(self.no_dict(span)),
        })
    }

    /// `len(options)`.
    pub(crate) fn option_count(&mut self, value: &Expr, span: Span) -> Option<Expr> {
        names_of(&value.ty).map(|names| length_constant(names.len(), span))
    }
}
