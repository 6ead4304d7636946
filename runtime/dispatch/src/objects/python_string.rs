//! Strings from Python and to Python.

use crate::objects::head::{Done, Head, Stop};
use crate::objects::text;
use hypersonic_abi::Context;
use pyo3::ffi::{self, PyObject};
use std::ptr;

/// A copy of a Python string.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `object` is a string, `context` is of a running call.
pub unsafe fn from_python(context: *mut Context, object: *mut PyObject) -> Done<*mut Head> {
    let length = ffi::PyUnicode_GetLength(object);
    let Ok(size) = usize::try_from(length) else {
        ffi::PyErr_Clear();
        return Err(Stop::Python);
    };
    let text = text::new(context, size)?;
    if size > 0 && ffi::PyUnicode_AsUCS4(object, (*text).object.block.data.cast(), length, 0).is_null() {
        ffi::PyErr_Clear();
        return Err(Stop::Memory);
    }
    Ok(text)
}

/// A Python string; the one that it is a copy of, if there is one. A new reference, or null with an exception set.
///
/// # Safety
/// The GIL is held, no exception is set, `text` is a string.
pub unsafe fn to_python(text: *const Head) -> *mut PyObject {
    let origin = (*text).origin();
    if !origin.is_null() {
        ffi::Py_INCREF(origin);
        return origin;
    }
    let Ok(points) = text::points(text) else { return ffi::PyErr_NoMemory() };
    let mut short = [0; 64];
    if let Some(place) = short.get_mut(..points.len())
        && points.iter().all(|point| *point < 0x80)
    {
        place.iter_mut().zip(points).for_each(|(to, point)| *to = *point as u8);
        return ffi::PyUnicode_FromStringAndSize(place.as_ptr().cast(), place.len() as isize);
    }
    if points.iter().all(|point| *point < 0x80) {
        let mut bytes: Vec<u8> = Vec::new();
        if bytes.try_reserve_exact(points.len()).is_err() {
            return ffi::PyErr_NoMemory();
        }
        bytes.extend(points.iter().map(|point| *point as u8));
        return ffi::PyUnicode_FromStringAndSize(bytes.as_ptr().cast(), bytes.len() as isize);
    }
    let mut order = if cfg!(target_endian = "little") { -1 } else { 1 };
    let bytes = points.len() as isize * 4;
    ffi::PyUnicode_DecodeUTF32(points.as_ptr().cast(), bytes, c"surrogatepass".as_ptr(), ptr::from_mut(&mut order))
}
