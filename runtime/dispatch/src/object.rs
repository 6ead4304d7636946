//! The object of a method: its attributes read before the kernel runs and set after it, and its class compared with the one
//! that the kernels were made for. Whatever is not as it was then is Python's: an overridden method, a property in the
//! place of an attribute that the method sets, a missing attribute.

use crate::callable;
use crate::fallback::Fallback;
use crate::plan::{MAX_PARAMETERS, SignaturePlan};
use crate::python;
use crate::results::Results;
use hypersonic_abi::manifest::{Member, MemberKind, Object};
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What a method needs of its object, ready for calls.
pub struct ObjectPlan {
    /// Attributes whose values come first.
    attributes: Vec<Py<PyString>>,
    members: Vec<Guard>,
    /// Attributes that must be plain.
    plain: Vec<Py<PyString>>,
    /// What every class has for setting and reading attributes, unless it has its own.
    common: [(Py<PyString>, *mut PyObject); 2],
    /// Whether anything that outlives the call may be written: then attributes must be plain, since a property could see it.
    writes: bool,
    names: Names,
}

/// A function that the object must have under a name.
struct Guard {
    name: Py<PyString>,
    member: Member,
    /// What was found there and is the right one; kept alive for ever.
    approved: AtomicPtr<PyObject>,
}

/// Names of Python's own, interned.
struct Names {
    getattr: Py<PyString>,
    descriptor_set: Py<PyString>,
    function: Py<PyString>,
    this: Py<PyString>,
    getter: Py<PyString>,
}

impl Names {
    fn new(py: Python<'_>) -> Names {
        let name = |text: &str| PyString::intern(py, text).unbind();
        Names {
            getattr: name("__getattr__"),
            descriptor_set: name("__set__"),
            function: name("__func__"),
            this: name("__self__"),
            getter: name("fget"),
        }
    }
}

/// The arguments of a kernel: attributes of the object, which are held, then what the call gave.
pub struct Gathered {
    slots: [*mut PyObject; MAX_PARAMETERS],
    held: usize,
}

impl Drop for Gathered {
    fn drop(&mut self) {
        // SAFETY: the first `held` slots are references of our own; they live within a call, which holds the GIL.
        unsafe {
            for slot in &self.slots[..self.held] {
                ffi::Py_DECREF(*slot);
            }
        }
    }
}

impl Gathered {
    /// One object per matcher.
    pub fn as_ptr(&self) -> *const *mut PyObject {
        self.slots.as_ptr()
    }
}

impl ObjectPlan {
    /// Prepares what the manifest says.
    pub fn new(py: Python<'_>, object: &Object, signatures: &[SignaturePlan]) -> ObjectPlan {
        let intern = |name: &String| PyString::intern(py, name).unbind();
        let guard =
            |member: &Member| Guard { name: intern(&member.name), member: member.clone(), approved: AtomicPtr::new(ptr::null_mut()) };
        let mut plain: Vec<Py<PyString>> = object.attributes.iter().map(intern).collect();
        for set in signatures.iter().flat_map(|signature| &signature.sets) {
            if !plain.iter().any(|known| known.as_ptr() == set.name.as_ptr()) {
                plain.push(set.name.clone_ref(py));
            }
        }
        let common = ["__setattr__", "__getattribute__"].map(|name| {
            let name = PyString::intern(py, name).unbind();
            // SAFETY: the GIL is held, and `object` is a class.
            let found = unsafe { python::type_lookup((&raw mut ffi::PyBaseObject_Type).cast(), name.as_ptr()) };
            (name, found)
        });
        ObjectPlan {
            attributes: object.attributes.iter().map(intern).collect(),
            members: object.members.iter().map(guard).collect(),
            writes: signatures.iter().any(|signature| signature.writes || !signature.sets.is_empty()),
            plain,
            common,
            names: Names::new(py),
        }
    }

    /// The name of the attribute that an argument of a kernel stands for.
    pub fn attribute(&self, index: usize) -> Option<String> {
        self.attributes.get(index).map(text_of)
    }

    /// How many matchers of a signature stand for attributes.
    pub fn count(&self) -> usize {
        self.attributes.len()
    }

    /// The arguments of a kernel for a call with `given` in parameter order, the object first.
    ///
    /// # Safety
    /// The GIL is held, no exception is set (nor is one after), `given` has `count` objects that stay alive.
    pub unsafe fn gather(&self, given: *const *mut PyObject, count: usize) -> Result<Gathered, Fallback> {
        let this = *given;
        let kind = ffi::Py_TYPE(this).cast::<PyObject>();
        if let Some(text) = self.objection(this, kind) {
            return Err(Fallback::Object(text));
        }
        let mut gathered = Gathered { slots: [ptr::null_mut(); MAX_PARAMETERS], held: 0 };
        for name in &self.attributes {
            let value = ffi::PyObject_GetAttr(this, name.as_ptr());
            if value.is_null() {
                ffi::PyErr_Clear();
                return Err(Fallback::Object(format!("the object has no attribute `{}`", text_of(name))));
            }
            gathered.slots[gathered.held] = value;
            gathered.held += 1;
        }
        for index in 1..count {
            gathered.slots[gathered.held + index - 1] = *given.add(index);
        }
        Ok(gathered)
    }

    /// What is not as it was when the kernels were made.
    unsafe fn objection(&self, this: *mut PyObject, kind: *mut PyObject) -> Option<String> {
        for guard in &self.members {
            if !guard.holds(this, kind, &self.names) {
                return Some(format!("the object has a `{}` of its own", guard.member.name));
            }
        }
        if !self.writes {
            return None;
        }
        for (name, common) in &self.common {
            if python::type_lookup(kind, name.as_ptr()) != *common {
                return Some(format!("the object's class has a `{}` of its own", text_of(name)));
            }
        }
        if !python::type_lookup(kind, self.names.getattr.as_ptr()).is_null() {
            return Some("the object's class has a `__getattr__`".to_owned());
        }
        let special = self.plain.iter().find(|name| !self.is_plain(kind, name));
        special.map(|name| format!("`{}` is no plain attribute of the object", text_of(name)))
    }

    /// Whether reading and setting the attribute runs no code.
    unsafe fn is_plain(&self, kind: *mut PyObject, name: &Py<PyString>) -> bool {
        let found = python::type_lookup(kind, name.as_ptr());
        found.is_null()
            || ffi::Py_TYPE(found) == &raw mut ffi::PyMemberDescr_Type
            || python::type_lookup(ffi::Py_TYPE(found).cast(), self.names.descriptor_set.as_ptr()).is_null()
    }
}

impl Guard {
    unsafe fn holds(&self, this: *mut PyObject, kind: *mut PyObject, names: &Names) -> bool {
        if let Some((module, class)) = &self.member.behind {
            return self.holds_behind(kind, module, class, names);
        }
        if self.member.kind == MemberKind::Property {
            let found = python::type_lookup(kind, self.name.as_ptr());
            return !found.is_null() && self.is_right(found, names);
        }
        let found = ffi::PyObject_GetAttr(this, self.name.as_ptr());
        if found.is_null() {
            ffi::PyErr_Clear();
            return false;
        }
        let right =
            if self.member.kind == MemberKind::Static { self.is_right(found, names) } else { self.is_bound(found, this, kind, names) };
        ffi::Py_DECREF(found);
        right
    }

    /// Whether it is what `super()` in a class of the object's has.
    unsafe fn holds_behind(&self, kind: *mut PyObject, module: &str, class: &str, names: &Names) -> bool {
        let py = Python::assume_attached();
        let found = (|| {
            let order = Bound::from_borrowed_ptr(py, kind).getattr("__mro__").ok()?.cast_into::<pyo3::types::PyTuple>().ok()?;
            let is = |one: &Bound<'_, PyAny>| {
                let text = |name| one.getattr(name).and_then(|value| value.extract::<String>());
                text("__name__").is_ok_and(|name| name == class) && text("__module__").is_ok_and(|name| name == module)
            };
            let mut behind = order.iter().skip_while(|one| !is(one));
            behind.next()?;
            let object = (&raw mut ffi::PyBaseObject_Type).cast::<PyObject>();
            for one in behind.filter(|one| one.as_ptr() != object) {
                let own = one.getattr("__dict__").ok()?;
                if own.contains(&self.name).ok()? {
                    return Some(Some(own.get_item(&self.name).ok()?));
                }
            }
            Some(None)
        })();
        ffi::PyErr_Clear();
        match found {
            None => false,
            Some(None) => self.member.qualname == "object.__init__",
            Some(Some(found)) => {
                let function = match self.member.kind {
                    MemberKind::Static => found.getattr("__func__").ok(),
                    _ => Some(found),
                };
                let right = function.is_some_and(|function| self.is_right(function.as_ptr(), names));
                ffi::PyErr_Clear();
                right
            }
        }
    }

    /// Whether a method is the right function, bound to the object, or to its class.
    unsafe fn is_bound(&self, method: *mut PyObject, this: *mut PyObject, kind: *mut PyObject, names: &Names) -> bool {
        let bound = attribute(method, &names.this);
        let function = attribute(method, &names.function);
        let to_class = self.member.kind == MemberKind::Class && bound == kind;
        let right = !function.is_null() && (bound == this || to_class) && self.is_right(function, names);
        ffi::Py_XDECREF(bound);
        ffi::Py_XDECREF(function);
        right
    }

    unsafe fn is_right(&self, found: *mut PyObject, names: &Names) -> bool {
        if self.approved.load(Ordering::Acquire) == found {
            return true;
        }
        let getter =
            if self.member.kind == MemberKind::Property { attribute(found, &names.getter) } else { crate::results::new_reference(found) };
        if getter.is_null() {
            return false;
        }
        let right = self.is_source(getter);
        ffi::Py_DECREF(getter);
        if right {
            // What it replaces stays alive: another thread may be comparing with it.
            ffi::Py_INCREF(found);
            self.approved.store(found, Ordering::Release);
        }
        right
    }

    /// Whether a function is, by its names, the one that was compiled. Its text is compared when the package is imported.
    unsafe fn is_source(&self, function: *mut PyObject) -> bool {
        let py = Python::assume_attached();
        let found = Bound::from_borrowed_ptr(py, function);
        let plain = match callable::inner_of(&found) {
            Some(_) => found.getattr("__wrapped__").ok(),
            None => Some(found),
        };
        let Some(plain) = plain else { return false };
        let is = |name: &str, expected: &str| {
            plain.getattr(name).and_then(|value| value.extract::<String>()).is_ok_and(|value| value == expected)
        };
        let right = plain.is_exact_instance_of::<pyo3::types::PyFunction>()
            && is("__module__", &self.member.module)
            && is("__qualname__", &self.member.qualname);
        ffi::PyErr_Clear();
        right
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

fn text_of(name: &Py<PyString>) -> String {
    // SAFETY: only called within a call, which holds the GIL.
    let py = unsafe { Python::assume_attached() };
    name.bind(py).to_string_lossy().into_owned()
}

/// Sets the attributes that a kernel has set. False with an exception set on failure; then none was set, or all before one whose
/// setting failed.
///
/// # Safety
/// The GIL is held, no exception is set; the frame was filled in by a kernel of `signature`, called on `this`.
pub unsafe fn set_attributes(this: *mut PyObject, signature: &SignaturePlan, results: &mut Results<'_>) -> bool {
    let mut values = Vec::with_capacity(signature.sets.len());
    let mut fine = true;
    for set in &signature.sets {
        if fine && *results.words.add(set.word) != 0 {
            let value = results.build(&set.builder, &mut (set.word + 1));
            fine = !value.is_null();
            values.push((set.name.as_ptr(), value));
        }
    }
    for (name, value) in &values {
        fine = fine && ffi::PyObject_SetAttr(this, *name, *value) == 0;
        ffi::Py_XDECREF(*value);
    }
    fine
}
