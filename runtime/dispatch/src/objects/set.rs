//! Sets: what their methods and operators do to the table, in the order in which CPython does it.

use crate::objects::dict::Dict;
use crate::objects::head::{self, Done, Head, Stop};
use crate::objects::list;
use crate::objects::reference;
use crate::objects::table::Table;
use crate::objects::words::Same;
use hypersonic_abi::Context;
use hypersonic_abi::object::{combine, kind, layout};
use std::ptr;

/// A set.
#[repr(C)]
pub struct Set {
    /// What all objects begin with.
    pub head: Head,
    /// Its elements.
    pub table: Table,
}

impl Set {
    fn changed(&mut self) {
        self.head.object.length = self.table.used as i64;
        self.head.object.modified = 1;
    }

    /// Whether all elements are in `other`.
    pub fn is_subset(&self, other: &Set) -> Same {
        if self.table.used > other.table.used {
            return Same::No;
        }
        for slot in self.table.taken() {
            match other.table.find(self.table.hashes[slot], self.table.element(slot)) {
                Ok(Some(_)) => (),
                Ok(None) => return Same::No,
                Err(_) => return Same::Unknown,
            }
        }
        Same::Yes
    }

    /// Adds an element with its hash, and counts its references if it is new.
    unsafe fn put(&mut self, hash: u64, element: &[u64]) -> Done {
        if self.table.add(hash, element)? {
            reference::retain(self.table.layout, element.as_ptr());
            self.changed();
        }
        Ok(())
    }

    /// Takes an element out, if it is there.
    unsafe fn take_out(&mut self, context: *mut Context, hash: u64, element: &[u64]) -> Done<bool> {
        let Some(slot) = self.table.find(hash, element)? else { return Ok(false) };
        let mut former = [0; layout::MAX_WORDS];
        ptr::copy_nonoverlapping(self.table.element(slot).as_ptr(), former.as_mut_ptr(), element.len());
        self.table.delete(slot);
        self.changed();
        reference::release(context, self.table.layout, former.as_ptr());
        Ok(true)
    }

    /// Adds all of another set.
    unsafe fn merge(&mut self, other: &Set) -> Done {
        if other.table.used == 0 {
            return Ok(());
        }
        if self.table.merge_whole(&other.table)? {
            for element in other.table.elements() {
                reference::retain(self.table.layout, element.as_ptr());
            }
            self.changed();
            return Ok(());
        }
        for slot in other.table.taken() {
            self.put(other.table.hashes[slot], other.table.element(slot))?;
        }
        self.changed();
        Ok(())
    }
}

/// A set of words on the stack: `element` of a set's layout.
unsafe fn words_of<'a>(set: *const Set, element: *const u64) -> &'a [u64] {
    std::slice::from_raw_parts(element, layout::words((*set).table.layout))
}

/// An empty set.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn new(context: *mut Context, layout: u64) -> Done<*mut Set> {
    let table = Table::new(layout)?;
    place(context, table)
}

/// A set with this table, whose references are counted.
///
/// # Safety
/// As for [`new`].
pub unsafe fn place(context: *mut Context, table: Table) -> Done<*mut Set> {
    let mut head = Head::new(kind::SET, table.layout, 0);
    head.object.length = table.used as i64;
    head::place(context, Set { head, table }, 0)
}

/// `set.copy`.
///
/// # Safety
/// As for [`new`]; `set` is a set.
pub unsafe fn copy(context: *mut Context, set: *mut Set) -> Done<*mut Set> {
    let result = new(context, (*set).table.layout)?;
    (*result).merge(&*set)?;
    Ok(result)
}

/// `set(list)`.
///
/// # Safety
/// As for [`new`]; `list` is a list.
pub unsafe fn of_list(context: *mut Context, list: *mut Head) -> Done<*mut Set> {
    let result = new(context, (*list).object.layout)?;
    for index in 0..(*list).length() {
        add(result, list::at(list, index))?;
    }
    Ok(result)
}

/// `set.clear`. The finger of `pop` stays.
///
/// # Safety
/// As for [`copy`].
pub unsafe fn clear(context: *mut Context, set: *mut Set) -> Done {
    let mut table = Table::new((*set).table.layout)?;
    table.finger = (*set).table.finger;
    replace(context, set, table);
    Ok(())
}

/// Gives a set another table, whose references are counted.
unsafe fn replace(context: *mut Context, set: *mut Set, table: Table) {
    let former = std::mem::replace(&mut (*set).table, table);
    (*set).changed();
    for element in former.elements() {
        reference::release(context, former.layout, element.as_ptr());
    }
}

/// `set.add`.
///
/// # Safety
/// `set` is a set, `element` has its words.
pub unsafe fn add(set: *mut Set, element: *const u64) -> Done {
    let hash = (*set).table.hash(element)?;
    (*set).put(hash, words_of(set, element))
}

/// `element in set`.
///
/// # Safety
/// As for [`add`].
pub unsafe fn contains(set: *mut Set, element: *const u64) -> Done<bool> {
    let hash = (*set).table.hash(element)?;
    Ok((*set).table.find(hash, words_of(set, element))?.is_some())
}

/// `set.discard`; whether it was there.
///
/// # Safety
/// As for [`add`]; `context` is of a running call.
pub unsafe fn discard(context: *mut Context, set: *mut Set, element: *const u64) -> Done<bool> {
    let hash = (*set).table.hash(element)?;
    (*set).take_out(context, hash, words_of(set, element))
}

/// `set.pop`: the element with its references.
///
/// # Safety
/// `set` is a set, `result` has room for an element.
pub unsafe fn pop(set: *mut Set, result: *mut u64) -> Done {
    let slot = (*set).table.next_to_pop().ok_or(Stop::Raises)?;
    let element = (*set).table.element(slot);
    ptr::copy_nonoverlapping(element.as_ptr(), result, element.len());
    (*set).table.delete(slot);
    (*set).changed();
    Ok(())
}

/// The first place from a position on that holds an element.
///
/// # Safety
/// `set` is a set.
pub unsafe fn next(set: *mut Set, position: u64) -> Option<usize> {
    usize::try_from(position).ok().and_then(|position| (*set).table.next_taken(position))
}

/// The element at a place that [`next`] gave, while nothing was changed since.
///
/// # Safety
/// As for [`pop`].
pub unsafe fn element_at(set: *mut Set, place: u64, result: *mut u64) -> Done {
    let place = next(set, place).filter(|found| *found as u64 == place).ok_or(Stop::Python)?;
    let element = (*set).table.element(place);
    ptr::copy_nonoverlapping(element.as_ptr(), result, element.len());
    reference::retain((*set).table.layout, element.as_ptr());
    Ok(())
}

/// `a | b`, `a & b`, `a - b`, `a ^ b`.
///
/// # Safety
/// `context` is of a running call, both are sets of one layout.
pub unsafe fn combined(context: *mut Context, a: *mut Set, b: *mut Set, how: u64) -> Done<*mut Set> {
    match how {
        combine::UNION => {
            let result = copy(context, a)?;
            if a != b {
                (*result).merge(&*b)?;
            }
            Ok(result)
        }
        combine::INTERSECTION if a == b => copy(context, a),
        combine::INTERSECTION => {
            let (small, large) = if (*b).table.used > (*a).table.used { (a, b) } else { (b, a) };
            chosen(context, small, large, true)
        }
        combine::DIFFERENCE if (*a).table.used >> 2 > (*b).table.used => {
            let result = copy(context, a)?;
            take_out_all(context, result, b)?;
            Ok(result)
        }
        combine::DIFFERENCE => chosen(context, a, b, false),
        combine::SYMMETRIC_DIFFERENCE => {
            let result = copy(context, b)?;
            toggle(context, result, a)?;
            Ok(result)
        }
        _ => Err(Stop::Python),
    }
}

/// A new set of the elements of `from` that are, or are not, in `other`.
unsafe fn chosen(context: *mut Context, from: *mut Set, other: *mut Set, inside: bool) -> Done<*mut Set> {
    let result = new(context, (*from).table.layout)?;
    let from = &(*from).table;
    for slot in from.taken() {
        let (hash, element) = (from.hashes[slot], from.element(slot));
        if (*other).table.find(hash, element)?.is_some() == inside {
            (*result).put(hash, element)?;
        }
    }
    Ok(result)
}

/// `set -= other`.
unsafe fn take_out_all(context: *mut Context, set: *mut Set, other: *mut Set) -> Done {
    let other = &(*other).table;
    for slot in other.taken() {
        (*set).take_out(context, other.hashes[slot], other.element(slot))?;
    }
    (*set).table.tidy()
}

/// `set ^= other`.
unsafe fn toggle(context: *mut Context, set: *mut Set, other: *mut Set) -> Done {
    let other = &(*other).table;
    for slot in other.taken() {
        let (hash, element) = (other.hashes[slot], other.element(slot));
        if !(*set).take_out(context, hash, element)? {
            (*set).put(hash, element)?;
        }
    }
    Ok(())
}

/// `set.update(dict)`: room for all keys is made before the first is added.
///
/// # Safety
/// Both are of one layout of elements and keys.
pub unsafe fn update_with_keys(set: *mut Set, dict: *const Dict) -> Done {
    let rows = &(*dict).rows;
    (*set).table.make_room(rows.used)?;
    (*set).changed();
    for row in rows.living() {
        (*set).put(rows.hash(row), rows.key(row))?;
    }
    Ok(())
}

/// `a |= b`, `a &= b`, `a -= b`, `a ^= b`.
///
/// # Safety
/// As for [`combined`].
pub unsafe fn update(context: *mut Context, a: *mut Set, b: *mut Set, how: u64) -> Done {
    (*a).head.object.modified = 1;
    match how {
        combine::UNION if a == b => Ok(()),
        combine::UNION => (*a).merge(&*b),
        combine::INTERSECTION => {
            let result = combined(context, a, b, how)?;
            let finger = (*a).table.finger;
            let mut table = Table::new((*a).table.layout)?;
            std::mem::swap(&mut table, &mut (*result).table);
            table.finger = finger;
            replace(context, a, table);
            head::give_up(context, result.cast());
            Ok(())
        }
        combine::DIFFERENCE | combine::SYMMETRIC_DIFFERENCE if a == b => clear(context, a),
        combine::DIFFERENCE => take_out_all(context, a, b),
        combine::SYMMETRIC_DIFFERENCE => toggle(context, a, b),
        _ => Err(Stop::Python),
    }
}

/// `a <= b`, `a < b`, `a.isdisjoint(b)`.
///
/// # Safety
/// Both are sets of one layout.
pub unsafe fn test(a: *mut Set, b: *mut Set, how: u64) -> Done<bool> {
    match how {
        combine::SUBSET => (*a).is_subset(&*b).known(),
        combine::PROPER_SUBSET => Ok((*a).table.used < (*b).table.used && (*a).is_subset(&*b).known()?),
        combine::DISJOINT => {
            let (a, b) = (&(*a).table, &(*b).table);
            for slot in a.taken() {
                if b.find(a.hashes[slot], a.element(slot))?.is_some() {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Err(Stop::Python),
    }
}
