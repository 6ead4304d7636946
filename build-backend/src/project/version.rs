//! A dynamic version, read as text from a file: the code is never run.

use super::document::PROJECT_FILE;
use super::layout::Layout;
use super::settings::Settings;
use crate::problem::{Problem, Result};
use hypersonic_pipeline::Id;
use std::path::Path;

/// The file that the version is read from, and its text.
pub fn read(root: &Path, settings: &Settings, layout: &Layout) -> Result<(String, String)> {
    let path = settings.version_path.clone().or_else(|| default_path(layout));
    let Some(path) = path else {
        return Err(Problem::new(Id::VersionNotFound, "`project.version` is dynamic, and there is no single package to read it from")
            .in_file(PROJECT_FILE, None)
            .hint("name the file with `version-path` in [tool.hypersonic], or write `version = \"...\"` in [project]")
            .into());
    };
    let text = fs_err::read_to_string(root.join(&path)).map_err(|error| {
        Problem::new(Id::VersionNotFound, format!("the version cannot be read: {error}"))
            .in_file(path.clone(), None)
            .hint("correct `version-path` in [tool.hypersonic]")
    })?;
    let version = if path.ends_with(".py") {
        assigned(&text)
    } else {
        Some(text.trim().to_owned()).filter(|text| !text.is_empty() && !text.contains('\n'))
    };
    version.map(|version| (path.clone(), version)).ok_or_else(|| {
        Problem::new(Id::VersionNotFound, format!("`project.version` is dynamic, but `{path}` has no line `__version__ = \"...\"`"))
            .in_file(path, None)
            .hint("add that line, or name another file with `version-path` in [tool.hypersonic]")
            .into()
    })
}

fn default_path(layout: &Layout) -> Option<String> {
    let [top] = layout.tops.as_slice() else { return None };
    let wanted = if top.is_package { format!("{}/__init__.py", top.name) } else { format!("{}.py", top.name) };
    top.files.iter().find(|found| layout.import_path(&found.relative) == wanted).map(|found| found.relative.clone())
}

/// The string that the first top-level `__version__ = "..."` assigns.
fn assigned(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix("__version__")?.trim_start();
        let rest = match rest.strip_prefix(':') {
            Some(annotation) => &annotation[annotation.find('=')?..],
            None => rest,
        };
        let value = rest.strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (version, after) = value[1..].split_once(quote)?;
        let after = after.trim_start();
        (after.is_empty() || after.starts_with('#')).then(|| version.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::assigned;

    #[test]
    fn plain_assignments_are_read() {
        for (text, version) in [
            ("__version__ = \"1.2\"", Some("1.2")),
            ("import x\n__version__='1.2'  # now\n", Some("1.2")),
            ("__version__: str = \"2\"", Some("2")),
            ("__version__ = get()", None),
            ("__version__ = \"1\" + \"2\"", None),
            ("    __version__ = \"1\"", None),
            ("__version__ == \"1\"", None),
            ("", None),
        ] {
            assert_eq!(assigned(text).as_deref(), version, "{text}");
        }
    }
}
