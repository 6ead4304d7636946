//! Rounding to decimal digits, NumPy's way and Python's.

use hypersonic_loops::{Binary, Builder, Compare, TableData, Ty, Unary, ValueId};

use super::python::{Fail, PythonError, require};
use crate::notation::{Pen, Term};
use crate::recipes::double::split;
use crate::tables;

/// Powers of ten from 10^0 to 10^308, each correctly rounded.
pub static POWERS_OF_TEN: TableData = TableData { name: "powers_of_ten", ty: Ty::F64, bits: &tables::POWERS_OF_TEN };

/// Factorials from 0! to 20!.
pub static FACTORIALS: TableData = TableData { name: "factorials", ty: Ty::I64, bits: &tables::FACTORIALS };

/// `10.0 ** n` for any I64 from 0; infinite from 309.
pub fn power_of_ten(n: Term<'_>) -> Term<'_> {
    if let Some(known) = n.as_int().and_then(|n| tables::POWERS_OF_TEN.get(usize::try_from(n).ok()?)) {
        return n.double(f64::from_bits(*known));
    }
    let index = n.binary(Binary::SMax, n.int(0)).binary(Binary::SMin, n.int(308));
    let power = index.element_of(&POWERS_OF_TEN);
    n.int(308).compare(Compare::SLt, n).select(power.float(f64::INFINITY), power)
}

/// `np.round(x, n)`: scales, rounds half to even, scales back.
pub fn numpy_round<'p>(x: Term<'p>, n: Term<'p>) -> Term<'p> {
    match n.as_int() {
        Some(0) => return x.unary(Unary::RoundEven),
        Some(known) => {
            let scale = power_of_ten(n.int(known.saturating_abs())).narrow_to(x.ty());
            let rounded = if known > 0 { x * scale } else { x / scale }.unary(Unary::RoundEven);
            return if known > 0 { rounded / scale } else { rounded * scale };
        }
        None => {}
    }
    let negative = n.compare(Compare::SLt, n.int(0));
    let scale = power_of_ten(negative.select(-n, n)).narrow_to(x.ty());
    let multiplied = (x * scale).unary(Unary::RoundEven) / scale;
    let divided = (x / scale).unary(Unary::RoundEven) * scale;
    negative.select(divided, multiplied)
}

/// Beyond this a float times the power of ten is its own rounding.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Python's `round(x, n)`: the float nearest to `x` rounded to n decimals, which is rounded half to even by its exact
/// value. With `k` the integer nearest to the exact product `x * 10^n`, `k / 10^n` is that float while both are exact
/// (n up to 22, k up to 2^53). Other digits are left to Python.
pub(super) fn python_round(b: &mut Builder, x: ValueId, n: ValueId, fail: &mut Fail) -> ValueId {
    let (result, known) = {
        let pen = Pen::new(b);
        let (x, n) = (pen.term(x), pen.term(n));
        let digits = n.binary(Binary::SMax, n.int(0)).binary(Binary::SMin, n.int(22));
        let scale = power_of_ten(digits);
        let (product, rest) = exact_scaled(x, scale);
        let nearest = product.unary(Unary::RoundEven);
        let distance = product - nearest;
        let up = distance.equals(0.5).and(rest.gt(0.0));
        let down = distance.equals(-0.5).and(rest.lt(0.0));
        let nearest = up.select(nearest + 1.0, down.select(nearest - 1.0, nearest));
        let whole = product.abs().lt(WHOLE).not();
        let rounded = whole.select(x, (nearest / scale).copysign(x));
        let few = n.compare(Compare::SGe, n.int(0)).and(n.compare(Compare::SLe, n.int(22)));
        let many = n.compare(Compare::SGt, n.int(22)).and(whole);
        (rounded.id(), few.or(many).id())
    };
    require(b, known, PythonError::Unsupported, fail);
    result
}

/// `x * scale` and its exact error: the scale, which cannot overflow, is split to nearest (Veltkamp 1968).
fn exact_scaled<'p>(x: Term<'p>, scale: Term<'p>) -> (Term<'p>, Term<'p>) {
    let (x_high, x_low) = split(x);
    let spread = scale * 134_217_729.0;
    let scale_high = spread - (spread - scale);
    let scale_low = scale - scale_high;
    let product = x * scale;
    let error = ((x_high * scale_high - product) + x_high * scale_low + x_low * scale_high) + x_low * scale_low;
    (product, error)
}
