//! How much an iteration costs, in simple operations: an expression that is evaluated before the loop, with the lengths of loops inside as far as they
//! are known there.

use crate::ir::{Block, Constant, Expr, ExprKind, Stmt, StmtKind, Unit};
use crate::parallel::live::{self, Set};
use crate::walk;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, ScalarOp as Op, Type};

/// Iterations of a loop inside, elements of an array, of which nothing is known.
const UNKNOWN: f64 = 32.0;

/// What a function costs that is called too deep inside.
const CALL: f64 = 50.0;

/// Deepest calls that are looked into.
const MAX_CALLS: u32 = 2;

/// The cost of a body, as a float. `known` are variables that are set when the loop begins, and do not change in it.
pub(super) fn of(unit: &Unit, body: &Block, known: &Set, span: Span) -> Expr {
    let mut cost = Cost { unit, known, span, depth: 0 };
    cost.block(body).expr(span)
}

/// A number and a sum that is known when the loop begins.
struct Amount {
    known: f64,
    more: Option<Expr>,
}

fn float(value: f64, span: Span) -> Expr {
    Expr { ty: Type::FLOAT, kind: ExprKind::Constant(Constant::Float(value)), span }
}

fn operation(op: Op, x: Expr, y: Expr) -> Expr {
    let span = x.span;
    Expr { ty: Type::FLOAT, kind: ExprKind::Map { op, loop_dtype: Dtype::F64, operands: vec![x, y] }, span }
}

impl Amount {
    fn expr(self, span: Span) -> Expr {
        let known = float(self.known, span);
        match self.more {
            None => known,
            Some(more) => operation(Op::Add, more, known),
        }
    }

    fn add(&mut self, other: Self) {
        self.known += other.known;
        self.more = match (self.more.take(), other.more) {
            (Some(x), Some(y)) => Some(operation(Op::Add, x, y)),
            (x, y) => x.or(y),
        };
    }
}

struct Cost<'u> {
    unit: &'u Unit,
    known: &'u Set,
    span: Span,
    depth: u32,
}

impl Cost<'_> {
    fn block(&mut self, block: &Block) -> Amount {
        let mut all = Amount { known: 0.0, more: None };
        block.iter().for_each(|stmt| all.add(self.stmt(stmt)));
        all
    }

    fn stmt(&mut self, stmt: &Stmt) -> Amount {
        let mut own = Amount { known: 1.0, more: None };
        match &stmt.kind {
            StmtKind::ForRange { start, stop, step, body, orelse, .. } => {
                let inner = self.block(body);
                let trips = if inner.more.is_none() { self.trips(start, stop, step) } else { None };
                match trips {
                    Some(trips) => {
                        own.add(Amount { known: 0.0, more: Some(operation(Op::Multiply, trips, float(inner.known + 1.0, self.span))) })
                    }
                    None => own.add(Amount { known: UNKNOWN * (inner.known + 1.0), more: inner.more }),
                }
                own.add(self.block(orelse));
            }
            StmtKind::While { test, body, .. } => {
                let inner = self.block(body);
                own.add(Amount { known: UNKNOWN * (inner.known + self.expr(test)), more: inner.more });
            }
            StmtKind::SetItem { array, index, value } | StmtKind::UpdateItem { array, index, value, .. } => {
                own.known += self.expr(array) + self.expr(value);
                if matches!(value.ty, Type::Array(..)) || !index.iter().all(|each| matches!(each, crate::ir::Index::Integer(_))) {
                    own.known += UNKNOWN;
                }
            }
            _ => {
                let one = vec![Stmt { span: stmt.span, kind: stmt.kind.clone() }];
                let blocks = crate::passes::inner_blocks(&stmt.kind);
                if blocks.is_empty() {
                    walk::expressions(&one, &mut |expr| own.known += self.expr(expr));
                }
                for block in blocks {
                    own.add(self.block(block));
                }
            }
        }
        own
    }

    /// The length of a range, if it is known when the loop around begins.
    fn trips(&self, start: &Expr, stop: &Expr, step: &Expr) -> Option<Expr> {
        let ExprKind::Constant(Constant::Int(step)) = step.kind else { return None };
        if self.depth > 0 {
            // The variables are those of another function.
            return None;
        }
        let (start, stop) = (self.before(start)?, self.before(stop)?);
        let (low, high) = if step < 0 { (stop, start) } else { (start, stop) };
        #[allow(clippy::cast_precision_loss, reason = "an estimate")]
        let size = float((step.unsigned_abs().max(1)) as f64, self.span);
        let length = operation(Op::Divide, operation(Op::Subtract, high, low), size);
        Some(operation(Op::Fmax, length, float(0.0, self.span)))
    }

    /// A bound as a float, if it is one of a few plain things from outside.
    fn before(&self, bound: &Expr) -> Option<Expr> {
        let mut read = Set::new();
        live::reads(bound, &mut read);
        let plain = match &bound.kind {
            ExprKind::Constant(_) | ExprKind::Variable(_) => true,
            ExprKind::Extent(array, _) | ExprKind::Size(array) => matches!(array.kind, ExprKind::Variable(_)),
            _ => false,
        };
        if !plain || !read.is_subset(self.known) {
            return None;
        }
        Some(Expr { ty: Type::FLOAT, kind: ExprKind::Convert(Box::new(bound.clone())), span: self.span })
    }

    fn expr(&mut self, expr: &Expr) -> f64 {
        let mut own: f64 = match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Variable(_) | ExprKind::Unit | ExprKind::Convert(_) => 0.0,
            ExprKind::Map { op, .. } => match op {
                Op::Add | Op::Subtract | Op::Multiply | Op::Negative | Op::Absolute | Op::Square => 1.0,
                Op::Divide | Op::Sqrt | Op::FloorDivide | Op::Remainder => 5.0,
                Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual | Op::Equal | Op::NotEqual => 1.0,
                _ => 15.0,
            },
            ExprKind::Call(position, _) if self.depth < MAX_CALLS => {
                let mut inner = Self { unit: self.unit, known: self.known, span: self.span, depth: self.depth + 1 };
                inner.block(&self.unit.functions[*position].body).known
            }
            ExprKind::Call(..) => CALL,
            ExprKind::Object(..) | ExprKind::Arrange { .. } | ExprKind::Distinct(_) | ExprKind::MatMul(..) => CALL,
            _ => 2.0,
        };
        if matches!(expr.ty, Type::Array(..)) && !matches!(expr.kind, ExprKind::Variable(_) | ExprKind::Index(..)) {
            own *= UNKNOWN;
        }
        walk::parts(expr, &mut |part| own += self.expr(part));
        own
    }
}
