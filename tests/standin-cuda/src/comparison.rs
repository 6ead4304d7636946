//! `setp` and `testp`.

use crate::operation::{Binary, Unary};
use std::cmp::Ordering::{Equal, Greater, Less};

macro_rules! integers {
    ($relation:expr, $kind:ty) => {
        Some(match $relation {
            "eq" => |a, b| u64::from(a as $kind == b as $kind),
            "ne" => |a, b| u64::from(a as $kind != b as $kind),
            "lt" | "lo" => |a, b| u64::from((a as $kind) < b as $kind),
            "le" | "ls" => |a, b| u64::from(a as $kind <= b as $kind),
            "gt" | "hi" => |a, b| u64::from(a as $kind > b as $kind),
            "ge" | "hs" => |a, b| u64::from(a as $kind >= b as $kind),
            _ => return None,
        })
    };
}

macro_rules! floats {
    ($relation:expr, $kind:ty, $bits:ty) => {{
        macro_rules! when {
            ($pattern:pat) => {
                |a, b| u64::from(matches!(<$kind>::from_bits(a as $bits).partial_cmp(&<$kind>::from_bits(b as $bits)), $pattern))
            };
        }
        Some(match $relation {
            "eq" => when!(Some(Equal)),
            "ne" => when!(Some(Less | Greater)),
            "lt" => when!(Some(Less)),
            "le" => when!(Some(Less | Equal)),
            "gt" => when!(Some(Greater)),
            "ge" => when!(Some(Greater | Equal)),
            "equ" => when!(Some(Equal) | None),
            "neu" => when!(Some(Less | Greater) | None),
            "ltu" => when!(Some(Less) | None),
            "leu" => when!(Some(Less | Equal) | None),
            "gtu" => when!(Some(Greater) | None),
            "geu" => when!(Some(Greater | Equal) | None),
            "num" => |a, b| u64::from(!(<$kind>::from_bits(a as $bits).is_nan() || <$kind>::from_bits(b as $bits).is_nan())),
            "nan" => |a, b| u64::from(<$kind>::from_bits(a as $bits).is_nan() || <$kind>::from_bits(b as $bits).is_nan()),
            _ => return None,
        })
    }};
}

/// `setp.<relation>.<kind>`.
pub fn compare(relation: &str, kind: &str) -> Option<Binary> {
    let unsigned_only = matches!(relation, "lo" | "ls" | "hi" | "hs");
    let bits_only = matches!(relation, "eq" | "ne");
    match kind {
        "u16" => integers!(relation, u16),
        "u32" => integers!(relation, u32),
        "u64" => integers!(relation, u64),
        "b16" if bits_only => integers!(relation, u16),
        "b32" if bits_only => integers!(relation, u32),
        "b64" if bits_only => integers!(relation, u64),
        "s16" if !unsigned_only => integers!(relation, i16),
        "s32" if !unsigned_only => integers!(relation, i32),
        "s64" if !unsigned_only => integers!(relation, i64),
        "f32" => floats!(relation, f32, u32),
        "f64" => floats!(relation, f64, u64),
        _ => None,
    }
}

macro_rules! tests {
    ($class:expr, $kind:ty, $bits:ty) => {
        Some(match $class {
            "finite" => |a| u64::from(<$kind>::from_bits(a as $bits).is_finite()),
            "infinite" => |a| u64::from(<$kind>::from_bits(a as $bits).is_infinite()),
            "number" => |a| u64::from(!<$kind>::from_bits(a as $bits).is_nan()),
            "notanumber" => |a| u64::from(<$kind>::from_bits(a as $bits).is_nan()),
            "normal" => |a| u64::from(<$kind>::from_bits(a as $bits).is_normal()),
            "subnormal" => |a| u64::from(<$kind>::from_bits(a as $bits).is_subnormal()),
            _ => return None,
        })
    };
}

/// `testp.<class>.<kind>`.
pub fn test(class: &str, kind: &str) -> Option<Unary> {
    match kind {
        "f32" => tests!(class, f32, u32),
        "f64" => tests!(class, f64, u64),
        _ => None,
    }
}
