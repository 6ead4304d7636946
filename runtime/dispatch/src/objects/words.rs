//! Elements by their layout: whether two are equal, which comes first, what they hash to. All as CPython has it for the values that
//! the words stand for; where CPython would ask which object a NaN is, the answer is that nobody here knows.

use crate::objects::dict::Dict;
use crate::objects::head::{Done, Head, Stop};
use crate::objects::reference::tag;
use crate::objects::set::Set;
use crate::objects::{text, text_hash};
use hypersonic_abi::object::{class, kind, layout};
use std::cmp::Ordering;
use std::slice;

/// Whether two values are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    /// They are.
    Yes,
    /// They are not.
    No,
    /// It depends on which objects they are, or is not a truth value.
    Unknown,
}

impl Same {
    /// As a truth value; only Python knows what is unknown.
    pub fn known(self) -> Done<bool> {
        match self {
            Same::Yes => Ok(true),
            Same::No => Ok(false),
            Same::Unknown => Err(Stop::Python),
        }
    }

    fn from(same: bool) -> Same {
        if same { Same::Yes } else { Same::No }
    }
}

/// Whether two elements are equal. A part that differs decides, whatever is unknown beside it.
///
/// # Safety
/// Both have the words of `layout`.
#[inline]
pub unsafe fn equal(layout: u64, a: *const u64, b: *const u64) -> Same {
    let mut same = Same::Yes;
    for word in 0..layout::words(layout) {
        match equal_words(tag(layout, word), *a.add(word), *b.add(word)) {
            Same::Yes => (),
            Same::No => return Same::No,
            Same::Unknown => same = Same::Unknown,
        }
    }
    same
}

#[inline]
unsafe fn equal_words(tag: u64, a: u64, b: u64) -> Same {
    match tag {
        layout::SIGNED | layout::UNSIGNED => Same::from(a == b),
        layout::DOUBLE => equal_floats(f64::from_bits(a), f64::from_bits(b)),
        layout::SINGLE => equal_floats(single(a), single(b)),
        layout::OBJECT => objects_equal(a as *mut Head, b as *mut Head),
        _ => Same::Unknown,
    }
}

fn equal_floats(a: f64, b: f64) -> Same {
    if a.is_nan() && b.is_nan() { Same::Unknown } else { Same::from(a == b) }
}

fn single(word: u64) -> f64 {
    f64::from(f32::from_bits(word as u32))
}

/// Whether two objects of one type are equal.
///
/// # Safety
/// Both are whole.
pub unsafe fn objects_equal(a: *mut Head, b: *mut Head) -> Same {
    if a == b {
        return Same::Yes;
    }
    if a as usize <= 1 || b as usize <= 1 {
        return Same::from(a as usize <= 1 && b as usize <= 1);
    }
    if (*a).length() != (*b).length() && (*a).kind() != kind::DICT {
        return Same::No;
    }
    match (*a).kind() {
        kind::STR => Same::from(text::characters(a).equal(text::characters(b))),
        kind::LIST | kind::TUPLE => {
            rows_equal((*a).object.layout, (*a).object.block.data.cast(), (*b).object.block.data.cast(), (*a).length())
        }
        kind::SET => {
            let (a, b) = (&*a.cast::<Set>(), &*b.cast::<Set>());
            a.is_subset(b)
        }
        _ => (*a.cast::<Dict>()).equals(&*b.cast::<Dict>()),
    }
}

unsafe fn rows_equal(layout: u64, a: *const u64, b: *const u64, count: usize) -> Same {
    if matches!(layout, layout::SIGNED | layout::UNSIGNED) && count > 0 {
        return Same::from(slice::from_raw_parts(a, count) == slice::from_raw_parts(b, count));
    }
    let words = layout::words(layout);
    let mut same = Same::Yes;
    for index in 0..count {
        match equal(layout, a.add(index * words), b.add(index * words)) {
            Same::Yes => (),
            Same::No => return Same::No,
            Same::Unknown => same = Same::Unknown,
        }
    }
    same
}

/// Which of two elements comes first. If that is unknown, or neither does, it says so through `unknown` and answers with some order that
/// is one.
///
/// # Safety
/// Both have the words of `layout`.
#[inline]
pub unsafe fn order(layout: u64, a: *const u64, b: *const u64, unknown: &mut bool) -> Ordering {
    for word in 0..layout::words(layout) {
        let order = order_words(tag(layout, word), *a.add(word), *b.add(word), unknown);
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

#[inline]
unsafe fn order_words(tag: u64, a: u64, b: u64, unknown: &mut bool) -> Ordering {
    match tag {
        layout::SIGNED => (a as i64).cmp(&(b as i64)),
        layout::UNSIGNED => a.cmp(&b),
        layout::DOUBLE => order_floats(f64::from_bits(a), f64::from_bits(b), unknown),
        layout::SINGLE => order_floats(single(a), single(b), unknown),
        layout::OBJECT => objects_order(a as *mut Head, b as *mut Head, unknown),
        _ => {
            *unknown = true;
            a.cmp(&b)
        }
    }
}

fn order_floats(a: f64, b: f64, unknown: &mut bool) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| {
        *unknown = true;
        a.total_cmp(&b)
    })
}

/// The order of two lists or strings of one type.
///
/// # Safety
/// Both are whole.
pub unsafe fn objects_order(a: *mut Head, b: *mut Head, unknown: &mut bool) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    match (*a).kind() {
        kind::STR => text::characters(a).order(text::characters(b)),
        kind::LIST | kind::TUPLE => {
            let words = layout::words((*a).object.layout);
            let (left, right) = ((*a).object.block.data.cast::<u64>(), (*b).object.block.data.cast::<u64>());
            for index in 0..(*a).length().min((*b).length()) {
                let order = order((*a).object.layout, left.add(index * words), right.add(index * words), unknown);
                if order != Ordering::Equal {
                    return order;
                }
            }
            (*a).length().cmp(&(*b).length())
        }
        _ => {
            *unknown = true;
            a.cmp(&b)
        }
    }
}

/// What an element hashes to: CPython's hash of a number, or of a flat tuple of numbers. A NaN is a matter of identity.
///
/// # Safety
/// It has the words of `layout`.
#[inline]
pub unsafe fn hash(layout: u64, element: *const u64) -> Done<u64> {
    let count = layout::words(layout);
    if count == 1 {
        return hash_word(layout, *element);
    }
    hash_lanes((0..count).map(|word| hash_word(tag(layout, word), *element.add(word))))
}

/// CPython's hash of a tuple of things with these hashes.
#[inline]
fn hash_lanes(lanes: impl ExactSizeIterator<Item = Done<u64>>) -> Done<u64> {
    const PRIMES: [u64; 3] = [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
    let count = lanes.len();
    let mut sum = PRIMES[2];
    for lane in lanes {
        sum = sum.wrapping_add(lane?.wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0]);
    }
    sum = sum.wrapping_add(count as u64 ^ (PRIMES[2] ^ 3_527_539));
    Ok(if sum == u64::MAX { 1_546_275_796 } else { sum })
}

/// The hash of an object: of a string, or of a tuple.
unsafe fn hash_object(head: *mut Head) -> Done<u64> {
    match (*head).kind() {
        kind::STR => Ok(text_hash::hash(head)),
        kind::TUPLE => {
            let (layout, elements) = ((*head).object.layout, (*head).object.block.data.cast::<u64>());
            let words = layout::words(layout);
            hash_lanes((0..(*head).length()).map(|index| hash(layout, elements.add(index * words))))
        }
        kind::SET if (*head).object.class == class::FROZEN_SET => {
            let hashes = (*head.cast::<Set>()).table.elements().map(|element| hash((*head).object.layout, element.as_ptr()));
            hash_frozen((*head).length(), hashes)
        }
        _ => Err(Stop::Python),
    }
}

/// CPython's hash of a frozenset of things with these hashes.
fn hash_frozen(count: usize, hashes: impl Iterator<Item = Done<u64>>) -> Done<u64> {
    let mut sum = 0;
    for hash in hashes {
        let hash = hash?;
        sum ^= ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
    }
    sum ^= (count as u64 + 1).wrapping_mul(1_927_868_237);
    sum ^= (sum >> 11) ^ (sum >> 25);
    sum = sum.wrapping_mul(69_069).wrapping_add(907_133_923);
    Ok(if sum == u64::MAX { 590_923_713 } else { sum })
}

#[inline]
unsafe fn hash_word(tag: u64, word: u64) -> Done<u64> {
    match tag {
        layout::SIGNED => Ok(hash_int(word as i64)),
        layout::UNSIGNED => Ok(word % MODULUS),
        layout::DOUBLE => hash_float(f64::from_bits(word)),
        layout::SINGLE => hash_float(single(word)),
        layout::OBJECT => hash_object(word as *mut Head),
        _ => Err(Stop::Python),
    }
}

/// The prime that CPython reduces numbers by.
const MODULUS: u64 = (1 << 61) - 1;

fn hash_int(value: i64) -> u64 {
    let rest = (value.unsigned_abs() % MODULUS) as i64;
    signed_hash(if value < 0 { -rest } else { rest })
}

/// No hash is -1.
fn signed_hash(hash: i64) -> u64 {
    if hash == -1 { -2i64 as u64 } else { hash as u64 }
}

fn hash_float(value: f64) -> Done<u64> {
    if value.is_nan() {
        return Err(Stop::Python);
    }
    if value.is_infinite() {
        return Ok(signed_hash(if value > 0.0 { 314_159 } else { -314_159 }));
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (whole, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    // 2**61 is 1 here: a power of two turns the bits.
    let turn = exponent.rem_euclid(61) as u32;
    let turned = if turn == 0 { whole } else { (whole << turn & MODULUS) | whole >> (61 - turn) };
    let hash = (turned % MODULUS) as i64;
    Ok(signed_hash(if value < 0.0 { -hash } else { hash }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(layout: u64, words: &[u64]) -> i64 {
        // SAFETY: the words are those of the layout.
        unsafe { hash(layout, words.as_ptr()) }.unwrap() as i64
    }

    #[test]
    fn numbers_hash_as_in_python() {
        for (value, expected) in [
            (0.0, 0),
            (-0.0, 0),
            (-1.0, -2),
            (0.5, 1_152_921_504_606_846_976),
            (3.25, 576_460_752_303_423_491),
            (-1e300, -1_224_995_262_755_759_164),
            (5e-324, 16_777_216),
            (f64::INFINITY, 314_159),
        ] {
            assert_eq!(hash_of(layout::DOUBLE, &[f64::to_bits(value)]), expected, "{value}");
        }
        for (value, expected) in [(-1, -2), (i64::MAX, 3), (i64::MIN, -4), ((1 << 61) - 1, 0)] {
            assert_eq!(hash_of(layout::SIGNED, &[value as u64]), expected, "{value}");
        }
    }

    #[test]
    fn tuples_hash_as_in_python() {
        let two = layout::SIGNED | layout::SIGNED << 4;
        assert_eq!(hash_of(two, &[1, 2]), -3_550_055_125_485_641_917);
        assert_eq!(hash_of(two | layout::DOUBLE << 8, &[1, 2, 2.5f64.to_bits()]), 6_765_408_562_862_318_994);
    }

    #[test]
    fn a_nan_is_known_only_beside_a_difference() {
        let pair = layout::DOUBLE | layout::SIGNED << 4;
        let nan = f64::NAN.to_bits();
        // SAFETY: the words are those of the layout.
        unsafe {
            assert_eq!(equal(pair, [nan, 1].as_ptr(), [nan, 1].as_ptr()), Same::Unknown);
            assert_eq!(equal(pair, [nan, 1].as_ptr(), [nan, 2].as_ptr()), Same::No);
            assert_eq!(equal(pair, [nan, 1].as_ptr(), [0, 1].as_ptr()), Same::No);
            assert_eq!(equal(layout::DOUBLE, &0f64.to_bits(), &(-0f64).to_bits()), Same::Yes);
            assert!(hash(layout::DOUBLE, &nan).is_err());
        }
    }
}
