//! Polynomials, their coefficients in two lengths, and rounding to whole numbers by a magic constant.

use hypersonic_loops::Ty;

use crate::notation::Term;

/// How many bits a recipe must deliver. Everything is computed in F64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// The result will be rounded to F32.
    Single,
    /// The result is F64, within one unit in the last place.
    Double,
}

impl Precision {
    /// What a type asks for.
    #[must_use]
    pub fn of(ty: Ty) -> Self {
        if ty == Ty::F32 { Self::Single } else { Self::Double }
    }

    /// Whether it is [`Precision::Single`].
    #[must_use]
    pub fn is_single(self) -> bool {
        self == Self::Single
    }
}

/// Coefficients of one function, lowest power first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub double: &'static [f64],
    pub single: &'static [f64],
}

impl Fit {
    const fn of(&self, precision: Precision) -> &'static [f64] {
        match precision {
            Precision::Single => self.single,
            Precision::Double => self.double,
        }
    }

    /// The polynomial at `x`, whose square is `square`, as two half-length chains.
    pub fn at<'p>(&self, x: Term<'p>, square: Term<'p>, precision: Precision) -> Term<'p> {
        in_two_chains(self.of(precision), x, square)
    }

    /// What the polynomial in double precision is less its constant, over `x`.
    pub fn after_first<'p>(&self, x: Term<'p>, square: Term<'p>) -> Term<'p> {
        in_two_chains(self.double.get(1..).unwrap_or_default(), x, square)
    }

    /// The polynomial at `x` in two half-length chains.
    pub fn of_term<'p>(&self, x: Term<'p>, precision: Precision) -> Term<'p> {
        self.at(x, x * x, precision)
    }
}

fn in_two_chains<'p>(coefficients: &[f64], x: Term<'p>, square: Term<'p>) -> Term<'p> {
    let even: Vec<f64> = coefficients.iter().step_by(2).copied().collect();
    let odd: Vec<f64> = coefficients.iter().skip(1).step_by(2).copied().collect();
    horner(&even, square) + x * horner(&odd, square)
}

/// The polynomial of these coefficients, one chain.
pub(super) fn horner<'p>(coefficients: &[f64], x: Term<'p>) -> Term<'p> {
    let mut rest = coefficients.iter().rev();
    let mut total = x.float(rest.next().copied().unwrap_or(0.0));
    for coefficient in rest {
        total = total * x + *coefficient;
    }
    total
}

/// 1.5 * 2^52: adding it to a number below 2^51 rounds it half to even into the low bits.
pub(super) const MAGIC: f64 = 6_755_399_441_055_744.0;

/// The nearest whole number of a float below 2^51 in magnitude.
pub(super) fn nearest(x: Term<'_>) -> Term<'_> {
    (x + MAGIC) - MAGIC
}

/// 2^n for a whole float within the normal exponents.
pub(super) fn power_of_two(n: Term<'_>) -> Term<'_> {
    (n + (MAGIC + 1023.0)).bits().shl(52).float_of_bits()
}

/// `p * 2^n` for |n| up to 2000, rounded once: in two steps, of which only the last can leave the normal numbers.
pub(super) fn scale<'p>(p: Term<'p>, n: Term<'p>) -> Term<'p> {
    let shifted = n * 0.5 + (MAGIC + 1023.0);
    let first = shifted.bits().shl(52).float_of_bits();
    let half = shifted - (MAGIC + 1023.0);
    p * first * power_of_two(n - half)
}

/// Runs a recipe of one argument in F64 and rounds its result to the argument's type.
pub(super) fn unary<'p>(x: Term<'p>, recipe: impl FnOnce(Term<'p>, Precision) -> Term<'p>) -> Term<'p> {
    let ty = x.ty();
    recipe(x.widen(), Precision::of(ty)).narrow_to(ty)
}

/// Runs a recipe of two arguments in F64 and rounds its result to the arguments' type.
pub(super) fn binary<'p>(x: Term<'p>, y: Term<'p>, recipe: impl FnOnce(Term<'p>, Term<'p>, Precision) -> Term<'p>) -> Term<'p> {
    let ty = x.ty();
    recipe(x.widen(), y.widen(), Precision::of(ty)).narrow_to(ty)
}
