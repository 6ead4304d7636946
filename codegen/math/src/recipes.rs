//! Elementary functions as branch-free recipes: only operations that every target rounds alike, no fused
//! multiply-add, so that a function has the same bits on all of them and vectorises at any width.
//! Derived from the mathematics with our own coefficients; each file names the method it follows.

mod coefficients;
pub mod complex;
pub mod double;
pub mod error;
pub mod exponential;
pub mod gamma;
pub mod hyperbolic;
pub mod inverse;
pub mod logarithm;
mod long_logarithm;
pub mod polynomial;
pub mod power;
pub(crate) mod rare;
pub mod reduction;
pub mod roots;
pub mod sums;
pub mod trigonometric;

use hypersonic_ops::ScalarOp as S;

use crate::notation::Term;
use polynomial::{binary, unary};

/// The elementary function, for F32 and F64; None for operations that are none.
pub fn emit<'p>(op: S, x: &[Term<'p>]) -> Option<Term<'p>> {
    let a = *x.first()?;
    let b = x.get(1).copied();
    Some(match op {
        S::Exp => unary(a, exponential::exp),
        S::Exp2 => unary(a, exponential::exp2),
        S::Expm1 => unary(a, exponential::expm1),
        S::Log => unary(a, logarithm::log),
        S::Log2 => unary(a, logarithm::log2),
        S::Log10 => unary(a, logarithm::log10),
        S::Log1p => unary(a, logarithm::log1p),
        S::Logaddexp => binary(a, b?, sums::logaddexp),
        S::Logaddexp2 => binary(a, b?, sums::logaddexp2),
        S::Sin => unary(a, trigonometric::sin),
        S::Cos => unary(a, trigonometric::cos),
        S::Tan => unary(a, trigonometric::tan),
        S::Arcsin => unary(a, inverse::arcsin),
        S::Arccos => unary(a, inverse::arccos),
        S::Arctan => unary(a, inverse::arctan),
        S::Arctan2 => binary(a, b?, inverse::arctan2),
        S::Sinh => unary(a, hyperbolic::sinh),
        S::Cosh => unary(a, hyperbolic::cosh),
        S::Tanh => unary(a, hyperbolic::tanh),
        S::Arcsinh => unary(a, hyperbolic::arcsinh),
        S::Arccosh => unary(a, hyperbolic::arccosh),
        S::Arctanh => unary(a, hyperbolic::arctanh),
        S::Degrees => a.float(180.0) / a.float(std::f64::consts::PI) * a,
        S::Radians => a.float(std::f64::consts::PI) / a.float(180.0) * a,
        S::Cbrt => unary(a, roots::cbrt),
        S::Hypot => roots::hypot(a, b?),
        S::Erf => unary(a, error::erf),
        S::Erfc => unary(a, error::erfc),
        S::Gamma => unary(a, gamma::gamma),
        S::Lgamma => unary(a, gamma::lgamma),
        S::Power => power_of(a, b?),
        _ => return None,
    })
}

/// `x ** y`; small whole constants are multiplied out.
fn power_of<'p>(x: Term<'p>, y: Term<'p>) -> Term<'p> {
    match y.as_float() {
        Some(1.0) => x,
        Some(2.0) => x * x,
        Some(-1.0) => 1.0 / x,
        // Adding zero makes the root of -0.0 a power's +0.0.
        Some(0.5) => x.equals(f64::NEG_INFINITY).select(x.float(f64::INFINITY), (x + 0.0).sqrt()),
        Some(exponent @ (3.0 | 4.0 | 5.0 | 6.0)) => {
            let count = if exponent < 3.5 {
                3
            } else if exponent < 4.5 {
                4
            } else if exponent < 5.5 {
                5
            } else {
                6
            };
            whole_power(x, count)
        }
        _ => binary(x, y, power::pow),
    }
}

fn whole_power(x: Term<'_>, count: u32) -> Term<'_> {
    if x.ty() == hypersonic_loops::Ty::F32 {
        let wide = x.widen();
        return (1..count).fold(wide, |product, _| product * wide).narrow_to(x.ty());
    }
    power::whole_power(x, count)
}
