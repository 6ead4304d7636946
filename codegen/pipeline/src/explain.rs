//! What a function is after the passes that can be read, as Python: for `hypersonic explain FILE:FUNCTION`.

use crate::front::{self, Front};
use crate::unit::{guarded, signature_text, typed};
use hypersonic_diagnostics::{Diagnostic, suggest};
use hypersonic_scan::{Boosted, SourceFile};
use hypersonic_typed::parallel;
use hypersonic_typed::passes::PASSES;
use hypersonic_typed::python::{self, Heading, Program};
use std::sync::Mutex;

/// What there is to say of a function.
#[derive(Clone, Debug)]
pub enum Explanation {
    /// It is marked: its signatures in the order in which a call tries them.
    Signatures(Vec<Explained>),
    /// It is marked, and has no signature, for these reasons.
    StaysPython(Vec<Diagnostic>),
    /// It is there and nothing marks it; these are marked in the file.
    NotMarked(Vec<String>),
    /// The file has no such function; one that has a similar name.
    Unknown(Option<String>),
}

/// One signature.
#[derive(Clone, Debug)]
pub struct Explained {
    /// `f(float64[:], int)`.
    pub signature: String,
    /// The function as Python: under the name of each pass that was asked for, else once, with no name.
    pub outcome: Result<Vec<(String, Program)>, Vec<Diagnostic>>,
    /// Why parallel loops stay on one thread.
    pub notes: Vec<Diagnostic>,
}

/// The names of the passes, and what is before them.
#[must_use]
pub fn stages() -> Vec<&'static str> {
    let mut names = vec!["typed"];
    for pass in PASSES {
        if !names.contains(&pass.name) {
            names.push(pass.name);
        }
    }
    names
}

/// Explains the function `name` (`Class.method`) of the file at `path`, after the pass `after` if one is named.
#[must_use]
pub fn explain(files: Vec<SourceFile>, path: &str, name: &str, after: Option<&str>) -> Explanation {
    let front = front::read(files);
    let file = front.program.files.iter().position(|file| file.source.path == path).and_then(|file| u32::try_from(file).ok());
    let Some(file) = file else { return Explanation::Unknown(None) };
    if let Some(function) = front.boosted.iter().find(|function| function.file == file && function.qualname == name) {
        let signatures = (0..function.signatures.len()).map(|at| {
            let outcome = guarded(function, || one(&front, function, at, after));
            let (outcome, notes) = outcome.map_or_else(|found| (Err(found), Vec::new()), |(programs, notes)| (Ok(programs), notes));
            Explained { signature: signature_text(function, at), outcome, notes }
        });
        return Explanation::Signatures(signatures.collect());
    }
    if let Some(refused) = front.refused.iter().find(|refused| refused.file == file && refused.qualname == name) {
        let span = refused.definition.span;
        let inside = |found: &&Diagnostic| {
            found.labels.iter().any(|label| label.span.file == file && (span.start..=span.end).contains(&label.span.start))
        };
        let found: Vec<Diagnostic> = front.diagnostics.iter().filter(inside).cloned().collect();
        return Explanation::StaysPython(if found.is_empty() { in_file(&front, file) } else { found });
    }
    let top = name.split('.').next().unwrap_or(name);
    let broken = in_file(&front, file);
    if front.program.piece_text(file, top).is_some() {
        return Explanation::NotMarked(marked(&front, file));
    }
    if broken.iter().any(|found| found.id == hypersonic_diagnostics::Id::SyntaxError) {
        return Explanation::StaysPython(broken);
    }
    let names = marked(&front, file);
    Explanation::Unknown(suggest(name, names.iter().map(String::as_str)).map(str::to_owned))
}

fn in_file(front: &Front, file: u32) -> Vec<Diagnostic> {
    let here = |found: &&Diagnostic| found.labels.iter().any(|label| label.span.file == file);
    front.diagnostics.iter().filter(here).cloned().collect()
}

fn marked(front: &Front, file: u32) -> Vec<String> {
    let boosted = front.boosted.iter().filter(|function| function.file == file).map(|function| function.qualname.clone());
    let refused = front.refused.iter().filter(|function| function.file == file).map(|function| function.qualname.clone());
    boosted.chain(refused).collect()
}

/// A function after passes, by the name of each, and what is worth knowing of it.
type Shown = (Vec<(String, Program)>, Vec<Diagnostic>);

fn one(front: &Front, function: &Boosted, at: usize, after: Option<&str>) -> Result<Shown, Vec<Diagnostic>> {
    let heading = Heading::of(function, &function.signatures[at]);
    let seen: Mutex<Vec<(String, Program)>> = Mutex::new(Vec::new());
    let unit = typed(&front.program, function, at, &|name, unit| {
        if after == Some(name)
            && let Ok(mut seen) = seen.lock()
        {
            seen.push((name.to_owned(), python::unit(unit, &heading)));
        }
    })?;
    let seen = seen.into_inner().unwrap_or_default();
    let notes = parallel::outline(&unit.unit)?.notes;
    Ok((if after.is_some() { seen } else { vec![(String::new(), python::unit(&unit.unit, &heading))] }, notes))
}
