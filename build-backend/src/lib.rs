//! The engine's rim: reads a project, has its functions compiled, packs wheels and source distributions.
//!
//! Plans decide and acts write; what a build would do can always be listed without doing it. Compiling is behind
//! [`compiler::Compiler`], so this room names no intermediate form of the compiler.

pub mod build;
pub mod cli;
pub mod compiler;
pub mod hooks;
pub mod plan;
pub mod problem;
mod progress;
pub mod project;
pub mod report;
pub mod spelling;
pub mod write;
