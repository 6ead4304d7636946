//! Python's builtins on numbers, tuples and one-dimensional arrays.

use crate::ir::{Expr, ExprKind, Index, MessagePart, Stmt, StmtKind};
use crate::library::bind::Call;
use crate::library::elementwise::{all_true, round_to};
use crate::library::{Operator, Surroundings, make, operators};
use hypersonic_abi::object::replay;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// `left op right` by the rules of operators.
fn operate(call: &mut Call<'_>, op: Op, left: Expr, right: Expr) -> Result<Expr> {
    operators::binary(call.surroundings, Operator::Scalar(op), left, right, call.span)
}

/// The scalar type that holds values of both: NumPy's if one is NumPy's.
pub(super) fn joined(left: &Type, right: &Type) -> Option<Type> {
    if left == right {
        return Some(left.clone());
    }
    match (left, right) {
        (Type::Scalar(a, Flavor::Python), Type::Scalar(b, Flavor::Python)) => Some(Type::Scalar(a.promote(*b), Flavor::Python)),
        (Type::Scalar(a, _), Type::Scalar(b, _)) => Some(Type::Scalar(a.promote(*b), Flavor::Numpy)),
        _ => None,
    }
}

/// The dtype of a NumPy scalar, if the other is a Python number that it holds exactly: a limit as in `max(a[i], 0.0)`.
fn holding(left: &Expr, right: &Expr) -> Option<Type> {
    let (weak, strong) = match (&left.ty, &right.ty) {
        (Type::Scalar(_, Flavor::Python), Type::Scalar(_, Flavor::Numpy)) => (left, right),
        (Type::Scalar(_, Flavor::Numpy), Type::Scalar(_, Flavor::Python)) => (right, left),
        _ => return None,
    };
    let dtype = strong.ty.dtype()?;
    let exact = match dtype.kind() {
        Kind::Integer => {
            let (low, high) = super::operands::bounds(dtype);
            weak.ty == Type::INT && make::constant_int(weak).is_some_and(|value| value >= low && value <= high)
        }
        Kind::Float => make::constant_float(weak).is_some_and(|value| dtype == Dtype::F64 || is_single(value)),
        _ => false,
    };
    exact.then(|| strong.ty.clone())
}

/// Whether a float32 holds the number.
fn is_single(value: f64) -> bool {
    #[allow(clippy::cast_possible_truncation, reason = "asks whether anything is lost")]
    let narrow = f64::from(value as f32);
    narrow.to_bits() == value.to_bits()
}

/// `min` and `max`: `test` is `<` or `>`; the first of equals wins, as in Python.
pub(super) fn extremum(call: &mut Call<'_>, test: Op) -> Result<Expr> {
    let mut given = call.take_rest();
    if given.len() == 1 {
        let only = given.remove(0);
        match only.ty {
            Type::Tuple(_) => given = call.items(only),
            Type::Array(_, 1) => return extremum_of_array(call, test, only),
            _ => {
                return Err(call
                    .mistyped(&only, "a tuple or one-dimensional array, or several numbers, are needed")
                    .with_hint("use `np.min`, `np.max` for arrays"));
            }
        }
    }
    let mut values = given.into_iter();
    let Some(first) = values.next() else {
        return Err(Diagnostic::new(Id::TypeError, format!("`{}` has nothing to choose from", call.shown), call.span, "called here"));
    };
    let mut best = scalar(call, first)?;
    for value in values {
        let value = scalar(call, value)?;
        let Some(ty) = holding(&best, &value).or_else(|| joined(&best.ty, &value.ty)) else {
            return Err(call.mistyped(&value, "the numbers have no common type"));
        };
        if let Some(python) = python_twin(&ty) {
            // One operation of Python's own, which needs no temporaries.
            let op = if test == Op::Less { Op::Minimum } else { Op::Maximum };
            let pair = vec![super::convert(best, &python), super::convert(value, &python)];
            let dtype = python.dtype().unwrap_or(Dtype::F64);
            best = super::convert(make::map(python, op, dtype, pair, call.span), &ty);
            continue;
        }
        let value = make::shared(call.surroundings, value);
        best = make::shared(call.surroundings, best);
        let better = operate(call, test, value.clone(), best.clone())?;
        let (then, otherwise) = (super::convert(value, &ty), super::convert(best, &ty));
        let kind = ExprKind::Conditional { test: Box::new(make::truth(better)), then: Box::new(then), otherwise: Box::new(otherwise) };
        best = make::expr(ty, kind, call.span);
    }
    Ok(best)
}

/// The Python type of the same numbers, if Python has one.
fn python_twin(ty: &Type) -> Option<Type> {
    match ty {
        Type::Scalar(dtype @ (Dtype::I64 | Dtype::F64), _) => Some(Type::Scalar(*dtype, Flavor::Python)),
        _ => None,
    }
}

fn scalar(call: &Call<'_>, value: Expr) -> Result<Expr> {
    let value = make::scalar_of(value);
    match value.ty {
        Type::Scalar(dtype, _) if dtype.kind() < Kind::Complex => Ok(value),
        Type::Array(..) => Err(call.mistyped(&value, "the truth of an array is ambiguous").with_hint("use `np.minimum`, `np.maximum`")),
        _ => Err(call.mistyped(&value, "real numbers are needed")),
    }
}

/// Visits the elements of a one-dimensional array from `start` on; `step` gives the statements for one element.
fn each_element(
    call: &mut Call<'_>,
    array: &Expr,
    start: i64,
    step: &mut dyn FnMut(&mut Call<'_>, Expr) -> Result<Vec<StmtKind>>,
) -> Result<()> {
    let span = call.span;
    let Some((counter, position)) = make::variable(call.surroundings, make::int(0, span)) else {
        return Err(Diagnostic::new(Id::Internal, "a temporary is no variable", span, "here"));
    };
    let body = step(call, make::element(array, position, span))?;
    let body = body.into_iter().map(|kind| Stmt { span, kind }).collect();
    let (start, one) = (make::int(start, span), make::int(1, span));
    let stop = make::extent(array, 0);
    call.surroundings.emit(StmtKind::ForRange { variable: counter, start, stop, step: one, body, orelse: Vec::new() }, span);
    Ok(())
}

/// Python compares the elements one after the other, which differs from NumPy's reduction where there is NaN.
fn extremum_of_array(call: &mut Call<'_>, test: Op, array: Expr) -> Result<Expr> {
    let span = call.span;
    let array = make::shared(call.surroundings, array);
    let name = call.shown.clone();
    let empty = make::test(Op::Equal, make::extent(&array, 0), make::int(0, span), span);
    refuse_empty(call.surroundings, empty, &name, span);
    let first = make::element(&array, make::int(0, span), span);
    let Some((best, current)) = make::variable(call.surroundings, first) else { return Err(call.mistyped(&array, "no variable")) };
    each_element(call, &array, 1, &mut |call, element| {
        let better = operate(call, test, element.clone(), current.clone())?;
        let then = vec![Stmt { span, kind: StmtKind::Assign(best, element) }];
        Ok(vec![StmtKind::If { test: make::truth(better), then, otherwise: Vec::new() }])
    })?;
    Ok(current)
}

/// `min` and `max` of nothing. Python's text depends on its version.
pub(super) fn refuse_empty(surroundings: &mut dyn Surroundings, empty: Expr, name: &str, span: Span) {
    let what = if name == "min" { replay::MIN } else { replay::MAX };
    make::raise_if(surroundings, empty, "ValueError", vec![MessagePart::Python(what)], span);
}

/// `sum` and `math.prod`, from left to right.
pub(super) fn fold(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let items = call.take("iterable")?;
    let neutral = i64::from(op == Op::Multiply);
    let start = call.take_some("start").unwrap_or_else(|| make::int(neutral, call.span));
    match items.ty {
        Type::Tuple(_) => {
            let mut total = start;
            for item in call.items(items) {
                let trivial = op == Op::Add && make::constant_int(&total) == Some(0) && total.ty == Type::INT && item.ty != Type::BOOL;
                total = if trivial { item } else { operate(call, op, total, item)? };
            }
            Ok(total)
        }
        Type::Array(_, 1) => fold_array(call, op, items, start),
        _ => Err(call.mistyped(&items, "a tuple or a one-dimensional array is needed").with_hint("use `np.sum`, `np.prod` for arrays")),
    }
}

fn fold_array(call: &mut Call<'_>, op: Op, array: Expr, start: Expr) -> Result<Expr> {
    let span = call.span;
    let array = make::shared(call.surroundings, array);
    let probe = operate(call, op, start.clone(), make::element(&array, make::int(0, span), span))?;
    let start = super::convert(start, &probe.ty);
    let Some((total, current)) = make::variable(call.surroundings, start) else { return Err(call.mistyped(&array, "no variable")) };
    each_element(call, &array, 0, &mut |call, element| {
        let sum = operate(call, op, current.clone(), element)?;
        Ok(vec![StmtKind::Assign(total, sum)])
    })?;
    Ok(current)
}

/// `any` and `all` of a tuple or one-dimensional array.
pub(super) fn quantifier(call: &mut Call<'_>, all: bool) -> Result<Expr> {
    let items = call.take("iterable")?;
    let span = call.span;
    match items.ty {
        Type::Tuple(_) => {
            let tests: Vec<_> = call.items(items).into_iter().map(make::truth).collect();
            let join = if all { make::both } else { make::either };
            Ok(tests.into_iter().reduce(|left, right| join(left, right, span)).unwrap_or_else(|| make::boolean(all, span)))
        }
        Type::Array(_, 1) if all => Ok(all_true(items)),
        Type::Array(_, 1) => {
            let kind = ExprKind::Reduce { op: crate::ir::Reduction::Any, array: Box::new(items), axes: vec![0], keepdims: false };
            Ok(make::truth(make::expr(Type::Scalar(Dtype::Bool, Flavor::Numpy), kind, span)))
        }
        _ => Err(call.mistyped(&items, "a tuple or a one-dimensional array is needed").with_hint("use `np.any`, `np.all` for arrays")),
    }
}

/// `round(x)` is an int; `round(x, n)` keeps the type.
pub(super) fn round(call: &mut Call<'_>) -> Result<Expr> {
    let value = make::scalar_of(call.take("number")?);
    let digits = call.take_some("ndigits");
    let Type::Scalar(dtype, flavor) = value.ty else { return Err(call.mistyped(&value, "a number is needed").with_hint("use `np.round`")) };
    match (digits, dtype.kind(), flavor) {
        (_, Kind::Complex, _) => Err(call.mistyped(&value, "TypeError in Python")),
        (None, Kind::Float, _) => {
            let rounded = make::map(value.ty.clone(), Op::Rint, dtype, vec![value], call.span);
            Ok(super::convert(rounded, &Type::INT))
        }
        (None, Kind::Bool, Flavor::Numpy) => Err(call.mistyped(&value, "TypeError in NumPy")),
        (None, ..) => Ok(super::convert(value, &Type::INT)),
        (Some(digits), Kind::Float, Flavor::Python) => {
            let digits = super::convert(digits, &Type::INT);
            Ok(make::float_map(Op::RoundDigits, vec![value, digits], call.span))
        }
        (Some(digits), Kind::Integer | Kind::Bool, Flavor::Python) => match make::constant_int(&digits) {
            Some(places) if places >= 0 => Ok(super::convert(value, &Type::INT)),
            _ => round_int(call, super::convert(value, &Type::INT), digits),
        },
        (Some(digits), ..) => round_to(call, value, &digits),
    }
}

/// `round(x, n)` of ints: to a multiple of `10 ** -n`, the even one of two that are as near.
fn round_int(call: &mut Call<'_>, x: Expr, digits: Expr) -> Result<Expr> {
    /// Half of 10^19: nothing farther from 0 than this fits 64 bits when rounded up.
    const HALF: i64 = 5_000_000_000_000_000_000;
    let span = call.span;
    let (x, digits) = (make::shared(call.surroundings, x), make::shared(call.surroundings, super::convert(digits, &Type::INT)));
    let int = |value| make::int(value, span);
    let (Some((result, rounded)), Some((unit_id, unit)), Some((rest_id, rest))) = (
        make::variable(call.surroundings, x.clone()),
        make::variable(call.surroundings, int(1)),
        make::variable(call.surroundings, int(0)),
    ) else {
        return Err(call.mistyped(&x, "no variable"));
    };
    let arithmetic = |op, left: &Expr, right: &Expr| make::int_map(op, vec![left.clone(), right.clone()], span);
    let test = |op, left: &Expr, right: &Expr| make::test(op, left.clone(), right.clone(), span);
    let assign = |variable, value| Stmt { span, kind: StmtKind::Assign(variable, value) };
    let choose = |test, then, otherwise| Stmt { span, kind: StmtKind::If { test, then, otherwise } };
    let down = arithmetic(Op::Subtract, &x, &rest);
    let missing = arithmetic(Op::Subtract, &unit, &rest);
    let odd = test(Op::Equal, &arithmetic(Op::Remainder, &arithmetic(Op::FloorDivide, &x, &unit), &int(2)), &int(1));
    let tie = make::both(test(Op::Equal, &rest, &missing), odd, span);
    let up = make::either(test(Op::Greater, &rest, &missing), tie, span);
    let nearest = vec![
        assign(unit_id, arithmetic(Op::Power, &int(10), &make::int_map(Op::Negative, vec![digits.clone()], span))),
        assign(rest_id, arithmetic(Op::Remainder, &x, &unit)),
        choose(up, vec![assign(result, arithmetic(Op::Add, &x, &missing))], vec![assign(result, down)]),
    ];
    let small = make::both(test(Op::LessEqual, &x, &int(HALF)), test(Op::GreaterEqual, &x, &int(-HALF)), span);
    let vanishes = make::both(test(Op::Equal, &digits, &int(-19)), small, span);
    let vanishes = make::either(vanishes, test(Op::Less, &digits, &int(-19)), span);
    let coarse = choose(vanishes, vec![assign(result, int(0))], nearest);
    let test = test(Op::Less, &digits, &int(0));
    call.surroundings.emit(StmtKind::If { test, then: vec![coarse], otherwise: Vec::new() }, span);
    Ok(rounded)
}

/// `len`.
pub(super) fn length(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("obj")?;
    match &value.ty {
        Type::Array(_, 1..) => Ok(make::extent(&value, 0)),
        Type::Tuple(items) => Ok(make::int(i64::try_from(items.len()).unwrap_or(0), call.span)),
        Type::Text(text) => Ok(make::int(i64::try_from(text.chars().count()).unwrap_or(0), call.span)),
        _ => Err(call.mistyped(&value, "it has no length")),
    }
}

/// `int(x)`, `float(x)`, `bool(x)`.
pub(super) fn python_number(call: &mut Call<'_>, ty: &Type) -> Result<Expr> {
    let Some(value) = call.take_given("x") else {
        return Ok(super::convert(make::int(0, call.span), ty));
    };
    let value = if matches!(value.ty, Type::Array(..)) && *ty != Type::BOOL { single_element(call, value) } else { value };
    match &value.ty {
        Type::Scalar(..) | Type::Array(..) if *ty == Type::BOOL => Ok(make::truth(value)),
        Type::Scalar(dtype, _) if dtype.kind() < Kind::Complex => Ok(super::convert(value, ty)),
        Type::Text(text) if *ty == Type::FLOAT => match text.trim().parse::<f64>() {
            Ok(number) if !text.contains('_') => Ok(make::float(number, call.span)),
            _ => Err(call.refuse("x", &value, "a constant string with a number is needed")),
        },
        _ => Err(call.mistyped(&value, "a real number is needed")),
    }
}

/// The one element of an array of size 1; TypeError at run time of others.
fn single_element(call: &mut Call<'_>, array: Expr) -> Expr {
    let array = make::shared(call.surroundings, array);
    let Type::Array(dtype, ndim) = array.ty else { return array };
    let span = call.span;
    if ndim > 0 {
        let several = make::test(Op::NotEqual, make::size(&array), make::int(1, span), span);
        make::raise_if(
            call.surroundings,
            several,
            "TypeError",
            make::words("only length-1 arrays can be converted to Python scalars"),
            span,
        );
    }
    let zeros = (0..ndim).map(|_| Index::Integer(make::int(0, span))).collect();
    make::index(array, zeros, Type::Scalar(dtype, Flavor::Numpy), span)
}

/// `complex(x)`, `complex(re, im)`.
pub(super) fn python_complex(call: &mut Call<'_>) -> Result<Expr> {
    let real = call.take_given("real").unwrap_or_else(|| make::int(0, call.span));
    let imaginary = call.take_given("imag");
    let (real, imaginary) = (make::scalar_of(real), imaginary.map(make::scalar_of));
    for value in std::iter::once(&real).chain(imaginary.as_ref()) {
        let allowed = matches!(value.ty, Type::Scalar(dtype, _) if dtype.kind() < Kind::Complex || imaginary.is_none());
        if !allowed {
            return Err(call.refuse("real", value, "one number, or two real ones, are compiled"));
        }
    }
    match imaginary {
        None => Ok(super::convert(real, &Type::COMPLEX)),
        Some(imaginary) => Ok(complex(super::convert(real, &Type::FLOAT), super::convert(imaginary, &Type::FLOAT), call.span)),
    }
}

/// A Python complex of two Python floats.
pub(super) fn complex(real: Expr, imaginary: Expr, span: hypersonic_diagnostics::Span) -> Expr {
    make::map(Type::COMPLEX, Op::MakeComplex, Dtype::F64, vec![real, imaginary], span)
}

pub(super) fn absolute(call: &mut Call<'_>) -> Result<Expr> {
    let value = call.take("x")?;
    operators::unary(Op::Absolute, value, call.span)
}

pub(super) fn power(call: &mut Call<'_>) -> Result<Expr> {
    let (base, exponent) = (call.take("base")?, call.take("exp")?);
    operate(call, Op::Power, base, exponent)
}
