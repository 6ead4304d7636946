//! The one door to the compiler, and how a package's sources go through it.

use crate::problem::{Problem, Result};
use crate::project::layout::{Layout, Top, module_name};
use crate::project::{Project, Settings};
use hypersonic_pipeline::{Explanation, FunctionReport, Id, Observer, Output, Platform, Request, SourceFile};

/// What the rim needs of a compiler; tests put a fake in its place.
pub trait Compiler {
    /// Compiles to a kernel library.
    fn compile(&self, request: &Request, observer: &Observer<'_>) -> Output;
    /// Finds the same diagnostics without making machine code.
    fn check(&self, files: Vec<SourceFile>, always: bool) -> Output;
    /// Says what a function of the file at `path` is after the passes that can be read, or after the one that is named.
    fn explain(&self, files: Vec<SourceFile>, path: &str, function: &str, after: Option<&str>) -> Explanation;
}

/// The real one.
pub struct Engine;

impl Compiler for Engine {
    fn compile(&self, request: &Request, observer: &Observer<'_>) -> Output {
        hypersonic_pipeline::compile(request, observer)
    }

    fn check(&self, files: Vec<SourceFile>, always: bool) -> Output {
        hypersonic_pipeline::check(files, always)
    }

    fn explain(&self, files: Vec<SourceFile>, path: &str, function: &str, after: Option<&str>) -> Explanation {
        hypersonic_pipeline::explain(files, path, function, after)
    }
}

/// `hypersonic-build` and its version: in WHEEL and in the manifest.
pub const GENERATOR: &str = concat!("hypersonic-build ", env!("CARGO_PKG_VERSION"));

/// One top-level package or module after the compiler.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Its import name.
    pub name: String,
    /// Whether it is a folder.
    pub is_package: bool,
    /// What went in.
    pub sources: Vec<SourceFile>,
    /// Files that could not go in.
    pub unreadable: Vec<Problem>,
    /// What came out.
    pub output: Output,
}

impl Compiled {
    /// Whether there is machine code.
    pub fn has_kernels(&self) -> bool {
        self.output.library.is_some()
    }

    /// Whether every function has a signature that is compiled, every mark and annotation was understood, and every file
    /// could be read.
    pub fn is_complete(&self) -> bool {
        let understood = self.output.diagnostics.iter().all(|found| is_note(found.id));
        self.unreadable.is_empty() && understood && self.output.functions.iter().all(|function| is_compiled(function) || is_left(function))
    }
}

/// Whether a diagnostic leaves no whole function to Python by itself; where a mistake of ours does, the function's row says so.
const fn is_note(id: Id) -> bool {
    matches!(id, Id::DuplicateSignature | Id::UnknownOption | Id::PartlyCompiled | Id::CopiesMore | Id::Internal)
}

/// Whether the function is compiled, at least for some of its signatures.
pub const fn is_compiled(function: &FunctionReport) -> bool {
    function.compiled > 0
}

/// Whether the function stays Python because that is faster.
pub const fn is_left(function: &FunctionReport) -> bool {
    function.compiled == 0 && function.left > 0
}

/// Whether calls of some of the function's signatures stay Python.
pub const fn is_partly_compiled(function: &FunctionReport) -> bool {
    function.compiled > 0 && function.compiled + function.left < function.signatures
}

/// The platform that this engine runs on.
pub const fn host() -> Platform {
    match (cfg!(target_arch = "aarch64"), cfg!(target_os = "macos"), cfg!(windows)) {
        (false, false, false) => Platform::X86_64Linux,
        (true, false, false) => Platform::Aarch64Linux,
        (false, true, _) => Platform::X86_64Macos,
        (true, true, _) => Platform::Aarch64Macos,
        (false, false, true) => Platform::X86_64Windows,
        (true, false, true) => Platform::Aarch64Windows,
    }
}

/// Compiles every top-level package and module of a project; with `rewrite`, for copies of its files that may differ from them.
pub fn compile_project(compiler: &dyn Compiler, project: &Project, rewrite: bool, observer: &Observer<'_>) -> Result<Vec<Compiled>> {
    let compile_top = |top| compile_top(compiler, &project.layout, &project.settings, top, rewrite, observer);
    project.layout.tops.iter().map(compile_top).collect()
}

fn compile_top(
    compiler: &dyn Compiler,
    layout: &Layout,
    settings: &Settings,
    top: &Top,
    rewrite: bool,
    observer: &Observer<'_>,
) -> Result<Compiled> {
    let (files, unreadable) = read_sources(layout, top)?;
    let (levels, generator) = (settings.levels.clone(), GENERATOR.to_owned());
    let request = Request {
        files,
        platform: host(),
        levels,
        gpu: settings.gpu,
        optimize: settings.optimize,
        always: settings.always,
        generator,
        rewrite,
    };
    let output = compiler.compile(&request, observer);
    Ok(Compiled { name: top.name.clone(), is_package: top.is_package, sources: request.files, unreadable, output })
}

/// As [`compile_project`], without machine code.
pub fn check_layout(compiler: &dyn Compiler, layout: &Layout, always: bool) -> Result<Vec<Compiled>> {
    let check_top = |top: &Top| {
        let (sources, unreadable) = read_sources(layout, top)?;
        let output = compiler.check(sources.clone(), always);
        Ok(Compiled { name: top.name.clone(), is_package: top.is_package, sources, unreadable, output })
    };
    layout.tops.iter().map(check_top).collect()
}

/// The signatures that a `.pythran` file beside a Python file holds.
fn exports(top: &Top, python: &str) -> Result<Option<String>> {
    let beside = python.strip_suffix(".py").map(|stem| format!("{stem}.pythran"));
    match top.files.iter().find(|file| Some(&file.relative) == beside.as_ref()) {
        Some(file) => Ok(String::from_utf8(fs_err::read(&file.absolute)?).ok()),
        None => Ok(None),
    }
}

/// The Python files of a package that can be imported by name, and those that are not UTF-8.
pub fn read_sources(layout: &Layout, top: &Top) -> Result<(Vec<SourceFile>, Vec<Problem>)> {
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    for found in &top.files {
        let Some((module, is_package)) = module_name(layout.import_path(&found.relative)) else { continue };
        match String::from_utf8(fs_err::read(&found.absolute)?) {
            Ok(text) => {
                files.push(SourceFile { path: found.relative.clone(), module, is_package, text, exports: exports(top, &found.relative)? })
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let line = error.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
                let problem = Problem::new(Id::UnreadableSource, format!("`{}` is not UTF-8: its functions stay Python", found.relative));
                unreadable.push(problem.in_file(found.relative.clone(), Some(line)).hint("save it as UTF-8"));
            }
        }
    }
    Ok((files, unreadable))
}
