//! Broadcasting: the common shape of operands, checked where the expression stands, with NumPy's message.

use crate::arithmetic;
use crate::facts::{EXTENT_LIMIT, Fact};
use crate::ir::NodeId;
use crate::lowering::{Lowering, message};
use hypersonic_loops::{Compare, FailureKind, ValueId};
use std::fmt::Write;

/// A shape in a message: a `{}` per extent.
#[must_use]
pub fn shape_pattern(rank: usize) -> String {
    match rank {
        0 => "()".to_owned(),
        1 => "({},)".to_owned(),
        _ => format!("({})", vec!["{}"; rank].join(",")),
    }
}

impl Lowering<'_, '_> {
    /// The shape to which the operands of one elementwise operation broadcast.
    pub fn broadcast(&mut self, operands: &[NodeId]) -> Vec<ValueId> {
        let shapes: Vec<Vec<ValueId>> = operands.iter().map(|operand| self.graph.shape(*operand).to_vec()).collect();
        let rank = shapes.iter().map(Vec::len).max().unwrap_or(0);
        let mut result = Vec::with_capacity(rank);
        for axis in 0..rank {
            let extents: Vec<ValueId> =
                shapes.iter().filter(|shape| shape.len() + axis >= rank).map(|shape| shape[shape.len() + axis - rank]).collect();
            let mut all = extents[0];
            for extent in &extents[1..] {
                all = self.broadcast_extent(all, *extent, &shapes);
            }
            result.push(all);
        }
        result
    }

    /// The extents that a broadcast extent comes from.
    fn components(&self, extent: ValueId) -> Vec<ValueId> {
        self.broadcasts.iter().find(|(_, result)| *result == extent).map_or_else(|| vec![extent], |(from, _)| from.clone())
    }

    fn broadcast_extent(&mut self, x: ValueId, y: ValueId, shapes: &[Vec<ValueId>]) -> ValueId {
        if self.alike(x, y) || self.b.as_int(y) == Some(1) {
            return x;
        }
        if self.b.as_int(x) == Some(1) {
            return y;
        }
        let (from_x, from_y) = (self.components(x), self.components(y));
        let mut union = [from_x.clone(), from_y.clone()].concat();
        union.sort_unstable();
        union.dedup();
        if union == from_x {
            return x;
        }
        if union == from_y {
            return y;
        }
        if let Some((_, known)) = self.broadcasts.iter().find(|(from, _)| *from == union) {
            return *known;
        }
        if self.only_equal(x, y) {
            self.broadcasts.push((union, x));
            return x;
        }
        let one = self.b.i64(1);
        let equal = arithmetic::compare(&mut self.b, Compare::Eq, x, y);
        let x_single = arithmetic::compare(&mut self.b, Compare::Eq, x, one);
        let y_single = arithmetic::compare(&mut self.b, Compare::Eq, y, one);
        let either = arithmetic::or(&mut self.b, x_single, y_single);
        let ok = arithmetic::or(&mut self.b, equal, either);
        let mut pattern = "operands could not be broadcast together with shapes ".to_owned();
        for shape in shapes {
            let _ = write!(pattern, "{} ", shape_pattern(shape.len()));
        }
        let values = shapes.concat();
        self.check_shapes(ok, &pattern, "operands could not be broadcast together", values);
        let result = arithmetic::select(&mut self.b, x_single, y, x);
        if self.b.as_int(result).is_none() {
            self.facts.learn(result, Fact { base: Some((result, 0)), ..Fact::between(0, EXTENT_LIMIT) });
        }
        self.broadcasts.push((union, result));
        result
    }

    /// An extent, or the one that it was found equal to.
    pub fn canonical(&self, extent: ValueId) -> ValueId {
        let mut extent = extent;
        while let Some((_, other)) = self.equals.iter().find(|(this, _)| *this == extent) {
            extent = *other;
        }
        extent
    }

    /// Whether the call can still be left to the strided version: in the version for C-contiguous arrays, as long as starting again
    /// costs nothing.
    pub fn may_decline(&self) -> bool {
        self.shared.contiguous && self.position == 0 && !self.dirty && !self.worked
    }

    /// Leaves the call to the strided version if something holds that hardly ever does.
    pub fn decline_if(&mut self, rare: ValueId) {
        let usual = arithmetic::not(&mut self.b, rare);
        if self.b.as_int(usual) != Some(1) {
            let failure = self.failure(FailureKind::Strided, Vec::new());
            self.check(usual, failure, Vec::new());
        }
    }

    /// Leaves the call to the strided version unless two extents are equal, so that broadcasting at run time is compiled once, there.
    /// Gives whether they now are.
    fn only_equal(&mut self, x: ValueId, y: ValueId) -> bool {
        if !self.may_decline() {
            return false;
        }
        let (x, y) = self.uncut(x, y);
        let equal = arithmetic::compare(&mut self.b, Compare::Eq, x, y);
        if self.b.as_int(equal) == Some(0) {
            return false;
        }
        let failure = self.failure(FailureKind::Strided, Vec::new());
        self.check(equal, failure, Vec::new());
        // Constants are not replaced.
        self.equals.push(if self.b.as_int(y).is_some() { (x, y) } else { (y, x) });
        true
    }

    /// ValueError with extents in its message, or without them if they are too many for the error record.
    pub fn check_shapes(&mut self, ok: ValueId, pattern: &str, short: &str, values: Vec<ValueId>) {
        if self.b.as_int(ok) == Some(1) {
            return;
        }
        let kind = FailureKind::Raise("ValueError".to_owned());
        let fits = values.len() <= 8;
        let failure = self.failure(kind, message(if fits { pattern } else { short }));
        self.check(ok, failure, if fits { values } else { Vec::new() });
    }

    /// Checks that a value's shape can be assigned to a shape, and drops leading axes of extent 1 that are too many.
    /// Gives how many are dropped.
    pub fn check_assignable(&mut self, value: &[ValueId], target: &[ValueId]) -> usize {
        let extra = value.len().saturating_sub(target.len());
        let mut ok = self.b.bool(true);
        let one = self.b.i64(1);
        for extent in &value[..extra] {
            let single = arithmetic::compare(&mut self.b, Compare::Eq, *extent, one);
            ok = arithmetic::and(&mut self.b, ok, single);
        }
        let kept = &value[extra..];
        for (extent, full) in kept.iter().zip(&target[target.len() - kept.len()..]) {
            if self.alike(*extent, *full) || (self.b.as_int(*extent) != Some(1) && self.only_equal(*extent, *full)) {
                continue;
            }
            let equal = arithmetic::compare(&mut self.b, Compare::Eq, *extent, *full);
            let single = arithmetic::compare(&mut self.b, Compare::Eq, *extent, one);
            let either = arithmetic::or(&mut self.b, equal, single);
            ok = arithmetic::and(&mut self.b, ok, either);
        }
        let pattern =
            format!("could not broadcast input array from shape {} into shape {}", shape_pattern(value.len()), shape_pattern(target.len()));
        self.check_shapes(ok, &pattern, "could not broadcast input array", [value, target].concat());
        extra
    }
}
