//! Types as text: `"float[:, :] or int"`, `"complex128[][]"`, `"(int, float[:])"`, the language of Transonic and Pythran.
//!
//! Dtype names need no import here. A name with brackets that is no dtype (`Union[...]`, `const(...)`) is read as Python.

use super::cursor::{Cursor, Place};
use super::dtypes::{self, Named};
use super::expression::union;
use super::generic::CLASSES;
use super::spec::{Container, Spec};
use super::{Reader, shown};
use crate::signature::{Order, POINTER_LENGTH, ParameterType};
use hypersonic_diagnostics::{Id, Span};
use hypersonic_syntax::ast::{Expr, ExprKind};

const TEXT_HINT: &str = "write a type such as `float`, `float64[:, :]`, `int[:] or float[:]` or `(int, float[:])`";

impl Reader<'_> {
    /// Reads a string annotation.
    pub(super) fn string(&mut self, file: u32, text: &str, span: Span) -> Option<Spec> {
        let place = Place { file, offset: self.verbatim(text, span), whole: span };
        let mut cursor = Cursor::new(text, place);
        if cursor.at_end() {
            return self.bad("an annotation is an empty string", span, "empty", TEXT_HINT);
        }
        let spec = self.alternatives(&mut cursor)?;
        if !cursor.at_end() {
            return self.unread(&cursor);
        }
        Some(spec)
    }

    /// The byte at which the text of a literal starts, if it stands there without escapes.
    fn verbatim(&self, text: &str, span: Span) -> Option<u32> {
        let source = &self.program.files.get(span.file as usize)?.source.text;
        let literal = source.get(span.start as usize..span.end as usize)?;
        let quoted = literal.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        let quotes = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
        let inner = quoted.get(quotes..quoted.len().checked_sub(quotes)?)?;
        (inner == text).then(|| span.start + u32::try_from(literal.len() - quoted.len() + quotes).unwrap_or(0))
    }

    fn unread<T>(&mut self, cursor: &Cursor<'_>) -> Option<T> {
        self.bad("a type cannot be read", cursor.here(), "not understood", TEXT_HINT)
    }

    /// `T or T`, `T | T`.
    pub(crate) fn alternatives(&mut self, cursor: &mut Cursor<'_>) -> Option<Spec> {
        let here = cursor.here();
        self.deeper(here, |reader| {
            let mut items = vec![reader.item(cursor)];
            while cursor.take("|") || cursor.take_word("or") {
                items.push(reader.item(cursor));
            }
            union(items)
        })
    }

    fn item(&mut self, cursor: &mut Cursor<'_>) -> Option<Spec> {
        cursor.skip_space();
        let start = cursor.position();
        let spec = match cursor.peek() {
            Some('(') => self.parenthesized(cursor),
            Some('"' | '\'') => self.quoted(cursor),
            _ => self.named_item(cursor),
        };
        let mut spec = spec?;
        loop {
            let before = cursor.at;
            let span = cursor.span(start, before);
            match cursor.peek() {
                Some('*') if self.pointers => {
                    cursor.take("*");
                    spec = self.pointer_to(spec, span)?;
                    continue;
                }
                Some('*') => return self.bad("pointers are for capsules only", cursor.here(), "a pointer", "write an array: `float64[:]`"),
                Some('(') => {
                    spec = self.function_after(spec, cursor, start)?;
                    continue;
                }
                _ => {}
            }
            match cursor.word() {
                Some(("order", _)) => spec = self.order(spec, cursor, span)?,
                Some(("type", _)) => spec = self.type_object_of(spec, span)?,
                Some(("list", _)) => spec = Spec::container(Container::List, vec![spec]),
                Some(("set", _)) => spec = Spec::container(Container::Set, vec![spec]),
                _ => {
                    cursor.at = before;
                    return self.dict_after(spec, cursor, start);
                }
            }
        }
    }

    /// `K: V dict`, after `K`.
    fn dict_after(&mut self, key: Spec, cursor: &mut Cursor<'_>, start: usize) -> Option<Spec> {
        if cursor.peek() != Some(':') {
            return Some(key);
        }
        cursor.take(":");
        let value = self.item(cursor)?;
        if !cursor.take_word("dict") {
            return self.bad(
                "a colon stands for a dict",
                cursor.span(start, cursor.position()),
                "`dict` is missing",
                "write `str: int dict`",
            );
        }
        let mut spec = Spec::container(Container::Dict, vec![key, value]);
        loop {
            if cursor.take_word("list") {
                spec = Spec::container(Container::List, vec![spec]);
            } else if cursor.take_word("set") {
                spec = Spec::container(Container::Set, vec![spec]);
            } else {
                return Some(spec);
            }
        }
    }

    /// `float64*`.
    fn pointer_to(&mut self, spec: Spec, span: Span) -> Option<Spec> {
        match spec {
            Spec::One(ParameterType::Scalar(dtype, _)) => {
                Some(Spec::One(ParameterType::Array { dtype, ndim: 1, order: Order::Any, extents: vec![Some(POINTER_LENGTH)] }))
            }
            _ => self.bad("a pointer must be to numbers", span, "no number", "write `float64*`"),
        }
    }

    fn parenthesized(&mut self, cursor: &mut Cursor<'_>) -> Option<Spec> {
        let open = cursor.position();
        cursor.take("(");
        let mut items = Vec::new();
        let mut commas = 0;
        loop {
            if cursor.take(")") {
                break;
            }
            items.push(self.alternatives(cursor)?);
            if cursor.take(",") {
                commas += 1;
            } else if cursor.take(")") {
                break;
            } else if cursor.at_end() {
                return self.bad("a parenthesis is not closed", cursor.span(open, open + 1), "opened here", "add `)`");
            } else {
                return self.unread(cursor);
            }
        }
        if commas == 0 && items.len() == 1 { items.pop() } else { Some(Spec::Tuple(items)) }
    }

    fn quoted(&mut self, cursor: &mut Cursor<'_>) -> Option<Spec> {
        let start = cursor.position();
        let quote = cursor.peek()?;
        let rest = &cursor.rest()[1..];
        let Some(length) = rest.find(quote) else {
            return self.bad("a quote is not closed", cursor.here(), "opened here", TEXT_HINT);
        };
        let span = cursor.span(start, start + length + 2);
        cursor.at += length + 2;
        let place = Place { offset: cursor.place.offset.map(|_| span.start + 1), ..cursor.place };
        let mut inner = Cursor::new(&rest[..length], place);
        if inner.at_end() {
            return self.bad("an annotation is an empty string", span, "empty", TEXT_HINT);
        }
        let spec = self.alternatives(&mut inner)?;
        if inner.at_end() { Some(spec) } else { self.unread(&inner) }
    }

    fn named_item(&mut self, cursor: &mut Cursor<'_>) -> Option<Spec> {
        let Some((word, start)) = cursor.word() else {
            if cursor.at_end() {
                let end = cursor.position();
                return self.bad("a type is missing", cursor.span(end.saturating_sub(1), end), "ends here", TEXT_HINT);
            }
            return self.unread(cursor);
        };
        let span = cursor.span(start, cursor.at);
        if CLASSES.contains(&word) && cursor.take_word("type") {
            return Some(Spec::One(ParameterType::Class(word.to_owned())));
        }
        if cursor.take_word("pkg") {
            return self.module(word, span);
        }
        let bracket = cursor.rest().chars().find(|letter| !letter.is_whitespace());
        // `None(float)`: a function that gives nothing.
        if !matches!(bracket, Some('[' | '(')) || word == "None" {
            return self.word_type(cursor.place.file, word, span);
        }
        let before = self.diagnostics.len();
        let element = self.word_type(cursor.place.file, word, span);
        match element {
            Some(element) if element.is_number() => {
                if bracket == Some('(') {
                    return Some(element);
                }
                self.axes_after(element, cursor, start)
            }
            _ if bracket == Some('[') && self.diagnostics[before..].iter().any(|diagnostic| diagnostic.id == Id::UnknownType) => None,
            _ => {
                self.diagnostics.truncate(before);
                self.python(cursor, start)
            }
        }
    }

    /// `numpy pkg`: a module that is an argument.
    fn module(&mut self, name: &str, span: Span) -> Option<Spec> {
        if name == "numpy" {
            return Some(Spec::One(ParameterType::Module(name.to_owned())));
        }
        let hint = "write `numpy pkg`: with another module Python answers";
        self.bad(&format!("the module `{}` is not known", shown(name)), span, "a module", hint)
    }

    /// `Union[int, A]`, `const(A)`: read as Python.
    fn python(&mut self, cursor: &mut Cursor<'_>, start: usize) -> Option<Spec> {
        let Some(text) = cursor.bracketed(start) else {
            return self.bad("a bracket is not closed", cursor.here(), "opened here", TEXT_HINT);
        };
        let span = cursor.span(start, cursor.at);
        match hypersonic_syntax::parse_expression(text, span.file, span.start) {
            Ok(expression) => self.expression(cursor.place.file, &expression),
            Err((place, message)) => {
                let place = if cursor.place.offset.is_some() { place } else { span };
                self.bad("a type cannot be read", place, message, TEXT_HINT)
            }
        }
    }

    fn axes_after(&mut self, element: Spec, cursor: &mut Cursor<'_>, start: usize) -> Option<Spec> {
        let open = cursor.at;
        let mut dims = Vec::new();
        let mut order = Order::Any;
        while cursor.peek() == Some('[') {
            let from = cursor.at;
            let Some(text) = cursor.bracketed(from) else {
                return self.bad("a bracket is not closed", cursor.span(open, open + 1), "opened here", "add `]`");
            };
            let Some((more, asked)) = axes(text) else {
                let span = cursor.span(from, cursor.at);
                return self.bad("an axis of an array is not `:` or a number", span, "not axes", "write one `:` per axis: `float[:, :]`");
            };
            dims.extend(more);
            if asked != Order::Any {
                order = asked;
            }
        }
        let span = cursor.span(start, cursor.at);
        self.array(element, dims, order, span)
    }

    /// `order(C)`, `order(F)`.
    fn order(&mut self, spec: Spec, cursor: &mut Cursor<'_>, span: Span) -> Option<Spec> {
        let asked = if cursor.take("(") {
            let word = cursor.word().map(|(word, _)| word);
            if cursor.take(")") { word } else { None }
        } else {
            None
        };
        let order = match asked {
            Some("C") => Order::C,
            Some("F") => Order::F,
            Some("A" | "K") => Order::Any,
            _ => {
                return self.bad(
                    "an order is not `order(C)` or `order(F)`",
                    cursor.here(),
                    "not an order",
                    "write `order(C)` or `order(F)`",
                );
            }
        };
        match spec {
            Spec::Array { element, rank, extents, .. } => Some(Spec::Array { element, rank, order, extents }),
            _ => self.bad("only arrays have an order", span, "not an array", "leave out `order(...)`"),
        }
    }

    /// A name without brackets, where dtype names need no import.
    fn word_type(&mut self, file: u32, word: &str, span: Span) -> Option<Spec> {
        if word.contains('.') {
            let Ok(expression) = hypersonic_syntax::parse_expression(word, span.file, span.start) else {
                return self.unknown(word, span);
            };
            return match self.program.resolve_expression(file, &expression) {
                Some(definition) => self.definition(&definition, span),
                None => self.unresolved(word, span),
            };
        }
        if let Some(named) = dtypes::bare(word)
            && !self.program.is_explicit(file, word)
        {
            return match named {
                Named::Number((dtype, flavor)) => Some(Spec::One(ParameterType::Scalar(dtype, flavor))),
                refused @ Named::Refused(..) => self.named(refused, word, span),
            };
        }
        match word {
            "None" => Some(Spec::One(ParameterType::None)),
            _ => {
                let name = Expr { span, kind: ExprKind::Name(word.to_owned()) };
                self.expression(file, &name)
            }
        }
    }

    /// `np.float64` in a module that does not import `np`: the usual names are understood.
    fn unresolved<T>(&mut self, word: &str, span: Span) -> Option<T> {
        let (module, name) = word.rsplit_once('.').unwrap_or(("", word));
        if matches!(module, "np" | "numpy") && dtypes::numpy(name).is_some() {
            let what = format!("`{module}` is not imported in this module");
            return self.fail(Id::UnknownType, &what, span, "not imported", format!("write `{name}`, which needs no import in a string"));
        }
        self.unknown(&shown(word), span)
    }
}

/// Axes in brackets: `[:, 3]`, `[][]`, `[::, ::]`.
pub(super) fn axes(text: &str) -> Option<(Vec<Option<i64>>, Order)> {
    let mut dims = Vec::new();
    let mut order = Order::Any;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (inside, after) = rest.strip_prefix('[')?.split_once(']')?;
        rest = after.trim_start();
        let inside = inside.trim();
        let items: Vec<&str> = inside.strip_suffix(',').unwrap_or(inside).split(',').map(str::trim).collect();
        let single = items.len() == 1;
        for item in items {
            let compact: String = item.split_whitespace().collect();
            dims.push(match compact.as_str() {
                "" if single => None,
                ":" => None,
                "::" => {
                    order = Order::Strided;
                    None
                }
                digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
                _ => return None,
            });
        }
    }
    Some((dims, order))
}
