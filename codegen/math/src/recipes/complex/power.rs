//! Powers of complex numbers. Small whole exponents are multiplied out, in the order in which NumPy and CPython do, so that
//! exact powers are exact; others are `e^(b log a)`.

use hypersonic_loops::{Cast, Ty};

use super::{exponential, logarithm, widen};
use crate::notation::Term;
use crate::scalar::complex::{Complex, divide, python_divide};

/// Below this NumPy multiplies whole exponents out.
const NUMPY_LIMIT: f64 = 100.0;
/// Up to this CPython does.
const PYTHON_LIMIT: f64 = 100.0;
/// Bits of the largest exponent that is multiplied out.
const BITS: u32 = 7;

/// `a^b` as NumPy's.
pub fn numpy_power<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    let narrow = a.re.ty();
    let narrowed = |z: Complex<'p>| Complex { re: z.re.narrow_to(narrow), im: z.im.narrow_to(narrow) };
    let (zero, one, nan) = (a.re.float(0.0), a.re.float(1.0), a.re.float(f64::NAN));
    let value = match (b.re.as_float(), b.im.as_float()) {
        (Some(0.5), Some(0.0)) => return narrowed(logarithm::sqrt(widen(a))),
        (Some(0.0), Some(0.0)) => return Complex { re: one, im: zero },
        (Some(1.0), Some(0.0)) => return a,
        (Some(exponent), Some(0.0)) if exponent.trunc() == exponent && exponent.abs() < NUMPY_LIMIT => numpy_whole(a, b.re),
        (Some(_), Some(_)) => narrowed(general(widen(a), widen(b))),
        _ => {
            let whole = is_whole(b).and(b.re.abs().lt(NUMPY_LIMIT));
            let exponent = whole.select(b.re, zero);
            numpy_whole(a, exponent).or_else(whole, narrowed(general(widen(a), widen(b))))
        }
    };
    let vanishes = b.re.gt(0.0);
    let of_zero = Complex { re: zero, im: zero }.or_else(vanishes, Complex { re: nan, im: nan });
    let value = value.or_else(a.is_nonzero(), of_zero);
    value.or_else(b.is_nonzero(), Complex { re: one, im: zero })
}

/// `a^b` as Python's, whether the exponent was multiplied out, and what a negative one divided by.
pub fn python_power<'p>(a: Complex<'p>, b: Complex<'p>) -> (Complex<'p>, Term<'p>, Complex<'p>) {
    let one = Complex { re: a.re.float(1.0), im: a.re.float(0.0) };
    let whole = is_whole(b).and(b.re.abs().le(PYTHON_LIMIT));
    let product = multiplied_out(a, whole.select(b.re, b.re.float(0.0)));
    let power = product.or_else(b.re.gt(0.0), python_divide(one, product));
    (power.or_else(whole, general(a, b)), whole, product)
}

fn is_whole(b: Complex<'_>) -> Term<'_> {
    b.im.equals(0.0).and(b.re.trunc().equals(b.re))
}

/// A whole power below NumPy's limit: 1, 2 and 3 have shorter ways, which differ in the signs of zeros.
fn numpy_whole<'p>(a: Complex<'p>, exponent: Term<'p>) -> Complex<'p> {
    let one = Complex { re: a.re.float(1.0), im: a.re.float(0.0) };
    let square = a.times(a);
    match exponent.as_float() {
        Some(2.0) => return square,
        Some(3.0) => return a.times(square),
        _ => {}
    }
    let product = multiplied_out(a, exponent);
    match exponent.as_float() {
        Some(known) if known < 0.0 => divide(one, product),
        Some(_) => product,
        None => {
            let power = divide(one, product).or_else(exponent.lt(0.0), product);
            let power = a.or_else(exponent.equals(1.0), power);
            let power = square.or_else(exponent.equals(2.0), power);
            a.times(square).or_else(exponent.equals(3.0), power)
        }
    }
}

/// `a^|n|`: one, times the squares of squares that the bits of n name, the lowest first.
fn multiplied_out<'p>(a: Complex<'p>, n: Term<'p>) -> Complex<'p> {
    let mut result = Complex { re: a.re.float(1.0), im: a.re.float(0.0) };
    let mut square = a;
    let known = n.as_float().map(f64::abs);
    let bits = n.abs().cast(Cast::FloatToSigned, Ty::I64);
    for bit in 0..BITS {
        let value = f64::from(1 << bit);
        if bit > 0 && known.is_none_or(|known| known >= value) {
            square = square.times(square);
        }
        let product = result.times(square);
        result = match known {
            Some(known) if (known / value).floor() % 2.0 == 1.0 => product,
            Some(_) => result,
            None => product.or_else(bits.mask(1 << bit).int_differs(0), result),
        };
    }
    result
}

/// `e^(b log a)`.
fn general<'p>(a: Complex<'p>, b: Complex<'p>) -> Complex<'p> {
    exponential::exp(b.times(logarithm::log(a)))
}
