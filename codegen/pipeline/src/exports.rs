//! What is made of functions besides Python functions: an entry of the C header, a plain C function, the loops of a ufunc.

use crate::front::Front;
use hypersonic_abi::manifest::{self, Function};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_scan::Boosted;
use std::collections::BTreeMap;

/// What is wrong with the exports of functions that were compiled, each by the position of its function.
pub fn refused(front: &Front, modules: &BTreeMap<String, manifest::Module>) -> Vec<Diagnostic> {
    let row = |function: &Boosted| {
        let module = &front.program.files.get(function.file as usize)?.source.module;
        modules.get(module)?.functions.get(&function.qualname)
    };
    let compiled = front.boosted.iter().filter_map(|function| Some((function, row(function).filter(|row| !row.signatures.is_empty())?)));
    compiled.flat_map(|(function, row)| refused_by(function, row)).collect()
}

fn refused_by(function: &Boosted, row: &Function) -> Option<Diagnostic> {
    let span = function.exports.c?;
    hypersonic_header::refusal(row).map(|why| refusal(function, "is not in the C header", &why, span))
}

/// A function of which something is not made.
pub fn refusal(function: &Boosted, what: &str, why: &str, span: Span) -> Diagnostic {
    let title = format!("`{}` {what}: {why}", function.qualname);
    Diagnostic::new(Id::UnsupportedExport, title, span, "asked for here")
        .with_hint("docs/exports.md says what can be exported; the function itself is compiled all the same")
}
