//! `__cuda_array_interface__`, versions 2 and 3, as CuPy, PyTorch and others carry it: read, never written.

use crate::array;
use crate::dtype::Dtype;
use crate::plan::ArrayMatcher;
use hypersonic_gpu::Stream;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// An array on a GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceView {
    /// Address of element [0, ..., 0]; may be 0 if there is none.
    pub data: u64,
    /// Extents.
    pub shape: Vec<isize>,
    /// Strides in bytes.
    pub strides: Vec<isize>,
    /// Its dtype, if kernels know it.
    pub dtype: Option<Dtype>,
    /// Whether it must not be written to.
    pub read_only: bool,
    /// The stream on which it is produced, if any.
    pub stream: Option<Stream>,
}

impl DeviceView {
    /// What an object says of itself; `None` if it is no array on a GPU, or says it in a way that is not understood.
    pub fn of(object: &Bound<'_, PyAny>) -> Option<DeviceView> {
        let interface = object.getattr_opt(pyo3::intern!(object.py(), "__cuda_array_interface__")).ok()??;
        let interface = interface.cast_into::<PyDict>().ok()?;
        Self::parse(&interface, object).ok().flatten()
    }

    fn parse(interface: &Bound<'_, PyDict>, object: &Bound<'_, PyAny>) -> PyResult<Option<DeviceView>> {
        let entry = |name: &str| Ok::<_, PyErr>(interface.get_item(name)?.filter(|value| !value.is_none()));
        if entry("mask")?.is_some() {
            return Ok(None);
        }
        let (Some(shape), Some(data), Some(kind)) = (entry("shape")?, entry("data")?, entry("typestr")?) else { return Ok(None) };
        let shape: Vec<isize> = shape.cast::<PyTuple>().map_err(PyErr::from)?.extract()?;
        if shape.iter().any(|extent| *extent < 0) {
            return Ok(None);
        }
        let (data, read_only): (u64, bool) = data.extract()?;
        let kind: String = kind.extract()?;
        let dtype = Dtype::ALL.into_iter().find(|dtype| dtype.is_type_string(&kind));
        let strides = match (entry("strides")?, dtype) {
            (Some(strides), _) => strides.cast::<PyTuple>().map_err(PyErr::from)?.extract()?,
            (None, Some(dtype)) => contiguous_strides(&shape, dtype.size()),
            (None, None) => vec![0; shape.len()],
        };
        if strides.len() != shape.len() {
            return Ok(None);
        }
        let stream = match entry("stream")? {
            Some(stream) => Some(Stream(stream.extract()?)),
            None => torch_stream(object)?,
        };
        Ok(Some(DeviceView { data, shape, strides, dtype, read_only, stream }))
    }

    /// Whether elements lie in C order without gaps.
    pub fn is_c_contiguous(&self) -> bool {
        self.is_contiguous((0..self.shape.len()).rev())
    }

    fn is_contiguous(&self, axes: impl Iterator<Item = usize>) -> bool {
        let Some(dtype) = self.dtype else { return false };
        if self.shape.contains(&0) {
            return true;
        }
        let mut expected = dtype.size() as isize;
        for axis in axes {
            if self.shape[axis] != 1 && self.strides[axis] != expected {
                return false;
            }
            expected = expected.wrapping_mul(self.shape[axis]);
        }
        true
    }

    /// Whether it is what a signature asks of an array argument.
    pub fn fits(&self, matcher: &ArrayMatcher) -> bool {
        let aligned = |value: u64| self.dtype.is_some_and(|dtype| value.is_multiple_of(dtype.alignment() as u64));
        self.dtype == Some(matcher.dtype)
            && self.shape.len() == matcher.ndim as usize
            && aligned(self.data)
            && self.strides.iter().all(|stride| aligned(stride.unsigned_abs() as u64))
            && (matcher.flags & array::WRITEABLE == 0 || !self.read_only)
            && (matcher.flags & array::C_CONTIGUOUS == 0 || self.is_c_contiguous())
            && (matcher.flags & array::F_CONTIGUOUS == 0 || self.is_contiguous(0..self.shape.len()))
            && matcher.extents.iter().all(|&(axis, extent)| self.shape[axis] == extent)
    }

    /// How many elements it has.
    pub fn elements(&self) -> u64 {
        self.shape.iter().fold(1u64, |product, extent| product.wrapping_mul(*extent as u64))
    }
}

/// Strides of an array in C order.
pub fn contiguous_strides(shape: &[isize], size: usize) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut next = size as isize;
    for axis in (0..shape.len()).rev() {
        strides[axis] = next;
        next = next.wrapping_mul(shape[axis].max(1));
    }
    strides
}

/// PyTorch's interface (version 2) names no stream: its tensors belong to its current one.
fn torch_stream(object: &Bound<'_, PyAny>) -> PyResult<Option<Stream>> {
    if library_of(object).as_deref() != Some("torch") {
        return Ok(None);
    }
    let current = object.py().import("torch")?.getattr("cuda")?.call_method1("current_stream", (object.getattr("device")?,))?;
    let handle: u64 = current.getattr("cuda_stream")?.extract()?;
    Ok(Some(if handle == 0 { Stream::LEGACY } else { Stream(handle) }))
}

/// The top-level package that an object's class comes from.
pub fn library_of(object: &Bound<'_, PyAny>) -> Option<String> {
    let module: String = object.get_type().getattr("__module__").ok()?.extract().ok()?;
    module.split('.').next().map(str::to_owned)
}
