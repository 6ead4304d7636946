//! What is known of a value where control has come: it is one of a few constants, an integer of a range, a tuple of such, an array of
//! known extents, or anything of its type.

use super::number::{apply, cast, limits, same};
use crate::ir::Constant;
use hypersonic_ops::{Dtype, ScalarOp as Op, Type};

/// Most constants that a value is said to be one of.
const MAX_CONSTANTS: usize = 8;

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// Nothing.
    Any,
    /// It is one of these; never empty.
    Set(Vec<Constant>),
    /// It is an integer, both ends included.
    Range(i64, i64),
    /// It is a tuple of these.
    Tuple(Vec<Known>),
    /// It is an array with these extents.
    Extents(Vec<Option<i64>>),
}

impl Known {
    /// That one constant.
    pub(super) fn constant(value: Constant) -> Self {
        Self::Set(vec![value])
    }

    /// The constant, if it can be only one.
    pub(super) fn single(&self) -> Option<Constant> {
        match self {
            Self::Set(values) if values.len() == 1 => values.first().copied(),
            Self::Range(low, high) if low == high => Some(Constant::Int(*low)),
            _ => None,
        }
    }

    /// The truth, if it can be only one.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Range(low, high) if *low > 0 || *high < 0 => Some(true),
            Self::Set(values) => {
                let first = super::number::truth(*values.first()?);
                values.iter().all(|value| super::number::truth(*value) == first).then_some(first)
            }
            _ => None,
        }
    }

    /// Whether it says anything.
    pub(super) fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// The ends between which an integer is.
    pub(super) fn range(&self) -> Option<(i64, i64)> {
        match self {
            Self::Range(low, high) => Some((*low, *high)),
            Self::Set(values) => {
                let mut ends: Option<(i64, i64)> = None;
                for value in values {
                    let Constant::Int(value) = value else { return None };
                    ends = Some(ends.map_or((*value, *value), |(low, high)| (low.min(*value), high.max(*value))));
                }
                ends
            }
            _ => None,
        }
    }

    /// As [`Known::range`]; what any integer of the type is, if nothing more is known.
    fn range_in(&self, ty: &Type) -> Option<(i64, i64)> {
        self.range().or_else(|| ty.dtype().and_then(limits))
    }

    /// What holds where it may be either.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Set(mut values), Self::Set(more)) => {
                for value in more {
                    if !values.iter().any(|known| same(*known, value)) {
                        values.push(value);
                    }
                }
                if values.len() <= MAX_CONSTANTS {
                    return Self::Set(values);
                }
                Self::Set(values).range().map_or(Self::Any, |(low, high)| Self::Range(low, high))
            }
            (Self::Tuple(a), Self::Tuple(b)) if a.len() == b.len() => Self::Tuple(a.into_iter().zip(b).map(|(a, b)| a.join(b)).collect()),
            (Self::Extents(a), Self::Extents(b)) if a.len() == b.len() => {
                Self::Extents(a.into_iter().zip(b).map(|(a, b)| if a == b { a } else { None }).collect())
            }
            (a, b) => match (a.range(), b.range()) {
                (Some((a, b)), Some((c, d))) => Self::Range(a.min(c), b.max(d)),
                _ => Self::Any,
            },
        }
    }

    /// Only the constants for which `holds`; everything if none is left, as then control does not come here.
    pub(super) fn only(self, holds: impl Fn(Constant) -> bool) -> Self {
        match self {
            Self::Set(values) => {
                let left: Vec<Constant> = values.iter().copied().filter(|value| holds(*value)).collect();
                Self::Set(if left.is_empty() { values } else { left })
            }
            other => other,
        }
    }
}

/// What is known of `op` on such operands, and whether it certainly gives a value: `None` if that is not certain.
pub(super) fn operation(op: Op, loop_dtype: Dtype, ty: &Type, operands: &[(Known, Type)]) -> Option<Known> {
    let sets: Option<Vec<&Vec<Constant>>> = operands
        .iter()
        .map(|(known, _)| match known {
            Known::Set(values) => Some(values),
            _ => None,
        })
        .collect();
    if let Some(found) = sets.and_then(|sets| combinations(op, loop_dtype, ty, &sets)) {
        return Some(found);
    }
    let ends = |n: usize| operands.get(n).and_then(|(known, ty)| known.range_in(ty));
    ranges(op, loop_dtype, ty, ends(0)?, ends(1))
}

fn combinations(op: Op, loop_dtype: Dtype, ty: &Type, sets: &[&Vec<Constant>]) -> Option<Known> {
    let mut result: Option<Known> = None;
    let count: usize = sets.iter().map(|values| values.len()).product();
    if count > MAX_CONSTANTS * MAX_CONSTANTS {
        return None;
    }
    for number in 0..count {
        let mut rest = number;
        let mut chosen = Vec::new();
        for values in sets {
            chosen.push(*values.get(rest % values.len())?);
            rest /= values.len();
        }
        let known = Known::constant(apply(op, loop_dtype, ty, &chosen)?);
        result = Some(result.map_or_else(|| known.clone(), |before| before.join(known.clone())));
    }
    result.filter(|known| !known.is_any())
}

/// Integers by their ends.
fn ranges(op: Op, loop_dtype: Dtype, ty: &Type, a: (i64, i64), b: Option<(i64, i64)>) -> Option<Known> {
    if loop_dtype != Dtype::I64 {
        return None;
    }
    let range = |low: i64, high: i64| Some(Known::Range(low, high));
    match (op, b) {
        (Op::Negative, None) => return range(a.1.checked_neg()?, a.0.checked_neg()?),
        (Op::Positive, None) => return range(a.0, a.1),
        _ => {}
    }
    let b = b?;
    let truth = |certain: bool, never: bool| match (certain, never) {
        (true, _) => Some(Known::constant(Constant::Bool(true))),
        (_, true) => Some(Known::constant(Constant::Bool(false))),
        _ => None,
    };
    match op {
        Op::Add => range(a.0.checked_add(b.0)?, a.1.checked_add(b.1)?),
        Op::Subtract => range(a.0.checked_sub(b.1)?, a.1.checked_sub(b.0)?),
        Op::Multiply => {
            let mut ends = [0; 4];
            for (end, (x, y)) in ends.iter_mut().zip([(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)]) {
                *end = x.checked_mul(y)?;
            }
            range(ends.iter().copied().min()?, ends.iter().copied().max()?)
        }
        Op::Remainder if b.0 > 0 => range(0, b.1 - 1),
        Op::FloorDivide if b.0 == b.1 && b.0 > 0 => range(a.0.div_euclid(b.0), a.1.div_euclid(b.0)),
        Op::Maximum => range(a.0.max(b.0), a.1.max(b.1)),
        Op::Minimum => range(a.0.min(b.0), a.1.min(b.1)),
        Op::BitwiseAnd if b.0 >= 0 => range(0, b.1),
        _ if *ty != Type::BOOL => None,
        Op::Less => truth(a.1 < b.0, a.0 >= b.1),
        Op::LessEqual => truth(a.1 <= b.0, a.0 > b.1),
        Op::Greater => truth(a.0 > b.1, a.1 <= b.0),
        Op::GreaterEqual => truth(a.0 >= b.1, a.1 < b.0),
        Op::Equal => truth(a.0 == a.1 && a == b, a.1 < b.0 || a.0 > b.1),
        Op::NotEqual => truth(a.1 < b.0 || a.0 > b.1, a.0 == a.1 && a == b),
        _ => None,
    }
}

/// What is known of a value that is converted, if it is certain that it can be.
pub(super) fn conversion(known: &Known, ty: &Type) -> Option<Known> {
    let Type::Scalar(dtype, _) = ty else { return None };
    match known {
        Known::Set(values) => {
            let values = values.iter().map(|value| cast(*value, *dtype)).collect::<Option<Vec<_>>>()?;
            values.into_iter().map(Known::constant).reduce(Known::join)
        }
        Known::Range(low, high) => {
            let (least, most) = limits(*dtype)?;
            (least <= *low && *high <= most).then_some(Known::Range(*low, *high))
        }
        _ => None,
    }
}
