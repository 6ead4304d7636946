//! The long description: a text or a file, and its content type.

use super::document::{Document, Section};
use hypersonic_archive::EntryPath;
use hypersonic_pipeline::Id;
use std::path::Path;

/// What the index shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readme {
    /// The text.
    pub text: String,
    /// `text/markdown; charset=UTF-8` and the like.
    pub content_type: String,
    /// The file it is from.
    pub path: Option<String>,
}

const TYPES: [&str; 3] = ["text/markdown", "text/x-rst", "text/plain"];

/// Reads `readme`.
pub fn read(document: &Document, section: &Section<'_>, root: &Path) -> Option<Readme> {
    let item = section.item("readme")?;
    if let Some(path) = item.as_str() {
        let Some(kind) = by_suffix(path) else {
            section.wrong(
                "readme",
                format!("is `{path}`, whose suffix says no content type"),
                "write readme = {file = \"...\", content-type = \"text/markdown\"}",
            );
            return None;
        };
        return from_file(section, "readme", root, path, kind.to_owned());
    }
    if !item.is_table_like() {
        section.wrong("readme", "must be a path or a table", "write readme = \"README.md\"");
        return None;
    }
    let table = document.section("project.readme", Id::BadMetadata);
    table.only(&["file", "text", "content-type"], Id::BadMetadata);
    let (file, text, kind) = (table.string("file"), table.string("text"), table.string("content-type"));
    if table.has("file") == table.has("text") {
        table.wrong("", "must have either `file` or `text`", "keep one of the two");
        return None;
    }
    let kind = kind.or_else(|| file.as_deref().and_then(by_suffix).map(str::to_owned));
    let Some(kind) = kind else {
        table.wrong("content-type", "is missing", "write content-type = \"text/markdown\", \"text/x-rst\" or \"text/plain\"");
        return None;
    };
    let charset = kind
        .split(';')
        .skip(1)
        .filter_map(|part| part.trim().strip_prefix("charset="))
        .all(|charset| charset.eq_ignore_ascii_case("utf-8"));
    if !TYPES.contains(&kind.split(';').next().unwrap_or_default().trim()) || !charset {
        table.wrong("content-type", format!("is `{kind}`"), "use text/markdown, text/x-rst or text/plain, in UTF-8");
    }
    match file {
        Some(path) => from_file(&table, "file", root, &path, kind),
        None => text.map(|text| Readme { text, content_type: with_charset(kind), path: None }),
    }
}

fn by_suffix(path: &str) -> Option<&'static str> {
    let suffix = path.rsplit_once('.')?.1.to_lowercase();
    match suffix.as_str() {
        "md" => Some(TYPES[0]),
        "rst" => Some(TYPES[1]),
        "txt" => Some(TYPES[2]),
        _ => None,
    }
}

fn with_charset(kind: String) -> String {
    if kind.contains("charset") { kind } else { format!("{kind}; charset=UTF-8") }
}

fn from_file(section: &Section<'_>, key: &str, root: &Path, path: &str, kind: String) -> Option<Readme> {
    if let Err(problem) = EntryPath::parse(path) {
        section.wrong(key, format!("is wrong: {problem}"), "write a path relative to pyproject.toml");
        return None;
    }
    let inside = match (fs_err::canonicalize(root.join(path)), fs_err::canonicalize(root)) {
        (Ok(target), Ok(root)) => target.starts_with(root),
        _ => true,
    };
    if !inside {
        section.wrong(key, format!("names `{path}`, a link that leads out of the project"), "put the file itself in the project");
        return None;
    }
    match fs_err::read_to_string(root.join(path)) {
        Ok(text) => Some(Readme { text: text.replace("\r\n", "\n"), content_type: with_charset(kind), path: Some(path.to_owned()) }),
        Err(error) => {
            let reason =
                if error.kind() == std::io::ErrorKind::InvalidData { "it is not UTF-8".to_owned() } else { error.kind().to_string() };
            section.wrong(key, format!("names `{path}`, which cannot be read: {reason}"), "correct the path, or save the file as UTF-8");
            None
        }
    }
}
