//! Patterns of the parser's tree to patterns of ours.

use crate::Lowering;
use crate::ast::{Case, Expr, ExprKind, Pattern, PatternKind};
use crate::limits::{MAX_DEPTH, TOO_DEEP};
use ruff_python_ast as python;
use ruff_python_ast::visitor::Visitor;
use ruff_text_size::Ranged;

impl Lowering<'_> {
    pub(crate) fn case(&mut self, case: &python::MatchCase) -> Case {
        Case {
            pattern: self.pattern(&case.pattern),
            guard: case.guard.as_deref().map(|guard| self.expression(guard)),
            body: self.suite(&case.body),
        }
    }

    fn pattern(&mut self, pattern: &python::Pattern) -> Pattern {
        self.depth += 1;
        let kind = if self.depth > MAX_DEPTH { other(TOO_DEEP, pattern) } else { self.pattern_kind(pattern) };
        self.depth -= 1;
        Pattern { span: self.span(pattern.range()), kind }
    }

    fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p python::Pattern>) -> Vec<Pattern> {
        patterns.into_iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn pattern_kind(&mut self, pattern: &python::Pattern) -> PatternKind {
        use python::Pattern as P;
        let name = |name: &Option<python::Identifier>| name.as_ref().map(ToString::to_string);
        match pattern {
            P::MatchValue(node) => PatternKind::Value(self.expression(&node.value)),
            P::MatchSingleton(node) => {
                let kind = match node.value {
                    python::Singleton::None => ExprKind::None,
                    python::Singleton::True => ExprKind::Bool(true),
                    python::Singleton::False => ExprKind::Bool(false),
                };
                PatternKind::Singleton(Expr { span: self.span(node.range), kind })
            }
            P::MatchSequence(node) => PatternKind::Sequence(self.patterns(&node.patterns)),
            P::MatchStar(node) => PatternKind::Star(name(&node.name)),
            P::MatchClass(node) => PatternKind::Class {
                class: self.expression(&node.cls),
                positional: self.patterns(&node.arguments.patterns),
                keywords: node
                    .arguments
                    .keywords
                    .iter()
                    .map(|keyword| (keyword.attr.to_string(), self.pattern(&keyword.pattern)))
                    .collect(),
            },
            P::MatchAs(node) => PatternKind::As(node.pattern.as_deref().map(|inner| Box::new(self.pattern(inner))), name(&node.name)),
            P::MatchOr(node) => PatternKind::Or(self.patterns(&node.patterns)),
            P::MatchMapping(node) => {
                let items = node.keys.iter().zip(&node.patterns).map(|(key, pattern)| (self.expression(key), self.pattern(pattern)));
                PatternKind::Mapping(items.collect(), name(&node.rest))
            }
        }
    }
}

/// What has no word here, with the names that it binds.
fn other(what: &'static str, pattern: &python::Pattern) -> PatternKind {
    let mut names = Vec::new();
    crate::names::Collector { names: &mut names }.visit_pattern(pattern);
    PatternKind::Other(what, names)
}
