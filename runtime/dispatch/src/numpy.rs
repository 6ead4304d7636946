//! NumPy as this process has it: its types, its descriptors and the four functions of its C table that build results.
//! Found lazily, never imported unless a result must be an array. Refuses a NumPy whose binary interface is unknown.

use crate::dtype::{COUNT, Dtype};
use pyo3::ffi::{self, PyObject, PyTypeObject};
use std::ffi::{c_int, c_uint, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

type NewFromDescr = unsafe extern "C" fn(
    subtype: *mut PyTypeObject,
    descr: *mut PyObject,
    nd: c_int,
    dimensions: *const isize,
    strides: *const isize,
    data: *mut c_void,
    flags: c_int,
    object: *mut PyObject,
) -> *mut PyObject;
type SetBaseObject = unsafe extern "C" fn(array: *mut PyObject, base: *mut PyObject) -> c_int;
type Scalar = unsafe extern "C" fn(data: *mut c_void, descr: *mut PyObject, base: *mut PyObject) -> *mut PyObject;

/// Rows of NumPy's C table; the same in NumPy 1 and 2.
mod row {
    pub const VERSION: usize = 0;
    pub const ARRAY_TYPE: usize = 2;
    pub const DESCR_FROM_TYPE: usize = 45;
    pub const SCALAR: usize = 60;
    pub const NEW_FROM_DESCR: usize = 94;
    pub const SET_BASE_OBJECT: usize = 282;
}

/// What is known of NumPy.
pub struct NumPy {
    /// `numpy.ndarray`.
    pub array_type: *mut PyTypeObject,
    descriptors: [*mut PyObject; COUNT],
    scalar_types: [*mut PyTypeObject; COUNT],
    /// The scalar type of the second 64-bit (or 32-bit) C integer: `numpy.longlong` where `int64` is `long`.
    other_types: [*mut PyTypeObject; COUNT],
    new_from_descr: NewFromDescr,
    set_base_object: SetBaseObject,
    scalar: Scalar,
}

// SAFETY: every pointer is to an immortal or deliberately leaked object; they are used only with the GIL held.
unsafe impl Sync for NumPy {}
// SAFETY: as above.
unsafe impl Send for NumPy {}

static FOUND: AtomicPtr<NumPy> = AtomicPtr::new(ptr::null_mut());

/// NumPy, if it was found before.
#[inline]
pub fn found() -> Option<&'static NumPy> {
    // SAFETY: the pointer is null or to a leaked box.
    unsafe { FOUND.load(Ordering::Acquire).as_ref() }
}

/// NumPy, if the process has imported it.
///
/// # Safety
/// The GIL is held and no exception is set.
#[inline]
pub unsafe fn if_imported() -> Option<&'static NumPy> {
    match found() {
        Some(numpy) => Some(numpy),
        None => look_up(),
    }
}

/// NumPy, imported now if need be; null with an exception set if that is impossible.
///
/// # Safety
/// The GIL is held and no exception is set.
pub unsafe fn imported() -> Option<&'static NumPy> {
    if let Some(numpy) = found() {
        return Some(numpy);
    }
    let module = ffi::PyImport_ImportModule(c"numpy".as_ptr());
    if module.is_null() {
        return None;
    }
    ffi::Py_DECREF(module);
    let numpy = look_up();
    if numpy.is_none() {
        ffi::PyErr_SetString(ffi::PyExc_RuntimeError, c"this version of NumPy has an unknown binary interface".as_ptr());
    }
    numpy
}

/// # Safety
/// The GIL is held and no exception is set; afterwards none is set either.
#[cold]
unsafe fn look_up() -> Option<&'static NumPy> {
    let table = c_table();
    if table.is_null() {
        ffi::PyErr_Clear();
        return None;
    }
    match NumPy::from_table(table) {
        Some(numpy) => {
            let boxed = Box::into_raw(Box::new(numpy));
            FOUND.store(boxed, Ordering::Release);
            Some(&*boxed)
        }
        None => {
            ffi::PyErr_Clear();
            None
        }
    }
}

/// The table of the already imported NumPy, or null.
unsafe fn c_table() -> *const *mut c_void {
    for name in [c"numpy._core._multiarray_umath", c"numpy.core._multiarray_umath"] {
        let text = ffi::PyUnicode_FromString(name.as_ptr());
        if text.is_null() {
            return ptr::null();
        }
        let module = ffi::PyImport_GetModule(text);
        ffi::Py_DECREF(text);
        if module.is_null() {
            ffi::PyErr_Clear();
            continue;
        }
        let capsule = ffi::PyObject_GetAttrString(module, c"_ARRAY_API".as_ptr());
        ffi::Py_DECREF(module);
        if capsule.is_null() {
            ffi::PyErr_Clear();
            continue;
        }
        let table = ffi::PyCapsule_GetPointer(capsule, ptr::null());
        ffi::Py_DECREF(capsule);
        return table as *const *mut c_void;
    }
    ptr::null()
}

impl NumPy {
    /// Reads the table of a NumPy 1 or 2.
    ///
    /// # Safety
    /// `table` is `_ARRAY_API`; the GIL is held.
    unsafe fn from_table(table: *const *mut c_void) -> Option<NumPy> {
        let at = |row: usize| *table.add(row);
        let version = std::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> c_uint>(at(row::VERSION))();
        if version >> 24 != 1 && version >> 24 != 2 {
            return None;
        }
        let descr_from_type = std::mem::transmute::<*mut c_void, unsafe extern "C" fn(c_int) -> *mut PyObject>(at(row::DESCR_FROM_TYPE));
        let mut descriptors = [ptr::null_mut(); COUNT];
        let mut scalar_types = [ptr::null_mut(); COUNT];
        let mut other_types = [ptr::null_mut(); COUNT];
        for dtype in Dtype::ALL {
            let [canonical, other] = dtype.numbers();
            let descr = descr_from_type(canonical);
            if descr.is_null() {
                return None;
            }
            descriptors[dtype as usize] = descr;
            scalar_types[dtype as usize] = scalar_type_of(descr);
            if other >= 0 {
                let descr = descr_from_type(other);
                if !descr.is_null() {
                    other_types[dtype as usize] = scalar_type_of(descr);
                }
            }
        }
        Some(NumPy {
            array_type: at(row::ARRAY_TYPE).cast(),
            descriptors,
            scalar_types,
            other_types,
            new_from_descr: std::mem::transmute::<*mut c_void, NewFromDescr>(at(row::NEW_FROM_DESCR)),
            set_base_object: std::mem::transmute::<*mut c_void, SetBaseObject>(at(row::SET_BASE_OBJECT)),
            scalar: std::mem::transmute::<*mut c_void, Scalar>(at(row::SCALAR)),
        })
    }

    /// The scalar type of a dtype: `numpy.float32`.
    #[inline]
    pub fn scalar_type(&self, dtype: Dtype) -> *mut PyTypeObject {
        self.scalar_types[dtype as usize]
    }

    /// Whether `kind` is the scalar type of `dtype`, by any of its C names.
    #[inline]
    pub fn is_scalar_type(&self, kind: *mut PyTypeObject, dtype: Dtype) -> bool {
        kind == self.scalar_types[dtype as usize] || (kind == self.other_types[dtype as usize] && !kind.is_null())
    }

    /// The descriptor of a dtype, borrowed.
    #[inline]
    pub fn descriptor(&self, dtype: Dtype) -> *mut PyObject {
        self.descriptors[dtype as usize]
    }

    /// An array around `data`, without owner. Null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held; `shape` and `strides` have `ndim` items, and `data` reaches as far as they say.
    #[inline]
    pub unsafe fn wrap(
        &self,
        dtype: Dtype,
        ndim: usize,
        shape: *const isize,
        strides: *const isize,
        data: *mut c_void,
        flags: c_int,
    ) -> *mut PyObject {
        let descr = self.descriptors[dtype as usize];
        ffi::Py_INCREF(descr);
        (self.new_from_descr)(self.array_type, descr, ndim as c_int, shape, strides, data, flags, ptr::null_mut())
    }

    /// Makes `base` (stolen) the owner of `array`'s memory; false with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held; `array` is a fresh array.
    pub unsafe fn set_base(&self, array: *mut PyObject, base: *mut PyObject) -> bool {
        (self.set_base_object)(array, base) == 0
    }

    /// A NumPy scalar from its memory. Null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held; `data` is aligned and holds one element.
    pub unsafe fn make_scalar(&self, dtype: Dtype, data: *const c_void) -> *mut PyObject {
        (self.scalar)(data.cast_mut(), self.descriptors[dtype as usize], ptr::null_mut())
    }
}

/// The first field of a descriptor after its head.
unsafe fn scalar_type_of(descr: *mut PyObject) -> *mut PyTypeObject {
    *descr.cast::<u8>().add(size_of::<PyObject>()).cast::<*mut PyTypeObject>()
}
