//! Signatures in comments: `# transonic def f(float[:], int)`, `# pythran export f(float[:] or int[:], int?), g(int)`.
//!
//! A comment goes on through the comment lines below it until its parenthesis is closed.

use crate::annotation::Reader;
use crate::annotation::cursor::{Cursor, Place};
use crate::annotation::spec::Spec;
use crate::exports::{Exports, KINDS};
use crate::program::Program;
use hypersonic_diagnostics::{Diagnostic, Id, Span, suggest};
use hypersonic_syntax::ast::Comment;

/// A signature written in a comment.
pub(crate) struct CommentSignature {
    /// The function's name.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) name_span: Span,
    /// From the name to the closing parenthesis.
    pub(crate) span: Span,
    /// Types of the first parameters; `None` if they could not be read.
    pub(crate) types: Option<Vec<Spec>>,
    /// What else than a function is asked for.
    pub(crate) exports: Exports,
}

const FORMS: &[(&str, &str)] = &[("transonic", "def"), ("hypersonic", "def"), ("pythran", "export"), ("hypersonic", "export")];

const HINT: &str = "write `# transonic def f(float[:, :], int)` or `# pythran export f(float[:, :], int)`";

/// Reads all signature comments of a file. `names` are the functions of its top level.
pub(crate) fn read(program: &Program, file: u32, names: &[String]) -> (Vec<CommentSignature>, Vec<Diagnostic>) {
    let parsed = &program.files[file as usize];
    let text = parsed.source.text.as_str();
    let comments: Vec<&Comment> = parsed.tree.comments.iter().filter(|comment| comment.own_line).collect();
    let mut signatures = Vec::new();
    let mut diagnostics = Vec::new();
    let mut next = 0;
    while next < comments.len() {
        let Some((found, following)) = gather(text, &comments, next, opening) else {
            next += 1;
            continue;
        };
        next = following;
        let mut reading = Reading {
            program,
            names,
            cursor: Cursor::new(&found.content, found.place(file)),
            signatures: &mut signatures,
            diagnostics: &mut diagnostics,
        };
        reading.exports();
    }
    for export in parsed.source.exports.iter().flat_map(|exports| statements(exports)) {
        // It stands in another file: what is said of it points at the beginning of this one.
        let place = Place { file, offset: None, whole: Span { file, start: 0, end: 0 } };
        let (signatures, diagnostics) = (&mut signatures, &mut diagnostics);
        Reading { program, names, cursor: Cursor::new(&export, place), signatures, diagnostics }.exports();
    }
    (signatures, diagnostics)
}

/// What stands behind `export` in a file of exports, comments left out, lines of one export put together.
fn statements(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_whitespace();
        let first = words.next();
        if first == Some("export") {
            all.push(line.trim_start()["export".len()..].to_owned());
        } else if let (Some(last), Some(_)) = (all.last_mut(), first) {
            last.push(' ');
            last.push_str(line);
        }
    }
    all
}

/// The text of a comment that goes on through the comment lines below it until its parentheses are closed.
pub(crate) struct Gathered {
    /// What stands behind the words that announce it, with white space for line ends and `#`.
    pub(crate) content: String,
    begin: usize,
    start: u32,
    end: usize,
}

impl Gathered {
    /// Where it stands.
    pub(crate) fn place(&self, file: u32) -> Place {
        let whole = Span { file, start: self.start, end: u32::try_from(self.end).unwrap_or(0) };
        Place { file, offset: u32::try_from(self.begin).ok(), whole }
    }
}

/// The comment that starts at `comments[at]`, if `opening` knows its words, and the number of the comment after it.
pub(crate) fn gather(text: &str, comments: &[&Comment], at: usize, opening: fn(&str) -> Option<usize>) -> Option<(Gathered, usize)> {
    let first = comments.get(at)?;
    let mut end = first.span.end as usize;
    let begin = first.span.start as usize + opening(&first.text)?;
    let mut content = text.get(begin..end).unwrap_or_default().to_owned();
    let mut next = at + 1;
    while is_open(&content)
        && let Some(more) = comments.get(next)
        && adjacent(text, end, more.span.start as usize)
        && opening(&more.text).is_none()
    {
        // Everything between the two comments, and the `#`, becomes white space of the same length.
        let gap = more.span.start as usize - end + more.text.len() - more.text.trim_start_matches('#').len();
        content.push_str(&" ".repeat(gap));
        content.push_str(more.text.trim_start_matches('#'));
        end = more.span.end as usize;
        next += 1;
    }
    Some((Gathered { content, begin, start: first.span.start, end }, next))
}

/// Where the signature starts in a comment that announces one.
fn opening(comment: &str) -> Option<usize> {
    announced(comment, FORMS)
}

/// Where what two words announce starts in a comment that begins with them.
pub(crate) fn announced(comment: &str, forms: &[(&str, &str)]) -> Option<usize> {
    let body = comment.trim_start_matches('#');
    // `block(` needs no white space before its parenthesis.
    let mut words = body.split(|letter: char| letter.is_whitespace() || letter == '(').filter(|word| !word.is_empty());
    let (first, second) = (words.next()?, words.next()?);
    if !forms.contains(&(first, second)) {
        return None;
    }
    let after_first = body.find(first)? + first.len();
    let after_second = after_first + body[after_first..].find(second)? + second.len();
    Some(comment.len() - body.len() + after_second)
}

fn is_open(content: &str) -> bool {
    let open = content.matches(['(', '[']).count();
    let close = content.matches([')', ']']).count();
    open > close || content.trim_end().ends_with(',')
}

/// Whether the second comment stands on the line below the first.
fn adjacent(text: &str, end: usize, start: usize) -> bool {
    let between = text.get(end..start).unwrap_or("x");
    between.trim().is_empty() && between.replace("\r\n", "\n").matches(['\n', '\r']).count() == 1
}

struct Reading<'a, 'text> {
    program: &'a Program,
    names: &'a [String],
    cursor: Cursor<'text>,
    signatures: &'a mut Vec<CommentSignature>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reading<'_, '_> {
    fn fail(&mut self, what: impl Into<String>, span: Span, label: &str, hint: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Id::BadCommentSignature, what, span, label).with_hint(hint));
    }

    /// `f(T), g(T, T), NAME`.
    fn exports(&mut self) {
        if self.cursor.at_end() {
            let here = self.cursor.whole();
            return self.fail("a comment signature has no function name", here, "no name", HINT);
        }
        loop {
            if !self.export() {
                return;
            }
            if self.cursor.take(",") {
                if self.cursor.at_end() {
                    return;
                }
                continue;
            }
            if !self.cursor.at_end() {
                let here = self.cursor.here();
                self.fail("a comment signature cannot be read", here, "not understood", HINT);
                if let Some(last) = self.signatures.last_mut() {
                    last.types = None;
                }
            }
            return;
        }
    }

    /// One of them. Whether to go on.
    fn export(&mut self) -> bool {
        let Some((mut name, mut start)) = self.cursor.word() else {
            let here = self.cursor.here();
            self.fail("a comment signature has no function name", here, "not a name", HINT);
            return false;
        };
        let mut exports = Exports::default();
        if KINDS.contains(&name) && !matches!(self.cursor.peek(), Some('(' | ',') | None) {
            exports = Exports::of_comment(name, self.cursor.span(start, start + name.len()));
            let Some(next) = self.cursor.word() else {
                let here = self.cursor.here();
                self.fail("a comment signature has no function name", here, "not a name", HINT);
                return false;
            };
            (name, start) = next;
        }
        if name == "def"
            && let Some((next, at)) = self.cursor.word()
        {
            (name, start) = (next, at);
        }
        let name_span = self.cursor.span(start, start + name.len());
        if self.cursor.peek() != Some('(') {
            // A bare name exports a global: there is nothing to compile.
            return true;
        }
        let known = self.names.iter().any(|other| other == name);
        if !known {
            let hint = suggest(name, self.names.iter().map(String::as_str)).map_or_else(
                || "the comment must name a function of this module's top level".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.fail(
                format!("a comment signature names `{name}`, which this module does not define"),
                name_span,
                "no such function",
                hint,
            );
        }
        let file = self.cursor.whole().file;
        let function = self.program.functions(file).into_iter().find(|function| function.name == name);
        let texts = function.map(|function| crate::texts::of_parameters(self.program, file, &function)).unwrap_or_default();
        let mut reader = Reader::new(self.program, name).with_texts(texts).with_pointers(exports.capsule.is_some());
        let types = reader.parameter_list(&mut self.cursor);
        let complete = types.is_some();
        let span = self.cursor.span(start, self.cursor.position());
        if known {
            self.diagnostics.extend(reader.finish(span));
            self.signatures.push(CommentSignature { name: name.to_owned(), name_span, span, types, exports });
        }
        complete
    }
}

impl Reader<'_> {
    /// `(T, T?, T)`. `None` if it could not be read.
    fn parameter_list(&mut self, cursor: &mut Cursor<'_>) -> Option<Vec<Spec>> {
        let open = cursor.here();
        cursor.take("(");
        let mut types = Vec::new();
        if cursor.take(")") {
            return Some(types);
        }
        loop {
            self.at_parameter(types.len());
            types.push(self.alternatives(cursor)?.with_python_scalars());
            cursor.take("?");
            if cursor.take(")") {
                return Some(types);
            }
            if cursor.take(",") {
                if cursor.take(")") {
                    return Some(types);
                }
                continue;
            }
            return if cursor.at_end() {
                self.comment_error(
                    "a comment signature is not closed",
                    open,
                    "opened here",
                    "add `)`; further lines must be comments right below",
                )
            } else {
                let here = cursor.here();
                self.comment_error("a comment signature cannot be read", here, "not understood", HINT)
            };
        }
    }
}
