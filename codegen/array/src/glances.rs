//! Whether a function only glances at its containers: an item, a length, a change. The runtime copies lists, sets and dicts of arguments
//! before the call, all of them; what does nothing that takes as long is done sooner by Python, in place.

use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_ops::Type;
use hypersonic_typed::ir::{Block, Constant, Expr, ExprKind, Stmt, StmtKind, Unit};

/// Functions of ours that stand for such of Python's own as take a container as it is, and are in C or do no more than ask what is.
const NATIVE: [&str; 6] =
    ["random__shuffle", "heapq__heappush", "heapq__heappop", "heapq__heapreplace", "heapq__heappushpop", "heapq__heapify"];

/// Rounds of a loop that are still few.
const FEW: i64 = 64;

/// Whether the unit takes containers, and has no loop of many rounds, no recursion, no array, and no operation on a whole container that is
/// faster on a copy: sorting.
#[must_use]
pub fn glances(unit: &Unit) -> bool {
    let Some(root) = unit.functions.first() else { return false };
    let takes_objects = root.parameters.iter().any(|parameter| root.variables[parameter.0 as usize].ty.any(|ty| ty.is_object()));
    takes_objects && !crate::bounded::calls_back(unit) && unit.functions.iter().all(|function| block(&function.body, false))
}

/// Whether the unit has no loop in a loop, no recursion and no array: its work is about as long as its containers.
#[must_use]
pub fn passes_once(unit: &Unit) -> bool {
    let mut depths = unit.functions.iter().map(|function| depth(&function.body));
    let root = depths.next().unwrap_or_default();
    let inner = depths.max().unwrap_or_default();
    let arrays = unit.functions.iter().any(|function| function.variables.iter().any(|variable| matches!(variable.ty, Type::Array(..))));
    root + inner <= 1 && !arrays && !crate::bounded::calls_back(unit)
}

/// How many operations are written in a unit: what a round of its loops does is no more.
#[must_use]
pub fn work(unit: &Unit) -> usize {
    unit.functions.iter().map(|function| operations(&function.body)).sum()
}

fn operations(statements: &Block) -> usize {
    let mut count = 0;
    for stmt in statements {
        walk::expressions(stmt, &mut |expr| {
            walk::everything(expr, &mut |each| {
                count +=
                    usize::from(!matches!(each.kind, ExprKind::Constant(_) | ExprKind::Variable(_) | ExprKind::Unit | ExprKind::Tuple(_)));
            });
        });
        count += walk::blocks(stmt).into_iter().map(operations).sum::<usize>();
    }
    count
}

/// Whether a unit has a loop, calls itself, or does to a whole container what is faster on a copy. What else Python's own functions do to whole
/// containers and strings they do where these are.
#[must_use]
pub fn lasts(unit: &Unit) -> bool {
    crate::bounded::calls_back(unit) || unit.functions.iter().any(|function| depth(&function.body) > 0 || does_faster(&function.body))
}

/// How many operations are written in a unit that has no loops of its own, and leaves all that takes long to functions that are Python's own: as
/// it was typed, nothing inlined. `ours` says which files have our functions for these.
#[must_use]
pub fn passes_on(unit: &Unit, ours: impl Fn(u32) -> bool) -> Option<usize> {
    let (theirs, written): (Vec<_>, Vec<_>) = unit.functions.iter().partition(|function| ours(function.span.file));
    let short = written.iter().all(|function| depth(&function.body) == 0 && !does_faster(&function.body));
    let native = theirs.iter().any(|function| NATIVE.contains(&function.name.as_str()));
    (short && native).then(|| written.iter().map(|function| operations(&function.body)).sum())
}

fn does_faster(statements: &Block) -> bool {
    has(statements, |op| matches!(op, Op::Sort | Op::ToSet))
}

/// Whether a unit sorts, or looks for something in a set or dict, which is done faster on copies of strings than on strings.
#[must_use]
pub fn looks_up(unit: &Unit) -> bool {
    let looks = |op| matches!(op, Op::Sort | Op::ToSet | Op::Find | Op::Get | Op::Set | Op::Add | Op::Contains | Op::Discard | Op::Remove);
    unit.functions.iter().any(|function| has(&function.body, looks))
}

/// Whether there is an operation on an object that is wanted.
fn has(statements: &Block, wanted: fn(Op) -> bool) -> bool {
    statements.iter().any(|stmt| {
        let mut found = false;
        walk::expressions(stmt, &mut |expr| {
            walk::everything(expr, &mut |each| found |= matches!(each.kind, ExprKind::Object(op, _) if wanted(op)));
        });
        found || walk::blocks(stmt).into_iter().any(|inner| has(inner, wanted))
    })
}

/// How deep loops are nested.
fn depth(statements: &Block) -> usize {
    let inner = |stmt: &Stmt| walk::blocks(stmt).into_iter().map(depth).max().unwrap_or_default();
    let here = |stmt: &Stmt| usize::from(matches!(stmt.kind, StmtKind::While { .. } | StmtKind::ForRange { .. }));
    statements.iter().map(|stmt| here(stmt) + inner(stmt)).max().unwrap_or_default()
}

fn block(statements: &Block, inside: bool) -> bool {
    statements.iter().all(|stmt| {
        let loops = match &stmt.kind {
            StmtKind::While { .. } => return false,
            StmtKind::ForRange { start, stop, .. } => {
                if inside || !is_few(start, stop) {
                    return false;
                }
                true
            }
            _ => inside,
        };
        let mut fine = true;
        walk::expressions(stmt, &mut |expr| walk::everything(expr, &mut |each| fine &= is_little(each)));
        fine && walk::blocks(stmt).into_iter().all(|each| block(each, loops))
    })
}

fn is_few(start: &Expr, stop: &Expr) -> bool {
    match (&start.kind, &stop.kind) {
        (ExprKind::Constant(Constant::Int(start)), ExprKind::Constant(Constant::Int(stop))) => stop.saturating_sub(*start).abs() <= FEW,
        _ => false,
    }
}

fn is_little(expr: &Expr) -> bool {
    !matches!(expr.kind, ExprKind::Object(Op::Sort, _)) && !matches!(expr.ty, Type::Array(..))
}
