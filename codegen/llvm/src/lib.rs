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

pub use level::{GPU_SUFFIX, Level, PLATFORMS, levels, symbol};
pub use ptx::{Ptx, compile_ptx};

use engine::{Effort, Form};
use hypersonic_loops::passes::uses;
use hypersonic_loops::{Block, Checked, Inst, Linkage, Module, Stmt, Ty};
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
}

/// An object file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub bytes: Vec<u8>,
    /// The symbols of its entries, in the order of the module's entries.
    pub symbols: Vec<String>,
}

/// Compiles a module for levels of one platform. Most of the work before vectors is done once for all of them.
///
/// # Errors
/// For each level: if LLVM refuses the module, or the object needs a symbol that it does not define.
pub fn compile(module: &Checked<Module>, levels: &[&Level], options: &Options) -> Vec<Result<Object, Bug>> {
    let Some(first) = levels.first() else { return Vec::new() };
    let ir = text::host(module, first, options.suffix.unwrap_or(first.suffix), options.failure_base);
    let effort = if options.suffix == Some(GPU_SUFFIX) { Effort::Launches } else { effort(module) };
    let emitted = engine::emit(&ir, levels, effort, Form::Final(FileType::Object));
    let entries: Vec<&str> =
        module.functions.iter().filter(|function| function.linkage == Linkage::Entry).map(|entry| entry.name.as_str()).collect();
    let object = |(bytes, level): (Result<Vec<u8>, Bug>, &&Level)| {
        let bytes = freestanding(bytes?, &ir)?;
        let suffix = options.suffix.unwrap_or(level.suffix);
        Ok(Object { bytes, symbols: entries.iter().map(|entry| symbol(entry, suffix)).collect() })
    };
    emitted.into_iter().zip(levels).map(object).collect()
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

/// Floating point results in a loop's body from which on arithmetic, not memory, is what the loop waits for.
const HEAVY: usize = 40;

/// Whether some loop of a module computes much per element.
#[must_use]
pub fn is_heavy(module: &Module) -> bool {
    let mut heavy = false;
    for function in &module.functions {
        let computes = |stmt: &Stmt| match stmt {
            Stmt::Let(id) => {
                let value = &function.values[id.index()];
                matches!(value.ty, Ty::F32 | Ty::F64) && !matches!(value.inst, Inst::Load(..))
            }
            _ => false,
        };
        let body = |block: &Block| {
            let mut count = 0;
            uses::each_stmt(block, &mut |stmt| count += usize::from(computes(stmt)));
            count > HEAVY
        };
        uses::each_stmt(&function.body, &mut |stmt| match stmt {
            Stmt::Nest(nest) => heavy |= body(&nest.body),
            Stmt::For { body: inner, .. } | Stmt::Loop { body: inner } => heavy |= !holds_loops(inner) && body(inner),
            // What it does there is not looked at.
            Stmt::Call { .. } => heavy = true,
            _ => {}
        });
    }
    heavy
}

fn holds_loops(block: &Block) -> bool {
    let mut found = false;
    uses::each_stmt(block, &mut |stmt| found |= matches!(stmt, Stmt::For { .. } | Stmt::Loop { .. } | Stmt::Nest(_)));
    found
}

/// Modules without loops of their own besides nests are optimised with fewer passes.
fn effort(module: &Module) -> Effort {
    let mut plain = true;
    for function in &module.functions {
        uses::each_stmt(&function.body, &mut |stmt| plain &= !matches!(stmt, Stmt::For { .. } | Stmt::Loop { .. } | Stmt::Call { .. }));
    }
    if plain { Effort::Nests } else { Effort::Loops }
}

/// The text that LLVM is given, for reading.
#[must_use]
pub fn ir(module: &Checked<Module>, level: &Level, options: &Options) -> String {
    text::host(module, level, options.suffix.unwrap_or(level.suffix), options.failure_base)
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
