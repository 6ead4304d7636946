//! Source distributions: what a build needs and what the project includes by name; never kernels, never litter.

use super::{add_file, add_text, named_file};
use crate::problem::Result;
use crate::project::{PROJECT_FILE, Project, core_metadata};
use hypersonic_archive::{Entries, Entry};
use std::collections::BTreeMap;

/// A source distribution that is not written yet.
#[derive(Clone, Debug)]
pub struct SdistPlan {
    /// Its name.
    pub file_name: String,
    entries: Entries,
}

impl SdistPlan {
    /// In the order of writing.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

/// Package files, pyproject.toml, readme, licence files, the file of the version, and what `include` matches.
pub fn sdist(project: &Project) -> Result<SdistPlan> {
    let stem = project.metadata.stem();
    let readme = project.metadata.readme.as_ref().and_then(|readme| readme.path.as_deref());
    let named = [PROJECT_FILE].into_iter().chain(readme).chain(project.version_path.as_deref());
    let licenses = project.metadata.license_files.iter().map(String::as_str);
    let mut files = BTreeMap::new();
    for path in named.chain(licenses) {
        files.insert(path.trim_start_matches("./").to_owned(), (named_file(project, path)?, false));
    }
    for found in project.layout.tops.iter().flat_map(|top| &top.files).chain(&project.layout.included) {
        files.insert(found.relative.clone(), (found.absolute.clone(), found.executable));
    }
    let mut entries = Entries::default();
    for (path, (file, executable)) in files {
        if path != "PKG-INFO" {
            add_file(&mut entries, &format!("{stem}/{path}"), file, executable)?;
        }
    }
    add_text(&mut entries, &format!("{stem}/PKG-INFO"), core_metadata::render(&project.metadata))?;
    Ok(SdistPlan { file_name: format!("{stem}.tar.gz"), entries })
}
