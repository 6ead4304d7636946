//! Objects with attributes: dataclasses of the package. In kernels each is a list of one element, the tuple of its attributes, so that who
//! refers to it sees what others set. Their classes are known to be plain: reading and setting an attribute runs no code of the user.

use crate::class::Class;
use crate::objects::container::{Container, Item};
use crate::objects::head::Head;
use crate::objects::list;
use crate::results::Results;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ptr;

/// An attribute, kept by its object or by the class; null, without an exception, if there is none.
///
/// # Safety
/// The GIL is held, no exception is set, `object` is alive and of a plain class.
pub unsafe fn get(object: *mut PyObject, name: &Py<PyString>) -> *mut PyObject {
    let value = ffi::PyObject_GetAttr(object, name.as_ptr());
    if value.is_null() {
        ffi::PyErr_Clear();
        return value;
    }
    let kept = ffi::Py_REFCNT(value) > 1;
    ffi::Py_DECREF(value);
    if kept { value } else { ptr::null_mut() }
}

/// Whether an object is of exactly the class, with attributes that fit.
///
/// # Safety
/// As for [`get`], but that `object` may be anything.
pub unsafe fn fit(class: &Class, element: &Item, object: *mut PyObject, fits: unsafe fn(&Item, *mut PyObject) -> bool) -> bool {
    let (mut element, mut names) = (element, class.names());
    if !class.is_class_of(object) {
        return false;
    }
    let mut n = 0;
    loop {
        let (own, rest) = element.own_attributes(names.len());
        for (item, name) in own.iter().zip(names) {
            let value = get(object, name);
            if value.is_null() || !class.is_own(object, n, value) || !fits(item, value) {
                return false;
            }
            n += 1;
        }
        let Some(rest) = rest else { return true };
        (element, names) = (&rest.element, names.get(own.len()..).unwrap_or_default());
    }
}

impl Results<'_> {
    /// A new object with the attributes. Null with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Results::object`].
    pub unsafe fn new_instance(&mut self, class: &Class, container: &Container, head: *mut Head) -> *mut PyObject {
        let object = class.object();
        if object.is_null() || self.set_all(class, container, head, object, false) {
            return object;
        }
        ffi::Py_DECREF(object);
        ptr::null_mut()
    }

    /// Sets the attributes that are others now. False with an exception set on failure; then none is set, or all before one whose setting
    /// failed.
    ///
    /// # Safety
    /// As for [`Results::object`]; `object` is of the class.
    pub unsafe fn set_changed(&mut self, class: &Class, container: &Container, head: *mut Head, object: *mut PyObject) -> bool {
        self.set_all(class, container, head, object, true)
    }

    unsafe fn set_all(&mut self, class: &Class, container: &Container, head: *mut Head, object: *mut PyObject, existing: bool) -> bool {
        let names = class.names();
        let mut values = Vec::with_capacity(names.len());
        let (mut element, mut head, mut fine) = (&container.element, head, true);
        loop {
            let (own, rest) = element.own_attributes(names.len() - values.len());
            let (words, mut at) = (list::at(head, 0), 0);
            for item in own {
                let value = if fine { self.item(item, words, &mut at) } else { ptr::null_mut() };
                fine = fine && !value.is_null();
                values.push(value);
            }
            let Some(rest) = rest.filter(|_| fine) else { break };
            (element, head) = (&rest.element, *words.add(at) as *mut Head);
        }
        for (name, value) in names.iter().zip(&values) {
            if fine && !(existing && is_same(get(object, name), *value)) {
                // Frozen objects, which are made here, have a `__setattr__` that refuses.
                fine = ffi::PyObject_GenericSetAttr(object, name.as_ptr(), *value) == 0;
            }
        }
        for value in values {
            ffi::Py_XDECREF(value);
        }
        fine
    }
}

/// Whether an attribute need not be set: it is that object, or that number.
unsafe fn is_same(old: *mut PyObject, new: *mut PyObject) -> bool {
    if old == new || old.is_null() {
        return old == new;
    }
    let kind = ffi::Py_TYPE(old);
    if kind != ffi::Py_TYPE(new) {
        return false;
    }
    if kind == &raw mut ffi::PyFloat_Type {
        return ffi::PyFloat_AsDouble(old).to_bits() == ffi::PyFloat_AsDouble(new).to_bits();
    }
    if kind == &raw mut ffi::PyLong_Type {
        // Both fit 64 bits.
        return crate::matching::int64(old) == crate::matching::int64(new);
    }
    false
}
