//! Links objects into a kernel library, with LLD in this process. The only room that names LLD.
//!
//! The library is freestanding: nothing but our own objects goes in, nothing is imported, only the listed entries are
//! exported, and the same objects give the same bytes. LLD reads and writes files, so this room owns a private
//! temporary folder for the time of one link.

use hypersonic_native as _;

mod command;
mod shim;

use std::path::Path;

/// Why a library could not be linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// No such platform.
    UnknownPlatform(String),
    /// The temporary folder could not be used.
    Scratch(String),
    /// LLD refused: its words.
    Refused(String),
    /// LLD crashed; this process cannot link any more.
    Crashed(String),
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownPlatform(name) => write!(f, "there is no platform `{name}`"),
            Self::Scratch(text) => write!(f, "the temporary folder for linking cannot be used: {text}"),
            Self::Refused(text) => write!(f, "the linker refused: {text}"),
            Self::Crashed(text) => write!(f, "the linker crashed: {text}"),
        }
    }
}

impl std::error::Error for LinkError {}

/// Links `objects` for `platform` (as the manifest names it: `x86_64-linux`, ...) and exports `exports`.
///
/// # Errors
/// If LLD refuses: a symbol that is defined twice, undefined, or listed but not defined; or if no temporary file can be
/// written.
pub fn link(objects: &[Vec<u8>], platform: &str, exports: &[String]) -> Result<Vec<u8>, LinkError> {
    let scratch = tempfile::Builder::new().prefix("hypersonic-link-").tempdir().map_err(|error| LinkError::Scratch(error.to_string()))?;
    link_in(scratch.path(), objects, platform, exports)
}

fn link_in(scratch: &Path, objects: &[Vec<u8>], platform: &str, exports: &[String]) -> Result<Vec<u8>, LinkError> {
    let job = command::plan(scratch, objects.len(), platform, exports)?;
    let failed = |path: &Path, error: &std::io::Error| LinkError::Scratch(format!("{}: {error}", path.display()));
    for (path, bytes) in job.inputs.iter().zip(objects) {
        std::fs::write(path, bytes).map_err(|error| failed(path, &error))?;
    }
    for (path, text) in &job.texts {
        std::fs::write(path, text).map_err(|error| failed(path, &error))?;
    }
    shim::run(&job.arguments)?;
    std::fs::read(&job.output).map_err(|error| failed(&job.output, &error))
}
