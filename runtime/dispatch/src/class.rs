//! Classes of the package whose values signatures take or give: NamedTuples, dataclasses, enums. A class is found in its module when it is
//! first needed, looked at once, and kept. What is not what the kernels were made for is Python's.

use crate::python;
use hypersonic_abi::manifest::{Named, NamedKind};
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};
use std::cell::RefCell;
use std::ptr;
use std::sync::{Arc, OnceLock};

/// A class as the manifest names it.
#[derive(Debug)]
pub struct Class {
    named: Named,
    names: Vec<Py<PyString>>,
    found: OnceLock<Found>,
}

/// The members of an enum, with their words.
type Members = Vec<(i64, Py<PyAny>)>;

/// A class that was found.
#[derive(Debug)]
struct Found {
    class: Py<PyType>,
    /// `tuple.__new__` or `object.__new__`.
    new: Py<PyAny>,
    /// The members of an enum, with their words.
    members: Members,
    /// What the class itself has under the names of attributes: default values.
    defaults: Vec<Option<Py<PyAny>>>,
}

/// The classes of one signature, each once.
#[derive(Debug, Default)]
pub struct Classes(RefCell<Vec<Arc<Class>>>);

impl Classes {
    /// The class that the manifest names.
    pub fn of(&self, named: &Named) -> Arc<Class> {
        let mut known = self.0.borrow_mut();
        if let Some(class) = known.iter().find(|class| class.named.module == named.module && class.named.name == named.name) {
            return class.clone();
        }
        let names = Python::attach(|py| named.names.iter().map(|name| PyString::intern(py, name).unbind()).collect());
        let class = Arc::new(Class { named: named.clone(), names, found: OnceLock::new() });
        known.push(class.clone());
        class
    }

    /// All of them.
    pub fn into_inner(self) -> Vec<Arc<Class>> {
        self.0.into_inner()
    }
}

impl Class {
    /// Whether the class is there, and is what the kernels were made for.
    ///
    /// # Safety
    /// The GIL is held, no exception is set (nor is one after).
    pub unsafe fn is_known(&self) -> bool {
        self.found().is_some()
    }

    /// Whether an object is of exactly this class.
    ///
    /// # Safety
    /// As for [`Class::is_known`]; `object` is alive.
    pub unsafe fn is_class_of(&self, object: *mut PyObject) -> bool {
        self.found().is_some_and(|found| ffi::Py_TYPE(object).cast() == found.class.as_ptr())
    }

    /// Whether the value of the n-th attribute of an object is its own, and not only the default value that the class has.
    ///
    /// # Safety
    /// As for [`Class::is_class_of`], which it is.
    pub unsafe fn is_own(&self, object: *mut PyObject, n: usize, value: *mut PyObject) -> bool {
        let Some(Some(default)) = self.found().and_then(|found| found.defaults.get(n)) else { return true };
        if default.as_ptr() != value {
            return true;
        }
        let attributes = ffi::PyObject_GenericGetDict(object, ptr::null_mut());
        let own = !attributes.is_null() && ffi::PyDict_Contains(attributes, self.names[n].as_ptr()) == 1;
        ffi::Py_XDECREF(attributes);
        ffi::PyErr_Clear();
        own
    }

    /// The names of the attributes.
    pub fn names(&self) -> &[Py<PyString>] {
        &self.names
    }

    /// The word of a member of an enum; none if the object is no member.
    ///
    /// # Safety
    /// As for [`Class::is_class_of`].
    pub unsafe fn word(&self, object: *mut PyObject) -> Option<i64> {
        let found = self.found()?;
        if ffi::Py_TYPE(object).cast() != found.class.as_ptr() {
            return None;
        }
        if let Some((word, _)) = found.members.iter().find(|(_, member)| member.as_ptr() == object) {
            return Some(*word);
        }
        if self.named.kind != NamedKind::Value {
            return None;
        }
        // Flags that are combined are no members of their own.
        let member = Bound::from_borrowed_ptr(Python::assume_attached(), object);
        let word = member.getattr("_value_").and_then(|value| value.extract::<i64>());
        word.ok().filter(|word| *word >= 0)
    }

    /// The member of an enum with that word: a new reference; null with an exception set if there is none.
    ///
    /// # Safety
    /// The GIL is held, no exception is set; the class is known.
    pub unsafe fn member(&self, word: i64) -> *mut PyObject {
        let Some(found) = self.found() else { return self.lost() };
        let py = Python::assume_attached();
        if let Some((_, member)) = found.members.iter().find(|(known, _)| *known == word) {
            return member.clone_ref(py).into_ptr();
        }
        if self.named.kind != NamedKind::Value {
            return self.lost();
        }
        match found.class.bind(py).call1((word,)) {
            Ok(member) => member.into_ptr(),
            Err(error) => {
                error.restore(py);
                ptr::null_mut()
            }
        }
    }

    /// A NamedTuple of these items; steals the tuple, which may be null. Null with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Class::member`]; no exception is set unless `items` is null.
    pub unsafe fn tuple(&self, items: *mut PyObject) -> *mut PyObject {
        if items.is_null() {
            return items;
        }
        let Some(found) = self.found() else {
            ffi::Py_DECREF(items);
            return self.lost();
        };
        let made = ffi::PyObject_CallFunctionObjArgs(found.new.as_ptr(), found.class.as_ptr(), items, ptr::null_mut::<PyObject>());
        ffi::Py_DECREF(items);
        made
    }

    /// A new object without attributes. Null with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Class::member`].
    pub unsafe fn object(&self) -> *mut PyObject {
        match self.found() {
            Some(found) => ffi::PyObject_CallFunctionObjArgs(found.new.as_ptr(), found.class.as_ptr(), ptr::null_mut::<PyObject>()),
            None => self.lost(),
        }
    }

    #[cold]
    unsafe fn lost(&self) -> *mut PyObject {
        ffi::PyErr_SetString(ffi::PyExc_SystemError, c"a kernel returned something that its class does not have".as_ptr());
        ptr::null_mut()
    }

    unsafe fn found(&self) -> Option<&Found> {
        if let Some(found) = self.found.get() {
            return Some(found);
        }
        // While its module is being imported the class may not be there yet: it is asked for again.
        let found = self.find(Python::assume_attached()).ok().flatten()?;
        Some(self.found.get_or_init(|| found))
    }

    fn find(&self, py: Python<'_>) -> PyResult<Option<Found>> {
        let Named { module, name, kind, .. } = &self.named;
        let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
        let Some(module) = running(&modules, module)?.map_or_else(|| modules.get_item(module), |main| Ok(Some(main)))? else {
            return Ok(None);
        };
        let scope = module.getattr("__dict__")?.cast_into::<PyDict>()?;
        let Some(class) = scope.get_item(name)?.and_then(|class| class.cast_into::<PyType>().ok()) else { return Ok(None) };
        let builtins = py.import("builtins")?;
        let base = builtins.getattr(if *kind == NamedKind::Tuple { "tuple" } else { "object" })?;
        let new = base.getattr("__new__")?;
        let mut defaults = Vec::new();
        let members = match kind {
            NamedKind::Tuple => {
                class.is_subclass(&base)?.then_some(()).filter(|()| self.has_fields(&class, "_fields")).map(|()| Vec::new())
            }
            NamedKind::Object => {
                let Some(found) = plain_defaults(&class, &base, self)? else { return Ok(None) };
                defaults = found;
                Some(Vec::new())
            }
            NamedKind::Value | NamedKind::Position => self.members(&class)?,
        };
        Ok(members.map(|members| Found { class: class.unbind(), new: new.unbind(), members, defaults }))
    }

    fn has_fields(&self, class: &Bound<'_, PyType>, attribute: &str) -> bool {
        let names = class.getattr(attribute).and_then(|names| names.extract::<Vec<String>>());
        names.is_ok_and(|names| names == self.named.names)
    }

    fn members(&self, class: &Bound<'_, PyType>) -> PyResult<Option<Members>> {
        let by_name = class.getattr("_member_map_")?.cast_into::<PyDict>()?;
        let mut members = Vec::with_capacity(self.named.names.len());
        for (position, name) in self.named.names.iter().enumerate() {
            let Some(member) = by_name.get_item(name)?.filter(|member| member.get_type().is(class)) else { return Ok(None) };
            let word = match self.named.kind {
                NamedKind::Value => member.getattr("_value_")?.extract()?,
                _ => position as i64,
            };
            members.push((word, member.unbind()));
        }
        Ok(Some(members))
    }
}

/// The module that runs as `__main__`, if that is its name.
fn running<'py>(modules: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(main) = modules.get_item("__main__")? else { return Ok(None) };
    let real = main.getattr("__spec__").and_then(|spec| spec.getattr("name")).and_then(|name| name.extract::<String>());
    Ok(real.is_ok_and(|real| real == name).then_some(main))
}

/// What a class has under the names of attributes; none if reading or setting attributes of its objects could run code.
fn plain_defaults(class: &Bound<'_, PyType>, base: &Bound<'_, PyAny>, known: &Class) -> PyResult<Option<Vec<Option<Py<PyAny>>>>> {
    let fields = class.getattr("__dataclass_fields__")?.cast_into::<PyDict>()?;
    let frozen: bool = class.getattr("__dataclass_params__")?.getattr("frozen")?.extract()?;
    let same = |name: &str| Ok::<_, PyErr>(class.getattr(name)?.is(&base.getattr(name)?));
    let plain = same("__getattribute__")? && (frozen || same("__setattr__")?) && !class.hasattr("__getattr__")?;
    if !plain || !known.named.names.iter().all(|name| fields.contains(name).unwrap_or(false)) {
        return Ok(None);
    }
    let mut defaults = Vec::with_capacity(known.names.len());
    for name in &known.names {
        // SAFETY: the GIL is held, no exception is set, and it is a class.
        let found = unsafe { python::type_lookup(class.as_ptr(), name.as_ptr()) };
        if found.is_null() {
            defaults.push(None);
            continue;
        }
        // SAFETY: the class has just given it, and keeps it.
        let found = unsafe { Bound::from_borrowed_ptr(class.py(), found) };
        let kind = found.get_type();
        let is_slot = kind.as_ptr() == (&raw mut ffi::PyMemberDescr_Type).cast();
        if !is_slot && (kind.hasattr("__set__")? || kind.hasattr("__get__")?) {
            return Ok(None);
        }
        defaults.push((!is_slot).then(|| found.unbind()));
    }
    Ok(Some(defaults))
}
