//! Checks a unit against the law of [`crate::ir`]. Back ends take [`Checked`], which only this room makes.
//!
//! What it finds is our own mistake, never the user's.

use crate::ir::{Arrangement, Block, Constant, Expr, ExprKind, Function, Index, MessagePart, Stmt, StmtKind, Unit, VariableId};
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, Type};
use std::ops::Deref;

/// Something that keeps its law.
#[derive(Clone, Debug)]
pub struct Checked<T>(T);

impl<T> Deref for Checked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Checked<T> {
    /// The thing itself; it must be checked again after a change.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// Checks a unit.
///
/// # Errors
/// [`Id::Internal`] diagnostics: one per broken rule, with the function's IR as text.
pub fn check(unit: Unit) -> Result<Checked<Unit>, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    for function in &unit.functions {
        let mut checker = Checker { unit: &unit, function, loops: 0, open: Vec::new(), handling: Vec::new(), broken: Vec::new() };
        checker.function();
        for (span, rule) in checker.broken {
            let title = format!("typed IR of `{}`: {rule}", function.name);
            let mut diagnostic = Diagnostic::new(Id::Internal, title, span, "made from this");
            diagnostic.text = crate::text::function(function);
            diagnostics.push(diagnostic);
        }
    }
    if diagnostics.is_empty() { Ok(Checked(unit)) } else { Err(diagnostics) }
}

struct Checker<'a> {
    unit: &'a Unit,
    function: &'a Function,
    loops: usize,
    /// `try` around, with the number of their exits.
    open: Vec<(u32, usize)>,
    /// Handlers around, by their `try`.
    handling: Vec<u32>,
    broken: Vec<(Span, String)>,
}

impl Checker<'_> {
    fn require(&mut self, holds: bool, span: Span, rule: impl Into<String>) {
        if !holds {
            self.broken.push((span, rule.into()));
        }
    }

    fn variable(&self, variable: VariableId) -> Option<&Type> {
        self.function.variables.get(variable.0 as usize).map(|variable| &variable.ty)
    }

    fn function(&mut self) {
        let span = self.function.span;
        for parameter in &self.function.parameters {
            self.require(self.variable(*parameter).is_some(), span, "a parameter is no variable");
        }
        self.block(&self.function.body);
    }

    fn block(&mut self, block: &Block) {
        block.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn looped(&mut self, block: &Block) {
        self.loops += 1;
        self.block(block);
        self.loops -= 1;
    }

    fn test(&mut self, test: &Expr) {
        self.expr(test);
        self.require(test.ty == Type::BOOL, test.span, format!("a condition is `{}`", test.ty));
    }

    fn int(&mut self, value: &Expr) {
        self.expr(value);
        self.require(value.ty == Type::INT, value.span, format!("`{}` where an int must be", value.ty));
    }

    fn array(&mut self, value: &Expr) {
        self.expr(value);
        self.require(matches!(value.ty, Type::Array(..)), value.span, format!("`{}` where an array must be", value.ty));
    }

    fn numeric(&mut self, value: &Expr) {
        self.expr(value);
        self.require(value.ty.dtype().is_some(), value.span, format!("`{}` where a scalar or array must be", value.ty));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                self.expr(value);
                let same = self.variable(*variable) == Some(&value.ty);
                self.require(same, span, format!("`{}` is assigned to a variable of another type", value.ty));
            }
            StmtKind::SetItem { array, index, value } => {
                self.array(array);
                self.index(array, index);
                self.numeric(value);
            }
            StmtKind::UpdateItem { array, index, value, .. } => {
                self.array(array);
                self.index(array, index);
                self.numeric(value);
                let scalar = !index.is_empty() && index.iter().all(|part| matches!(part, Index::Integer(_)));
                self.require(!scalar, span, "an update of a single element");
            }
            StmtKind::SetAttribute(place, value) => {
                self.expr(value);
                let same = self.unit.attributes.get(*place).is_some_and(|attribute| attribute.ty == value.ty);
                self.require(same, span, format!("`{}` is set in the place of another type", value.ty));
            }
            StmtKind::Expr(value) => {
                self.expr(value);
                let placeholder = value.ty == Type::None && matches!(value.kind, ExprKind::Constant(_));
                self.require(!placeholder, span, "a jump was not patched");
            }
            StmtKind::Parallel { chunks, threads, call } => {
                self.int(chunks);
                self.int(threads);
                self.expr(call);
                let callee = if let ExprKind::Call(position, _) = call.kind { self.unit.functions.get(position) } else { None };
                let first = callee.and_then(|callee| callee.variables.get(callee.parameters.first()?.0 as usize));
                let fine = first.is_some_and(|first| first.ty == Type::INT) && call.ty == Type::None;
                self.require(fine, span, "no call of a chunk");
            }
            StmtKind::If { test, then, otherwise } => {
                self.test(test);
                self.block(then);
                self.block(otherwise);
            }
            StmtKind::While { test, body, orelse } => {
                self.test(test);
                self.looped(body);
                self.block(orelse);
            }
            StmtKind::ForRange { variable, start, stop, step, body, orelse } => {
                [start, stop, step].into_iter().for_each(|bound| self.int(bound));
                self.require(self.variable(*variable) == Some(&Type::INT), span, "a loop counts in something that is no int");
                self.looped(body);
                self.block(orelse);
            }
            StmtKind::Unrolled { iterations, orelse } => {
                iterations.iter().for_each(|iteration| self.looped(iteration));
                self.block(orelse);
            }
            StmtKind::Try { id, body, handlers, orelse, exits } => {
                self.open.push((*id, exits.len()));
                self.block(body);
                for handler in handlers {
                    self.handling.push(*id);
                    self.block(&handler.body);
                    self.handling.pop();
                }
                self.block(orelse);
                self.open.pop();
                exits.iter().for_each(|exit| self.block(exit));
            }
            StmtKind::Reraise(id) => self.require(self.handling.contains(id), span, "nothing is raised again"),
            StmtKind::Exit(id, n) => {
                let there = self.open.iter().any(|(open, exits)| open == id && n < exits);
                self.require(there, span, "an exit that is not there");
            }
            StmtKind::Break | StmtKind::Continue => self.require(self.loops > 0, span, "a jump outside of a loop"),
            StmtKind::Return(value) => {
                self.expr(value);
                let same = value.ty == self.function.result;
                self.require(same, span, format!("returns `{}` instead of `{}`", value.ty, self.function.result));
            }
            StmtKind::Raise { message, .. } => {
                for part in message {
                    if let MessagePart::Value(value, _) = part {
                        self.expr(value);
                        let shown = matches!(value.ty, Type::Scalar(dtype, _) if dtype.kind() != Kind::Complex);
                        self.require(shown, value.span, format!("`{}` in a message", value.ty));
                    }
                }
            }
        }
    }

    fn index(&mut self, array: &Expr, index: &[Index]) {
        let mut covered = 0;
        for part in index {
            match part {
                Index::Integer(value) => {
                    self.expr(value);
                    let integer = matches!(value.ty, Type::Scalar(dtype, _) if dtype.kind() == Kind::Integer);
                    self.require(integer, value.span, format!("`{}` as an index", value.ty));
                    covered += 1;
                }
                Index::Slice(lower, upper, step) => {
                    [lower, upper, step].into_iter().flatten().for_each(|bound| self.int(bound));
                    covered += 1;
                }
                Index::NewAxis => {}
                Index::Mask(mask) => {
                    self.array(mask);
                    self.require(mask.ty.dtype() == Some(Dtype::Bool), mask.span, "a mask that is not bool");
                    covered += mask.ty.ndim().unwrap_or(0);
                }
                Index::Array(places) => {
                    self.array(places);
                    let integers = places.ty.dtype().is_some_and(|dtype| dtype.kind() == Kind::Integer);
                    self.require(integers && places.ty.ndim() > Some(0), places.span, format!("`{}` as an index", places.ty));
                    covered += 1;
                }
            }
        }
        let ndim = array.ty.ndim().unwrap_or(0);
        let complete = covered == ndim || index.is_empty();
        self.require(complete, array.span, format!("an index covers {covered} of {ndim} axes"));
    }

    fn expr(&mut self, expr: &Expr) {
        let (ty, span) = (&expr.ty, expr.span);
        match &expr.kind {
            ExprKind::Unit => {
                let unit = matches!(ty, Type::None | Type::Text(_) | Type::Function(_) | Type::DtypeValue(..));
                self.require(unit, span, format!("nothing says what `{ty}` is"));
            }
            ExprKind::Constant(value) => self.require(fits(*value, ty), span, format!("{value:?} as `{ty}`")),
            ExprKind::Variable(variable) => {
                let same = self.variable(*variable) == Some(ty);
                self.require(same, span, format!("a variable is read as `{ty}`"));
            }
            ExprKind::Tuple(items) => {
                items.iter().for_each(|item| self.expr(item));
                let types = Type::Tuple(items.iter().map(|item| item.ty.clone()).collect());
                self.require(types == *ty, span, format!("a tuple of type `{ty}` holds `{types}`"));
            }
            ExprKind::TupleItem(value, n) => {
                self.expr(value);
                let same = matches!(&value.ty, Type::Tuple(types) if types.get(*n) == Some(ty));
                self.require(same, span, format!("item {n} of `{}` as `{ty}`", value.ty));
            }
            ExprKind::IsNone(value) => {
                self.expr(value);
                self.require(matches!(value.ty, Type::Optional(_)) && *ty == Type::BOOL, span, format!("`{}` is asked for None", value.ty));
            }
            ExprKind::Unwrap(value) => {
                self.expr(value);
                let same = matches!(&value.ty, Type::Optional(inner) if inner.as_ref() == ty);
                self.require(same, span, format!("`{}` unwrapped as `{ty}`", value.ty));
            }
            ExprKind::Convert(value) if matches!(ty, Type::Optional(_)) => {
                self.expr(value);
                let fits = matches!(ty, Type::Optional(inner) if value.ty == Type::None || value.ty == **inner);
                self.require(fits, span, format!("`{}` converted to `{ty}`", value.ty));
            }
            ExprKind::Length(value) => {
                self.expr(value);
                self.require(value.ty.is_object() && *ty == Type::INT, span, format!("the length of `{}` as `{ty}`", value.ty));
            }
            ExprKind::Object(op, operands) => self.object(*op, operands, ty, span),
            ExprKind::Convert(value) => {
                self.numeric(value);
                let both = value.ty.ndim() == ty.ndim()
                    && matches!((&value.ty, ty), (Type::Scalar(..), Type::Scalar(..)) | (Type::Array(..), Type::Array(..)));
                self.require(both, span, format!("`{}` converted to `{ty}`", value.ty));
            }
            ExprKind::Map { operands, .. } => {
                operands.iter().for_each(|operand| self.numeric(operand));
                self.require(!operands.is_empty() && ty.dtype().is_some(), span, format!("a map gives `{ty}`"));
                let any_array = operands.iter().any(|operand| matches!(operand.ty, Type::Array(..)));
                let is_array = matches!(ty, Type::Array(..));
                self.require(any_array || !is_array, span, "a map of scalars gives an array");
            }
            ExprKind::Truth(value) => {
                self.numeric(value);
                self.require(*ty == Type::BOOL, span, "a truth that is no bool");
            }
            ExprKind::And(a, b) | ExprKind::Or(a, b) => {
                self.numeric(a);
                self.numeric(b);
                self.require(a.ty == *ty && b.ty == *ty, span, format!("`{}` and `{}` give `{ty}`", a.ty, b.ty));
            }
            ExprKind::Conditional { test, then, otherwise } => {
                self.test(test);
                self.expr(then);
                self.expr(otherwise);
                self.require(then.ty == *ty && otherwise.ty == *ty, span, format!("`{}` or `{}` give `{ty}`", then.ty, otherwise.ty));
            }
            ExprKind::Index(array, index) => {
                self.array(array);
                self.index(array, index);
                self.require(array.ty.dtype() == ty.dtype(), span, format!("an item of `{}` is `{ty}`", array.ty));
            }
            ExprKind::Extent(array, axis) => {
                self.array(array);
                let inside = array.ty.ndim().is_some_and(|ndim| axis < &ndim);
                self.require(inside && *ty == Type::INT, span, format!("extent {axis} of `{}`", array.ty));
            }
            ExprKind::Call(position, arguments) => self.call(*position, arguments, ty, span),
            other => self.array_expr(other, ty, span),
        }
    }

    /// The types of an operation's operands follow from its container.
    fn object(&mut self, op: Op, operands: &[Expr], ty: &Type, span: Span) {
        operands.iter().for_each(|operand| self.expr(operand));
        let unknown = ty.any(|part| matches!(part, Type::Unknown(_)));
        self.require(!unknown, span, format!("{op:?} gives `{ty}`"));
        let given = |n: usize| operands.get(n).map(|operand| &operand.ty);
        let lawful = match (op, operands.first().map(|object| &object.ty)) {
            (Op::New, None) => matches!(ty, Type::List(_) | Type::Set(_) | Type::Dict(..)),
            (Op::Append, Some(Type::List(element))) | (Op::Add | Op::Discard, Some(Type::Set(element))) => {
                given(1) == Some(element.as_ref())
            }
            (Op::Insert | Op::SetItem, Some(Type::List(element))) => given(1) == Some(&Type::INT) && given(2) == Some(element.as_ref()),
            (Op::Same, Some(object)) => object.is_object() && operands.get(1).is_some_and(|other| other.ty == *object) && *ty == Type::BOOL,
            (Op::ToTuple, Some(Type::List(element) | Type::Sequence(element))) => *ty == Type::Sequence(element.clone()),
            (Op::GetItem, Some(Type::List(element) | Type::Sequence(element))) | (Op::Pop, Some(Type::List(element))) => {
                given(1) == Some(&Type::INT) && ty == element.as_ref()
            }
            (Op::Contains, Some(Type::List(element) | Type::Sequence(element) | Type::Set(element) | Type::Dict(element, _))) => {
                given(1) == Some(element.as_ref())
            }
            (Op::Get, Some(Type::Dict(key, value))) => given(1) == Some(key.as_ref()) && ty == value.as_ref(),
            (Op::Set, Some(Type::Dict(key, value))) => given(1) == Some(key.as_ref()) && given(2) == Some(value.as_ref()),
            (Op::Text, Some(Type::Text(_))) => *ty == Type::Str,
            (Op::Update, Some(Type::Set(element))) if matches!(given(1), Some(Type::Dict(key, _)) if key == element) => true,
            (Op::Equal | Op::Compare | Op::Concatenate | Op::Extend | Op::Merge | Op::Combine | Op::Update, Some(first)) => {
                first.is_object() && given(1) == Some(first)
            }
            (Op::Append | Op::Insert | Op::SetItem | Op::GetItem | Op::Pop | Op::ToTuple | Op::Add | Op::Get | Op::Set | Op::Text, _) => {
                false
            }
            _ => true,
        };
        let types: Vec<String> = operands.iter().map(|operand| operand.ty.to_string()).collect();
        self.require(lawful, span, format!("{op:?} of ({}) as `{ty}`", types.join(", ")));
    }

    fn call(&mut self, position: usize, arguments: &[Expr], ty: &Type, span: Span) {
        arguments.iter().for_each(|argument| self.expr(argument));
        let Some(function) = self.unit.functions.get(position) else {
            self.require(false, span, format!("calls function {position}, which does not exist"));
            return;
        };
        let types = function.parameters.iter().map(|parameter| function.variables.get(parameter.0 as usize).map(|variable| &variable.ty));
        let same = types.eq(arguments.iter().map(|argument| Some(&argument.ty)));
        self.require(same, span, format!("the arguments of `{}` do not fit", function.name));
        self.require(function.result == *ty, span, format!("`{}` gives `{}`, not `{ty}`", function.name, function.result));
    }

    fn array_expr(&mut self, kind: &ExprKind, ty: &Type, span: Span) {
        match kind {
            ExprKind::Size(array) => self.array(array),
            ExprKind::Reduce { array, axes, .. } => {
                self.array(array);
                let ndim = array.ty.ndim().unwrap_or(0);
                let sorted = axes.windows(2).all(|pair| pair[0] < pair[1]) && axes.iter().all(|axis| *axis < ndim);
                self.require(sorted, span, format!("reduces axes {axes:?} of `{}`", array.ty));
            }
            ExprKind::Cumulative { array, axis, .. } => {
                self.array(array);
                self.require(array.ty.ndim().is_some_and(|ndim| *axis < ndim), span, "an accumulation along no axis");
            }
            ExprKind::Nonzero(array) => {
                self.array(array);
                let places = vec![Type::Array(Dtype::I64, 1); usize::from(array.ty.ndim().unwrap_or(0))];
                self.require(!places.is_empty() && *ty == Type::Tuple(places), span, format!("where `{}` is true as `{ty}`", array.ty));
            }
            ExprKind::Arrange { how, array, axis } => {
                self.array(array);
                let dtype = if *how == Arrangement::Places { Some(Dtype::I64) } else { array.ty.dtype() };
                let same = ty.dtype() == dtype && ty.ndim() == array.ty.ndim() && array.ty.ndim() > Some(*axis);
                self.require(same, span, format!("axis {axis} of `{}` arranged as `{ty}`", array.ty));
            }
            ExprKind::Distinct(array) => {
                self.array(array);
                self.require(array.ty == *ty && ty.ndim() == Some(1), span, format!("different ones of `{}` as `{ty}`", array.ty));
            }
            ExprKind::Search { array, values, .. } => {
                self.array(array);
                self.numeric(values);
                let same = array.ty.ndim() == Some(1) && array.ty.dtype() == values.ty.dtype() && values.ty.ndim() == ty.ndim();
                self.require(same, span, format!("`{}` looked for in `{}`", values.ty, array.ty));
            }
            ExprKind::Fill { shape, value } => {
                shape.iter().for_each(|extent| self.int(extent));
                value.iter().for_each(|value| self.numeric(value));
                self.require(ty.ndim().map(usize::from) == Some(shape.len()), span, format!("{} extents of `{ty}`", shape.len()));
            }
            ExprKind::Arange { start, stop, step } => [start, stop, step].into_iter().for_each(|value| self.numeric(value)),
            ExprKind::Linspace { start, stop, num, .. } => {
                self.numeric(start);
                self.numeric(stop);
                self.int(num);
            }
            ExprKind::Eye { rows, columns, diagonal } => [rows, columns, diagonal].into_iter().for_each(|value| self.int(value)),
            ExprKind::Copy(array) | ExprKind::ComplexPart(array, _) => self.array(array),
            ExprKind::Reshape(array, shape) => {
                self.array(array);
                shape.iter().for_each(|extent| self.int(extent));
                let ravel = shape.is_empty() && ty.ndim() == Some(1);
                self.require(ravel || ty.ndim().map(usize::from) == Some(shape.len()), span, format!("{} extents of `{ty}`", shape.len()));
            }
            ExprKind::Transpose(array, axes) => {
                self.array(array);
                let mut sorted = axes.clone();
                sorted.sort_unstable();
                let permutation = sorted.iter().enumerate().all(|(n, axis)| n == usize::from(*axis));
                self.require(permutation && array.ty == *ty, span, format!("transposes `{}` by {axes:?}", array.ty));
            }
            ExprKind::Concatenate(arrays, _) | ExprKind::Stack(arrays, _) => arrays.iter().for_each(|array| self.array(array)),
            ExprKind::MatMul(a, b) => {
                self.array(a);
                self.array(b);
            }
            // The others are checked where they are met.
            _ => {}
        }
    }
}

fn fits(value: Constant, ty: &Type) -> bool {
    let Type::Scalar(dtype, flavor) = ty else { return false };
    let python_dtype = matches!(dtype, Dtype::Bool | Dtype::I64 | Dtype::F64 | Dtype::C128);
    let kind = match value {
        Constant::Bool(_) => Kind::Bool,
        Constant::Int(_) => Kind::Integer,
        Constant::Float(_) => Kind::Float,
        Constant::Complex(..) => Kind::Complex,
    };
    kind == dtype.kind() && (*flavor == Flavor::Numpy || python_dtype)
}
