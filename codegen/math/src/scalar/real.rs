//! Real floats: arithmetic, choice with NumPy's treatment of NaN, comparisons, parts;
//! elementary functions come from the recipes.

use hypersonic_loops::{Compare, Unary};
use hypersonic_ops::ScalarOp as S;

use super::{division, parts, rounding, truth_as_float};
use crate::notation::Term;
use crate::recipes;

/// The larger, NaN if either is; of two zeros the second, as the vector instructions NumPy uses.
fn maximum<'p>(a: Term<'p>, b: Term<'p>) -> Term<'p> {
    a.gt(b).or(a.is_nan()).select(a, b)
}

/// The smaller, NaN if either is.
fn minimum<'p>(a: Term<'p>, b: Term<'p>) -> Term<'p> {
    a.lt(b).or(a.is_nan()).select(a, b)
}

fn nonzero(a: Term<'_>) -> Term<'_> {
    a.differs(0.0)
}

fn sign(a: Term<'_>) -> Term<'_> {
    let ty = a.ty();
    let sign = truth_as_float(a.gt(0.0), ty) - truth_as_float(a.lt(0.0), ty);
    a.is_nan().select(a, sign)
}

/// The sign bit of a float: I1.
pub fn signbit(a: Term<'_>) -> Term<'_> {
    let bits = a.bits();
    bits.compare(Compare::SLt, bits.int(0))
}

fn heaviside<'p>(a: Term<'p>, at_zero: Term<'p>) -> Term<'p> {
    let step = truth_as_float(a.gt(0.0), a.ty());
    a.is_nan().select(a, a.equals(0.0).select(at_zero, step))
}

fn choice<'p>(op: S, x: &[Term<'p>]) -> Option<Term<'p>> {
    let (a, b) = (*x.first()?, *x.get(1)?);
    Some(match op {
        S::Maximum => maximum(a, b),
        S::Minimum => minimum(a, b),
        S::Fmax => a.ge(b).or(b.is_nan()).select(a, b),
        S::Fmin => a.le(b).or(b.is_nan()).select(a, b),
        S::Clip => {
            // NumPy gives the NaN of the value first, then that of a bound.
            let high = *x.get(2)?;
            let clipped = minimum(maximum(a, b), high);
            a.is_nan().select(a, clipped)
        }
        S::Heaviside => heaviside(a, b),
        S::Equal => a.equals(b),
        S::NotEqual => a.differs(b),
        S::Less => a.lt(b),
        S::LessEqual => a.le(b),
        S::Greater => a.gt(b),
        S::GreaterEqual => a.ge(b),
        S::LogicalAnd => nonzero(a).and(nonzero(b)),
        S::LogicalOr => nonzero(a).or(nonzero(b)),
        S::LogicalXor => nonzero(a).xor(nonzero(b)),
        _ => return None,
    })
}

fn float_parts<'p>(op: S, x: &[Term<'p>]) -> Option<Term<'p>> {
    let a = *x.first()?;
    Some(match op {
        S::Copysign => a.copysign(*x.get(1)?),
        S::Nextafter => parts::nextafter(a, *x.get(1)?),
        S::Spacing => parts::spacing(a),
        S::Ldexp => parts::ldexp(a, *x.get(1)?),
        S::FrexpMantissa => parts::frexp(a).0,
        S::FrexpExponent => parts::frexp(a).1,
        S::ModfFraction => parts::modf(a).0,
        S::ModfInteger => parts::modf(a).1,
        S::RoundDigits => rounding::numpy_round(a, *x.get(1)?),
        _ => return None,
    })
}

/// Real floats of one dtype; None where there is no such loop.
pub fn emit<'p>(op: S, x: &[Term<'p>]) -> Option<Term<'p>> {
    let a = *x.first()?;
    let b = x.get(1).copied();
    Some(match op {
        S::Add => a + b?,
        S::Subtract => a - b?,
        S::Multiply => a * b?,
        S::Divide => a / b?,
        S::Negative => -a,
        S::Positive | S::Conjugate | S::Real => a,
        S::Imag => a.float(0.0),
        S::Absolute => a.abs(),
        S::Sign => sign(a),
        S::Square => a * a,
        S::Reciprocal => 1.0 / a,
        S::Sqrt => a.sqrt(),
        S::Floor => a.floor(),
        S::Ceil => a.unary(Unary::Ceil),
        S::Trunc => a.trunc(),
        S::Rint => a.unary(Unary::RoundEven),
        S::Angle => {
            let half_turn = signbit(a).select(a.float(std::f64::consts::PI), a.float(0.0));
            a.is_nan().select(a, half_turn)
        }
        // The square root but for C99's power of -0.0, which is 0.0, and of minus infinity.
        S::Power if b?.as_float() == Some(0.5) => a.equals(f64::NEG_INFINITY).select(a.float(f64::INFINITY), (a + 0.0).sqrt()),
        S::LogicalNot => a.equals(0.0),
        S::Isnan => a.is_nan(),
        S::Isinf => a.abs().equals(f64::INFINITY),
        S::Isfinite => a.abs().lt(f64::INFINITY),
        S::Signbit => signbit(a),
        _ => {
            let other = choice(op, x).or_else(|| float_parts(op, x)).or_else(|| division::emit(op, x));
            return other.or_else(|| recipes::emit(op, x));
        }
    })
}
