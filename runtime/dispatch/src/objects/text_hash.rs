//! What strings hash to; other numbers in every process. Of a short string of ASCII the hash says all: it is the string, its bits mixed. So that
//! whoever finds it in a table of strings has found the string, and need not fetch it from wherever it lies.

use crate::objects::head::Head;
use crate::objects::text::{self, Characters};
use hypersonic_abi::object::{kind, layout};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::OnceLock;

/// Set in hashes that say all.
const WHOLE: u64 = 1 << 63;
/// Most characters of such a string: seven bits each.
const SHORT: usize = 9;

/// The hash of a string.
///
/// # Safety
/// `text` is a string.
#[inline]
pub unsafe fn hash(text: *mut Head) -> u64 {
    let known = (*text).object.hash;
    if known != 0 {
        return known;
    }
    let hash = of(text::characters(text));
    (*text).object.hash = hash;
    hash
}

/// Whether two keys of a layout are equal if both have this hash: `key` is one of them.
///
/// # Safety
/// `key` has the words of a key of the layout.
#[inline]
pub unsafe fn says_all(layout: u64, hash: u64, key: &[u64]) -> bool {
    hash & WHOLE != 0 && layout == layout::OBJECT && (*(key[0] as *const Head)).object.block.kind == kind::STR
}

/// The hash of a short string, if that is one.
#[inline]
pub fn of_short(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > SHORT {
        return None;
    }
    short(first_eight(bytes), bytes.get(8).copied(), bytes.len().min(8))
}

/// The first eight bytes, the first in the lowest bits; zeros where there are fewer. Without a loop.
#[inline]
pub fn first_eight(bytes: &[u8]) -> u64 {
    if let Some(eight) = bytes.first_chunk() {
        return u64::from_le_bytes(*eight);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (bytes.len() - 4));
    }
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// As [`of_short`]: the first `count` characters, a byte each, and the ninth, if there is one.
#[inline]
fn short(word: u64, ninth: Option<u8>, count: usize) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // A zero would not be told from the end; nothing is one where there is no character.
    if ninth == Some(0) {
        return None;
    }
    let ninth = u64::from(ninth.unwrap_or(0));
    let filled = if count == 8 { word } else { word | ONES << (8 * count) };
    if (word | ninth) & HIGH != 0 || filled.wrapping_sub(ONES) & !filled & HIGH != 0 {
        return None;
    }
    let pairs = (word & 0x007f_007f_007f_007f) | (word & 0x7f00_7f00_7f00_7f00) >> 1;
    let fours = (pairs & 0x0000_3fff_0000_3fff) | (pairs & 0x3fff_0000_3fff_0000) >> 2;
    let bits = (fours & 0x0fff_ffff) | (fours >> 32) << 28 | ninth << 56;
    // Each step can be undone, so that no two strings meet.
    let mixed = ((bits ^ seed()).wrapping_mul(0x9e37_79b9_7f4a_7c15)) & !WHOLE;
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xf39c_c060_5ced_c835) & !WHOLE;
    Some((mixed ^ mixed >> 29) | WHOLE)
}

fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| RandomState::new().hash_one(0) & !WHOLE)
}

/// The same of narrow and of wide characters.
fn of(characters: Characters<'_>) -> u64 {
    let add = |sum: u64, word: u64| {
        let product = u128::from(sum ^ word) * 0x9e37_79b9_7f4a_7c15;
        (product as u64 ^ (product >> 64) as u64).wrapping_add(0xf39c_c060_5ced_c835)
    };
    let sum = match characters {
        Characters::Narrow(bytes) => {
            if let Some(hash) = of_short(bytes) {
                return hash;
            }
            let (words, rest) = bytes.as_chunks::<8>();
            let sum = words.iter().fold(seed() ^ bytes.len() as u64, |sum, word| add(sum, u64::from_le_bytes(*word)));
            add(sum, rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
        }
        Characters::Wide(points) if points.iter().all(|point| *point < 0x100) => {
            let (words, rest) = points.as_chunks::<8>();
            let pack = |points: &[u32]| points.iter().rev().fold(0, |word, point| word << 8 | u64::from(*point));
            let ninth = points.get(8).map(|point| *point as u8);
            let first = &points[..points.len().min(8)];
            if points.len() <= SHORT
                && let Some(hash) = short(pack(first), ninth, first.len())
            {
                return hash;
            }
            let sum = words.iter().fold(seed() ^ points.len() as u64, |sum, word| add(sum, pack(word)));
            add(sum, pack(rest))
        }
        Characters::Wide(points) => points
            .chunks(2)
            .fold(seed(), |sum, pair| add(sum, u64::from(pair[0]) | u64::from(pair.get(1).copied().unwrap_or(u32::MAX)) << 32)),
    };
    (sum & !WHOLE).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_the_same_however_they_lie() {
        let texts: [&[u8]; 11] =
            [b"", b"a", b"\0", b"\x01", b"1234567", b"12345678", b"123456789", b"12345678\x01", b"gr\xfcn", b"gr\xfcn und gelb", b"a\0"];
        for (n, narrow) in texts.iter().enumerate() {
            let wide: Vec<u32> = narrow.iter().map(|byte| u32::from(*byte)).collect();
            let both = [Characters::Narrow(narrow), Characters::Wide(&wide)];
            assert_eq!(of(both[0]), of(both[1]));
            for (m, other) in texts.iter().enumerate() {
                for ours in both {
                    assert_eq!(ours.equal(Characters::Narrow(other)), n == m);
                    assert_eq!(ours.order(Characters::Narrow(other)), narrow.cmp(other));
                    assert_eq!(of(ours) == of(Characters::Narrow(other)), n == m, "{narrow:?} {other:?}");
                }
            }
        }
        assert_ne!(of(Characters::Wide(&[0x100])), of(Characters::Wide(&[0x100, 0])));
    }

    #[test]
    fn only_short_ascii_is_said_whole() {
        let whole = |bytes: &[u8]| of(Characters::Narrow(bytes)) & WHOLE != 0;
        assert!(whole(b"") && whole(b"abcdefghi") && whole(b"\x7f"));
        assert!(!whole(b"abcdefghij") && !whole(b"\x80") && !whole(b"a\0b") && !whole(b"abcdefgh\0") && !whole(b"abcdefgh\xe4"));
        let mut seen = std::collections::HashSet::new();
        for n in 0..200_000u32 {
            assert!(seen.insert(of(Characters::Narrow(n.to_string().as_bytes()))));
        }
    }
}
