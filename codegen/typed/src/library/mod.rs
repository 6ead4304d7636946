//! Typing of operators, builtins, `math`, `cmath`, NumPy functions, methods and attributes: typed operands in,
//! one typed expression out. Names and their rules come from the operations table (`hypersonic_ops::table`);
//! this room knows no syntax tree and no scopes.

mod algebra;
mod bind;
mod builtins;
mod creation;
mod elementwise;
mod make;
mod mathematics;
mod members;
mod operands;
mod operators;
mod perform;
mod places;
mod reductions;
mod shapes;
mod sorting;

use crate::ir::{Expr, StmtKind};
use bind::Call;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::table::{Meaning, names, type_object};
use hypersonic_ops::{Flavor, ScalarOp, Type};

/// The arguments of a call, typed. A list display comes as a tuple; `None`, strings and dtypes as [`crate::ir::ExprKind::Unit`].
#[derive(Clone, Debug)]
pub struct Arguments {
    /// By position; for a method the receiver is the first.
    pub positional: Vec<Expr>,
    /// By keyword, in order.
    pub keywords: Vec<(String, Expr)>,
    /// The whole call.
    pub span: Span,
}

/// What typing an expression may ask of the function around it.
pub trait Surroundings {
    /// Evaluates `value` here, once, and gives the variable that holds it.
    fn temporary(&mut self, value: Expr) -> Expr;
    /// Runs a statement before the current one.
    fn emit(&mut self, stmt: StmtKind, span: Span);
}

/// Operators of two operands, `@` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+ - * / // % ** << >> & | ^` and comparisons, by the operation.
    Scalar(ScalarOp),
    /// `@`.
    MatMul,
}

/// Types a call of a library function by its full name: `numpy.sum`, `numpy.linalg.norm`, `math.sin`, `cmath.exp`,
/// `builtins.abs`, `random.random`.
///
/// # Errors
/// A diagnostic if the name is unknown or the arguments do not fit.
pub fn call(surroundings: &mut dyn Surroundings, name: &str, arguments: Arguments) -> Result<Expr, Diagnostic> {
    let Some(operation) = names::find(name) else { return Err(unsupported(name, arguments.span)) };
    let mut call = Call::bind(surroundings, operation, name, arguments)?;
    perform::perform(&mut call)
}

/// Whether a full name is that of a function that [`call`] knows.
#[must_use]
pub fn is_function(name: &str) -> bool {
    names::find(name).is_some_and(|operation| !perform::is_attribute(operation.action)) && !name.starts_with("ndarray.")
}

/// Types `receiver.method(...)`; the receiver is the first positional argument.
///
/// # Errors
/// As [`call`].
pub fn method(surroundings: &mut dyn Surroundings, name: &str, arguments: Arguments) -> Result<Expr, Diagnostic> {
    let full = format!("ndarray.{name}");
    let receiver = arguments.positional.first();
    let known = names::find(&full).filter(|operation| !perform::is_attribute(operation.action));
    match (known, receiver) {
        (Some(_), Some(receiver)) if has_member(name, &receiver.ty) => call(surroundings, &full, arguments),
        (_, Some(receiver)) => Err(members::unknown(name, receiver, arguments.span)),
        (_, None) => Err(unsupported(&full, arguments.span)),
    }
}

/// Whether a value of that type has that method: Python numbers have few.
fn has_member(name: &str, ty: &Type) -> bool {
    match ty {
        Type::Scalar(_, Flavor::Python) => matches!(name, "conjugate" | "real" | "imag" | "is_integer"),
        _ => members::is_array_like(ty),
    }
}

/// Types `receiver.name`.
///
/// # Errors
/// As [`call`].
pub fn attribute(surroundings: &mut dyn Surroundings, name: &str, receiver: Expr, span: Span) -> Result<Expr, Diagnostic> {
    if let Type::DtypeValue(dtype, _) = receiver.ty
        && let Some(found) = members::of_dtype(name, dtype, span)
    {
        return Ok(found);
    }
    let full = format!("ndarray.{name}");
    let known = names::find(&full).filter(|operation| perform::is_attribute(operation.action) || matches!(name, "T" | "mT"));
    if known.is_none() || !has_member(name, &receiver.ty) {
        return Err(members::unknown(name, &receiver, span));
    }
    call(surroundings, &full, Arguments { positional: vec![receiver], keywords: Vec::new(), span })
}

/// A constant of a library module by its full name: `numpy.pi`, `math.inf`, `numpy.float64`, `numpy.newaxis`.
#[must_use]
pub fn constant(name: &str, span: Span) -> Option<Expr> {
    if let Some(constant) = names::find_constant(name) {
        return Some(match constant.meaning {
            Meaning::Float(value) => make::float(value, span),
            Meaning::Complex(re, im) => {
                make::expr(Type::COMPLEX, crate::ir::ExprKind::Constant(crate::ir::Constant::Complex(re, im)), span)
            }
            Meaning::None => make::unit(Type::None, span),
            Meaning::Text(text) => make::unit(Type::Text(text.to_owned()), span),
        });
    }
    let (dtype, flavor) = type_object(names::find(name)?.action)?;
    Some(make::unit(Type::DtypeValue(dtype, flavor), span))
}

/// Types `left op right` by NEP 50 (Python scalars are weak), comparisons included.
///
/// # Errors
/// A diagnostic if the operation is not defined for the types.
pub fn binary(surroundings: &mut dyn Surroundings, op: Operator, left: Expr, right: Expr, span: Span) -> Result<Expr, Diagnostic> {
    operators::binary(surroundings, op, left, right, span)
}

/// Types `-x`, `+x`, `~x`, `not x`, `abs(x)`.
///
/// # Errors
/// As [`binary`].
pub fn unary(op: ScalarOp, operand: Expr, span: Span) -> Result<Expr, Diagnostic> {
    operators::unary(op, operand, span)
}

/// The statement for `array[index] op= value` on an array selection, or the typed value to assign for a scalar
/// target: computed type, casting rule (`same_kind`) checked.
///
/// # Errors
/// As [`binary`], and for a cast that NumPy refuses.
pub fn in_place_dtype(op: ScalarOp, target: &Expr, value: &Expr, span: Span) -> Result<hypersonic_ops::Dtype, Diagnostic> {
    operators::in_place_dtype(op, target, value, span)
}

/// A Python int that meets an array of that dtype (in `array op= value`, `array[i] = value`): checked when compiling
/// if it is constant, else by a statement that raises OverflowError, as NumPy does. Other values come back as they are.
///
/// # Errors
/// If a constant does not fit.
pub fn fitted(surroundings: &mut dyn Surroundings, value: Expr, dtype: hypersonic_ops::Dtype) -> Result<Expr, Diagnostic> {
    operands::fitted(surroundings, value, dtype)
}

/// A scalar that is stored in an array of that dtype, with NumPy's checks; see [`fitted`].
///
/// # Errors
/// If a constant does not fit.
pub fn stored(surroundings: &mut dyn Surroundings, value: Expr, dtype: hypersonic_ops::Dtype) -> Result<Expr, Diagnostic> {
    operands::stored(surroundings, value, dtype)
}

/// Converts a scalar expression to a scalar type (for joins, returns, `float(x)`), or gives it back if it has that type.
#[must_use]
pub fn convert(value: Expr, ty: &hypersonic_ops::Type) -> Expr {
    if value.ty == *ty {
        return value;
    }
    let span = value.span;
    Expr { ty: ty.clone(), kind: crate::ir::ExprKind::Convert(Box::new(value)), span }
}

/// Raises what `min` and `max` of nothing raise, if `empty` holds.
pub(crate) fn refuse_empty(surroundings: &mut dyn Surroundings, empty: Expr, name: &str, span: Span) {
    builtins::refuse_empty(surroundings, empty, name, span);
}

fn unsupported(name: &str, span: Span) -> Diagnostic {
    let title = format!("`{}` has no compiled form", bind::shown(name));
    if let Some(absent) = hypersonic_ops::table::absent_name(name) {
        return Diagnostic::new(Id::UnsupportedCall, title, span, absent.why).with_hint(absent.hint);
    }
    let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, span, "called here");
    match names::nearest(name) {
        Some(known) => diagnostic.with_hint(format!("did you mean `{}`?", bind::shown(known))),
        None => diagnostic.with_hint("docs/supported.md lists what is compiled"),
    }
}
