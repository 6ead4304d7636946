//! `hypersonic explain`: what a diagnostic means.

use crate::problem::{Problem, Result};
use hypersonic_diagnostics::suggest;
use hypersonic_pipeline::Id;
use std::process::ExitCode;

/// Explains one id, or lists all.
pub fn run(id: Option<&str>) -> Result<ExitCode> {
    let Some(wanted) = id else {
        Id::ALL.iter().for_each(|id| println!("{}  {}", id.code(), id.name()));
        return Ok(ExitCode::SUCCESS);
    };
    let found = Id::ALL.iter().find(|id| id.code().eq_ignore_ascii_case(wanted) || id.name().eq_ignore_ascii_case(wanted));
    let Some(found) = found else {
        let known: Vec<&str> = Id::ALL.iter().flat_map(|id| [id.code(), id.name()]).collect();
        let hint =
            suggest(wanted, known).map_or("`hypersonic explain` lists them all".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Problem::new(Id::UnknownSetting, format!("`{wanted}` is not the id of a diagnostic")).hint(hint).into());
    };
    println!("{} ({})\n\n{}", found.code(), found.name(), found.explanation());
    Ok(ExitCode::SUCCESS)
}
