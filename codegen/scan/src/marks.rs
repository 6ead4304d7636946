//! Where functions are marked: `@boost` in any spelling, `boost(f)`, signature comments, and marks that cannot be followed.

use crate::class::builtin_decorator;
use crate::exports::Exports;
use crate::options::{self, Options};
use crate::program::Program;
use crate::resolve::{Definition, is_boost, is_jit};
use crate::signature::Refused;
use crate::walk;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_syntax::ast::{ClassDef, Expr, ExprKind, FunctionDef, Stmt, StmtKind};
use std::sync::Arc;

/// A marked function.
pub(crate) struct Mark {
    pub(crate) file: u32,
    pub(crate) definition: Arc<FunctionDef>,
    /// The class in whose body it stands.
    pub(crate) class: Option<Arc<ClassDef>>,
    pub(crate) fastmath: bool,
    pub(crate) always: bool,
    /// What else is made of it.
    pub(crate) exports: Exports,
    /// Whether a comment alone marks it.
    pub(crate) undecorated: bool,
    /// Where it is marked.
    pub(crate) span: Span,
    /// Whether the marks themselves are fine.
    pub(crate) usable: bool,
    /// If not, why: titles of what is reported.
    pub(crate) reasons: Vec<String>,
}

/// Collects the marks of one file.
pub(crate) struct Finder<'program> {
    program: &'program Program,
    file: u32,
    pub(crate) marks: Vec<Mark>,
    /// Marked functions that stand where none is compiled.
    pub(crate) refused: Vec<Refused>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Mark {
    /// `f`, `C.method`.
    pub(crate) fn qualname(&self) -> String {
        self.class.as_ref().map_or_else(|| self.definition.name.clone(), |class| format!("{}.{}", class.name, self.definition.name))
    }
}

impl<'program> Finder<'program> {
    pub(crate) const fn new(program: &'program Program, file: u32) -> Self {
        Self { program, file, marks: Vec::new(), refused: Vec::new(), diagnostics: Vec::new() }
    }

    /// Statements of the module's top level, in `if`, `try`, `with` blocks too.
    pub(crate) fn block(&mut self, body: &[Stmt]) {
        for statement in body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    self.function(function, None, (false, false));
                    self.nested(&function.body, &format!("{}.<locals>.", function.name), Inside::Function);
                }
                StmtKind::ClassDef(class) => self.class(class),
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
                    self.nested(body, "", Inside::Loop);
                    self.nested(orelse, "", Inside::Loop);
                }
                StmtKind::Assign { value, .. } | StmtKind::AnnAssign { value: Some(value), .. } | StmtKind::Expr(value) => self.call(value),
                _ => {}
            }
        }
    }

    /// Functions in the body of a class; the options of its own mark are theirs too.
    fn class(&mut self, class: &Arc<ClassDef>) {
        let mark = class.decorators.iter().find_map(|decorator| self.options(decorator).map(|options| (decorator.span, options)));
        let options = self.read(mark.and_then(|(_, options)| options));
        let given = (options.fastmath.unwrap_or(false), options.always.unwrap_or(false));
        let before = self.marks.len() + self.refused.len();
        for statement in &class.body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    self.function(function, Some(class), given);
                    self.nested(&function.body, &format!("{}.{}.<locals>.", class.name, function.name), Inside::Function);
                }
                _ => self.nested(std::slice::from_ref(statement), &format!("{}.", class.name), Inside::Class),
            }
        }
        if let Some((span, _)) = mark
            && self.marks.len() + self.refused.len() == before
        {
            let title = format!("`{}` is marked, but none of its methods is", class.name);
            let hint = "mark the methods that are to be compiled: the mark on the class alone compiles nothing";
            self.diagnostics.push(Diagnostic::new(Id::NoMarkedMethod, title, span, "marks nothing").with_hint(hint));
        }
    }

    /// Marks where they cannot be compiled: nested functions, classes in classes. `prefix` leads to their qualified names.
    fn nested(&mut self, body: &[Stmt], prefix: &str, inside: Inside) {
        for statement in body {
            match &statement.kind {
                StmtKind::FunctionDef(function) => {
                    let name = format!("{prefix}{}", function.name);
                    if function.decorators.iter().any(|decorator| self.options(decorator).is_some()) {
                        self.refuse(function, name.clone(), inside);
                    }
                    self.nested(&function.body, &format!("{name}.<locals>."), Inside::Function);
                }
                StmtKind::ClassDef(class) => self.nested(&class.body, &format!("{prefix}{}.", class.name), Inside::Class),
                _ => walk::blocks(statement, false).into_iter().for_each(|block| self.nested(block, prefix, inside)),
            }
        }
    }

    fn refuse(&mut self, function: &Arc<FunctionDef>, qualname: String, inside: Inside) {
        let (what, hint) = inside.refusal();
        let title = format!("`{qualname}` stays pure Python: {what}");
        let reasons = vec![title.clone()];
        self.diagnostics.push(Diagnostic::new(Id::UnsupportedDefinition, title, function.name_span, "defined here").with_hint(hint));
        self.refused.push(Refused { file: self.file, qualname, definition: Arc::clone(function), reasons });
    }

    fn function(&mut self, function: &Arc<FunctionDef>, class: Option<&Arc<ClassDef>>, (fastmath, always): (bool, bool)) {
        let mut mark = None;
        let mut others = Vec::new();
        for decorator in &function.decorators {
            match self.options(decorator) {
                Some(options) => mark = Some((decorator.span, options)),
                None if class.is_some() && builtin_decorator(self.program, self.file, decorator).is_some() => {}
                None => others.push(decorator),
            }
        }
        let Some((span, options)) = mark else { return };
        let mut reasons = Vec::new();
        for other in &others {
            let name = class.map_or_else(|| function.name.clone(), |class| format!("{}.{}", class.name, function.name));
            let diagnostic = other_decorator(&name, other.span);
            reasons.push(diagnostic.title.clone());
            self.diagnostics.push(diagnostic);
        }
        let Options { fastmath: own, always: kept, exports } = self.read(options);
        let (fastmath, always) = (own.unwrap_or(fastmath), kept.unwrap_or(always));
        let (definition, class, usable) = (Arc::clone(function), class.cloned(), others.is_empty());
        self.marks.push(Mark { file: self.file, definition, class, fastmath, always, exports, undecorated: false, span, usable, reasons });
    }

    /// `boost(f)` or `boost(options)(f)` as a statement or a value.
    fn call(&mut self, value: &Expr) {
        let Some((name, options)) = self.program.boost_call(self.file, value) else { return };
        match self.program.resolve(self.file, name) {
            Some(Definition::Function(file, definition)) => {
                let Options { fastmath, always, exports } = self.read(Some(options));
                let (fastmath, always) = (fastmath.unwrap_or(false), always.unwrap_or(false));
                let usable = definition.decorators.is_empty();
                let span = value.span;
                self.marks.push(Mark {
                    file,
                    definition,
                    class: None,
                    fastmath,
                    always,
                    exports,
                    undecorated: false,
                    span,
                    usable,
                    reasons: Vec::new(),
                });
            }
            // Which of the definitions it is makes no difference: they are refused together.
            _ if self.program.is_ambiguous(self.file, name)
                && let Some(definition) = self.program.functions(self.file).into_iter().find(|function| function.name == name) =>
            {
                let (span, reasons) = (value.span, Vec::new());
                let file = self.file;
                let exports = Exports::default();
                self.marks.push(Mark {
                    file,
                    definition,
                    class: None,
                    fastmath: false,
                    always: false,
                    exports,
                    undecorated: false,
                    span,
                    usable: false,
                    reasons,
                });
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
        is_mark(self.program, self.file, decorator).then_some(matches!(decorator.kind, ExprKind::Call(..)).then_some(decorator))
    }

    /// What a mark says by its options.
    fn read(&mut self, call: Option<&Expr>) -> Options {
        call.map(|call| options::read(call, &mut self.diagnostics)).unwrap_or_default()
    }
}

/// Whether a decorator is `boost`, with options or without.
pub(crate) fn is_mark(program: &Program, file: u32, decorator: &Expr) -> bool {
    decorator_of(program, file, decorator).is_some_and(|definition| is_boost(&definition))
}

/// Whether a decorator is `boost` or `jit`: neither changes what a function does, but for `boost(ufunc=True)`.
pub(crate) fn is_ours(program: &Program, file: u32, decorator: &Expr) -> bool {
    let ours = decorator_of(program, file, decorator).is_some_and(|definition| is_boost(&definition) || is_jit(&definition));
    ours && !options::makes_ufunc(decorator)
}

/// What a decorator is, whatever options it is given.
fn decorator_of(program: &Program, file: u32, decorator: &Expr) -> Option<Definition> {
    let name = match &decorator.kind {
        ExprKind::Call(callee, _, _) => callee.as_ref(),
        _ => decorator,
    };
    program.resolve_expression(file, name)
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
            Self::Class => {
                ("only methods that stand directly in a class of the top level are compiled", "move the class or the method there")
            }
            Self::Function => ("nested functions are not compiled", "move the function to the top level of the module"),
            Self::Loop => ("a function defined in a loop is not compiled", "move the function out of the loop"),
        }
    }
}
