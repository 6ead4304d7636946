//! Pairs of floats that together hold a number to about 106 bits (Dekker 1971; Knuth, TAOCP 4.2.2), with no fused
//! multiply-add, so that the bits are the same on every target.

use crate::notation::Term;

/// The upper 26 of the 53 significant bits.
const UPPER: u64 = 0xffff_ffff_f800_0000;

/// A number as the unevaluated sum of two floats, the second at most half a unit in the last place of the first.
#[derive(Clone, Copy, Debug)]
pub struct Double<'p> {
    /// The rounded value.
    pub high: Term<'p>,
    /// What is missing.
    pub low: Term<'p>,
}

/// `x` as a sum of 26 and 27 bits.
pub fn split(x: Term<'_>) -> (Term<'_>, Term<'_>) {
    split_by(x, UPPER)
}

/// `x` as the number of those of its bits that `upper` has, and a rest.
pub(super) fn split_by(x: Term<'_>, upper: u64) -> (Term<'_>, Term<'_>) {
    let high = x.bits().mask(upper).float_of_bits();
    (high, x - high)
}

/// `a * b` as rounded product and error. The error is exact when the factors together have 105 significant bits
/// at most, else good to 2^-107 of the product.
pub fn exact_product<'p>(a: Term<'p>, b: Term<'p>) -> (Term<'p>, Term<'p>) {
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    let product = a * b;
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// `x * x` as rounded square and error, as good as [`exact_product`].
pub fn exact_square(x: Term<'_>) -> (Term<'_>, Term<'_>) {
    let (high, low) = split(x);
    let square = x * x;
    let cross = high * low;
    let error = ((high * high - square) + (cross + cross)) + low * low;
    (square, error)
}

/// `a + b` and its exact error, whichever is larger.
pub fn exact_sum<'p>(a: Term<'p>, b: Term<'p>) -> Double<'p> {
    let high = a + b;
    let b_part = high - a;
    let low = (a - (high - b_part)) + (b - b_part);
    Double { high, low }
}

/// `a + b` and its exact error where `a` is zero or not smaller than `b`.
pub fn ordered_sum<'p>(a: Term<'p>, b: Term<'p>) -> Double<'p> {
    let high = a + b;
    let low = b - (high - a);
    Double { high, low }
}

impl<'p> Double<'p> {
    /// Of one float.
    #[must_use]
    pub fn from(high: Term<'p>) -> Self {
        Self { high, low: high.float(0.0) }
    }

    /// A constant beside `like`.
    #[must_use]
    pub fn constant(like: Term<'p>, high: f64, low: f64) -> Self {
        Self { high: like.float(high), low: like.float(low) }
    }

    /// The rounded value.
    #[must_use]
    pub fn value(self) -> Term<'p> {
        self.high + self.low
    }

    /// Sum, where `self` is not smaller than `other`.
    #[must_use]
    pub fn plus_smaller(self, other: Self) -> Self {
        let sum = ordered_sum(self.high, other.high);
        ordered_sum(sum.high, sum.low + self.low + other.low)
    }

    /// Sum of any two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = exact_sum(self.high, other.high);
        ordered_sum(sum.high, sum.low + (self.low + other.low))
    }

    /// Sum with a float, whichever is larger.
    #[must_use]
    pub fn plus_float(self, other: Term<'p>) -> Self {
        let sum = exact_sum(self.high, other);
        ordered_sum(sum.high, sum.low + self.low)
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let (high, low) = exact_product(self.high, other.high);
        ordered_sum(high, low + (self.high * other.low + self.low * other.high))
    }

    /// Product with a float.
    #[must_use]
    pub fn times_float(self, other: Term<'p>) -> Self {
        let (high, low) = exact_product(self.high, other);
        ordered_sum(high, low + self.low * other)
    }

    /// Quotient, by one division: its reciprocal must not leave the normal numbers.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let inverse = 1.0 / other.high;
        let quotient = self.high * inverse;
        let (high, low) = exact_product(quotient, other.high);
        let rest = ((self.high - high) - low) + (self.low - quotient * other.low);
        ordered_sum(quotient, rest * inverse)
    }

    /// Negation.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    /// `if condition { self } else { other }`.
    #[must_use]
    pub fn or_else(self, condition: Term<'p>, other: Self) -> Self {
        Self { high: condition.select(self.high, other.high), low: condition.select(self.low, other.low) }
    }

    /// Square root of a non-negative number; 0 stays 0.
    #[must_use]
    pub fn sqrt(self) -> Self {
        let root = self.high.sqrt();
        let (high, low) = exact_square(root);
        let rest = ((self.high - high) - low) + self.low;
        let correction = root.equals(0.0).select(root, rest / (root + root));
        ordered_sum(root, correction)
    }
}
