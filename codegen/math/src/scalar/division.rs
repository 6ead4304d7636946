//! Exact floating remainders. `fmod` has one exact answer for every pair of numbers, but quotients beyond 2^53
//! need several steps, so these operations carry a loop, entered again only for such quotients.

use hypersonic_loops::{Binary, Builder, Compare, Likely, Stmt, Ty, ValueId};
use hypersonic_ops::ScalarOp;

use crate::notation::{Pen, Term};
use crate::recipes::double::exact_product;

/// Whether division by this is a change of exponent only, so that no loop is needed.
#[must_use]
pub fn is_power_of_two(divisor: f64) -> bool {
    let exponent = (divisor.to_bits() >> 52) & 0x7ff;
    divisor.to_bits().trailing_zeros() >= 52 && (1023 - 60..=1023 + 60).contains(&exponent)
}

/// Floor division, remainder and fmod; None for other operations.
pub fn emit(b: &mut Builder, op: ScalarOp, x: &[ValueId]) -> Option<ValueId> {
    let (ScalarOp::FloorDivide | ScalarOp::Remainder | ScalarOp::Fmod, [first, second]) = (op, x) else {
        return None;
    };
    let ty = b.ty(*first);
    let remainder = fmod(b, *first, *second);
    let pen = Pen::new(b);
    let (a, divisor, remainder) = (pen.term(*first), pen.term(*second), pen.term(remainder));
    Some(
        match op {
            ScalarOp::Fmod => remainder,
            ScalarOp::Remainder => divisor.equals(0.0).select(a.float(f64::NAN), signed_remainder(divisor, remainder).0),
            _ => divisor.equals(0.0).select(a / divisor, floor_quotient(a, divisor, remainder)),
        }
        .narrow_to(ty)
        .id(),
    )
}

/// The remainder with the divisor's sign, and whether it was moved to get it.
fn signed_remainder<'p>(divisor: Term<'p>, remainder: Term<'p>) -> (Term<'p>, Term<'p>) {
    let opposite = divisor.lt(0.0).xor(remainder.lt(0.0));
    let moved = remainder.differs(0.0).and(opposite);
    let zero = remainder.float(0.0).copysign(divisor);
    let value = moved.select(remainder + divisor, remainder);
    (remainder.equals(0.0).select(zero, value), moved)
}

/// The floor of the quotient, corrected as Python and NumPy do: `(a - a % b) / b` rounded to an integer.
fn floor_quotient<'p>(a: Term<'p>, divisor: Term<'p>, remainder: Term<'p>) -> Term<'p> {
    let moved = signed_remainder(divisor, remainder).1;
    let quotient = (a - remainder) / divisor;
    let quotient = moved.select(quotient - 1.0, quotient);
    let floor = quotient.floor();
    let floor = (quotient - floor).gt(0.5).select(floor + 1.0, floor);
    let zero = a.float(0.0).copysign(a / divisor);
    quotient.equals(0.0).select(zero, floor)
}

/// C's `fmod`: exact, with the sign of the dividend.
pub fn fmod(b: &mut Builder, first: ValueId, second: ValueId) -> ValueId {
    let pen = Pen::new(b);
    let constant = pen.term(second).as_float();
    if let Some(divisor) = constant.filter(|divisor| is_power_of_two(*divisor)) {
        return by_power_of_two(pen.term(first), divisor.abs()).id();
    }
    let ty = b.ty(first);
    let remainder = b.variable("remainder", Ty::F64);
    let (dividend, divisor, normal) = start(b, first, second);
    b.set(remainder, dividend);
    let body = b.block(|b| {
        let left = b.read(remainder);
        let goes_on = b.compare(Compare::FGe, left, divisor);
        let done = b.not(goes_on);
        b.when(done, Likely::Unknown, |b| b.push(Stmt::Break(0)));
        let pen = Pen::new(b);
        let next = reduce(pen.term(left), pen.term(divisor), pen.term(normal)).id();
        b.set(remainder, next);
    });
    b.push(Stmt::Loop { body });
    let left = b.read(remainder);
    let pen = Pen::new(b);
    let (a, c) = (pen.term(first), pen.term(second));
    let result = pen.term(left).narrow_to(ty).copysign(a);
    let invalid = c.equals(0.0).or(a.abs().equals(f64::INFINITY)).or(a.is_nan()).or(c.is_nan());
    invalid.select(a.float(f64::NAN), result).id()
}

/// The magnitudes of dividend and divisor, NaN where there is no remainder (which ends the loop), and the divisor
/// made normal.
fn start(b: &mut Builder, first: ValueId, second: ValueId) -> (ValueId, ValueId, ValueId) {
    let pen = Pen::new(b);
    let (x, y) = (pen.term(first).widen().abs(), pen.term(second).widen().abs());
    let dividend = x.lt(f64::INFINITY).select(x, x.float(f64::NAN));
    let divisor = y.gt(0.0).select(y, y.float(f64::NAN));
    let normal = y.lt(f64::MIN_POSITIVE).select(y * TWO_64, y);
    (dividend.id(), divisor.id(), normal.id())
}

const TWO_64: f64 = 18_446_744_073_709_551_616.0;
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;

/// One step: takes from `left` the largest integer multiple of the divisor, or of the divisor times a power of two
/// that has 50 binary places less than `left`. So the quotient has 51 bits at most (more only where the divisor is
/// subnormal and has as many bits less), and its product with the divisor splits without error. The quotient may
/// be rounded up by one, which the last line undoes; every difference is exact.
fn reduce<'p>(left: Term<'p>, divisor: Term<'p>, normal: Term<'p>) -> Term<'p> {
    let exponent = left.bits().lshr(52) - left.int_of(Ty::I64, 50);
    let exponent = exponent.binary(Binary::SMax, exponent.int(1));
    let raised = normal.bits().mask(FRACTION).or(exponent.shl(52)).float_of_bits();
    let multiple = raised.gt(divisor).and(raised.le(left)).select(raised, divisor);
    let quotient = (left / multiple).trunc();
    let (high, low) = exact_product(quotient, multiple);
    let next = (left - high) - low;
    next.lt(0.0).select(next + multiple, next)
}

/// `fmod(a, 2^k)`: the quotient is exact, so is its integer part.
fn by_power_of_two(a: Term<'_>, divisor: f64) -> Term<'_> {
    let quotient = a / divisor;
    let remainder = a - quotient.trunc() * divisor;
    let large = quotient.abs().ge(9_007_199_254_740_992.0);
    let remainder = large.select(a.float(0.0), remainder);
    let invalid = a.abs().lt(f64::INFINITY).not();
    invalid.select(a.float(f64::NAN), remainder.copysign(a))
}
