//! Asking the runtime: words in, status and words out.

use super::words;
use crate::described::value_type;
use crate::lowering::{Lowering, Outcome, Value, text};
use hypersonic_abi::manifest::ValueType;
use hypersonic_abi::object::{Op, replay, status};
use hypersonic_loops::{Compare, FailureId, FailureKind, Inst, Likely, MemoryClass, MessagePart, Stmt, SupportRow, Ty, ValueId};
use hypersonic_ops::Type;
use hypersonic_typed::ir::{Expr, Unit};

/// What Python raises where an operation answers that it raises: the class, and the message if it is always the same. Else it is
/// Python's own, for which the runtime remembers what was asked. Nothing depends on that if Python answers.
fn raises(op: Op, on: Option<&Type>) -> Option<(&'static str, Option<&'static str>)> {
    let is_sequence = matches!(on, Some(Type::Sequence(_)));
    Some(match op {
        Op::GetItem if is_sequence => ("IndexError", Some("tuple index out of range")),
        Op::GetItem => ("IndexError", Some("list index out of range")),
        Op::SetItem | Op::DeleteItem => ("IndexError", Some("list assignment index out of range")),
        Op::Character => ("IndexError", Some("string index out of range")),
        Op::Slice | Op::DeleteSlice | Op::Substring => ("ValueError", Some("slice step cannot be zero")),
        Op::Remove if matches!(on, Some(Type::Set(_))) => ("KeyError", None),
        Op::Pop => ("IndexError", None),
        Op::Remove | Op::Index | Op::SetSlice | Op::Chr | Op::Method | Op::Format | Op::ParseInt | Op::ParseFloat => ("ValueError", None),
        Op::Ord => ("TypeError", None),
        Op::PopAny | Op::Get | Op::Delete | Op::PopKey | Op::PopEntry => ("KeyError", None),
        _ => return None,
    })
}

/// The type of the operand that is looked for, if it is in the message and nothing else could be meant: classes are told by the place.
fn asked(unit: &Unit, op: Op, operands: &[Expr]) -> Option<ValueType> {
    let operand = match op {
        Op::Index => operands.get(3),
        Op::Get | Op::Delete | Op::PopKey | Op::Remove => operands.get(1),
        _ => None,
    };
    let operand = operand?;
    let alike = || unit.asked.iter().filter(|(_, ty, _)| *ty == operand.ty);
    let mut here = alike().filter(|(span, ..)| *span == operand.span).map(|(.., shown)| shown);
    match here.next() {
        Some(shown) => here.all(|other| other == shown).then(|| value_type(shown)),
        None => alike().all(|(_, ty, shown)| ty == shown).then(|| value_type(&operand.ty)),
    }
}

impl Lowering<'_, '_> {
    /// Calls the runtime with these words, which are those of the operands and what else it takes, and gives the value of that type that
    /// it answers with.
    pub(crate) fn perform(&mut self, op: Op, operands: &[Expr], arguments: Vec<ValueId>, ty: &Type) -> Outcome<Value> {
        let gives = self.ask(op, operands, arguments, words::count(ty));
        let value = self.load_words(gives, ty, MemoryClass::ANY);
        self.hold_value(&value);
        Ok(value)
    }

    /// As [`Lowering::perform`]: where the words lie that the runtime answers with.
    pub(super) fn ask(&mut self, op: Op, operands: &[Expr], arguments: Vec<ValueId>, count: usize) -> ValueId {
        self.worked = true;
        let (given, gives) = (self.place_for(arguments.len()), self.place_for(count));
        let class = self.b.new_class();
        self.store_words(given, &arguments, class);
        let number = self.b.i64((op as u64).cast_signed());
        let answer = self.b.bound(Ty::I64);
        self.b.push(Stmt::Support { row: SupportRow::Object, arguments: vec![number, given, gives], result: Some(answer) });
        self.check_status(op, operands, answer, gives);
        gives
    }

    fn place_for(&mut self, words: usize) -> ValueId {
        let bytes = u32::try_from(8 * words.max(1)).unwrap_or(u32::MAX);
        self.b.emit(Ty::Ptr, Inst::StackSlot(bytes))
    }

    fn check_status(&mut self, op: Op, operands: &[Expr], answer: ValueId, gives: ValueId) {
        let memory = self.failure(FailureKind::Memory, Vec::new());
        let unknown = self.failure(FailureKind::Unsupported, Vec::new());
        let fine = self.b.i64(status::OK);
        let bad = self.b.compare(Compare::Ne, answer, fine);
        self.b.open_block();
        self.fail_at(answer, status::MEMORY, memory, Vec::new());
        if op == Op::Call {
            let called = vec![MessagePart::Python(replay::CALLED.to_owned(), None)];
            let raised = self.failure(FailureKind::User("RuntimeError".to_owned()), called);
            self.fail_at(answer, status::RAISES, raised, Vec::new());
        }
        if let Some((exception, message)) = raises(op, operands.first().map(|operand| &operand.ty)) {
            let own = message.is_none() && self.dirty;
            let parts = match message {
                None if own => vec![MessagePart::Python(replay::OPERATION.to_owned(), asked(self.shared.unit, op, operands))],
                _ => text(message.unwrap_or_default()),
            };
            let raised = self.failure(FailureKind::Raise(exception.to_owned()), parts);
            let values = if own { vec![self.b.load(Ty::I64, gives, MemoryClass::ANY)] } else { Vec::new() };
            self.fail_at(answer, status::RAISES, raised, values);
        }
        self.b.push(Stmt::Fail { failure: unknown, values: Vec::new() });
        let then = self.b.close_block();
        self.b.push(Stmt::If { condition: bad, then, otherwise: Vec::new(), likely: Likely::Otherwise });
    }

    fn fail_at(&mut self, answer: ValueId, status: i64, failure: FailureId, values: Vec<ValueId>) {
        let status = self.b.i64(status);
        let other = self.b.compare(Compare::Ne, answer, status);
        self.b.check(other, failure, values);
    }
}
