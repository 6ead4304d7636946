//! The names in a block and around it: which it needs, which it sets, and which statements lead out of it.

use crate::walk;
use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{Case, Expr, ExprKind, FunctionDef, PatternKind, Stmt, StmtKind};
use std::collections::BTreeSet;

/// Statements that lead out of a block, and what they are.
pub(super) fn leaves(body: &[Stmt], in_loop: bool) -> Vec<(Span, &'static str)> {
    let mut found = Vec::new();
    for statement in body {
        let what = match &statement.kind {
            StmtKind::Return(_) => Some("a `return`"),
            StmtKind::Break | StmtKind::Continue if !in_loop => Some("a `break` or `continue` of a loop around it"),
            StmtKind::Global(_) => Some("a `global` declaration"),
            _ if walk::expressions(statement).into_iter().any(holds_yield) => Some("a `yield`"),
            _ => None,
        };
        found.extend(what.map(|what| (statement.span, what)));
        let repeats = matches!(statement.kind, StmtKind::For { .. } | StmtKind::While { .. });
        for block in walk::blocks(statement, false) {
            found.extend(leaves(block, in_loop || repeats));
        }
    }
    found
}

fn holds_yield(expression: &Expr) -> bool {
    matches!(expression.kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_)) || walk::children(expression).into_iter().any(holds_yield)
}

/// What the functions around a block bind, and what they read outside of it.
#[derive(Default)]
pub(super) struct Surroundings {
    pub(super) bound: BTreeSet<String>,
    pub(super) read: BTreeSet<String>,
}

impl Surroundings {
    pub(super) fn of(functions: &[&FunctionDef], block: Span) -> Self {
        let mut found = Self::default();
        for function in functions {
            found.bound.extend(function.parameters.iter().map(|parameter| parameter.name.clone()));
            found.bound.extend(function.vararg.iter().chain(&function.kwarg).cloned());
            let mut names = Vec::new();
            walk::bound_names(&function.body, &mut names);
            found.bound.extend(names);
        }
        if let Some(innermost) = functions.last() {
            found.reads(&innermost.body, block);
        }
        found
    }

    fn reads(&mut self, body: &[Stmt], block: Span) {
        for statement in body.iter().filter(|statement| statement.span != block) {
            let mut names = Vec::new();
            walk::expressions(statement).into_iter().for_each(|expression| read_names(expression, &mut names));
            let targets = plain_targets(statement);
            self.read.extend(names.into_iter().filter(|(_, span)| !targets.contains(span)).map(|(name, _)| name));
            walk::blocks(statement, true).into_iter().for_each(|inner| self.reads(inner, block));
        }
    }
}

/// Statements that may run after a block, nearest first; those of a loop around it again from its head. Whether the block was found.
pub(super) fn following_statements(body: &[Stmt], block: Span, following: &mut Vec<Stmt>) -> bool {
    for (at, statement) in body.iter().enumerate() {
        let found = statement.span == block
            || walk::blocks(statement, false).into_iter().any(|inner| following_statements(inner, block, following));
        if found {
            if matches!(statement.kind, StmtKind::For { .. } | StmtKind::While { .. }) {
                following.push(statement.clone());
            }
            following.extend_from_slice(&body[at + 1..]);
            return true;
        }
    }
    false
}

/// Where a statement assigns whole variables.
fn plain_targets(statement: &Stmt) -> Vec<Span> {
    fn names(target: &Expr, found: &mut Vec<Span>) {
        match &target.kind {
            ExprKind::Name(_) => found.push(target.span),
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| names(item, found)),
            ExprKind::Starred(value) => names(value, found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    match &statement.kind {
        StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => targets.iter().for_each(|target| names(target, &mut found)),
        StmtKind::AnnAssign { target, .. } | StmtKind::For { target, .. } => names(target, &mut found),
        StmtKind::With { items, .. } => items.iter().filter_map(|(_, target)| target.as_ref()).for_each(|target| names(target, &mut found)),
        _ => {}
    }
    found
}

/// The names in an expression.
fn read_names(expression: &Expr, names: &mut Vec<(String, Span)>) {
    if let ExprKind::Name(name) = &expression.kind {
        names.push((name.clone(), expression.span));
    }
    walk::children(expression).into_iter().for_each(|child| read_names(child, names));
}

/// Names that are read where no statement of these has set them for certain.
pub(super) fn reads_before_sets(body: &[Stmt], set: &mut BTreeSet<String>) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for statement in body {
        let targets = plain_targets(statement);
        let mut names = Vec::new();
        walk::expressions(statement).into_iter().for_each(|expression| read_names(expression, &mut names));
        let bound = bound_inside(statement);
        let subject = match &statement.kind {
            StmtKind::Match { subject, .. } => Some(subject.span),
            _ => None,
        };
        // What a pattern binds is no variable of the surroundings, but the subject comes before the patterns.
        let own = |name: &String, span: &Span| bound.contains(name) && !subject.is_some_and(|subject| within(*span, subject));
        found.extend(names.into_iter().filter(|(name, span)| !set.contains(name) && !targets.contains(span) && !own(name, span)));
        for block in walk::blocks(statement, false) {
            // What a branch sets is set in the rest of that branch.
            let mut inside = set.clone();
            inside.extend(bound.iter().cloned());
            found.extend(reads_before_sets(block, &mut inside));
        }
        if let StmtKind::Assign { targets, .. } = &statement.kind {
            let mut names = Vec::new();
            targets
                .iter()
                .filter(|target| !matches!(target.kind, ExprKind::Subscript(..)))
                .for_each(|target| walk::target_names(target, &mut names));
            set.extend(names);
        }
        set.extend(set_on_all_ways(statement, set));
    }
    found
}

/// The names that the blocks of a statement are given by it: the variable of a loop, what patterns bind, the exception of a handler.
fn bound_inside(statement: &Stmt) -> Vec<String> {
    let mut names = Vec::new();
    match &statement.kind {
        StmtKind::For { target, .. } => walk::target_names(target, &mut names),
        StmtKind::Match { cases, .. } => cases.iter().for_each(|case| case.pattern.names(&mut names)),
        StmtKind::Try { handlers, .. } => names.extend(handlers.iter().filter_map(|(_, name, _)| name.clone())),
        _ => {}
    }
    names
}

fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// What every way through a statement sets.
fn set_on_all_ways(statement: &Stmt, set: &BTreeSet<String>) -> BTreeSet<String> {
    let after = |blocks: &[&[Stmt]], names: &[String]| {
        let mut set = set.clone();
        set.extend(names.iter().cloned());
        blocks.iter().for_each(|block| _ = reads_before_sets(block, &mut set));
        set
    };
    let ways: Vec<BTreeSet<String>> = match &statement.kind {
        StmtKind::If { body, orelse, .. } => vec![after(&[body], &[]), after(&[orelse], &[])],
        StmtKind::Try { body, handlers, orelse, finalbody } => std::iter::once(after(&[body, orelse, finalbody], &[]))
            .chain(handlers.iter().map(|(_, _, handler)| after(&[handler, finalbody], &[])))
            .collect(),
        StmtKind::Match { cases, .. } if cases.last().is_some_and(always) => cases
            .iter()
            .map(|case| {
                let mut names = Vec::new();
                case.pattern.names(&mut names);
                after(&[&case.body], &names)
            })
            .collect(),
        _ => Vec::new(),
    };
    ways.into_iter().reduce(|all, way| all.intersection(&way).cloned().collect()).unwrap_or_default()
}

/// Whether a case matches whatever comes.
const fn always(case: &Case) -> bool {
    case.guard.is_none() && matches!(case.pattern.kind, PatternKind::As(None, _))
}

/// Variables that statements bind anew: neither elements of arrays nor arrays that are changed in place.
pub(super) fn rebound(body: &[Stmt], arrays: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in body {
        let spans = plain_targets(statement);
        let mut all = Vec::new();
        walk::expressions(statement).into_iter().for_each(|expression| read_names(expression, &mut all));
        names.extend(all.into_iter().filter(|(_, span)| spans.contains(span)).map(|(name, _)| name));
        if let StmtKind::AugAssign { target: Expr { kind: ExprKind::Name(name), .. }, .. } = &statement.kind
            && !arrays.contains(name.as_str())
        {
            names.insert(name.clone());
        }
        walk::blocks(statement, false).into_iter().for_each(|block| names.extend(rebound(block, arrays)));
    }
    names
}
