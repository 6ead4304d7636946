//! Arithmetic on indices and extents: folds constants, uses the exact operations (extents are below 2^60, so sums
//! and products of indices in range never leave int64). Refuses: anything a user computes.

use hypersonic_loops::{Binary, Builder, Compare, Ty, ValueId};

/// `x + y`.
pub fn add(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(p), Some(q)) if p.checked_add(q).is_some() => b.i64(p.wrapping_add(q)),
        (Some(0), _) => y,
        (_, Some(0)) => x,
        _ => b.binary(Binary::AddExact, x, y),
    }
}

/// `x - y`.
pub fn sub(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(p), Some(q)) if p.checked_sub(q).is_some() => b.i64(p.wrapping_sub(q)),
        (_, Some(0)) => x,
        _ if x == y => b.i64(0),
        _ => b.binary(Binary::SubExact, x, y),
    }
}

/// `x * y`.
pub fn mul(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(p), Some(q)) if p.checked_mul(q).is_some() => b.i64(p.wrapping_mul(q)),
        (Some(0), _) | (_, Some(1)) => x,
        (_, Some(0)) | (Some(1), _) => y,
        _ => b.binary(Binary::MulExact, x, y),
    }
}

/// `min(x, y)`, signed.
pub fn min(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(p), Some(q)) => b.i64(p.min(q)),
        _ if x == y => x,
        _ => b.binary(Binary::SMin, x, y),
    }
}

/// `max(x, y)`, signed.
pub fn max(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(p), Some(q)) => b.i64(p.max(q)),
        _ if x == y => x,
        _ => b.binary(Binary::SMax, x, y),
    }
}

/// A comparison of integers: I1.
pub fn compare(b: &mut Builder, op: Compare, x: ValueId, y: ValueId) -> ValueId {
    let known = match (b.as_int(x), b.as_int(y)) {
        (Some(p), Some(q)) => evaluate(op, p, q),
        _ if x == y => evaluate(op, 0, 0),
        _ => None,
    };
    match known {
        Some(outcome) => b.bool(outcome),
        None => b.compare(op, x, y),
    }
}

#[allow(clippy::cast_sign_loss, reason = "unsigned comparisons read the bits")]
const fn evaluate(op: Compare, p: i64, q: i64) -> Option<bool> {
    Some(match op {
        Compare::Eq => p == q,
        Compare::Ne => p != q,
        Compare::SLt => p < q,
        Compare::SLe => p <= q,
        Compare::SGt => p > q,
        Compare::SGe => p >= q,
        Compare::ULt => (p as u64) < q as u64,
        Compare::ULe => p as u64 <= q as u64,
        Compare::UGt => p as u64 > q as u64,
        Compare::UGe => p as u64 >= q as u64,
        _ => return None,
    })
}

/// `if c { x } else { y }`.
pub fn select(b: &mut Builder, c: ValueId, x: ValueId, y: ValueId) -> ValueId {
    match b.as_int(c) {
        Some(0) => y,
        Some(_) => x,
        None if x == y => x,
        None => b.select(c, x, y),
    }
}

/// `x and y` for I1.
pub fn and(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(0), _) | (_, Some(1)) => x,
        (_, Some(0)) | (Some(1), _) => y,
        _ if x == y => x,
        _ => b.and(x, y),
    }
}

/// `x or y` for I1.
pub fn or(b: &mut Builder, x: ValueId, y: ValueId) -> ValueId {
    match (b.as_int(x), b.as_int(y)) {
        (Some(1), _) | (_, Some(0)) => x,
        (_, Some(1)) | (Some(0), _) => y,
        _ if x == y => x,
        _ => b.or(x, y),
    }
}

/// `not x` for I1.
pub fn not(b: &mut Builder, x: ValueId) -> ValueId {
    match b.as_int(x) {
        Some(known) => b.bool(known == 0),
        None => b.not(x),
    }
}

/// The product of extents: 1 for none.
pub fn product(b: &mut Builder, extents: &[ValueId]) -> ValueId {
    let mut all = b.i64(1);
    for extent in extents {
        all = mul(b, all, *extent);
    }
    all
}

/// C-contiguous strides in bytes.
pub fn contiguous_strides(b: &mut Builder, extents: &[ValueId], itemsize: u64) -> Vec<ValueId> {
    let mut stride = b.i64(itemsize.cast_signed());
    let mut strides = vec![stride; extents.len()];
    for axis in (0..extents.len()).rev() {
        strides[axis] = stride;
        if axis > 0 {
            stride = mul(b, stride, extents[axis]);
        }
    }
    strides
}

/// Whether two I64 values are known to be equal.
#[must_use]
pub fn same(b: &Builder, x: ValueId, y: ValueId) -> bool {
    x == y || b.as_int(x).is_some_and(|known| b.as_int(y) == Some(known))
}

/// An address as an integer.
pub fn address_bits(b: &mut Builder, address: ValueId) -> ValueId {
    b.cast(hypersonic_loops::Cast::Bits, address, Ty::I64)
}
