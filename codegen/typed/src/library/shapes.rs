//! Rearranging: reshape, transpose, new axes, joining. Nothing is computed on elements here, except by `diff`.

use crate::ir::{Expr, ExprKind, Index, StmtKind};
use crate::library::bind::Call;
use crate::library::elementwise::{apply, take_array_like};
use crate::library::operands::{array_like, common_dtype, strong};
use crate::library::{creation, make};
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// A constant axis of an array of that rank, counted from the end if negative.
pub(super) fn axis_of(call: &Call<'_>, name: &str, axis: &Expr, ndim: u8) -> Result<u8> {
    let Some(value) = make::constant_int(axis) else {
        return Err(call.refuse(name, axis, "axes must be constant, since the rank of the result is fixed when compiling"));
    };
    let counted = if value < 0 { value.saturating_add(i64::from(ndim)) } else { value };
    u8::try_from(counted).ok().filter(|axis| *axis < ndim).ok_or_else(|| {
        let title = format!("axis {value} is out of bounds for array of dimension {ndim}");
        Diagnostic::new(Id::TypeError, title, axis.span, "AxisError in NumPy")
    })
}

/// One axis or a tuple of them: sorted, each once.
pub(super) fn axes_of(call: &mut Call<'_>, name: &str, axis: Expr, ndim: u8) -> Result<Vec<u8>> {
    let span = axis.span;
    let mut axes = call.items(axis).iter().map(|axis| axis_of(call, name, axis, ndim)).collect::<Result<Vec<_>>>()?;
    axes.sort_unstable();
    if axes.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Diagnostic::new(Id::TypeError, "an axis is given twice", span, "ValueError in NumPy: duplicate value in 'axis'"));
    }
    Ok(axes)
}

/// A scalar or array as an array; scalars of rank 0.
pub(super) fn as_array(value: Expr) -> Expr {
    match value.ty {
        Type::Scalar(dtype, _) => super::elementwise::zero_dimensional(value, dtype),
        _ => value,
    }
}

fn take_array(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let value = call.take(name)?;
    Ok(match value.ty {
        Type::Array(..) => value,
        _ => as_array(array_like(call.surroundings, value, &call.shown)?),
    })
}

const fn ndim(array: &Expr) -> u8 {
    match array.ty {
        Type::Array(_, ndim) => ndim,
        _ => 0,
    }
}

fn dtype(array: &Expr) -> Dtype {
    array.ty.dtype().unwrap_or(Dtype::F64)
}

/// All elements along one axis, for readers.
pub(super) fn flat(array: Expr) -> Expr {
    let array = as_array(array);
    if ndim(&array) == 1 {
        return array;
    }
    let span = array.span;
    let minus_one = make::int(-1, span);
    make::expr(Type::Array(dtype(&array), 1), ExprKind::Reshape(Box::new(array), vec![minus_one]), span)
}

fn too_many_axes(call: &Call<'_>) -> Diagnostic {
    Diagnostic::new(
        Id::UnsupportedCall,
        format!("`{}` gives more than 6 axes", call.shown),
        call.span,
        "arrays of 0 to 6 axes are compiled",
    )
}

pub(super) fn reshape(call: &mut Call<'_>, spread: bool) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let given = if spread {
        call.take_spread()
    } else {
        let shape = call.take("shape")?;
        call.items(shape)
    };
    let shape = given.into_iter().map(|extent| creation::extent(call, "shape", extent)).collect::<Result<Vec<_>>>()?;
    if shape.iter().filter(|extent| make::constant_int(extent).is_some_and(|value| value < 0)).count() > 1 {
        return Err(Diagnostic::new(
            Id::TypeError,
            "two unknown extents",
            call.span,
            "ValueError in NumPy: can only specify one unknown dimension",
        ));
    }
    let rank = u8::try_from(shape.len()).ok().filter(|rank| *rank <= 6).ok_or_else(|| too_many_axes(call))?;
    Ok(make::expr(Type::Array(dtype(&array), rank), ExprKind::Reshape(Box::new(array), shape), call.span))
}

pub(super) fn ravel(call: &mut Call<'_>) -> Result<Expr> {
    let array = as_array(take_array(call, "a")?);
    Ok(make::expr(Type::Array(dtype(&array), 1), ExprKind::Reshape(Box::new(array), Vec::new()), call.span))
}

pub(super) fn flatten(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let copy = make::expr(array.ty.clone(), ExprKind::Copy(Box::new(array)), call.span);
    Ok(flat(copy))
}

fn permuted(array: Expr, axes: Vec<u8>) -> Expr {
    let span = array.span;
    make::expr(array.ty.clone(), ExprKind::Transpose(Box::new(array), axes), span)
}

/// `transpose` as function, method and attribute.
pub(super) fn transpose(call: &mut Call<'_>, spread: bool) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let rank = ndim(&array);
    if call.shown == ".mT" {
        if rank < 2 {
            return Err(call.mistyped(&array, "ValueError in NumPy: matrix transpose needs two axes"));
        }
        let mut axes: Vec<u8> = (0..rank).collect();
        axes.swap(usize::from(rank) - 1, usize::from(rank) - 2);
        return Ok(permuted(array, axes));
    }
    let given = if spread { call.take_spread() } else { call.take_some("axes").map(|axes| call.items(axes)).unwrap_or_default() };
    let given: Vec<_> = given.into_iter().filter(|axis| axis.ty != Type::None).collect();
    let axes = if given.is_empty() {
        (0..rank).rev().collect()
    } else {
        given.iter().map(|axis| axis_of(call, "axes", axis, rank)).collect::<Result<Vec<_>>>()?
    };
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if sorted != (0..rank).collect::<Vec<_>>() {
        return Err(Diagnostic::new(Id::TypeError, "axes don't match array", call.span, "ValueError in NumPy"));
    }
    Ok(if rank < 2 { array } else { permuted(array, axes) })
}

pub(super) fn swap_axes(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let (first, second) = (call.take("axis1")?, call.take("axis2")?);
    let rank = ndim(&array);
    let (first, second) = (axis_of(call, "axis1", &first, rank)?, axis_of(call, "axis2", &second, rank)?);
    let mut axes: Vec<u8> = (0..rank).collect();
    axes.swap(usize::from(first), usize::from(second));
    Ok(permuted(array, axes))
}

pub(super) fn move_axis(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let (source, destination) = (call.take("source")?, call.take("destination")?);
    let rank = ndim(&array);
    let (from, to) = (axis_of(call, "source", &source, rank)?, axis_of(call, "destination", &destination, rank)?);
    let mut axes: Vec<u8> = (0..rank).filter(|axis| *axis != from).collect();
    axes.insert(usize::from(to), from);
    Ok(permuted(array, axes))
}

/// The array with new axes of extent 1 at these places of the result.
fn with_axes(array: Expr, places: &[u8]) -> Expr {
    let rank = ndim(&array) + u8::try_from(places.len()).unwrap_or(0);
    let ty = Type::Array(dtype(&array), rank);
    let span = array.span;
    let subscripts = (0..rank).map(|axis| if places.contains(&axis) { Index::NewAxis } else { make::full_slice() }).collect();
    make::index(array, subscripts, ty, span)
}

pub(super) fn expand_dims(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let axis = call.take("axis")?;
    let given = call.items(axis);
    let rank = u8::try_from(usize::from(ndim(&array)) + given.len()).ok().filter(|rank| *rank <= 6).ok_or_else(|| too_many_axes(call))?;
    let places = given.iter().map(|axis| axis_of(call, "axis", axis, rank)).collect::<Result<Vec<_>>>()?;
    Ok(with_axes(array, &places))
}

pub(super) fn squeeze(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let span = call.span;
    let Some(axis) = call.take_some("axis") else {
        if ndim(&array) == 0 {
            return Ok(array);
        }
        let title = format!("`{}` without `axis` has a result of unknown rank", call.shown);
        return Err(Diagnostic::new(Id::UnsupportedCall, title, span, "called here").with_hint("say which axis: `squeeze(axis=0)`"));
    };
    let array = make::shared(call.surroundings, array);
    let gone = axes_of(call, "axis", axis, ndim(&array))?;
    for axis in &gone {
        let wrong = make::test(Op::NotEqual, make::extent(&array, *axis), make::int(1, span), span);
        let message = make::words("cannot select an axis to squeeze out which has size not equal to one");
        make::raise_if(call.surroundings, wrong, "ValueError", message, span);
    }
    let left: Vec<_> = (0..ndim(&array)).filter(|axis| !gone.contains(axis)).map(|axis| make::extent(&array, axis)).collect();
    let rank = u8::try_from(left.len()).unwrap_or(0);
    Ok(make::expr(Type::Array(dtype(&array), rank), ExprKind::Reshape(Box::new(array), left), span))
}

fn sliced(array: Expr, axis: u8, slice: Index) -> Expr {
    let span = array.span;
    let ty = array.ty.clone();
    let mut slice = Some(slice);
    let pick = |at| if at == axis { slice.take().unwrap_or_else(make::full_slice) } else { make::full_slice() };
    let subscripts = (0..ndim(&array)).map(pick).collect();
    make::index(array, subscripts, ty, span)
}

pub(super) fn flip(call: &mut Call<'_>, fixed: Option<u8>) -> Result<Expr> {
    let mut array = take_array(call, "m")?;
    let rank = ndim(&array);
    let axes = match fixed {
        Some(axis) if axis < rank => vec![axis],
        Some(axis) => return Err(call.mistyped(&array, format!("ValueError in NumPy: input must be >= {}-d", axis + 1))),
        None => match call.take_some("axis") {
            None => (0..rank).collect(),
            Some(axis) => axes_of(call, "axis", axis, rank)?,
        },
    };
    for axis in axes {
        let minus_one = make::int(-1, call.span);
        array = sliced(array, axis, Index::Slice(None, None, Some(minus_one)));
    }
    Ok(array)
}

pub(super) fn broadcast_to(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array_like(call, "array")?;
    let shape = call.take("shape")?;
    let value = strong(array);
    creation::filled_by_assignment(call, shape, dtype(&value), value)
}

pub(super) fn at_least(call: &mut Call<'_>, rank: u8) -> Result<Expr> {
    let array = take_array(call, "a")?;
    Ok(raised(array, rank))
}

/// With at least so many axes: new ones in front.
fn raised(array: Expr, rank: u8) -> Expr {
    let missing: Vec<u8> = (0..rank.saturating_sub(ndim(&array))).collect();
    if missing.is_empty() { array } else { with_axes(array, &missing) }
}

/// The arrays of a sequence, and the dtype they are joined in.
fn take_arrays(call: &mut Call<'_>, name: &str) -> Result<(Vec<Expr>, Dtype)> {
    let sequence = call.take(name)?;
    if !matches!(sequence.ty, Type::Tuple(_)) {
        return Err(call.refuse(name, &sequence, "give the arrays as a tuple or list"));
    }
    let span = sequence.span;
    let mut arrays = Vec::new();
    for item in call.items(sequence) {
        let item = array_like(call.surroundings, item, &call.shown)?;
        arrays.push(as_array(strong(item)));
    }
    if arrays.is_empty() {
        return Err(Diagnostic::new(Id::TypeError, "need at least one array to concatenate", span, "ValueError in NumPy"));
    }
    let given = call.take_dtype("dtype").unwrap_or(None);
    let dtype = given.unwrap_or_else(|| common_dtype(&arrays));
    Ok((arrays.into_iter().map(|array| make::cast(array, dtype)).collect(), dtype))
}

fn same_rank(call: &Call<'_>, arrays: &[Expr]) -> Result<u8> {
    let rank = arrays.first().map_or(0, ndim);
    match arrays.iter().find(|array| ndim(array) != rank) {
        None => Ok(rank),
        Some(other) => Err(call.mistyped(other, "ValueError in NumPy: all arrays must have the same number of dimensions")),
    }
}

fn joined(call: &Call<'_>, arrays: Vec<Expr>, dtype: Dtype, axis: u8) -> Result<Expr> {
    let rank = same_rank(call, &arrays)?;
    if rank == 0 {
        return Err(call.mistyped(&arrays[0], "ValueError in NumPy: zero-dimensional arrays cannot be concatenated"));
    }
    Ok(make::expr(Type::Array(dtype, rank), ExprKind::Concatenate(arrays, axis), call.span))
}

pub(super) fn concatenate(call: &mut Call<'_>) -> Result<Expr> {
    let given = call.take_given("axis");
    let (arrays, dtype) = take_arrays(call, "arrays")?;
    match given {
        Some(none) if none.ty == Type::None => joined(call, arrays.into_iter().map(flat).collect(), dtype, 0),
        Some(axis) => {
            let axis = axis_of(call, "axis", &axis, arrays.first().map_or(0, ndim))?;
            joined(call, arrays, dtype, axis)
        }
        None => joined(call, arrays, dtype, 0),
    }
}

pub(super) fn stack(call: &mut Call<'_>) -> Result<Expr> {
    let given = call.take_some("axis").unwrap_or_else(|| make::int(0, call.span));
    let (arrays, dtype) = take_arrays(call, "arrays")?;
    let rank = same_rank(call, &arrays)? + 1;
    if rank > 6 {
        return Err(too_many_axes(call));
    }
    let axis = axis_of(call, "axis", &given, rank)?;
    Ok(make::expr(Type::Array(dtype, rank), ExprKind::Stack(arrays, axis), call.span))
}

pub(super) fn horizontal_stack(call: &mut Call<'_>) -> Result<Expr> {
    let (arrays, dtype) = take_arrays(call, "tup")?;
    let arrays: Vec<_> = arrays.into_iter().map(|array| raised(array, 1)).collect();
    let axis = u8::from(ndim(&arrays[0]) != 1);
    joined(call, arrays, dtype, axis)
}

pub(super) fn vertical_stack(call: &mut Call<'_>) -> Result<Expr> {
    let (arrays, dtype) = take_arrays(call, "tup")?;
    joined(call, arrays.into_iter().map(|array| raised(array, 2)).collect(), dtype, 0)
}

pub(super) fn column_stack(call: &mut Call<'_>) -> Result<Expr> {
    let (arrays, dtype) = take_arrays(call, "tup")?;
    let columns = arrays.into_iter().map(|array| match ndim(&array) {
        0 => with_axes(array, &[0, 1]),
        1 => with_axes(array, &[1]),
        _ => array,
    });
    joined(call, columns.collect(), dtype, 1)
}

/// `a[1:] - a[:-1]` along an axis; of bools `!=`.
pub(super) fn diff(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let array = make::shared(call.surroundings, array);
    let span = call.span;
    let axis = call.take_some("axis").unwrap_or_else(|| make::int(-1, span));
    let axis = axis_of(call, "axis", &axis, ndim(&array))?;
    let later = sliced(array.clone(), axis, Index::Slice(Some(make::int(1, span)), None, None));
    let earlier = sliced(array.clone(), axis, Index::Slice(None, Some(make::int(-1, span)), None));
    let op = if dtype(&array).kind() == Kind::Bool { Op::NotEqual } else { Op::Subtract };
    apply(call, op, vec![later, earlier])
}

/// Two assignments of slices into a fresh array.
pub(super) fn roll(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array(call, "a")?;
    let array = make::shared(call.surroundings, array);
    let span = call.span;
    let shift = call.take("shift")?;
    if !matches!(shift.ty, Type::Scalar(dtype, _) if dtype.kind() == Kind::Integer) {
        return Err(call.refuse("shift", &shift, "it must be one integer"));
    }
    let axis = match call.take_some("axis") {
        Some(axis) => axis_of(call, "axis", &axis, ndim(&array))?,
        None if ndim(&array) == 1 => 0,
        None => return Err(call.refuse("axis", &array, "give the axis of an array of several axes")),
    };
    let extent = make::shared(call.surroundings, make::extent(&array, axis));
    let one = make::int(1, span);
    let empty = make::test(Op::Less, extent.clone(), one.clone(), span);
    let kind = ExprKind::Conditional { test: Box::new(empty), then: Box::new(one), otherwise: Box::new(extent.clone()) };
    let divisor = make::expr(Type::INT, kind, span);
    let shift = super::convert(shift, &Type::INT);
    let shift = make::shared(call.surroundings, make::int_map(Op::Remainder, vec![shift, divisor], span));
    let cut = make::shared(call.surroundings, make::int_map(Op::Subtract, vec![extent, shift.clone()], span));
    let open = ExprKind::Fill { shape: make::extents(&array), value: None };
    let result = call.surroundings.temporary(make::expr(array.ty.clone(), open, span));
    let parts = [
        (Index::Slice(Some(shift.clone()), None, None), Index::Slice(None, Some(cut.clone()), None)),
        (Index::Slice(None, Some(shift), None), Index::Slice(Some(cut), None, None)),
    ];
    for (to, from) in parts {
        let value = sliced(array.clone(), axis, from);
        let target = sliced(result.clone(), axis, to);
        let ExprKind::Index(target, index) = target.kind else { continue };
        call.surroundings.emit(StmtKind::SetItem { array: *target, index, value }, span);
    }
    Ok(result)
}

/// The truth flavor of `shape`: a tuple of ints.
pub(super) fn shape(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    let value = match value.ty {
        Type::Array(..) => make::shared(call.surroundings, value),
        _ => array_like(call.surroundings, value, &call.shown)?,
    };
    Ok(make::tuple(if matches!(value.ty, Type::Array(..)) { make::extents(&value) } else { Vec::new() }, call.span))
}

/// `ndim`.
pub(super) fn rank(call: &mut Call<'_>) -> Result<Expr> {
    let value = take_array_like_kept(call)?;
    Ok(make::int(i64::from(value.ty.ndim().unwrap_or(0)), call.span))
}

fn take_array_like_kept(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    if matches!(value.ty, Type::Tuple(_)) { array_like(call.surroundings, value, &call.shown) } else { Ok(value) }
}

/// `np.size(a, axis)` and `.size`.
pub(super) fn size(call: &mut Call<'_>) -> Result<Expr> {
    let value = take_array_like_kept(call)?;
    let axis = call.take_some("axis");
    match (&value.ty, axis) {
        (Type::Array(_, rank), Some(axis)) => {
            let axis = axis_of(call, "axis", &axis, *rank)?;
            Ok(make::extent(&value, axis))
        }
        (Type::Array(..), None) => Ok(make::size(&value)),
        (Type::Scalar(_, flavor), None) if *flavor == Flavor::Numpy || !call.shown.starts_with('.') => Ok(make::int(1, call.span)),
        _ => Err(call.mistyped(&value, "it has no size")),
    }
}
