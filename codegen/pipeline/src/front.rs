//! Sources to boosted functions: parse, scan.

use hypersonic_diagnostics::Diagnostic;
use hypersonic_scan::{Boosted, Program, SourceFile, scan};

/// What the sources say.
pub struct Front {
    /// Every file, parsed.
    pub program: Program,
    /// Every boosted function that has a signature.
    pub boosted: Vec<Boosted>,
    /// What is wrong with files, marks and annotations.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses and scans.
pub fn read(files: Vec<SourceFile>) -> Front {
    let (program, mut diagnostics) = Program::parse(files);
    let (boosted, found) = scan(&program);
    diagnostics.extend(found);
    Front { program, boosted, diagnostics }
}
