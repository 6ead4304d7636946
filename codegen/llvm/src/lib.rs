//! Turns loop IR into objects and PTX. The only room that names inkwell.
//!
//! Text of LLVM IR is written from the loop IR ([`text`]), handed to LLVM with passes chosen for it
//! ([`engine`]), and the object is searched for symbols that it does not define ([`scan`]): a kernel library is
//! freestanding, so there must be none. Which loops there are is the business of `loops`; here they are at most written
//! twice, where `loops` says what would make their accesses consecutive.

mod engine;
mod level;
mod ptx;
mod scan;
mod text;
pub mod thunk;

pub use level::{GPU_SUFFIX, Level, PLATFORMS, levels, symbol};
pub use ptx::{Ptx, compile_ptx};

use engine::{Effort, Form};
use hypersonic_loops::passes::{uses, weight};
use hypersonic_loops::{Checked, Linkage, Module, Stmt};
use hypersonic_native as _;
use inkwell::targets::FileType;

/// A mistake of ours, with what LLVM was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bug {
    /// What went wrong.
    pub message: String,
    /// The LLVM IR that it went wrong with.
    pub ir: String,
}

impl std::fmt::Display for Bug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Bug {}

/// What else decides about the code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// Row of the library's table of failures at which those of this module begin.
    pub failure_base: u32,
    /// What symbols end in, if not in the level's suffix.
    pub suffix: Option<&'o str>,
    /// Functions around entries.
    pub thunks: &'o [thunk::Thunk],
    /// Whether what compiling costs counts for more than what running costs.
    pub quick: bool,
}

/// An object file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub bytes: Vec<u8>,
    /// The symbols of its entries, in the order of the module's entries.
    pub symbols: Vec<String>,
    /// Those of the thunks, in the order in which they were asked for.
    pub thunks: Vec<String>,
}

/// Compiles a module for levels of one platform. Most of the work before vectors is done once for all of them.
///
/// # Errors
/// For each level: if LLVM refuses the module, or the object needs a symbol that it does not define.
pub fn compile(module: &Checked<Module>, levels: &[&Level], options: &Options) -> Vec<Result<Object, Bug>> {
    let entries: Vec<&str> =
        module.functions.iter().filter(|function| function.linkage == Linkage::Entry).map(|entry| entry.name.as_str()).collect();
    let effort = match options.suffix {
        Some(GPU_SUFFIX) => Effort::Quick,
        // Entries are inlined into thunks.
        _ if !options.thunks.is_empty() => Effort::Loops,
        _ if options.quick => Effort::Quick,
        _ => effort(module),
    };
    let plain = levels.len() > 1 && !weight::holds_heavy_loops(module);
    // Levels for which the same text is written lie next to each other.
    let groups = levels.chunk_by(|one, next| !plain || one.light == next.light);
    let mut all = Vec::with_capacity(levels.len());
    for group in groups {
        let Some(first) = group.first() else { continue };
        let ir = text::host(module, first, options.suffix.unwrap_or(first.suffix), options, plain && first.light);
        let emitted = engine::emit(&ir, group, effort, Form::Final(FileType::Object));
        all.extend(emitted.into_iter().zip(group).map(|(bytes, level)| {
            let suffix = options.suffix.unwrap_or(level.suffix);
            let bytes = freestanding(bytes?, &ir)?;
            let thunks = options.thunks.iter().map(|thunk| symbol(&thunk.name, suffix)).collect();
            Ok(Object { bytes, symbols: entries.iter().map(|entry| symbol(entry, suffix)).collect(), thunks })
        }));
    }
    all
}

/// An object that needs nobody else's symbols.
fn freestanding(bytes: Vec<u8>, ir: &str) -> Result<Vec<u8>, Bug> {
    let bug = |message| Bug { message, ir: ir.to_owned() };
    match scan::undefined(&bytes) {
        Ok(names) if names.is_empty() => Ok(bytes),
        Ok(names) => Err(bug(format!("the object is not freestanding: it needs {}", names.join(", ")))),
        Err(message) => Err(bug(format!("the object cannot be read: {message}"))),
    }
}

/// Modules without loops of their own besides nests are optimised with fewer passes.
fn effort(module: &Module) -> Effort {
    let mut plain = true;
    for function in &module.functions {
        uses::each_stmt(&function.body, &mut |stmt| {
            plain &= !matches!(stmt, Stmt::For { .. } | Stmt::Loop { .. } | Stmt::Call { .. } | Stmt::Parallel { .. })
        });
    }
    if plain { Effort::Nests } else { Effort::Loops }
}

/// The text that LLVM is given, for reading.
#[must_use]
pub fn ir(module: &Checked<Module>, level: &Level, options: &Options) -> String {
    text::host(module, level, options.suffix.unwrap_or(level.suffix), options, false)
}

/// The assembly of a module at a level, for reading.
///
/// # Errors
/// If LLVM refuses the module.
pub fn assembly(module: &Checked<Module>, level: &Level, options: &Options) -> Result<String, Bug> {
    written(module, level, options, Form::Final(FileType::Assembly))
}

/// The optimised LLVM IR of a module at a level, for reading.
///
/// # Errors
/// If LLVM refuses the module.
pub fn optimised(module: &Checked<Module>, level: &Level, options: &Options) -> Result<String, Bug> {
    written(module, level, options, Form::Optimised)
}

fn written(module: &Checked<Module>, level: &Level, options: &Options, form: Form) -> Result<String, Bug> {
    let ir = ir(module, level, options);
    let mut all = engine::emit(&ir, &[level], effort(module), form);
    all.pop().unwrap_or_else(|| Ok(Vec::new())).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
