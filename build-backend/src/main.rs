//! The program `hypersonic`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hypersonic_build::cli::main(&hypersonic_build::compiler::Engine)
}
