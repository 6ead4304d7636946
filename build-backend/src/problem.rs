//! What is said to users about their project: one form, from the same closed list of ids as the compiler's diagnostics.
//!
//! Problems are collected, so that one run names them all.

use hypersonic_archive::Error as ArchiveError;
use hypersonic_pipeline::Id;
use std::fmt;

/// Something that keeps the project from being built, or (as a warning) that its author should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From the closed list.
    pub id: Id,
    /// One sentence, naming the key or path.
    pub text: String,
    /// The file, relative to the project, and its line if known.
    pub place: Option<(String, Option<usize>)>,
    /// What to do next.
    pub hint: Option<String>,
}

impl Problem {
    /// Without place or hint.
    pub fn new(id: Id, text: impl Into<String>) -> Self {
        Self { id, text: text.into(), place: None, hint: None }
    }

    /// Says in which file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>, line: Option<usize>) -> Self {
        self.place = Some((file.into(), line));
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// As `error[...]` or `warning[...]`.
    pub fn render(&self, level: &str) -> String {
        let mut text = format!("{level}[{}]: {}\n", self.id, self.text);
        match &self.place {
            Some((file, Some(line))) => text += &format!("  --> {file}:{line}\n"),
            Some((file, None)) => text += &format!("  --> {file}\n"),
            None => {}
        }
        if let Some(hint) = &self.hint {
            text += &format!("   = help: {hint}\n");
        }
        text
    }
}

/// One or more problems that stop the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|problem| f.write_str(&problem.render("error")))
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl From<std::io::Error> for Problems {
    fn from(error: std::io::Error) -> Self {
        Problem::new(Id::CannotWrite, error.to_string()).into()
    }
}

impl From<hypersonic_archive::PathProblem> for Problems {
    fn from(problem: hypersonic_archive::PathProblem) -> Self {
        ArchiveError::from(problem).into()
    }
}

impl From<ArchiveError> for Problems {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Io(error) => error.into(),
            ArchiveError::Path(_) | ArchiveError::Collision { .. } => Problem::new(Id::UnsafePath, error.to_string())
                .hint("rename the file, or leave it out with `exclude` in [tool.hypersonic]")
                .into(),
            ArchiveError::Corrupt { .. } => Problem::new(Id::Internal, error.to_string()).into(),
        }
    }
}

/// What most steps return.
pub type Result<T> = std::result::Result<T, Problems>;
