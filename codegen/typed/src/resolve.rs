//! What names and dotted names stand for when they are not local variables: functions and constants of the package,
//! modules, and things of libraries by their full name.

use crate::exceptions::is_exception;
use crate::function::{Reported, Typed, Typer};
use crate::ir::{self, Constant};
use crate::library;
use crate::scope::Binding;
use hypersonic_diagnostics::{Diagnostic, Id, Label, Span};
use hypersonic_ops::Type;
use hypersonic_scan::Definition;
use hypersonic_syntax::ast::{Expr, ExprKind, FunctionDef};
use std::sync::Arc;

/// What is known of a name at build time.
#[derive(Clone, Debug)]
pub(crate) enum Static {
    /// A function of the package.
    Function(u32, Arc<FunctionDef>),
    /// A module-level assignment: file, name, and the expression.
    Constant(u32, String, Expr),
    /// A module of the package.
    Module(u32),
    /// Anything of a library: `numpy`, `numpy.sin`, `builtins.abs`.
    External(String),
}

/// Longest list of a module that is read as a tuple.
const MAX_TUPLE: usize = 16;

/// Names of Python that need no import.
const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "complex",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "filter",
    "max",
    "min",
    "next",
    "object",
    "open",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "zip",
    "bytes",
    "bytearray",
    "bin",
    "hex",
    "oct",
    "chr",
    "ord",
    "callable",
    "id",
    "input",
    "format",
    "vars",
    "dir",
    "locals",
    "globals",
    "exec",
    "eval",
    "setattr",
];

impl Typer<'_, '_> {
    /// What the expression stands for, if it is a name or dotted name that is not a local value.
    pub(crate) fn static_of(&mut self, expr: &Expr) -> Option<Static> {
        match &expr.kind {
            ExprKind::Name(name) => self.static_name(name),
            ExprKind::Attribute(base, attribute) => {
                let base = match self.static_of(base)? {
                    Static::External(full) => Definition::External(full),
                    Static::Module(file) => Definition::InternalModule(file),
                    // `itertools.chain.from_iterable`.
                    Static::Function(file, definition) if self.unit.program.is_library(file) => {
                        let full = format!("{}.{attribute}", definition.name.replacen("__", ".", 1));
                        return self.unit.program.library_function(&full).map(|(file, definition)| Static::Function(file, definition));
                    }
                    Static::Function(..) | Static::Constant(..) => return None,
                };
                let found = self.unit.program.attribute(&base, attribute);
                match (found, base) {
                    (Some(found), _) => Some(self.found(found)),
                    (None, Definition::External(full)) => Some(self.external(format!("{full}.{attribute}"))),
                    (None, _) => None,
                }
            }
            _ => None,
        }
    }

    fn static_name(&mut self, name: &str) -> Option<Static> {
        if let Some(builtin) = name.strip_prefix(crate::objects::BUILTIN) {
            return Some(self.external(format!("builtins.{builtin}")));
        }
        if self.is_local(name) {
            return match self.environment.get(&self.bound_name(name)) {
                Some(Binding::Imported(full)) => Some(self.external(full.clone())),
                Some(Binding::Value { ty, .. }) => ty.as_module().map(|module| self.external(module.to_owned())),
                _ => None,
            };
        }
        let resolved = self.unit.program.resolve(self.file, name);
        if let Some(found) = resolved.filter(|found| !matches!(found, Definition::Class(..))) {
            // The import or assignment that gives the name its meaning counts, too.
            self.unit.note_piece(self.file, name);
            return Some(self.found(found));
        }
        let builtin = (BUILTINS.contains(&name) || is_exception(name)) && !self.unit.program.is_bound(self.file, name);
        builtin.then(|| self.external(format!("builtins.{name}")))
    }

    /// Whether the name is a local variable here.
    pub(crate) fn is_local(&self, name: &str) -> bool {
        self.constants.is_empty() && (self.locals.contains(name) || self.renames.iter().any(|(written, _)| written == name))
    }

    /// Something of a library by its full name: a function of Python's modules that is compiled like those of the package, or what it is.
    fn external(&self, full: String) -> Static {
        // What a function of ours is made of is what the tables have.
        let own = self.unit.program.is_library(self.file) && library::is_function(&full);
        match self.unit.program.library_function(&full).filter(|_| !own) {
            Some((file, definition)) => Static::Function(file, definition),
            None => Static::External(full),
        }
    }

    fn found(&mut self, definition: Definition) -> Static {
        match definition {
            Definition::Function(file, definition) => Static::Function(file, definition),
            Definition::Constant(file, piece, value) => Static::Constant(file, piece, value),
            // An exception of the package, perhaps; nothing of Python's has that name.
            Definition::Class(file, class) => {
                Static::External(format!("{}.{}", self.unit.program.files[file as usize].source.module, class.name))
            }
            Definition::Module(full) | Definition::External(full) => self.external(full),
            Definition::InternalModule(file) => Static::Module(file),
        }
    }

    /// The value of a static thing.
    pub(crate) fn static_value(&mut self, found: Static, span: Span) -> Typed<ir::Expr> {
        if !matches!(&found, Static::External(full) if library::constant(full, span).is_some())
            && let Some(value) = self.function_value(&found, span)
        {
            return value;
        }
        match found {
            Static::Constant(file, piece, value) => self.constant_value(file, piece, &value, span),
            Static::External(full) => match library::constant(&full, span) {
                Some(value) => Ok(value),
                None => {
                    let title = format!("`{}` is not a value that is compiled", short(&full));
                    Err(self.report(Diagnostic::new(Id::UnsupportedExpression, title, span, "used as a value here")))
                }
            },
            Static::Function(_, definition) => {
                let title = format!("the function `{}` is used as a value", definition.name);
                Err(self.unsupported(title, span, "functions can be called, not passed around"))
            }
            Static::Module(_) => Err(self.unsupported("a module is used as a value", span, "only its functions and constants can be used")),
        }
    }

    /// Types the source of a module-level constant here.
    pub(crate) fn constant_value(&mut self, file: u32, piece: String, value: &Expr, span: Span) -> Typed<ir::Expr> {
        let key = (file, piece.clone());
        if self.constants.contains(&key) {
            let title = format!("the constant `{piece}` is defined by itself");
            return Err(self.report(Diagnostic::new(Id::UnknownName, title, span, "needed here")));
        }
        self.unit.depends.insert(key.clone());
        self.constants.push(key);
        let outer = std::mem::replace(&mut self.file, file);
        let known = self.diagnostics.len();
        // A short list that is only read needs no memory.
        let short = matches!(&value.kind, ExprKind::List(items) if items.len() <= MAX_TUPLE);
        let typed = self.nested(span, |typer| if short { typer.argument(value) } else { typer.entity(value) });
        self.file = outer;
        self.constants.pop();
        let Ok(mut typed) = typed else {
            for diagnostic in self.diagnostics.iter_mut().skip(known) {
                diagnostic.labels.push(hypersonic_diagnostics::Label { span, text: format!("`{piece}` is read here") });
            }
            return Err(Reported);
        };
        if let Some(class) = crate::records::object_in(&typed.ty) {
            let title = format!("`{piece}` is an object of `{class}` at module level");
            let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, span, "its attributes are not known at build time");
            return Err(self.report(diagnostic.with_hint(format!("give `{piece}` to the function as an argument"))));
        }
        let held = short || typed.ty.any(|part| matches!(part, Type::List(_) | Type::Set(_) | Type::Dict(..) | Type::Special(..)));
        if held && self.unit.program.files.iter().any(|file| hypersonic_scan::may_change(&file.tree.body, &piece)) {
            let hint = "give what it holds to the function as arguments";
            let diagnostic = Diagnostic::new(Id::UnsupportedExpression, format!("`{piece}` may be changed"), span, "read here");
            return Err(self.report(diagnostic.with_hint(hint)));
        }
        if holds_array(&typed.ty) {
            let title = format!("`{piece}` is an array at module level");
            let diagnostic = Diagnostic::new(Id::UnsupportedExpression, title, span, "its contents are not known at build time");
            return Err(self.report(diagnostic.with_hint(format!("give `{piece}` to the function as an argument"))));
        }
        set_spans(&mut typed, span);
        Ok(typed)
    }

    /// A name that is nothing.
    pub(crate) fn unknown_name(&mut self, name: &str, span: Span) -> Reported {
        let title = format!("`{name}` is not known at build time");
        let places = self.unit.program.places(self.file, name);
        let label = if places.is_empty() {
            "not a local variable, nor a constant, function or module that the source shows"
        } else {
            "the source does not show which value it has"
        };
        let mut diagnostic = Diagnostic::new(Id::UnknownName, title, span, label);
        diagnostic.labels.extend(places.into_iter().map(|(span, text)| Label { span, text: text.to_owned() }));
        self.report(diagnostic.with_hint(format!("give `{name}` to the function as an argument")))
    }
}

/// A constant that the user reads counts as written where it is read.
fn set_spans(value: &mut ir::Expr, span: Span) {
    value.span = span;
    if let ir::ExprKind::Tuple(items) = &mut value.kind {
        items.iter_mut().for_each(|item| set_spans(item, span));
    }
}

fn holds_array(ty: &Type) -> bool {
    match ty {
        Type::Array(..) => true,
        Type::Tuple(items) => items.iter().any(holds_array),
        Type::Named(_, inner) => holds_array(inner),
        _ => false,
    }
}

/// A full name without `builtins.`.
pub(crate) fn short(full: &str) -> &str {
    full.strip_prefix("builtins.").unwrap_or(full)
}

/// A constant bool.
pub(crate) const fn bool_constant(value: bool, span: Span) -> ir::Expr {
    ir::Expr { ty: Type::BOOL, kind: ir::ExprKind::Constant(Constant::Bool(value)), span }
}

/// A constant int.
pub(crate) const fn int_constant(value: i64, span: Span) -> ir::Expr {
    ir::Expr { ty: Type::INT, kind: ir::ExprKind::Constant(Constant::Int(value)), span }
}
