//! Sorting, searching, and what is found in sorted arrays.

use crate::ir::{Arrangement, Expr, ExprKind, Index, Reduction, StmtKind};
use crate::library::bind::Call;
use crate::library::elementwise::{apply, take_array_like};
use crate::library::operands::{common_dtype, strong};
use crate::library::{make, shapes};
use hypersonic_diagnostics::Diagnostic;
use hypersonic_ops::{Dtype, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

fn arranged(how: Arrangement, array: Expr, axis: u8) -> Expr {
    let span = array.span;
    let ty = match (how, &array.ty) {
        (Arrangement::Places, Type::Array(_, ndim)) => Type::Array(Dtype::I64, *ndim),
        (_, ty) => ty.clone(),
    };
    make::expr(ty, ExprKind::Arrange { how, array: Box::new(array), axis }, span)
}

/// The axis to arrange along: the last one if none is given, that of the flat array for None.
fn along(call: &mut Call<'_>, array: Expr, default: Option<i64>) -> Result<(Expr, u8)> {
    let given = match call.take_given("axis") {
        Some(axis) if axis.ty == Type::None => None,
        Some(axis) => Some(axis),
        None => default.map(|axis| make::int(axis, call.span)),
    };
    match given {
        None => Ok((shapes::flat(array), 0)),
        Some(_) if array.ty.ndim() == Some(0) => Err(call.mistyped(&array, "AxisError in NumPy: it has no axes")),
        Some(axis) => {
            let axis = shapes::axis_of(call, "axis", &axis, array.ty.ndim().unwrap_or(0))?;
            Ok((array, axis))
        }
    }
}

/// All kinds of sorting are the stable one.
fn take_kind(call: &mut Call<'_>) -> Result<()> {
    match call.take_some("kind") {
        Some(kind) if !matches!(&kind.ty, Type::Text(text) if matches!(text.as_str(), "quicksort" | "heapsort" | "mergesort" | "stable")) => {
            Err(call.refuse("kind", &kind, "it is 'quicksort', 'mergesort', 'heapsort' or 'stable'"))
        }
        Some(kind) if call.take_some("stable").is_some() => Err(call.refuse("kind", &kind, "give `kind` or `stable`, not both")),
        _ => call.take_flag("stable", true).map(drop),
    }
}

/// `np.sort`, `np.argsort`.
pub(super) fn sort(call: &mut Call<'_>, how: Arrangement) -> Result<Expr> {
    let array = strong(take_array_like(call, "a")?);
    take_kind(call)?;
    let (array, axis) = along(call, array, Some(-1))?;
    Ok(arranged(how, array, axis))
}

/// `a.sort()`: in place.
pub(super) fn sort_in_place(call: &mut Call<'_>) -> Result<Expr> {
    let array = call.take("a")?;
    take_kind(call)?;
    if !matches!(array.ty, Type::Array(_, 1..)) {
        return Err(call.mistyped(&array, "an array with axes is sorted"));
    }
    let axis = call.take_given("axis").unwrap_or_else(|| make::int(-1, call.span));
    let axis = shapes::axis_of(call, "axis", &axis, array.ty.ndim().unwrap_or(0))?;
    let array = make::shared(call.surroundings, array);
    let value = arranged(Arrangement::Sorted, array.clone(), axis);
    call.surroundings.emit(StmtKind::SetItem { array, index: Vec::new(), value }, call.span);
    Ok(make::unit(Type::None, call.span))
}

/// `np.unique` of values.
pub(super) fn unique(call: &mut Call<'_>) -> Result<Expr> {
    let array = shapes::flat(strong(take_array_like(call, "ar")?));
    let span = call.span;
    Ok(make::expr(array.ty.clone(), ExprKind::Distinct(Box::new(array)), span))
}

/// `np.searchsorted`.
pub(super) fn search_sorted(call: &mut Call<'_>) -> Result<Expr> {
    let (array, values) = (take_array_like(call, "a")?, take_array_like(call, "v")?);
    let right = match call.take_some("side") {
        None => false,
        Some(side) => match &side.ty {
            Type::Text(text) if text == "left" || text == "right" => text == "right",
            _ => return Err(call.refuse("side", &side, "it is a constant 'left' or 'right'")),
        },
    };
    if array.ty.ndim() != Some(1) {
        return Err(call.mistyped(&array, "ValueError in NumPy: the array has not one axis"));
    }
    let dtype = common_dtype(&[array.clone(), strong(values.clone())]);
    let (array, values) = (to(array, dtype), to(values, dtype));
    let ty = make::shaped(Dtype::I64, make::rank(std::slice::from_ref(&values)));
    Ok(make::expr(ty, ExprKind::Search { array: Box::new(array), values: Box::new(values), right }, call.span))
}

fn to(value: Expr, dtype: Dtype) -> Expr {
    if value.ty.dtype() == Some(dtype) { value } else { make::cast(value, dtype) }
}

/// `np.median`: the mean of the one or two elements in the middle, as `np.mean` computes it; a NaN if there is one.
pub(super) fn median(call: &mut Call<'_>) -> Result<Expr> {
    let array = strong(take_array_like(call, "a")?);
    let span = call.span;
    let keepdims = call.take_flag("keepdims", false)?;
    let own = array.ty.dtype().unwrap_or(Dtype::F64);
    let dtype = call.operation.rule.apply(own);
    if array.ty.ndim() == Some(0) && call.take_some("axis").is_none() {
        return Ok(make::cast(array, dtype));
    }
    let ndim = array.ty.ndim();
    let (array, axis) = along(call, array, None)?;
    if keepdims && array.ty.ndim() != ndim {
        return Err(call.refuse("keepdims", &array, "give the axis of an array of several axes"));
    }
    let array = make::shared(call.surroundings, arranged(Arrangement::Middle, array, axis));
    let count = make::shared(call.surroundings, make::extent(&array, axis));
    let one = || make::int(1, span);
    let halved = |value: Expr| make::int_map(Op::FloorDivide, vec![value, make::int(2, span)], span);
    let first = halved(make::int_map(Op::Subtract, vec![count.clone(), one()], span));
    let behind = make::int_map(Op::Add, vec![halved(count), one()], span);
    let part = |slice: Index| {
        let mut slice = Some(slice);
        let pick = |at| if at == axis { slice.take().unwrap_or_else(make::full_slice) } else { make::full_slice() };
        make::index(array.clone(), (0..array.ty.ndim().unwrap_or(0)).map(pick).collect(), array.ty.clone(), span)
    };
    let reduced = |op, value: Expr, dtype| {
        let rank = value.ty.ndim().unwrap_or(0) - u8::from(!keepdims);
        let kind = ExprKind::Reduce { op, array: Box::new(value), axes: vec![axis], keepdims };
        make::expr(make::shaped(dtype, rank), kind, span)
    };
    let mean = reduced(Reduction::Mean, part(Index::Slice(Some(first), Some(behind), None)), dtype);
    if own.kind() <= Kind::Integer {
        return Ok(mean);
    }
    // The last one is a NaN if any is; of none, its sum is 0.
    let last = reduced(Reduction::Sum, part(Index::Slice(Some(make::int(-1, span)), None, None)), own);
    let last = make::shared(call.surroundings, last);
    let missing = apply(call, Op::Isnan, vec![last.clone()])?;
    let rank = make::rank(std::slice::from_ref(&mean));
    Ok(make::map(make::shaped(dtype, rank), Op::Where, dtype, vec![missing, last, mean], span))
}
