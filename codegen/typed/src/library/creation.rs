//! Functions that make arrays: filled, spaced, or from the items of a list.

use crate::ir::{Expr, ExprKind, Index, StmtKind};
use crate::library::bind::{Call, items};
use crate::library::elementwise::{take_array_like, zero_dimensional};
use crate::library::operands::{array_like, common_dtype, copied, fitted, stored, strong};
use crate::library::{Surroundings, make};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// Items of a list display that are stored one by one.
const LONGEST_LIST: usize = 4096;
/// Levels of nested lists.
const DEEPEST_LIST: u8 = 6;

/// One extent of a shape: an int.
pub(super) fn extent(call: &Call<'_>, name: &str, value: Expr) -> Result<Expr> {
    match value.ty {
        Type::Scalar(dtype, _) if dtype.kind() == Kind::Integer || value.ty == Type::BOOL => Ok(super::convert(value, &Type::INT)),
        Type::Array(dtype, 0) if dtype.kind() == Kind::Integer => Ok(super::convert(make::scalar_of(value), &Type::INT)),
        Type::Array(..) => Err(call.refuse(name, &value, "give a shape as an int or a tuple of ints")),
        _ => Err(call.mistyped(&value, format!("`{name}` is an int or a tuple of ints"))),
    }
}

/// The extents of a shape argument, at most six.
fn extents(call: &mut Call<'_>, shape: Expr) -> Result<Vec<Expr>> {
    let span = shape.span;
    let given = call.items(shape);
    if given.len() > 6 {
        return Err(Diagnostic::new(Id::UnsupportedCall, "an array of more than 6 axes", span, "arrays of 0 to 6 axes are compiled"));
    }
    given.into_iter().map(|value| extent(call, "shape", value)).collect()
}

fn fill(shape: Vec<Expr>, dtype: Dtype, value: Option<Expr>, span: Span) -> Expr {
    let rank = u8::try_from(shape.len()).unwrap_or(0);
    make::expr(Type::Array(dtype, rank), ExprKind::Fill { shape, value: value.map(Box::new) }, span)
}

/// `zeros`, `ones`, `empty`.
pub(super) fn filled(call: &mut Call<'_>, with: Option<u8>) -> Result<Expr> {
    let shape = call.take("shape")?;
    let dtype = call.take_dtype("dtype")?.unwrap_or(Dtype::F64);
    let shape = extents(call, shape)?;
    Ok(fill(shape, dtype, with.map(|value| make::number(value, dtype, call.span)), call.span))
}

/// The shape and dtype that a `_like` function takes from its prototype.
fn like(call: &mut Call<'_>, name: &str) -> Result<(Expr, Vec<Expr>, Dtype)> {
    let prototype = take_array_like(call, name)?;
    let prototype = strong(make::shared(call.surroundings, prototype));
    let dtype = call.take_dtype("dtype")?.unwrap_or(prototype.ty.dtype().unwrap_or(Dtype::F64));
    let shape = match call.take_some("shape") {
        Some(shape) => extents(call, shape)?,
        None if matches!(prototype.ty, Type::Array(..)) => make::extents(&prototype),
        None => Vec::new(),
    };
    Ok((prototype, shape, dtype))
}

/// `zeros_like`, `ones_like`, `empty_like`.
pub(super) fn filled_like(call: &mut Call<'_>, with: Option<u8>) -> Result<Expr> {
    let name = if call.operation.names[0] == "numpy.empty_like" { "prototype" } else { "a" };
    let (_, shape, dtype) = like(call, name)?;
    Ok(fill(shape, dtype, with.map(|value| make::number(value, dtype, call.span)), call.span))
}

/// `full`: a scalar fills, an array is broadcast.
pub(super) fn full(call: &mut Call<'_>) -> Result<Expr> {
    let shape = call.take("shape")?;
    let value = take_array_like(call, "fill_value")?;
    let dtype = call.take_dtype("dtype")?.unwrap_or(value.ty.dtype().unwrap_or(Dtype::F64));
    filled_by_value(call, shape, dtype, value)
}

fn filled_by_value(call: &mut Call<'_>, shape: Expr, dtype: Dtype, value: Expr) -> Result<Expr> {
    if matches!(value.ty, Type::Array(..)) {
        return filled_by_assignment(call, shape, dtype, value);
    }
    let shape = extents(call, shape)?;
    let value = fitted(call.surroundings, value, dtype)?;
    let value = make::cast(value, dtype);
    Ok(fill(shape, dtype, Some(value), call.span))
}

pub(super) fn full_like(call: &mut Call<'_>) -> Result<Expr> {
    let (_, shape, dtype) = like(call, "a")?;
    let value = take_array_like(call, "fill_value")?;
    let shape = make::tuple(shape, call.span);
    filled_by_value(call, shape, dtype, value)
}

/// A fresh array of a shape that a value is broadcast into.
pub(super) fn filled_by_assignment(call: &mut Call<'_>, shape: Expr, dtype: Dtype, value: Expr) -> Result<Expr> {
    let shape = extents(call, shape)?;
    let rank = u8::try_from(shape.len()).unwrap_or(0);
    if make::rank(std::slice::from_ref(&value)) > rank {
        return Err(call.mistyped(&value, "ValueError in NumPy: it has more axes than the shape"));
    }
    if rank == 0 {
        return Ok(zero_dimensional(make::cast(value, dtype), dtype));
    }
    let value = make::shared(call.surroundings, value);
    let array = call.surroundings.temporary(fill(shape, dtype, None, call.span));
    call.surroundings.emit(StmtKind::SetItem { array: array.clone(), index: Vec::new(), value }, call.span);
    Ok(array)
}

/// `eye`, `identity`.
pub(super) fn eye(call: &mut Call<'_>, identity: bool) -> Result<Expr> {
    let rows = call.take(if identity { "n" } else { "N" })?;
    let rows = extent(call, "N", rows)?;
    let rows = make::shared(call.surroundings, rows);
    let (mut columns, mut diagonal) = (rows.clone(), make::int(0, call.span));
    if !identity {
        if let Some(given) = call.take_some("M") {
            columns = extent(call, "M", given)?;
        }
        if let Some(given) = call.take_some("k") {
            diagonal = extent(call, "k", given)?;
        }
    }
    let dtype = call.take_dtype("dtype")?.unwrap_or(Dtype::F64);
    let kind = ExprKind::Eye { rows: Box::new(rows), columns: Box::new(columns), diagonal: Box::new(diagonal) };
    Ok(make::expr(Type::Array(dtype, 2), kind, call.span))
}

/// `arange` of one to three numbers.
pub(super) fn arange(call: &mut Call<'_>) -> Result<Expr> {
    let first = take_array_like(call, "start")?;
    let (start, stop) = match call.take_some("stop") {
        Some(stop) => (first, array_like(call.surroundings, stop, &call.shown)?),
        None => (make::int(0, call.span), first),
    };
    let step = call.take_some("step").unwrap_or_else(|| make::int(1, call.span));
    let mut numbers = [start, stop, step];
    if let Some(wrong) = numbers.iter().find(|value| !matches!(value.ty, Type::Scalar(dtype, _) if dtype.kind() <= Kind::Float)) {
        return Err(call.mistyped(wrong, "a real number is needed"));
    }
    // NumPy promotes all three with int64; Python numbers are as strong as others.
    let natural = numbers.iter().filter_map(|value| value.ty.dtype()).fold(Dtype::I64, Dtype::promote);
    let dtype = call.take_dtype("dtype")?.unwrap_or(natural);
    let computed = match (natural.kind(), dtype.kind()) {
        (_, Kind::Float) => Dtype::F64,
        (Kind::Integer, Kind::Integer) => Dtype::I64,
        _ => return Err(call.refuse("dtype", &numbers[1], "use ints for an integer dtype, or convert with `.astype(dtype)`")),
    };
    if natural == Dtype::I64 {
        wrap_length(call, &mut numbers)?;
    }
    let scalar = Type::Scalar(computed, Flavor::Python);
    let [start, stop, step] = numbers.map(|value| Box::new(super::convert(value, &scalar)));
    Ok(make::expr(Type::Array(dtype, 1), ExprKind::Arange { start, stop, step }, call.span))
}

/// NumPy takes the length of `arange` from `stop - start` in the dtype of the two, where small integers wrap: the stop
/// becomes what that difference leads to.
fn wrap_length(call: &mut Call<'_>, numbers: &mut [Expr; 3]) -> Result<()> {
    let strong = |value: &Expr| match value.ty {
        Type::Scalar(dtype, Flavor::Numpy) => Some(dtype),
        _ => None,
    };
    let Some(dtype) = [&numbers[0], &numbers[1]].into_iter().filter_map(strong).reduce(Dtype::promote) else { return Ok(()) };
    let weak = [&numbers[0], &numbers[1]].into_iter().any(|value| strong(value).is_none());
    if dtype == Dtype::I64 || weak && make::constant_int(&numbers[0]) == Some(0) {
        return Ok(());
    }
    if dtype == Dtype::Bool || dtype == Dtype::U64 || weak {
        return Err(call.refuse("start", &numbers[0], "start and stop meet in a small dtype; convert both with `int`"));
    }
    for number in numbers.iter_mut().take(2) {
        *number = make::shared(call.surroundings, number.clone());
    }
    let [start, stop, _] = numbers;
    let operands = vec![stop.clone(), start.clone()];
    let difference = make::map(Type::Scalar(dtype, Flavor::Numpy), Op::Subtract, dtype, operands, call.span);
    let [start, difference] = [start.clone(), difference].map(|value| super::convert(value, &Type::INT));
    *stop = make::int_map(Op::Add, vec![start, difference], call.span);
    Ok(())
}

/// `linspace` between scalars.
pub(super) fn linspace(call: &mut Call<'_>) -> Result<Expr> {
    let (start, stop) = (take_array_like(call, "start")?, take_array_like(call, "stop")?);
    if let Some(array) = [&start, &stop].into_iter().find(|value| matches!(value.ty, Type::Array(..))) {
        return Err(call.refuse("start", array, "the ends must be scalars"));
    }
    let num = call.take_some("num").unwrap_or_else(|| make::int(50, call.span));
    let num = extent(call, "num", num)?;
    let num = make::shared(call.surroundings, num);
    let span = call.span;
    let negative = make::test(Op::Less, num.clone(), make::int(0, span), span);
    if make::constant_int(&num).is_none_or(|value| value < 0) {
        let message = super::elementwise::message_with("Number of samples, ", &num, ", must be non-negative.");
        make::raise_if(call.surroundings, negative, "ValueError", message, span);
    }
    let endpoint = call.take_flag("endpoint", true)?;
    let computed = common_dtype(&[start.clone(), stop.clone(), make::float(0.0, span)]);
    let dtype = call.take_dtype("dtype")?;
    let ends = [start, stop].map(|value| Box::new(make::cast(value, computed.promote(Dtype::F64))));
    let [start, stop] = ends;
    let made = Type::Array(computed.promote(Dtype::F64), 1);
    let spaced = make::expr(made, ExprKind::Linspace { start, stop, num: Box::new(num), endpoint }, span);
    let spaced = make::cast(spaced, computed);
    let Some(dtype) = dtype.filter(|dtype| *dtype != computed) else { return Ok(spaced) };
    if dtype.kind() == Kind::Integer {
        let down = make::map(spaced.ty.clone(), Op::Floor, computed, vec![spaced], span);
        return Ok(make::cast(down, dtype));
    }
    Ok(make::cast(spaced, dtype))
}

/// `array`, `asarray`.
pub(super) fn array(call: &mut Call<'_>, copies: bool) -> Result<Expr> {
    let value = call.take(if copies { "object" } else { "a" })?;
    let dtype = call.take_dtype("dtype")?;
    let copies = call.take_flag("copy", copies)?;
    match value.ty.clone() {
        Type::Tuple(_) => array_of_items(call.surroundings, value, dtype),
        Type::Array(own, _) => Ok(match dtype.filter(|dtype| *dtype != own) {
            Some(dtype) => make::cast(value, dtype),
            None if copies => copied(value),
            None => value,
        }),
        Type::Scalar(own, _) => {
            let dtype = dtype.unwrap_or(own);
            let value = fitted(call.surroundings, value, dtype)?;
            Ok(zero_dimensional(value, dtype))
        }
        _ => Err(call.mistyped(&value, "neither a number nor an array")),
    }
}

/// `copy`, as function and method.
pub(super) fn copy(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    match value.ty {
        Type::Array(..) => Ok(copied(value)),
        Type::Scalar(_, Flavor::Numpy) if call.shown.starts_with('.') => Ok(value),
        Type::Scalar(dtype, _) if !call.shown.starts_with('.') => Ok(zero_dimensional(value, dtype)),
        Type::Tuple(_) => array_of_items(call.surroundings, value, None),
        _ => Err(call.mistyped(&value, "neither a number nor an array")),
    }
}

/// An array of the items of a (nested) list: numbers are stored one by one, arrays are stacked.
pub(super) fn array_of_items(surroundings: &mut dyn Surroundings, list: Expr, dtype: Option<Dtype>) -> Result<Expr> {
    let span = list.span;
    let mut leaves = Vec::new();
    let shape = flatten(surroundings, list, DEEPEST_LIST, &mut leaves)?;
    let leaf_rank = leaves.first().and_then(|leaf| leaf.ty.ndim()).unwrap_or(0);
    let inside = leaves.iter().any(|leaf| matches!(leaf.ty, Type::Array(..)));
    if leaves.iter().any(|leaf| leaf.ty.ndim() != Some(leaf_rank)) {
        return Err(ragged(span));
    }
    if leaves.len() > LONGEST_LIST {
        return Err(Diagnostic::new(Id::TooComplex, "the list is too long to compile", span, format!("{} items", leaves.len())));
    }
    // Python numbers in a list are as strong as others.
    let natural = leaves.iter().filter_map(|leaf| leaf.ty.dtype()).reduce(Dtype::promote);
    let dtype = dtype.or(natural).unwrap_or(Dtype::F64);
    if inside && leaf_rank > 0 {
        let arrays: Vec<_> = leaves.into_iter().map(|leaf| make::cast(leaf, dtype)).collect();
        if shape.len() != 1 || leaf_rank >= 6 {
            return Err(Diagnostic::new(
                Id::UnsupportedCall,
                "arrays inside nested lists are not compiled",
                span,
                "use one list of arrays",
            ));
        }
        return Ok(make::expr(Type::Array(dtype, leaf_rank + 1), ExprKind::Stack(arrays, 0), span));
    }
    let mut values = Vec::new();
    for leaf in leaves {
        let value = stored(surroundings, make::scalar_of(leaf), dtype)?;
        values.push(make::cast(value, dtype));
    }
    let extents = shape.iter().map(|extent| make::int(i64::try_from(*extent).unwrap_or(0), span)).collect();
    let array = surroundings.temporary(fill(extents, dtype, None, span));
    for (place, value) in values.into_iter().enumerate() {
        let index = position(place, &shape).into_iter().map(|at| Index::Integer(make::int(at, span))).collect();
        surroundings.emit(StmtKind::SetItem { array: array.clone(), index, value }, span);
    }
    Ok(array)
}

fn ragged(span: Span) -> Diagnostic {
    Diagnostic::new(Id::TypeError, "the list has an inhomogeneous shape", span, "ValueError in NumPy")
}

/// The leaves of nested tuples in order, and the shape they fill.
fn flatten(surroundings: &mut dyn Surroundings, value: Expr, depth: u8, leaves: &mut Vec<Expr>) -> Result<Vec<usize>> {
    let span = value.span;
    match value.ty {
        Type::Tuple(_) if depth == 0 => Err(Diagnostic::new(Id::TooComplex, "lists are nested too deeply", span, "at most 6 levels")),
        Type::Tuple(_) => {
            let items = items(surroundings, value);
            let mut shape = vec![items.len()];
            for (place, item) in items.into_iter().enumerate() {
                let inner = flatten(surroundings, item, depth - 1, leaves)?;
                if place == 0 {
                    shape.extend(inner);
                } else if shape[1..] != inner[..] {
                    return Err(ragged(span));
                }
            }
            Ok(shape)
        }
        Type::Scalar(..) | Type::Array(..) => {
            leaves.push(value);
            Ok(Vec::new())
        }
        _ => Err(Diagnostic::new(Id::TypeError, format!("`{}` cannot be in an array", value.ty), span, "not a number")),
    }
}

/// The subscripts of the n-th element in C order.
fn position(mut place: usize, shape: &[usize]) -> Vec<i64> {
    let mut subscripts = Vec::new();
    for extent in shape.iter().rev() {
        subscripts.push(i64::try_from(place % extent).unwrap_or(0));
        place /= extent;
    }
    subscripts.reverse();
    subscripts
}
