//! Builtins and methods of numbers whose compiled form is written as Python, in the library; slices and ranges as values.

use crate::calls::Keywords;
use crate::function::{Typed, Typer};
use crate::ir;
use crate::resolve::{bool_constant, int_constant};
use crate::unit::Callee;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Flavor, ScalarOp, Type};
use hypersonic_syntax::ast::{Expr, ExprKind};

/// What the keys of slices in variables begin with.
const SLICE: &str = "slice:";

impl Typer<'_, '_> {
    /// A builtin that the library has, or that the types answer; none if it is another.
    pub(crate) fn written_call(&mut self, name: &str, arguments: &[Expr], keywords: &Keywords, span: Span) -> Option<Typed<ir::Expr>> {
        Some(match (name, arguments, keywords) {
            ("pow", [_, _, _], []) => self.given_to_library("own.pow_modulo", arguments, span),
            ("pow", [base, exponent], [(Some(keyword), modulus)]) if keyword == "mod" => {
                let arguments = [base.clone(), exponent.clone(), modulus.clone()];
                self.given_to_library("own.pow_modulo", &arguments, span)
            }
            ("bool", [Expr { kind: ExprKind::None, .. }], []) => Ok(bool_constant(false, span)),
            ("getattr", [object, Expr { kind: ExprKind::Str(name), .. }], []) => {
                self.expression(&Expr { span, kind: ExprKind::Attribute(Box::new(object.clone()), name.clone()) })
            }
            ("getattr", _, _) => {
                let title = "`getattr` needs a literal string, and no default";
                Err(self.unsupported(title, span, "the attribute is not known when the call is compiled"))
            }
            ("callable", [value], []) => self.is_callable(value, span),
            ("slice", [_] | [_, _] | [_, _, _], []) => self.slice_value(arguments, span),
            ("len", [range], []) => {
                let range = self.range_bounds(range)?;
                range.map(|[start, stop, step]| {
                    let length = self.range_length(&start, &stop, &step, span);
                    crate::iterate::int_map(ScalarOp::Maximum, vec![length, int_constant(0, span)], span)
                })
            }
            _ => return None,
        })
    }

    /// A call of a function of the library.
    fn given_to_library(&mut self, full: &str, arguments: &[Expr], span: Span) -> Typed<ir::Expr> {
        let given = self.given(arguments, &[], span)?;
        self.call_library(full, given.positional, span)
    }

    fn call_library(&mut self, full: &str, values: Vec<ir::Expr>, span: Span) -> Typed<ir::Expr> {
        let Some((file, definition)) = self.unit.program.library_function(full) else {
            return Err(self.report(Diagnostic::new(Id::Internal, format!("the library has no `{full}`"), span, "called here")));
        };
        self.package_call(&Callee { file, definition, method: None }, values, span)
    }

    /// A method of one of Python's numbers that the library has: `int.bit_length`.
    pub(crate) fn number_method(&mut self, receiver: &ir::Expr, method: &str, arguments: &[Expr], span: Span) -> Option<Typed<ir::Expr>> {
        let (Type::Scalar(_, Flavor::Python), []) = (&receiver.ty, arguments) else { return None };
        let ty = if receiver.ty == Type::BOOL { Type::INT } else { receiver.ty.clone() };
        let full = format!("{ty}.{method}");
        self.unit.program.library_function(&full)?;
        Some(self.call_library(&full, vec![receiver.clone()], span))
    }

    fn is_callable(&mut self, value: &Expr, span: Span) -> Typed<ir::Expr> {
        if let Some(found) = self.static_of(value)
            && !matches!(found, crate::resolve::Static::Constant(..) | crate::resolve::Static::Module(_))
        {
            return Ok(bool_constant(true, span));
        }
        let value = self.value(value)?;
        self.evaluate(&value);
        Ok(bool_constant(matches!(value.ty, Type::Function(_) | Type::DtypeValue(_, Flavor::Python)), span))
    }

    /// Start, stop and step of `range(...)`; none if it is something else.
    fn range_bounds(&mut self, range: &Expr) -> Option<Typed<[ir::Expr; 3]>> {
        if !self.is_range(range) {
            return None;
        }
        Some(self.iterable(range).and_then(|iterable| match iterable {
            crate::iterate::Iterable::Range { start, stop, step } => Ok([start, stop, step]),
            _ => Err(crate::function::Reported),
        }))
    }

    pub(crate) fn is_range(&mut self, expr: &Expr) -> bool {
        let ExprKind::Call(function, ..) = &expr.kind else { return false };
        matches!(self.static_of(function), Some(crate::resolve::Static::External(full)) if full == "builtins.range")
    }

    /// `x in range(...)`; none if it is something else.
    pub(crate) fn in_range(&mut self, left: &ir::Expr, right: &Expr, span: Span) -> Option<Typed<ir::Expr>> {
        if !self.is_range(right) || !matches!(left.ty, Type::Scalar(_, Flavor::Python)) {
            return None;
        }
        let bounds = self.range_bounds(right)?;
        Some(bounds.and_then(|[start, stop, step]| {
            let values = vec![left.clone(), self.hold(start), self.hold(stop), self.hold(step)];
            self.call_library("own.in_range", values, span)
        }))
    }

    /// `slice(...)` as a value: its bounds are evaluated here.
    fn slice_value(&mut self, arguments: &[Expr], span: Span) -> Typed<ir::Expr> {
        let mut bounds = Vec::new();
        for argument in arguments {
            bounds.push(if matches!(argument.kind, ExprKind::None) { None } else { Some(Box::new(self.kept(argument)?)) });
        }
        if bounds.len() == 1 {
            bounds.insert(0, None);
        }
        let mut bounds = bounds.into_iter();
        let slice = ExprKind::Slice(bounds.next().flatten(), bounds.next().flatten(), bounds.next().flatten());
        let key = format!("{SLICE}{}", self.own_name("slice"));
        self.slices.insert(key.clone(), Expr { span, kind: slice });
        Ok(ir::Expr { ty: Type::Function(key), kind: ir::ExprKind::Unit, span })
    }

    /// An index with the slices that it holds as they would be written in it.
    pub(crate) fn spelt_index(&mut self, index: &Expr) -> Typed<Expr> {
        match &index.kind {
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|item| self.spelt_index(item)).collect::<Typed<Vec<Expr>>>()?;
                Ok(Expr { span: index.span, kind: ExprKind::Tuple(items) })
            }
            ExprKind::Call(function, ..) if matches!(self.static_of(function), Some(crate::resolve::Static::External(full)) if full == "builtins.slice") =>
            {
                let value = self.value(index)?;
                Ok(self.slice_of(&value.ty).unwrap_or_else(|| index.clone()))
            }
            ExprKind::Name(name) if self.is_local(name) => {
                let found = match self.environment.get(&self.bound_name(name)) {
                    Some(crate::scope::Binding::Value { ty, .. }) => {
                        let ty = ty.clone();
                        self.slice_of(&ty)
                    }
                    _ => None,
                };
                Ok(found.unwrap_or_else(|| index.clone()))
            }
            _ => Ok(index.clone()),
        }
    }

    fn slice_of(&mut self, ty: &Type) -> Option<Expr> {
        let Type::Function(key) = ty else { return None };
        let slice = self.slices.get(key)?.clone();
        // Its names are seen wherever it is.
        self.locals.extend(
            hypersonic_scan::names_of(&slice)
                .into_iter()
                .filter(|name| name.starts_with('.') && !name.starts_with(crate::objects::BUILTIN)),
        );
        Some(slice)
    }
}
