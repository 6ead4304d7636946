//! Paths inside an archive, parsed once so that no later step has to check them again.

use std::fmt;

/// A relative path with `/` that unpacks to the same file on every operating system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryPath(String);

/// Why a text is not an [`EntryPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathProblem {
    /// The text as given.
    pub path: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for PathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the path `{}` cannot be in an archive: {}", self.path.escape_debug(), self.reason)
    }
}

impl std::error::Error for PathProblem {}

/// Names that Windows gives to devices, whatever the extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// No file system in use takes longer names.
const LONGEST_SEGMENT: usize = 255;

impl EntryPath {
    /// Reads a relative path.
    ///
    /// # Errors
    /// For absolute paths, `..`, empty segments, control characters, characters and device names that Windows reserves,
    /// and segments that end in a dot or space (Windows drops those).
    pub fn parse(text: &str) -> Result<Self, PathProblem> {
        let refuse = |reason| Err(PathProblem { path: text.to_owned(), reason });
        if text.is_empty() {
            return refuse("it is empty");
        }
        if text.starts_with('/') {
            return refuse("it is absolute");
        }
        if let Some(reason) = text.chars().find_map(refused_character) {
            return refuse(reason);
        }
        if let Some(reason) = text.split('/').find_map(refused_segment) {
            return refuse(reason);
        }
        Ok(Self(text.to_owned()))
    }

    /// The path of an entry below this one.
    ///
    /// # Errors
    /// As [`EntryPath::parse`].
    pub fn join(&self, below: &str) -> Result<Self, PathProblem> {
        Self::parse(&format!("{}/{below}", self.0))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a file system that ignores case takes it for.
    pub(crate) fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for EntryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn refused_character(character: char) -> Option<&'static str> {
    match character {
        '\\' => Some("it holds a backslash"),
        ':' => Some("it holds a colon, which Windows reserves"),
        '<' | '>' | '"' | '|' | '?' | '*' => Some("it holds a character that Windows reserves"),
        _ if character.is_control() => Some("it holds a control character"),
        _ => None,
    }
}

fn refused_segment(segment: &str) -> Option<&'static str> {
    if segment.is_empty() {
        return Some("it has an empty segment");
    }
    if segment == "." || segment == ".." {
        return Some("it has a `.` or `..` segment");
    }
    if segment.ends_with(['.', ' ']) {
        return Some("a segment ends in a dot or a space, which Windows drops");
    }
    if segment.len() > LONGEST_SEGMENT {
        return Some("a segment is longer than 255 bytes");
    }
    let stem = segment.split('.').next().unwrap_or(segment).trim_end().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = numbered.is_some_and(|rest| matches!(rest, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"));
    (DEVICES.contains(&stem.as_str()) || is_port).then_some("a segment is the name of a device on Windows")
}

#[cfg(test)]
mod tests {
    use super::EntryPath;

    #[test]
    fn ordinary_paths_are_taken() {
        for path in ["a", "a/b.py", "a/ü b-c/__init__.py", ".hidden", "console.py", "com10.txt", "nullable"] {
            assert_eq!(EntryPath::parse(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn dangerous_paths_are_refused_with_the_reason() {
        for (path, reason) in [
            ("", "empty"),
            ("/etc/passwd", "absolute"),
            ("a/../b", "`..`"),
            ("../a", "`..`"),
            ("./a", "`.`"),
            ("a//b", "empty segment"),
            ("a/", "empty segment"),
            ("a\\b", "backslash"),
            ("C:/a", "colon"),
            ("a\nb", "control"),
            ("a\u{7f}", "control"),
            ("what?", "reserves"),
            ("a./b", "dot"),
            ("a /b", "space"),
            ("NUL", "device"),
            ("x/Aux.txt", "device"),
            ("com1.py", "device"),
        ] {
            let problem = EntryPath::parse(path).unwrap_err();
            assert!(problem.to_string().contains(reason), "{path:?}: {problem}");
        }
        assert!(EntryPath::parse(&"x".repeat(256)).is_err());
    }
}
