//! Inverse trigonometric functions. Arc tangents: the quotient is turned by an eighth of a turn where it exceeds
//! sqrt(2) - 1, carried with its residual, and goes through one odd polynomial. Arc sine and cosine: the half-angle
//! formula `asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2))` beyond 1/2.

use super::coefficients::{ASIN, ATAN};
use super::double::{Double, exact_product, exact_square, exact_sum, ordered_sum};
use super::polynomial::Precision;
use super::reduction::{HALF_PI_HIGH, HALF_PI_LOW};
use crate::notation::Term;
use crate::scalar::real::signbit;

/// tan(pi/8).
const EIGHTH: f64 = std::f64::consts::SQRT_2 - 1.0;
const HUGE: f64 = f64::from_bits((1023 + 900) << 52);
const TINY: f64 = f64::from_bits((1023 - 800) << 52);
const DOWN: f64 = f64::from_bits((1023 - 200) << 52);
const UP: f64 = f64::from_bits((1023 + 200) << 52);

/// The angle of `small / large` in [0, pi/4], as `base` eighths of a turn plus a sum, for 0 <= small <= large.
fn angle_of<'p>(small: Term<'p>, large: Term<'p>, precision: Precision) -> (Term<'p>, Double<'p>) {
    let turned = small.gt(large * EIGHTH);
    let above = turned.select(small - large, small);
    let below = turned.select(small + large, large);
    let t = above / below;
    let eighths = turned.select(t.float(1.0), t.float(0.0));
    let square = t * t;
    let series = t * square * ATAN.of_term(square, precision);
    if precision.is_single() {
        return (eighths, Double { high: t, low: series });
    }
    let zero = t.float(0.0);
    let above_low = turned.select(small - (above + large), zero);
    let below_low = turned.select(small - (below - large), zero);
    let (product, error) = exact_product(t, below);
    let residual = ((above - product) - error) + (above_low - t * below_low);
    let correction = t.abs().gt(TINY).select(residual / below, zero);
    (eighths, Double { high: t, low: correction + series })
}

/// The angle of the point (x, y), with C99's special cases.
pub fn arctan2<'p>(y: Term<'p>, x: Term<'p>, precision: Precision) -> Term<'p> {
    let (p, q) = (x.abs(), y.abs());
    // Two infinities are as good as two ones.
    let both = p.equals(f64::INFINITY).and(q.equals(f64::INFINITY));
    let (p, q) = (both.select(p.float(1.0), p), both.select(q.float(1.0), q));
    let steep = q.gt(p);
    let (small, large) = (steep.select(p, q), steep.select(q, p));
    let (small, large) = if precision.is_single() {
        (small, large)
    } else {
        let scale = large.gt(HUGE).select(p.float(DOWN), large.lt(TINY).select(p.float(UP), p.float(1.0)));
        (small * scale, large * scale)
    };
    let none = large.equals(0.0);
    let infinite = large.equals(f64::INFINITY);
    let small = infinite.select(small.float(0.0), small);
    let large = none.or(infinite).select(large.float(1.0), large);
    let (eighths, sum) = angle_of(small, large, precision);
    let left = signbit(x);
    // pi/2 - a for a steep point, pi - a for one on the left: the angle is base + sign * a, base in eighths of a turn.
    let base = steep.select(2.0 - eighths, eighths);
    let base = left.select(4.0 - base, base);
    let backward = steep.xor(left);
    let sum = sum.negated().or_else(backward, sum);
    let result = if precision.is_single() {
        base * (HALF_PI_HIGH / 2.0) + (sum.high + sum.low)
    } else {
        let total = exact_sum(base * (HALF_PI_HIGH / 2.0), sum.high);
        let lost = eighths_error(base);
        total.high + (total.low + (sum.low + (base * (HALF_PI_LOW / 2.0) + lost)))
    };
    let result = result.copysign(y);
    x.is_nan().or(y.is_nan()).select(x + y, result)
}

/// What `3 * (pi/4)` loses when its 53 bits are multiplied by 3; other multiples are exact.
fn eighths_error(base: Term<'_>) -> Term<'_> {
    const LOST: f64 = {
        let quarter = HALF_PI_HIGH / 2.0;
        let product = 3.0 * quarter;
        // 3q = 4q - q, both exact.
        (4.0 * quarter - product) - quarter
    };
    base.equals(3.0).select(base.float(LOST), base.float(0.0))
}

/// Arc tangent.
pub fn arctan(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let steep = magnitude.gt(1.0);
    let one = x.float(1.0);
    let bounded = magnitude.at_most(HUGE);
    let (small, large) = (steep.select(one, bounded), steep.select(bounded, one));
    let (eighths, sum) = angle_of(small, large, precision);
    let base = steep.select(2.0 - eighths, eighths);
    let sum = sum.negated().or_else(steep, sum);
    let result = if precision.is_single() {
        base * (HALF_PI_HIGH / 2.0) + (sum.high + sum.low)
    } else {
        let total = ordered_sum(base * (HALF_PI_HIGH / 2.0), sum.high);
        total.high + (total.low + (sum.low + base * (HALF_PI_LOW / 2.0)))
    };
    x.is_nan().select(x, result.copysign(x))
}

/// Half-angle argument: whether |x| > 1/2, then `s` with its rest and `s^2`.
fn half_angle<'p>(magnitude: Term<'p>, precision: Precision) -> (Term<'p>, Double<'p>, Term<'p>) {
    let far = magnitude.gt(0.5);
    let halved = (1.0 - magnitude) * 0.5;
    let root = halved.sqrt();
    let s = far.select(root, magnitude);
    let square = far.select(halved, magnitude * magnitude);
    let zero = s.float(0.0);
    if precision.is_single() {
        return (far, Double { high: s, low: zero }, square);
    }
    let (product, error) = exact_square(root);
    let rest = ((halved - product) - error) / (root + root);
    let rest = far.and(root.gt(0.0)).select(rest, zero);
    (far, Double { high: s, low: rest }, square)
}

/// Arc sine; NaN beyond 1.
pub fn arcsin(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let (far, s, square) = half_angle(magnitude, precision);
    let series = s.high * square * ASIN.of_term(square, precision) + s.low;
    let near_value = s.high + series;
    let total = exact_sum(x.float(HALF_PI_HIGH), s.high * -2.0);
    let far_value = total.high + (total.low + (HALF_PI_LOW - 2.0 * series));
    far.select(far_value, near_value).copysign(x)
}

/// Arc cosine; NaN beyond 1.
pub fn arccos(x: Term<'_>, precision: Precision) -> Term<'_> {
    let magnitude = x.abs();
    let (far, s, square) = half_angle(magnitude, precision);
    let series = s.high * square * ASIN.of_term(square, precision) + s.low;
    let negative = x.lt(0.0);
    // far: 2a or pi - 2a; near: pi/2 - a or pi/2 + a.
    let halves = far.select(negative.select(x.float(2.0), x.float(0.0)), x.float(1.0));
    let factor = far.select(x.float(2.0), x.float(1.0));
    let minus = far.xor(negative).not();
    let factor = minus.select(-factor, factor);
    let base = halves * HALF_PI_HIGH;
    let leading = factor * s.high;
    let total = exact_sum(base, leading);
    total.high + (total.low + (halves * HALF_PI_LOW + factor * series))
}
