//! What `%` of a string asks for, said as `format` takes it.

use crate::objects::texts::{REPR, STR};
use hypersonic_ops::{Flavor, Kind, Type};

/// For `%options kind` of a value: what it is made by first (`str`, `repr`), and the format spec then. None if there is none.
pub(crate) fn spec(options: &str, kind: u8, ty: &Type) -> Option<(Option<i64>, String)> {
    let flags_end = options.find(|c| !"-+ #0".contains(c)).unwrap_or(options.len());
    let (flags, size) = options.split_at(flags_end);
    let (width, precision) = match size.split_once('.') {
        Some((width, precision)) => (width, Some(if precision.is_empty() { "0" } else { precision })),
        None => (size, None),
    };
    if !width.chars().chain(precision.unwrap_or_default().chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let left = flags.contains('-');
    let number = match ty {
        Type::Scalar(dtype, _) => Some(dtype.kind()),
        _ => None,
    };
    let text_spec = || match (width, precision) {
        ("", None) => String::new(),
        (width, precision) => {
            let precision = precision.map(|digits| format!(".{digits}")).unwrap_or_default();
            format!("{}{width}{precision}", if left { "<" } else { ">" })
        }
    };
    match kind {
        b's' | b'r' if flags.chars().all(|flag| flag == '-') => {
            let what = if kind == b'r' { REPR } else { STR };
            match ty {
                Type::Scalar(_, Flavor::Python) | Type::None | Type::Str | Type::Text(_) => {}
                // Shown by NumPy, whose way of it depends on its version.
                Type::Scalar(..) if kind == b's' => {}
                _ if ty.is_bytes() => {}
                Type::Tuple(_) if kind == b's' && options.is_empty() => return Some((None, String::new())),
                _ => return None,
            }
            // A number that is put in as it is needs no string of its own.
            let plain =
                options.is_empty() && matches!(number, Some(Kind::Integer | Kind::Float)) && matches!(ty, Type::Scalar(_, Flavor::Python));
            Some((if plain { None } else { Some(what) }, text_spec()))
        }
        b'd' | b'i' | b'u' | b'x' | b'X' | b'o' if matches!(number, Some(Kind::Integer | Kind::Bool)) && precision.is_none() => {
            if number == Some(Kind::Bool) && matches!(ty, Type::Scalar(_, Flavor::Numpy)) {
                return None;
            }
            let kind = if matches!(kind, b'i' | b'u') { 'd' } else { char::from(kind) };
            // `format` has no `#` for decimal numbers that does anything, and writes `0X` as `%` does.
            Some((None, format!("{}{kind}", numeric(flags, width, None, kind != 'd'))))
        }
        b'f' | b'e' | b'g' | b'F' | b'E' | b'G' if number.is_some_and(|kind| kind != Kind::Complex) && number != Some(Kind::Bool) => {
            Some((None, format!("{}{}", numeric(flags, width, precision, true), char::from(kind))))
        }
        _ => None,
    }
}

/// Alignment, sign, `#`, zeros, width and precision of a number.
fn numeric(flags: &str, width: &str, precision: Option<&str>, alternate: bool) -> String {
    let left = flags.contains('-');
    let sign = if flags.contains('+') {
        "+"
    } else if flags.contains(' ') {
        " "
    } else {
        ""
    };
    let alternate = if alternate && flags.contains('#') { "#" } else { "" };
    let zeros = if !left && flags.contains('0') && !width.is_empty() { "0" } else { "" };
    let align = if left && !width.is_empty() { "<" } else { "" };
    let precision = precision.map(|digits| format!(".{digits}")).unwrap_or_default();
    format!("{align}{sign}{alternate}{zeros}{width}{precision}")
}

#[cfg(test)]
mod tests {
    use super::spec;
    use hypersonic_ops::Type;

    #[test]
    fn flags_and_sizes_become_a_format() {
        let of = |options, kind, ty: &Type| spec(options, kind, ty).map(|(_, spec)| spec);
        assert_eq!(of("-5", b'd', &Type::INT).as_deref(), Some("<5d"));
        assert_eq!(of("05", b'd', &Type::INT).as_deref(), Some("05d"));
        assert_eq!(of("#06", b'x', &Type::INT).as_deref(), Some("#06x"));
        assert_eq!(of("+5.2", b'f', &Type::FLOAT).as_deref(), Some("+5.2f"));
        assert_eq!(of("5.2", b's', &Type::Str).as_deref(), Some(">5.2"));
        assert_eq!(of("-5", b's', &Type::Str).as_deref(), Some("<5"));
        assert_eq!(of(".3", b'd', &Type::INT), None);
        assert_eq!(of("", b'x', &Type::FLOAT), None);
        assert_eq!(of("*", b'd', &Type::INT), None);
    }
}
