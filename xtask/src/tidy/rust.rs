//! Laws of Rust files: the first paragraph, the length of functions, and words that only some rooms may say.

use super::SourceFile;
use super::code::code_of;

const LONGEST_FUNCTION: usize = 100;

/// A word of code and the only folders that may use it.
const RESERVED: [(&str, &[&str]); 4] = [
    (
        "unsafe",
        &["codegen/llvm/", "codegen/link/", "runtime/dispatch/", "runtime/gpu/", "runtime/pool/", "runtime/abi/", "tests/standin-cuda/"],
    ),
    ("inkwell", &["codegen/llvm/"]),
    ("ruff_python_parser", &["codegen/syntax/"]),
    ("ruff_python_ast", &["codegen/syntax/"]),
];

/// What code of `codegen` must do without: it is a function from text to bytes.
const IMPURE: [&str; 6] = ["std::fs", "std::env", "std::process", "std::time", "std::net", "fs_err"];

/// The linker reads and writes files by name, in a folder of its own.
const LINKER: &str = "codegen/link/";

/// Checks one file.
pub fn check(file: &SourceFile) -> Vec<String> {
    let mut found = Vec::new();
    if !file.text.trim_start().starts_with("//!") {
        found.push(format!("{}: does not begin with a `//!` paragraph: what it is for and what it refuses", file.path));
    }
    let code = code_of(&file.text);
    let tests_line = file.text.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX);
    for (at, line) in code.lines().enumerate() {
        for (word, rooms) in RESERVED {
            let elsewhere = !rooms.iter().any(|room| file.path.starts_with(room));
            if elsewhere && has_word(line, word) {
                found.push(format!("{}:{}: `{word}` belongs to {} alone", file.path, at + 1, rooms.join(", ")));
            }
        }
        let is_pure_room =
            file.path.starts_with("codegen/") && !file.path.starts_with(LINKER) && file.path.contains("/src/") && at < tests_line;
        if let Some(word) = IMPURE.iter().find(|word| is_pure_room && line.contains(*word)) {
            found.push(format!("{}:{}: `{word}`: nothing in codegen does IO or reads the environment", file.path, at + 1));
        }
    }
    found.extend(
        long_functions(&code)
            .into_iter()
            .map(|(line, length)| format!("{}:{line}: a function of {length} lines; the limit is {LONGEST_FUNCTION}", file.path)),
    );
    found
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c == '_' || c.is_alphanumeric();
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(part_of_word) && !line[at + word.len()..].starts_with(part_of_word))
}

/// Line and length of every function that is too long, from its `fn` to its closing brace.
fn long_functions(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, line) in code.lines().enumerate() {
        if !has_word(line, "fn") || line.trim_start().starts_with("type ") {
            continue;
        }
        let (mut depth, mut opened) = (0_i64, false);
        'body: for (length, line) in code.lines().skip(start).enumerate() {
            for character in line.chars() {
                match character {
                    '{' => (depth, opened) = (depth + 1, true),
                    '}' => depth -= 1,
                    ';' if !opened => break 'body,
                    _ => {}
                }
            }
            if opened && depth <= 0 {
                if length + 1 > LONGEST_FUNCTION {
                    found.push((start + 1, length + 1));
                }
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, check};

    fn violations(path: &str, text: &str) -> String {
        check(&SourceFile { path: path.into(), text: text.into() }).join("\n")
    }

    #[test]
    fn laws_of_rust_files() {
        let long = format!("//! x\nfn f() {{\n{}}}\n", "    g();\n".repeat(99));
        for (path, text, part) in [
            ("a/src/b.rs", "fn f() {}", "`//!` paragraph"),
            ("codegen/ops/src/b.rs", "//! x\nunsafe fn f() {}", ":2: `unsafe` belongs to"),
            ("codegen/ops/src/b.rs", "//! x\nuse std::fs;", ":2: `std::fs`"),
            ("build-backend/src/b.rs", "//! x\nuse inkwell::context;", "`inkwell` belongs to codegen/llvm/"),
            ("a/src/b.rs", &long, ":2: a function of 101 lines"),
        ] {
            let found = violations(path, text);
            assert!(found.contains(part), "{path}: {found}");
        }
    }

    #[test]
    fn what_is_allowed() {
        for (path, text) in [
            ("codegen/llvm/src/b.rs", "//! x\nunsafe fn f() {}"),
            ("codegen/ops/src/b.rs", "//! no unsafe, no std::fs\nfn f() { g(\"unsafe\") }\n#[cfg(test)]\nmod tests { use std::fs; }"),
            ("build-backend/src/b.rs", "//! x\nuse std::env;\nfn unsafe_path() {}"),
        ] {
            assert_eq!(violations(path, text), "", "{path}");
        }
    }
}
