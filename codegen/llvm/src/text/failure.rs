//! Failures fill the error record in out of line: they are many, and hardly ever happen. Handlers ask which of them it was.

use super::ModuleText;
use super::function::FunctionText;
use hypersonic_abi::ErrorRecord;
use hypersonic_loops::{FailureId, ValueId};
use std::fmt::Write as _;
use std::mem::offset_of;

impl ModuleText<'_> {
    /// The name of the function that records a failure with that many values.
    pub(super) fn recorder(&mut self, values: usize) -> String {
        let name = format!("@record.{values}");
        if self.known_recorders.insert(values) {
            let mut text = format!("define internal void {name}(ptr noalias noundef %error, i32 %row");
            (0..values).for_each(|n| _ = write!(text, ", i64 %p{n}"));
            text.push_str(") #2 {\n");
            let (row, count) = (offset_of!(ErrorRecord, failure), offset_of!(ErrorRecord, count));
            let fields = [("i32", "%row".to_owned(), row, 4), ("i32", values.to_string(), count, 4)];
            let words = (0..values).map(|n| ("i64", format!("%p{n}"), offset_of!(ErrorRecord, values) + 8 * n, 8));
            for (n, (ty, value, offset, align)) in fields.into_iter().chain(words).enumerate() {
                let _ = writeln!(text, "  %a{n} = getelementptr inbounds i8, ptr %error, i64 {offset}");
                let _ = writeln!(text, "  store {ty} {value}, ptr %a{n}, align {align}");
            }
            text.push_str("  ret void\n}\n\n");
            self.functions.push_str(&text);
        }
        name
    }
}

impl FunctionText<'_, '_> {
    /// Fills the error record in.
    pub(super) fn record(&mut self, failure: FailureId, values: &[ValueId]) {
        let row = failure.0 + self.module.failure_base;
        let mut words = String::new();
        for value in values {
            let word = self.word(*value);
            let _ = write!(words, ", i64 {word}");
        }
        let record = self.module.recorder(values.len());
        self.line(format_args!("call void {record}(ptr %error, i32 {row}{words}) #1"));
    }

    /// Whether the row on record is one of those of the classes, all of them if there are none.
    pub(super) fn caught(&mut self, classes: &[String], result: ValueId) {
        let address = self.compute(format_args!("getelementptr inbounds i8, ptr %error, i64 {}", offset_of!(ErrorRecord, failure)));
        let row = self.compute(format_args!("load i32, ptr {address}, align 4"));
        let mut any = "false".to_owned();
        for (n, failure) in self.module.module.failures.iter().enumerate() {
            let caught = failure.kind.class().is_some_and(|class| classes.is_empty() || classes.iter().any(|name| name == class));
            if caught {
                let number = u32::try_from(n).unwrap_or(u32::MAX) + self.module.failure_base;
                let same = self.compute(format_args!("icmp eq i32 {row}, {number}"));
                any = self.compute(format_args!("or i1 {any}, {same}"));
            }
        }
        self.define(result, format_args!("or i1 {any}, false"));
    }

    /// Copies the error record, a word at a time.
    pub(super) fn copy_record(&mut self, from: String, to: String) {
        for word in 0..size_of::<ErrorRecord>() / 8 {
            let source = self.compute(format_args!("getelementptr inbounds i8, ptr {from}, i64 {}", 8 * word));
            let value = self.compute(format_args!("load i64, ptr {source}, align 8"));
            let target = self.compute(format_args!("getelementptr inbounds i8, ptr {to}, i64 {}", 8 * word));
            self.line(format_args!("store i64 {value}, ptr {target}, align 8"));
        }
    }
}
