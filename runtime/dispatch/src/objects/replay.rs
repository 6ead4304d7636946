//! Exceptions in Python's own words. Where Python cannot be asked to run the function again, it is made to raise what the kernel met: the
//! operation that failed is done once more, on Python's objects. What operations were about is remembered when they fail.

use crate::class::Classes;
use crate::objects::container::Item;
use crate::objects::head::{Done, Head};
use crate::objects::operations::Words;
use crate::objects::value::Value;
use crate::objects::{python_string, python_text, reference};
use crate::results::Results;
use crate::support;
use hypersonic_abi::ErrorRecord;
use hypersonic_abi::manifest::{Failure, MessagePart, ValueType};
use hypersonic_abi::object::{METHODS, Op, class, kind, layout, replay};
use pyo3::ffi::{self, PyObject};
use std::ffi::CStr;
use std::ptr;

/// Most words that are remembered.
const MOST: usize = 3 + layout::MAX_WORDS;
/// How many of the last failures are remembered: what was caught counts, too.
const KEPT: usize = 16;

/// What an operation was about that failed.
#[derive(Clone, Copy)]
struct Failed {
    number: u64,
    op: Op,
    /// Kind and class of the first operand, and how long it was, if it is an object.
    kind: u64,
    class: u64,
    length: i64,
    /// The arguments behind the first operand; what they refer to is kept.
    words: [u64; MOST],
    layout: u64,
}

/// The last failures of a call.
#[derive(Default)]
pub struct Memory {
    failed: Vec<Failed>,
    count: u64,
}

/// Remembers a failure, and writes the number by which it is known where results go. Nothing happens if there is no memory for it.
///
/// # Safety
/// The words are those that the operation takes; it has just answered that it raises.
pub unsafe fn remember(op: Op, given: Words) {
    let _: Done = given.give(0);
    // What iterations of a parallel loop fail in is not remembered: others are at work on the memory.
    if hypersonic_pool::team().is_some() {
        return;
    }
    let Some(memory) = support::state(given.context).failures() else { return };
    let this = given.object::<Head>(0);
    let mut failed = Failed { number: memory.count + 1, op, kind: 0, class: class::PLAIN, length: 0, words: [0; MOST], layout: 0 };
    let (skipped, count) = match op {
        Op::Get | Op::Delete | Op::PopKey | Op::Remove => {
            failed.layout = (*this).object.layout;
            (1, layout::words(failed.layout))
        }
        Op::Index => {
            failed.layout = (*this).object.layout;
            (3, layout::words(failed.layout))
        }
        Op::ParseInt => {
            failed.layout = layout::OBJECT | layout::SIGNED << 4;
            (0, 2)
        }
        Op::ParseFloat | Op::Ord => {
            failed.layout = layout::OBJECT;
            (0, 1)
        }
        Op::Chr => (0, 1),
        Op::SetSlice => (5, 1),
        Op::Pop | Op::PopAny | Op::PopEntry => (1, 0),
        _ => return remember_values(op, given, memory, failed),
    };
    if !matches!(op, Op::Chr) {
        (failed.kind, failed.class, failed.length) = ((*this).kind(), (*this).object.class, (*this).object.length);
    }
    ptr::copy_nonoverlapping(given.from(skipped), failed.words.as_mut_ptr(), count);
    if op == Op::SetSlice {
        failed.length = given.sliced(failed.length);
        failed.words[0] = (*given.object::<Head>(5)).object.length as u64;
    }
    memory.add(given, failed);
}

/// As [`remember`] of what takes values: a method of strings, a format.
unsafe fn remember_values(op: Op, given: Words, memory: &mut Memory, mut failed: Failed) {
    let (first, count, values) = match op {
        Op::Method => (3, 3, given.argument(2) as usize),
        Op::Format => (2, 2, 1),
        _ => return,
    };
    let mut at = first;
    for word in 0..count {
        failed.words[word] = given.argument(word);
    }
    if op == Op::Format && given.argument(1) != 0 {
        failed.layout = layout::OBJECT << 4;
    }
    for _ in 0..values {
        let Ok((_, width)) = Value::read(given.from(at)) else { return };
        if at + width > layout::MAX_WORDS {
            return;
        }
        for word in at..at + width {
            failed.words[word] = given.argument(word);
        }
        if given.argument(at) == hypersonic_abi::object::value::OBJECT {
            failed.layout |= layout::OBJECT << (4 * (at + 1));
        }
        at += width;
    }
    memory.add(given, failed);
}

impl Memory {
    unsafe fn add(&mut self, given: Words, mut failed: Failed) {
        // A layout ends with a 0: words that are no references count as numbers.
        failed.layout = without_gaps(failed.layout);
        if self.failed.len() < KEPT && self.failed.try_reserve_exact(KEPT).is_err() {
            return;
        }
        reference::retain(failed.layout, failed.words.as_ptr());
        let place = (self.count % KEPT as u64) as usize;
        if let Some(old) = self.failed.get_mut(place) {
            let old = std::mem::replace(old, failed);
            reference::release(given.context, old.layout, old.words.as_ptr());
        } else {
            self.failed.push(failed);
        }
        self.count = failed.number;
        let _ = given.give(failed.number);
    }

    fn find(&self, number: u64) -> Option<Failed> {
        self.failed.iter().find(|failed| failed.number == number).copied()
    }
}

/// The layout with a tag for each word up to the last reference.
fn without_gaps(tags: u64) -> u64 {
    let mut filled = tags;
    for word in 0..layout::words(tags) {
        if reference::tag(tags, word) == 0 {
            filled |= layout::SIGNED << (4 * word);
        }
    }
    filled
}

/// Has Python raise what a failure says that it would. False, without an exception, if that cannot be done.
///
/// # Safety
/// The GIL is held, no exception is set; the kernel of `results` ended with that failure, and its objects are alive.
pub unsafe fn raise(results: &mut Results<'_>, failure: &Failure, record: &ErrorRecord) -> bool {
    let Some(MessagePart::Python(what, value)) = failure.message.first() else { return false };
    let number = |n: usize| record.values.get(n).copied().unwrap_or_default();
    match what.as_str() {
        replay::OPERATION => {
            let found = support::state(results.context).failures().and_then(|memory| memory.find(number(0)));
            found.is_some_and(|failed| operation(results, &failed, value.as_ref()))
        }
        replay::UNPACK => numbers(c"exec('_, ' * b + '= [0] * a')", number(0), number(1)),
        replay::UNPACK_STARRED => numbers(c"exec('_, ' * b + '*_, = [0] * a')", number(0), number(1)),
        replay::CALLED => support::state(results.context).called().is_some_and(|called| called.raise()),
        replay::MAX => numbers(c"max([])", 0, 0),
        replay::MIN => numbers(c"min([])", 0, 0),
        _ => false,
    }
}

unsafe fn operation(results: &mut Results<'_>, failed: &Failed, value: Option<&ValueType>) -> bool {
    let words = failed.words;
    match failed.op {
        Op::Get | Op::Delete | Op::PopKey => raise_key(object(results, failed, value)),
        Op::Remove if failed.kind == kind::SET => raise_key(object(results, failed, value)),
        Op::Remove if failed.class == class::DEQUE => numbers(c"__import__('collections').deque().remove(0)", 0, 0),
        Op::Remove if failed.class == class::BYTEARRAY => numbers(c"bytearray().remove(0)", 0, 0),
        Op::Remove => numbers(c"[].remove(0)", 0, 0),
        Op::Index => {
            let source = match (failed.kind, failed.class) {
                (_, class::DEQUE) => c"__import__('collections').deque().index(a)",
                (kind::TUPLE, _) => c"().index(a)",
                _ => c"[].index(a)",
            };
            evaluate(source, object(results, failed, value), ptr::null_mut())
        }
        Op::Pop if failed.class == class::BYTEARRAY => numbers(c"bytearray(a).pop(1)", failed.length.min(1) as u64, 0),
        Op::Pop => numbers(c"([0] * a).pop(1)", failed.length.min(1) as u64, 0),
        Op::PopAny => numbers(c"set().pop()", 0, 0),
        Op::PopEntry if failed.class == class::ORDERED_DICT => numbers(c"__import__('collections').OrderedDict().popitem()", 0, 0),
        Op::PopEntry => numbers(c"{}.popitem()", 0, 0),
        Op::Ord => evaluate(c"ord(a)", python_string::to_python(words[0] as *mut Head), ptr::null_mut()),
        Op::Chr => numbers(c"chr(a)", words[0], 0),
        Op::SetSlice if failed.length < 0 => numbers(c"[0][::0]", 0, 0),
        Op::SetSlice => {
            let what = if failed.class == class::BYTEARRAY { "bytes" } else { "sequence" };
            let text = format!("attempt to assign {what} of size {} to extended slice of size {}\0", words[0], failed.length);
            ffi::PyErr_SetString(ffi::PyExc_ValueError, text.as_ptr().cast());
            true
        }
        Op::ParseInt | Op::ParseFloat | Op::Method | Op::Format => python_text::raises(|| match failed.op {
            Op::ParseInt => python_text::parse_int(words[0] as *mut Head, words[1] as i64).map(|_| ()),
            Op::ParseFloat => python_text::parse_float(words[0] as *mut Head).map(|_| ()),
            Op::Format => {
                let (value, _) = Value::read(words[2..].as_ptr())?;
                python_text::format(results.context, words[0], words[1] as *mut Head, value).map(|_| ())
            }
            _ => {
                let name = METHODS.get(words[0] as usize).copied().unwrap_or_default();
                let mut values = Vec::new();
                let mut at = 3;
                for _ in 0..words[2] {
                    let (value, width) = Value::read(words[at..].as_ptr())?;
                    values.push(value);
                    at += width;
                }
                match values.split_first() {
                    Some((this @ (Value::Text(_) | Value::Bytes(_)), given)) => {
                        python_text::method(results.context, name, *this, given, words[1]).map(|_| ())
                    }
                    _ => Ok(()),
                }
            }
        }),
        _ => false,
    }
}

/// The key or element as Python's object; null, without an exception, if there is none.
unsafe fn object(results: &mut Results<'_>, failed: &Failed, value: Option<&ValueType>) -> *mut PyObject {
    let item = value.and_then(|value| Item::new(value, false, &Classes::default()).ok());
    let Some(item) = item.filter(|item| item.layout() == Ok(failed.layout)) else { return ptr::null_mut() };
    let object = results.item(&item, failed.words.as_ptr(), &mut 0);
    if object.is_null() {
        ffi::PyErr_Clear();
    }
    object
}

/// `raise KeyError(key)`, with a key that may be a tuple. Steals the key.
unsafe fn raise_key(key: *mut PyObject) -> bool {
    if key.is_null() {
        return false;
    }
    let arguments = ffi::PyTuple_Pack(1, key);
    ffi::Py_DECREF(key);
    let error = if arguments.is_null() { arguments } else { ffi::PyObject_CallObject(ffi::PyExc_KeyError, arguments) };
    ffi::Py_XDECREF(arguments);
    if !error.is_null() {
        ffi::PyErr_SetObject(ffi::PyExc_KeyError, error);
        ffi::Py_DECREF(error);
    }
    true
}

unsafe fn numbers(source: &CStr, a: u64, b: u64) -> bool {
    evaluate(source, ffi::PyLong_FromLongLong(a as i64), ffi::PyLong_FromLongLong(b as i64))
}

/// Evaluates an expression, with `a` and `b` for these, which it steals. True if it raised.
unsafe fn evaluate(source: &CStr, a: *mut PyObject, b: *mut PyObject) -> bool {
    let builtins = ffi::PyEval_GetBuiltins();
    let names = ffi::PyDict_New();
    let (eval, text) = (ffi::PyDict_GetItemString(builtins, c"eval".as_ptr()), ffi::PyUnicode_FromString(source.as_ptr()));
    let mut raised = false;
    if !a.is_null() && !names.is_null() && !eval.is_null() && !text.is_null() {
        let fine = ffi::PyDict_SetItemString(names, c"a".as_ptr(), a) == 0
            && (b.is_null() || ffi::PyDict_SetItemString(names, c"b".as_ptr(), b) == 0)
            && ffi::PyDict_SetItemString(names, c"__builtins__".as_ptr(), builtins) == 0;
        let arguments = ffi::PyTuple_Pack(2, text, names);
        if fine && !arguments.is_null() {
            ffi::Py_XDECREF(ffi::PyObject_CallObject(eval, arguments));
            raised = !ffi::PyErr_Occurred().is_null();
        }
        ffi::Py_XDECREF(arguments);
    }
    for object in [a, b, names, text] {
        ffi::Py_XDECREF(object);
    }
    if raised {
        forget_where();
    } else {
        ffi::PyErr_Clear();
    }
    raised
}

/// Takes the lines of ours out of the traceback of the exception that is set.
unsafe fn forget_where() {
    let (mut class, mut value, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    ffi::PyErr_Fetch(&raw mut class, &raw mut value, &raw mut traceback);
    ffi::PyErr_NormalizeException(&raw mut class, &raw mut value, &raw mut traceback);
    ffi::Py_XDECREF(traceback);
    if !value.is_null() {
        ffi::PyException_SetTraceback(value, ffi::Py_None());
    }
    ffi::PyErr_Restore(class, value, ptr::null_mut());
}
