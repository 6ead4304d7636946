//! Places of elements as integer arrays: where an array is true, and elements taken from such places.

use crate::ir::{Expr, ExprKind, Index};
use crate::library::bind::Call;
use crate::library::elementwise::take_array_like;
use crate::library::operands::{copied, strong};
use crate::library::{make, shapes};
use hypersonic_diagnostics::Diagnostic;
use hypersonic_ops::{Dtype, Flavor, Kind, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

const fn ndim(array: &Expr) -> u8 {
    match array.ty {
        Type::Array(_, ndim) => ndim,
        _ => 0,
    }
}

fn where_true(array: Expr) -> Expr {
    let span = array.span;
    let places = vec![Type::Array(Dtype::I64, 1); usize::from(ndim(&array))];
    make::expr(Type::Tuple(places), ExprKind::Nonzero(Box::new(array)), span)
}

/// `np.nonzero(a)`, `a.nonzero()`, `np.where(condition)`.
pub(super) fn nonzero(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let array = take_array_like(call, name)?;
    if ndim(&array) == 0 {
        return Err(call.mistyped(&array, "ValueError in NumPy: nonzero is not allowed on 0d arrays"));
    }
    Ok(where_true(array))
}

/// `np.flatnonzero(a)`.
pub(super) fn flat_nonzero(call: &mut Call<'_>) -> Result<Expr> {
    let array = strong(take_array_like(call, "a")?);
    let span = call.span;
    let found = where_true(shapes::flat(array));
    Ok(make::expr(Type::Array(Dtype::I64, 1), ExprKind::TupleItem(Box::new(found), 0), span))
}

/// `np.argwhere(a)`: a row per element that is true.
pub(super) fn arg_where(call: &mut Call<'_>) -> Result<Expr> {
    let array = take_array_like(call, "a")?;
    if ndim(&array) == 0 {
        return Err(call.mistyped(&array, "an array with axes is needed"));
    }
    let span = call.span;
    let found = call.items(where_true(array));
    Ok(make::expr(Type::Array(Dtype::I64, 2), ExprKind::Stack(found, 1), span))
}

/// `np.take(a, indices, axis)`.
pub(super) fn take(call: &mut Call<'_>) -> Result<Expr> {
    let array = strong(take_array_like(call, "a")?);
    let places = take_array_like(call, "indices")?;
    let span = call.span;
    let (array, axis) = match call.take_some("axis") {
        Some(axis) if ndim(&array) > 0 => {
            let axis = shapes::axis_of(call, "axis", &axis, ndim(&array))?;
            (array, axis)
        }
        _ => (shapes::flat(array), 0),
    };
    let kind = places.ty.dtype().map_or(Kind::Complex, Dtype::kind);
    if kind > Kind::Integer {
        return Err(call.mistyped(&places, "TypeError in NumPy: the places are no integers"));
    }
    let places = if kind == Kind::Bool { make::cast(places, Dtype::I64) } else { places };
    let rank = ndim(&array) - 1 + ndim(&places);
    if rank > 6 {
        return Err(call.refuse("indices", &places, "arrays of 0 to 6 axes are compiled"));
    }
    let selected = if ndim(&places) == 0 { Index::Integer(places) } else { Index::Array(places) };
    let mut selected = Some(selected);
    let pick = |at| if at == axis { selected.take().unwrap_or_else(make::full_slice) } else { make::full_slice() };
    let subscripts = (0..ndim(&array)).map(pick).collect();
    let dtype = array.ty.dtype().unwrap_or(Dtype::F64);
    let ty = if rank == 0 { Type::Scalar(dtype, Flavor::Numpy) } else { Type::Array(dtype, rank) };
    // A view of one place is copied: everything that is taken is fresh.
    Ok(copied(make::index(array, subscripts, ty, span)))
}
