//! How deep a file may be nested, found before it is parsed, so that no later recursion can overrun the stack.
//!
//! The depth is an upper bound taken from tokens alone: blocks and brackets that are open, plus the operators and keywords
//! since the last comma at each open level. It refuses nothing itself.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};
use std::ops::Range;

/// Statements and expressions nested deeper than this become `Other` nodes named [`TOO_DEEP`].
pub const MAX_DEPTH: usize = 200;

/// A file whose bound on the depth is larger than this is not parsed.
pub const MAX_FILE_DEPTH: usize = 10_000;

/// The name of an `Other` node that stands for a part nested deeper than [`MAX_DEPTH`].
pub const TOO_DEEP: &str = "a part nested more than 200 levels deep";

/// Longest text that is parsed as an expression on its own.
pub(crate) const MAX_EXPRESSION_TEXT: usize = 65_536;

/// Python itself refuses more than 100 levels of indentation and 200 of brackets; these are far beyond.
const MAX_INDENT_COLUMNS: usize = 1_000;

/// Bytes of stack per level of depth, generous: the parser, the lowering and the dropping of the tree.
const STACK_PER_LEVEL: usize = 16 * 1024;

/// The bound on the depth of a text; it stops soon after [`MAX_FILE_DEPTH`].
pub(crate) fn depth(text: &str) -> usize {
    // The parser recovers from errors by leaving brackets; then only white space tells the depth of blocks.
    if deep_indent(text).is_some() {
        return MAX_FILE_DEPTH + 1;
    }
    let mut scan = Scan::default();
    let mut lexer = lexer::lex(text, Mode::Module);
    loop {
        let kind = lexer.next_token();
        if kind == TokenKind::EndOfFile || scan.deepest > MAX_FILE_DEPTH {
            return scan.deepest;
        }
        scan.token(kind);
    }
}

/// Where a text gets deeper than [`MAX_FILE_DEPTH`]: the lexer does not tell places, so the shortest prefix that is too deep is sought.
pub(crate) fn too_deep_at(text: &str) -> Range<usize> {
    if let Some(indent) = deep_indent(text) {
        return indent;
    }
    let (mut fine, mut deep) = (0, text.len());
    while deep - fine > 1 {
        let middle = fine.midpoint(deep);
        if depth(&text[..text.floor_char_boundary(middle)]) > MAX_FILE_DEPTH {
            deep = middle;
        } else {
            fine = middle;
        }
    }
    text.floor_char_boundary(fine)..text.ceil_char_boundary(deep)
}

#[derive(Default)]
struct Scan {
    blocks: usize,
    /// Per open bracket: what was counted when it was opened.
    open: Vec<usize>,
    /// Sum of the counts of the enclosing levels.
    enclosing: usize,
    /// Operators since the last comma at this level.
    since_comma: usize,
    /// Lambdas at this level: their commas do not end them.
    lambdas: usize,
    deepest: usize,
}

impl Scan {
    fn token(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::Indent => self.blocks += 1,
            TokenKind::Dedent => self.blocks = self.blocks.saturating_sub(1),
            TokenKind::Newline | TokenKind::Semi => {
                self.open.clear();
                (self.enclosing, self.since_comma, self.lambdas) = (0, 0, 0);
            }
            TokenKind::Comma => self.since_comma = self.lambdas,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart | TokenKind::TStringStart => {
                let here = self.since_comma + 1;
                self.open.push(here);
                self.enclosing += here;
                (self.since_comma, self.lambdas) = (0, 0);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                let here = self.open.pop().unwrap_or(0);
                self.enclosing -= here;
                self.since_comma = here;
            }
            TokenKind::Name | TokenKind::String | TokenKind::Int | TokenKind::Float | TokenKind::Complex => {}
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::FStringMiddle | TokenKind::TStringMiddle => {}
            TokenKind::Lambda => {
                self.lambdas += 1;
                self.since_comma += 1;
            }
            _ => self.since_comma += 1,
        }
        self.deepest = self.deepest.max(self.enclosing + self.since_comma + 3 * self.blocks);
    }
}

fn deep_indent(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t', '\u{c}']).len();
        if indent > MAX_INDENT_COLUMNS && !line.trim().is_empty() {
            return Some(start..start + indent);
        }
        start += line.len();
    }
    None
}

/// Runs `work` on a stack that suits the depth. `None` if no such stack could be had.
pub(crate) fn with_stack_for<T: Send>(depth: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    if depth <= MAX_DEPTH / 2 {
        return Some(work());
    }
    std::thread::scope(|scope| {
        let stack = (8 << 20) + depth * STACK_PER_LEVEL;
        std::thread::Builder::new().name("parse".to_owned()).stack_size(stack).spawn_scoped(scope, work).ok()?.join().ok()
    })
}
