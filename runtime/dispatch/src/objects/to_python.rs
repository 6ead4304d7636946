//! Objects made into Python's: what was made of an argument is that argument, and what stands in two places is one object.

use crate::dtype::Dtype;
use crate::objects::ahead::{AHEAD, prefetch};
use crate::objects::container::{Container, Item};
use crate::objects::dict::Dict;
use crate::objects::head::Head;
use crate::objects::set::Set;
use crate::objects::{classes, list, python_set, python_string};
use crate::results::{Results, View, new_reference};
use hypersonic_abi::object::{class, kind};
use pyo3::ffi::{self, PyObject};
use std::ptr;

impl Results<'_> {
    /// The Python object of an object. Null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held, no exception is set; `head` is an object of the call that `container` describes.
    pub unsafe fn object(&mut self, container: &Container, head: *mut Head) -> *mut PyObject {
        if !(*head).object.origin.is_null() {
            return new_reference((*head).origin());
        }
        if let Some(built) = self.kept.as_ref().and_then(|kept| kept.built.get(&head)) {
            return new_reference(*built);
        }
        let built = match (container.kind, &container.named) {
            (_, Some(class)) => self.new_instance(class, container, head),
            _ if container.class == class::DEQUE => classes::new_deque(self.new_list(container, head, 0), (*head).object.detail),
            _ if matches!(container.class, class::BYTES | class::BYTEARRAY) => classes::new_bytes(head),
            (kind::LIST, _) => self.new_list(container, head, 0),
            (kind::TUPLE, _) => self.new_tuple(container, head),
            (kind::SET, _) => {
                let set = if container.class == class::FROZEN_SET {
                    ffi::PyFrozenSet_New(ptr::null_mut())
                } else {
                    ffi::PySet_New(ptr::null_mut())
                };
                if set.is_null() || self.fill_set(container, head.cast(), set) { set } else { given_up(set) }
            }
            (kind::DICT, _) => {
                let dict = classes::new_dict(container);
                if dict.is_null() || self.put_entries(container, (*head.cast::<Dict>()).rows.entries(), dict) {
                    dict
                } else {
                    given_up(dict)
                }
            }
            _ => python_string::to_python(head),
        };
        if !built.is_null()
            && (*head).object.block.references > 1
            && let Some(kept) = &mut self.kept
        {
            kept.built.insert(head, new_reference(built));
        }
        built
    }

    /// A new list of the elements from one on, which is not behind the end. Null with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Results::object`].
    pub unsafe fn new_list(&mut self, container: &Container, head: *mut Head, from: usize) -> *mut PyObject {
        let result = ffi::PyList_New(((*head).length() - from) as isize);
        if result.is_null() {
            return result;
        }
        let objects = matches!(container.element, Item::Object(_));
        for index in from..(*head).length() {
            if objects {
                fetch_ahead(head, index);
            }
            let item = self.item(&container.element, list::at(head, index), &mut 0);
            if item.is_null() || ffi::PyList_SetItem(result, (index - from) as isize, item) != 0 {
                return given_up(result);
            }
        }
        result
    }

    unsafe fn new_tuple(&mut self, container: &Container, head: *mut Head) -> *mut PyObject {
        let result = ffi::PyTuple_New((*head).length() as isize);
        if result.is_null() {
            return result;
        }
        for index in 0..(*head).length() {
            let item = self.item(&container.element, list::at(head, index), &mut 0);
            if item.is_null() || ffi::PyTuple_SetItem(result, index as isize, item) != 0 {
                return given_up(result);
            }
        }
        result
    }

    /// Gives a set the elements, in place of those that it has. False with an exception set on failure; then it has those it had.
    ///
    /// # Safety
    /// As for [`Results::object`]; `set` is exactly a set.
    pub unsafe fn fill_set(&mut self, container: &Container, head: *mut Set, set: *mut PyObject) -> bool {
        let table = &(*head).table;
        let mut keys = Vec::new();
        if keys.try_reserve_exact(table.used).is_err() {
            ffi::PyErr_NoMemory();
            return false;
        }
        for element in table.elements() {
            let key = self.item(&container.element, element.as_ptr(), &mut 0);
            if key.is_null() {
                keys.into_iter().for_each(|key| ffi::Py_DECREF(key));
                return false;
            }
            keys.push(key);
        }
        if container.hashes_as_python()
            && let Some(dummy) = python_set::understood()
        {
            return python_set::install(set, dummy, table, keys);
        }
        // A frozenset is new.
        let mut fine = container.class == class::FROZEN_SET || ffi::PySet_Clear(set) == 0;
        for key in keys {
            fine = fine && ffi::PySet_Add(set, key) == 0;
            ffi::Py_DECREF(key);
        }
        fine
    }

    /// Gives a dict the entries, in place of those that it has. False with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Results::object`]; `dict` is exactly a dict.
    pub unsafe fn fill_dict(&mut self, container: &Container, head: *mut Dict, dict: *mut PyObject) -> bool {
        let rows = &(*head).rows;
        let mut entries = Vec::new();
        let mut fine = entries.try_reserve_exact(rows.used).is_ok();
        if !fine {
            ffi::PyErr_NoMemory();
        }
        for (key, value) in rows.entries() {
            if fine {
                let key = self.item(&container.element, key.as_ptr(), &mut 0);
                let value = if key.is_null() { key } else { self.item(&container.value, value.as_ptr(), &mut 0) };
                fine = !value.is_null();
                entries.push((key, value));
            }
        }
        fine = fine && classes::clear_dict(container, dict);
        for (key, value) in entries {
            fine = fine && classes::set_entry(container, dict, key, value) == 0;
            ffi::Py_XDECREF(key);
            ffi::Py_XDECREF(value);
        }
        fine
    }

    unsafe fn items(&mut self, items: &[Item], words: *const u64, at: &mut usize) -> *mut PyObject {
        let tuple = ffi::PyTuple_New(items.len() as isize);
        for (n, item) in items.iter().enumerate() {
            let object = if tuple.is_null() { tuple } else { self.item(item, words, at) };
            if object.is_null() || ffi::PyTuple_SetItem(tuple, n as isize, object) != 0 {
                return given_up(tuple);
            }
        }
        tuple
    }

    /// Puts entries into a dict. False with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Results::fill_dict`]; the words are those of keys and values of the container.
    pub unsafe fn put_entries<'e>(
        &mut self,
        container: &Container,
        entries: impl Iterator<Item = (&'e [u64], &'e [u64])>,
        dict: *mut PyObject,
    ) -> bool {
        for (key, value) in entries {
            let key = self.item(&container.element, key.as_ptr(), &mut 0);
            let value = if key.is_null() { key } else { self.item(&container.value, value.as_ptr(), &mut 0) };
            let fine = !value.is_null() && classes::set_entry(container, dict, key, value) == 0;
            ffi::Py_XDECREF(key);
            ffi::Py_XDECREF(value);
            if !fine {
                return false;
            }
        }
        true
    }

    /// The Python object of an element. Null with an exception set on failure.
    ///
    /// # Safety
    /// As for [`Results::object`]; the words are those of such an element.
    pub unsafe fn item(&mut self, item: &Item, words: *const u64, at: &mut usize) -> *mut PyObject {
        let mut take = || {
            *at += 1;
            *words.add(*at - 1)
        };
        match item {
            Item::None => new_reference(ffi::Py_None()),
            Item::Bool => ffi::PyBool_FromLong((take() & 1) as _),
            Item::Int => ffi::PyLong_FromLongLong(take() as i64),
            Item::Float => ffi::PyFloat_FromDouble(f64::from_bits(take())),
            Item::Complex => {
                let (real, imaginary) = (take(), take());
                ffi::PyComplex_FromDoubles(f64::from_bits(real), f64::from_bits(imaginary))
            }
            Item::Numpy(Dtype::Complex64) => {
                let word = take() & 0xffff_ffff | take() << 32;
                self.numpy_scalar(Dtype::Complex64, &[word])
            }
            Item::Numpy(Dtype::Complex128) => {
                let words = [take(), take()];
                self.numpy_scalar(Dtype::Complex128, &words)
            }
            Item::Numpy(dtype) => {
                let word = take();
                self.numpy_scalar(*dtype, &[word])
            }
            Item::Array(array) => {
                let (ndim, words) = (array.ndim as usize, words.add(*at));
                *at += 2 + 2 * ndim;
                let view = View {
                    dtype: array.dtype,
                    ndim,
                    data: *words as *mut _,
                    shape: words.add(2).cast(),
                    strides: words.add(2 + ndim).cast(),
                };
                self.array_in_object(&view, *words.add(1))
            }
            Item::Member(class) => class.member(take() as i64),
            Item::Record(class, items) => {
                let items = self.items(items, words, at);
                class.tuple(items)
            }
            Item::Tuple(items) => self.items(items, words, at),
            Item::Optional(value) => {
                if take() != 0 {
                    return self.item(value, words, at);
                }
                *at += value.words_of_nothing().len();
                new_reference(ffi::Py_None())
            }
            Item::Object(container) => {
                let head = take() as *mut Head;
                self.object(container, head)
            }
        }
    }
}

/// Begins to fetch objects of a list that come behind one, and what they were made of.
#[inline]
unsafe fn fetch_ahead(list: *const Head, index: usize) {
    let last = (*list).length() - 1;
    prefetch(*list::at(list, (index + 2 * AHEAD).min(last)) as *const u8);
    prefetch((*(*list::at(list, (index + AHEAD).min(last)) as *const Head)).origin().cast());
}

/// Null, with what was begun given up.
unsafe fn given_up(object: *mut PyObject) -> *mut PyObject {
    ffi::Py_XDECREF(object);
    ptr::null_mut()
}
