//! `__hypersonic__/manifest.json` as Rust types: written by the engine, read by the runtime.

use crate::exports::Exports;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole manifest of one package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`crate::ABI_VERSION`] that the kernels were built for.
    pub abi: u32,
    /// `hypersonic-build` and its version.
    pub generator: String,
    /// The kernel library; absent if nothing was compiled.
    pub library: Option<FileDigest>,
    /// `x86_64-linux`, `aarch64-linux`, `x86_64-macos`, `aarch64-macos`, `x86_64-windows`, `aarch64-windows`.
    pub platform: String,
    /// Microarchitecture levels in the library, lowest first: `x86-64-v2`, ..., or `armv8-a`.
    pub levels: Vec<String>,
    /// The PTX text, if any.
    pub ptx: Option<FileDigest>,
    /// GPU kernels by row: the name of the PTX entry.
    pub gpu_kernels: Vec<String>,
    /// Rows of failures.
    pub failures: Vec<Failure>,
    /// By dotted module name.
    pub modules: BTreeMap<String, Module>,
}

/// A file beside the manifest and what it must hash to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Relative to the manifest's folder.
    pub path: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// A failure as the runtime raises it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Builtin exception name: `IndexError`.
    pub exception: String,
    /// The message: text and numbers.
    pub message: Vec<MessagePart>,
    /// Whether the Python function may be run instead (nothing was written yet).
    pub retry: bool,
    /// Source line, 0 if unknown.
    pub line: u32,
}

/// A part of a failure's message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessagePart {
    /// As it stands.
    Text(String),
    /// Number of the error record as an int, with a format spec.
    Int(u32, String),
    /// Number of the error record as a float, with a format spec.
    Float(u32, String),
    /// Number of the error record as the address of a string of the call.
    Object(u32),
    /// An argument of the exception that is no text: a number of the record as an `int`, `float` or `bool`, or `None`.
    Argument(u32, String),
    /// Here the next argument of the exception begins.
    Next,
    /// The first part of a message that is Python's own: the runtime has Python raise it, in the words of its version. One of
    /// [`crate::object::replay`]; for [`crate::object::replay::OPERATION`] with the type of the key or element that was asked for, if there is one.
    Python(String, Option<ValueType>),
}

/// One Python module of the package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Module {
    /// SHA-256 of the whole file's bytes: when it matches, every piece is fresh.
    pub sha256: String,
    /// SHA-256 of the source text of each top-level piece that kernels were made from, by name: the lines from
    /// the first decorator (or the statement's first line) to the statement's last line, joined by `\n`.
    pub pieces: BTreeMap<String, String>,
    /// Boosted functions by qualified name.
    pub functions: BTreeMap<String, Function>,
}

/// A boosted function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// What its kernels were made from: (module, piece).
    pub depends: Vec<(String, String)>,
    /// Parameter names in order.
    pub parameters: Vec<String>,
    /// In the order in which a call tries them.
    pub signatures: Vec<Signature>,
    /// Why it stays Python, if it has no signature: one text per cause.
    pub reasons: Vec<String>,
    /// What it needs of the object that is its first argument, if it is a method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// Whether its kernels hold `assert` statements: under `python -O` it stays Python.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asserts: bool,
    /// Whether it has no kernels because Python is faster.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// Whether loops of it may run on several threads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parallel: bool,
    /// What is made of it besides a Python function.
    #[serde(default, skip_serializing_if = "Exports::is_none")]
    pub exports: Exports,
}

/// What a method needs of its object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// The attributes that are read, in order: their types come before those of the parameters, the object itself has none.
    pub attributes: Vec<String>,
    /// What the object's class must have: functions that were compiled into the kernels.
    pub members: Vec<Member>,
}

/// A function that the class of an object must have under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The name.
    pub name: String,
    /// How it is called.
    pub kind: MemberKind,
    /// The module that defines it.
    pub module: String,
    /// Its qualified name.
    pub qualname: String,
    /// The class (module, name) behind which, of those of the object, it is the first that defines the name: what `super()` in it has.
    /// `object.__init__` stands for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<(String, String)>,
}

/// How a function of a class is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberKind {
    /// A plain method.
    Method,
    /// `@property`.
    Property,
    /// `@classmethod`.
    Class,
    /// `@staticmethod`.
    Static,
}

/// One compiled signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// For people: `f(float64[:, :], int)`.
    pub text: String,
    /// Per parameter.
    pub parameters: Vec<ValueType>,
    /// What it returns.
    pub result: ValueType,
    /// Attributes of the object that it may set. In the frame of results they follow the result: a word that is not 0 if the
    /// attribute was set, then the words of the value. The runtime has cleared these words before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<(String, ValueType)>,
    /// Which array arguments, counted in frame order, it may write to (must be writeable).
    pub writes: Vec<u32>,
    /// Whether it may write to arrays in containers: all of those must be writeable then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub writes_elements: bool,
    /// Whether it takes only Python's own scalars for `int`, `float` and `complex`, because those of NumPy would give another dtype.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact_scalars: bool,
    /// Whether the numbers of its result are Python's even if NumPy's scalars are given for `int`, `float` and `complex`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain_results: bool,
    /// Symbol per level of the version for C-contiguous arrays, in the order of `levels`; empty if no array.
    pub contiguous: Vec<String>,
    /// Symbol per level of the version for any strides.
    pub strided: Vec<String>,
    /// Symbol of the version whose loop nests run on a GPU.
    pub gpu: Option<String>,
    /// Whether that version may give up behind something that it wrote, so that a run without launches must come first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rehearsed: bool,
    /// Whether it does so little with containers of arguments that Python, which need not copy them, is faster where they have more than a few
    /// elements.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glances: bool,
    /// Whether kernels of it read characters of strings in place, so that strings of arguments must lie ready: see [`crate::object::kind::STR`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reads_characters: bool,
    /// Whether it runs long enough, or for a time unknown, that the GIL is always released; else only for large arrays.
    pub releases_gil: bool,
}

/// The type of a parameter or result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// `None`.
    None,
    /// Python's `bool`, `int`, `float`, `complex`, by name.
    Python(String),
    /// A NumPy scalar, by dtype name.
    Numpy(String),
    /// An array.
    Array {
        /// Dtype name.
        dtype: String,
        /// Rank.
        ndim: u32,
        /// Extents that are fixed by the annotation.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extents: Vec<Option<i64>>,
        /// `C`, `F` or absent: an order that the annotation demands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<String>,
    },
    /// A tuple.
    Tuple(Vec<ValueType>),
    /// A `list` of elements of one type: see [`crate::object`].
    List(Box<ValueType>),
    /// A `tuple` of any length, of elements of one type.
    Sequence(Box<ValueType>),
    /// A `set`.
    Set(Box<ValueType>),
    /// A `dict`: key and value.
    Dict(Box<(ValueType, ValueType)>),
    /// A `str`.
    Str,
    /// A value of another of Python's classes that is laid out as a list, tuple, set or dict: its number in [`crate::object::class`].
    Special(u64, Box<ValueType>),
    /// `None` or a value, as a result or an element: a word that is 0 for `None`, then the words of the value.
    Optional(Box<ValueType>),
    /// A value of a class of the package.
    Named(Box<Named>),
    /// A value that must be equal to this one: `Literal`.
    Literal(Literal),
    /// A type object passed as an argument: dtype name, or `int`, `float`, `complex`, `bool`.
    Type(String),
    /// The object whose method it is, as a result.
    This,
    /// A `slice`: start, stop and step, as a tuple of these.
    Slice(Vec<ValueType>),
    /// The module of that name, if it is the one that was imported under it.
    Module(String),
    /// Anything that can be called: the address of the object. What it takes and gives is said for people only: operations say it again.
    Callable(String),
}

/// A value of a class of the package: exactly of that class, no subclass.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Named {
    /// The module that has the class.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// What its values are.
    pub kind: NamedKind,
    /// The names of the fields, or of the members of an enum without aliases.
    pub names: Vec<String>,
    /// What a value is in kernels.
    pub value: ValueType,
}

/// What the values of a class are in kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamedKind {
    /// A NamedTuple: the tuple of its fields.
    Tuple,
    /// An object with attributes: a list of one element, the tuple of the attributes. In kernels these may be several lists: see
    /// [`crate::object::layout::groups`].
    Object,
    /// A member of an enum: the int that is its value.
    Value,
    /// A member of an enum: its position.
    Position,
}

/// A literal parameter's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Literal {
    /// A bool.
    Bool(bool),
    /// An int.
    Int(i64),
    /// A string.
    Text(String),
}

/// What stands before the digest in a sealed manifest, and after it.
const SEAL: (&[u8], &[u8]) = (b",\"seal\":\"", b"\"}");
/// Digits of a digest.
const SEAL_DIGITS: usize = 64;

/// Adds a last member `seal` to a manifest's JSON: the SHA-256 (lower-case hex, by `sha256`) of all bytes before it. A
/// manifest is as able to crash a process as the library is: one flipped bit in a rank would do.
#[must_use]
pub fn seal(mut json: Vec<u8>, sha256: impl Fn(&[u8]) -> String) -> Vec<u8> {
    let end = json.trim_ascii_end().len().saturating_sub(1);
    json.truncate(end);
    let digest = sha256(&json);
    json.extend_from_slice(SEAL.0);
    json.extend_from_slice(digest.as_bytes());
    json.extend_from_slice(SEAL.1);
    json
}

/// Whether a manifest's bytes are those that were sealed; `None` if they bear no seal.
#[must_use]
pub fn is_intact(json: &[u8], sha256: impl Fn(&[u8]) -> String) -> Option<bool> {
    let before_end = json.trim_ascii_end().strip_suffix(SEAL.1)?;
    let (rest, digest) = before_end.split_at_checked(before_end.len().checked_sub(SEAL_DIGITS)?)?;
    let content = rest.strip_suffix(SEAL.0)?;
    Some(sha256(content).as_bytes() == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(bytes: &[u8]) -> String {
        format!("{:064x}", bytes.iter().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte))))
    }

    #[test]
    fn a_seal_notices_every_flipped_bit() {
        let sealed = seal(br#"{"abi":1,"levels":[]}"#.to_vec(), digest);
        assert!(sealed.starts_with(br#"{"abi":1,"levels":[],"seal":""#));
        assert_eq!(is_intact(&sealed, digest), Some(true));
        for bit in 0..sealed.len() * 8 {
            let mut other = sealed.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(is_intact(&other, digest), Some(true), "bit {bit}");
        }
        assert_eq!(is_intact(br#"{"abi":1}"#, digest), None);
    }
}
