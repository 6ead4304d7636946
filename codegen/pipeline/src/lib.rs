//! The page that lists every pass in order: `compile(request) -> artifacts and diagnostics`.
//!
//! This is the only room of `codegen` that the build backend talks to. It does no IO: sources come in as text,
//! the library, the PTX and the manifest go out as bytes.

mod back;
mod c_signature;
mod copies;
mod explain;
mod exports;
mod front;
mod partly;
mod plain;
mod record;
mod rewrite;
mod unit;

pub use explain::{Explained, Explanation, explain, stages};
pub use hypersonic_abi::manifest::Manifest;
pub use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
/// The C header of a kernel library.
pub use hypersonic_header as header;
pub use hypersonic_scan::SourceFile;
pub use hypersonic_scan::migration::Edit;

use std::collections::BTreeMap;

/// The operating system and architecture that a kernel library is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "architecture and system")]
pub enum Platform {
    X86_64Linux,
    Aarch64Linux,
    X86_64Macos,
    Aarch64Macos,
    X86_64Windows,
    Aarch64Windows,
}

/// What to compile.
#[derive(Clone, Debug)]
pub struct Request {
    /// Every Python file of the package.
    pub files: Vec<SourceFile>,
    /// For which platform.
    pub platform: Platform,
    /// Levels to compile, lowest first; empty for the platform's default set.
    pub levels: Vec<String>,
    /// Whether to make PTX.
    pub gpu: bool,
    /// Whether code for CPUs is optimised, or compiled as fast as it can be.
    pub optimize: bool,
    /// Whether functions are compiled for calls from Python even where Python is known to be faster.
    pub always: bool,
    /// `hypersonic-build` and its version, for the manifest.
    pub generator: String,
    /// Whether files may differ from the project's where that is needed for their functions to find their kernels.
    pub rewrite: bool,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Output {
    /// The kernel library, if any function was compiled.
    pub library: Option<Vec<u8>>,
    /// The PTX text, if any nest was lowered to it.
    pub ptx: Option<String>,
    /// The manifest; its `library` and `ptx` digests are filled in, with the paths `kernels.so` (or `.dylib`, `.dll`) and `kernels.ptx`.
    pub manifest: Manifest,
    /// Everything found, in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// One row per boosted function.
    pub functions: Vec<FunctionReport>,
    /// Files that change: path, as given, and new text. The manifest speaks of these.
    pub rewritten: BTreeMap<String, String>,
}

/// What became of one boosted function.
#[derive(Clone, Debug)]
pub struct FunctionReport {
    /// Dotted module.
    pub module: String,
    /// Qualified name.
    pub name: String,
    /// Index of its file.
    pub file: u32,
    /// Number of signatures asked for.
    pub signatures: usize,
    /// Number of them compiled (all or, if a diagnostic concerns it, fewer).
    pub compiled: usize,
    /// Number of them that are left to Python because it is faster.
    pub left: usize,
    /// Number of loop nests on the GPU.
    pub gpu_kernels: usize,
    /// The loops that may run on several threads.
    pub parallel: Vec<Span>,
    /// What is worth knowing of it, though it is compiled: parallel loops that stay on one thread, and why.
    pub notes: Vec<Diagnostic>,
}

impl Platform {
    /// As the manifest and the targets name it: `x86_64-linux`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86_64Linux => "x86_64-linux",
            Self::Aarch64Linux => "aarch64-linux",
            Self::X86_64Macos => "x86_64-macos",
            Self::Aarch64Macos => "aarch64-macos",
            Self::X86_64Windows => "x86_64-windows",
            Self::Aarch64Windows => "aarch64-windows",
        }
    }

    /// The file name of a kernel library there.
    #[must_use]
    pub const fn library_name(self) -> &'static str {
        match self {
            Self::X86_64Linux | Self::Aarch64Linux => "kernels.so",
            Self::X86_64Macos | Self::Aarch64Macos => "kernels.dylib",
            Self::X86_64Windows | Self::Aarch64Windows => "kernels.dll",
        }
    }
}

/// What a long compilation tells while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many functions were found.
    Found(usize),
    /// This one is done: module and name.
    Done(&'a str, &'a str),
    /// The library is being linked.
    Linking,
}

/// Called from several threads.
pub type Observer<'a> = dyn Fn(Progress<'_>) + Sync + 'a;

/// The whole way: every pass in order.
#[must_use]
pub fn compile(request: &Request, observer: &Observer<'_>) -> Output {
    let front = front::read(request.files.clone()); //     text -> trees, boosted functions, signatures
    observer(Progress::Found(front.boosted.len()));
    let units = unit::lower(&front, request.always, observer); // signature -> typed IR -> delayed arrays -> loops, checked
    let library = back::build(&front, units, request, observer); // loops -> objects and PTX -> library
    record::output(&front, library, request) //            what was made of what
}

/// What turns a source file that uses Transonic into one that uses hypersonic, and where it uses what has no counterpart.
///
/// # Errors
/// The file's syntax errors.
pub fn migrate(text: &str) -> Result<(Vec<Edit>, Vec<Span>), Vec<Diagnostic>> {
    hypersonic_scan::migration::migrate(text, 0)
}

/// As [`compile`], but stops before machine code: the diagnostics are the same. `always` is that of a [`Request`].
#[must_use]
pub fn check(files: Vec<SourceFile>, always: bool) -> Output {
    let request = Request {
        files: Vec::new(),
        platform: Platform::X86_64Linux,
        levels: Vec::new(),
        gpu: false,
        optimize: true,
        always,
        generator: String::new(),
        rewrite: false,
    };
    let front = front::read(files);
    let units = unit::lower(&front, always, &|_| {});
    record::output(&front, back::without_code(units), &request)
}
