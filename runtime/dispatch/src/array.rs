//! `numpy.ndarray` read through its C structure, which NumPy 1 and 2 share. Reads; never writes but for one flag.

use pyo3::ffi::PyObject;
use std::ffi::{c_char, c_int, c_void};

/// `NPY_ARRAY_C_CONTIGUOUS`.
pub const C_CONTIGUOUS: c_int = 0x0001;
/// `NPY_ARRAY_F_CONTIGUOUS`.
pub const F_CONTIGUOUS: c_int = 0x0002;
/// `NPY_ARRAY_OWNDATA`.
pub const OWNS_DATA: c_int = 0x0004;
/// `NPY_ARRAY_ALIGNED`.
pub const ALIGNED: c_int = 0x0100;
/// `NPY_ARRAY_WRITEABLE`.
pub const WRITEABLE: c_int = 0x0400;

/// The head of `PyArrayObject`.
#[repr(C)]
pub struct Array {
    head: PyObject,
    /// Address of element [0, ..., 0].
    pub data: *mut c_void,
    /// Rank.
    pub ndim: c_int,
    /// Extents.
    pub shape: *const isize,
    /// Strides in bytes.
    pub strides: *const isize,
    base: *mut PyObject,
    descr: *const Descriptor,
    /// `NPY_ARRAY_*`.
    pub flags: c_int,
}

/// The head of `PyArray_Descr`.
#[repr(C)]
struct Descriptor {
    head: PyObject,
    scalar_type: *mut c_void,
    kind: c_char,
    letter: c_char,
    byte_order: c_char,
    former_flags: c_char,
    number: c_int,
}

impl Array {
    /// NumPy's type number of the elements, or -2 where they are byte-swapped.
    #[inline]
    pub fn native_number(&self) -> c_int {
        // SAFETY: every array has a descriptor.
        let descr = unsafe { &*self.descr };
        let swapped = if cfg!(target_endian = "little") { b'>' } else { b'<' };
        if descr.byte_order as u8 == swapped { -2 } else { descr.number }
    }

    /// Whether all of `flags` are set.
    #[inline]
    pub fn has(&self, flags: c_int) -> bool {
        self.flags & flags == flags
    }
}

/// The type number and scalar type of a `numpy.dtype` instance of native byte order.
///
/// # Safety
/// `object` is a `numpy.dtype`.
pub unsafe fn descriptor_number(object: *mut PyObject) -> c_int {
    let descr = &*object.cast::<Descriptor>();
    let swapped = if cfg!(target_endian = "little") { b'>' } else { b'<' };
    if descr.byte_order as u8 == swapped { -2 } else { descr.number }
}
