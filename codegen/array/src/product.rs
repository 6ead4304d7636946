//! `@`: vectors, matrices and stacks of matrices, with NumPy's rules for shapes.

use crate::element::{Evaluator, Mode};
use crate::ir::{Buffer, NodeId};
use crate::library::{self, Cell};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_loops::{Builder, Order, ValueId};
use hypersonic_math::Number;
use hypersonic_math::scalar::Unsupported;
use hypersonic_ops::{Dtype, Type};

impl Lowering<'_, '_> {
    /// `left @ right` in the type's dtype.
    pub fn matmul(&mut self, left: NodeId, right: NodeId, ty: &Type) -> Outcome<Value> {
        let Some(dtype) = ty.dtype() else { return Err(self.internal("a product without dtype")) };
        let left = self.cast_node(left, dtype);
        let left = self.materialise(left)?;
        let right = self.cast_node(right, dtype);
        let right = self.materialise(right)?;
        let (x, y) = (self.graph.shape(left).to_vec(), self.graph.shape(right).to_vec());
        let (Some(inner), Some(other)) = (x.last().copied(), if y.len() > 1 { y.get(y.len() - 2) } else { y.first() }.copied()) else {
            return Err(self.unsupported("a matrix product of arrays without axes"));
        };
        let ok = self.equal(inner, other);
        let pattern = "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size {} is different from {})";
        self.check_shapes(ok, pattern, "matmul: mismatch in its core dimension", vec![other, inner]);
        match (x.len(), y.len()) {
            (1, 1) => self.dot(left, right, inner, dtype, ty),
            (2, 1) => self.matrix_by_vector(left, right, dtype),
            (1, 2) => self.vector_by_matrix(left, right, dtype),
            _ => self.stacked(left, right, dtype),
        }
    }

    fn dot(&mut self, left: NodeId, right: NodeId, count: ValueId, dtype: Dtype, ty: &Type) -> Outcome<Value> {
        let Self { b, graph, .. } = self;
        let mut first = |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, Mode::Exact).element(b, left, indices);
        let mut second = |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, Mode::Exact).element(b, right, indices);
        let number = library::matmul::dot(b, dtype, count, &mut first, &mut second);
        let number = number.map_err(|unsupported| self.no_operation(unsupported))?;
        Ok(match ty {
            Type::Array(..) => Value::Array(self.scalar_node(dtype, number)),
            _ => Value::Scalar(number),
        })
    }

    fn matrix_by_vector(&mut self, matrix: NodeId, vector: NodeId, dtype: Dtype) -> Outcome<Value> {
        let shape = self.graph.shape(matrix).to_vec();
        let target = self.allocate(dtype, &shape[..1], false);
        let Self { b, graph, .. } = self;
        let mut first = |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, Mode::Exact).element(b, matrix, indices);
        let mut second = |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, Mode::Exact).element(b, vector, indices);
        let mut store = |b: &mut Builder, indices: &[ValueId], value: Number| {
            target.store(b, dtype, indices, value);
            Ok(())
        };
        let outcome = library::matmul::by_vector(b, dtype, shape[0], shape[1], &mut first, &mut second, &mut store);
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        Ok(Value::Array(self.buffer_node(dtype, shape[..1].to_vec(), target)))
    }

    fn vector_by_matrix(&mut self, vector: NodeId, matrix: NodeId, dtype: Dtype) -> Outcome<Value> {
        let shape = self.graph.shape(matrix).to_vec();
        let target = self.allocate(dtype, &shape[1..], false);
        let Self { b, graph, .. } = self;
        let mut first = |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, Mode::Exact).element(b, vector, indices);
        let mut second = |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, Mode::Exact).element(b, matrix, indices);
        let mut load = |b: &mut Builder, indices: &[ValueId]| Ok(target.load(b, dtype, indices));
        let mut store = |b: &mut Builder, indices: &[ValueId], value: Number| {
            target.store(b, dtype, indices, value);
            Ok(())
        };
        let mut result = Cell { load: &mut load, store: &mut store };
        let outcome = library::matmul::vector_by(b, dtype, shape[0], shape[1], &mut first, &mut second, &mut result);
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        Ok(Value::Array(self.buffer_node(dtype, shape[1..].to_vec(), target)))
    }

    /// Matrices by matrices: all axes but the last two broadcast.
    fn stacked(&mut self, left: NodeId, right: NodeId, dtype: Dtype) -> Outcome<Value> {
        let (x, y) = (self.graph.shape(left).to_vec(), self.graph.shape(right).to_vec());
        if x.len() < 2 || y.len() < 2 {
            return Err(self.unsupported("a matrix product of a vector and a stack of matrices has no compiled form"));
        }
        let (x_stack, x_matrix) = x.split_at(x.len() - 2);
        let (y_stack, y_matrix) = y.split_at(y.len() - 2);
        let stack = self.stack_shape(x_stack, y_stack, dtype);
        let shape = [stack.as_slice(), &[x_matrix[0], y_matrix[1]]].concat();
        let target = self.allocate(dtype, &shape, false);
        let Self { b, graph, .. } = self;
        let outcome = library::each_of(b, &stack, Order::Sequential, &mut |b, outer| {
            let skip_x = outer.len() - x_stack.len();
            let skip_y = outer.len() - y_stack.len();
            let mode = if outer.is_empty() { Mode::Exact } else { Mode::Broadcast };
            let mut first =
                |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, mode).element(b, left, &[&outer[skip_x..], indices].concat());
            let mut second =
                |b: &mut Builder, indices: &[ValueId]| Evaluator::new(graph, mode).element(b, right, &[&outer[skip_y..], indices].concat());
            write_product(b, dtype, &target, outer, (x_matrix[0], x_matrix[1], y_matrix[1]), (&mut first, &mut second))
        });
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        Ok(Value::Array(self.buffer_node(dtype, shape, target)))
    }

    fn stack_shape(&mut self, x: &[ValueId], y: &[ValueId], dtype: Dtype) -> Vec<ValueId> {
        let zero = hypersonic_math::Number::Real(self.b.i64(0));
        let mut nodes = Vec::new();
        for shape in [x, y] {
            // Only the shape of these is looked at.
            nodes.push(self.graph.add(dtype, shape.to_vec(), crate::ir::NodeKind::Scalar(zero)));
        }
        self.broadcast(&nodes)
    }
}

type Elements<'a> = (&'a mut library::Element<'a>, &'a mut library::Element<'a>);

fn write_product(
    b: &mut Builder,
    dtype: Dtype,
    target: &Buffer,
    outer: &[ValueId],
    (rows, inner, columns): (ValueId, ValueId, ValueId),
    (left, right): Elements,
) -> Result<(), Unsupported> {
    let mut load = |b: &mut Builder, indices: &[ValueId]| Ok(target.load(b, dtype, &[outer, indices].concat()));
    let mut store = |b: &mut Builder, indices: &[ValueId], value: Number| {
        target.store(b, dtype, &[outer, indices].concat(), value);
        Ok(())
    };
    library::matmul::product(b, dtype, rows, inner, columns, left, right, &mut Cell { load: &mut load, store: &mut store })
}
