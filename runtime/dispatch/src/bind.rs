//! Arguments as they were written at the call, put in the order of the parameters, defaults filled in. Where that fails,
//! the Python function says what is wrong.

use crate::plan::MAX_PARAMETERS;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::ptr;

const VARIADIC: u32 = 0x04 | 0x08;

/// The parameters of a Python function.
pub struct Parameters {
    names: Vec<Py<PyString>>,
    positional_only: usize,
    positional: usize,
    /// `__defaults__` and `__kwdefaults__`, interned.
    attributes: [Py<PyString>; 2],
}

/// Bound arguments; keeps the containers of defaults alive.
pub struct Bound {
    slots: [*mut PyObject; MAX_PARAMETERS],
    defaults: *mut PyObject,
    keyword_defaults: *mut PyObject,
}

impl Drop for Bound {
    fn drop(&mut self) {
        // SAFETY: bound arguments live within a call, which holds the GIL; both are owned references or null.
        unsafe {
            ffi::Py_XDECREF(self.defaults);
            ffi::Py_XDECREF(self.keyword_defaults);
        }
    }
}

impl Parameters {
    /// Of a function, which must have exactly the parameters `expected`.
    pub fn of(function: &pyo3::Bound<'_, PyAny>, expected: &[String]) -> PyResult<Result<Parameters, String>> {
        let code = function.getattr("__code__")?;
        let flags: u32 = code.getattr("co_flags")?.extract()?;
        let positional: usize = code.getattr("co_argcount")?.extract()?;
        let keyword_only: usize = code.getattr("co_kwonlyargcount")?.extract()?;
        let variables = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
        if flags & VARIADIC != 0 {
            return Ok(Err("it takes a variable number of arguments".to_owned()));
        }
        let names =
            variables.iter().take(positional + keyword_only).map(|name| Ok(name.cast_into::<PyString>()?)).collect::<PyResult<Vec<_>>>()?;
        let same = names.len() == expected.len()
            && names.iter().zip(expected).all(|(name, expected)| name.to_str().is_ok_and(|name| name == expected));
        if !same || names.len() > MAX_PARAMETERS {
            return Ok(Err("its parameters are not those that it was compiled with".to_owned()));
        }
        Ok(Ok(Parameters {
            names: names.into_iter().map(pyo3::Bound::unbind).collect(),
            positional_only: code.getattr("co_posonlyargcount")?.extract()?,
            positional,
            attributes: ["__defaults__", "__kwdefaults__"].map(|name| PyString::intern(function.py(), name).unbind()),
        }))
    }

    /// Whether `count` positional arguments are all the parameters, in order.
    #[inline]
    pub fn is_exactly(&self, count: usize, kwnames: *mut PyObject) -> bool {
        kwnames.is_null() && count == self.names.len() && count == self.positional
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Binds arguments; `None` (no exception set) if they do not fit.
    ///
    /// # Safety
    /// The GIL is held, no exception is set, the arguments are as PEP 590 says, `function` is the Python function.
    pub unsafe fn bind(&self, function: *mut PyObject, args: *const *mut PyObject, count: usize, kwnames: *mut PyObject) -> Option<Bound> {
        if count > self.positional {
            return None;
        }
        let mut bound = Bound { slots: [ptr::null_mut(); MAX_PARAMETERS], defaults: ptr::null_mut(), keyword_defaults: ptr::null_mut() };
        for index in 0..count {
            bound.slots[index] = *args.add(index);
        }
        if !kwnames.is_null() {
            for index in 0..ffi::PyTuple_Size(kwnames) {
                let slot = self.find(ffi::PyTuple_GetItem(kwnames, index))?;
                if !bound.slots[slot].is_null() {
                    return None;
                }
                bound.slots[slot] = *args.add(count + index as usize);
            }
        }
        if bound.slots[..self.names.len()].iter().any(|slot| slot.is_null()) && !self.fill(function, &mut bound) {
            return None;
        }
        Some(bound)
    }

    /// The parameter that a keyword names.
    unsafe fn find(&self, name: *mut PyObject) -> Option<usize> {
        let candidates = self.names.iter().enumerate().skip(self.positional_only);
        if let Some((index, _)) = candidates.clone().find(|(_, known)| known.as_ptr() == name) {
            return Some(index);
        }
        let found = candidates.into_iter().find(|(_, known)| ffi::PyUnicode_Compare(known.as_ptr(), name) == 0);
        if !ffi::PyErr_Occurred().is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        found.map(|(index, _)| index)
    }

    /// Fills empty slots from the function's defaults of this moment.
    unsafe fn fill(&self, function: *mut PyObject, bound: &mut Bound) -> bool {
        bound.defaults = attribute(function, &self.attributes[0]);
        if self.names.len() > self.positional {
            bound.keyword_defaults = attribute(function, &self.attributes[1]);
        }
        let defaults = bound.defaults;
        let has_defaults = !defaults.is_null() && ffi::PyTuple_Check(defaults) != 0;
        let given = if has_defaults { ffi::PyTuple_Size(defaults) as usize } else { 0 };
        for index in 0..self.names.len() {
            if !bound.slots[index].is_null() {
                continue;
            }
            let value = if index >= self.positional {
                let dictionary = bound.keyword_defaults;
                if dictionary.is_null() || ffi::PyDict_Check(dictionary) == 0 {
                    return false;
                }
                ffi::PyDict_GetItemWithError(dictionary, self.names[index].as_ptr())
            } else if index + given >= self.positional {
                ffi::PyTuple_GetItem(defaults, (index + given - self.positional) as isize)
            } else {
                return false;
            };
            if value.is_null() {
                ffi::PyErr_Clear();
                return false;
            }
            bound.slots[index] = value;
        }
        true
    }
}

impl Bound {
    /// One object per parameter.
    #[inline]
    pub fn as_ptr(&self) -> *const *mut PyObject {
        self.slots.as_ptr()
    }
}

/// An attribute or null, without an exception.
unsafe fn attribute(object: *mut PyObject, name: &Py<PyString>) -> *mut PyObject {
    let value = ffi::PyObject_GetAttr(object, name.as_ptr());
    if value.is_null() {
        ffi::PyErr_Clear();
    }
    value
}
