//! The argument frame of one call, on the stack, and what was learnt while filling it. Never allocates.

use crate::plan::{MAX_ARRAYS, MAX_WORDS};
use pyo3::ffi::PyObject;
use std::mem::MaybeUninit;

/// A NumPy scalar stood where a Python `float` or `complex` may stand.
pub const GIVEN_INEXACT: u8 = 1;
/// A NumPy scalar stood where a Python `int` may stand.
pub const GIVEN_INTEGER: u8 = 2;

/// Arguments as a kernel reads them.
pub struct Frame {
    words: [MaybeUninit<u64>; MAX_WORDS],
    arrays: [MaybeUninit<*mut PyObject>; MAX_ARRAYS],
    used: usize,
    array_count: usize,
    /// Elements of all array arguments together.
    pub elements: u64,
    /// Whether all array arguments are C-contiguous.
    pub contiguous: bool,
    /// `GIVEN_*`.
    pub given: u8,
    /// Whether a Python int was given for an `int`.
    pub own_integer: bool,
    /// Whether functions must not see what kernels work on: see `hypersonic._blind`.
    pub guarded: bool,
}

impl Frame {
    /// An empty frame.
    #[inline]
    pub fn new() -> Frame {
        Frame {
            words: [const { MaybeUninit::uninit() }; MAX_WORDS],
            arrays: [const { MaybeUninit::uninit() }; MAX_ARRAYS],
            used: 0,
            array_count: 0,
            elements: 0,
            contiguous: true,
            given: 0,
            own_integer: false,
            guarded: false,
        }
    }

    /// Empties it for the next signature.
    #[inline]
    pub fn clear(&mut self) {
        self.used = 0;
        self.array_count = 0;
        self.elements = 0;
        self.contiguous = true;
        self.given = 0;
        self.own_integer = false;
    }

    /// Adds a word. A plan never has more words than fit.
    #[inline]
    pub fn push(&mut self, word: u64) {
        self.words[self.used].write(word);
        self.used += 1;
    }

    /// Remembers an array argument.
    #[inline]
    pub fn push_array(&mut self, array: *mut PyObject) {
        self.arrays[self.array_count].write(array);
        self.array_count += 1;
    }

    /// The k-th array argument.
    pub fn array(&self, k: u64) -> Option<*mut PyObject> {
        // SAFETY: the first `array_count` items were written.
        self.arrays[..self.array_count].get(usize::try_from(k).ok()?).map(|array| unsafe { array.assume_init() })
    }

    /// How many array arguments there are.
    pub fn arrays(&self) -> usize {
        self.array_count
    }

    /// A word that was pushed.
    ///
    /// # Safety
    /// It was.
    pub unsafe fn word(&self, word: usize) -> u64 {
        self.words[word].assume_init()
    }

    /// Replaces a word that was pushed.
    pub fn set(&mut self, word: usize, value: u64) {
        self.words[word].write(value);
    }

    /// The frame as a kernel takes it.
    #[inline]
    pub fn as_ptr(&self) -> *const u64 {
        self.words.as_ptr().cast()
    }
}
