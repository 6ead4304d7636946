//! A boosted function that a kernel was given: its kernel is called, without Python, where nothing but numbers goes in and comes out.

use crate::call::{Attempt, conclude};
use crate::callable;
use crate::dtype::Dtype;
use crate::frame::Frame;
use crate::matching::exact_float;
use crate::objects::called::fetched;
use crate::objects::value::Value;
use crate::plan::{Builder, MAX_WORDS, Matcher, SignaturePlan, scalar_words};
use crate::results::Results;
use crate::support::{self, CallState};
use hypersonic_abi::object::value;
use hypersonic_abi::{ErrorRecord, status};
use pyo3::ffi::{self, PyObject};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::Ordering;

/// What came of a kernel.
pub enum Direct {
    /// The words of what is wanted.
    Answer([u64; 2]),
    /// An exception as `PyErr_Fetch` gives it, owned.
    Raised([*mut PyObject; 3]),
}

/// Calls the kernel of a function, if it is boosted and one certainly takes these values and gives what is wanted. None if Python is to be asked: nothing
/// has happened then.
///
/// # Safety
/// The function is alive and held by the caller. The GIL may be held or not.
pub unsafe fn run(function: *mut PyObject, values: &[Value], wanted: u64) -> Option<Direct> {
    let (boosted, inner) = callable::boosted(function)?;
    if inner.object.is_some() || !inner.parameters.is_exactly(values.len(), ptr::null_mut()) {
        return None;
    }
    let mut frame = Frame::new();
    let signature = inner.signatures.iter().find_map(|signature| match fits(signature, values, &mut frame) {
        Some(false) => None,
        Some(true) => Some(Some(signature)),
        None => Some(None),
    })??;
    let state = CallState::new(ptr::null());
    let mut context = support::context(&state);
    let mut record = MaybeUninit::<ErrorRecord>::uninit();
    (*record.as_mut_ptr()).failure = u32::MAX;
    let mut words = [const { MaybeUninit::<u64>::uninit() }; MAX_WORDS];
    let convert = answer(&signature.builder, wanted)?;
    let status =
        (signature.strided)(&raw const support::CPU, &raw mut context, record.as_mut_ptr(), frame.as_ptr(), words.as_mut_ptr().cast());
    inner.ran(false);
    let word = |n: usize, least: Convert| if convert >= least { words[n].assume_init() } else { 0 };
    let given = || [word(0, Convert::One), word(1, Convert::Two)];
    if status == status::OK && !state.raised.load(Ordering::Relaxed) && context.blocks.is_null() && state.printed().is_empty() {
        return converted(given(), convert);
    }
    let held = ffi::PyGILState_Ensure();
    let mut results = Results {
        context: &raw mut context,
        this: ptr::null_mut(),
        frame: &frame,
        words: words.as_ptr().cast(),
        owners: &signature.owners,
        kept: None,
        bases: Vec::new(),
        made: Vec::new(),
        device: None,
        memories: Vec::new(),
    };
    let failures = &inner.library.manifest.failures;
    let attempt = conclude(boosted.function, ptr::null_mut(), failures, status, &record, &state, signature, &mut results);
    let direct = match attempt {
        Attempt::Returned(object) if object.is_null() => Some(Direct::Raised(fetched())),
        Attempt::Returned(object) => {
            ffi::Py_DECREF(object);
            converted(given(), convert)
        }
        // Asked again, in Python's way, it fails again, and Python answers.
        Attempt::Python(_) => None,
        Attempt::Answered(_, answer) => {
            ffi::Py_DECREF(answer);
            None
        }
    };
    ffi::PyGILState_Release(held);
    direct
}

/// Whether a signature takes the values, as [`crate::matching::matches`] would say of their objects, with their words in the frame; None if it
/// is not known here, or if more than numbers are its business.
unsafe fn fits(signature: &SignaturePlan, values: &[Value], frame: &mut Frame) -> Option<bool> {
    frame.clear();
    let simple = signature.sets.is_empty() && !signature.objects && !signature.calls && signature.classes.is_empty();
    if !simple || signature.matchers.len() != values.len() {
        return None;
    }
    for (matcher, value) in signature.matchers.iter().zip(values) {
        if !value_fits(matcher, *value, frame)? {
            return Some(false);
        }
    }
    Some(signature.takes(frame))
}

fn value_fits(matcher: &Matcher, value: Value, frame: &mut Frame) -> Option<bool> {
    match (matcher, value) {
        (Matcher::Float | Matcher::Numpy(Dtype::Float64), Value::Float(value)) => frame.push(value.to_bits()),
        (Matcher::Float, Value::Int(value)) => match exact_float(value) {
            Some(value) => frame.push(value.to_bits()),
            None => return Some(false),
        },
        (Matcher::Int, Value::Int(value)) => {
            frame.own_integer = true;
            frame.push(value as u64);
        }
        (Matcher::Bool, Value::Bool(value)) => frame.push(u64::from(value)),
        (Matcher::Complex, Value::Complex(real, imaginary)) => {
            frame.push(real.to_bits());
            frame.push(imaginary.to_bits());
        }
        (Matcher::Complex, Value::Float(value)) => {
            frame.push(value.to_bits());
            frame.push(0);
        }
        (Matcher::None, Value::None) => {}
        (Matcher::Numpy(dtype), Value::Numpy(given, words)) if *dtype == given => {
            frame.push(words[0]);
            if scalar_words(given) == 2 {
                frame.push(words[1]);
            }
        }
        (Matcher::Float | Matcher::Int | Matcher::Complex, Value::Bool(_) | Value::None)
        | (Matcher::Int, Value::Float(_) | Value::Complex(..))
        | (Matcher::Float, Value::Complex(..))
        | (Matcher::Bool | Matcher::None, Value::Int(_) | Value::Float(_) | Value::Complex(..))
        | (Matcher::Bool, Value::None)
        | (Matcher::None, Value::Bool(_)) => return Some(false),
        _ => return None,
    }
    Some(true)
}

/// How a result becomes what is wanted.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Convert {
    /// No word is read.
    Nothing,
    /// One word, as it is.
    One,
    /// One, an int for a float.
    Whole,
    /// Two words.
    Two,
}

/// None if Python's objects decide.
fn answer(builder: &Builder, wanted: u64) -> Option<Convert> {
    Some(match (builder, wanted) {
        (Builder::None, value::NONE) => Convert::Nothing,
        (Builder::Float, value::FLOAT | value::COMPLEX) | (Builder::Int, value::INT) | (Builder::Bool, value::BOOL) => Convert::One,
        (Builder::Int, value::FLOAT | value::COMPLEX) => Convert::Whole,
        (Builder::Complex, value::COMPLEX) => Convert::Two,
        (Builder::Numpy(dtype), _) if value::position(dtype.name()) == wanted.checked_sub(value::NUMPY) => {
            if scalar_words(*dtype) == 2 {
                Convert::Two
            } else {
                Convert::One
            }
        }
        _ => return None,
    })
}

fn converted(given: [u64; 2], convert: Convert) -> Option<Direct> {
    Some(Direct::Answer(match convert {
        Convert::Nothing => [0, 0],
        Convert::One | Convert::Two => given,
        Convert::Whole => [exact_float(given[0] as i64)?.to_bits(), 0],
    }))
}
