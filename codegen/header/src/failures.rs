//! The table of failures as a C array.

use hypersonic_abi::manifest::{Failure, MessagePart};
use hypersonic_abi::object::replay;
use std::fmt::Write as _;

/// What is said where a call from Python would go on in Python.
const ONLY_PYTHON: &str = "only Python can compute this";

/// Writes the table of a package; one row at least, as C wants it.
pub fn table(out: &mut String, package: &str, failures: &[Failure]) {
    let _ = writeln!(out, "static const hypersonic_failure hypersonic_failures_{package}[] = {{");
    for failure in failures {
        let mut message: String = match failure.message.first() {
            Some(MessagePart::Python(what, _)) => escaped(replay::words(what)),
            _ => failure.message.iter().map(part).collect(),
        };
        if message.is_empty() && failure.exception == "NotImplementedError" {
            message.push_str(ONLY_PYTHON);
        }
        let _ = writeln!(out, "    {{\"{}\", \"{message}\", {}}},", escaped(&failure.exception), failure.line);
    }
    if failures.is_empty() {
        out.push_str("    {\"RuntimeError\", \"\", 0},\n");
    }
    out.push_str("};\n\n");
}

fn part(part: &MessagePart) -> String {
    match part {
        MessagePart::Text(text) => escaped(text),
        MessagePart::Python(..) => String::new(),
        MessagePart::Int(place, spec) => format!("\\1\"\"i{place}{}\\2\"\"", escaped(spec)),
        MessagePart::Float(place, spec) => format!("\\1\"\"f{place}{}\\2\"\"", escaped(spec)),
    }
}

/// The inside of a C string literal. A new literal begins behind every octal escape, so that no digit joins it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            // No trigraphs.
            b'?' => out.push_str("\\?"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{byte:03o}\"\"");
            }
        }
    }
    out
}
