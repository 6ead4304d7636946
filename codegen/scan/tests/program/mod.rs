//! What the tests of this room share: a package from text, its signatures as text, its diagnostics in short.
#![allow(dead_code)]

use hypersonic_diagnostics::Diagnostic;
use hypersonic_scan::{Boosted, Program, SourceFile, scan};

/// A package of files: path and text.
pub fn package(files: &[(&str, &str)]) -> (Program, Vec<Diagnostic>) {
    let files = files
        .iter()
        .map(|(path, text)| {
            let stem = path.trim_end_matches(".py");
            let is_package = stem == "__init__" || stem.ends_with("/__init__");
            let module = stem.trim_end_matches("__init__").trim_end_matches('/').replace('/', ".");
            SourceFile { path: (*path).to_owned(), module, is_package, text: (*text).to_owned(), exports: None }
        })
        .collect();
    Program::parse(files)
}

/// One line per boosted function.
pub fn signatures(boosted: &[Boosted]) -> String {
    let line = |function: &Boosted| {
        let all: Vec<String> = function.signatures.iter().map(ToString::to_string).collect();
        format!("{}: {}", function.qualname, all.join(" "))
    };
    boosted.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One module, its signatures, and nothing reported.
pub fn check(text: &str, expected: &str) {
    let (program, errors) = package(&[("m.py", text)]);
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let (boosted, diagnostics) = scan(&program);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}\n{text}");
    assert_eq!(signatures(&boosted), expected, "\n{text}");
}

/// One module and what is reported on it: code, marked text, words in the title or hint. No function is boosted.
pub fn reports(text: &str, expected: &[(&str, &str, &str)]) {
    let (program, mut diagnostics) = package(&[("m.py", text)]);
    let (boosted, more) = scan(&program);
    diagnostics.extend(more);
    compare(text, &diagnostics, expected);
    assert_eq!(signatures(&boosted), "", "\n{text}");
}

/// Compares diagnostics with (code, marked text, words in title or hint).
pub fn compare(text: &str, diagnostics: &[Diagnostic], expected: &[(&str, &str, &str)]) {
    assert_eq!(diagnostics.len(), expected.len(), "{diagnostics:#?}\n{text}");
    for (diagnostic, (code, place, words)) in diagnostics.iter().zip(expected) {
        let span = diagnostic.labels[0].span;
        let marked = &text[span.start as usize..span.end as usize];
        let said = format!("{}\n{}", diagnostic.title, diagnostic.hint.as_deref().unwrap_or_default());
        assert_eq!((diagnostic.id.code(), marked), (*code, *place), "{diagnostic:#?}\n{text}");
        assert!(said.contains(words), "no {words:?} in {said:?}");
        assert!(diagnostic.hint.is_some(), "no hint: {diagnostic:#?}");
    }
}
