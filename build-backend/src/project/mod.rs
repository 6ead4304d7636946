//! A project as its author wrote it: pyproject.toml, checked, and the files that it ships. Reading decides nothing and
//! writes nothing; all mistakes are collected.

mod backend;
pub mod core_metadata;
mod document;
pub mod entry_points;
pub mod layout;
mod license;
pub mod metadata;
mod people;
mod readme;
pub mod settings;
mod tree;
mod version;

pub use backend::is_ours;
pub use document::PROJECT_FILE;
pub use layout::{Layout, Top};
pub use metadata::Metadata;
pub use settings::{LEVELS, Settings};
pub use tree::{Found, walk};

use crate::problem::{Problem, Problems, Result};
use document::Document;
use hypersonic_pipeline::Id;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Everything about a project that a build needs.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder with pyproject.toml.
    pub root: PathBuf,
    /// `[project]`.
    pub metadata: Metadata,
    /// `[tool.hypersonic]`.
    pub settings: Settings,
    /// What it ships.
    pub layout: Layout,
    /// The file that the version was read from.
    pub version_path: Option<String>,
    /// What is lawful, but hardly meant.
    pub warnings: Vec<Problem>,
}

impl Project {
    /// Reads the project in this folder.
    pub fn read(root: &Path, config: &Value) -> Result<Self> {
        let path = root.join(PROJECT_FILE);
        if !path.is_file() {
            let problem = Problem::new(Id::BadProjectFile, format!("there is no {PROJECT_FILE} in `{}`", root.display()));
            return Err(problem.hint("run the command in the project's folder").into());
        }
        let text = fs_err::read_to_string(&path)
            .map_err(|error| Problem::new(Id::BadProjectFile, error.to_string()).in_file(PROJECT_FILE, None).hint("save it as UTF-8"))?;
        let document = Document::parse(&text)?;
        backend::check(&document);
        let mut settings = Settings::read(&document);
        let mut problems = settings.apply_config(config).err().map(|problems| problems.0).unwrap_or_default();
        let name = metadata::read_name(&document);
        let layout = if name.is_empty() { None } else { keep(&mut problems, Layout::find(root, &name, &settings)) };
        let version = match &layout {
            Some(layout) if metadata::version_is_dynamic(&document) => keep(&mut problems, version::read(root, &settings, layout)),
            _ => None,
        };
        let version_path = version.as_ref().map(|(path, _)| path.clone());
        let warnings = settings::misspelt_table(&document).into_iter().collect();
        let metadata = keep(&mut problems, Metadata::read(&document, root, name, version.map(|(_, text)| text)));
        problems.extend(document.finish().err().map(|problems| problems.0).unwrap_or_default());
        match (metadata, layout) {
            (Some(metadata), Some(layout)) if problems.is_empty() => {
                Ok(Self { root: root.to_owned(), metadata, settings, layout, version_path, warnings })
            }
            _ => Err(Problems(problems)),
        }
    }
}

fn keep<T>(problems: &mut Vec<Problem>, result: Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(more) => {
            problems.extend(more.0);
            None
        }
    }
}
