//! Writes a module of loop IR as LLVM's textual IR. Pure: text in memory, the same text for the same module.
//!
//! Text rather than builder calls: all of LLVM's metadata can be said, nothing here is unsafe, and what went into LLVM
//! is at hand when something is wrong with it.

mod failure;
mod function;
mod instruction;
mod kernel;
mod memory;
mod metadata;
mod packed;
mod parallel;
mod rare;
mod statement;
mod thunk;
mod types;

use function::Shape;

use crate::Options;
use crate::level::Level;
use hypersonic_loops::passes::offload::Kernel;
use hypersonic_loops::{Linkage, Module, TableData};
use metadata::Metadata;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What is written besides the functions of one module.
pub(crate) struct ModuleText<'m> {
    pub(crate) module: &'m Module,
    /// What the symbols of entries end in.
    pub(crate) suffix: &'m str,
    /// Added to every failure's row.
    pub(crate) failure_base: u32,
    /// Whether every loop is written once, and stays without vectors.
    pub(crate) plain: bool,
    /// Whether entries are inlined into functions that write their frames.
    pub(crate) has_thunks: bool,
    /// Address space of constant tables.
    pub(crate) table_space: u32,
    pub(crate) metadata: Metadata,
    tables: String,
    known_tables: BTreeSet<&'static str>,
    known_rare: BTreeSet<&'static str>,
    known_recorders: BTreeSet<usize>,
    known_chunks: BTreeSet<u32>,
    /// Functions that only attributes name.
    kept: Vec<String>,
    declarations: BTreeSet<String>,
    pub(crate) functions: String,
}

impl<'m> ModuleText<'m> {
    pub(crate) fn new(module: &'m Module, suffix: &'m str, failure_base: u32) -> Self {
        Self {
            module,
            suffix,
            failure_base,
            plain: false,
            has_thunks: false,
            table_space: 0,
            metadata: Metadata::default(),
            tables: String::new(),
            known_tables: BTreeSet::new(),
            known_rare: BTreeSet::new(),
            known_recorders: BTreeSet::new(),
            known_chunks: BTreeSet::new(),
            kept: Vec::new(),
            declarations: BTreeSet::new(),
            functions: String::new(),
        }
    }

    /// Asks for a declaration of an intrinsic.
    pub(crate) fn declare(&mut self, line: String) {
        self.declarations.insert(line);
    }

    /// The global that holds a constant table.
    pub(crate) fn table(&mut self, table: &'static TableData) -> String {
        if self.known_tables.insert(table.name) {
            let space = if self.table_space == 0 { String::new() } else { format!("addrspace({}) ", self.table_space) };
            let ty = types::name(table.ty);
            let _ = write!(self.tables, "@table.{} = private unnamed_addr {space}constant [{} x {ty}] [", table.name, table.bits.len());
            for (n, bits) in table.bits.iter().enumerate() {
                let separator = if n == 0 { "" } else { ", " };
                let literal = types::literal_of_bits(table.ty, *bits);
                let _ = write!(self.tables, "{separator}{ty} {literal}");
            }
            self.tables.push_str("], align 64\n");
        }
        format!("@table.{}", table.name)
    }

    /// The whole module's text, with `attributes` for its functions.
    pub(crate) fn finish(self, triple: &str, attributes: &str) -> String {
        let mut text = format!("target triple = \"{triple}\"\n\n");
        text.push_str(&self.tables);
        if triple.contains("windows") {
            text.push_str("$_fltused = comdat any\n@_fltused = weak_odr constant i32 0, comdat, align 4\n");
        }
        text.push_str(&self.functions);
        if !self.kept.is_empty() {
            let kept: Vec<String> = self.kept.iter().map(|name| format!("ptr {name}")).collect();
            let (count, kept) = (kept.len(), kept.join(", "));
            let _ = writeln!(text, "@llvm.compiler.used = appending global [{count} x ptr] [{kept}], section \"llvm.metadata\"");
        }
        for line in &self.declarations {
            text.push_str(line);
            text.push('\n');
        }
        let _ = writeln!(
            text,
            "\nattributes #0 = {{ {attributes} }}\nattributes #1 = {{ cold nounwind }}\nattributes #2 = {{ cold noinline {attributes} }}"
        );
        self.metadata.write(&mut text);
        text
    }
}

/// A module for the host's side at a level. A `plain` one has every loop once, and without vectors.
pub(crate) fn host(module: &Module, level: &Level, suffix: &str, options: &Options<'_>, plain: bool) -> String {
    let mut text = ModuleText::new(module, suffix, options.failure_base);
    text.plain = plain;
    text.has_thunks = !options.thunks.is_empty();
    for function in &module.functions {
        let shape = if function.linkage == Linkage::Entry { Shape::Entry } else { Shape::Internal };
        function::write(&mut text, function, shape);
    }
    thunk::write(&mut text.functions, options.thunks, suffix, level);
    text.finish(level.triple, &attributes(level))
}

/// A module of GPU kernels.
pub(crate) fn kernels(kernels: &[Kernel], level: &Level) -> String {
    kernel::module(kernels, level.triple, &attributes(level))
}

fn attributes(level: &Level) -> String {
    let mut text = String::from("nounwind \"no-builtins\" \"no-stack-arg-probe\" \"frame-pointer\"=\"none\"");
    for (key, value) in target_attributes(level) {
        let _ = write!(text, " \"{key}\"=\"{value}\"");
    }
    text
}

/// The attribute that every function has which is compiled for a level.
pub(crate) const TARGET_CPU: &str = "target-cpu";

/// What functions say about the level that they are compiled for.
pub(crate) fn target_attributes(level: &Level) -> Vec<(&'static str, String)> {
    let mut all = vec![(TARGET_CPU, level.cpu.to_owned())];
    if !level.features.is_empty() {
        all.push(("target-features", level.features.to_owned()));
    }
    if level.vector_bits != 0 {
        all.push(("prefer-vector-width", level.vector_bits.to_string()));
    }
    all
}
