//! What an archive will hold, decided before anything is written: a pure function of the project and the kernels.

mod dist_info;
mod sdist;
mod tag;
mod wheel;

pub use dist_info::{dist_info, dist_info_name};
pub use sdist::{SdistPlan, sdist};
pub use wheel::{WheelPlan, editable, kernels, wheel};

use crate::problem::{Problem, Result};
use crate::project::Project;
use hypersonic_archive::{Content, Entries, Entry, EntryPath};
use hypersonic_pipeline::Id;
use std::path::PathBuf;

/// Adds a file that is made here.
fn add_text(entries: &mut Entries, path: &str, text: impl Into<Vec<u8>>) -> Result<()> {
    Ok(entries.insert(Entry::bytes(EntryPath::parse(path)?, text))?)
}

/// Adds a file of the project.
fn add_file(entries: &mut Entries, path: &str, file: PathBuf, executable: bool) -> Result<()> {
    Ok(entries.insert(Entry { path: EntryPath::parse(path)?, content: Content::File(file), executable })?)
}

/// Where a file that pyproject.toml names lies; a link must not lead out of the project.
fn named_file(project: &Project, relative: &str) -> Result<PathBuf> {
    let path = project.root.join(relative);
    if fs_err::canonicalize(&path)?.starts_with(fs_err::canonicalize(&project.root)?) {
        return Ok(path);
    }
    let problem = Problem::new(Id::UnsafePath, format!("`{relative}` is a link that leads out of the project"));
    Err(problem.hint("put the file itself in the project").into())
}
