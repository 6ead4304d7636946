//! The command line: what users type, and the internal command behind the hooks.

mod build;
mod check;
mod compile;
mod crash;
mod explain;
mod function;
mod header;
mod migrate;

use crate::compiler::Compiler;
use crate::hooks;
use crate::problem::{Problem, Problems, Result};
use clap::{Parser, Subcommand};
use hypersonic_pipeline::Id;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compiles Python functions to machine code and packs them into wheels.
#[derive(Debug, Parser)]
#[command(
    name = "hypersonic",
    version,
    about,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 the project has a mistake, 2 wrong usage, 70 a bug of hypersonic."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build a wheel and a source distribution.
    Build(build::Arguments),
    /// Say what compiles and what stays Python, and why, without building.
    Check(check::Arguments),
    /// Compile Python files to a folder of kernels, without a wheel.
    Compile(compile::Arguments),
    /// Show what a function is compiled as, in Python, or explain a diagnostic; without a name, list all diagnostics.
    Explain(explain::Arguments),
    /// Write the C header of kernels that were built.
    Header(header::Arguments),
    /// Change imports of Transonic to imports of hypersonic, and print what was changed.
    Migrate(migrate::Arguments),
    /// List what a build would put into the wheel, or the source distribution.
    List(build::ListArguments),
    /// Run one build hook (used by the Python package `hypersonic_build`).
    #[command(hide = true)]
    Pep517 {
        /// Which.
        hook: hooks::Hook,
        /// The request as a JSON file; read from standard input if absent.
        request: Option<PathBuf>,
    },
}

/// Runs the program.
pub fn main(compiler: &dyn Compiler) -> ExitCode {
    let arguments = Arguments::parse();
    match crash::contained(|| run(compiler, arguments.command)) {
        Some(Ok(code)) => code,
        Some(Err(problems)) => {
            eprint!("{problems}");
            let is_bug = problems.0.iter().any(|problem| problem.id == Id::Internal);
            if is_bug { ExitCode::from(crash::BUG) } else { ExitCode::FAILURE }
        }
        None => ExitCode::from(crash::BUG),
    }
}

fn run(compiler: &dyn Compiler, command: Command) -> Result<ExitCode> {
    match command {
        Command::Build(arguments) => build::run(compiler, &arguments),
        Command::Check(arguments) => check::run(compiler, &arguments),
        Command::Compile(arguments) => compile::run(compiler, &arguments),
        Command::Explain(arguments) => explain::run(compiler, &arguments),
        Command::Header(arguments) => header::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::List(arguments) => build::list(compiler, &arguments),
        Command::Pep517 { hook, request } => {
            let text = match request {
                Some(path) => fs_err::read_to_string(path)?,
                None => standard_input()?,
            };
            hooks::run(compiler, hook, &text).map(|()| ExitCode::SUCCESS)
        }
    }
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// `KEY=VALUE`s as the table that hooks get; a key given twice becomes a list.
fn config_table(settings: &[String]) -> Result<serde_json::Value> {
    let mut table = serde_json::Map::new();
    for setting in settings {
        let Some((key, value)) = setting.split_once('=') else {
            let problem = Problem::new(Id::BadSetting, format!("`-C {setting}` has no `=`"));
            return Err(Problems(vec![problem.hint("write -C KEY=VALUE")]));
        };
        let values = table.entry(key).or_insert_with(|| serde_json::json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(value.into());
        }
    }
    Ok(table.into())
}
