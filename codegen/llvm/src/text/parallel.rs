//! Chunks of parallel loops: what a chunk's function is given lies in a block of words on the stack of whoever starts the loop, and a
//! function of one shape reads it from there, so that the runtime calls all of them alike.

use super::ModuleText;
use super::function::{FunctionText, global, internal_name};
use super::types;
use hypersonic_abi::{Support, status};
use hypersonic_loops::{FunctionId, Ty, ValueId};
use std::fmt::Write as _;
use std::mem::offset_of;

/// What the function of a chunk has before its own parameters.
const COMMON: &str = "ptr %support, ptr %context, ptr %error";

/// The type that a value of that type has in the block.
const fn stored(ty: Ty) -> Ty {
    if matches!(ty, Ty::I1) { Ty::I8 } else { ty }
}

impl ModuleText<'_> {
    /// The name of the function that the runtime calls for each chunk.
    fn chunk(&mut self, callee: FunctionId) -> String {
        let function = &self.module.functions[callee.index()];
        let name = global(&format!("chunk.{}", function.name));
        if !self.known_chunks.insert(callee.0) {
            return name;
        }
        let mut text = format!(
            "define internal i32 {name}(ptr noalias noundef readonly %support, ptr noundef %context, ptr noalias noundef %error, ptr noalias noundef \
             readonly %words, i64 %chunk) #0 {{\n"
        );
        let mut words = format!("{COMMON}, i64 %chunk");
        for (n, ty) in function.parameters.iter().skip(1).enumerate() {
            let (name, kept) = (types::name(*ty), types::name(stored(*ty)));
            let _ = writeln!(text, "  %a{n} = getelementptr inbounds i8, ptr %words, i64 {}", 8 * n);
            let _ = writeln!(text, "  %w{n} = load {kept}, ptr %a{n}, align 8");
            let value = if stored(*ty) == *ty { format!("%w{n}") } else { format!("%n{n}") };
            if stored(*ty) != *ty {
                let _ = writeln!(text, "  {value} = trunc {kept} %w{n} to {name}");
            }
            let _ = write!(words, ", {name} {value}");
        }
        let callee = global(&internal_name(&function.name));
        let _ = write!(text, "  %state = call i32 {callee}({words}) #0\n  ret i32 %state\n}}\n\n");
        self.functions.push_str(&text);
        name
    }
}

impl FunctionText<'_, '_> {
    /// Runs the chunks of a loop.
    pub(super) fn parallel(&mut self, callee: FunctionId, [chunks, threads]: [ValueId; 2], arguments: &[ValueId]) {
        let words = self.allocate(8 * arguments.len().max(1) as u64);
        for (n, argument) in arguments.iter().enumerate() {
            let address = self.compute(format_args!("getelementptr inbounds i8, ptr {words}, i64 {}", 8 * n));
            let mut value = self.typed(*argument);
            if self.ty(*argument) == Ty::I1 {
                value = format!("i8 {}", self.compute(format_args!("zext {value} to i8")));
            }
            self.line(format_args!("store {value}, ptr {address}, align 8"));
        }
        let body = self.module.chunk(callee);
        let row = self.row(offset_of!(Support, parallel));
        let (chunks, threads) = (self.operand(chunks).to_owned(), self.operand(threads).to_owned());
        let state = self.compute(format_args!("call i32 {row}({COMMON}, ptr {body}, ptr {words}, i64 {chunks}, i64 {threads}) nounwind"));
        let fine = self.compute(format_args!("icmp eq i32 {state}, {}", status::OK));
        let (good, bad) = (self.label(), self.label());
        self.end(format_args!("br i1 {fine}, label %{good}, label %{bad}"));
        self.begin(&bad);
        self.leave(&state);
        self.begin(&good);
    }
}
