//! PTX: the text that NVIDIA's driver makes machine code of, for every GPU from `sm_70` on.
//!
//! No multiplication and addition is contracted (LLVM says `.rn` on each, which also keeps the driver from it), and
//! nothing of the machine that wrote the text stands in it.

use crate::Bug;
use crate::engine::{self, Effort, Form};
use crate::level::Level;
use crate::text;
use hypersonic_loops::passes::offload::Kernel;
use inkwell::targets::FileType;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The oldest architecture that the text serves, and the lowest version of PTX that knows it.
const LEVEL: Level = Level {
    name: "sm_70",
    suffix: "ptx",
    platform: "cuda",
    triple: "nvptx64-nvidia-cuda",
    cpu: "sm_70",
    features: "+ptx60",
    vector_bits: 0,
    light: false,
    own_strided: true,
    only_heavy: false,
};

/// A module of PTX.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ptx {
    /// Its text; empty if there is no kernel.
    pub text: String,
    /// The names of its entries, by row.
    pub kernels: Vec<String>,
}

/// Kernels that are compiled together. Chunks are compiled in parallel, and always the same ones.
const CHUNK: usize = 8;

/// Compiles kernels, in order of their rows, to one module of PTX.
///
/// # Errors
/// If LLVM refuses them, or the text needs a function that is not in it.
pub fn compile_ptx(kernels: &[Kernel]) -> Result<Ptx, Bug> {
    let texts = kernels.par_chunks(CHUNK).map(compile_chunk).collect::<Result<Vec<String>, Bug>>()?;
    let names = kernels.iter().map(|kernel| kernel.name.clone()).collect();
    Ok(Ptx { text: merge(&texts), kernels: names })
}

fn compile_chunk(kernels: &[Kernel]) -> Result<String, Bug> {
    let ir = text::kernels(kernels, &LEVEL);
    let mut all = engine::emit(&ir, &[&LEVEL], Effort::Threads, Form::Final(FileType::Assembly));
    let bytes = all.pop().unwrap_or_else(|| Ok(Vec::new()))?;
    let text = plain(&String::from_utf8_lossy(&bytes));
    // A function of its own would be defined by several chunks.
    match text.lines().find(|line| line.contains(".extern") || line.contains(".func")) {
        Some(line) => Err(Bug { message: format!("the PTX is not complete: {line}"), ir }),
        None => Ok(text),
    }
}

/// Without comments and empty lines.
fn plain(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim_end();
        if !line.is_empty() {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

/// One module out of the texts of several, whose kernels have different names. Constant tables that several hold are
/// kept once.
fn merge(texts: &[String]) -> String {
    let mut merged = String::new();
    let mut known = BTreeSet::new();
    for line in texts.iter().flat_map(|text| text.lines()) {
        let shared = [".version", ".target", ".address_size", ".global"].iter().any(|word| line.starts_with(word));
        if !shared || known.insert(line) {
            merged.push_str(line);
            merged.push('\n');
        }
    }
    merged
}
