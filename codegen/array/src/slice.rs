//! Slices: first index, step and how many. What can be known of the count is found here, since it decides which shapes
//! are equal and which axes are broadcast without asking at run time.

use crate::arithmetic::{self, add, compare, max, min, select, sub};
use crate::facts::{EXTENT_LIMIT, Fact};
use crate::lowering::{Lowering, Outcome};
use crate::view::Subscript;
use hypersonic_loops::{Binary, Compare, FailureKind, ValueId};
use hypersonic_ops::ScalarOp;
use hypersonic_typed::ir::Expr;

/// What a slice by constants makes of an extent: equal cuts of equal extents are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// So many fewer, but not fewer than none: `[1:]`, `[:-1]`, `[1:-1]`.
    Fewer(i64),
    /// Any other.
    Between(Option<i64>, Option<i64>, i64),
}

/// Larger constants are left to run time.
const LIMIT: i64 = 1 << 32;

impl Cut {
    /// Of a slice's bounds and step.
    fn of(lower: Option<i64>, upper: Option<i64>, step: i64) -> Self {
        let from = lower.unwrap_or(0);
        let fewer = step == 1 && (0..=LIMIT).contains(&from) && upper.is_none_or(|upper| (-LIMIT..0).contains(&upper));
        if fewer { Self::Fewer(from - upper.unwrap_or(0)) } else { Self::Between(lower, upper, step) }
    }
}

impl Lowering<'_, '_> {
    /// `slice(lower, upper, step).indices(extent)`.
    pub fn slice(&mut self, lower: Option<&Expr>, upper: Option<&Expr>, step: Option<&Expr>, extent: ValueId) -> Outcome<Subscript> {
        let lower = lower.map(|each| self.integer(each)).transpose()?;
        let upper = upper.map(|each| self.integer(each)).transpose()?;
        let step = match step {
            Some(step) => self.integer(step)?,
            None => self.b.i64(1),
        };
        if lower.is_none() && upper.is_none() && self.b.as_int(step) == Some(1) {
            return Ok(Subscript::Run { start: None, step: None, count: extent });
        }
        let zero = self.b.i64(0);
        if self.b.as_int(step).is_none_or(|known| known == 0) {
            let ok = compare(&mut self.b, Compare::Ne, step, zero);
            let failure = self.raises("ValueError", "slice step cannot be zero");
            self.check(ok, failure, Vec::new());
        }
        let one = self.b.i64(1);
        let minus_one = self.b.i64(-1);
        let backwards = compare(&mut self.b, Compare::SLt, step, zero);
        let last = sub(&mut self.b, extent, one);
        let floor = select(&mut self.b, backwards, minus_one, zero);
        let ceiling = select(&mut self.b, backwards, last, extent);
        let start = match lower {
            Some(lower) => self.bound(lower, extent, floor, ceiling),
            None => select(&mut self.b, backwards, last, zero),
        };
        let cut = self.cut(lower, upper, step);
        let (root, cut) = self.root(extent, cut);
        let known = self.cuts.iter().find(|(of, by, _)| *of == root && Some(*by) == cut).map(|(_, _, count)| *count);
        let count = match (known, cut) {
            (Some(count), _) => count,
            (None, Some(Cut::Fewer(by))) => self.fewer(root, by),
            _ => {
                let stop = match upper {
                    Some(upper) => self.bound(upper, extent, floor, ceiling),
                    None => select(&mut self.b, backwards, minus_one, extent),
                };
                self.slice_count(start, stop, step, backwards)
            }
        };
        let count = self.single(count);
        if let (None, Some(cut)) = (known, cut) {
            self.cuts.push((root, cut, count));
        }
        if self.b.as_int(count).is_none() {
            self.facts.extent(count);
        }
        let step = (self.b.as_int(step) != Some(1)).then_some(step);
        let start = (self.b.as_int(start) != Some(0)).then_some(start);
        Ok(Subscript::Run { start, step, count })
    }

    /// The cut of a slice whose bounds and step are constants.
    fn cut(&self, lower: Option<ValueId>, upper: Option<ValueId>, step: ValueId) -> Option<Cut> {
        let constant = |bound: Option<ValueId>| bound.map_or(Some(None), |bound| self.b.as_int(bound).map(Some));
        Some(Cut::of(constant(lower)?, constant(upper)?, self.b.as_int(step)?))
    }

    /// The cut that an extent which is no constant comes from, and of what.
    fn made_by(&self, extent: ValueId) -> Option<(ValueId, Cut)> {
        if self.b.as_int(extent).is_some() {
            return None;
        }
        self.cuts.iter().find(|(_, _, count)| *count == extent).map(|(root, cut, _)| (*root, *cut))
    }

    /// The extent that a cut is one of, where cuts of cuts are one.
    fn root(&self, extent: ValueId, cut: Option<Cut>) -> (ValueId, Option<Cut>) {
        match (self.made_by(extent), cut) {
            (Some((root, Cut::Fewer(before))), Some(Cut::Fewer(by))) if before + by <= LIMIT => (root, Some(Cut::Fewer(before + by))),
            _ => (extent, cut),
        }
    }

    /// `max(extent - by, 0)`.
    fn fewer(&mut self, extent: ValueId, by: i64) -> ValueId {
        let known = self.facts.of(&self.b, extent);
        let (amount, zero) = (self.b.i64(by), self.b.i64(0));
        let less = sub(&mut self.b, extent, amount);
        let enough = known.low >= i128::from(by);
        let count = if enough { less } else { max(&mut self.b, less, zero) };
        if self.b.as_int(count).is_none() && count != extent {
            let base =
                if enough { self.facts.arithmetic(&self.b, ScalarOp::Subtract, extent, amount).and_then(|fact| fact.base) } else { None };
            let (low, high) = ((known.low - i128::from(by)).max(0), (known.high - i128::from(by)).max(0));
            self.facts.learn(count, Fact { base: base.or(Some((count, 0))), ..Fact::between(low, high) });
        }
        count
    }

    /// A count that can only be 0 or 1 is 1 in the version for C-contiguous arrays, as long as the call can be left to the other.
    fn single(&mut self, count: ValueId) -> ValueId {
        let known = self.facts.of(&self.b, count);
        if known.low == known.high {
            return self.b.i64(i64::try_from(known.low).unwrap_or_default());
        }
        if known.low != 0 || known.high != 1 || !self.may_decline() {
            return count;
        }
        let one = self.b.i64(1);
        let ok = compare(&mut self.b, Compare::Eq, count, one);
        let failure = self.failure(FailureKind::Strided, Vec::new());
        self.check(ok, failure, Vec::new());
        one
    }

    /// A bound of a slice, counted from the start and cut to what exists.
    fn bound(&mut self, value: ValueId, extent: ValueId, floor: ValueId, ceiling: ValueId) -> ValueId {
        let mut bound = value;
        let fact = self.facts.of(&self.b, value);
        let forwards = self.b.as_int(floor) == Some(0);
        if fact.low < 0 {
            let zero = self.b.i64(0);
            let negative = compare(&mut self.b, Compare::SLt, value, zero);
            let small = fact.low > -EXTENT_LIMIT && fact.high < EXTENT_LIMIT;
            let wrapped = if small { add(&mut self.b, value, extent) } else { self.b.add(value, extent) };
            bound = select(&mut self.b, negative, wrapped, value);
            if fact.high < 0
                && small
                && let Some(sum) = self.facts.arithmetic(&self.b, ScalarOp::Add, value, extent)
            {
                self.facts.learn(bound, sum);
            }
        }
        // A known negative bound lies below the extent, one not negative above zero.
        if !forwards || (fact.low < 0 && self.facts.of(&self.b, bound).low < 0) {
            bound = max(&mut self.b, bound, floor);
        }
        if !forwards || (fact.high >= 0 && !self.facts.at_most(&self.b, bound, ceiling)) {
            let (known, most) = (self.facts.of(&self.b, bound), self.facts.of(&self.b, ceiling));
            bound = min(&mut self.b, bound, ceiling);
            if forwards && known.low >= 0 && self.b.as_int(bound).is_none() {
                self.learn(bound, known.low.min(most.low), known.high.min(most.high));
            }
        }
        bound
    }

    fn slice_count(&mut self, start: ValueId, stop: ValueId, step: ValueId, backwards: ValueId) -> ValueId {
        let zero = self.b.i64(0);
        let one = self.b.i64(1);
        if self.b.as_int(start) == Some(0) && self.b.as_int(step) == Some(1) {
            return stop;
        }
        let (first, last) = (self.facts.of(&self.b, start), self.facts.of(&self.b, stop));
        let forward = match (first.base, last.base) {
            (Some((from, p)), Some((to, q))) if from == to => self.b.i64(q.saturating_sub(p)),
            _ => sub(&mut self.b, stop, start),
        };
        let backward = sub(&mut self.b, start, stop);
        let distance = select(&mut self.b, backwards, backward, forward);
        let distance = max(&mut self.b, distance, zero);
        let minus = sub(&mut self.b, zero, one);
        match self.b.as_int(step) {
            Some(1) => {
                if self.b.as_int(distance).is_none() {
                    self.learn(distance, (last.low - first.high).max(0), (last.high - first.low).clamp(0, EXTENT_LIMIT));
                }
                distance
            }
            Some(-1) => distance,
            _ => {
                // The magnitude of the smallest int64 is read as unsigned.
                let negated = self.b.sub(zero, step);
                let size = select(&mut self.b, backwards, negated, step);
                let some = compare(&mut self.b, Compare::SGt, distance, zero);
                let before = self.b.add(distance, minus);
                let whole = self.b.binary(Binary::UDiv, before, size);
                let count = self.b.add(whole, one);
                select(&mut self.b, some, count, zero)
            }
        }
    }

    /// The extent that a count is a cut of, and the cut; of anything else, itself.
    fn origin(&self, extent: ValueId) -> (ValueId, Cut) {
        let (root, cut) = self.made_by(extent).unwrap_or((extent, Cut::Fewer(0)));
        (self.canonical(root), cut)
    }

    /// Whether two extents are known to be equal.
    pub fn alike(&self, x: ValueId, y: ValueId) -> bool {
        let base = |extent| self.facts.of(&self.b, extent).base.map(|(base, offset)| (self.canonical(base), offset));
        arithmetic::same(&self.b, self.canonical(x), self.canonical(y))
            || self.origin(x) == self.origin(y)
            || base(x).is_some_and(|known| base(y) == Some(known))
    }

    /// The extents to compare for two extents to be equal: where both are the same cut, what they are cut from.
    pub fn uncut(&self, x: ValueId, y: ValueId) -> (ValueId, ValueId) {
        let ((from_x, cut_x), (from_y, cut_y)) = (self.origin(x), self.origin(y));
        if cut_x == cut_y { (from_x, from_y) } else { (self.canonical(x), self.canonical(y)) }
    }
}
