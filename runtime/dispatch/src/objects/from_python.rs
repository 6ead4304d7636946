//! Containers of arguments: whether one is what a signature says, and its copy as an object. No code of the user runs meanwhile, so what
//! fitted still does when it is copied.

use crate::array::Array;
use crate::frame::Frame;
use crate::matching::{array_fits, int64, scalar_words};
use crate::numpy;
use crate::objects::ahead::{AHEAD, prefetch};
use crate::objects::characters::Places;
use crate::objects::container::{Container, Item};
use crate::objects::given_texts::GivenTexts;
use crate::objects::head::{Done, Head, Stop};
use crate::objects::kept::Kept;
use crate::objects::python_list::Items;
use crate::objects::{attributes, classes, dict, list, python_set, set};
use crate::plan::SignaturePlan;
use hypersonic_abi::Context;
use hypersonic_abi::frame::borrowed_owner;
use hypersonic_abi::object::{class, kind, layout};
use pyo3::Py;
use pyo3::ffi::{self, PyObject};
use pyo3::types::PyString;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::ptr;

/// Whether an object is such a container, with all that it holds.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `object` is alive.
pub unsafe fn fits(container: &Container, object: *mut PyObject) -> bool {
    if let Some(class) = &container.named {
        return attributes::fit(class, &container.element, object, item_fits);
    }
    if container.class != class::PLAIN {
        return classes::fits(container, object);
    }
    let type_object = ffi::Py_TYPE(object);
    match container.kind {
        kind::STR => type_object == &raw mut ffi::PyUnicode_Type,
        kind::LIST => {
            type_object == &raw mut ffi::PyList_Type && {
                let items = Items::of(object);
                let last = items.len().wrapping_sub(1);
                (0..items.len()).all(|index| {
                    prefetch(items.get((index + AHEAD).min(last)).cast());
                    item_fits(&container.element, items.get(index))
                })
            }
        }
        kind::TUPLE => {
            type_object == &raw mut ffi::PyTuple_Type
                && (0..ffi::PyTuple_Size(object)).all(|index| item_fits(&container.element, ffi::PyTuple_GetItem(object, index)))
        }
        kind::SET if type_object == &raw mut ffi::PySet_Type => match python_set::understood() {
            Some(dummy) => python_set::all_keys(object, dummy, |key| item_fits(&container.element, key)),
            None => false,
        },
        kind::DICT if type_object == &raw mut ffi::PyDict_Type => {
            let (mut position, mut key, mut value) = (0, ptr::null_mut(), ptr::null_mut());
            let mut fits = true;
            while fits && ffi::PyDict_Next(object, &raw mut position, &raw mut key, &raw mut value) != 0 {
                fits = item_fits(&container.element, key) && item_fits(&container.value, value);
            }
            fits
        }
        _ => false,
    }
}

/// Whether an object is such an element.
///
/// # Safety
/// As for [`fits`].
pub unsafe fn item_fits(item: &Item, object: *mut PyObject) -> bool {
    let type_object = ffi::Py_TYPE(object);
    match item {
        Item::None => object == ffi::Py_None(),
        Item::Bool => type_object == &raw mut ffi::PyBool_Type,
        // What leaves 64 bits is found when it is copied.
        Item::Int => type_object == &raw mut ffi::PyLong_Type,
        Item::Float => type_object == &raw mut ffi::PyFloat_Type,
        Item::Complex => type_object == &raw mut ffi::PyComplex_Type,
        Item::Numpy(dtype) => numpy::if_imported().is_some_and(|numpy| numpy.is_scalar_type(type_object, *dtype)),
        Item::Array(matcher) => array_fits(matcher, object),
        Item::Tuple(items) => {
            type_object == &raw mut ffi::PyTuple_Type
                && ffi::PyTuple_Size(object) == items.len() as isize
                && items.iter().enumerate().all(|(n, item)| item_fits(item, ffi::PyTuple_GetItem(object, n as isize)))
        }
        Item::Record(class, items) => {
            class.is_class_of(object)
                && ffi::PyTuple_Size(object) == items.len() as isize
                && items.iter().enumerate().all(|(n, item)| item_fits(item, ffi::PyTuple_GetItem(object, n as isize)))
        }
        Item::Member(class) => class.word(object).is_some(),
        Item::Object(container) => fits(container, object),
        Item::Optional(value) => object == ffi::Py_None() || item_fits(value, object),
    }
}

/// How many elements a container has: what a call costs. Of strings, eight characters are one.
///
/// # Safety
/// As for [`fits`].
pub unsafe fn length(container: &Container, object: *mut PyObject) -> u64 {
    let type_object = ffi::Py_TYPE(object);
    let length = match container.kind {
        _ if matches!(container.class, class::DEQUE | class::BYTES | class::BYTEARRAY | class::FROZEN_SET) => ffi::PyObject_Size(object),
        _ if container.named.is_some() => 1,
        kind::LIST if type_object == &raw mut ffi::PyList_Type => ffi::PyList_Size(object),
        kind::TUPLE if type_object == &raw mut ffi::PyTuple_Type => ffi::PyTuple_Size(object),
        kind::SET if type_object == &raw mut ffi::PySet_Type => ffi::PySet_Size(object),
        kind::DICT if type_object == &raw mut ffi::PyDict_Type => ffi::PyDict_Size(object),
        kind::STR if type_object == &raw mut ffi::PyUnicode_Type => 1 + ffi::PyUnicode_GetLength(object) / 8,
        _ => 0,
    };
    length.max(0) as u64
}

/// The addresses of objects are far apart.
#[derive(Default)]
struct Address(u64);

impl Hasher for Address {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

struct Conversion<'a> {
    context: *mut Context,
    /// How many arrays the frame has of its own.
    first: usize,
    arrays: &'a mut Vec<*mut PyObject>,
    containers: &'a mut Vec<*mut Head>,
    texts: &'a mut GivenTexts,
    places: Option<Places>,
    /// Whether characters of strings must lie ready.
    ready: bool,
    known: HashMap<usize, *mut Head, BuildHasherDefault<Address>>,
    array_numbers: HashMap<usize, u64, BuildHasherDefault<Address>>,
}

/// Makes objects of the containers that a frame has, and puts them into it. False if the object of a method, whose attributes are values
/// of their own in the kernel, is among them.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after); the frame was filled for `signature`; `context` is of this call, which has not
/// begun.
pub unsafe fn convert_frame(
    context: *mut Context,
    signature: &SignaturePlan,
    frame: &mut Frame,
    kept: &mut Kept,
    this: *mut PyObject,
) -> Done<bool> {
    let first = frame.arrays();
    let Kept { arrays, containers, texts, .. } = kept;
    let mut conversion = Conversion {
        context,
        first,
        arrays,
        containers,
        texts,
        places: Places::known(),
        ready: signature.reads_characters,
        known: HashMap::default(),
        array_numbers: HashMap::default(),
    };
    for (word, container) in &signature.containers {
        let object = frame.word(*word) as *mut PyObject;
        let head = conversion.object(container, object, false)?;
        frame.set(*word, head as u64);
    }
    // Who calls a method refers to its object, too: it is no element that stands in one place.
    Ok(!conversion.known.contains_key(&(this as usize)))
}

impl Conversion<'_> {
    unsafe fn object(&mut self, container: &Container, object: *mut PyObject, element: bool) -> Done<*mut Head> {
        // Of a string, which never changes, there may be two copies.
        if container.kind == kind::STR {
            return self.texts.add(self.places, object, self.ready);
        }
        // An element that has one reference stands in one place; arguments may be borrowed from a variable, twice from the same.
        let alone = element && ffi::Py_REFCNT(object) == 1;
        if !alone && let Some(head) = self.known.get(&(object as usize)) {
            return Ok(*head);
        }
        let head = match (container.kind, &container.named) {
            (_, Some(class)) => self.instance(container, class.names(), object)?,
            _ if container.class == class::DEQUE => self.deque(container, object)?,
            _ if matches!(container.class, class::BYTES | class::BYTEARRAY) => classes::bytes_of(self.context, object)?,
            (kind::LIST, _) => self.list(container, object)?,
            (kind::TUPLE, _) => self.tuple(container, object)?,
            (kind::SET, _) => self.set(container, object)?,
            _ => self.dict(container, object)?,
        };
        ffi::Py_INCREF(object);
        (*head).object.origin = object.cast();
        (*head).container = container;
        (*head).object.modified = 0;
        (*head).object.class = container.class;
        (*head).object.detail = classes::detail(container, object);
        if matches!(container.kind, kind::LIST | kind::SET | kind::DICT) {
            self.containers.try_reserve(1)?;
            self.containers.push(head);
        }
        if !alone {
            self.known.try_reserve(1)?;
            self.known.insert(object as usize, head);
        }
        Ok(head)
    }

    unsafe fn list(&mut self, container: &Container, object: *mut PyObject) -> Done<*mut Head> {
        let items = Items::of(object);
        let count = items.len();
        let result = list::new(self.context, container.layout, count as i64)?;
        let first = list::at(result, 0);
        match &container.element {
            // The most frequent elements need no detour.
            Item::Int => {
                for index in 0..count {
                    *first.add(index) = int64(items.get(index)).ok_or(Stop::Python)? as u64;
                }
            }
            Item::Float => {
                for index in 0..count {
                    *first.add(index) = items.float(index).to_bits();
                }
            }
            Item::Object(inner) => {
                if inner.kind == kind::STR {
                    self.texts.reserve(count)?;
                }
                for index in 0..count {
                    prefetch(items.get((index + AHEAD).min(count - 1)).cast());
                    let held = self.object(inner, items.get(index), true)?;
                    (*held).object.block.references += 1;
                    *first.add(index) = held as u64;
                    (*result).object.length += 1;
                }
            }
            _ => return self.elements(container, object, result),
        }
        (*result).object.length = count as i64;
        Ok(result)
    }

    unsafe fn elements(&mut self, container: &Container, object: *mut PyObject, result: *mut Head) -> Done<*mut Head> {
        let mut element = [0; layout::MAX_WORDS];
        let items = Items::of(object);
        for index in 0..items.len() {
            self.item(&container.element, items.get(index), &mut element, &mut 0)?;
            list::append(result, element.as_ptr())?;
        }
        Ok(result)
    }

    unsafe fn deque(&mut self, container: &Container, object: *mut PyObject) -> Done<*mut Head> {
        let result = list::new(self.context, container.layout, ffi::PyObject_Size(object) as i64)?;
        let mut element = [0; layout::MAX_WORDS];
        let mut done = Ok(());
        let all = classes::each_in_deque(object, |item| {
            done = self.item(&container.element, item, &mut element, &mut 0).and_then(|()| list::append(result, element.as_ptr()));
            done.is_ok()
        });
        done?;
        if all { Ok(result) } else { Err(Stop::Python) }
    }

    /// The list that holds the attributes of an object with these names.
    unsafe fn instance(&mut self, container: &Container, names: &[Py<PyString>], object: *mut PyObject) -> Done<*mut Head> {
        let (own, rest) = container.element.own_attributes(names.len());
        let result = list::new(self.context, container.layout, 1)?;
        let mut element = [0; layout::MAX_WORDS];
        let mut at = 0;
        for (item, name) in own.iter().zip(names) {
            let value = attributes::get(object, name);
            if value.is_null() {
                return Err(Stop::Python);
            }
            self.item(item, value, &mut element, &mut at)?;
        }
        if let Some(rest) = rest {
            element[at] = self.instance(rest, names.get(own.len()..).unwrap_or_default(), object)? as u64;
        }
        list::append(result, element.as_ptr())?;
        Ok(result)
    }

    unsafe fn tuple(&mut self, container: &Container, object: *mut PyObject) -> Done<*mut Head> {
        let result = list::new(self.context, container.layout, ffi::PyTuple_Size(object) as i64)?;
        let mut element = [0; layout::MAX_WORDS];
        for index in 0..ffi::PyTuple_Size(object) {
            self.item(&container.element, ffi::PyTuple_GetItem(object, index), &mut element, &mut 0)?;
            list::append(result, element.as_ptr())?;
        }
        (*result).object.block.kind = kind::TUPLE;
        Ok(result)
    }

    unsafe fn set(&mut self, container: &Container, object: *mut PyObject) -> Done<*mut Head> {
        let dummy = python_set::understood().ok_or(Stop::Python)?;
        if container.hashes_as_python() {
            let convert = |key, words: &mut [u64]| self.item(&container.element, key, words, &mut 0);
            let table = python_set::read(object, dummy, container.layout, convert)?;
            return Ok(set::place(self.context, table)?.cast());
        }
        let result = set::new(self.context, container.layout)?;
        let mut done = Ok(());
        python_set::all_keys(object, dummy, |key| {
            let mut element = [0; layout::MAX_WORDS];
            done = self.item(&container.element, key, &mut element, &mut 0).and_then(|()| set::add(result, element.as_ptr()));
            done.is_ok()
        });
        done.map(|()| result.cast())
    }

    unsafe fn dict(&mut self, container: &Container, object: *mut PyObject) -> Done<*mut Head> {
        let result = dict::new(self.context, container.layout, container.value_layout)?;
        (*result).rows.reserve(ffi::PyDict_Size(object).max(0) as usize)?;
        let (mut key_words, mut value_words) = ([0; layout::MAX_WORDS], [0; layout::MAX_WORDS]);
        let mut done = Ok(());
        let all = classes::each_entry(container, object, |key, value| {
            done = self
                .item(&container.element, key, &mut key_words, &mut 0)
                .and_then(|()| self.item(&container.value, value, &mut value_words, &mut 0))
                .and_then(|()| dict::add_new(result, key_words.as_ptr(), value_words.as_ptr()));
            done.is_ok()
        });
        done?;
        (*result).rows.settle();
        if all { Ok(result.cast()) } else { Err(Stop::Python) }
    }

    /// The words of an element. References in it are not counted.
    unsafe fn item(&mut self, item: &Item, object: *mut PyObject, words: &mut [u64], at: &mut usize) -> Done {
        let mut give = |word: u64| {
            words[*at] = word;
            *at += 1;
        };
        match item {
            Item::None => (),
            Item::Bool => give(u64::from(object == ffi::Py_True())),
            Item::Int => give(int64(object).ok_or(Stop::Python)? as u64),
            Item::Float => give(ffi::PyFloat_AsDouble(object).to_bits()),
            Item::Complex => {
                give(ffi::PyComplex_RealAsDouble(object).to_bits());
                give(ffi::PyComplex_ImagAsDouble(object).to_bits());
            }
            Item::Numpy(dtype) => {
                let ([first, second], count) = scalar_words(*dtype, object);
                give(first);
                if count == 2 {
                    give(second);
                }
            }
            Item::Array(_) => {
                let array = &*object.cast::<Array>();
                let owner = self.owner(object)?;
                words[*at] = array.data as u64;
                words[*at + 1] = owner;
                let rank = array.ndim as usize;
                for axis in 0..rank {
                    words[*at + 2 + axis] = *array.shape.add(axis) as u64;
                    words[*at + 2 + rank + axis] = *array.strides.add(axis) as u64;
                }
                *at += 2 + 2 * rank;
            }
            Item::Member(class) => give(class.word(object).ok_or(Stop::Python)? as u64),
            Item::Tuple(items) | Item::Record(_, items) => {
                for (n, item) in items.iter().enumerate() {
                    self.item(item, ffi::PyTuple_GetItem(object, n as isize), words, at)?;
                }
            }
            Item::Object(container) => {
                words[*at] = self.object(container, object, true)? as u64;
                *at += 1;
            }
            Item::Optional(value) => {
                give(u64::from(object != ffi::Py_None()));
                if object != ffi::Py_None() {
                    return self.item(value, object, words, at);
                }
                value.words_of_nothing().into_iter().for_each(give);
            }
        }
        Ok(())
    }

    /// The owner word of an array, which is kept alive for the call.
    unsafe fn owner(&mut self, array: *mut PyObject) -> Done<u64> {
        self.array_numbers.try_reserve(1)?;
        self.arrays.try_reserve(1)?;
        let number = match self.array_numbers.entry(array as usize) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let number = (self.first + self.arrays.len()) as u64;
                ffi::Py_INCREF(array);
                self.arrays.push(array);
                *entry.insert(number)
            }
        };
        Ok(borrowed_owner(number))
    }
}
