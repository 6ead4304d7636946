//! Where the type of a Python scalar decides. An `np.int64` given for an `int` is computed with as an int, which is right as long as
//! NumPy's promotion, where Python's scalars are weak and its own are not, gives the same dtype, and as long as no one sees
//! whether a truth value is Python's or NumPy's. Which expressions may be NumPy's in the Python function is
//! found without regard to order: whatever comes of a parameter by operators.

use crate::ir::{Block, Expr, ExprKind, Function, StmtKind, Unit, VariableId, is_python_scalar};
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_ops::{Dtype, Kind, ScalarOp, Type};
use std::collections::BTreeSet;

/// What a call with NumPy's scalars for `int`, `float` and `complex` parameters must heed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenScalars {
    /// The kernel would give another dtype or type than NumPy: only Python's own scalars may be taken.
    pub exact: bool,
    /// No Python scalar of the result comes of a parameter by operators: they are Python's, whatever is given.
    pub plain: bool,
}

/// What holds for a unit.
#[must_use]
pub fn given_scalars(unit: &Unit) -> GivenScalars {
    let mut exact = unit.asks_types;
    let mut results = Results::default();
    for (number, function) in unit.functions.iter().enumerate() {
        let known = Known::of(function);
        let mut look = |expr: &Expr| exact |= known.decides(expr);
        walk::expressions(&function.body, &mut |expr| every(expr, &mut look));
        exact |= known.stores(&function.body);
        if number == 0 {
            known.results(&function.body, &mut results);
        }
    }
    // An int that is NumPy's on one path and Python's on another has no one type to come back as. (A float may: `np.float64` is one.)
    exact |= results.given_int && results.own_int;
    let answers = unit.functions.first().is_some_and(|root| has_truth(&root.result));
    exact |= (answers || unit.attributes.iter().any(|attribute| has_truth(&attribute.ty)))
        && unit.functions.iter().any(|function| Known::of(function).keeps_truth(&function.body));
    GivenScalars { exact, plain: !results.given && unit.attributes.is_empty() }
}

/// Calls `look` with an expression and all its parts.
fn every(expr: &Expr, look: &mut dyn FnMut(&Expr)) {
    look(expr);
    walk::parts(expr, &mut |part| every(part, look));
}

/// Whether a type is a Python bool or has one.
fn has_truth(ty: &Type) -> bool {
    match ty {
        Type::Tuple(items) => items.iter().any(has_truth),
        Type::Optional(value) => has_truth(value),
        other => *other == Type::BOOL,
    }
}

/// Where the numbers of a result come from.
#[derive(Default)]
struct Results {
    /// Some come of parameters.
    given: bool,
    /// An int does.
    given_int: bool,
    /// An int does not.
    own_int: bool,
}

/// The variables of a function that may be NumPy's scalars in the Python function.
struct Known {
    given: BTreeSet<VariableId>,
}

impl Known {
    fn of(function: &Function) -> Self {
        let mut known = Self { given: function.parameters.iter().copied().collect() };
        loop {
            let before = known.given.len();
            known.assignments(&function.body);
            if known.given.len() == before {
                return known;
            }
        }
    }

    fn assignments(&mut self, block: &Block) {
        each_statement(block, &mut |kind| {
            if let StmtKind::Assign(variable, value) = kind
                && self.may_be_given(value)
            {
                self.given.insert(*variable);
            }
        });
    }

    /// Whether a Python scalar, or one in a tuple, may be NumPy's in the Python function.
    fn may_be_given(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Variable(variable) => self.given.contains(variable),
            ExprKind::Tuple(items) => items.iter().any(|item| self.may_be_given(item)),
            ExprKind::TupleItem(inner, _) | ExprKind::Unwrap(inner) => self.may_be_given(inner),
            ExprKind::Convert(inner) if matches!(expr.ty, Type::Optional(_)) => self.may_be_given(inner),
            ExprKind::Convert(inner) => (is_python_scalar(&inner.ty) || matches!(inner.ty, Type::Tuple(_))) && self.may_be_given(inner),
            ExprKind::Map { op, operands, .. } => {
                is_python_scalar(&expr.ty) && is_operator(*op) && operands.iter().any(|operand| self.may_be_given(operand))
            }
            ExprKind::And(x, y) | ExprKind::Or(x, y) => self.may_be_given(x) || self.may_be_given(y),
            ExprKind::Conditional { then, otherwise, .. } => self.may_be_given(then) || self.may_be_given(otherwise),
            ExprKind::Call(_, arguments) => arguments.iter().any(|argument| self.may_be_given(argument)),
            // What a function from Python gives is taken as an argument is.
            ExprKind::Attribute(_) | ExprKind::Object(Op::Call, _) => true,
            _ => false,
        }
    }

    /// A Python number that may be NumPy's and is none of a bool.
    fn is_given_number(&self, expr: &Expr) -> bool {
        is_python_scalar(&expr.ty) && expr.ty != Type::BOOL && self.may_be_given(expr)
    }

    /// Whether the dtype or type of an expression would be another one.
    fn decides(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Convert(inner) if !is_python_scalar(&expr.ty) => {
                self.is_given_number(inner) && expr.ty.dtype().is_some_and(|dtype| widens(inner, dtype))
            }
            ExprKind::Map { op, loop_dtype, operands } if is_python_scalar(&expr.ty) => {
                // `int ** -1` is a float; NumPy refuses it.
                let negative = *op == ScalarOp::Power
                    && *loop_dtype == Dtype::F64
                    && operands.iter().all(|operand| operand.ty == Type::INT)
                    && self.may_be_given(&operands[0]);
                negative || *op != ScalarOp::LogicalNot && operands.iter().any(|operand| self.is_truth_of_given(operand))
            }
            ExprKind::Map { op, loop_dtype, operands } => {
                let own = |n| matches!((op, n), (ScalarOp::Where, 0) | (ScalarOp::Ldexp | ScalarOp::RoundDigits, 1));
                let integers = operands.iter().all(|operand| operand.ty.dtype().is_some_and(|dtype| dtype.kind() == Kind::Integer));
                let dtype = if *op == ScalarOp::MakeComplex { loop_dtype.as_complex() } else { *loop_dtype };
                !(integers && is_comparison(*op))
                    && operands.iter().enumerate().any(|(n, operand)| !own(n) && self.is_given_number(operand) && widens(operand, dtype))
            }
            // What a container holds, and what a function is given (behind itself and what it gives), is Python's own.
            ExprKind::Object(op, operands) => operands.iter().skip(if *op == Op::Call { 2 } else { 0 }).any(|operand| {
                self.is_truth_of_given(operand) || (has_number(&operand.ty) && !operand.ty.is_object() && self.may_be_given(operand))
            }),
            _ => false,
        }
    }

    /// Whether a statement stores a number whose type decides whether it fits, or in which dtype it is computed.
    fn stores(&self, block: &Block) -> bool {
        let mut found = false;
        each_statement(block, &mut |kind| {
            found |= match kind {
                StmtKind::SetItem { array, value, .. } => array
                    .ty
                    .dtype()
                    .is_some_and(|dtype| dtype.kind() == Kind::Integer && dtype != Dtype::I64 && self.is_given_number(value)),
                StmtKind::UpdateItem { loop_dtype, value, .. } => self.is_given_number(value) && widens(value, *loop_dtype),
                _ => false,
            };
        });
        found
    }

    /// A comparison of numbers that may be NumPy's, or a choice of such: `np.bool` in the Python function.
    fn is_truth_of_given(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Map { op, operands, .. } if is_comparison(*op) && expr.ty == Type::BOOL => {
                operands.iter().any(|operand| self.is_given_number(operand))
            }
            ExprKind::And(x, y) | ExprKind::Or(x, y) => self.is_truth_of_given(x) || self.is_truth_of_given(y),
            ExprKind::Conditional { then, otherwise, .. } => self.is_truth_of_given(then) || self.is_truth_of_given(otherwise),
            ExprKind::Tuple(items) => items.iter().any(|item| self.is_truth_of_given(item)),
            _ => false,
        }
    }

    /// Whether such a truth value is kept rather than only asked for.
    fn keeps_truth(&self, block: &Block) -> bool {
        let mut found = false;
        each_statement(block, &mut |kind| {
            if let StmtKind::Assign(_, value) | StmtKind::Return(value) | StmtKind::SetAttribute(_, value) = kind {
                found |= self.is_truth_of_given(value);
            }
        });
        found
    }

    /// Where the numbers of what is returned come from.
    fn results(&self, block: &Block, results: &mut Results) {
        each_statement(block, &mut |kind| {
            if let StmtKind::Return(value) = kind {
                self.leaves(value, results);
            }
        });
    }

    fn leaves(&self, value: &Expr, results: &mut Results) {
        match (&value.kind, &value.ty) {
            (ExprKind::Tuple(items), _) => items.iter().for_each(|item| self.leaves(item, results)),
            (ExprKind::Conditional { then, otherwise, .. }, _) => {
                self.leaves(then, results);
                self.leaves(otherwise, results);
            }
            (_, ty) if has_number(ty) => {
                let given = self.may_be_given(value);
                results.given |= given;
                results.given_int |= given && *ty == Type::INT;
                results.own_int |= !given && *ty == Type::INT;
            }
            _ => {}
        }
    }
}

/// Whether a type is a Python number or has one.
fn has_number(ty: &Type) -> bool {
    match ty {
        Type::Tuple(items) => items.iter().any(has_number),
        Type::Optional(value) => has_number(value),
        other => is_python_scalar(other) && *other != Type::BOOL,
    }
}

/// Whether the NumPy scalar of a Python number's own dtype would widen that dtype.
fn widens(number: &Expr, dtype: Dtype) -> bool {
    number.ty.dtype().is_some_and(|own| own.promote(dtype) != dtype) && dtype != Dtype::Bool
}

const fn is_comparison(op: ScalarOp) -> bool {
    use ScalarOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
}

/// Operations on Python scalars that give NumPy's scalars for NumPy's: those of operators, not those of `math`.
const fn is_operator(op: ScalarOp) -> bool {
    use ScalarOp as Op;
    matches!(
        op,
        Op::Add
            | Op::Subtract
            | Op::Multiply
            | Op::Divide
            | Op::FloorDivide
            | Op::Remainder
            | Op::Power
            | Op::Square
            | Op::Negative
            | Op::Positive
            | Op::Absolute
            | Op::Invert
            | Op::LeftShift
            | Op::RightShift
            | Op::BitwiseAnd
            | Op::BitwiseOr
            | Op::BitwiseXor
            | Op::Maximum
            | Op::Minimum
            | Op::RoundDigits
            | Op::Conjugate
            | Op::Real
            | Op::Imag
    ) || is_comparison(op)
}

/// Calls `see` with every statement of a block, those in blocks within included.
fn each_statement(block: &Block, see: &mut dyn FnMut(&StmtKind)) {
    for stmt in block {
        see(&stmt.kind);
        match &stmt.kind {
            StmtKind::If { then, otherwise, .. } => {
                each_statement(then, see);
                each_statement(otherwise, see);
            }
            StmtKind::While { body, orelse, .. } | StmtKind::ForRange { body, orelse, .. } => {
                each_statement(body, see);
                each_statement(orelse, see);
            }
            StmtKind::Unrolled { iterations, orelse } => {
                iterations.iter().for_each(|iteration| each_statement(iteration, see));
                each_statement(orelse, see);
            }
            _ => {}
        }
    }
}
