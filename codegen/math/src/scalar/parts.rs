//! The parts of a float: neighbours, spacing, exponent and fraction, by its bits.

use hypersonic_loops::{Binary, Cast, Compare, Ty, Unary};

use crate::notation::Term;

/// How a float type is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Bits of the fraction.
    pub fraction: i64,
    /// The exponent field of 1.0.
    pub bias: i64,
    /// The integer type of its size.
    pub bits: Ty,
}

/// The layout of F32 or F64.
#[must_use]
pub const fn layout(ty: Ty) -> Layout {
    match ty {
        Ty::F32 => Layout { fraction: 23, bias: 127, bits: Ty::I32 },
        _ => Layout { fraction: 52, bias: 1023, bits: Ty::I64 },
    }
}

/// Two to an integer power within the normal exponents.
fn power_of_two(ty: Ty, exponent: i64) -> f64 {
    let exponent = exponent.clamp(-1022, 1023);
    let _ = ty;
    f64::from_bits(u64::try_from(exponent + 1023).unwrap_or(0) << 52)
}

/// The next number from `x` towards `y`.
pub fn nextafter<'p>(x: Term<'p>, y: Term<'p>) -> Term<'p> {
    let bits = x.bits();
    let away = y.gt(x).xor(x.lt(0.0));
    let step = away.select(bits.int(1), bits.int(-1));
    let moved = (bits + step).float_of_bits();
    let least = x.int_of(layout(x.ty()).bits, 1).float_of_bits().copysign(y);
    let moved = x.equals(0.0).select(least, moved);
    let moved = x.equals(y).select(y, moved);
    x.is_nan().or(y.is_nan()).select(x + y, moved)
}

/// `np.spacing`: the distance to the next number away from zero, with the sign of `x`.
pub fn spacing(x: Term<'_>) -> Term<'_> {
    let magnitude = x.abs();
    let next = (magnitude.bits() + magnitude.bits().int(1)).float_of_bits();
    let gap = (next - magnitude).copysign(x);
    let zero = x.equals(0.0).select(x.int_of(layout(x.ty()).bits, 1).float_of_bits(), gap);
    magnitude.lt(f64::INFINITY).select(zero, x.float(f64::NAN))
}

/// Fraction in [0.5, 1) and exponent (I32) with `x = fraction * 2^exponent`; zeros, infinities and NaN are their own
/// fraction, with exponent 0.
pub fn frexp(x: Term<'_>) -> (Term<'_>, Term<'_>) {
    let Layout { fraction, bias, bits } = layout(x.ty());
    let tiny = x.abs().lt(power_of_two(x.ty(), 1 - bias));
    let scaled = tiny.select(x * power_of_two(x.ty(), fraction + 2), x);
    let field_mask = (1i64 << (if bits == Ty::I32 { 8 } else { 11 })) - 1;
    let field = scaled.bits().lshr(fraction).and(x.int_of(bits, field_mask));
    let shift = tiny.select(field.int(bias - 1 + fraction + 2), field.int(bias - 1));
    let exponent = field - shift;
    let exponent = if bits == Ty::I32 { exponent } else { exponent.cast(Cast::Truncate, Ty::I32) };
    let cleared = scaled.bits().and(x.int_of(bits, !(field_mask << fraction)));
    let mantissa = cleared.or(x.int_of(bits, (bias - 1) << fraction)).float_of_bits();
    let special = x.equals(0.0).or(x.abs().lt(f64::INFINITY).not());
    (special.select(x, mantissa), special.select(exponent.int(0), exponent))
}

/// `x * 2^exponent` for any int64 exponent, rounded once.
pub fn ldexp<'p>(x: Term<'p>, exponent: Term<'p>) -> Term<'p> {
    let Layout { fraction, bias, .. } = layout(x.ty());
    let wide = x.widen();
    // In F64 an F32 has room on both sides, so that narrowing rounds the one time.
    let limit = if x.ty() == Ty::F32 { 600 } else { 2 * bias + fraction + 60 };
    let clamped = exponent.binary(Binary::SMax, exponent.int(-limit)).binary(Binary::SMin, exponent.int(limit));
    if x.ty() == Ty::F32 {
        return (wide * exp2_field(clamped)).narrow_to(Ty::F32);
    }
    let scaled = ldexp_wide(wide, clamped);
    x.equals(0.0).or(x.abs().lt(f64::INFINITY).not()).select(x, scaled)
}

/// The F64 of 2^exponent for an I64 between -1022 and 1023.
fn exp2_field(exponent: Term<'_>) -> Term<'_> {
    (exponent + exponent.int(1023)).shl(52).float_of_bits()
}

/// Through fraction and exponent: the fraction takes the largest normal scale first, so only the last
/// multiplication can round.
fn ldexp_wide<'p>(x: Term<'p>, exponent: Term<'p>) -> Term<'p> {
    let (mantissa, own) = frexp(x);
    let total = exponent + own.cast(Cast::SignExtend, Ty::I64);
    let total = total.binary(Binary::SMax, total.int(-1200)).binary(Binary::SMin, total.int(1100));
    let low = total.compare(Compare::SLt, total.int(-1000));
    let high = total.compare(Compare::SGt, total.int(1000));
    let shift = low.select(total.int(-200), high.select(total.int(200), total.int(0)));
    mantissa * exp2_field(total - shift) * exp2_field(shift)
}

/// Fraction and integer part, both with the sign of `x`.
pub fn modf(x: Term<'_>) -> (Term<'_>, Term<'_>) {
    let integer = x.unary(Unary::Trunc);
    let infinite = x.abs().equals(f64::INFINITY);
    let fraction = infinite.select(x.float(0.0), x - integer).copysign(x);
    (x.is_nan().select(x, fraction), integer)
}
