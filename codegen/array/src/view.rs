//! Views: basic subscripts, permuted axes, real and imaginary parts. A view of memory is memory; a view of
//! a delayed array is a delayed array.

use crate::arithmetic::{self, compare, mul, select};
use crate::facts::{EXTENT_LIMIT, Fact};
use crate::ir::{AxisSource, Buffer, NodeId, NodeKind};
use crate::lowering::{Lowering, Outcome, message};
use hypersonic_loops::{Binary, Compare, FailureId, FailureKind, ValueId};
use hypersonic_ops::Dtype;
use hypersonic_typed::ir::{Expr, Index};

/// One subscript, evaluated.
#[derive(Clone, Copy, Debug)]
pub enum Subscript {
    /// This index, in range.
    At(ValueId),
    /// `start + step * i` for `i` in `0..count`; absent: 0 and 1.
    Run {
        /// First index.
        start: Option<ValueId>,
        /// Step.
        step: Option<ValueId>,
        /// How many.
        count: ValueId,
    },
    /// A new axis of extent 1.
    New,
}

impl Lowering<'_, '_> {
    /// Evaluates subscripts without masks against a shape; missing ones are full.
    pub fn subscripts(&mut self, shape: &[ValueId], index: &[Index]) -> Outcome<Vec<Subscript>> {
        let mut subscripts = Vec::new();
        let mut axis = 0;
        for each in index {
            if matches!(each, Index::NewAxis) {
                subscripts.push(Subscript::New);
                continue;
            }
            let Some(extent) = shape.get(axis).copied() else { return Err(self.internal("too many subscripts")) };
            subscripts.push(match each {
                Index::Integer(value) => Subscript::At(self.integer_index(value, extent, axis)?),
                Index::Slice(lower, upper, step) => self.slice(lower.as_ref(), upper.as_ref(), step.as_ref(), extent)?,
                Index::Mask(_) | Index::Array(_) | Index::NewAxis => return Err(self.internal("an array among basic subscripts")),
            });
            axis += 1;
        }
        for extent in &shape[axis..] {
            subscripts.push(Subscript::Run { start: None, step: None, count: *extent });
        }
        Ok(subscripts)
    }

    /// An index in range, counted from the start.
    pub fn integer_index(&mut self, value: &Expr, extent: ValueId, axis: usize) -> Outcome<ValueId> {
        let span = std::mem::replace(&mut self.span, value.span);
        let number = self.scalar(value)?;
        let dtype = value.ty.dtype().unwrap_or(Dtype::I64);
        if dtype == Dtype::U64 {
            self.require_index(number.real());
        }
        let given = crate::constant::convert(&mut self.b, dtype, Dtype::I64, number).real();
        let index = self.in_range(given, extent, |this| {
            let pattern = format!("index {{}} is out of bounds for axis {axis} with size {{}}");
            (this.failure(FailureKind::Raise("IndexError".to_owned()), message(&pattern)), vec![given, extent])
        });
        self.span = span;
        Ok(index)
    }

    /// An index counted from the start, checked to be below `extent`; `failure` says what happens if it is not.
    pub fn in_range(&mut self, given: ValueId, extent: ValueId, failure: impl FnOnce(&mut Self) -> (FailureId, Vec<ValueId>)) -> ValueId {
        let mut index = given;
        if !self.facts.non_negative(&self.b, given) {
            let zero = self.b.i64(0);
            let negative = compare(&mut self.b, Compare::SLt, given, zero);
            let wrapped = self.b.add(given, extent);
            index = select(&mut self.b, negative, wrapped, given);
        }
        if self.facts.non_negative(&self.b, index) && self.facts.less(&self.b, index, extent) {
            return index;
        }
        let ok = compare(&mut self.b, Compare::ULt, index, extent);
        let (failure, values) = failure(self);
        self.check(ok, failure, values);
        if self.b.as_int(index).is_none() {
            let known = self.facts.of(&self.b, index);
            let below = self.facts.of(&self.b, extent).base.or(known.below);
            self.facts.learn(index, Fact { low: known.low.max(0), high: known.high.min(EXTENT_LIMIT), base: known.base, below });
        }
        index
    }

    /// NumPy asks for a C long: a uint64 of 2^63 and above is none, however many axes there are.
    fn require_index(&mut self, value: ValueId) {
        if !self.facts.non_negative(&self.b, value) {
            let zero = self.b.i64(0);
            let ok = compare(&mut self.b, Compare::SGe, value, zero);
            let failure = self.raises("OverflowError", "Python int too large to convert to C long");
            self.check(ok, failure, Vec::new());
            let known = self.facts.of(&self.b, value);
            self.facts.learn(value, Fact { low: known.low.max(0), ..known });
        }
    }

    /// The selection as a node: memory if the array is in memory.
    pub fn select_view(&mut self, array: NodeId, subscripts: &[Subscript]) -> NodeId {
        let dtype = self.graph.dtype(array);
        let mut shape = Vec::new();
        for subscript in subscripts {
            match subscript {
                Subscript::Run { count, .. } => shape.push(*count),
                Subscript::New => shape.push(self.b.i64(1)),
                Subscript::At(_) => {}
            }
        }
        match self.graph.buffer(array).cloned() {
            Some(buffer) => {
                let view = self.buffer_view(&buffer, dtype, &shape, subscripts);
                self.buffer_node(dtype, shape, view)
            }
            None => {
                let mut axes = Vec::new();
                let mut axis = 0;
                for subscript in subscripts {
                    match *subscript {
                        Subscript::At(index) => axes.push(AxisSource::Fixed(index)),
                        Subscript::Run { start, step, .. } => {
                            axes.push(AxisSource::Along { axis, start, step });
                            axis += 1;
                        }
                        Subscript::New => axis += 1,
                    }
                }
                self.graph.add(dtype, shape, NodeKind::View(array, axes))
            }
        }
    }

    fn buffer_view(&mut self, buffer: &Buffer, dtype: Dtype, shape: &[ValueId], subscripts: &[Subscript]) -> Buffer {
        let mut data = buffer.data;
        let mut strides = Vec::new();
        let mut source = buffer.strides.iter();
        for subscript in subscripts {
            match *subscript {
                Subscript::New => strides.push(self.b.i64(dtype.size().cast_signed())),
                Subscript::At(index) => {
                    if let Some(stride) = source.next() {
                        data = self.moved(data, index, *stride);
                    }
                }
                Subscript::Run { start, step, .. } => {
                    let Some(stride) = source.next() else { continue };
                    if let Some(start) = start {
                        data = self.moved(data, start, *stride);
                    }
                    strides.push(match step {
                        Some(step) => mul(&mut self.b, *stride, step),
                        None => *stride,
                    });
                }
            }
        }
        let contiguous = self.is_packed(shape, &strides, dtype);
        Buffer { data, strides, contiguous, ..buffer.clone() }
    }

    /// Whether strides are literally those of a contiguous array of that shape.
    fn is_packed(&self, shape: &[ValueId], strides: &[ValueId], dtype: Dtype) -> bool {
        let mut expected: Option<(ValueId, ValueId)> = None;
        for (extent, stride) in shape.iter().zip(strides).rev() {
            let fits = match expected {
                None => self.b.as_int(*stride) == Some(dtype.size().cast_signed()),
                Some((inner_extent, inner_stride)) => {
                    match (self.b.as_int(inner_extent), self.b.as_int(inner_stride), self.b.as_int(*stride)) {
                        (Some(extent), Some(inner), Some(outer)) => extent.checked_mul(inner) == Some(outer),
                        (Some(1), ..) => *stride == inner_stride,
                        _ => self.is_product(*stride, inner_stride, inner_extent),
                    }
                }
            };
            if !fits {
                return false;
            }
            expected = Some((*extent, *stride));
        }
        true
    }

    fn is_product(&self, value: ValueId, x: ValueId, y: ValueId) -> bool {
        match self.b.inst(value) {
            hypersonic_loops::Inst::Binary(Binary::MulExact, p, q) => {
                let same = |m, n| arithmetic::same(&self.b, m, n);
                (same(p, x) && same(q, y)) || (same(p, y) && same(q, x))
            }
            _ => value == y && self.b.as_int(x) == Some(1),
        }
    }

    fn moved(&mut self, data: ValueId, index: ValueId, stride: ValueId) -> ValueId {
        let bytes = mul(&mut self.b, index, stride);
        if self.b.as_int(bytes) == Some(0) { data } else { self.b.offset(data, bytes) }
    }

    /// Axis `i` of the result is axis `axes[i]`.
    pub fn transpose(&mut self, array: NodeId, axes: &[u8]) -> NodeId {
        let dtype = self.graph.dtype(array);
        let from = self.graph.shape(array).to_vec();
        let shape: Vec<ValueId> = axes.iter().map(|axis| from[usize::from(*axis)]).collect();
        match self.graph.buffer(array).cloned() {
            Some(buffer) => {
                let strides = axes.iter().map(|axis| buffer.strides[usize::from(*axis)]).collect();
                let contiguous = buffer.contiguous && axes.iter().enumerate().all(|(n, axis)| n == usize::from(*axis));
                self.buffer_node(dtype, shape, Buffer { strides, contiguous, ..buffer })
            }
            None => {
                let mut sources = vec![AxisSource::Along { axis: 0, start: None, step: None }; axes.len()];
                for (axis, source) in axes.iter().enumerate() {
                    sources[usize::from(*source)] = AxisSource::Along { axis, start: None, step: None };
                }
                self.graph.add(dtype, shape, NodeKind::View(array, sources))
            }
        }
    }

    /// `.real` or `.imag` of a complex array.
    pub fn complex_part(&mut self, array: NodeId, real: bool) -> Outcome<NodeId> {
        let dtype = self.graph.dtype(array).real();
        let shape = self.graph.shape(array).to_vec();
        if self.graph.buffer(array).is_none() {
            let op = if real { hypersonic_ops::ScalarOp::Real } else { hypersonic_ops::ScalarOp::Imag };
            let loop_dtype = self.graph.dtype(array);
            return Ok(self.graph.add(dtype, shape, NodeKind::Map { op, loop_dtype, operands: vec![array] }));
        }
        let (shape, buffer) = self.in_memory(array)?;
        let size = self.b.i64(dtype.size().cast_signed());
        let data = if real { buffer.data } else { self.b.offset(buffer.data, size) };
        Ok(self.buffer_node(dtype, shape, Buffer { data, contiguous: false, ..buffer }))
    }
}
