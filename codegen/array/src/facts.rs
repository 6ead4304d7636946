//! What is known about integer values while a function is written: intervals, and distances from extents. It decides
//! which overflow and bounds checks need not be made.

use hypersonic_loops::{Builder, Compare, Inst, Ty, ValueId};
use hypersonic_ops::ScalarOp;
use std::collections::HashMap;

/// No array has more elements along an axis.
pub const EXTENT_LIMIT: i128 = 1 << 60;

/// What is known about one I64 value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// At least.
    pub low: i128,
    /// At most.
    pub high: i128,
    /// It is exactly `.0 + .1`.
    pub base: Option<(ValueId, i64)>,
    /// It is less than `.0 + .1`.
    pub below: Option<(ValueId, i64)>,
}

impl Fact {
    /// Nothing but the type.
    pub const UNKNOWN: Self = Self { low: i64::MIN as i128, high: i64::MAX as i128, base: None, below: None };

    /// An interval.
    #[must_use]
    pub const fn between(low: i128, high: i128) -> Self {
        Self { low, high, base: None, below: None }
    }

    const fn fits(&self) -> bool {
        self.low >= i64::MIN as i128 && self.high <= i64::MAX as i128
    }
}

/// Facts by value.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    known: HashMap<ValueId, Fact>,
    /// What was known before each lesson, so that a block's lessons can be taken back.
    lessons: Vec<(ValueId, Option<Fact>)>,
}

impl Facts {
    /// What is known about a value.
    #[must_use]
    pub fn of(&self, b: &Builder, value: ValueId) -> Fact {
        match b.as_int(value) {
            Some(number) => Fact::between(i128::from(number), i128::from(number)),
            None => self.known.get(&value).copied().unwrap_or(Fact { base: Some((value, 0)), ..Fact::UNKNOWN }),
        }
    }

    /// Learns; what contradicts the type is cut off.
    pub fn learn(&mut self, value: ValueId, fact: Fact) {
        let (low, high) = (fact.low.max(Fact::UNKNOWN.low), fact.high.min(Fact::UNKNOWN.high));
        // Nothing is between them: this is never reached, and what was known before serves.
        if low > high {
            return;
        }
        let before = self.known.insert(value, Fact { low, high, ..fact });
        self.lessons.push((value, before));
    }

    /// How much was learnt so far.
    #[must_use]
    pub fn mark(&self) -> usize {
        self.lessons.len()
    }

    /// Takes back what was learnt since a mark: a check in a block says nothing about what comes after the block.
    pub fn forget_since(&mut self, mark: usize) {
        for (value, before) in self.lessons.drain(mark..).rev() {
            match before {
                Some(fact) => self.known.insert(value, fact),
                None => self.known.remove(&value),
            };
        }
    }

    /// Learns that a value is an extent.
    pub fn extent(&mut self, value: ValueId) {
        if !self.known.contains_key(&value) {
            self.learn(value, Fact { low: 0, high: EXTENT_LIMIT, base: Some((value, 0)), below: None });
        }
    }

    /// Whether a value is known not to be negative.
    #[must_use]
    pub fn non_negative(&self, b: &Builder, value: ValueId) -> bool {
        self.of(b, value).low >= 0
    }

    /// Whether `value < limit` is known.
    #[must_use]
    pub fn less(&self, b: &Builder, value: ValueId, limit: ValueId) -> bool {
        let (left, right) = (self.of(b, value), self.of(b, limit));
        if left.high < right.low {
            return true;
        }
        let Some((base, distance)) = right.base else { return false };
        left.below.is_some_and(|(other, offset)| other == base && offset <= distance)
            || left.base.is_some_and(|(other, offset)| other == base && offset < distance)
    }

    /// Whether `value <= limit` is known.
    #[must_use]
    pub fn at_most(&self, b: &Builder, value: ValueId, limit: ValueId) -> bool {
        let (left, right) = (self.of(b, value), self.of(b, limit));
        if left.high <= right.low {
            return true;
        }
        let Some((base, distance)) = right.base else { return false };
        left.below.is_some_and(|(other, offset)| other == base && offset.saturating_sub(1) <= distance)
            || left.base.is_some_and(|(other, offset)| other == base && offset <= distance)
    }

    /// What is known of `op(x, y)` in Python's integers, if it certainly stays in int64.
    #[must_use]
    pub fn arithmetic(&self, b: &Builder, op: ScalarOp, x: ValueId, y: ValueId) -> Option<Fact> {
        let (p, q) = (self.of(b, x), self.of(b, y));
        let shift = |pair: Option<(ValueId, i64)>, by: Option<i64>| -> Option<(ValueId, i64)> {
            let (base, offset) = pair?;
            Some((base, offset.checked_add(by?)?))
        };
        let (by_x, by_y) = (b.as_int(x), b.as_int(y));
        let fact = match op {
            ScalarOp::Add => Fact {
                low: p.low + q.low,
                high: p.high + q.high,
                base: shift(p.base, by_y).or_else(|| shift(q.base, by_x)),
                below: shift(p.below, by_y).or_else(|| shift(q.below, by_x)),
            },
            ScalarOp::Subtract => {
                let minus = by_y.and_then(i64::checked_neg);
                Fact { low: p.low - q.high, high: p.high - q.low, base: shift(p.base, minus), below: shift(p.below, minus) }
            }
            ScalarOp::Multiply => {
                let corners = [p.low * q.low, p.low * q.high, p.high * q.low, p.high * q.high];
                Fact::between(corners.into_iter().fold(i128::MAX, i128::min), corners.into_iter().fold(i128::MIN, i128::max))
            }
            _ => return None,
        };
        fact.fits().then_some(fact)
    }

    /// Learns what follows from a comparison of integers that holds, or from one that does not.
    pub fn assume(&mut self, b: &Builder, condition: ValueId, holds: bool) {
        let Inst::Compare(op, x, y) = b.inst(condition) else { return };
        if b.ty(x) != Ty::I64 {
            return;
        }
        match (op, holds) {
            (Compare::SLt, true) | (Compare::SGe, false) => self.assume_less(b, x, y, 0),
            (Compare::SLe, true) | (Compare::SGt, false) => self.assume_less(b, x, y, 1),
            (Compare::SGt, true) | (Compare::SLe, false) => self.assume_less(b, y, x, 0),
            (Compare::SGe, true) | (Compare::SLt, false) => self.assume_less(b, y, x, 1),
            _ => {}
        }
    }

    /// `x < y + slack`.
    fn assume_less(&mut self, b: &Builder, x: ValueId, y: ValueId, slack: i64) {
        let (left, right) = (self.of(b, x), self.of(b, y));
        let more = i128::from(slack) - 1;
        if b.as_int(x).is_none() {
            let below = right.base.and_then(|(base, offset)| Some((base, offset.checked_add(slack)?)));
            self.learn(x, Fact { high: left.high.min(right.high + more), below: left.below.or(below), ..left });
        }
        if b.as_int(y).is_none() {
            self.learn(y, Fact { low: right.low.max(left.low - more), ..right });
        }
    }

    /// What is known of the result of another Python integer operation.
    #[must_use]
    pub fn outcome(&self, b: &Builder, op: ScalarOp, operands: &[ValueId]) -> Option<Fact> {
        let [x, y] = operands else { return None };
        let (p, q) = (self.of(b, *x), self.of(b, *y));
        match op {
            ScalarOp::Remainder if q.low >= 0 => Some(Fact { low: 0, high: (q.high - 1).max(0), base: None, below: q.base }),
            ScalarOp::FloorDivide if q.low > 0 && p.low >= 0 => {
                Some(Fact { below: p.below, ..Fact::between(p.low / q.high, p.high / q.low) })
            }
            ScalarOp::Minimum => Some(Fact { below: p.below.or(q.below), ..Fact::between(p.low.min(q.low), p.high.min(q.high)) }),
            ScalarOp::Maximum => Some(Fact::between(p.low.max(q.low), p.high.max(q.high))),
            ScalarOp::BitwiseAnd if q.low >= 0 => Some(Fact::between(0, q.high)),
            _ => None,
        }
    }
}
