//! Sources to boosted functions: parse, scan.

use hypersonic_diagnostics::Diagnostic;
use hypersonic_scan::{Boosted, Found, Program, Refused, SourceFile, scan_all};

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
    let Found { boosted, refused, diagnostics: found } = scan_all(&program);
    diagnostics.extend(found);
    Front { program, boosted, refused, diagnostics }
}
