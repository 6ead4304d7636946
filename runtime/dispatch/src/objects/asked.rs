//! Functions of Python's own modules that kernels ask for: clocks, and what changes the generator of random numbers.

use crate::objects::head::{Done, Stop};
use crate::objects::operations::Words;
use crate::objects::python_text::{int_of, tuple_of, with_python};
use crate::objects::value::Value;
use crate::support;
use hypersonic_abi::object::{FUNCTIONS, result};
use pyo3::ffi::{self, PyObject};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Most values that a function takes.
const MOST: usize = 4;

/// Calls a function. An exception is kept for the end of the call, since what was done before cannot be done again; until then all answers are 0.
///
/// # Safety
/// The words are those of `Op::Ask`.
pub unsafe fn ask(words: Words) -> Done {
    let place = usize::try_from(words.argument(0)).ok().filter(|place| *place < FUNCTIONS.len()).ok_or(Stop::Python)?;
    let (expected, count) = (words.argument(1), words.argument(2) as usize);
    let mut values = [Value::None; MOST];
    let mut at = 3;
    for place in values.get_mut(..count).ok_or(Stop::Python)? {
        let (value, width) = Value::read(words.from(at))?;
        *place = value;
        at += width;
    }
    let state = support::state(words.context);
    if state.raised.load(Ordering::Relaxed) {
        return words.give(0);
    }
    match call(place, &values[..count], expected) {
        Err(Stop::Memory) => Err(Stop::Memory),
        Err(_) => {
            state.raised.store(true, Ordering::Relaxed);
            words.give(0)
        }
        Ok(word) => words.give(word),
    }
}

/// The names of the module and of the function, made once and never given up.
unsafe fn names(place: usize) -> Done<[*mut PyObject; 2]> {
    static NAMES: [[AtomicPtr<PyObject>; 2]; FUNCTIONS.len()] = [const { [const { AtomicPtr::new(ptr::null_mut()) }; 2] }; FUNCTIONS.len()];
    let (module, function) = FUNCTIONS[place].split_once('.').ok_or(Stop::Python)?;
    let known = |n: usize, text: &str| {
        let mut name = NAMES[place][n].load(Ordering::Acquire);
        if name.is_null() {
            name = ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize);
            if name.is_null() {
                ffi::PyErr_Clear();
                return Err(Stop::Memory);
            }
            ffi::PyUnicode_InternInPlace(&raw mut name);
            NAMES[place][n].store(name, Ordering::Release);
        }
        Ok(name)
    };
    Ok([known(0, module)?, known(1, function)?])
}

unsafe fn call(place: usize, values: &[Value], expected: u64) -> Done<u64> {
    with_python(|kept| {
        let [module, function] = names(place)?;
        // Nearly always it is there already, which is asked without the machinery of `import`.
        let loaded = ffi::PyImport_GetModule(module);
        let module = kept.keep(if loaded.is_null() && ffi::PyErr_Occurred().is_null() { ffi::PyImport_Import(module) } else { loaded })?;
        let function = kept.keep(ffi::PyObject_GetAttr(module, function))?;
        let arguments = tuple_of(kept, values)?;
        let answer = ffi::PyObject_CallObject(function, arguments);
        if answer.is_null() && ffi::PyErr_ExceptionMatches(ffi::PyExc_KeyboardInterrupt) != 0 {
            // As anywhere in a kernel: it is seen when the call returns.
            ffi::PyErr_Clear();
            ffi::PyErr_SetInterrupt();
            return Ok(0);
        }
        let answer = kept.keep(answer)?;
        match expected {
            result::INT => Ok(int_of(answer)? as u64),
            result::FLOAT if ffi::Py_TYPE(answer) == &raw mut ffi::PyFloat_Type => Ok(ffi::PyFloat_AsDouble(answer).to_bits()),
            result::NONE if answer == ffi::Py_None() => Ok(0),
            _ => Err(Stop::Python),
        }
    })
}
