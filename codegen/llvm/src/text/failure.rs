//! Failures fill the error record in out of line: they are many, and hardly ever happen.

use super::ModuleText;
use hypersonic_abi::ErrorRecord;
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
