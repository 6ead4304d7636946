//! Python snippets and what the passes make of them, as Python: each file under `tests/explained` holds snippets and
//! results together. `HYPERSONIC_UPDATE=1 cargo test -p hypersonic-typed` writes the results anew: read the difference before you
//! commit it. `tests/language/test_explain.py` runs such texts against the originals.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read and write their own files")]

use hypersonic_scan::{Program, SourceFile, scan};
use hypersonic_typed::{check, passes, python, specialize};
use std::fmt::Write;
use std::path::Path;

const RESULT: &str = "#: ";
const NEXT: &str = "#====";

/// Every signature of every boosted function of a snippet, after the passes.
fn explain(snippet: &str) -> String {
    let header = "import math\nimport random\nimport numpy as np\nfrom hypersonic import boost\n";
    let text = format!("{header}{snippet}");
    let file = SourceFile { path: "module.py".into(), module: "module".into(), is_package: false, text, exports: None };
    let (program, errors) = Program::parse(vec![file]);
    let (boosted, more) = scan(&program);
    let mut out = String::new();
    for diagnostic in errors.iter().chain(&more) {
        writeln!(out, "{} {}", diagnostic.id, diagnostic.title).unwrap();
    }
    for function in &boosted {
        for signature in &function.signatures {
            let unit = specialize(&program, function, signature).and_then(check::check).and_then(|unit| passes::run(unit, &|_, _| {}));
            match unit {
                Ok(unit) => out.push_str(&python::unit(&unit, &python::Heading::of(function, signature)).code()),
                Err(diagnostics) => {
                    diagnostics
                        .iter()
                        .for_each(|diagnostic| writeln!(out, "{} {}\n{}", diagnostic.id, diagnostic.title, diagnostic.text).unwrap());
                }
            }
        }
    }
    out
}

fn run(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explained").join(format!("{name}.py"));
    let text = std::fs::read_to_string(&path).unwrap();
    let mut anew = String::new();
    let mut failures = String::new();
    for (n, part) in text.split(NEXT).enumerate() {
        let part = part.trim_matches('\n');
        let is_result = |line: &&str| line.starts_with(RESULT.trim_end());
        let snippet: String = part.lines().filter(|line| !is_result(line)).map(|line| format!("{line}\n")).collect();
        let found = explain(&snippet);
        let results: String = found.trim_end().lines().map(|line| format!("{}\n", format!("{RESULT}{line}").trim_end())).collect();
        let expected: String = part.lines().filter(is_result).map(|line| format!("{line}\n")).collect();
        if results != expected {
            write!(failures, "\n{snippet}--- expected\n{expected}--- found\n{results}").unwrap();
        }
        let separator = if n > 0 { format!("\n{NEXT}\n") } else { String::new() };
        write!(anew, "{separator}{snippet}{results}").unwrap();
    }
    if std::env::var_os("HYPERSONIC_UPDATE").is_some() {
        std::fs::write(&path, anew).unwrap();
    } else {
        assert!(failures.is_empty(), "{name}: {failures}");
    }
}

#[test]
fn talk() {
    run("talk");
}

#[test]
fn values() {
    run("values");
}

#[test]
fn calls() {
    run("calls");
}

#[test]
fn arrays() {
    run("arrays");
}

#[test]
fn spelling() {
    run("spelling");
}
