//! Products of vectors and matrices, on top of the one operation `@`.

use crate::ir::{Expr, ExprKind, Index, Reduction, Stmt, StmtKind};
use crate::library::bind::Call;
use crate::library::elementwise::{apply, take_array_like};
use crate::library::operands::{array_like, common_dtype, strong};
use crate::library::{Surroundings, make, reductions, shapes};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

fn rank(value: &Expr) -> u8 {
    value.ty.ndim().unwrap_or(0)
}

/// `left @ right`.
pub(super) fn matmul(surroundings: &mut dyn Surroundings, what: &str, left: Expr, right: Expr, span: Span) -> Result<Expr> {
    let left = array_like(surroundings, left, what)?;
    let right = array_like(surroundings, right, what)?;
    product(what, left, right, span)
}

fn product(what: &str, left: Expr, right: Expr, span: Span) -> Result<Expr> {
    let dtype = common_dtype(&[left.clone(), right.clone()]);
    let ndim = match (rank(&left), rank(&right)) {
        (0, _) | (_, 0) => {
            let title = format!("`{what}` is not defined for `{}` and `{}`", left.ty, right.ty);
            return Err(Diagnostic::new(Id::TypeError, title, span, "both need an axis").with_hint("use `*` with scalars"));
        }
        (1, 1) => 0,
        (1, other) | (other, 1) => other - 1,
        (first, second) => first.max(second),
    };
    let (left, right) = (make::cast(left, dtype), make::cast(right, dtype));
    // A vector beside a stack of matrices is a matrix of one row or column, whose axis goes again.
    let vector = match (rank(&left), rank(&right)) {
        (1, 3..) => Some((with_axis(left.clone(), 0), right.clone(), ndim - 1)),
        (3.., 1) => Some((left.clone(), with_axis(right.clone(), 1), ndim)),
        _ => None,
    };
    if let Some((left, right, gone)) = vector {
        let stack = make::expr(Type::Array(dtype, ndim + 1), ExprKind::MatMul(Box::new(left), Box::new(right)), span);
        let pick = |axis| if axis == gone { Index::Integer(make::int(0, span)) } else { make::full_slice() };
        return Ok(make::index(stack, (0..=ndim).map(pick).collect(), Type::Array(dtype, ndim), span));
    }
    Ok(make::expr(make::shaped(dtype, ndim), ExprKind::MatMul(Box::new(left), Box::new(right)), span))
}

/// A vector as a matrix: of one row (place 0) or one column (place 1).
fn with_axis(vector: Expr, place: usize) -> Expr {
    let (dtype, span) = (vector.ty.dtype().unwrap_or(Dtype::F64), vector.span);
    let mut subscripts = vec![make::full_slice()];
    subscripts.insert(place, Index::NewAxis);
    make::index(vector, subscripts, Type::Array(dtype, 2), span)
}

fn take_pair(call: &mut Call<'_>, names: [&str; 2]) -> Result<(Expr, Expr)> {
    Ok((take_array_like(call, names[0])?, take_array_like(call, names[1])?))
}

pub(super) fn matmul_call(call: &mut Call<'_>) -> Result<Expr> {
    let (left, right) = take_pair(call, ["x1", "x2"])?;
    product(&call.shown, left, right, call.span)
}

/// A product in which one operand has no axes.
fn scaled(call: &mut Call<'_>, left: Expr, right: Expr) -> Result<Expr> {
    apply(call, Op::Multiply, vec![strong_if_alone(&right, left), right])
}

/// Two Python scalars give a NumPy scalar.
fn strong_if_alone(other: &Expr, value: Expr) -> Expr {
    if matches!(other.ty, Type::Scalar(..)) { strong(value) } else { value }
}

pub(super) fn dot(call: &mut Call<'_>) -> Result<Expr> {
    let (left, right) = take_pair(call, ["a", "b"])?;
    match (rank(&left), rank(&right)) {
        (0, _) | (_, 0) => scaled(call, left, right),
        (_, 1 | 2) => product(&call.shown, left, right, call.span),
        _ => Err(call.refuse("b", &right, "the second operand has at most two axes; `np.matmul` takes stacks")),
    }
}

pub(super) fn inner(call: &mut Call<'_>) -> Result<Expr> {
    let (left, right) = take_pair(call, ["a", "b"])?;
    match (rank(&left), rank(&right)) {
        (0, _) | (_, 0) => scaled(call, left, right),
        (_, 1) => product(&call.shown, left, right, call.span),
        (_, 2) => {
            let turned = make::expr(right.ty.clone(), ExprKind::Transpose(Box::new(right), vec![1, 0]), call.span);
            product(&call.shown, left, turned, call.span)
        }
        _ => Err(call.refuse("b", &right, "at most two axes are compiled")),
    }
}

pub(super) fn outer(call: &mut Call<'_>) -> Result<Expr> {
    let (left, right) = take_pair(call, ["a", "b"])?;
    let (left, right) = (shapes::flat(strong(left)), shapes::flat(strong(right)));
    let column = Type::Array(left.ty.dtype().unwrap_or(Dtype::F64), 2);
    let row = Type::Array(right.ty.dtype().unwrap_or(Dtype::F64), 2);
    let left = make::index(left, vec![make::full_slice(), Index::NewAxis], column, call.span);
    let right = make::index(right, vec![Index::NewAxis, make::full_slice()], row, call.span);
    apply(call, Op::Multiply, vec![left, right])
}

pub(super) fn vdot(call: &mut Call<'_>) -> Result<Expr> {
    let (left, right) = take_pair(call, ["a", "b"])?;
    let (left, right) = (shapes::flat(strong(left)), shapes::flat(strong(right)));
    let left = match left.ty.dtype() {
        Some(dtype) if dtype.kind() == Kind::Complex => make::map(left.ty.clone(), Op::Conjugate, dtype, vec![left], call.span),
        _ => left,
    };
    product(&call.shown, left, right, call.span)
}

/// Euclidean norm: of the flat array by a dot product, along axes by a sum, as NumPy computes each.
pub(super) fn norm(call: &mut Call<'_>) -> Result<Expr> {
    let array = strong(take_array_like(call, "x")?);
    let array = shapes::as_array(array);
    let own = array.ty.dtype().unwrap_or(Dtype::F64);
    let dtype = if own.kind() <= Kind::Integer { Dtype::F64 } else { own };
    let axis = call.take_some("axis");
    let keepdims = call.take_flag("keepdims", false)?;
    let array = make::cast(array, dtype);
    let span = call.span;
    if let Some(axis) = axis {
        let ndim = rank(&array);
        let axes = shapes::axes_of(call, "axis", axis, ndim)?;
        if axes.len() > 1 {
            return Err(call.refuse("axis", &array, "one axis is compiled"));
        }
        let squares = reductions::squared_modulus(call, array, dtype)?;
        let ty = make::shaped(dtype.real(), if keepdims { ndim } else { ndim - 1 });
        let sum = make::expr(ty, ExprKind::Reduce { op: Reduction::Sum, array: Box::new(squares), axes, keepdims }, span);
        return apply(call, Op::Sqrt, vec![sum]);
    }
    if keepdims {
        return Err(call.refuse("keepdims", &array, "only with an axis"));
    }
    let flat = make::shared(call.surroundings, shapes::flat(array));
    let parts = if dtype.kind() == Kind::Complex {
        let part = |real| make::expr(Type::Array(dtype.real(), 1), ExprKind::ComplexPart(Box::new(flat.clone()), real), span);
        vec![part(true), part(false)]
    } else {
        vec![flat]
    };
    let mut squares = Vec::new();
    for part in parts {
        let part = make::shared(call.surroundings, part);
        squares.push(product(&call.shown, part.clone(), part, span)?);
    }
    let second = squares.pop();
    let sum = match (squares.pop(), second) {
        (Some(first), Some(second)) => apply(call, Op::Add, vec![first, second])?,
        (None, Some(only)) | (Some(only), None) => only,
        (None, None) => make::number(0, dtype, span),
    };
    apply(call, Op::Sqrt, vec![sum])
}

/// The sum of a diagonal, in the order in which NumPy sums it.
pub(super) fn trace(call: &mut Call<'_>) -> Result<Expr> {
    let dtype = call.take_dtype("dtype")?;
    let diagonal = diagonal(call, "a")?;
    let dtype = dtype.unwrap_or_else(|| call.operation.rule.apply(diagonal.ty.dtype().unwrap_or(Dtype::F64)));
    let kind = ExprKind::Reduce { op: Reduction::Sum, array: Box::new(diagonal), axes: vec![0], keepdims: false };
    Ok(make::expr(make::shaped(dtype, 0), kind, call.span))
}

/// A diagonal of a matrix, copied by a loop.
pub(super) fn diagonal(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let array = take_array_like(call, name)?;
    if rank(&array) != 2 {
        return Err(call.refuse(name, &array, "a matrix is needed"));
    }
    let array = make::shared(call.surroundings, array);
    let own = array.ty.dtype().unwrap_or(Dtype::F64);
    let offset = take_offset(call)?;
    let span = call.span;
    let (rows, columns) = (make::extent(&array, 0), make::extent(&array, 1));
    let down = make::int(offset.min(0).saturating_neg(), span);
    let right = make::int(offset.max(0), span);
    let left = |extent, gone: &Expr| make::int_map(Op::Subtract, vec![extent, gone.clone()], span);
    let length = make::int_map(Op::Minimum, vec![left(rows, &down), left(columns, &right)], span);
    let length = make::int_map(Op::Maximum, vec![length, make::int(0, span)], span);
    let length = make::shared(call.surroundings, length);
    let empty = ExprKind::Fill { shape: vec![length.clone()], value: None };
    let result = call.surroundings.temporary(make::expr(Type::Array(own, 1), empty, span));
    along(call, length, |at| {
        let value = make::index(array.clone(), vec![moved(at, &down), moved(at, &right)], make::shaped(own, 0), span);
        StmtKind::SetItem { array: result.clone(), index: vec![Index::Integer(at.clone())], value }
    })?;
    Ok(result)
}

/// `np.diag`: the diagonal of a matrix, or the matrix of a diagonal.
pub(super) fn diag(call: &mut Call<'_>) -> Result<Expr> {
    let vector = take_array_like(call, "v")?;
    if rank(&vector) != 1 {
        call.give("v", vector);
        return diagonal(call, "v");
    }
    let vector = make::shared(call.surroundings, vector);
    let own = vector.ty.dtype().unwrap_or(Dtype::F64);
    let offset = take_offset(call)?;
    let span = call.span;
    let length = make::extent(&vector, 0);
    let margin = make::int(offset.saturating_abs(), span);
    let side = make::int_map(Op::Add, vec![length.clone(), margin], span);
    let side = make::shared(call.surroundings, side);
    let zero = Some(Box::new(make::number(0, own, span)));
    let kind = ExprKind::Fill { shape: vec![side.clone(), side], value: zero };
    let result = call.surroundings.temporary(make::expr(Type::Array(own, 2), kind, span));
    let down = make::int(offset.min(0).saturating_neg(), span);
    let right = make::int(offset.max(0), span);
    along(call, length, |at| {
        let value = make::element(&vector, at.clone(), span);
        StmtKind::SetItem { array: result.clone(), index: vec![moved(at, &down), moved(at, &right)], value }
    })?;
    Ok(result)
}

/// A constant offset of a diagonal.
fn take_offset(call: &mut Call<'_>) -> Result<i64> {
    let given = call.take_some("offset").or_else(|| call.take_some("k"));
    match given {
        None => Ok(0),
        Some(offset) => make::constant_int(&offset).ok_or_else(|| call.refuse("offset", &offset, "it must be a constant int")),
    }
}

/// `at + by`, as a subscript.
fn moved(at: &Expr, by: &Expr) -> Index {
    let sum = match make::constant_int(by) {
        Some(0) => at.clone(),
        _ => make::int_map(Op::Add, vec![at.clone(), by.clone()], at.span),
    };
    Index::Integer(sum)
}

/// `for at in range(length): step(at)`, before the current statement.
fn along(call: &mut Call<'_>, length: Expr, step: impl FnOnce(&Expr) -> StmtKind) -> Result<()> {
    let span = call.span;
    let Some((variable, at)) = make::variable(call.surroundings, make::int(0, span)) else {
        return Err(Diagnostic::new(Id::Internal, "a temporary is no variable", span, "here"));
    };
    let body = vec![Stmt { span, kind: step(&at) }];
    let (start, one) = (make::int(0, span), make::int(1, span));
    call.surroundings.emit(StmtKind::ForRange { variable, start, stop: length, step: one, body, orelse: Vec::new() }, span);
    Ok(())
}
