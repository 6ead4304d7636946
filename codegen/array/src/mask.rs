//! Boolean masks in subscripts: selections are counted, then copied; stores write where the mask is true.

use crate::arithmetic;
use crate::element::{Evaluator, Mode};
use crate::ir::{Buffer, NodeId};
use crate::library;
use crate::lowering::{Lowering, Outcome, message};
use crate::view::Subscript;
use hypersonic_loops::{Compare, FailureKind, Likely, Order, Stmt, Ty, ValueId};
use hypersonic_math::scalar::Unsupported;
use hypersonic_math::{Number, convert};
use hypersonic_ops::{Dtype, ScalarOp};
use hypersonic_typed::ir::{Expr, Index};

/// A subscript with a mask, taken apart.
struct Masked {
    /// The array after all other subscripts: axes before the mask, those of the mask, those after.
    view: NodeId,
    /// The mask.
    mask: NodeId,
    /// How many axes stand before it.
    before: usize,
    /// How many axes it covers.
    rank: usize,
}

/// What is done with the selected elements, and their position along the axis that replaces the mask's.
type Visit<'a> = dyn FnMut(&mut hypersonic_loops::Builder, &[ValueId], ValueId) -> Result<(), Unsupported> + 'a;

impl Lowering<'_, '_> {
    fn masked(&mut self, array: NodeId, index: &[Index]) -> Outcome<Masked> {
        let shape = self.graph.shape(array).to_vec();
        let Some(position) = index.iter().position(|each| matches!(each, Index::Mask(_))) else {
            return Err(self.internal("no mask"));
        };
        let separated = index.iter().enumerate().any(|(n, each)| {
            let between = &index[n.min(position)..n.max(position)];
            matches!(each, Index::Integer(_)) && between[1.min(between.len())..].iter().any(|other| !matches!(other, Index::Integer(_)))
        });
        let free_before = index[..position].iter().any(|each| !matches!(each, Index::Integer(_)));
        if index.iter().skip(position + 1).any(|each| matches!(each, Index::Mask(_))) || (separated && free_before) {
            return Err(self.unsupported("this mix of masks and integers in a subscript has no compiled form"));
        }
        let axis = index[..position].iter().filter(|each| !matches!(each, Index::NewAxis)).count();
        let mut subscripts = self.subscripts(&shape[..axis], &index[..position])?;
        let before = subscripts.iter().filter(|each| !matches!(each, Subscript::At(_))).count();
        let Index::Mask(expr) = &index[position] else { return Err(self.internal("no mask")) };
        let (mask, rank) = self.mask(expr, &shape, axis)?;
        for extent in &shape[axis..axis + rank] {
            subscripts.push(Subscript::Run { start: None, step: None, count: *extent });
        }
        subscripts.extend(self.subscripts(&shape[axis + rank..], &index[position + 1..])?);
        let view = self.select_view(array, &subscripts);
        Ok(Masked { view, mask, before, rank })
    }

    fn mask(&mut self, expr: &Expr, shape: &[ValueId], axis: usize) -> Outcome<(NodeId, usize)> {
        let mask = self.array(expr)?;
        let extents = self.graph.shape(mask).to_vec();
        if axis + extents.len() > shape.len() {
            return Err(self.internal("a mask of too many axes"));
        }
        for (n, (extent, full)) in extents.iter().zip(&shape[axis..]).enumerate() {
            let ok = self.equal(*extent, *full);
            let pattern = format!(
                "boolean index did not match indexed array along axis {}; size of axis is {{}} but size of corresponding boolean axis is {{}}",
                axis + n
            );
            if self.b.as_int(ok) != Some(1) {
                let failure = self.failure(FailureKind::Raise("IndexError".to_owned()), message(&pattern));
                self.check(ok, failure, vec![*full, *extent]);
            }
        }
        let mask = if self.cost(mask) > 8 { self.materialise(mask)? } else { mask };
        Ok((mask, extents.len()))
    }

    /// How many elements of a mask are true.
    pub fn count_true(&mut self, mask: NodeId) -> Outcome<ValueId> {
        let counter = self.b.variable("count", Ty::I64);
        let zero = self.b.i64(0);
        self.b.set(counter, zero);
        let extents = self.graph.shape(mask).to_vec();
        let Self { b, graph, .. } = self;
        let outcome = library::each_of(b, &extents, Order::Sequential, &mut |b, indices| {
            let truth = Evaluator::new(graph, Mode::Broadcast).element(b, mask, indices)?.real();
            let one = b.cast(hypersonic_loops::Cast::ZeroExtend, truth, Ty::I64);
            let before = b.read(counter);
            let after = b.add(before, one);
            b.set(counter, after);
            Ok(())
        });
        outcome.map_err(|unsupported| self.no_operation(unsupported))?;
        let count = self.b.read(counter);
        self.facts.extent(count);
        Ok(count)
    }

    /// Visits the selected elements in C order of the mask, and within each all axes before and after.
    fn each_selected(&mut self, masked: &Masked, visit: &mut Visit) -> Outcome<()> {
        let counter = self.b.variable("selected", Ty::I64);
        let zero = self.b.i64(0);
        self.b.set(counter, zero);
        let shape = self.graph.shape(masked.view).to_vec();
        let (before, rest) = shape.split_at(masked.before);
        let (middle, after) = rest.split_at(masked.rank);
        let others = [before, after].concat();
        let Self { b, graph, .. } = self;
        let outcome = library::each_of(b, middle, Order::Sequential, &mut |b, mask_indices| {
            let truth = Evaluator::new(graph, Mode::Broadcast).element(b, masked.mask, mask_indices)?.real();
            let then = b.try_block(|b| {
                let position = b.read(counter);
                library::each_of(b, &others, Order::Sequential, &mut |b, other_indices| {
                    let (first, last) = other_indices.split_at(before.len());
                    visit(b, &[first, mask_indices, last].concat(), position)
                })?;
                let one = b.i64(1);
                let next = b.add(position, one);
                b.set(counter, next);
                Ok(())
            })?;
            b.push(Stmt::If { condition: truth, then, otherwise: Vec::new(), likely: Likely::Unknown });
            Ok(())
        });
        outcome.map_err(|unsupported| self.no_operation(unsupported))
    }

    /// `array[..., mask, ...]`: a fresh array.
    pub fn mask_load(&mut self, array: NodeId, index: &[Index]) -> Outcome<NodeId> {
        let masked = self.masked(array, index)?;
        let count = self.count_true(masked.mask)?;
        let dtype = self.graph.dtype(array);
        let view_shape = self.graph.shape(masked.view).to_vec();
        let shape = [&view_shape[..masked.before], &[count], &view_shape[masked.before + masked.rank..]].concat();
        let buffer = self.allocate(dtype, &shape, false);
        let graph = self.graph.clone();
        let (before, rank) = (masked.before, masked.rank);
        let (view, target) = (masked.view, buffer.clone());
        self.each_selected(&masked, &mut |b, indices, position| {
            let number = Evaluator::new(&graph, Mode::Broadcast).element(b, view, indices)?;
            let place = [&indices[..before], &[position], &indices[before + rank..]].concat();
            target.store(b, dtype, &place, number);
            Ok(())
        })?;
        Ok(self.buffer_node(dtype, shape, buffer))
    }

    /// `array[..., mask, ...] = value`, or `op= value` in a loop dtype.
    pub fn mask_store(&mut self, array: NodeId, index: &[Index], value: NodeId, update: Option<(ScalarOp, Dtype)>) -> Outcome<()> {
        let mut masked = self.masked(array, index)?;
        let Some(buffer) = self.graph.buffer(masked.view).cloned() else { return Err(self.internal("a store to no memory")) };
        if self.may_disturb(&buffer, &masked, masked.mask) {
            masked.mask = self.materialise(masked.mask)?;
        }
        if self.graph.shape(value).is_empty() {
            return self.mask_store_number(&masked, &buffer, value, update);
        }
        let count = self.count_true(masked.mask)?;
        let view_shape = self.graph.shape(masked.view).to_vec();
        let shape = [&view_shape[..masked.before], &[count], &view_shape[masked.before + masked.rank..]].concat();
        let value = if self.may_disturb(&buffer, &masked, value) || update.is_some() { self.materialise_copy(value)? } else { value };
        self.check_mask_value(value, &shape, count);
        let graph = self.graph.clone();
        let (before, rank, view) = (masked.before, masked.rank, masked.view);
        let dtype = self.graph.dtype(view);
        let value_dtype = self.graph.dtype(value);
        self.each_selected(&masked, &mut |b, indices, position| {
            let place = [&indices[..before], &[position], &indices[before + rank..]].concat();
            let skipped = place.len().saturating_sub(graph.shape(value).len());
            let new = Evaluator::new(&graph, Mode::Broadcast).element(b, value, &place[skipped..])?;
            let number = updated(b, &buffer, dtype, indices, (new, value_dtype), update)?;
            buffer.store(b, dtype, indices, number);
            Ok(())
        })?;
        self.commit();
        Ok(())
    }

    fn materialise_copy(&mut self, value: NodeId) -> Outcome<NodeId> {
        let (dtype, shape) = (self.graph.dtype(value), self.graph.shape(value).to_vec());
        let copy = self.graph.add(dtype, shape, crate::ir::NodeKind::Convert(value));
        self.materialise(copy)
    }

    fn check_mask_value(&mut self, value: NodeId, shape: &[ValueId], count: ValueId) {
        let value_shape = self.graph.shape(value).to_vec();
        if value_shape.len() != 1 || shape.len() != 1 {
            self.check_assignable(&value_shape, shape);
            return;
        }
        let one = self.b.i64(1);
        let equal = self.equal(value_shape[0], count);
        let single = arithmetic::compare(&mut self.b, Compare::Eq, value_shape[0], one);
        let ok = arithmetic::or(&mut self.b, equal, single);
        let pattern =
            "NumPy boolean array indexing assignment cannot assign {} input values to the {} output values where the mask is true";
        self.check_shapes(ok, pattern, pattern, vec![value_shape[0], count]);
    }

    /// Whether a store to a buffer may change what a node reads at other indices than those written.
    fn may_disturb(&mut self, buffer: &Buffer, masked: &Masked, node: NodeId) -> bool {
        let (dtype, shape) = (self.graph.dtype(masked.view), self.graph.shape(masked.view).to_vec());
        let hazard = self.hazard(buffer, dtype, &shape, node);
        self.b.as_int(hazard) != Some(0)
    }

    fn mask_store_number(&mut self, masked: &Masked, buffer: &Buffer, value: NodeId, update: Option<(ScalarOp, Dtype)>) -> Outcome<()> {
        let number = self.element_at(value, &[])?;
        let value_dtype = self.graph.dtype(value);
        let dtype = self.graph.dtype(masked.view);
        let number = match update {
            None => convert::convert(&mut self.b, value_dtype, dtype, number),
            Some(_) => number,
        };
        let shape = self.graph.shape(masked.view).to_vec();
        let (before, rank) = (masked.before, masked.rank);
        if shape.is_empty() {
            return Err(self.unsupported("a mask of no axes has no compiled form"));
        }
        let Self { b, graph, .. } = self;
        let indices: Vec<ValueId> = shape.iter().map(|_| b.bound(Ty::I64)).collect();
        let body = b.try_block(|b| {
            let truth = Evaluator::new(graph, Mode::Broadcast).element(b, masked.mask, &indices[before..before + rank])?.real();
            let then = b.try_block(|b| {
                let number = match update {
                    None => number,
                    Some(_) => updated(b, buffer, dtype, &indices, (number, value_dtype), update)?,
                };
                buffer.store(b, dtype, &indices, number);
                Ok::<(), Unsupported>(())
            })?;
            b.push(Stmt::If { condition: truth, then, otherwise: Vec::new(), likely: Likely::Unknown });
            Ok::<(), Unsupported>(())
        });
        let body = body.map_err(|unsupported| self.no_operation(unsupported))?;
        self.b.push_nest(shape, indices, body);
        self.commit();
        Ok(())
    }
}

/// What is stored: the value, or the old element combined with it.
fn updated(
    b: &mut hypersonic_loops::Builder,
    buffer: &Buffer,
    dtype: Dtype,
    indices: &[ValueId],
    (value, value_dtype): (Number, Dtype),
    update: Option<(ScalarOp, Dtype)>,
) -> Result<Number, Unsupported> {
    let Some((op, loop_dtype)) = update else { return Ok(convert::convert(b, value_dtype, dtype, value)) };
    let old = buffer.load(b, dtype, indices);
    let old = convert::convert(b, dtype, loop_dtype, old);
    let value = convert::convert(b, value_dtype, loop_dtype, value);
    let new = hypersonic_math::scalar::emit(b, op, loop_dtype, &[old, value])?;
    Ok(convert::convert(b, hypersonic_math::scalar::result_dtype(op, loop_dtype), dtype, new))
}
