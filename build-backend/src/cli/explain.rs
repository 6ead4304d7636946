//! `hypersonic explain`: what a diagnostic means, or what a function is compiled as.

use super::function;
use crate::compiler::Compiler;
use crate::problem::{Problem, Result};
use hypersonic_diagnostics::suggest;
use hypersonic_pipeline::Id;
use std::process::ExitCode;

/// Of `explain`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// FILE:FUNCTION or FILE:Class.method; or a diagnostic, such as HS0203 or unsupported-call.
    name: Option<String>,
    /// Of a function, this signature only: 1 is the first.
    #[arg(long, value_name = "N")]
    signature: Option<usize>,
    /// Of a function, what it is after this pass; `typed` is before all.
    #[arg(long, value_name = "PASS")]
    print_after: Option<String>,
}

/// Explains a function or one id, or lists all ids.
pub fn run(compiler: &dyn Compiler, arguments: &Arguments) -> Result<ExitCode> {
    // A path may hold a colon, a function may not.
    if let Some((file, name)) = arguments.name.as_deref().and_then(|name| name.rsplit_once(':')) {
        return function::explain(compiler, file.as_ref(), name, arguments.signature, arguments.print_after.as_deref());
    }
    let Some(wanted) = arguments.name.as_deref() else {
        Id::ALL.iter().for_each(|id| println!("{}  {}", id.code(), id.name()));
        return Ok(ExitCode::SUCCESS);
    };
    let found = Id::ALL.iter().find(|id| id.code().eq_ignore_ascii_case(wanted) || id.name().eq_ignore_ascii_case(wanted));
    let Some(found) = found else {
        if wanted.ends_with(".py") {
            let hint = format!("name a function of it: `hypersonic explain {wanted}:FUNCTION`");
            return Err(Problem::new(Id::UnknownFunction, format!("`{wanted}` is a file")).hint(hint).into());
        }
        let known: Vec<&str> = Id::ALL.iter().flat_map(|id| [id.code(), id.name()]).collect();
        let hint =
            suggest(wanted, known).map_or("`hypersonic explain` lists them all".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Problem::new(Id::UnknownSetting, format!("`{wanted}` is not the id of a diagnostic")).hint(hint).into());
    };
    println!("{} ({})\n\n{}", found.code(), found.name(), found.explanation());
    Ok(ExitCode::SUCCESS)
}
