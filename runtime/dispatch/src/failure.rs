//! What a kernel's failure becomes: an exception with the user's message. Whether Python runs instead is decided by the caller.

use hypersonic_abi::ErrorRecord;
use hypersonic_abi::manifest::{Failure, MessagePart};
use pyo3::ffi::{self, PyObject};
use std::ffi::CString;
use std::ptr;

/// Sets the exception of a failure of `function`'s kernel.
///
/// # Safety
/// The GIL is held and no exception is set; one is set after.
#[cold]
pub unsafe fn raise(function: *mut PyObject, failure: &Failure, record: &ErrorRecord) {
    let kind = exception_type(function, &failure.exception);
    let mut text = Vec::new();
    for part in &failure.message {
        let piece = match part {
            MessagePart::Text(piece) => {
                text.extend_from_slice(piece.as_bytes());
                continue;
            }
            MessagePart::Int(index, spec) => formatted(ffi::PyLong_FromLongLong(value(record, *index) as i64), spec),
            // The runtime could not have Python raise it: it has no text then.
            MessagePart::Python(..) => break,
            MessagePart::Float(index, spec) => formatted(ffi::PyFloat_FromDouble(f64::from_bits(value(record, *index))), spec),
        };
        let Some(piece) = piece else {
            ffi::Py_DECREF(kind);
            return;
        };
        text.extend_from_slice(&piece);
    }
    // An exception without arguments is raised as `raise ValueError`.
    if failure.message.is_empty() {
        ffi::PyErr_SetNone(kind);
    } else {
        let message = ffi::PyUnicode_DecodeUTF8(text.as_ptr().cast(), text.len() as isize, c"replace".as_ptr());
        if !message.is_null() {
            ffi::PyErr_SetObject(kind, message);
            ffi::Py_DECREF(message);
        }
    }
    ffi::Py_DECREF(kind);
}

/// Sets the exception of the failure that a record names.
///
/// # Safety
/// As for [`raise`].
#[cold]
pub unsafe fn raise_row(function: *mut PyObject, failures: &[Failure], record: &ErrorRecord) {
    match failures.get(record.failure as usize) {
        Some(failure) => raise(function, failure, record),
        None => ffi::PyErr_SetString(ffi::PyExc_SystemError, c"a kernel failed in a way that its manifest does not know".as_ptr()),
    }
}

fn value(record: &ErrorRecord, index: u32) -> u64 {
    record.values.get(index as usize).copied().unwrap_or(0)
}

/// `format(object, spec)` as UTF-8; steals `object`. `None` with an exception set on failure.
unsafe fn formatted(object: *mut PyObject, spec: &str) -> Option<Vec<u8>> {
    if object.is_null() {
        return None;
    }
    let spec = ffi::PyUnicode_FromStringAndSize(spec.as_ptr().cast(), spec.len() as isize);
    let text = if spec.is_null() { ptr::null_mut() } else { ffi::PyObject_Format(object, spec) };
    ffi::Py_DECREF(object);
    ffi::Py_XDECREF(spec);
    if text.is_null() {
        return None;
    }
    let mut size = 0;
    let bytes = ffi::PyUnicode_AsUTF8AndSize(text, &raw mut size);
    let result = if bytes.is_null() { None } else { Some(std::slice::from_raw_parts(bytes.cast::<u8>(), size as usize).to_vec()) };
    ffi::Py_DECREF(text);
    result
}

/// The class by its builtin name, its dotted name (`numpy.linalg.LinAlgError`), or its name in the function's module;
/// `RuntimeError` if there is none. A new reference.
unsafe fn exception_type(function: *mut PyObject, name: &str) -> *mut PyObject {
    let (module, attribute) = name.rsplit_once('.').unwrap_or(("builtins", name));
    let places: [&dyn Fn() -> *mut PyObject; 2] = [&|| attribute_of(module, attribute), &|| global_of(function, name)];
    for place in places {
        let found = place();
        ffi::PyErr_Clear();
        if !found.is_null() && ffi::PyType_Check(found) != 0 && ffi::PyObject_IsSubclass(found, ffi::PyExc_BaseException) == 1 {
            return found;
        }
        ffi::Py_XDECREF(found);
    }
    ffi::Py_INCREF(ffi::PyExc_RuntimeError);
    ffi::PyExc_RuntimeError
}

/// A name in the module of the Python function; a new reference or null.
unsafe fn global_of(function: *mut PyObject, name: &str) -> *mut PyObject {
    ffi::PyErr_Clear();
    let Ok(name) = CString::new(name) else { return ptr::null_mut() };
    let globals = ffi::PyObject_GetAttrString(function, c"__globals__".as_ptr());
    if globals.is_null() {
        return globals;
    }
    let found = ffi::PyMapping_GetItemString(globals, name.as_ptr());
    ffi::Py_DECREF(globals);
    found
}

unsafe fn attribute_of(module: &str, attribute: &str) -> *mut PyObject {
    let (Ok(module), Ok(attribute)) = (CString::new(module), CString::new(attribute)) else { return ptr::null_mut() };
    let module = ffi::PyImport_ImportModule(module.as_ptr());
    if module.is_null() {
        return module;
    }
    let found = ffi::PyObject_GetAttrString(module, attribute.as_ptr());
    ffi::Py_DECREF(module);
    found
}
