//! Writes thunks: a frame on the stack, the call of the entry, the results out of the frame. An entry that can be inlined leaves nothing
//! of this.

use super::function::global;
use super::types;
use crate::level::{Level, symbol};
use crate::thunk::{Form, Loop, Number, Plain, Returns, Thunk, Word};
use hypersonic_abi::PLAIN_SYMBOL;
use hypersonic_loops::Ty;
use std::fmt::{Display, Write as _};
use std::mem::{offset_of, size_of};

/// All thunks, and the pointer by which they find the runtime.
pub(crate) fn write(out: &mut String, thunks: &[Thunk], suffix: &str, level: &Level) {
    if thunks.is_empty() {
        return;
    }
    let comdat = if level.triple.contains("windows") { ", comdat" } else { "" };
    if !comdat.is_empty() {
        let _ = writeln!(out, "${PLAIN_SYMBOL} = comdat any");
    }
    let _ = writeln!(out, "@{PLAIN_SYMBOL} = weak global ptr null{comdat}, align 8");
    let flags = if level.triple.starts_with("x86") { Flags::X86 } else { Flags::Arm };
    if thunks.iter().any(|thunk| matches!(thunk.form, Form::Loop(_))) {
        out.push_str(flags.declarations());
    }
    for thunk in thunks {
        let text = Text {
            code: String::new(),
            count: 0,
            name: global(&symbol(&thunk.name, suffix)),
            entry: global(&symbol(&thunk.entry, suffix)),
        };
        match &thunk.form {
            Form::Plain(plain) => text.plain(out, plain),
            Form::Loop(of) => text.ufunc(out, of, flags),
        }
    }
    // An entry is inlined into what calls it only here.
    out.push_str("attributes #9 = { alwaysinline nounwind }\n");
}

/// Where a processor notes what went wrong in floating-point arithmetic. NumPy looks there after a loop and warns; Python's numbers do not warn, and
/// code with vectors computes values that nobody asks for. So a loop leaves the notes as it found them.
#[derive(Clone, Copy)]
enum Flags {
    X86,
    Arm,
}

impl Flags {
    const fn declarations(self) -> &'static str {
        match self {
            Self::X86 => "declare void @llvm.x86.sse.stmxcsr(ptr)\ndeclare void @llvm.x86.sse.ldmxcsr(ptr)\n",
            Self::Arm => "declare i64 @llvm.aarch64.get.fpsr()\ndeclare void @llvm.aarch64.set.fpsr(i64)\n",
        }
    }

    /// Keeps them in `%flags`.
    const fn save(self) -> &'static str {
        match self {
            Self::X86 => "call void @llvm.x86.sse.stmxcsr(ptr %flags)",
            Self::Arm => "%noted = call i64 @llvm.aarch64.get.fpsr()",
        }
    }

    const fn restore(self) -> &'static str {
        match self {
            Self::X86 => "call void @llvm.x86.sse.ldmxcsr(ptr %flags)",
            Self::Arm => "call void @llvm.aarch64.set.fpsr(i64 %noted)",
        }
    }
}

struct Text {
    code: String,
    count: usize,
    name: String,
    entry: String,
}

impl Text {
    fn line(&mut self, line: impl Display) {
        let _ = writeln!(self.code, "  {line}");
    }

    /// A line that gives a value, and the value.
    fn value(&mut self, line: impl Display) -> String {
        self.count += 1;
        let name = format!("%t{}", self.count);
        self.line(format!("{name} = {line}"));
        name
    }

    fn label(&mut self, label: &str) {
        let _ = writeln!(self.code, "{label}:");
    }

    /// The frames, the context, the record.
    fn frames(&mut self, words: usize, result_words: usize) {
        let record = size_of::<hypersonic_abi::ErrorRecord>() / 8;
        self.line(format!("%arguments = alloca [{} x i64], align 8", words.max(1)));
        self.line(format!("%results = alloca [{} x i64], align 8", result_words.max(1)));
        self.line(format!("%context = alloca [{} x i64], align 8", size_of::<hypersonic_abi::Context>() / 8));
        self.line(format!("%error = alloca [{record} x i64], align 8"));
    }

    /// What the runtime has lent; where there is none: `absent`.
    fn runtime(&mut self, absent: &str) {
        self.line(format!("%plain = load ptr, ptr @{PLAIN_SYMBOL}, align 8"));
        self.line("%absent = icmp eq ptr %plain, null");
        self.line(format!("br i1 %absent, label %{absent}, label %present"));
        self.label("present");
        let support = offset_of!(hypersonic_abi::Plain, support);
        let place = self.value(format!("getelementptr i8, ptr %plain, i64 {support}"));
        self.line(format!("%support = load ptr, ptr {place}, align 8"));
        let place = self.value(format!("getelementptr i8, ptr %plain, i64 {}", offset_of!(hypersonic_abi::Plain, finish)));
        self.line(format!("%finisher = load ptr, ptr {place}, align 8"));
    }

    /// Calls the entry and goes to `done` or `failed`; what it left is given to the runtime first.
    fn call(&mut self, done: &str, failed: &str) {
        self.line("store [2 x i64] zeroinitializer, ptr %context, align 8");
        self.line("store i32 -1, ptr %error, align 8");
        let place = self.value(format!("getelementptr i8, ptr %error, i64 {}", offset_of!(hypersonic_abi::ErrorRecord, count)));
        self.line(format!("store i32 0, ptr {place}, align 4"));
        let entry = self.entry.clone();
        self.line(format!("%status = call i32 {entry}(ptr %support, ptr %context, ptr %error, ptr %arguments, ptr %results) #9"));
        self.line("%left = load ptr, ptr %context, align 8");
        self.line("%bad = icmp ne i32 %status, 0");
        self.line("%full = icmp ne ptr %left, null");
        self.line("%slow = or i1 %bad, %full");
        self.line(format!("br i1 %slow, label %finish, label %{done}"));
        self.label("finish");
        let name = self.name.clone();
        self.line(format!(
            "%answer = call i32 %finisher(ptr %context, ptr %error, i32 %status, ptr {name}, ptr %arguments, ptr %results) #1"
        ));
        self.line("%hopeless = icmp ne i32 %answer, 0");
        self.line(format!("br i1 %hopeless, label %{failed}, label %{done}"));
    }

    fn set_word(&mut self, at: usize, word: &str) {
        let place = self.value(format!("getelementptr i64, ptr %arguments, i64 {at}"));
        self.line(format!("store i64 {word}, ptr {place}, align 8"));
    }

    /// A number as the frame has it: the bits of the value that it is as `to`.
    fn packed(&mut self, value: &str, from: Number, to: Number) -> String {
        let (narrow, wide) = (types::name(from.ty), types::name(to.ty));
        let converted = match (from.ty, to.ty) {
            (Ty::F32, Ty::F64) => self.value(format!("fpext {narrow} {value} to {wide}")),
            (Ty::F64, Ty::F32) => self.value(format!("fptrunc {narrow} {value} to {wide}")),
            _ => value.to_owned(),
        };
        match to.ty {
            Ty::F64 => self.value(format!("bitcast double {converted} to i64")),
            Ty::F32 => {
                let bits = self.value(format!("bitcast float {converted} to i32"));
                self.value(format!("zext i32 {bits} to i64"))
            }
            _ if from.ty == Ty::I64 => converted,
            _ => self.value(format!("{} {narrow} {converted} to i64", if from.signed { "sext" } else { "zext" })),
        }
    }

    /// A number of the results, as `to`.
    fn unpacked(&mut self, at: usize, from: Number, to: Number) -> String {
        let place = self.value(format!("getelementptr i64, ptr %results, i64 {at}"));
        let word = self.value(format!("load i64, ptr {place}, align 8"));
        let value = match from.ty {
            Ty::F64 => self.value(format!("bitcast i64 {word} to double")),
            Ty::F32 => {
                let bits = self.value(format!("trunc i64 {word} to i32"));
                self.value(format!("bitcast i32 {bits} to float"))
            }
            _ if to.ty == Ty::I64 => word,
            _ => self.value(format!("trunc i64 {word} to {}", types::name(to.ty))),
        };
        match (from.ty, to.ty) {
            (Ty::F32, Ty::F64) => self.value(format!("fpext float {value} to double")),
            (Ty::F64, Ty::F32) => self.value(format!("fptrunc double {value} to float")),
            _ => value,
        }
    }

    fn plain(mut self, out: &mut String, plain: &Plain) {
        let status = Number { ty: Ty::I32, signed: true };
        let (returned, zero) = match plain.returns {
            Returns::Nothing => (None, String::new()),
            Returns::Status => (Some(status), "0".to_owned()),
            Returns::Word(_, _, number) if number.ty.is_float() => (Some(number), types::float_literal(number.ty, nan(number.ty))),
            Returns::Word(_, _, number) => (Some(number), "0".to_owned()),
        };
        self.frames(plain.words.len(), plain.result_words);
        self.runtime("failed");
        for (at, word) in plain.words.iter().enumerate() {
            let word = match word {
                Word::Constant(value) => value.to_string(),
                Word::Pointer(parameter) => self.value(format!("ptrtoint ptr %p{parameter} to i64")),
                Word::Number(parameter, to) => match plain.parameters.get(*parameter) {
                    Some(Some(from)) => self.packed(&format!("%p{parameter}"), *from, *to),
                    _ => "0".to_owned(),
                },
            };
            self.set_word(at, &word);
        }
        self.call("done", "failed");
        self.label("done");
        for (parameter, word, number) in &plain.stores {
            let value = self.unpacked(*word, *number, *number);
            self.line(format!("store {} {value}, ptr %p{parameter}", types::name(number.ty)));
        }
        match plain.returns {
            Returns::Nothing => self.line("ret void"),
            Returns::Status => self.line("ret i32 1"),
            Returns::Word(word, from, to) => {
                let value = self.unpacked(word, from, to);
                self.line(format!("ret {} {value}", types::name(to.ty)));
            }
        }
        self.label("failed");
        match returned {
            None => self.line("ret void"),
            Some(number) => self.line(format!("ret {} {zero}", types::name(number.ty))),
        }
        let parameter = |(at, parameter): (usize, &Option<Number>)| match parameter {
            None => format!("ptr noundef %p{at}"),
            Some(number) => format!("{}{} %p{at}", types::name(number.ty), extension(*number)),
        };
        let parameters: Vec<String> = plain.parameters.iter().enumerate().map(parameter).collect();
        let result = returned.map_or_else(|| "void".to_owned(), |number| format!("{}{}", extension(number).trim_start(), spaced(number)));
        let _ = writeln!(out, "define {result} {}({}) #0 {{\n{}}}", self.name, parameters.join(", "), self.code);
    }

    /// The loop of a ufunc. Written twice: for elements in a row, which vectors can take, and for any steps.
    fn ufunc(mut self, out: &mut String, of: &Loop, flags: Flags) {
        let body = Self { name: self.name.clone(), entry: self.entry.clone(), code: String::new(), count: 0 };
        let step = global(&format!("step.{}", self.name.trim_matches(['@', '"'])));
        body.step(out, of, &step);
        let elements: Vec<(Number, usize)> = of.inputs.iter().copied().chain([of.output]).collect();
        self.line("%flags = alloca i32, align 4");
        self.line(flags.save());
        self.runtime("end");
        self.line("%count = load i64, ptr %dimensions, align 8");
        let mut packed = "true".to_owned();
        for (at, (number, parts)) in elements.iter().enumerate() {
            let place = self.value(format!("getelementptr ptr, ptr %data, i64 {at}"));
            self.line(format!("%base{at} = load ptr, ptr {place}, align 8"));
            let place = self.value(format!("getelementptr i64, ptr %steps, i64 {at}"));
            self.line(format!("%step{at} = load i64, ptr {place}, align 8"));
            let same = self.value(format!("icmp eq i64 %step{at}, {}", bytes(*number) * parts));
            packed = self.value(format!("and i1 {packed}, {same}"));
        }
        self.line("%some = icmp sgt i64 %count, 0");
        self.line("br i1 %some, label %choose, label %end");
        self.label("choose");
        self.line(format!("br i1 {packed}, label %packed, label %spread"));
        for (label, strided) in [("packed", false), ("spread", true)] {
            self.label(label);
            self.line(format!("br label %{label}.next"));
            self.label(&format!("{label}.next"));
            self.line(format!("%{label}.i = phi i64 [ 0, %{label} ], [ %{label}.after, %{label}.on ]"));
            let mut places = vec!["ptr %support".to_owned(), "ptr %finisher".to_owned()];
            for (at, (number, parts)) in elements.iter().enumerate() {
                let by = if strided { format!("%step{at}") } else { (bytes(*number) * parts).to_string() };
                let offset = self.value(format!("mul nsw i64 %{label}.i, {by}"));
                let place = self.value(format!("getelementptr i8, ptr %base{at}, i64 {offset}"));
                places.push(format!("ptr {place}"));
            }
            let going = self.value(format!("call i1 {step}({}) #9", places.join(", ")));
            self.line(format!("br i1 {going}, label %{label}.on, label %end"));
            self.label(&format!("{label}.on"));
            self.line(format!("%{label}.after = add nuw nsw i64 %{label}.i, 1"));
            self.line(format!("%{label}.more = icmp slt i64 %{label}.after, %count"));
            self.line(format!("br i1 %{label}.more, label %{label}.next, label %end"));
        }
        self.label("end");
        self.line(flags.restore());
        self.line("ret void");
        let parameters = "ptr noundef %data, ptr noundef %dimensions, ptr noundef %steps, ptr noundef %nothing";
        let _ = writeln!(out, "define void {}({parameters}) #0 {{\n{}}}", self.name, self.code);
    }

    /// One element: whether to go on.
    fn step(mut self, out: &mut String, of: &Loop, name: &str) {
        let words: usize = of.inputs.iter().map(|(_, parts)| parts).sum();
        self.frames(words, of.output.1);
        let mut word_at = 0;
        for (at, (number, parts)) in of.inputs.iter().enumerate() {
            for part in 0..*parts {
                let ty = types::name(number.ty);
                let place = self.value(format!("getelementptr {ty}, ptr %p{at}, i64 {part}"));
                let value = self.value(format!("load {ty}, ptr {place}"));
                let word = self.packed(&value, *number, *number);
                self.set_word(word_at, &word);
                word_at += 1;
            }
        }
        self.call("done", "failed");
        self.label("done");
        for part in 0..of.output.1 {
            let (number, ty) = (of.output.0, types::name(of.output.0.ty));
            let value = self.unpacked(part, number, number);
            let place = self.value(format!("getelementptr {ty}, ptr %p{}, i64 {part}", of.inputs.len()));
            self.line(format!("store {ty} {value}, ptr {place}"));
        }
        self.line("ret i1 true");
        self.label("failed");
        self.line("ret i1 false");
        let places = (0..=of.inputs.len()).map(|at| format!("%p{at}"));
        let parameters: Vec<String> =
            ["%support", "%finisher"].map(str::to_owned).into_iter().chain(places).map(|name| format!("ptr noundef {name}")).collect();
        let _ = writeln!(out, "define internal i1 {name}({}) #0 {{\n{}}}", parameters.join(", "), self.code);
    }
}

/// A quiet NaN.
const fn nan(ty: Ty) -> u64 {
    if matches!(ty, Ty::F32) { 0x7FC0_0000 } else { 0x7FF8_0000_0000_0000 }
}

const fn bytes(number: Number) -> usize {
    types::bits(number.ty) as usize / 8
}

/// How callers of C extend small integers.
const fn extension(number: Number) -> &'static str {
    match (number.ty, number.signed) {
        (Ty::I8 | Ty::I16 | Ty::I32, true) => " signext",
        (Ty::I8 | Ty::I16 | Ty::I32, false) => " zeroext",
        _ => "",
    }
}

/// The type, with a space in front if an extension stands there.
fn spaced(number: Number) -> String {
    if extension(number).is_empty() { types::name(number.ty).to_owned() } else { format!(" {}", types::name(number.ty)) }
}
