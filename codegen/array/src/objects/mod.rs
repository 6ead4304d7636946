//! Lists, sets, dicts and strings: what is done in place, and what the runtime is asked for. Values are the words of
//! `hypersonic_abi::object`; references are counted as those of arrays are.

mod inline;
mod perform;
mod text;
mod words;

use crate::ir::Lifetime;
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_abi::object::{Op, class, kind};
use hypersonic_loops::{Ty, ValueId};
use hypersonic_math::Number;
use hypersonic_ops::Type;
use hypersonic_typed::ir::{Block, Expr, ExprKind, Unit};

/// Most characters of a literal that a text is compared with in place.
const SHORT: usize = 8;

/// A literal that is a short text.
fn short_literal(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Object(Op::Text, operands) => match &operands.first()?.ty {
            Type::Text(text) => (text.chars().count() <= SHORT).then_some(text.as_str()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether kernels of a unit read characters of strings in place, and do not ask the runtime for them.
#[must_use]
pub fn reads_characters(unit: &Unit) -> bool {
    unit.functions.iter().any(|function| reads(&function.body))
}

fn reads(statements: &Block) -> bool {
    statements.iter().any(|stmt| {
        let mut found = false;
        crate::walk::expressions(stmt, &mut |expr| crate::walk::everything(expr, &mut |each| found |= reads_in_place(each)));
        found || crate::walk::blocks(stmt).into_iter().any(reads)
    })
}

fn reads_in_place(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Object(Op::CodePoint, _) => true,
        ExprKind::Object(Op::Equal, operands) => operands.iter().any(|operand| short_literal(operand).is_some()),
        _ => false,
    }
}

fn too_wide(ty: &Type) -> String {
    format!("`{ty}` takes too many words, or none, as an element of a container")
}

impl Lowering<'_, '_> {
    /// An operation on objects.
    pub fn object(&mut self, op: Op, operands: &[Expr], ty: &Type) -> Outcome<Value> {
        match (op, operands) {
            (Op::New, _) => self.new_object(ty),
            (Op::GetItem, [list, index]) => self.get_item(list, index, ty),
            (Op::Detail | Op::State, [object]) => self.kept_word(op, object),
            (Op::SetDetail, [object, word]) => self.keep_word(object, word),
            (Op::Touch, [object]) => self.touch(object),
            (Op::Same, [a, b]) => self.same_object(a, b),
            (Op::CodePoint, [text, index]) => self.code_point(text, index),
            (Op::SetItem, [list, index, value]) if words::is_plain(&value.ty) => self.set_list_item(list, index, value),
            (Op::Append, [list, value]) if words::is_plain(&value.ty) => self.append(list, value),
            (Op::Version, [dict]) => self.version(dict),
            (Op::Equal, [text, other]) if let Some(literal) = short_literal(other) => self.is_literal(text, literal),
            (Op::Equal, [other, text]) if let Some(literal) = short_literal(other) => self.is_literal(text, literal),
            (Op::Text, [text]) => self.text(&text.ty),
            (Op::Bytes, [text]) => self.bytes(&text.ty),
            (Op::CopyAs | Op::Become, [object]) => {
                let mut words = self.operand_words(std::slice::from_ref(object))?;
                let kind = match ty.base() {
                    Type::List(_) => kind::LIST,
                    Type::Set(_) => kind::SET,
                    Type::Dict(..) => kind::DICT,
                    _ => kind::TUPLE,
                };
                words.push(self.b.i64(class::word(kind, class_of(ty)).cast_signed()));
                self.perform(op, std::slice::from_ref(object), words, ty)
            }
            (Op::Method | Op::Ask, [method, result, values @ ..]) => self.text_method(op, method, result, values, ty),
            (Op::Call, [function, wanted, values @ ..]) => self.call_python(function, wanted, values, ty),
            (Op::Format, [what, spec, value]) => self.format(what, spec, value),
            (Op::ToList, [object]) => {
                let mut words = self.operand_words(std::slice::from_ref(object))?;
                let element = if let Type::List(element) = ty { element } else { ty };
                words.push(self.layout_word(element)?);
                self.perform(op, &[], words, ty)
            }
            _ => {
                let words = self.operand_words(operands)?;
                self.perform(op, operands, words, ty)
            }
        }
    }

    /// How many items an object has.
    pub fn length(&mut self, inner: &Expr) -> Outcome<Value> {
        let (owner, _) = self.reference(inner)?;
        let length = self.length_of(owner);
        Ok(Value::Scalar(Number::Real(length)))
    }

    /// The word of an object, and the address of its block.
    fn reference(&mut self, expr: &Expr) -> Outcome<(ValueId, Lifetime)> {
        match self.expr(expr)? {
            Value::Object(owner, lifetime) => Ok((owner, lifetime)),
            _ => Err(self.internal("a list, set, dict or string was expected")),
        }
    }

    fn new_object(&mut self, ty: &Type) -> Outcome<Value> {
        let (kind, layout, value_layout) = match ty.base() {
            Type::List(element) => (kind::LIST, self.layout_word(element)?, None),
            Type::Set(element) => (kind::SET, self.layout_word(element)?, None),
            Type::Dict(key, value) => (kind::DICT, self.layout_word(key)?, Some(self.layout_word(value)?)),
            _ => return Err(self.internal("an object of an unknown kind is made")),
        };
        let kind = self.b.i64(class::word(kind, class_of(ty)).cast_signed());
        let none = self.b.i64(0);
        let words = vec![kind, layout, value_layout.unwrap_or(none), none];
        self.perform(Op::New, &[], words, ty)
    }

    fn layout_word(&mut self, ty: &Type) -> Outcome<ValueId> {
        match words::layout(ty) {
            Some(layout) => Ok(self.b.i64(layout.cast_signed())),
            None => Err(self.unsupported(too_wide(ty))),
        }
    }

    /// Refuses an argument whose elements are too wide for a container.
    pub(crate) fn require_layouts(&self, ty: &Type) -> Outcome<()> {
        let mut wide = None;
        ty.each(&mut |part| {
            let element = match part {
                Type::List(element) | Type::Sequence(element) | Type::Set(element) => Some(element),
                Type::Dict(key, value) if words::count(value) <= hypersonic_abi::object::layout::MAX_WORDS => Some(key),
                Type::Dict(_, value) => Some(value),
                _ => None,
            };
            wide = wide.take().or_else(|| element.filter(|element| words::layout(element).is_none()).cloned());
        });
        match wide {
            Some(element) => Err(self.unsupported(too_wide(&element))),
            None => Ok(()),
        }
    }

    /// The words of operands, evaluated left to right.
    fn operand_words(&mut self, operands: &[Expr]) -> Outcome<Vec<ValueId>> {
        let values = self.in_order(operands)?;
        let mut words = Vec::new();
        for (value, operand) in values.iter().zip(operands) {
            words.extend(self.value_words(value, &operand.ty)?);
        }
        Ok(words)
    }

    /// The address of the block of an object.
    fn block_of(&mut self, owner: ValueId) -> ValueId {
        match self.b.inst(owner) {
            hypersonic_loops::Inst::Cast(hypersonic_loops::Cast::Bits, block) => block,
            _ => self.b.cast(hypersonic_loops::Cast::Bits, owner, Ty::Ptr),
        }
    }
}

/// The number of the class of a value.
fn class_of(ty: &Type) -> u64 {
    ty.special().map_or(class::PLAIN, hypersonic_typed::class_number)
}
