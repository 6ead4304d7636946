//! `hypersonic compile`: the kernels of Python files in a folder, without a wheel around them.

use crate::compiler::{Compiled, Compiler, GENERATOR, host};
use crate::plan;
use crate::problem::{Problem, Result};
use crate::project::LEVELS;
use crate::report::Report;
use crate::write;
use hypersonic_pipeline::{Id, Request, SourceFile};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Of `compile`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The modules: Python files of one folder, which may import one another.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The folder for the kernels, their manifest and their PTX: there only when whole, left alone where it is there already.
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Compile this microarchitecture level only; may be given several times.
    #[arg(long, value_name = "LEVEL")]
    level: Vec<String>,
    /// Make no GPU kernels.
    #[arg(long)]
    no_gpu: bool,
    /// Do not optimise: kernels are there sooner, and are slower.
    #[arg(long)]
    no_optimize: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Compiles. Functions that stay Python stand in the manifest with their reasons.
pub fn run(compiler: &dyn Compiler, arguments: &Arguments) -> Result<ExitCode> {
    if let Some(level) = arguments.level.iter().find(|level| !LEVELS.contains(&level.as_str())) {
        let problem = Problem::new(Id::BadSetting, format!("there is no level `{level}`"));
        return Err(problem.hint(format!("the levels are {}", LEVELS.join(", "))).into());
    }
    let files = arguments.files.iter().map(|path| source(path)).collect::<Result<Vec<_>>>()?;
    let request = Request {
        files,
        platform: host(),
        levels: arguments.level.clone(),
        gpu: !arguments.no_gpu,
        optimize: !arguments.no_optimize,
        always: true,
        generator: GENERATOR.to_owned(),
        rewrite: false,
    };
    let output = compiler.compile(&request, &|_| {});
    let compiled = Compiled { name: String::new(), is_package: false, sources: request.files, unreadable: Vec::new(), output };
    let entries = plan::kernels(&compiled)?;
    write::publish_folder(entries.iter(), &arguments.out)?;
    let report = Report { compiled: vec![compiled], warnings: Vec::new() };
    if arguments.json {
        println!("{:#}", report.json());
    } else {
        eprint!("{}", report.text());
    }
    Ok(ExitCode::SUCCESS)
}

fn source(path: &Path) -> Result<SourceFile> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some(module) = name.strip_suffix(".py").filter(|module| !module.is_empty()) else {
        let problem = Problem::new(Id::MissingFile, format!("`{}` is not a Python file", path.display()));
        return Err(problem.hint("its name must end in .py").into());
    };
    let text = String::from_utf8(fs_err::read(path)?)
        .map_err(|_| Problem::new(Id::UnreadableSource, format!("`{}` is not UTF-8", path.display())).hint("save it as UTF-8"))?;
    Ok(SourceFile { path: path.display().to_string(), module: module.to_owned(), is_package: false, text, exports: None })
}
