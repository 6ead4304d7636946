//! Rust source with comments and literals blanked out, so that words in it are code.

/// The code alone: comments, strings and characters become spaces; line breaks stay.
#[must_use]
pub fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        if end > at {
            out.extend(text[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            let character = text[at..].chars().next().unwrap_or(' ');
            out.push(character);
            at += character.len_utf8();
        }
    }
    out
}

/// One past a comment or literal that starts at `at`; `at` itself if none does.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let after_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if rest.starts_with(b"//") {
        return at + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }
    if rest.starts_with(b"/*") {
        return rest.windows(2).position(|pair| pair == b"*/").map_or(bytes.len(), |end| at + end + 2);
    }
    if rest[0] == b'r' && !after_word {
        let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
            let body = &rest[2 + hashes..];
            return body
                .windows(close.len())
                .position(|window| window == close)
                .map_or(bytes.len(), |end| at + 2 + hashes + end + close.len());
        }
    }
    match rest[0] {
        b'"' => at + quoted_length(rest, b'"'),
        b'\'' if rest.get(1) == Some(&b'\\') => at + quoted_length(rest, b'\''),
        // A character, not a lifetime: its closing quote is one character away.
        b'\'' => rest
            .iter()
            .skip(2)
            .take(4)
            .position(|&byte| byte == b'\'')
            .filter(|&length| length == 0 || !rest[1].is_ascii())
            .map_or(at, |length| at + length + 3),
        _ => at,
    }
}

fn quoted_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::code_of;

    #[test]
    fn comments_and_literals_go_and_lines_stay() {
        for (text, code) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b\n */ c", "a     \n    c"),
            ("f(\"x\\\"{\", 'y')", "f(      ,    )"),
            ("f<'a>(x: &'a T)", "f<'a>(x: &'a T)"),
            ("r#\"{\"}\"# }", "         }"),
            ("'\\'' {", "     {"),
            ("b'{' b\"{\"", "b    b   "),
        ] {
            assert_eq!(code_of(text), code, "{text}");
        }
    }
}
