//! Asking the runtime: words in, status and words out.

use super::words;
use crate::lowering::{Lowering, Outcome, Value};
use hypersonic_abi::object::{Op, status};
use hypersonic_loops::{Compare, FailureKind, Inst, Likely, MemoryClass, Stmt, SupportRow, Ty, ValueId};
use hypersonic_ops::Type;

/// What Python raises where an operation answers that it raises. The message is Python's if Python answers; else this one.
const fn raises(op: Op) -> Option<(&'static str, &'static str)> {
    Some(match op {
        Op::Pop => ("IndexError", "pop index out of range"),
        Op::GetItem => ("IndexError", "list index out of range"),
        Op::SetItem | Op::DeleteItem => ("IndexError", "list assignment index out of range"),
        Op::Character => ("IndexError", "string index out of range"),
        Op::Remove => ("ValueError", "list.remove(x): x not in list"),
        Op::Index => ("ValueError", "value is not in list"),
        Op::Slice | Op::DeleteSlice | Op::Substring => ("ValueError", "slice step cannot be zero"),
        Op::SetSlice => ("ValueError", "attempt to assign sequence of another size to extended slice"),
        Op::Chr => ("ValueError", "chr() arg not in range(0x110000)"),
        Op::Method => ("ValueError", "substring not found"),
        Op::Format => ("ValueError", "Invalid format specifier"),
        Op::ParseInt => ("ValueError", "invalid literal for int()"),
        Op::ParseFloat => ("ValueError", "could not convert string to float"),
        Op::PopAny | Op::Get | Op::Delete | Op::PopKey | Op::PopEntry => ("KeyError", ""),
        _ => return None,
    })
}

impl Lowering<'_, '_> {
    /// Calls the runtime with these words and gives the value of that type that it answers with.
    pub(crate) fn perform(&mut self, op: Op, arguments: Vec<ValueId>, ty: &Type) -> Outcome<Value> {
        self.worked = true;
        let (given, gives) = (self.place_for(arguments.len()), self.place_for(words::count(ty)));
        let class = self.b.new_class();
        self.store_words(given, &arguments, class);
        let number = self.b.i64((op as u64).cast_signed());
        let answer = self.b.bound(Ty::I64);
        self.b.push(Stmt::Support { row: SupportRow::Object, arguments: vec![number, given, gives], result: Some(answer) });
        self.check_status(op, answer);
        let value = self.load_words(gives, ty, MemoryClass::ANY);
        self.hold_value(&value);
        Ok(value)
    }

    fn place_for(&mut self, words: usize) -> ValueId {
        let bytes = u32::try_from(8 * words.max(1)).unwrap_or(u32::MAX);
        self.b.emit(Ty::Ptr, Inst::StackSlot(bytes))
    }

    fn check_status(&mut self, op: Op, answer: ValueId) {
        let raised = raises(op).map(|(exception, message)| self.raises(exception, message));
        let memory = self.failure(FailureKind::Memory, Vec::new());
        let unknown = self.failure(FailureKind::Unsupported, Vec::new());
        let fine = self.b.i64(status::OK);
        let bad = self.b.compare(Compare::Ne, answer, fine);
        self.b.open_block();
        for (code, failure) in [(status::MEMORY, Some(memory)), (status::RAISES, raised)] {
            let Some(failure) = failure else { continue };
            let code = self.b.i64(code);
            let other = self.b.compare(Compare::Ne, answer, code);
            self.b.check(other, failure, Vec::new());
        }
        self.b.push(Stmt::Fail { failure: unknown, values: Vec::new() });
        let then = self.b.close_block();
        self.b.push(Stmt::If { condition: bad, then, otherwise: Vec::new(), likely: Likely::Otherwise });
    }
}
