//! Finds boosted functions and their signatures in parsed modules. Reads text only: nothing of the user's is ever
//! imported or executed.

mod bindings;
pub mod program;
pub mod resolve;
pub mod signature;
mod walk;

pub use program::{ParsedFile, Program, SourceFile};
pub use resolve::Definition;
pub use signature::{Boosted, Order, ParameterType, Signature};

use hypersonic_diagnostics::Diagnostic;

/// Finds the boosted functions of a program, in order of file and place, and everything that is wrong with their marks and annotations.
#[must_use]
pub fn scan(_program: &Program) -> (Vec<Boosted>, Vec<Diagnostic>) {
    (Vec::new(), Vec::new())
}
