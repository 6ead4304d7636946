//! A module ready to run: registers are numbers, constants stand among them, labels are places.

use crate::operation::{Binary, Ternary, Unary};

/// A loaded module.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its functions.
    pub functions: Vec<Code>,
}

impl Program {
    /// The number of an entry.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<usize> {
        self.functions.iter().position(|code| code.entry && code.name == name)
    }
}

/// A piece of parameter memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub bytes: usize,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Code {
    /// Its name.
    pub name: String,
    /// Whether it can be launched.
    pub entry: bool,
    /// Registers at the start: zeros and constants.
    pub registers: Vec<u64>,
    /// What it is given, in its parameter memory.
    pub parameters: Vec<Span>,
    /// What it gives, there.
    pub results: Vec<Span>,
    /// The size of that memory.
    pub parameter_bytes: usize,
    /// The size of its local memory.
    pub local_bytes: usize,
    /// What it does.
    pub steps: Vec<Step>,
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct Step {
    /// A register that must be 1, or 0, for the instruction to run.
    pub guard: Option<(u32, bool)>,
    /// What to do.
    pub action: Action,
    /// The register that is set.
    pub target: u32,
    /// The bits that the target has.
    pub mask: u64,
    /// The registers that are read.
    pub sources: [u32; 3],
    /// Its line of the text.
    pub line: u32,
}

/// How memory is accessed; the address is the first source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Which memory.
    pub space: Space,
    /// Added to the address.
    pub offset: i64,
    /// 1, 2, 4 or 8.
    pub bytes: u8,
    /// Of what the address must be a multiple.
    pub align: u8,
    /// Whether what is loaded has a sign.
    pub signed: bool,
}

/// A kind of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Allocations and tables.
    Global,
    /// The thread's own.
    Local,
    /// Either, by its address.
    Generic,
    /// Parameters; the offset is the address.
    Param,
}

/// What a thread knows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// Its number in its block.
    Thread,
    /// The number of its block.
    Block,
    /// Threads of a block.
    Threads,
    /// Blocks.
    Blocks,
    /// What is the same for everyone here.
    Constant(u64),
}

/// What an instruction does.
#[derive(Clone, Debug)]
pub enum Action {
    /// One value.
    Unary(Unary),
    /// Two.
    Binary(Binary),
    /// Three.
    Ternary(Ternary),
    /// A part of a value: shifted right; the mask does the rest.
    Extract(u32),
    /// The second source, shifted left, put onto the first.
    Insert(u32),
    /// A number of the thread's.
    Special(Special),
    /// The generic address of a place in local memory.
    LocalAddress(u64),
    /// Reads.
    Load(Access),
    /// Writes the second source.
    Store(Access),
    /// Goes to a step.
    Branch(usize),
    /// Calls a function: arguments and results in the caller's parameter memory.
    Call(Box<Call>),
    /// Returns.
    Return,
    /// Stops the launch.
    Trap,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which function.
    pub function: usize,
    /// What it is given.
    pub arguments: Vec<Span>,
    /// Where its results go.
    pub results: Vec<Span>,
}
