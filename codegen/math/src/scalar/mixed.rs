//! Comparisons of a Python `int` with a Python `float`: exact, also where the int is no float. Refuses: NumPy's comparisons, which
//! compare the rounded int.

use hypersonic_loops::{Builder, Cast, Compare, Ty, ValueId};
use hypersonic_ops::ScalarOp as S;

use super::python::negate;

/// Writes `x op y` for an `int` and a `float`: I1, or nothing if `op` is no comparison. Rounding keeps the order, so the rounded int decides unless it
/// equals the float; the float is then an integer.
pub fn compare_int_with_float(b: &mut Builder, op: S, x: ValueId, y: ValueId) -> Option<ValueId> {
    if !matches!(op, S::Equal | S::NotEqual | S::Less | S::LessEqual | S::Greater | S::GreaterEqual) {
        return None;
    }
    let rounded = b.cast(Cast::SignedToFloat, x, Ty::F64);
    let near = b.compare(Compare::FEq, rounded, y);
    // 2^63, to which the largest ints round up.
    let beyond = b.float(Ty::F64, 9_223_372_036_854_775_808.0);
    let within = b.compare(Compare::FLt, y, beyond);
    let integer = b.cast(Cast::FloatToSigned, y, Ty::I64);
    Some(match op {
        S::Equal | S::NotEqual => {
            let same = b.compare(Compare::Eq, x, integer);
            let same = b.and(same, within);
            let same = b.and(same, near);
            if op == S::Equal { same } else { negate(b, same) }
        }
        S::Less | S::LessEqual => {
            let far = b.compare(Compare::FLt, rounded, y);
            let compared = b.compare(if op == S::Less { Compare::SLt } else { Compare::SLe }, x, integer);
            let above = negate(b, within);
            let compared = b.or(compared, above);
            let close = b.and(near, compared);
            b.or(far, close)
        }
        _ => {
            let far = b.compare(Compare::FGt, rounded, y);
            let compared = b.compare(if op == S::Greater { Compare::SGt } else { Compare::SGe }, x, integer);
            let compared = b.and(compared, within);
            let close = b.and(near, compared);
            b.or(far, close)
        }
    })
}
