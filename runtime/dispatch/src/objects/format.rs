//! `str`, `repr` and `format` of the values that most texts are made of, without Python. Everything else is Python's.

use crate::objects::head::{Done, Head};
use crate::objects::text;
use crate::objects::value::Value;
use hypersonic_abi::Context;
use std::fmt::{self, Write};

/// Bytes that are enough for every int and float.
const LONGEST: usize = 32;

struct Buffer {
    bytes: [u8; LONGEST],
    used: usize,
}

impl Buffer {
    fn new() -> Buffer {
        Buffer { bytes: [0; LONGEST], used: 0 }
    }

    fn written(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let place = self.bytes.get_mut(self.used..self.used + text.len()).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.used += text.len();
        Ok(())
    }
}

/// A value with no format spec; `quoted` where a string would be. `None` if Python must be asked.
///
/// # Safety
/// `context` is of a running call; the value is of it.
pub unsafe fn plain(context: *mut Context, value: Value, quoted: bool) -> Option<Done<*mut Head>> {
    let mut buffer = Buffer::new();
    match value {
        Value::None => buffer.write_str("None"),
        Value::Bool(value) => buffer.write_str(if value { "True" } else { "False" }),
        Value::Int(value) => {
            let sign = if value < 0 { buffer.write_char('-') } else { Ok(()) };
            sign.and_then(|()| write_whole(&mut buffer, value.unsigned_abs(), 1))
        }
        Value::Float(value) => write_float(&mut buffer, value),
        Value::Text(text) if !quoted => return Some(Ok(text::shared(text))),
        _ => return None,
    }
    .ok()?;
    Some(text::of_ascii(context, buffer.written()))
}

/// `format(value, ".2f")` and its like. `None` for every other format.
///
/// # Safety
/// As for [`plain`]; `spec` is a string.
pub unsafe fn fixed(context: *mut Context, value: Value, spec: *const Head) -> Option<Done<*mut Head>> {
    let Value::Float(value) = value else { return None };
    let digit = |point: &u32| char::from_u32(*point).and_then(|digit| digit.to_digit(10));
    let digits = match text::points(spec).ok()? {
        [point, digits @ .., letter] if *point == u32::from(b'.') && *letter == u32::from(b'f') && (1..=2).contains(&digits.len()) => {
            digits.iter().try_fold(0, |sum, point| Some(sum * 10 + digit(point)?))?
        }
        _ => return None,
    };
    if digits > 12 || value.is_nan() || value.abs() >= 1e15 {
        return None;
    }
    let mut buffer = Buffer::new();
    write_fixed(&mut buffer, value, digits).ok()?;
    Some(text::of_ascii(context, buffer.written()))
}

/// `format(value, ".2f")` and its like, of less than 1e15 and at most 12 digits: a whole number of the smallest units, rounded exactly, half to even.
fn write_fixed(to: &mut Buffer, value: f64, digits: u32) -> fmt::Result {
    let bits = value.to_bits() & !(1 << 63);
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52) as u32);
    let (whole, exponent) = if exponent == 0 { (fraction, 1) } else { (fraction | 1 << 52, exponent) };
    let unit = 10u128.pow(digits);
    let scaled = u128::from(whole) * unit;
    // The value is `whole` times two to the power of `exponent` - 1075: no more than 53 bits, times a unit of 40.
    let units = match 1075u32.saturating_sub(exponent) {
        0 => scaled,
        down @ 1..=100 => {
            let (floor, rest, half) = (scaled >> down, scaled & ((1 << down) - 1), 1 << (down - 1));
            floor + u128::from(rest > half || (rest == half && floor & 1 == 1))
        }
        _ => 0,
    };
    if value.is_sign_negative() {
        to.write_char('-')?;
    }
    let (whole, rest) = match u64::try_from(units) {
        Ok(units) => (units / unit as u64, units % unit as u64),
        Err(_) => ((units / unit) as u64, (units % unit) as u64),
    };
    write_whole(to, whole, 1)?;
    if digits > 0 {
        to.write_char('.')?;
        write_whole(to, rest, digits as usize)?;
    }
    Ok(())
}

/// A number of at least so many digits.
fn write_whole(to: &mut Buffer, mut number: u64, least: usize) -> fmt::Result {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    at = at.min(digits.len() - least);
    to.write_str(std::str::from_utf8(&digits[at..]).map_err(|_| fmt::Error)?)
}

/// `repr(value)`: the shortest digits that are this double, with an exponent where CPython writes one.
fn write_float(to: &mut Buffer, value: f64) -> fmt::Result {
    if !value.is_finite() {
        return to.write_str(if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        });
    }
    let mut scientific = Buffer::new();
    write!(scientific, "{:e}", value.abs())?;
    let text = std::str::from_utf8(scientific.written()).map_err(|_| fmt::Error)?;
    let (mantissa, exponent) = text.split_once('e').ok_or(fmt::Error)?;
    let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if is_tie(value.abs(), first, rest, exponent) {
        // Of two texts that are as short and as near, CPython takes the even one.
        return Err(fmt::Error);
    }
    if value.is_sign_negative() {
        to.write_char('-')?;
    }
    if !(-4..16).contains(&exponent) {
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        return write!(to, "{first}{point}{rest}e{sign}{:02}", exponent.abs());
    }
    if exponent < 0 {
        to.write_str("0.")?;
        for _ in 1..-exponent {
            to.write_char('0')?;
        }
        return write!(to, "{first}{rest}");
    }
    let whole = exponent as usize;
    to.write_str(first)?;
    to.write_str(&rest[..whole.min(rest.len())])?;
    for _ in rest.len()..whole {
        to.write_char('0')?;
    }
    let fraction = rest.get(whole..).filter(|fraction| !fraction.is_empty()).unwrap_or("0");
    write!(to, ".{fraction}")
}

/// Whether a double lies just in the middle between its shortest digits and their neighbour: exactly, in whole numbers.
fn is_tie(value: f64, first: &str, rest: &str, exponent: i32) -> bool {
    let Some(digits) =
        first.bytes().chain(rest.bytes()).try_fold(0u128, |sum, digit| Some(sum * 10 + u128::from(digit.checked_sub(b'0')?)))
    else {
        return true;
    };
    if value == 0.0 {
        return false;
    }
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
    let (whole, power) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    let (odd, two) = (u128::from(whole >> whole.trailing_zeros()), power + whole.trailing_zeros() as i32);
    // The middle is (10 * digits +- 5) * 10**ten: five times an odd number, times powers of two and five.
    let ten = exponent - rest.len() as i32 - 1;
    [10 * digits + 5, 10 * digits - 5].into_iter().any(|middle| {
        let five = |power: i32| u32::try_from(power).ok().and_then(|power| 5u128.checked_pow(power));
        let sides = if ten < 0 {
            (five(-ten).and_then(|five| odd.checked_mul(five)), Some(middle))
        } else {
            (Some(odd), five(ten).and_then(|five| middle.checked_mul(five)))
        };
        // Both are odd.
        two == ten && matches!(sides, (Some(a), Some(b)) if a == b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_digits_are_rounded_exactly() {
        let written = |value: f64, digits: u32| {
            let mut buffer = Buffer::new();
            write_fixed(&mut buffer, value, digits).unwrap();
            String::from_utf8(buffer.written().to_vec()).unwrap()
        };
        for (value, digits, expected) in [
            (0.125, 2, "0.12"),
            (0.375, 2, "0.38"),
            (2.5, 0, "2"),
            (3.5, 0, "4"),
            (-0.0, 2, "-0.00"),
            (-0.001, 2, "-0.00"),
            (1e15 - 0.5, 3, "999999999999999.500"),
            (5e-324, 12, "0.000000000000"),
            (0.1, 12, "0.100000000000"),
            (999.996, 2, "1000.00"),
            (123_456_789.123_456_79, 12, "123456789.123456791043"),
        ] {
            assert_eq!(written(value, digits), expected);
        }
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(state);
            let digits = (state >> 20) as u32 % 13;
            if value.abs() < 1e15 {
                assert_eq!(written(value, digits), format!("{value:.*}", digits as usize), "{value}");
            }
        }
    }

    #[test]
    fn floats_are_written_as_in_python() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (-2.5e-300, "-2.5e-300"),
            (5e-324, "5e-324"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
            (100.25, "100.25"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            let mut buffer = Buffer::new();
            write_float(&mut buffer, value).unwrap();
            assert_eq!(std::str::from_utf8(buffer.written()).unwrap(), expected);
        }
        assert!(write_float(&mut Buffer::new(), 2f64.powi(-25)).is_err());
    }
}
