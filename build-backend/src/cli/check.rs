//! `hypersonic check`: the report of a build, without one, for a project, a folder of Python files, or one file.

use crate::build::{not_strict, warnings};
use crate::compiler::{Compiler, check_layout};
use crate::problem::{Problem, Result};
use crate::project::{Found, Layout, PROJECT_FILE, Project, Top, is_ours, walk};
use crate::report::Report;
use hypersonic_pipeline::Id;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Of `check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A project's folder, a package's folder or a Python file.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Say why parallel loops stay on one thread.
    #[arg(short, long)]
    verbose: bool,
    /// Exit with 1 if something stays Python.
    #[arg(long)]
    strict: bool,
}

/// Checks.
pub fn run(compiler: &dyn Compiler, arguments: &Arguments) -> Result<ExitCode> {
    let project = project_of(&arguments.path)?;
    let layout = project.as_ref().map_or_else(|| layout_of(&arguments.path), |project| Ok(project.layout.clone()))?;
    let always = project.as_ref().is_some_and(|project| project.settings.always);
    let compiled = check_layout(compiler, &layout, always)?;
    let warnings = project.as_ref().map_or_else(Vec::new, |project| warnings(project, &compiled));
    let report = Report { compiled, warnings };
    if arguments.json {
        println!("{:#}", report.json());
    } else {
        if arguments.verbose {
            print!("{}", report.notes());
        }
        print!("{}", report.text());
    }
    let strict = arguments.strict || project.is_some_and(|project| project.settings.strict);
    if strict && !report.is_complete() { Err(not_strict(&report).into()) } else { Ok(ExitCode::SUCCESS) }
}

/// The project of a folder whose pyproject.toml names this backend.
pub(super) fn project_of(path: &Path) -> Result<Option<Project>> {
    let file = path.join(PROJECT_FILE);
    let ours = file.is_file() && is_ours(&fs_err::read_to_string(&file)?);
    if ours { Project::read(path, &serde_json::Value::Null).map(Some) } else { Ok(None) }
}

fn layout_of(path: &Path) -> Result<Layout> {
    if path.is_file() {
        return single_file(path);
    }
    if !path.is_dir() {
        return Err(Problem::new(Id::MissingFile, format!("`{}` is not there", path.display()))
            .hint("name a project, a package or a .py file")
            .into());
    }
    folder(path)
}

pub(super) fn single_file(path: &Path) -> Result<Layout> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".py")) else {
        return Err(Problem::new(Id::MissingFile, format!("`{}` is not a Python file", path.display()))
            .hint("its name must end in .py")
            .into());
    };
    let module = name.trim_end_matches(".py").to_owned();
    let found = Found { relative: name.to_owned(), absolute: path.to_owned(), executable: false };
    Ok(Layout { source_root: String::new(), tops: vec![Top { name: module, is_package: false, files: vec![found] }], included: Vec::new() })
}

/// A package's folder is checked under its own name; any other folder as one that holds packages, in `src` or not.
pub(super) fn folder(path: &Path) -> Result<Layout> {
    let path = fs_err::canonicalize(path)?;
    let is_package = path.join("__init__.py").is_file();
    let source_root = if !is_package && path.join("src").is_dir() { "src" } else { "" };
    let (root, below) = match (is_package, path.parent(), path.file_name().and_then(|name| name.to_str())) {
        (true, Some(parent), Some(name)) => (parent.to_owned(), name.to_owned()),
        _ => (path.clone(), source_root.to_owned()),
    };
    let files = walk(&root, &below)?;
    let name = below.split('/').next_back().unwrap_or_default().to_owned();
    Ok(Layout { source_root: source_root.to_owned(), tops: vec![Top { name, is_package: true, files }], included: Vec::new() })
}
