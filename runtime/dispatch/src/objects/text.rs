//! Strings: code points in a row, never changed once they are there.

use crate::objects::head::{Done, Head, Stop, Text};
use crate::objects::slice::Range;
use crate::objects::{given_texts, list, reference};
use crate::support;
use hypersonic_abi::object::{kind, layout};
use hypersonic_abi::{Block, Context};
use std::cmp::Ordering;
use std::{ptr, slice};

/// The largest code point.
const LAST: u32 = 0x10_ffff;

/// A string of `length` code points that are yet to be written.
///
/// # Safety
/// `context` is of a running call; nobody reads what was not written.
pub unsafe fn new(context: *mut Context, length: usize) -> Done<*mut Head> {
    let bytes = length.checked_mul(4).filter(|bytes| *bytes <= isize::MAX as usize / 2).ok_or(Stop::Memory)?;
    let text = libc::malloc((size_of::<Text>() + bytes).max(size_of::<Head>())).cast::<Text>();
    if text.is_null() {
        return Err(Stop::Memory);
    }
    let data = text.add(1).cast();
    let block = Block { data, references: 1, bytes: bytes as u64, next: ptr::null_mut(), previous: ptr::null_mut(), kind: kind::STR };
    text.write(Text { block, length: length as i64, origin: ptr::null_mut(), hash: 0, capacity: 0 });
    support::link(context, text.cast());
    Ok(text.cast())
}

/// A string of these code points.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn of_points(context: *mut Context, points: &[u32]) -> Done<*mut Head> {
    let text = new(context, points.len())?;
    ptr::copy_nonoverlapping(points.as_ptr(), (*text).object.block.data.cast(), points.len());
    Ok(text)
}

/// A string of bytes that are all ASCII.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn of_ascii(context: *mut Context, bytes: &[u8]) -> Done<*mut Head> {
    let text = new(context, bytes.len())?;
    for (to, from) in points_mut(text).iter_mut().zip(bytes) {
        *to = u32::from(*from);
    }
    Ok(text)
}

/// The characters of a string as they lie.
#[derive(Clone, Copy, Debug)]
pub enum Characters<'a> {
    /// A byte each.
    Narrow(&'a [u8]),
    /// Four bytes each.
    Wide(&'a [u32]),
}

impl Characters<'_> {
    /// Whether they are the same.
    #[inline]
    pub fn equal(self, other: Characters<'_>) -> bool {
        match (self, other) {
            (Characters::Narrow(a), Characters::Narrow(b)) => a == b,
            (Characters::Wide(a), Characters::Wide(b)) => a == b,
            (Characters::Narrow(a), Characters::Wide(b)) | (Characters::Wide(b), Characters::Narrow(a)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| u32::from(*a) == *b)
            }
        }
    }

    /// Which come first.
    #[inline]
    pub fn order(self, other: Characters<'_>) -> Ordering {
        match (self, other) {
            (Characters::Narrow(a), Characters::Narrow(b)) => a.cmp(b),
            (Characters::Wide(a), Characters::Wide(b)) => a.cmp(b),
            (Characters::Narrow(a), Characters::Wide(b)) => a.iter().map(|byte| u32::from(*byte)).cmp(b.iter().copied()),
            (Characters::Wide(a), Characters::Narrow(b)) => a.iter().copied().cmp(b.iter().map(|byte| u32::from(*byte))),
        }
    }

    /// One of them, which there is.
    pub fn at(self, position: usize) -> u32 {
        match self {
            Characters::Narrow(bytes) => u32::from(bytes[position]),
            Characters::Wide(points) => points[position],
        }
    }

    /// Writes them to a place that is as long.
    pub fn write(self, to: &mut [u32]) {
        match self {
            Characters::Narrow(bytes) => to.iter_mut().zip(bytes).for_each(|(to, byte)| *to = u32::from(*byte)),
            Characters::Wide(points) => to.copy_from_slice(points),
        }
    }
}

/// The characters, as they lie.
///
/// # Safety
/// `text` is a string that outlives them.
#[inline]
pub unsafe fn characters<'a>(text: *const Head) -> Characters<'a> {
    match given_texts::narrow(text) {
        Some(bytes) => Characters::Narrow(bytes),
        None => Characters::Wide(slice::from_raw_parts((*text).object.block.data.cast(), (*text).length())),
    }
}

/// The code points, which lie ready from now on.
///
/// # Safety
/// `text` is a string that outlives them.
#[inline]
pub unsafe fn points<'a>(text: *const Head) -> Done<&'a [u32]> {
    if let Some(bytes) = given_texts::narrow(text) {
        given_texts::widen(text, bytes)?;
    }
    Ok(slice::from_raw_parts((*text).object.block.data.cast(), (*text).length()))
}

/// The code points of a string that nobody else knows yet.
///
/// # Safety
/// As for [`points`].
pub unsafe fn points_mut<'a>(text: *mut Head) -> &'a mut [u32] {
    slice::from_raw_parts_mut((*text).object.block.data.cast(), (*text).length())
}

/// A string of UTF-8 in which surrogates take three bytes each.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn of_utf8(context: *mut Context, bytes: &[u8]) -> Done<*mut Head> {
    let length = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    let text = new(context, length)?;
    let mut rest = bytes;
    for point in points_mut(text) {
        let first = rest.first().copied().unwrap_or(0);
        let (count, bits) = match first {
            0xf0.. => (3, first & 0x07),
            0xe0.. => (2, first & 0x0f),
            0xc0.. => (1, first & 0x1f),
            _ => (0, first),
        };
        *point = rest.iter().skip(1).take(count).fold(u32::from(bits), |point, byte| point << 6 | u32::from(byte & 0x3f));
        rest = rest.get(1 + count..).unwrap_or(&[]);
    }
    Ok(text)
}

/// `text[index]`.
///
/// # Safety
/// `context` is of a running call, `text` is a string.
pub unsafe fn character(context: *mut Context, text: *mut Head, index: i64) -> Done<*mut Head> {
    let position = list::position(text, index)?;
    letter(context, characters(text).at(position))
}

/// How many characters have one text for all of a call.
const LETTERS: usize = 256;

/// A text of one character. Of the frequent ones there is one for the call, so that walking through a text makes none.
unsafe fn letter(context: *mut Context, point: u32) -> Done<*mut Head> {
    let make = || of_points(context, &[point]);
    let Some(letters) = support::state(context).letters().filter(|_| (point as usize) < LETTERS) else { return make() };
    if letters.is_empty() {
        letters.try_reserve_exact(LETTERS)?;
        letters.resize(LETTERS, ptr::null_mut());
    }
    let place = &mut letters[point as usize];
    if place.is_null() {
        *place = make()?;
    }
    Ok(shared(*place))
}

/// `text[range]`.
///
/// # Safety
/// As for [`character`].
pub unsafe fn substring(context: *mut Context, text: *mut Head, range: Range) -> Done<*mut Head> {
    let all = points(text)?;
    if range.step == 1 {
        let start = range.start as usize;
        return of_points(context, &all[start..start + range.count as usize]);
    }
    let result = new(context, range.count as usize)?;
    for (to, position) in points_mut(result).iter_mut().zip(range.positions()) {
        *to = all[position];
    }
    Ok(result)
}

/// `a + b`.
///
/// # Safety
/// As for [`character`].
pub unsafe fn concatenate(context: *mut Context, a: *mut Head, b: *mut Head) -> Done<*mut Head> {
    let result = new(context, (*a).length() + (*b).length())?;
    let (left, right) = points_mut(result).split_at_mut((*a).length());
    characters(a).write(left);
    characters(b).write(right);
    Ok(result)
}

/// `a + b` for the one variable that holds `a`: in its own memory if nothing else refers to it, so that a text that grows part by part is
/// not copied each time.
///
/// # Safety
/// As for [`character`].
pub unsafe fn grow(context: *mut Context, a: *mut Head, b: *mut Head) -> Done<*mut Head> {
    let (old, more) = ((*a).length(), (*b).length());
    let (start, part) = (points(a)?.as_ptr(), points(b)?.as_ptr());
    let length = old.checked_add(more).ok_or(Stop::Memory)?;
    let alone = (*a).object.block.references == 1 && (*a).object.origin.is_null();
    let (grown, from) = if alone && (*a).object.capacity >= length as i64 {
        (*a).object.block.references = 2;
        (*a).object.hash = 0;
        (a, old)
    } else {
        let room = length.saturating_mul(2);
        let grown = match new(context, room) {
            Ok(grown) => {
                (*grown).object.capacity = room as i64;
                grown
            }
            Err(_) => new(context, length)?,
        };
        ptr::copy_nonoverlapping(start, (*grown).object.block.data.cast(), old);
        (grown, old)
    };
    // The part may be the text itself: what is written lies behind it.
    ptr::copy_nonoverlapping(part, (*grown).object.block.data.cast::<u32>().add(from), more);
    (*grown).object.length = length as i64;
    Ok(grown)
}

/// `text * count`.
///
/// # Safety
/// As for [`character`].
pub unsafe fn repeat(context: *mut Context, text: *mut Head, count: i64) -> Done<*mut Head> {
    let length = (*text).length().checked_mul(count.max(0) as usize).ok_or(Stop::Memory)?;
    let result = new(context, length)?;
    if length > 0 {
        for piece in points_mut(result).chunks_exact_mut((*text).length()) {
            characters(text).write(piece);
        }
    }
    Ok(result)
}

/// `list(text)`.
///
/// # Safety
/// As for [`character`].
pub unsafe fn all_letters(context: *mut Context, text: *mut Head) -> Done<*mut Head> {
    let result = list::new(context, layout::OBJECT, (*text).object.length)?;
    for position in 0..(*text).length() {
        let character = letter(context, characters(text).at(position))? as u64;
        list::push(result, &raw const character)?;
    }
    Ok(result)
}

/// `ord(text)`.
///
/// # Safety
/// `text` is a string.
pub unsafe fn ord(text: *mut Head) -> Done<u64> {
    if (*text).length() == 1 { Ok(u64::from(characters(text).at(0))) } else { Err(Stop::Python) }
}

/// `chr(point)`.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn chr(context: *mut Context, point: i64) -> Done<*mut Head> {
    match u32::try_from(point) {
        Ok(point) if point <= LAST => of_points(context, &[point]),
        _ => Err(Stop::Raises),
    }
}

/// Where `part` first stands in `all`.
pub fn find(all: &[u32], part: &[u32]) -> Option<usize> {
    let Some((first, others)) = part.split_first() else { return Some(0) };
    let last_start = all.len().checked_sub(part.len())?;
    let mut start = 0;
    while start <= last_start {
        start += all[start..=last_start].iter().position(|point| point == first)?;
        if all[start + 1..start + part.len()] == *others {
            return Some(start);
        }
        start += 1;
    }
    None
}

/// A new reference to a string, or to any object.
///
/// # Safety
/// It is an object.
pub unsafe fn shared(object: *mut Head) -> *mut Head {
    reference::retain(layout::OBJECT, &raw const object as *const u64);
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_as_in_python() {
        let points = |text: &str| text.chars().map(u32::from).collect::<Vec<u32>>();
        for (all, part, expected) in
            [("", "", Some(0)), ("", "a", None), ("aab", "ab", Some(1)), ("abab", "bb", None), ("äöü", "ü", Some(2)), ("ab", "abc", None)]
        {
            assert_eq!(find(&points(all), &points(part)), expected, "{all} {part}");
        }
    }
}
