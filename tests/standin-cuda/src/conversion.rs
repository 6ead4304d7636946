//! `cvt`: every pair of types that a kernel meets, with the rounding written out. What would round without saying how is
//! no instruction; float to integer clamps, and makes zero of NaN, as the hardware does.

use crate::operation::Unary;

macro_rules! from_integer {
    ($to:expr, $from:ty) => {
        Some(match $to {
            "u8" | "b8" => |a| u64::from(a as $from as u8),
            "u16" | "b16" => |a| u64::from(a as $from as u16),
            "u32" | "b32" => |a| u64::from(a as $from as u32),
            "u64" | "b64" => |a| a as $from as u64,
            "s8" => |a| a as $from as i8 as u64,
            "s16" => |a| a as $from as i16 as u64,
            "s32" => |a| a as $from as i32 as u64,
            "s64" => |a| a as $from as i64 as u64,
            _ => return None,
        })
    };
}

macro_rules! integer_to_float {
    ($to:expr, $from:ty) => {
        Some(match $to {
            "f32" => |a| u64::from((a as $from as f32).to_bits()),
            "f64" => |a| (a as $from as f64).to_bits(),
            _ => return None,
        })
    };
}

macro_rules! float_to_integer {
    ($to:expr, $from:ty, $bits:ty, $round:ident) => {
        Some(match $to {
            "u8" => |a| u64::from(<$from>::from_bits(a as $bits).$round() as u8),
            "u16" => |a| u64::from(<$from>::from_bits(a as $bits).$round() as u16),
            "u32" => |a| u64::from(<$from>::from_bits(a as $bits).$round() as u32),
            "u64" => |a| <$from>::from_bits(a as $bits).$round() as u64,
            "s8" => |a| <$from>::from_bits(a as $bits).$round() as i8 as u64,
            "s16" => |a| <$from>::from_bits(a as $bits).$round() as i16 as u64,
            "s32" => |a| <$from>::from_bits(a as $bits).$round() as i32 as u64,
            "s64" => |a| <$from>::from_bits(a as $bits).$round() as i64 as u64,
            "f32" if stringify!($from) == "f32" => |a| u64::from((<$from>::from_bits(a as $bits).$round() as f32).to_bits()),
            "f64" if stringify!($from) == "f64" => |a| f64::from(<$from>::from_bits(a as $bits).$round()).to_bits(),
            _ => return None,
        })
    };
}

macro_rules! from_float {
    ($rounding:expr, $to:expr, $from:ty, $bits:ty) => {
        match $rounding {
            "rni" => float_to_integer!($to, $from, $bits, round_ties_even),
            "rzi" => float_to_integer!($to, $from, $bits, trunc),
            "rmi" => float_to_integer!($to, $from, $bits, floor),
            "rpi" => float_to_integer!($to, $from, $bits, ceil),
            _ => None,
        }
    };
}

/// `cvt.<words>`.
pub fn convert(words: &[&str]) -> Option<Unary> {
    match *words {
        ["f64", "f32"] => Some(|a| f64::from(f32::from_bits(a as u32)).to_bits()),
        ["rn", "f32", "f64"] => Some(|a| u64::from((f64::from_bits(a) as f32).to_bits())),
        ["rn", to, from] => match from {
            "u8" => integer_to_float!(to, u8),
            "u16" => integer_to_float!(to, u16),
            "u32" => integer_to_float!(to, u32),
            "u64" => integer_to_float!(to, u64),
            "s8" => integer_to_float!(to, i8),
            "s16" => integer_to_float!(to, i16),
            "s32" => integer_to_float!(to, i32),
            "s64" => integer_to_float!(to, i64),
            _ => None,
        },
        [rounding, to, "f32"] => from_float!(rounding, to, f32, u32),
        [rounding, to, "f64"] => from_float!(rounding, to, f64, u64),
        [to, from] => match from {
            "u8" | "b8" => from_integer!(to, u8),
            "u16" | "b16" => from_integer!(to, u16),
            "u32" | "b32" => from_integer!(to, u32),
            "u64" | "b64" => from_integer!(to, u64),
            "s8" => from_integer!(to, i8),
            "s16" => from_integer!(to, i16),
            "s32" => from_integer!(to, i32),
            "s64" => from_integer!(to, i64),
            _ => None,
        },
        _ => None,
    }
}
