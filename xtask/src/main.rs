//! `cargo xtask tidy` checks the laws of the house; `cargo xtask docs` writes the documentation that tables make.

use std::process::ExitCode;

fn main() -> ExitCode {
    let root = xtask::root();
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => {
            let violations = xtask::tidy::violations(&root);
            violations.iter().for_each(|violation| eprintln!("tidy: {violation}"));
            eprintln!(
                "tidy: {}",
                if violations.is_empty() { "all in order".to_owned() } else { format!("{} violations", violations.len()) }
            );
            if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Some("docs") => match xtask::docs::write(&root) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("docs: {error}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("usage: cargo xtask tidy|docs");
            ExitCode::from(2)
        }
    }
}
