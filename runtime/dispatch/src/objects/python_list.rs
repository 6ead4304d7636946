//! The items of Python's own lists and floats, read in place: a function call for each of a million takes longer than all the rest. The
//! public headers have had the same structures in every version that is supported; a list and a float that are made at the start of it all
//! say whether this interpreter's are such. If they are not, its functions are called.

use pyo3::ffi::{self, PyObject};
use std::sync::OnceLock;

/// `PyListObject`.
#[repr(C)]
struct PythonList {
    head: PyObject,
    size: isize,
    items: *mut *mut PyObject,
    allocated: isize,
}

/// `PyFloatObject`.
#[repr(C)]
struct PythonFloat {
    head: PyObject,
    value: f64,
}

/// The items of a list, to be read one by one while nobody changes it.
#[derive(Clone, Copy)]
pub struct Items {
    list: *mut PyObject,
    direct: bool,
}

impl Items {
    /// Of a list.
    ///
    /// # Safety
    /// The GIL is held while the items are used; `list` is exactly a list that stays alive.
    pub unsafe fn of(list: *mut PyObject) -> Items {
        Items { list, direct: understood() }
    }

    /// How many there are.
    ///
    /// # Safety
    /// As for [`Items::of`].
    pub unsafe fn len(self) -> usize {
        ffi::PyList_Size(self.list).max(0) as usize
    }

    /// A borrowed reference.
    ///
    /// # Safety
    /// `index` is below the length.
    #[inline]
    pub unsafe fn get(self, index: usize) -> *mut PyObject {
        if self.direct { *(*self.list.cast::<PythonList>()).items.add(index) } else { ffi::PyList_GetItem(self.list, index as isize) }
    }

    /// The value of an item that is exactly a float.
    ///
    /// # Safety
    /// As for [`Items::get`].
    #[inline]
    pub unsafe fn float(self, index: usize) -> f64 {
        let item = self.get(index);
        if self.direct { (*item.cast::<PythonFloat>()).value } else { ffi::PyFloat_AsDouble(item) }
    }
}

/// Whether lists and floats lie as said above.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after).
unsafe fn understood() -> bool {
    static UNDERSTOOD: OnceLock<bool> = OnceLock::new();
    match UNDERSTOOD.get() {
        Some(known) => *known,
        None => {
            let found = probe();
            ffi::PyErr_Clear();
            *UNDERSTOOD.get_or_init(|| found)
        }
    }
}

unsafe fn basic_size(type_object: *mut ffi::PyTypeObject) -> isize {
    let size = ffi::PyObject_GetAttrString(type_object.cast(), c"__basicsize__".as_ptr());
    let known = if size.is_null() { -1 } else { ffi::PyLong_AsSsize_t(size) };
    ffi::Py_XDECREF(size);
    known
}

unsafe fn probe() -> bool {
    const VALUES: [f64; 3] = [1.25, -0.0, 1e300];
    if basic_size(&raw mut ffi::PyList_Type) != size_of::<PythonList>() as isize
        || basic_size(&raw mut ffi::PyFloat_Type) != size_of::<PythonFloat>() as isize
    {
        return false;
    }
    let list = ffi::PyList_New(0);
    if list.is_null() {
        return false;
    }
    let mut fine = true;
    for value in VALUES {
        let float = ffi::PyFloat_FromDouble(value);
        fine = fine && !float.is_null() && ffi::PyList_Append(list, float) == 0;
        ffi::Py_XDECREF(float);
    }
    let python = list.cast::<PythonList>();
    fine = fine && (*python).size == VALUES.len() as isize && (*python).allocated >= (*python).size;
    for (index, value) in VALUES.into_iter().enumerate() {
        fine = fine && {
            let item = *(*python).items.add(index);
            item == ffi::PyList_GetItem(list, index as isize) && (*item.cast::<PythonFloat>()).value.to_bits() == value.to_bits()
        };
    }
    ffi::Py_DECREF(list);
    fine
}
