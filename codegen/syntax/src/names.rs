//! The names that a construct without a form in our tree may bind, so that nothing is taken for a constant that is not.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprContext, Pattern, Stmt};

/// Collects every name that the statement may bind, at any depth.
pub(crate) fn collect(statement: &Stmt, names: &mut Vec<String>) {
    Collector { names }.visit_stmt(statement);
}

pub(crate) struct Collector<'names> {
    pub(crate) names: &'names mut Vec<String>,
}

impl<'ast> Visitor<'ast> for Collector<'_> {
    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        match statement {
            Stmt::FunctionDef(node) => self.names.push(node.name.to_string()),
            Stmt::ClassDef(node) => self.names.push(node.name.to_string()),
            Stmt::Global(node) => self.names.extend(node.names.iter().map(ToString::to_string)),
            Stmt::Import(node) => self.names.extend(node.names.iter().map(|alias| {
                alias.asname.as_ref().map_or_else(|| alias.name.split('.').next().unwrap_or_default().to_owned(), ToString::to_string)
            })),
            Stmt::ImportFrom(node) => {
                self.names.extend(node.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()));
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        if let Expr::Name(node) = expression
            && node.ctx != ExprContext::Load
        {
            self.names.push(node.id.to_string());
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_pattern(&mut self, pattern: &'ast Pattern) {
        let name = match pattern {
            Pattern::MatchStar(node) => node.name.as_ref(),
            Pattern::MatchAs(node) => node.name.as_ref(),
            Pattern::MatchMapping(node) => node.rest.as_ref(),
            _ => None,
        };
        self.names.extend(name.map(ToString::to_string));
        visitor::walk_pattern(self, pattern);
    }
}
