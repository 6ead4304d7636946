//! What a module-level name means, found by reading the source: functions, constants, modules, names from elsewhere.
//!
//! Imports are followed through the modules of the package, with a guard against cycles. A name that is bound more than
//! once, or in a way that reading cannot follow, has no definition here: it is refused rather than guessed.

use crate::Program;
use crate::bindings::{Binding, ModulePath, Target};
use crate::marks::is_ours;
use hypersonic_syntax::ast::{ClassDef, Expr, ExprKind, FunctionDef, Span};
use std::collections::HashSet;
use std::sync::Arc;

/// What a name means.
#[derive(Clone, Debug)]
pub enum Definition {
    /// A function of the package: its file and definition.
    Function(u32, Arc<FunctionDef>),
    /// A class of the package: its file and definition.
    Class(u32, Arc<ClassDef>),
    /// A module-level name that is assigned once: file, name there (the piece), value.
    Constant(u32, String, Expr),
    /// A module outside the package, by its full dotted name: `np` is `numpy`.
    Module(String),
    /// A name of a module outside the package: `numpy.sin`, `math.pi`, `hypersonic.boost`.
    External(String),
    /// A module of the package.
    InternalModule(u32),
}

type Seen = HashSet<(u32, String)>;

impl Program {
    /// The file of a dotted module name.
    #[must_use]
    pub fn module_index(&self, name: &str) -> Option<u32> {
        self.modules.get(name).copied()
    }

    /// What a name means at module level of a file. `None` if the module does not bind it (then it may be a builtin:
    /// see [`Program::is_bound`]), or binds it more than once.
    #[must_use]
    pub fn resolve(&self, file: u32, name: &str) -> Option<Definition> {
        self.resolve_guarded(file, name, &mut Seen::new())
    }

    /// Whether a module binds a name, in any way. If not, and it is not a local variable, it is a builtin or an error.
    #[must_use]
    pub fn is_bound(&self, file: u32, name: &str) -> bool {
        let Some(bindings) = self.bindings.get(file as usize) else { return false };
        !bindings.get(name).is_empty()
            || (!name.starts_with('_')
                && bindings.stars.iter().any(|path| match self.absolute(file, path).map(|module| self.module_index(&module)) {
                    Some(Some(other)) => other != file && !self.bindings[other as usize].get(name).is_empty(),
                    Some(None) => self.absolute(file, path).is_none_or(|module| may_replace_builtin(&module, name)),
                    None => true,
                }))
    }

    /// The decorators of a function that change it in a way that is not known at build time: all but `boost` and `jit`,
    /// unless it is made a ufunc.
    #[must_use]
    pub fn other_decorators(&self, file: u32, function: &FunctionDef) -> Vec<Span> {
        let decorators = function.decorators.iter();
        decorators.filter(|decorator| !is_ours(self, file, decorator)).map(|decorator| decorator.span).collect()
    }

    /// Where a module binds a name, and how, in words: what stands in the way where [`Program::resolve`] finds nothing.
    #[must_use]
    pub fn places(&self, file: u32, name: &str) -> Vec<(Span, &'static str)> {
        let all = self.bindings.get(file as usize).into_iter().flat_map(|bindings| bindings.all(name));
        let mut places: Vec<(Span, &'static str)> = all
            .filter_map(|binding| match binding {
                Binding::Global(span) => Some((*span, "declared `global` here: a function may bind it anew")),
                Binding::Function(function, _) => Some((function.name_span, "defined here")),
                Binding::Class(class, _) => Some((class.name_span, "defined here")),
                Binding::Constant(_, span) | Binding::Import(_, span) | Binding::Opaque(Some(span)) => Some((*span, "bound here")),
                Binding::Opaque(None) => None,
            })
            .collect();
        places.sort_unstable();
        places
    }

    /// Whether a name of the top level has several definitions, in whatever branches, so that which of them a function under
    /// that name comes from is known at run time only. Assignments do not count: they make no function of that name.
    pub(crate) fn is_ambiguous(&self, file: u32, name: &str) -> bool {
        let all = self.bindings.get(file as usize).into_iter().flat_map(|bindings| bindings.all(name));
        let definitions = all.filter(|binding| match binding {
            // What `typing.overload` decorates is never run.
            Binding::Function(function, _) => !function.decorators.iter().any(|decorator| self.is_overload(file, decorator)),
            Binding::Class(..) | Binding::Global(_) | Binding::Opaque(_) => true,
            Binding::Constant(..) | Binding::Import(..) => false,
        });
        definitions.count() > 1
    }

    fn is_overload(&self, file: u32, decorator: &Expr) -> bool {
        matches!(self.resolve_expression(file, decorator), Some(Definition::External(name))
            if matches!(name.as_str(), "typing.overload" | "typing_extensions.overload"))
    }

    /// Whether a module binds a name by a statement of its own, not by `from x import *`.
    pub(crate) fn is_explicit(&self, file: u32, name: &str) -> bool {
        self.bindings.get(file as usize).is_some_and(|bindings| !bindings.get(name).is_empty())
    }

    /// What a dotted expression (`a`, `a.b`, `a.b.c`) means at module level of a file.
    #[must_use]
    pub fn resolve_expression(&self, file: u32, expression: &Expr) -> Option<Definition> {
        match &expression.kind {
            ExprKind::Name(name) => self.resolve(file, name),
            ExprKind::Attribute(value, name) => self.attribute(&self.resolve_expression(file, value)?, name),
            _ => None,
        }
    }

    /// What `definition.name` means, where `definition` is a module or a name of an outside module.
    #[must_use]
    pub fn attribute(&self, definition: &Definition, name: &str) -> Option<Definition> {
        match definition {
            Definition::InternalModule(file) => self.member(&self.files.get(*file as usize)?.source.module, name, &mut Seen::new()),
            Definition::Module(module) | Definition::External(module) => self.member(module, name, &mut Seen::new()),
            Definition::Function(..) | Definition::Class(..) | Definition::Constant(..) => None,
        }
    }

    /// The source text of the top-level statement that defines a name: whole lines, from the first line of its first
    /// decorator or of the statement to its last line, joined by `\n`.
    #[must_use]
    pub fn piece_text(&self, file: u32, name: &str) -> Option<String> {
        let parsed = self.files.get(file as usize)?;
        let span = self.bindings.get(file as usize)?.get(name).iter().find_map(|binding| binding.piece())?;
        Some(whole_lines(&parsed.source.text, span))
    }

    fn resolve_guarded(&self, file: u32, name: &str, seen: &mut Seen) -> Option<Definition> {
        if !seen.insert((file, name.to_owned())) {
            return None;
        }
        let bindings = self.bindings.get(file as usize)?;
        match bindings.get(name).as_slice() {
            // What a star of the package certainly brings comes before what an outside one may bring.
            [] => [true, false].into_iter().find_map(|inside| {
                let stars = bindings.stars.iter().rev();
                stars.into_iter().find_map(|path| self.star(file, path, name, inside, seen))
            }),
            [Binding::Class(class, _)] => Some(Definition::Class(file, Arc::clone(class))),
            [Binding::Function(function, _)] => Some(Definition::Function(file, Arc::clone(function))),
            // `f = boost(f)` after `def f` leaves `f` what it was.
            [Binding::Function(function, _), Binding::Constant(value, _)] => {
                let (argument, _) = self.boost_call(file, value)?;
                (argument == name).then(|| Definition::Function(file, Arc::clone(function)))
            }
            [Binding::Constant(value, _)] => match self.boost_call_guarded(file, value, seen) {
                Some((function, _)) => self.resolve_guarded(file, function, seen),
                None => self.constant(file, name, value, seen),
            },
            [Binding::Import(target, _)] => self.follow(file, target, seen),
            [Binding::Import(first, _), rest @ ..] => {
                // Imported twice as the same thing is imported once.
                let same = rest.iter().all(|other| matches!(other, Binding::Import(other, _) if other == first));
                if same { self.follow(file, first, seen) } else { None }
            }
            _ => None,
        }
    }

    /// A constant; `g = f` and `sin = np.sin` mean what the right side means.
    fn constant(&self, file: u32, name: &str, value: &Expr, seen: &mut Seen) -> Option<Definition> {
        let other = match &value.kind {
            ExprKind::Name(other) => self.resolve_guarded(file, other, seen),
            ExprKind::Attribute(..) => self.resolve_dotted(file, value, seen),
            _ => None,
        };
        match other {
            Some(
                definition @ (Definition::Function(..)
                | Definition::Class(..)
                | Definition::Module(_)
                | Definition::External(_)
                | Definition::InternalModule(_)),
            ) => Some(definition),
            _ => Some(Definition::Constant(file, name.to_owned(), value.clone())),
        }
    }

    fn resolve_dotted(&self, file: u32, expression: &Expr, seen: &mut Seen) -> Option<Definition> {
        match &expression.kind {
            ExprKind::Name(name) => self.resolve_guarded(file, name, seen),
            ExprKind::Attribute(value, name) => match self.resolve_dotted(file, value, seen)? {
                Definition::InternalModule(file) => self.member(&self.files.get(file as usize)?.source.module, name, seen),
                Definition::Module(module) | Definition::External(module) => self.member(&module, name, seen),
                Definition::Function(..) | Definition::Class(..) | Definition::Constant(..) => None,
            },
            _ => None,
        }
    }

    fn follow(&self, file: u32, target: &Target, seen: &mut Seen) -> Option<Definition> {
        match target {
            Target::Module(name) => Some(self.module(name)),
            Target::Member(path, name) => self.member(&self.absolute(file, path)?, name, seen),
        }
    }

    fn module(&self, name: &str) -> Definition {
        self.module_index(name).map_or_else(|| Definition::Module(name.to_owned()), Definition::InternalModule)
    }

    /// `from module import name`.
    fn member(&self, module: &str, name: &str, seen: &mut Seen) -> Option<Definition> {
        let full = if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") };
        if let Some(file) = self.module_index(module) {
            // `from . import core` in a package's own `__init__` binds `core` to the submodule.
            let circular = seen.contains(&(file, name.to_owned()));
            let bound = self.is_bound(file, name) && !circular;
            if let Some(definition) = self.resolve_guarded(file, name, seen) {
                return Some(definition);
            }
            return if bound { None } else { self.module_index(&full).map(Definition::InternalModule) };
        }
        Some(self.module_index(&full).map_or_else(|| external(full), Definition::InternalModule))
    }

    /// A name that `from path import *` may bring.
    fn star(&self, file: u32, path: &ModulePath, name: &str, inside: bool, seen: &mut Seen) -> Option<Definition> {
        if name.starts_with('_') {
            return None;
        }
        let module = self.absolute(file, path)?;
        match self.module_index(&module) {
            Some(other) if inside => self.resolve_guarded(other, name, seen),
            // Which names an outside module has is not known here: builtins are not taken to come from it.
            None if !inside && !BUILTINS.contains(&name) => Some(external(format!("{module}.{name}"))),
            _ => None,
        }
    }

    /// The dotted name of a module that an import in a file speaks of. `None` if the dots lead out of the package.
    fn absolute(&self, file: u32, path: &ModulePath) -> Option<String> {
        if path.level == 0 {
            return Some(path.name.clone());
        }
        let source = &self.files.get(file as usize)?.source;
        let mut parts: Vec<&str> = source.module.split('.').filter(|part| !part.is_empty()).collect();
        let up = path.level as usize - usize::from(source.is_package);
        if up > parts.len() {
            return None;
        }
        parts.truncate(parts.len() - up);
        if !path.name.is_empty() {
            parts.push(&path.name);
        }
        Some(parts.join("."))
    }

    /// If the expression is `boost(f)` or `boost(options)(f)`: the name of `f` and the call with the options.
    pub(crate) fn boost_call<'tree>(&self, file: u32, value: &'tree Expr) -> Option<(&'tree str, &'tree Expr)> {
        self.boost_call_guarded(file, value, &mut Seen::new())
    }

    fn boost_call_guarded<'tree>(&self, file: u32, value: &'tree Expr, seen: &mut Seen) -> Option<(&'tree str, &'tree Expr)> {
        let ExprKind::Call(callee, arguments, _) = &value.kind else { return None };
        let [Expr { kind: ExprKind::Name(function), .. }] = arguments.as_slice() else { return None };
        let decorator = match &callee.kind {
            ExprKind::Call(inner, _, _) => inner,
            _ => callee,
        };
        let definition = self.resolve_dotted(file, decorator, seen)?;
        let options = if matches!(callee.kind, ExprKind::Call(..)) { callee } else { value };
        is_boost(&definition).then_some((function.as_str(), options))
    }
}

/// A name of an outside module. `hypersonic.transonic` offers Transonic's names and means what they mean; the words of
/// `hypersonic.typing` are those of `hypersonic`.
fn external(full: String) -> Definition {
    let Some(ours) = full.strip_prefix("hypersonic.") else { return Definition::External(full) };
    if ours.starts_with("transonic.") {
        return Definition::External(ours.to_owned());
    }
    match ours.strip_prefix("typing.") {
        Some(word) => Definition::External(format!("hypersonic.{word}")),
        None => Definition::External(full),
    }
}

/// Whether a definition is our decorator, or Transonic's, which is read as the same thing.
pub(crate) fn is_boost(definition: &Definition) -> bool {
    matches!(definition, Definition::External(name) if matches!(name.as_str(), "hypersonic.boost" | "transonic.boost" | "transonic.aheadoftime.boost"))
}

/// Whether a definition is the decorator that compiles when the function is called.
pub(crate) fn is_jit(definition: &Definition) -> bool {
    matches!(definition, Definition::External(name) if matches!(name.as_str(), "hypersonic.jit" | "transonic.jit" | "transonic.justintime.jit"))
}

/// The whole lines that a span touches, joined by `\n` whatever the line ends are.
fn whole_lines(text: &str, span: Span) -> String {
    let is_break = |byte: u8| byte == b'\n' || byte == b'\r';
    let bytes = text.as_bytes();
    let (start, end) = ((span.start as usize).min(bytes.len()), (span.end as usize).min(bytes.len()));
    let first = bytes[..start].iter().rposition(|byte| is_break(*byte)).map_or(0, |place| place + 1);
    let last = bytes[end..].iter().position(|byte| is_break(*byte)).map_or(bytes.len(), |place| end + place);
    let lines = text.get(first..last).unwrap_or_default();
    lines.strip_prefix('\u{feff}').unwrap_or(lines).replace("\r\n", "\n").replace('\r', "\n")
}

/// Whether `from module import *` may replace that builtin.
fn may_replace_builtin(module: &str, name: &str) -> bool {
    match module {
        "math" | "cmath" => name == "pow",
        "typing" | "hypersonic" | "transonic" | "numpy.typing" => false,
        _ => true,
    }
}

/// Builtins that kernels use; `from numpy import *` replaces some of them, depending on NumPy's version.
const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "complex",
    "dict",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "ord",
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
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "Exception",
    "FloatingPointError",
    "IndexError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "NotImplementedError",
    "OverflowError",
    "RuntimeError",
    "StopIteration",
    "TypeError",
    "ValueError",
    "ZeroDivisionError",
];
