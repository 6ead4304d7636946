//! Our own mistakes: a panic becomes one message that asks for a report, and an exit code of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// `EX_SOFTWARE`.
pub const BUG: u8 = 70;

/// How the standard library says that nobody reads what is printed, or that it cannot be written.
const NOT_PRINTED: &str = "failed printing to stdout: ";

/// Runs the work; `None` if it panicked, after saying so. Files are published whole, so none is half-written.
pub fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(reason) = panic.payload_as_str().and_then(|text| text.strip_prefix(NOT_PRINTED)) {
            // As for every other program of a pipe whose reader has gone.
            if !reason.starts_with("Broken pipe") {
                eprintln!("error: the standard output cannot be written: {reason}");
            }
            std::process::exit(1);
        }
        eprintln!("hypersonic {}: this is a bug of hypersonic, not of your project", env!("CARGO_PKG_VERSION"));
        eprintln!("  {panic}");
        eprintln!("  Nothing was written. Please report it with the text above and, if you can, the function it was working on.");
    }));
    catch_unwind(AssertUnwindSafe(work)).ok()
}
