//! Names that C takes: of functions, of parameters, of the suffix that tells signatures apart.

use hypersonic_abi::manifest::{Literal, Signature, ValueType};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Words that C, C++ or their first headers keep for themselves, sorted.
const KEYWORDS: [&str; 91] = [
    "EOF",
    "NULL",
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "class",
    "compl",
    "concept",
    "const",
    "constexpr",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "linux",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
];

/// A C identifier for a dotted or Unicode name.
pub fn identifier(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => out.push(letter),
            '.' => out.push('_'),
            _ => {
                let _ = write!(out, "u{:x}", u32::from(letter));
            }
        }
    }
    if KEYWORDS.binary_search(&out.as_str()).is_ok() || out.is_empty() {
        out.push('_');
    }
    out
}

/// Names in one scope: none twice.
#[derive(Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// The name, with as many underscores behind it as make it new.
    pub fn fresh(&mut self, name: &str) -> String {
        let mut name = identifier(name);
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

/// What tells a signature from the others of its function: `float64_1d_int64`.
pub fn suffix(signature: &Signature) -> String {
    let parts: Vec<String> = signature.parameters.iter().map(word).collect();
    if parts.is_empty() { "void".to_owned() } else { parts.join("_") }
}

fn word(kind: &ValueType) -> String {
    match kind {
        ValueType::None => "none".to_owned(),
        ValueType::Python(name) => crate::ctype::dtype_of(name).to_owned(),
        ValueType::Numpy(name) | ValueType::Type(name) | ValueType::Module(name) => name.clone(),
        ValueType::Array { dtype, ndim, extents, order } => {
            let order = order.as_deref().unwrap_or_default().to_lowercase();
            let extents: String = extents.iter().flatten().map(|extent| format!("_{extent}")).collect();
            format!("{dtype}_{ndim}d{order}{extents}")
        }
        ValueType::Tuple(items) | ValueType::Slice(items) => items.iter().map(word).collect::<Vec<_>>().join("_"),
        ValueType::Named(named) => word(&named.value),
        ValueType::Literal(Literal::Bool(value)) => value.to_string(),
        ValueType::Literal(Literal::Int(value)) => value.to_string().replace('-', "minus"),
        ValueType::Literal(Literal::Text(text)) => identifier(text),
        ValueType::List(_)
        | ValueType::Sequence(_)
        | ValueType::Set(_)
        | ValueType::Dict(_)
        | ValueType::Special(..)
        | ValueType::Str
        | ValueType::Callable(_)
        | ValueType::This
        | ValueType::Optional(_) => "object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_c() {
        assert!(KEYWORDS.is_sorted());
        assert_eq!(identifier("a.b"), "a_b");
        assert_eq!(identifier("int"), "int_");
        assert_eq!(identifier("ψ"), "u3c8");
        let mut taken = Taken::default();
        assert_eq!([taken.fresh("x"), taken.fresh("x"), taken.fresh("x_")], ["x", "x_", "x__"]);
    }
}
