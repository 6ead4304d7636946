//! `list.sort`: stable, by the elements or by keys of them. A NaN among what is compared leaves it to Python, with nothing moved.

use crate::objects::head::{Done, Head, Stop};
use crate::objects::text::Characters;
use crate::objects::{list, text, text_hash, words};
use hypersonic_abi::object::{kind, layout};
use std::cmp::Ordering;
use std::ptr;

/// Sorts by `keys` (null: by the elements), from the last if `reverse`.
///
/// # Safety
/// `list` is a list, `keys` null or a list as long.
pub unsafe fn sort(list: *mut Head, keys: *mut Head, reverse: bool) -> Done {
    let by = if keys.is_null() { list } else { keys };
    if (*by).object.length != (*list).object.length {
        return Err(Stop::Python);
    }
    // Of equal ints nobody can tell which is which.
    match (*by).object.layout {
        layout::SIGNED if by == list => sort_words(list, reverse, |word| word as i64),
        layout::UNSIGNED if by == list => sort_words(list, reverse, |word| word),
        layout::DOUBLE if by == list && list::all_words(list).iter().all(|word| is_plain(*word)) => {
            sort_words(list, reverse, ascending);
        }
        layout::OBJECT if list::all_words(by).iter().all(|word| *word > 1 && (*(*word as *const Head)).kind() == kind::STR) => {
            return sort_by_texts(list, by, reverse);
        }
        _ => return sort_by(list, by, reverse),
    }
    Ok(())
}

/// Whether a double is neither a NaN, which has no order, nor a negative zero, which is equal to another.
fn is_plain(word: u64) -> bool {
    word != 1 << 63 && !f64::from_bits(word).is_nan()
}

/// An int that is ordered as the double is.
fn ascending(word: u64) -> i64 {
    let bits = word as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

unsafe fn sort_words<K: Ord>(list: *mut Head, reverse: bool, key: impl Fn(u64) -> K) {
    let all = list::all_words(list);
    all.sort_unstable_by_key(|word| key(*word));
    if reverse {
        all.reverse();
    }
    (*list).object.modified = 1;
}

/// Sorts positions, then moves the elements.
unsafe fn sort_by(list: *mut Head, by: *mut Head, reverse: bool) -> Done {
    let count = (*list).length();
    let mut positions: Vec<usize> = Vec::new();
    positions.try_reserve_exact(count)?;
    positions.extend(0..count);
    let mut unknown = false;
    let layout = (*by).object.layout;
    let mut order = |a: usize, b: usize| {
        let order = words::order(layout, list::at(by, a), list::at(by, b), &mut unknown);
        if reverse { order.reverse() } else { order }
    };
    let sorted = (1..count).all(|n| order(n - 1, n) != Ordering::Greater);
    if !sorted {
        positions.sort_unstable_by(|a, b| order(*a, *b).then(a.cmp(b)));
    }
    if unknown {
        return Err(Stop::Python);
    }
    (*list).object.modified = 1;
    if sorted { Ok(()) } else { arrange(list, positions.into_iter()) }
}

/// Moves the elements of a list to these positions.
unsafe fn arrange(list: *mut Head, positions: impl Iterator<Item = usize>) -> Done {
    let words = (*list).length() * list::width(list);
    let mut moved: Vec<u64> = Vec::new();
    moved.try_reserve_exact(words)?;
    for position in positions {
        moved.extend_from_slice(std::slice::from_raw_parts(list::at(list, position), list::width(list)));
    }
    ptr::copy_nonoverlapping(moved.as_ptr(), list::at(list, 0), words);
    Ok(())
}

/// A text to sort by.
struct Text {
    /// Its first characters, as many as have room.
    first: u64,
    /// Whether these say all: none is 0, and there are no more.
    whole: bool,
    position: usize,
}

/// As [`sort_by`], where it is by texts: most comparisons are of their first characters, which need not be fetched from all over memory.
unsafe fn sort_by_texts(list: *mut Head, by: *mut Head, reverse: bool) -> Done {
    let texts = list::all_words(by);
    let characters = |position: usize| text::characters(texts[position] as *const Head);
    let narrow = (0..texts.len()).all(|position| match characters(position) {
        Characters::Narrow(_) => true,
        Characters::Wide(points) => points.iter().take(8).all(|point| *point < 0x100),
    });
    let (room, bits) = if narrow { (8, 8) } else { (3, 21) };
    let wide = |bytes: &[u8]| (0..room).fold(0, |word, n| word << bits | bytes.get(n).map_or(0, |byte| u64::from(*byte)));
    let mut sorted: Vec<Text> = Vec::new();
    sorted.try_reserve_exact(texts.len())?;
    sorted.extend((0..texts.len()).map(|position| match characters(position) {
        Characters::Narrow(bytes) => {
            let first = if narrow { text_hash::first_eight(bytes).swap_bytes() } else { wide(bytes) };
            Text { first, whole: bytes.len() <= room && !bytes.contains(&0), position }
        }
        Characters::Wide(points) => {
            let first = (0..room).fold(0, |word, n| word << bits | points.get(n).map_or(0, |point| u64::from(*point)));
            Text { first, whole: points.len() <= room && !points.contains(&0), position }
        }
    }));
    sorted.sort_unstable_by(|a, b| {
        let order = a
            .first
            .cmp(&b.first)
            .then_with(|| if a.whole && b.whole { Ordering::Equal } else { characters(a.position).order(characters(b.position)) });
        (if reverse { order.reverse() } else { order }).then(a.position.cmp(&b.position))
    });
    (*list).object.modified = 1;
    arrange(list, sorted.into_iter().map(|text| text.position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_ordered_as_ints() {
        let values = [f64::NEG_INFINITY, -1e300, -1.0, -5e-324, 0.0, 5e-324, 0.5, 1.0, f64::INFINITY];
        assert!(values.windows(2).all(|pair| ascending(pair[0].to_bits()) < ascending(pair[1].to_bits())));
    }
}
