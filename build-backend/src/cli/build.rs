//! `hypersonic build` and `hypersonic list`.

use super::config_table;
use crate::build::{WheelKind, build_sdist, build_wheel, plan_wheel};
use crate::compiler::Compiler;
use crate::plan;
use crate::problem::Result;
use crate::project::Project;
use hypersonic_archive::{ArchiveWriter, Entry, ListWriter};
use std::path::PathBuf;
use std::process::ExitCode;

/// Of `build`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The project's folder.
    #[arg(default_value = ".")]
    project: PathBuf,
    /// Build the wheel only.
    #[arg(long)]
    wheel: bool,
    /// Build the source distribution only.
    #[arg(long, conflicts_with = "wheel")]
    sdist: bool,
    /// Where to put them; by default in `dist` in the project's folder.
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Settings, as with pip: strict, levels, gpu, optimize, always.
    #[arg(long = "config-setting", short = 'C', value_name = "KEY=VALUE")]
    config: Vec<String>,
}

/// Of `list`.
#[derive(Debug, clap::Args)]
pub struct ListArguments {
    /// The project's folder.
    #[arg(default_value = ".")]
    project: PathBuf,
    /// List the source distribution instead.
    #[arg(long)]
    sdist: bool,
}

/// Builds.
pub fn run(compiler: &dyn Compiler, arguments: &Arguments) -> Result<ExitCode> {
    let project = Project::read(&arguments.project, &config_table(&arguments.config)?)?;
    let out = arguments.out.clone().unwrap_or_else(|| arguments.project.join("dist"));
    if !arguments.sdist {
        let built = build_wheel(compiler, &project, WheelKind::Standard, &out)?;
        eprint!("{}", built.report.text());
        println!("{}", built.path.display());
    }
    if !arguments.wheel {
        println!("{}", build_sdist(&project, &out)?.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists.
pub fn list(compiler: &dyn Compiler, arguments: &ListArguments) -> Result<ExitCode> {
    let project = Project::read(&arguments.project, &serde_json::Value::Null)?;
    if arguments.sdist {
        let plan = plan::sdist(&project)?;
        return print(&plan.file_name, plan.entries());
    }
    let (plan, _) = plan_wheel(compiler, &project, WheelKind::Standard)?;
    print(&plan.file_name, plan.entries())
}

fn print<'a>(name: &str, entries: impl Iterator<Item = &'a Entry>) -> Result<ExitCode> {
    let mut list = ListWriter::default();
    for entry in entries {
        list.add(entry)?;
    }
    println!("{name}");
    list.rows.iter().for_each(|(path, size)| println!("{size:>10}  {path}"));
    Ok(ExitCode::SUCCESS)
}
