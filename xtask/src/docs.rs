//! Documentation that is made from tables.

use fs_err as fs;
use std::io;
use std::path::Path;

const SUPPORTED: &str = "docs/supported.md";

/// Writes every generated page.
///
/// # Errors
/// If a file cannot be written.
pub fn write(root: &Path) -> io::Result<()> {
    fs::write(root.join(SUPPORTED), supported())
}

fn supported() -> String {
    hypersonic_ops::supported_markdown(&hypersonic_scan::library_markdown())
}

/// What to say if a page is not what its table makes.
#[must_use]
pub fn stale(root: &Path) -> Option<String> {
    let on_disk = fs::read_to_string(root.join(SUPPORTED)).unwrap_or_default();
    (on_disk != supported()).then(|| format!("{SUPPORTED}: is not what the table of operations makes: run `cargo xtask docs`"))
}
