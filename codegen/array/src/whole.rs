//! Operations on whole arrays: puts the room `library` to work on delayed arrays, checks what NumPy checks first, and
//! holds the results.

use crate::arithmetic::{self, compare};
use crate::element::{Evaluator, Mode};
use crate::facts::{EXTENT_LIMIT, Fact};
use crate::ir::{Buffer, Graph, NodeId, NodeKind};
use crate::library::{self, Cell, Source};
use crate::lowering::{Lowering, Outcome, Value, message};
use crate::view::Subscript;
use hypersonic_loops::{Binary, Builder, Compare, FailureKind, Likely, Stmt, ValueId};
use hypersonic_math::scalar::Unsupported;
use hypersonic_math::{Number, number, scalar};
use hypersonic_ops::{Dtype, Kind, ScalarOp, Type};
use hypersonic_typed::ir::{Constant, Expr, ExprKind, Reduction};

/// How a node is handed to the library: its extents, and how its elements are evaluated.
struct Pulled {
    node: NodeId,
    extents: Vec<ValueId>,
    mode: Mode,
    direct: bool,
}

impl Pulled {
    fn element<'g>(
        &self,
        b: &mut Builder,
        graph: &'g Graph,
    ) -> impl FnMut(&mut Builder, &[ValueId]) -> Result<Number, Unsupported> + use<'g> {
        let mut evaluator = Evaluator::new(graph, self.mode);
        evaluator.prepare(b, self.node);
        let node = self.node;
        move |b, indices| {
            evaluator.forget();
            evaluator.element(b, node, indices)
        }
    }
}

impl Lowering<'_, '_> {
    /// A node to be pulled element by element; `collapse` asks for one axis where memory allows it.
    fn pulled(&mut self, node: NodeId, collapse: bool) -> Outcome<Pulled> {
        let shape = self.graph.shape(node).to_vec();
        let direct = self.cost(node) <= 1;
        let alignment = self.alignment(node, &shape);
        let exact = alignment.equalities.is_empty();
        if collapse && shape.len() > 1 {
            if alignment.flat && exact {
                let extents = vec![arithmetic::product(&mut self.b, &shape)];
                return Ok(Pulled { node, extents, mode: Mode::Flat, direct });
            }
            if self.graph.buffer(node).is_none() {
                let node = self.materialise(node)?;
                return self.pulled(node, collapse);
            }
        }
        let mode = if exact { Mode::Exact } else { Mode::Broadcast };
        Ok(Pulled { node, extents: shape, mode, direct })
    }

    /// The rest of expressions: those on whole arrays.
    pub fn whole(&mut self, expr: &Expr) -> Outcome<Value> {
        let value = self.whole_value(expr)?;
        self.worked |= !matches!(expr.kind, ExprKind::Fill { .. } | ExprKind::Arange { .. } | ExprKind::Eye { .. });
        Ok(value)
    }

    fn whole_value(&mut self, expr: &Expr) -> Outcome<Value> {
        Ok(match &expr.kind {
            ExprKind::Reduce { op, array, axes, keepdims } => {
                let node = self.array(array)?;
                self.reduce(*op, node, axes, *keepdims, &expr.ty)?
            }
            ExprKind::Cumulative { op, array, axis } => {
                let node = self.array(array)?;
                Value::Array(self.cumulative(*op, node, usize::from(*axis), &expr.ty)?)
            }
            ExprKind::Nonzero(array) => self.nonzero(array)?,
            ExprKind::Arrange { how, array, axis } => Value::Array(self.arrange(*how, array, usize::from(*axis))?),
            ExprKind::Distinct(array) => Value::Array(self.distinct(array)?),
            ExprKind::Search { array, values, right } => self.search(array, values, *right)?,
            ExprKind::Fill { shape, value } => Value::Array(self.fill(shape, value.as_deref(), &expr.ty)?),
            ExprKind::Arange { start, stop, step } => Value::Array(self.arange(start, stop, step, &expr.ty)?),
            ExprKind::Linspace { start, stop, num, endpoint } => Value::Array(self.linspace([start, stop, num], *endpoint, &expr.ty)?),
            ExprKind::Eye { rows, columns, diagonal } => {
                let shape = vec![self.extent(rows)?, self.extent(columns)?];
                let diagonal = self.integer(diagonal)?;
                Value::Array(self.graph.add(self.element_dtype(&expr.ty)?, shape, NodeKind::Eye(diagonal)))
            }
            ExprKind::Concatenate(items, axis) => Value::Array(self.concatenate(items, usize::from(*axis), &expr.ty)?),
            ExprKind::Stack(items, axis) => Value::Array(self.stack(items, usize::from(*axis), &expr.ty)?),
            ExprKind::MatMul(left, right) => {
                let left = self.array(left)?;
                let right = self.array(right)?;
                self.matmul(left, right, &expr.ty)?
            }
            _ => return Err(self.internal("an expression of an unknown kind")),
        })
    }

    fn element_dtype(&self, ty: &Type) -> Outcome<Dtype> {
        ty.dtype().ok_or_else(|| self.internal("an array without dtype"))
    }

    fn no_library<T>(&self, outcome: Result<T, Unsupported>) -> Outcome<T> {
        outcome.map_err(|unsupported| self.no_operation(unsupported))
    }

    /// Whether any element is negative: I1.
    pub fn any_negative(&mut self, node: NodeId) -> Outcome<ValueId> {
        let dtype = self.graph.dtype(node);
        let zero = self.constant(Constant::Int(0), dtype);
        let zero = self.scalar_node(dtype, zero);
        let shape = self.graph.shape(node).to_vec();
        let operands = vec![node, zero];
        let axes: Vec<u8> = (0..u8::try_from(shape.len()).unwrap_or(u8::MAX)).collect();
        let negative = self.graph.add(Dtype::Bool, shape, NodeKind::Map { op: ScalarOp::Less, loop_dtype: dtype, operands });
        match self.reduce(Reduction::Any, negative, &axes, false, &Type::BOOL)? {
            Value::Scalar(number) => Ok(number.real()),
            _ => Err(self.internal("a reduction to a number")),
        }
    }

    fn reduce(&mut self, op: Reduction, node: NodeId, axes: &[u8], keepdims: bool, ty: &Type) -> Outcome<Value> {
        let dtype = self.element_dtype(ty)?;
        let shape = self.graph.shape(node).to_vec();
        let axes: Vec<usize> = axes.iter().map(|axis| usize::from(*axis)).collect();
        if let Some(text) = library::reduce::message_if_empty(op) {
            let gone: Vec<ValueId> = axes.iter().map(|axis| shape[*axis]).collect();
            let count = arithmetic::product(&mut self.b, &gone);
            let zero = self.b.i64(0);
            let some = compare(&mut self.b, Compare::Ne, count, zero);
            let failure = self.raises("ValueError", text);
            self.check(some, failure, Vec::new());
        }
        let full = axes.len() == shape.len();
        let kept: Vec<ValueId> = (0..shape.len()).filter(|axis| !axes.contains(axis)).map(|axis| shape[axis]).collect();
        let target = if full { self.local_buffer() } else { self.allocate(dtype, &kept, false) };
        self.reduce_in_memory_order(op, dtype, node, &axes, &target)?;
        if matches!(ty, Type::Scalar(..)) {
            return Ok(Value::Scalar(number::load(&mut self.b, dtype, target.data, target.class)));
        }
        let result = if full {
            let value = number::load(&mut self.b, dtype, target.data, target.class);
            self.scalar_node(dtype, value)
        } else {
            self.buffer_node(dtype, kept, target)
        };
        Ok(Value::Array(if keepdims { self.with_kept_axes(result, &axes, shape.len()) } else { result }))
    }

    /// Reduces in one loop over memory where that is possible: known now, or found out at run time.
    pub fn reduce_into(&mut self, op: Reduction, dtype: Dtype, node: NodeId, axes: &[usize], target: &Buffer) -> Outcome<()> {
        let shape = self.graph.shape(node).to_vec();
        let full = axes.len() == shape.len();
        let alignment = self.alignment(node, &shape);
        if full && shape.len() > 1 && alignment.flat && !alignment.equalities.is_empty() {
            let exact = self.all_equal(&alignment.equalities);
            let direct = self.cost(node) <= 1;
            let (then, _) = self.nested(|this| {
                let extents = vec![arithmetic::product(&mut this.b, &shape)];
                let flat = Pulled { node, extents, mode: Mode::Flat, direct };
                let outcome = this.run_reduction(op, dtype, &flat, &[0], target);
                this.no_library(outcome).map(|()| false)
            })?;
            let (otherwise, _) = self.nested(|this| {
                let copy = this.materialise(node)?;
                this.reduce_into(op, dtype, copy, axes, target).map(|()| false)
            })?;
            self.b.push(Stmt::If { condition: exact, then, otherwise, likely: Likely::Then });
            return Ok(());
        }
        let pulled = self.pulled(node, full)?;
        let reduced: Vec<usize> = if pulled.mode == Mode::Flat { vec![0] } else { axes.to_vec() };
        let outcome = self.run_reduction(op, dtype, &pulled, &reduced, target);
        self.no_library(outcome)
    }

    /// Memory of the function for one number.
    fn local_buffer(&mut self) -> Buffer {
        let data = library::reduce::local_cell(&mut self.b);
        let owner = self.b.i64(1);
        Buffer {
            data,
            strides: Vec::new(),
            class: hypersonic_loops::MemoryClass::ANY,
            owner,
            lifetime: crate::ir::Lifetime::Call,
            contiguous: true,
        }
    }

    fn run_reduction(&mut self, op: Reduction, dtype: Dtype, pulled: &Pulled, axes: &[usize], target: &Buffer) -> Result<(), Unsupported> {
        let Self { b, graph, .. } = self;
        let mut element = pulled.element(b, graph);
        let mut source =
            Source { dtype: graph.dtype(pulled.node), extents: pulled.extents.clone(), element: &mut element, direct: pulled.direct };
        let mut store = |b: &mut Builder, indices: &[ValueId], value: Number| {
            target.store(b, dtype, indices, value);
            Ok(())
        };
        if matches!(op, Reduction::ArgMin | Reduction::ArgMax) {
            return library::extremum::place(b, op == Reduction::ArgMax, &mut source, axes, &mut store);
        }
        let mut load = |b: &mut Builder, indices: &[ValueId]| Ok(target.load(b, dtype, indices));
        library::reduce::reduce(b, op, dtype, &mut source, axes, &mut Cell { load: &mut load, store: &mut store })
    }

    /// A result with the reduced axes put back, with extent 1.
    fn with_kept_axes(&mut self, result: NodeId, axes: &[usize], rank: usize) -> NodeId {
        let shape = self.graph.shape(result).to_vec();
        let mut kept = shape.iter();
        let mut subscripts = Vec::new();
        for axis in 0..rank {
            if axes.contains(&axis) {
                subscripts.push(Subscript::New);
            } else if let Some(extent) = kept.next() {
                subscripts.push(Subscript::Run { start: None, step: None, count: *extent });
            }
        }
        self.select_view(result, &subscripts)
    }

    fn cumulative(&mut self, op: Reduction, node: NodeId, axis: usize, ty: &Type) -> Outcome<NodeId> {
        let dtype = self.element_dtype(ty)?;
        let shape = self.graph.shape(node).to_vec();
        let target = self.allocate(dtype, &shape, false);
        let pulled = self.pulled(node, false)?;
        let outcome = self.run_accumulation(op == Reduction::Prod, dtype, &pulled, axis, &target);
        self.no_library(outcome)?;
        Ok(self.buffer_node(dtype, shape, target))
    }

    fn run_accumulation(&mut self, product: bool, dtype: Dtype, pulled: &Pulled, axis: usize, target: &Buffer) -> Result<(), Unsupported> {
        let Self { b, graph, .. } = self;
        let mut element = pulled.element(b, graph);
        let mut source =
            Source { dtype: graph.dtype(pulled.node), extents: pulled.extents.clone(), element: &mut element, direct: pulled.direct };
        let mut store = |b: &mut Builder, indices: &[ValueId], value: Number| {
            target.store(b, dtype, indices, value);
            Ok(())
        };
        library::cumulative::accumulate(b, product, dtype, &mut source, axis, &mut store)
    }

    /// An extent that a user gives: not negative.
    fn extent(&mut self, expr: &Expr) -> Outcome<ValueId> {
        let extent = self.integer(expr)?;
        if !self.facts.non_negative(&self.b, extent) {
            let zero = self.b.i64(0);
            let ok = compare(&mut self.b, Compare::SGe, extent, zero);
            let failure = self.raises("ValueError", "negative dimensions are not allowed");
            self.check(ok, failure, Vec::new());
        }
        self.limit(extent);
        Ok(extent)
    }

    /// An extent that no array has had yet: refused if no memory could ever hold it.
    fn limit(&mut self, extent: ValueId) {
        let known = self.facts.of(&self.b, extent);
        if known.high > EXTENT_LIMIT {
            let most = self.b.i64(1 << 58);
            let ok = compare(&mut self.b, Compare::SLe, extent, most);
            let failure = self.failure(FailureKind::Memory, Vec::new());
            self.check(ok, failure, Vec::new());
        }
        if self.b.as_int(extent).is_none() {
            self.facts.learn(extent, Fact { low: known.low.max(0), high: known.high.min(EXTENT_LIMIT), ..known });
        }
    }

    fn fill(&mut self, shape: &[Expr], value: Option<&Expr>, ty: &Type) -> Outcome<NodeId> {
        let dtype = self.element_dtype(ty)?;
        let mut extents = Vec::new();
        for extent in shape {
            extents.push(self.extent(extent)?);
        }
        let zeroed = value.is_some_and(|value| {
            matches!(value.kind, ExprKind::Constant(Constant::Bool(false) | Constant::Int(0)))
                || matches!(value.kind, ExprKind::Constant(Constant::Float(number)) if number.to_bits() == 0)
                || matches!(value.kind, ExprKind::Constant(Constant::Complex(re, im)) if re.to_bits() == 0 && im.to_bits() == 0)
        });
        let value = match value {
            Some(value) if !zeroed => Some((self.scalar(value)?, self.element_dtype(&value.ty)?)),
            _ => None,
        };
        let buffer = self.allocate(dtype, &extents, zeroed);
        if let Some((number, from)) = value {
            let node = self.scalar_node(from, number);
            self.store_nest(&buffer, dtype, &extents, node)?;
        }
        Ok(self.buffer_node(dtype, extents, buffer))
    }

    fn arange(&mut self, start: &Expr, stop: &Expr, step: &Expr, ty: &Type) -> Outcome<NodeId> {
        let dtype = self.element_dtype(ty)?;
        let from = self.element_dtype(&start.ty)?;
        let (start, stop, step) = (self.scalar(start)?, self.scalar(stop)?, self.scalar(step)?);
        let length = if from.kind() == Kind::Float {
            let zero = self.b.float(number::value_ty(from), 0.0);
            let nonzero = self.b.compare(Compare::FNe, step.real(), zero);
            let failure = self.raises("ZeroDivisionError", "float division by zero");
            self.check(nonzero, failure, Vec::new());
            let (length, ok) = library::create::arange_length_float(&mut self.b, start.real(), stop.real(), step.real());
            let failure = self.raises("ValueError", "Maximum allowed size exceeded");
            self.check(ok, failure, Vec::new());
            length
        } else {
            let zero = self.b.i64(0);
            let nonzero = compare(&mut self.b, Compare::Ne, step.real(), zero);
            let failure = self.raises("ZeroDivisionError", "division by zero");
            self.check(nonzero, failure, Vec::new());
            self.arange_length(start.real(), stop.real(), step.real())
        };
        self.limit(length);
        let second = self.no_library_scalar(ScalarOp::Add, from, &[start, step])?;
        let first = crate::constant::convert(&mut self.b, from, dtype, start);
        let second = crate::constant::convert(&mut self.b, from, dtype, second);
        let delta = self.no_library_scalar(ScalarOp::Subtract, dtype, &[second, first])?;
        Ok(self.graph.add(dtype, vec![length], NodeKind::Range(first, delta)))
    }

    fn arange_length(&mut self, start: ValueId, stop: ValueId, step: ValueId) -> ValueId {
        if self.b.as_int(start) == Some(0) && self.b.as_int(step) == Some(1) {
            if self.facts.non_negative(&self.b, stop) {
                return stop;
            }
            let zero = self.b.i64(0);
            return arithmetic::max(&mut self.b, stop, zero);
        }
        let failure = self.failure(FailureKind::Unsupported, Vec::new());
        let overflows = self.b.overflows(Binary::Sub, stop, start);
        let ok = self.b.not(overflows);
        self.check(ok, failure, Vec::new());
        library::create::arange_length_int(&mut self.b, start, stop, step)
    }

    fn no_library_scalar(&mut self, op: ScalarOp, dtype: Dtype, operands: &[Number]) -> Outcome<Number> {
        let outcome = scalar::emit(&mut self.b, op, dtype, operands);
        self.no_library(outcome)
    }

    fn linspace(&mut self, parts: [&Expr; 3], endpoint: bool, ty: &Type) -> Outcome<NodeId> {
        let dtype = self.element_dtype(ty)?;
        let mut ends = Vec::new();
        for part in &parts[..2] {
            let number = self.scalar(part)?;
            let from = self.element_dtype(&part.ty)?;
            ends.push(crate::constant::convert(&mut self.b, from, dtype, number));
        }
        let num = self.integer(parts[2])?;
        let zero = self.b.i64(0);
        let ok = compare(&mut self.b, Compare::SGe, num, zero);
        let failure = self.failure(FailureKind::Raise("ValueError".to_owned()), message("Number of samples, {}, must be non-negative."));
        self.check(ok, failure, vec![num]);
        self.limit(num);
        let target = self.allocate(dtype, &[num], false);
        let indices = vec![self.b.bound(hypersonic_loops::Ty::I64)];
        let body = self.b.try_block(|b| {
            let value = library::create::linspace_value(b, dtype, ends[0], ends[1], num, endpoint, indices[0])?;
            target.store(b, dtype, &indices, value);
            Ok::<(), Unsupported>(())
        });
        let body = self.no_library(body)?;
        self.b.push_nest(vec![num], indices, body);
        Ok(self.buffer_node(dtype, vec![num], target))
    }

    fn concatenate(&mut self, items: &[Expr], axis: usize, ty: &Type) -> Outcome<NodeId> {
        let dtype = self.element_dtype(ty)?;
        let mut nodes = Vec::new();
        for item in items {
            let node = self.array(item)?;
            nodes.push(node);
        }
        let mut shape = self.graph.shape(nodes[0]).to_vec();
        for (position, node) in nodes.iter().enumerate().skip(1) {
            let other = self.graph.shape(*node).to_vec();
            for (n, (expected, found)) in shape.clone().iter().zip(&other).enumerate() {
                if n == axis {
                    continue;
                }
                let ok = self.equal(*expected, *found);
                let pattern = format!(
                    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension {n}, the array at index 0 has size {{}} and the array at index {position} has size {{}}"
                );
                self.check_shapes(ok, &pattern, &pattern, vec![*expected, *found]);
            }
            shape[axis] = arithmetic::add(&mut self.b, shape[axis], other[axis]);
        }
        if self.b.as_int(shape[axis]).is_none() {
            self.facts.extent(shape[axis]);
        }
        let target = self.allocate(dtype, &shape, false);
        let mut start = self.b.i64(0);
        for node in nodes {
            let part = self.graph.shape(node).to_vec();
            let subscripts: Vec<Subscript> = part
                .iter()
                .enumerate()
                .map(|(n, extent)| Subscript::Run { start: (n == axis).then_some(start), step: None, count: *extent })
                .collect();
            start = arithmetic::add(&mut self.b, start, part[axis]);
            self.copy_part(&target, dtype, &shape, &subscripts, node)?;
        }
        Ok(self.buffer_node(dtype, shape, target))
    }

    fn copy_part(&mut self, target: &Buffer, dtype: Dtype, shape: &[ValueId], subscripts: &[Subscript], part: NodeId) -> Outcome<()> {
        let whole = self.buffer_node(dtype, shape.to_vec(), target.clone());
        let selection = self.select_view(whole, subscripts);
        let Some(buffer) = self.graph.buffer(selection).cloned() else { return Err(self.internal("no memory")) };
        let shape = self.graph.shape(selection).to_vec();
        self.store_nest(&buffer, dtype, &shape, part)
    }

    fn stack(&mut self, items: &[Expr], axis: usize, ty: &Type) -> Outcome<NodeId> {
        let dtype = self.element_dtype(ty)?;
        let mut nodes = Vec::new();
        for item in items {
            let node = self.array(item)?;
            nodes.push(node);
        }
        let part = self.graph.shape(nodes[0]).to_vec();
        for node in &nodes[1..] {
            let other = self.graph.shape(*node).to_vec();
            let pairs: Vec<(ValueId, ValueId)> = part.iter().copied().zip(other).collect();
            let ok = self.all_equal(&pairs);
            let failure = self.raises("ValueError", "all input arrays must have the same shape");
            self.check(ok, failure, Vec::new());
        }
        let mut shape = part.clone();
        shape.insert(axis, self.b.i64(i64::try_from(nodes.len()).unwrap_or(i64::MAX)));
        let target = self.allocate(dtype, &shape, false);
        for (position, node) in nodes.into_iter().enumerate() {
            let mut subscripts: Vec<Subscript> =
                part.iter().map(|extent| Subscript::Run { start: None, step: None, count: *extent }).collect();
            subscripts.insert(axis, Subscript::At(self.b.i64(i64::try_from(position).unwrap_or(i64::MAX))));
            self.copy_part(&target, dtype, &shape, &subscripts, node)?;
        }
        Ok(self.buffer_node(dtype, shape, target))
    }
}
