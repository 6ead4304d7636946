//! The type of boosted functions: called by PEP 590's convention, bound as a method, pickled by name, and otherwise
//! as like the Python function that it wraps as can be: what it does not know itself, it asks that function.

use crate::bind::Parameters;
use crate::call;
use crate::fallback::Fallbacks;
use crate::library::Loaded;
use crate::object::ObjectPlan;
use crate::plan::SignaturePlan;
use crate::python::VectorCall;
use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi::{self, PyObject, PyTypeObject};
use pyo3::prelude::*;
use std::ffi::{c_int, c_void};
use std::mem::offset_of;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// A boosted function.
#[repr(C)]
pub struct BoostedFunction {
    head: PyObject,
    vectorcall: VectorCall,
    dictionary: *mut PyObject,
    weak_references: *mut PyObject,
    /// The Python function.
    pub function: *mut PyObject,
    /// What it runs; a box.
    pub inner: *mut Inner,
}

/// What a boosted function runs.
pub struct Inner {
    /// How arguments are bound.
    pub parameters: Parameters,
    /// What it needs of its object, if it is a method.
    pub object: Option<ObjectPlan>,
    /// In the order in which they are tried.
    pub signatures: Vec<SignaturePlan>,
    /// Why there are not more of them, if some could not be planned.
    pub refused: Option<String>,
    /// Where they come from.
    pub library: &'static Loaded,
    /// Whether loops of it may run on several threads.
    pub parallel: bool,
    /// Calls that Python answered.
    pub fallbacks: Fallbacks,
    /// Whether the last call that a kernel answered ran on a GPU.
    pub on_gpu: AtomicBool,
}

impl Inner {
    /// Remembers where a call ran. Threads that do the same write nothing.
    #[inline]
    pub fn ran(&self, on_gpu: bool) {
        if self.on_gpu.load(Ordering::Relaxed) != on_gpu {
            self.on_gpu.store(on_gpu, Ordering::Relaxed);
        }
    }
}

/// `Py_TPFLAGS_HAVE_VECTORCALL`: understood by every supported CPython, named by the stable interface since 3.12.
const HAVE_VECTORCALL: std::ffi::c_ulong = 1 << 11;

static TYPE: AtomicPtr<PyTypeObject> = AtomicPtr::new(ptr::null_mut());
static METHOD_TYPE: AtomicPtr<PyObject> = AtomicPtr::new(ptr::null_mut());

/// Makes the type, once per process.
pub fn prepare(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    if TYPE.load(Ordering::Acquire).is_null() {
        let method_type = py.import("types")?.getattr("MethodType")?;
        METHOD_TYPE.store(method_type.into_ptr(), Ordering::Release);
        // SAFETY: the specification lives through the call, and its tables for ever.
        let object = unsafe { create_type() };
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        TYPE.store(object.cast(), Ordering::Release);
    }
    // SAFETY: the type was made above and is never given up.
    Ok(unsafe { Bound::from_borrowed_ptr(py, TYPE.load(Ordering::Acquire).cast()) })
}

/// Whether `object` is a boosted function, and if so what it runs.
pub fn inner_of<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a Inner> {
    let pointer = object.as_ptr();
    // SAFETY: an object of our type has our layout; its `inner` lives as long as it does.
    unsafe {
        if ffi::Py_TYPE(pointer) != TYPE.load(Ordering::Acquire) {
            return None;
        }
        (*pointer.cast::<BoostedFunction>()).inner.as_ref()
    }
}

/// What an object is as a boosted function, if it is one. Needs no GIL: neither the type of an object nor what a boosted function runs ever changes.
///
/// # Safety
/// The object is alive, and held by the caller.
pub unsafe fn boosted<'a>(object: *mut PyObject) -> Option<(&'a BoostedFunction, &'a Inner)> {
    if ffi::Py_TYPE(object) != TYPE.load(Ordering::Acquire) {
        return None;
    }
    let function = &*object.cast::<BoostedFunction>();
    Some((function, function.inner.as_ref()?))
}

/// A boosted function around `function`.
pub fn create<'py>(function: &Bound<'py, PyAny>, inner: Inner) -> PyResult<Bound<'py, PyAny>> {
    let py = function.py();
    let kind = TYPE.load(Ordering::Acquire);
    if kind.is_null() {
        return Err(PyRuntimeError::new_err("the extension was not initialised"));
    }
    let dictionary = pyo3::types::PyDict::new(py);
    if let Ok(own) = function.getattr("__dict__") {
        dictionary.update(own.cast::<pyo3::types::PyMapping>()?)?;
    }
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        dictionary.set_item(name, function.getattr(name)?)?;
    }
    dictionary.set_item("__wrapped__", function)?;
    // SAFETY: a fresh object of our type is zeroed beyond its head; every field is set before anyone else sees it.
    unsafe {
        let object = ffi::PyType_GenericAlloc(kind, 0);
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        let boosted = object.cast::<BoostedFunction>();
        (*boosted).vectorcall = call::vectorcall;
        (*boosted).function = function.clone().into_ptr();
        (*boosted).dictionary = dictionary.into_ptr();
        (*boosted).inner = Box::into_raw(Box::new(inner));
        Ok(Bound::from_owned_ptr(py, object))
    }
}

const fn member(name: &'static std::ffi::CStr, offset: usize) -> ffi::PyMemberDef {
    ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: ffi::Py_T_PYSSIZET,
        offset: offset as isize,
        flags: ffi::Py_READONLY,
        doc: ptr::null(),
    }
}

/// A table that lives for ever; the interpreter keeps pointers into it.
fn leaked<T>(items: Vec<T>) -> *mut c_void {
    Box::leak(items.into_boxed_slice()).as_mut_ptr().cast()
}

unsafe fn create_type() -> *mut PyObject {
    let members = leaked(vec![
        member(c"__vectorcalloffset__", offset_of!(BoostedFunction, vectorcall)),
        member(c"__dictoffset__", offset_of!(BoostedFunction, dictionary)),
        member(c"__weaklistoffset__", offset_of!(BoostedFunction, weak_references)),
        // SAFETY: an all-zero row ends the table.
        std::mem::zeroed(),
    ]);
    let methods = leaked(vec![
        ffi::PyMethodDef {
            ml_name: c"__reduce__".as_ptr(),
            ml_meth: ffi::PyMethodDefPointer { PyCFunction: reduce },
            ml_flags: ffi::METH_NOARGS,
            ml_doc: c"Pickled by name.".as_ptr(),
        },
        // SAFETY: an all-zero row ends the table.
        std::mem::zeroed(),
    ]);
    let properties = leaked(vec![
        ffi::PyGetSetDef {
            name: c"__dict__".as_ptr(),
            get: Some(ffi::PyObject_GenericGetDict),
            set: Some(ffi::PyObject_GenericSetDict),
            doc: ptr::null(),
            closure: ptr::null_mut(),
        },
        ffi::PyGetSetDef { name: c"__signature__".as_ptr(), get: Some(signature), set: None, doc: ptr::null(), closure: ptr::null_mut() },
        // SAFETY: an all-zero row ends the table.
        std::mem::zeroed(),
    ]);
    let slot = |slot: c_int, pfunc: *mut c_void| ffi::PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(ffi::Py_tp_members, members),
        slot(ffi::Py_tp_methods, methods),
        slot(ffi::Py_tp_getset, properties),
        slot(ffi::Py_tp_call, call_with_tuple as *mut c_void),
        slot(ffi::Py_tp_descr_get, descriptor_get as *mut c_void),
        slot(ffi::Py_tp_getattro, get_attribute as *mut c_void),
        slot(ffi::Py_tp_repr, represent as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_clear, clear as *mut c_void),
        slot(ffi::Py_tp_dealloc, deallocate as *mut c_void),
        ffi::PyType_Slot::default(),
    ];
    let flags = ffi::Py_TPFLAGS_DEFAULT
        | ffi::Py_TPFLAGS_HAVE_GC
        | HAVE_VECTORCALL
        | ffi::Py_TPFLAGS_METHOD_DESCRIPTOR
        | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION
        | ffi::Py_TPFLAGS_IMMUTABLETYPE;
    let mut specification = ffi::PyType_Spec {
        name: c"hypersonic._dispatch.BoostedFunction".as_ptr(),
        basicsize: size_of::<BoostedFunction>() as c_int,
        itemsize: 0,
        flags: flags as _,
        slots: slots.as_mut_ptr(),
    };
    ffi::PyType_FromSpec(&raw mut specification)
}

/// A call that comes with a tuple and a dict.
unsafe extern "C" fn call_with_tuple(callable: *mut PyObject, tuple: *mut PyObject, keywords: *mut PyObject) -> *mut PyObject {
    let count = ffi::PyTuple_Size(tuple);
    let mut arguments: Vec<*mut PyObject> = (0..count).map(|index| ffi::PyTuple_GetItem(tuple, index)).collect();
    if keywords.is_null() || ffi::PyDict_Size(keywords) == 0 {
        return call::vectorcall(callable, arguments.as_ptr(), count as usize, ptr::null_mut());
    }
    let names = ffi::PyTuple_New(ffi::PyDict_Size(keywords));
    if names.is_null() {
        return names;
    }
    let (mut position, mut index) = (0, 0);
    let (mut name, mut value) = (ptr::null_mut(), ptr::null_mut());
    while ffi::PyDict_Next(keywords, &raw mut position, &raw mut name, &raw mut value) != 0 {
        ffi::Py_INCREF(name);
        ffi::PyTuple_SetItem(names, index, name);
        index += 1;
        arguments.push(value);
    }
    let result = call::vectorcall(callable, arguments.as_ptr(), count as usize, names);
    ffi::Py_DECREF(names);
    result
}

unsafe extern "C" fn descriptor_get(this: *mut PyObject, object: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    if object.is_null() || object == ffi::Py_None() {
        ffi::Py_INCREF(this);
        return this;
    }
    ffi::PyObject_CallFunctionObjArgs(METHOD_TYPE.load(Ordering::Acquire), this, object, ptr::null_mut::<PyObject>())
}

/// Own attributes first, then the Python function's (`__defaults__`, `__code__`, `__annotations__`, ...).
unsafe extern "C" fn get_attribute(this: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    let value = ffi::PyObject_GenericGetAttr(this, name);
    let function = (*this.cast::<BoostedFunction>()).function;
    if !value.is_null() || function.is_null() || ffi::PyErr_ExceptionMatches(ffi::PyExc_AttributeError) == 0 {
        return value;
    }
    let (mut kind, mut error, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    ffi::PyErr_Fetch(&raw mut kind, &raw mut error, &raw mut traceback);
    let value = ffi::PyObject_GetAttr(function, name);
    if value.is_null() {
        // Our own message names our own type.
        ffi::PyErr_Restore(kind, error, traceback);
    } else {
        for object in [kind, error, traceback] {
            ffi::Py_XDECREF(object);
        }
    }
    value
}

unsafe extern "C" fn represent(this: *mut PyObject) -> *mut PyObject {
    let module = ffi::PyObject_GetAttrString(this, c"__module__".as_ptr());
    if module.is_null() {
        return module;
    }
    let name = ffi::PyObject_GetAttrString(this, c"__qualname__".as_ptr());
    let text = if name.is_null() { ptr::null_mut() } else { ffi::PyUnicode_FromFormat(c"<boosted function %S.%S>".as_ptr(), module, name) };
    ffi::Py_DECREF(module);
    ffi::Py_XDECREF(name);
    text
}

unsafe extern "C" fn reduce(this: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    ffi::PyObject_GetAttrString(this, c"__qualname__".as_ptr())
}

unsafe extern "C" fn signature(this: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    let module = ffi::PyImport_ImportModule(c"inspect".as_ptr());
    if module.is_null() {
        return module;
    }
    let function = ffi::PyObject_GetAttrString(module, c"signature".as_ptr());
    ffi::Py_DECREF(module);
    if function.is_null() {
        return function;
    }
    let wrapped = (*this.cast::<BoostedFunction>()).function;
    let result = ffi::PyObject_CallFunctionObjArgs(function, wrapped, ptr::null_mut::<PyObject>());
    ffi::Py_DECREF(function);
    result
}

unsafe extern "C" fn traverse(this: *mut PyObject, visit: ffi::visitproc, argument: *mut c_void) -> c_int {
    let boosted = &*this.cast::<BoostedFunction>();
    for object in [boosted.function, boosted.dictionary, ffi::Py_TYPE(this).cast()] {
        if !object.is_null() {
            let stop = visit(object, argument);
            if stop != 0 {
                return stop;
            }
        }
    }
    0
}

unsafe extern "C" fn clear(this: *mut PyObject) -> c_int {
    let boosted = &mut *this.cast::<BoostedFunction>();
    // The function stays: a finaliser may still call us. It is given up on destruction; our dict, and the function's
    // own parts, are enough to break every cycle.
    let dictionary = std::mem::replace(&mut boosted.dictionary, ptr::null_mut());
    ffi::Py_XDECREF(dictionary);
    0
}

unsafe extern "C" fn deallocate(this: *mut PyObject) {
    let kind = ffi::Py_TYPE(this);
    ffi::PyObject_GC_UnTrack(this.cast());
    let boosted = &mut *this.cast::<BoostedFunction>();
    if !boosted.weak_references.is_null() {
        ffi::PyObject_ClearWeakRefs(this);
    }
    ffi::Py_XDECREF(std::mem::replace(&mut boosted.dictionary, ptr::null_mut()));
    ffi::Py_XDECREF(std::mem::replace(&mut boosted.function, ptr::null_mut()));
    let inner = std::mem::replace(&mut boosted.inner, ptr::null_mut());
    if !inner.is_null() {
        drop(Box::from_raw(inner));
    }
    let free = ffi::PyType_GetSlot(kind, ffi::Py_tp_free);
    if !free.is_null() {
        std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void)>(free)(this.cast());
    }
    ffi::Py_DECREF(kind.cast());
}
