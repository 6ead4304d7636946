//! What only Python can do with strings: its methods, formats, parsing and printing, called through its interface. Takes the GIL, and
//! leaves no exception behind.

use crate::dtype::Dtype;
use crate::numpy;
use crate::objects::head::{Done, Head, Stop};
use crate::objects::method::Answer;
use crate::objects::value::Value;
use crate::objects::{classes, list, python_string};
use hypersonic_abi::Context;
use hypersonic_abi::object::{class, kind, layout, result};
use pyo3::ffi::{self, PyObject};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

/// Python objects of a call, given up at its end.
pub(super) struct Kept(Vec<*mut PyObject>);

impl Kept {
    /// Keeps a new reference. A null is an exception: a `ValueError` is raised by the program, every other is Python's to raise.
    pub(super) unsafe fn keep(&mut self, object: *mut PyObject) -> Done<*mut PyObject> {
        if object.is_null() {
            return Err(stop());
        }
        if self.0.try_reserve(1).is_err() {
            ffi::Py_DECREF(object);
            return Err(Stop::Memory);
        }
        self.0.push(object);
        Ok(object)
    }
}

thread_local! {
    /// Whether exceptions stay set.
    static RAISING: Cell<bool> = const { Cell::new(false) };
}

/// Whether `action`, which calls the functions below, raised an exception, which stays set then.
///
/// # Safety
/// The GIL is held, no exception is set.
pub unsafe fn raises(action: impl FnOnce() -> Done) -> bool {
    RAISING.set(true);
    // What it makes is the call's, which has come to its end.
    let _: Done = action();
    RAISING.set(false);
    !ffi::PyErr_Occurred().is_null()
}

/// What the exception that is set means; none is set afterwards.
unsafe fn stop() -> Stop {
    let occurred = ffi::PyErr_Occurred();
    // A subclass of ValueError, as of decoding, is another exception.
    let value_error = !occurred.is_null() && occurred == ffi::PyExc_ValueError;
    let memory = !occurred.is_null() && ffi::PyErr_GivenExceptionMatches(occurred, ffi::PyExc_MemoryError) != 0;
    let interrupt = !occurred.is_null() && ffi::PyErr_GivenExceptionMatches(occurred, ffi::PyExc_KeyboardInterrupt) != 0;
    if !RAISING.get() {
        ffi::PyErr_Clear();
        if interrupt {
            // As anywhere in a kernel: it is seen when the call has come to its end.
            ffi::PyErr_SetInterrupt();
        }
    }
    match (value_error, memory) {
        (true, _) => Stop::Raises,
        (_, true) => Stop::Memory,
        _ => Stop::Python,
    }
}

/// Runs with the GIL.
pub(super) unsafe fn with_python<R>(action: impl FnOnce(&mut Kept) -> Done<R>) -> Done<R> {
    struct Held(ffi::PyGILState_STATE);
    impl Drop for Held {
        fn drop(&mut self) {
            // SAFETY: it was taken on this thread.
            unsafe { ffi::PyGILState_Release(self.0) };
        }
    }
    let _held = Held(ffi::PyGILState_Ensure());
    let mut kept = Kept(Vec::new());
    let done = action(&mut kept);
    for object in kept.0 {
        ffi::Py_DECREF(object);
    }
    done
}

pub(super) unsafe fn object_of(kept: &mut Kept, value: Value) -> Done<*mut PyObject> {
    let object = match value {
        Value::None => crate::results::new_reference(ffi::Py_None()),
        Value::Int(value) => ffi::PyLong_FromLongLong(value),
        Value::Bool(value) => ffi::PyBool_FromLong(i32::from(value) as _),
        Value::Float(value) => ffi::PyFloat_FromDouble(value),
        Value::Complex(real, imaginary) => ffi::PyComplex_FromDoubles(real, imaginary),
        Value::Text(text) => python_string::to_python(text),
        Value::Bytes(bytes) => classes::new_bytes(bytes),
        Value::Texts(list) => list_of(list)?,
        // Only functions from Python are given arrays.
        Value::Array(..) => return Err(Stop::Python),
        Value::Numpy(dtype, words) => {
            let single = [words[0] & 0xffff_ffff | words[1] << 32];
            let data = if dtype == Dtype::Complex64 { single.as_ptr() } else { words.as_ptr() };
            numpy::imported().map_or(ptr::null_mut(), |numpy| numpy.make_scalar(dtype, data.cast::<c_void>()))
        }
    };
    kept.keep(object)
}

unsafe fn list_of(list: *mut Head) -> Done<*mut PyObject> {
    if (*list).object.layout != layout::OBJECT {
        return Err(Stop::Python);
    }
    let result = ffi::PyList_New((*list).length() as isize);
    for (n, word) in list::all_words(list).iter().enumerate() {
        let text = if result.is_null() { result } else { string_or_bytes(*word as *mut Head) };
        if text.is_null() || ffi::PyList_SetItem(result, n as isize, text) != 0 {
            ffi::Py_XDECREF(result);
            return Err(stop());
        }
    }
    Ok(result)
}

unsafe fn string_or_bytes(head: *mut Head) -> *mut PyObject {
    match ((*head).kind(), (*head).object.class) {
        (kind::STR, _) => python_string::to_python(head),
        (_, class::BYTES | class::BYTEARRAY) => classes::new_bytes(head),
        _ => {
            ffi::PyErr_BadInternalCall();
            ptr::null_mut()
        }
    }
}

unsafe fn text_of(context: *mut Context, object: *mut PyObject) -> Done<*mut Head> {
    if ffi::Py_TYPE(object) != &raw mut ffi::PyUnicode_Type {
        return Err(Stop::Python);
    }
    python_string::from_python(context, object)
}

pub(super) unsafe fn int_of(object: *mut PyObject) -> Done<i64> {
    if ffi::Py_TYPE(object) != &raw mut ffi::PyLong_Type {
        return Err(Stop::Python);
    }
    crate::matching::int64(object).ok_or(Stop::Python)
}

/// A new tuple of objects.
pub(super) unsafe fn tuple_of(kept: &mut Kept, items: &[Value]) -> Done<*mut PyObject> {
    let tuple = ffi::PyTuple_New(items.len() as isize);
    let tuple = kept.keep(tuple)?;
    for (n, item) in items.iter().enumerate() {
        let object = object_of(kept, *item)?;
        ffi::Py_INCREF(object);
        if ffi::PyTuple_SetItem(tuple, n as isize, object) != 0 {
            return Err(stop());
        }
    }
    Ok(tuple)
}

/// Calls a method of a string or of bytes. Those of `%` are one tuple.
///
/// # Safety
/// `context` is of a running call, of which the string and the values are.
pub unsafe fn method(context: *mut Context, method: &str, this: Value, given: &[Value], expected: u64) -> Done<Answer> {
    with_python(|kept| {
        let name = ffi::PyUnicode_FromStringAndSize(method.as_ptr().cast(), method.len() as isize);
        let name = kept.keep(name)?;
        let object = object_of(kept, this)?;
        let function = kept.keep(ffi::PyObject_GetAttr(object, name))?;
        let mut arguments = tuple_of(kept, given)?;
        if method == "__mod__" {
            arguments = kept.keep(ffi::PyTuple_Pack(1, arguments))?;
        }
        let answer = kept.keep(ffi::PyObject_CallObject(function, arguments))?;
        let kind = ffi::Py_TYPE(answer);
        match expected {
            result::STR => Ok(Answer::Text(text_of(context, answer)?)),
            result::INT => Ok(Answer::Int(int_of(answer)?)),
            result::BOOL if kind == &raw mut ffi::PyBool_Type => Ok(Answer::Bool(answer == ffi::Py_True())),
            result::BYTES => Ok(Answer::Text(classes::bytes_of(context, answer)?)),
            result::STRINGS | result::BYTES_LIST if kind == &raw mut ffi::PyList_Type => {
                let of = if expected == result::STRINGS { text_of } else { classes::bytes_of };
                let count = ffi::PyList_Size(answer);
                let texts = list::new(context, layout::OBJECT, count as i64)?;
                for index in 0..count {
                    let text = of(context, ffi::PyList_GetItem(answer, index))? as u64;
                    list::push(texts, ptr::from_ref(&text))?;
                }
                Ok(Answer::Texts(texts))
            }
            result::THREE | result::THREE_BYTES if kind == &raw mut ffi::PyTuple_Type && ffi::PyTuple_Size(answer) == 3 => {
                let of = if expected == result::THREE { text_of } else { classes::bytes_of };
                let mut three = [ptr::null_mut(); 3];
                for (n, text) in three.iter_mut().enumerate() {
                    *text = of(context, ffi::PyTuple_GetItem(answer, n as isize))?;
                }
                Ok(Answer::Three(three))
            }
            _ => Err(Stop::Python),
        }
    })
}

/// `format(value, spec)`, `str(value)`, `repr(value)`, `ascii(value)`, by number.
///
/// # Safety
/// As for [`method`]; `spec` is a string or null.
pub unsafe fn format(context: *mut Context, what: u64, spec: *mut Head, value: Value) -> Done<*mut Head> {
    with_python(|kept| {
        let object = object_of(kept, value)?;
        let text = match what {
            0 if spec.is_null() => ffi::PyObject_Format(object, ptr::null_mut()),
            0 => {
                let spec = object_of(kept, Value::Text(spec))?;
                ffi::PyObject_Format(object, spec)
            }
            1 => ffi::PyObject_Str(object),
            2 => ffi::PyObject_Repr(object),
            3 => ffi::PyObject_ASCII(object),
            _ => return Err(Stop::Python),
        };
        let text = kept.keep(text)?;
        text_of(context, text)
    })
}

/// `int(text)`, or `int(text, base)` unless `base` is 0.
///
/// # Safety
/// `text` is a string.
pub unsafe fn parse_int(text: *mut Head, base: i64) -> Done<i64> {
    with_python(|kept| {
        let arguments = [Value::Text(text), Value::Int(base)];
        let arguments = tuple_of(kept, if base == 0 { &arguments[..1] } else { &arguments })?;
        let int = kept.keep(ffi::PyObject_CallObject((&raw mut ffi::PyLong_Type).cast(), arguments))?;
        int_of(int)
    })
}

/// `float(text)`.
///
/// # Safety
/// `text` is a string.
pub unsafe fn parse_float(text: *mut Head) -> Done<f64> {
    with_python(|kept| {
        let object = object_of(kept, Value::Text(text))?;
        let float = kept.keep(ffi::PyFloat_FromString(object))?;
        Ok(ffi::PyFloat_AsDouble(float))
    })
}

/// Writes to `sys.stdout` what a call printed. False with an exception set if that raises one.
///
/// # Safety
/// The GIL is held, no exception is set; they are strings of a call that came to its end.
pub unsafe fn print_all(texts: &[*mut Head]) -> bool {
    texts.iter().all(|text| {
        let file = ffi::PySys_GetObject(c"stdout".as_ptr());
        if file.is_null() {
            ffi::PyErr_SetString(ffi::PyExc_RuntimeError, c"lost sys.stdout".as_ptr());
            return false;
        }
        if file == ffi::Py_None() {
            return true;
        }
        let file = crate::results::new_reference(file);
        let object = python_string::to_python(*text);
        let done = !object.is_null() && ffi::PyFile_WriteObject(object, file, ffi::Py_PRINT_RAW) == 0;
        ffi::Py_XDECREF(object);
        ffi::Py_DECREF(file);
        done
    })
}
