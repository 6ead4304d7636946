//! The part of `.dist-info` that depends on metadata alone: the same in a prepared folder, a wheel and an editable wheel.

use super::{add_file, add_text, named_file};
use crate::problem::Result;
use crate::project::{Project, core_metadata, entry_points};
use hypersonic_archive::Entries;

/// `name-version.dist-info`.
pub fn dist_info_name(project: &Project) -> String {
    format!("{}.dist-info", project.metadata.stem())
}

/// METADATA, entry_points.txt and licence files.
pub fn dist_info(project: &Project) -> Result<Entries> {
    let folder = dist_info_name(project);
    let mut entries = Entries::default();
    add_text(&mut entries, &format!("{folder}/METADATA"), core_metadata::render(&project.metadata))?;
    if let Some(text) = entry_points::render(&project.metadata.entry_points) {
        add_text(&mut entries, &format!("{folder}/entry_points.txt"), text)?;
    }
    for path in &project.metadata.license_files {
        add_file(&mut entries, &format!("{folder}/licenses/{path}"), named_file(project, path)?, false)?;
    }
    Ok(entries)
}
