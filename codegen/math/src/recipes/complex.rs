//! Elementary functions of complex numbers, with the special cases of C99's Annex G, from the real recipes. Parts
//! that are F32 are computed in F64.

mod exponential;
mod inverse;
mod logarithm;
pub mod power;

use hypersonic_ops::ScalarOp as S;

use crate::notation::Term;
use crate::scalar::complex::Complex;

const LN_2: f64 = std::f64::consts::LN_2;

/// The elementary function; None for operations that are none.
pub fn emit<'p>(op: S, x: &[Complex<'p>]) -> Option<Complex<'p>> {
    let narrow = x.first()?.re.ty();
    let a = widen(*x.first()?);
    let z = match op {
        S::Exp => exponential::exp(a),
        S::Exp2 => exponential::exp(Complex { re: a.re * LN_2, im: a.im * LN_2 }),
        S::Expm1 => exponential::expm1(a),
        S::Sinh => exponential::sinh(a),
        S::Cosh => exponential::cosh(a),
        S::Tanh => exponential::tanh(a),
        S::Sin => exponential::sinh(a.turned()).turned_back(),
        S::Cos => exponential::cosh(a.turned()),
        S::Tan => exponential::tanh(a.turned()).turned_back(),
        S::Log => logarithm::log(a),
        S::Log2 => scaled(logarithm::log(a), std::f64::consts::LOG2_E),
        S::Log10 => scaled(logarithm::log(a), std::f64::consts::LOG10_E),
        S::Log1p => logarithm::log(Complex { re: a.re + 1.0, im: a.im }),
        S::Sqrt => logarithm::sqrt(a),
        S::Arcsin => inverse::arcsin(a),
        S::Arccos => inverse::arccos(a),
        S::Arctan => inverse::arctanh(a.turned()).turned_back(),
        S::Arcsinh => inverse::arcsin(a.turned()).turned_back(),
        S::Arccosh => inverse::arccosh(a),
        S::Arctanh => inverse::arctanh(a),
        S::Power => return Some(power::numpy_power(*x.first()?, *x.get(1)?)),
        _ => return None,
    };
    Some(Complex { re: z.re.narrow_to(narrow), im: z.im.narrow_to(narrow) })
}

fn widen(z: Complex<'_>) -> Complex<'_> {
    Complex { re: z.re.widen(), im: z.im.widen() }
}

fn scaled(z: Complex<'_>, factor: f64) -> Complex<'_> {
    Complex { re: z.re * factor, im: z.im * factor }
}

impl Complex<'_> {
    /// `i z`.
    fn turned(self) -> Self {
        Self { re: -self.im, im: self.re }
    }

    /// `-i z`.
    fn turned_back(self) -> Self {
        Self { re: self.im, im: -self.re }
    }
}

/// Whether a term is neither infinite nor NaN.
fn finite(x: Term<'_>) -> Term<'_> {
    x.abs().lt(f64::INFINITY)
}
