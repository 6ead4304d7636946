//! `match`: each pattern becomes a condition and the names that it binds. What the types decide is decided here: a case that cannot match
//! need not compile, behind one that always matches nothing is looked at.

mod alternatives;
mod mapping;

use crate::function::{Typed, Typer, is_unit};
use crate::ir::{Expr, ExprKind, StmtKind};
use crate::logic::constant_bool;
use crate::objects::Writer;
use crate::resolve::bool_constant;
use crate::scope::Environment;
use hypersonic_diagnostics::{Diagnostic, Id, Span};
use hypersonic_ops::{Special, Type};
use hypersonic_syntax::ast::{self, BoolOp, Case, CompareOp, Pattern, PatternKind};

/// What a pattern asks, and what it binds then.
struct Asked {
    /// Python bool.
    test: Expr,
    /// Names and where their values are found.
    binds: Vec<(String, ast::Expr)>,
}

impl Asked {
    fn never(span: Span) -> Self {
        Self { test: bool_constant(false, span), binds: Vec::new() }
    }

    /// Both; what cannot be is not asked.
    fn and(mut self, other: Self, span: Span) -> Self {
        self.binds.extend(other.binds);
        match (constant_bool(&self.test), constant_bool(&other.test)) {
            (_, Some(false)) => return Self::never(span),
            (_, Some(true)) => {}
            (Some(true), _) => self.test = other.test,
            _ => {
                let kind = ExprKind::And(Box::new(self.test), Box::new(other.test));
                self.test = Expr { ty: Type::BOOL, kind, span };
            }
        }
        self
    }
}

impl Typer<'_, '_> {
    /// `match`.
    pub(crate) fn match_statement(&mut self, subject: &ast::Expr, cases: &[Case], span: Span) -> Typed<()> {
        let value = match &subject.kind {
            ast::ExprKind::List(_) | ast::ExprKind::Tuple(_) | ast::ExprKind::Comprehension { .. } => self.sequence_of(subject)?,
            _ => self.entity(subject)?,
        };
        let value = if is_unit(&value.ty) { value } else { self.snapshot(value) };
        let name = self.fresh_name("subject");
        self.locals.insert(name.clone());
        self.bind(&name, value, subject.span);
        let subject = ast::Expr { span: subject.span, kind: ast::ExprKind::Name(name.clone()) };
        let result = self.labelled(span, |typer, label| typer.cases(&subject, cases, label, span));
        self.environment.remove(&name);
        result
    }

    fn cases(&mut self, subject: &ast::Expr, cases: &[Case], label: u32, span: Span) -> Typed<()> {
        let Some((case, rest)) = cases.split_first() else { return Ok(()) };
        if let (PatternKind::Or(patterns), None, true) = (&case.pattern.kind, &case.guard, binds(&case.pattern)) {
            // Each alternative with its names is a case of its own.
            let alone = |pattern: &Pattern| Case { pattern: pattern.clone(), guard: None, body: case.body.clone() };
            let all: Vec<Case> = patterns.iter().map(alone).chain(rest.iter().cloned()).collect();
            return self.nested(span, |typer| typer.cases(subject, &all, label, span));
        }
        let asked = self.pattern(&case.pattern, subject);
        let Asked { test, binds } = match asked {
            Ok(asked) => asked,
            Err(reported) => {
                // The other cases may have more to say.
                let _: Typed<()> = self.cases(subject, rest, label, span);
                return Err(reported);
            }
        };
        let known = constant_bool(&test);
        if known == Some(false) {
            return self.cases(subject, rest, label, span);
        }
        if known == Some(true) {
            return self.matched(case, &binds, label, |typer| typer.cases(subject, rest, label, span));
        }
        let before = self.environment.clone();
        self.conditions += 1;
        let (mut then, guarded) = self.in_block(|typer| typer.matched(case, &binds, label, |_| Ok(())));
        let after_then = self.take_environment();
        self.conditions -= 1;
        if case.guard.is_some() {
            // Where the condition does not hold, the next case is tried.
            let joined = self.join(after_then.clone(), Some(before.clone()));
            let otherwise = self.join_into(&mut then, &after_then, &before, joined.as_ref(), span);
            self.set_environment(joined);
            self.push(StmtKind::If { test, then, otherwise }, span);
            return guarded.and(self.cases(subject, rest, label, span));
        }
        self.set_environment(Some(before));
        self.conditions += 1;
        let (mut otherwise, others) = self.in_block(|typer| typer.nested(span, |typer| typer.cases(subject, rest, label, span)));
        self.conditions -= 1;
        let after_otherwise = self.take_environment();
        let joined = self.join(after_then.clone(), after_otherwise.clone());
        if let Some(joined) = &joined {
            then.extend(after_then.iter().flat_map(|from| self.reconcile(from, joined, span)));
            otherwise.extend(after_otherwise.iter().flat_map(|from| self.reconcile(from, joined, span)));
        }
        self.set_environment(joined);
        self.push(StmtKind::If { test, then, otherwise }, span);
        guarded.and(others)
    }

    /// Conversions where two paths join, the second of which has no statements yet; those that it gets.
    fn join_into(
        &self,
        then: &mut crate::ir::Block,
        after_then: &Option<Environment>,
        before: &Environment,
        joined: Option<&Environment>,
        span: Span,
    ) -> crate::ir::Block {
        let Some(joined) = joined else { return Vec::new() };
        then.extend(after_then.iter().flat_map(|from| self.reconcile(from, joined, span)));
        self.reconcile(before, joined, span)
    }

    /// A case whose pattern matches; `otherwise` goes on where its condition does not hold.
    fn matched(
        &mut self,
        case: &Case,
        binds: &[(String, ast::Expr)],
        label: u32,
        otherwise: impl FnOnce(&mut Self) -> Typed<()>,
    ) -> Typed<()> {
        for (name, place) in binds {
            let value = self.entity(place)?;
            self.bind(name, value, place.span);
        }
        let Some(guard) = &case.guard else {
            self.statements(&case.body);
            return Ok(());
        };
        let span = guard.span;
        let test = self.test(guard)?;
        match constant_bool(&test) {
            Some(false) => return otherwise(self),
            Some(true) => {
                self.statements(&case.body);
                self.leave_label(label, span);
                return Ok(());
            }
            None => {}
        }
        let before = self.environment.clone();
        self.conditions += 1;
        let (then, ()) = self.in_block(|typer| {
            typer.statements(&case.body);
            typer.leave_label(label, span);
        });
        self.conditions -= 1;
        self.set_environment(Some(before));
        self.push(StmtKind::If { test, then, otherwise: Vec::new() }, span);
        otherwise(self)
    }

    /// What a pattern asks of the value at a place.
    fn pattern(&mut self, pattern: &Pattern, place: &ast::Expr) -> Typed<Asked> {
        let span = pattern.span;
        let place = ast::Expr { span, kind: place.kind.clone() };
        let always = |test: bool| Asked { test: bool_constant(test, span), binds: Vec::new() };
        match &pattern.kind {
            PatternKind::As(inner, name) => {
                let mut asked = match inner {
                    Some(inner) => self.pattern(inner, &place)?,
                    None => always(true),
                };
                asked.binds.extend(name.clone().map(|name| (name, place)));
                Ok(asked)
            }
            PatternKind::Value(value) => {
                let (held, other) = (self.argument(&place)?, self.argument(value)?);
                if matches!(held.ty, Type::Array(..)) {
                    let title = "an array is compared with a pattern";
                    return Err(self.type_error(title, span, "Python compares element by element, and finds no truth in that"));
                }
                if comparable(&held.ty) != comparable(&other.ty) {
                    return Ok(always(false));
                }
                self.ask(ast::ExprKind::Compare(Box::new(place), vec![(CompareOp::Equal, value.clone())]), span)
            }
            PatternKind::Singleton(value) => self.ask(ast::ExprKind::Compare(Box::new(place), vec![(CompareOp::Is, value.clone())]), span),
            PatternKind::Class { class, positional, keywords } => {
                let test = self.is_instance(&place, class, span)?;
                if constant_bool(&test) == Some(false) {
                    return Ok(always(false));
                }
                if let Some(record) = self.record_of(class) {
                    let record = record?;
                    return self.record_pattern(&record, positional, keywords, &place, test);
                }
                if let Some((name, keyword)) = keywords.first() {
                    let title = format!("the attribute `{name}` in a pattern is not compiled");
                    return Err(self.refused(&title, keyword.span, "asked for here", "ask for it in a condition"));
                }
                match positional.as_slice() {
                    [] => Ok(Asked { test, binds: Vec::new() }),
                    [inner] if self.gives_itself(class) && constant_bool(&test) == Some(true) => self.pattern(inner, &place),
                    [inner] if self.gives_itself(class) => {
                        let (block, asked) = self.in_choice(true, span, |typer| typer.pattern(inner, &place));
                        let asked = asked?;
                        let test = self.short_circuit(BoolOp::And, test, block, asked.test, span);
                        Ok(Asked { test, binds: asked.binds })
                    }
                    _ => Err(self.refused(
                        "this class pattern is not compiled",
                        span,
                        "not one of Python's numbers",
                        "use `int()`, `float()`",
                    )),
                }
            }
            PatternKind::Or(patterns) if binds(pattern) => self.named_alternatives(patterns, &place, span),
            PatternKind::Or(patterns) => self.alternatives(patterns, &place, span),
            PatternKind::Mapping(items, rest) => self.mapping(items, rest.as_deref(), &place, span),
            PatternKind::Sequence(patterns) => self.sequence(patterns, &place, span),
            PatternKind::Star(_) => Err(self.refused("`*` stands alone in a pattern", span, "no sequence around", "write a sequence")),
            PatternKind::Other(what, _) => {
                let title = format!("{what} is not compiled");
                Err(self.report(Diagnostic::new(Id::UnsupportedStatement, title, span, "used here")))
            }
        }
    }

    fn ask(&mut self, kind: ast::ExprKind, span: Span) -> Typed<Asked> {
        let test = self.test(&ast::Expr { span, kind })?;
        Ok(Asked { test, binds: Vec::new() })
    }

    /// The attributes of a value of a class of the package, whose class has been asked for.
    fn record_pattern(
        &mut self,
        record: &hypersonic_scan::Record,
        positional: &[Pattern],
        keywords: &[(String, Pattern)],
        place: &ast::Expr,
        test: Expr,
    ) -> Typed<Asked> {
        let span = place.span;
        let names = self.match_arguments(record)?;
        if let Some(extra) = positional.get(names.len()) {
            let title = format!("{}() accepts {} positional sub-patterns", record.name.name, names.len());
            return Err(self.type_error(title, extra.span, "one too many"));
        }
        let parts = names.iter().zip(positional).chain(keywords.iter().map(|(name, pattern)| (name, pattern)));
        let mut asked = Asked { test, binds: Vec::new() };
        for (name, pattern) in parts {
            let item = ast::Expr { span, kind: ast::ExprKind::Attribute(Box::new(place.clone()), name.clone()) };
            let inner = self.nested(span, |typer| typer.pattern(pattern, &item))?;
            asked = asked.and(inner, span);
            if constant_bool(&asked.test) == Some(false) {
                break;
            }
        }
        Ok(asked)
    }

    /// Whether `class(x)` matches the value itself with `x`.
    fn gives_itself(&mut self, class: &ast::Expr) -> bool {
        matches!(self.static_of(class), Some(crate::resolve::Static::External(full))
            if matches!(crate::resolve::short(&full), "bool" | "int" | "float" | "str" | "tuple"))
    }

    fn alternatives(&mut self, patterns: &[Pattern], place: &ast::Expr, span: Span) -> Typed<Asked> {
        let mut test = bool_constant(false, span);
        for pattern in patterns {
            let asked = self.pattern(pattern, place)?;
            match (constant_bool(&test), constant_bool(&asked.test)) {
                (Some(false), Some(true)) => return Ok(asked),
                (Some(true), _) | (_, Some(false)) => {}
                (Some(false), _) | (_, Some(true)) => test = asked.test,
                _ => {
                    let kind = ExprKind::Or(Box::new(test), Box::new(asked.test));
                    test = Expr { ty: Type::BOOL, kind, span };
                }
            }
        }
        Ok(Asked { test, binds: Vec::new() })
    }

    /// A pattern for items of something whose length is known at run time only.
    fn open_sequence(&mut self, patterns: &[Pattern], place: &ast::Expr, span: Span) -> Typed<Asked> {
        let write = Writer { span };
        let star = patterns.iter().position(|pattern| matches!(pattern.kind, PatternKind::Star(_)));
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let fixed = count(patterns.len() - usize::from(star.is_some()));
        let op = if star.is_some() { CompareOp::GreaterEqual } else { CompareOp::Equal };
        let length = crate::objects::length(self.argument(place)?, span);
        let length = write.name(&self.named("length", length));
        let mut test = self.test(&write.compare(op, length, write.int(fixed)))?;
        let mut binds = Vec::new();
        for (n, pattern) in patterns.iter().enumerate() {
            let behind = count(n) - count(patterns.len());
            if star == Some(n) {
                if let PatternKind::Star(Some(name)) = &pattern.kind {
                    if !matches!(self.argument(place)?.ty, Type::List(_)) {
                        let title = format!("`*{name}` in a pattern is compiled for lists only");
                        return Err(self.refused(&title, pattern.span, "the rest is a list", "name each item, or write `*_`"));
                    }
                    let upper = (behind < -1).then(|| Box::new(write.int(behind + 1)));
                    let slice = write.expr(ast::ExprKind::Slice(Some(Box::new(write.int(count(n)))), upper, None));
                    binds.push((name.clone(), write.item(place.clone(), slice)));
                }
                continue;
            }
            let at = if star.is_some_and(|star| n > star) { behind } else { count(n) };
            let item = write.item(place.clone(), write.int(at));
            let (block, inner) = self.in_choice(true, span, |typer| typer.nested(span, |typer| typer.pattern(pattern, &item)));
            let inner = inner?;
            binds.extend(inner.binds);
            if constant_bool(&inner.test) == Some(true) {
                continue;
            }
            test = self.short_circuit(BoolOp::And, test, block, inner.test, span);
        }
        Ok(Asked { test, binds })
    }

    fn sequence(&mut self, patterns: &[Pattern], place: &ast::Expr, span: Span) -> Typed<Asked> {
        let value = self.argument(place)?;
        let never = Asked { test: bool_constant(false, span), binds: Vec::new() };
        let count = match &value.ty {
            Type::Tuple(items) => items.len(),
            Type::List(_) | Type::Sequence(_) | Type::Special(Special::Deque, _) => return self.open_sequence(patterns, place, span),
            Type::Optional(value) if value.is_object() => {
                return Err(self.refused("a sequence pattern of a value that may be `None`", span, "not compiled", "ask `is None` before"));
            }
            // Neither strings and bytes nor arrays are sequences to `match`.
            _ => return Ok(never),
        };
        let star = patterns.iter().position(|pattern| matches!(pattern.kind, PatternKind::Star(_)));
        let fixed = patterns.len() - usize::from(star.is_some());
        if count < fixed || (star.is_none() && count != fixed) {
            return Ok(never);
        }
        let mut asked = Asked { test: bool_constant(true, span), binds: Vec::new() };
        for (n, pattern) in patterns.iter().enumerate() {
            let at = match star {
                Some(star) if n == star => {
                    if let PatternKind::Star(Some(name)) = &pattern.kind {
                        let title = format!("`*{name}` in a pattern is not compiled");
                        return Err(self.refused(&title, pattern.span, "the rest is a list", "name each item, or write `*_`"));
                    }
                    continue;
                }
                Some(star) if n > star => n + count - patterns.len(),
                _ => n,
            };
            let number = ast::Expr { span, kind: ast::ExprKind::Int(i64::try_from(at).ok(), at.to_string()) };
            let item = ast::Expr { span, kind: ast::ExprKind::Subscript(Box::new(place.clone()), Box::new(number)) };
            let inner = self.nested(span, |typer| typer.pattern(pattern, &item))?;
            asked = asked.and(inner, span);
            if constant_bool(&asked.test) == Some(false) {
                break;
            }
        }
        Ok(asked)
    }
}

fn binds(pattern: &Pattern) -> bool {
    let mut names = Vec::new();
    pattern.names(&mut names);
    !names.is_empty()
}

/// What kind of thing a value is, for `==`: only things of one kind may be equal.
fn comparable(ty: &Type) -> u8 {
    match ty {
        Type::Named(class, inner) if class.kind.is_transparent() => comparable(inner),
        Type::Named(..) => 5,
        Type::Optional(value) => comparable(value),
        Type::Scalar(..) => 0,
        Type::Text(_) | Type::Str => 1,
        Type::None => 2,
        Type::Tuple(_) => 3,
        _ => 4,
    }
}
