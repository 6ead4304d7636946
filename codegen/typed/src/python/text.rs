//! Literals as Python writes them.

use std::fmt::Write;

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The inside of a string literal in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(character),
            _ if character.is_alphanumeric() => out.push(character),
            _ => {
                let code = u32::from(character);
                let _ = if code <= 0xffff { write!(out, "\\u{code:04x}") } else { write!(out, "\\U{code:08x}") };
            }
        }
    }
    out
}

/// A float; infinities and NaN need `math`.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        "math.nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "math.inf".to_owned() } else { "-math.inf".to_owned() }
    } else {
        format!("{value:?}")
    }
}
