//! Kernels that may be slower than Python: they pass once through containers whose elements take long to copy. They are compiled, since
//! only the user knows how much is done with an element, and said to be so.

use crate::unit::Unit;
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_ops::Type;
use hypersonic_scan::Boosted;

/// What is said of a unit, if anything is.
pub fn diagnostic(function: &Boosted, unit: &Unit) -> Option<Diagnostic> {
    if unit.info.glances || !unit.info.passes_once || function.method.is_some() {
        return None;
    }
    let parameters = function.definition.parameters.iter().zip(&function.signatures[unit.signature].parameters);
    let mut given = parameters.filter_map(|(parameter, ty)| Some((parameter, costly(&ty.to_type(), false)?)));
    let title = format!("`{}` may be slower than Python", function.qualname);
    if let Some((parameter, what)) = given.next() {
        let label = format!("{what} are copied, each time");
        let hint = "do more with them in one call, or leave the function to Python; see `hypersonic explain HS0217`";
        return Some(Diagnostic::new(Id::CopiesMore, title, parameter.span, label).with_hint(hint));
    }
    let what = costly(&unit.info.result, true)?;
    let label = format!("gives {what}, which are made twice");
    let hint = "give arrays or lists of numbers, or leave the function to Python; see `hypersonic explain HS0217`";
    Some(Diagnostic::new(Id::CopiesMore, title, function.definition.name_span, label).with_hint(hint))
}

/// What a container holds that takes long to copy.
fn costly(ty: &Type, result: bool) -> Option<&'static str> {
    let element = |ty: &Type| match ty {
        Type::Str => Some("strings"),
        Type::Tuple(_) | Type::Sequence(_) => Some("tuples"),
        Type::List(_) | Type::Set(_) | Type::Dict(..) => Some("containers"),
        _ => None,
    };
    match ty {
        Type::Dict(..) if result => Some("the entries of a dict"),
        Type::List(inner) | Type::Set(inner) | Type::Sequence(inner) => element(inner),
        Type::Dict(key, value) => element(key).or_else(|| element(value)),
        Type::Tuple(items) => items.iter().find_map(|item| costly(item, result)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{SourceFile, check};

    fn said(text: &str) -> Vec<String> {
        let text = format!("from hypersonic import boost\nimport numpy as np\n\n\n@boost\n{text}");
        let files = vec![SourceFile { path: "a.py".to_owned(), module: "a".to_owned(), is_package: false, text, exports: None }];
        check(files).diagnostics.iter().map(|found| format!("{} {}", found.id.code(), found.labels[0].text)).collect()
    }

    #[test]
    fn what_is_copied_for_one_pass_is_said() {
        let count = "def f(words: list[str]):\n    n = 0\n    for w in words:\n        n += len(w)\n    return n\n";
        assert_eq!(said(count), ["HS0217 strings are copied, each time"]);
        assert_eq!(
            said("def f(n: int):\n    return {i: i for i in range(n)}\n"),
            ["HS0217 gives the entries of a dict, which are made twice"]
        );
        assert_eq!(said("def f(a: list[tuple[int, int]]):\n    return sorted(a)\n"), ["HS0217 tuples are copied, each time"]);
    }

    #[test]
    fn numbers_loops_in_loops_and_glances_are_not() {
        for text in [
            "def f(a: list[float]):\n    return sorted(a)\n",
            "def f(a: list[str]):\n    return a[0]\n",
            "def f(a: list[str]):\n    n = 0\n    for x in a:\n        for y in a:\n            n += x < y\n    return n\n",
            "def f(n: int):\n    return [i * i for i in range(n)]\n",
        ] {
            assert_eq!(said(text), Vec::<String>::new(), "{text}");
        }
    }
}
