//! Laws of every text file: size, names, words.

use super::SourceFile;

const LONGEST_FILE: usize = 600;
const VAGUE_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "stuff"];

/// Promises that nobody keeps, and paths of somebody's own machine. Written in two halves, so that this file passes.
const WORDS: [(&str, &str); 5] = [("TO", "DO"), ("FIX", "ME"), ("XX", "X:"), ("/home", "/"), ("/root", "/")];

/// Checks one file.
pub fn check(file: &SourceFile) -> Vec<String> {
    let mut found = Vec::new();
    let is_code = !file.path.ends_with(".md") && !file.path.ends_with(".toml");
    let lines = file.text.lines().count();
    if is_code && lines > LONGEST_FILE {
        found.push(format!("{}: has {lines} lines; the limit is {LONGEST_FILE}: split it by concept", file.path));
    }
    for part in file.path.split('/') {
        let stem = part.split('.').next().unwrap_or(part).trim_matches('_');
        if VAGUE_NAMES.contains(&stem.to_lowercase().as_str()) {
            found.push(format!("{}: `{stem}` says nothing about what is in it", file.path));
        }
    }
    for (at, line) in file.text.lines().enumerate() {
        for (left, right) in WORDS {
            let word = format!("{left}{right}");
            if line.contains(&word) {
                found.push(format!("{}:{}: holds `{word}`", file.path, at + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, check};

    #[test]
    fn size_names_and_words() {
        let file = |path: &str, text: String| SourceFile { path: path.into(), text };
        assert!(check(&file("a/fine.rs", "x\n".repeat(600))).is_empty());
        assert!(check(&file("a/long.rs", "x\n".repeat(601)))[0].contains("601 lines"));
        assert!(check(&file("a/utils.rs", String::new()))[0].contains("says nothing"));
        assert!(check(&file("a/b.rs", ["\n// TO", "DO: later"].concat()))[0].starts_with("a/b.rs:2:"));
    }
}
