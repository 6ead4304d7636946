//! Diagnostics for machines: the same facts, with paths, lines and columns instead of bytes.

use crate::{Diagnostic, Id, LineIndex};
use serde::Serialize;

/// A diagnostic as `hypersonic check --json` writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Its code.
    pub id: Id,
    /// Its name.
    pub name: &'static str,
    /// `warning`, `error`, ...
    pub severity: String,
    /// One sentence: what.
    pub title: String,
    /// Why, maybe empty.
    pub text: String,
    /// The first is the primary one.
    pub places: Vec<Place>,
    /// What to do next.
    pub hint: Option<String>,
}

/// A place in a file and a remark on it. Lines and columns count from 1, columns in characters; the end is one past the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Place {
    pub path: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub text: String,
}

impl Report {
    /// `files` are path and text, by the index that spans name.
    #[must_use]
    pub fn new(diagnostic: &Diagnostic, files: &[(&str, &str)], severity: &str) -> Self {
        let place = |label: &crate::Label| {
            let (path, text) = files.get(label.span.file as usize).copied().unwrap_or_default();
            let index = LineIndex::new(text);
            let (line, column) = index.line_column(label.span.start as usize);
            let (end_line, end_column) = index.line_column(label.span.end.max(label.span.start) as usize);
            Place { path: path.to_owned(), line, column, end_line, end_column, text: label.text.clone() }
        };
        Self {
            id: diagnostic.id,
            name: diagnostic.id.name(),
            severity: severity.to_owned(),
            title: diagnostic.title.clone(),
            text: diagnostic.text.clone(),
            places: diagnostic.labels.iter().map(place).collect(),
            hint: diagnostic.hint.clone(),
        }
    }
}
