//! Plain C functions in capsules, as `scipy.LowLevelCallable` takes them: the pointer is the function, the name its C signature.

use crate::failure;
use crate::library::Loaded;
use crate::plain::{self, Known};
use hypersonic_abi::exports::Capsule;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::CString;

/// The C function of a function in a capsule. Libraries are never unloaded, so it is valid for ever; so is the name.
pub fn create<'py>(library: &'static Loaded, capsule: &Capsule, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let address = library.address(&capsule.symbols).map_err(PyValueError::new_err)?;
    let name = CString::new(capsule.signature.as_str()).map_err(|_| PyValueError::new_err("its signature has a NUL"))?;
    plain::learn(address, Known { library, function: function.clone().unbind(), of_ufunc: None, failure: None });
    // SAFETY: the name is leaked, the pointer is not null.
    unsafe { Bound::from_owned_ptr_or_err(function.py(), ffi::PyCapsule_New(address, name.into_raw(), None)) }
}

/// The first failure of a capsule's function since this was last asked.
pub fn failure(capsule: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    let py = capsule.py();
    // SAFETY: a capsule is asked for its own name, under which it has its pointer.
    let address = unsafe {
        if ffi::PyCapsule_CheckExact(capsule.as_ptr()) == 0 {
            return Err(PyTypeError::new_err("a capsule is expected"));
        }
        ffi::PyCapsule_GetPointer(capsule.as_ptr(), ffi::PyCapsule_GetName(capsule.as_ptr()))
    };
    let found = plain::known().get_mut(&(address as usize)).map(|known| {
        let failure = known.failure.take();
        failure.map(|record| (record, known.library, known.function.clone_ref(py)))
    });
    let Some(found) = found else { return Err(PyValueError::new_err("the capsule is none of hypersonic's")) };
    let Some((record, library, function)) = found else { return Ok(None) };
    // SAFETY: the GIL is held, and no exception is set.
    unsafe { failure::raise_row(function.as_ptr(), &library.manifest.failures, &record) };
    Ok(Some(PyErr::fetch(py).into_value(py).into_any()))
}
