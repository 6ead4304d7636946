//! Finds out which loops the source calls parallel, while it is typed.

use super::directive::{self, Directive};
use crate::function::Typer;
use crate::ir::{Constant, Expr, ExprKind, Marked, StmtKind};
use crate::resolve::Static;
use crate::scope::Binding;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Type};
use hypersonic_syntax::ast::{self, Comment};

impl Typer<'_, '_> {
    /// Notes a `for` over `prange`, or below a comment that calls it parallel.
    pub(crate) fn mark_parallel(&mut self, iter: &ast::Expr, span: Span) {
        let over_prange = matches!(&iter.kind, ast::ExprKind::Call(function, ..)
            if matches!(self.static_of(function), Some(Static::External(full)) if full == "hypersonic.prange"));
        let directive = self.directive_above(span);
        if !over_prange && directive.is_none() {
            return;
        }
        let Directive { reductions, chunk, threads, condition, mut problem } = directive.unwrap_or_default();
        if let Err(found) = self.team(threads, condition, span) {
            problem = problem.or(Some(found));
        }
        if !self.unit.parallel.iter().any(|marked| marked.span == span) {
            self.unit.parallel.push(Marked { span, reductions, chunk, problem });
        }
    }

    /// What the comment lines right above a statement say.
    fn directive_above(&self, span: Span) -> Option<Directive> {
        let parsed = self.unit.program.files.get(span.file as usize)?;
        let (text, comments) = (parsed.source.text.as_str(), &parsed.tree.comments);
        let mut at = comments.partition_point(|comment| comment.span.start < span.start);
        let mut below = span.start;
        let mut lines: Vec<&Comment> = Vec::new();
        while let Some(comment) = at.checked_sub(1).and_then(|before| comments.get(before)) {
            if !comment.own_line || !is_adjacent(text, comment.span.end, below) {
                return None;
            }
            lines.push(comment);
            if let Some(begin) = directive::opening(&comment.text) {
                let start = Span { file: span.file, start: comment.span.start + u32::try_from(begin).unwrap_or(0), end: span.start };
                // Further lines go on with it; their `#` is white space.
                // Further lines go on with it; what lies between, and a `\` at the end of a line, is white space.
                let mut content = unbroken(comment.text.get(begin..).unwrap_or_default());
                let mut end = comment.span.end;
                for line in lines.iter().rev().skip(1) {
                    let body = line.text.trim_start_matches('#');
                    content.push_str(&" ".repeat((line.span.start - end) as usize + line.text.len() - body.len()));
                    content.push_str(&unbroken(body));
                    end = line.span.end;
                }
                return Some(directive::read(&content, start));
            }
            below = comment.span.start;
            at -= 1;
        }
        None
    }

    /// Types what the comment says of threads, in front of the loop.
    fn team(&mut self, threads: Option<(String, Span)>, condition: Option<(String, Span)>, span: Span) -> Result<(), (Span, String)> {
        if threads.is_none() && condition.is_none() {
            return Ok(());
        }
        let threads = match threads {
            Some((text, at)) => {
                let value = self.said(&text, at)?;
                if value.ty != Type::INT {
                    return Err((at, "`num_threads` is no int".to_owned()));
                }
                value
            }
            None => Expr { ty: Type::INT, kind: ExprKind::Constant(Constant::Int(0)), span },
        };
        let condition = match condition {
            Some((text, at)) => {
                let value = self.said(&text, at)?;
                if value.ty.dtype().is_none_or(|dtype| dtype == Dtype::C64 || dtype == Dtype::C128) {
                    return Err((at, "`if` is no number".to_owned()));
                }
                if value.ty == Type::BOOL { value } else { Expr { ty: Type::BOOL, kind: ExprKind::Truth(Box::new(value)), span } }
            }
            None => Expr { ty: Type::BOOL, kind: ExprKind::Constant(Constant::Bool(true)), span },
        };
        self.push(StmtKind::Expr(Expr { ty: Type::None, kind: ExprKind::Team(vec![threads, condition]), span }), span);
        Ok(())
    }

    /// The value of a small expression in a comment: scalar.
    fn said(&mut self, text: &str, at: Span) -> Result<Expr, (Span, String)> {
        let text = text.replace("&&", " and ").replace("||", " or ");
        let parsed = hypersonic_syntax::parse_expression(&text, at.file, at.start);
        let plain = parsed.ok().filter(|expr| self.is_plain(expr));
        let value = plain.and_then(|expr| self.expression(&expr).ok()).filter(|value| matches!(value.ty, Type::Scalar(..)));
        value.ok_or_else(|| (at, format!("`{}` in the comment is not made of numbers and variables", text.trim())))
    }

    /// The number of axes of an array in a variable.
    fn rank(&self, expr: &ast::Expr) -> Option<u8> {
        let ast::ExprKind::Name(name) = &expr.kind else { return None };
        match self.environment.get(&self.bound_name(name)) {
            Some(Binding::Value { ty: Type::Array(_, rank), maybe_unbound: false, .. }) => Some(*rank),
            _ => None,
        }
    }

    fn is_array(&self, expr: &ast::Expr) -> bool {
        self.rank(expr).is_some_and(|rank| rank > 0)
    }

    /// Whether an expression is certainly typed, and fails for no reason but overflow and division by zero.
    fn is_plain(&mut self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ast::ExprKind::Int(number, _) => number.is_some(),
            ast::ExprKind::Bool(_) | ast::ExprKind::Float(_) => true,
            ast::ExprKind::Name(name) => {
                let bound = self.environment.get(&self.bound_name(name));
                matches!(bound, Some(Binding::Value { ty: Type::Scalar(..), maybe_unbound: false, .. }))
            }
            // `len(a)`, `a.size`, `a.shape[0]`.
            ast::ExprKind::Call(function, arguments, keywords) => {
                let is_len = matches!(self.static_of(function), Some(Static::External(full)) if full == "builtins.len");
                is_len && keywords.is_empty() && matches!(arguments.as_slice(), [array] if self.is_array(array))
            }
            ast::ExprKind::Attribute(array, name) => name == "size" && self.is_array(array),
            ast::ExprKind::Subscript(shape, axis) => match (&shape.kind, &axis.kind) {
                (ast::ExprKind::Attribute(array, name), ast::ExprKind::Int(Some(axis), _)) => {
                    name == "shape" && *axis >= 0 && self.rank(array).is_some_and(|rank| *axis < i64::from(rank))
                }
                _ => false,
            },
            ast::ExprKind::Binary(op, x, y) => {
                use ast::BinaryOp as Op;
                matches!(op, Op::Add | Op::Subtract | Op::Multiply | Op::FloorDivide | Op::Modulo) && self.is_plain(x) && self.is_plain(y)
            }
            ast::ExprKind::Logic(_, parts) => parts.iter().all(|part| self.is_plain(part)),
            ast::ExprKind::Compare(first, rest) => {
                use ast::CompareOp as Op;
                let known = |op: &Op| matches!(op, Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual | Op::Equal | Op::NotEqual);
                self.is_plain(first) && rest.iter().all(|(op, part)| known(op) && self.is_plain(part))
            }
            _ => false,
        }
    }
}

fn unbroken(line: &str) -> String {
    line.strip_suffix('\\').map_or_else(|| line.to_owned(), |line| format!("{line} "))
}

/// Whether what begins at `start` stands on the line below what ends at `end`.
fn is_adjacent(text: &str, end: u32, start: u32) -> bool {
    let between = text.get(end as usize..start as usize).unwrap_or("x");
    between.trim().is_empty() && between.replace("\r\n", "\n").matches(['\n', '\r']).count() == 1
}
