//! Looking names up, and guessing which one was meant.

use super::{CONSTANTS, Constant, FAMILIES, Operation};
use std::collections::HashMap;
use std::sync::LazyLock;

static BY_NAME: LazyLock<HashMap<&'static str, &'static Operation>> =
    LazyLock::new(|| operations().flat_map(|operation| operation.names.iter().map(move |name| (*name, operation))).collect());

/// Every row of the table.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    FAMILIES.iter().flat_map(|(_, rows)| rows.iter())
}

/// The operation of that full name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Operation> {
    BY_NAME.get(name).copied()
}

/// The constant of that full name.
#[must_use]
pub fn find_constant(name: &str) -> Option<&'static Constant> {
    CONSTANTS.iter().find(|constant| constant.names.contains(&name))
}

/// The known name of the same module that is nearest to an unknown one, if any is near.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    let (module, last) = name.rsplit_once('.')?;
    if is_numpys(module, last) {
        return None;
    }
    let limit = match last.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let known = operations().flat_map(|operation| operation.names).chain(CONSTANTS.iter().flat_map(|constant| constant.names));
    known
        .filter_map(|candidate| candidate.rsplit_once('.').filter(|(owner, _)| *owner == module).map(|(_, known)| (candidate, known)))
        .map(|(candidate, known)| (distance(last, known), *candidate))
        .filter(|(far, _)| *far <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether NumPy 2 has a function, or an array a member, of that name: then no other one was meant.
#[must_use]
pub fn is_numpys(module: &str, last: &str) -> bool {
    NUMPYS.split_whitespace().any(|name| match (module, name.strip_prefix('.')) {
        ("numpy", None) => name == last,
        ("ndarray", Some(member)) => member == last,
        _ => false,
    })
}

/// NumPy's functions, and the members of an array with a dot.
const NUMPYS: &str = include_str!("numpy_names.txt");

/// Edits (insertions, deletions, replacements, swaps of neighbours) between two words.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for i in 1..=left.len() {
        let mut current = vec![i];
        for j in 1..=right.len() {
            let replaced = last[j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(current[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            current.push(best);
        }
        before = last;
        last = current;
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Action, signature::parameters};
    use std::collections::HashSet;

    #[test]
    fn no_name_stands_twice() {
        let mut seen = HashSet::new();
        for name in operations().flat_map(|operation| operation.names).chain(CONSTANTS.iter().flat_map(|constant| constant.names)) {
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn every_row_is_documented_and_readable() {
        for operation in operations() {
            let name = operation.names[0];
            assert!(operation.doc.ends_with('.'), "{name}: {}", operation.doc);
            for parameter in parameters(operation.signature) {
                let plain = parameter.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                assert!(plain && !parameter.name.is_empty(), "{name}: {}", parameter.name);
                assert!(!parameter.refused || parameter.default.is_some(), "{name}: {} is refused and has no default", parameter.name);
            }
            if let Action::Ufunc(op) = operation.action {
                let given = parameters(operation.signature).iter().filter(|p| p.default.is_none()).count();
                assert_eq!(given, usize::from(op.arity()), "{name}");
            }
        }
    }

    #[test]
    fn the_nearest_name_is_guessed() {
        assert_eq!(nearest("numpy.sqrtt"), Some("numpy.sqrt"));
        assert_eq!(nearest("numpy.arctn2"), Some("numpy.arctan2"));
        assert_eq!(nearest("math.cosinus"), None);
        assert_eq!(nearest("nowhere.sin"), None);
        assert!(find("numpy.sin").is_some() && find("numpy.quicksort").is_none());
    }
}
