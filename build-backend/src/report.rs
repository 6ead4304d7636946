//! What a build or a check tells: each warning with its code frame, a table of functions, one line that sums up.

use crate::compiler::{Compiled, is_compiled, is_left, is_partly_compiled};
use crate::problem::Problem;
use hypersonic_diagnostics::{Report as DiagnosticReport, render};
use hypersonic_pipeline::{FunctionReport, SourceFile};
use serde_json::{Value, json};
use std::fmt::Write;
use std::io::IsTerminal;

/// The whole report.
#[derive(Clone, Debug)]
pub struct Report {
    /// Per top-level package or module.
    pub compiled: Vec<Compiled>,
    /// About the project.
    pub warnings: Vec<Problem>,
}

impl Report {
    /// Whether no function stays Python.
    pub fn is_complete(&self) -> bool {
        self.compiled.iter().all(Compiled::is_complete)
    }

    /// "1 function stays Python" or "3 functions and 1 file stay Python".
    pub fn what_stays_python(&self) -> String {
        let functions = self.functions().filter(|function| !is_compiled(function) && !is_left(function)).count();
        let files: usize = self.compiled.iter().map(|top| top.unreadable.len()).sum();
        if files == 0 && functions == 0 {
            "functions that could not be read stay Python".to_owned()
        } else if files == 0 {
            format!("{} {} Python", counted(functions, "function"), stay(functions))
        } else if functions == 0 {
            format!("{} {} Python", counted(files, "file"), stay(files))
        } else {
            format!("{} and {} stay Python", counted(functions, "function"), counted(files, "file"))
        }
    }

    fn functions(&self) -> impl Iterator<Item = &FunctionReport> {
        self.compiled.iter().flat_map(|top| &top.output.functions)
    }

    /// What is worth knowing of functions that are compiled.
    pub fn notes(&self) -> String {
        let color = has_color();
        let of = |top: &Compiled| {
            let files = files(&top.sources);
            let notes = top.output.functions.iter().flat_map(|function| &function.notes);
            notes.map(|note| render(note, &files, color, "note") + "\n").collect::<String>()
        };
        self.compiled.iter().map(of).collect()
    }

    /// For people.
    pub fn text(&self) -> String {
        let (mut text, color) = (String::new(), has_color());
        for top in &self.compiled {
            let files = files(&top.sources);
            for diagnostic in &top.output.diagnostics {
                text += &render(diagnostic, &files, color, "warning");
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
        let count = |which: fn(&FunctionReport) -> bool| self.functions().filter(|function| which(function)).count();
        let (all, done, partly, left) = (count(|_| true), count(is_compiled), count(is_partly_compiled), count(is_left));
        if all == 0 {
            return "hypersonic: no boosted functions: the wheel is pure Python\n".to_owned();
        }
        let parallel: usize = self.functions().map(|function| function.parallel.len()).sum();
        let mut text = format!("hypersonic: {} compiled", counted(all, "function"));
        if done < all || partly > 0 {
            text = format!("hypersonic: {done} of {} compiled", counted(all, "function"));
        }
        if partly > 0 {
            text += &format!(", {partly} of them partly");
        }
        if done + left < all {
            text += &format!(", {} {} Python", all - done - left, stay(all - done - left));
        }
        if left > 0 {
            text += &format!(", {left} left to Python, which is faster");
        }
        if parallel > 0 {
            text += &format!(", {} on several threads", counted(parallel, "loop"));
        }
        text + "\n"
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let functions: Vec<Value> = self
            .compiled
            .iter()
            .flat_map(|top| top.output.functions.iter().map(|function| function_json(function, &top.sources)))
            .collect();
        let reports = |top: &Compiled| {
            let files = files(&top.sources);
            top.output.diagnostics.iter().map(|diagnostic| json!(DiagnosticReport::new(diagnostic, &files, "warning"))).collect::<Vec<_>>()
        };
        let diagnostics = self.compiled.iter().flat_map(reports);
        let problems = self.compiled.iter().flat_map(|top| &top.unreadable).chain(&self.warnings).map(problem_json);
        json!({ "functions": functions, "diagnostics": diagnostics.chain(problems).collect::<Vec<_>>(), "complete": self.is_complete() })
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

const fn stay(count: usize) -> &'static str {
    if count == 1 { "stays" } else { "stay" }
}

fn row(function: &FunctionReport) -> [String; 5] {
    let compiled = if is_left(function) {
        "left".to_owned()
    } else if function.compiled == 0 {
        "no".to_owned()
    } else {
        function.compiled.to_string()
    };
    [function.module.clone(), function.name.clone(), function.signatures.to_string(), compiled, function.gpu_kernels.to_string()]
}

fn function_json(function: &FunctionReport, sources: &[SourceFile]) -> Value {
    json!({
        "module": function.module,
        "name": function.name,
        "file": sources.get(function.file as usize).map(|source| &source.path),
        "signatures": function.signatures,
        "compiled": function.compiled,
        "left": function.left,
        "gpu_kernels": function.gpu_kernels,
        "parallel_loops": function.parallel.len(),
        "notes": function.notes.iter().map(|note| json!(DiagnosticReport::new(note, &files(sources), "note"))).collect::<Vec<_>>(),
    })
}

fn problem_json(problem: &Problem) -> Value {
    let places: Vec<Value> = problem.place.iter().map(|(path, line)| json!({ "path": path, "line": line })).collect();
    json!({
        "id": problem.id, "name": problem.id.name(), "severity": "warning", "title": problem.text, "text": "",
        "places": places, "hint": problem.hint,
    })
}

/// Path and text, as the renderer of diagnostics wants them.
pub fn files(sources: &[SourceFile]) -> Vec<(&str, &str)> {
    sources.iter().map(|source| (source.path.as_str(), source.text.as_str())).collect()
}

/// Whether standard error is a terminal that shows colours, and nobody asked it not to.
pub fn has_color() -> bool {
    std::io::stderr().is_terminal() && std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
