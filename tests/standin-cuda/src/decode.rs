//! From the text's words to a program: finds registers, labels, symbols and functions, and checks the operands' number.

use crate::operation::{Operation, operation};
use crate::parse::{Function, Guard, Item, Operand, Refusal, Source, Variable, bits};
use crate::program::{Access, Action, Call, Code, Program, Space, Span, Special, Step};
use std::collections::HashMap;

/// Where local memory lies among generic addresses.
pub const LOCAL: u64 = 0x00e0_0000_0000_0000;

/// Whether an address, or an offset, is there.
#[must_use]
pub fn is_local(address: u64) -> bool {
    address.wrapping_sub(LOCAL) < 1 << 32
}

/// Resolves a module whose tables lie at `tables`, by name.
///
/// # Errors
/// For instructions that are not known, and for names that are not declared.
pub fn decode(source: &Source, tables: &HashMap<String, u64>) -> Result<Program, Refusal> {
    let names: HashMap<&str, usize> = source.functions.iter().enumerate().map(|(n, function)| (function.name.as_str(), n)).collect();
    if names.len() < source.functions.len() {
        return Err(Refusal { message: "two functions have the same name".to_owned(), line: 0 });
    }
    let functions = source.functions.iter().map(|function| Decoder::new(&names, tables).function(function)).collect::<Result<_, _>>()?;
    Ok(Program { functions })
}

struct Decoder<'a> {
    functions: &'a HashMap<&'a str, usize>,
    tables: &'a HashMap<String, u64>,
    registers: HashMap<String, (u32, u32)>,
    constants: HashMap<u64, u32>,
    start: Vec<u64>,
    params: HashMap<String, Span>,
    parameter_bytes: usize,
    locals: HashMap<String, u64>,
    local_bytes: usize,
    labels: HashMap<String, usize>,
    steps: Vec<Step>,
    branches: Vec<(usize, String)>,
}

impl<'a> Decoder<'a> {
    fn new(functions: &'a HashMap<&'a str, usize>, tables: &'a HashMap<String, u64>) -> Self {
        Decoder {
            functions,
            tables,
            registers: HashMap::new(),
            constants: HashMap::new(),
            start: Vec::new(),
            params: HashMap::new(),
            parameter_bytes: 0,
            locals: HashMap::new(),
            local_bytes: 0,
            labels: HashMap::new(),
            steps: Vec::new(),
            branches: Vec::new(),
        }
    }

    fn function(mut self, function: &Function) -> Result<Code, Refusal> {
        let results = function.results.iter().map(|variable| self.param(variable)).collect();
        let parameters = function.parameters.iter().map(|variable| self.param(variable)).collect();
        for (item, line) in &function.body {
            self.item(item).map_err(|message| Refusal { message, line: *line })?;
            self.steps.iter_mut().rev().take_while(|step| step.line == 0).for_each(|step| step.line = *line as u32);
        }
        for (step, label) in std::mem::take(&mut self.branches) {
            let line = self.steps[step].line as usize;
            let place = self.labels.get(&label).ok_or_else(|| Refusal { message: format!("there is no label `{label}`"), line })?;
            self.steps[step].action = Action::Branch(*place);
        }
        self.step(Action::Return, None, (0, 0), [0; 3]);
        Ok(Code {
            name: function.name.clone(),
            entry: function.entry,
            registers: self.start,
            parameters,
            results,
            parameter_bytes: self.parameter_bytes,
            local_bytes: self.local_bytes,
            steps: self.steps,
        })
    }

    fn param(&mut self, variable: &Variable) -> Span {
        let offset = self.parameter_bytes.next_multiple_of(variable.align.max(1));
        let span = Span { offset, bytes: variable.bytes };
        self.parameter_bytes = offset + variable.bytes;
        self.params.insert(variable.name.clone(), span);
        span
    }

    fn item(&mut self, item: &Item) -> Result<(), String> {
        match item {
            Item::Registers { name, count: None, bits } => self.register(name.clone(), *bits),
            Item::Registers { name, count: Some(count), bits } => (0..*count).for_each(|n| self.register(format!("{name}{n}"), *bits)),
            Item::Param(variable) => drop(self.param(variable)),
            Item::Local(variable) => {
                let offset = self.local_bytes.next_multiple_of(variable.align.max(1));
                self.local_bytes = offset + variable.bytes;
                self.locals.insert(variable.name.clone(), offset as u64);
            }
            Item::Label(label) => {
                if self.labels.insert(label.clone(), self.steps.len()).is_some() {
                    return Err(format!("the label `{label}` stands twice"));
                }
            }
            Item::Instruction { guard, opcode, operands } => return self.instruction(guard.as_ref(), opcode, operands),
        }
        Ok(())
    }

    fn register(&mut self, name: String, bits: u32) {
        let number = self.start.len() as u32;
        self.start.push(0);
        self.registers.insert(name, (number, bits));
    }

    fn step(&mut self, action: Action, guard: Option<(u32, bool)>, target: (u32, u32), sources: [u32; 3]) {
        let mask = if target.1 == 0 { 0 } else { u64::MAX >> (64 - target.1) };
        self.steps.push(Step { guard, action, target: target.0, mask, sources, line: 0 });
    }

    /// A register that is set: its number and width.
    fn target(&self, operand: &Operand) -> Result<(u32, u32), String> {
        match operand {
            Operand::Name(name) => self.registers.get(name).copied().ok_or_else(|| format!("there is no register `{name}`")),
            other => Err(format!("{other:?} cannot be set")),
        }
    }

    /// A constant, kept among the registers.
    fn constant(&mut self, value: u64) -> u32 {
        *self.constants.entry(value).or_insert_with(|| {
            self.start.push(value);
            self.start.len() as u32 - 1
        })
    }

    fn source(&mut self, operand: &Operand) -> Result<u32, String> {
        match operand {
            Operand::Number(value) => Ok(self.constant(*value)),
            Operand::Name(name) => match (self.registers.get(name), self.tables.get(name)) {
                (Some((number, _)), _) => Ok(*number),
                (None, Some(address)) => Ok(self.constant(*address)),
                (None, None) => Err(format!("`{name}` is not known")),
            },
            other => Err(format!("{other:?} is no value")),
        }
    }

    fn instruction(&mut self, guard: Option<&Guard>, opcode: &str, operands: &[Operand]) -> Result<(), String> {
        let guard = match guard {
            Some(guard) => Some((self.target(&Operand::Name(guard.predicate.clone()))?.0, guard.sense)),
            None => None,
        };
        let wrong = || format!("`{opcode}` with {} operands is not known", operands.len());
        let words: Vec<&str> = opcode.split('.').collect();
        match (&words[..], operands) {
            (["ret" | "exit"] | ["ret", "uni"], []) => self.step(Action::Return, guard, (0, 0), [0; 3]),
            (["trap"], []) => self.step(Action::Trap, guard, (0, 0), [0; 3]),
            (["bra"] | ["bra", "uni"], [Operand::Name(label)]) => {
                self.branches.push((self.steps.len(), label.clone()));
                self.step(Action::Branch(0), guard, (0, 0), [0; 3]);
            }
            (["call"] | ["call", "uni"], _) => return self.call(guard, operands),
            (["ld", words @ ..], [target, Operand::Address(base, offset)]) => {
                return self.access(guard, words, base, *offset, target, false).map_err(|()| format!("`{opcode}` is not known"))?;
            }
            (["st", words @ ..], [Operand::Address(base, offset), value]) => {
                return self.access(guard, words, base, *offset, value, true).map_err(|()| format!("`{opcode}` is not known"))?;
            }
            (["mov", _], [target, Operand::Name(name)]) if special(name).is_some() || self.locals.contains_key(name) => {
                let target = self.target(target)?;
                let action = match (special(name), self.locals.get(name)) {
                    (Some(special), _) => Action::Special(special),
                    (None, offset) => Action::LocalAddress(offset.copied().unwrap_or(0)),
                };
                self.step(action, guard, target, [0; 3]);
            }
            (["mov", kind], [Operand::Vector(parts), whole]) => {
                let width = bits(kind).ok_or_else(wrong)? / parts.len() as u32;
                let whole = self.source(whole)?;
                for (n, part) in parts.iter().enumerate().filter(|(_, part)| !matches!(part, Operand::Name(name) if name == "_")) {
                    let (target, _) = self.target(part)?;
                    self.step(Action::Extract(width * n as u32), guard, (target, width), [whole, 0, 0]);
                }
            }
            (["mov", kind], [target, Operand::Vector(parts)]) => {
                let width = bits(kind).ok_or_else(wrong)? / parts.len() as u32;
                let target = self.target(target)?;
                let mut sofar = self.constant(0);
                for (n, part) in parts.iter().enumerate() {
                    let part = self.source(part)?;
                    self.step(Action::Insert(width * n as u32), guard, target, [sofar, part, 0]);
                    sofar = target.0;
                }
            }
            (["cvta", "local", _] | ["cvta", "to", "local", _], [target, address]) => {
                // Local addresses are generic ones here.
                let (target, address) = (self.target(target)?, self.source(address)?);
                self.step(Action::Unary(|a| a), guard, target, [address, 0, 0]);
            }
            _ => return self.compute(guard, opcode, operands),
        }
        Ok(())
    }

    fn compute(&mut self, guard: Option<(u32, bool)>, opcode: &str, operands: &[Operand]) -> Result<(), String> {
        let Some(operation) = operation(opcode) else { return Err(format!("the instruction `{opcode}` is not known")) };
        let (action, count) = match operation {
            Operation::Unary(function) => (Action::Unary(function), 1),
            Operation::Binary(function) => (Action::Binary(function), 2),
            Operation::Ternary(function) => (Action::Ternary(function), 3),
        };
        let [target, rest @ ..] = operands else { return Err(format!("`{opcode}` has no operands")) };
        if rest.len() != count {
            return Err(format!("`{opcode}` takes {count} operands, not {}", rest.len()));
        }
        let target = self.target(target)?;
        let mut sources = [0; 3];
        for (source, operand) in sources.iter_mut().zip(rest) {
            *source = self.source(operand)?;
        }
        self.step(action, guard, target, sources);
        Ok(())
    }

    /// `Err(())` if the words are not known.
    #[allow(clippy::type_complexity)]
    fn access(
        &mut self,
        guard: Option<(u32, bool)>,
        words: &[&str],
        base: &str,
        offset: i64,
        value: &Operand,
        store: bool,
    ) -> Result<Result<(), String>, ()> {
        let (space, words) = match words {
            ["param", rest @ ..] => (Space::Param, rest),
            ["global", "nc", rest @ ..] | ["const", rest @ ..] if !store => (Space::Global, rest),
            ["global", rest @ ..] => (Space::Global, rest),
            ["local", rest @ ..] => (Space::Local, rest),
            rest => (Space::Generic, rest),
        };
        let (count, kind) = match words {
            [kind] => (1, kind),
            ["v2", kind] => (2, kind),
            ["v4", kind] => (4, kind),
            _ => return Err(()),
        };
        let bytes = bits(kind).filter(|bits| *bits >= 8).ok_or(())? as u8 / 8;
        let parts = match value {
            Operand::Vector(parts) if parts.len() == count => &parts[..],
            Operand::Vector(_) => return Err(()),
            single if count == 1 => std::slice::from_ref(single),
            _ => return Err(()),
        };
        let mut access = Access { space, offset, bytes, align: bytes * count as u8, signed: kind.starts_with('s') && !store };
        Ok(self.accesses(guard, &mut access, base, parts, store))
    }

    fn accesses(
        &mut self,
        guard: Option<(u32, bool)>,
        access: &mut Access,
        base: &str,
        parts: &[Operand],
        store: bool,
    ) -> Result<(), String> {
        // What has no register in its address has zero there.
        let mut address = self.constant(0);
        if access.space == Space::Param {
            let span = self.params.get(base).ok_or_else(|| format!("there is no parameter `{base}`"))?;
            let size = i64::from(access.bytes) * parts.len() as i64;
            if access.offset < 0 || access.offset + size > span.bytes as i64 {
                return Err(format!("`{base}` has only {} bytes", span.bytes));
            }
            access.offset += span.offset as i64;
        } else if let Some(offset) = self.locals.get(base) {
            access.offset += (LOCAL + offset).cast_signed();
        } else {
            address = self.source(&Operand::Name(base.to_owned()))?;
        }
        for part in parts {
            if store {
                let value = self.source(part)?;
                self.step(Action::Store(*access), guard, (0, 0), [address, value, 0]);
            } else {
                let target = self.target(part)?;
                if target.1 < u32::from(access.bytes) * 8 {
                    return Err(format!("{part:?} is too narrow"));
                }
                self.step(Action::Load(*access), guard, target, [address, 0, 0]);
            }
            access.offset += i64::from(access.bytes);
            access.align = access.bytes;
        }
        Ok(())
    }

    fn call(&mut self, guard: Option<(u32, bool)>, operands: &[Operand]) -> Result<(), String> {
        let (results, name, arguments) = match operands {
            [Operand::List(results), Operand::Name(name), Operand::List(arguments)] => (&results[..], name, &arguments[..]),
            [Operand::List(results), Operand::Name(name)] => (&results[..], name, &[][..]),
            [Operand::Name(name), Operand::List(arguments)] => (&[][..], name, &arguments[..]),
            [Operand::Name(name)] => (&[][..], name, &[][..]),
            _ => return Err("this call is not known".to_owned()),
        };
        let function = *self.functions.get(name.as_str()).ok_or_else(|| format!("there is no function `{name}`"))?;
        let spans = |operands: &[Operand]| {
            let span = |operand: &Operand| match operand {
                Operand::Name(name) => self.params.get(name).copied().ok_or_else(|| format!("there is no parameter `{name}`")),
                other => Err(format!("{other:?} is no parameter")),
            };
            operands.iter().map(span).collect::<Result<Vec<Span>, String>>()
        };
        let call = Call { function, arguments: spans(arguments)?, results: spans(results)? };
        self.step(Action::Call(Box::new(call)), guard, (0, 0), [0; 3]);
        Ok(())
    }
}

fn special(name: &str) -> Option<Special> {
    Some(match name {
        "%tid.x" => Special::Thread,
        "%ctaid.x" => Special::Block,
        "%ntid.x" => Special::Threads,
        "%nctaid.x" => Special::Blocks,
        "%tid.y" | "%tid.z" | "%ctaid.y" | "%ctaid.z" => Special::Constant(0),
        "%ntid.y" | "%ntid.z" | "%nctaid.y" | "%nctaid.z" => Special::Constant(1),
        _ => return None,
    })
}
