//! Attributes that a method sets, noted behind the result in the frame of results: a word that says whether it was set, then the words
//! of the value. Every function of the unit is given their address. The runtime reads them when the root has returned or raised.
//!
//! A place holds a reference to the memory of its array, as a variable does.

use crate::ir::{Lifetime, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_abi::frame::A_VIEW;
use hypersonic_loops::{Binary, Compare, MemoryClass, Ty, ValueId};
use hypersonic_math::{Number, number};
use hypersonic_ops::{Dtype, Type};
use hypersonic_typed::ir::Expr;

/// Words of a value in the frame.
fn frame_words(ty: &Type) -> i64 {
    match ty {
        Type::Scalar(dtype, _) => i64::try_from(crate::slots::parts(*dtype)).unwrap_or(1),
        Type::Array(_, rank) => 2 + 2 * i64::from(*rank),
        Type::Tuple(items) => items.iter().map(frame_words).sum(),
        Type::Optional(value) => 1 + frame_words(value),
        _ => i64::from(ty.is_object()),
    }
}

impl Lowering<'_, '_> {
    /// Finds the places of attributes in the frame of an entry.
    pub fn find_attributes(&mut self, results: ValueId) {
        if !self.shared.unit.attributes.is_empty() {
            let offset = self.b.i64(8 * frame_words(&self.function.result));
            self.attributes = Some(self.b.offset(results, offset));
        }
    }

    /// The address of all places, the word at which one begins, and its type.
    fn place(&self, place: usize) -> Outcome<(ValueId, i64, Type)> {
        let all = &self.shared.unit.attributes;
        match (self.attributes, all.get(place)) {
            (Some(frame), Some(attribute)) => {
                Ok((frame, all[..place].iter().map(|other| 1 + frame_words(&other.ty)).sum(), attribute.ty.clone()))
            }
            _ => Err(self.internal("an attribute without a place")),
        }
    }

    fn load_word(&mut self, frame: ValueId, word: &mut i64, ty: Ty) -> ValueId {
        let at = self.b.i64(8 * *word);
        *word += 1;
        let address = self.b.offset(frame, at);
        self.b.load(ty, address, MemoryClass::ANY)
    }

    /// `self.name = value`.
    pub fn set_attribute(&mut self, place: usize, expr: &Expr) -> Outcome<()> {
        let value = self.expr(expr)?;
        let words = self.to_words(&value)?;
        let (frame, mut word, ty) = self.place(place)?;
        let mut owners = Vec::new();
        let settled = self.from_words(&ty, &mut words.clone().into_iter(), Lifetime::Scope, MemoryClass::ANY)?;
        self.owners(&settled, &mut |owner, _| owners.push(owner));
        owners.into_iter().for_each(|owner| self.retain(owner));
        let names = &self.shared.unit.attributes;
        let same: Vec<usize> = (0..names.len()).filter(|other| names[*other].name == names[place].name).collect();
        for other in same {
            self.forget_attribute(other)?;
        }
        let one = self.b.i64(1);
        self.store_word(frame, MemoryClass::ANY, &mut word, one);
        let words = self.told_views(expr, words);
        self.store_results(&ty, &mut words.into_iter(), frame, MemoryClass::ANY, &mut word);
        Ok(())
    }

    /// Makes a place hold nothing.
    fn forget_attribute(&mut self, place: usize) -> Outcome<()> {
        let (frame, mut word, ty) = self.place(place)?;
        let begin = word;
        if crate::effects::holds_memory(&ty) {
            let set = self.load_word(frame, &mut word, Ty::I64);
            let zero = self.b.i64(0);
            let held = self.b.compare(Compare::Ne, set, zero);
            let release = |this: &mut Self| {
                let mut owners = Vec::new();
                this.load_owners(frame, &mut word, &ty, &mut owners);
                owners.into_iter().for_each(|owner| this.release(owner));
                Ok(())
            };
            self.choose(held, release, |_| Ok(()), hypersonic_loops::Likely::Unknown)?;
        }
        let zero = self.b.i64(0);
        self.store_word(frame, MemoryClass::ANY, &mut begin.clone(), zero);
        Ok(())
    }

    fn load_owners(&mut self, frame: ValueId, word: &mut i64, ty: &Type, owners: &mut Vec<ValueId>) {
        match ty {
            Type::Array(..) => {
                owners.push(self.load_owner(frame, &mut word.clone()));
                *word += frame_words(ty);
            }
            Type::Tuple(items) => items.iter().for_each(|item| self.load_owners(frame, word, item, owners)),
            Type::Optional(value) => {
                *word += 1;
                self.load_owners(frame, word, value, owners);
            }
            _ if ty.is_object() => owners.push(self.load_word(frame, word, Ty::I64)),
            _ => *word += frame_words(ty),
        }
    }

    fn load_owner(&mut self, frame: ValueId, word: &mut i64) -> ValueId {
        let told = self.load_word(frame, word, Ty::I64);
        let mask = self.b.i64(!A_VIEW.cast_signed());
        self.b.binary(Binary::And, told, mask)
    }

    /// Whether an attribute was set in this place.
    pub fn is_set(&mut self, place: usize) -> Outcome<Value> {
        let (frame, mut word, _) = self.place(place)?;
        let set = self.load_word(frame, &mut word, Ty::I64);
        let zero = self.b.i64(0);
        Ok(Value::Scalar(Number::Real(self.b.compare(Compare::Ne, set, zero))))
    }

    /// The attribute in this place.
    pub fn attribute(&mut self, place: usize) -> Outcome<Value> {
        let (frame, word, ty) = self.place(place)?;
        self.load_value(frame, &mut (word + 1), &ty)
    }

    fn load_value(&mut self, frame: ValueId, word: &mut i64, ty: &Type) -> Outcome<Value> {
        Ok(match ty {
            Type::Scalar(dtype, _) => {
                let first = self.load_part(frame, word, *dtype);
                let complex = crate::slots::parts(*dtype) == 2;
                Value::Scalar(if complex { Number::Complex(first, self.load_part(frame, word, *dtype)) } else { Number::Real(first) })
            }
            Type::Array(dtype, rank) => {
                let owner = self.load_owner(frame, word);
                let data = self.load_word(frame, word, Ty::Ptr);
                let shape: Vec<ValueId> = (0..*rank).map(|_| self.load_word(frame, word, Ty::I64)).collect();
                let strides = (0..*rank).map(|_| self.load_word(frame, word, Ty::I64)).collect();
                shape.iter().for_each(|extent| self.facts.extent(*extent));
                let (class, lifetime) = (MemoryClass::ANY, Lifetime::Variable);
                let buffer = crate::ir::Buffer { data, strides, class, owner, lifetime, contiguous: false };
                Value::Array(self.graph.add(*dtype, shape, NodeKind::Buffer(buffer)))
            }
            Type::Tuple(items) => Value::Tuple(items.iter().map(|item| self.load_value(frame, word, item)).collect::<Outcome<_>>()?),
            Type::Optional(value) => {
                let given = self.load_part(frame, word, Dtype::Bool);
                Value::Optional(given, Box::new(self.load_value(frame, word, value)?))
            }
            _ if ty.is_object() => Value::Object(self.load_word(frame, word, Ty::I64), Lifetime::Variable),
            _ => Value::Unit,
        })
    }

    fn load_part(&mut self, frame: ValueId, word: &mut i64, dtype: Dtype) -> ValueId {
        let ty = number::value_ty(dtype);
        let loaded = self.load_word(frame, word, if ty == Ty::F64 { Ty::F64 } else { Ty::I64 });
        self.word_as(dtype, loaded)
    }
}
