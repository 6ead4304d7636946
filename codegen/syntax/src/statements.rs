//! Statements of the parser's tree to statements of ours.

use crate::ast::{ClassDef, FunctionDef, Parameter, ParameterKind, Stmt, StmtKind};
use crate::limits::{MAX_DEPTH, TOO_DEEP};
use crate::{Lowering, names};
use ruff_python_ast as python;
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;

impl Lowering<'_> {
    pub(crate) fn suite(&mut self, suite: &[python::Stmt]) -> Vec<Stmt> {
        suite.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&mut self, statement: &python::Stmt) -> Stmt {
        self.depth += 1;
        let kind = if self.depth > MAX_DEPTH {
            names::collect(statement, &mut self.hidden_names);
            StmtKind::Other(TOO_DEEP)
        } else {
            self.statement_kind(statement)
        };
        self.depth -= 1;
        Stmt { span: self.span(statement.range()), kind }
    }

    fn statement_kind(&mut self, statement: &python::Stmt) -> StmtKind {
        use python::Stmt as P;
        match statement {
            P::FunctionDef(node) => StmtKind::FunctionDef(Arc::new(self.function(node))),
            P::ClassDef(node) => StmtKind::ClassDef(Arc::new(self.class(node))),
            P::Return(node) => StmtKind::Return(self.optional(node.value.as_deref())),
            P::Delete(node) => StmtKind::Delete(self.expressions(&node.targets)),
            P::TypeAlias(node) if node.type_params.is_none() => {
                StmtKind::Assign { targets: vec![self.expression(&node.name)], value: self.expression(&node.value) }
            }
            P::Assign(node) => StmtKind::Assign { targets: self.expressions(&node.targets), value: self.expression(&node.value) },
            P::AugAssign(node) => StmtKind::AugAssign {
                target: self.expression(&node.target),
                op: Self::binary_operator(node.op),
                value: self.expression(&node.value),
            },
            P::AnnAssign(node) => StmtKind::AnnAssign {
                target: self.expression(&node.target),
                annotation: self.expression(&node.annotation),
                value: self.optional(node.value.as_deref()),
            },
            P::While(node) => {
                StmtKind::While { test: self.expression(&node.test), body: self.suite(&node.body), orelse: self.suite(&node.orelse) }
            }
            P::If(node) => self.conditional(node),
            P::Raise(node) => StmtKind::Raise { exc: self.optional(node.exc.as_deref()), cause: self.optional(node.cause.as_deref()) },
            P::Assert(node) => StmtKind::Assert { test: self.expression(&node.test), message: self.optional(node.msg.as_deref()) },
            P::Import(node) => StmtKind::Import(aliases(&node.names)),
            P::ImportFrom(node) => StmtKind::ImportFrom {
                module: node.module.as_ref().map(ToString::to_string).unwrap_or_default(),
                level: node.level,
                names: aliases(&node.names),
            },
            P::Global(node) => StmtKind::Global(node.names.iter().map(ToString::to_string).collect()),
            P::Expr(node) => StmtKind::Expr(self.expression(&node.value)),
            P::Pass(_) => StmtKind::Pass,
            P::Break(_) => StmtKind::Break,
            P::Continue(_) => StmtKind::Continue,
            P::For(node) if !node.is_async => StmtKind::For {
                target: self.expression(&node.target),
                iter: self.expression(&node.iter),
                body: self.suite(&node.body),
                orelse: self.suite(&node.orelse),
            },
            P::With(node) if !node.is_async => StmtKind::With {
                items: node
                    .items
                    .iter()
                    .map(|item| (self.expression(&item.context_expr), self.optional(item.optional_vars.as_deref())))
                    .collect(),
                body: self.suite(&node.body),
            },
            P::Try(node) if !node.is_star => self.try_statement(node),
            P::Match(node) => {
                StmtKind::Match { subject: self.expression(&node.subject), cases: node.cases.iter().map(|case| self.case(case)).collect() }
            }
            P::Nonlocal(node) => StmtKind::Nonlocal(node.names.iter().map(ToString::to_string).collect()),
            _ => {
                names::collect(statement, &mut self.hidden_names);
                StmtKind::Other(construct_name(statement))
            }
        }
    }

    fn try_statement(&mut self, node: &python::StmtTry) -> StmtKind {
        StmtKind::Try {
            body: self.suite(&node.body),
            handlers: node
                .handlers
                .iter()
                .map(|python::ExceptHandler::ExceptHandler(handler)| {
                    (self.optional(handler.type_.as_deref()), handler.name.as_ref().map(ToString::to_string), self.suite(&handler.body))
                })
                .collect(),
            orelse: self.suite(&node.orelse),
            finalbody: self.suite(&node.finalbody),
        }
    }

    /// `elif` clauses nest, each one level deeper; what is too deep becomes one `Other`.
    fn conditional(&mut self, node: &python::StmtIf) -> StmtKind {
        let clauses = &node.elif_else_clauses;
        let room = MAX_DEPTH - self.depth.min(MAX_DEPTH);
        let entered = self.depth;
        let mut lowered = Vec::new();
        for (place, clause) in clauses.iter().enumerate() {
            self.depth = entered + place;
            if place >= room {
                for statement in clauses.iter().skip(place).flat_map(|clause| clause.body.iter()) {
                    names::collect(statement, &mut self.hidden_names);
                }
                let range = clauses.last().map_or(clause.range, |last| TextRange::new(clause.range.start(), last.range.end()));
                lowered.push((None, vec![Stmt { span: self.span(range), kind: StmtKind::Other(TOO_DEEP) }], range));
                break;
            }
            let test = clause.test.as_ref().map(|test| self.expression(test));
            let body = self.suite(&clause.body);
            lowered.push((test, body, clause.range));
        }
        self.depth = entered;
        let end = node.range.end();
        let mut orelse = Vec::new();
        for (test, body, range) in lowered.into_iter().rev() {
            orelse = match test {
                None => body,
                Some(test) => {
                    vec![Stmt { span: self.span(TextRange::new(range.start(), end)), kind: StmtKind::If { test, body, orelse } }]
                }
            };
        }
        StmtKind::If { test: self.expression(&node.test), body: self.suite(&node.body), orelse }
    }

    fn class(&mut self, node: &python::StmtClassDef) -> ClassDef {
        let start = node.decorator_list.first().map_or(node.range.start(), |first| first.range.start().min(node.range.start()));
        ClassDef {
            span: self.span(TextRange::new(start, node.range.end())),
            name_span: self.span(node.name.range()),
            name: node.name.to_string(),
            decorators: node.decorator_list.iter().map(|decorator| self.expression(&decorator.expression)).collect(),
            bases: node.arguments.iter().flat_map(|arguments| &arguments.args).map(|base| self.expression(base)).collect(),
            body: self.suite(&node.body),
        }
    }

    fn function(&mut self, node: &python::StmtFunctionDef) -> FunctionDef {
        let decorators = node.decorator_list.iter().map(|decorator| self.expression(&decorator.expression)).collect();
        let start = node.decorator_list.first().map_or(node.range.start(), |first| first.range.start().min(node.range.start()));
        FunctionDef {
            span: self.span(TextRange::new(start, node.range.end())),
            name_span: self.span(node.name.range()),
            name: node.name.to_string(),
            decorators,
            type_parameters: node.type_params.as_deref().map(|list| self.type_parameters(list)).unwrap_or_default(),
            parameters: self.parameters(&node.parameters),
            vararg: node.parameters.vararg.as_ref().map(|parameter| parameter.name.to_string()),
            kwarg: node.parameters.kwarg.as_ref().map(|parameter| parameter.name.to_string()),
            returns: self.optional(node.returns.as_deref()),
            body: self.suite(&node.body),
            is_async: node.is_async,
        }
    }

    /// `lambda a, b: value`, as a function.
    pub(crate) fn lambda(&mut self, node: &python::ExprLambda) -> FunctionDef {
        let value = self.expression(&node.body);
        let span = self.span(node.range);
        let rest = |parameter: &Option<Box<python::Parameter>>| parameter.as_ref().map(|parameter| parameter.name.to_string());
        FunctionDef {
            span,
            name_span: span,
            name: "<lambda>".to_owned(),
            decorators: Vec::new(),
            type_parameters: Vec::new(),
            parameters: node.parameters.as_deref().map(|parameters| self.parameters(parameters)).unwrap_or_default(),
            vararg: node.parameters.as_deref().and_then(|parameters| rest(&parameters.vararg)),
            kwarg: node.parameters.as_deref().and_then(|parameters| rest(&parameters.kwarg)),
            returns: None,
            body: vec![Stmt { span: value.span, kind: StmtKind::Return(Some(value)) }],
            is_async: false,
        }
    }

    fn type_parameters(&mut self, list: &python::TypeParams) -> Vec<(String, hypersonic_diagnostics::Span, Option<crate::ast::Expr>)> {
        list.iter()
            .filter_map(|parameter| match parameter {
                python::TypeParam::TypeVar(node) => {
                    Some((node.name.to_string(), self.span(node.range()), self.optional(node.bound.as_deref())))
                }
                _ => None,
            })
            .collect()
    }

    fn parameters(&mut self, node: &python::Parameters) -> Vec<Parameter> {
        let kinds = [
            (&node.posonlyargs, ParameterKind::PositionalOnly),
            (&node.args, ParameterKind::Positional),
            (&node.kwonlyargs, ParameterKind::KeywordOnly),
        ];
        let all = kinds.into_iter().flat_map(|(list, kind)| list.iter().map(move |parameter| (parameter, kind)));
        all.map(|(parameter, kind)| self.parameter(parameter, kind)).collect()
    }

    pub(crate) fn parameter(&mut self, node: &python::ParameterWithDefault, kind: ParameterKind) -> Parameter {
        Parameter {
            span: self.span(node.range),
            name: node.parameter.name.to_string(),
            kind,
            annotation: self.optional(node.parameter.annotation.as_deref()),
            default: self.optional(node.default.as_deref()),
        }
    }
}

fn aliases(names: &[python::Alias]) -> Vec<(String, Option<String>)> {
    names.iter().map(|alias| (alias.name.to_string(), alias.asname.as_ref().map(ToString::to_string))).collect()
}

const fn construct_name(statement: &python::Stmt) -> &'static str {
    match statement {
        python::Stmt::For(_) => "an async for loop",
        python::Stmt::With(_) => "an async with statement",
        python::Stmt::Try(_) => "an except* clause",
        python::Stmt::TypeAlias(_) => "a generic type statement",
        _ => "a statement of another language",
    }
}
