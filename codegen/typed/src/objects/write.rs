//! Writes syntax trees: what is typed as if the user had written it. Names that begin with `.` are our own.

use hypersonic_diagnostics::Span;
use hypersonic_syntax::ast::{BinaryOp, BoolOp, CompareOp, Expr, ExprKind, Stmt, StmtKind, UnaryOp};

/// What the names begin with that mean builtins here.
pub(crate) const BUILTIN: &str = ".builtins.";

/// Writes trees at one place.
#[derive(Clone, Copy)]
pub(crate) struct Writer {
    /// The place.
    pub span: Span,
}

impl Writer {
    pub(crate) fn expr(&self, kind: ExprKind) -> Expr {
        Expr { span: self.span, kind }
    }

    pub(crate) fn name(&self, name: &str) -> Expr {
        self.expr(ExprKind::Name(name.to_owned()))
    }

    /// A builtin, whatever its name means where this is written.
    pub(crate) fn builtin(&self, name: &str) -> Expr {
        self.name(&format!("{BUILTIN}{name}"))
    }

    pub(crate) fn int(&self, value: i64) -> Expr {
        self.expr(ExprKind::Int(Some(value), value.to_string()))
    }

    pub(crate) fn not(&self, value: Expr) -> Expr {
        self.expr(ExprKind::Unary(UnaryOp::Not, Box::new(value)))
    }

    pub(crate) fn binary(&self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        self.expr(ExprKind::Binary(op, Box::new(left), Box::new(right)))
    }

    pub(crate) fn compare(&self, op: CompareOp, left: Expr, right: Expr) -> Expr {
        self.expr(ExprKind::Compare(Box::new(left), vec![(op, right)]))
    }

    pub(crate) fn both(&self, tests: Vec<Expr>) -> Expr {
        let mut tests = tests;
        if tests.len() == 1 { tests.remove(0) } else { self.expr(ExprKind::Logic(BoolOp::And, tests)) }
    }

    pub(crate) fn call(&self, function: Expr, arguments: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Call(Box::new(function), arguments, Vec::new()))
    }

    /// A call of something that has no name in Python: see `Typer::own_call`.
    pub(crate) fn own(&self, function: &str, arguments: Vec<Expr>) -> Expr {
        self.call(self.name(&format!(".{function}")), arguments)
    }

    pub(crate) fn method(&self, object: Expr, method: &str, arguments: Vec<Expr>) -> Expr {
        self.call(self.expr(ExprKind::Attribute(Box::new(object), method.to_owned())), arguments)
    }

    pub(crate) fn item(&self, object: Expr, index: Expr) -> Expr {
        self.expr(ExprKind::Subscript(Box::new(object), Box::new(index)))
    }

    pub(crate) fn tuple(&self, items: Vec<Expr>) -> Expr {
        self.expr(ExprKind::Tuple(items))
    }

    pub(crate) fn stmt(&self, kind: StmtKind) -> Stmt {
        Stmt { span: self.span, kind }
    }

    pub(crate) fn assign(&self, name: &str, value: Expr) -> Stmt {
        self.assign_to(self.name(name), value)
    }

    pub(crate) fn assign_to(&self, target: Expr, value: Expr) -> Stmt {
        self.stmt(StmtKind::Assign { targets: vec![target], value })
    }

    pub(crate) fn effect(&self, value: Expr) -> Stmt {
        self.stmt(StmtKind::Expr(value))
    }

    pub(crate) fn choose(&self, test: Expr, body: Vec<Stmt>, orelse: Vec<Stmt>) -> Stmt {
        self.stmt(StmtKind::If { test, body, orelse })
    }

    pub(crate) fn each(&self, target: Expr, iter: Expr, body: Vec<Stmt>) -> Stmt {
        self.stmt(StmtKind::For { target, iter, body, orelse: Vec::new() })
    }
}
