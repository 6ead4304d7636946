//! Statements, one after the other, and the choice between two blocks. Loops, assignments and raises have modules of their own.

use crate::function::{Reported, Typed, Typer, is_unit};
use crate::ir::{Block, Expr, ExprKind, MessagePart, PYTHON_ANSWERS, Stmt, StmtKind};
use crate::logic::{constant_bool, negation};
use crate::resolve::Static;
use crate::scope::{self, Binding, Environment};
use crate::unify::coerce;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, StmtKind as Kind};

impl Typer<'_, '_> {
    /// Types statements until control leaves; what cannot be reached is not looked at.
    pub(crate) fn statements(&mut self, body: &[ast::Stmt]) {
        for (position, stmt) in body.iter().enumerate() {
            if !self.reachable {
                break;
            }
            if self.is_print(stmt) {
                let _: Typed<()> = self.print(stmt, only_raises(&body[position..]));
                continue;
            }
            if self.needs_exception(stmt) {
                self.python_answers("the exception is an object of Python", stmt.span);
                break;
            }
            self.note_names();
            // What is wrong is reported; the next statement may have more to say.
            let _: Typed<()> = self.nested(stmt.span, |typer| typer.statement(stmt));
            self.note_names();
        }
    }

    /// From here on only Python can go on.
    pub(crate) fn python_answers(&mut self, why: &str, span: Span) {
        let stmt = self.python_answers_stmt(why, true, span);
        self.push(stmt.kind, span);
        self.reachable = false;
    }

    /// The statement that says so. What is so rare that it is no reason not to compile the function is not `retried`: behind a write it fails.
    pub(crate) fn python_answers_stmt(&self, why: &str, retried: bool, span: Span) -> Stmt {
        let message = vec![MessagePart::Text(why.to_owned())];
        Stmt { span, kind: StmtKind::Raise { exception: PYTHON_ANSWERS.to_owned(), message, retried } }
    }

    fn is_print(&mut self, stmt: &ast::Stmt) -> bool {
        match &stmt.kind {
            Kind::Expr(ast::Expr { kind: ast::ExprKind::Call(function, ..), .. }) => {
                matches!(self.static_of(function), Some(Static::External(full)) if full == "builtins.print")
            }
            _ => false,
        }
    }

    /// `print`: what it prints is seen when the call has come to its end. What has no compiled form as a string is Python's, where a call
    /// may not come by: before a `raise`, or under a condition.
    fn print(&mut self, stmt: &ast::Stmt, raises: bool) -> Typed<()> {
        let span = stmt.span;
        let (mark, found, environment) = (self.block.len(), self.diagnostics.len(), self.environment.clone());
        if let Kind::Expr(ast::Expr { kind: ast::ExprKind::Call(_, arguments, keywords), .. }) = &stmt.kind
            && self.print_text(arguments, keywords, span).is_ok()
        {
            return Ok(());
        }
        if !raises && self.conditions == 0 {
            let diagnostic = Diagnostic::new(Id::UnsupportedCall, "this `print` is not compiled", span, "prints in every call");
            return Err(self.report(diagnostic.with_hint("print numbers and strings, or print in a Python function around this one")));
        }
        self.diagnostics.truncate(found);
        self.block.truncate(mark);
        self.environment = environment;
        self.python_answers("`print` needs Python", span);
        Ok(())
    }

    fn statement(&mut self, stmt: &ast::Stmt) -> Typed<()> {
        let span = stmt.span;
        match &stmt.kind {
            Kind::Pass => Ok(()),
            Kind::Assign { targets, value } => self.assignment(targets, value),
            Kind::AnnAssign { target, value: Some(value), annotation, .. } => {
                self.assignment(std::slice::from_ref(target), value)?;
                self.annotation_hint(target, annotation, span)
            }
            Kind::AnnAssign { value: None, .. } => Ok(()),
            Kind::AugAssign { target, op, value } => self.augmented(target, *op, value, span),
            Kind::For { target, iter, body, orelse } => self.for_loop(target, iter, body, orelse, span),
            Kind::While { test, body, orelse } => self.while_loop(test, body, orelse, span),
            Kind::If { test, body, orelse } => self.if_statement(test, body, orelse, span),
            Kind::Return(value) => self.return_statement(value.as_ref(), span),
            Kind::Raise { exc, cause } => self.raise_statement(exc.as_ref(), cause.as_ref(), span),
            Kind::Assert { test, message } => self.assert_statement(test, message.as_ref(), span),
            Kind::Expr(value) => self.expression_statement(value, span),
            Kind::Import(items) => self.import(items, span),
            Kind::ImportFrom { module, level, names } => self.import_from(module, *level, names, span),
            Kind::Break => self.leave(true, span),
            Kind::Continue => self.leave(false, span),
            Kind::Delete(targets) => self.delete(targets),
            Kind::With { items, body } => self.with(items, body, span),
            Kind::Global(_) => {
                Err(self.refused("`global` is not compiled", span, "module variables cannot be set", "return the value instead"))
            }
            Kind::Try { body, handlers, orelse, finalbody } => self.try_statement(body, handlers, orelse, finalbody, span),
            Kind::Match { subject, cases } => self.match_statement(subject, cases, span),
            Kind::Nonlocal(_) => Ok(()),
            Kind::FunctionDef(definition) => self.define_function(&definition.name, definition),
            Kind::ClassDef(class) => {
                let title = format!("the class `{}` is defined inside a function", class.name);
                self.poison_name(&class.name);
                Err(self.refused(&title, span, "not compiled", "move it to module level"))
            }
            Kind::Other(what) => {
                let title = format!("{what} is not compiled");
                Err(self.report(Diagnostic::new(Id::UnsupportedStatement, title, span, "used here")))
            }
        }
    }

    pub(crate) fn refused(&mut self, title: &str, span: Span, label: &str, hint: &str) -> Reported {
        self.report(Diagnostic::new(Id::UnsupportedStatement, title, span, label).with_hint(hint))
    }

    fn expression_statement(&mut self, value: &ast::Expr, span: Span) -> Typed<()> {
        match &value.kind {
            ast::ExprKind::Str(_) | ast::ExprKind::Ellipsis => return Ok(()),
            ast::ExprKind::Yield(item) => return self.yield_item(item.as_deref(), span),
            ast::ExprKind::YieldFrom(items) => return self.yield_from(items, span),
            _ => {}
        }
        let value = self.value(value)?;
        if !matches!(value.kind, ExprKind::Unit | ExprKind::Constant(_) | ExprKind::Variable(_)) {
            self.push(StmtKind::Expr(value), span);
        }
        Ok(())
    }

    /// `x: list[float] = []` says what the list will hold.
    fn annotation_hint(&mut self, target: &ast::Expr, annotation: &ast::Expr, span: Span) -> Typed<()> {
        if let (ast::ExprKind::Name(name), Some(ty)) = (&target.kind, self.annotated(annotation))
            && ty.is_object()
        {
            let value = self.local(name, span)?;
            self.hint(&value, &ty, span);
        }
        Ok(())
    }

    fn if_statement(&mut self, test: &ast::Expr, body: &[ast::Stmt], orelse: &[ast::Stmt], span: Span) -> Typed<()> {
        let asked = test;
        let test = self.test(test);
        if let Ok(test) = &test
            && let Some(known) = constant_bool(test)
        {
            self.statements(if known { body } else { orelse });
            return Ok(());
        }
        let before = self.environment.clone();
        self.conditions += 1;
        let (mut then, ()) = self.in_block(|typer| {
            typer.assume(asked, true);
            typer.statements(body);
        });
        let after_then = self.take_environment();
        self.environment = before;
        self.reachable = true;
        let (mut otherwise, ()) = self.in_block(|typer| {
            typer.assume(asked, false);
            typer.statements(orelse);
        });
        let after_otherwise = self.take_environment();
        self.conditions -= 1;
        let joined = self.join(after_then.clone(), after_otherwise.clone());
        if let Some(joined) = &joined {
            then.extend(after_then.iter().flat_map(|from| self.reconcile(from, joined, span)));
            otherwise.extend(after_otherwise.iter().flat_map(|from| self.reconcile(from, joined, span)));
        }
        self.set_environment(joined);
        let test = test?;
        if then.is_empty() && !otherwise.is_empty() {
            self.push(StmtKind::If { test: negation(test, span), then: otherwise, otherwise: then }, span);
        } else {
            self.push(StmtKind::If { test, then, otherwise }, span);
        }
        Ok(())
    }

    /// What names mean at the end of a block; nothing if control does not get there.
    pub(crate) fn take_environment(&mut self) -> Option<Environment> {
        let environment = std::mem::take(&mut self.environment);
        self.reachable.then_some(environment)
    }

    /// Goes on with what names mean on the paths that get here.
    pub(crate) fn set_environment(&mut self, environment: Option<Environment>) {
        self.reachable = environment.is_some();
        self.environment = environment.unwrap_or_default();
    }

    /// Joins two paths.
    pub(crate) fn join(&mut self, a: Option<Environment>, b: Option<Environment>) -> Option<Environment> {
        scope::join(a, b, &mut |name, ty| self.variable(name, ty))
    }

    /// The conversions that make values of `from` those of `to`.
    pub(crate) fn reconcile(&self, from: &Environment, to: &Environment, span: Span) -> Block {
        let mut block = Block::new();
        for (name, binding) in to {
            if let (Binding::Value { variable: target, ty, .. }, Some(Binding::Value { variable: source, .. })) = (binding, from.get(name))
                && target != source
                && !is_unit(ty)
            {
                let value = self.read(*source, span);
                block.push(Stmt { span, kind: StmtKind::Assign(*target, coerce(value, ty)) });
            }
        }
        block
    }

    fn return_statement(&mut self, value: Option<&ast::Expr>, span: Span) -> Typed<()> {
        let typed = match value {
            Some(value) => match self.given_back(value) {
                Some(this) => Ok(this),
                None => self.value(value),
            },
            None => Ok(Expr { ty: Type::None, kind: ExprKind::Unit, span }),
        };
        let typed = typed.and_then(|value| self.slices_as_values(value));
        self.reachable &= typed.is_ok();
        self.return_value(typed?, span);
        Ok(())
    }

    pub(crate) fn leave(&mut self, is_break: bool, span: Span) -> Typed<()> {
        if self.loops.is_empty() {
            return Err(self.refused("a jump outside of a loop", span, "no loop around", "remove it"));
        }
        if let Some((after, next)) = self.loops.last().and_then(|frame| frame.labels) {
            self.leave_label(if is_break { after } else { next }, span);
            return Ok(());
        }
        if self.leaves_final(is_break, span) {
            return Ok(());
        }
        let jump = self.jump(span);
        let environment = std::mem::take(&mut self.environment);
        self.reachable = false;
        if let Some(frame) = self.loops.last_mut() {
            let jumps = if is_break { &mut frame.breaks } else { &mut frame.continues };
            jumps.push((jump, environment));
        }
        self.push(if is_break { StmtKind::Break } else { StmtKind::Continue }, span);
        Ok(())
    }

    fn delete(&mut self, targets: &[ast::Expr]) -> Typed<()> {
        for target in targets {
            match &target.kind {
                ast::ExprKind::Name(name) => {
                    if self.exception_of(target).is_none() {
                        self.expression(target)?;
                    }
                    let bound = self.bound_name(name);
                    self.flag(&bound, false, target.span);
                    self.environment.remove(&bound);
                }
                ast::ExprKind::Tuple(items) => self.delete(items)?,
                ast::ExprKind::Subscript(base, index) => self.delete_item(base, index, target.span)?,
                _ => return Err(self.refused("only names and items can be deleted", target.span, "neither", "remove the `del`")),
            }
        }
        Ok(())
    }

    fn import(&mut self, items: &[(String, Option<String>)], span: Span) -> Typed<()> {
        for (module, alias) in items {
            if self.unit.program.module_index(module).is_some() {
                return Err(self.refused(
                    "a module of the package is imported inside a function",
                    span,
                    "not compiled yet",
                    "import it at module level",
                ));
            }
            let first = module.split('.').next().unwrap_or_default();
            let (name, full) = match alias {
                Some(alias) => (alias.as_str(), module.as_str()),
                None => (first, first),
            };
            self.environment.insert(self.bound_name(name), Binding::Imported(full.to_owned()));
        }
        Ok(())
    }

    fn import_from(&mut self, module: &str, level: u32, names: &[(String, Option<String>)], span: Span) -> Typed<()> {
        let inside = level > 0 || self.unit.program.module_index(module).is_some();
        if inside || names.iter().any(|(name, _)| name == "*") {
            let title = "names of the package are imported inside a function";
            return Err(self.refused(title, span, "not compiled yet", "import them at module level"));
        }
        for (name, alias) in names {
            let bound = self.bound_name(alias.as_ref().unwrap_or(name));
            self.environment.insert(bound, Binding::Imported(format!("{module}.{name}")));
        }
        Ok(())
    }

    fn other_context(&mut self, span: Span) -> Reported {
        let title = "`with` is compiled for `np.errstate` only";
        self.refused(title, span, "another context manager", "enter it in a Python function around this one")
    }

    /// `with np.errstate(...)` is what compiled code does anyway: no warnings.
    fn with(&mut self, items: &[(ast::Expr, Option<ast::Expr>)], body: &[ast::Stmt], span: Span) -> Typed<()> {
        for (context, target) in items {
            let (ast::ExprKind::Call(function, arguments, keywords), None) = (&context.kind, target) else {
                return Err(self.other_context(span));
            };
            if !matches!(self.static_of(function), Some(Static::External(full)) if full == "numpy.errstate") || !arguments.is_empty() {
                return Err(self.other_context(span));
            }
            let quiet =
                |mode: &ast::Expr| matches!(&mode.kind, ast::ExprKind::Str(text) if matches!(text.as_str(), "ignore" | "warn" | "print"));
            if let Some((_, mode)) = keywords.iter().find(|(_, mode)| !quiet(mode)) {
                let title = "`np.errstate` that may raise or call something is not compiled";
                let hint = "look at the values (`np.isfinite`), or enter it in a Python function around this one";
                return Err(self.refused(title, mode.span, "kernels go on after an overflow or a division by zero", hint));
            }
        }
        self.statements(body);
        Ok(())
    }
}

/// Whether the statements do nothing but print, and raise in the end.
fn only_raises(body: &[ast::Stmt]) -> bool {
    body.split_last()
        .is_some_and(|(last, rest)| matches!(last.kind, Kind::Raise { .. }) && rest.iter().all(|stmt| matches!(stmt.kind, Kind::Expr(_))))
}
