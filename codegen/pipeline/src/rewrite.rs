//! The wheel's copies of source files that differ from the project's: modules whose functions are marked by comments alone get a line at
//! the end that gives them their kernels. Everything else keeps its place and its text.

use crate::back::Library;
use crate::front::Front;
use std::collections::{BTreeMap, BTreeSet};

/// Valid Python, and without effect where hypersonic is not installed.
const ATTACH: &str = "__import__(\"importlib.util\").util.find_spec(\"hypersonic\") and __import__(\"hypersonic\").attach(globals())";

/// The files that change: their numbers and new texts.
pub fn rewritten(front: &Front, library: &Library) -> BTreeMap<u32, String> {
    let made: BTreeSet<usize> = library.made.iter().map(|made| made.unit.function).collect();
    let functions = front.boosted.iter().enumerate().filter(|(number, function)| function.undecorated && made.contains(number));
    let files: BTreeSet<u32> = functions.map(|(_, function)| function.file).collect();
    let changed = files.into_iter().filter_map(|file| Some((file, attached(&front.program.files.get(file as usize)?.source.text)?)));
    changed.collect()
}

/// A text with that line; nothing if it would then be no Python any more.
fn attached(text: &str) -> Option<String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let separator = if text.is_empty() || text.ends_with(['\n', '\r']) { "" } else { end };
    let changed = format!("{text}{separator}{ATTACH}{end}");
    let file = hypersonic_scan::SourceFile {
        path: String::new(),
        module: String::new(),
        is_package: false,
        text: changed.clone(),
        exports: None,
    };
    let (_, errors) = hypersonic_scan::Program::parse(vec![file]);
    errors.is_empty().then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_whatever_the_end() {
        for text in ["x = 1\n", "x = 1", "def f():\n    return 1", "x = 1\r\n", "if x:\n    pass # end"] {
            let changed = attached(text).expect("valid");
            assert!(changed.starts_with(text) && changed.lines().last() == Some(ATTACH), "{changed}");
        }
        assert_eq!(attached("x = 1\\"), None, "the line would become part of the statement");
    }
}
