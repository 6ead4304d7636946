//! `hypersonic migrate`: a package that uses Transonic uses hypersonic afterwards.

use crate::problem::{Problem, Problems, Result};
use hypersonic_archive::publish;
use hypersonic_pipeline::{Diagnostic, Edit, Id, Span};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Of `migrate`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folders and Python files.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print the changes without making them.
    #[arg(long)]
    dry_run: bool,
}

/// Changes imports and prints what it changed. Files that cannot be read are left alone and named.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut files = Vec::new();
    for path in &arguments.paths {
        python_files(path, &mut files)?;
    }
    let (mut changed, mut problems) = (0, Vec::new());
    for path in &files {
        match migrate(path, arguments.dry_run, &mut problems) {
            Ok(edits) => changed += usize::from(edits > 0),
            Err(Problems(more)) => problems.extend(more),
        }
    }
    let done = if arguments.dry_run { "would be changed" } else { "changed" };
    eprintln!("hypersonic: {changed} of {} Python files {done}", files.len());
    if problems.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Problems(problems)) }
}

/// Python files at and below a path; hidden folders are left out, links are not followed.
fn python_files(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.exists() {
        return Err(Problem::new(Id::MissingFile, format!("`{}` is not there", path.display())).hint("name a folder or a .py file").into());
    }
    let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|entry| !hidden(entry)) {
        let entry = entry.map_err(|error| Problem::new(Id::CannotWrite, error.to_string()))?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension == "py") {
            files.push(entry.into_path());
        }
    }
    Ok(())
}

/// How many places of a file were changed.
fn migrate(path: &Path, dry_run: bool, problems: &mut Vec<Problem>) -> Result<usize> {
    let name = path.display().to_string();
    let text = String::from_utf8(fs_err::read(path)?)
        .map_err(|_| Problem::new(Id::UnreadableSource, format!("`{name}` is not UTF-8: it was left as it is")).hint("save it as UTF-8"))?;
    let (edits, left) = hypersonic_pipeline::migrate(&text).map_err(|errors| unreadable(&name, &text, &errors))?;
    for span in left {
        let module = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let problem = Problem::new(Id::UnsupportedCall, format!("`{module}` has no counterpart in hypersonic"));
        problems.push(problem.in_file(name.clone(), Some(line_of(&text, span))).hint("remove what uses it: a build needs no such step"));
    }
    if edits.is_empty() {
        return Ok(0);
    }
    let changed = apply(&text, &edits);
    print_changes(&name, &text, &changed);
    if !dry_run {
        let permissions = fs_err::metadata(path)?.permissions();
        publish::<Problems>(path, |file| Ok(file.write_all(changed.as_bytes())?))?;
        fs_err::set_permissions(path, permissions)?;
    }
    Ok(edits.len())
}

fn unreadable(name: &str, text: &str, errors: &[Diagnostic]) -> Problems {
    let problem = |error: &Diagnostic| {
        let line = error.labels.first().map(|label| line_of(text, label.span));
        Problem::new(error.id, format!("`{name}` was left as it is: {}", error.title)).in_file(name.to_owned(), line)
    };
    Problems(errors.iter().map(problem).collect())
}

fn line_of(text: &str, span: Span) -> usize {
    text.bytes().take(span.start as usize).filter(|byte| *byte == b'\n').count() + 1
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 32 * edits.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The changed lines, as `diff --unified=0` shows them. No edit changes the number of lines.
fn print_changes(name: &str, before: &str, after: &str) {
    println!("--- {name}\n+++ {name}");
    for (number, (old, new)) in before.lines().zip(after.lines()).enumerate().filter(|(_, (old, new))| old != new) {
        println!("@@ -{0} +{0} @@\n-{old}\n+{new}", number + 1);
    }
}
