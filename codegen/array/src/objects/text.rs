//! Strings: literals, and values that become part of one.

use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_abi::object::Op;
use hypersonic_loops::{MemoryClass, Ty, ValueId, VariableId};
use hypersonic_ops::Type;
use hypersonic_typed::ir::Expr;
use hypersonic_typed::value_tag;

impl Lowering<'_, '_> {
    /// A literal.
    pub(super) fn text(&mut self, ty: &Type) -> Outcome<Value> {
        let Type::Text(text) = ty else { return Err(self.internal("a string that is no literal")) };
        self.literal(Op::Text, text.as_bytes(), &Type::Str)
    }

    /// A literal of bytes, one character each.
    pub(super) fn bytes(&mut self, ty: &Type) -> Outcome<Value> {
        let Type::Text(text) = ty else { return Err(self.internal("bytes that are no literal")) };
        let bytes: Vec<u8> = text.chars().filter_map(|point| u8::try_from(u32::from(point)).ok()).collect();
        self.literal(Op::Bytes, &bytes, &Type::bytes())
    }

    fn literal(&mut self, op: Op, bytes: &[u8], ty: &Type) -> Outcome<Value> {
        let mut words = vec![self.b.i64(i64::try_from(bytes.len()).unwrap_or_default())];
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            words.push(self.b.i64(i64::from_le_bytes(word)));
        }
        self.perform(op, &[], words, ty)
    }

    /// The text of a variable with a part behind it, as a new reference that no scope holds.
    pub fn grown_text(&mut self, slot: VariableId, part: &Expr) -> Outcome<ValueId> {
        let (part, _) = self.reference(part)?;
        let text = self.b.read(slot);
        let gives = self.ask(Op::Grow, &[], vec![text, part], 1);
        Ok(self.b.load(Ty::I64, gives, MemoryClass::ANY))
    }

    /// A method of a string, or a function of numbers that Python is asked for.
    pub(super) fn text_method(&mut self, op: Op, method: &Expr, result: &Expr, values: &[Expr], ty: &Type) -> Outcome<Value> {
        let given = self.in_order(values)?;
        let (method, result) = (self.integer(method)?, self.integer(result)?);
        let mut words = vec![method, result, self.b.i64(i64::try_from(values.len()).unwrap_or_default())];
        for (value, expr) in given.iter().zip(values) {
            words.extend(self.tagged(value, &expr.ty)?);
        }
        self.perform(op, &[], words, ty)
    }

    /// A function from Python is called with numbers and `None`.
    pub(super) fn call_python(&mut self, function: &Expr, wanted: &Expr, values: &[Expr], ty: &Type) -> Outcome<Value> {
        let (function, wanted) = (self.integer(function)?, self.integer(wanted)?);
        let given = self.in_order(values)?;
        let clean = self.b.i64(i64::from(self.shared.effects.clean()));
        let mut words = vec![function, wanted, clean, self.b.i64(i64::try_from(values.len()).unwrap_or_default())];
        for (value, expr) in given.iter().zip(values) {
            words.extend(self.tagged(value, &expr.ty)?);
        }
        self.perform(Op::Call, &[], words, ty)
    }

    /// `format(value, spec)`, `str(value)`, `repr(value)`.
    pub(super) fn format(&mut self, what: &Expr, spec: &Expr, value: &Expr) -> Outcome<Value> {
        let given = self.expr(value)?;
        let tagged = self.tagged(&given, &value.ty)?;
        let what = self.integer(what)?;
        let spec = match self.expr(spec)? {
            Value::Object(owner, _) => owner,
            _ => self.b.i64(0),
        };
        let mut words = vec![what, spec];
        words.extend(tagged);
        self.perform(Op::Format, &[], words, &Type::Str)
    }

    /// The words of a value behind the word that says what it is.
    fn tagged(&mut self, given: &Value, ty: &Type) -> Outcome<Vec<ValueId>> {
        let Some(tag) = value_tag(ty) else { return Err(self.unsupported(format!("`{ty}` as a part of a string"))) };
        let mut words = vec![self.b.i64(tag.cast_signed())];
        words.extend(self.value_words(given, ty)?);
        Ok(words)
    }
}
