//! The words of PTX, with their lines. Comments are dropped here.

/// A word, a number or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, a register, a directive or an opcode, with its dots.
    Word(String),
    /// Digits as they stand.
    Number(String),
    /// Anything else.
    Sign(char),
}

/// Takes a text apart.
#[must_use]
pub fn tokens(text: &str) -> Vec<(Token, usize)> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    let mut line = 1;
    while let Some((start, first)) = rest.next() {
        let mut end = start + first.len_utf8();
        let mut extend = |belongs: fn(char) -> bool| {
            while let Some((place, next)) = rest.next_if(|(_, next)| belongs(*next)) {
                end = place + next.len_utf8();
            }
            text[start..end].to_owned()
        };
        if first == '\n' {
            line += 1;
        } else if first.is_whitespace() {
        } else if text[start..].starts_with("//") {
            extend(|next| next != '\n');
        } else if first.is_ascii_digit() {
            found.push((Token::Number(extend(|next| next.is_ascii_alphanumeric() || next == '.')), line));
        } else if first.is_ascii_alphabetic() || "_$%.".contains(first) {
            found.push((Token::Word(extend(|next| next.is_ascii_alphanumeric() || "_$%.".contains(next))), line));
        } else {
            found.push((Token::Sign(first), line));
        }
    }
    found
}
