//! The rim of a function: frames of an entry, parameters of an internal function.

use crate::arithmetic;
use crate::facts::EXTENT_LIMIT;
use crate::ir::{Buffer, Lifetime, NodeKind};
use crate::lowering::{Descriptor, Lowering, Outcome, Value};
use hypersonic_abi::frame::A_VIEW;
use hypersonic_loops::{Binary, Cast, Compare, FailureKind, MemoryClass, Ty, ValueId};
use hypersonic_math::{Number, number};
use hypersonic_ops::{Dtype, Type};
use hypersonic_typed::ir::{Block, Expr, ExprKind, Index, StmtKind, VariableId};
use std::collections::BTreeSet;

/// Where the next argument lies in the frame.
struct Reader {
    frame: ValueId,
    class: MemoryClass,
    memory: MemoryClass,
    word: i64,
    arrays: u64,
    extents: Vec<ValueId>,
}

impl Lowering<'_, '_> {
    /// Reads the parameters of an entry from its frame.
    pub fn read_arguments(&mut self) -> Outcome<()> {
        let frame = self.b.parameter(0);
        let results = self.b.parameter(1);
        let (class, memory, result_class) = (self.b.new_class(), self.b.new_class(), self.b.new_class());
        self.results = Some((results, result_class));
        self.find_attributes(results);
        let mut reader = Reader { frame, class, memory, word: 0, arrays: 0, extents: Vec::new() };
        for variable in &self.function.parameters {
            let ty = &self.function.variables[variable.0 as usize].ty;
            let value = self.argument(&mut reader, ty);
            self.known.insert(*variable, value);
        }
        self.expect_elements(&reader.extents);
        Ok(())
    }

    /// The version for C-contiguous arrays leaves calls with empty ones to the strided version: so it knows that `a[:1]` is one element, that
    /// `a[0]` exists, that `a[1:]` and `a[:-1]` are as long.
    fn expect_elements(&mut self, extents: &[ValueId]) {
        if !self.shared.contiguous || extents.is_empty() {
            return;
        }
        let zero = self.b.i64(0);
        let mut all = self.b.bool(true);
        for extent in extents {
            let some = arithmetic::compare(&mut self.b, Compare::Ne, *extent, zero);
            all = arithmetic::and(&mut self.b, all, some);
            self.learn(*extent, 1, EXTENT_LIMIT);
        }
        let failure = self.failure(FailureKind::Strided, Vec::new());
        self.check(all, failure, Vec::new());
    }

    /// Reads the parameters of an internal function.
    pub fn read_parameters(&mut self) -> Outcome<()> {
        let class = self.b.new_class();
        let mut position = 0;
        for variable in &self.function.parameters {
            let ty = &self.function.variables[variable.0 as usize].ty;
            let count = crate::lowering::word_types(ty).len();
            let words: Vec<ValueId> = (position..position + count).map(|n| self.b.parameter(n)).collect();
            position += count;
            let value = self.from_words(ty, &mut words.into_iter(), Lifetime::Call, class)?;
            self.known.insert(*variable, value);
        }
        Ok(())
    }

    fn word(&mut self, reader: &mut Reader, ty: Ty) -> ValueId {
        let at = self.b.i64(8 * reader.word);
        reader.word += 1;
        let address = self.b.offset(reader.frame, at);
        self.b.load(ty, address, reader.class)
    }

    fn part(&mut self, reader: &mut Reader, dtype: Dtype) -> ValueId {
        let ty = number::value_ty(dtype);
        let word = self.word(reader, if ty == Ty::F64 { Ty::F64 } else { Ty::I64 });
        self.word_as(dtype, word)
    }

    /// The value of that dtype in a word of a frame, which was loaded as a float64 for a float64.
    pub(crate) fn word_as(&mut self, dtype: Dtype, word: ValueId) -> ValueId {
        match number::value_ty(dtype) {
            Ty::I64 | Ty::F64 => word,
            Ty::F32 => {
                let bits = self.b.cast(Cast::Truncate, word, Ty::I32);
                self.b.cast(Cast::Bits, bits, Ty::F32)
            }
            ty => self.b.cast(Cast::Truncate, word, ty),
        }
    }

    fn argument(&mut self, reader: &mut Reader, ty: &Type) -> Value {
        match ty {
            Type::Scalar(dtype, _) => {
                let first = self.part(reader, *dtype);
                let complex = crate::slots::parts(*dtype) == 2;
                Value::Scalar(if complex { Number::Complex(first, self.part(reader, *dtype)) } else { Number::Real(first) })
            }
            Type::Array(dtype, rank) => self.array_argument(reader, *dtype, usize::from(*rank)),
            Type::Tuple(items) => Value::Tuple(items.iter().map(|item| self.argument(reader, item)).collect()),
            _ if ty.is_object() => Value::Object(self.word(reader, Ty::I64), Lifetime::Call),
            _ => Value::Unit,
        }
    }

    fn array_argument(&mut self, reader: &mut Reader, dtype: Dtype, rank: usize) -> Value {
        let at = self.b.i64(8 * reader.word);
        let address = self.b.offset(reader.frame, at);
        let data = self.word(reader, Ty::Ptr);
        let shape: Vec<ValueId> = (0..rank).map(|_| self.word(reader, Ty::I64)).collect();
        shape.iter().for_each(|extent| self.facts.extent(*extent));
        reader.extents.extend(&shape);
        let contiguous = self.shared.contiguous;
        let strides = if contiguous {
            reader.word += i64::try_from(rank).unwrap_or_default();
            arithmetic::contiguous_strides(&mut self.b, &shape, dtype.size())
        } else {
            (0..rank).map(|_| self.word(reader, Ty::I64)).collect()
        };
        let owner = self.b.i64(hypersonic_abi::frame::borrowed_owner(reader.arrays).cast_signed());
        reader.arrays += 1;
        let buffer = Buffer { data, strides, class: reader.memory, owner, lifetime: Lifetime::Call, contiguous };
        self.descriptors.push(Descriptor { address, buffer: buffer.clone(), shape: shape.clone() });
        Value::Array(self.graph.add(dtype, shape, NodeKind::Buffer(buffer)))
    }

    /// Writes the words of a result into the frame.
    pub fn store_results(
        &mut self,
        ty: &Type,
        words: &mut dyn Iterator<Item = ValueId>,
        frame: ValueId,
        class: MemoryClass,
        word: &mut i64,
    ) {
        match ty {
            Type::Scalar(dtype, _) => {
                for _ in 0..crate::slots::parts(*dtype) {
                    let Some(value) = words.next() else { return };
                    let value = self.as_word(*dtype, value, false);
                    self.store_word(frame, class, word, value);
                }
            }
            Type::Array(_, rank) => {
                let count = 2 + 2 * usize::from(*rank);
                let all: Vec<ValueId> = words.take(count).collect();
                if let [data, owner, rest @ ..] = all.as_slice() {
                    self.store_word(frame, class, word, *owner);
                    self.store_word(frame, class, word, *data);
                    rest.iter().for_each(|value| self.store_word(frame, class, word, *value));
                }
            }
            Type::Tuple(items) => items.iter().for_each(|item| self.store_results(item, words, frame, class, word)),
            Type::Optional(inner) => {
                let Some(given) = words.next() else { return };
                let given = self.as_word(Dtype::Bool, given, false);
                self.store_word(frame, class, word, given);
                self.store_results(inner, words, frame, class, word);
            }
            _ if ty.is_object() => {
                let Some(value) = words.next() else { return };
                self.store_word(frame, class, word, value);
            }
            _ => {}
        }
    }

    /// The words of a returned value, with those owners told apart that are known to be views.
    pub fn told_views(&mut self, expr: &Expr, mut words: Vec<ValueId>) -> Vec<ValueId> {
        let body = &self.function.body;
        let mut views = Vec::new();
        view_owners(body, expr, &mut 0, &mut views);
        let bit = self.b.i64(A_VIEW.cast_signed());
        for at in views {
            if let Some(owner) = words.get(at).copied() {
                words[at] = self.b.binary(Binary::Or, owner, bit);
            }
        }
        words
    }

    pub(crate) fn store_word(&mut self, frame: ValueId, class: MemoryClass, word: &mut i64, value: ValueId) {
        let at = self.b.i64(8 * *word);
        *word += 1;
        let address = self.b.offset(frame, at);
        self.b.store(address, value, class);
    }
}

/// Where among its words the owners of a value stand that is a view of another array.
fn view_owners(body: &Block, expr: &Expr, word: &mut usize, found: &mut Vec<usize>) {
    match (&expr.kind, &expr.ty) {
        (ExprKind::Tuple(items), _) => items.iter().for_each(|item| view_owners(body, item, word, found)),
        (_, ty) => {
            if matches!(ty, Type::Array(..)) && is_view(body, expr, &mut BTreeSet::new()) {
                found.push(*word + 1);
            }
            *word += count_words(ty);
        }
    }
}

fn count_words(ty: &Type) -> usize {
    match ty {
        Type::Scalar(dtype, _) => crate::slots::parts(*dtype),
        Type::Array(_, rank) => 2 + 2 * usize::from(*rank),
        Type::Tuple(items) => items.iter().map(count_words).sum(),
        Type::Optional(value) => 1 + count_words(value),
        _ => usize::from(ty.is_object()),
    }
}

/// Whether an array is a view wherever it comes from; a variable is if all that it is assigned are.
fn is_view(body: &Block, expr: &Expr, seen: &mut BTreeSet<VariableId>) -> bool {
    match &expr.kind {
        ExprKind::Index(_, index) => !index.iter().any(|each| matches!(each, Index::Mask(_) | Index::Array(_))),
        ExprKind::Transpose(..) | ExprKind::ComplexPart(..) | ExprKind::Reshape(..) => true,
        ExprKind::Conditional { then, otherwise, .. } => is_view(body, then, seen) && is_view(body, otherwise, seen),
        ExprKind::Variable(variable) => {
            let mut values = Vec::new();
            crate::walk::statements(body, &mut |stmt| match &stmt.kind {
                StmtKind::Assign(assigned, value) if assigned == variable => values.push(value),
                _ => {}
            });
            seen.insert(*variable) && !values.is_empty() && values.into_iter().all(|value| is_view(body, value, seen))
        }
        _ => false,
    }
}
