//! Builtins and methods of numbers whose compiled form is written as Python, in the library; slices and ranges as values.

use crate::calls::Keywords;
use crate::function::{Typed, Typer};
use crate::ir;
use crate::objects::Writer;
use crate::resolve::{bool_constant, int_constant};
use crate::scope::Binding;
use crate::unit::Callee;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Flavor, ScalarOp, Type};
use hypersonic_syntax::ast::{Expr, ExprKind};

/// What the keys of slices in variables begin with.
pub(crate) const SLICE: &str = "slice:";
/// Those of ranges.
pub(crate) const RANGE: &str = "range:";

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
            ("range", [_] | [_, _] | [_, _, _], []) => self.range_value(arguments, span),
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
        Ok(bool_constant(
            matches!(value.ty, Type::Callable(..) | Type::DtypeValue(_, Flavor::Python))
                || matches!(&value.ty, Type::Function(key) if !key.starts_with(SLICE) && !key.starts_with(RANGE) && value.ty.as_module().is_none()),
            span,
        ))
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

    /// `range(...)` as a value: its bounds are evaluated here.
    fn range_value(&mut self, arguments: &[Expr], span: Span) -> Typed<ir::Expr> {
        let write = Writer { span };
        let bounds = arguments.iter().map(|argument| self.kept(argument)).collect::<Typed<Vec<Expr>>>()?;
        let key = format!("{RANGE}{}", self.own_name("range"));
        self.slices.insert(key.clone(), write.call(write.builtin("range"), bounds));
        Ok(ir::Expr { ty: Type::Function(key), kind: ir::ExprKind::Unit, span })
    }

    /// The call that made the range that a name holds.
    pub(crate) fn held_range(&mut self, expr: &Expr) -> Option<Expr> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        match self.environment.get(&self.bound_name(name)) {
            Some(Binding::Value { ty: Type::Function(key), .. }) if key.starts_with(RANGE) && self.is_local(name) => {
                let ty = Type::Function(key.clone());
                self.slice_of(&ty)
            }
            _ => None,
        }
    }

    /// Whether a call makes a generator, as one of what would run over generators does.
    pub(crate) fn is_called_generator(&mut self, name: &str, arguments: &[Expr], keywords: &Keywords, span: Span) -> bool {
        let write = Writer { span };
        let call = ExprKind::Call(Box::new(write.builtin(name)), arguments.to_vec(), keywords.to_vec());
        self.is_generator(&write.expr(call)) || arguments.iter().any(|argument| self.is_generator(argument))
    }

    pub(crate) fn is_range(&mut self, expr: &Expr) -> bool {
        if self.held_range(expr).is_some() {
            return true;
        }
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
                    Some(Binding::Value { ty, .. }) if ty.is_slice() => Some(self.spelt_slice(index)?),
                    Some(Binding::Value { ty, .. }) => {
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

    /// A slice that is a value, as it would be written in brackets.
    fn spelt_slice(&mut self, slice: &Expr) -> Typed<Expr> {
        let value = self.value(slice)?;
        let Some((_, Type::Tuple(bounds))) = value.ty.named() else { return Ok(slice.clone()) };
        let bounds = bounds.clone();
        let value = crate::records::bare(self.hold(value));
        let mut spelt = bounds.iter().enumerate().map(|(n, bound)| {
            (*bound != Type::None).then(|| {
                let name = self.named("bound", crate::unify::tuple_item(&value, n));
                Box::new(Writer { span: slice.span }.name(&name))
            })
        });
        let (start, stop, step) = (spelt.next().flatten(), spelt.next().flatten(), spelt.next().flatten());
        drop(spelt);
        Ok(Expr { span: slice.span, kind: ExprKind::Slice(start, stop, step) })
    }

    /// A slice that a name holds, as a value of its own: to be asked, or given away.
    pub(crate) fn slice_as_value(&mut self, value: ir::Expr) -> Typed<ir::Expr> {
        let Some(Expr { kind: ExprKind::Slice(start, stop, step), span }) = self.slice_of(&value.ty) else { return Ok(value) };
        let mut bounds = Vec::new();
        for bound in [start, stop, step] {
            let bound = match bound {
                Some(bound) => self.value(&bound)?,
                None => self.none(span),
            };
            if !matches!(&bound.ty, Type::None) && bound.ty.dtype().is_none_or(|dtype| dtype.kind() != hypersonic_ops::Kind::Integer) {
                return Err(self.type_error(format!("`{}` as a bound of a slice", bound.ty), bound.span, "no int"));
            }
            bounds.push(bound);
        }
        let ty = Type::slice(bounds.iter().map(|bound| bound.ty.clone()).collect());
        Ok(ir::Expr { ty, ..crate::expression::tuple(bounds, span) })
    }

    /// The same of all slices in a tuple.
    pub(crate) fn slices_as_values(&mut self, value: ir::Expr) -> Typed<ir::Expr> {
        match value.kind {
            ir::ExprKind::Tuple(items) if matches!(value.ty, Type::Tuple(_)) => {
                let items = items.into_iter().map(|item| self.slices_as_values(item)).collect::<Typed<Vec<_>>>()?;
                Ok(crate::expression::tuple(items, value.span))
            }
            _ => self.slice_as_value(value),
        }
    }

    /// `s.indices(n)`.
    pub(crate) fn slice_method(
        &mut self,
        value: ir::Expr,
        method: &str,
        arguments: &[Expr],
        keywords: &Keywords,
        span: Span,
    ) -> Typed<ir::Expr> {
        let ("indices", [length], []) = (method, arguments, keywords) else {
            return Err(self.type_error(format!("`slice` has no method `{method}` of these arguments"), span, "called here"));
        };
        let value = crate::records::bare(self.hold(value));
        let length = self.value(length)?;
        let mut values: Vec<ir::Expr> = (0..3).map(|n| crate::unify::tuple_item(&value, n)).collect();
        values.push(length);
        self.call_library("own.slice_indices", values, span)
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
