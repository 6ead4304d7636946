//! A text that is being read, and where each of its bytes stands in the file.

use hypersonic_diagnostics::Span;

/// Where a text stands in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The module whose names it uses, and the file.
    pub(crate) file: u32,
    /// The byte of the file at which the text starts; `None` if it is not verbatim there (escapes).
    pub(crate) offset: Option<u32>,
    /// What to point at otherwise.
    pub(crate) whole: Span,
}

/// A text that is being read.
pub(crate) struct Cursor<'text> {
    pub(super) text: &'text str,
    pub(super) at: usize,
    pub(super) place: Place,
}

impl<'text> Cursor<'text> {
    pub(crate) const fn new(text: &'text str, place: Place) -> Self {
        Self { text, at: 0, place }
    }

    pub(crate) fn span(&self, from: usize, to: usize) -> Span {
        match self.place.offset {
            None => self.place.whole,
            Some(offset) => {
                let byte = |place: usize| offset + u32::try_from(place).unwrap_or(0);
                Span { file: self.place.whole.file, start: byte(from), end: byte(to.max(from)) }
            }
        }
    }

    /// All of it, with its quotes or comment signs.
    pub(crate) const fn whole(&self) -> Span {
        self.place.whole
    }

    /// The character at which reading stopped.
    pub(crate) fn here(&self) -> Span {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        self.span(self.at, self.at + width)
    }

    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'text str {
        &self.text[self.at..]
    }

    pub(crate) fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    pub(crate) fn at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.text.len()
    }

    /// Takes a piece of punctuation if it comes next.
    pub(crate) fn take(&mut self, wanted: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    pub(crate) fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.rest().chars().next()
    }

    /// A name, dotted if it is.
    pub(crate) fn word(&mut self) -> Option<(&'text str, usize)> {
        self.skip_space();
        let rest = self.rest();
        let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '.')).unwrap_or(rest.len());
        let word = rest[..end].trim_end_matches('.');
        if word.is_empty() || word.starts_with(|letter: char| letter.is_numeric() || letter == '.') {
            return None;
        }
        let start = self.at;
        self.at += word.len();
        Some((word, start))
    }

    pub(crate) fn take_word(&mut self, wanted: &str) -> bool {
        let before = self.at;
        if matches!(self.word(), Some((word, _)) if word == wanted) {
            return true;
        }
        self.at = before;
        false
    }

    /// From `start` to the end of the bracket that opens here; strings are skipped.
    pub(super) fn bracketed(&mut self, start: usize) -> Option<&'text str> {
        let mut depth = 0usize;
        let mut quote = None;
        for (place, letter) in self.rest().char_indices() {
            match (quote, letter) {
                (Some(open), _) if open == letter => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(letter),
                (None, '[' | '(') => depth += 1,
                (None, ']' | ')') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.at += place + 1;
                        return Some(&self.text[start..self.at]);
                    }
                }
                _ => {}
            }
        }
        None
    }
}
