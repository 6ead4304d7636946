//! What a kernel changed in objects that are copies of arguments, written into these: they stay the objects that they are, and so do the
//! items of theirs that are what they were.

use crate::matching::int64;
use crate::objects::classes;
use crate::objects::container::{Container, Item};
use crate::objects::dict::Dict;
use crate::objects::head::Head;
use crate::objects::list;
use crate::objects::python_list::Items;
use crate::results::Results;
use hypersonic_abi::object::{class, kind};
use pyo3::ffi::{self, PyObject};

/// Writes all of a call back. False with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set; the call is finished.
pub unsafe fn write_back(results: &mut Results<'_>) -> bool {
    let Some(kept) = &mut results.kept else { return true };
    let containers = std::mem::take(&mut kept.containers);
    containers.into_iter().all(|head| (*head).object.modified == 0 || write(results, head))
}

unsafe fn write(results: &mut Results<'_>, head: *mut Head) -> bool {
    let (origin, container) = ((*head).origin(), &*(*head).container);
    match (container.kind, &container.named) {
        (_, Some(class)) => results.set_changed(class, container, head, origin),
        _ if container.class == class::DEQUE => classes::fill_deque(origin, results.new_list(container, head, 0)),
        _ if container.class == class::BYTEARRAY => classes::fill_bytearray(origin, head),
        (kind::LIST, _) => match unchanged(container) {
            Some(same) => write_items(results, container, head, origin, same),
            None => replace(results, container, head, origin, 0),
        },
        (kind::SET, _) => results.fill_set(container, head.cast(), origin),
        (kind::DICT, _) => {
            let dict = head.cast::<Dict>();
            let changes = (*dict).rows.changes();
            match changes {
                Some(changes) => results.put_entries(container, changes, origin),
                None => results.fill_dict(container, dict, origin),
            }
        }
        _ => true,
    }
}

/// Whether an item of the Python list is what the word says.
type Same = unsafe fn(Items, usize, u64) -> bool;

/// How that is asked, for elements of one word.
fn unchanged(container: &Container) -> Option<Same> {
    unsafe fn int(items: Items, index: usize, word: u64) -> bool {
        let item = items.get(index);
        ffi::Py_TYPE(item) == &raw mut ffi::PyLong_Type && int64(item) == Some(word as i64)
    }
    unsafe fn float(items: Items, index: usize, word: u64) -> bool {
        ffi::Py_TYPE(items.get(index)) == &raw mut ffi::PyFloat_Type && items.float(index).to_bits() == word
    }
    unsafe fn object(items: Items, index: usize, word: u64) -> bool {
        items.get(index) == (*(word as *mut Head)).origin()
    }
    match container.element {
        Item::Int => Some(int),
        Item::Float => Some(float),
        Item::Object(_) => Some(object),
        _ => None,
    }
}

/// Puts items where they differ. False with an exception set on failure.
unsafe fn write_items(results: &mut Results<'_>, container: &Container, head: *mut Head, origin: *mut PyObject, same: Same) -> bool {
    let items = Items::of(origin);
    // What goes when an item is replaced may run code that changes the list.
    let mut index = 0;
    while index < (*head).length().min(items.len()) {
        let words = list::at(head, index);
        if !same(items, index, *words) {
            let item = results.item(&container.element, words, &mut 0);
            if item.is_null() || ffi::PyList_SetItem(origin, index as isize, item) != 0 {
                return false;
            }
        }
        index += 1;
    }
    index == (*head).length() && index == items.len() || replace(results, container, head, origin, index)
}

/// Replaces all items from one on. False with an exception set on failure.
unsafe fn replace(results: &mut Results<'_>, container: &Container, head: *mut Head, origin: *mut PyObject, from: usize) -> bool {
    let list = results.new_list(container, head, from);
    let done = !list.is_null() && ffi::PyList_SetSlice(origin, from as isize, isize::MAX, list) == 0;
    ffi::Py_XDECREF(list);
    done
}
