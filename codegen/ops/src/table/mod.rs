//! The table: one row per operation that a program can name, one file per family.
//!
//! A row holds names, parameters, dtype rule, what it does, accuracy and documentation. Typing looks a name up
//! here and nowhere else, and `docs/supported.md` is printed from here: deleting a row removes the function.

mod absent;
mod algebra;
mod asked;
mod builtins;
mod cmath;
mod constants;
mod creation;
pub mod markdown;
mod mathematics;
mod methods;
pub mod names;
mod reductions;
mod shapes;
pub mod signature;
mod sorting;
mod ufuncs;

use crate::dtype::{Dtype, Kind};
use crate::scalar::ScalarOp;
pub use absent::{ABSENT, Absent, absent_name};
pub use constants::{CONSTANTS, Constant, Meaning, type_object};

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Full names; the first is the canonical one. Methods and attributes are `ndarray.name`.
    pub names: &'static [&'static str],
    /// Parameters as Python writes them; a `!` before one says that only its default is compiled. See [`signature`].
    pub signature: &'static str,
    /// What it does.
    pub action: Action,
    /// NumPy's loops of a ufunc in NumPy's order, `e` for float16; empty if they are those of its [`ScalarOp`].
    pub loops: &'static str,
    /// Whether NumPy raises TypeError when all operands are bool.
    pub refuses_bool: bool,
    /// The dtype of the result of everything that is not a ufunc.
    pub rule: DtypeRule,
    /// Bound of the error in units in the last place; 0 for exact or correctly rounded results.
    pub ulp: u8,
    /// One line.
    pub doc: &'static str,
    /// Differences from Python or NumPy, or limits; may be empty.
    pub notes: &'static str,
}

/// How the dtype of a result follows from that of the operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DtypeRule {
    /// A ufunc: the loop decides.
    Loop,
    /// As the first argument.
    Same,
    /// `np.result_type` of the arguments.
    Promoted,
    /// Bool.
    Bool,
    /// int64.
    Index,
    /// Bool and small integers widen to int64 or uint64.
    Sum,
    /// Bool and integers become float64.
    Mean,
    /// As `Mean`, but the real type of a complex one.
    Deviation,
    /// The real type of a complex one.
    Real,
    /// `dtype=`, or float64.
    Given,
    /// A Python scalar or tuple, as the documentation line says.
    Python,
    /// Not a number: None, a dtype, a tuple.
    Other,
}

impl DtypeRule {
    /// The result for an array of that dtype.
    #[must_use]
    pub const fn apply(self, dtype: Dtype) -> Dtype {
        match self {
            Self::Bool => Dtype::Bool,
            Self::Index => Dtype::I64,
            Self::Sum if matches!(dtype.kind(), Kind::Bool) || dtype.is_signed() => Dtype::I64,
            Self::Sum if dtype.is_unsigned() => Dtype::U64,
            Self::Mean | Self::Deviation if matches!(dtype.kind(), Kind::Bool | Kind::Integer) => Dtype::F64,
            Self::Real | Self::Deviation => dtype.real(),
            _ => dtype,
        }
    }
}

/// What an operation does; typing has one handler per variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the NumPy or Python function of the same name; families are remarked")]
pub enum Action {
    // Elementwise.
    Ufunc(ScalarOp),
    Ldexp,
    Frexp,
    Modf,
    Divmod,
    Round,
    Clip,
    Where,
    Angle,
    RealPart,
    ImagPart,
    Conjugate,
    IsClose,
    AllClose,
    ArrayEqual,
    NanToNum,
    InfinitySign(bool),
    // Reductions and scans.
    Sum,
    Prod,
    Min,
    Max,
    Mean,
    Any,
    All,
    ArgMin,
    ArgMax,
    CountNonzero,
    Variance,
    Deviation,
    PeakToPeak,
    CumulativeSum,
    CumulativeProd,
    // Creation. `Filled(Some(n))` fills with n, `Filled(None)` leaves open.
    Filled(Option<u8>),
    FilledLike(Option<u8>),
    Full,
    FullLike,
    Eye,
    Identity,
    Arange,
    Linspace,
    Array { copies: bool },
    CopyOf,
    // Shape.
    Reshape,
    ReshapeMethod,
    Ravel,
    Flatten,
    Transpose,
    TransposeMethod,
    SwapAxes,
    MoveAxis,
    ExpandDims,
    Squeeze,
    Flip(Option<u8>),
    BroadcastTo,
    AtLeast(u8),
    Concatenate,
    Stack,
    HorizontalStack,
    VerticalStack,
    ColumnStack,
    Diff,
    Roll,
    // Sorting, searching, places.
    Sort,
    SortInPlace,
    ArgSort,
    Median,
    Unique,
    SearchSorted,
    Nonzero,
    FlatNonzero,
    ArgWhere,
    Take,
    // Linear algebra.
    Dot,
    Inner,
    Outer,
    Vdot,
    MatMul,
    Norm,
    Trace,
    Diagonal,
    Diag,
    // Methods and attributes of arrays and scalars.
    AsType,
    Fill,
    Item,
    Shape,
    Ndim,
    Size,
    SizeFunction,
    DtypeOf,
    ItemSize,
    TotalBytes,
    DtypeObject,
    FloatLimits,
    IntegerLimits,
    IsInteger,
    // Types used as functions.
    ConvertTo(Dtype),
    PythonInt,
    PythonFloat,
    PythonComplex,
    PythonBool,
    // Builtins.
    PythonAbs,
    PythonMin,
    PythonMax,
    PythonSum,
    PythonRound,
    PythonPow,
    PythonLen,
    PythonAny,
    PythonAll,
    // `math`: floats in, a float, a bool or an int out.
    MathFloat(ScalarOp),
    MathTruth(ScalarOp),
    MathInt(ScalarOp),
    MathFold(ScalarOp),
    MathLog,
    MathPow,
    MathHypot,
    MathIsqrt,
    MathFactorial,
    MathLdexp,
    MathFrexp,
    MathModf,
    MathIsClose,
    MathComb,
    MathPerm,
    MathDist,
    MathProd,
    // `cmath`: complex in, complex, float or bool out.
    ComplexMap(ScalarOp),
    ComplexPhase,
    ComplexPolar,
    ComplexRect,
    ComplexTruth(ScalarOp),
    ComplexLog,
    // `random`.
    RandomRandom,
    RandomUniform,
    // Functions that only the running Python can answer.
    Asked(Answer),
}

/// What a function gives that the running Python is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "Python's types")]
pub enum Answer {
    Float,
    Int,
    None,
}

const fn row(names: &'static [&'static str], signature: &'static str, action: Action, rule: DtypeRule, doc: &'static str) -> Operation {
    Operation { names, signature, action, loops: "", refuses_bool: false, rule, ulp: 0, doc, notes: "" }
}

const fn ufunc(names: &'static [&'static str], signature: &'static str, op: ScalarOp, doc: &'static str) -> Operation {
    row(names, signature, Action::Ufunc(op), DtypeRule::Loop, doc)
}

impl Operation {
    const fn loops(mut self, loops: &'static str) -> Self {
        self.loops = loops;
        self
    }

    const fn ulp(mut self, ulp: u8) -> Self {
        self.ulp = ulp;
        self
    }

    const fn notes(mut self, notes: &'static str) -> Self {
        self.notes = notes;
        self
    }

    const fn refuses_bool(mut self) -> Self {
        self.refuses_bool = true;
        self
    }

    /// NumPy's loops in NumPy's order, `e` for float16.
    #[must_use]
    pub fn numpy_loops(&self) -> String {
        match self.action {
            Action::Ufunc(op) if self.loops.is_empty() => op.facts().loops.replacen('f', "ef", 1),
            _ => self.loops.to_owned(),
        }
    }
}

/// The families, each with a heading.
pub const FAMILIES: &[(&str, &[Operation])] = &[
    ("Elementwise functions of NumPy", ufuncs::ROWS),
    ("Reductions", reductions::ROWS),
    ("Making arrays", creation::ROWS),
    ("Shape", shapes::ROWS),
    ("Sorting, searching, places", sorting::ROWS),
    ("Linear algebra", algebra::ROWS),
    ("Methods and attributes of arrays", methods::ROWS),
    ("Builtins", builtins::ROWS),
    ("math", mathematics::ROWS),
    ("cmath and random", cmath::ROWS),
    ("Clocks and the generator of random numbers", asked::ROWS),
];
