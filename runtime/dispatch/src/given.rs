//! What a call gave, in the words of signatures, for `hypersonic.info`: made only for calls that Python answers.

use crate::array::{ALIGNED, Array, WRITEABLE};
use crate::callable::Inner;
use crate::dtype::Dtype;
use crate::matching::exact_float;
use crate::numpy;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use std::ffi::c_int;

/// `(self.k: float, int64[:], int)`.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `slots` has `count` objects: attributes, then arguments.
pub unsafe fn write(inner: &Inner, slots: *const *mut PyObject, count: usize, text: &mut String) {
    text.push('(');
    for index in 0..count {
        if index > 0 {
            text.push_str(", ");
        }
        if let Some(name) = inner.object.as_ref().and_then(|object| object.attribute(index)) {
            text.push_str("self.");
            text.push_str(&name);
            text.push_str(": ");
        }
        describe(*slots.add(index), text);
    }
    text.push(')');
}

unsafe fn describe(object: *mut PyObject, text: &mut String) {
    let kind = ffi::Py_TYPE(object);
    if kind == &raw mut ffi::PyLong_Type {
        return text.push_str(int_words(object));
    }
    if kind == &raw mut ffi::PyFloat_Type {
        return text.push_str("float");
    }
    if kind == &raw mut ffi::PyTuple_Type {
        text.push('(');
        for index in 0..ffi::PyTuple_Size(object) {
            if index > 0 {
                text.push_str(", ");
            }
            describe(ffi::PyTuple_GetItem(object, index), text);
        }
        return text.push(')');
    }
    match numpy::if_imported() {
        Some(numpy) if kind == numpy.array_type => describe_array(object, text),
        Some(numpy) if Dtype::ALL.iter().any(|dtype| numpy.is_scalar_type(kind, *dtype)) => {
            text.push_str("np.");
            text.push_str(&name_of(kind.cast(), false));
        }
        _ if object == ffi::Py_None() => text.push_str("None"),
        _ => text.push_str(&name_of(kind.cast(), true)),
    }
}

/// Ints that a float, or a kernel, does not hold are said to be so.
unsafe fn int_words(object: *mut PyObject) -> &'static str {
    let mut overflow: c_int = 0;
    let value = ffi::PyLong_AsLongLongAndOverflow(object, &raw mut overflow);
    if overflow != 0 {
        "int of more than 64 bits"
    } else if exact_float(value).is_some() {
        "int"
    } else {
        "int beyond 2**53"
    }
}

unsafe fn describe_array(object: *mut PyObject, text: &mut String) {
    let array = &*object.cast::<Array>();
    let number = array.native_number();
    match Dtype::ALL.into_iter().find(|dtype| dtype.numbers().contains(&number)) {
        Some(dtype) => text.push_str(dtype.name()),
        None => text.push_str(&dtype_words(object)),
    }
    text.push('[');
    for axis in 0..array.ndim {
        text.push_str(if axis == 0 { ":" } else { ", :" });
    }
    text.push(']');
    if !array.has(ALIGNED) {
        text.push_str(" unaligned");
    }
    if !array.has(WRITEABLE) {
        text.push_str(" read-only");
    }
}

/// A dtype that no kernel knows, as NumPy writes it: `>f8`, `object`.
unsafe fn dtype_words(array: *mut PyObject) -> String {
    let array = Bound::from_borrowed_ptr(Python::assume_attached(), array);
    let words = array.getattr("dtype").and_then(|dtype| dtype.str()).map(|words| words.to_string());
    words.unwrap_or_else(|_| "array".to_owned())
}

/// The name of a type, with its module unless that is Python's own.
unsafe fn name_of(kind: *mut PyObject, with_module: bool) -> String {
    let kind = Bound::from_borrowed_ptr(Python::assume_attached(), kind);
    let text = |name: &str| kind.getattr(name).and_then(|name| name.extract::<String>());
    let name = text("__name__").unwrap_or_else(|_| "object".to_owned());
    match text("__module__") {
        Ok(module) if with_module && module != "builtins" => format!("{module}.{name}"),
        _ => name,
    }
}
