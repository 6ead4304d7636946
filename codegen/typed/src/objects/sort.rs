//! `list.sort`, `sorted`, and `min` and `max` with a key.

use super::{Writer, operation};
use crate::calls::Keywords;
use crate::function::{Reported, Typed, Typer};
use crate::ir::Expr;
use crate::objects::operate::is_ordered;
use crate::resolve::{bool_constant, int_constant};
use hypersonic_abi::object::{Op, replay};
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::Type;
use hypersonic_syntax::ast::{self, CompareOp, ExprKind};

impl Typer<'_, '_> {
    /// `list.sort(key=..., reverse=...)`.
    pub(super) fn sort_method(&mut self, list: Expr, arguments: &[ast::Expr], keywords: &Keywords, span: Span) -> Typed<Expr> {
        if !arguments.is_empty() {
            return Err(self.type_error("`sort` takes no positional arguments", span, "given here"));
        }
        self.sort_in_place(list, keywords, false, span)?;
        Ok(self.none(span))
    }

    /// `sorted(iterable, key=..., reverse=...)`.
    pub(crate) fn sorted(&mut self, iterable: &ast::Expr, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let list = self.list_of(iterable, iterable.span)?;
        let list = self.hold(list);
        self.sort_in_place(list.clone(), keywords, true, span)?;
        Ok(list)
    }

    /// Sorts a list; one that is `fresh` is known to nobody else.
    fn sort_in_place(&mut self, list: Expr, keywords: &Keywords, fresh: bool, span: Span) -> Typed<()> {
        let mut keys = int_constant(0, span);
        let mut reverse = bool_constant(false, span);
        let Type::List(element) = &list.ty else { return Err(Reported) };
        let mut compared = element.as_ref().clone();
        for (name, value) in keywords {
            match (name.as_deref(), &value.kind) {
                (Some("key"), ExprKind::None) => {}
                (Some("key"), _) => {
                    let function = self.callable(value)?;
                    if !fresh {
                        self.require_unseen(&list, &function, span)?;
                    }
                    let name = self.named("sorted", list.clone());
                    let list = self.keys_of(&name, function, span)?;
                    let list = self.hold(list);
                    if let Type::List(element) = &list.ty {
                        compared = element.as_ref().clone();
                    }
                    keys = self.hold(list);
                }
                (Some("reverse"), _) => {
                    reverse = self.test(value)?;
                    reverse = self.hold(reverse);
                }
                _ => return Err(self.type_error("`sort` takes `key` and `reverse`", value.span, "given here")),
            }
        }
        if !is_ordered(&compared) {
            return Err(self.type_error(format!("values of `{compared}` have no order"), span, "sorted here"));
        }
        self.perform(Op::Sort, vec![list, keys, reverse], span);
        Ok(())
    }

    /// `[key(item) for item in list]`.
    fn keys_of(&mut self, list: &str, function: ast::Expr, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let item = self.own_name("item");
        let element = write.call(function, vec![write.name(&item)]);
        let clauses = [(write.name(&item), write.name(list), Vec::new())];
        self.container_comprehension("list", &element, &clauses, span)
    }

    /// While CPython sorts a list, it looks empty. That can be seen only by a key function that uses a variable with that list: then Python
    /// answers.
    fn require_unseen(&mut self, list: &Expr, function: &ast::Expr, span: Span) -> Typed<()> {
        let ExprKind::Name(name) = &function.kind else { return Ok(()) };
        for (bound, ty) in self.variables_of(name) {
            if ty == list.ty {
                let write = Writer { span };
                let other = self.expression(&write.name(&bound))?;
                let same = operation(Op::Same, vec![list.clone(), other], Type::BOOL, span);
                let answer = self.python_answers_stmt("the key function uses the list that is sorted", true, span);
                self.push(crate::ir::StmtKind::If { test: same, then: vec![answer], otherwise: Vec::new() }, span);
            } else if ty.any(|part| *part == list.ty) {
                let title = format!("the key function uses a `{ty}`, which may hold the list that is sorted");
                let diagnostic = Diagnostic::new(Id::UnsupportedCall, title, span, "it looks empty meanwhile");
                return Err(self.report(diagnostic.with_hint("use `sorted(...)`, which sorts a list of its own")));
            }
        }
        Ok(())
    }

    /// Something that can be called several times: a lambda gets a name.
    pub(crate) fn callable(&mut self, function: &ast::Expr) -> Typed<ast::Expr> {
        let write = Writer { span: function.span };
        match &function.kind {
            ExprKind::Lambda(definition) => {
                let name = self.own_name("function");
                self.define_function(&name, definition)?;
                Ok(write.name(&name))
            }
            // `operator.itemgetter(1)`: made once.
            ExprKind::Call(..) => {
                let made = self.value(function)?;
                let name = self.named("function", made);
                Ok(write.name(&name))
            }
            _ => Ok(function.clone()),
        }
    }

    /// `min(iterable, key=..., default=...)` and `max`: the first of equals.
    pub(crate) fn best(&mut self, name: &str, iterable: &ast::Expr, keywords: &Keywords, span: Span) -> Typed<Expr> {
        let write = Writer { span };
        let (mut key, mut default) = (None, None);
        for (keyword, value) in keywords {
            match keyword.as_deref() {
                Some("key") => key = (!matches!(value.kind, ExprKind::None)).then(|| value.clone()),
                Some("default") => {
                    let value = self.entity(value)?;
                    default = Some(self.named("default", value));
                }
                _ => return Err(self.type_error(format!("`{name}` takes `key` and `default`"), value.span, "given here")),
            }
        }
        let key = key.map(|key| self.callable(&key)).transpose()?;
        let (item, found, best, rank, here) =
            (self.own_name("item"), self.own_name("found"), self.own_name("best"), self.own_name("rank"), self.own_name("here"));
        let ranked = key.map_or_else(|| write.name(&item), |key| write.call(key, vec![write.name(&item)]));
        let op = if name == "min" { CompareOp::Less } else { CompareOp::Greater };
        let take = vec![
            write.assign(&best, write.name(&item)),
            write.assign(&rank, write.name(&here)),
            write.assign(&found, write.expr(ExprKind::Bool(true))),
        ];
        let better = write.compare(op, write.name(&here), write.name(&rank));
        let body =
            vec![write.assign(&here, ranked), write.choose(write.name(&found), vec![write.choose(better, take.clone(), Vec::new())], take)];
        let errors = self.diagnostics.len();
        self.statements(&[write.assign(&found, write.expr(ExprKind::Bool(false))), write.each(write.name(&item), iterable.clone(), body)]);
        if self.diagnostics.len() > errors {
            return Err(Reported);
        }
        match default {
            Some(default) => self.conditional(&write.name(&found), &write.name(&best), &write.name(&default), span),
            None => {
                let what = if name == "min" { replay::MIN } else { replay::MAX };
                self.raise_as_python(&write.not(write.name(&found)), "ValueError", what, Vec::new(), span)?;
                self.local(&best, span)
            }
        }
    }
}
