//! Lists: elements in a row that kernels read and write in place.

use crate::objects::head::{self, Done, Head, Stop};
use crate::objects::reference;
use crate::objects::words::{self, Same};
use hypersonic_abi::Context;
use hypersonic_abi::object::{class, kind, layout};
use std::{ptr, slice};

/// An empty list with room for `capacity` elements.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn new(context: *mut Context, layout: u64, capacity: i64) -> Done<*mut Head> {
    let list = head::place(context, Head::new(kind::LIST, layout, 0), 0)?;
    match reserve(list, capacity) {
        Ok(()) => Ok(list),
        Err(stop) => {
            head::give_up(context, list.cast());
            Err(stop)
        }
    }
}

/// How many words an element has.
#[inline]
pub unsafe fn width(list: *const Head) -> usize {
    layout::words((*list).object.layout)
}

/// Where an element is.
///
/// # Safety
/// `list` is a list with room for it.
#[inline]
pub unsafe fn at(list: *const Head, index: usize) -> *mut u64 {
    (*list).object.block.data.cast::<u64>().wrapping_add(index * width(list))
}

/// All words of all elements.
///
/// # Safety
/// `list` is a list that nobody changes meanwhile.
pub unsafe fn all_words<'a>(list: *const Head) -> &'a mut [u64] {
    let count = (*list).length() * width(list);
    if count == 0 { &mut [] } else { slice::from_raw_parts_mut(at(list, 0), count) }
}

/// Makes room for just `capacity` elements, if there is less.
///
/// # Safety
/// `list` is a list.
pub unsafe fn reserve(list: *mut Head, capacity: i64) -> Done {
    if capacity <= (*list).object.capacity {
        return Ok(());
    }
    move_to_front(list);
    if capacity <= (*list).object.capacity {
        return Ok(());
    }
    let words = usize::try_from(capacity).ok().and_then(|capacity| capacity.checked_mul(width(list))).ok_or(Stop::Memory)?;
    let bytes = words.checked_mul(8).filter(|bytes| *bytes <= isize::MAX as usize).ok_or(Stop::Memory)?;
    if bytes > 0 {
        let data = libc::realloc((*list).object.block.data.cast(), bytes);
        if data.is_null() {
            return Err(Stop::Memory);
        }
        (*list).object.block.data = data.cast();
        (*list).object.block.bytes = bytes as u64;
    }
    (*list).object.capacity = capacity;
    Ok(())
}

/// Gives the room in front of the elements to what comes behind them.
unsafe fn move_to_front(list: *mut Head) {
    let front = (*list).object.front;
    if front == 0 {
        return;
    }
    let memory = (*list).memory();
    ptr::copy((*list).object.block.data.cast::<u64>(), memory, (*list).length() * width(list));
    (*list).object.block.data = memory.cast();
    (*list).object.front = 0;
    (*list).object.capacity += front;
}

/// Makes room for one element in front of all.
unsafe fn grow_front(list: *mut Head) -> Done {
    if (*list).object.front > 0 {
        return Ok(());
    }
    // As much as there is, so that the next ones find room.
    let (length, width) = ((*list).object.length, width(list));
    let gap = length.max(4);
    grow(list, gap)?;
    ptr::copy(at(list, 0), at(list, gap as usize), length as usize * width);
    (*list).object.block.data = at(list, gap as usize).cast();
    (*list).object.front = gap;
    (*list).object.capacity -= gap;
    Ok(())
}

/// Makes room for `more` elements, and for as many again before the next time.
///
/// # Safety
/// `list` is a list.
#[inline]
pub unsafe fn grow(list: *mut Head, more: i64) -> Done {
    let needed = (*list).object.length.checked_add(more).ok_or(Stop::Memory)?;
    if needed <= (*list).object.capacity {
        return Ok(());
    }
    // A queue that is as long as before moves its elements once in as many steps.
    if (*list).object.front > 2 * (*list).object.length.max(more) {
        move_to_front(list);
        return Ok(());
    }
    reserve(list, needed.max((*list).object.capacity.saturating_mul(2)).max(4)).or_else(|_| reserve(list, needed))
}

/// Adds an element whose references are counted already; on failure they are not given up.
///
/// # Safety
/// `list` is a list, `element` has its words and does not lie in it.
#[inline]
pub unsafe fn push(list: *mut Head, element: *const u64) -> Done {
    grow(list, 1)?;
    ptr::copy_nonoverlapping(element, at(list, (*list).length()), width(list));
    (*list).object.length += 1;
    (*list).object.modified = 1;
    Ok(())
}

/// `list.append`.
///
/// # Safety
/// As for [`push`].
pub unsafe fn append(list: *mut Head, element: *const u64) -> Done {
    push(list, element)?;
    reference::retain((*list).object.layout, element);
    Ok(())
}

/// Adds `count` elements that lie in a row elsewhere.
///
/// # Safety
/// As for [`push`].
pub unsafe fn append_row(list: *mut Head, elements: *const u64, count: usize) -> Done {
    grow(list, count as i64)?;
    if count > 0 {
        reference::retain_row((*list).object.layout, elements, count);
        ptr::copy_nonoverlapping(elements, at(list, (*list).length()), count * width(list));
        (*list).object.length += count as i64;
    }
    (*list).object.modified = 1;
    Ok(())
}

/// The position that a Python index means.
///
/// # Safety
/// `list` is a list or a string.
pub unsafe fn position(list: *const Head, index: i64) -> Done<usize> {
    let length = (*list).object.length;
    let from_start = if index < 0 { index.wrapping_add(length) } else { index };
    if (0..length).contains(&from_start) { Ok(from_start as usize) } else { Err(Stop::Raises) }
}

/// `list.insert`.
///
/// # Safety
/// As for [`push`].
pub unsafe fn insert(list: *mut Head, index: i64, element: *const u64) -> Done {
    let length = (*list).object.length;
    let index = if index < 0 { index.saturating_add(length).max(0) } else { index.min(length) } as usize;
    let width = width(list);
    let place = if index == 0 && ((*list).object.front > 0 || (*list).object.class == class::DEQUE) {
        grow_front(list)?;
        (*list).object.front -= 1;
        (*list).object.capacity += 1;
        (*list).object.block.data = (*list).object.block.data.cast::<u64>().sub(width).cast();
        at(list, 0)
    } else {
        grow(list, 1)?;
        ptr::copy(at(list, index), at(list, index + 1), ((*list).length() - index) * width);
        at(list, index)
    };
    ptr::copy_nonoverlapping(element, place, width);
    reference::retain((*list).object.layout, element);
    (*list).object.length += 1;
    (*list).object.modified = 1;
    Ok(())
}

/// Takes out an element with its references: `list.pop`.
///
/// # Safety
/// `list` is a list, `result` has room for an element.
pub unsafe fn pop(list: *mut Head, index: i64, result: *mut u64) -> Done {
    let index = position(list, index)?;
    let (place, width) = (at(list, index), width(list));
    ptr::copy_nonoverlapping(place, result, width);
    if index == 0 {
        (*list).object.block.data = at(list, 1).cast();
        (*list).object.front += 1;
        (*list).object.capacity -= 1;
    } else {
        ptr::copy(at(list, index + 1), place, ((*list).length() - index - 1) * width);
    }
    (*list).object.length -= 1;
    (*list).object.modified = 1;
    Ok(())
}

/// `list[index] = element`.
///
/// # Safety
/// As for [`push`]; `context` is of a running call.
pub unsafe fn set_item(context: *mut Context, list: *mut Head, index: i64, element: *const u64) -> Done {
    let place = at(list, position(list, index)?);
    let mut former = [0; layout::MAX_WORDS];
    ptr::copy_nonoverlapping(place, former.as_mut_ptr(), width(list));
    reference::retain((*list).object.layout, element);
    ptr::copy_nonoverlapping(element, place, width(list));
    (*list).object.modified = 1;
    reference::release(context, (*list).object.layout, former.as_ptr());
    Ok(())
}

/// `list[index]`.
///
/// # Safety
/// `list` is a list, `result` has room for an element.
pub unsafe fn get_item(list: *mut Head, index: i64, result: *mut u64) -> Done {
    let place = at(list, position(list, index)?);
    ptr::copy_nonoverlapping(place, result, width(list));
    reference::retain((*list).object.layout, result);
    Ok(())
}

/// `del list[index]`.
///
/// # Safety
/// `list` is a list, `context` is of a running call.
pub unsafe fn delete_item(context: *mut Context, list: *mut Head, index: i64) -> Done {
    let mut former = [0; layout::MAX_WORDS];
    pop(list, index, former.as_mut_ptr())?;
    reference::release(context, (*list).object.layout, former.as_ptr());
    Ok(())
}

/// The first element from `start` to `stop`, both as in a slice, that is equal.
///
/// # Safety
/// `list` is a list, `element` has its words.
pub unsafe fn index(list: *mut Head, start: i64, stop: i64, element: *const u64) -> Done<i64> {
    let length = (*list).object.length;
    let bound = |bound: i64| if bound < 0 { bound.saturating_add(length).max(0) } else { bound.min(length) };
    for index in bound(start)..bound(stop) {
        if words::equal((*list).object.layout, at(list, index as usize), element).known()? {
            return Ok(index);
        }
    }
    Err(Stop::Raises)
}

/// `list.count`.
///
/// # Safety
/// As for [`index`].
pub unsafe fn count(list: *mut Head, element: *const u64) -> Done<u64> {
    let mut count = 0;
    for index in 0..(*list).length() {
        count += u64::from(words::equal((*list).object.layout, at(list, index), element).known()?);
    }
    Ok(count)
}

/// `element in list`: an equal one decides, whatever else is unknown.
///
/// # Safety
/// As for [`index`].
pub unsafe fn contains(list: *mut Head, element: *const u64) -> Done<bool> {
    if matches!((*list).object.layout, layout::SIGNED | layout::UNSIGNED) {
        return Ok(all_words(list).contains(&*element));
    }
    let mut unknown = false;
    for index in 0..(*list).length() {
        match words::equal((*list).object.layout, at(list, index), element) {
            Same::Yes => return Ok(true),
            Same::No => (),
            Same::Unknown => unknown = true,
        }
    }
    if unknown { Err(Stop::Python) } else { Ok(false) }
}

/// `list.reverse`.
///
/// # Safety
/// `list` is a list.
pub unsafe fn reverse(list: *mut Head) {
    let width = width(list).max(1);
    let all = all_words(list);
    all.reverse();
    if width > 1 {
        for element in all.chunks_exact_mut(width) {
            element.reverse();
        }
    }
    (*list).object.modified = 1;
}

/// `list.clear`.
///
/// # Safety
/// `list` is a list, `context` is of a running call.
pub unsafe fn clear(context: *mut Context, list: *mut Head) {
    let (data, memory, length) = ((*list).object.block.data, (*list).memory(), (*list).length());
    (*list).object.block.data = ptr::null_mut();
    (*list).object.block.bytes = 0;
    (*list).object.capacity = 0;
    (*list).object.front = 0;
    (*list).object.length = 0;
    (*list).object.modified = 1;
    reference::release_row(context, (*list).object.layout, data.cast(), length);
    libc::free(memory.cast());
}

/// `list * count`.
///
/// # Safety
/// As for [`clear`].
pub unsafe fn repeat(context: *mut Context, list: *mut Head, count: i64) -> Done<*mut Head> {
    let count = count.max(0);
    let length = (*list).object.length.checked_mul(count).ok_or(Stop::Memory)?;
    let result = new(context, (*list).object.layout, length)?;
    for _ in 0..if length == 0 { 0 } else { count } {
        append_row(result, at(list, 0), (*list).length())?;
    }
    Ok(result)
}

/// `list *= count`.
///
/// # Safety
/// As for [`clear`].
pub unsafe fn repeat_in_place(context: *mut Context, list: *mut Head, count: i64) -> Done {
    if count <= 0 {
        clear(context, list);
        return Ok(());
    }
    let length = (*list).object.length;
    let total = length.checked_mul(count).ok_or(Stop::Memory)?;
    reserve(list, total)?;
    for _ in 1..if length == 0 { 1 } else { count } {
        append_row(list, at(list, 0), length as usize)?;
    }
    (*list).object.modified = 1;
    Ok(())
}
