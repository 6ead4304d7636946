//! `list.sort`: stable, by the elements or by keys of them. A NaN among what is compared leaves it to Python, with nothing moved.

use crate::objects::head::{Done, Head, Stop};
use crate::objects::{list, words};
use hypersonic_abi::object::layout;
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
    let width = list::width(list);
    if !sorted && width > 0 {
        let mut moved: Vec<u64> = Vec::new();
        moved.try_reserve_exact(count * width)?;
        for position in positions {
            moved.extend_from_slice(std::slice::from_raw_parts(list::at(list, position), width));
        }
        ptr::copy_nonoverlapping(moved.as_ptr(), list::at(list, 0), count * width);
    }
    (*list).object.modified = 1;
    Ok(())
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
