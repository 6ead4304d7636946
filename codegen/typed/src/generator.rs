//! Generators, written out where a loop runs over them.

use crate::function::{Reported, Typer};
use hypersonic_diagnostics::{Diagnostic, Id, Span};

impl Typer<'_, '_> {
    /// `x = yield v`.
    pub(crate) fn yield_as_value(&mut self, span: Span) -> Reported {
        let diagnostic = Diagnostic::new(Id::UnsupportedGenerator, "a `yield` is compiled as a statement only", span, "used as a value");
        self.report(diagnostic.with_hint("yield in a statement of its own"))
    }
}
