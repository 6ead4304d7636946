//! The laws of the house, each a check that names file and line. What clippy checks already is not checked again.

mod arrows;
mod code;
mod rust;
mod text;

use fs_err as fs;
use std::path::Path;
use walkdir::{DirEntry, WalkDir};

/// A text file of the tree.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative to the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every broken law in the tree below `root`.
#[must_use]
pub fn violations(root: &Path) -> Vec<String> {
    let files = source_files(root);
    let mut found: Vec<String> = files.iter().flat_map(text::check).collect();
    found.extend(files.iter().filter(|file| file.path.ends_with(".rs")).flat_map(rust::check));
    found.extend(files.iter().filter(|file| file.path.ends_with("Cargo.toml")).flat_map(arrows::check));
    found.extend(crate::docs::stale(root));
    found
}

const ENDS: [&str; 9] = [".rs", ".py", ".pyi", ".toml", ".sh", ".md", ".cpp", ".c", ".h"];
const FOLDERS: [&str; 13] =
    [".cargo", ".ci", "benches", "build-backend", "codegen", "docs", "examples", "fuzz", "pep517", "runtime", "scripts", "tests", "xtask"];

fn source_files(root: &Path) -> Vec<SourceFile> {
    let in_folders =
        FOLDERS.iter().flat_map(|folder| WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().filter_entry(is_ours));
    let at_top = WalkDir::new(root).max_depth(1).sort_by_file_name();
    let mut files = Vec::new();
    for entry in in_folders.chain(at_top).flatten().filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
        if ENDS.iter().any(|end| path.ends_with(end))
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.push(SourceFile { path, text });
        }
    }
    files
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !(name.starts_with('.') || ["target", "build", "dist", "__pycache__"].contains(&&*name))
}
