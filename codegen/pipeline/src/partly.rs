//! A function of which some signatures compile: one diagnostic that names those that stay Python, in place of all their causes.

use crate::unit::signature_text;
use hypersonic_diagnostics::{Diagnostic, Id};
use hypersonic_scan::{Boosted, ParameterType, Signature};

/// Signatures that are named; of more there is a count.
const MAX_NAMED: usize = 3;

/// What is said of a function, given why each of its failed signatures has no unit. Mistakes of ours are all kept.
pub fn diagnostics(function: &Boosted, failed: Vec<(usize, Vec<Diagnostic>)>) -> Vec<Diagnostic> {
    let places: Vec<usize> = failed.iter().map(|(at, _)| *at).collect();
    let causes = failed.into_iter().flat_map(|(at, found)| found.into_iter().map(move |found| (at, found)));
    let (mut kept, causes): (Vec<_>, Vec<_>) = causes.partition(|(_, found)| found.id == Id::Internal);
    let first = causes.into_iter().next().map(|(at, cause)| (at, summary(function, &places, at, cause)));
    kept.extend(first);
    kept.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

fn summary(function: &Boosted, failed: &[usize], at: usize, cause: Diagnostic) -> Diagnostic {
    let all = function.signatures.len();
    let title = format!("`{}` is compiled for {} of {all} signatures", function.qualname, all - failed.len());
    let mut named: Vec<String> = failed.iter().take(MAX_NAMED).map(|at| format!("`{}`", signature_text(function, *at))).collect();
    if failed.len() > MAX_NAMED {
        named.push(format!("{} more", failed.len() - MAX_NAMED));
    }
    let mut text = format!("`{}`: {}", signature_text(function, at), cause.title);
    if !cause.text.is_empty() {
        text += &format!("\n{}", cause.text);
    }
    text += &format!("\nstay Python: {}", named.join(", "));
    let hint = rank_hint(function, failed).or(cause.hint);
    Diagnostic { id: Id::PartlyCompiled, title, text, labels: cause.labels, hint }
}

/// Where the first failed signature differs from one that is compiled in ranks alone, the rank is to be written.
fn rank_hint(function: &Boosted, failed: &[usize]) -> Option<String> {
    let refused = &function.signatures[*failed.first()?];
    let compiled = function.signatures.iter().enumerate().filter(|(at, _)| !failed.contains(at)).map(|(_, signature)| signature);
    let (place, meant) = compiled.into_iter().find_map(|signature| other_rank(signature, refused))?;
    let attributes = function.method.iter().flat_map(|method| &method.attributes);
    let receiver = function.method.as_ref().is_some_and(|method| method.method.kind.has_receiver());
    let parameters = function.definition.parameters.iter().skip(usize::from(receiver)).map(|parameter| &parameter.name);
    let name = attributes.chain(parameters).nth(place)?;
    Some(format!("if the other ranks are not meant, write the rank: `{name}: \"{meant}\"`"))
}

/// The first parameter whose rank differs, if nothing else does.
fn other_rank<'s>(compiled: &'s Signature, refused: &Signature) -> Option<(usize, &'s ParameterType)> {
    let mut first = None;
    for (place, (here, there)) in compiled.parameters.iter().zip(&refused.parameters).enumerate() {
        match (here, there) {
            (ParameterType::Array { dtype, ndim, .. }, ParameterType::Array { dtype: other, ndim: rank, .. }) if dtype == other => {
                if ndim != rank && first.is_none() {
                    first = Some((place, here));
                }
            }
            _ if here == there => {}
            _ => return None,
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use crate::{Output, SourceFile, check};

    fn checked(text: &str) -> Output {
        let text = format!("from hypersonic import boost\nimport numpy as np\nfrom numpy.typing import NDArray\n\n\n@boost\n{text}");
        check(vec![SourceFile { path: "a.py".to_owned(), module: "a".to_owned(), is_package: false, text, exports: None }], false)
    }

    #[test]
    fn one_diagnostic_names_the_signatures_that_stay_python() {
        let output = checked("def f(x: NDArray[np.float64]):\n    s = 0.0\n    for i in range(len(x)):\n        s += x[i]\n    return s\n");
        let [found] = output.diagnostics.as_slice() else { panic!("{:#?}", output.diagnostics) };
        assert_eq!((found.id.code(), found.title.as_str()), ("HS0213", "`f` is compiled for 1 of 3 signatures"));
        assert!(found.text.contains("`f(float64[:, :])`: `s` has types"), "{}", found.text);
        assert!(found.text.ends_with("stay Python: `f(float64[:, :])`, `f(float64[:, :, :])`"), "{}", found.text);
        assert_eq!(found.hint.as_deref(), Some("if the other ranks are not meant, write the rank: `x: \"float64[:]\"`"));
    }

    #[test]
    fn what_does_not_compile_at_all_keeps_every_cause() {
        let output = checked("def f(x: NDArray[np.float64]):\n    y = sorted(x)\n    return eval(\"x\")\n");
        assert!(output.diagnostics.len() >= 2, "{:#?}", output.diagnostics);
        assert!(output.diagnostics.iter().all(|found| found.id.code() != "HS0213"));
    }

    #[test]
    fn other_differences_than_ranks_say_nothing_of_ranks() {
        let output = checked("def f(x: \"int | float[:]\"):\n    return x.shape[0]\n");
        let [found] = output.diagnostics.as_slice() else { panic!("{:#?}", output.diagnostics) };
        assert!(found.text.ends_with("stay Python: `f(int)`"), "{}", found.text);
        assert!(!found.hint.clone().unwrap_or_default().contains("rank"), "{:#?}", found.hint);
    }

    #[test]
    fn of_many_signatures_there_is_a_count() {
        let head = "def f(x: \"float[:] | float[:, :]\", a: \"int | float\", b: \"int | float\"):\n";
        let output = checked(&format!("{head}    s = 0.0\n    for i in range(len(x)):\n        s += a * x[i] + b\n    return s\n"));
        let [found] = output.diagnostics.as_slice() else { panic!("{:#?}", output.diagnostics) };
        assert_eq!(found.title, "`f` is compiled for 4 of 8 signatures");
        assert!(found.text.ends_with(", 1 more"), "{}", found.text);
    }
}
