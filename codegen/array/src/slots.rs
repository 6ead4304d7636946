//! Values as rows of loop IR values, and the mutable locals that hold them.

use crate::ir::{Buffer, Lifetime, NodeKind};
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_loops::{MemoryClass, Ty, ValueId, VariableId};
use hypersonic_math::{Number, number};
use hypersonic_ops::{Dtype, Kind, Type};

/// How many values a number of that dtype takes.
#[must_use]
pub fn parts(dtype: Dtype) -> usize {
    if dtype.kind() == Kind::Complex { 2 } else { 1 }
}

/// The mutable locals of one variable.
#[derive(Clone, Debug)]
pub enum Slot {
    /// Nothing to hold.
    Unit,
    /// A number.
    Scalar(Vec<VariableId>),
    /// An array: data, owner, extents, strides.
    Array {
        /// Element type.
        dtype: Dtype,
        /// Address.
        data: VariableId,
        /// Owner word; a reference is held.
        owner: VariableId,
        /// Extents.
        shape: Vec<VariableId>,
        /// Strides.
        strides: Vec<VariableId>,
    },
    /// A tuple.
    Tuple(Vec<Slot>),
    /// A list, set, dict or string; a reference is held.
    Object(VariableId),
    /// Whether there is a value, and the value.
    Optional(VariableId, Box<Slot>),
}

impl Lowering<'_, '_> {
    /// Makes the mutable locals for a type. Array owners start as "nothing held".
    pub fn new_slot(&mut self, name: &str, ty: &Type) -> Slot {
        match ty {
            Type::Scalar(dtype, _) => {
                let part = number::value_ty(*dtype);
                Slot::Scalar((0..parts(*dtype)).map(|_| self.b.variable(name, part)).collect())
            }
            Type::Array(dtype, rank) => {
                let data = self.b.variable(format!("{name}.data"), Ty::Ptr);
                let owner = self.b.variable(format!("{name}.owner"), Ty::I64);
                let nothing = self.b.i64(1);
                self.b.set(owner, nothing);
                let shape = (0..*rank).map(|axis| self.b.variable(format!("{name}.shape{axis}"), Ty::I64)).collect();
                let strides = (0..*rank).map(|axis| self.b.variable(format!("{name}.stride{axis}"), Ty::I64)).collect();
                Slot::Array { dtype: *dtype, data, owner, shape, strides }
            }
            Type::Tuple(items) => {
                Slot::Tuple(items.iter().enumerate().map(|(n, item)| self.new_slot(&format!("{name}.{n}"), item)).collect())
            }
            Type::Optional(value) => {
                let given = self.b.variable(format!("{name}.given"), Ty::I1);
                Slot::Optional(given, Box::new(self.new_slot(name, value)))
            }
            _ if ty.is_object() => {
                let owner = self.b.variable(name, Ty::I64);
                let nothing = self.b.i64(1);
                self.b.set(owner, nothing);
                Slot::Object(owner)
            }
            _ => Slot::Unit,
        }
    }

    /// Sets mutable locals; array references are counted.
    pub fn set_slot(&mut self, slot: &Slot, value: &Value) -> Outcome<()> {
        match (slot, value) {
            (Slot::Unit, _) => Ok(()),
            (Slot::Scalar(parts), Value::Scalar(number)) => {
                match *number {
                    Number::Real(value) => self.b.set(parts[0], value),
                    Number::Complex(re, im) => {
                        self.b.set(parts[0], re);
                        self.b.set(parts[1], im);
                    }
                }
                Ok(())
            }
            (Slot::Array { data, owner, shape, strides, .. }, Value::Array(node)) => {
                let (extents, buffer) = self.in_memory(*node)?;
                self.retain(buffer.owner);
                let old = self.b.read(*owner);
                self.release(old);
                self.b.set(*data, buffer.data);
                self.b.set(*owner, buffer.owner);
                shape.iter().zip(extents).for_each(|(variable, extent)| self.b.set(*variable, extent));
                strides.iter().zip(buffer.strides).for_each(|(variable, stride)| self.b.set(*variable, stride));
                Ok(())
            }
            (Slot::Object(variable), Value::Object(owner, _)) => {
                self.retain(*owner);
                let old = self.b.read(*variable);
                self.release(old);
                self.b.set(*variable, *owner);
                Ok(())
            }
            (Slot::Optional(given, slot), Value::Optional(is_given, value)) => {
                self.b.set(*given, *is_given);
                self.set_slot(slot, value)
            }
            (Slot::Tuple(slots), Value::Tuple(values)) => slots.iter().zip(values).try_for_each(|(slot, value)| self.set_slot(slot, value)),
            _ => Err(self.internal("a variable of another type")),
        }
    }

    /// What mutable locals hold.
    pub fn read_slot(&mut self, slot: &Slot) -> Value {
        match slot {
            Slot::Unit => Value::Unit,
            Slot::Scalar(parts) => {
                let first = self.b.read(parts[0]);
                Value::Scalar(if parts.len() == 2 { Number::Complex(first, self.b.read(parts[1])) } else { Number::Real(first) })
            }
            Slot::Array { dtype, data, owner, shape, strides } => {
                let extents: Vec<ValueId> = shape.iter().map(|variable| self.b.read(*variable)).collect();
                extents.iter().for_each(|extent| self.facts.extent(*extent));
                let strides = strides.iter().map(|variable| self.b.read(*variable)).collect();
                let (data, owner) = (self.b.read(*data), self.b.read(*owner));
                let buffer = Buffer { data, strides, class: MemoryClass::ANY, owner, lifetime: Lifetime::Variable, contiguous: false };
                Value::Array(self.graph.add(*dtype, extents, NodeKind::Buffer(buffer)))
            }
            Slot::Tuple(slots) => Value::Tuple(slots.iter().map(|slot| self.read_slot(slot)).collect()),
            Slot::Object(owner) => Value::Object(self.b.read(*owner), Lifetime::Variable),
            Slot::Optional(given, slot) => {
                let given = self.b.read(*given);
                Value::Optional(given, Box::new(self.read_slot(slot)))
            }
        }
    }

    /// Releases what the mutable locals hold.
    pub fn release_slot(&mut self, slot: &Slot) {
        match slot {
            Slot::Array { owner, .. } | Slot::Object(owner) => {
                let owner = self.b.read(*owner);
                self.release(owner);
            }
            Slot::Tuple(slots) => slots.iter().for_each(|slot| self.release_slot(slot)),
            Slot::Optional(_, slot) => self.release_slot(slot),
            _ => {}
        }
    }

    /// The words in which a value is passed between functions of a module; arrays are put in memory.
    pub fn to_words(&mut self, value: &Value) -> Outcome<Vec<ValueId>> {
        Ok(match value {
            Value::Unit => Vec::new(),
            Value::Scalar(Number::Real(value)) => vec![*value],
            Value::Scalar(Number::Complex(re, im)) => vec![*re, *im],
            Value::Array(node) => {
                let (extents, buffer) = self.in_memory(*node)?;
                [buffer.data, buffer.owner].into_iter().chain(extents).chain(buffer.strides).collect()
            }
            Value::Object(owner, _) => vec![*owner],
            Value::Optional(given, value) => [vec![*given], self.to_words(value)?].concat(),
            Value::Tuple(items) => {
                let mut words = Vec::new();
                for item in items {
                    words.extend(self.to_words(item)?);
                }
                words
            }
        })
    }

    /// The value of that type in words, read from the front.
    pub fn from_words(
        &mut self,
        ty: &Type,
        words: &mut dyn Iterator<Item = ValueId>,
        lifetime: Lifetime,
        class: MemoryClass,
    ) -> Outcome<Value> {
        let mut next = |this: &Self| words.next().ok_or_else(|| this.internal("too few words"));
        Ok(match ty {
            Type::Scalar(dtype, _) if parts(*dtype) == 2 => Value::Scalar(Number::Complex(next(self)?, next(self)?)),
            Type::Scalar(..) => Value::Scalar(Number::Real(next(self)?)),
            Type::Array(dtype, rank) => {
                let (data, owner) = (next(self)?, next(self)?);
                let extents = (0..*rank).map(|_| next(self)).collect::<Outcome<Vec<_>>>()?;
                let strides = (0..*rank).map(|_| next(self)).collect::<Outcome<Vec<_>>>()?;
                extents.iter().for_each(|extent| self.facts.extent(*extent));
                let buffer = Buffer { data, strides, class, owner, lifetime, contiguous: false };
                Value::Array(self.graph.add(*dtype, extents, NodeKind::Buffer(buffer)))
            }
            Type::Tuple(items) => {
                let mut values = Vec::new();
                for item in items {
                    values.push(self.from_words(item, words, lifetime, class)?);
                }
                Value::Tuple(values)
            }
            Type::Optional(inner) => {
                let given = next(self)?;
                Value::Optional(given, Box::new(self.from_words(inner, words, lifetime, class)?))
            }
            _ if ty.is_object() => Value::Object(next(self)?, lifetime),
            _ => Value::Unit,
        })
    }

    /// Calls `visit` with the owners of the arrays in a value that are in memory, and with its objects.
    pub fn owners(&self, value: &Value, visit: &mut dyn FnMut(ValueId, Lifetime)) {
        match value {
            Value::Array(node) => {
                if let Some(buffer) = self.graph.buffer(*node) {
                    visit(buffer.owner, buffer.lifetime);
                }
            }
            Value::Tuple(items) => items.iter().for_each(|item| self.owners(item, visit)),
            Value::Object(owner, lifetime) => visit(*owner, *lifetime),
            Value::Optional(_, value) => self.owners(value, visit),
            _ => {}
        }
    }
}
