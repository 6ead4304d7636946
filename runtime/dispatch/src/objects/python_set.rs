//! Python's own sets, slot by slot. Their order is that of their slots, which no function of the interpreter gives or takes; its public
//! header has had the same structure in every version that is supported. A set that is made at the start of it all and compared with
//! one of ours, slot by slot, says whether this interpreter's is such. If it is not, sets as arguments are Python's.

use crate::objects::head::{Done, Stop};
use crate::objects::table::{SMALLEST, Slot, Table};
use hypersonic_abi::object::layout;
use pyo3::ffi::{self, PyObject};
use std::ptr;
use std::sync::OnceLock;

#[repr(C)]
#[derive(Clone, Copy)]
struct Entry {
    key: *mut PyObject,
    hash: isize,
}

/// `PySetObject`.
#[repr(C)]
struct PythonSet {
    head: PyObject,
    fill: isize,
    used: isize,
    mask: isize,
    table: *mut Entry,
    hash: isize,
    finger: isize,
    small: [Entry; SMALLEST],
    weak_references: *mut PyObject,
}

/// The key of deleted slots (an object that lives for ever, by its address), if sets are understood.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after).
pub unsafe fn understood() -> Option<usize> {
    static DUMMY: OnceLock<Option<usize>> = OnceLock::new();
    match DUMMY.get() {
        Some(known) => *known,
        None => {
            let found = probe();
            ffi::PyErr_Clear();
            *DUMMY.get_or_init(|| found)
        }
    }
}

/// Does the same to a set of Python's and to a table of ours, and compares.
unsafe fn probe() -> Option<usize> {
    let size = ffi::PyObject_GetAttrString((&raw mut ffi::PySet_Type).cast(), c"__basicsize__".as_ptr());
    if size.is_null() {
        return None;
    }
    let as_expected = ffi::PyLong_AsSsize_t(size) == size_of::<PythonSet>() as isize;
    ffi::Py_DECREF(size);
    let set = if as_expected { ffi::PySet_New(ptr::null_mut()) } else { ptr::null_mut() };
    if set.is_null() {
        return None;
    }
    let dummy = compare_with_ours(set);
    ffi::Py_DECREF(set);
    dummy
}

unsafe fn compare_with_ours(set: *mut PyObject) -> Option<usize> {
    let python = set.cast::<PythonSet>();
    let mut ours = Table::new(layout::SIGNED).ok()?;
    if (*python).table != (&raw mut (*python).small).cast() || (*python).mask != 7 {
        return None;
    }
    for number in 0..40i64 {
        let value = number * number - 7;
        let hash = ours.hash(&raw const value as *const u64).ok()?;
        let object = ffi::PyLong_FromLongLong(value);
        if object.is_null() {
            return None;
        }
        let mut fine = ffi::PySet_Add(set, object) == 0;
        ours.add(hash, &[value as u64]).ok()?;
        if number % 5 == 4 {
            fine = fine && ffi::PySet_Discard(set, object) == 1;
            ours.delete(ours.find(hash, &[value as u64]).ok()??);
        }
        ffi::Py_DECREF(object);
        if !fine {
            return None;
        }
    }
    let popped = ffi::PySet_Pop(set);
    ffi::Py_XDECREF(popped);
    let slot = ours.next_to_pop()?;
    ours.delete(slot);
    let same = (*python).fill == ours.fill as isize
        && (*python).used == ours.used as isize
        && (*python).mask == ours.mask() as isize
        && (*python).finger == ours.finger as isize;
    let dummy = if same { (*(*python).table.add(slot)).key } else { ptr::null_mut() };
    let all = !dummy.is_null()
        && (0..=ours.mask()).all(|slot| {
            let entry = *(*python).table.add(slot);
            match ours.slots[slot] {
                Slot::Free => entry.key.is_null(),
                Slot::Dummy => entry.key == dummy && entry.hash == -1,
                Slot::Taken => !entry.key.is_null() && entry.key != dummy && entry.hash as u64 == ours.hashes[slot],
            }
        });
    all.then_some(dummy as usize)
}

/// The keys of a set, in order, until one is not wanted.
///
/// # Safety
/// The GIL is held, `set` is exactly a set, and sets are understood.
pub unsafe fn all_keys(set: *mut PyObject, dummy: usize, mut wanted: impl FnMut(*mut PyObject) -> bool) -> bool {
    let python = set.cast::<PythonSet>();
    (0..=(*python).mask as usize).all(|slot| {
        let key = (*(*python).table.add(slot)).key;
        key.is_null() || key as usize == dummy || wanted(key)
    })
}

/// A table with the slots of a set; `convert` writes the words of a key.
///
/// # Safety
/// As for [`all_keys`]; keys of this layout hash as in Python.
pub unsafe fn read(
    set: *mut PyObject,
    dummy: usize,
    layout: u64,
    mut convert: impl FnMut(*mut PyObject, &mut [u64]) -> Done,
) -> Done<Table> {
    let python = set.cast::<PythonSet>();
    let mut table = Table::of_size(layout, (*python).mask as usize + 1)?;
    let mut words = [0; layout::MAX_WORDS];
    let words = &mut words[..layout::words(layout)];
    for slot in 0..=(*python).mask as usize {
        let Entry { key, hash } = *(*python).table.add(slot);
        if key as usize == dummy {
            table.fill_slot(slot, 0, None);
        } else if !key.is_null() {
            convert(key, words)?;
            if table.hash(words.as_ptr())? != hash as u64 {
                return Err(Stop::Python);
            }
            table.fill_slot(slot, hash as u64, Some(words));
        }
    }
    table.finger = (*python).finger as usize;
    Ok(table)
}

/// Gives a set the slots of a table; `keys` (stolen) are its elements in order. False with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set, `set` is exactly a set, sets are understood, and the elements hash as in Python.
pub unsafe fn install(set: *mut PyObject, dummy: usize, table: &Table, keys: Vec<*mut PyObject>) -> bool {
    let python = &mut *set.cast::<PythonSet>();
    let count = table.mask() + 1;
    let mut small = [Entry { key: ptr::null_mut(), hash: 0 }; SMALLEST];
    let place = if count == SMALLEST { small.as_mut_ptr() } else { ffi::PyMem_Malloc(count * size_of::<Entry>()).cast() };
    if place.is_null() {
        keys.into_iter().for_each(|key| ffi::Py_DECREF(key));
        ffi::PyErr_NoMemory();
        return false;
    }
    let mut keys = keys.into_iter();
    for slot in 0..count {
        let entry = match table.slots[slot] {
            Slot::Free => Entry { key: ptr::null_mut(), hash: 0 },
            Slot::Dummy => Entry { key: dummy as *mut PyObject, hash: -1 },
            Slot::Taken => Entry { key: keys.next().unwrap_or(ptr::null_mut()), hash: table.hashes[slot] as isize },
        };
        place.add(slot).write(entry);
    }
    let former_small = python.small;
    let own = (&raw mut python.small).cast::<Entry>();
    let former = if python.table == own { former_small.as_ptr().cast_mut() } else { python.table };
    let former_count = python.mask as usize + 1;
    let was_small = python.table == own;
    if count == SMALLEST {
        python.small = small;
        python.table = own;
    } else {
        python.table = place;
    }
    python.mask = table.mask() as isize;
    python.fill = table.fill as isize;
    python.used = table.used as isize;
    python.finger = table.finger as isize;
    // From here on the set is whole: giving up keys may run Python.
    for slot in 0..former_count {
        let key = (*former.add(slot)).key;
        if !key.is_null() && key as usize != dummy {
            ffi::Py_DECREF(key);
        }
    }
    if !was_small {
        ffi::PyMem_Free(former.cast());
    }
    true
}
