//! Methods and attributes of arrays and NumPy scalars, and types used as functions.

use crate::ir::{Expr, Index, StmtKind};
use crate::library::bind::Call;
use crate::library::operands::{array_like, stored};
use crate::library::{make, shapes};
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// `np.float64(x)`: a NumPy scalar of a number, an array of an array or list.
pub(super) fn convert_to(call: &mut Call<'_>, dtype: Dtype) -> Result<Expr> {
    let Some(value) = call.take_given("x") else { return Ok(make::number(0, dtype, call.span)) };
    if let Type::Text(text) = &value.ty {
        return match text.trim().parse::<f64>() {
            Ok(number) if dtype.kind() == Kind::Float => Ok(make::cast(make::float(number, call.span), dtype)),
            _ => Err(call.refuse("x", &value, "strings are not converted")),
        };
    }
    let value = array_like(call.surroundings, value, &call.shown)?;
    if value.ty.dtype().is_some_and(|own| own.kind() == Kind::Complex) && dtype.kind() < Kind::Complex && dtype != Dtype::Bool {
        return Err(call.mistyped(&value, "a real number is needed").with_hint("take `.real`"));
    }
    let python = matches!(value.ty, Type::Scalar(_, Flavor::Python));
    let value = if python { stored(call.surroundings, value, dtype)? } else { value };
    Ok(make::cast(value, dtype))
}

/// `x.astype(dtype)`.
pub(super) fn as_type(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    let wanted = call.take("dtype")?;
    let dtype = call.dtype_of("dtype", &wanted)?;
    let copy = call.take_flag("copy", true)?;
    match value.ty {
        Type::Array(own, _) if own == dtype => Ok(if copy { super::operands::copied(value) } else { value }),
        Type::Array(..) | Type::Scalar(_, Flavor::Numpy) => Ok(make::cast(value, dtype)),
        _ => Err(call.mistyped(&value, "it has no method `astype`")),
    }
}

/// `a.fill(value)`.
pub(super) fn fill(call: &mut Call<'_>) -> Result<Expr> {
    let array = call.take("a")?;
    let value = make::scalar_of(call.take("value")?);
    let (Type::Array(dtype, _), Type::Scalar(..)) = (&array.ty, &value.ty) else {
        return Err(call.mistyped(&value, "an array is filled with a number"));
    };
    let value = stored(call.surroundings, value, *dtype)?;
    call.surroundings.emit(StmtKind::SetItem { array, index: Vec::new(), value }, call.span);
    Ok(make::unit(Type::None, call.span))
}

/// `a.item()`, `a.item(i)`, `a.item(i, j)`: Python numbers.
pub(super) fn item(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    let subscripts = call.take_spread();
    let span = call.span;
    let Type::Array(dtype, ndim) = value.ty else {
        return match value.ty {
            Type::Scalar(_, Flavor::Numpy) if subscripts.is_empty() => Ok(to_python(value)),
            _ => Err(call.mistyped(&value, "it has no method `item`")),
        };
    };
    let array = make::shared(call.surroundings, value);
    if subscripts.is_empty() {
        if ndim > 0 {
            let several = make::test(Op::NotEqual, make::size(&array), make::int(1, span), span);
            let message = make::words("can only convert an array of size 1 to a Python scalar");
            make::raise_if(call.surroundings, several, "ValueError", message, span);
        }
        let zeros = (0..ndim).map(|_| Index::Integer(make::int(0, span))).collect();
        return Ok(to_python(make::index(array, zeros, Type::Scalar(dtype, Flavor::Numpy), span)));
    }
    let array = if subscripts.len() == 1 { shapes::flat(array) } else { array };
    if usize::from(array.ty.ndim().unwrap_or(0)) != subscripts.len() {
        return Err(call.mistyped(&array, "ValueError in NumPy: incorrect number of indices for array"));
    }
    let subscripts = subscripts.into_iter().map(Index::Integer).collect();
    Ok(to_python(make::index(array, subscripts, Type::Scalar(dtype, Flavor::Numpy), span)))
}

/// The Python number of a NumPy scalar.
fn to_python(value: Expr) -> Expr {
    let ty = match value.ty.dtype().map(Dtype::kind) {
        Some(Kind::Bool) => Type::BOOL,
        Some(Kind::Integer) => Type::INT,
        Some(Kind::Complex) => Type::COMPLEX,
        _ => Type::FLOAT,
    };
    super::convert(value, &ty)
}

/// `x.is_integer()`.
pub(super) fn is_integer(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    let span = call.span;
    match value.ty {
        Type::Scalar(dtype, _) if dtype.kind() == Kind::Float => {
            let value = make::shared(call.surroundings, super::convert(value, &Type::FLOAT));
            let whole = make::float_map(Op::Floor, vec![value.clone()], span);
            let finite = make::map(Type::BOOL, Op::Isfinite, Dtype::F64, vec![value.clone()], span);
            Ok(make::both(finite, make::test(Op::Equal, whole, value, span), span))
        }
        Type::Scalar(dtype, _) if dtype.kind() == Kind::Integer => Ok(make::boolean(true, span)),
        _ => Err(call.mistyped(&value, "it has no method `is_integer`")),
    }
}

/// `.dtype`.
pub(super) fn dtype_of(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("a")?;
    match value.ty {
        Type::Array(dtype, _) | Type::Scalar(dtype, Flavor::Numpy) => Ok(make::unit(Type::DtypeValue(dtype, Flavor::Numpy), call.span)),
        _ => Err(call.mistyped(&value, "it has no dtype")),
    }
}

/// `np.dtype(...)`.
pub(super) fn dtype_object(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("dtype")?;
    let dtype = call.dtype_of("dtype", &value)?;
    Ok(make::unit(Type::DtypeValue(dtype, Flavor::Numpy), call.span))
}

/// `.itemsize`, `.nbytes`.
pub(super) fn bytes(call: &mut Call<'_>, total: bool) -> Result<Expr> {
    let value = call.take("a")?;
    let dtype = match value.ty {
        Type::Array(dtype, _) | Type::Scalar(dtype, Flavor::Numpy) => dtype,
        Type::DtypeValue(dtype, _) if !total => dtype,
        _ => return Err(call.mistyped(&value, "it has no elements")),
    };
    let each = make::int(dtype.size().cast_signed(), call.span);
    if !total || !matches!(value.ty, Type::Array(..)) {
        return Ok(each);
    }
    Ok(make::int_map(Op::Multiply, vec![make::size(&value), each], call.span))
}

/// `np.finfo`, `np.iinfo`: the dtype itself stands for its limits.
pub(super) fn limits(call: &mut Call<'_>, float: bool) -> Result<Expr> {
    let value = call.take(if float { "dtype" } else { "type" })?;
    let dtype = match value.ty {
        Type::Array(dtype, _) | Type::Scalar(dtype, _) => dtype,
        _ => call.dtype_of("dtype", &value)?,
    };
    let fits = if float { dtype.kind() >= Kind::Float } else { dtype.kind() == Kind::Integer };
    if !fits {
        return Err(call.mistyped(&value, "ValueError in NumPy"));
    }
    Ok(make::unit(Type::DtypeValue(dtype.real(), Flavor::Numpy), call.span))
}

/// A member of `np.finfo(dtype)` or `np.iinfo(dtype)`.
fn limit(name: &str, dtype: Dtype, span: hypersonic_diagnostics::Span) -> Option<Expr> {
    let bits = make::int(dtype.size().cast_signed() * 8, span);
    if dtype.kind() == Kind::Integer {
        let (low, high) = super::operands::bounds(dtype);
        return match name {
            "min" => Some(make::int(low, span)),
            "max" if dtype != Dtype::U64 => Some(make::int(high, span)),
            "bits" => Some(bits),
            _ => None,
        };
    }
    let single = dtype == Dtype::F32;
    let pick = |narrow: f32, wide: f64| if single { f64::from(narrow) } else { wide };
    let value = match name {
        "eps" => pick(f32::EPSILON, f64::EPSILON),
        "epsneg" => pick(f32::EPSILON / 2.0, f64::EPSILON / 2.0),
        "max" => pick(f32::MAX, f64::MAX),
        "min" => pick(f32::MIN, f64::MIN),
        "tiny" | "smallest_normal" => pick(f32::MIN_POSITIVE, f64::MIN_POSITIVE),
        "smallest_subnormal" => pick(f32::from_bits(1), f64::from_bits(1)),
        "bits" => return Some(bits),
        _ => return None,
    };
    (dtype.kind() == Kind::Float).then(|| make::cast(make::float(value, span), dtype))
}

/// Attributes of dtypes: `.type`, `.name`, `.char`, `.kind`, and the limits of `np.finfo` and `np.iinfo`.
pub(super) fn of_dtype(name: &str, dtype: Dtype, span: hypersonic_diagnostics::Span) -> Option<Expr> {
    let text = |text: String| Some(make::unit(Type::Text(text), span));
    match name {
        "type" | "dtype" => Some(make::unit(Type::DtypeValue(dtype, Flavor::Numpy), span)),
        "itemsize" => Some(make::int(dtype.size().cast_signed(), span)),
        "name" | "__name__" => text(dtype.name().to_owned()),
        "char" => text(dtype.code().to_string()),
        "kind" => text(
            match dtype.kind() {
                Kind::Bool => "b",
                Kind::Integer if dtype.is_signed() => "i",
                Kind::Integer => "u",
                Kind::Float => "f",
                Kind::Complex => "c",
            }
            .to_owned(),
        ),
        _ => limit(name, dtype, span),
    }
}

/// Says that there is no such member.
pub(super) fn unknown(name: &str, receiver: &Expr, span: hypersonic_diagnostics::Span) -> Diagnostic {
    let title = format!("`.{name}` of `{}` has no compiled form", receiver.ty);
    let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, span, "used here");
    match hypersonic_ops::table::names::nearest(&format!("ndarray.{name}")) {
        Some(known) => diagnostic.with_hint(format!("did you mean `{}`?", crate::library::bind::shown(known))),
        None => diagnostic.with_hint("docs/supported.md lists the methods and attributes that are compiled"),
    }
}

/// Whether methods and attributes of `ndarray` apply.
pub(super) const fn is_array_like(ty: &Type) -> bool {
    matches!(ty, Type::Array(..) | Type::Scalar(..))
}
