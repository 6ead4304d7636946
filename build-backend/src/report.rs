//! What a build or a check tells: each warning with its code frame, a table of functions, one line that sums up.

use crate::compiler::{Compiled, is_compiled};
use crate::problem::Problem;
use hypersonic_pipeline::{Diagnostic, FunctionReport, SourceFile};
use serde_json::{Value, json};
use std::fmt::Write;

/// The whole report.
#[derive(Clone, Debug)]
pub struct Report {
    /// Per top-level package or module.
    pub compiled: Vec<Compiled>,
    /// About the project.
    pub warnings: Vec<Problem>,
}

impl Report {
    /// Whether nothing stays Python.
    pub fn is_complete(&self) -> bool {
        self.compiled.iter().all(Compiled::is_complete)
    }

    /// "1 function" or "3 functions" that stay Python.
    pub fn python_count(&self) -> String {
        let functions = self.functions().filter(|function| !is_compiled(function)).count();
        let files: usize = self.compiled.iter().map(|top| top.unreadable.len()).sum();
        if files == 0 {
            counted(functions, "function")
        } else {
            format!("{} and {}", counted(functions, "function"), counted(files, "file"))
        }
    }

    fn functions(&self) -> impl Iterator<Item = &FunctionReport> {
        self.compiled.iter().flat_map(|top| &top.output.functions)
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for top in &self.compiled {
            for diagnostic in &top.output.diagnostics {
                text += &frame(diagnostic, &top.sources);
                text.push('\n');
            }
            top.unreadable.iter().for_each(|problem| text += &problem.render("warning"));
        }
        self.warnings.iter().for_each(|problem| text += &problem.render("warning"));
        text += &self.table();
        text + &self.summary()
    }

    fn table(&self) -> String {
        let rows: Vec<[String; 5]> = self.functions().map(row).collect();
        if rows.is_empty() {
            return String::new();
        }
        let head = ["module", "function", "signatures", "compiled", "on GPU"].map(str::to_owned);
        let mut widths = [0; 5];
        for row in rows.iter().chain([&head]) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        for row in [&head].into_iter().chain(&rows) {
            let line: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            let _infallible = writeln!(text, "  {}", line.join("  ").trim_end());
        }
        text
    }

    fn summary(&self) -> String {
        let (all, done) = self.functions().fold((0, 0), |(all, done), function| (all + 1, done + usize::from(is_compiled(function))));
        match (all, done) {
            (0, _) => "hypersonic: no boosted functions: the wheel is pure Python\n".to_owned(),
            (all, done) if all == done => format!("hypersonic: {} compiled\n", counted(all, "function")),
            (all, done) => format!(
                "hypersonic: {done} of {} compiled, {} Python\n",
                counted(all, "function"),
                if all - done == 1 { "1 stays".into() } else { format!("{} stay", all - done) }
            ),
        }
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let functions: Vec<Value> = self
            .compiled
            .iter()
            .flat_map(|top| top.output.functions.iter().map(|function| function_json(function, &top.sources)))
            .collect();
        let diagnostics =
            self.compiled.iter().flat_map(|top| top.output.diagnostics.iter().map(|diagnostic| diagnostic_json(diagnostic, &top.sources)));
        let problems = self.compiled.iter().flat_map(|top| &top.unreadable).chain(&self.warnings).map(problem_json);
        json!({ "functions": functions, "diagnostics": diagnostics.chain(problems).collect::<Vec<_>>(), "complete": self.is_complete() })
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn row(function: &FunctionReport) -> [String; 5] {
    let compiled = if function.compiled == 0 { "no".to_owned() } else { function.compiled.to_string() };
    [function.module.clone(), function.name.clone(), function.signatures.to_string(), compiled, function.gpu_kernels.to_string()]
}

fn function_json(function: &FunctionReport, sources: &[SourceFile]) -> Value {
    json!({
        "module": function.module,
        "name": function.name,
        "file": sources.get(function.file as usize).map(|source| &source.path),
        "signatures": function.signatures,
        "compiled": function.compiled,
        "gpu_kernels": function.gpu_kernels,
    })
}

fn diagnostic_json(diagnostic: &Diagnostic, sources: &[SourceFile]) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .filter_map(|label| {
            let source = sources.get(label.span.file as usize)?;
            let ((line, column), (end_line, end_column)) = (place(&source.text, label.span.start), place(&source.text, label.span.end));
            Some(json!({ "file": source.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column, "text": label.text }))
        })
        .collect();
    json!({
        "id": diagnostic.id.code(), "name": diagnostic.id.name(), "title": diagnostic.title, "text": diagnostic.text,
        "labels": labels, "hint": diagnostic.hint,
    })
}

fn problem_json(problem: &Problem) -> Value {
    let labels: Vec<Value> = problem.place.iter().map(|(file, line)| json!({ "file": file, "line": line })).collect();
    json!({ "id": problem.id.code(), "name": problem.id.name(), "title": problem.text, "text": "", "labels": labels, "hint": problem.hint })
}

/// Line and column, from 1; columns count characters.
fn place(text: &str, at: u32) -> (usize, usize) {
    let before = text.get(..at as usize).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// A diagnostic as `warning[...]` with its code frame.
fn frame(diagnostic: &Diagnostic, sources: &[SourceFile]) -> String {
    let mut text = format!("warning[{}]: {}\n", diagnostic.id, diagnostic.title);
    for label in &diagnostic.labels {
        let Some(source) = sources.get(label.span.file as usize) else { continue };
        let ((line, column), (end_line, end_column)) = (place(&source.text, label.span.start), place(&source.text, label.span.end));
        let code = source.text.lines().nth(line - 1).unwrap_or_default();
        let end = if end_line == line { end_column } else { code.chars().count() + 1 };
        let gutter = " ".repeat(line.to_string().len());
        let marks = "^".repeat(end.saturating_sub(column).max(1));
        let _infallible = writeln!(
            text,
            "{gutter}--> {}:{line}:{column}\n{gutter} |\n{line} | {code}\n{gutter} | {}{marks} {}",
            source.path,
            " ".repeat(column - 1),
            label.text
        );
    }
    if !diagnostic.text.is_empty() {
        let _infallible = writeln!(text, "   = note: {}", diagnostic.text);
    }
    if let Some(hint) = &diagnostic.hint {
        let _infallible = writeln!(text, "   = help: {hint}; see `hypersonic explain {}`", diagnostic.id);
    }
    text
}
