//! Prints loop IR for people and for tests. There is no reader: the text is not a format.

use crate::ir::{Block, Failure, Function, Inst, Likely, MessagePart, Module, Stmt, ValueId};
use std::fmt::Write;

/// A module as text.
#[must_use]
pub fn module(module: &Module) -> String {
    let mut out = String::new();
    for (n, failure) in module.failures.iter().enumerate() {
        let _ = writeln!(out, "failure {n}: {}", describe(failure));
    }
    for each in &module.functions {
        out.push_str(&function(each));
    }
    out
}

/// A function as text.
#[must_use]
pub fn function(function: &Function) -> String {
    let mut printer = Printer { function, out: String::new(), depth: 1 };
    let _ = writeln!(printer.out, "{:?} {}{:?} -> {:?}", function.linkage, function.name, function.parameters, function.results);
    printer.block(&function.body);
    printer.out
}

/// One line about a failure.
#[must_use]
pub fn describe(failure: &Failure) -> String {
    let mut text = String::new();
    for part in &failure.message {
        let _ = match part {
            MessagePart::Text(literal) => write!(text, "{literal}"),
            MessagePart::Int(n, spec) => write!(text, "{{i{n}:{spec}}}"),
            MessagePart::Float(n, spec) => write!(text, "{{f{n}:{spec}}}"),
            MessagePart::Object(n) => write!(text, "{{o{n}}}"),
            MessagePart::Argument(n, kind) => write!(text, "{{{kind} {n}}}"),
            MessagePart::Next => write!(text, ", "),
            MessagePart::Python(what, _) => write!(text, "{{Python's of {what}}}"),
        };
    }
    let retry = if failure.retry { " (retry)" } else { "" };
    format!("{:?} {text:?} line {}{retry}", failure.kind, failure.line)
}

struct Printer<'a> {
    function: &'a Function,
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "  ".repeat(self.depth));
    }

    fn nested(&mut self, block: &Block) {
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn v(&self, value: ValueId) -> String {
        match self.function.values.get(value.index()).map(|value| value.inst) {
            Some(Inst::Int(number)) => number.to_string(),
            Some(Inst::Parameter(n)) => format!("p{n}"),
            _ => format!("%{}", value.0),
        }
    }

    fn list(&self, values: &[ValueId]) -> String {
        values.iter().map(|value| self.v(*value)).collect::<Vec<_>>().join(", ")
    }

    fn variable(&self, variable: crate::ir::VariableId) -> String {
        self.function.variables.get(variable.index()).map_or_else(String::new, |found| format!("${}.{}", found.name, variable.0))
    }

    fn instruction(&self, id: ValueId) -> Option<String> {
        let value = self.function.values.get(id.index())?;
        let ty = value.ty;
        let text = match value.inst {
            Inst::Int(_) => return None,
            Inst::FloatBits(bits) if ty == crate::ir::Ty::F32 => format!("{:?}", f32::from_bits(u32::try_from(bits).unwrap_or_default())),
            Inst::FloatBits(bits) => format!("{:?}", f64::from_bits(bits)),
            Inst::Null => "null".to_owned(),
            Inst::Parameter(n) => format!("p{n}"),
            Inst::Bound => "bound".to_owned(),
            Inst::Read(variable) => self.variable(variable),
            Inst::Binary(op, x, y) => format!("{op:?} {}, {}", self.v(x), self.v(y)),
            Inst::Unary(op, x) => format!("{op:?} {}", self.v(x)),
            Inst::Compare(op, x, y) => format!("{op:?} {}, {}", self.v(x), self.v(y)),
            Inst::Overflows(op, x, y) => format!("Overflows{op:?} {}, {}", self.v(x), self.v(y)),
            Inst::Select(c, x, y) => format!("Select {}, {}, {}", self.v(c), self.v(x), self.v(y)),
            Inst::Cast(cast, x) => format!("{cast:?} {}", self.v(x)),
            Inst::Load(address, class) => format!("Load {} class {}", self.v(address), class.0),
            Inst::Offset(address, bytes) => format!("Offset {}, {}", self.v(address), self.v(bytes)),
            Inst::StackSlot(bytes) => format!("StackSlot {bytes}"),
            Inst::FrameAddress => "FrameAddress".to_owned(),
            Inst::Rare(rare, arguments, otherwise) => {
                let words: Vec<String> = arguments[..rare.0.arity()].iter().map(|argument| self.v(*argument).to_string()).collect();
                format!("Rare {}({}) else {}", rare.0.name, words.join(", "), self.v(otherwise))
            }
            Inst::Table(table, index) => format!("Table {}[{}]", table.0.name, self.v(index)),
        };
        Some(format!("%{}: {ty:?} = {text}", id.0))
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(value) => {
                if let Some(text) = self.instruction(*value) {
                    self.line(&text);
                }
            }
            Stmt::Set(variable, value) => self.line(&format!("{} := {}", self.variable(*variable), self.v(*value))),
            Stmt::Store { address, value, class } => {
                self.line(&format!("store {}, {} class {}", self.v(*address), self.v(*value), class.0))
            }
            Stmt::If { condition, then, otherwise, likely } => {
                let hint = if *likely == Likely::Unknown { String::new() } else { format!(" likely {likely:?}") };
                self.line(&format!("if {}{hint}", self.v(*condition)));
                self.nested(then);
                if !otherwise.is_empty() {
                    self.line("else");
                    self.nested(otherwise);
                }
            }
            Stmt::For { index, count, order, body } => {
                self.line(&format!("for {} < {} {order:?}", self.v(*index), self.v(*count)));
                self.nested(body);
            }
            Stmt::Loop { body } => {
                self.line("loop");
                self.nested(body);
            }
            Stmt::Break(n) => self.line(&format!("break {n}")),
            Stmt::Continue(n) => self.line(&format!("continue {n}")),
            Stmt::Nest(nest) => {
                self.line(&format!("nest {} [{}] < [{}]", nest.id, self.list(&nest.indices), self.list(&nest.extents)));
                self.nested(&nest.body);
            }
            Stmt::Call { function, arguments, results, caught } => {
                let caught = caught.map_or_else(String::new, |depth| format!(" caught break {depth}"));
                self.line(&format!("{} = call f{}({}){caught}", self.list(results), function.0, self.list(arguments)));
            }
            Stmt::Parallel { function, chunks, threads, arguments } => {
                let (chunks, threads) = (self.v(*chunks), self.v(*threads));
                self.line(&format!("parallel f{} x {chunks} on {threads} ({})", function.0, self.list(arguments)));
            }
            Stmt::Record { failure, values } => self.line(&format!("record {} ({})", failure.0, self.list(values))),
            Stmt::Caught { classes, result } => self.line(&format!("{} = caught {}", self.v(*result), classes.join(" "))),
            Stmt::SaveRecord(place) => self.line(&format!("save record {}", self.v(*place))),
            Stmt::RestoreRecord(place) => self.line(&format!("restore record {}", self.v(*place))),
            Stmt::Leave => self.line("leave"),
            Stmt::Support { row, arguments, result } => {
                let result = result.map_or_else(String::new, |result| format!("{} = ", self.v(result)));
                self.line(&format!("{result}{row:?}({})", self.list(arguments)));
            }
            Stmt::Launch { kernel, count, parameters, failure } => {
                self.line(&format!("launch {kernel} x {}({}) else failure {}", self.v(*count), self.list(parameters), failure.0));
            }
            Stmt::Check { ok, failure, values } => {
                self.line(&format!("check {} else failure {} ({})", self.v(*ok), failure.0, self.list(values)));
            }
            Stmt::Fail { failure, values } => self.line(&format!("fail {} ({})", failure.0, self.list(values))),
            Stmt::Return(values) => self.line(&format!("return {}", self.list(values))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Builder, Linkage, Ty};

    #[test]
    fn prints_a_nest() {
        let mut failures = Vec::new();
        let mut b = Builder::new(&mut failures, "f", Linkage::Internal, vec![Ty::I64], vec![]);
        let n = b.parameter(0);
        b.nest(vec![n], |b, indices| {
            let one = b.i64(1);
            b.add(indices[0], one);
        });
        b.ret(vec![]);
        let text = function(&b.finish());
        assert_eq!(text, "Internal f[I64] -> []\n  nest 0 [%1] < [p0]\n    %3: I64 = Add %1, 1\n  return \n");
    }
}
