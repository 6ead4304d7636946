//! A signature of the manifest made ready for calls: what each argument must be, how results are built, which entry runs.
//! Everything that can be decided before a call is decided here; a signature that cannot be planned is refused with a reason.

use crate::array;
use crate::class::{Class, Classes};
use crate::dtype::Dtype;
use crate::frame::{Frame, GIVEN_INTEGER};
use crate::objects::container::Container;
use hypersonic_abi::Entry;
use hypersonic_abi::manifest::{Literal, Named, NamedKind, Signature, ValueType};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ffi::c_int;
use std::sync::Arc;

/// Most words of an argument or result frame: they live on the stack.
pub const MAX_WORDS: usize = 256;
/// Most arrays among the arguments.
pub const MAX_ARRAYS: usize = 64;
/// Most parameters.
pub const MAX_PARAMETERS: usize = 64;
/// Most dimensions.
pub const MAX_NDIM: u32 = 32;

/// What an argument must be.
#[derive(Debug)]
pub enum Matcher {
    /// An array.
    Array(ArrayMatcher),
    /// `float`, or `int` as long as it is exact.
    Float,
    /// `int` that fits 64 bits.
    Int,
    /// `bool`.
    Bool,
    /// `complex`, `float` or `int`.
    Complex,
    /// A NumPy scalar.
    Numpy(Dtype),
    /// `None`.
    None,
    /// A tuple of just these.
    Tuple(Vec<Matcher>),
    /// A NamedTuple of just these.
    Record(Arc<Class>, Vec<Matcher>),
    /// A member of an enum.
    Member(Arc<Class>),
    /// That very bool.
    LiteralBool(bool),
    /// That very int.
    LiteralInt(i64),
    /// That very string.
    LiteralText(String),
    /// A builtin type object: `int`, `float`, `complex`, `bool`.
    BuiltinType(BuiltinType),
    /// A NumPy scalar type or dtype object.
    NumpyType(Dtype),
    /// A class of Python's own that is no number's: its address.
    Class(usize),
    /// A list, set, dict or string.
    Object(Arc<Container>),
    /// A `slice` of just these bounds.
    Slice(Vec<Matcher>),
    /// Anything that can be called.
    Callable,
    /// The module of that name.
    Module(String),
}

/// A builtin type passed as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BuiltinType {
    Bool,
    Int,
    Float,
    Complex,
}

/// What an array argument must be.
#[derive(Debug)]
pub struct ArrayMatcher {
    /// Type numbers that will do.
    pub numbers: [c_int; 2],
    /// Its dtype.
    pub dtype: Dtype,
    /// Rank.
    pub ndim: c_int,
    /// Flags that must be set.
    pub flags: c_int,
    /// Extents that are fixed.
    pub extents: Vec<(usize, isize)>,
}

/// How a result is built.
#[derive(Debug)]
pub enum Builder {
    /// An array.
    Array {
        /// Its dtype.
        dtype: Dtype,
        /// Its rank.
        ndim: usize,
    },
    /// `float`.
    Float,
    /// `int`.
    Int,
    /// `bool`.
    Bool,
    /// `complex`.
    Complex,
    /// A NumPy scalar.
    Numpy(Dtype),
    /// `None`.
    None,
    /// A tuple.
    Tuple(Vec<Builder>),
    /// A NamedTuple.
    Record(Arc<Class>, Vec<Builder>),
    /// A member of an enum.
    Member(Arc<Class>),
    /// A constant.
    Literal(Literal),
    /// A builtin type object.
    BuiltinType(BuiltinType),
    /// A NumPy scalar type.
    NumpyType(Dtype),
    /// A list, set, dict or string.
    Object(Arc<Container>),
    /// The object whose method it is.
    This,
    /// A `slice` of these bounds.
    Slice(Vec<Builder>),
    /// `None` or a value, and the words of the value.
    Optional(Box<Builder>, usize),
}

/// A signature, ready.
#[derive(Debug)]
pub struct SignaturePlan {
    /// One per parameter.
    pub matchers: Vec<Matcher>,
    /// The result.
    pub builder: Builder,
    /// Attributes of the object that may be set.
    pub sets: Vec<SetPlan>,
    /// The words of the results frame that are cleared before a call.
    pub cleared: std::ops::Range<usize>,
    /// Whether memory of an argument may be written.
    pub writes: bool,
    /// Whether only Python's own scalars do for `int`, `float` and `complex`.
    pub exact_scalars: bool,
    /// Whether the result, or an attribute that is set, has a Python int.
    pub int_results: bool,
    /// Whether numbers of the result are Python's whatever was given.
    pub plain_results: bool,
    /// The words of the arguments frame that are objects, and what they are.
    pub containers: Vec<(usize, Arc<Container>)>,
    /// Whether anything that it takes or gives is a list, set, dict or string.
    pub objects: bool,
    /// The classes of the package whose values it takes or gives.
    pub classes: Vec<Arc<Class>>,
    /// Where in the results frame the owner words of arrays stand.
    pub owners: Vec<usize>,
    /// The entry for C-contiguous arrays.
    pub contiguous: Option<Entry>,
    /// The entry for any strides.
    pub strided: Entry,
    /// The entry that runs on a GPU.
    pub gpu: Option<Entry>,
    /// Whether a call on a GPU is rehearsed.
    pub rehearsed: bool,
    /// Whether Python is faster where containers have more than a few elements.
    pub glances: bool,
    /// Whether kernels read characters of strings in place.
    pub reads_characters: bool,
    /// Whether the GIL is released however small the arrays are.
    pub releases_gil: bool,
    /// Whether a function from Python is among the arguments.
    pub calls: bool,
    /// Whether kernels work on copies of arguments that a function from Python must not see: lists, sets, dicts, objects.
    pub guarded: bool,
}

/// An attribute that may be set.
#[derive(Debug)]
pub struct SetPlan {
    /// Its name, interned.
    pub name: Py<PyString>,
    /// Where the word stands that says whether it was set; the value follows.
    pub word: usize,
    /// How the value is built.
    pub builder: Builder,
}

/// The entries of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Entries {
    /// For C-contiguous arrays.
    pub contiguous: Option<Entry>,
    /// For any strides.
    pub strided: Entry,
    /// For a GPU.
    pub gpu: Option<Entry>,
}

impl SignaturePlan {
    /// Plans a signature, or says why not.
    pub fn new(signature: &Signature, entries: Entries) -> Result<SignaturePlan, String> {
        let classes = Classes::default();
        let (writes, writes_elements) = (&signature.writes, signature.writes_elements);
        let mut planner = Planner { writes, writes_elements, classes: &classes, arrays: 0, words: 0, containers: Vec::new() };
        let matchers = signature.parameters.iter().map(|kind| planner.matcher(kind)).collect::<Result<Vec<_>, _>>()?;
        let mut building = Building { classes: &classes, words: 0, owners: Vec::new() };
        let builder = building.builder(&signature.result)?;
        let begin = building.words;
        let mut sets = Vec::new();
        for (name, kind) in &signature.sets {
            let word = building.words;
            building.words += 1;
            let builder = building.builder(kind)?;
            sets.push(SetPlan { name: Python::attach(|py| PyString::intern(py, name).unbind()), word, builder });
        }
        let Building { words, owners, .. } = building;
        if planner.words > MAX_WORDS || words > MAX_WORDS || planner.arrays > MAX_ARRAYS || matchers.len() > MAX_PARAMETERS {
            return Err(format!("`{}` has too many arguments or results", signature.text));
        }
        if let Some(row) = signature.writes.iter().find(|row| **row as usize >= planner.arrays) {
            return Err(format!("`{}` writes to array {row}, which it does not have", signature.text));
        }
        let mut kinds = signature.parameters.iter().chain([&signature.result]).chain(signature.sets.iter().map(|(_, kind)| kind));
        let objects = kinds.any(has_container);
        Ok(SignaturePlan {
            matchers,
            builder,
            sets,
            cleared: begin..words,
            writes: !signature.writes.is_empty() || signature.writes_elements,
            // Whose a number is that was put into a list, nobody knows afterwards.
            exact_scalars: signature.exact_scalars || objects,
            containers: planner.containers,
            objects,
            classes: classes.into_inner(),
            int_results: has_int(&signature.result) || signature.sets.iter().any(|(_, kind)| has_int(kind)),
            plain_results: signature.plain_results,
            owners,
            contiguous: entries.contiguous,
            strided: entries.strided,
            gpu: entries.gpu,
            rehearsed: signature.rehearsed,
            glances: signature.glances,
            reads_characters: signature.reads_characters,
            releases_gil: signature.releases_gil,
            calls: signature.parameters.iter().any(calls),
            guarded: signature.parameters.iter().any(changes),
        })
    }
}

impl SignaturePlan {
    /// Whether it takes the kinds of scalars that matched; decides as whose scalars the results come back.
    #[inline]
    pub fn takes(&self, frame: &mut Frame) -> bool {
        // Whose an int is that comes of several is decided by which of them: Python answers.
        let mixed = self.int_results && frame.own_integer && frame.given & GIVEN_INTEGER != 0 && !self.plain_results;
        // SAFETY: only called within a call, which holds the GIL and has no exception set.
        let known = self.classes.is_empty() || unsafe { self.classes.iter().all(|class| class.is_known()) };
        let takes = !mixed && known && (!self.exact_scalars || frame.given == 0);
        if self.plain_results {
            frame.given = 0;
        }
        takes
    }
}

/// Whether a type is a list, set, dict or string, or has one.
fn has_container(kind: &ValueType) -> bool {
    match kind {
        ValueType::List(_) | ValueType::Sequence(_) | ValueType::Set(_) | ValueType::Dict(_) | ValueType::Special(..) | ValueType::Str => {
            true
        }
        ValueType::Tuple(items) => items.iter().any(has_container),
        ValueType::Named(named) => has_container(&named.value),
        _ => false,
    }
}

/// Whether a type is a function or has one.
fn calls(kind: &ValueType) -> bool {
    match kind {
        ValueType::Callable(_) => true,
        ValueType::Tuple(items) => items.iter().any(calls),
        _ => false,
    }
}

/// Whether values of a type can be changed in Python, but for arrays, or have parts that can.
fn changes(kind: &ValueType) -> bool {
    match kind {
        ValueType::List(_) | ValueType::Set(_) | ValueType::Dict(_) | ValueType::Special(..) => true,
        ValueType::Tuple(items) => items.iter().any(changes),
        ValueType::Sequence(inner) | ValueType::Optional(inner) => changes(inner),
        ValueType::Named(named) => named.kind == NamedKind::Object || changes(&named.value),
        _ => false,
    }
}

/// Whether a type is Python's `int` or has one.
fn has_int(kind: &ValueType) -> bool {
    match kind {
        ValueType::Python(name) => name == "int",
        ValueType::Tuple(items) | ValueType::Slice(items) => items.iter().any(has_int),
        ValueType::Named(named) => named.kind == NamedKind::Tuple && has_int(&named.value),
        _ => false,
    }
}

struct Planner<'a> {
    writes: &'a [u32],
    writes_elements: bool,
    classes: &'a Classes,
    arrays: usize,
    words: usize,
    containers: Vec<(usize, Arc<Container>)>,
}

impl Planner<'_> {
    fn matcher(&mut self, kind: &ValueType) -> Result<Matcher, String> {
        if let Some(container) = Container::new(kind, self.writes_elements, self.classes)? {
            let container = Arc::new(container);
            self.containers.push((self.words, container.clone()));
            self.words += 1;
            return Ok(Matcher::Object(container));
        }
        let (matcher, words) = match kind {
            ValueType::None => (Matcher::None, 0),
            ValueType::Python(name) => match builtin(name)? {
                BuiltinType::Bool => (Matcher::Bool, 1),
                BuiltinType::Int => (Matcher::Int, 1),
                BuiltinType::Float => (Matcher::Float, 1),
                BuiltinType::Complex => (Matcher::Complex, 2),
            },
            ValueType::Numpy(name) => {
                let dtype = dtype(name)?;
                (Matcher::Numpy(dtype), scalar_words(dtype))
            }
            ValueType::Array { dtype: name, ndim, extents, order } => {
                let matcher = self.array(dtype(name)?, rank(*ndim)?, extents, order.as_deref())?;
                (Matcher::Array(matcher), hypersonic_abi::frame::array_argument_words(*ndim as usize))
            }
            ValueType::Tuple(items) => {
                let items = items.iter().map(|item| self.matcher(item)).collect::<Result<Vec<_>, _>>()?;
                (Matcher::Tuple(items), 0)
            }
            ValueType::Named(named) => match &named.value {
                ValueType::Tuple(items) if named.kind == NamedKind::Tuple && items.len() == named.names.len() => {
                    let items = items.iter().map(|item| self.matcher(item)).collect::<Result<Vec<_>, _>>()?;
                    (Matcher::Record(self.classes.of(named), items), 0)
                }
                _ => (Matcher::Member(member(named, self.classes)?), 1),
            },
            ValueType::Literal(Literal::Bool(value)) => (Matcher::LiteralBool(*value), 0),
            ValueType::Literal(Literal::Int(value)) => (Matcher::LiteralInt(*value), 0),
            ValueType::Literal(Literal::Text(value)) => (Matcher::LiteralText(value.clone()), 0),
            ValueType::Type(name) => match builtin(name) {
                Ok(kind) => (Matcher::BuiltinType(kind), 0),
                Err(_) => match class(name) {
                    Some(class) => (Matcher::Class(class as usize), 0),
                    None => (Matcher::NumpyType(dtype(name)?), 0),
                },
            },
            ValueType::Slice(bounds) if bounds.len() == 3 => {
                (Matcher::Slice(bounds.iter().map(|bound| self.matcher(bound)).collect::<Result<Vec<_>, _>>()?), 0)
            }
            ValueType::Callable(_) => (Matcher::Callable, 1),
            ValueType::Module(name) => (Matcher::Module(name.clone()), 0),
            other => return Err(format!("an argument of type {other:?}")),
        };
        self.words += words;
        Ok(matcher)
    }

    fn array(&mut self, dtype: Dtype, ndim: usize, extents: &[Option<i64>], order: Option<&str>) -> Result<ArrayMatcher, String> {
        let flags = if self.writes.contains(&(self.arrays as u32)) { array::WRITEABLE } else { 0 };
        self.arrays += 1;
        ArrayMatcher::new(dtype, ndim, extents, order, flags)
    }
}

impl ArrayMatcher {
    /// Of an aligned array with these flags and what its annotation demands.
    pub fn new(dtype: Dtype, ndim: usize, extents: &[Option<i64>], order: Option<&str>, flags: c_int) -> Result<ArrayMatcher, String> {
        if extents.len() > ndim {
            return Err(format!("an array of rank {ndim} with {} extents", extents.len()));
        }
        let contiguous = match order {
            None => 0,
            Some("C") => array::C_CONTIGUOUS,
            Some("F") => array::F_CONTIGUOUS,
            Some(other) => return Err(format!("unknown order `{other}`")),
        };
        let flags = flags | array::ALIGNED | contiguous;
        let extents = extents.iter().enumerate().filter_map(|(axis, extent)| extent.map(|extent| (axis, extent as isize))).collect();
        Ok(ArrayMatcher { numbers: dtype.numbers(), dtype, ndim: ndim as c_int, flags, extents })
    }
}

/// The results frame while it is planned.
struct Building<'a> {
    classes: &'a Classes,
    words: usize,
    owners: Vec<usize>,
}

impl Building<'_> {
    fn builder(&mut self, kind: &ValueType) -> Result<Builder, String> {
        if let Some(container) = Container::new(kind, false, self.classes)? {
            self.words += 1;
            return Ok(Builder::Object(Arc::new(container)));
        }
        let (builder, taken) = match kind {
            ValueType::None => (Builder::None, 0),
            ValueType::Python(name) => match builtin(name)? {
                BuiltinType::Bool => (Builder::Bool, 1),
                BuiltinType::Int => (Builder::Int, 1),
                BuiltinType::Float => (Builder::Float, 1),
                BuiltinType::Complex => (Builder::Complex, 2),
            },
            ValueType::Numpy(name) => {
                let dtype = dtype(name)?;
                (Builder::Numpy(dtype), scalar_words(dtype))
            }
            ValueType::Array { dtype: name, ndim, .. } => {
                self.owners.push(self.words);
                let ndim = rank(*ndim)?;
                (Builder::Array { dtype: dtype(name)?, ndim }, hypersonic_abi::frame::array_result_words(ndim))
            }
            ValueType::Tuple(items) => (Builder::Tuple(items.iter().map(|item| self.builder(item)).collect::<Result<Vec<_>, _>>()?), 0),
            ValueType::Named(named) => match &named.value {
                ValueType::Tuple(items) if named.kind == NamedKind::Tuple && items.len() == named.names.len() => {
                    let items = items.iter().map(|item| self.builder(item)).collect::<Result<Vec<_>, _>>()?;
                    (Builder::Record(self.classes.of(named), items), 0)
                }
                _ => (Builder::Member(member(named, self.classes)?), 1),
            },
            ValueType::Optional(value) => {
                self.words += 1;
                let before = self.words;
                let value = self.builder(value)?;
                (Builder::Optional(Box::new(value), self.words - before), 0)
            }
            ValueType::This => (Builder::This, 0),
            ValueType::Slice(bounds) if bounds.len() == 3 => {
                (Builder::Slice(bounds.iter().map(|bound| self.builder(bound)).collect::<Result<Vec<_>, _>>()?), 0)
            }
            ValueType::Literal(literal) => (Builder::Literal(literal.clone()), 0),
            ValueType::Type(name) => match builtin(name) {
                Ok(kind) => (Builder::BuiltinType(kind), 0),
                Err(_) => (Builder::NumpyType(dtype(name)?), 0),
            },
            other => return Err(format!("a result of type {other:?}")),
        };
        self.words += taken;
        Ok(builder)
    }
}

/// The class of members that are ints in kernels.
fn member(named: &Named, classes: &Classes) -> Result<Arc<Class>, String> {
    let number = matches!(&named.value, ValueType::Python(name) if name == "int");
    if number && matches!(named.kind, NamedKind::Value | NamedKind::Position) {
        Ok(classes.of(named))
    } else {
        Err(format!("a value of `{}`", named.name))
    }
}

/// How many words a scalar of NumPy's takes in a frame.
pub fn scalar_words(dtype: Dtype) -> usize {
    if matches!(dtype, Dtype::Complex64 | Dtype::Complex128) { 2 } else { 1 }
}

/// A class of containers or strings by name.
fn class(name: &str) -> Option<*mut ffi::PyTypeObject> {
    Some(match name {
        "list" => &raw mut ffi::PyList_Type,
        "set" => &raw mut ffi::PySet_Type,
        "dict" => &raw mut ffi::PyDict_Type,
        "tuple" => &raw mut ffi::PyTuple_Type,
        "str" => &raw mut ffi::PyUnicode_Type,
        "frozenset" => &raw mut ffi::PyFrozenSet_Type,
        "bytes" => &raw mut ffi::PyBytes_Type,
        "bytearray" => &raw mut ffi::PyByteArray_Type,
        _ => return None,
    })
}

/// A type of Python's by name.
pub fn builtin(name: &str) -> Result<BuiltinType, String> {
    Ok(match name {
        "bool" => BuiltinType::Bool,
        "int" => BuiltinType::Int,
        "float" => BuiltinType::Float,
        "complex" => BuiltinType::Complex,
        _ => return Err(format!("unknown Python type `{name}`")),
    })
}

/// A dtype by name.
pub fn dtype(name: &str) -> Result<Dtype, String> {
    Dtype::from_name(name).ok_or_else(|| format!("unknown dtype `{name}`"))
}

/// A number of dimensions that is not too large.
pub fn rank(ndim: u32) -> Result<usize, String> {
    if ndim > MAX_NDIM { Err(format!("an array of rank {ndim}")) } else { Ok(ndim as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    extern "C" fn entry(
        _: *const hypersonic_abi::Support,
        _: *mut hypersonic_abi::Context,
        _: *mut hypersonic_abi::ErrorRecord,
        _: *const u64,
        _: *mut u64,
    ) -> i32 {
        0
    }

    fn plan(parameters: Vec<ValueType>, result: ValueType, writes: Vec<u32>) -> Result<SignaturePlan, String> {
        let signature = Signature {
            text: "f".to_owned(),
            parameters,
            result,
            sets: vec![],
            writes,
            writes_elements: false,
            exact_scalars: false,
            plain_results: false,
            contiguous: vec![],
            strided: vec![],
            gpu: None,
            rehearsed: false,
            glances: false,
            reads_characters: false,
            releases_gil: false,
        };
        SignaturePlan::new(&signature, Entries { contiguous: None, strided: entry, gpu: None })
    }

    fn array(dtype: &str, ndim: u32) -> ValueType {
        ValueType::Array { dtype: dtype.to_owned(), ndim, extents: vec![], order: None }
    }

    #[test]
    fn arrays_in_tuples_are_counted_in_frame_order() {
        let plan =
            plan(vec![ValueType::Tuple(vec![array("float64", 1), array("int32", 2)]), array("bool", 1)], ValueType::None, vec![1]).unwrap();
        let Matcher::Tuple(items) = &plan.matchers[0] else { panic!("a tuple") };
        let flags: Vec<bool> = items
            .iter()
            .map(|item| match item {
                Matcher::Array(array) => array.flags & array::WRITEABLE != 0,
                _ => panic!("an array"),
            })
            .collect();
        assert_eq!(flags, [false, true]);
    }

    #[test]
    fn owner_words_are_found_in_nested_results() {
        let result = ValueType::Tuple(vec![
            ValueType::Python("complex".to_owned()),
            ValueType::Tuple(vec![array("float64", 1)]),
            array("float32", 0),
        ]);
        assert_eq!(plan(vec![], result, vec![]).unwrap().owners, [2, 6]);
    }

    #[test]
    fn what_cannot_be_planned_is_refused() {
        assert!(plan(vec![array("float16", 1)], ValueType::None, vec![]).unwrap_err().contains("float16"));
        assert!(plan(vec![array("float64", 99)], ValueType::None, vec![]).unwrap_err().contains("rank 99"));
        assert!(plan(vec![ValueType::Python("str".to_owned())], ValueType::None, vec![]).unwrap_err().contains("str"));
        assert!(plan(vec![], ValueType::None, vec![0]).unwrap_err().contains("array 0"));
        assert!(plan(vec![array("float64", 6); 40], ValueType::None, vec![]).unwrap_err().contains("too many"));
    }
}
