//! Names that Python takes: one for each function and variable, none that hides what the printed code needs.

use crate::ir::{Function, Unit};
use std::collections::HashSet;

/// What the printed code names itself, and Python's keywords.
const RESERVED: &str = "False None True and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield match case type \
    abs ascii bool changed chr cmath complex dict float format int isinstance len list math max min np ord print random range repr \
    reversed round self set slice sorted str sum tuple zip BaseException";

/// A name from a name of ours.
fn plain(name: &str) -> String {
    let text: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    // Our own names begin with a dot.
    let text = if name.starts_with('.') { text.trim_start_matches('_').to_owned() } else { text };
    match text.chars().next() {
        Some(first) if first.is_numeric() => format!("t{text}"),
        Some(_) => text,
        None => "t".to_owned(),
    }
}

fn fresh(name: &str, taken: &mut HashSet<String>) -> String {
    let plain = plain(name);
    let mut candidate = plain.clone();
    let mut n = 1;
    while !taken.insert(candidate.clone()) {
        n += 1;
        candidate = format!("{plain}_{n}");
    }
    candidate
}

fn reserved() -> HashSet<String> {
    RESERVED.split_whitespace().map(str::to_owned).collect()
}

/// One per function.
pub(super) fn functions(unit: &Unit) -> Vec<String> {
    let mut taken = reserved();
    unit.functions.iter().map(|function| fresh(function.name.rsplit('.').next().unwrap_or(&function.name), &mut taken)).collect()
}

/// One per variable of a function; parameters have theirs first.
pub(super) fn variables(function: &Function, functions: &[String]) -> Vec<String> {
    let mut taken = reserved();
    taken.extend(functions.iter().cloned());
    let mut names = vec![String::new(); function.variables.len()];
    let parameters = function.parameters.iter().map(|parameter| parameter.0 as usize);
    for place in parameters.chain(0..function.variables.len()) {
        if let (Some(variable), Some(name)) = (function.variables.get(place), names.get_mut(place))
            && name.is_empty()
        {
            *name = fresh(&variable.name, &mut taken);
        }
    }
    names
}
