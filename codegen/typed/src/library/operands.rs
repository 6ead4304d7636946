//! NumPy's elementwise rule: operands that promote, broadcast and go through one loop.

use crate::ir::{Constant, Expr, ExprKind, MessagePart};
use crate::library::{Surroundings, bind, make};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::promotion::{LoopError, Operand, choose_loop, result_type};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp, Type};

/// A scalar or array of a value that NumPy would pass through `np.asanyarray`: tuples become arrays.
pub(super) fn array_like(surroundings: &mut dyn Surroundings, value: Expr, what: &str) -> Result<Expr, Diagnostic> {
    match value.ty {
        Type::Scalar(..) | Type::Array(..) => Ok(make::scalar_of(value)),
        Type::Tuple(_) => super::creation::array_of_items(surroundings, value, None),
        _ => {
            let title = format!("`{what}` is not defined for `{}`", value.ty);
            Err(Diagnostic::new(Id::TypeError, title, value.span, "neither a number nor an array"))
        }
    }
}

/// What operands bring to promotion.
pub(super) fn promoted(operands: &[Expr]) -> Vec<Operand> {
    operands.iter().filter_map(|operand| Operand::of(&operand.ty)).collect()
}

/// `np.result_type` of scalars and arrays.
pub(super) fn common_dtype(operands: &[Expr]) -> Dtype {
    result_type(&promoted(operands)).unwrap_or(Dtype::F64)
}

/// The loop that a ufunc chooses, or why it has none.
pub(super) fn loop_of(what: &str, loops: &str, refuses_bool: bool, operands: &[Expr], span: Span) -> Result<Dtype, Diagnostic> {
    let brought = promoted(operands);
    let all_bool = brought.iter().all(|operand| *operand == Operand::Strong(Dtype::Bool));
    let chosen = if refuses_bool && all_bool { Err(LoopError::Undefined) } else { choose_loop(loops, &brought) };
    chosen.map_err(|error| {
        let types: Vec<_> = operands.iter().map(|operand| format!("`{}`", operand.ty)).collect();
        let types = types.join(" and ");
        match error {
            LoopError::Undefined => {
                let diagnostic = Diagnostic::new(Id::TypeError, format!("`{what}` is not defined for {types}"), span, "TypeError in NumPy");
                if all_bool { diagnostic.with_hint("use `^`, `~` or `logical_not` on bools") } else { diagnostic }
            }
            LoopError::Half => {
                let title = format!("`{what}` of {types} is float16 in NumPy");
                let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, span, "float16 is not compiled");
                diagnostic.with_hint("convert the argument first: `x.astype(np.float32)`")
            }
        }
    })
}

/// Maps an operation over operands in a loop dtype, after checking Python ints against it.
pub(super) fn mapped(
    surroundings: &mut dyn Surroundings,
    op: ScalarOp,
    loop_dtype: Dtype,
    operands: Vec<Expr>,
    span: Span,
) -> Result<Expr, Diagnostic> {
    let ty = make::shaped(op.result(loop_dtype), make::rank(&operands));
    let operands = operands.into_iter().map(|operand| fitted(surroundings, operand, loop_dtype)).collect::<Result<Vec<_>, _>>()?;
    Ok(make::map(ty, op, loop_dtype, operands, span))
}

/// A Python int beside an integer array must fit its dtype: OverflowError otherwise.
pub(super) fn fitted(surroundings: &mut dyn Surroundings, operand: Expr, dtype: Dtype) -> Result<Expr, Diagnostic> {
    if operand.ty != Type::INT || dtype.kind() != Kind::Integer || dtype == Dtype::I64 {
        return Ok(operand);
    }
    let (low, high) = bounds(dtype);
    let span = operand.span;
    if let Some(value) = make::constant_int(&operand) {
        if value < low || value > high {
            let title = format!("Python integer {value} out of bounds for {}", dtype.name());
            let diagnostic = Diagnostic::new(Id::TypeError, title, span, "OverflowError in NumPy");
            return Err(diagnostic.with_hint(format!("a Python int takes the dtype of the array beside it, here {}", dtype.name())));
        }
        return Ok(operand);
    }
    let value = make::shared(surroundings, operand);
    let mut outside = make::test(ScalarOp::Less, value.clone(), make::int(low, span), span);
    if high < i64::MAX {
        outside = make::either(outside, make::test(ScalarOp::Greater, value.clone(), make::int(high, span), span), span);
    }
    let message = vec![
        MessagePart::Text("Python integer ".to_owned()),
        MessagePart::Value(value.clone(), String::new()),
        MessagePart::Text(format!(" out of bounds for {}", dtype.name())),
    ];
    make::raise_if(surroundings, outside, "OverflowError", message, span);
    Ok(value)
}

/// A scalar that is put into an array of that dtype, as NumPy checks it: a Python number goes into integers as an int
/// that must fit, and so does a number of NumPy into signed ones. Unsigned integers wrap NumPy's numbers.
pub(super) fn stored(surroundings: &mut dyn Surroundings, value: Expr, dtype: Dtype) -> Result<Expr, Diagnostic> {
    let Type::Scalar(own, flavor) = value.ty else { return Ok(value) };
    let python = flavor == Flavor::Python && own == Dtype::F64;
    let (low, high) = bounds(dtype);
    let may_not_fit = own.kind() == Kind::Float || bounds(own).0 < low || bounds(own).1 > high || own == Dtype::U64;
    let through_int = flavor == Flavor::Numpy && dtype.is_signed() && own.kind() >= Kind::Integer && may_not_fit;
    if dtype.kind() == Kind::Integer && own.kind() <= Kind::Float && (python || through_int) {
        let value = super::convert(value, &Type::INT);
        return fitted(surroundings, value, dtype);
    }
    fitted(surroundings, value, dtype)
}

/// The least and the greatest int of a dtype, as far as int64 goes.
pub(super) const fn bounds(dtype: Dtype) -> (i64, i64) {
    match dtype {
        Dtype::I8 => (i8::MIN as i64, i8::MAX as i64),
        Dtype::I16 => (i16::MIN as i64, i16::MAX as i64),
        Dtype::I32 => (i32::MIN as i64, i32::MAX as i64),
        Dtype::U8 => (0, u8::MAX as i64),
        Dtype::U16 => (0, u16::MAX as i64),
        Dtype::U32 => (0, u32::MAX as i64),
        Dtype::U64 => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    }
}

/// A ufunc of NumPy on scalars and arrays that are given.
pub(super) fn ufunc(
    surroundings: &mut dyn Surroundings,
    what: &str,
    op: ScalarOp,
    loops: &str,
    refuses_bool: bool,
    operands: Vec<Expr>,
    span: Span,
) -> Result<Expr, Diagnostic> {
    let operands = operands.into_iter().map(|operand| array_like(surroundings, operand, what)).collect::<Result<Vec<_>, _>>()?;
    if is_comparison(op) {
        return compared(surroundings, what, op, operands, span);
    }
    if matches!(op, ScalarOp::Divide) && promoted(&operands).iter().all(|operand| operand.default_dtype().kind() <= Kind::Integer) {
        return mapped(surroundings, op, Dtype::F64, operands, span);
    }
    if let Some(trivial) = without_arithmetic(surroundings, op, &operands, span) {
        return trivial;
    }
    let loop_dtype = loop_of(what, loops, refuses_bool, &operands, span)?;
    mapped(surroundings, op, loop_dtype, operands, span)
}

/// Operations that are trivial on bools and integers, or that only ask for truth.
fn without_arithmetic(
    surroundings: &mut dyn Surroundings,
    op: ScalarOp,
    operands: &[Expr],
    span: Span,
) -> Option<Result<Expr, Diagnostic>> {
    use ScalarOp as Op;
    match op {
        Op::LogicalAnd | Op::LogicalOr | Op::LogicalXor | Op::LogicalNot => {
            let bools = operands.iter().map(|operand| make::cast(operand.clone(), Dtype::Bool)).collect();
            return Some(mapped(surroundings, op, Dtype::Bool, bools, span));
        }
        _ => {}
    }
    let [operand] = operands else { return None };
    let dtype = operand.ty.dtype()?;
    if dtype.kind() > Kind::Integer {
        return None;
    }
    match op {
        Op::Floor | Op::Ceil | Op::Trunc => Some(Ok(copied(operand.clone()))),
        // NumPy asks float16 for the sign of small integers, which float32 knows as well.
        Op::Signbit if dtype.size() == 1 => Some(mapped(surroundings, op, Dtype::F32, vec![operand.clone()], span)),
        Op::Isnan | Op::Isinf | Op::Isfinite => {
            let operand = make::shared(surroundings, operand.clone());
            let same = if op == Op::Isfinite { Op::Equal } else { Op::NotEqual };
            Some(mapped(surroundings, same, dtype, vec![operand.clone(), operand], span))
        }
        _ => None,
    }
}

/// A fresh array of the same elements; a NumPy scalar of a scalar.
pub(super) fn copied(value: Expr) -> Expr {
    match value.ty {
        Type::Array(..) => {
            let (ty, span) = (value.ty.clone(), value.span);
            make::expr(ty, ExprKind::Copy(Box::new(value)), span)
        }
        Type::Scalar(dtype, _) => make::cast(value, dtype),
        _ => value,
    }
}

pub(super) const fn is_comparison(op: ScalarOp) -> bool {
    use ScalarOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
}

/// Comparisons are exact between integers of any signs and sizes.
fn compared(surroundings: &mut dyn Surroundings, what: &str, op: ScalarOp, operands: Vec<Expr>, span: Span) -> Result<Expr, Diagnostic> {
    let signed = |operand: &Expr| operand.ty.dtype().is_some_and(Dtype::is_signed);
    let wide = |operand: &Expr| operand.ty.dtype() == Some(Dtype::U64);
    let integral = operands.iter().all(|operand| operand.ty.dtype().is_some_and(|dtype| dtype.kind() == Kind::Integer));
    if integral && operands.len() == 2 {
        let known = operands.iter().find_map(|operand| make::constant_int(operand).filter(|_| operand.ty == Type::INT));
        return match (signed(&operands[0]) && wide(&operands[1]), wide(&operands[0]) && signed(&operands[1])) {
            (true, _) | (_, true) if known.is_some_and(|value| value >= 0) => mapped(surroundings, op, Dtype::U64, operands, span),
            (true, _) => mixed_signs(surroundings, op, operands, true, span),
            (_, true) => mixed_signs(surroundings, op, operands, false, span),
            _ => {
                let loop_dtype = exact_integer(&operands);
                Ok(make::map(make::shaped(Dtype::Bool, make::rank(&operands)), op, loop_dtype, operands, span))
            }
        };
    }
    let loop_dtype = loop_of(what, "?bBhHiIlLefdFD", false, &operands, span)?;
    mapped(surroundings, op, loop_dtype, operands, span)
}

/// A dtype in which both integers are exact: that of the array beside a constant that fits it, else wide enough.
fn exact_integer(operands: &[Expr]) -> Dtype {
    let common = common_dtype(operands);
    let (low, high) = bounds(common);
    let fits = |operand: &Expr| operand.ty != Type::INT || make::constant_int(operand).is_some_and(|value| value >= low && value <= high);
    if common == Dtype::U64 || operands.iter().all(fits) { common } else { Dtype::I64 }
}

/// Compares int64 with uint64: a negative number is less than every other, the rest compare as uint64.
fn mixed_signs(
    surroundings: &mut dyn Surroundings,
    op: ScalarOp,
    operands: Vec<Expr>,
    first_is_signed: bool,
    span: Span,
) -> Result<Expr, Diagnostic> {
    let operands: Vec<_> = operands.into_iter().map(|operand| make::shared(surroundings, operand)).collect();
    let signed = operands[usize::from(!first_is_signed)].clone();
    let zero = Expr { ty: signed.ty.clone(), ..make::int(0, span) };
    let zero = if matches!(signed.ty, Type::Array(..)) { make::int(0, span) } else { zero };
    let bools = |ndim| make::shaped(Dtype::Bool, ndim);
    let negative = make::map(bools(make::rank(std::slice::from_ref(&signed))), ScalarOp::Less, Dtype::I64, vec![signed, zero], span);
    let ndim = make::rank(&operands);
    let unsigned = make::map(bools(ndim), op, Dtype::U64, operands, span);
    let when_negative = match op {
        ScalarOp::NotEqual => true,
        ScalarOp::Less | ScalarOp::LessEqual => first_is_signed,
        ScalarOp::Greater | ScalarOp::GreaterEqual => !first_is_signed,
        _ => false,
    };
    if when_negative {
        return Ok(make::map(bools(ndim), ScalarOp::LogicalOr, Dtype::Bool, vec![negative, unsigned], span));
    }
    let inner = bools(make::rank(std::slice::from_ref(&negative)));
    let positive = make::map(inner, ScalarOp::LogicalNot, Dtype::Bool, vec![negative], span);
    Ok(make::map(bools(ndim), ScalarOp::LogicalAnd, Dtype::Bool, vec![positive, unsigned], span))
}

/// The loops of an operation as a ufunc of NumPy, found by its row.
pub(super) fn numpy_rule(op: ScalarOp) -> (String, bool, String) {
    let name = format!("numpy.{}", op.name());
    hypersonic_ops::table::names::find(&name)
        .map_or_else(|| (op.facts().loops.to_owned(), false, name.clone()), |row| (row.numpy_loops(), row.refuses_bool, bind::shown(&name)))
}

/// A Python scalar as NumPy sees it when it stands alone.
pub(super) fn strong(value: Expr) -> Expr {
    match value.ty {
        Type::Scalar(dtype, Flavor::Python) => {
            if let ExprKind::Constant(constant @ (Constant::Bool(_) | Constant::Int(_) | Constant::Float(_) | Constant::Complex(..))) =
                value.kind
            {
                return Expr { ty: Type::Scalar(dtype, Flavor::Numpy), kind: ExprKind::Constant(constant), span: value.span };
            }
            make::cast(value, dtype)
        }
        _ => value,
    }
}
