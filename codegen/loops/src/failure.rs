//! The ways to fail that a module's table lists, as the runtime reports them.

/// One way to fail, as the runtime reports it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// Literal text and formatted numbers of the message.
    pub message: Vec<MessagePart>,
    /// Whether nothing that the caller can see was changed yet, so that Python can run instead.
    pub retry: bool,
    /// Line of the source, 1-based; 0 if unknown.
    pub line: u32,
}

/// Kinds of failure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// A Python exception by builtin name.
    Raise(String),
    /// A user's own `raise` or `assert`: never retried in Python.
    User(String),
    /// A Python int left int64: Python answers if `retry`, else OverflowError.
    IntegerOverflow,
    /// Allocation failed: MemoryError.
    Memory,
    /// This case has no compiled form: Python answers if `retry`, else NotImplementedError.
    Unsupported,
    /// The version for C-contiguous arrays has no code for this case, the strided one has; nothing was done yet.
    Strided,
}

impl FailureKind {
    /// The class of the exception that a handler may catch. None where only Python, or another version of the function, knows what
    /// happens: a handler has nothing to do with that. How deep calls may nest is Python's to say, and whether an array that is too large is a
    /// ValueError or a MemoryError.
    #[must_use]
    pub fn class(&self) -> Option<&str> {
        match self {
            Self::Raise(name) if name == "RecursionError" => None,
            Self::Raise(name) | Self::User(name) => Some(name),
            Self::Memory | Self::IntegerOverflow | Self::Unsupported | Self::Strided => None,
        }
    }
}

/// The size of the record of failures.
#[allow(clippy::cast_possible_truncation, reason = "a handful of words")]
pub const RECORD_BYTES: u32 = size_of::<hypersonic_abi::ErrorRecord>() as u32;

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MessagePart {
    /// As it stands.
    Text(String),
    /// The n-th number of the failure as an int, with a Python format spec.
    Int(u32, String),
    /// The n-th number, an f64 by bits, with a Python format spec.
    Float(u32, String),
    /// The message is Python's own, which the runtime has it raise: what, and the type of the key or element that was asked for.
    Python(String, Option<hypersonic_abi::manifest::ValueType>),
}
