//! Division with remainder. `fmod` has one exact answer for every pair of numbers; a quotient below 2^50 is found in one
//! step, and what has larger ones goes out of line, where a loop takes the quotient 50 bits at a time.

use hypersonic_loops::{Binary, Builder, Compare, Likely, Stmt, Ty, ValueId};
use hypersonic_ops::ScalarOp;

use crate::notation::{Pen, Term};
use crate::recipes::double::exact_product;
use crate::recipes::rare::{rare_function, written};

rare_function! {
    /// `fmod` of magnitudes whose quotient takes several steps.
    FMOD, "fmod_far", f64::from_bits(1), written(|b, [x, y]| far_fmod(b, x, y));
    /// The floor of such a quotient.
    FLOOR_DIVIDE, "floor_divide_far", f64::from_bits(1), written(|b, [x, y]| far_floor_divide(b, x, y, Ty::F64));
    /// The floor of such a quotient of F32.
    FLOOR_DIVIDE_SINGLE, "floor_divide_far_single", f64::from_bits(1), written(|b, [x, y]| far_floor_divide(b, x, y, Ty::F32));
}

/// From here a quotient takes several steps, or NumPy's way to its floor rounds.
const FAR: f64 = 1_125_899_906_842_624.0;
const FAR_SINGLE: f64 = 2_097_152.0;

/// Whether division by this is a change of exponent only, so that there is nothing to correct.
fn is_power_of_two(divisor: f64) -> bool {
    let exponent = (divisor.to_bits() >> 52) & 0x7ff;
    divisor.to_bits().trailing_zeros() >= 52 && (1023 - 60..=1023 + 60).contains(&exponent)
}

/// Floor division, remainder and fmod; None for other operations.
pub fn emit<'p>(op: ScalarOp, x: &[Term<'p>]) -> Option<Term<'p>> {
    let (a, divisor) = (*x.first()?, x.get(1).copied());
    Some(match op {
        ScalarOp::Fmod => fmod(a, divisor?),
        ScalarOp::Remainder => {
            let divisor = divisor?;
            divisor.equals(0.0).select(a.float(f64::NAN), signed_remainder(divisor, fmod(a, divisor)).0)
        }
        ScalarOp::FloorDivide => {
            let divisor = divisor?;
            divisor.equals(0.0).select(a / divisor, floor_divide(a, divisor))
        }
        _ => return None,
    })
}

/// The whole quotient of two magnitudes and the remainder, both exact while the quotient is below 2^51.
fn step<'p>(x: Term<'p>, y: Term<'p>) -> (Term<'p>, Term<'p>) {
    let quotient = (x / y).trunc();
    let (high, low) = exact_product(quotient, y);
    let rest = (x - high) - low;
    // Rounding may have raised the quotient by one.
    let raised = rest.lt(0.0);
    let quotient = raised.select(quotient - 1.0, quotient);
    let rest = raised.select(rest + y, rest);
    (quotient, x.lt(y).select(x, rest))
}

/// C's `fmod`: exact, with the sign of the dividend.
fn fmod<'p>(a: Term<'p>, divisor: Term<'p>) -> Term<'p> {
    if let Some(power) = divisor.as_float().filter(|divisor| is_power_of_two(*divisor)) {
        return by_power_of_two(a, power.abs());
    }
    let (x, y) = (a.widen().abs(), divisor.widen().abs());
    let (quotient, rest) = step(x, y);
    let rest = quotient.ge(FAR).select(x, x.float(0.0)).rare_with(&FMOD, y, rest);
    let invalid = divisor.equals(0.0).or(a.abs().equals(f64::INFINITY)).or(a.is_nan()).or(divisor.is_nan());
    invalid.select(a.float(f64::NAN), rest.narrow_to(a.ty()).copysign(a))
}

/// The floor of the quotient as [`floor_quotient`] has it, which is exact for quotients that are not too large.
fn floor_divide<'p>(a: Term<'p>, divisor: Term<'p>) -> Term<'p> {
    if divisor.as_float().is_some_and(is_power_of_two) {
        return floor_quotient(a, divisor, fmod(a, divisor));
    }
    let (wide, wide_divisor) = (a.widen(), divisor.widen());
    let (quotient, rest) = step(wide.abs(), wide_divisor.abs());
    let sign = wide.bits().xor(wide_divisor.bits()).float_of_bits();
    let below = wide.lt(0.0).xor(wide_divisor.lt(0.0)).and(rest.differs(0.0));
    let value = below.select(quotient + 1.0, quotient).copysign(sign);
    let (far, function) = if a.ty() == Ty::F32 { (FAR_SINGLE, &FLOOR_DIVIDE_SINGLE) } else { (FAR, &FLOOR_DIVIDE) };
    let value = quotient.ge(far).select(wide, wide.float(0.0)).rare_with(function, wide_divisor, value);
    let invalid = a.abs().equals(f64::INFINITY).or(a.is_nan()).or(divisor.is_nan());
    invalid.select(a.float(f64::NAN), value.narrow_to(a.ty()))
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

/// [`fmod`] of magnitudes, step by step; any number where there is none.
fn far_fmod(b: &mut Builder, first: ValueId, second: ValueId) -> ValueId {
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
    b.read(remainder)
}

/// [`floor_quotient`] in arithmetic of type `ty`.
fn far_floor_divide(b: &mut Builder, first: ValueId, second: ValueId, ty: Ty) -> ValueId {
    let (x, y) = {
        let pen = Pen::new(b);
        (pen.term(first).abs().id(), pen.term(second).abs().id())
    };
    let remainder = far_fmod(b, x, y);
    let pen = Pen::new(b);
    let (a, divisor) = (pen.term(first), pen.term(second));
    let remainder = pen.term(remainder).copysign(a);
    floor_quotient(a.narrow_to(ty), divisor.narrow_to(ty), remainder.narrow_to(ty)).widen().id()
}

/// The dividend and the divisor, NaN where there is no remainder (which ends the loop), and the divisor made normal.
fn start(b: &mut Builder, first: ValueId, second: ValueId) -> (ValueId, ValueId, ValueId) {
    let pen = Pen::new(b);
    let (x, y) = (pen.term(first), pen.term(second));
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
