//! Calls whose arrays live on a GPU: arguments that carry `__cuda_array_interface__`.

use crate::call::Attempt;
use crate::callable::Inner;
use crate::fallback::Fallback;
use crate::frame::Frame;
use pyo3::ffi::PyObject;

/// Tries the kernels for a GPU.
///
/// # Safety
/// The GIL is held, no exception is set, `slots` has one object per parameter.
#[cold]
pub unsafe fn attempt(_inner: &Inner, _slots: *const *mut PyObject, _frame: &mut Frame) -> Attempt {
    Attempt::Python(Fallback::Signature)
}

/// Why no GPU can be used.
pub fn driver_problem() -> Option<String> {
    Some("not implemented".to_owned())
}
