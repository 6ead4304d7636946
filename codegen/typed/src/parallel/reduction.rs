//! Reductions: variables that every iteration only updates, by one operation whose order does not matter, or matters for the rounding of
//! floats only. Each chunk begins with a value that changes nothing; what chunks give is put together in their order.

use crate::ir::{Block, Constant, Expr, ExprKind, Stmt, StmtKind, VariableId};
use crate::parallel::affine;
use crate::parallel::live::{self, Set};
use crate::passes::is_total;
use crate::walk;
use hypersonic_ops::{Dtype, Flavor, Kind, ScalarOp as Op, Type};

/// How the values of a variable are put together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reduction {
    /// By what.
    pub by: By,
    /// Variables that are set where the variable is, and nowhere else: the place of a maximum.
    pub companions: Set,
}

/// An operation on the variable and another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// `v = op(v, x)`, computed in the variable's dtype.
    Operation(Op),
    /// `v = x` where `op(x, v)`.
    Choice(Op),
    /// `v = v and x`.
    And,
    /// `v = v or x`.
    Or,
}

impl Reduction {
    /// What a chunk begins with; none if it is what the variable was before the loop, which may come in any number of times.
    pub(super) fn start(&self, ty: &Type) -> Option<Constant> {
        let By::Operation(op) = self.by else { return None };
        let kind = ty.dtype()?.kind();
        Some(match (op, kind) {
            // What was -0.0 stays that.
            (Op::Add, Kind::Float) => Constant::Float(-0.0),
            (Op::Add, Kind::Complex) => Constant::Complex(-0.0, -0.0),
            (Op::Multiply, Kind::Float) => Constant::Float(1.0),
            (Op::Add | Op::BitwiseXor, Kind::Integer) => Constant::Int(0),
            (Op::BitwiseXor, _) => Constant::Bool(false),
            (Op::Multiply, _) => Constant::Int(1),
            _ => return None,
        })
    }

    /// What puts the value of a chunk, which has the variable's type, to the variable.
    pub(super) fn join(&self, variable: VariableId, ty: &Type, value: Expr, companions: Block) -> Stmt {
        let span = value.span;
        let own = Expr { ty: ty.clone(), kind: ExprKind::Variable(variable), span };
        let assign = |kind| Stmt { span, kind: StmtKind::Assign(variable, Expr { ty: ty.clone(), kind, span }) };
        let loop_dtype = ty.dtype().unwrap_or(Dtype::I64);
        match self.by {
            By::Operation(op) => assign(ExprKind::Map { op, loop_dtype, operands: vec![own, value] }),
            By::And => assign(ExprKind::And(Box::new(own), Box::new(value))),
            By::Or => assign(ExprKind::Or(Box::new(own), Box::new(value))),
            By::Choice(op) => {
                let compared = ExprKind::Map { op, loop_dtype, operands: vec![value.clone(), own] };
                let ty = Type::Scalar(Dtype::Bool, if is_python(ty) { Flavor::Python } else { Flavor::Numpy });
                let test = Expr { ty, kind: compared, span };
                let test = if test.ty == Type::BOOL { test } else { Expr { ty: Type::BOOL, kind: ExprKind::Truth(Box::new(test)), span } };
                let mut then = vec![assign(value.kind)];
                then.extend(companions);
                Stmt { span, kind: StmtKind::If { test, then, otherwise: Vec::new() } }
            }
        }
    }
}

fn is_python(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(_, Flavor::Python))
}

/// How a loop's body updates a variable; none if it does anything else with it.
pub(super) fn find(body: &Block, variable: VariableId, ty: &Type) -> Option<Reduction> {
    let dtype = ty.dtype().filter(|_| matches!(ty, Type::Scalar(..)))?;
    let mut search = Search { variable, dtype, found: None, explained: 0, sets: 0, fine: true };
    search.block(body);
    let mut read = 0;
    walk::expressions(body, &mut |expr| read += count(expr, variable));
    let found = search.found.filter(|_| search.fine && search.explained == read && search.sets == sets(body, variable))?;
    let alone = found.companions.iter().all(|companion| {
        let mut read = 0;
        walk::expressions(body, &mut |expr| read += count(expr, *companion));
        read == 0 && sets(body, *companion) == 1
    });
    alone.then_some(found)
}

fn count(expr: &Expr, variable: VariableId) -> usize {
    let mut found = usize::from(expr.kind == ExprKind::Variable(variable));
    walk::parts(expr, &mut |part| found += count(part, variable));
    found
}

/// How many statements of a block set a variable.
pub(super) fn sets(block: &Block, variable: VariableId) -> usize {
    let mut found = 0;
    each(block, &mut |stmt| {
        found += usize::from(matches!(&stmt.kind, StmtKind::Assign(set, _) | StmtKind::ForRange { variable: set, .. } if *set == variable));
    });
    found
}

/// Visits every statement of a block and of the blocks in it.
pub(super) fn each<'b>(block: &'b Block, see: &mut impl FnMut(&'b Stmt)) {
    for stmt in block {
        see(stmt);
        for inner in crate::passes::inner_blocks(&stmt.kind) {
            each(inner, see);
        }
    }
}

struct Search {
    variable: VariableId,
    dtype: Dtype,
    found: Option<Reduction>,
    /// Reads of the variable that belong to an update.
    explained: usize,
    /// Assignments that do.
    sets: usize,
    fine: bool,
}

/// What stands behind conversions that keep the dtype.
fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Convert(inner) if inner.ty.dtype() == expr.ty.dtype() && matches!(inner.ty, Type::Scalar(..)) => bare(inner),
        _ => expr,
    }
}

impl Search {
    fn is_own(&self, expr: &Expr) -> bool {
        bare(expr).kind == ExprKind::Variable(self.variable)
    }

    fn note(&mut self, by: By, companions: Set, reads: usize) {
        self.explained += reads;
        self.sets += 1;
        let found = Reduction { by, companions };
        self.fine &= self.found.as_ref().is_none_or(|known| *known == found && found.companions.is_empty());
        self.found = Some(found);
    }

    fn block(&mut self, block: &Block) {
        for stmt in block {
            match &stmt.kind {
                StmtKind::Assign(variable, value) if *variable == self.variable => {
                    if let Some((by, reads)) = self.update(value) {
                        self.note(by, Set::new(), reads);
                    }
                }
                StmtKind::If { test, then, otherwise } if otherwise.is_empty() && self.choice(test, then) => continue,
                _ => {}
            }
            for inner in crate::passes::inner_blocks(&stmt.kind) {
                self.block(inner);
            }
        }
    }

    /// The operation of `v = ...`, and how often that reads the variable.
    fn update(&self, value: &Expr) -> Option<(By, usize)> {
        match &bare(value).kind {
            ExprKind::Map { op, loop_dtype, operands } if *loop_dtype == self.dtype && value.ty.dtype() == Some(self.dtype) => {
                let [x, y] = operands.as_slice() else { return None };
                let (first, second) = (self.is_own(x), self.is_own(y));
                let other = if first { y } else { x };
                if first == second || count(other, self.variable) > 0 {
                    return None;
                }
                Some((By::Operation(self.operation(*op, first)?), 1))
            }
            ExprKind::And(own, other) if self.logical(own, other) => Some((By::And, 1)),
            ExprKind::Or(own, other) if self.logical(own, other) => Some((By::Or, 1)),
            ExprKind::Conditional { test, then, otherwise } => {
                let (other, when) = match (self.is_own(then), self.is_own(otherwise)) {
                    (false, true) => (then, true),
                    (true, false) => (otherwise, false),
                    _ => return None,
                };
                let op = self.compared(test, other)?;
                Some((By::Choice(if when { op } else { self.opposite(op)? }), 2))
            }
            _ => None,
        }
    }

    fn logical(&self, own: &Expr, other: &Expr) -> bool {
        self.is_own(own) && self.dtype == Dtype::Bool && is_total(other) && count(other, self.variable) == 0
    }

    /// What joins chunks for an operation of the variable (first or second operand) and another value.
    fn operation(&self, op: Op, first: bool) -> Option<Op> {
        let exact = self.dtype.kind() != Kind::Float && self.dtype.kind() != Kind::Complex;
        match op {
            Op::Add => Some(op),
            Op::Subtract if first => Some(Op::Add),
            // Infinite and signed parts of complex numbers depend on the order.
            Op::Multiply if self.dtype.kind() != Kind::Complex => Some(op),
            // Of two equal floats (-0.0 and 0.0), and of several NaN, the first counts.
            Op::Maximum | Op::Minimum | Op::Fmax | Op::Fmin if self.dtype.kind() != Kind::Complex && (first || exact) => Some(op),
            Op::BitwiseAnd | Op::BitwiseOr | Op::BitwiseXor => Some(op),
            _ => None,
        }
    }

    /// `if x > v: v = x`, with other variables that are set there, too.
    fn choice(&mut self, test: &Expr, then: &Block) -> bool {
        let mut chosen = None;
        let mut companions = Set::new();
        for stmt in then {
            let StmtKind::Assign(variable, value) = &stmt.kind else { return false };
            if *variable == self.variable {
                if chosen.replace(value).is_some() {
                    return false;
                }
            } else if matches!(value.ty, Type::Scalar(..)) && count(value, self.variable) == 0 {
                companions.insert(*variable);
            } else {
                return false;
            }
        }
        let Some(value) = chosen else { return false };
        let Some(op) = self.compared(test, value) else { return false };
        if !companions.is_empty() && !matches!(op, Op::Less | Op::Greater) {
            // Where a chunk gives what the variable was, nobody knows whether an iteration chose it.
            return false;
        }
        let mut used = Set::new();
        live::reads(value, &mut used);
        if !used.is_disjoint(&companions) {
            return false;
        }
        self.note(By::Choice(op), companions, 1);
        true
    }

    /// The comparison `op(other, v)` that a condition is.
    fn compared(&self, test: &Expr, other: &Expr) -> Option<Op> {
        let test = if let ExprKind::Truth(inner) = &test.kind { inner } else { test };
        let ExprKind::Map { op, loop_dtype, operands } = &bare(test).kind else { return None };
        let [x, y] = operands.as_slice() else { return None };
        let same = |a: &Expr| affine::bare(bare(a)).kind == affine::bare(bare(other)).kind && count(other, self.variable) == 0;
        if *loop_dtype != self.dtype || other.ty.dtype() != Some(self.dtype) || self.dtype.kind() == Kind::Complex {
            return None;
        }
        let op = if same(x) && self.is_own(y) {
            *op
        } else if self.is_own(x) && same(y) {
            op.mirrored()?
        } else {
            return None;
        };
        match op {
            Op::Less | Op::Greater => Some(op),
            // Floats that are equal need not be the same.
            Op::LessEqual | Op::GreaterEqual if self.dtype.kind() != Kind::Float => Some(op),
            _ => None,
        }
    }

    /// The comparison that holds where another one does not: NaN has none.
    fn opposite(&self, op: Op) -> Option<Op> {
        if self.dtype.kind() == Kind::Float {
            return None;
        }
        Some(match op {
            Op::Less => Op::GreaterEqual,
            Op::LessEqual => Op::Greater,
            Op::Greater => Op::LessEqual,
            Op::GreaterEqual => Op::Less,
            _ => return None,
        })
    }
}
