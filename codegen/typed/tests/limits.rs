//! Input that is too deep, too large or endless is refused, quickly, and never overflows a stack.

#![allow(clippy::unwrap_used, reason = "tests")]

use hypersonic_diagnostics::Id;
use hypersonic_scan::{Program, SourceFile, scan};
use hypersonic_typed::specialize;
use std::time::{Duration, Instant};

/// The ids of what is wrong with the first boosted function, or none.
fn ids(text: &str) -> Vec<Id> {
    let source = SourceFile { path: "m.py".to_owned(), module: "m".to_owned(), is_package: false, text: text.to_owned(), exports: None };
    let (program, errors) = Program::parse(vec![source]);
    let (boosted, more) = scan(&program);
    if let (Some(function), true) = (boosted.first(), errors.is_empty() && more.is_empty()) {
        let started = Instant::now();
        let result = specialize(&program, function, &function.signatures[0]);
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        return result.err().into_iter().flatten().map(|diagnostic| diagnostic.id).collect();
    }
    errors.iter().chain(&more).map(|diagnostic| diagnostic.id).collect()
}

fn function(body: &str) -> String {
    format!("from hypersonic import boost\n@boost\ndef f(x: float, n: int):\n{body}\n")
}

#[test]
fn nesting_within_the_limit_compiles() {
    let sum = format!("    return {}x{}", "(x + ".repeat(80), ")".repeat(80));
    assert_eq!(ids(&function(&sum)), []);
}

#[test]
fn deep_nesting_is_too_complex() {
    let sum = format!("    return {}x{}", "(x + ".repeat(150), ")".repeat(150));
    assert!(ids(&function(&sum)).contains(&Id::TooComplex));
    let powers = format!("    return {}x", "x ** ".repeat(150));
    assert!(ids(&function(&powers)).contains(&Id::TooComplex));
    let lines: String = (1..150).map(|depth| format!("{}if n > {depth}:\n", " ".repeat(depth))).collect();
    assert!(ids(&function(&format!("{lines}{}x = 1.0\n return x", " ".repeat(150)))).contains(&Id::TooComplex));
}

#[test]
fn deep_calls_are_too_complex() {
    let chain: String = (0..100).map(|n| format!("def f{n}(x):\n    return f{}(x)\n", n + 1)).collect();
    let text = format!("{chain}def f100(x):\n    return x\n{}", function("    return f0(x)"));
    assert!(ids(&text).contains(&Id::TooComplex));
}

#[test]
fn growing_types_end() {
    // Each call has a longer tuple than the one before.
    let text = format!("def grow(t):\n    return grow(t + (1,))\n{}", function("    return grow((n,))"));
    assert!(!ids(&text).is_empty());
}

#[test]
fn nested_unrolling_is_too_complex() {
    let tuple = format!("({})", "1, ".repeat(40));
    let body = format!(
        "    for a in {tuple}:\n     for b in {tuple}:\n      for c in {tuple}:\n       for d in {tuple}:\n        x = x + a * b * c * d\n    return x"
    );
    assert!(ids(&function(&body)).contains(&Id::TooComplex));
}

#[test]
fn chains_of_loop_types_end() {
    // Each iteration makes one more variable a float.
    let names: Vec<String> = (0..60).map(|n| format!("v{n}")).collect();
    let start: String = names.iter().map(|name| format!("    {name} = 0\n")).collect();
    let steps: String = names.windows(2).map(|pair| format!("        {} = {}\n", pair[0], pair[1])).collect();
    let body = format!("{start}    for i in range(n):\n{steps}        v59 = v59 + 0.5\n    return v0");
    assert_eq!(ids(&function(&body)), []);
}

#[test]
fn a_recursion_whose_argument_grows_is_too_complex() {
    let text = "from hypersonic import boost\n@boost\ndef f(x: int):\n    return f((x, x))\n";
    assert!(ids(text).contains(&Id::TooComplex));
}
