//! Python ints that are no floats: true division and comparisons with floats are as exact as Python's, and cost nothing more where
//! the ints are known to be small. Refuses: NumPy's numbers, which round first.

use crate::lowering::{Lowering, Value};
use hypersonic_loops::{Cast, Compare, Ty, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::mixed::compare_int_with_float;
use hypersonic_ops::{ScalarOp, Type};
use hypersonic_typed::ir::Expr;

/// Ints up to this magnitude are floats.
const EXACT: i128 = 1 << 53;

impl Lowering<'_, '_> {
    /// A comparison of a Python int that may be no float with a Python float; nothing if it is another operation.
    pub fn exact_comparison(&mut self, op: ScalarOp, operands: &[Expr], values: &[Value]) -> Option<Number> {
        let [Value::Scalar(Number::Real(x)), Value::Scalar(Number::Real(y))] = values else { return None };
        let is = |n: usize, ty: &Type| operands[n].ty == *ty;
        let (op, int, float) = if is(0, &Type::INT) && is(1, &Type::FLOAT) {
            (op, *x, *y)
        } else if is(0, &Type::FLOAT) && is(1, &Type::INT) {
            (op.mirrored()?, *y, *x)
        } else {
            return None;
        };
        if self.is_float(int) {
            return None;
        }
        compare_int_with_float(&mut self.b, op, int, float).map(Number::Real)
    }

    /// `x / y` of Python ints that are known to be floats.
    pub fn small_division(&mut self, x: ValueId, y: ValueId) -> Option<Number> {
        if !self.is_float(x) || !self.is_float(y) {
            return None;
        }
        let known = self.facts.of(&self.b, y);
        if known.low <= 0 && known.high >= 0 {
            let zero = self.b.i64(0);
            let ok = crate::arithmetic::compare(&mut self.b, Compare::Ne, y, zero);
            let failure = self.raises("ZeroDivisionError", "division by zero");
            self.check(ok, failure, Vec::new());
        }
        let x = self.b.cast(Cast::SignedToFloat, x, Ty::F64);
        let y = self.b.cast(Cast::SignedToFloat, y, Ty::F64);
        Some(Number::Real(self.b.fdiv(x, y)))
    }

    /// Whether an int is known to be a float.
    fn is_float(&self, value: ValueId) -> bool {
        let known = self.facts.of(&self.b, value);
        known.low >= -EXACT && known.high <= EXACT
    }
}
