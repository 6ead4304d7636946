//! The characters of Python's own strings that take one byte each, read where they lie. A function call for the length of a string and another
//! for its characters take longer than most work on a word. The structure is that of the public headers; how long it is differs between
//! versions. Strings that are made at the start of it all say whether it is understood; if it is not, strings are asked for their characters.

use pyo3::ffi::{self, PyObject};
use std::slice;
use std::sync::OnceLock;

/// What `PyASCIIObject` begins with.
#[repr(C)]
struct PythonString {
    head: PyObject,
    length: isize,
    hash: isize,
    state: u32,
}

/// The parts of a state that matter: kind (3 bits behind 2), compact, ASCII.
const SEEN: u32 = 0b111_1100;
const ONE_BYTE: u32 = 1 << 2;
const COMPACT: u32 = 1 << 5;
const ASCII: u32 = 1 << 6;

/// Where the characters lie behind the head of a string.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    ascii: usize,
    latin: usize,
}

impl Places {
    /// Of this interpreter; `None` if its strings are not understood.
    ///
    /// # Safety
    /// The GIL is held, no exception is set (nor is one after).
    pub unsafe fn known() -> Option<Places> {
        static KNOWN: OnceLock<Option<Places>> = OnceLock::new();
        match KNOWN.get() {
            Some(known) => *known,
            None => {
                let found = probe();
                ffi::PyErr_Clear();
                *KNOWN.get_or_init(|| found)
            }
        }
    }

    /// The characters of a string, if they take a byte each and lie right behind its head.
    ///
    /// # Safety
    /// `string` is exactly a string, which outlives them.
    #[inline]
    pub unsafe fn characters<'a>(self, string: *mut PyObject) -> Option<&'a [u8]> {
        let python = string.cast::<PythonString>();
        let place = match (*python).state & SEEN {
            state if state == ONE_BYTE | COMPACT | ASCII => self.ascii,
            state if state == ONE_BYTE | COMPACT => self.latin,
            _ => return None,
        };
        Some(slice::from_raw_parts(string.cast::<u8>().add(place), (*python).length as usize))
    }
}

/// How many bytes lie in front of the characters of a string of one byte a character.
unsafe fn place_in(string: *mut PyObject) -> Option<usize> {
    let size = ffi::PyObject_CallMethod(string, c"__sizeof__".as_ptr(), std::ptr::null());
    let known = if size.is_null() { -1 } else { ffi::PyLong_AsSsize_t(size) };
    ffi::Py_XDECREF(size);
    // Behind the characters is a zero.
    let place = known.checked_sub(ffi::PyUnicode_GetLength(string) + 1).and_then(|place| usize::try_from(place).ok())?;
    (place >= size_of::<PythonString>()).then_some(place)
}

/// Whether a string is read as what it was made of; `narrow` if that is what [`Places::characters`] is for.
unsafe fn reads(places: Places, text: &str, narrow: bool) -> bool {
    let string = ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize);
    if string.is_null() {
        return false;
    }
    let read = places.characters(string);
    let same = match read {
        Some(bytes) => narrow && bytes.len() == text.chars().count() && bytes.iter().map(|byte| char::from(*byte)).eq(text.chars()),
        None => !narrow,
    };
    ffi::Py_DECREF(string);
    same
}

unsafe fn probe() -> Option<Places> {
    let place = |text: &str| {
        let string = ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize);
        if string.is_null() {
            return None;
        }
        let place = place_in(string);
        ffi::Py_DECREF(string);
        place
    };
    let places = Places { ascii: place("characters")?, latin: place("Zeichen: äöü")? };
    let all = [
        ("", true),
        ("a", true),
        ("in a row of many", true),
        ("\u{ff}", true),
        ("grün\0", true),
        ("\u{100}", false),
        ("a\u{10ffff}", false),
    ];
    all.into_iter().all(|(text, narrow)| reads(places, text, narrow)).then_some(places)
}
