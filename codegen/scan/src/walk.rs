//! Questions to a syntax tree that need every statement or expression of it: which names are bound, whether it yields.

use hypersonic_syntax::ast::{CompareOp, Expr, ExprKind, FStringPart, FunctionDef, Span, Stmt, StmtKind};
use std::collections::BTreeSet;

/// The statement lists directly inside a statement; those of nested functions and classes only if `definitions`.
pub(crate) fn blocks(statement: &Stmt, definitions: bool) -> Vec<&[Stmt]> {
    match &statement.kind {
        StmtKind::FunctionDef(function) if definitions => vec![&function.body],
        StmtKind::ClassDef(class) if definitions => vec![&class.body],
        StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } | StmtKind::If { body, orelse, .. } => {
            vec![body, orelse]
        }
        StmtKind::With { body, .. } => vec![body],
        StmtKind::Try { body, handlers, orelse, finalbody } => {
            let mut all: Vec<&[Stmt]> = vec![body, orelse, finalbody];
            all.extend(handlers.iter().map(|(_, _, body)| body.as_slice()));
            all
        }
        StmtKind::Match { cases, .. } => cases.iter().map(|case| case.body.as_slice()).collect(),
        _ => Vec::new(),
    }
}

/// The expressions directly inside a statement.
pub(crate) fn expressions(statement: &Stmt) -> Vec<&Expr> {
    match &statement.kind {
        StmtKind::Assign { targets, value } => targets.iter().chain([value]).collect(),
        StmtKind::AugAssign { target, value, .. } => vec![target, value],
        StmtKind::AnnAssign { target, value, .. } => std::iter::once(target).chain(value).collect(),
        StmtKind::For { target, iter, .. } => vec![target, iter],
        StmtKind::While { test, .. } | StmtKind::If { test, .. } => vec![test],
        StmtKind::Return(value) => value.iter().collect(),
        StmtKind::Raise { exc, cause } => exc.iter().chain(cause).collect(),
        StmtKind::Assert { test, message } => std::iter::once(test).chain(message).collect(),
        StmtKind::Expr(value) => vec![value],
        StmtKind::Delete(targets) => targets.iter().collect(),
        StmtKind::With { items, .. } => items.iter().flat_map(|(context, target)| std::iter::once(context).chain(target)).collect(),
        StmtKind::Try { handlers, .. } => handlers.iter().filter_map(|(kind, _, _)| kind.as_ref()).collect(),
        StmtKind::Match { subject, cases } => {
            let mut found = vec![subject];
            for case in cases {
                case.pattern.expressions(&mut found);
                found.extend(&case.guard);
            }
            found
        }
        _ => Vec::new(),
    }
}

/// The expressions directly inside an expression.
pub(crate) fn children(expression: &Expr) -> Vec<&Expr> {
    match &expression.kind {
        ExprKind::FString(parts) => parts
            .iter()
            .filter_map(|part| match part {
                FStringPart::Value { value, .. } => Some(value.as_ref()),
                FStringPart::Text(_) => None,
            })
            .collect(),
        ExprKind::Yield(value) => value.iter().map(AsRef::as_ref).collect(),
        ExprKind::Attribute(value, _)
        | ExprKind::Unary(_, value)
        | ExprKind::Starred(value)
        | ExprKind::Walrus(_, value)
        | ExprKind::YieldFrom(value) => vec![value],
        ExprKind::Subscript(left, right) | ExprKind::Binary(_, left, right) => vec![left, right],
        ExprKind::Slice(lower, upper, step) => [lower, upper, step].into_iter().flatten().map(AsRef::as_ref).collect(),
        ExprKind::Call(function, arguments, keywords) => {
            std::iter::once(function.as_ref()).chain(arguments).chain(keywords.iter().map(|(_, value)| value)).collect()
        }
        ExprKind::Logic(_, items) | ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => items.iter().collect(),
        ExprKind::Dict(items) => items.iter().flat_map(|(key, value)| key.iter().chain([value])).collect(),
        ExprKind::Compare(left, rest) => std::iter::once(left.as_ref()).chain(rest.iter().map(|(_, right)| right)).collect(),
        ExprKind::Conditional(test, body, orelse) => vec![test, body, orelse],
        ExprKind::Comprehension { element, clauses, .. } => std::iter::once(element.as_ref())
            .chain(clauses.iter().flat_map(|(target, iter, conditions)| [target, iter].into_iter().chain(conditions)))
            .collect(),
        _ => Vec::new(),
    }
}

/// The names that a function uses and does not bind itself, those of functions in it included.
#[must_use]
pub fn free_names(function: &FunctionDef) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    uses(&function.body, &mut used);
    let mut own: Vec<String> = function.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    own.extend(function.vararg.iter().chain(&function.kwarg).cloned());
    own_names(&function.body, &mut own);
    let outer = nonlocals(&function.body);
    own.iter().filter(|name| !outer.contains(name)).for_each(|name| _ = used.remove(name));
    used.extend(outer);
    used
}

/// The names that `nonlocal` declares in these statements, those of functions in them left out.
#[must_use]
pub fn nonlocals(body: &[Stmt]) -> Vec<String> {
    let mut names = Vec::new();
    for statement in body {
        if let StmtKind::Nonlocal(outer) = &statement.kind {
            names.extend(outer.iter().cloned());
        }
        blocks(statement, false).into_iter().for_each(|block| names.extend(nonlocals(block)));
    }
    names
}

/// Whether statements yield: those of a generator do.
#[must_use]
pub fn is_generator(body: &[Stmt]) -> bool {
    find_yield(body).is_some()
}

/// The names that are local to a function with that body: those that it binds, and those that it only annotates. What has elements stored
/// need not be its own.
fn own_names(body: &[Stmt], own: &mut Vec<String>) {
    fn plain(target: &Expr, own: &mut Vec<String>) {
        match &target.kind {
            ExprKind::Subscript(..) => {}
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| plain(item, own)),
            ExprKind::Starred(value) => plain(value, own),
            _ => target_names(target, own),
        }
    }
    for statement in body {
        match &statement.kind {
            StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => targets.iter().for_each(|target| plain(target, own)),
            StmtKind::AugAssign { target, .. } | StmtKind::For { target, .. } | StmtKind::AnnAssign { target, .. } => plain(target, own),
            StmtKind::If { .. } | StmtKind::While { .. } | StmtKind::With { .. } | StmtKind::Try { .. } => {}
            StmtKind::Match { cases, .. } => cases.iter().for_each(|case| case.pattern.names(own)),
            _ => bound_names(std::slice::from_ref(statement), own),
        }
        if let StmtKind::With { items, .. } = &statement.kind {
            items.iter().filter_map(|(_, target)| target.as_ref()).for_each(|target| plain(target, own));
        }
        if let StmtKind::Try { handlers, .. } = &statement.kind {
            own.extend(handlers.iter().filter_map(|(_, name, _)| name.clone()));
        }
        expressions(statement).into_iter().for_each(|expression| walrus_names(expression, own));
        blocks(statement, false).into_iter().for_each(|block| own_names(block, own));
    }
}

fn uses(body: &[Stmt], used: &mut BTreeSet<String>) {
    for statement in body {
        match &statement.kind {
            StmtKind::FunctionDef(function) => used.extend(free_names(function)),
            _ => {
                expressions(statement).into_iter().for_each(|expression| names_in(expression, used));
                blocks(statement, true).into_iter().for_each(|block| uses(block, used));
            }
        }
    }
}

fn names_in(expression: &Expr, used: &mut BTreeSet<String>) {
    match &expression.kind {
        ExprKind::Name(name) => _ = used.insert(name.clone()),
        ExprKind::Lambda(function) => used.extend(free_names(function)),
        _ => children(expression).into_iter().for_each(|child| names_in(child, used)),
    }
}

/// The names in an expression.
#[must_use]
pub fn names_of(expression: &Expr) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    names_in(expression, &mut names);
    names
}

/// Whether statements, or functions in them, may change what the container under a name holds: whether they do anything with it but look
/// something up. Its definition, and imports of it, are no uses.
#[must_use]
pub fn may_change(body: &[Stmt], name: &str) -> bool {
    let is = |expression: &Expr| matches!(&expression.kind, ExprKind::Name(found) if found == name);
    body.iter().any(|statement| {
        let defined: Vec<Span> = match &statement.kind {
            StmtKind::Assign { targets, .. } => targets.iter().filter(|target| is(target)).map(|target| target.span).collect(),
            StmtKind::AnnAssign { target, .. } if is(target) => vec![target.span],
            // To run over it changes nothing.
            StmtKind::For { iter, .. } if is(iter) => vec![iter.span],
            _ => Vec::new(),
        };
        let part = |target: &Expr| matches!(&target.kind, ExprKind::Subscript(base, _) if is(base));
        let stored = match &statement.kind {
            StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => targets.iter().any(part),
            StmtKind::AugAssign { target, .. } => part(target),
            _ => false,
        };
        stored
            || expressions(statement).into_iter().any(|expression| !defined.contains(&expression.span) && leaks(expression, &is))
            || blocks(statement, true).into_iter().any(|block| may_change(block, name))
    })
}

/// Builtins that only look at what they are given.
const LOOKS: &[&str] =
    &["all", "any", "bool", "dict", "enumerate", "len", "list", "max", "min", "range", "reversed", "set", "sorted", "sum", "tuple", "zip"];
/// Methods of containers that only look at them.
const READS: &[&str] = &["copy", "count", "get", "index", "items", "keys", "values"];

/// Whether an expression does anything with what `is` finds but look something up.
fn leaks(expression: &Expr, is: &dyn Fn(&Expr) -> bool) -> bool {
    let inside = |expression: &Expr| leaks(expression, is);
    match &expression.kind {
        ExprKind::Subscript(base, index) if is(base) => inside(index),
        ExprKind::Compare(left, rest) => {
            inside(left)
                || rest.iter().any(|(op, operand)| !(matches!(op, CompareOp::In | CompareOp::NotIn) && is(operand)) && inside(operand))
        }
        ExprKind::Call(function, arguments, keywords) => {
            let asked = match &function.kind {
                ExprKind::Name(name) => LOOKS.contains(&name.as_str()),
                ExprKind::Attribute(base, name) if is(base) => {
                    return !READS.contains(&name.as_str()) || arguments.iter().chain(keywords.iter().map(|(_, value)| value)).any(inside);
                }
                // `np.array(x)` and the like copy.
                ExprKind::Attribute(_, name) => matches!(name.as_str(), "array" | "sum" | "mean" | "max" | "min"),
                _ => false,
            };
            let given = arguments.iter().chain(keywords.iter().map(|(_, value)| value));
            inside(function) || given.into_iter().any(|argument| !(asked && is(argument)) && inside(argument))
        }
        ExprKind::Comprehension { element, clauses, .. } => {
            inside(element) || clauses.iter().any(|(_, iter, conditions)| (!is(iter) && inside(iter)) || conditions.iter().any(inside))
        }
        ExprKind::Lambda(function) => may_change_name(&function.body, is),
        _ => is(expression) || children(expression).into_iter().any(inside),
    }
}

fn may_change_name(body: &[Stmt], is: &dyn Fn(&Expr) -> bool) -> bool {
    body.iter().any(|statement| expressions(statement).into_iter().any(|expression| leaks(expression, is)))
}

/// Every name that `global` declares in these statements, at any depth, and where: functions may rebind them.
pub(crate) fn globals_of(body: &[Stmt]) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    let mut todo: Vec<&[Stmt]> = vec![body];
    while let Some(block) = todo.pop() {
        for statement in block {
            if let StmtKind::Global(globals) = &statement.kind {
                names.extend(globals.iter().map(|name| (name.clone(), statement.span)));
            }
            todo.extend(blocks(statement, true));
        }
    }
    names
}

/// Every name that these statements bind in their own scope.
pub(crate) fn bound_names(body: &[Stmt], names: &mut Vec<String>) {
    for statement in body {
        match &statement.kind {
            StmtKind::FunctionDef(function) => {
                names.push(function.name.clone());
                names.extend(globals_of(&function.body).into_iter().map(|(name, _)| name));
            }
            StmtKind::ClassDef(class) => {
                names.push(class.name.clone());
                names.extend(globals_of(&class.body).into_iter().map(|(name, _)| name));
            }
            StmtKind::Assign { targets, .. } | StmtKind::Delete(targets) => targets.iter().for_each(|target| target_names(target, names)),
            StmtKind::AugAssign { target, .. } | StmtKind::For { target, .. } => target_names(target, names),
            StmtKind::AnnAssign { target, value: Some(_), .. } => target_names(target, names),
            StmtKind::Import(list) => names.extend(
                list.iter().map(|(name, alias)| alias.clone().unwrap_or_else(|| name.split('.').next().unwrap_or_default().to_owned())),
            ),
            StmtKind::ImportFrom { names: list, .. } => {
                names.extend(list.iter().map(|(name, alias)| alias.as_ref().unwrap_or(name).clone()))
            }
            StmtKind::With { items, .. } => {
                items.iter().filter_map(|(_, target)| target.as_ref()).for_each(|target| target_names(target, names))
            }
            StmtKind::Try { handlers, .. } => names.extend(handlers.iter().filter_map(|(_, name, _)| name.clone())),
            StmtKind::Match { cases, .. } => cases.iter().for_each(|case| case.pattern.names(names)),
            _ => {}
        }
        for expression in expressions(statement) {
            walrus_names(expression, names);
        }
        for block in blocks(statement, false) {
            bound_names(block, names);
        }
    }
}

/// The names that a target binds; `x[0] = ...` counts for `x`.
pub(crate) fn target_names(target: &Expr, names: &mut Vec<String>) {
    match &target.kind {
        ExprKind::Name(name) => names.push(name.clone()),
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| target_names(item, names)),
        ExprKind::Starred(value) | ExprKind::Subscript(value, _) => target_names(value, names),
        _ => {}
    }
}

/// The names that `:=` binds in an expression.
pub(crate) fn walrus_names(expression: &Expr, names: &mut Vec<String>) {
    if let ExprKind::Walrus(name, _) = &expression.kind {
        names.push(name.clone());
    }
    for child in children(expression) {
        walrus_names(child, names);
    }
}

/// The first `yield` of a function's own body.
pub(crate) fn find_yield(body: &[Stmt]) -> Option<&Expr> {
    body.iter().find_map(|statement| {
        expressions(statement).into_iter().find_map(yield_in).or_else(|| blocks(statement, false).into_iter().find_map(find_yield))
    })
}

fn yield_in(expression: &Expr) -> Option<&Expr> {
    if matches!(expression.kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_)) {
        return Some(expression);
    }
    children(expression).into_iter().find_map(yield_in)
}
