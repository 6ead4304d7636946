//! `super()` in methods, and what a call of a method certainly sets.

use super::{Class, MAX_BASES, Member, Method, MethodKind, mangled, of_receiver};
use crate::program::Program;
use crate::resolve::Definition;
use crate::walk;
use hypersonic_syntax::ast::{Expr, ExprKind, Span, Stmt, StmtKind};
use std::collections::{BTreeMap, BTreeSet};

/// Calls of calls of ... at most so many.
const MAX_CHAIN: usize = 64;

/// The file and class in whose body a method stands, and the parameter that takes its object.
pub(super) type Around<'a> = (u32, &'a str, &'a str);

/// What `super()` has under a name.
#[derive(Clone, Copy, Debug)]
pub enum Above<'c> {
    /// What a class of the package defines.
    Member(&'c Member),
    /// What every object has.
    Object,
    /// Perhaps what a class out of sight defines.
    Unknown,
}

impl Class {
    /// What `super()` in a method of a class has under a name: of the first of the classes behind that one which defines it.
    #[must_use]
    pub fn above(&self, file: u32, owner: &str, name: &str) -> Above<'_> {
        let behind = self.order.iter().skip_while(|(other, class, _)| (*other, class.as_str()) != (file, owner)).skip(1);
        match behind.filter_map(|(.., members)| members.get(name)).next() {
            Some(member) => Above::Member(member),
            None if self.open => Above::Unknown,
            None => Above::Object,
        }
    }

    /// Whether an expression is a call of a method that gives the object back, of one called on such a call, and so on.
    pub(super) fn is_itself(&self, expr: &Expr, around: Around<'_>) -> bool {
        self.gives_itself(expr, around, &mut BTreeMap::new(), 0)
    }

    /// `known` is what was found of methods, by their places; those that are being looked at do not give it.
    fn gives_itself(&self, expr: &Expr, around: Around<'_>, known: &mut BTreeMap<Span, bool>, depth: usize) -> bool {
        let (file, owner, receiver) = around;
        let ExprKind::Call(function, ..) = &expr.kind else { return false };
        let ExprKind::Attribute(base, name) = &function.kind else { return false };
        if depth > MAX_CHAIN {
            return false;
        }
        let name = mangled(owner, name);
        let member = if of_super(function, owner, receiver).is_some() {
            match self.above(file, owner, &name) {
                Above::Member(member) => Some(member),
                Above::Object | Above::Unknown => None,
            }
        } else if of_receiver(function, receiver).is_some() || self.gives_itself(base, around, known, depth + 1) {
            self.member(&name)
        } else {
            None
        };
        let Some(Member::Function(method)) = member else { return false };
        let Some(own) = method.receiver() else { return false };
        if let Some(found) = known.get(&method.definition.span) {
            return *found;
        }
        known.insert(method.definition.span, false);
        let mut values = Vec::new();
        given(&method.definition.body, &mut values);
        let around = (method.file, method.owner.as_str(), own);
        let found = values
            .into_iter()
            .any(|value| matches!(&value.kind, ExprKind::Name(name) if name == own) || self.gives_itself(value, around, known, depth + 1));
        known.insert(method.definition.span, found);
        found
    }

    /// The attributes that a call of a method on the same object certainly sets.
    pub(super) fn set_by_call(&self, call: &Expr, (file, owner, receiver): Around<'_>, depth: usize) -> BTreeSet<String> {
        let ExprKind::Call(function, ..) = &call.kind else { return BTreeSet::new() };
        let member = match (of_super(function, owner, receiver), of_receiver(function, receiver)) {
            (Some(name), _) => match self.above(file, owner, &mangled(owner, name)) {
                Above::Member(member) => Some(member),
                Above::Object | Above::Unknown => None,
            },
            (None, Some(name)) => self.member(&mangled(owner, name)),
            (None, None) => None,
        };
        match member {
            Some(Member::Function(method)) if method.kind == MethodKind::Plain => self.set_before_return(method, depth),
            _ => BTreeSet::new(),
        }
    }

    /// The attributes that a method certainly sets.
    #[must_use]
    pub fn certainly_set(&self, method: &Method) -> BTreeSet<String> {
        self.set_before_return(method, 0)
    }

    /// The attributes that a method certainly sets before it returns: those of its statements that stand in front of any `return`.
    fn set_before_return(&self, method: &Method, depth: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let Some(receiver) = method.receiver().filter(|_| depth < MAX_BASES) else { return found };
        for stmt in &method.definition.body {
            if returns(stmt) {
                break;
            }
            match &stmt.kind {
                StmtKind::Assign { targets, .. } => {
                    found
                        .extend(targets.iter().filter_map(|target| of_receiver(target, receiver)).map(|name| mangled(&method.owner, name)));
                }
                StmtKind::AnnAssign { target, value: Some(_), .. } => {
                    found.extend(of_receiver(target, receiver).map(|name| mangled(&method.owner, name)));
                }
                StmtKind::Expr(value) => {
                    found.extend(self.set_by_call(value, (method.file, &method.owner, receiver), depth + 1));
                }
                _ => {}
            }
        }
        found
    }
}

/// What a function returns, on any path.
fn given<'b>(body: &'b [Stmt], found: &mut Vec<&'b Expr>) {
    for stmt in body {
        if let StmtKind::Return(Some(value)) = &stmt.kind {
            found.push(value);
        }
        walk::blocks(stmt, false).into_iter().for_each(|block| given(block, found));
    }
}

/// Whether a statement, or one in it, leaves the function.
fn returns(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Return(_)) || walk::blocks(stmt, false).into_iter().flatten().any(returns)
}

/// Whether a base may have members that nobody sees here.
pub(super) fn is_out_of_sight(program: &Program, file: u32, base: &Expr) -> bool {
    match &base.kind {
        ExprKind::Subscript(generic, _) => is_out_of_sight(program, file, generic),
        _ => match program.resolve_expression(file, base) {
            Some(Definition::Class(..)) => false,
            Some(Definition::External(name)) => !matches!(name.as_str(), "typing.Generic" | "typing.Protocol" | "abc.ABC"),
            Some(_) => true,
            None => !matches!(&base.kind, ExprKind::Name(name) if name == "object" && !program.is_bound(file, name)),
        },
    }
}

/// The name in `super().name`, or in `super(owner, receiver).name`.
#[must_use]
pub fn of_super<'e>(expr: &'e Expr, owner: &str, receiver: &str) -> Option<&'e str> {
    let ExprKind::Attribute(base, name) = &expr.kind else { return None };
    let ExprKind::Call(function, arguments, keywords) = &base.kind else { return None };
    let is = |expr: &Expr, wanted: &str| matches!(&expr.kind, ExprKind::Name(name) if name == wanted);
    let given = match arguments.as_slice() {
        [] => true,
        [class, object] => is(class, owner) && is(object, receiver),
        _ => false,
    };
    (is(function, "super") && given && keywords.is_empty()).then_some(name)
}
