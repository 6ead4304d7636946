//! "Did you mean", as a hint.

use hypersonic_diagnostics::suggest;

/// "did you mean `x`?", or else the list of what is known.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    match suggest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are: {}", known.join(", ")),
    }
}
