//! The names that a module binds at its top level, in `if`, `try` and `with` blocks too.
//!
//! A branch that never runs in a wheel (`if TYPE_CHECKING:`, `if ts.is_transpiling:`, `if __name__ == "__main__":`) and a
//! handler of a `try` are *asides*: they count only for names that nothing else binds.

use crate::walk;
use hypersonic_syntax::ast::{ClassDef, Expr, ExprKind, FunctionDef, Module, Span, Stmt, StmtKind, UnaryOp};
use std::collections::HashMap;
use std::sync::Arc;

/// All bindings of one module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bindings {
    names: HashMap<String, Vec<Bound>>,
    /// Modules of `from x import *`.
    pub(crate) stars: Vec<ModulePath>,
}

#[derive(Clone, Debug)]
struct Bound {
    binding: Binding,
    aside: bool,
}

/// One way in which a name is bound.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    /// `def`, and its span with decorators.
    Function(Arc<FunctionDef>, Span),
    /// An assignment of one value, and the statement's span.
    Constant(Expr, Span),
    /// An import, and the statement's span.
    Import(Target, Span),
    /// A class, and its span with decorators.
    Class(Arc<ClassDef>, Span),
    /// A `global` declaration in a function, which may then bind the name anew.
    Global(Span),
    /// Anything else: a loop variable, an augmented assignment, ... In statements that are not followed it has no place.
    Opaque(Option<Span>),
}

/// What an import binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A module.
    Module(String),
    /// A name of a module.
    Member(ModulePath, String),
}

/// A module as an import statement writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModulePath {
    /// Leading dots.
    pub(crate) level: u32,
    /// Dotted name, maybe empty.
    pub(crate) name: String,
}

impl Binding {
    /// The statement that makes it.
    pub(crate) const fn piece(&self) -> Option<Span> {
        match self {
            Self::Function(_, span) | Self::Constant(_, span) | Self::Import(_, span) | Self::Class(_, span) => Some(*span),
            Self::Global(_) | Self::Opaque(_) => None,
        }
    }
}

impl Bindings {
    /// Reads a module.
    pub(crate) fn of(module: &Module) -> Self {
        let mut bindings = Self::default();
        bindings.block(&module.body, false);
        for name in &module.hidden_names {
            bindings.bind(name, Binding::Opaque(None), false);
        }
        bindings
    }

    /// The bindings that count for a name.
    pub(crate) fn get(&self, name: &str) -> Vec<&Binding> {
        let Some(all) = self.names.get(name) else { return Vec::new() };
        let main: Vec<&Binding> = all.iter().filter(|bound| !bound.aside).map(|bound| &bound.binding).collect();
        if main.is_empty() { all.iter().map(|bound| &bound.binding).collect() } else { main }
    }

    /// The function of that name at the top level.
    pub(crate) fn function(&self, name: &str) -> Option<Arc<FunctionDef>> {
        self.names.get(name)?.iter().find_map(|bound| match &bound.binding {
            Binding::Function(function, _) => Some(Arc::clone(function)),
            _ => None,
        })
    }

    /// Every function defined at the top level, in order.
    pub(crate) fn functions(&self) -> Vec<Arc<FunctionDef>> {
        let all = self.names.values().flatten();
        let mut functions: Vec<Arc<FunctionDef>> = all
            .filter_map(|bound| match &bound.binding {
                Binding::Function(function, _) => Some(Arc::clone(function)),
                _ => None,
            })
            .collect();
        functions.sort_by_key(|function| function.span.start);
        functions
    }

    fn bind(&mut self, name: &str, binding: Binding, aside: bool) {
        self.names.entry(name.to_owned()).or_default().push(Bound { binding, aside });
    }

    /// Every statement that binds a name, asides included.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Binding> {
        self.names.get(name).into_iter().flatten().map(|bound| &bound.binding)
    }

    fn opaque(&mut self, name: &str, span: Span, aside: bool) {
        self.bind(name, Binding::Opaque(Some(span)), aside);
    }

    fn block(&mut self, body: &[Stmt], aside: bool) {
        for statement in body {
            self.statement(statement, aside);
        }
    }

    fn statement(&mut self, statement: &Stmt, aside: bool) {
        let span = statement.span;
        match &statement.kind {
            StmtKind::FunctionDef(function) => {
                for (name, span) in walk::globals_of(&function.body) {
                    self.bind(&name, Binding::Global(span), aside);
                }
                self.bind(&function.name, Binding::Function(Arc::clone(function), function.span), aside);
            }
            StmtKind::ClassDef(class) => {
                for (name, span) in walk::globals_of(&class.body) {
                    self.bind(&name, Binding::Global(span), aside);
                }
                self.bind(&class.name, Binding::Class(Arc::clone(class), class.span), aside);
            }
            StmtKind::Assign { targets, value } => {
                self.walruses(value, aside);
                for target in targets {
                    self.assign(target, value, span, aside);
                }
            }
            StmtKind::AnnAssign { target, value: Some(value), .. } => {
                self.walruses(value, aside);
                self.assign(target, value, span, aside);
            }
            StmtKind::AnnAssign { value: None, .. } => {}
            StmtKind::Import(names) => {
                for (name, alias) in names {
                    match alias {
                        Some(alias) => self.bind(alias, Binding::Import(Target::Module(name.clone()), span), aside),
                        None => {
                            let first = name.split('.').next().unwrap_or_default().to_owned();
                            self.bind_import_of_package(&first, span, aside);
                        }
                    }
                }
            }
            StmtKind::ImportFrom { module, level, names } => {
                let path = ModulePath { level: *level, name: module.clone() };
                for (name, alias) in names {
                    if name == "*" {
                        self.stars.push(path.clone());
                    } else {
                        let target = Target::Member(path.clone(), name.clone());
                        self.bind(alias.as_ref().unwrap_or(name), Binding::Import(target, span), aside);
                    }
                }
            }
            StmtKind::If { test, body, orelse } => {
                self.walruses(test, aside);
                let taken = condition(test);
                self.block(body, aside || taken == Some(false));
                self.block(orelse, aside || taken == Some(true));
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                self.block(body, aside);
                self.block(orelse, aside);
                self.block(finalbody, aside);
                for (_, name, handler) in handlers {
                    if let Some(name) = name {
                        self.opaque(name, span, true);
                    }
                    self.block(handler, true);
                }
            }
            StmtKind::With { items, body } => {
                for (_, target) in items {
                    self.opaque_target(target.as_ref(), span, aside);
                }
                self.block(body, aside);
            }
            _ => self.other(statement, aside),
        }
    }

    /// `import a.b` and `import a.c` both bind `a`, to the same module.
    fn bind_import_of_package(&mut self, first: &str, span: Span, aside: bool) {
        let again = self.get(first).iter().any(|binding| matches!(binding, Binding::Import(Target::Module(name), _) if name == first));
        if !again {
            self.bind(first, Binding::Import(Target::Module(first.to_owned()), span), aside);
        }
    }

    /// Statements after which a name is no constant.
    fn other(&mut self, statement: &Stmt, aside: bool) {
        let mut names = Vec::new();
        walk::bound_names(std::slice::from_ref(statement), &mut names);
        for name in names {
            self.opaque(&name, statement.span, aside);
        }
    }

    fn walruses(&mut self, expression: &Expr, aside: bool) {
        let mut names = Vec::new();
        walk::walrus_names(expression, &mut names);
        for name in names {
            self.opaque(&name, expression.span, aside);
        }
    }

    fn assign(&mut self, target: &Expr, value: &Expr, span: Span, aside: bool) {
        match (&target.kind, &value.kind) {
            (ExprKind::Name(name), _) => self.bind(name, Binding::Constant(value.clone(), span), aside),
            (ExprKind::Tuple(targets) | ExprKind::List(targets), ExprKind::Tuple(values) | ExprKind::List(values))
                if targets.len() == values.len() && !targets.iter().chain(values).any(|item| matches!(item.kind, ExprKind::Starred(_))) =>
            {
                for (target, value) in targets.iter().zip(values) {
                    self.assign(target, value, span, aside);
                }
            }
            _ => self.opaque_target(Some(target), span, aside),
        }
    }

    fn opaque_target(&mut self, target: Option<&Expr>, span: Span, aside: bool) {
        let mut names = Vec::new();
        if let Some(target) = target {
            walk::target_names(target, &mut names);
        }
        for name in names {
            self.opaque(&name, span, aside);
        }
    }
}

/// What a condition is in a wheel, as far as that is known: the package is imported, compiled, and not type-checked.
fn condition(test: &Expr) -> Option<bool> {
    match &test.kind {
        ExprKind::Bool(value) => Some(*value),
        ExprKind::Int(Some(value), _) => Some(*value != 0),
        ExprKind::Name(name) | ExprKind::Attribute(_, name) => match name.as_str() {
            "TYPE_CHECKING" | "is_transpiling" | "is_compiling" => Some(false),
            "is_compiled" | "is_transpiled" => Some(true),
            _ => None,
        },
        ExprKind::Unary(UnaryOp::Not, operand) => condition(operand).map(|value| !value),
        ExprKind::Logic(op, parts) => {
            let values: Vec<Option<bool>> = parts.iter().map(condition).collect();
            let decisive = *op == hypersonic_syntax::ast::BoolOp::Or;
            if values.contains(&Some(decisive)) { Some(decisive) } else { values.iter().all(Option::is_some).then_some(!decisive) }
        }
        ExprKind::Compare(left, rest) => match (&left.kind, rest.as_slice()) {
            (ExprKind::Name(name), [(hypersonic_syntax::ast::CompareOp::Equal, Expr { kind: ExprKind::Str(text), .. })])
                if name == "__name__" && text == "__main__" =>
            {
                Some(false)
            }
            _ => None,
        },
        _ => None,
    }
}
