//! What iterations do to the same arrays and lists. `prange` and `# omp` say that iterations do not depend on each other, and that is
//! believed where it cannot be seen; where the source shows the contrary, the loop runs in order. Memory of the iteration's own (fresh arrays)
//! is no concern, nor is memory that two variables from outside share.

use crate::ir::{Block, Expr, ExprKind, Index, Stmt, StmtKind, VariableId};
use crate::parallel::Why;
use crate::parallel::affine::{Names, Sum, bare};
use crate::parallel::reduction::each;
use crate::parallel::taint::Taint;
use crate::walk;
use hypersonic_abi::object::Op;
use hypersonic_diagnostics::Span;
use hypersonic_ops::Type;
use std::collections::BTreeMap;

/// Deepest chain of views that is followed.
const MAX_DEPTH: u32 = 12;

/// An access of an array or list from outside.
struct Access {
    writes: bool,
    /// Reads what it writes.
    updates: bool,
    /// Which elements, if that can be seen.
    index: Option<Vec<Index>>,
    /// Whether the elements may be others in another iteration.
    varies: bool,
    span: Span,
}

/// What the loop runs over.
pub(super) struct Range {
    /// First value.
    pub start: Sum,
    /// Bound.
    pub stop: Sum,
    /// Step, if it is known.
    pub step: Option<i64>,
}

impl Range {
    /// Whether a place that moves with the loop never comes to one that does not.
    fn misses(&self, moving: &Sum, fixed: &Sum) -> bool {
        if fixed.wraps() || self.start.wraps() {
            return false;
        }
        let distance = |value: &Sum| moving.at(value).filter(Sum::is_steady).and_then(|end| end.distance(fixed));
        let (first, bound) = (distance(&self.start), distance(&self.stop));
        match self.step {
            Some(1..) => first.is_some_and(|first| first > 0) || bound.is_some_and(|bound| bound <= 0),
            Some(..=-1) => first.is_some_and(|first| first < 0) || bound.is_some_and(|bound| bound >= 0),
            _ => false,
        }
    }
}

/// Says no if iterations are seen to work on the same elements, one of them writing.
pub(super) fn check(body: &Block, names: &Names<'_>, taint: &Taint, range: &Range) -> Result<(), Why> {
    let mut search = Search { names, taint, found: BTreeMap::new() };
    each(body, &mut |stmt| search.stmt(stmt));
    search.found.values().try_for_each(|all| independent(all, names, range))
}

fn independent(all: &[Access], names: &Names<'_>, range: &Range) -> Result<(), Why> {
    if !all.iter().any(|access| access.writes) {
        return Ok(());
    }
    let axes = all.iter().map(|access| access.index.as_ref().map_or(0, Vec::len)).min().unwrap_or(0);
    if (0..axes).any(|axis| own_place(all, names, axis)) {
        return Ok(());
    }
    for access in all.iter().filter(|access| access.writes) {
        if !access.varies {
            return Err(Why::new(access.span, "every iteration writes the same elements"));
        }
        let own = |each: &Index| matches!(each, Index::Integer(value) if names.sum(value).is_own());
        if access.updates && !access.index.iter().flatten().any(own) {
            return Err(Why::new(access.span, "iterations may update the same element"));
        }
        for other in all {
            let meet = match meeting(access, other, names, range) {
                Meeting::Never => false,
                Meeting::Unknown => !other.varies,
                Meeting::Seen => true,
            };
            if meet {
                return Err(Why::new(other.span, "it may be an element that another iteration writes"));
            }
        }
    }
    Ok(())
}

/// Whether along an axis all accesses of an iteration are in a place of its own.
fn own_place(all: &[Access], names: &Names<'_>, axis: usize) -> bool {
    let mut first = None;
    all.iter().all(|access| {
        let Some(Index::Integer(index)) = access.index.as_ref().and_then(|index| index.get(axis)) else { return false };
        let sum = names.sum(index);
        let same = first.get_or_insert_with(|| sum.clone()).distance(&sum) == Some(0);
        same && sum.is_own()
    })
}

/// Whether an access is of what another iteration writes.
enum Meeting {
    /// They are apart along some axis.
    Never,
    /// Their places differ by whole iterations, or move at another pace.
    Seen,
    /// Nothing is seen.
    Unknown,
}

fn meeting(written: &Access, other: &Access, names: &Names<'_>, range: &Range) -> Meeting {
    let (Some(x), Some(y)) = (&written.index, &other.index) else { return Meeting::Unknown };
    let mut meeting = Meeting::Unknown;
    for (x, y) in x.iter().zip(y) {
        let (Index::Integer(x), Index::Integer(y)) = (x, y) else { continue };
        let (x, y) = (names.sum(x), names.sum(y));
        let distance = x.distance(&y);
        if x.factor == 0 && y.factor == 0 {
            if x.is_steady() && distance.is_some_and(|distance| distance != 0) && x.wraps() == y.wraps() {
                return Meeting::Never;
            }
            continue;
        }
        if !x.is_steady() || !y.is_steady() {
            continue;
        }
        let stride = range.step.and_then(|step| step.checked_mul(x.factor)).filter(|stride| *stride != 0);
        match (distance, stride) {
            // In the same iteration.
            (Some(0), _) => {}
            (Some(distance), Some(stride)) if distance % stride != 0 => return Meeting::Never,
            (Some(_), _) => meeting = Meeting::Seen,
            (None, _) if x.factor != y.factor && y.factor != 0 && x.factor != 0 => meeting = Meeting::Seen,
            (None, _) if (y.factor == 0 && range.misses(&x, &y)) || (x.factor == 0 && range.misses(&y, &x)) => return Meeting::Never,
            (None, _) => {}
        }
    }
    meeting
}

struct Search<'n, 'b> {
    names: &'n Names<'b>,
    taint: &'n Taint,
    found: BTreeMap<VariableId, Vec<Access>>,
}

impl Search<'_, '_> {
    fn stmt(&mut self, stmt: &Stmt) {
        let mut seen = |expr: &Expr| self.reads(expr);
        match &stmt.kind {
            StmtKind::SetItem { array, index, value } => {
                self.reads(value);
                self.indices(index);
                let place = self.place(array, index, 0);
                if let Some((variable, place)) = place {
                    let updates = self.reads_the_same(value, variable, place.as_deref());
                    self.note(variable, place, true, updates, array, index, stmt.span);
                }
            }
            StmtKind::UpdateItem { array, index, value, .. } => {
                self.reads(value);
                self.indices(index);
                if let Some((variable, place)) = self.place(array, index, 0) {
                    self.note(variable, place, true, true, array, index, stmt.span);
                }
            }
            StmtKind::Assign(_, value) | StmtKind::SetAttribute(_, value) | StmtKind::Expr(value) | StmtKind::Return(value) => seen(value),
            StmtKind::If { test, .. } | StmtKind::While { test, .. } => seen(test),
            StmtKind::ForRange { start, stop, step, .. } => [start, stop, step].into_iter().for_each(seen),
            _ => {}
        }
    }

    fn indices(&mut self, index: &[Index]) {
        for each in index {
            match each {
                Index::Integer(value) | Index::Mask(value) | Index::Array(value) => self.reads(value),
                Index::Slice(lower, upper, step) => [lower, upper, step].into_iter().flatten().for_each(|bound| self.reads(bound)),
                Index::NewAxis => {}
            }
        }
    }

    /// Notes what an expression reads of arrays and lists from outside.
    fn reads(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Index(array, index) => {
                self.indices(index);
                // A view alone reads nothing, but what is done with it may.
                if let Some((variable, place)) = self.place(array, index, 0) {
                    return self.note(variable, place, false, false, array, index, expr.span);
                }
            }
            ExprKind::Object(op @ (Op::GetItem | Op::SetItem), operands) => {
                operands.iter().skip(1).for_each(|operand| self.reads(operand));
                if let [list, at, ..] = operands.as_slice()
                    && let Some((variable, place)) = self.place(list, &[Index::Integer(at.clone())], 0)
                {
                    let writes = *op == Op::SetItem;
                    let updates = writes && operands.get(2).is_some_and(|value| self.reads_the_same(value, variable, place.as_deref()));
                    return self.note(variable, place, writes, updates, list, &[Index::Integer(at.clone())], expr.span);
                }
            }
            ExprKind::Extent(..) | ExprKind::Size(_) | ExprKind::Length(_) => return,
            // As a whole.
            ExprKind::Variable(variable) if is_memory(&expr.ty) && !self.names.assigned.contains(variable) => {
                return self.note(*variable, Some(Vec::new()), false, false, expr, &[], expr.span);
            }
            _ => {}
        }
        walk::parts(expr, &mut |part| self.reads(part));
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of an access")]
    fn note(
        &mut self,
        variable: VariableId,
        place: Option<Vec<Index>>,
        writes: bool,
        updates: bool,
        array: &Expr,
        index: &[Index],
        span: Span,
    ) {
        let varies = match &place {
            Some(place) => self.taint.any_differs(place),
            None => self.taint.differs(array) || self.taint.any_differs(index),
        };
        self.found.entry(variable).or_default().push(Access { writes, updates, index: place, varies, span });
    }

    /// The variable from outside whose memory an access is of, and its index there, if that can be seen. None for memory of the iteration's own.
    fn place(&self, array: &Expr, index: &[Index], depth: u32) -> Option<(VariableId, Option<Vec<Index>>)> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &array.kind {
            ExprKind::Variable(variable) if !self.names.assigned.contains(variable) => Some((*variable, Some(index.to_vec()))),
            ExprKind::Variable(variable) => self.place(self.names.definition(*variable)?, index, depth + 1),
            ExprKind::Index(inner, before) if !before.iter().any(|each| matches!(each, Index::Mask(_) | Index::Array(_))) => {
                if before.iter().all(|each| matches!(each, Index::Integer(_))) {
                    let all: Vec<Index> = before.iter().chain(index).cloned().collect();
                    return self.place(inner, &all, depth + 1);
                }
                // Of a slice of rows: where axes stand is not followed any further.
                let (variable, place) = self.place(inner, before, depth + 1)?;
                let plain = index.is_empty();
                Some((variable, place.filter(|_| plain)))
            }
            ExprKind::Transpose(inner, _) | ExprKind::ComplexPart(inner, _) | ExprKind::Reshape(inner, _) => {
                Some((self.place(inner, &[], depth + 1)?.0, None))
            }
            _ => None,
        }
    }

    /// Whether a value is made of the elements at this place.
    fn reads_the_same(&self, value: &Expr, variable: VariableId, place: Option<&[Index]>) -> bool {
        let mut found = false;
        let (array, index) = match &value.kind {
            ExprKind::Index(array, index) => (Some(&**array), index.clone()),
            ExprKind::Object(Op::GetItem, operands) => {
                (operands.first(), operands.get(1).map(|at| Index::Integer(at.clone())).into_iter().collect())
            }
            ExprKind::Variable(read) if let Some(definition) = self.names.definition(*read) => {
                return matches!(definition.ty, Type::Scalar(..)) && self.reads_the_same(definition, variable, place);
            }
            _ => (None, Vec::new()),
        };
        if let Some(array) = array
            && let Some((other, Some(there))) = self.place(array, &index, 0)
            && other == variable
            && let Some(here) = place
        {
            found |= here.len() == there.len() && here.iter().zip(&there).all(|(x, y)| alike(x, y));
        }
        walk::parts(value, &mut |part| found |= self.reads_the_same(part, variable, place));
        found
    }
}

fn is_memory(ty: &Type) -> bool {
    matches!(ty, Type::Array(..) | Type::List(_))
}

fn alike(x: &Index, y: &Index) -> bool {
    match (x, y) {
        (Index::Integer(x), Index::Integer(y)) | (Index::Mask(x), Index::Mask(y)) | (Index::Array(x), Index::Array(y)) => {
            bare(x) == bare(y)
        }
        (Index::Slice(a, b, c), Index::Slice(d, e, f)) => [(a, d), (b, e), (c, f)].into_iter().all(|(x, y)| match (x, y) {
            (None, None) => true,
            (Some(x), Some(y)) => bare(x) == bare(y),
            _ => false,
        }),
        (Index::NewAxis, Index::NewAxis) => true,
        _ => false,
    }
}
