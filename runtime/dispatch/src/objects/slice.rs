//! Slices of lists: which elements one means, and reading, replacing and deleting them.

use crate::objects::head::{Done, Head, Stop};
use crate::objects::{list, reference};
use hypersonic_abi::Context;
use hypersonic_abi::object::slice;
use std::ptr;

/// The elements that a slice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first, if there is one.
    pub start: i64,
    /// Where it ends.
    pub stop: i64,
    /// From one to the next.
    pub step: i64,
    /// How many.
    pub count: i64,
}

impl Range {
    /// Of `length` elements, as `slice.indices` has it. RAISES for a step of 0.
    pub fn new([bits, start, stop, step]: [u64; 4], length: i64) -> Done<Range> {
        let step = if bits & slice::STEP == 0 { 1 } else { (step as i64).max(-i64::MAX) };
        if step == 0 {
            return Err(Stop::Raises);
        }
        let (first, last) = if step < 0 { (-1, length - 1) } else { (0, length) };
        let bound = |given: bool, bound: i64, without: i64| match bound {
            _ if !given => without,
            bound if bound < 0 => bound.saturating_add(length).max(first),
            bound => bound.min(last),
        };
        let start = bound(bits & slice::START != 0, start as i64, if step < 0 { last } else { first });
        let stop = bound(bits & slice::STOP != 0, stop as i64, if step < 0 { first } else { last });
        let span = if step < 0 { start - stop } else { stop - start };
        let count = if span > 0 { (span - 1) / step.abs() + 1 } else { 0 };
        Ok(Range { start, stop, step, count })
    }

    /// The positions, in order.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |n| (self.start + n * self.step) as usize)
    }
}

/// `list[range]`.
///
/// # Safety
/// `list` is a list, `context` is of a running call.
pub unsafe fn get(context: *mut Context, list: *mut Head, range: Range) -> Done<*mut Head> {
    let result = list::new(context, (*list).object.layout, range.count)?;
    if range.step == 1 {
        list::append_row(result, list::at(list, range.start as usize), range.count as usize)?;
        return Ok(result);
    }
    for position in range.positions() {
        list::append(result, list::at(list, position))?;
    }
    Ok(result)
}

/// `list[range] = other`.
///
/// # Safety
/// As for [`get`]; `other` is a list of the same layout.
pub unsafe fn set(context: *mut Context, list: *mut Head, range: Range, other: *mut Head) -> Done {
    let row = copy_of(list::all_words(other))?;
    let count = (*other).length();
    if range.step == 1 {
        return splice(context, list, range, &row, count);
    }
    if count as i64 != range.count {
        return Err(Stop::Raises);
    }
    let width = list::width(list);
    let mut former = Vec::new();
    former.try_reserve_exact(row.len())?;
    reference::retain_row((*list).object.layout, row.as_ptr(), count);
    for (n, position) in range.positions().enumerate() {
        let place = list::at(list, position);
        former.extend_from_slice(std::slice::from_raw_parts(place, width));
        ptr::copy_nonoverlapping(row.as_ptr().add(n * width), place, width);
    }
    (*list).object.modified = 1;
    reference::release_row(context, (*list).object.layout, former.as_ptr(), count);
    Ok(())
}

/// `del list[range]`.
///
/// # Safety
/// As for [`get`].
pub unsafe fn delete(context: *mut Context, list: *mut Head, range: Range) -> Done {
    if range.step == 1 {
        return splice(context, list, range, &[], 0);
    }
    if range.count == 0 {
        return Ok(());
    }
    let width = list::width(list);
    let mut former = Vec::new();
    former.try_reserve_exact(range.count as usize * width)?;
    let low = if range.step < 0 { range.start + (range.count - 1) * range.step } else { range.start };
    let (low, step) = (low as usize, range.step.unsigned_abs() as usize);
    let mut to = low;
    for from in low..(*list).length() {
        let place = list::at(list, from);
        if (from - low).is_multiple_of(step) && (from - low) / step < range.count as usize {
            former.extend_from_slice(std::slice::from_raw_parts(place, width));
        } else {
            ptr::copy(place, list::at(list, to), width);
            to += 1;
        }
    }
    (*list).object.length -= range.count;
    (*list).object.modified = 1;
    reference::release_row(context, (*list).object.layout, former.as_ptr(), range.count as usize);
    Ok(())
}

/// Replaces the elements of a range of step 1 by those of `row`.
unsafe fn splice(context: *mut Context, list: *mut Head, range: Range, row: &[u64], count: usize) -> Done {
    let (start, stop) = (range.start as usize, range.stop.max(range.start) as usize);
    let width = list::width(list);
    list::grow(list, count.saturating_sub(stop - start) as i64)?;
    let former =
        copy_of(if stop == start || width == 0 { &[] } else { std::slice::from_raw_parts(list::at(list, start), (stop - start) * width) })?;
    reference::retain_row((*list).object.layout, row.as_ptr(), count);
    ptr::copy(list::at(list, stop), list::at(list, start + count), ((*list).length() - stop) * width);
    ptr::copy_nonoverlapping(row.as_ptr(), list::at(list, start), row.len());
    (*list).object.length += count as i64 - (stop - start) as i64;
    (*list).object.modified = 1;
    reference::release_row(context, (*list).object.layout, former.as_ptr(), stop - start);
    Ok(())
}

fn copy_of(words: &[u64]) -> Done<Vec<u64>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(words.len())?;
    copy.extend_from_slice(words);
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(start: Option<i64>, stop: Option<i64>, step: Option<i64>, length: i64) -> Vec<usize> {
        let bits = u64::from(start.is_some()) | u64::from(stop.is_some()) << 1 | u64::from(step.is_some()) << 2;
        let word = |part: Option<i64>| part.unwrap_or(99) as u64;
        Range::new([bits, word(start), word(stop), word(step)], length).unwrap().positions().collect()
    }

    #[test]
    fn bounds_are_clamped_as_in_python() {
        assert_eq!(positions(None, None, None, 3), [0, 1, 2]);
        assert_eq!(positions(None, None, Some(-1), 3), [2, 1, 0]);
        assert_eq!(positions(Some(-2), None, None, 5), [3, 4]);
        assert_eq!(positions(Some(-99), Some(99), Some(2), 5), [0, 2, 4]);
        assert_eq!(positions(Some(99), Some(-99), Some(-2), 5), [4, 2, 0]);
        assert_eq!(positions(Some(3), Some(1), None, 5), [0usize; 0]);
        assert_eq!(positions(Some(0), Some(9), Some(i64::MAX), 5), [0]);
        assert_eq!(positions(Some(9), None, Some(i64::MIN), 5), [4]);
        assert_eq!(Range::new([slice::STEP, 0, 0, 0], 5), Err(Stop::Raises));
    }
}
