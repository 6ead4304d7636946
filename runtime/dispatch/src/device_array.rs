//! Results on a GPU: an array that says where it lies, and the way to the library that the arguments came from.

use crate::device_call::{self, DeviceCall};
use crate::dtype::Dtype;
use crate::interface::{DeviceView, library_of};
use crate::results::{Results, View, new_reference, unknown_owner};
use crate::support;
use hypersonic_abi::Block;
use hypersonic_gpu::{Device, Memory};
use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use std::ptr;
use std::sync::Arc;

/// Whose memory an array on a GPU lies in.
#[derive(Debug)]
enum Owner {
    Memory(#[allow(dead_code)] Arc<Memory>),
    Object(#[allow(dead_code)] Py<PyAny>),
}

/// An array on a GPU, for everyone who reads `__cuda_array_interface__`. Freed with its last reference.
#[pyclass(frozen, module = "hypersonic._dispatch")]
pub struct DeviceArray {
    view: DeviceView,
    dtype: Dtype,
    device: &'static Device,
    #[allow(dead_code)]
    owner: Owner,
}

#[pymethods]
impl DeviceArray {
    /// Extents.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.view.shape)
    }

    /// The dtype's name.
    #[getter]
    fn dtype(&self) -> &'static str {
        self.dtype.name()
    }

    #[getter(__cuda_array_interface__)]
    fn interface<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let interface = PyDict::new(py);
        interface.set_item("shape", PyTuple::new(py, &self.view.shape)?)?;
        interface.set_item("strides", PyTuple::new(py, &self.view.strides)?)?;
        interface.set_item("typestr", self.dtype.type_string())?;
        interface.set_item("data", (self.view.data, self.view.read_only))?;
        interface.set_item("stream", self.view.stream.map(|stream| stream.0))?;
        interface.set_item("version", 3)?;
        Ok(interface)
    }

    /// The array as a NumPy array.
    fn copy_to_host<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let failed = |problem: hypersonic_gpu::Problem| PyRuntimeError::new_err(problem.0);
        let (low, high) = self.reach();
        let mut bytes = vec![0u8; (high - low) as usize];
        let start = self.view.data.wrapping_add_signed(low as i64);
        if let Some(stream) = self.view.stream {
            self.device.synchronize(stream).map_err(failed)?;
        }
        self.device.copy_to_host(&mut bytes, start).map_err(failed)?;
        let keywords = PyDict::new(py);
        keywords.set_item("shape", PyTuple::new(py, &self.view.shape)?)?;
        keywords.set_item("dtype", self.dtype.name())?;
        keywords.set_item("buffer", PyBytes::new(py, &bytes))?;
        keywords.set_item("offset", -low)?;
        keywords.set_item("strides", PyTuple::new(py, &self.view.strides)?)?;
        py.import("numpy")?.getattr("ndarray")?.call((), Some(&keywords))?.call_method0("copy")
    }

    fn __repr__(&self) -> String {
        let extents: Vec<String> = self.view.shape.iter().map(ToString::to_string).collect();
        format!("<DeviceArray {}[{}] on GPU {}>", self.dtype.name(), extents.join(", "), self.device.ordinal())
    }
}

impl DeviceArray {
    /// The bytes that it touches, relative to its first element.
    fn reach(&self) -> (isize, isize) {
        if self.view.shape.contains(&0) {
            return (0, 0);
        }
        let mut reach = (0, self.dtype.size() as isize);
        for (extent, stride) in self.view.shape.iter().zip(&self.view.strides) {
            let far = (extent - 1) * stride;
            if far < 0 {
                reach.0 += far;
            } else {
                reach.1 += far;
            }
        }
        reach
    }
}

/// An array result of a call on a GPU.
///
/// # Safety
/// As for [`Results::build`].
pub unsafe fn build(results: &mut Results<'_>, call: &DeviceCall, view: &View, owner: u64) -> *mut PyObject {
    let py = Python::assume_attached();
    let shape = std::slice::from_raw_parts(view.shape, view.ndim).to_vec();
    let strides = std::slice::from_raw_parts(view.strides, view.ndim).to_vec();
    let mut array =
        DeviceView { data: view.data as u64, shape, strides, dtype: Some(view.dtype), read_only: false, stream: Some(call.stream) };
    let owner = if owner & 1 == 1 {
        let k = owner >> 1;
        let (Some(object), Some(argument)) = (results.frame.array(k), call.arguments.get(k as usize)) else { return unknown_owner() };
        let same = argument.data == array.data && argument.dtype == array.dtype;
        if same && argument.shape == array.shape && argument.strides == array.strides {
            return new_reference(object);
        }
        array.read_only = argument.read_only;
        Owner::Object(Bound::from_borrowed_ptr(py, object).unbind())
    } else {
        match memory(results, call, owner as *mut Block) {
            Some(memory) => Owner::Memory(memory),
            None => return unknown_owner(),
        }
    };
    match Bound::new(py, DeviceArray { view: array, dtype: view.dtype, device: call.device, owner }) {
        Ok(array) => translated(results, call, array.into_any()).into_ptr(),
        Err(error) => {
            error.restore(py);
            ptr::null_mut()
        }
    }
}

/// The memory of a block, shared by all results in it.
unsafe fn memory(results: &mut Results<'_>, call: &DeviceCall, block: *mut Block) -> Option<Arc<Memory>> {
    if let Some((_, memory)) = results.memories.iter().find(|(known, _)| *known == block) {
        return Some(Arc::clone(memory));
    }
    if !support::holds(results.context, block) {
        return None;
    }
    support::unlink(results.context, block);
    let memory = device_call::adopt(call.device, block);
    results.memories.push((block, Arc::clone(&memory)));
    Some(memory)
}

/// The array as the library of the first array argument has arrays; as it is if that library refuses.
unsafe fn translated<'py>(results: &Results<'_>, call: &DeviceCall, array: Bound<'py, PyAny>) -> Bound<'py, PyAny> {
    let py = array.py();
    let Some(first) = results.frame.array(0) else { return array };
    let library = library_of(&Bound::from_borrowed_ptr(py, first));
    let translated = match library.as_deref() {
        Some("cupy") => py.import("cupy").and_then(|cupy| cupy.call_method1("asarray", (&array,))),
        Some("torch") => py.import("torch").and_then(|torch| {
            let keywords = PyDict::new(py);
            keywords.set_item("device", format!("cuda:{}", call.device.ordinal()))?;
            torch.call_method("as_tensor", (&array,), Some(&keywords))
        }),
        _ => return array,
    };
    translated.unwrap_or(array)
}
