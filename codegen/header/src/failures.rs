//! The table of failures as a C array.

use hypersonic_abi::manifest::{Failure, MessagePart};
use hypersonic_abi::object::replay;
use std::fmt::Write as _;

/// Writes the table of a package; one row at least, as C wants it.
pub fn table(out: &mut String, package: &str, failures: &[Failure]) {
    let _ = writeln!(out, "static const hypersonic_failure hypersonic_failures_{package}[] = {{");
    for failure in failures {
        let message: String = match failure.message.first() {
            Some(MessagePart::Python(what, _)) => escaped(replay::words(what)),
            _ => failure.message.iter().map(part).collect(),
        };
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
        MessagePart::Argument(place, kind) if kind == "float" => format!("\\1\"\"f{place}\\2\"\""),
        MessagePart::Argument(place, kind) if kind == "int" => format!("\\1\"\"i{place}\\2\"\""),
        MessagePart::Argument(_, kind) => escaped(kind),
        // Functions with a C form make no strings.
        MessagePart::Object(_) => "...".to_owned(),
        MessagePart::Next => ", ".to_owned(),
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
