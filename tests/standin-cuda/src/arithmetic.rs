//! Integers, floats and bits. Floats round to nearest, and nothing is contracted; what only approximates is not known.
//! Division by zero, which PTX leaves open, gives [`OPEN`], so that a kernel that relies on it is found out.

use crate::operation::Operation::{self, Binary, Ternary, Unary};

/// What stands for a value that PTX leaves open.
pub const OPEN: u64 = 0xa5a5_a5a5_a5a5_a5a5;

macro_rules! integers {
    ($words:expr, $kind:ty, $unsigned:ty, $wide:ty, $wide_unsigned:ty) => {{
        macro_rules! result {
            ($value:expr) => {
                u64::from($value as $unsigned)
            };
        }
        macro_rules! wide {
            ($value:expr) => {
                $value as $wide_unsigned as u64
            };
        }
        Some(match $words {
            ["add"] => Binary(|a, b| result!((a as $kind).wrapping_add(b as $kind))),
            ["sub"] => Binary(|a, b| result!((a as $kind).wrapping_sub(b as $kind))),
            ["mul", "lo"] => Binary(|a, b| result!((a as $kind).wrapping_mul(b as $kind))),
            ["mul", "hi"] => Binary(|a, b| result!((a as $kind as $wide * b as $kind as $wide) >> <$kind>::BITS)),
            ["mul", "wide"] if <$kind>::BITS < 64 => Binary(|a, b| wide!(a as $kind as $wide * b as $kind as $wide)),
            ["mad", "wide"] if <$kind>::BITS < 64 => {
                Ternary(|a, b, c| wide!((a as $kind as $wide * b as $kind as $wide).wrapping_add(c as $wide)))
            }
            ["mad", "lo"] => Ternary(|a, b, c| result!((a as $kind).wrapping_mul(b as $kind).wrapping_add(c as $kind))),
            ["div"] => Binary(|a, b| if b as $kind == 0 { OPEN } else { result!((a as $kind).wrapping_div(b as $kind)) }),
            ["rem"] => Binary(|a, b| if b as $kind == 0 { OPEN } else { result!((a as $kind).wrapping_rem(b as $kind)) }),
            ["min"] => Binary(|a, b| result!((a as $kind).min(b as $kind))),
            ["max"] => Binary(|a, b| result!((a as $kind).max(b as $kind))),
            ["neg"] if <$kind>::MIN != 0 => Unary(|a| result!((a as $kind).wrapping_neg())),
            ["abs"] if <$kind>::MIN != 0 => {
                Unary(|a| result!(if (a as $kind) < <$kind>::default() { (a as $kind).wrapping_neg() } else { a as $kind }))
            }
            // More than the width shifts everything out.
            ["shr"] => Binary(|a, b| {
                let rest = if (a as $kind) < <$kind>::default() { <$unsigned>::MAX as $kind } else { 0 };
                result!((a as $kind).checked_shr(b as u32).unwrap_or(rest))
            }),
            _ => return None,
        })
    }};
}

/// Instructions on integers.
pub fn integer(words: &[&str]) -> Option<Operation> {
    let (kind, words) = words.split_last()?;
    match *kind {
        "u16" => integers!(*words, u16, u16, u32, u32),
        "s16" => integers!(*words, i16, u16, i32, u32),
        "u32" => integers!(*words, u32, u32, u64, u64),
        "s32" => integers!(*words, i32, u32, i64, u64),
        "u64" => integers!(*words, u64, u64, u128, u128),
        "s64" => integers!(*words, i64, u64, i128, u128),
        _ => None,
    }
}

macro_rules! floats {
    ($name:expr, $suffix:literal, $float:ty, $bits:ty) => {{
        macro_rules! get {
            ($value:expr) => {
                <$float>::from_bits($value as $bits)
            };
        }
        macro_rules! result {
            ($value:expr) => {
                u64::from(($value).to_bits())
            };
        }
        const SIGN: $bits = 1 << (<$bits>::BITS - 1);
        match $name {
            concat!("add.rn.", $suffix) | concat!("add.", $suffix) => Some(Binary(|a, b| result!(get!(a) + get!(b)))),
            concat!("sub.rn.", $suffix) | concat!("sub.", $suffix) => Some(Binary(|a, b| result!(get!(a) - get!(b)))),
            concat!("mul.rn.", $suffix) | concat!("mul.", $suffix) => Some(Binary(|a, b| result!(get!(a) * get!(b)))),
            concat!("div.rn.", $suffix) => Some(Binary(|a, b| result!(get!(a) / get!(b)))),
            concat!("fma.rn.", $suffix) => Some(Ternary(|a, b, c| result!(get!(a).mul_add(get!(b), get!(c))))),
            concat!("sqrt.rn.", $suffix) => Some(Unary(|a| result!(get!(a).sqrt()))),
            concat!("rcp.rn.", $suffix) => Some(Unary(|a| result!(1.0 / get!(a)))),
            concat!("abs.", $suffix) => Some(Unary(|a| u64::from(a as $bits & !SIGN))),
            concat!("neg.", $suffix) => Some(Unary(|a| u64::from(a as $bits ^ SIGN))),
            // The sign of the first on the second.
            concat!("copysign.", $suffix) => Some(Binary(|a, b| u64::from(a as $bits & SIGN | b as $bits & !SIGN))),
            concat!("min.", $suffix) => Some(Binary(|a, b| {
                let (x, y) = (get!(a), get!(b));
                let second = x.is_nan() || y < x || (x == y && y.is_sign_negative());
                result!(if second { y } else { x })
            })),
            concat!("max.", $suffix) => Some(Binary(|a, b| {
                let (x, y) = (get!(a), get!(b));
                let second = x.is_nan() || y > x || (x == y && y.is_sign_positive());
                result!(if second { y } else { x })
            })),
            concat!("min.NaN.", $suffix) => Some(Binary(|a, b| {
                let (x, y) = (get!(a), get!(b));
                let second = !x.is_nan() && (y.is_nan() || y < x || (x == y && y.is_sign_negative()));
                result!(if second { y } else { x })
            })),
            concat!("max.NaN.", $suffix) => Some(Binary(|a, b| {
                let (x, y) = (get!(a), get!(b));
                let second = !x.is_nan() && (y.is_nan() || y > x || (x == y && y.is_sign_positive()));
                result!(if second { y } else { x })
            })),
            _ => None,
        }
    }};
}

/// Instructions on floats.
pub fn float(opcode: &str) -> Option<Operation> {
    let double = floats!(opcode, "f64", f64, u64);
    if double.is_some() { double } else { floats!(opcode, "f32", f32, u32) }
}

macro_rules! logic {
    ($name:expr, $($kind:ty => $suffix:literal),*) => {
        match $name {
            $(
                concat!("and.", $suffix) => Some(Binary(|a, b| a & b)),
                concat!("or.", $suffix) => Some(Binary(|a, b| a | b)),
                concat!("xor.", $suffix) => Some(Binary(|a, b| a ^ b)),
                concat!("not.", $suffix) => Some(Unary(|a| !a)),
                concat!("shl.", $suffix) => Some(Binary(|a, b| u64::from((a as $kind).checked_shl(b as u32).unwrap_or(0)))),
                concat!("shr.", $suffix) => Some(Binary(|a, b| u64::from((a as $kind).checked_shr(b as u32).unwrap_or(0)))),
            )*
            "and.pred" => Some(Binary(|a, b| a & b)),
            "or.pred" => Some(Binary(|a, b| a | b)),
            "xor.pred" => Some(Binary(|a, b| a ^ b)),
            "not.pred" => Some(Unary(|a| !a)),
            "popc.b32" => Some(Unary(|a| u64::from((a as u32).count_ones()))),
            "popc.b64" => Some(Unary(|a| u64::from(a.count_ones()))),
            "clz.b32" => Some(Unary(|a| u64::from((a as u32).leading_zeros()))),
            "clz.b64" => Some(Unary(|a| u64::from(a.leading_zeros()))),
            "brev.b32" => Some(Unary(|a| u64::from((a as u32).reverse_bits()))),
            "brev.b64" => Some(Unary(|a| a.reverse_bits())),
            "bfe.u32" => Some(Ternary(|a, b, c| field(u64::from(a as u32), b, c, 32, false))),
            "bfe.u64" => Some(Ternary(|a, b, c| field(a, b, c, 64, false))),
            "bfe.s32" => Some(Ternary(|a, b, c| field(a as i32 as u64, b, c, 32, true))),
            "bfe.s64" => Some(Ternary(|a, b, c| field(a, b, c, 64, true))),
            "prmt.b32" => Some(Ternary(permute)),
            "shf.l.wrap.b32" => Some(Ternary(|a, b, c| ((b << 32 | a & 0xffff_ffff) << (c & 31)) >> 32 & 0xffff_ffff)),
            "shf.r.wrap.b32" => Some(Ternary(|a, b, c| (b << 32 | a & 0xffff_ffff) >> (c & 31) & 0xffff_ffff)),
            _ => None,
        }
    };
}

/// Instructions on bits.
pub fn bitwise(opcode: &str) -> Option<Operation> {
    logic!(opcode, u16 => "b16", u32 => "b32", u64 => "b64")
}

/// `bfe`: `length` bits of `a` from `start` on, the sign bit repeated if it has one.
fn field(a: u64, start: u64, length: u64, width: u32, signed: bool) -> u64 {
    let (start, length) = (start as u8 as u32, length as u8 as u32);
    let negative = signed && length > 0 && (a >> (start + length - 1).min(width - 1)) & 1 == 1;
    let taken = a.checked_shr(start).filter(|_| start < width).unwrap_or(0);
    let low = if length >= 64 { u64::MAX } else { (1 << length) - 1 };
    let low = if start < width { low & (u64::MAX >> (64 - (width - start))) } else { 0 };
    if negative { taken & low | !low } else { taken & low }
}

/// `prmt`: each nibble of the selector chooses a byte of `b:a`, or its sign.
fn permute(a: u64, b: u64, selector: u64) -> u64 {
    let bytes = (b << 32 | a & 0xffff_ffff).to_le_bytes();
    (0..4).fold(0, |result, n| {
        let choice = (selector >> (4 * n)) & 15;
        let byte = bytes[(choice & 7) as usize];
        let byte = if choice & 8 == 0 { byte } else { (byte.cast_signed() >> 7).cast_unsigned() };
        result | u64::from(byte) << (8 * n)
    })
}
