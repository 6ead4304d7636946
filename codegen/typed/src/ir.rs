//! The law of the typed IR.
//!
//! - Every [`Expr`] has a type; [`StmtKind::Assign`] needs the variable's own type exactly: conversions are explicit.
//! - A [`Variable`] has one type for its life. The typer makes a new variable where a name changes its type in
//!   straight-line code.
//! - Operands are evaluated left to right. Expressions have no effect but [`ExprKind::Call`],
//!   [`ExprKind::Object`] and [`ExprKind::PythonRandom`]; they may fail (index, overflow, zero division, shapes).
//! - A scalar obeys its [`Flavor`]: Python scalars raise where Python raises, NumPy scalars do what NumPy does
//!   without its warnings.
//! - Lists, sets, dicts and strings are references too; what is put into a container has its element type exactly.
//! - Arrays are references: assigning one to a variable aliases it. [`ExprKind::Index`] with integers and slices, transposes,
//!   `.real`, and reshapes where NumPy gives a view, alias their source; everything else that gives an array
//!   gives a fresh one.

use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, ScalarOp, Type};
use hypersonic_scan::MethodKind;

/// A root specialization and every specialization it calls.
#[derive(Clone, Debug)]
pub struct Unit {
    /// `functions[0]` is the root. [`ExprKind::Call`] names them by position.
    pub functions: Vec<Function>,
    /// What it was made from: (file index, name of the top-level piece): functions, constants, also of other modules.
    pub depends: Vec<(u32, String)>,
    /// Places for the attributes that the functions set on their object: one per name and type.
    pub attributes: Vec<Attribute>,
    /// What the functions take from the object's class: a class that has something else there is Python's.
    pub members: Vec<MemberUse>,
    /// What the root returns, and what is in the places for attributes, with the names of classes, which are nowhere else in a unit.
    pub shown: (Type, Vec<Type>),
    /// What is looked for in containers, and may be named in a message: where, and its type without and with the names of classes.
    pub asked: Vec<(Span, Type, Type)>,
    /// Whether any of it comes from an `assert`, which `python -O` leaves out.
    pub asserts: bool,
    /// Whether an `isinstance` tells Python's scalars from NumPy's.
    pub asks_types: bool,
    /// The loops that the source calls parallel.
    pub parallel: Vec<Marked>,
}

/// A loop whose iterations do not depend on each other, as its source says: `prange`, or a comment above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// The `for`: the span of its [`StmtKind::ForRange`].
    pub span: Span,
    /// What the comment's `reduction` clauses say: operator and variable.
    pub reductions: Vec<Claim>,
    /// How many iterations a chunk has, as `schedule` says.
    pub chunk: Option<i64>,
    /// Where and why the comment leaves the loop to one thread.
    pub problem: Option<(Span, String)>,
}

/// What a `reduction` clause says of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The operator, as written.
    pub operator: String,
    /// The variable's name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A place for an attribute that was set.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The attribute's name.
    pub name: String,
    /// The type of the values set here.
    pub ty: Type,
}

/// A function of a class that is called on the object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberUse {
    /// The name under which the object has it.
    pub name: String,
    /// How it is called.
    pub kind: MethodKind,
    /// The file of the class that defines it.
    pub file: u32,
    /// `Base.method`.
    pub qualname: String,
    /// The class behind which it is looked for, of those of the object: what `super()` in it has.
    pub behind: Option<(u32, String)>,
}

/// One specialization.
#[derive(Clone, Debug)]
pub struct Function {
    /// The Python name.
    pub name: String,
    /// Its parameters, as variables, in order. Parameters of the root whose signature is a literal number or bool are not among
    /// them: they take no word of the frame, and the body starts by assigning them.
    pub parameters: Vec<VariableId>,
    /// All variables.
    pub variables: Vec<Variable>,
    /// What it does; control that falls off the end returns None.
    pub body: Block,
    /// What it returns, on every path (the typer converts).
    pub result: Type,
    /// Free floating point.
    pub fastmath: bool,
    /// Where it is defined.
    pub span: Span,
}

/// Index into [`Function::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u32);

/// A local.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The Python name, or `.1` and so on for a temporary.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// The exception of a [`StmtKind::Raise`] that no `raise` wrote: from here on only Python can go on (`print`), so the Python
/// function answers the whole call. Lawful only where nothing that the caller can see has happened yet, which
/// the lowering checks; with `retried: false` also behind that, where it is NotImplementedError. The message says why.
pub const PYTHON_ANSWERS: &str = "Python answers";

/// Statements in order.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StmtKind,
}

/// Kinds of statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// Binds a name.
    Assign(VariableId, Expr),
    /// `array[index] = value`: scalar or array broadcast to the selection, cast to the array's dtype as NumPy casts
    /// on assignment. Overlap of `value` with `array` behaves as if `value` were copied first. An empty
    /// `index` means the whole array.
    SetItem {
        /// An array.
        array: Expr,
        /// What is selected.
        index: Vec<Index>,
        /// Scalar or array.
        value: Expr,
    },
    /// `array[index] op= value` for a selection that is an array (view or mask; the whole array if empty): computed in
    /// `loop_dtype`, cast back to the array's dtype (the typer has checked `same_kind`). Scalar elements are
    /// written by the typer as `SetItem` of an `Index`.
    UpdateItem {
        /// An array.
        array: Expr,
        /// What is selected.
        index: Vec<Index>,
        /// The operation.
        op: ScalarOp,
        /// The dtype it is computed in.
        loop_dtype: Dtype,
        /// Scalar or array.
        value: Expr,
    },
    /// Sets an attribute of the object, for which [`Unit::attributes`] has this place. What was set under that name before, in
    /// another place as well, is forgotten. The caller sees attributes only when the root returns or raises: where Python answers
    /// instead, none was set. An array is the array itself, as for a variable.
    SetAttribute(usize, Expr),
    /// An expression for its effect or its failure.
    Expr(Expr),
    /// Calls a function of the unit that gives nothing once for each chunk 0, 1, ... `chunks` - 1, in any order and perhaps at the same time; written by
    /// [`crate::parallel`] only. The exception of the first chunk that raises one, by number, is raised, and never caught. Arrays that are
    /// given stay where they are until all chunks have come to their end.
    Parallel {
        /// How many: int, 0 or more.
        chunks: Expr,
        /// On how many threads at most: int; 0 leaves it to the runtime.
        threads: Expr,
        /// The call of chunk 0.
        call: Expr,
    },
    /// Chooses; `test` is a Python bool.
    If {
        /// The condition.
        test: Expr,
        /// When true.
        then: Block,
        /// When false.
        otherwise: Block,
    },
    /// `while`, with `else`; `test` is a Python bool, evaluated each time.
    While {
        /// The condition.
        test: Expr,
        /// The body.
        body: Block,
        /// Run when the condition becomes false, not after `break`.
        orelse: Block,
    },
    /// `for variable in range(start, stop, step)`, all Python ints, evaluated once. The variable keeps its last value.
    /// A zero step raises ValueError("range() arg 3 must not be zero").
    ForRange {
        /// Set at the start of each iteration; type int.
        variable: VariableId,
        /// First value.
        start: Expr,
        /// Bound, excluded.
        stop: Expr,
        /// Step; often a constant.
        step: Expr,
        /// The body.
        body: Block,
        /// Run when the range is exhausted, not after `break`.
        orelse: Block,
    },
    /// A loop unrolled by the typer: each block is one iteration; `break` leaves all, `continue` goes to the next.
    Unrolled {
        /// One block per iteration.
        iterations: Vec<Block>,
        /// Run after the last, not after `break`.
        orelse: Block,
    },
    /// `try`. An exception in the body goes to the first handler that takes its class; what no handler takes, and what only Python can go
    /// on with (an int beyond int64, [`PYTHON_ANSWERS`]), leaves the statement as it would without it. Without handlers it is a block that
    /// can be left from anywhere in it.
    Try {
        /// Tells it from others in the function: [`StmtKind::Reraise`] and [`StmtKind::Exit`] name it.
        id: u32,
        /// What is tried.
        body: Block,
        /// In order.
        handlers: Vec<Handler>,
        /// Run behind the body; its exceptions are not for these handlers.
        orelse: Block,
        /// Where [`StmtKind::Exit`]s lead; what is raised there is not for these handlers either.
        exits: Vec<Block>,
    },
    /// Raises again the exception that a handler of that `Try` has taken; only within that handler.
    Reraise(u32),
    /// Leaves body, handlers or `else` of that `Try` for the n-th of its exits. What control does at the end of an exit is
    /// for the exit to say: it never comes there.
    Exit(u32, usize),
    /// Leaves the innermost loop.
    Break,
    /// Goes on with the innermost loop.
    Continue,
    /// Returns; the expression has the function's result type (`None` constant for None).
    Return(Expr),
    /// `raise exception(message)`; also a failing `assert`.
    Raise {
        /// A builtin exception's name.
        exception: String,
        /// Its one argument, or empty for none.
        message: Vec<MessagePart>,
        /// Whether Python may run instead, as after any operation that fails: no `raise` or `assert` wrote it.
        retried: bool,
    },
}

/// A handler of exceptions.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The classes that it takes, subclasses written out; all that can be caught if `None`.
    pub classes: Option<Vec<String>>,
    /// What it does.
    pub body: Block,
}

/// A part of the message of a raise.
#[derive(Clone, Debug)]
pub enum MessagePart {
    /// As it stands.
    Text(String),
    /// A scalar, formatted with a constant format spec (may be empty); int or real float. Or a string, without a spec.
    Value(Expr, String),
    /// An argument of the exception that is no text: a Python int, float or bool, or `None`; alone between commas.
    Argument(Expr),
    /// Here the next argument of the exception begins.
    Next,
    /// The first part: the message is Python's own for this, one of [`hypersonic_abi::object::replay`]; the values behind it are its numbers.
    Python(&'static str),
}

/// One subscript. Ellipsis is already replaced by full slices; missing trailing axes are full slices too.
#[derive(Clone, Debug, PartialEq)]
pub enum Index {
    /// An integer scalar of any integer dtype, negative from the end; IndexError out of range.
    Integer(Expr),
    /// `lower:upper:step`, Python ints; absent parts are defaults. Zero step: ValueError("slice step cannot be zero").
    Slice(Option<Expr>, Option<Expr>, Option<Expr>),
    /// `np.newaxis`.
    NewAxis,
    /// A bool array of rank k that covers k axes. At most one per subscript, without integers and arrays beside it.
    Mask(Expr),
    /// An integer array of rank 1 or more, for one axis. Several broadcast together. Their axes stand where the first of them stands if
    /// integers and arrays are neighbours, else in front (NumPy's advanced indexing). IndexError out of range.
    Array(Expr),
}

/// A typed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its type.
    pub ty: Type,
    /// What it is.
    pub kind: ExprKind,
    /// Where it was written.
    pub span: Span,
}

/// A number known at compile time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// Bool.
    Bool(bool),
    /// Any integer dtype; u64 by bits.
    Int(i64),
    /// Any real float dtype.
    Float(f64),
    /// Any complex dtype.
    Complex(f64, f64),
}

/// Reductions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Reduction {
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
}

/// How rows are arranged: in NumPy's order, NaN behind all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrangement {
    /// Sorted.
    Sorted,
    /// The places (int64) of the elements of the sorted row; those of equal elements in order.
    Places,
    /// The one or two in the middle and the last are where they are in the sorted row; no order among the others.
    Middle,
}

/// Kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `None`, a string or a dtype: the type says all.
    Unit,
    /// A scalar constant.
    Constant(Constant),
    /// A variable's value.
    Variable(VariableId),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// The n-th item of a tuple.
    TupleItem(Box<Expr>, usize),
    /// `None` or a value as an optional of its type; scalar to scalar of this expression's type, or array to a fresh array of its dtype (C casts). To a Python int from
    /// a float: truncation; OverflowError / ValueError for inf / nan, overflow failure out of int64.
    Convert(Box<Expr>),
    /// `op` on operands cast to `loop_dtype`, mapped over broadcast operands if the type is an array. A scalar of Python
    /// flavor raises as Python does (ZeroDivisionError, math domain ValueError, int overflow); everything else
    /// follows NumPy. Integer power of arrays and NumPy scalars with a negative exponent raises ValueError.
    /// `Where`'s first operand is bool and not cast; `Ldexp`'s and `RoundDigits`'s second is int64.
    Map {
        /// The operation.
        op: ScalarOp,
        /// What operands are cast to.
        loop_dtype: Dtype,
        /// Scalars and arrays.
        operands: Vec<Expr>,
    },
    /// A scalar's truth, or that of an array of one element (ValueError otherwise): Python bool.
    Truth(Box<Expr>),
    /// `a and b` on scalars of one type: `b` if `a` is true, else `a`. Short-circuits.
    And(Box<Expr>, Box<Expr>),
    /// `a or b` on scalars of one type.
    Or(Box<Expr>, Box<Expr>),
    /// `then if test else otherwise`; only the chosen one is evaluated.
    Conditional {
        /// Python bool.
        test: Box<Expr>,
        /// When true.
        then: Box<Expr>,
        /// When false.
        otherwise: Box<Expr>,
    },
    /// `array[index]`: a NumPy scalar if every axis has an integer (a 0-d view where `...` was written: the type says which), a view
    /// without masks and arrays, else a fresh array.
    Index(Box<Expr>, Vec<Index>),
    /// `array.shape[axis]`: int.
    Extent(Box<Expr>, u8),
    /// `array.size`: int.
    Size(Box<Expr>),
    /// A reduction over `axes` (sorted, all of them for a full one). The accumulator and result dtype is the type's (for Mean: of the
    /// division). Full without keepdims: a NumPy scalar.
    Reduce {
        /// Which.
        op: Reduction,
        /// The array.
        array: Box<Expr>,
        /// The axes that go.
        axes: Vec<u8>,
        /// Whether they stay with extent 1.
        keepdims: bool,
    },
    /// `cumsum` / `cumprod` along an axis; the typer has raveled for `axis=None`.
    Cumulative {
        /// Sum or Prod.
        op: Reduction,
        /// The array.
        array: Box<Expr>,
        /// Along which axis.
        axis: u8,
    },
    /// `np.nonzero`: where the elements of an array with axes are true, in C order: a tuple with an int64 array per axis.
    Nonzero(Box<Expr>),
    /// Rows along an axis, arranged: a fresh array.
    Arrange {
        /// How.
        how: Arrangement,
        /// The array.
        array: Box<Expr>,
        /// Along which axis.
        axis: u8,
    },
    /// The different numbers of an array of one axis, in order.
    Distinct(Box<Expr>),
    /// `np.searchsorted`: the places (int64) in an array of one axis where numbers of the same dtype belong; before equal ones, or behind.
    Search {
        /// In what.
        array: Box<Expr>,
        /// What: a scalar or array.
        values: Box<Expr>,
        /// Behind equal ones.
        right: bool,
    },
    /// A fresh array of this shape (Python ints; ValueError("negative dimensions are not allowed")), filled with `value` (scalar,
    /// of the dtype), not initialised if absent.
    Fill {
        /// One per axis.
        shape: Vec<Expr>,
        /// The value.
        value: Option<Box<Expr>>,
    },
    /// `np.arange` in the type's dtype; the arguments are scalars of one dtype, int64 or float64.
    Arange {
        /// First value.
        start: Box<Expr>,
        /// Bound.
        stop: Box<Expr>,
        /// Step.
        step: Box<Expr>,
    },
    /// `np.linspace` with float64 (or complex) ends.
    Linspace {
        /// First value.
        start: Box<Expr>,
        /// Last value (or bound).
        stop: Box<Expr>,
        /// How many, int.
        num: Box<Expr>,
        /// Whether `stop` is the last value.
        endpoint: bool,
    },
    /// `np.eye(n, m, k)`.
    Eye {
        /// Rows.
        rows: Box<Expr>,
        /// Columns.
        columns: Box<Expr>,
        /// Diagonal.
        diagonal: Box<Expr>,
    },
    /// A fresh C-ordered copy.
    Copy(Box<Expr>),
    /// The array itself as an array of the type's rank: `reshape`; one extent may be -1. A view where NumPy gives one. No extents with a type of
    /// rank 1: `ravel`, which copies whatever is not C-contiguous.
    Reshape(Box<Expr>, Vec<Expr>),
    /// Axes permuted: axis `i` of the result is axis `axes[i]` of the array. A view.
    Transpose(Box<Expr>, Vec<u8>),
    /// `.real` (true) or `.imag` (false) of a complex array: a view of half the dtype.
    ComplexPart(Box<Expr>, bool),
    /// `np.concatenate` along an existing axis; operands are arrays of one rank, cast to the type's dtype.
    Concatenate(Vec<Expr>, u8),
    /// `np.stack` along a new axis.
    Stack(Vec<Expr>, u8),
    /// `a @ b` on arrays of the type's dtype with NumPy's rules for ranks 1, 2 and stacks; scalar result for 1-D by 1-D.
    MatMul(Box<Expr>, Box<Expr>),
    /// Calls `functions[.0]` of the unit.
    Call(usize, Vec<Expr>),
    /// `random.random()` of Python.
    PythonRandom,
    /// How the parallel loop behind it is to run, as a comment says: at most so many threads (int), on several of them if that holds (Python bool).
    /// Gives `None` and does nothing by itself; nothing of it is evaluated where the loop stays on one thread.
    Team(Vec<Expr>),
    /// Whether an attribute was set last in this place, since the root was called: Python bool.
    IsSet(usize),
    /// The attribute that was set in this place; only where [`ExprKind::IsSet`] holds.
    Attribute(usize),
    /// Whether a value of type [`Type::Optional`] is `None`: Python bool.
    IsNone(Box<Expr>),
    /// The value of an optional that is not `None`; fails if it is, as Python's operations on `None` do.
    Unwrap(Box<Expr>),
    /// How many items a list, set, dict or string has: int.
    Length(Box<Expr>),
    /// An operation on lists, sets, dicts and strings (`hypersonic_abi::object`), with its operands as values: elements, keys and values
    /// have the types of the container. [`Op::New`] takes nothing, the type says what is made; [`Op::ToList`] leaves out the layout. [`Op::Text`] takes
    /// the string as a type; [`Op::Method`] the number of the method and then the values; [`Op::Format`] what, the spec or None, the value. It has
    /// effects on what it changes, nothing else; the caller sees them when the root returns or raises, not where Python answers.
    Object(Op, Vec<Expr>),
}

/// Whether a type is a scalar of Python flavor.
#[must_use]
pub const fn is_python_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(_, Flavor::Python))
}
