//! The law of the loop IR.
//!
//! - A [`Module`] holds functions and the table of failures they can report.
//! - A [`Function`] owns an arena of values. A value is defined once, by the statement that lists it
//!   ([`Stmt::Let`]) or by the statement that binds it (a loop index, a call result). It may be used by any
//!   statement that its definition dominates in the structured tree: later in the same block or in blocks nested
//!   in those.
//! - Values are immutable. What changes lives in a [`Variable`], read by [`Inst::Read`], set by [`Stmt::Set`].
//! - An instruction has no side effect and cannot fail. Integer division by zero, `MIN / -1` and shifts by the
//!   width or more are not allowed to reach one: whoever builds the IR selects or checks first.
//! - Floating point is strict: no reassociation, no contraction, no assumption about NaN or zero.
//! - Every function returns a status (see `hypersonic_abi::status`) besides its results; a failing call returns
//!   from its caller with the same status, unless it is caught. What was allocated is reclaimed by the runtime.
//! - There is one record of failures. [`Stmt::Check`], [`Stmt::Fail`] and [`Stmt::Record`] fill it in; [`Stmt::Caught`] asks it.

pub use crate::failure::{Failure, FailureKind, MessagePart, RECORD_BYTES};

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ty {
    /// A truth value. In memory a boolean is an `I8` that is 0 or 1.
    I1,
    /// 8-bit integer, signless.
    I8,
    /// 16-bit integer.
    I16,
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// IEEE binary32.
    F32,
    /// IEEE binary64.
    F64,
    /// An address.
    Ptr,
}

impl Ty {
    /// Bytes in memory.
    #[must_use]
    pub const fn size(self) -> u64 {
        match self {
            Self::I1 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::I64 | Self::F64 | Self::Ptr => 8,
        }
    }

    /// Whether it is F32 or F64.
    #[must_use]
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// Whether it is an integer type (I1 included).
    #[must_use]
    pub const fn is_integer(self) -> bool {
        matches!(self, Self::I1 | Self::I8 | Self::I16 | Self::I32 | Self::I64)
    }
}

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index into its arena.
            #[must_use]
            pub const fn index(self) -> usize { self.0 as usize }
        }
    };
}
handle!(/// A value of one function.
    ValueId);
handle!(/// A mutable local of one function.
    VariableId);
handle!(/// A function of the module.
    FunctionId);
handle!(/// A row of the module's table of failures.
    FailureId);
handle!(/// A class of memory: accesses of two different classes never overlap, except that class 0 overlaps all.
    MemoryClass);

impl MemoryClass {
    /// Memory about which nothing is known.
    pub const ANY: Self = Self(0);
}

/// Functions and failures of one compilation unit.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// In order of [`FunctionId`].
    pub functions: Vec<Function>,
    /// In order of [`FailureId`].
    pub failures: Vec<Failure>,
}

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Linkage {
    /// Called by the runtime: its parameters are the two frames `(arguments: Ptr, results: Ptr)`, see
    /// `hypersonic_abi::frame`; it has no IR results.
    Entry,
    /// Called by functions of the same module only; may be inlined.
    Internal,
}

/// A function. Support table, context and error record are passed to each function implicitly.
#[derive(Clone, Debug)]
pub struct Function {
    /// Unique in the module; for an entry a C identifier.
    pub name: String,
    /// How it is called.
    pub linkage: Linkage,
    /// Types of the parameters: `Inst::Parameter(n)`.
    pub parameters: Vec<Ty>,
    /// Types of the results given by [`Stmt::Return`].
    pub results: Vec<Ty>,
    /// The mutable locals.
    pub variables: Vec<Variable>,
    /// The arena of values.
    pub values: Vec<Value>,
    /// What it does. Control never falls off the end.
    pub body: Block,
    /// Whether fast floating point (reassociation, contraction, no NaN) is allowed: `@boost(fastmath=True)`.
    pub fastmath: bool,
}

/// A mutable local, not initialised.
#[derive(Clone, Debug)]
pub struct Variable {
    /// For reading the IR.
    pub name: String,
    /// Its type.
    pub ty: Ty,
}

/// A value and how it is computed.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its type.
    pub ty: Ty,
    /// Its definition.
    pub inst: Inst,
}

/// A pure computation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Inst {
    /// An integer constant, sign-extended to 64 bits (I1: 0 or 1).
    Int(i64),
    /// A floating point constant: the bits of an f64, or of an f32 in the low half.
    FloatBits(u64),
    /// Null, the only constant address.
    Null,
    /// The n-th parameter. Need not be listed by a `Let`.
    Parameter(u32),
    /// Bound by the statement that names it (loop index, call result); never listed by a `Let`.
    Bound,
    /// The current value of a variable. Ordered with respect to `Set`.
    Read(VariableId),
    /// Two operands of one type, result of the same type.
    Binary(Binary, ValueId, ValueId),
    /// One operand, result of the same type.
    Unary(Unary, ValueId),
    /// A comparison: I1.
    Compare(Compare, ValueId, ValueId),
    /// `Overflows(op, a, b)`: I1, whether the signed integer operation (Add, Sub or Mul) leaves the type.
    Overflows(Binary, ValueId, ValueId),
    /// `if .0 { .1 } else { .2 }`; both are evaluated.
    Select(ValueId, ValueId, ValueId),
    /// A conversion to the value's type.
    Cast(Cast, ValueId),
    /// Memory at an address, naturally aligned. Ordered with respect to stores of overlapping classes.
    Load(ValueId, MemoryClass),
    /// The address `.0` plus `.1` (I64) bytes.
    Offset(ValueId, ValueId),
    /// The address of this many bytes of function-local memory, 64-byte aligned, not initialised; one place per
    /// value however often it is evaluated.
    StackSlot(u32),
    /// Where the frame of the function begins on the stack, which grows towards lower addresses (I64).
    FrameAddress,
    /// `.2` where the magnitude of the first of `.1` (F64) is below the function's limit or NaN, else that function of as many of them
    /// as it has parameters (F64; the first again for those that it has not). A selection of which back ends may skip the rare
    /// side, also in vector code.
    Rare(RareId, [ValueId; 3], ValueId),
    /// The value at element `.1` (I64, in range) of a constant table of the function's module: `Table` rows are
    /// interned by content by the builder.
    Table(TableId, ValueId),
}

/// A constant table of numbers, for gathers by recipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableId(pub &'static TableData);

/// A function for rare arguments.
#[derive(Clone, Copy, Debug)]
pub struct RareId(pub &'static RareFunction);

impl PartialEq for RareId {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

/// A function of arguments that hardly occur, kept out of line; one static per function.
#[derive(Debug)]
pub struct RareFunction {
    /// Unique name, a C identifier.
    pub name: &'static str,
    /// The magnitude of its first argument from which on it applies.
    pub limit: f64,
    /// One to three F64 parameters and one F64 result. Its body touches no memory and cannot fail: values, variables, loops and
    /// branches.
    pub function: fn() -> &'static Function,
}

impl RareFunction {
    /// How many arguments it takes.
    #[must_use]
    pub fn arity(&self) -> usize {
        (self.function)().parameters.len().clamp(1, 3)
    }
}

/// The content of a constant table; one static per table.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableData {
    /// Unique name, a C identifier.
    pub name: &'static str,
    /// Type of an element: I64 or F64.
    pub ty: Ty,
    /// Elements as bits.
    pub bits: &'static [u64],
}

/// Operations on two operands of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Binary {
    /// Integer (wrapping) or floating addition.
    Add,
    /// Integer (wrapping) or floating subtraction.
    Sub,
    /// Integer (wrapping) or floating multiplication.
    Mul,
    /// Integer addition known not to leave the signed type.
    AddExact,
    /// Integer subtraction known not to leave the signed type.
    SubExact,
    /// Integer multiplication known not to leave the signed type.
    MulExact,
    /// Floating division.
    FDiv,
    /// Signed division, truncating.
    SDiv,
    /// Unsigned division.
    UDiv,
    /// Signed remainder, sign of the dividend.
    SRem,
    /// Unsigned remainder.
    URem,
    /// The high half of the unsigned double-width product (I64 only).
    UMulHigh,
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
    /// Bitwise exclusive or.
    Xor,
    /// Shift left.
    Shl,
    /// Arithmetic shift right.
    AShr,
    /// Logical shift right.
    LShr,
    /// Signed minimum.
    SMin,
    /// Signed maximum.
    SMax,
    /// Unsigned minimum.
    UMin,
    /// Unsigned maximum.
    UMax,
    /// Magnitude of the first, sign of the second (floats).
    CopySign,
}

/// Operations on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unary {
    /// Floating negation (flips the sign bit).
    FNeg,
    /// Floating magnitude (clears the sign bit).
    FAbs,
    /// Correctly rounded square root.
    Sqrt,
    /// Round towards minus infinity.
    Floor,
    /// Round towards plus infinity.
    Ceil,
    /// Round towards zero.
    Trunc,
    /// Round to nearest, ties to even.
    RoundEven,
    /// Number of one bits.
    PopCount,
    /// Number of leading zero bits; the width for 0.
    LeadingZeros,
    /// Number of trailing zero bits; the width for 0.
    TrailingZeros,
}

/// Comparisons. Floating ones are ordered (false on NaN) except `FNe`, which is true on NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the usual ones")]
pub enum Compare {
    Eq,
    Ne,
    SLt,
    SLe,
    SGt,
    SGe,
    ULt,
    ULe,
    UGt,
    UGe,
    FEq,
    FNe,
    FLt,
    FLe,
    FGt,
    FGe,
    /// Either is NaN.
    FUnordered,
}

/// Conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cast {
    /// To a narrower integer, keeping low bits (to I1: the lowest).
    Truncate,
    /// To a wider integer, with the sign.
    SignExtend,
    /// To a wider integer, with zeros.
    ZeroExtend,
    /// Signed integer to float, rounded to nearest.
    SignedToFloat,
    /// Unsigned integer to float, rounded to nearest.
    UnsignedToFloat,
    /// Float to signed integer, towards zero; out of range and NaN give the target's minimum (as x86 does).
    FloatToSigned,
    /// Float to unsigned 64-bit, towards zero; out of range gives what x86-64 compilers give through int64.
    FloatToUnsigned,
    /// F32 to F64.
    Extend,
    /// F64 to F32, rounded to nearest.
    Narrow,
    /// Same bits, other type of the same size.
    Bits,
}

/// Statements, in order.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// Evaluates a value here.
    Let(ValueId),
    /// Sets a variable.
    Set(VariableId, ValueId),
    /// Writes memory, naturally aligned.
    Store {
        /// Where to.
        address: ValueId,
        /// What.
        value: ValueId,
        /// The class of the memory.
        class: MemoryClass,
    },
    /// Chooses.
    If {
        /// I1.
        condition: ValueId,
        /// When true.
        then: Block,
        /// When false.
        otherwise: Block,
        /// Which way is expected.
        likely: Likely,
    },
    /// Repeats `body` with `index` = 0, 1, ... `count` - 1. A count below 1 means never.
    For {
        /// Bound to the iteration number (I64).
        index: ValueId,
        /// Number of iterations (I64).
        count: ValueId,
        /// What may be assumed.
        order: Order,
        /// The body.
        body: Block,
    },
    /// Repeats until `Break`.
    Loop {
        /// The body.
        body: Block,
    },
    /// Leaves the innermost-but-n `For` or `Loop`.
    Break(u32),
    /// Goes on with the next iteration of the innermost-but-n `For` or `Loop`.
    Continue(u32),
    /// A perfect nest of independent iterations, the unit of vectorisation, of parallel chunks and of GPU
    /// grids. The body has no `Fail`, `Check`, `Return`, `Break` out of it, call, support call or use of the record of failures; distinct
    /// iterations touch distinct memory, or only read it.
    Nest(Nest),
    /// Calls a function of the module.
    Call {
        /// Which.
        function: FunctionId,
        /// One per parameter.
        arguments: Vec<ValueId>,
        /// Bound values, one per result.
        results: Vec<ValueId>,
        /// Where control goes if it reports a failure: out of the innermost-but-n `For` or `Loop`, with the failure on record. None: it
        /// returns from the caller, too, as always with a status that is no failure.
        caught: Option<u32>,
    },
    /// Calls a function of the module, which has no results, for each chunk 0, 1, ... `chunks` - 1, in any order and perhaps at the same
    /// time. If chunks fail, it returns from the caller with what the first of them by number reports; those before it have come to their
    /// end, those behind it may not have begun. Never caught.
    Parallel {
        /// Which. Its first parameter is the number of the chunk (I64).
        function: FunctionId,
        /// How many chunks (I64), 0 or more.
        chunks: ValueId,
        /// On how many threads at most (I64); 0 leaves it to the runtime.
        threads: ValueId,
        /// One per parameter behind the first.
        arguments: Vec<ValueId>,
    },
    /// Puts failure `.failure` with up to 8 numbers on record, and goes on.
    Record {
        /// Which failure.
        failure: FailureId,
        /// Numbers for its message.
        values: Vec<ValueId>,
    },
    /// Whether the failure on record is of one of these classes of exceptions ([`FailureKind::class`]), all of them if there are none.
    Caught {
        /// Names of classes.
        classes: Vec<String>,
        /// Bound to the answer (I1).
        result: ValueId,
    },
    /// Copies the record of failures to [`RECORD_BYTES`] of function-local memory.
    SaveRecord(ValueId),
    /// Copies it back.
    RestoreRecord(ValueId),
    /// Returns with the failure on record.
    Leave,
    /// Calls the runtime through the support table.
    Support {
        /// Which row.
        row: SupportRow,
        /// Its arguments, the context left out.
        arguments: Vec<ValueId>,
        /// Bound to what it gives.
        result: Option<ValueId>,
    },
    /// Runs a kernel of the GPU through the support table; fails if the driver refuses. Written only by the pass that
    /// makes the GPU variant of an entry, which puts it where a [`Nest`] was.
    Launch {
        /// Row of the table of GPU kernels.
        kernel: u32,
        /// Number of iterations (I64); below 1 nothing is launched.
        count: ValueId,
        /// One 64-bit word each: integers with zeros, floats by bits.
        parameters: Vec<ValueId>,
        /// What it fails with.
        failure: FailureId,
    },
    /// Reports failure `.failure` with up to 8 numbers and returns, unless `ok`.
    Check {
        /// I1.
        ok: ValueId,
        /// Which failure.
        failure: FailureId,
        /// Numbers for its message (I64, or F64 by bits).
        values: Vec<ValueId>,
    },
    /// Reports a failure and returns.
    Fail {
        /// Which failure.
        failure: FailureId,
        /// Numbers for its message.
        values: Vec<ValueId>,
    },
    /// Returns successfully.
    Return(Vec<ValueId>),
}

/// Which way a branch is expected to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Likely {
    /// Not known.
    Unknown,
    /// `then` is rare.
    Otherwise,
    /// `otherwise` is rare.
    Then,
}

/// What is known about the order of iterations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// One after the other.
    Sequential,
    /// In any order, also at the same time: no memory carried from one to the next.
    Independent,
}

/// Independent iterations over a rectangle, last index fastest.
#[derive(Clone, Debug)]
pub struct Nest {
    /// Unique in the function; names the GPU kernel.
    pub id: u32,
    /// Extents (I64), outermost first; one to seven.
    pub extents: Vec<ValueId>,
    /// Bound indices (I64), as many.
    pub indices: Vec<ValueId>,
    /// The body.
    pub body: Block,
}

/// Rows of the runtime's support table that compiled code may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SupportRow {
    /// `(bytes: I64, zeroed: I64) -> Ptr`: a block (`hypersonic_abi::Block`) with one reference, null when out of memory.
    Allocate,
    /// `(block: Ptr)`: frees a block whose references reached zero.
    Release,
    /// `() -> F64`: Python's `random.random()`.
    PythonRandom,
    /// `(x: Ptr, x_rank: I64, x_size: I64, y: Ptr, y_rank: I64, y_size: I64, unless_same: I64) -> I64`: whether the memory of two arrays of
    /// the frame overlaps, not counting, if `unless_same`, that they are the same elements at the same indices.
    Overlap,
    /// `(operation: I64, arguments: Ptr, results: Ptr) -> I64`: an operation on lists, sets, dicts and strings
    /// (`hypersonic_abi::object`), with the address of its words and of those of its results; its status.
    Object,
    /// `() -> I64`: the address that frames of recursive functions must stay above.
    StackEnd,
}
