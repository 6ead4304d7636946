//! Functions as values. Which function it is, is known at build time: a value of type [`Type::Function`] has no content, and a function that is
//! given one is compiled for it. A function inside a function takes the variables of its surroundings, as they are when it is called,
//! before its own parameters.

use crate::expand::NameScope;
use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{Expr, ExprKind};
use crate::library::{self, Arguments};
use crate::resolve::Static;
use crate::scope::Binding;
use crate::unit::Callee;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_scan::free_names;
use hypersonic_syntax::ast::{self, FunctionDef, Parameter, ParameterKind};
use std::sync::Arc;

/// What the keys of functions begin with that use variables around them.
const CLOSURE: &str = "closure:";

/// What the names begin with that hold the defaults of functions.
pub(crate) const DEFAULT: &str = ".default.";

/// A function that uses variables around it.
pub(crate) struct Closure {
    /// As written.
    pub definition: Arc<FunctionDef>,
    /// With the variables that it uses as parameters before its own.
    whole: Arc<FunctionDef>,
    /// These variables: as written, as bound.
    captured: Vec<(String, String)>,
    /// Those that it sets, as bound.
    pub nonlocals: Vec<String>,
    /// The names that it sees.
    pub scope: NameScope,
    /// Whether it yields.
    pub generator: bool,
}

/// Whether a value of the type is, or holds, a function that uses variables around it.
pub(crate) fn holds_closure(ty: &Type) -> bool {
    match ty {
        Type::Function(key) => {
            key.starts_with(CLOSURE)
                || key.starts_with(crate::written::SLICE)
                || key.starts_with(crate::written::RANGE)
                || key.starts_with(crate::stored_generator::STORED)
                || key.starts_with(crate::iterators::ITERATOR)
        }
        Type::Tuple(items) => items.iter().any(holds_closure),
        Type::Named(_, inner) => holds_closure(inner),
        _ => false,
    }
}

impl Typer<'_, '_> {
    /// `def` inside a function, or `name = lambda ...`.
    pub(crate) fn define_function(&mut self, name: &str, definition: &Arc<FunctionDef>) -> Typed<()> {
        if let Some(decorator) = definition.decorators.first() {
            let hint = "call the decorated function from Python";
            let diagnostic =
                Diagnostic::new(Id::UnsupportedDecorator, format!("`{name}` is decorated inside a function"), decorator.span, "here");
            self.poison_name(name);
            return Err(self.report(diagnostic.with_hint(hint)));
        }
        let definition = self.held_defaults(definition)?;
        let ty = self.closure_type(name, &definition);
        let variable = self.variable(&self.bound_name(name), &ty);
        let bound = self.bound_name(name);
        let binding = Binding::Value { ty, variable, known: None, maybe_unbound: false, span: definition.name_span };
        self.flag(&bound, true, definition.name_span);
        self.environment.insert(bound, binding);
        Ok(())
    }

    /// The definition with defaults that use local variables evaluated here, once, and held in variables.
    fn held_defaults(&mut self, definition: &Arc<FunctionDef>) -> Typed<Arc<FunctionDef>> {
        let local = |typer: &Self, default: &ast::Expr| hypersonic_scan::names_of(default).iter().any(|name| typer.is_local(name));
        if !definition.parameters.iter().filter_map(|parameter| parameter.default.as_ref()).any(|default| local(self, default)) {
            return Ok(Arc::clone(definition));
        }
        let mut whole = FunctionDef::clone(definition);
        for parameter in &mut whole.parameters {
            let Some(default) = &mut parameter.default else { continue };
            let value = self.entity(default)?;
            let value = if is_unit(&value.ty) { value } else { self.snapshot(value) };
            let held = format!("{DEFAULT}{}.{}", definition.span.start, parameter.name);
            self.bind(&held, value, default.span);
            default.kind = ast::ExprKind::Name(held);
        }
        Ok(Arc::new(whole))
    }

    /// The type of a function that is defined here.
    fn closure_type(&mut self, name: &str, definition: &Arc<FunctionDef>) -> Type {
        let mut captured = self.captured(definition);
        let recursive = captured.iter().any(|captured| captured == name) && definition.name == name;
        captured.retain(|captured| !recursive || captured != name);
        let holds = definition.parameters.iter().any(|parameter| {
            parameter.default.as_ref().is_some_and(|default| matches!(&default.kind, ast::ExprKind::Name(held) if held.starts_with('.')))
        });
        let generator = hypersonic_scan::is_generator(&definition.body);
        if captured.is_empty() && !recursive && !holds && !generator {
            return self.function_type(self.file, definition);
        }
        let captured: Vec<(String, String)> = captured.into_iter().map(|name| (name.clone(), self.bound_name(&name))).collect();
        let bound: Vec<&str> = captured.iter().map(|(_, bound)| bound.as_str()).collect();
        let key = format!("{CLOSURE}{}:{}:{name}:{}", self.file, definition.span.start, bound.join(","));
        let nonlocals = hypersonic_scan::nonlocals(&definition.body).iter().map(|name| self.bound_name(name)).collect();
        let parameter = |(name, _): &(String, String)| Parameter {
            span: definition.name_span,
            name: name.clone(),
            kind: ParameterKind::Positional,
            annotation: None,
            default: None,
        };
        let mut whole = FunctionDef::clone(definition);
        whole.parameters = captured.iter().map(parameter).chain(whole.parameters).collect();
        if recursive {
            let names = captured.iter().map(|(name, _)| name.clone()).collect();
            self.unit.recursive.insert((self.file, definition.span.start), names);
        }
        let scope = self.name_scope();
        let closure = Closure { definition: Arc::clone(definition), whole: Arc::new(whole), captured, nonlocals, scope, generator };
        self.closures.insert(key.clone(), Arc::new(closure));
        Type::Function(key)
    }

    /// In a function of a function that calls itself: its own name.
    pub(crate) fn bind_itself(&mut self, definition: &FunctionDef) {
        let Some(captured) = self.unit.recursive.get(&(self.file, definition.span.start)).cloned() else { return };
        let name = definition.name.clone();
        if self.environment.contains_key(&name) {
            return;
        }
        self.locals.insert(name.clone());
        let mut own = definition.clone();
        let whole = Arc::new(definition.clone());
        own.parameters.drain(..captured.len().min(own.parameters.len()));
        let key = format!("{CLOSURE}{}:{}:{name}", self.file, definition.span.start);
        let captured = captured.into_iter().map(|name| (name.clone(), name)).collect();
        let scope = self.name_scope();
        let closure = Closure { definition: Arc::new(own), whole, captured, nonlocals: Vec::new(), scope, generator: false };
        self.closures.insert(key.clone(), Arc::new(closure));
        let ty = Type::Function(key);
        let variable = self.variable(&name, &ty);
        let binding = Binding::Value { ty, variable, known: None, maybe_unbound: false, span: definition.name_span };
        self.environment.insert(name, binding);
    }

    /// The local variables that a function inside this one uses.
    fn captured(&self, definition: &FunctionDef) -> Vec<String> {
        free_names(definition).into_iter().filter(|name| self.is_local(name)).collect()
    }

    /// The variables around it that a local function uses, itself or through others, and their types.
    pub(crate) fn variables_of(&self, name: &str) -> Vec<(String, Type)> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![self.bound_name(name)], Vec::new());
        while let Some(bound) = open.pop() {
            let Some(Binding::Value { ty, .. }) = self.environment.get(&bound) else { continue };
            match ty {
                _ if seen.contains(&bound) => {}
                Type::Function(key) => {
                    let captured = self.closures.get(key).map(|closure| closure.captured.clone()).unwrap_or_default();
                    open.extend(captured.into_iter().map(|(_, bound)| bound));
                }
                ty => found.push((bound.clone(), ty.clone())),
            }
            seen.push(bound);
        }
        found
    }

    /// `lambda` as a value.
    pub(crate) fn lambda(&mut self, definition: &Arc<FunctionDef>, span: Span) -> Typed<Expr> {
        let definition = self.held_defaults(definition)?;
        let ty = self.closure_type("<lambda>", &definition);
        Ok(Expr { ty, kind: ExprKind::Unit, span })
    }

    pub(crate) fn surroundings_lost(&mut self, what: &str, name: &str, span: Span) -> Reported {
        let title = format!("the surroundings of {what} {name}");
        let diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, span, "it would outlive them here");
        self.report(diagnostic.with_hint("call it here, or give what it uses to a function at module level"))
    }

    /// A function of the package or of a library as a value.
    pub(crate) fn function_value(&mut self, found: &Static, span: Span) -> Option<Typed<Expr>> {
        let ty = match found {
            Static::Function(file, definition) => match self.refuse_decorated(*file, definition, span) {
                Ok(()) => self.function_type(*file, definition),
                Err(reported) => return Some(Err(reported)),
            },
            Static::External(full) if full == "numpy" => Type::module(full),
            Static::External(full) if library::is_function(full) => Type::Function(full.clone()),
            Static::External(full)
                if matches!(full.as_str(), "builtins.list" | "builtins.set" | "builtins.dict" | "builtins.tuple" | "builtins.str") =>
            {
                Type::module(full)
            }
            _ => return None,
        };
        Some(Ok(Expr { ty, kind: ExprKind::Unit, span }))
    }

    fn function_type(&mut self, file: u32, definition: &Arc<FunctionDef>) -> Type {
        let key = format!("{file}:{}:{}", definition.span.start, definition.name);
        self.unit.functions.insert(key.clone(), (file, Arc::clone(definition)));
        Type::Function(key)
    }

    /// What a value of type [`Type::Function`] is.
    pub(crate) fn function_of(&self, key: &str) -> Static {
        match self.unit.functions.get(key) {
            Some((file, definition)) => Static::Function(*file, Arc::clone(definition)),
            None => Static::External(Type::Function(key.to_owned()).full_name().unwrap_or(key).to_owned()),
        }
    }

    /// A call of a function that was defined here and uses variables of this one.
    pub(crate) fn closure_call(
        &mut self,
        name: &str,
        arguments: &[ast::Expr],
        keywords: &crate::calls::Keywords,
        span: Span,
    ) -> Option<Typed<Expr>> {
        let Some(Binding::Value { ty: Type::Function(key), .. }) = self.environment.get(&self.bound_name(name)) else { return None };
        let closure = self.closures.get(key).cloned()?;
        Some(self.call_closure(&closure, arguments, keywords, span))
    }

    /// Calls a function that uses variables around it: they are given to it, or, if it sets them or is given a function like itself, it is
    /// written out here.
    pub(crate) fn call_closure(
        &mut self,
        closure: &Arc<Closure>,
        arguments: &[ast::Expr],
        keywords: &crate::calls::Keywords,
        span: Span,
    ) -> Typed<Expr> {
        if closure.generator {
            return Err(self.generator_as_value(&closure.definition.name, span));
        }
        let file = closure.scope.file;
        let arguments: Arguments = self.arguments_as(Self::lazy_argument, None, arguments, keywords, span)?;
        let own = self.bind_arguments(file, &closure.definition, 0, arguments)?;
        let expanded = !closure.nonlocals.is_empty() || own.iter().any(|value| holds_closure(&value.ty));
        // Variables of a comprehension around the call are not those that the function sees.
        let renames = std::mem::take(&mut self.renames);
        let values = if expanded {
            Ok(Vec::new())
        } else {
            closure.captured.iter().map(|(_, bound)| self.local(bound, span)).collect::<Typed<Vec<Expr>>>()
        };
        self.renames = renames;
        let mut values = values?;
        if expanded || values.iter().any(|value| holds_closure(&value.ty)) {
            return self.expand_call(&crate::expand::Function::of_closure(closure), own, span);
        }
        values.extend(own);
        self.package_call(&Callee { file, definition: Arc::clone(&closure.whole), method: None }, values, span)
    }

    /// `NAME[key]` of a dict that the module gives a name once and nothing changes.
    pub(crate) fn constant_dict_item(&mut self, base: &ast::Expr, index: &ast::Expr, span: Span) -> Option<Typed<Expr>> {
        let Some(Static::Constant(file, piece, ast::Expr { kind: ast::ExprKind::Dict(items), .. })) = self.static_of(base) else {
            return None;
        };
        if self.unit.program.files.iter().any(|file| hypersonic_scan::may_change(&file.tree.body, &piece)) {
            let hint = "give what it holds to the function as arguments";
            let diagnostic = Diagnostic::new(Id::UnsupportedExpression, format!("the dict `{piece}` may be changed"), span, "read here");
            return Some(Err(self.report(diagnostic.with_hint(hint))));
        }
        let key = match self.expression(index) {
            Ok(key) => key,
            Err(reported) => return Some(Err(reported)),
        };
        let Type::Text(text) = &key.ty else {
            let title = format!("the key of `{piece}` is not known at build time");
            return Some(Err(self.unsupported(title, index.span, "only strings that the function tells apart are compiled")));
        };
        let is_key = |key: &ast::Expr| matches!(&key.kind, ast::ExprKind::Str(known) if known == text);
        // The last of equal keys counts.
        let found = items.iter().rev().find(|(key, _)| key.as_ref().is_some_and(is_key)).map(|(_, value)| value.clone());
        Some(match found {
            Some(value) => self.constant_value(file, piece, &value, span),
            None => Err(self.unsupported(format!("`{piece}` has no key {text:?}"), span, "Python raises KeyError here")),
        })
    }
}
