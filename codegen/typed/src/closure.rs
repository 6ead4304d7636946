//! Functions as values. Which function it is, is known at build time: a value of type [`Type::Function`] has no content, and a function that is
//! given one is compiled for it. A function inside a function takes the variables of its surroundings, as they are when it is called,
//! before its own parameters.

use crate::function::{Reported, Typed, Typer};
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
        if let Err(reported) = self.refuse_local_defaults(definition) {
            self.poison_name(name);
            return Err(reported);
        }
        let captured = self.captured(definition);
        if captured.iter().any(|captured| captured == name) {
            let title = format!("`{name}`, which is defined inside a function, calls itself");
            let diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, definition.name_span, "not compiled yet");
            self.poison_name(name);
            return Err(self.report(diagnostic.with_hint(format!("move `{name}` to module level"))));
        }
        let binding = if captured.is_empty() {
            let ty = self.function_type(self.file, definition);
            let variable = self.variable(name, &ty);
            Binding::Value { ty, variable, known: None, maybe_unbound: false, span: definition.name_span }
        } else {
            let parameter = |name: &String| Parameter {
                span: definition.name_span,
                name: name.clone(),
                kind: ParameterKind::Positional,
                annotation: None,
                default: None,
            };
            let mut whole = FunctionDef::clone(definition);
            whole.parameters = captured.iter().map(parameter).chain(whole.parameters).collect();
            let Type::Function(key) = self.function_type(self.file, &Arc::new(whole)) else { return Err(Reported) };
            Binding::Closure { key, captured }
        };
        self.environment.insert(self.bound_name(name), binding);
        Ok(())
    }

    /// Defaults are evaluated where the function is defined, once.
    fn refuse_local_defaults(&mut self, definition: &FunctionDef) -> Typed<()> {
        let defaults = definition.parameters.iter().filter_map(|parameter| parameter.default.as_ref());
        let local = defaults.flat_map(hypersonic_scan::names_of).find(|name| self.is_local(name));
        let Some(name) = local else { return Ok(()) };
        let title = format!("a default of a function inside a function uses the local variable `{name}`");
        let diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, definition.name_span, "not compiled yet");
        Err(self.report(diagnostic.with_hint(format!("use `{name}` in its body, or give it as an argument"))))
    }

    /// The local variables that a function inside this one uses.
    fn captured(&self, definition: &FunctionDef) -> Vec<String> {
        free_names(definition).into_iter().filter(|name| self.is_local(name)).collect()
    }

    /// `lambda` as a value.
    pub(crate) fn lambda(&mut self, definition: &Arc<FunctionDef>, span: Span) -> Typed<Expr> {
        self.refuse_local_defaults(definition)?;
        if let Some(name) = self.captured(definition).first() {
            return Err(self.surroundings_lost("the lambda", name, span));
        }
        let ty = self.function_type(self.file, definition);
        Ok(Expr { ty, kind: ExprKind::Unit, span })
    }

    fn surroundings_lost(&mut self, what: &str, name: &str, span: Span) -> Reported {
        let title = format!("{what} uses the local variable `{name}` and is passed on");
        let diagnostic = Diagnostic::new(Id::UnsupportedDefinition, title, span, "not compiled yet");
        self.report(diagnostic.with_hint(format!("give `{name}` to it as an argument, or call it here")))
    }

    /// A function of the package or of a library as a value.
    pub(crate) fn function_value(&mut self, found: &Static, span: Span) -> Option<Typed<Expr>> {
        let ty = match found {
            Static::Function(file, definition) => match self.refuse_decorated(*file, definition, span) {
                Ok(()) => self.function_type(*file, definition),
                Err(reported) => return Some(Err(reported)),
            },
            Static::External(full) if library::is_function(full) => Type::Function(full.clone()),
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
            None => Static::External(key.to_owned()),
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
        let Some(Binding::Closure { key, captured }) = self.environment.get(&self.bound_name(name)).cloned() else { return None };
        let (file, definition) = self.unit.functions.get(&key).cloned()?;
        Some(self.call_with(file, definition, &captured, arguments, keywords, span))
    }

    fn call_with(
        &mut self,
        file: u32,
        definition: Arc<FunctionDef>,
        captured: &[String],
        arguments: &[ast::Expr],
        keywords: &crate::calls::Keywords,
        span: Span,
    ) -> Typed<Expr> {
        let arguments: Arguments = self.given(arguments, keywords, span)?;
        let own = self.bind_arguments(file, &definition, captured.len(), arguments)?;
        // Variables of a comprehension around the call are not those that the function sees.
        let renames = std::mem::take(&mut self.renames);
        let values = captured.iter().map(|name| self.local(name, span)).collect::<Typed<Vec<Expr>>>();
        self.renames = renames;
        let mut values = values?;
        values.extend(own);
        self.package_call(&Callee { file, definition, method: None }, values, span)
    }

    /// A closure that is not called.
    pub(crate) fn closure_as_value(&mut self, name: &str, captured: &[String], span: Span) -> Reported {
        let first = captured.first().map(String::as_str).unwrap_or_default().to_owned();
        self.surroundings_lost(&format!("`{name}`"), &first, span)
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
