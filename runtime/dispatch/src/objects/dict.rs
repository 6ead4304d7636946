//! Dicts: what their methods do to the rows, and who holds what is in them.

use crate::objects::head::{self, Done, Head, Stop};
use crate::objects::rows::Rows;
use crate::objects::words::{self, Same};
use crate::objects::{list, reference};
use hypersonic_abi::Context;
use hypersonic_abi::object::{kind, layout};
use std::{ptr, slice};

/// A dict.
#[repr(C)]
pub struct Dict {
    /// What all objects begin with.
    pub head: Head,
    /// Its entries.
    pub rows: Rows,
}

impl Dict {
    fn key_layout(&self) -> u64 {
        self.head.object.layout
    }

    fn value_layout(&self) -> u64 {
        self.head.object.value_layout
    }

    fn added(&mut self) {
        self.head.object.capacity += 1;
        self.changed();
    }

    fn changed(&mut self) {
        self.head.object.length = self.rows.used as i64;
        self.head.object.modified = 1;
    }

    /// `dict == other`. An entry that differs decides, whatever is unknown beside it.
    pub fn equals(&self, other: &Dict) -> Same {
        let mut same = Same::Yes;
        for row in self.rows.living() {
            let value = match other.rows.find(self.rows.hash(row), self.rows.key(row)) {
                Ok(Some(found)) => other.rows.value(found),
                Ok(None) => return Same::No,
                Err(_) => {
                    same = Same::Unknown;
                    continue;
                }
            };
            // SAFETY: both are values of this layout, which the dicts hold.
            match unsafe { words::equal(self.value_layout(), self.rows.value(row).as_ptr(), value.as_ptr()) } {
                Same::Yes => (),
                Same::No => return Same::No,
                Same::Unknown => same = Same::Unknown,
            }
        }
        same
    }
}

unsafe fn key_of<'a>(dict: *const Dict, key: *const u64) -> Done<(u64, &'a [u64])> {
    let layout = (*dict).key_layout();
    Ok((words::hash(layout, key)?, slice::from_raw_parts(key, layout::words(layout))))
}

unsafe fn value_of<'a>(dict: *const Dict, value: *const u64) -> &'a [u64] {
    slice::from_raw_parts(value, layout::words((*dict).value_layout()))
}

/// An empty dict.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn new(context: *mut Context, layout: u64, value_layout: u64) -> Done<*mut Dict> {
    place(context, layout, value_layout, Rows::new(layout, value_layout)?)
}

unsafe fn place(context: *mut Context, layout: u64, value_layout: u64, rows: Rows) -> Done<*mut Dict> {
    let mut head = Head::new(kind::DICT, layout, value_layout);
    head.object.length = rows.used as i64;
    head::place(context, Dict { head, rows }, 0)
}

/// `dict.copy`.
///
/// # Safety
/// As for [`new`]; `dict` is a dict.
pub unsafe fn copy(context: *mut Context, dict: *mut Dict) -> Done<*mut Dict> {
    let (layout, value_layout) = ((*dict).key_layout(), (*dict).value_layout());
    let copy = place(context, layout, value_layout, (*dict).rows.copy(value_layout)?)?;
    for (key, value) in (*copy).rows.entries() {
        reference::retain(layout, key.as_ptr());
        reference::retain(value_layout, value.as_ptr());
    }
    Ok(copy)
}

/// `dict.clear`.
///
/// # Safety
/// As for [`copy`].
pub unsafe fn clear(context: *mut Context, dict: *mut Dict) -> Done {
    let (layout, value_layout) = ((*dict).key_layout(), (*dict).value_layout());
    let former = std::mem::replace(&mut (*dict).rows, Rows::new(layout, value_layout)?);
    (*dict).changed();
    for (key, value) in former.entries() {
        reference::release(context, layout, key.as_ptr());
        reference::release(context, value_layout, value.as_ptr());
    }
    Ok(())
}

/// `key in dict`.
///
/// # Safety
/// `dict` is a dict, `key` has the words of a key.
pub unsafe fn contains(dict: *mut Dict, key: *const u64) -> Done<bool> {
    let (hash, key) = key_of(dict, key)?;
    Ok((*dict).rows.find(hash, key)?.is_some())
}

/// `dict[key]`.
///
/// # Safety
/// As for [`contains`]; `result` has room for a value.
pub unsafe fn get(dict: *mut Dict, key: *const u64, result: *mut u64) -> Done {
    let (hash, key) = key_of(dict, key)?;
    let row = (*dict).rows.find(hash, key)?.ok_or(Stop::Raises)?;
    give((*dict).rows.value(row), result);
    reference::retain((*dict).value_layout(), result);
    Ok(())
}

/// `dict[key] = value`.
///
/// # Safety
/// As for [`contains`]; `value` has the words of a value, `context` is of a running call.
pub unsafe fn set(context: *mut Context, dict: *mut Dict, key: *const u64, value: *const u64) -> Done {
    let (hash, key) = key_of(dict, key)?;
    put(context, dict, hash, key, value_of(dict, value))
}

/// As [`set`], of a key that is not there.
///
/// # Safety
/// As for [`set`].
pub unsafe fn add_new(dict: *mut Dict, key: *const u64, value: *const u64) -> Done {
    let (hash, key) = key_of(dict, key)?;
    let value = value_of(dict, value);
    (*dict).rows.add(hash, key, value)?;
    reference::retain((*dict).key_layout(), key.as_ptr());
    reference::retain((*dict).value_layout(), value.as_ptr());
    (*dict).added();
    Ok(())
}

unsafe fn put(context: *mut Context, dict: *mut Dict, hash: u64, key: &[u64], value: &[u64]) -> Done {
    let value_layout = (*dict).value_layout();
    if let Some(row) = (*dict).rows.find(hash, key)? {
        let mut former = [0; layout::MAX_WORDS];
        give((*dict).rows.value(row), former.as_mut_ptr());
        reference::retain(value_layout, value.as_ptr());
        (*dict).rows.value_mut(row).copy_from_slice(value);
        (*dict).changed();
        reference::release(context, value_layout, former.as_ptr());
        return Ok(());
    }
    (*dict).rows.add(hash, key, value)?;
    reference::retain((*dict).key_layout(), key.as_ptr());
    reference::retain(value_layout, value.as_ptr());
    (*dict).added();
    Ok(())
}

/// `dict.pop(key)`: the value with its references.
///
/// # Safety
/// As for [`get`]; `context` is of a running call.
pub unsafe fn pop(context: *mut Context, dict: *mut Dict, key: *const u64, result: *mut u64) -> Done {
    let (hash, key) = key_of(dict, key)?;
    let row = (*dict).rows.delete(hash, key)?.ok_or(Stop::Raises)?;
    give((*dict).rows.value(row), result);
    let mut former = [0; layout::MAX_WORDS];
    give((*dict).rows.key(row), former.as_mut_ptr());
    (*dict).changed();
    reference::release(context, (*dict).key_layout(), former.as_ptr());
    Ok(())
}

/// `del dict[key]`.
///
/// # Safety
/// As for [`pop`].
pub unsafe fn delete(context: *mut Context, dict: *mut Dict, key: *const u64) -> Done {
    let mut former = [0; layout::MAX_WORDS];
    pop(context, dict, key, former.as_mut_ptr())?;
    reference::release(context, (*dict).value_layout(), former.as_ptr());
    Ok(())
}

/// `dict.popitem`: key and value with their references.
///
/// # Safety
/// `dict` is a dict, `result` has room for a key and a value.
pub unsafe fn pop_entry(dict: *mut Dict, result: *mut u64) -> Done {
    let row = (*dict).rows.last().ok_or(Stop::Raises)?;
    give((*dict).rows.key(row), result);
    give((*dict).rows.value(row), result.add(layout::words((*dict).key_layout())));
    (*dict).rows.delete_row(row);
    (*dict).changed();
    Ok(())
}

/// The first place from a position on that holds an entry.
///
/// # Safety
/// `dict` is a dict.
pub unsafe fn next(dict: *mut Dict, position: u64) -> Option<usize> {
    usize::try_from(position).ok().and_then(|position| (*dict).rows.next(position))
}

/// The place of a key.
///
/// # Safety
/// As for [`contains`].
pub unsafe fn find(dict: *mut Dict, key: *const u64) -> Done<Option<usize>> {
    let (hash, key) = key_of(dict, key)?;
    (*dict).rows.find(hash, key)
}

/// The key or the value at a place that [`next`] or [`find`] gave, while nothing was changed since.
///
/// # Safety
/// As for [`pop_entry`].
pub unsafe fn at(dict: *mut Dict, place: u64, part: Part, result: *mut u64) -> Done {
    let row = next(dict, place).filter(|found| *found as u64 == place).ok_or(Stop::Python)?;
    let (words, layout) = match part {
        Part::Values => ((*dict).rows.value(row), (*dict).value_layout()),
        _ => ((*dict).rows.key(row), (*dict).key_layout()),
    };
    give(words, result);
    reference::retain(layout, result);
    Ok(())
}

/// `dict.update(other)`.
///
/// # Safety
/// As for [`copy`]; `other` is a dict of the same layouts.
pub unsafe fn merge(context: *mut Context, dict: *mut Dict, other: *mut Dict) -> Done {
    if dict == other {
        return Ok(());
    }
    let other = &(*other).rows;
    for row in other.living() {
        put(context, dict, other.hash(row), other.key(row), other.value(row))?;
    }
    Ok(())
}

/// What of an entry a list is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The key.
    Keys,
    /// The value.
    Values,
    /// Both.
    Items,
}

/// A list of the keys, the values or both.
///
/// # Safety
/// As for [`copy`].
pub unsafe fn listed(context: *mut Context, dict: *mut Dict, part: Part) -> Done<*mut Head> {
    let (keys, values) = ((*dict).key_layout(), (*dict).value_layout());
    let key_words = layout::words(keys);
    if part == Part::Items && key_words + layout::words(values) > layout::MAX_WORDS {
        return Err(Stop::Python);
    }
    let layout = match part {
        Part::Keys => keys,
        Part::Values => values,
        Part::Items => keys | if key_words == layout::MAX_WORDS { 0 } else { values << (4 * key_words) },
    };
    let list = list::new(context, layout, (*dict).rows.used as i64)?;
    let mut element = [0; 2 * layout::MAX_WORDS];
    for (key, value) in (*dict).rows.entries() {
        match part {
            Part::Keys => give(key, element.as_mut_ptr()),
            Part::Values => give(value, element.as_mut_ptr()),
            Part::Items => {
                give(key, element.as_mut_ptr());
                give(value, element.as_mut_ptr().add(key_words));
            }
        }
        list::append(list, element.as_ptr())?;
    }
    Ok(list)
}

unsafe fn give(words: &[u64], to: *mut u64) {
    ptr::copy_nonoverlapping(words.as_ptr(), to, words.len());
}
