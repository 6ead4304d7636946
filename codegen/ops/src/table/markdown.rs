//! The table as a page for readers: `docs/supported.md`.

use super::signature::{Parameter, parameters};
use super::{ABSENT, Action, CONSTANTS, DtypeRule, FAMILIES, Operation};
use crate::dtype::Dtype;
use std::fmt::Write as _;

/// Names that are part of the language, with forms of their own.
const LANGUAGE: &str = "bool callable chr dict enumerate filter format getattr isinstance iter list map next ord print range repr reversed set \
slice sorted str tuple zip functools.partial itertools.tee operator.attrgetter operator.itemgetter operator.methodcaller";

/// `docs/supported.md`, printed from the table, with a section about the library behind the functions.
#[must_use]
pub fn supported_markdown(library: &str) -> String {
    let mut page = String::from(
        "# What is compiled\n\n\
         Printed from the table of operations; do not edit. Whatever is not here stays Python: the build says so and the others compile.\n\n\
         `dtypes` of a function of NumPy are those it computes in; operands are promoted to them as NEP 50 says. Results that NumPy gives in \
         float16 are not compiled. `ULP` is the bound of the error in units in the last place; empty means exact or correctly rounded.\n",
    );
    for (heading, rows) in FAMILIES {
        let _ = write!(page, "\n## {heading}\n\n| name | parameters | dtypes | ULP | what | notes |\n|---|---|---|---|---|---|\n");
        for operation in *rows {
            page.push_str(&line(operation));
        }
    }
    let names: Vec<String> = LANGUAGE.split_whitespace().map(|name| format!("`{name}`")).collect();
    let _ = write!(page, "\n## Part of the language\n\nSee [language.md](language.md): {}.\n", names.join(", "));
    page.push_str(library);
    page.push_str("\n## Not compiled\n\nNames of Python's own modules that stay Python, with the reason that the build gives.\n\n");
    page.push_str("| names | why | instead |\n|---|---|---|\n");
    for absent in ABSENT {
        let names: Vec<String> = absent.names.iter().map(|name| format!("`{}`", shown(name).trim_end_matches('.'))).collect();
        let _ = writeln!(page, "| {} | {} | {} |", names.join(" "), escaped(absent.why), escaped(absent.hint));
    }
    page.push_str("\n## Constants\n\n");
    let names: Vec<String> = CONSTANTS.iter().flat_map(|constant| constant.names).map(|name| format!("`{}`", shown(name))).collect();
    page.push_str(&names.join(", "));
    page.push('\n');
    page
}

fn line(operation: &Operation) -> String {
    let names: Vec<String> = operation.names.iter().map(|name| format!("`{}`", shown(name))).collect();
    let ulp = if operation.ulp == 0 { String::new() } else { operation.ulp.to_string() };
    format!(
        "| {} | {} | {} | {ulp} | {} | {} |\n",
        names.join(" "),
        escaped(&parameter_list(operation.signature)),
        dtypes(operation),
        escaped(operation.doc),
        escaped(operation.notes)
    )
}

fn shown(name: &str) -> String {
    let name = name.strip_prefix("builtins.").unwrap_or(name);
    name.strip_prefix("numpy.").map_or_else(|| name.to_owned(), |rest| format!("np.{rest}"))
}

fn parameter_list(signature: &'static str) -> String {
    let compiled: Vec<Parameter> = parameters(signature).into_iter().filter(|parameter| !parameter.refused).collect();
    let shown = compiled.iter().map(|parameter| {
        let star = if parameter.rest { "*" } else { "" };
        parameter.default.map_or_else(|| format!("{star}{}", parameter.name), |default| format!("{}={default}", parameter.name))
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn dtypes(operation: &Operation) -> String {
    match operation.rule {
        DtypeRule::Loop => loops(operation),
        DtypeRule::Same => "as the argument".to_owned(),
        DtypeRule::Promoted => "promoted".to_owned(),
        DtypeRule::Bool => "bool".to_owned(),
        DtypeRule::Index => "int64".to_owned(),
        DtypeRule::Sum => "as the argument; bool and small integers widen to 64 bits".to_owned(),
        DtypeRule::Mean => "as the argument; bool and integers give float64".to_owned(),
        DtypeRule::Deviation => "the real type; bool and integers give float64".to_owned(),
        DtypeRule::Real => "the real type".to_owned(),
        DtypeRule::Given => "as given".to_owned(),
        DtypeRule::Python => "Python".to_owned(),
        DtypeRule::Other => String::new(),
    }
}

fn loops(operation: &Operation) -> String {
    let mut codes: String = operation.numpy_loops();
    if let Action::Ufunc(op) = operation.action
        && codes.is_empty()
    {
        codes = op.facts().loops.to_owned();
    }
    let mut words = Vec::new();
    for (group, word) in [("?", "bool"), ("bBhHiIlL", "integers"), ("fd", "floats"), ("FD", "complex")] {
        let present: Vec<char> = group.chars().filter(|code| codes.contains(*code)).collect();
        if present.len() == group.len() {
            words.push(word.to_owned());
        } else {
            words.extend(present.into_iter().filter_map(Dtype::from_code).map(|dtype| dtype.name().to_owned()));
        }
    }
    words.join(", ")
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_holds_every_name() {
        let page = supported_markdown("");
        for name in FAMILIES.iter().flat_map(|(_, rows)| rows.iter()).flat_map(|operation| operation.names) {
            assert!(page.contains(&format!("`{}`", shown(name))), "{name}");
        }
        assert!(page.contains("| `np.sin` | x | floats, complex | 1 | Sine. |  |"), "{page}");
        assert!(page.contains("`math.pi`"));
    }
}
