//! The page that lists every pass in order: `compile(request) -> artifacts and diagnostics`.
//!
//! This is the only room of `codegen` that the build backend talks to. It does no IO: sources come in as text,
//! the library, the PTX and the manifest go out as bytes.

pub use hypersonic_abi::manifest::Manifest;
pub use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
pub use hypersonic_scan::SourceFile;

/// The operating system and architecture that a kernel library is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
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
    /// `hypersonic-build` and its version, for the manifest.
    pub generator: String,
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
    /// Number of loop nests on the GPU.
    pub gpu_kernels: usize,
}
