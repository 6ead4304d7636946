//! Source text to syntax tree. The only room that names the Python parser.
//!
//! [`parse`] takes the text of one file and gives our own tree ([`ast`]) or the syntax errors. It refuses what would
//! need unbounded recursion: a file nested beyond [`MAX_FILE_DEPTH`] is reported as too complex, and a statement or
//! expression nested beyond [`MAX_DEPTH`] becomes an `Other` node named [`TOO_DEEP`]. It resolves no name and knows no type.

pub mod ast;
mod expressions;
mod imports;
mod limits;
mod names;
mod patterns;
mod statements;

use ast::{Comment, Span};
use hypersonic_diagnostics::{Diagnostic, Id};
use ruff_python_ast::Mod;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, Parsed};
use ruff_text_size::{Ranged, TextRange};

pub use imports::{Import, ImportForm, imports};
pub use limits::{MAX_DEPTH, MAX_FILE_DEPTH, TOO_DEEP};

/// One mistake often brings many in its train: no more are reported of one file.
const MAX_SYNTAX_ERRORS: usize = 20;

/// Parses a file. `file` is its index, for the spans.
///
/// # Errors
/// All syntax errors of the file, or one [`Id::TooComplex`].
pub fn parse(text: &str, file: u32) -> Result<ast::Module, Vec<Diagnostic>> {
    with_parsed(text, file, |parsed| lower(text, file, parsed))
}

/// Does something with a parsed file, on a stack that is large enough for how deeply the file is nested.
fn with_parsed<T: Send>(text: &str, file: u32, work: impl FnOnce(&Parsed<Mod>) -> T + Send) -> Result<T, Vec<Diagnostic>> {
    if u32::try_from(text.len()).is_err() {
        return Err(vec![too_complex(file, 0..0, "the file is larger than 4 GiB")]);
    }
    let depth = limits::depth(text);
    if depth > MAX_FILE_DEPTH {
        return Err(vec![too_complex(file, limits::too_deep_at(text), "nested too deeply here")]);
    }
    let guarded = || {
        let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(Mode::Module));
        if parsed.has_invalid_syntax() {
            let errors = parsed.errors().iter().take(MAX_SYNTAX_ERRORS);
            return Err(errors.map(|error| syntax_error(text, file, error.location, &error.error.to_string())).collect());
        }
        Ok(work(&parsed))
    };
    limits::with_stack_for(depth, guarded).unwrap_or_else(|| Err(vec![too_complex(file, 0..0, "nested too deeply for the memory at hand")]))
}

/// Parses a single expression, such as the text of a string annotation. `offset` is added to every place.
///
/// # Errors
/// One message and its place if the text is not an expression.
pub fn parse_expression(text: &str, file: u32, offset: u32) -> Result<ast::Expr, (Span, String)> {
    let whole = Span { file, start: offset, end: offset.saturating_add(u32::try_from(text.len()).unwrap_or(0)) };
    if text.len() > limits::MAX_EXPRESSION_TEXT || limits::depth(text) > MAX_DEPTH {
        return Err((whole, "it is nested too deeply".to_owned()));
    }
    match ruff_python_parser::parse_expression(text) {
        Ok(parsed) => Ok(Lowering::new(text, file, offset).expression(&parsed.syntax().body)),
        Err(error) => {
            let range = error.location;
            let span = Span { file, start: offset + range.start().to_u32(), end: offset + range.end().to_u32() };
            Err((span, lower_first(&error.error.to_string())))
        }
    }
}

fn lower(text: &str, file: u32, parsed: &Parsed<Mod>) -> ast::Module {
    let mut lowering = Lowering::new(text, file, 0);
    let comments =
        parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Comment).map(|token| lowering.comment(token.range())).collect();
    let body = match parsed.syntax() {
        Mod::Module(module) => lowering.suite(&module.body),
        Mod::Expression(_) => Vec::new(),
    };
    lowering.hidden_names.sort_unstable();
    lowering.hidden_names.dedup();
    ast::Module { body, comments, hidden_names: lowering.hidden_names }
}

/// The state of turning one parsed file into our tree.
struct Lowering<'text> {
    text: &'text str,
    file: u32,
    offset: u32,
    depth: usize,
    hidden_names: Vec<String>,
}

impl<'text> Lowering<'text> {
    const fn new(text: &'text str, file: u32, offset: u32) -> Self {
        Self { text, file, offset, depth: 0, hidden_names: Vec::new() }
    }

    fn span(&self, range: TextRange) -> Span {
        Span { file: self.file, start: self.offset + range.start().to_u32(), end: self.offset + range.end().to_u32() }
    }

    fn slice(&self, range: TextRange) -> &'text str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    fn comment(&self, range: TextRange) -> Comment {
        let before = self.text.get(..range.start().to_usize()).unwrap_or_default();
        let own_line = before
            .chars()
            .rev()
            .find(|character| !matches!(character, ' ' | '\t' | '\u{c}' | '\u{feff}'))
            .is_none_or(|character| matches!(character, '\n' | '\r'));
        Comment { span: self.span(range), text: self.slice(range).to_owned(), own_line }
    }
}

fn syntax_error(text: &str, file: u32, range: TextRange, message: &str) -> Diagnostic {
    let (mut start, mut end) = (range.start().to_usize().min(text.len()), range.end().to_usize().min(text.len()));
    if start == end {
        // A place between tokens: show the character there, or the last one of the file.
        end = text[start..].chars().next().filter(|next| !matches!(next, '\n' | '\r')).map_or(end, |next| start + next.len_utf8());
        if start == end && start == text.len() {
            start = text.trim_end().char_indices().next_back().map_or(start, |(place, _)| place);
        }
    }
    let span = Span { file, start: u32::try_from(start).unwrap_or(0), end: u32::try_from(end).unwrap_or(0) };
    Diagnostic::new(Id::SyntaxError, format!("this file is not valid Python: {}", lower_first(message)), span, "here")
        .with_hint("correct the syntax; until then the file is packed as it is and nothing of it is compiled")
}

fn too_complex(file: u32, place: std::ops::Range<usize>, label: &str) -> Diagnostic {
    let span = Span { file, start: u32::try_from(place.start).unwrap_or(0), end: u32::try_from(place.end).unwrap_or(0) };
    Diagnostic::new(Id::TooComplex, "this file is nested too deeply to compile", span, label)
        .with_hint("split the expression or the blocks into functions or intermediate variables")
}

/// Messages of ours start in lower case; the parser's in upper case.
fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) if letters.clone().next().is_some_and(char::is_lowercase) => first.to_lowercase().chain(letters).collect(),
        _ => message.to_owned(),
    }
}
