//! Python snippets and the typed IR, or the diagnostics, that come of them. Each file under `tests/snapshots` holds
//! snippets and results together. `HYPERSONIC_UPDATE=1 cargo test -p hypersonic-typed` writes the results anew:
//! read the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read and write their own files")]

use hypersonic_diagnostics::{Diagnostic, Span};
use hypersonic_scan::{Program, SourceFile, scan};
use hypersonic_typed::{check, specialize, text};
use std::fmt::Write;
use std::path::Path;

const RESULT: &str = "#: ";
const NEXT: &str = "#====";

/// What comes of every boosted function of a snippet, in every signature. A line `#file name.py` starts another module.
fn compile(snippet: &str) -> String {
    let mut files = vec![(String::from("module"), String::new())];
    for line in snippet.lines() {
        if let Some(name) = line.strip_prefix("#file ") {
            files.push((name.trim_end_matches(".py").to_owned(), String::new()));
        } else {
            let text = &mut files.last_mut().unwrap().1;
            text.push_str(line);
            text.push('\n');
        }
    }
    let header = "import math\nimport numpy as np\nfrom typing import Literal\nfrom hypersonic import boost\n";
    let files = files
        .into_iter()
        .map(|(module, text)| SourceFile {
            path: format!("{module}.py"),
            module,
            is_package: false,
            text: format!("{header}{text}"),
            exports: None,
        })
        .collect();
    let (program, errors) = Program::parse(files);
    let (boosted, more) = scan(&program);
    let mut out = String::new();
    for diagnostic in errors.iter().chain(&more) {
        out.push_str(&show(&program, diagnostic));
    }
    for function in &boosted {
        for signature in &function.signatures {
            match specialize(&program, function, signature).and_then(check::check) {
                Ok(unit) => out.push_str(&text::unit(&unit)),
                Err(diagnostics) => diagnostics.iter().for_each(|diagnostic| out.push_str(&show(&program, diagnostic))),
            }
        }
    }
    out
}

fn show(program: &Program, diagnostic: &Diagnostic) -> String {
    let mut out = format!("{} {}\n", diagnostic.id, diagnostic.title);
    for label in &diagnostic.labels {
        writeln!(out, "    {}: {}", place(program, label.span), label.text).unwrap();
    }
    if let Some(hint) = &diagnostic.hint {
        writeln!(out, "    help: {hint}").unwrap();
    }
    out.push_str(&diagnostic.text);
    out
}

fn place(program: &Program, span: Span) -> String {
    let source = &program.files[span.file as usize].source;
    let line = source.text[..span.start as usize].lines().count().max(1) - 4;
    let text = source.text[span.start as usize..span.end as usize].lines().next().unwrap_or_default();
    format!("{}:{line} `{text}`", source.path)
}

fn run(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.py"));
    let text = std::fs::read_to_string(&path).unwrap();
    let mut anew = String::new();
    let mut failures = String::new();
    for (n, part) in text.split(NEXT).enumerate() {
        let part = part.trim_matches('\n');
        let snippet: String = part.lines().filter(|line| !line.starts_with(RESULT.trim_end())).map(|line| format!("{line}\n")).collect();
        let expected: String = part
            .lines()
            .filter_map(|line| line.strip_prefix(RESULT.trim_end()))
            .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
            .collect();
        let found = compile(&snippet);
        if found.trim_end() != expected.trim_end() {
            write!(failures, "\n{snippet}--- expected\n{expected}--- found\n{found}").unwrap();
        }
        if n > 0 {
            anew.push_str(&format!("\n{NEXT}\n"));
        }
        anew.push_str(&snippet);
        for line in found.trim_end().lines() {
            anew.push_str(format!("{RESULT}{line}").trim_end());
            anew.push('\n');
        }
    }
    if std::env::var_os("HYPERSONIC_UPDATE").is_some() {
        std::fs::write(&path, anew).unwrap();
    } else {
        assert!(failures.is_empty(), "{name}: {failures}");
    }
}

#[test]
fn statements() {
    run("statements");
}

#[test]
fn loops() {
    run("loops");
}

#[test]
fn variables() {
    run("variables");
}

#[test]
fn expressions() {
    run("expressions");
}

#[test]
fn subscripts() {
    run("subscripts");
}

#[test]
fn calls() {
    run("calls");
}

#[test]
fn errors() {
    run("errors");
}

#[test]
fn attempts() {
    run("attempts");
}

#[test]
fn written_out() {
    run("written_out");
}
