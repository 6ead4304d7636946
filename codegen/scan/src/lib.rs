//! Finds boosted functions and their signatures in parsed modules. Reads text only: nothing of the user's is ever
//! imported or executed.
//!
//! [`Program::parse`] takes the files of a package, [`Program::resolve`] follows a name through them, [`scan`] finds the
//! marked functions and reads their annotations.

mod annotation;
mod bindings;
mod block;
pub mod class;
mod comments;
mod defaults;
mod exports;
mod function;
mod marks;
pub mod migration;
mod options;
pub mod program;
pub mod record;
pub mod resolve;
pub mod signature;
mod texts;
mod walk;
mod written;

pub use class::{Above, Class, Member, Method, MethodKind};
pub use exports::{Capsule, Exports};
pub use program::{ParsedFile, Program, SourceFile};
pub use record::Record;
pub use resolve::Definition;
pub use signature::{Boosted, InClass, Order, ParameterType, Refused, Signature};
pub use walk::{free_names, is_generator, may_change, names_of, nonlocals};
pub use written::library_markdown;

use hypersonic_diagnostics::{Diagnostic, Id, Label};
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
                let others = function.decorators.iter().map(|decorator| marks::other_decorator(&function.name, decorator.span));
                let others: Vec<Diagnostic> = others.collect();
                let reasons = others.iter().map(|diagnostic| diagnostic.title.clone()).collect();
                let usable = others.is_empty();
                diagnostics.extend(others);
                let exports = exports::Exports::default();
                marks.push(Mark {
                    file,
                    definition: function,
                    class: None,
                    fastmath: false,
                    always: false,
                    exports,
                    undecorated: true,
                    span,
                    usable,
                    reasons,
                });
            }
        }
        comments.push(signatures);
    }
    marks.sort_by_key(|mark| (mark.file, mark.definition.span.start));
    let mut boosted = Vec::new();
    let mut ambiguous = HashSet::new();
    let mut places = HashSet::new();
    for mark in &marks {
        if !places.insert((mark.file, mark.definition.span)) {
            continue;
        }
        // The run time finds kernels by name: where a name may mean several functions it would find those of another one.
        let name = mark.class.as_ref().map_or(&mark.definition.name, |class| &class.name);
        // `@x.setter` and `@x.deleter` of a property have its name, too.
        let again =
            |other: &Mark| other.file == mark.file && other.qualname() == mark.qualname() && other.definition.span != mark.definition.span;
        if program.is_ambiguous(mark.file, name) || marks.iter().any(again) {
            if ambiguous.insert((mark.file, mark.qualname())) {
                let diagnostic = defined_again(program, mark, name);
                refused.push(Refused {
                    file: mark.file,
                    qualname: mark.qualname(),
                    definition: mark.definition.clone(),
                    reasons: vec![diagnostic.title.clone()],
                });
                diagnostics.push(diagnostic);
            }
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
                reasons: mark
                    .reasons
                    .iter()
                    .cloned()
                    .chain(diagnostics[before..].iter().map(|diagnostic| diagnostic.title.clone()))
                    .collect(),
            }),
        }
    }
    for file in (0u32..).take(program.files.len()) {
        let mut blocks = block::Blocks::of(program, file);
        boosted.append(&mut blocks.boosted);
        refused.append(&mut blocks.refused);
        diagnostics.append(&mut blocks.diagnostics);
    }
    boosted.sort_by_key(|function| (function.file, function.definition.span.start));
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
    refused.sort_by_key(|refused| (refused.file, refused.definition.span.start));
    Found { boosted, refused, diagnostics }
}

/// What is said of a marked function whose name, or whose class's name, has several definitions.
fn defined_again(program: &Program, mark: &Mark, name: &str) -> Diagnostic {
    let what = match &mark.class {
        Some(_) if program.is_ambiguous(mark.file, name) => "its class is defined more than once in this module",
        Some(_) => "it is marked more than once in its class",
        None => "its name is bound more than once in this module",
    };
    let title = format!("`{}` stays pure Python: {what}", mark.qualname());
    let own = mark.class.as_ref().map_or(mark.definition.name_span, |class| class.name_span);
    let mut diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, own, "defined here");
    for (span, text) in program.places(mark.file, name).into_iter().filter(|(span, _)| *span != own) {
        let text = if text == "defined here" { "and here" } else { text };
        diagnostic.labels.push(Label { span, text: text.to_owned() });
    }
    diagnostic.with_hint("give the functions different names: which of them is meant is known at run time only")
}
