//! The steps of a build, from a checked project to published files, the same for hooks and command line.

use crate::compiler::{Compiled, Compiler, compile_project, is_compiled};
use crate::plan;
use crate::problem::{Problem, Result};
use crate::progress::Progress;
use crate::project::Project;
use crate::report::Report;
use crate::write;
use hypersonic_pipeline::Id;
use std::path::{Path, PathBuf};

/// Which kind of wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WheelKind {
    /// To be released.
    Standard,
    /// Of an editable installation.
    Editable,
}

/// A wheel and what to say about it.
#[derive(Debug)]
pub struct Built {
    /// Where it is.
    pub path: PathBuf,
    /// The report.
    pub report: Report,
}

/// Compiles, reports, packs. Nothing is written if `strict` is set and something stays Python.
pub fn build_wheel(compiler: &dyn Compiler, project: &Project, kind: WheelKind, folder: &Path) -> Result<Built> {
    let (plan, report) = plan_wheel(compiler, project, kind)?;
    Ok(Built { path: write::write_wheel(&plan, folder)?, report })
}

/// As [`build_wheel`], without writing.
pub fn plan_wheel(compiler: &dyn Compiler, project: &Project, kind: WheelKind) -> Result<(plan::WheelPlan, Report)> {
    let progress = Progress::start();
    let compiled = compile_project(compiler, project, kind == WheelKind::Standard, &|event| progress.observe(event))?;
    let plan = match kind {
        WheelKind::Standard => plan::wheel(project, &compiled)?,
        WheelKind::Editable => plan::editable(project, &compiled)?,
    };
    let warnings = warnings(project, &compiled);
    let report = Report { compiled, warnings };
    if project.settings.strict && !report.is_complete() {
        eprint!("{}", report.text());
        return Err(not_strict(&report).into());
    }
    Ok((plan, report))
}

/// Why a strict build, or a strict check, fails.
pub fn not_strict(report: &Report) -> Problem {
    let problem = Problem::new(Id::StrictBuild, format!("`strict` is set, and {}", report.what_stays_python()));
    problem.hint("change what the warnings say, or build without `strict`")
}

/// Packs the sources.
pub fn build_sdist(project: &Project, folder: &Path) -> Result<PathBuf> {
    write::write_sdist(&plan::sdist(project)?, folder)
}

/// What the author of a project should know, of a build or of a check.
pub fn warnings(project: &Project, compiled: &[Compiled]) -> Vec<Problem> {
    let mut warnings = project.warnings.clone();
    let compiles = compiled.iter().flat_map(|top| &top.output.functions).any(is_compiled);
    if compiles && !project.metadata.depends_on("hypersonic") && project.metadata.normal_name() != "hypersonic" {
        let problem = Problem::new(
            Id::RuntimeNotDeclared,
            "the package has compiled functions but does not depend on `hypersonic`, which loads them",
        );
        warnings.push(problem.in_file(crate::project::PROJECT_FILE, None).hint("add \"hypersonic\" to project.dependencies"));
    }
    for found in project.layout.tops.iter().flat_map(|top| &top.files) {
        if [".so", ".pyd", ".dll", ".dylib"].iter().any(|end| found.relative.ends_with(end)) {
            let problem =
                Problem::new(Id::NativeFile, format!("`{}` is packed, but the wheel's tag does not speak for it", found.relative));
            warnings.push(problem.hint("leave it out with `exclude` in [tool.hypersonic] if it does not belong in the wheel"));
        }
    }
    warnings
}
