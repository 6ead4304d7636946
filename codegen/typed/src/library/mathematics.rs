//! `math`, `cmath` and what is compiled of `random`. Arguments become Python floats (or complex), results are Python's.

use crate::ir::{Expr, ExprKind, StmtKind};
use crate::library::bind::Call;
use crate::library::builtins::complex;
use crate::library::make;
use hypersonic_abi::object::{self, FUNCTIONS, result};
use hypersonic_diagnostics::Diagnostic;
use hypersonic_ops::table::{Answer, signature};
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

type Result<T> = std::result::Result<T, Diagnostic>;

/// An argument as a Python float.
fn float(call: &Call<'_>, value: Expr) -> Result<Expr> {
    let value = make::scalar_of(value);
    match value.ty {
        Type::Scalar(dtype, _) if dtype.kind() < Kind::Complex => Ok(super::convert(value, &Type::FLOAT)),
        Type::Array(..) => Err(call.mistyped(&value, "`math` takes numbers, not arrays").with_hint("use the function of NumPy")),
        _ => Err(call.mistyped(&value, "a real number is needed")),
    }
}

fn take_float(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let value = call.take(name)?;
    float(call, value)
}

/// An argument as a Python int.
fn int(call: &Call<'_>, value: Expr) -> Result<Expr> {
    match value.ty {
        Type::Scalar(dtype, _) if dtype.kind() <= Kind::Integer => Ok(super::convert(value, &Type::INT)),
        _ => Err(call.mistyped(&value, "an integer is needed")),
    }
}

fn take_int(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let value = call.take(name)?;
    int(call, value)
}

/// An argument as a Python complex.
fn take_complex(call: &mut Call<'_>, name: &str) -> Result<Expr> {
    let value = make::scalar_of(call.take(name)?);
    match value.ty {
        Type::Scalar(..) => Ok(super::convert(value, &Type::COMPLEX)),
        _ => Err(call.mistyped(&value, "`cmath` takes numbers")),
    }
}

/// A function of one or two floats.
pub(super) fn float_function(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let names: &[&str] = match op {
        Op::Arctan2 => &["y", "x"],
        _ if op.arity() == 2 => &["x", "y"],
        _ => &["x"],
    };
    let operands = names.iter().map(|name| take_float(call, name)).collect::<Result<Vec<_>>>()?;
    Ok(make::float_map(op, operands, call.span))
}

pub(super) fn truth(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let x = take_float(call, "x")?;
    Ok(make::map(Type::BOOL, op, Dtype::F64, vec![x], call.span))
}

/// `floor`, `ceil`, `trunc`: an int.
pub(super) fn rounded(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let x = call.take("x")?;
    if matches!(x.ty, Type::Scalar(dtype, Flavor::Python) if dtype.kind() <= Kind::Integer) {
        return Ok(super::convert(x, &Type::INT));
    }
    // Numbers of NumPy go through a float, and only float64, which is a Python float, knows how to be truncated.
    let knows_trunc = matches!(x.ty, Type::Scalar(Dtype::F64, _) | Type::Scalar(_, Flavor::Python));
    if op == Op::Trunc && !knows_trunc {
        return Err(call.mistyped(&x, "TypeError in Python: it has no `__trunc__`").with_hint("use `int`"));
    }
    let x = float(call, x)?;
    Ok(super::convert(make::float_map(op, vec![x], call.span), &Type::INT))
}

/// `gcd`, `lcm` of any number of ints.
pub(super) fn fold(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let mut result = make::int(i64::from(op == Op::Lcm), call.span);
    for value in call.take_rest() {
        let value = int(call, value)?;
        result = make::int_map(op, vec![result, value], call.span);
    }
    Ok(result)
}

pub(super) fn logarithm(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_float(call, "x")?;
    let base = call.take_some("base");
    let value = make::float_map(Op::Log, vec![x], call.span);
    let Some(base) = base else { return Ok(value) };
    let base = float(call, base)?;
    let base = make::float_map(Op::Log, vec![base], call.span);
    Ok(make::float_map(Op::Divide, vec![value, base], call.span))
}

/// Where `x ** y` would raise ZeroDivisionError or give a complex number, `math.pow` raises ValueError.
pub(super) fn power(call: &mut Call<'_>) -> Result<Expr> {
    let (x, y) = (take_float(call, "x")?, take_float(call, "y")?);
    let (x, y) = (make::shared(call.surroundings, x), make::shared(call.surroundings, y));
    let span = call.span;
    let zero = || make::float(0.0, span);
    let whole = make::float_map(Op::Floor, vec![y.clone()], span);
    let fractional = make::test(Op::NotEqual, y.clone(), whole, span);
    let negative = make::both(make::test(Op::Less, x.clone(), zero(), span), finite(&x, span), span);
    let rooted = make::both(negative, make::both(finite(&y, span), fractional, span), span);
    let inverse = make::both(finite(&y, span), make::test(Op::Less, y.clone(), zero(), span), span);
    let pole = make::both(make::test(Op::Equal, x.clone(), zero(), span), inverse, span);
    make::raise_if(call.surroundings, make::either(rooted, pole, span), "ValueError", make::words("math domain error"), span);
    // NumPy's power does not raise; what is left to find is an infinite power of finite numbers.
    let power = make::map(make::shaped(Dtype::F64, 0), Op::Power, Dtype::F64, vec![x.clone(), y.clone()], span);
    let power = make::shared(call.surroundings, super::convert(power, &Type::FLOAT));
    let infinite = make::map(Type::BOOL, Op::Isinf, Dtype::F64, vec![power.clone()], span);
    let overflow = make::both(infinite, make::both(finite(&x, span), finite(&y, span), span), span);
    make::raise_if(call.surroundings, overflow, "OverflowError", make::words("math range error"), span);
    Ok(power)
}

/// Whether a number is finite: a Python bool.
fn finite(value: &Expr, span: hypersonic_diagnostics::Span) -> Expr {
    make::map(Type::BOOL, Op::Isfinite, value.ty.dtype().unwrap_or(Dtype::F64), vec![value.clone()], span)
}

/// The length of a vector.
fn length(coordinates: Vec<Expr>, span: hypersonic_diagnostics::Span) -> Expr {
    let mut coordinates = coordinates.into_iter();
    let Some(first) = coordinates.next() else { return make::float(0.0, span) };
    let Some(second) = coordinates.next() else { return make::float_map(Op::Absolute, vec![first], span) };
    let start = make::float_map(Op::Hypot, vec![first, second], span);
    coordinates.fold(start, |length, coordinate| make::float_map(Op::Hypot, vec![length, coordinate], span))
}

pub(super) fn hypotenuse(call: &mut Call<'_>) -> Result<Expr> {
    let coordinates = call.take_rest().into_iter().map(|value| float(call, value)).collect::<Result<Vec<_>>>()?;
    Ok(length(coordinates, call.span))
}

pub(super) fn distance(call: &mut Call<'_>) -> Result<Expr> {
    let (p, q) = (call.take("p")?, call.take("q")?);
    if !matches!((&p.ty, &q.ty), (Type::Tuple(left), Type::Tuple(right)) if left.len() == right.len()) {
        return Err(call.refuse("q", &q, "two tuples of one length are needed"));
    }
    let pairs: Vec<_> = call.items(p).into_iter().zip(call.items(q)).collect();
    let mut coordinates = Vec::new();
    for (p, q) in pairs {
        let (p, q) = (float(call, p)?, float(call, q)?);
        coordinates.push(make::float_map(Op::Subtract, vec![p, q], call.span));
    }
    Ok(length(coordinates, call.span))
}

/// The float root, corrected by one where it is off; divisions instead of squares, which could leave int64.
pub(super) fn integer_root(call: &mut Call<'_>) -> Result<Expr> {
    let n = take_int(call, "n")?;
    let n = make::shared(call.surroundings, n);
    let span = call.span;
    let below = make::test(Op::Less, n.clone(), make::int(0, span), span);
    make::raise_if(call.surroundings, below, "ValueError", make::words("isqrt() argument must be nonnegative"), span);
    let root = make::float_map(Op::Sqrt, vec![super::convert(n.clone(), &Type::FLOAT)], span);
    let root = super::convert(root, &Type::INT);
    let Some((variable, root)) = make::variable(call.surroundings, root) else { return Err(call.mistyped(&n, "no variable")) };
    let one = || make::int(1, span);
    let shifted = |op| make::int_map(op, vec![root.clone(), one()], span);
    let quotient = |divisor| make::int_map(Op::FloorDivide, vec![n.clone(), divisor], span);
    let assign = |value| vec![crate::ir::Stmt { span, kind: StmtKind::Assign(variable, value) }];
    let positive = make::test(Op::Greater, root.clone(), make::int(0, span), span);
    let high = make::both(positive, make::test(Op::Greater, root.clone(), quotient(root.clone()), span), span);
    call.surroundings.emit(StmtKind::If { test: high, then: assign(shifted(Op::Subtract)), otherwise: Vec::new() }, span);
    let low = make::test(Op::LessEqual, shifted(Op::Add), quotient(shifted(Op::Add)), span);
    call.surroundings.emit(StmtKind::If { test: low, then: assign(shifted(Op::Add)), otherwise: Vec::new() }, span);
    Ok(root)
}

pub(super) fn factorial(call: &mut Call<'_>) -> Result<Expr> {
    let n = take_int(call, "n")?;
    Ok(make::int_map(Op::Factorial, vec![n], call.span))
}

/// `comb` and `perm` by products from below, each exact.
pub(super) fn choices(call: &mut Call<'_>, ordered: bool) -> Result<Expr> {
    let n = take_int(call, "n")?;
    let Some(k) = call.take_some("k") else { return Ok(make::int_map(Op::Factorial, vec![n], call.span)) };
    let k = int(call, k)?;
    let (n, k) = (make::shared(call.surroundings, n), make::shared(call.surroundings, k));
    let span = call.span;
    for (value, name) in [(&n, "n"), (&k, "k")] {
        let below = make::test(Op::Less, value.clone(), make::int(0, span), span);
        let message = format!("{name} must be a non-negative integer");
        make::raise_if(call.surroundings, below, "ValueError", make::words(&message), span);
    }
    let subtract = |left: &Expr, right: &Expr| make::int_map(Op::Subtract, vec![left.clone(), right.clone()], span);
    let rest = subtract(&n, &k);
    let choose = |test, then: &Expr, otherwise: &Expr| {
        let kind = ExprKind::Conditional { test: Box::new(test), then: Box::new(then.clone()), otherwise: Box::new(otherwise.clone()) };
        make::expr(Type::INT, kind, span)
    };
    // Fewer factors by symmetry; none where k > n, which gives 0.
    let count = if ordered { k.clone() } else { choose(make::test(Op::Less, rest.clone(), k.clone(), span), &rest, &k) };
    let too_many = make::test(Op::Greater, k.clone(), n.clone(), span);
    let first = choose(too_many, &make::int(0, span), &make::int(1, span));
    let (Some((variable, product)), Some((counter, position))) =
        (make::variable(call.surroundings, first), make::variable(call.surroundings, make::int(0, span)))
    else {
        return Err(call.mistyped(&n, "no variable"));
    };
    let factor = subtract(&n, &position);
    let mut next = make::int_map(Op::Multiply, vec![product.clone(), factor], span);
    if !ordered {
        let divisor = make::int_map(Op::Add, vec![position, make::int(1, span)], span);
        next = make::int_map(Op::FloorDivide, vec![next, divisor], span);
    }
    let body = vec![crate::ir::Stmt { span, kind: StmtKind::Assign(variable, next) }];
    let (start, step) = (make::int(0, span), make::int(1, span));
    let stop = choose(make::test(Op::Greater, k, n, span), &start, &count);
    call.surroundings.emit(StmtKind::ForRange { variable: counter, start, stop, step, body, orelse: Vec::new() }, span);
    Ok(product)
}

pub(super) fn ldexp(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_float(call, "x")?;
    let exponent = take_int(call, "i")?;
    Ok(make::float_map(Op::Ldexp, vec![x, exponent], call.span))
}

pub(super) fn frexp(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_float(call, "x")?;
    let x = make::shared(call.surroundings, x);
    let mantissa = make::float_map(Op::FrexpMantissa, vec![x.clone()], call.span);
    let exponent = make::map(make::shaped(Dtype::I32, 0), Op::FrexpExponent, Dtype::F64, vec![x], call.span);
    Ok(make::tuple(vec![mantissa, super::convert(exponent, &Type::INT)], call.span))
}

pub(super) fn modf(call: &mut Call<'_>) -> Result<Expr> {
    let x = take_float(call, "x")?;
    let x = make::shared(call.surroundings, x);
    let parts = [Op::ModfFraction, Op::ModfInteger].map(|op| make::float_map(op, vec![x.clone()], call.span));
    Ok(make::tuple(parts.to_vec(), call.span))
}

/// `a == b`, or |a - b| within the greater of the tolerances; infinities are close to themselves only.
pub(super) fn is_close(call: &mut Call<'_>) -> Result<Expr> {
    let (a, b) = (take_float(call, "a")?, take_float(call, "b")?);
    let (a, b) = (make::shared(call.surroundings, a), make::shared(call.surroundings, b));
    let span = call.span;
    let relative = call.take_some("rel_tol").unwrap_or_else(|| make::float(1e-9, span));
    let absolute = call.take_some("abs_tol").unwrap_or_else(|| make::float(0.0, span));
    let (relative, absolute) = (float(call, relative)?, float(call, absolute)?);
    let (relative, absolute) = (make::shared(call.surroundings, relative), make::shared(call.surroundings, absolute));
    let negative = |value: &Expr| make::test(Op::Less, value.clone(), make::float(0.0, span), span);
    let wrong = make::either(negative(&relative), negative(&absolute), span);
    make::raise_if(call.surroundings, wrong, "ValueError", make::words("tolerances must be non-negative"), span);
    let modulus = |value: Expr| make::float_map(Op::Absolute, vec![value], span);
    let far = modulus(make::float_map(Op::Subtract, vec![a.clone(), b.clone()], span));
    let far = make::shared(call.surroundings, far);
    let within = |value: Expr| make::test(Op::LessEqual, far.clone(), value, span);
    let scaled = |value: &Expr| modulus(make::float_map(Op::Multiply, vec![relative.clone(), value.clone()], span));
    let near = make::either(within(scaled(&b)), make::either(within(scaled(&a)), within(absolute), span), span);
    let near = make::both(make::both(finite(&a, span), finite(&b, span), span), near, span);
    Ok(make::either(make::test(Op::Equal, a, b, span), near, span))
}

/// A function of one complex number. Of a finite number that it cannot map to one it raises: where it has a pole
/// ValueError, else OverflowError.
pub(super) fn complex_function(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let z = take_complex(call, "z")?;
    let span = call.span;
    let map = |z: Expr| make::map(make::shaped(Dtype::C128, 0), op, Dtype::C128, vec![z], span);
    let (exception, message) = match op {
        Op::Log | Op::Log10 | Op::Arctan | Op::Arctanh => ("ValueError", "math domain error"),
        Op::Exp | Op::Sin | Op::Cos | Op::Sinh | Op::Cosh | Op::Tan | Op::Tanh => ("OverflowError", "math range error"),
        _ => return Ok(super::convert(map(z), &Type::COMPLEX)),
    };
    let z = make::shared(call.surroundings, z);
    let value = make::shared(call.surroundings, super::convert(map(z.clone()), &Type::COMPLEX));
    let not_finite = make::map(Type::BOOL, Op::LogicalNot, Dtype::Bool, vec![finite(&value, span)], span);
    make::raise_if(call.surroundings, make::both(finite(&z, span), not_finite, span), exception, make::words(message), span);
    Ok(value)
}

pub(super) fn complex_logarithm(call: &mut Call<'_>) -> Result<Expr> {
    let base = call.take_some("base");
    let value = complex_function(call, Op::Log)?;
    let Some(base) = base else { return Ok(value) };
    let base = super::convert(make::scalar_of(base), &Type::COMPLEX);
    let base = make::map(make::shaped(Dtype::C128, 0), Op::Log, Dtype::C128, vec![base], call.span);
    let base = super::convert(base, &Type::COMPLEX);
    Ok(make::map(Type::COMPLEX, Op::Divide, Dtype::C128, vec![value, base], call.span))
}

pub(super) fn complex_truth(call: &mut Call<'_>, op: Op) -> Result<Expr> {
    let z = take_complex(call, "z")?;
    Ok(make::map(Type::BOOL, op, Dtype::C128, vec![z], call.span))
}

fn phase_of(z: Expr, span: hypersonic_diagnostics::Span) -> Expr {
    make::map(Type::FLOAT, Op::Angle, Dtype::C128, vec![z], span)
}

pub(super) fn phase(call: &mut Call<'_>) -> Result<Expr> {
    Ok(phase_of(take_complex(call, "z")?, call.span))
}

pub(super) fn polar(call: &mut Call<'_>) -> Result<Expr> {
    let z = take_complex(call, "z")?;
    let z = make::shared(call.surroundings, z);
    let modulus = make::map(Type::FLOAT, Op::Absolute, Dtype::C128, vec![z.clone()], call.span);
    Ok(make::tuple(vec![modulus, phase_of(z, call.span)], call.span))
}

/// `complex(r * cos(phi), r * sin(phi))`; without an angle exactly r.
pub(super) fn rectangular(call: &mut Call<'_>) -> Result<Expr> {
    let (r, phi) = (take_float(call, "r")?, take_float(call, "phi")?);
    let (r, phi) = (make::shared(call.surroundings, r), make::shared(call.surroundings, phi));
    let span = call.span;
    let part = |op| make::float_map(Op::Multiply, vec![r.clone(), make::float_map(op, vec![phi.clone()], span)], span);
    let turned = complex(part(Op::Cos), part(Op::Sin), span);
    let imaginary = make::float_map(Op::Multiply, vec![r.clone(), phi.clone()], span);
    let straight = make::test(Op::Equal, phi, make::float(0.0, span), span);
    let test = Box::new(make::both(straight, finite(&r, span), span));
    let kind = ExprKind::Conditional { test, then: Box::new(complex(r, imaginary, span)), otherwise: Box::new(turned) };
    Ok(make::expr(Type::COMPLEX, kind, span))
}

pub(super) fn random(call: &Call<'_>) -> Expr {
    make::expr(Type::FLOAT, ExprKind::PythonRandom, call.span)
}

/// `a + (b - a) * random()`.
pub(super) fn uniform(call: &mut Call<'_>) -> Result<Expr> {
    let (a, b) = (take_float(call, "a")?, take_float(call, "b")?);
    let a = make::shared(call.surroundings, a);
    let span = call.span;
    let width = make::float_map(Op::Subtract, vec![b, a.clone()], span);
    let drawn = make::float_map(Op::Multiply, vec![width, random(call)], span);
    Ok(make::float_map(Op::Add, vec![a, drawn], span))
}

/// A function that the running Python is asked for: its number, what it gives, and its arguments, which are numbers.
pub(super) fn ask(call: &mut Call<'_>, answer: Answer) -> Result<Expr> {
    let name = call.operation.names.first().copied().unwrap_or_default();
    let span = call.span;
    let Some(place) = FUNCTIONS.iter().position(|known| *known == name) else {
        return Err(Diagnostic::new(hypersonic_diagnostics::Id::Internal, format!("`{name}` cannot be asked for"), span, "called here"));
    };
    let (kind, ty) = match answer {
        Answer::Float => (result::FLOAT, Type::FLOAT),
        Answer::Int => (result::INT, Type::INT),
        Answer::None => (result::NONE, Type::INT),
    };
    let number = |value| make::int(value, span);
    let mut operands = vec![number(i64::try_from(place).unwrap_or_default()), number(kind.cast_signed())];
    for parameter in signature::parameters(call.operation.signature) {
        let Some(value) = call.take_some(parameter.name) else {
            let default = parameter.default.and_then(|text| text.parse().ok()).map(|value| make::float(value, span));
            operands.extend(default);
            continue;
        };
        if !matches!(value.ty, Type::Scalar(_, Flavor::Python)) {
            return Err(call.mistyped(&value, "a number of Python is needed"));
        }
        operands.push(value);
    }
    let asked = crate::objects::operation(object::Op::Ask, operands, ty, span);
    if answer == Answer::None {
        call.surroundings.emit(StmtKind::Expr(asked), span);
        return Ok(make::unit(Type::None, span));
    }
    Ok(asked)
}
