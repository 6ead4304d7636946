//! Where functions are marked: `@boost` in any spelling, `boost(f)`, signature comments, and marks that cannot be followed.

use crate::program::Program;
use crate::resolve::{Definition, is_boost};
use hypersonic_diagnostics::{Diagnostic, Id, Span, suggest};
use hypersonic_syntax::ast::{Expr, ExprKind, FunctionDef, Stmt, StmtKind};
use std::sync::Arc;

/// A marked function.
pub(crate) struct Mark {
    pub(crate) file: u32,
    pub(crate) definition: Arc<FunctionDef>,
    pub(crate) fastmath: bool,
    /// Where it is marked.
    pub(crate) span: Span,
    /// Whether the marks themselves are fine.
    pub(crate) usable: bool,
}

/// Transonic's options: read, and without effect here.
const IGNORED: &[&str] = &["backend", "inline", "boundscheck", "wraparound", "cdivision", "nonecheck", "nogil", "parallel"];

/// Collects the marks of one file.
pub(crate) struct Finder<'program> {
    program: &'program Program,
    file: u32,
    pub(crate) marks: Vec<Mark>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'program> Finder<'program> {
    pub(crate) const fn new(program: &'program Program, file: u32) -> Self {
        Self { program, file, marks: Vec::new(), diagnostics: Vec::new() }
    }

    /// Statements of the module's top level, in `if`, `try`, `with` blocks too.
    pub(crate) fn block(&mut self, body: &[Stmt]) {
        for statement in body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    self.function(function);
                    self.nested(&function.body, Inside::Function);
                }
                StmtKind::ClassDef { body, .. } => self.nested(body, Inside::Class),
                StmtKind::If { body, orelse, .. } => {
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::With { body, .. } => self.block(body),
                StmtKind::Try { body, handlers, orelse, finalbody } => {
                    self.block(body);
                    handlers.iter().for_each(|(_, _, handler)| self.block(handler));
                    self.block(orelse);
                    self.block(finalbody);
                }
                StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
                    self.nested(body, Inside::Loop);
                    self.nested(orelse, Inside::Loop);
                }
                StmtKind::Assign { value, .. } | StmtKind::AnnAssign { value: Some(value), .. } | StmtKind::Expr(value) => self.call(value),
                _ => {}
            }
        }
    }

    /// Marks where they cannot be compiled: methods, nested functions.
    fn nested(&mut self, body: &[Stmt], inside: Inside) {
        for statement in body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    if function.decorators.iter().any(|decorator| self.options(decorator).is_some()) {
                        let (what, hint) = inside.refusal();
                        let title = format!("`{}` stays pure Python: {what}", function.name);
                        self.diagnostics
                            .push(Diagnostic::new(Id::UnsupportedDefinition, title, function.name_span, "defined here").with_hint(hint));
                    }
                    self.nested(&function.body, Inside::Function);
                }
                StmtKind::ClassDef { body, .. } => self.nested(body, Inside::Class),
                StmtKind::If { body, orelse, .. } | StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
                    self.nested(body, inside);
                    self.nested(orelse, inside);
                }
                StmtKind::With { body, .. } => self.nested(body, inside),
                StmtKind::Try { body, handlers, orelse, finalbody } => {
                    for block in [body, orelse, finalbody].into_iter().chain(handlers.iter().map(|(_, _, handler)| handler)) {
                        self.nested(block, inside);
                    }
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, function: &Arc<FunctionDef>) {
        let mut mark = None;
        let mut others = Vec::new();
        for decorator in &function.decorators {
            match self.options(decorator) {
                Some(options) => mark = Some((decorator.span, options)),
                None => others.push(decorator),
            }
        }
        let Some((span, options)) = mark else { return };
        for other in &others {
            self.diagnostics.push(other_decorator(&function.name, other.span));
        }
        let fastmath = options.and_then(|options| self.fastmath(options)).unwrap_or(false);
        self.marks.push(Mark { file: self.file, definition: Arc::clone(function), fastmath, span, usable: others.is_empty() });
    }

    /// `boost(f)` or `boost(options)(f)` as a statement or a value.
    fn call(&mut self, value: &Expr) {
        let Some((name, options)) = self.program.boost_call(self.file, value) else { return };
        match self.program.resolve(self.file, name) {
            Some(Definition::Function(file, definition)) => {
                let fastmath = self.fastmath(options).unwrap_or(false);
                let usable = definition.decorators.is_empty();
                self.marks.push(Mark { file, definition, fastmath, span: value.span, usable });
            }
            _ => {
                let title = format!("`{name}` stays pure Python: its definition is not found in this package");
                self.diagnostics.push(
                    Diagnostic::new(Id::UnsupportedDefinition, title, value.span, "no function of the package, or defined more than once")
                        .with_hint("boost functions that are defined once, by `def` at the top level of a module of the package"),
                );
            }
        }
    }

    /// If the decorator is ours: the call with its options, if it has any.
    fn options<'tree>(&self, decorator: &'tree Expr) -> Option<Option<&'tree Expr>> {
        let (name, call) = match &decorator.kind {
            ExprKind::Call(callee, _, _) => (callee.as_ref(), Some(decorator)),
            _ => (decorator, None),
        };
        self.program.resolve_expression(self.file, name).is_some_and(|definition| is_boost(&definition)).then_some(call)
    }

    /// Reads the options of `boost(...)`; reports unknown ones.
    fn fastmath(&mut self, call: &Expr) -> Option<bool> {
        let ExprKind::Call(_, arguments, keywords) = &call.kind else { return None };
        let mut fastmath = None;
        // In `boost(f)` the one argument is the function.
        for argument in arguments.iter().filter(|argument| !matches!(argument.kind, ExprKind::Name(_) | ExprKind::None)) {
            let title = "`boost` takes its options by keyword";
            self.diagnostics.push(
                Diagnostic::new(Id::UnknownOption, title, argument.span, "ignored").with_hint("write `@boost` or `@boost(fastmath=True)`"),
            );
        }
        for (name, value) in keywords {
            match name.as_deref() {
                Some("fastmath") => match value.kind {
                    ExprKind::Bool(on) => fastmath = Some(on),
                    _ => self.diagnostics.push(
                        Diagnostic::new(Id::UnknownOption, "`fastmath` is neither `True` nor `False`", value.span, "ignored")
                            .with_hint("options are read from the source: write the value itself"),
                    ),
                },
                Some(name) if IGNORED.contains(&name) => {}
                name => {
                    let title = name
                        .map_or_else(|| "`boost` cannot be given `**options`".to_owned(), |name| format!("`boost` has no option `{name}`"));
                    let known = || IGNORED.iter().copied().chain(["fastmath"]);
                    let hint = name.and_then(|name| suggest(name, known())).map_or_else(
                        || "the option of hypersonic is `fastmath`; Transonic's options are accepted".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.diagnostics.push(Diagnostic::new(Id::UnknownOption, title, value.span, "ignored").with_hint(hint));
                }
            }
        }
        fastmath
    }
}

/// What is said of another decorator on a marked function.
pub(crate) fn other_decorator(function: &str, span: Span) -> Diagnostic {
    let title = format!("`{function}` stays pure Python: another decorator changes it in a way that is not known at build time");
    Diagnostic::new(Id::UnsupportedDecorator, title, span, "this decorator")
        .with_hint("boost an undecorated function and decorate its caller")
}

#[derive(Clone, Copy)]
enum Inside {
    Class,
    Function,
    Loop,
}

impl Inside {
    const fn refusal(self) -> (&'static str, &'static str) {
        match self {
            Self::Class => ("methods are not compiled yet", "move the numerical part to a function and call it from the method"),
            Self::Function => ("nested functions are not compiled", "move the function to the top level of the module"),
            Self::Loop => ("a function defined in a loop is not compiled", "move the function out of the loop"),
        }
    }
}
