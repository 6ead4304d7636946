//! Small pieces of typed IR: numbers of int64 that wrap, for counting, and what is made of them.

use crate::ir::{Constant, Expr, ExprKind, Index, Stmt, StmtKind, VariableId};
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, Flavor, ScalarOp as Op, Type};

/// What places and counts are computed in: no operation on it fails.
pub(super) const COUNT: Type = Type::Scalar(Dtype::I64, Flavor::Numpy);

/// Writes expressions and statements of one place.
#[derive(Clone, Copy)]
pub(super) struct Make(pub Span);

impl Make {
    pub(super) fn expr(self, ty: Type, kind: ExprKind) -> Expr {
        Expr { ty, kind, span: self.0 }
    }

    pub(super) fn int(self, value: i64) -> Expr {
        self.expr(Type::INT, ExprKind::Constant(Constant::Int(value)))
    }

    pub(super) fn float(self, value: f64) -> Expr {
        self.expr(Type::FLOAT, ExprKind::Constant(Constant::Float(value)))
    }

    pub(super) fn bool(self, value: bool) -> Expr {
        self.expr(Type::BOOL, ExprKind::Constant(Constant::Bool(value)))
    }

    pub(super) fn variable(self, variable: VariableId, ty: &Type) -> Expr {
        self.expr(ty.clone(), ExprKind::Variable(variable))
    }

    /// A number as a count.
    pub(super) fn count(self, value: Expr) -> Expr {
        self.convert(value, &COUNT)
    }

    pub(super) fn convert(self, value: Expr, ty: &Type) -> Expr {
        match value.kind {
            _ if value.ty == *ty => value,
            ExprKind::Constant(Constant::Int(number)) if *ty == COUNT => self.expr(COUNT, ExprKind::Constant(Constant::Int(number))),
            _ => self.expr(ty.clone(), ExprKind::Convert(Box::new(value))),
        }
    }

    /// An operation on counts.
    pub(super) fn counts(self, op: Op, x: Expr, y: Expr) -> Expr {
        let operands = vec![self.count(x), self.count(y)];
        self.expr(COUNT, ExprKind::Map { op, loop_dtype: Dtype::I64, operands })
    }

    /// A comparison of ints.
    pub(super) fn compare(self, op: Op, x: Expr, y: Expr) -> Expr {
        let operands = vec![self.convert(x, &Type::INT), self.convert(y, &Type::INT)];
        self.expr(Type::BOOL, ExprKind::Map { op, loop_dtype: Dtype::I64, operands })
    }

    /// An operation on floats.
    pub(super) fn floats(self, op: Op, x: Expr, y: Expr) -> Expr {
        self.expr(Type::FLOAT, ExprKind::Map { op, loop_dtype: Dtype::F64, operands: vec![x, y] })
    }

    pub(super) fn choose(self, test: Expr, then: Expr, otherwise: Expr) -> Expr {
        let kind = ExprKind::Conditional { test: Box::new(test), then: Box::new(then), otherwise: Box::new(otherwise) };
        let ExprKind::Conditional { then, .. } = &kind else { return self.int(0) };
        self.expr(then.ty.clone(), kind)
    }

    pub(super) fn stmt(self, kind: StmtKind) -> Stmt {
        Stmt { span: self.0, kind }
    }

    pub(super) fn assign(self, variable: VariableId, value: Expr) -> Stmt {
        self.stmt(StmtKind::Assign(variable, value))
    }

    pub(super) fn when(self, test: Expr, then: Vec<Stmt>) -> Stmt {
        self.stmt(StmtKind::If { test, then, otherwise: Vec::new() })
    }

    /// An element of an array of one axis, as a value of that type.
    pub(super) fn item(self, array: VariableId, dtype: Dtype, at: VariableId, ty: &Type) -> Expr {
        let index = vec![Index::Integer(self.variable(at, &Type::INT))];
        let source = Box::new(self.variable(array, &Type::Array(dtype, 1)));
        self.convert(self.expr(Type::Scalar(dtype, Flavor::Numpy), ExprKind::Index(source, index)), ty)
    }

    pub(super) fn set_item(self, array: VariableId, dtype: Dtype, at: VariableId, value: Expr) -> Stmt {
        let index = vec![Index::Integer(self.variable(at, &Type::INT))];
        self.stmt(StmtKind::SetItem { array: self.variable(array, &Type::Array(dtype, 1)), index, value })
    }

    /// Nothing, of a scalar type.
    pub(super) fn zero(self, ty: &Type) -> Expr {
        let kind = match ty.dtype().unwrap_or(Dtype::I64).kind() {
            hypersonic_ops::Kind::Bool => Constant::Bool(false),
            hypersonic_ops::Kind::Integer => Constant::Int(0),
            hypersonic_ops::Kind::Float => Constant::Float(0.0),
            hypersonic_ops::Kind::Complex => Constant::Complex(0.0, 0.0),
        };
        self.expr(ty.clone(), ExprKind::Constant(kind))
    }
}
