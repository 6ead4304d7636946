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
