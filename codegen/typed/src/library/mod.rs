//! Typing of operators, builtins, `math`, `cmath`, NumPy functions, methods and attributes: typed operands in,
//! one typed expression out. Names and their rules come from the operations table (`hypersonic_ops::table`);
//! this room knows no syntax tree and no scopes.

use crate::ir::{Expr, StmtKind};
use hypersonic_diagnostics::{Diagnostic, Span};
use hypersonic_ops::ScalarOp;

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
    let _ = surroundings;
    Err(unsupported(name, arguments.span))
}

/// Types `receiver.method(...)`; the receiver is the first positional argument.
///
/// # Errors
/// As [`call`].
pub fn method(surroundings: &mut dyn Surroundings, name: &str, arguments: Arguments) -> Result<Expr, Diagnostic> {
    let _ = surroundings;
    Err(unsupported(name, arguments.span))
}

/// Types `receiver.name`.
///
/// # Errors
/// As [`call`].
pub fn attribute(surroundings: &mut dyn Surroundings, name: &str, receiver: Expr, span: Span) -> Result<Expr, Diagnostic> {
    let _ = (surroundings, receiver);
    Err(unsupported(name, span))
}

/// A constant of a library module by its full name: `numpy.pi`, `math.inf`, `numpy.float64`, `numpy.newaxis`.
#[must_use]
pub fn constant(name: &str, span: Span) -> Option<Expr> {
    let _ = (name, span);
    None
}

/// Types `left op right` by NEP 50 (Python scalars are weak), comparisons included.
///
/// # Errors
/// A diagnostic if the operation is not defined for the types.
pub fn binary(surroundings: &mut dyn Surroundings, op: Operator, left: Expr, right: Expr, span: Span) -> Result<Expr, Diagnostic> {
    let _ = (surroundings, op, left, right);
    Err(unsupported("operator", span))
}

/// Types `-x`, `+x`, `~x`, `not x`, `abs(x)`.
///
/// # Errors
/// As [`binary`].
pub fn unary(op: ScalarOp, operand: Expr, span: Span) -> Result<Expr, Diagnostic> {
    let _ = (op, operand);
    Err(unsupported("operator", span))
}

/// The statement for `array[index] op= value` on an array selection, or the typed value to assign for a scalar
/// target: computed type, casting rule (`same_kind`) checked.
///
/// # Errors
/// As [`binary`], and for a cast that NumPy refuses.
pub fn in_place_dtype(op: ScalarOp, target: &Expr, value: &Expr, span: Span) -> Result<hypersonic_ops::Dtype, Diagnostic> {
    let _ = (op, target, value);
    Err(unsupported("operator", span))
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

fn unsupported(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(hypersonic_diagnostics::Id::UnsupportedCall, format!("`{name}` has no compiled form"), span, "here")
}
