//! Finds boosted functions and their signatures in parsed modules. Reads text only: nothing of the user's is ever
//! imported or executed.
//!
//! [`Program::parse`] takes the files of a package, [`Program::resolve`] follows a name through them, [`scan`] finds the
//! marked functions and reads their annotations.

mod annotation;
mod bindings;
pub mod class;
mod comments;
mod defaults;
mod function;
mod marks;
pub mod migration;
pub mod program;
pub mod resolve;
pub mod signature;
mod walk;

pub use class::{Class, Member, Method, MethodKind};
pub use program::{ParsedFile, Program, SourceFile};
pub use resolve::Definition;
pub use signature::{Boosted, InClass, Order, ParameterType, Refused, Signature};

use hypersonic_diagnostics::{Diagnostic, Id};
use marks::{Finder, Mark};
use std::collections::HashSet;

/// Finds the boosted functions of a program, in order of file and place, and everything that is wrong with their marks
/// and annotations.
#[must_use]
pub fn scan(program: &Program) -> (Vec<Boosted>, Vec<Diagnostic>) {
    let found = scan_all(program);
    (found.boosted, found.diagnostics)
}

/// What a program marks.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Functions with signatures, in order of file and place.
    pub boosted: Vec<Boosted>,
    /// Marked functions of which nothing can be compiled, and why, in the same order.
    pub refused: Vec<Refused>,
    /// What is wrong, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// As [`scan`], with the functions that are marked in vain.
#[must_use]
pub fn scan_all(program: &Program) -> Found {
    let mut marks = Vec::new();
    let mut diagnostics = Vec::new();
    let mut comments = Vec::new();
    let mut refused = Vec::new();
    for (file, parsed) in (0u32..).zip(&program.files) {
        let mut finder = Finder::new(program, file);
        finder.block(&parsed.tree.body);
        let functions = program.functions(file);
        let names: Vec<String> = functions.iter().map(|function| function.name.clone()).collect();
        let (signatures, errors) = comments::read(program, file, &names);
        marks.append(&mut finder.marks);
        refused.append(&mut finder.refused);
        diagnostics.append(&mut finder.diagnostics);
        diagnostics.extend(errors);
        // A comment marks a function on its own.
        for function in functions {
            let first = signatures.iter().find(|signature| signature.name == function.name);
            let marked = marks.iter().any(|mark: &Mark| mark.file == file && mark.class.is_none() && mark.definition.name == function.name);
            if let (Some(first), false) = (first, marked) {
                let span = first.name_span;
                let usable = function.decorators.is_empty();
                if !usable {
                    diagnostics.extend(function.decorators.iter().map(|decorator| marks::other_decorator(&function.name, decorator.span)));
                }
                marks.push(Mark { file, definition: function, class: None, fastmath: false, span, usable });
            }
        }
        comments.push(signatures);
    }
    marks.sort_by_key(|mark| (mark.file, mark.definition.span.start));
    let mut boosted = Vec::new();
    let mut seen = HashSet::new();
    let mut places = HashSet::new();
    for mark in &marks {
        if !places.insert((mark.file, mark.definition.span)) {
            continue;
        }
        if !seen.insert((mark.file, mark.qualname())) {
            let title = format!("`{}` is marked more than once in this module; the first definition is compiled", mark.qualname());
            let diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, mark.definition.name_span, "defined again");
            diagnostics.push(diagnostic.with_hint("give the functions different names"));
            continue;
        }
        let written: Vec<_> =
            comments.get(mark.file as usize).into_iter().flatten().filter(|signature| signature.name == mark.qualname()).collect();
        let before = diagnostics.len();
        match function::read(program, mark, &written, &mut diagnostics) {
            Some(function) => boosted.push(function),
            None => refused.push(Refused {
                file: mark.file,
                qualname: mark.qualname(),
                definition: mark.definition.clone(),
                reasons: diagnostics[before..].iter().map(|diagnostic| diagnostic.title.clone()).collect(),
            }),
        }
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
    refused.sort_by_key(|refused| (refused.file, refused.definition.span.start));
    Found { boosted, refused, diagnostics }
}
