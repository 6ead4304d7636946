//! Indices as sums: a multiple of the loop's variable, multiples of other things, and a number.

use crate::ir::{Block, Constant, Expr, ExprKind, StmtKind, VariableId};
use crate::parallel::live::{self, Set};
use crate::parallel::reduction::each;
use crate::walk;
use hypersonic_diagnostics::Span;
use hypersonic_ops::{Dtype, ScalarOp as Op, Type};
use std::collections::HashMap;

/// Deepest definition of a variable that is looked through.
const MAX_DEPTH: u32 = 12;

/// What is known of the variables of a loop's body.
pub(super) struct Names<'b> {
    /// The loop's variable.
    pub index: VariableId,
    /// What the body sets.
    pub assigned: Set,
    /// What it sets by one assignment, and nowhere else.
    definitions: HashMap<VariableId, &'b Expr>,
}

/// An index as a sum.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sum {
    /// How often the loop's variable is in it.
    pub factor: i64,
    /// What else is in it, how often, and whether that changes within the loop.
    pub others: Vec<(Expr, i64, bool)>,
    /// The number.
    pub number: i64,
}

/// The expression without the places where it was written.
pub(super) fn bare(expr: &Expr) -> Expr {
    fn forget(expr: &mut Expr) {
        expr.span = Span::default();
        walk::parts_mut(expr, &mut forget);
    }
    let mut copy = expr.clone();
    forget(&mut copy);
    copy
}

impl<'b> Names<'b> {
    pub(super) fn of(body: &'b Block, index: VariableId) -> Self {
        let mut counts: HashMap<VariableId, (usize, Option<&'b Expr>)> = HashMap::new();
        each(body, &mut |stmt| match &stmt.kind {
            StmtKind::Assign(variable, value) => {
                let known = counts.entry(*variable).or_default();
                *known = (known.0 + 1, Some(value));
            }
            StmtKind::ForRange { variable, .. } => counts.entry(*variable).or_default().0 += 2,
            _ => {}
        });
        let assigned: Set = counts.keys().copied().collect();
        let once =
            |(variable, (count, value)): (VariableId, (usize, Option<&'b Expr>))| value.filter(|_| count == 1).map(|v| (variable, v));
        Self { index, assigned, definitions: counts.into_iter().filter_map(once).collect() }
    }

    /// What a variable always is in the body, if it is set once.
    pub(super) fn definition(&self, variable: VariableId) -> Option<&'b Expr> {
        self.definitions.get(&variable).copied()
    }

    /// Whether an expression is another one in every iteration, perhaps.
    pub(super) fn varies(&self, expr: &Expr) -> bool {
        let mut read = Set::new();
        live::reads(expr, &mut read);
        let mut asks = false;
        elements(expr, &mut asks);
        asks || read.contains(&self.index) || !read.is_disjoint(&self.assigned)
    }

    /// An index as a sum.
    pub(super) fn sum(&self, expr: &Expr) -> Sum {
        let mut sum = Sum { factor: 0, others: Vec::new(), number: 0 };
        if self.add(&mut sum, expr, 1, 0).is_none() {
            sum = Sum { factor: 0, others: vec![(bare(expr), 1, true)], number: 0 };
        }
        sum.others.retain(|(_, factor, _)| *factor != 0);
        sum
    }

    fn add(&self, sum: &mut Sum, expr: &Expr, factor: i64, depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &expr.kind {
            ExprKind::Constant(Constant::Int(n)) => sum.number = sum.number.checked_add(n.checked_mul(factor)?)?,
            ExprKind::Variable(variable) if *variable == self.index && !self.assigned.contains(variable) => {
                sum.factor = sum.factor.checked_add(factor)?;
            }
            ExprKind::Variable(variable) if let Some(value) = self.definition(*variable) => return self.add(sum, value, factor, depth + 1),
            ExprKind::Convert(inner) if is_int(&inner.ty) && is_int(&expr.ty) => return self.add(sum, inner, factor, depth + 1),
            ExprKind::Map { op: Op::Add, operands, .. } if let [x, y] = operands.as_slice() => {
                self.add(sum, x, factor, depth + 1)?;
                return self.add(sum, y, factor, depth + 1);
            }
            ExprKind::Map { op: Op::Subtract, operands, .. } if let [x, y] = operands.as_slice() => {
                self.add(sum, x, factor, depth + 1)?;
                return self.add(sum, y, factor.checked_neg()?, depth + 1);
            }
            ExprKind::Map { op: Op::Multiply, operands, .. } if let [x, y] = operands.as_slice() => {
                let (times, other) = match (&x.kind, &y.kind) {
                    (ExprKind::Constant(Constant::Int(times)), _) => (*times, y),
                    (_, ExprKind::Constant(Constant::Int(times))) => (*times, x),
                    _ => return self.other(sum, expr, factor),
                };
                return self.add(sum, other, factor.checked_mul(times)?, depth + 1);
            }
            _ => return self.other(sum, expr, factor),
        }
        Some(())
    }

    fn other(&self, sum: &mut Sum, expr: &Expr, factor: i64) -> Option<()> {
        let plain = bare(expr);
        match sum.others.iter_mut().find(|(known, ..)| *known == plain) {
            Some((_, times, _)) => *times = times.checked_add(factor)?,
            None => sum.others.push((plain, factor, self.varies(expr))),
        }
        Some(())
    }
}

fn is_int(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(Dtype::I64, _))
}

/// Whether an expression asks for anything that is in memory, or gives another value each time.
fn elements(expr: &Expr, found: &mut bool) {
    *found |= matches!(
        expr.kind,
        ExprKind::Index(..)
            | ExprKind::Reduce { .. }
            | ExprKind::Call(..)
            | ExprKind::Object(..)
            | ExprKind::PythonRandom
            | ExprKind::Length(_)
    );
    walk::parts(expr, &mut |part| elements(part, found));
}

impl Sum {
    /// Whether no two iterations have the same: it is a multiple of the loop's variable, and of nothing else that changes.
    pub(super) fn is_own(&self) -> bool {
        self.factor != 0 && self.is_steady()
    }

    /// Whether nothing but the loop's variable changes in it.
    pub(super) fn is_steady(&self) -> bool {
        self.others.iter().all(|(_, _, varies)| !varies)
    }

    /// Whether it is a number that counts from the end.
    pub(super) fn wraps(&self) -> bool {
        self.factor == 0 && self.others.is_empty() && self.number < 0
    }

    /// This with another number in the place of the loop's variable, which it holds once.
    pub(super) fn at(&self, value: &Self) -> Option<Self> {
        let mut sum = Self { factor: value.factor, others: self.others.clone(), number: self.number.checked_add(value.number)? };
        if self.factor != 1 {
            return None;
        }
        for (other, factor, varies) in &value.others {
            match sum.others.iter_mut().find(|(known, ..)| known == other) {
                Some((_, times, _)) => *times = times.checked_add(*factor)?,
                None => sum.others.push((other.clone(), *factor, *varies)),
            }
        }
        sum.others.retain(|(_, factor, _)| *factor != 0);
        Some(sum)
    }

    /// By which number two sums differ, if by nothing else.
    pub(super) fn distance(&self, other: &Self) -> Option<i64> {
        let alike = self.factor == other.factor && self.others.len() == other.others.len();
        let alike = alike && self.others.iter().all(|part| other.others.contains(part));
        if alike { self.number.checked_sub(other.number) } else { None }
    }
}
