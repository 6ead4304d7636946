//! `__hypersonic__/manifest.json` as Rust types: written by the engine, read by the runtime.

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
    /// Which array arguments, counted in frame order, it may write to (must be writeable).
    pub writes: Vec<u32>,
    /// Symbol per level of the version for C-contiguous arrays, in the order of `levels`; empty if no array.
    pub contiguous: Vec<String>,
    /// Symbol per level of the version for any strides.
    pub strided: Vec<String>,
    /// Symbol of the version whose loop nests run on a GPU.
    pub gpu: Option<String>,
    /// Whether it runs long enough, or for a time unknown, that the GIL is always released; else only for large arrays.
    pub releases_gil: bool,
}

/// The type of a parameter or result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// A value that must be equal to this one: `Literal`.
    Literal(Literal),
    /// A type object passed as an argument: dtype name, or `int`, `float`, `complex`, `bool`.
    Type(String),
}

/// A literal parameter's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Literal {
    /// A bool.
    Bool(bool),
    /// An int.
    Int(i64),
    /// A string.
    Text(String),
}
