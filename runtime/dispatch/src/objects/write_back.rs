//! What a kernel changed in objects that are copies of arguments, written into these: they stay the objects that they are.

use crate::objects::head::Head;
use crate::results::Results;
use hypersonic_abi::object::kind;
use pyo3::ffi;

/// Writes all of a call back. False with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set; the call is finished.
pub unsafe fn write_back(results: &mut Results<'_>) -> bool {
    let mut changed: Vec<*mut Head> = Vec::new();
    let mut block = (*results.context).blocks;
    while !block.is_null() {
        let head = block.cast::<Head>();
        if (*block).kind != kind::MEMORY && !(*head).origin.is_null() && (*head).object.modified != 0 {
            if changed.try_reserve(1).is_err() {
                ffi::PyErr_NoMemory();
                return false;
            }
            changed.push(head);
        }
        block = (*block).next;
    }
    // The first that was copied is the last in the list.
    changed.into_iter().rev().all(|head| write(results, head))
}

unsafe fn write(results: &mut Results<'_>, head: *mut Head) -> bool {
    let Head { origin, container, .. } = *head;
    let container = &*container;
    match (container.kind, &container.class) {
        (_, Some(class)) => results.set_changed(class, container, head, origin),
        (kind::LIST, _) => {
            let list = results.new_list(container, head);
            let done = !list.is_null() && ffi::PyList_SetSlice(origin, 0, isize::MAX, list) == 0;
            ffi::Py_XDECREF(list);
            done
        }
        (kind::SET, _) => results.fill_set(container, head.cast(), origin),
        (kind::DICT, _) => results.fill_dict(container, head.cast(), origin),
        _ => true,
    }
}
