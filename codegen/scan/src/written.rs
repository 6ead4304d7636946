//! The functions of Python's own modules that are written in Python, as a table for readers.

use crate::program::LIBRARY;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A section of `docs/supported.md`: what the library has, by module.
#[must_use]
pub fn library_markdown() -> String {
    let mut modules: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (name, parameters) in LIBRARY.iter().flat_map(|(_, text)| functions(text)) {
        let Some((module, _)) = name.rsplit_once('.') else { continue };
        let module = module.split('.').next().unwrap_or(module).to_owned();
        if module != "own" {
            modules.entry(module).or_default().push((name, parameters));
        }
    }
    let mut page = String::from(
        "\n## Functions written in Python\n\nCompiled with the function that calls them, for the types that they are given; values, order of what is evaluated and \
         exceptions are those of CPython. Functions of `operator` are found under both of their names (`add`, `__add__`).\n",
    );
    for (module, mut functions) in modules {
        functions.sort();
        let _ = write!(page, "\n### `{module}`\n\n| name | parameters |\n|---|---|\n");
        for (name, parameters) in functions {
            let name = name.strip_prefix("builtins.").unwrap_or(&name);
            let _ = writeln!(page, "| `{name}` | {} |", parameters.replace('*', "\\*"));
        }
    }
    page
}

/// Full names and parameters of the functions of a file that stand for one of a module.
fn functions(text: &str) -> Vec<(String, String)> {
    let heads = text.lines().filter_map(|line| line.strip_prefix("def ")?.strip_suffix("):")?.split_once('('));
    heads
        .filter_map(|(name, parameters)| {
            let (module, name) = name.split_once("__")?;
            Some((format!("{}.{name}", module.replace('_', ".")), parameters.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_what_is_written() {
        let page = library_markdown();
        for name in ["itertools.chain.from_iterable", "os.path.join", "heapq.heappush", "bin", "statistics.fmean"] {
            assert!(page.contains(&format!("| `{name}` |")), "{name}: {page}");
        }
        assert!(!page.contains("pow_modulo"));
    }
}
