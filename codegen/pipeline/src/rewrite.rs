//! The wheel's copies of source files that differ from the project's. A module whose functions are marked by comments alone gets a line at
//! the end that gives them their kernels; `with hypersonic.block(...):` becomes the choice between the kernel and what it holds. Everything
//! else keeps its text.

use crate::back::Library;
use crate::front::Front;
use hypersonic_scan::migration::Edit;
use hypersonic_scan::{Boosted, Program, SourceFile};
use std::collections::{BTreeMap, BTreeSet};

/// Valid Python, and without effect where hypersonic is not installed.
const ATTACH: &str = "__import__(\"importlib.util\").util.find_spec(\"hypersonic\") and __import__(\"hypersonic\").attach(__import__(\"builtins\").globals())";

/// Files that change.
#[derive(Default)]
pub struct Rewritten {
    files: BTreeMap<u32, (String, Program)>,
}

impl Rewritten {
    /// What becomes of the files of a program, whose functions came to this library.
    pub fn of(front: &Front, library: &Library) -> Self {
        let made: BTreeSet<usize> = library.made.iter().map(|made| made.unit.function).collect();
        let mut by_file: BTreeMap<u32, Vec<&Boosted>> = BTreeMap::new();
        for (_, function) in front.boosted.iter().enumerate().filter(|(number, _)| made.contains(number)) {
            by_file.entry(function.file).or_default().push(function);
        }
        let change = |(file, functions): (u32, Vec<&Boosted>)| {
            let text = &front.program.files.get(file as usize)?.source.text;
            let edits: Vec<&Edit> = functions.iter().filter_map(|function| function.header.as_ref()).collect();
            let attach = functions.iter().any(|function| function.undecorated);
            Some((file, changed(text, edits, attach)?))
        };
        Self { files: by_file.into_iter().filter_map(change).collect() }
    }

    /// The new text of a file that changes.
    pub fn text(&self, file: u32) -> Option<&str> {
        self.files.get(&file).map(|(text, _)| text.as_str())
    }

    /// The new text of a statement of the top level of a file that changes.
    pub fn piece_text(&self, file: u32, piece: &str) -> Option<String> {
        self.files.get(&file)?.1.piece_text(0, piece)
    }

    /// The files that change, and their new texts.
    pub fn into_texts(self) -> impl Iterator<Item = (u32, String)> {
        self.files.into_iter().map(|(file, (text, _))| (file, text))
    }
}

/// A text with edits and maybe the last line; nothing if nothing changes, or if it would be no Python any more.
fn changed(text: &str, mut edits: Vec<&Edit>, attach: bool) -> Option<(String, Program)> {
    if edits.is_empty() && !attach {
        return None;
    }
    let mut new = text.to_owned();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        let place = edit.span.start as usize..edit.span.end as usize;
        new.get(place.clone())?;
        new.replace_range(place, &edit.text);
    }
    if attach {
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let separator = if new.is_empty() || new.ends_with(['\n', '\r']) { "" } else { end };
        new = format!("{new}{separator}{ATTACH}{end}");
    }
    let file = SourceFile { path: String::new(), module: String::new(), is_package: false, text: new.clone(), exports: None };
    let (program, errors) = Program::parse(vec![file]);
    errors.is_empty().then_some((new, program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_whatever_the_end() {
        for text in ["x = 1\n", "x = 1", "def f():\n    return 1", "x = 1\r\n", "if x:\n    pass # end"] {
            let (new, _) = changed(text, Vec::new(), true).expect("valid");
            assert!(new.starts_with(text) && new.lines().last() == Some(ATTACH), "{new}");
        }
        assert!(changed("x = 1\\", Vec::new(), true).is_none(), "the line would become part of the statement");
        assert!(changed("x = 1", Vec::new(), false).is_none(), "nothing changes");
    }
}
