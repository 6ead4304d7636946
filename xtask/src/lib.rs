//! The house's own tools. They read the source tree as text and know nothing of what it computes.

pub mod docs;
pub mod tidy;

use std::path::{Path, PathBuf};

/// The workspace's folder.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
