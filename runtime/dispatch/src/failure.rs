//! What a kernel's failure becomes: an exception with the user's message. Whether Python runs instead is decided by the caller.

use crate::objects::head::Head;
use crate::objects::python_string;
use hypersonic_abi::ErrorRecord;
use hypersonic_abi::manifest::{Failure, MessagePart};
use hypersonic_abi::object::kind;
use pyo3::ffi::{self, PyObject};
use std::ffi::{CStr, CString};
use std::ptr;

/// Sets the exception of a failure of `function`'s kernel.
///
/// # Safety
/// The GIL is held and no exception is set; one is set after.
#[cold]
pub unsafe fn raise(function: *mut PyObject, failure: &Failure, record: &ErrorRecord) {
    let kind = exception_type(function, &failure.exception);
    // An exception without arguments is raised as `raise ValueError`.
    if failure.message.is_empty() {
        ffi::PyErr_SetNone(kind);
    } else {
        set_with_arguments(kind, failure, record);
    }
    ffi::Py_DECREF(kind);
}

/// Sets an exception of a class that is called with the arguments of the failure.
unsafe fn set_with_arguments(kind: *mut PyObject, failure: &Failure, record: &ErrorRecord) {
    let groups = failure.message.split(|part| matches!(part, MessagePart::Next));
    let arguments = ffi::PyTuple_New(groups.clone().count() as isize);
    let mut fine = !arguments.is_null();
    for (n, group) in groups.enumerate() {
        let argument = if fine { argument(group, record) } else { ptr::null_mut() };
        fine = !argument.is_null() && ffi::PyTuple_SetItem(arguments, n as isize, argument) == 0;
    }
    if fine {
        let exception = ffi::PyObject_CallObject(kind, arguments);
        if !exception.is_null() {
            ffi::PyErr_SetObject(ffi::Py_TYPE(exception).cast(), exception);
            ffi::Py_DECREF(exception);
        }
    }
    ffi::Py_XDECREF(arguments);
}

/// One argument: what is no text, or a text in pieces. A new reference, or null with an exception set.
unsafe fn argument(parts: &[MessagePart], record: &ErrorRecord) -> *mut PyObject {
    match parts {
        [MessagePart::Argument(index, kind)] => {
            let word = value(record, *index);
            return match kind.as_str() {
                "int" => ffi::PyLong_FromLongLong(word as i64),
                "float" => ffi::PyFloat_FromDouble(f64::from_bits(word)),
                "bool" => ffi::PyBool_FromLong(i32::from(word != 0) as _),
                _ => crate::results::new_reference(ffi::Py_None()),
            };
        }
        [MessagePart::Object(index)] => return string_of(value(record, *index)),
        _ => (),
    }
    let mut text = Vec::new();
    for part in parts {
        let piece = match part {
            MessagePart::Text(piece) => {
                text.extend_from_slice(piece.as_bytes());
                continue;
            }
            MessagePart::Int(index, spec) => formatted(ffi::PyLong_FromLongLong(value(record, *index) as i64), spec),
            // The runtime could not have Python raise it: it has no text then.
            MessagePart::Python(..) => break,
            MessagePart::Float(index, spec) => formatted(ffi::PyFloat_FromDouble(f64::from_bits(value(record, *index))), spec),
            MessagePart::Object(index) => formatted(string_of(value(record, *index)), ""),
            MessagePart::Argument(..) | MessagePart::Next => continue,
        };
        let Some(piece) = piece else { return ptr::null_mut() };
        text.extend_from_slice(&piece);
    }
    ffi::PyUnicode_DecodeUTF8(text.as_ptr().cast(), text.len() as isize, SURROGATES.as_ptr())
}

/// Strings may hold what UTF-8 does not.
const SURROGATES: &CStr = c"surrogatepass";

/// The string of the call at an address, which is alive as long as the call is.
unsafe fn string_of(address: u64) -> *mut PyObject {
    match (address as *const Head).as_ref() {
        Some(head) if head.kind() == kind::STR => python_string::to_python(head),
        _ => {
            ffi::PyErr_SetString(ffi::PyExc_SystemError, c"a kernel failed with a message that is no string".as_ptr());
            ptr::null_mut()
        }
    }
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
    let bytes = ffi::PyUnicode_AsEncodedString(text, c"utf-8".as_ptr(), SURROGATES.as_ptr());
    ffi::Py_DECREF(text);
    if bytes.is_null() {
        return None;
    }
    let (data, size) = (ffi::PyBytes_AsString(bytes).cast::<u8>(), ffi::PyBytes_Size(bytes));
    let result = std::slice::from_raw_parts(data, size as usize).to_vec();
    ffi::Py_DECREF(bytes);
    Some(result)
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
