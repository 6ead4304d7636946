//! Reductions and cumulative operations of NumPy.

use crate::ir::{Expr, ExprKind, Reduction};
use crate::library::bind::Call;
use crate::library::elementwise::{apply, take_array_like};
use crate::library::operands::{copied, strong};
use crate::library::{make, shapes};
use hypersonic_diagnostics::Diagnostic;
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// An array to reduce, over which axes, and whether they stay.
struct Plan {
    array: Expr,
    axes: Vec<u8>,
    keepdims: bool,
}

impl Plan {
    fn take(call: &mut Call<'_>) -> Result<Self> {
        let array = strong(take_array_like(call, "a")?);
        let axis = call.take_some("axis");
        let keepdims = call.take_flag("keepdims", false)?;
        let ndim = array.ty.ndim().unwrap_or(0);
        let axes = match axis {
            None => (0..ndim).collect(),
            Some(axis) => shapes::axes_of(call, "axis", axis, ndim)?,
        };
        Ok(Self { array, axes, keepdims })
    }

    fn ndim(&self) -> u8 {
        self.array.ty.ndim().unwrap_or(0)
    }

    fn result_type(&self, dtype: Dtype) -> Type {
        let gone = if self.keepdims { 0 } else { u8::try_from(self.axes.len()).unwrap_or(0) };
        make::shaped(dtype, self.ndim() - gone)
    }

    fn reduce(&self, op: Reduction, array: Expr, dtype: Dtype, span: hypersonic_diagnostics::Span) -> Expr {
        let kind = ExprKind::Reduce { op, array: Box::new(array), axes: self.axes.clone(), keepdims: self.keepdims };
        make::expr(self.result_type(dtype), kind, span)
    }
}

/// `sum prod min max mean any all argmin argmax count_nonzero`.
pub(super) fn reduce(call: &mut Call<'_>, op: Reduction) -> Result<Expr> {
    let plan = Plan::take(call)?;
    let given = if matches!(op, Reduction::Sum | Reduction::Prod | Reduction::Mean) { call.take_dtype("dtype")? } else { None };
    let own = plan.array.ty.dtype().unwrap_or(Dtype::F64);
    let dtype = given.unwrap_or_else(|| call.operation.rule.apply(own));
    if matches!(op, Reduction::ArgMin | Reduction::ArgMax) && plan.axes.len() != 1 && plan.axes.len() != usize::from(plan.ndim()) {
        return Err(call.refuse("axis", &plan.array, "one axis, or none"));
    }
    if op == Reduction::Mean && dtype.kind() <= Kind::Integer {
        return Err(call.refuse("dtype", &plan.array, "the mean is computed in a floating-point dtype"));
    }
    let array = plan.array.clone();
    if plan.ndim() == 0 {
        return scalar(call, op, array, dtype);
    }
    if plan.axes.is_empty() {
        return Ok(over_no_axis(op, array, dtype));
    }
    let array = if given.is_some() && given != Some(own) { make::cast(array, dtype) } else { array };
    Ok(plan.reduce(op, array, dtype, call.span))
}

/// Over no axis, every element is reduced on its own, into a fresh array.
fn over_no_axis(op: Reduction, array: Expr, dtype: Dtype) -> Expr {
    let array = if op == Reduction::CountNonzero { make::cast(array, Dtype::Bool) } else { array };
    if array.ty.dtype() == Some(dtype) { copied(array) } else { make::cast(array, dtype) }
}

/// A reduction of one number.
fn scalar(call: &mut Call<'_>, op: Reduction, value: Expr, dtype: Dtype) -> Result<Expr> {
    let span = call.span;
    Ok(match op {
        Reduction::Any | Reduction::All => make::cast(value, Dtype::Bool),
        Reduction::CountNonzero => make::cast(make::cast(value, Dtype::Bool), Dtype::I64),
        Reduction::ArgMin | Reduction::ArgMax => make::number(0, Dtype::I64, span),
        _ => make::cast(value, dtype),
    })
}

/// Variance and standard deviation, in NumPy's three steps: mean, squares of deviations, their sum over n - ddof.
pub(super) fn spread(call: &mut Call<'_>, root: bool) -> Result<Expr> {
    let plan = Plan::take(call)?;
    let span = call.span;
    let given = call.take_dtype("dtype")?;
    let ddof = call.take_some("ddof").unwrap_or_else(|| make::int(0, span));
    let Some(own) = plan.array.ty.dtype().filter(|_| plan.ndim() > 0 && !plan.axes.is_empty()) else {
        return Err(call.mistyped(&plan.array, "an array with axes is needed"));
    };
    let dtype = given.unwrap_or(if own.kind() <= Kind::Integer { Dtype::F64 } else { own });
    if dtype.kind() <= Kind::Integer {
        return Err(call.refuse("dtype", &plan.array, "a deviation is computed in a floating-point dtype"));
    }
    let array = make::shared(call.surroundings, make::cast(plan.array.clone(), dtype));
    let mean_plan = Plan { array: array.clone(), axes: plan.axes.clone(), keepdims: true };
    let mean = mean_plan.reduce(Reduction::Mean, array.clone(), dtype, span);
    let deviation = apply(call, Op::Subtract, vec![array.clone(), mean])?;
    let squares = squared_modulus(call, deviation, dtype)?;
    let sum = plan.reduce(Reduction::Sum, squares, dtype.real(), span);
    let count = plan.axes.iter().map(|axis| make::extent(&array, *axis));
    let count = count.reduce(|left, right| make::int_map(Op::Multiply, vec![left, right], span)).unwrap_or_else(|| make::int(1, span));
    let divisor = degrees_of_freedom(call, count, ddof)?;
    let divisor = super::convert(divisor, &Type::Scalar(dtype.real(), Flavor::Numpy));
    let variance = apply(call, Op::Divide, vec![sum, divisor])?;
    if root { apply(call, Op::Sqrt, vec![variance]) } else { Ok(variance) }
}

/// `max(count - ddof, 0)`.
fn degrees_of_freedom(call: &mut Call<'_>, count: Expr, ddof: Expr) -> Result<Expr> {
    let span = call.span;
    if make::constant_int(&ddof) == Some(0) {
        return Ok(count);
    }
    let zero = match &ddof.ty {
        ty if *ty == Type::INT || *ty == Type::BOOL => make::int(0, span),
        ty if *ty == Type::FLOAT => make::float(0.0, span),
        _ => return Err(call.refuse("ddof", &ddof, "it must be a Python number")),
    };
    let dtype = zero.ty.dtype().unwrap_or(Dtype::I64);
    let left = make::map(zero.ty.clone(), Op::Subtract, dtype, vec![count, ddof], span);
    let left = make::shared(call.surroundings, left);
    let positive = make::test(Op::Greater, left.clone(), zero.clone(), span);
    let kind = ExprKind::Conditional { test: Box::new(positive), then: Box::new(left.clone()), otherwise: Box::new(zero) };
    Ok(make::expr(left.ty, kind, span))
}

/// `x * x` of real numbers, re² + im² of complex ones.
pub(super) fn squared_modulus(call: &mut Call<'_>, value: Expr, dtype: Dtype) -> Result<Expr> {
    if dtype.kind() != Kind::Complex {
        return apply(call, Op::Square, vec![value]);
    }
    let value = make::shared(call.surroundings, value);
    let ndim = value.ty.ndim().unwrap_or(0);
    let mut squares = Vec::new();
    for op in [Op::Real, Op::Imag] {
        let part = make::map(make::shaped(dtype.real(), ndim), op, dtype, vec![value.clone()], call.span);
        squares.push(apply(call, Op::Square, vec![part])?);
    }
    apply(call, Op::Add, squares)
}

/// `max - min`.
pub(super) fn peak_to_peak(call: &mut Call<'_>) -> Result<Expr> {
    let mut plan = Plan::take(call)?;
    let dtype = plan.array.ty.dtype().unwrap_or(Dtype::F64);
    if plan.ndim() == 0 || plan.axes.is_empty() {
        return Err(call.mistyped(&plan.array, "an array with axes is needed"));
    }
    plan.array = make::shared(call.surroundings, plan.array.clone());
    let highest = plan.reduce(Reduction::Max, plan.array.clone(), dtype, call.span);
    let lowest = plan.reduce(Reduction::Min, plan.array.clone(), dtype, call.span);
    apply(call, Op::Subtract, vec![highest, lowest])
}

/// `cumsum`, `cumprod`.
pub(super) fn cumulative(call: &mut Call<'_>, op: Reduction) -> Result<Expr> {
    let array = strong(take_array_like(call, "a")?);
    let axis = call.take_some("axis");
    let given = call.take_dtype("dtype")?;
    let own = array.ty.dtype().unwrap_or(Dtype::F64);
    let dtype = given.unwrap_or_else(|| call.operation.rule.apply(own));
    let (array, axis) = match axis {
        Some(axis) => {
            let ndim = array.ty.ndim().unwrap_or(0);
            let axis = shapes::axis_of(call, "axis", &axis, ndim)?;
            (array, axis)
        }
        None => (shapes::flat(array), 0),
    };
    let array = if given.is_some() && given != Some(own) { make::cast(array, dtype) } else { array };
    let ty = Type::Array(dtype, array.ty.ndim().unwrap_or(1));
    Ok(make::expr(ty, ExprKind::Cumulative { op, array: Box::new(array), axis }, call.span))
}
