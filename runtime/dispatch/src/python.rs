//! Calling the Python function with the arguments exactly as they came.

use pyo3::ffi::{self, PyObject};
use std::ptr;
use std::sync::OnceLock;

/// PEP 590's calling convention.
pub type VectorCall =
    unsafe extern "C" fn(callable: *mut PyObject, args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> *mut PyObject;

/// The bit of `nargsf` that lends the callee the slot before the arguments.
pub const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// `PyObject_Vectorcall`: exported by every supported CPython, but in the stable interface only since 3.12.
fn interpreter_vectorcall() -> Option<VectorCall> {
    static FUNCTION: OnceLock<Option<VectorCall>> = OnceLock::new();
    *FUNCTION.get_or_init(|| {
        #[cfg(unix)]
        // SAFETY: the symbol, where it exists, has this type since CPython 3.9.
        unsafe {
            libloading::os::unix::Library::this().get::<VectorCall>(b"PyObject_Vectorcall\0").ok().map(|symbol| *symbol)
        }
        #[cfg(not(unix))]
        None
    })
}

type TypeLookup = unsafe extern "C" fn(*mut ffi::PyTypeObject, *mut PyObject) -> *mut PyObject;

/// The interpreter's own lookup of a name in a class and its bases, which raises nothing and is fast; CPython exports it.
fn interpreter_lookup() -> Option<TypeLookup> {
    static FUNCTION: OnceLock<Option<TypeLookup>> = OnceLock::new();
    *FUNCTION.get_or_init(|| {
        #[cfg(unix)]
        // SAFETY: the symbol, where it exists, has this type in every CPython that is supported.
        unsafe {
            libloading::os::unix::Library::this().get::<TypeLookup>(b"_PyType_Lookup\0").ok().map(|symbol| *symbol)
        }
        #[cfg(not(unix))]
        None
    })
}

/// What a class or its bases have under a name, as it is, without descriptors being asked; null if nothing. Borrowed.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `kind` is a class.
pub unsafe fn type_lookup(kind: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    if let Some(lookup) = interpreter_lookup() {
        let found = lookup(kind.cast(), name);
        ffi::PyErr_Clear();
        return found;
    }
    let order = ffi::PyObject_GetAttrString(kind, c"__mro__".as_ptr());
    let mut found = ptr::null_mut();
    let count = if order.is_null() { 0 } else { ffi::PyTuple_Size(order) };
    for index in 0..count {
        let dictionary = ffi::PyObject_GetAttrString(ffi::PyTuple_GetItem(order, index), c"__dict__".as_ptr());
        found = if dictionary.is_null() { ptr::null_mut() } else { ffi::PyObject_GetItem(dictionary, name) };
        ffi::Py_XDECREF(dictionary);
        if !found.is_null() {
            // The class keeps it.
            ffi::Py_DECREF(found);
            break;
        }
        ffi::PyErr_Clear();
    }
    ffi::PyErr_Clear();
    ffi::Py_XDECREF(order);
    found
}

/// Calls `callable`.
///
/// # Safety
/// The GIL is held, no exception is set, and the arguments are as PEP 590 says.
pub unsafe fn call(callable: *mut PyObject, args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> *mut PyObject {
    if let Some(function) = interpreter_vectorcall() {
        return function(callable, args, nargsf, kwnames);
    }
    let count = (nargsf & !ARGUMENTS_OFFSET) as isize;
    let tuple = ffi::PyTuple_New(count);
    if tuple.is_null() {
        return tuple;
    }
    for index in 0..count {
        let item = *args.offset(index);
        ffi::Py_INCREF(item);
        ffi::PyTuple_SetItem(tuple, index, item);
    }
    let keywords = keyword_dictionary(args.offset(count), kwnames);
    let result = match keywords {
        Some(keywords) => {
            let result = ffi::PyObject_Call(callable, tuple, keywords);
            ffi::Py_XDECREF(keywords);
            result
        }
        None => ptr::null_mut(),
    };
    ffi::Py_DECREF(tuple);
    result
}

/// The keyword arguments as a dict, null if there are none; `None` with an exception set on failure.
unsafe fn keyword_dictionary(values: *const *mut PyObject, kwnames: *mut PyObject) -> Option<*mut PyObject> {
    if kwnames.is_null() {
        return Some(ptr::null_mut());
    }
    let keywords = ffi::PyDict_New();
    if keywords.is_null() {
        return None;
    }
    for index in 0..ffi::PyTuple_Size(kwnames) {
        if ffi::PyDict_SetItem(keywords, ffi::PyTuple_GetItem(kwnames, index), *values.offset(index)) != 0 {
            ffi::Py_DECREF(keywords);
            return None;
        }
    }
    Some(keywords)
}
