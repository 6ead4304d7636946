//! Runs over whole source trees: `HYPERSONIC_SOURCES=dir cargo test -p hypersonic-typed --test sources -- --ignored --nocapture`.
//! Whatever the code, typing ends with lawful IR or with diagnostics that are not our own mistakes.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read files")]

use hypersonic_diagnostics::Id;
use hypersonic_ops::{Dtype, Flavor};
use hypersonic_scan::{Boosted, Order, ParameterType, Program, Signature, SourceFile, scan};
use hypersonic_syntax::ast::{Stmt, StmtKind};
use hypersonic_typed::{check, specialize, text};
use std::path::{Path, PathBuf};

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            python_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

fn program() -> Program {
    let root = PathBuf::from(std::env::var_os("HYPERSONIC_SOURCES").unwrap());
    let mut paths = Vec::new();
    python_files(&root, &mut paths);
    paths.sort();
    let files = paths.iter().filter_map(|path| {
        let text = std::fs::read_to_string(path).ok()?;
        let relative = path.strip_prefix(&root).unwrap().with_extension("");
        let mut parts: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let is_package = parts.last().is_some_and(|last| last == "__init__");
        if is_package {
            parts.pop();
        }
        Some(SourceFile { path: relative.display().to_string(), module: parts.join("."), is_package, text, exports: None })
    });
    Program::parse(files.collect()).0
}

/// Types a function in all its signatures; the titles of what was wrong.
fn outcome(program: &Program, function: &Boosted) -> (usize, Vec<String>) {
    let mut compiled = 0;
    let mut titles = Vec::new();
    for signature in &function.signatures {
        match specialize(program, function, signature).and_then(check::check) {
            Ok(unit) => {
                compiled += 1;
                if std::env::var_os("HYPERSONIC_PRINT").is_some() {
                    println!("{}", text::unit(&unit));
                }
            }
            Err(diagnostics) => {
                assert!(!diagnostics.is_empty(), "{}: no reason", function.qualname);
                for diagnostic in diagnostics {
                    let source = &program.files[diagnostic.labels[0].span.file as usize].source;
                    let at = source.text[..diagnostic.labels[0].span.start as usize].lines().count();
                    let title = format!("{} {} ({}:{at})", diagnostic.id, diagnostic.title, source.path);
                    assert!(diagnostic.id != Id::Internal, "{title}\n{}", diagnostic.text);
                    if !titles.contains(&title) {
                        titles.push(title);
                    }
                }
            }
        }
    }
    (compiled, titles)
}

#[test]
#[ignore = "needs a source tree"]
fn boosted_functions() {
    let program = program();
    let (boosted, _) = scan(&program);
    for function in &boosted {
        let started = std::time::Instant::now();
        let (compiled, titles) = outcome(&program, function);
        let module = &program.files[function.file as usize].source.module;
        println!("{compiled}/{} {module}.{} {:?}", function.signatures.len(), function.qualname, started.elapsed());
        titles.iter().for_each(|title| println!("      {title}"));
    }
}

/// Every function at module level, as if it were boosted, with a few guesses at what its parameters are.
#[test]
#[ignore = "needs a source tree"]
fn any_function() {
    let program = program();
    let guesses = [
        ParameterType::Scalar(Dtype::F64, Flavor::Python),
        ParameterType::Scalar(Dtype::I64, Flavor::Python),
        ParameterType::Array { dtype: Dtype::F64, ndim: 1, order: Order::Any, extents: Vec::new() },
        ParameterType::LiteralText("text".to_owned()),
    ];
    let (mut functions, mut compiled) = (0, 0);
    for (file, parsed) in (0u32..).zip(&program.files) {
        let definitions = parsed.tree.body.iter().filter_map(|stmt: &Stmt| match &stmt.kind {
            StmtKind::FunctionDef(definition) => Some(definition),
            _ => None,
        });
        for definition in definitions {
            let signatures =
                guesses.iter().map(|guess| Signature { parameters: vec![guess.clone(); definition.parameters.len()] }).collect();
            let function = Boosted {
                method: None,
                within: None,
                undecorated: false,
                header: None,
                file,
                qualname: definition.name.clone(),
                definition: definition.clone(),
                signatures,
                fastmath: false,
                always: false,
                exports: hypersonic_scan::Exports::default(),
                span: definition.name_span,
            };
            let started = std::time::Instant::now();
            let (done, _) = outcome(&program, &function);
            functions += 1;
            compiled += usize::from(done > 0);
            let spent = started.elapsed();
            if spent.as_millis() > 500 {
                println!("slow: {} {} {spent:?}", parsed.source.path, definition.name);
            }
        }
    }
    println!("{compiled} of {functions} functions compile for some guess");
}
