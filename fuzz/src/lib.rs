//! From source text to IR, and texts that are nearly Python.

use hypersonic_pipeline::{SourceFile, check};

/// Compiles a text up to machine code, as `hypersonic check` does. Gives what an error of the compiler itself says.
#[must_use]
pub fn source_to_ir(text: &str) -> Option<String> {
    let file = SourceFile { path: "fuzzed.py".to_owned(), module: "fuzzed".to_owned(), text: text.to_owned(), is_package: false, exports: None };
    let output = check(vec![file], true);
    output.diagnostics.iter().find(|diagnostic| diagnostic.id.code() == "HS0901").map(|diagnostic| diagnostic.title.clone())
}

/// Numbers that are the same on every machine (SplitMix64).
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next one below a limit above 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default() % limit.max(1)
    }
}

/// What is put in place of other words.
const WORDS: &[&str] = &[
    "0", "1", "-1", "2.5", "1j", "True", "None", "''", "'a'", "[]", "{}", "()", "x", "self", "int", "float", "str", "list", "dict", "set",
    "tuple", "np", "math", "range", "len", "sum", "max", "sorted", "zip", "enumerate", "lambda x: x", "yield", "return", "raise", "try:",
    "except:", "finally:", "if", "else:", "for", "while", "in", "is", "not", "and", "or", "+", "-", "*", "/", "//", "%", "**", "@", "<", "==",
    "=", "+=", ":=", ":", ",", ".", "(", ")", "[", "]", "{", "}", "@boost", "def", "class", "match", "case", "break", "continue", "del",
    "9223372036854775807", "9223372036854775808", "1e308", "float[:]", "float[:, :]", "...", "_", "*", "**", "f'{x}'", "nonlocal", "global",
];

/// A piece of text: a word, a number, a sign, or space.
fn pieces(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let kind = |c: char| if c.is_alphanumeric() || c == '_' { 0 } else if c == ' ' { 1 } else { 2 };
    let mut last = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if last.is_some_and(|last| last != this || this == 2) {
            found.push(&text[start..at]);
            start = at;
        }
        last = Some(this);
    }
    found.push(&text[start..]);
    found
}

/// A text made of two others by a few changes.
#[must_use]
pub fn mutated(one: &str, other: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<String> = one.lines().map(str::to_owned).collect();
    let others: Vec<&str> = other.lines().collect();
    for _ in 0..=numbers.below(6) {
        if lines.is_empty() {
            break;
        }
        let at = numbers.below(lines.len());
        match numbers.below(9) {
            0 => drop(lines.remove(at)),
            1 => {
                let line = lines[numbers.below(lines.len())].clone();
                lines.insert(at, line);
            }
            2 if !others.is_empty() => {
                let indent: String = lines[at].chars().take_while(|c| *c == ' ').collect();
                lines.insert(at, format!("{indent}{}", others[numbers.below(others.len())].trim_start()));
            }
            3 => {
                let to = numbers.below(lines.len());
                lines.swap(at, to);
            }
            4 => lines[at] = format!("    {}", lines[at]),
            5 => lines[at] = lines[at].strip_prefix("    ").unwrap_or(&lines[at]).to_owned(),
            _ => {
                let line = lines[at].clone();
                let mut words: Vec<&str> = pieces(&line).into_iter().collect();
                let place = numbers.below(words.len());
                match numbers.below(4) {
                    0 => drop(words.remove(place)),
                    1 => words.insert(place, WORDS[numbers.below(WORDS.len())]),
                    2 => words[place] = words[numbers.below(words.len())],
                    _ => words[place] = WORDS[numbers.below(WORDS.len())],
                }
                lines[at] = words.concat();
            }
        }
    }
    lines.join("\n") + "\n"
}
