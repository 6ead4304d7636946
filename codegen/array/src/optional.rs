//! `None` or a value. Where there is none, the words of the value are zeros and no reference is held.

use crate::ir::{Buffer, Lifetime, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_loops::{MemoryClass, Ty};
use hypersonic_math::{Number, number};
use hypersonic_ops::Type;
use hypersonic_typed::ir::Expr;

impl Lowering<'_, '_> {
    /// `None` or a value as an optional.
    pub fn as_optional(&mut self, inner: &Expr, ty: &Type) -> Outcome<Value> {
        let Type::Optional(wanted) = ty else { return Err(self.internal("an optional was expected")) };
        if inner.ty == Type::None {
            self.expr(inner)?;
            let given = self.b.bool(false);
            return Ok(Value::Optional(given, Box::new(self.nothing(wanted))));
        }
        let value = self.expr(inner)?;
        let given = self.b.bool(true);
        Ok(Value::Optional(given, Box::new(value)))
    }

    /// Whether an optional is `None`.
    pub fn is_none(&mut self, inner: &Expr) -> Outcome<Value> {
        let Value::Optional(given, _) = self.expr(inner)? else { return Err(self.internal("an optional was expected")) };
        Ok(Value::Scalar(Number::Real(crate::arithmetic::not(&mut self.b, given))))
    }

    /// The value of an optional; Python raises TypeError where there is none.
    pub fn unwrap_optional(&mut self, inner: &Expr) -> Outcome<Value> {
        let Value::Optional(given, value) = self.expr(inner)? else { return Err(self.internal("an optional was expected")) };
        let failure = self.raises("TypeError", "unsupported operand: 'NoneType'");
        self.check(given, failure, Vec::new());
        Ok(*value)
    }

    /// A value of that type of which nothing is asked.
    fn nothing(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Scalar(dtype, _) => {
                let part = number::value_ty(*dtype);
                let zero = if matches!(part, Ty::F32 | Ty::F64) { self.b.float(part, 0.0) } else { self.b.int(part, 0) };
                Value::Scalar(if crate::slots::parts(*dtype) == 2 { Number::Complex(zero, zero) } else { Number::Real(zero) })
            }
            Type::Array(dtype, rank) => {
                let (data, owner, zero) = (self.b.null(), self.b.i64(1), self.b.i64(0));
                let extents = vec![zero; usize::from(*rank)];
                let (strides, class, lifetime) = (extents.clone(), MemoryClass::ANY, Lifetime::Call);
                let buffer = Buffer { data, strides, class, owner, lifetime, contiguous: false };
                Value::Array(self.graph.add(*dtype, extents, NodeKind::Buffer(buffer)))
            }
            Type::Tuple(items) => Value::Tuple(items.iter().map(|item| self.nothing(item)).collect()),
            Type::Optional(value) => {
                let given = self.b.bool(false);
                Value::Optional(given, Box::new(self.nothing(value)))
            }
            _ if ty.is_object() => Value::Object(self.b.i64(1), Lifetime::Call),
            _ => Value::Unit,
        }
    }
}
