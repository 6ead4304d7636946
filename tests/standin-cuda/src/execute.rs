//! One thread of a kernel, step by step.

use crate::decode::{LOCAL, is_local};
use crate::memory::{Fault, Recent, View};
use crate::program::{Access, Action, Call, Code, Program, Space, Special};

/// A thread that does more never ends.
const MOST_STEPS: u64 = 1 << 32;
/// Calls in calls.
const MOST_CALLS: usize = 64;

/// Who a thread is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its number in its block.
    pub thread: u32,
    /// The number of its block.
    pub block: u32,
    /// Threads of a block.
    pub threads: u32,
    /// Blocks.
    pub blocks: u32,
}

/// What runs threads one after another.
#[derive(Debug)]
pub struct Machine<'a> {
    program: &'a Program,
    view: View<'a>,
    recent: Recent<'a>,
    place: Place,
    steps: u64,
    depth: usize,
    local: Vec<u8>,
}

/// What a function call works on.
struct Frame<'c> {
    code: &'c Code,
    registers: Vec<u64>,
    params: Vec<u8>,
    /// Where its local memory begins.
    local: usize,
}

impl<'a> Machine<'a> {
    /// A machine for a program on memory.
    #[must_use]
    pub fn new(program: &'a Program, view: View<'a>) -> Self {
        let place = Place { thread: 0, block: 0, threads: 1, blocks: 1 };
        Machine { program, view, recent: Recent::default(), place, steps: 0, depth: 0, local: Vec::new() }
    }

    /// Runs one thread of an entry.
    ///
    /// # Errors
    /// If it goes wrong: what, where in the text, and which thread.
    pub fn thread(&mut self, entry: usize, params: &[u8], place: Place) -> Result<(), Fault> {
        self.place = place;
        self.steps = 0;
        self.depth = 0;
        self.local.clear();
        let code = &self.program.functions[entry];
        self.call(code, params.to_vec()).map(drop).map_err(|fault| {
            let at = |text| format!("{}: {text}, thread {} of block {}", code.name, place.thread, place.block);
            match fault {
                Fault::Address(text) => Fault::Address(at(text)),
                Fault::Misaligned(text) => Fault::Misaligned(at(text)),
                Fault::Stopped(text) => Fault::Stopped(at(text)),
            }
        })
    }

    /// Runs a function on its parameter memory, and gives that back.
    fn call(&mut self, code: &'a Code, mut params: Vec<u8>) -> Result<Vec<u8>, Fault> {
        params.resize(code.parameter_bytes, 0);
        let local = self.local.len().next_multiple_of(16);
        self.local.resize(local + code.local_bytes, 0xa5);
        let mut frame = Frame { code, registers: code.registers.clone(), params, local };
        let mut place = 0;
        self.depth += 1;
        while place < code.steps.len() {
            place = self.step(&mut frame, place).map_err(|fault| {
                let line = code.steps[place].line;
                match fault {
                    Fault::Address(text) if !text.contains("PTX line") => Fault::Address(format!("{text}, PTX line {line}")),
                    Fault::Misaligned(text) if !text.contains("PTX line") => Fault::Misaligned(format!("{text}, PTX line {line}")),
                    other => other,
                }
            })?;
        }
        self.depth -= 1;
        self.local.truncate(local);
        Ok(frame.params)
    }

    /// Does a step; gives the place of the next.
    fn step(&mut self, frame: &mut Frame<'a>, place: usize) -> Result<usize, Fault> {
        let step = &frame.code.steps[place];
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(Fault::Stopped("the thread does not end".to_owned()));
        }
        if let Some((predicate, sense)) = step.guard
            && (frame.registers[predicate as usize] & 1 == 1) != sense
        {
            return Ok(place + 1);
        }
        let [a, b, c] = step.sources.map(|source| frame.registers.get(source as usize).copied().unwrap_or(0));
        let value = match &step.action {
            Action::Unary(function) => function(a),
            Action::Binary(function) => function(a, b),
            Action::Ternary(function) => function(a, b, c),
            Action::Extract(shift) => a >> shift,
            Action::Insert(shift) => a | b << shift,
            Action::Special(special) => self.special(*special),
            Action::LocalAddress(offset) => LOCAL + frame.local as u64 + offset,
            Action::Load(access) => self.load(frame, access, a)?,
            Action::Store(access) => {
                self.store(frame, access, a, b)?;
                return Ok(place + 1);
            }
            Action::Branch(target) => return Ok(*target),
            Action::Call(call) => {
                self.nested(frame, call)?;
                return Ok(place + 1);
            }
            Action::Return => return Ok(frame.code.steps.len()),
            Action::Trap => return Err(Fault::Stopped("the thread stopped itself".to_owned())),
        };
        frame.registers[step.target as usize] = value & step.mask;
        Ok(place + 1)
    }

    fn special(&self, special: Special) -> u64 {
        match special {
            Special::Thread => u64::from(self.place.thread),
            Special::Block => u64::from(self.place.block),
            Special::Threads => u64::from(self.place.threads),
            Special::Blocks => u64::from(self.place.blocks),
            Special::Constant(value) => value,
        }
    }

    fn nested(&mut self, frame: &mut Frame<'a>, call: &Call) -> Result<(), Fault> {
        if self.depth >= MOST_CALLS {
            return Err(Fault::Stopped("the calls are nested too deeply".to_owned()));
        }
        let callee = &self.program.functions[call.function];
        let mut params = vec![0; callee.parameter_bytes];
        for (from, to) in call.arguments.iter().zip(&callee.parameters) {
            let bytes = from.bytes.min(to.bytes);
            params[to.offset..to.offset + bytes].copy_from_slice(&frame.params[from.offset..from.offset + bytes]);
        }
        let params = self.call(callee, params)?;
        for (to, from) in call.results.iter().zip(&callee.results) {
            let bytes = from.bytes.min(to.bytes);
            frame.params[to.offset..to.offset + bytes].copy_from_slice(&params[from.offset..from.offset + bytes]);
        }
        Ok(())
    }

    fn load(&mut self, frame: &Frame<'_>, access: &Access, address: u64) -> Result<u64, Fault> {
        let address = address.wrapping_add_signed(access.offset);
        let size = usize::from(access.bytes);
        let value = match access.space {
            Space::Param => little(&frame.params[address as usize..address as usize + size]),
            Space::Local | Space::Generic if is_local(address) => little(self.local(frame, access, address)?),
            Space::Local => return Err(Fault::Address(format!("{address:#x} is not in local memory"))),
            Space::Global | Space::Generic => self.view.load(&mut self.recent, address, access.bytes, access.align)?,
        };
        let shift = 64 - 8 * u32::from(access.bytes);
        Ok(if access.signed { ((value << shift).cast_signed() >> shift).cast_unsigned() } else { value })
    }

    fn store(&mut self, frame: &mut Frame<'_>, access: &Access, address: u64, value: u64) -> Result<(), Fault> {
        let address = address.wrapping_add_signed(access.offset);
        let size = usize::from(access.bytes);
        let bytes = value.to_le_bytes();
        match access.space {
            Space::Param => frame.params[address as usize..address as usize + size].copy_from_slice(&bytes[..size]),
            Space::Local | Space::Generic if is_local(address) => {
                self.local(frame, access, address)?.copy_from_slice(&bytes[..size]);
            }
            Space::Local => return Err(Fault::Address(format!("{address:#x} is not in local memory"))),
            Space::Global | Space::Generic => self.view.store(&mut self.recent, address, access.bytes, access.align, value)?,
        }
        Ok(())
    }

    /// A piece of local memory. An access through a declared name has no frame in its address; one by register has.
    fn local(&mut self, frame: &Frame<'_>, access: &Access, address: u64) -> Result<&mut [u8], Fault> {
        let direct = is_local(access.offset.cast_unsigned());
        let start = (address - LOCAL) as usize + if direct { frame.local } else { 0 };
        let size = usize::from(access.bytes);
        if !start.is_multiple_of(usize::from(access.align)) {
            return Err(Fault::Misaligned(format!("local address {start:#x} for {size} bytes")));
        }
        let length = self.local.len();
        self.local.get_mut(start..start + size).ok_or_else(|| Fault::Address(format!("local address {start:#x} of {length}")))
    }
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}
