//! Finds boosted functions and their signatures in parsed modules. Reads text only: nothing of the user's is ever
//! imported or executed.

pub mod signature;

pub use signature::{Boosted, Order, ParameterType, Signature};

use hypersonic_syntax::ast;

/// One source file of the package, as given to the compiler.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// For messages and the manifest: relative path with `/`.
    pub path: String,
    /// Dotted module name.
    pub module: String,
    /// Whether it is an `__init__.py`.
    pub is_package: bool,
    /// Its text.
    pub text: String,
}

/// All files of the package, parsed. A [`ast::Span`]'s `file` is the index in `files`.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// In the order given.
    pub files: Vec<ParsedFile>,
}

/// A file and its tree.
#[derive(Clone, Debug)]
pub struct ParsedFile {
    /// The file.
    pub source: SourceFile,
    /// Its tree; empty if it is not valid Python.
    pub tree: ast::Module,
}
