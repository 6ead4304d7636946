//! Expressions of the typed IR as values: scalars are computed here and now, arrays stay delayed.

use crate::facts::Fact;
use crate::ir::{Lifetime, NodeId, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use crate::{arithmetic, constant};
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_loops::{Builder, Compare, Failure, FailureId, FailureKind, Likely, MemoryClass, Stmt, SupportRow, Ty, ValueId};
use hypersonic_math::scalar::python::PythonError;
use hypersonic_math::{Number, convert, scalar};
use hypersonic_ops::{Dtype, Flavor, ScalarOp, Type};
use hypersonic_typed::ir::{Expr, ExprKind, Index};

/// Whether an operation costs about as much as an addition.
#[must_use]
pub const fn is_cheap(op: ScalarOp) -> bool {
    use ScalarOp as S;
    matches!(
        op,
        S::Add
            | S::Subtract
            | S::Multiply
            | S::Negative
            | S::Positive
            | S::Absolute
            | S::Square
            | S::Conjugate
            | S::Real
            | S::Imag
            | S::Maximum
            | S::Minimum
            | S::Where
            | S::Clip
            | S::Equal
            | S::NotEqual
            | S::Less
            | S::LessEqual
            | S::Greater
            | S::GreaterEqual
            | S::LogicalAnd
            | S::LogicalOr
            | S::LogicalXor
            | S::LogicalNot
            | S::BitwiseAnd
            | S::BitwiseOr
            | S::BitwiseXor
            | S::Invert
            | S::Floor
            | S::Ceil
            | S::Trunc
            | S::Rint
            | S::MakeComplex
    )
}

/// The row of the table of failures for an error of a Python scalar operation.
pub fn python_failure(b: &mut Builder, error: PythonError, retry: bool, line: u32) -> FailureId {
    let (kind, message) = match error {
        PythonError::Raise { exception, message } => (FailureKind::Raise(exception.to_owned()), crate::lowering::text(message)),
        PythonError::IntegerOverflow => (FailureKind::IntegerOverflow, Vec::new()),
        PythonError::Unsupported => (FailureKind::Unsupported, Vec::new()),
    };
    b.failure(Failure { kind, message, retry, line })
}

impl Lowering<'_, '_> {
    /// The value of an expression.
    pub fn expr(&mut self, expr: &Expr) -> Outcome<Value> {
        let span = if expr.span == Span::default() { self.span } else { expr.span };
        let outer = std::mem::replace(&mut self.span, span);
        let value = self.deeper(|this| this.evaluate(expr));
        self.span = outer;
        value
    }

    /// The number that a scalar expression gives.
    pub fn scalar(&mut self, expr: &Expr) -> Outcome<Number> {
        match self.expr(expr)? {
            Value::Scalar(number) => Ok(number),
            // An array of no axes where a number is asked for.
            Value::Array(node) if self.graph.shape(node).is_empty() => self.element_at(node, &[]),
            _ => Err(self.internal("a number was expected")),
        }
    }

    /// The I64 value of an int expression.
    pub fn integer(&mut self, expr: &Expr) -> Outcome<ValueId> {
        let number = self.scalar(expr)?;
        let from = expr.ty.dtype().unwrap_or(Dtype::I64);
        Ok(constant::convert(&mut self.b, from, Dtype::I64, number).real())
    }

    /// The I1 value of a bool expression.
    pub fn truth(&mut self, expr: &Expr) -> Outcome<ValueId> {
        let number = self.scalar(expr)?;
        let from = expr.ty.dtype().unwrap_or(Dtype::Bool);
        Ok(constant::convert(&mut self.b, from, Dtype::Bool, number).real())
    }

    /// The node of an array or number.
    pub fn array(&mut self, expr: &Expr) -> Outcome<NodeId> {
        match self.expr(expr)? {
            Value::Array(node) => Ok(node),
            Value::Scalar(number) => {
                let dtype = expr.ty.dtype().ok_or_else(|| self.internal("a number without dtype"))?;
                Ok(self.scalar_node(dtype, number))
            }
            _ => Err(self.internal("an array was expected")),
        }
    }

    fn dtype_of(&self, ty: &Type) -> Outcome<Dtype> {
        ty.dtype().ok_or_else(|| self.internal("a type without dtype"))
    }

    fn evaluate(&mut self, expr: &Expr) -> Outcome<Value> {
        Ok(match &expr.kind {
            ExprKind::Unit => Value::Unit,
            ExprKind::Constant(number) => Value::Scalar(self.constant(*number, self.dtype_of(&expr.ty)?)),
            ExprKind::Variable(variable) => self.variable(*variable)?,
            ExprKind::Tuple(items) => Value::Tuple(self.in_order(items)?),
            ExprKind::TupleItem(tuple, n) => match self.expr(tuple)? {
                Value::Tuple(mut items) if *n < items.len() => items.swap_remove(*n),
                _ => return Err(self.internal("a tuple was expected")),
            },
            ExprKind::Convert(inner) if matches!(expr.ty, Type::Optional(_)) => self.as_optional(inner, &expr.ty)?,
            ExprKind::Convert(inner) => self.convert(inner, &expr.ty)?,
            ExprKind::Map { op, loop_dtype, operands } => self.map(*op, *loop_dtype, operands, &expr.ty)?,
            ExprKind::Truth(inner) => Value::Scalar(Number::Real(self.truth_of(inner)?)),
            ExprKind::And(x, y) => self.short_circuit(x, y, &expr.ty, true)?,
            ExprKind::Or(x, y) => self.short_circuit(x, y, &expr.ty, false)?,
            ExprKind::Conditional { test, then, otherwise } => self.conditional(test, then, otherwise, &expr.ty)?,
            ExprKind::Index(array, index) => self.index(array, index, &expr.ty)?,
            ExprKind::Extent(array, axis) => {
                let node = self.array(array)?;
                Value::Scalar(Number::Real(self.graph.shape(node)[usize::from(*axis)]))
            }
            ExprKind::Size(array) => {
                let node = self.array(array)?;
                let shape = self.graph.shape(node).to_vec();
                let size = arithmetic::product(&mut self.b, &shape);
                if self.b.as_int(size).is_none() {
                    self.facts.extent(size);
                }
                Value::Scalar(Number::Real(size))
            }
            ExprKind::Copy(array) => {
                let node = self.array(array)?;
                let (dtype, shape) = (self.graph.dtype(node), self.graph.shape(node).to_vec());
                Value::Array(self.graph.add(dtype, shape, NodeKind::Convert(node)))
            }
            ExprKind::Reshape(array, shape) => {
                let node = self.array(array)?;
                Value::Array(self.reshape(node, shape, &expr.ty)?)
            }
            ExprKind::Transpose(array, axes) => {
                let node = self.array(array)?;
                Value::Array(self.transpose(node, axes))
            }
            ExprKind::ComplexPart(array, real) => {
                let node = self.array(array)?;
                Value::Array(self.complex_part(node, *real)?)
            }
            ExprKind::IsSet(place) => self.is_set(*place)?,
            ExprKind::Attribute(place) => self.attribute(*place)?,
            ExprKind::Call(callee, arguments) => self.call(*callee, arguments, &expr.ty)?,
            // The loop behind it stays on one thread.
            ExprKind::Team(_) => Value::Unit,
            ExprKind::Object(op @ (Op::Ask | Op::Call), operands) => {
                let answer = self.object(*op, operands, &expr.ty)?;
                self.dirty |= self.shared.effects.expr(self.position, expr).visible();
                answer
            }
            ExprKind::Object(op, operands) => self.object(*op, operands, &expr.ty)?,
            ExprKind::Length(inner) => self.length(inner)?,
            ExprKind::IsNone(inner) => self.is_none(inner)?,
            ExprKind::Unwrap(inner) => self.unwrap_optional(inner)?,
            ExprKind::PythonRandom => {
                self.dirty = true;
                let result = self.b.bound(Ty::F64);
                self.b.push(Stmt::Support { row: SupportRow::PythonRandom, arguments: Vec::new(), result: Some(result) });
                Value::Scalar(Number::Real(result))
            }
            _ => self.whole(expr)?,
        })
    }

    fn variable(&mut self, variable: hypersonic_typed::ir::VariableId) -> Outcome<Value> {
        if let Some(known) = self.known.get(&variable) {
            return Ok(known.clone());
        }
        let Some(slot) = self.slots.get(&variable).cloned() else {
            return Err(self.internal("a variable without a value"));
        };
        let value = self.read_slot(&slot);
        if let (Value::Scalar(number), Some((low, high))) = (&value, self.plan.counters.get(&variable).copied()) {
            self.learn(number.real(), low, high);
        }
        self.known.insert(variable, value.clone());
        Ok(value)
    }

    /// Evaluates left to right. A delayed array is put in memory before a later operand that may write what it reads.
    pub fn in_order(&mut self, items: &[Expr]) -> Outcome<Vec<Value>> {
        let mut values = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let mut value = self.expr(item)?;
            let writes = items[n + 1..].iter().any(|later| self.shared.effects.expr(self.position, later).disturbs().0 != 0);
            if let Value::Array(node) = value
                && writes
            {
                value = Value::Array(self.materialise(node)?);
            }
            values.push(value);
        }
        Ok(values)
    }

    fn convert(&mut self, inner: &Expr, ty: &Type) -> Outcome<Value> {
        let to = self.dtype_of(ty)?;
        if let Type::Array(..) = ty {
            let node = self.array(inner)?;
            let shape = self.graph.shape(node).to_vec();
            return Ok(Value::Array(self.graph.add(to, shape, NodeKind::Convert(node))));
        }
        let number = self.scalar(inner)?;
        let from = self.dtype_of(&inner.ty)?;
        if let Type::Scalar(_, Flavor::Python) = ty {
            let (retry, line) = (!self.dirty, (self.shared.line_of)(self.span));
            let converted = convert::convert_python(&mut self.b, from, to, number, &mut |b, error| python_failure(b, error, retry, line));
            if to == Dtype::I64 && from != Dtype::I64 && self.b.as_int(converted.real()).is_none() {
                let bits = u32::try_from(from.size() * 8).unwrap_or(64).min(63);
                match from {
                    Dtype::Bool => self.learn(converted.real(), 0, 1),
                    _ if from.is_unsigned() => self.learn(converted.real(), 0, (1_i128 << bits) - 1),
                    _ if from.is_signed() => self.learn(converted.real(), -(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
                    _ => {}
                }
            }
            return Ok(Value::Scalar(converted));
        }
        Ok(Value::Scalar(constant::convert(&mut self.b, from, to, number)))
    }

    /// The dtype to which operand `n` of an operation is cast.
    pub const fn operand_dtype(op: ScalarOp, n: usize, loop_dtype: Dtype) -> Dtype {
        match (op, n) {
            (ScalarOp::Where, 0) => Dtype::Bool,
            (ScalarOp::Ldexp | ScalarOp::RoundDigits, 1) => Dtype::I64,
            (ScalarOp::MakeComplex, _) => loop_dtype.real(),
            _ => loop_dtype,
        }
    }

    fn map(&mut self, op: ScalarOp, loop_dtype: Dtype, operands: &[Expr], ty: &Type) -> Outcome<Value> {
        let values = self.in_order(operands)?;
        let Type::Array(dtype, _) = ty else {
            if let Some(truth) = self.exact_comparison(op, operands, &values) {
                return Ok(Value::Scalar(truth));
            }
            let mut numbers = Vec::new();
            for (n, (value, operand)) in values.iter().zip(operands).enumerate() {
                let number = match value {
                    Value::Scalar(number) => *number,
                    Value::Array(node) => self.element_at(*node, &[])?,
                    _ => return Err(self.internal("an operand that is no number")),
                };
                let from = self.dtype_of(&operand.ty)?;
                numbers.push(constant::convert(&mut self.b, from, Self::operand_dtype(op, n, loop_dtype), number));
            }
            let python =
                matches!(ty, Type::Scalar(_, Flavor::Python)) && matches!(loop_dtype, Dtype::Bool | Dtype::I64 | Dtype::F64 | Dtype::C128);
            return self.scalar_map(op, loop_dtype, &numbers, python).map(Value::Scalar);
        };
        let mut nodes = Vec::new();
        for (n, (value, operand)) in values.into_iter().zip(operands).enumerate() {
            let node = match value {
                Value::Array(node) => node,
                Value::Scalar(number) => {
                    let from = self.dtype_of(&operand.ty)?;
                    self.scalar_node(from, number)
                }
                _ => return Err(self.internal("an operand that is no array")),
            };
            nodes.push(self.cast_node(node, Self::operand_dtype(op, n, loop_dtype)));
        }
        Ok(Value::Array(self.map_node(op, loop_dtype, *dtype, nodes)?))
    }

    /// An elementwise operation on nodes that are cast already: broadcasts, and puts in memory what would be computed often.
    pub fn map_node(&mut self, op: ScalarOp, loop_dtype: Dtype, dtype: Dtype, mut nodes: Vec<NodeId>) -> Outcome<NodeId> {
        if op == ScalarOp::Power && loop_dtype.is_signed() {
            self.refuse_negative_exponents(nodes[1])?;
        }
        let shape = self.broadcast(&nodes);
        for node in &mut nodes {
            let stretched = self.graph.shape(*node).len() < shape.len() || self.has_new_axis(*node);
            if stretched && !self.graph.shape(*node).is_empty() && self.cost(*node) > 12 {
                *node = self.materialise(*node)?;
            }
        }
        Ok(self.graph.add(dtype, shape, NodeKind::Map { op, loop_dtype, operands: nodes }))
    }

    fn has_new_axis(&self, node: NodeId) -> bool {
        match &self.graph.node(node).kind {
            NodeKind::View(_, axes) => axes.len() < self.graph.shape(node).len(),
            NodeKind::Convert(source) => self.has_new_axis(*source),
            _ => false,
        }
    }

    fn refuse_negative_exponents(&mut self, exponent: NodeId) -> Outcome<()> {
        let failure = self.raises("ValueError", "Integers to negative integer powers are not allowed.");
        if let NodeKind::Scalar(number) = self.graph.node(exponent).kind {
            let value = number.real();
            let ty = self.b.ty(value);
            let zero = self.b.int(ty, 0);
            let ok = arithmetic::compare(&mut self.b, Compare::SGe, value, zero);
            self.check(ok, failure, Vec::new());
            return Ok(());
        }
        let negative = self.any_negative(exponent)?;
        let ok = self.b.not(negative);
        self.b.check(ok, failure, Vec::new());
        Ok(())
    }

    fn scalar_map(&mut self, op: ScalarOp, loop_dtype: Dtype, numbers: &[Number], python: bool) -> Outcome<Number> {
        if !python {
            if op == ScalarOp::Power && loop_dtype.is_signed() {
                let exponent = self.scalar_node(loop_dtype, numbers[1]);
                self.refuse_negative_exponents(exponent)?;
            }
            return scalar::emit(&mut self.b, op, loop_dtype, numbers).map_err(|unsupported| self.no_operation(unsupported));
        }
        let values: Vec<ValueId> = numbers.iter().map(|number| number.real()).collect();
        if loop_dtype == Dtype::I64
            && let [x, y] = values[..]
            && let Some(fact) = self.facts.arithmetic(&self.b, op, x, y)
        {
            let result = match op {
                ScalarOp::Add => arithmetic::add(&mut self.b, x, y),
                ScalarOp::Subtract => arithmetic::sub(&mut self.b, x, y),
                _ => arithmetic::mul(&mut self.b, x, y),
            };
            if self.b.as_int(result).is_none() && result != x && result != y {
                self.facts.learn(result, fact);
            }
            return Ok(Number::Real(result));
        }
        if op == ScalarOp::Divide
            && loop_dtype == Dtype::I64
            && let [x, y] = values[..]
            && let Some(quotient) = self.small_division(x, y)
        {
            return Ok(quotient);
        }
        let (retry, line) = (!self.dirty, (self.shared.line_of)(self.span));
        let result =
            scalar::python::emit_python(&mut self.b, op, loop_dtype, numbers, &mut |b, error| python_failure(b, error, retry, line));
        let result = result.map_err(|unsupported| self.no_operation(unsupported))?;
        if loop_dtype == Dtype::I64
            && let Number::Real(value) = result
            && self.b.ty(value) == Ty::I64
            && self.b.as_int(value).is_none()
            && let Some(fact) = self.facts.outcome(&self.b, op, &values)
        {
            self.facts.learn(value, Fact { base: Some((value, 0)), ..fact });
        }
        Ok(result)
    }

    fn truth_of(&mut self, inner: &Expr) -> Outcome<ValueId> {
        let Type::Array(dtype, _) = inner.ty else { return self.truth(inner) };
        let node = self.array(inner)?;
        let shape = self.graph.shape(node).to_vec();
        let one = self.b.i64(1);
        let size = arithmetic::product(&mut self.b, &shape);
        let ok = arithmetic::compare(&mut self.b, Compare::Eq, size, one);
        let failure =
            self.raises("ValueError", "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
        self.check(ok, failure, Vec::new());
        let zero = self.b.i64(0);
        let number = self.element_at(node, &vec![zero; shape.len()])?;
        Ok(constant::convert(&mut self.b, dtype, Dtype::Bool, number).real())
    }

    fn short_circuit(&mut self, x: &Expr, y: &Expr, ty: &Type, and: bool) -> Outcome<Value> {
        let first = self.expr(x)?;
        let Value::Scalar(number) = first else { return Err(self.unsupported("`and` and `or` on other values than numbers")) };
        let from = self.dtype_of(ty)?;
        let truth = constant::convert(&mut self.b, from, Dtype::Bool, number).real();
        let condition = if and { truth } else { arithmetic::not(&mut self.b, truth) };
        let slot = self.new_slot("either", ty);
        self.set_slot(&slot, &first)?;
        let (then, _) = self.nested(|this| {
            let second = this.expr(y)?;
            this.set_slot(&slot, &second).map(|()| false)
        })?;
        self.b.push(Stmt::If { condition, then, otherwise: Vec::new(), likely: Likely::Unknown });
        Ok(self.read_slot(&slot))
    }

    fn conditional(&mut self, test: &Expr, then: &Expr, otherwise: &Expr, ty: &Type) -> Outcome<Value> {
        let condition = self.truth(test)?;
        match self.b.as_int(condition) {
            Some(0) => return self.expr(otherwise),
            Some(_) => return self.expr(then),
            None => {}
        }
        let slot = self.new_slot("chosen", ty);
        let dirty = self.dirty;
        let write = |this: &mut Self, value: &Expr| {
            this.dirty = dirty;
            let (block, _) = this.nested(|this| {
                let value = this.expr(value)?;
                this.set_slot(&slot, &value).map(|()| false)
            })?;
            Ok((block, this.dirty))
        };
        let (then, dirty_then) = write(self, then)?;
        let (otherwise, dirty_otherwise) = write(self, otherwise)?;
        self.dirty = dirty_then || dirty_otherwise;
        self.b.push(Stmt::If { condition, then, otherwise, likely: Likely::Unknown });
        let value = self.read_slot(&slot);
        let mut owners = Vec::new();
        self.owners(&value, &mut |owner, _| owners.push(owner));
        owners.into_iter().for_each(|owner| self.hold(owner));
        Ok(self.as_scoped(value))
    }

    /// The same value, whose references the current scope holds.
    pub fn as_scoped(&mut self, value: Value) -> Value {
        match value {
            Value::Array(node) => match self.graph.buffer(node).cloned() {
                Some(buffer) => {
                    let (dtype, shape) = (self.graph.dtype(node), self.graph.shape(node).to_vec());
                    Value::Array(self.buffer_node(dtype, shape, crate::ir::Buffer { lifetime: Lifetime::Scope, ..buffer }))
                }
                None => value,
            },
            Value::Tuple(items) => Value::Tuple(items.into_iter().map(|item| self.as_scoped(item)).collect()),
            Value::Object(owner, _) => Value::Object(owner, Lifetime::Scope),
            Value::Optional(given, value) => Value::Optional(given, Box::new(self.as_scoped(*value))),
            other => other,
        }
    }

    fn index(&mut self, array: &Expr, index: &[Index], ty: &Type) -> Outcome<Value> {
        let node = self.array(array)?;
        if index.iter().any(|each| matches!(each, Index::Mask(_))) {
            return self.mask_load(node, index).map(Value::Array);
        }
        if index.iter().any(|each| matches!(each, Index::Array(_))) {
            return self.gather(node, index).map(Value::Array);
        }
        let shape = self.graph.shape(node).to_vec();
        let subscripts = self.subscripts(&shape, index)?;
        if let Type::Scalar(..) = ty {
            let indices: Vec<ValueId> = subscripts
                .iter()
                .filter_map(|subscript| match subscript {
                    crate::view::Subscript::At(index) => Some(*index),
                    _ => None,
                })
                .collect();
            if indices.len() != shape.len() {
                return Err(self.internal("a number is selected by too few subscripts"));
            }
            return self.element_at(node, &indices).map(Value::Scalar);
        }
        Ok(Value::Array(self.select_view(node, &subscripts)))
    }

    fn call(&mut self, callee: usize, arguments: &[Expr], ty: &Type) -> Outcome<Value> {
        let shared = self.shared;
        let Some(found) = shared.callees.get(&callee) else { return Err(self.internal("a call of an unknown function")) };
        let values = self.in_order(arguments)?;
        let mut words = Vec::new();
        for value in &values {
            words.extend(self.to_words(value)?);
        }
        words.extend(self.callee_level(shared, callee).into_iter().flatten());
        words.extend(self.attributes);
        self.dirty |= shared.effects.function(callee).visible();
        self.worked = true;
        let results = self.b.call(found.id, words, &found.results);
        let value = self.from_words(ty, &mut results.into_iter(), Lifetime::Scope, MemoryClass::ANY)?;
        let mut owners = Vec::new();
        self.owners(&value, &mut |owner, _| owners.push(owner));
        owners.into_iter().for_each(|owner| self.hold(owner));
        Ok(value)
    }
}
