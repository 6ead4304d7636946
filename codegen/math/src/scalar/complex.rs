//! Complex numbers as NumPy computes them: Smith's division, lexicographic comparisons in which a NaN is never
//! less; elementary functions with C99's special cases come from [`super::super::recipes::complex`].

use hypersonic_loops::{Binary, Unary};
use hypersonic_ops::ScalarOp as S;

use crate::notation::Term;
use crate::recipes;

/// A complex number.
#[derive(Clone, Copy, Debug)]
pub struct Complex<'p> {
    /// The real part.
    pub re: Term<'p>,
    /// The imaginary part.
    pub im: Term<'p>,
}

/// What an operation on complex numbers gives.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'p> {
    /// A truth value or a real number.
    Real(Term<'p>),
    /// A complex number.
    Complex(Complex<'p>),
}

impl<'p> Complex<'p> {
    /// Product, as written out.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    /// Negation.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { re: -self.re, im: -self.im }
    }

    /// `if condition { self } else { other }`.
    #[must_use]
    pub fn or_else(self, condition: Term<'p>, other: Self) -> Self {
        Self { re: condition.select(self.re, other.re), im: condition.select(self.im, other.im) }
    }

    /// Either part is NaN.
    #[must_use]
    pub fn is_nan(self) -> Term<'p> {
        self.re.is_nan().or(self.im.is_nan())
    }

    /// Either part is not zero.
    #[must_use]
    pub fn is_nonzero(self) -> Term<'p> {
        self.re.differs(0.0).or(self.im.differs(0.0))
    }

    /// Neither part is infinite or NaN.
    #[must_use]
    pub fn is_finite(self) -> Term<'p> {
        self.re.abs().lt(f64::INFINITY).and(self.im.abs().lt(f64::INFINITY))
    }

    fn is_infinite(self) -> Term<'p> {
        self.re.abs().equals(f64::INFINITY).or(self.im.abs().equals(f64::INFINITY))
    }
}

/// The quotient's parts before the last step: numerators and the denominator (Smith 1962), and whether the divisor's
/// real part is the larger.
fn smith<'p>(a: Complex<'p>, b: Complex<'p>) -> (Complex<'p>, Term<'p>) {
    let real_larger = b.re.abs().ge(b.im.abs());
    let (large, small) = (real_larger.select(b.re, b.im), real_larger.select(b.im, b.re));
    let (x, y) = (real_larger.select(a.re, a.im), real_larger.select(a.im, a.re));
    let ratio = small / large;
    let denominator = large + small * ratio;
    let cross = x * ratio;
    let im = real_larger.select(y - cross, cross - y);
    (Complex { re: x + y * ratio, im }, denominator)
}

/// NumPy's quotient: the numerators times the reciprocal of the denominator; by zero, each part by 0.
#[must_use]
pub fn divide<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    let (numerator, denominator) = smith(a, b);
    let scale = 1.0 / denominator;
    let quotient = Complex { re: numerator.re * scale, im: numerator.im * scale };
    let zero = b.re.float(0.0);
    let by_zero = b.re.equals(0.0).and(b.im.equals(0.0));
    Complex { re: a.re / zero, im: a.im / zero }.or_else(by_zero, quotient)
}

/// Python's quotient: the numerators over the denominator. The caller has refused a zero divisor.
#[must_use]
pub fn python_divide<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    let (numerator, denominator) = smith(a, b);
    let quotient = Complex { re: numerator.re / denominator, im: numerator.im / denominator };
    let nan = a.re.float(f64::NAN);
    Complex { re: nan, im: nan }.or_else(b.is_nan(), quotient)
}

fn reciprocal(a: Complex<'_>) -> Complex<'_> {
    let real_larger = a.im.abs().le(a.re.abs());
    let (large, small) = (real_larger.select(a.re, a.im), real_larger.select(a.im, a.re));
    let ratio = small / large;
    let denominator = large + small * ratio;
    let one = a.re.float(1.0);
    Complex { re: real_larger.select(one, ratio) / denominator, im: real_larger.select(-ratio, -one) / denominator }
}

/// `a < b` or `a <= b` and so on: by the real parts, then by the imaginary ones; NaN parts compare false.
fn ordered<'p>(a: Complex<'p>, b: Complex<'p>, or_equal: bool) -> Term<'p> {
    let by_re = a.re.lt(b.re).and(a.im.is_nan().or(b.im.is_nan()).not());
    let by_im = if or_equal { a.im.le(b.im) } else { a.im.lt(b.im) };
    by_re.or(a.re.equals(b.re).and(by_im))
}

/// `a < b` as `clip` has it: NaN in an imaginary part only matters where the real parts are equal.
fn before<'p>(a: Complex<'p>, b: Complex<'p>) -> Term<'p> {
    a.re.lt(b.re).or(a.re.equals(b.re).and(a.im.lt(b.im)))
}

fn larger<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    a.or_else(a.is_nan().or(ordered(b, a, true)), b)
}

fn smaller<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    a.or_else(a.is_nan().or(ordered(a, b, true)), b)
}

fn sign(a: Complex<'_>) -> Complex<'_> {
    let magnitude = recipes::roots::hypot(a.re, a.im);
    let zero = a.re.float(0.0);
    let one = a.re.float(1.0);
    let (re_infinite, im_infinite) = (a.re.abs().equals(f64::INFINITY), a.im.abs().equals(f64::INFINITY));
    let direction = Complex { re: a.re / magnitude, im: a.im / magnitude };
    let direction = Complex { re: zero, im: zero }.or_else(magnitude.equals(0.0), direction);
    let along = Complex { re: re_infinite.select(one.copysign(a.re), zero), im: im_infinite.select(one.copysign(a.im), zero) };
    let direction = along.or_else(magnitude.equals(f64::INFINITY), direction);
    let undefined = magnitude.is_nan().or(re_infinite.and(im_infinite));
    let nan = a.re.float(f64::NAN);
    Complex { re: nan, im: nan }.or_else(undefined, direction)
}

fn predicate<'p>(op: S, x: &[Complex<'p>]) -> Option<Term<'p>> {
    let a = *x.first()?;
    let b = x.get(1).copied();
    Some(match op {
        S::Equal => a.re.equals(b?.re).and(a.im.equals(b?.im)),
        S::NotEqual => a.re.differs(b?.re).or(a.im.differs(b?.im)),
        S::Less => ordered(a, b?, false),
        S::LessEqual => ordered(a, b?, true),
        S::Greater => ordered(b?, a, false),
        S::GreaterEqual => ordered(b?, a, true),
        S::LogicalAnd => a.is_nonzero().and(b?.is_nonzero()),
        S::LogicalOr => a.is_nonzero().or(b?.is_nonzero()),
        S::LogicalXor => a.is_nonzero().xor(b?.is_nonzero()),
        S::LogicalNot => a.is_nonzero().not(),
        S::Isnan => a.is_nan(),
        S::Isinf => a.is_infinite(),
        S::Isfinite => a.is_finite(),
        _ => return None,
    })
}

/// Complex numbers of one dtype; None where there is no such loop.
pub fn emit<'p>(op: S, x: &[Complex<'p>]) -> Option<Answer<'p>> {
    let a = *x.first()?;
    let b = x.get(1).copied();
    let number = match op {
        S::Add => a.plus(b?),
        S::Subtract => Complex { re: a.re.binary(Binary::Sub, b?.re), im: a.im - b?.im },
        S::Multiply => a.times(b?),
        S::Divide => divide(a, b?),
        S::Negative => a.negated(),
        S::Positive => a,
        S::Conjugate => Complex { re: a.re, im: -a.im },
        S::Square => Complex { re: a.re * a.re - a.im * a.im, im: a.re * a.im + a.im * a.re },
        S::Reciprocal => reciprocal(a),
        S::Sign => sign(a),
        S::Rint => Complex { re: a.re.unary(Unary::RoundEven), im: a.im.unary(Unary::RoundEven) },
        S::Maximum => larger(a, b?),
        S::Minimum => smaller(a, b?),
        S::Fmax => a.or_else(ordered(b?, a, true).or(b?.is_nan()), b?),
        S::Fmin => a.or_else(ordered(a, b?, true).or(b?.is_nan()), b?),
        S::Clip => {
            let low = a.or_else(before(b?, a), b?);
            let high = *x.get(2)?;
            a.or_else(a.is_nan(), low.or_else(low.is_nan().or(before(low, high)), high))
        }
        S::Real => return Some(Answer::Real(a.re)),
        S::Imag => return Some(Answer::Real(a.im)),
        S::Absolute => return Some(Answer::Real(recipes::roots::modulus(a.re, a.im))),
        S::Angle => return Some(Answer::Real(recipes::emit(S::Arctan2, &[a.im, a.re])?)),
        _ => return predicate(op, x).map(Answer::Real).or_else(|| recipes::complex::emit(op, x).map(Answer::Complex)),
    };
    Some(Answer::Complex(number))
}
