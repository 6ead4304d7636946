//! The loop IR: structured control flow over scalar values, from which every target's code is made.
//!
//! [`ir`] is the law, [`build`] writes it, [`check`] admits it, [`text`] prints it, [`passes`] improve it.
//! Arrays, dtypes with complex parts, broadcasting and Python's rules are gone here: there are numbers,
//! addresses, loops and failures. This room names no LLVM type and does no IO.

pub mod build;
pub mod check;
mod failure;
pub mod interp;
pub mod ir;
pub mod passes;
pub mod protect;
pub mod text;

pub use build::Builder;
pub use check::Checked;
pub use ir::*;
