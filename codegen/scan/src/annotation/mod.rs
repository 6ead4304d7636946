//! Annotations to types: Python expressions, strings in the language of Transonic and Pythran, and aliases of both.
//!
//! Names are followed through the package's source; nothing is imported. Whatever is not understood is reported with its
//! place and a hint, and the reading goes on, so that all causes are found at once.

mod annotated;
mod array;
mod callable;
pub(crate) mod cursor;
pub(crate) mod dtypes;
mod expression;
pub(crate) mod generic;
pub(crate) mod record;
pub(crate) mod spec;
mod text;

use crate::Program;
use crate::texts::Texts;
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span, suggest};
use hypersonic_syntax::ast::Expr;
use spec::Spec;

/// Aliases of aliases of ... at most so many.
const MAX_ALIASES: usize = 64;

/// Parts of annotations that are read for one function, aliases counted wherever they are used.
const MAX_PARTS: usize = 10_000;

/// Reads the annotations of one function.
pub(crate) struct Reader<'program> {
    program: &'program Program,
    /// `f`, for the messages.
    function: String,
    diagnostics: Vec<Diagnostic>,
    depth: usize,
    /// The classes of the package whose fields are being read: file and name.
    records: Vec<(u32, String)>,
    parts: usize,
    /// Number of ranks met that are not said.
    unknown_ranks: u32,
    /// What `str` stands for: the strings that the function tells apart.
    texts: Texts,
    texts_by_parameter: Vec<(String, Texts)>,
    /// Type parameters of the function: `def f[T: (A, B)]`.
    type_parameters: Vec<(String, Span, Option<Expr>)>,
    /// Whether `float64*` is a type: an array whose length is not known.
    pointers: bool,
}

impl<'program> Reader<'program> {
    pub(crate) fn new(program: &'program Program, function: &str) -> Self {
        Self {
            program,
            function: function.to_owned(),
            diagnostics: Vec::new(),
            depth: 0,
            records: Vec::new(),
            parts: 0,
            unknown_ranks: 0,
            texts: Texts::default(),
            texts_by_parameter: Vec::new(),
            type_parameters: Vec::new(),
            pointers: false,
        }
    }

    /// Reads `str` as one of the strings that the function tells a parameter apart by: by parameter, in order.
    pub(crate) fn with_texts(mut self, texts: Vec<(String, Texts)>) -> Self {
        self.texts_by_parameter = texts;
        self
    }

    /// Begins with the parameter of that number.
    pub(crate) fn at_parameter(&mut self, number: usize) {
        self.texts = self.texts_by_parameter.get(number).map(|(_, texts)| texts.clone()).unwrap_or_default();
    }

    /// Reads `float64*`, too.
    pub(crate) const fn with_pointers(mut self, pointers: bool) -> Self {
        self.pointers = pointers;
        self
    }

    /// Reads names of these as the function's own.
    pub(crate) fn with_type_parameters(mut self, parameters: &[(String, Span, Option<Expr>)]) -> Self {
        self.type_parameters = parameters.to_vec();
        self
    }

    /// What went wrong so far.
    pub(crate) fn finish(mut self, place: Span) -> Vec<Diagnostic> {
        if self.parts > MAX_PARTS {
            let title = format!("`{}` stays pure Python: its annotations are too large", self.function);
            let diagnostic = Diagnostic::new(Id::TooManySignatures, title, place, "too many types");
            self.diagnostics.push(diagnostic.with_hint("write the types that are needed, not every combination"));
        }
        self.diagnostics
    }

    /// Reads the annotation of a parameter.
    pub(crate) fn annotation(&mut self, file: u32, parameter: &str, annotation: &Expr) -> Option<Spec> {
        let before = self.diagnostics.len();
        let known = self.texts_by_parameter.iter().find(|(name, _)| name == parameter);
        self.texts = known.map(|(_, texts)| texts.clone()).unwrap_or_default();
        let spec = self.expression(file, annotation);
        let inside = |span: Span| span.file == file && span.start >= annotation.span.start && span.end <= annotation.span.end;
        for diagnostic in &mut self.diagnostics[before..] {
            if !diagnostic.labels.iter().any(|label| inside(label.span)) {
                diagnostic.labels.push(Label { span: annotation.span, text: format!("used here, for `{parameter}`") });
            }
        }
        spec
    }

    /// An attribute whose class gives it a value of no known type.
    pub(crate) fn untyped_attribute<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let hint = format!(
            "write its type in the body of the class: `{name}: float`, `{name}: \"float[:]\"`, or in `__init__`: `self.{name}: float = 0.0`"
        );
        self.fail(Id::UntypedAttribute, &format!("the attribute `{name}` has no annotation"), span, "of what type?", hint)
    }

    /// Reports, and has no type to give.
    fn fail<T>(&mut self, id: Id, what: &str, span: Span, label: impl Into<String>, hint: impl Into<String>) -> Option<T> {
        let title = format!("`{}` stays pure Python: {what}", self.function);
        let diagnostic = Diagnostic::new(id, title, span, label).with_hint(hint);
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
        None
    }

    pub(crate) fn comment_error<T>(&mut self, what: &str, span: Span, label: &str, hint: &str) -> Option<T> {
        self.fail(Id::BadCommentSignature, what, span, label, hint)
    }

    fn bad<T>(&mut self, what: &str, span: Span, label: impl Into<String>, hint: impl Into<String>) -> Option<T> {
        self.fail(Id::BadAnnotation, what, span, label, hint)
    }

    fn unknown<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let last = name.rsplit('.').next().unwrap_or(name);
        let hint = match suggest(last, dtypes::KNOWN.iter().copied()) {
            Some(near) => format!("did you mean `{}{near}`?", &name[..name.len() - last.len()]),
            None => "write a type such as `float`, `np.float64`, `\"float[:, :]\"` or `Array[np.float64, \"2d\"]`".to_owned(),
        };
        self.fail(Id::UnknownType, &format!("`{}` is not a known type", shown(name)), span, "unknown type", hint)
    }

    /// Runs `read` one alias deeper; refuses circles.
    fn deeper<T>(&mut self, span: Span, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return None;
        }
        if self.depth >= MAX_ALIASES {
            return self.bad("an annotation refers to itself, or is nested too deeply", span, "never ends", "break the circle");
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }
}

/// A name short enough for a message.
fn shown(name: &str) -> String {
    if name.chars().count() <= 60 { name.to_owned() } else { name.chars().take(57).chain("...".chars()).collect() }
}
