//! Python's classes that are laid out as a list, tuple, set or dict: deques, dicts of `collections`, frozensets, bytes. Whether an object
//! is one, what it holds besides elements, and how one is made and filled.

use crate::objects::container::{Container, Item};
use crate::objects::from_python::item_fits;
use crate::objects::head::{Done, Head, Stop};
use crate::objects::{list, python_set};
use hypersonic_abi::Context;
use hypersonic_abi::object::{class, kind, layout};
use pyo3::ffi::{self, PyObject};
use std::ffi::CStr;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The class with that number; null with an exception set on failure. Borrowed: it lives for ever.
///
/// # Safety
/// The GIL is held, no exception is set.
pub unsafe fn python_class(number: u64) -> *mut PyObject {
    static FOUND: [AtomicPtr<PyObject>; class::NAMES.len()] = [const { AtomicPtr::new(ptr::null_mut()) }; class::NAMES.len()];
    let name: &CStr = match number {
        class::FROZEN_SET => return (&raw mut ffi::PyFrozenSet_Type).cast(),
        class::BYTES => return (&raw mut ffi::PyBytes_Type).cast(),
        class::BYTEARRAY => return (&raw mut ffi::PyByteArray_Type).cast(),
        class::DEQUE => c"deque",
        class::COUNTER => c"Counter",
        class::ORDERED_DICT => c"OrderedDict",
        _ => c"defaultdict",
    };
    let Some(place) = FOUND.get(number as usize) else { return ptr::null_mut() };
    let known = place.load(Ordering::Acquire);
    if !known.is_null() {
        return known;
    }
    let module = ffi::PyImport_ImportModule(c"collections".as_ptr());
    if module.is_null() {
        return module;
    }
    let found = ffi::PyObject_GetAttrString(module, name.as_ptr());
    ffi::Py_DECREF(module);
    if !found.is_null() {
        place.store(found, Ordering::Release);
    }
    found
}

/// Whether an object is of the class of a container, with all that it holds.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `object` is alive.
pub unsafe fn fits(container: &Container, object: *mut PyObject) -> bool {
    let wanted = python_class(container.class);
    if wanted.is_null() {
        ffi::PyErr_Clear();
        return false;
    }
    if ffi::Py_TYPE(object).cast() != wanted {
        return false;
    }
    match container.class {
        class::BYTES | class::BYTEARRAY => true,
        class::FROZEN_SET => match python_set::understood() {
            Some(dummy) => python_set::all_keys(object, dummy, |key| item_fits(&container.element, key)),
            None => false,
        },
        class::DEQUE => each_in_deque(object, |item| item_fits(&container.element, item)),
        class::DEFAULT_DICT if !has_factory(object, &container.value) => false,
        _ => each_entry(container, object, |key, value| item_fits(&container.element, key) && item_fits(&container.value, value)),
    }
}

/// The items of a deque, in order, until one is not wanted.
///
/// # Safety
/// As for [`fits`]; it is a deque.
pub unsafe fn each_in_deque(deque: *mut PyObject, mut wanted: impl FnMut(*mut PyObject) -> bool) -> bool {
    let items = ffi::PySequence_List(deque);
    if items.is_null() {
        ffi::PyErr_Clear();
        return false;
    }
    let all = (0..ffi::PyList_Size(items)).all(|index| wanted(ffi::PyList_GetItem(items, index)));
    ffi::Py_DECREF(items);
    all
}

/// The entries of a dict of any class, in its order, until one is not wanted.
///
/// # Safety
/// As for [`fits`]; it is a dict of the container's class.
pub unsafe fn each_entry(container: &Container, dict: *mut PyObject, mut wanted: impl FnMut(*mut PyObject, *mut PyObject) -> bool) -> bool {
    if container.class != class::ORDERED_DICT {
        let (mut position, mut key, mut value) = (0, ptr::null_mut(), ptr::null_mut());
        while ffi::PyDict_Next(dict, &raw mut position, &raw mut key, &raw mut value) != 0 {
            if !wanted(key, value) {
                return false;
            }
        }
        return true;
    }
    // Its order is its own.
    let items = ffi::PyMapping_Items(dict);
    if items.is_null() {
        ffi::PyErr_Clear();
        return false;
    }
    let all = (0..ffi::PyList_Size(items)).all(|index| {
        let entry = ffi::PyList_GetItem(items, index);
        wanted(ffi::PyTuple_GetItem(entry, 0), ffi::PyTuple_GetItem(entry, 1))
    });
    ffi::Py_DECREF(items);
    all
}

/// Whether the `default_factory` of a defaultdict makes the empty value of the type of its values.
unsafe fn has_factory(dict: *mut PyObject, value: &Item) -> bool {
    let factory = ffi::PyObject_GetAttrString(dict, c"default_factory".as_ptr());
    if factory.is_null() {
        ffi::PyErr_Clear();
        return false;
    }
    let wanted = factory_of(value);
    if wanted.is_null() {
        ffi::PyErr_Clear();
    }
    ffi::Py_DECREF(factory);
    factory == wanted
}

/// The class whose call makes the empty value of a type; null, perhaps with an exception set, if there is none. Borrowed.
unsafe fn factory_of(value: &Item) -> *mut PyObject {
    match value {
        Item::Bool => (&raw mut ffi::PyBool_Type).cast(),
        Item::Int => (&raw mut ffi::PyLong_Type).cast(),
        Item::Float => (&raw mut ffi::PyFloat_Type).cast(),
        Item::Complex => (&raw mut ffi::PyComplex_Type).cast(),
        Item::Object(container) => match (container.class, container.kind) {
            (class::PLAIN, kind::LIST) => (&raw mut ffi::PyList_Type).cast(),
            (class::PLAIN, kind::SET) => (&raw mut ffi::PySet_Type).cast(),
            (class::PLAIN, kind::DICT) => (&raw mut ffi::PyDict_Type).cast(),
            (class::PLAIN, kind::STR) => (&raw mut ffi::PyUnicode_Type).cast(),
            (class::PLAIN, _) => (&raw mut ffi::PyTuple_Type).cast(),
            (number, _) => python_class(number),
        },
        _ => ptr::null_mut(),
    }
}

/// The object's detail: `maxlen` + 1 of a deque, else 0.
///
/// # Safety
/// As for [`fits`], which it did.
pub unsafe fn detail(container: &Container, object: *mut PyObject) -> i64 {
    if container.class != class::DEQUE {
        return 0;
    }
    let length = ffi::PyObject_GetAttrString(object, c"maxlen".as_ptr());
    let detail = if length.is_null() || length == ffi::Py_None() { 0 } else { ffi::PyLong_AsLongLong(length).saturating_add(1) };
    ffi::PyErr_Clear();
    ffi::Py_XDECREF(length);
    detail
}

/// A new and empty dict of a class. Null with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set.
pub unsafe fn new_dict(container: &Container) -> *mut PyObject {
    if container.class == class::PLAIN {
        return ffi::PyDict_New();
    }
    let made = python_class(container.class);
    if made.is_null() {
        return made;
    }
    let factory = if container.class == class::DEFAULT_DICT { factory_of(&container.value) } else { ptr::null_mut() };
    if factory.is_null() && !ffi::PyErr_Occurred().is_null() {
        return factory;
    }
    ffi::PyObject_CallFunctionObjArgs(made, factory, ptr::null_mut::<PyObject>())
}

/// A deque of the items of a list, which is given up. Null with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set unless `items` is null.
pub unsafe fn new_deque(items: *mut PyObject, detail: i64) -> *mut PyObject {
    if items.is_null() {
        return items;
    }
    let made = python_class(class::DEQUE);
    let length = if detail > 0 { ffi::PyLong_FromLongLong(detail - 1) } else { crate::results::new_reference(ffi::Py_None()) };
    let deque = if made.is_null() || length.is_null() {
        ptr::null_mut()
    } else {
        ffi::PyObject_CallFunctionObjArgs(made, items, length, ptr::null_mut::<PyObject>())
    };
    ffi::Py_XDECREF(length);
    ffi::Py_DECREF(items);
    deque
}

/// Gives a deque other items: those of a list, which is given up. False with an exception set on failure.
///
/// # Safety
/// As for [`new_deque`].
pub unsafe fn fill_deque(deque: *mut PyObject, items: *mut PyObject) -> bool {
    if items.is_null() {
        return false;
    }
    let extended = if call(deque, c"clear", ptr::null_mut()) { call(deque, c"extend", items) } else { false };
    ffi::Py_DECREF(items);
    extended
}

/// Empties a dict of any class. False with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set; it is a dict of the container's class.
pub unsafe fn clear_dict(container: &Container, dict: *mut PyObject) -> bool {
    if container.class == class::ORDERED_DICT {
        return call(dict, c"clear", ptr::null_mut());
    }
    ffi::PyDict_Clear(dict);
    true
}

/// Sets an entry of a dict of any class. Not 0, with an exception set, on failure.
///
/// # Safety
/// As for [`clear_dict`].
pub unsafe fn set_entry(container: &Container, dict: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> i32 {
    if container.class == class::ORDERED_DICT { ffi::PyObject_SetItem(dict, key, value) } else { ffi::PyDict_SetItem(dict, key, value) }
}

unsafe fn call(object: *mut PyObject, method: &CStr, argument: *mut PyObject) -> bool {
    let name = ffi::PyUnicode_FromString(method.as_ptr());
    let result = if name.is_null() { name } else { ffi::PyObject_CallMethodObjArgs(object, name, argument, ptr::null_mut::<PyObject>()) };
    ffi::Py_XDECREF(name);
    ffi::Py_XDECREF(result);
    !result.is_null()
}

/// A copy of a bytes object or bytearray; of nothing else.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `object` is alive, `context` is of a running call.
pub unsafe fn bytes_of(context: *mut Context, object: *mut PyObject) -> Done<*mut Head> {
    let kind_of_object = ffi::Py_TYPE(object);
    let (kind, class, data, length) = if kind_of_object == &raw mut ffi::PyBytes_Type {
        (kind::TUPLE, class::BYTES, ffi::PyBytes_AsString(object), ffi::PyBytes_Size(object))
    } else if kind_of_object == &raw mut ffi::PyByteArray_Type {
        (kind::LIST, class::BYTEARRAY, ffi::PyByteArray_AsString(object), ffi::PyByteArray_Size(object))
    } else {
        return Err(Stop::Python);
    };
    let count = usize::try_from(length).map_err(|_| Stop::Python)?;
    of_bytes(context, kind, class, std::slice::from_raw_parts(data.cast(), count))
}

/// A new object with these bytes.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn of_bytes(context: *mut Context, kind: u64, class: u64, bytes: &[u8]) -> Done<*mut Head> {
    let result = list::new(context, layout::SIGNED, bytes.len() as i64)?;
    for (index, byte) in bytes.iter().enumerate() {
        *list::at(result, index) = u64::from(*byte);
    }
    (*result).object.length = bytes.len() as i64;
    (*result).object.block.kind = kind;
    (*result).object.class = class;
    Ok(result)
}

/// The bytes of a list of ints. None with an exception set on failure.
unsafe fn content_of(head: *mut Head) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact((*head).length()).is_err() {
        ffi::PyErr_NoMemory();
        return None;
    }
    bytes.extend(list::all_words(head).iter().map(|word| *word as u8));
    Some(bytes)
}

/// A new bytes object or bytearray. Null with an exception set on failure.
///
/// # Safety
/// The GIL is held, no exception is set.
pub unsafe fn new_bytes(head: *mut Head) -> *mut PyObject {
    let Some(bytes) = content_of(head) else { return ptr::null_mut() };
    let (data, length) = (bytes.as_ptr().cast(), bytes.len() as isize);
    if (*head).object.class == class::BYTES {
        ffi::PyBytes_FromStringAndSize(data, length)
    } else {
        ffi::PyByteArray_FromStringAndSize(data, length)
    }
}

/// Gives a bytearray other bytes. False with an exception set on failure.
///
/// # Safety
/// As for [`new_bytes`]; it is a bytearray.
pub unsafe fn fill_bytearray(bytearray: *mut PyObject, head: *mut Head) -> bool {
    let Some(bytes) = content_of(head) else { return false };
    if ffi::PyByteArray_Size(bytearray) != bytes.len() as isize && ffi::PyByteArray_Resize(bytearray, bytes.len() as isize) != 0 {
        return false;
    }
    ptr::copy_nonoverlapping(bytes.as_ptr(), ffi::PyByteArray_AsString(bytearray).cast(), bytes.len());
    true
}
