//! What is said to users about their code: one closed list of ids, one form, rendered with a code frame.
//!
//! [`Diagnostic`] is what every room reports, [`Id`] the closed list, [`render`] the form for people and [`Report`] the
//! form for machines. This room decides nothing and reads no file: whoever prints brings the texts.

mod ids;
mod lines;
mod render;
mod report;
mod suggestion;

pub use ids::Id;
pub use lines::LineIndex;
pub use render::render;
pub use report::{Place, Report};
pub use suggestion::suggest;

use serde::Serialize;

/// A range of bytes in one source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// Index of the file in the unit.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A user's mistake, or a construct that stays Python.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// From the closed list.
    pub id: Id,
    /// One sentence: what.
    pub title: String,
    /// Why, if the title and the label do not say it all.
    pub text: String,
    /// The first is the primary one.
    pub labels: Vec<Label>,
    /// What to do next.
    pub hint: Option<String>,
}

/// A place in the source and a remark on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic with one label.
    pub fn new(id: Id, title: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self { id, title: title.into(), text: String::new(), labels: vec![Label { span, text: label.into() }], hint: None }
    }

    /// Adds a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
