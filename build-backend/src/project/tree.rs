//! The files of a project as they lie on disk: which are seen, which never are, and links that lead out.

use crate::problem::{Problem, Result};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use hypersonic_pipeline::Id;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// A regular file (or a link to one within the project).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Relative to the project's root, with `/`.
    pub relative: String,
    /// Where it is.
    pub absolute: PathBuf,
    /// Whether any x bit is set.
    pub executable: bool,
}

/// Folders that no project ships.
const SKIPPED_FOLDERS: [&str; 3] = ["__pycache__", "node_modules", "__hypersonic_editable__"];

/// Ends of files and folders that no project ships.
const SKIPPED_ENDS: [&str; 4] = [".pyc", ".pyo", ".egg-info", ".dist-info"];

/// All files below `below` (relative to the root; empty for all), in order of path. Hidden files, caches, virtual
/// environments and what a build made before are passed over.
pub fn walk(root: &Path, below: &str) -> Result<Vec<Found>> {
    let real_root = fs_err::canonicalize(root)?;
    let mut found = Vec::new();
    for entry in WalkDir::new(root.join(below)).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_seen) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.path().and_then(Path::file_name).is_some_and(|name| name.to_string_lossy().starts_with('.')) => continue,
            Err(error) => return Err(unwalkable(&error)),
        };
        let Some(relative) = relative_text(root, entry.path())? else { continue };
        if entry.path_is_symlink() {
            refuse_link_out(&real_root, entry.path(), &relative)?;
        }
        if entry.file_type().is_file() {
            found.push(Found { relative, absolute: entry.path().to_owned(), executable: is_executable(&entry) });
        } else if !entry.file_type().is_dir() {
            return Err(unsafe_path(&relative, "is neither a file nor a folder").into());
        }
    }
    found.sort_by(|left, right| left.relative.cmp(&right.relative));
    Ok(found)
}

/// Path relative to the root, with `/`; `None` for the root itself.
fn relative_text(root: &Path, path: &Path) -> Result<Option<String>> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    if relative.as_os_str().is_empty() {
        return Ok(None);
    }
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| Some(parts.join("/"))).ok_or_else(|| unsafe_path(&relative.to_string_lossy(), "has a name that is not UTF-8").into())
}

fn unsafe_path(relative: &str, what: &str) -> Problem {
    Problem::new(Id::UnsafePath, format!("`{}` {what}", relative.escape_debug()))
        .hint("rename or remove it, or leave it out with `exclude` in [tool.hypersonic]")
}

fn refuse_link_out(real_root: &Path, path: &Path, relative: &str) -> Result<()> {
    let target = fs_err::canonicalize(path)?;
    if target.starts_with(real_root) {
        return Ok(());
    }
    Err(unsafe_path(relative, &format!("is a link that leads out of the project, to `{}`", target.display()))
        .hint("put the file itself in the project")
        .into())
}

fn unwalkable(error: &walkdir::Error) -> crate::problem::Problems {
    match (error.loop_ancestor(), error.path()) {
        (Some(ancestor), Some(path)) => {
            unsafe_path(&path.display().to_string(), &format!("is a link to `{}`, in which it lies", ancestor.display())).into()
        }
        (_, Some(path)) if path.is_symlink() => unsafe_path(&path.display().to_string(), "is a link to nothing").into(),
        _ => Problem::new(Id::CannotWrite, error.to_string()).into(),
    }
}

fn is_seen(entry: &DirEntry) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let skipped = name.starts_with('.')
        || name.ends_with('~')
        || name.starts_with("__hypersonic__")
        || SKIPPED_ENDS.iter().any(|end| name.ends_with(end));
    let folder = entry.file_type().is_dir();
    !(skipped || folder && (SKIPPED_FOLDERS.contains(&&*name) || is_marked(entry.path())))
}

/// Virtual environments and caches say so themselves.
fn is_marked(folder: &Path) -> bool {
    folder.join("pyvenv.cfg").exists() || folder.join("CACHEDIR.TAG").exists()
}

#[cfg(unix)]
fn is_executable(entry: &DirEntry) -> bool {
    use std::os::unix::fs::PermissionsExt;
    entry.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &DirEntry) -> bool {
    false
}

/// A set of globs as settings give them: without `/` a glob matches a name anywhere, with it a path from the root;
/// what matches a folder matches all in it.
///
/// # Errors
/// The glob that cannot be read, and why.
pub fn globs(patterns: &[String]) -> std::result::Result<GlobSet, (String, String)> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let path = pattern.trim_end_matches('/').trim_start_matches("./");
        let anchored = if path.contains('/') { path.trim_start_matches('/').to_owned() } else { format!("**/{path}") };
        for glob in [format!("{anchored}/**"), anchored] {
            let built = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build();
            set.add(built.map_err(|error| (pattern.clone(), error.kind().to_string()))?);
        }
    }
    set.build().map_err(|error| (patterns.join(", "), error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{globs, walk};
    use std::fs;

    fn names(files: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        walk(folder.path(), "").unwrap().into_iter().map(|found| found.relative).collect()
    }

    #[test]
    fn litter_is_passed_over() {
        let found = names(&[
            "b.py",
            "a/x.py",
            "a/__pycache__/x.pyc",
            ".git/config",
            "env/pyvenv.cfg",
            "env/lib.py",
            "a.egg-info/x",
            "a/y.py~",
            "a/__hypersonic__/k.so",
        ]);
        assert_eq!(found, ["a/x.py", "b.py"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_within_and_refused_outwards() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("a.py"), "1").unwrap();
        std::os::unix::fs::symlink("a.py", root.join("b.py")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join(".#lock")).unwrap();
        assert_eq!(walk(&root, "").unwrap().len(), 2);
        fs::write(folder.path().join("secret"), "1").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("c.py")).unwrap();
        let text = walk(&root, "").unwrap_err().to_string();
        assert!(text.contains("HS0506") && text.contains("`c.py`") && text.contains("out of the project"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn broken_links_and_loops_are_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        std::os::unix::fs::symlink("../a", folder.path().join("a/again")).unwrap();
        assert!(walk(folder.path(), "").unwrap_err().to_string().contains("HS0506"));
        fs::remove_file(folder.path().join("a/again")).unwrap();
        std::os::unix::fs::symlink("gone", folder.path().join("a/b.py")).unwrap();
        assert!(walk(folder.path(), "").unwrap_err().to_string().contains("link to nothing"));
    }

    #[test]
    fn globs_match_names_anywhere_and_paths_from_the_root() {
        let set = globs(&["*.c".into(), "docs/".into(), "a/b/*.txt".into()]).map_err(|error| error.1).unwrap();
        for (path, matches) in [
            ("x/y.c", true),
            ("y.c", true),
            ("docs/a/b", true),
            ("x/docs/a", true),
            ("a/b/c.txt", true),
            ("a/b/d/c.txt", false),
            ("y.cc", false),
        ] {
            assert_eq!(set.is_match(path), matches, "{path}");
        }
        assert!(globs(&["a[".into()]).is_err());
    }
}
