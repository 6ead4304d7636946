//! What kernels do to lists without asking the runtime: lengths, items, appending where there is room.

use super::words;
use crate::lowering::{Lowering, Outcome, Value, text};
use hypersonic_abi::object::{Object, Op};
use hypersonic_abi::{Block, object};
use hypersonic_loops::{Cast, Compare, FailureKind, Likely, MemoryClass, Ty, ValueId};
use hypersonic_math::Number;
use hypersonic_ops::{Special, Type};
use hypersonic_typed::ir::Expr;
use std::mem::offset_of;

const DATA: usize = offset_of!(Object, block) + offset_of!(Block, data);
const LENGTH: usize = offset_of!(Object, length);
const CAPACITY: usize = offset_of!(Object, capacity);
const MODIFIED: usize = offset_of!(Object, modified);
const DETAIL: usize = offset_of!(Object, detail);
const STATE: usize = offset_of!(Object, state);

impl Lowering<'_, '_> {
    /// The number of items of the object with that word.
    pub(super) fn length_of(&mut self, owner: ValueId) -> ValueId {
        let length = self.header(owner, LENGTH, Ty::I64);
        self.facts.extent(length);
        length
    }

    fn header_at(&mut self, owner: ValueId, field: usize) -> ValueId {
        let block = self.block_of(owner);
        let at = self.b.i64(i64::try_from(field).unwrap_or_default());
        if field == 0 { block } else { self.b.offset(block, at) }
    }

    fn header(&mut self, owner: ValueId, field: usize, ty: Ty) -> ValueId {
        let address = self.header_at(owner, field);
        self.b.load(ty, address, self.headers)
    }

    fn set_header(&mut self, owner: ValueId, field: usize, value: ValueId) {
        let address = self.header_at(owner, field);
        self.b.store(address, value, self.headers);
    }

    /// The address of an item; `index` is in range.
    fn item_at(&mut self, owner: ValueId, index: ValueId, ty: &Type) -> ValueId {
        let data = self.header(owner, DATA, Ty::Ptr);
        let size = self.b.i64(8 * i64::try_from(words::count(ty)).unwrap_or_default());
        let bytes = crate::arithmetic::mul(&mut self.b, index, size);
        self.b.offset(data, bytes)
    }

    fn list_and_index(&mut self, list: &Expr, index: &Expr, message: &str) -> Outcome<(ValueId, ValueId)> {
        let (owner, _) = self.reference(list)?;
        let given = self.integer(index)?;
        let length = self.length_of(owner);
        let index =
            self.in_range(given, length, |this| (this.failure(FailureKind::Raise("IndexError".to_owned()), text(message)), Vec::new()));
        Ok((owner, index))
    }

    /// `list[index]`.
    pub(super) fn get_item(&mut self, list: &Expr, index: &Expr, ty: &Type) -> Outcome<Value> {
        let (owner, index) = self.list_and_index(list, index, out_of_range(&list.ty))?;
        let address = self.item_at(owner, index, ty);
        let value = self.load_words(address, ty, MemoryClass::ANY);
        let mut owners = Vec::new();
        self.owners(&value, &mut |owner, _| owners.push(owner));
        for owner in owners {
            self.retain(owner);
            self.hold(owner);
        }
        Ok(value)
    }

    /// How often a key was added to a dict.
    pub(super) fn version(&mut self, dict: &Expr) -> Outcome<Value> {
        let (owner, _) = self.reference(dict)?;
        let version = self.header(owner, CAPACITY, Ty::I64);
        Ok(Value::Scalar(Number::Real(version)))
    }

    /// Whether two objects are one.
    pub(super) fn same_object(&mut self, a: &Expr, b: &Expr) -> Outcome<Value> {
        let (a, _) = self.reference(a)?;
        let (b, _) = self.reference(b)?;
        let same = self.b.compare(Compare::Eq, a, b);
        Ok(Value::Scalar(Number::Real(same)))
    }

    /// `text == literal`: as many characters, and each the same.
    pub(super) fn is_literal(&mut self, text: &Expr, literal: &str) -> Outcome<Value> {
        let (owner, _) = self.reference(text)?;
        let length = self.length_of(owner);
        let count = self.b.i64(i64::try_from(literal.chars().count()).unwrap_or(i64::MAX));
        let alike = self.b.compare(Compare::Eq, length, count);
        if literal.is_empty() {
            return Ok(Value::Scalar(Number::Real(alike)));
        }
        let slot = self.new_slot("same", &Type::BOOL);
        self.set_slot(&slot, &Value::Scalar(Number::Real(alike)))?;
        self.choose(
            alike,
            |this| {
                let data = this.header(owner, DATA, Ty::Ptr);
                let mut same = alike;
                for (n, character) in literal.chars().enumerate() {
                    let at = this.b.i64(4 * i64::try_from(n).unwrap_or_default());
                    let address = this.b.offset(data, at);
                    let point = this.b.load(Ty::I32, address, MemoryClass::ANY);
                    let point = this.b.cast(Cast::ZeroExtend, point, Ty::I64);
                    let expected = this.b.i64(i64::from(u32::from(character)));
                    let equal = this.b.compare(Compare::Eq, point, expected);
                    same = if n == 0 { equal } else { this.b.and(same, equal) };
                }
                this.set_slot(&slot, &Value::Scalar(Number::Real(same)))
            },
            |_| Ok(()),
            Likely::Unknown,
        )?;
        Ok(self.read_slot(&slot))
    }

    /// `ord(text[index])`.
    pub(super) fn code_point(&mut self, text: &Expr, index: &Expr) -> Outcome<Value> {
        let (owner, index) = self.list_and_index(text, index, "string index out of range")?;
        let data = self.header(owner, DATA, Ty::Ptr);
        let four = self.b.i64(4);
        let bytes = crate::arithmetic::mul(&mut self.b, index, four);
        let address = self.b.offset(data, bytes);
        let point = self.b.load(Ty::I32, address, MemoryClass::ANY);
        let point = self.b.cast(Cast::ZeroExtend, point, Ty::I64);
        self.learn(point, 0, 0x10_ffff);
        Ok(Value::Scalar(Number::Real(point)))
    }

    /// `list[index] = value`, of values without references.
    pub(super) fn set_list_item(&mut self, list: &Expr, index: &Expr, value: &Expr) -> Outcome<Value> {
        let stored = self.expr(value)?;
        let words = self.value_words(&stored, &value.ty)?;
        let message = if list.ty.special().is_some() { out_of_range(&list.ty) } else { "list assignment index out of range" };
        let (owner, index) = self.list_and_index(list, index, message)?;
        let address = self.item_at(owner, index, &value.ty);
        self.store_words(address, &words, MemoryClass::ANY);
        self.mark_modified(owner);
        Ok(Value::Unit)
    }

    /// What its class keeps besides elements, or counts.
    pub(super) fn kept_word(&mut self, op: Op, object: &Expr) -> Outcome<Value> {
        let (owner, _) = self.reference(object)?;
        let word = self.header(owner, if op == Op::State { STATE } else { DETAIL }, Ty::I64);
        Ok(Value::Scalar(Number::Real(word)))
    }

    /// Sets what its class keeps.
    pub(super) fn keep_word(&mut self, object: &Expr, word: &Expr) -> Outcome<Value> {
        let (owner, _) = self.reference(object)?;
        let word = self.integer(word)?;
        self.set_header(owner, DETAIL, word);
        Ok(Value::Unit)
    }

    /// Counts a change that running loops must see.
    pub(super) fn touch(&mut self, object: &Expr) -> Outcome<Value> {
        let (owner, _) = self.reference(object)?;
        let state = self.header(owner, STATE, Ty::I64);
        let one = self.b.i64(1);
        let next = self.b.add(state, one);
        self.set_header(owner, STATE, next);
        self.mark_modified(owner);
        Ok(Value::Unit)
    }

    fn mark_modified(&mut self, owner: ValueId) {
        self.worked = true;
        let one = self.b.i64(1);
        self.set_header(owner, MODIFIED, one);
    }

    /// `list.append(value)`, of values without references.
    pub(super) fn append(&mut self, list: &Expr, value: &Expr) -> Outcome<Value> {
        let (owner, _) = self.reference(list)?;
        let stored = self.expr(value)?;
        let words = self.value_words(&stored, &value.ty)?;
        let length = self.length_of(owner);
        let capacity = self.header(owner, CAPACITY, Ty::I64);
        let one = self.b.i64(1);
        let longer = self.b.add(length, one);
        let full = self.b.compare(Compare::SLe, capacity, length);
        let grow = self.plain(|this| this.perform(Op::Reserve, &[], vec![owner, longer], &Type::None).map(|_| ()))?;
        self.b.push(hypersonic_loops::Stmt::If { condition: full, then: grow, otherwise: Vec::new(), likely: Likely::Otherwise });
        let address = self.item_at(owner, length, &value.ty);
        self.store_words(address, &words, MemoryClass::ANY);
        self.set_header(owner, LENGTH, longer);
        self.mark_modified(owner);
        Ok(Value::Unit)
    }
}

/// What Python says of an index.
const fn out_of_range(ty: &Type) -> &'static str {
    match ty {
        Type::Sequence(_) => "tuple index out of range",
        Type::Special(Special::Deque, _) => "deque index out of range",
        Type::Special(Special::Bytes, _) => "index out of range",
        Type::Special(Special::Bytearray, _) => "bytearray index out of range",
        _ => "list index out of range",
    }
}

const _: () = assert!(object::layout::MAX_WORDS == 16);
