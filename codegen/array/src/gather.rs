//! Integer arrays in subscripts, as NumPy's advanced indexing has it, and `nonzero`, which makes such arrays. Places are checked and
//! counted from the start in memory of their own, before anything is read or written there.

use crate::arithmetic::{self, compare, select};
use crate::broadcast::shape_pattern;
use crate::element::{Evaluator, Mode};
use crate::ir::{Buffer, Graph, NodeId};
use crate::library;
use crate::lowering::{Lowering, Outcome, Value, message};
use crate::view::Subscript;
use hypersonic_loops::{Builder, Compare, FailureKind, Likely, Order, Stmt, Ty, ValueId};
use hypersonic_math::scalar::Unsupported;
use hypersonic_math::{Number, convert};
use hypersonic_ops::Dtype;
use hypersonic_typed::ir::{Expr, Index};

/// A subscript with integer arrays, taken apart.
struct Gathered {
    /// The array after all other subscripts.
    view: NodeId,
    /// Per axis of the view, the array of places that selects along it.
    places: Vec<Option<NodeId>>,
    /// Before how many of the other axes those of the arrays come.
    at: usize,
    /// The extents to which the arrays broadcast.
    extents: Vec<ValueId>,
    /// The extents of the selection.
    shape: Vec<ValueId>,
}

impl Gathered {
    /// The element of the view that an index of the selection means.
    fn inner(&self, b: &mut Builder, graph: &Graph, indices: &[ValueId]) -> Result<Vec<ValueId>, Unsupported> {
        let (before, rest) = indices.split_at(self.at);
        let (selected, after) = rest.split_at(self.extents.len());
        let mut others = before.iter().chain(after);
        let mut inner = Vec::with_capacity(self.places.len());
        for places in &self.places {
            inner.push(match places {
                Some(places) => Evaluator::new(graph, Mode::Broadcast).element(b, *places, selected)?.real(),
                None => others.next().copied().unwrap_or_else(|| b.i64(0)),
            });
        }
        Ok(inner)
    }
}

impl Lowering<'_, '_> {
    fn gathered(&mut self, array: NodeId, index: &[Index]) -> Outcome<Gathered> {
        let shape = self.graph.shape(array).to_vec();
        let mut nodes = Vec::new();
        let mut basic = Vec::new();
        let mut axis = 0;
        for each in index {
            match each {
                Index::Array(places) => {
                    let node = self.array(places)?;
                    nodes.push((basic.len(), axis, node));
                    basic.push(Index::Slice(None, None, None));
                }
                other => basic.push(other.clone()),
            }
            axis += usize::from(!matches!(each, Index::NewAxis));
        }
        let subscripts = self.subscripts(&shape, &basic)?;
        let advanced: Vec<usize> = (0..index.len()).filter(|n| matches!(index[*n], Index::Array(_) | Index::Integer(_))).collect();
        let neighbours = advanced.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        let first = if neighbours { advanced.first().copied().unwrap_or(0) } else { 0 };
        let at = subscripts[..first].iter().filter(|each| !matches!(each, Subscript::At(_))).count();
        let extents = self.broadcast_places(&nodes.iter().map(|(_, _, node)| *node).collect::<Vec<_>>());
        let mut places = vec![None; subscripts.len()];
        for (position, axis, node) in nodes {
            places[position] = Some(self.checked_places(node, shape[axis], axis)?);
        }
        let view = self.select_view(array, &subscripts);
        let places: Vec<Option<NodeId>> =
            places.into_iter().zip(&subscripts).filter(|(_, each)| !matches!(each, Subscript::At(_))).map(|(places, _)| places).collect();
        let free = self.graph.shape(view).iter().zip(&places).filter(|(_, places)| places.is_none()).map(|(extent, _)| *extent);
        let mut shape: Vec<ValueId> = free.collect();
        shape.splice(at..at, extents.iter().copied());
        Ok(Gathered { view, places, at, extents, shape })
    }

    /// The shape to which arrays of places broadcast.
    fn broadcast_places(&mut self, nodes: &[NodeId]) -> Vec<ValueId> {
        let shapes: Vec<Vec<ValueId>> = nodes.iter().map(|node| self.graph.shape(*node).to_vec()).collect();
        let rank = shapes.iter().map(Vec::len).max().unwrap_or(0);
        let mut ok = self.b.bool(true);
        let one = self.b.i64(1);
        let mut result = Vec::new();
        for axis in 0..rank {
            let mut extents = shapes.iter().filter(|shape| shape.len() + axis >= rank).map(|shape| shape[shape.len() + axis - rank]);
            let mut all = extents.next().unwrap_or(one);
            for extent in extents {
                let equal = self.equal(all, extent);
                let single = compare(&mut self.b, Compare::Eq, all, one);
                let other_single = compare(&mut self.b, Compare::Eq, extent, one);
                let either = arithmetic::or(&mut self.b, single, other_single);
                let fits = arithmetic::or(&mut self.b, equal, either);
                ok = arithmetic::and(&mut self.b, ok, fits);
                all = select(&mut self.b, single, extent, all);
            }
            if self.b.as_int(all).is_none() {
                self.facts.extent(all);
            }
            result.push(all);
        }
        let list: String = shapes.iter().map(|shape| format!("{} ", shape_pattern(shape.len()))).collect();
        let short = "shape mismatch: indexing arrays could not be broadcast together";
        let values = shapes.concat();
        let fits = values.len() <= 8;
        let pattern = if fits { format!("{short} with shapes {list}") } else { short.to_owned() };
        let failure = self.failure(FailureKind::Raise("IndexError".to_owned()), message(&pattern));
        self.check(ok, failure, if fits { values } else { Vec::new() });
        result
    }

    /// An array of places in range, counted from the start, in memory of its own.
    fn checked_places(&mut self, node: NodeId, extent: ValueId, axis: usize) -> Outcome<NodeId> {
        let (dtype, shape) = (self.graph.dtype(node), self.graph.shape(node).to_vec());
        let target = self.allocate(Dtype::I64, &shape, false);
        let pattern = format!("index {{}} is out of bounds for axis {axis} with size {{}}");
        let failure = self.failure(FailureKind::Raise("IndexError".to_owned()), message(&pattern));
        let store = target.clone();
        let Self { b, graph, .. } = self;
        let outcome = library::each_of(b, &shape, Order::Sequential, &mut |b, indices| {
            let number = Evaluator::new(graph, Mode::Broadcast).element(b, node, indices)?;
            let given = convert::convert(b, dtype, Dtype::I64, number).real();
            let zero = b.i64(0);
            let negative = b.compare(Compare::SLt, given, zero);
            let wrapped = b.add(given, extent);
            let place = b.select(negative, wrapped, given);
            let ok = b.compare(Compare::ULt, place, extent);
            b.check(ok, failure, vec![given, extent]);
            store.store(b, Dtype::I64, indices, Number::Real(place));
            Ok(())
        });
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        self.worked = true;
        Ok(self.buffer_node(Dtype::I64, shape, target))
    }

    /// `array[..., places, ...]`: a fresh array.
    pub fn gather(&mut self, array: NodeId, index: &[Index]) -> Outcome<NodeId> {
        let gathered = self.gathered(array, index)?;
        let dtype = self.graph.dtype(array);
        let target = self.allocate(dtype, &gathered.shape, false);
        let Self { b, graph, .. } = self;
        let indices: Vec<ValueId> = gathered.shape.iter().map(|_| b.bound(Ty::I64)).collect();
        let body = b.try_block(|b| {
            let inner = gathered.inner(b, graph, &indices)?;
            let number = Evaluator::new(graph, Mode::Broadcast).element(b, gathered.view, &inner)?;
            target.store(b, dtype, &indices, number);
            Ok::<(), Unsupported>(())
        });
        let body = body.map_err(|unsupported| self.no_operation(unsupported))?;
        self.b.push_nest(gathered.shape.clone(), indices, body);
        Ok(self.buffer_node(dtype, gathered.shape, target))
    }

    /// `array[..., places, ...] = value`: in order, so that the last of equal places wins.
    pub fn scatter(&mut self, array: NodeId, index: &[Index], value: NodeId) -> Outcome<()> {
        let gathered = self.gathered(array, index)?;
        let Some(buffer) = self.graph.buffer(gathered.view).cloned() else { return Err(self.internal("a store to no memory")) };
        let value = self.apart_from(&buffer, gathered.view, value)?;
        self.check_selection(value, &gathered.shape);
        let (dtype, from) = (self.graph.dtype(array), self.graph.dtype(value));
        let Self { b, graph, .. } = self;
        let outcome = library::each_of(b, &gathered.shape, Order::Sequential, &mut |b, indices| {
            let skipped = indices.len().saturating_sub(graph.shape(value).len());
            let number = Evaluator::new(graph, Mode::Broadcast).element(b, value, &indices[skipped..])?;
            let number = convert::convert(b, from, dtype, number);
            let inner = gathered.inner(b, graph, indices)?;
            buffer.store(b, dtype, &inner, number);
            Ok(())
        });
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        self.commit();
        Ok(())
    }

    /// The value, copied if it may read what is written.
    fn apart_from(&mut self, buffer: &Buffer, view: NodeId, value: NodeId) -> Outcome<NodeId> {
        let (dtype, shape) = (self.graph.dtype(view), self.graph.shape(view).to_vec());
        if self.graph.shape(value).is_empty() {
            let number = self.element_at(value, &[])?;
            let dtype = self.graph.dtype(value);
            return Ok(self.scalar_node(dtype, number));
        }
        let hazard = self.hazard(buffer, dtype, &shape, value);
        if self.b.as_int(hazard) == Some(0) && self.cost(value) <= 1 {
            return Ok(value);
        }
        let (dtype, shape) = (self.graph.dtype(value), self.graph.shape(value).to_vec());
        let copy = self.graph.add(dtype, shape, crate::ir::NodeKind::Convert(value));
        self.materialise(copy)
    }

    fn check_selection(&mut self, value: NodeId, selection: &[ValueId]) {
        let shape = self.graph.shape(value).to_vec();
        let one = self.b.i64(1);
        let mut ok = self.b.bool(shape.len() <= selection.len());
        for (extent, full) in shape.iter().rev().zip(selection.iter().rev()) {
            let equal = self.equal(*extent, *full);
            let single = compare(&mut self.b, Compare::Eq, *extent, one);
            let either = arithmetic::or(&mut self.b, equal, single);
            ok = arithmetic::and(&mut self.b, ok, either);
        }
        let pattern = format!(
            "shape mismatch: value array of shape {} could not be broadcast to indexing result of shape {}",
            shape_pattern(shape.len()),
            shape_pattern(selection.len())
        );
        self.check_shapes(ok, &pattern, "shape mismatch: value array could not be broadcast", [&shape[..], selection].concat());
    }

    /// Where an array is true: its places, an array per axis.
    pub fn nonzero(&mut self, array: &Expr) -> Outcome<Value> {
        let node = self.array(array)?;
        let node = if self.cost(node) > 8 { self.materialise(node)? } else { node };
        let truths = self.cast_node(node, Dtype::Bool);
        let count = self.count_true(truths)?;
        let extents = self.graph.shape(truths).to_vec();
        let targets: Vec<Buffer> = extents.iter().map(|_| self.allocate(Dtype::I64, &[count], false)).collect();
        let counter = self.b.variable("found", Ty::I64);
        let zero = self.b.i64(0);
        self.b.set(counter, zero);
        let Self { b, graph, .. } = self;
        let outcome = library::each_of(b, &extents, Order::Sequential, &mut |b, indices| {
            let truth = Evaluator::new(graph, Mode::Broadcast).element(b, truths, indices)?.real();
            let then = b.block(|b| {
                let position = b.read(counter);
                for (target, index) in targets.iter().zip(indices) {
                    target.store(b, Dtype::I64, &[position], Number::Real(*index));
                }
                let one = b.i64(1);
                let next = b.add(position, one);
                b.set(counter, next);
            });
            b.push(Stmt::If { condition: truth, then, otherwise: Vec::new(), likely: Likely::Unknown });
            Ok(())
        });
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        let found = targets.into_iter().map(|target| Value::Array(self.buffer_node(Dtype::I64, vec![count], target)));
        Ok(Value::Tuple(found.collect()))
    }
}
