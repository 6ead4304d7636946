//! The strings that a function tells apart: those that it compares a parameter with, and the keys of constant dicts that it looks up
//! by it. A parameter of type `str` of which nothing else is asked is one of them in each signature, and any string in another one, unless it
//! is a key. What becomes of it in the message of an exception does not count.

use crate::program::Program;
use crate::resolve::Definition;
use crate::walk;
use hypersonic_syntax::ast::{CompareOp, Expr, ExprKind, FunctionDef, Stmt, StmtKind};

/// More strings than this would make too many signatures.
const LIMIT: usize = 16;

/// What a parameter is told apart by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    /// In order of first use; none if there are too many, or if it is used in another way.
    pub known: Vec<String>,
    /// Whether other strings are keys that are missing.
    pub keys: bool,
}

fn told_apart(program: &Program, file: u32, function: &FunctionDef, parameter: &str) -> Texts {
    let mut told = Told { program, file, parameter, found: Vec::new(), keys: false, other: false };
    told.statements(&function.body);
    let mut texts: Vec<String> = Vec::new();
    for text in told.found {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Texts { known: if told.other || texts.len() > LIMIT { Vec::new() } else { texts }, keys: told.keys }
}

/// The same for every parameter, by name.
pub(crate) fn of_parameters(program: &Program, file: u32, function: &FunctionDef) -> Vec<(String, Texts)> {
    let texts = |name: &str| told_apart(program, file, function, name);
    function.parameters.iter().map(|parameter| (parameter.name.clone(), texts(&parameter.name))).collect()
}

struct Told<'a> {
    program: &'a Program,
    file: u32,
    parameter: &'a str,
    found: Vec<String>,
    /// Whether it is looked up in a dict.
    keys: bool,
    /// Whether the parameter is used for something else.
    other: bool,
}

impl Told<'_> {
    fn is(&self, expression: &Expr) -> bool {
        matches!(&expression.kind, ExprKind::Name(name) if name == self.parameter)
    }

    fn statements(&mut self, body: &[Stmt]) {
        for statement in body {
            match &statement.kind {
                StmtKind::Raise { .. } => {}
                StmtKind::Assert { test, .. } => self.inside(test),
                StmtKind::Match { subject, cases } if self.is(subject) => {
                    let mut values = Vec::new();
                    cases.iter().for_each(|case| case.pattern.expressions(&mut values));
                    values.into_iter().for_each(|value| literals(value, &mut self.found));
                    cases.iter().filter_map(|case| case.guard.as_ref()).for_each(|guard| self.inside(guard));
                }
                _ => walk::expressions(statement).into_iter().for_each(|expression| self.inside(expression)),
            }
            walk::blocks(statement, true).into_iter().for_each(|block| self.statements(block));
        }
    }

    fn inside(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Compare(first, rest)
                if rest.iter().all(|(op, _)| matches!(op, CompareOp::Equal | CompareOp::NotEqual | CompareOp::In | CompareOp::NotIn)) =>
            {
                let operands: Vec<&Expr> = std::iter::once(first.as_ref()).chain(rest.iter().map(|(_, operand)| operand)).collect();
                if operands.iter().any(|operand| self.is(operand)) && operands.iter().all(|operand| self.is(operand) || is_literal(operand))
                {
                    operands.into_iter().for_each(|operand| literals(operand, &mut self.found));
                    return;
                }
            }
            ExprKind::Subscript(base, index) if self.is(index) => {
                if let ExprKind::Name(name) = &base.kind
                    && let Some(Definition::Constant(_, _, Expr { kind: ExprKind::Dict(items), .. })) =
                        self.program.resolve(self.file, name)
                {
                    self.keys = true;
                    items.iter().filter_map(|(key, _)| key.as_ref()).for_each(|key| literals(key, &mut self.found));
                    return;
                }
            }
            _ => {}
        }
        self.other |= self.is(expression);
        walk::children(expression).into_iter().for_each(|child| self.inside(child));
    }
}

/// Whether it is a string, or a display of strings.
fn is_literal(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Str(_) => true,
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => items.iter().all(is_literal),
        _ => false,
    }
}

fn literals(expression: &Expr, found: &mut Vec<String>) {
    match &expression.kind {
        ExprKind::Str(text) => found.push(text.clone()),
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => items.iter().for_each(|item| literals(item, found)),
        _ => {}
    }
}
