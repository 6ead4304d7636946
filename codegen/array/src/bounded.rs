//! Whether the work of a function is bounded by the sizes of its array arguments: decides whether the interpreter lock
//! is always given up, or only for large arrays.

use crate::walk;
use hypersonic_typed::ir::{Block, Expr, ExprKind, StmtKind, Unit};

/// Loops nested deeper than this make even small arrays much work.
const MAX_NESTING: u32 = 2;

/// Whether no loop, allocation or call of the unit depends on anything but extents and constants.
#[must_use]
pub fn bounded(unit: &Unit) -> bool {
    unit.functions.iter().all(|function| block(&function.body, 0)) && !calls_back(unit)
}

/// Whether a function may call itself.
pub(crate) fn calls_back(unit: &Unit) -> bool {
    unit.functions.iter().enumerate().any(|(n, function)| {
        let mut found = false;
        walk::statements(&function.body, &mut |stmt| {
            walk::expressions(stmt, &mut |expr| {
                walk::everything(expr, &mut |each| found |= matches!(each.kind, ExprKind::Call(callee, _) if callee <= n));
            });
        });
        found
    })
}

fn block(block_: &Block, nesting: u32) -> bool {
    block_.iter().all(|stmt| {
        let inner = match &stmt.kind {
            StmtKind::While { .. } => return false,
            StmtKind::ForRange { start, stop, .. } => {
                if nesting >= MAX_NESTING || !of_extents(start) || !of_extents(stop) {
                    return false;
                }
                nesting + 1
            }
            _ => nesting,
        };
        let mut fine = true;
        walk::expressions(stmt, &mut |expr| walk::everything(expr, &mut |each| fine &= expression(each)));
        fine && walk::blocks(stmt).into_iter().all(|each| block(each, inner))
    })
}

fn expression(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Fill { shape, .. } => shape.iter().all(of_extents),
        ExprKind::Arange { start, stop, .. } => of_extents(start) && of_extents(stop),
        ExprKind::Linspace { num, .. } => of_extents(num),
        ExprKind::Eye { rows, columns, .. } => of_extents(rows) && of_extents(columns),
        _ => true,
    }
}

/// Whether a value is made of extents and constants only.
fn of_extents(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Extent(..) | ExprKind::Size(_) => true,
        ExprKind::Map { operands, .. } => operands.iter().all(of_extents),
        ExprKind::Convert(inner) => of_extents(inner),
        _ => false,
    }
}
