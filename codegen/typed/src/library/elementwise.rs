//! Functions of NumPy that work element by element: ufuncs, and what is written in terms of them.

use crate::ir::{Expr, ExprKind, MessagePart, Reduction};
use crate::library::bind::Call;
use crate::library::operands::{array_like, common_dtype, copied, loop_of, mapped, strong, ufunc};
use crate::library::{make, operands};
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// `np.sin(x)`, `np.add(x, y)`, ...
pub(super) fn ufunc_call(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let given = match op.arity() {
        1 => vec![call.take("x")?],
        _ => vec![call.take("x1")?, call.take("x2")?],
    };
    let loops = call.operation.numpy_loops();
    let operands: Vec<_> = given.into_iter().map(alone).collect();
    ufunc(call.surroundings, &call.shown, op, &loops, call.operation.refuses_bool, operands, call.span)
}

/// `Python bool` beside nothing else is NumPy's bool; other Python scalars stay weak until the loop is chosen.
fn alone(value: Expr) -> Expr {
    if value.ty == Type::BOOL { strong(value) } else { value }
}

/// A ufunc of one operand by its name, on an expression of our own.
pub(super) fn apply(call: &mut Call<'_>, op: Op, operands: Vec<Expr>) -> Result<Expr> {
    let (loops, refuses_bool, _) = operands::numpy_rule(op);
    ufunc(call.surroundings, &call.shown, op, &loops, refuses_bool, operands, call.span)
}

/// Takes an argument as a scalar or array, to be used several times.
fn take_shared(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let value = take_array_like(call, name)?;
    Ok(make::shared(call.surroundings, value))
}

/// Takes an argument as a scalar or array.
pub(super) fn take_array_like(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let value = call.take(name)?;
    array_like(call.surroundings, value, &call.shown)
}

pub(super) fn ldexp(call: &mut Call<'_>) -> Result<Expr> {
    let (x, exponent) = (take_array_like(call, "x1")?, take_array_like(call, "x2")?);
    let integral = exponent.ty.dtype().is_some_and(|dtype| dtype.kind() <= Kind::Integer && dtype != Dtype::U64);
    if !integral {
        return Err(call.mistyped(&exponent, "the exponent must be an integer"));
    }
    // NumPy promotes a Python int beside a strong integer to the smallest float.
    let weak_beside_strong = x.ty == Type::INT && exponent.ty != Type::INT && exponent.ty.dtype() != Some(Dtype::Bool);
    let x = if weak_beside_strong { make::cast(x, Dtype::I8) } else { x };
    let dtype = loop_of(&call.shown, call.operation.loops, false, std::slice::from_ref(&x), call.span)?;
    mapped(call.surroundings, Op::Ldexp, dtype, vec![x, exponent], call.span)
}

/// `frexp` and `modf`: a tuple of two operations on one operand.
pub(super) fn two_results(call: &mut Call<'_>, ops: [Op; 2]) -> Result<Expr> {
    let x = take_shared(call, "x")?;
    let dtype = loop_of(&call.shown, call.operation.loops, false, std::slice::from_ref(&x), call.span)?;
    let items = ops.into_iter().map(|op| mapped(call.surroundings, op, dtype, vec![x.clone()], call.span)).collect::<Result<Vec<_>>>()?;
    Ok(make::tuple(items, call.span))
}

/// `divmod` of numbers and arrays, Python's and NumPy's.
pub(super) fn divmod(call: &mut Call<'_>) -> Result<Expr> {
    let names = if call.operation.names[0] == "builtins.divmod" { ["x", "y"] } else { ["x1", "x2"] };
    let pair = [call.take(names[0])?, call.take(names[1])?].map(|value| make::shared(call.surroundings, value));
    let python = call.operation.names[0] == "builtins.divmod";
    let mut items = Vec::new();
    for op in [Op::FloorDivide, Op::Remainder] {
        let [left, right] = pair.clone();
        items.push(if python {
            super::operators::binary(call.surroundings, super::Operator::Scalar(op), left, right, call.span)?
        } else {
            apply(call, op, vec![left, right])?
        });
    }
    Ok(make::tuple(items, call.span))
}

pub(super) fn conjugate(call: &mut Call<'_>) -> Result<Expr> {
    let method = call.shown.starts_with('.');
    let x = if method { call.take("a")? } else { call.take("x")? };
    if method {
        let ty = x.ty.clone();
        return match ty {
            Type::Scalar(dtype, _) | Type::Array(dtype, _) if dtype.kind() == Kind::Complex => {
                Ok(make::map(ty, Op::Conjugate, dtype, vec![x], call.span))
            }
            Type::Scalar(dtype, Flavor::Python) => Ok(super::convert(x, &Type::Scalar(dtype.promote(Dtype::I64), Flavor::Python))),
            Type::Scalar(..) | Type::Array(..) => Ok(x),
            _ => Err(call.mistyped(&x, "neither a number nor an array")),
        };
    }
    let x = array_like(call.surroundings, x, &call.shown)?;
    let dtype = loop_of(&call.shown, call.operation.loops, false, std::slice::from_ref(&x), call.span)?;
    if dtype.kind() < Kind::Complex {
        return Ok(copied(make::cast(x, dtype)));
    }
    mapped(call.surroundings, Op::Conjugate, dtype, vec![x], call.span)
}

/// `np.round`: scaled, rounded half to even, scaled back, as NumPy does.
pub(super) fn round(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_array_like(call, "a")?;
    let decimals = call.take_some("decimals").unwrap_or_else(|| make::int(0, call.span));
    let x = strong(x);
    round_to(call, x, &decimals)
}

/// `x` rounded to so many decimals by NumPy's way.
pub(super) fn round_to(call: &mut Call<'_>, x: Expr, decimals: &Expr) -> Result<Expr> {
    let Some(digits) = make::constant_int(decimals) else {
        return Err(call.refuse("decimals", decimals, "it must be a constant int"));
    };
    let dtype = x.ty.dtype().unwrap_or(Dtype::F64);
    if dtype == Dtype::Bool {
        return Err(call.refuse("a", &x, "NumPy rounds bools to float16, which is not compiled; convert with `.astype(float)`"));
    }
    if dtype.kind() == Kind::Integer {
        return if digits >= 0 {
            Ok(copied(x))
        } else {
            Err(call.refuse("decimals", decimals, "integers are rounded to 0 or more decimals"))
        };
    }
    if digits == 0 {
        return mapped(call.surroundings, Op::Rint, dtype, vec![x], call.span);
    }
    let Some(scale) = i32::try_from(digits.unsigned_abs()).ok().filter(|power| *power <= 22) else {
        return Err(call.refuse("decimals", decimals, "at most 22 decimals are compiled"));
    };
    if dtype.kind() == Kind::Complex {
        // Part by part: a complex quotient would mix infinite parts into the other.
        let x = make::shared(call.surroundings, x);
        let ndim = make::rank(std::slice::from_ref(&x));
        let part = |op| make::map(make::shaped(dtype.real(), ndim), op, dtype, vec![x.clone()], x.span);
        let parts = [part(Op::Real), part(Op::Imag)].map(|part| round_to(call, part, decimals));
        let [real, imaginary] = parts;
        return Ok(make::map(x.ty.clone(), Op::MakeComplex, dtype.real(), vec![real?, imaginary?], call.span));
    }
    let scale = make::float(10_f64.powi(scale), call.span);
    let (first, last) = if digits > 0 { (Op::Multiply, Op::Divide) } else { (Op::Divide, Op::Multiply) };
    let scaled = mapped(call.surroundings, first, dtype, vec![x, scale.clone()], call.span)?;
    let rounded = mapped(call.surroundings, Op::Rint, dtype, vec![scaled], call.span)?;
    mapped(call.surroundings, last, dtype, vec![rounded, scale], call.span)
}

pub(super) fn clip(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_array_like(call, "a")?;
    let mut limits = Vec::new();
    for (name, other) in [("a_min", "min"), ("a_max", "max")] {
        let limit = call.take_some(name).or(call.take_some(other));
        limits.push(limit.map(|limit| array_like(call.surroundings, limit, &call.shown)).transpose()?);
    }
    let high = limits.pop().flatten().map(|limit| within_reach(limit, Op::Minimum, &x));
    let low = limits.pop().flatten().map(|limit| within_reach(limit, Op::Maximum, &x));
    let (op, list) = match (low, high) {
        (Some(low), Some(high)) => (Op::Clip, vec![x, low, high]),
        (Some(low), None) => (Op::Maximum, vec![x, low]),
        (None, Some(high)) => (Op::Minimum, vec![x, high]),
        (None, None) => return Ok(copied(x)),
    };
    let dtype = common_dtype(&list);
    mapped(call.surroundings, op, dtype, list, call.span)
}

/// A Python int that clips small integers: what lies beyond the dtype on the far side is no limit at all.
fn within_reach(limit: Expr, nearer: Op, x: &Expr) -> Expr {
    let dtype = x.ty.dtype().unwrap_or(Dtype::I64);
    let (low, high) = operands::bounds(dtype);
    if limit.ty != Type::INT || dtype.kind() != Kind::Integer || dtype.size() == 8 && nearer == Op::Minimum || dtype == Dtype::I64 {
        return limit;
    }
    let (bound, span) = (if nearer == Op::Minimum { high } else { low }, limit.span);
    match make::constant_int(&limit) {
        Some(value) => make::int(if nearer == Op::Minimum { value.min(bound) } else { value.max(bound) }, span),
        None => make::int_map(nearer, vec![limit, make::int(bound, span)], span),
    }
}

pub(super) fn choose(call: &mut Call<'_>) -> Result<Expr> {
    if !(call.is_given("x") && call.is_given("y")) {
        let title = "`np.where` is given one of `x` and `y`";
        return Err(Diagnostic::new(Id::TypeError, title, call.span, "ValueError in NumPy: give both or neither"));
    }
    let condition = take_array_like(call, "condition")?;
    let (x, y) = (take_array_like(call, "x")?, take_array_like(call, "y")?);
    let dtype = common_dtype(&[x.clone(), y.clone()]);
    let condition = make::cast(condition, Dtype::Bool);
    // Unlike ufuncs, `where` casts a Python int as it is.
    let list = vec![condition, x, y];
    let ndim = make::rank(&list);
    let value = make::map(make::shaped(dtype, ndim), Op::Where, dtype, list, call.span);
    Ok(if ndim == 0 { zero_dimensional(value, dtype) } else { value })
}

/// An array without axes that holds one value.
pub(super) fn zero_dimensional(value: Expr, dtype: Dtype) -> Expr {
    let span = value.span;
    let value = super::convert(value, &Type::Scalar(dtype, Flavor::Numpy));
    make::expr(Type::Array(dtype, 0), ExprKind::Fill { shape: Vec::new(), value: Some(Box::new(value)) }, span)
}

pub(super) fn angle(call: &mut Call<'_>) -> Result<Expr> {
    let z = take_array_like(call, "z")?;
    let degrees = call.take_flag("deg", false)?;
    let dtype = z.ty.dtype().unwrap_or(Dtype::F64);
    let result = if dtype.kind() == Kind::Complex {
        mapped(call.surroundings, Op::Angle, dtype, vec![z], call.span)?
    } else {
        let zero = make::int(0, call.span);
        apply(call, Op::Arctan2, vec![zero, z])?
    };
    if !degrees {
        return Ok(result);
    }
    let factor = make::float(180.0 / std::f64::consts::PI, call.span);
    let dtype = result.ty.dtype().unwrap_or(Dtype::F64);
    mapped(call.surroundings, Op::Multiply, dtype, vec![result, factor], call.span)
}

/// `.real`, `.imag`, `np.real`, `np.imag`.
pub(super) fn part(call: &mut Call<'_>, real: bool) -> Result<Expr> {
    let name = if call.shown.starts_with('.') { "a" } else { "val" };
    let value = call.take(name)?;
    let value = match value.ty {
        Type::Tuple(_) => array_like(call.surroundings, value, &call.shown)?,
        _ => value,
    };
    let span = call.span;
    match value.ty.clone() {
        Type::Array(dtype, ndim) if dtype.kind() == Kind::Complex => {
            Ok(make::expr(Type::Array(dtype.real(), ndim), ExprKind::ComplexPart(Box::new(value), real), span))
        }
        Type::Array(..) if real => Ok(value),
        Type::Array(dtype, _) => {
            let value = make::shared(call.surroundings, value);
            let zero = Some(Box::new(make::number(0, dtype, span)));
            Ok(make::expr(value.ty.clone(), ExprKind::Fill { shape: make::extents(&value), value: zero }, span))
        }
        Type::Scalar(dtype, flavor) if dtype.kind() == Kind::Complex => {
            let op = if real { Op::Real } else { Op::Imag };
            Ok(make::map(Type::Scalar(dtype.real(), flavor), op, dtype, vec![value], span))
        }
        Type::Scalar(dtype, Flavor::Python) => {
            let ty = Type::Scalar(dtype.promote(Dtype::I64), Flavor::Python);
            let zero = if dtype == Dtype::F64 { make::float(0.0, span) } else { make::int(0, span) };
            Ok(if real { super::convert(value, &ty) } else { zero })
        }
        Type::Scalar(dtype, _) => Ok(if real { value } else { make::number(0, dtype, span) }),
        _ => Err(call.mistyped(&value, "neither a number nor an array")),
    }
}

/// Elementwise closeness: |a - b| <= atol + rtol * |b| where b is finite, or a == b.
pub(super) fn is_close(call: &mut Call<'_>) -> Result<Expr> {
    let (a, b) = (take_shared(call, "a")?, take_shared(call, "b")?);
    let span = call.span;
    let rtol = call.take_some("rtol").unwrap_or_else(|| make::float(1e-5, span));
    let atol = call.take_some("atol").unwrap_or_else(|| make::float(1e-8, span));
    let equal_nan = call.take_flag("equal_nan", false)?;
    let b_inexact = if b.ty.dtype().is_some_and(|dtype| dtype.kind() <= Kind::Integer) {
        let value = make::cast(b.clone(), Dtype::F64);
        make::shared(call.surroundings, value)
    } else {
        b.clone()
    };
    let far = apply(call, Op::Subtract, vec![a.clone(), b_inexact.clone()])?;
    let far = apply(call, Op::Absolute, vec![far])?;
    let size = apply(call, Op::Absolute, vec![b_inexact.clone()])?;
    let allowed = apply(call, Op::Multiply, vec![rtol, size])?;
    let allowed = apply(call, Op::Add, vec![atol, allowed])?;
    let near = apply(call, Op::LessEqual, vec![far, allowed])?;
    let finite = apply(call, Op::Isfinite, vec![b_inexact])?;
    let near = apply(call, Op::LogicalAnd, vec![near, finite])?;
    let equal = apply(call, Op::Equal, vec![a.clone(), b.clone()])?;
    let close = apply(call, Op::LogicalOr, vec![near, equal])?;
    if !equal_nan {
        return Ok(close);
    }
    let (a, b) = (apply(call, Op::Isnan, vec![a])?, apply(call, Op::Isnan, vec![b])?);
    let both = apply(call, Op::LogicalAnd, vec![a, b])?;
    apply(call, Op::LogicalOr, vec![close, both])
}

/// Whether all elements of a bool array or scalar hold: a Python bool.
pub(super) fn all_true(value: Expr) -> Expr {
    let span = value.span;
    let Type::Array(_, ndim) = value.ty else { return make::truth(value) };
    let kind = ExprKind::Reduce { op: Reduction::All, array: Box::new(value), axes: (0..ndim).collect(), keepdims: false };
    make::truth(make::expr(Type::Scalar(Dtype::Bool, Flavor::Numpy), kind, span))
}

pub(super) fn array_equal(call: &mut Call<'_>) -> Result<Expr> {
    let (a, b) = (take_shared(call, "a1")?, take_shared(call, "a2")?);
    let span = call.span;
    if a.ty.ndim() != b.ty.ndim() {
        return Ok(make::boolean(false, span));
    }
    let mut same = make::boolean(true, span);
    for axis in 0..a.ty.ndim().unwrap_or(0) {
        let equal = make::test(Op::Equal, make::extent(&a, axis), make::extent(&b, axis), span);
        same = if axis == 0 { equal } else { make::both(same, equal, span) };
    }
    let equal = apply(call, Op::Equal, vec![a.clone(), b])?;
    let equal = all_true(equal);
    if a.ty.ndim() == Some(0) {
        return Ok(equal);
    }
    let otherwise = make::boolean(false, span);
    Ok(make::expr(Type::BOOL, ExprKind::Conditional { test: Box::new(same), then: Box::new(equal), otherwise: Box::new(otherwise) }, span))
}

pub(super) fn nan_to_num(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_shared(call, "x")?;
    let x = strong(x);
    let dtype = x.ty.dtype().unwrap_or(Dtype::F64);
    let span = call.span;
    if dtype.kind() == Kind::Complex {
        return Err(call.refuse("x", &x, "treat `.real` and `.imag` one by one"));
    }
    if dtype.kind() != Kind::Float {
        return Ok(copied(x));
    }
    let greatest = if dtype == Dtype::F32 { f64::from(f32::MAX) } else { f64::MAX };
    let nan = call.take_some("nan").unwrap_or_else(|| make::float(0.0, span));
    let high = call.take_some("posinf").unwrap_or_else(|| make::float(greatest, span));
    let low = call.take_some("neginf").unwrap_or_else(|| make::float(-greatest, span));
    let is_nan = apply(call, Op::Isnan, vec![x.clone()])?;
    let is_high = apply(call, Op::Equal, vec![x.clone(), make::float(f64::INFINITY, span)])?;
    let is_low = apply(call, Op::Equal, vec![x.clone(), make::float(f64::NEG_INFINITY, span)])?;
    let without_low = mapped(call.surroundings, Op::Where, dtype, vec![is_low, low, x], span)?;
    let without_high = mapped(call.surroundings, Op::Where, dtype, vec![is_high, high, without_low], span)?;
    mapped(call.surroundings, Op::Where, dtype, vec![is_nan, nan, without_high], span)
}

pub(super) fn infinity_sign(call: &mut Call<'_>, positive: bool) -> Result<Expr> {
    let x = take_shared(call, "x")?;
    let infinity = if positive { f64::INFINITY } else { f64::NEG_INFINITY };
    let infinity = make::float(infinity, call.span);
    if x.ty.dtype().is_some_and(|dtype| dtype.kind() == Kind::Complex) {
        return Err(call.mistyped(&x, "not for complex numbers"));
    }
    apply(call, Op::Equal, vec![x, infinity])
}

/// The message of an error about one int.
pub(super) fn message_with(before: &str, value: &Expr, after: &str) -> Vec<MessagePart> {
    let text = |text: &str| MessagePart::Text(text.to_owned());
    vec![text(before), MessagePart::Value(value.clone(), String::new()), text(after)]
}
