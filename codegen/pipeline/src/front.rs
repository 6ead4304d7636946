//! Sources to boosted functions: parse, scan.

use crate::unit::{guarded, typed};
use hypersonic_diagnostics::Diagnostic;
use hypersonic_scan::{Boosted, Found, Program, Refused, SourceFile, scan_all};
use rayon::prelude::*;

/// What the sources say.
pub struct Front {
    /// Every file, parsed.
    pub program: Program,
    /// Every boosted function that has a signature.
    pub boosted: Vec<Boosted>,
    /// Every function that is marked and has none.
    pub refused: Vec<Refused>,
    /// What is wrong with files, marks and annotations.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses and scans.
pub fn read(files: Vec<SourceFile>) -> Front {
    let (program, mut diagnostics) = Program::parse(files);
    let Found { mut boosted, refused, diagnostics: found } = scan_all(&program);
    boosted.par_iter_mut().for_each(|function| leave_other_strings(&program, function));
    diagnostics.extend(found);
    Front { program, boosted, refused, diagnostics }
}

/// A function that tells strings apart may have no compiled form for any other string (what it gives then has another type, or it raises an exception
/// that is not compiled): Python answers those.
fn leave_other_strings(program: &Program, function: &mut Boosted) {
    let signatures = &function.signatures;
    let is_for_others = |at: &usize| signatures.iter().any(|other| signatures[*at].is_for_other_strings(other));
    let left: Vec<usize> = (0..signatures.len())
        .filter(is_for_others)
        .filter(|at| guarded(function, || typed(program, function, *at, &|_, _| {})).is_err())
        .collect();
    let mut at = 0..;
    function.signatures.retain(|_| !at.next().is_some_and(|at| left.contains(&at)));
}
