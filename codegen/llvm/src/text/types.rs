//! LLVM's words for types and constants.

use hypersonic_loops::Ty;

/// LLVM's name of a type.
pub(crate) const fn name(ty: Ty) -> &'static str {
    match ty {
        Ty::I1 => "i1",
        Ty::I8 => "i8",
        Ty::I16 => "i16",
        Ty::I32 => "i32",
        Ty::I64 => "i64",
        Ty::F32 => "float",
        Ty::F64 => "double",
        Ty::Ptr => "ptr",
    }
}

/// What an intrinsic's name ends in for a type.
pub(crate) const fn mangled(ty: Ty) -> &'static str {
    match ty {
        Ty::F32 => "f32",
        Ty::F64 => "f64",
        _ => name(ty),
    }
}

/// Bits of a value.
pub(crate) const fn bits(ty: Ty) -> u32 {
    match ty {
        Ty::I1 => 1,
        Ty::I8 => 8,
        Ty::I16 => 16,
        Ty::I32 | Ty::F32 => 32,
        Ty::I64 | Ty::F64 | Ty::Ptr => 64,
    }
}

/// An integer constant.
#[allow(clippy::cast_possible_truncation, reason = "a constant of a narrow type is its low bits")]
pub(crate) fn int_literal(ty: Ty, value: i64) -> String {
    match ty {
        Ty::I1 => (if value & 1 == 0 { "false" } else { "true" }).to_owned(),
        Ty::I8 => (value as i8).to_string(),
        Ty::I16 => (value as i16).to_string(),
        Ty::I32 => (value as i32).to_string(),
        _ => value.to_string(),
    }
}

/// A floating constant by its bits. LLVM writes an f32 as the f64 of the same value.
#[allow(clippy::cast_possible_truncation, reason = "an f32's bits are the low half")]
pub(crate) fn float_literal(ty: Ty, bits: u64) -> String {
    if ty != Ty::F32 {
        return format!("0x{bits:016X}");
    }
    let narrow = bits as u32;
    let value = f32::from_bits(narrow);
    let wide = if value.is_nan() {
        (u64::from(narrow >> 31) << 63) | (0x7FF << 52) | (u64::from(narrow & 0x7F_FFFF) << 29)
    } else {
        f64::from(value).to_bits()
    };
    format!("0x{wide:016X}")
}

/// An element of a constant table.
pub(crate) fn literal_of_bits(ty: Ty, bits: u64) -> String {
    if ty.is_float() { float_literal(ty, bits) } else { int_literal(ty, bits.cast_signed()) }
}

/// `2^exponent` as a constant of a floating type, negated if asked.
pub(crate) fn power_of_two(ty: Ty, exponent: u32, negative: bool) -> String {
    let sign = u64::from(negative);
    if ty == Ty::F32 {
        float_literal(ty, (sign << 31) | u64::from(127 + exponent) << 23)
    } else {
        float_literal(ty, (sign << 63) | u64::from(1023 + exponent) << 52)
    }
}
