//! `hypersonic explain FILE:FUNCTION`: what a marked function is after the passes that can be read, as Python that can be run.

use super::check::{folder, project_of, single_file};
use crate::compiler::{Compiler, read_sources};
use crate::problem::{Problem, Problems, Result};
use crate::project::Layout;
use crate::report::{files, has_color};
use hypersonic_diagnostics::{Diagnostic, render};
use hypersonic_pipeline::{Explained, Explanation, Id, SourceFile, stages};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints the function, in all its signatures or in one.
pub fn explain(compiler: &dyn Compiler, file: &Path, name: &str, signature: Option<usize>, after: Option<&str>) -> Result<ExitCode> {
    if let Some(pass) = after.filter(|pass| !stages().contains(pass)) {
        let problem = Problem::new(Id::BadSetting, format!("there is no pass `{pass}`"));
        return Err(problem.hint(format!("the passes are {}", stages().join(", "))).into());
    }
    let (sources, path) = sources_around(file)?;
    let shown = file.display();
    match compiler.explain(sources.clone(), &path, name, after) {
        Explanation::Signatures(all) => print(&all, &sources, &format!("{shown}:{name}"), signature),
        Explanation::StaysPython(reasons) => {
            eprint!("{}", rendered(&reasons, &sources, "warning"));
            eprintln!("`{name}` stays Python");
            Ok(ExitCode::FAILURE)
        }
        Explanation::NotMarked(marked) => {
            let problem = Problem::new(Id::UnknownFunction, format!("nothing marks `{name}` of `{shown}` to be compiled"));
            let hint = if marked.is_empty() {
                "put `@boost` above it, or name a function that is marked".to_owned()
            } else {
                format!("it is shown with the functions that call it; marked are {}", marked.join(", "))
            };
            Err(problem.hint(hint).into())
        }
        Explanation::Unknown(near) => {
            let problem = Problem::new(Id::UnknownFunction, format!("`{shown}` has no function `{name}`"));
            let hint = near.map_or_else(
                || format!("`hypersonic check {shown}` lists the functions that are marked"),
                |near| format!("did you mean `{near}`?"),
            );
            Err(problem.hint(hint).into())
        }
    }
}

fn print(all: &[Explained], sources: &[SourceFile], what: &str, signature: Option<usize>) -> Result<ExitCode> {
    let chosen: Vec<(usize, &Explained)> = match signature {
        None => all.iter().enumerate().collect(),
        Some(number) => {
            let found = number.checked_sub(1).and_then(|at| all.get(at).map(|one| (at, one)));
            let Some(found) = found else {
                let problem = Problem::new(Id::BadSetting, format!("`{what}` has no signature {number}"));
                let known: Vec<String> = all.iter().enumerate().map(|(at, one)| format!("{}: {}", at + 1, one.signature)).collect();
                return Err(problem.hint(format!("its signatures are {}", known.join(", "))).into());
            };
            vec![found]
        }
    };
    let programs = || chosen.iter().filter_map(|(_, one)| one.outcome.as_ref().ok()).flatten();
    let imports: BTreeSet<&str> = programs().flat_map(|(_, program)| program.imports()).collect();
    let mut text = format!("# {what}\n");
    imports.iter().for_each(|line| text += &format!("{line}\n"));
    for (at, one) in &chosen {
        let number = if all.len() > 1 { format!("signature {} of {}", at + 1, all.len()) } else { "signature".to_owned() };
        text += &format!("\n\n# {number}: {}\n", one.signature);
        match &one.outcome {
            Ok(programs) => {
                for (n, (pass, program)) in programs.iter().enumerate() {
                    let gap = if n > 0 { "\n\n" } else { "" };
                    let heading = if pass.is_empty() { String::new() } else { format!("{gap}# after {pass}\n") };
                    text += &format!("{heading}{}", program.code());
                }
                eprint!("{}", rendered(&one.notes, sources, "note"));
            }
            Err(reasons) => {
                eprint!("{}", rendered(reasons, sources, "warning"));
                reasons.iter().for_each(|reason| text += &format!("# stays Python: {}\n", reason.title));
            }
        }
    }
    print!("{text}");
    let compiled = programs().next().is_some();
    Ok(if compiled { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rendered(reasons: &[Diagnostic], sources: &[SourceFile], severity: &str) -> String {
    let (sources, color) = (files(sources), has_color());
    reasons.iter().map(|reason| render(reason, &sources, color, severity) + "\n").collect()
}

/// The sources that a file can import names from, and how it is called among them: those of its project, else of its package,
/// else the file alone.
fn sources_around(file: &Path) -> Result<(Vec<SourceFile>, String)> {
    if !file.is_file() {
        return Err(Problem::new(Id::MissingFile, format!("`{}` is not there", file.display()))
            .hint("name a .py file and a function of it")
            .into());
    }
    let file = fs_err::canonicalize(file)?;
    for layout in layouts(&file)? {
        for top in &layout.tops {
            let same = |found: &PathBuf| fs_err::canonicalize(found).is_ok_and(|found| found == file);
            if let Some(found) = top.files.iter().find(|found| same(&found.absolute)) {
                let (sources, unreadable) = read_sources(&layout, top)?;
                if sources.iter().any(|source| source.path == found.relative) {
                    return Ok((sources, found.relative.clone()));
                }
                if !unreadable.is_empty() {
                    return Err(Problems(unreadable));
                }
            }
        }
    }
    let problem = Problem::new(Id::MissingFile, format!("`{}` cannot be imported by name", file.display()));
    Err(problem.hint("its name, and those of the folders that make its package, must be names of Python").into())
}

/// Where a file may belong to, widest first.
fn layouts(file: &Path) -> Result<Vec<Layout>> {
    let mut found = Vec::new();
    let folders: Vec<&Path> = file.ancestors().skip(1).collect();
    for root in &folders {
        // A project that cannot be read is not what was asked about.
        if let Ok(Some(project)) = project_of(root) {
            found.push(project.layout);
            break;
        }
    }
    if let Some(package) = folders.iter().take_while(|folder| folder.join("__init__.py").is_file()).last() {
        found.push(folder(package)?);
    }
    if file.extension().is_some_and(|extension| extension == "py") {
        found.push(single_file(file)?);
    }
    Ok(found)
}
