//! Elementary functions of complex numbers, with the special cases of C99's Annex G, from the real recipes. Parts
//! that are F32 are computed in F64.

mod exponential;
mod inverse;
mod logarithm;

use hypersonic_ops::ScalarOp as S;

use crate::notation::Term;
use crate::scalar::complex::{Complex, divide};

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
        S::Power => power(*x.first()?, *x.get(1)?),
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

/// `a^b` as NumPy's: whole constants below 100 by squaring, 1/2 by the root, others by `e^(b log a)`.
fn power<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    if let (Some(exponent), Some(0.0)) = (b.re.as_float(), b.im.as_float()) {
        if exponent == 0.5 {
            return logarithm::sqrt(widen(a));
        }
        if exponent != 0.0 && exponent.trunc() == exponent && exponent.abs() < 100.0 {
            return whole_power(a, exponent);
        }
    }
    let (a, b) = (widen(a), widen(b));
    let log = logarithm::log(a);
    let value = exponential::exp(b.times(log));
    let (zero, one, nan) = (a.re.float(0.0), a.re.float(1.0), a.re.float(f64::NAN));
    let vanishes = b.re.gt(0.0);
    let of_zero = Complex { re: zero, im: zero }.or_else(vanishes, Complex { re: nan, im: nan });
    let value = value.or_else(a.is_nonzero(), of_zero);
    value.or_else(b.is_nonzero(), Complex { re: one, im: zero })
}

fn whole_power(a: Complex<'_>, exponent: f64) -> Complex<'_> {
    let one = Complex { re: a.re.float(1.0), im: a.re.float(0.0) };
    let mut rest = 0u32;
    while f64::from(rest) < exponent.abs() {
        rest += 1;
    }
    let mut result: Option<Complex> = None;
    let mut square = a;
    while rest > 0 {
        if rest & 1 == 1 {
            result = Some(result.map_or(square, |product| product.times(square)));
        }
        rest >>= 1;
        if rest > 0 {
            square = square.times(square);
        }
    }
    let power = result.unwrap_or(one);
    if exponent < 0.0 { divide(one, power) } else { power }
}

/// Whether a term is neither infinite nor NaN.
fn finite(x: Term<'_>) -> Term<'_> {
    x.abs().lt(f64::INFINITY)
}
