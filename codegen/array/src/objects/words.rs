//! Elements as 64-bit words: their layout, and their way into memory and out of it.

use crate::ir::{Buffer, Lifetime, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use crate::slots::parts;
use hypersonic_abi::object::layout;
use hypersonic_loops::{Cast, MemoryClass, Ty, ValueId};
use hypersonic_math::{Number, number};
use hypersonic_ops::{Dtype, Type};

/// The layout of an element; none if it has no words or too many.
#[must_use]
pub fn layout(ty: &Type) -> Option<u64> {
    let mut tags = Vec::new();
    collect_tags(ty, &mut tags);
    let fits = !tags.is_empty() && tags.len() <= layout::MAX_WORDS;
    fits.then(|| tags.iter().rev().fold(0, |word, tag| word << 4 | tag))
}

fn collect_tags(ty: &Type, tags: &mut Vec<u64>) {
    match ty {
        Type::Scalar(dtype, _) => {
            let tag = match dtype {
                Dtype::F64 | Dtype::C128 => layout::DOUBLE,
                Dtype::F32 | Dtype::C64 => layout::SINGLE,
                _ if dtype.is_signed() => layout::SIGNED,
                _ => layout::UNSIGNED,
            };
            tags.extend(std::iter::repeat_n(tag, parts(*dtype)));
        }
        Type::Array(_, rank) => {
            tags.extend([layout::RAW, layout::OWNER]);
            tags.extend(std::iter::repeat_n(layout::RAW, 2 * usize::from(*rank)));
        }
        Type::Tuple(items) => items.iter().for_each(|item| collect_tags(item, tags)),
        Type::Optional(value) => {
            tags.push(layout::UNSIGNED);
            collect_tags(value, tags);
        }
        _ if ty.is_object() => tags.push(layout::OBJECT),
        _ => {}
    }
}

/// How many words a value takes.
#[must_use]
pub fn count(ty: &Type) -> usize {
    let mut tags = Vec::new();
    collect_tags(ty, &mut tags);
    tags.len()
}

/// Whether a value holds no references.
#[must_use]
pub fn is_plain(ty: &Type) -> bool {
    !crate::effects::holds_memory(ty) && count(ty) > 0
}

impl Lowering<'_, '_> {
    /// The words of a value; all have 64 bits.
    pub(super) fn value_words(&mut self, value: &Value, ty: &Type) -> Outcome<Vec<ValueId>> {
        Ok(match (value, ty) {
            (Value::Scalar(number), Type::Scalar(dtype, _)) => {
                let parts = match *number {
                    Number::Real(value) => vec![value],
                    Number::Complex(re, im) => vec![re, im],
                };
                parts.into_iter().map(|part| self.as_word(*dtype, part, false)).collect()
            }
            (Value::Tuple(values), Type::Tuple(types)) => {
                let mut words = Vec::new();
                for (value, ty) in values.iter().zip(types) {
                    words.extend(self.value_words(value, ty)?);
                }
                words
            }
            (Value::Array(node), Type::Scalar(dtype, _)) => {
                let number = self.element_at(*node, &[])?;
                return self.value_words(&Value::Scalar(number), &Type::Scalar(*dtype, hypersonic_ops::Flavor::Numpy));
            }
            (Value::Optional(given, value), Type::Optional(ty)) => {
                let given = self.as_word(Dtype::Bool, *given, false);
                [vec![given], self.value_words(value, ty)?].concat()
            }
            _ => self.to_words(value)?,
        })
    }

    /// Stores words one after the other.
    pub(super) fn store_words(&mut self, address: ValueId, words: &[ValueId], class: MemoryClass) {
        for (n, word) in words.iter().enumerate() {
            let at = self.b.i64(8 * i64::try_from(n).unwrap_or_default());
            let place = self.b.offset(address, at);
            self.b.store(place, *word, class);
        }
    }

    /// The value of that type whose words lie at an address. References in it are not counted here.
    pub(super) fn load_words(&mut self, address: ValueId, ty: &Type, class: MemoryClass) -> Value {
        let mut place = Place { address, class, word: 0, optional: false };
        self.element_value(&mut place, ty)
    }

    fn element_value(&mut self, place: &mut Place, ty: &Type) -> Value {
        match ty {
            Type::Scalar(dtype, _) => {
                let first = self.element_part(place, *dtype);
                let complex = parts(*dtype) == 2;
                Value::Scalar(if complex { Number::Complex(first, self.element_part(place, *dtype)) } else { Number::Real(first) })
            }
            Type::Array(dtype, rank) => {
                let (data, owner) = (self.element_word(place, Ty::Ptr), self.element_word(place, Ty::I64));
                let shape: Vec<ValueId> = (0..*rank).map(|_| self.element_word(place, Ty::I64)).collect();
                shape.iter().for_each(|extent| self.facts.extent(*extent));
                let strides = (0..*rank).map(|_| self.element_word(place, Ty::I64)).collect();
                let buffer = Buffer { data, strides, class: MemoryClass::ANY, owner, lifetime: Lifetime::Scope, contiguous: false };
                Value::Array(self.graph.add(*dtype, shape, NodeKind::Buffer(buffer)))
            }
            Type::Tuple(items) => Value::Tuple(items.iter().map(|item| self.element_value(place, item)).collect()),
            Type::Optional(inner) => {
                let given = self.element_part(place, Dtype::Bool);
                let outside = std::mem::replace(&mut place.optional, true);
                let value = self.element_value(place, inner);
                place.optional = outside;
                Value::Optional(given, Box::new(value))
            }
            _ if ty.is_object() => {
                // A word that comes from an address is always taken for a block.
                let owner = if place.optional {
                    self.element_word(place, Ty::I64)
                } else {
                    let block = self.element_word(place, Ty::Ptr);
                    self.b.cast(Cast::Bits, block, Ty::I64)
                };
                Value::Object(owner, Lifetime::Scope)
            }
            _ => Value::Unit,
        }
    }

    fn element_part(&mut self, place: &mut Place, dtype: Dtype) -> ValueId {
        let wide = number::value_ty(dtype) == Ty::F64;
        let word = self.element_word(place, if wide { Ty::F64 } else { Ty::I64 });
        self.word_as(dtype, word)
    }

    fn element_word(&mut self, place: &mut Place, ty: Ty) -> ValueId {
        let at = self.b.i64(8 * place.word);
        place.word += 1;
        let address = self.b.offset(place.address, at);
        self.b.load(ty, address, place.class)
    }

    /// Lets the current scope hold the references in a value, which are counted already.
    pub(super) fn hold_value(&mut self, value: &Value) {
        let mut owners = Vec::new();
        self.owners(value, &mut |owner, _| owners.push(owner));
        owners.into_iter().for_each(|owner| self.hold(owner));
    }
}

/// Where the next word is.
struct Place {
    address: ValueId,
    class: MemoryClass,
    word: i64,
    /// Whether there may be none: an object's word is 1 then.
    optional: bool,
}
