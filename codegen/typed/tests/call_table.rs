//! Calls, operators, methods and attributes as users write them have the types that NumPy and CPython give:
//! `data/call_table.txt`, written by `data/make_call_table.py`, holds the answers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hypersonic_scan::{Program, SourceFile, scan};
use hypersonic_typed::{check, specialize};
use std::fmt::Write as _;

/// The type of an expression over the parameters, or the diagnostics.
fn type_of(parameters: &str, expression: &str) -> Result<String, String> {
    let header = "import cmath\nimport math\nimport random\nimport numpy as np\nfrom hypersonic import boost\n\n@boost\n";
    let text = format!("{header}def function({parameters}):\n    return {expression}\n");
    let file = SourceFile { path: "module.py".into(), module: "module".into(), is_package: false, text, exports: None };
    let (program, errors) = Program::parse(vec![file]);
    let (boosted, more) = scan(&program);
    let mut problems: Vec<_> = errors.into_iter().chain(more).collect();
    if let Some(function) = boosted.first() {
        match specialize(&program, function, &function.signatures[0]).and_then(check::check) {
            Ok(unit) => return Ok(unit.functions[0].result.to_string()),
            Err(found) => problems.extend(found),
        }
    }
    Err(problems.iter().map(|problem| format!("{} {} ({})", problem.id, problem.title, problem.hint.as_deref().unwrap_or(""))).collect())
}

#[test]
fn every_type_is_that_of_python() {
    let table = include_str!("data/call_table.txt");
    let [parameters, cases, _] = <[&str; 3]>::try_from(table.split("---\n").collect::<Vec<_>>()).unwrap();
    let parameters = parameters.lines().map(|line| {
        let mut parts = line.split('\t');
        format!("{}: \"{}\"", parts.next().unwrap(), parts.next().unwrap())
    });
    let parameters = &parameters.collect::<Vec<_>>().join(", ");
    let mut wrong = String::new();
    for case in cases.lines() {
        let [expected, expression, _] = <[&str; 3]>::try_from(case.split('\t').collect::<Vec<_>>()).unwrap();
        let found = type_of(parameters, expression);
        let fine = match &found {
            Ok(found) => found == expected,
            Err(_) => expected == "!",
        };
        if !fine {
            let _ = writeln!(wrong, "{expression}: Python {expected}, ours {found:?}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{wrong}", wrong.lines().count());
}
