//! One call: bind, match, run, build; at any doubt before a write, Python. Nothing of ours unwinds into the interpreter.

use crate::callable::BoostedFunction;
use crate::device;
use crate::failure;
use crate::fallback::Fallback;
use crate::frame::{Frame, GIVEN_INEXACT};
use crate::matching::matches;
use crate::object;
use crate::objects::called::{self, Called};
use crate::objects::kept::Kept;
use crate::objects::python_text::print_all;
use crate::objects::shared::Arguments;
use crate::objects::{from_python, replay, write_back};
use crate::plan::Matcher;
use crate::plan::{MAX_WORDS, SignaturePlan};
use crate::python::{self, ARGUMENTS_OFFSET};
use crate::results::Results;
use crate::support;
use hypersonic_abi::manifest::Failure;
use hypersonic_abi::{Entry, ErrorRecord, status};
use pyo3::ffi::{self, PyObject};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// From how many elements on the GIL is released in any case.
const LARGE: u64 = 2048;

/// So many elements of containers are copied for a kernel that looks at few of them: with more, Python is faster.
const GLANCED: u64 = 64;

/// What came of trying the kernels.
pub enum Attempt {
    /// The result, or null with an exception set.
    Returned(*mut PyObject),
    /// Nothing was done: Python answers.
    Python(Fallback),
    /// Nothing was done but a function called: Python answers, and is given what came of that call. The function, borrowed, and a new reference.
    Answered(*mut PyObject, *mut PyObject),
}

/// The vectorcall of [`BoostedFunction`].
pub unsafe extern "C" fn vectorcall(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    let boosted = &*callable.cast::<BoostedFunction>();
    let Some(inner) = boosted.inner.as_ref() else {
        ffi::PyErr_SetString(ffi::PyExc_RuntimeError, c"the boosted function was already destroyed".as_ptr());
        return ptr::null_mut();
    };
    let count = nargsf & !ARGUMENTS_OFFSET;
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        if inner.parameters.is_exactly(count, kwnames) {
            return attempt(boosted, args);
        }
        match inner.parameters.bind(boosted.function, args, count, kwnames) {
            Some(bound) => self::attempt(boosted, bound.as_ptr()),
            None => Attempt::Python(Fallback::Binding),
        }
    }));
    let fallback = match attempt {
        Ok(Attempt::Returned(object)) => return object,
        Ok(Attempt::Python(fallback)) => fallback,
        Ok(Attempt::Answered(function, answer)) => {
            inner.fallbacks.note(Fallback::Answer);
            return answered(boosted.function, (args, nargsf, kwnames), function, answer);
        }
        Err(_) => Fallback::Internal,
    };
    inner.fallbacks.note(fallback);
    python::call(boosted.function, args, nargsf, kwnames)
}

/// Python's answer to a call in which a function was called already, and gave that.
#[cold]
unsafe fn answered(
    python: *mut PyObject,
    (args, nargsf, kwnames): (*const *mut PyObject, usize, *mut PyObject),
    function: *mut PyObject,
    answer: *mut PyObject,
) -> *mut PyObject {
    let stand_in = called::answered(function, answer);
    ffi::Py_DECREF(answer);
    if stand_in.is_null() {
        return stand_in;
    }
    let keywords = if kwnames.is_null() { 0 } else { ffi::PyTuple_Size(kwnames) as usize };
    let count = (nargsf & !ARGUMENTS_OFFSET) + keywords;
    let given: Vec<*mut PyObject> =
        (0..count).map(|n| *args.add(n)).map(|given| if given == function { stand_in } else { given }).collect();
    let result = python::call(python, given.as_ptr(), nargsf & !ARGUMENTS_OFFSET, kwnames);
    ffi::Py_DECREF(stand_in);
    result
}

/// Tries every signature on arguments in parameter order.
#[inline]
unsafe fn attempt(boosted: &BoostedFunction, slots: *const *mut PyObject) -> Attempt {
    let inner = &*boosted.inner;
    let Some(object) = &inner.object else { return choose(boosted, slots, ptr::null_mut()) };
    match object.gather(slots, inner.parameters.len()) {
        Ok(gathered) => choose(boosted, gathered.as_ptr(), *slots),
        Err(fallback) => Attempt::Python(fallback),
    }
}

/// Tries every signature on what kernels take; `this` is the object of a method, or null.
#[inline]
unsafe fn choose(boosted: &BoostedFunction, slots: *const *mut PyObject, this: *mut PyObject) -> Attempt {
    let inner = &*boosted.inner;
    let mut frame = Frame::new();
    for signature in &inner.signatures {
        frame.clear();
        frame.guarded = signature.guarded || !this.is_null();
        if signature.glances && is_much(signature, slots) {
            return Attempt::Python(Fallback::Glance);
        }
        if signature.matchers.iter().enumerate().all(|(index, matcher)| matches(matcher, *slots.add(index), &mut frame))
            && signature.takes(&mut frame)
        {
            inner.ran(false);
            let failures = &inner.library.manifest.failures;
            return if signature.objects {
                run_with_objects(boosted.function, this, signature, &mut frame, failures)
            } else {
                run_on_cpu(boosted.function, this, signature, &mut frame, failures, None)
            };
        }
    }
    device::attempt(boosted.function, this, inner, slots, &mut frame)
}

/// Whether containers among the arguments have more elements than a kernel that glances at them copies.
#[inline(never)]
unsafe fn is_much(signature: &SignaturePlan, slots: *const *mut PyObject) -> bool {
    let lengths = signature.matchers.iter().enumerate().map(|(index, matcher)| match matcher {
        Matcher::Object(container) => from_python::length(container, *slots.add(index)),
        _ => 0,
    });
    lengths.sum::<u64>() > GLANCED
}

/// As [`run_on_cpu`], where lists, sets, dicts or strings are among the arguments or results.
#[inline(never)]
unsafe fn run_with_objects(
    function: *mut PyObject,
    this: *mut PyObject,
    signature: &SignaturePlan,
    frame: &mut Frame,
    failures: &[Failure],
) -> Attempt {
    let mut kept = Kept::default();
    let attempt = run_on_cpu(function, this, signature, frame, failures, Some(&mut kept));
    kept.drop_all();
    attempt
}

#[inline(always)]
unsafe fn run_on_cpu(
    function: *mut PyObject,
    this: *mut PyObject,
    signature: &SignaturePlan,
    frame: &mut Frame,
    failures: &[Failure],
    mut kept: Option<&mut Kept>,
) -> Attempt {
    let state = support::CallState::new(ptr::null());
    let mut context = support::context(&state);
    if let Some(kept) = &mut kept {
        let fallback = match from_python::convert_frame(&raw mut context, signature, frame, kept, this) {
            Ok(true) => None,
            Ok(false) => Some(Fallback::Object("an argument is, or holds, the object itself".to_owned())),
            Err(_) => Some(Fallback::Contents),
        };
        if let Some(fallback) = fallback {
            support::free_all(&raw mut context);
            return Attempt::Python(fallback);
        }
    }
    if signature.calls
        && let Some(called) = state.called()
    {
        let kept = kept.as_deref().map_or(ptr::null(), ptr::from_ref);
        (called.exact, called.shares) = (signature.exact_scalars, frame.arrays() > 0);
        called.arguments = Some(Arguments::new(ptr::from_ref(frame), kept));
    }
    let mut record = MaybeUninit::<ErrorRecord>::uninit();
    (*record.as_mut_ptr()).failure = u32::MAX;
    let mut words = [const { MaybeUninit::<u64>::uninit() }; MAX_WORDS];
    words[signature.cleared.clone()].fill(MaybeUninit::new(0));
    let release = signature.releases_gil || frame.elements > LARGE;
    let mut run = |entry| enter(entry, release, &mut context, record.as_mut_ptr(), frame.as_ptr(), words.as_mut_ptr().cast());
    let mut status = match signature.contiguous {
        Some(contiguous) if frame.contiguous => run(contiguous),
        _ => status::STRIDED,
    };
    if status == status::STRIDED {
        status = run(signature.strided);
    }
    if signature.calls && !signature.plain_results && state.called().is_some_and(|called| called.given) {
        frame.given |= GIVEN_INEXACT;
    }
    let mut results = Results {
        context: &raw mut context,
        this,
        frame,
        words: words.as_ptr().cast(),
        owners: &signature.owners,
        kept,
        bases: Vec::new(),
        made: Vec::new(),
        device: None,
        memories: Vec::new(),
    };
    conclude(function, this, failures, status, &record, &state, signature, &mut results)
}

/// What a call comes to whose kernel has come to its end.
///
/// # Safety
/// The GIL is held, no exception is set; the results are those of that kernel, which returned `status` and has no objects that are not freed here.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "all that a call is made of")]
pub unsafe fn conclude(
    function: *mut PyObject,
    this: *mut PyObject,
    failures: &[Failure],
    status: i32,
    record: &MaybeUninit<ErrorRecord>,
    state: &support::CallState,
    signature: &SignaturePlan,
    results: &mut Results<'_>,
) -> Attempt {
    let answer = if status == status::OK { None } else { state.called().and_then(Called::take_answer) };
    let attempt = if let Some((function, answer)) = answer {
        Attempt::Answered(function, answer)
    } else if status == status::OK && !state.raised.load(std::sync::atomic::Ordering::Relaxed) {
        Attempt::Returned(finished(this, signature, results))
    } else if status == status::OK {
        ffi::PyErr_SetString(ffi::PyExc_RuntimeError, c"a function of `random` or `time` raised an exception".as_ptr());
        Attempt::Returned(ptr::null_mut())
    } else {
        failed(function, failures, status, record, |failure, record| {
            set_before_failure(this, signature, results);
            replay::raise(results, failure, record)
        })
    };
    if !results.bases.is_empty() {
        results.drop_bases();
    }
    support::free_all(results.context);
    attempt
}

/// The result of a kernel that went well, once the attributes that it set are set. Null with an exception set on failure.
///
/// # Safety
/// As for [`object::set_attributes`]; `this` may be null if there are none.
#[inline]
pub unsafe fn finished(this: *mut PyObject, signature: &SignaturePlan, results: &mut Results<'_>) -> *mut PyObject {
    let result = results.build(&signature.builder, &mut 0);
    let fine = !result.is_null()
        && (signature.sets.is_empty() || object::set_attributes(this, signature, results))
        && (signature.containers.is_empty() || write_back::write_back(results))
        && print_all(support::state(results.context).printed());
    if fine {
        return result;
    }
    ffi::Py_XDECREF(result);
    ptr::null_mut()
}

/// What a method has set before it failed, and what was changed in containers, is seen, as in Python.
///
/// # Safety
/// As for [`finished`].
pub unsafe fn set_before_failure(this: *mut PyObject, signature: &SignaturePlan, results: &mut Results<'_>) {
    if !signature.containers.is_empty() && !write_back::write_back(results) {
        ffi::PyErr_Clear();
    }
    if !print_all(support::state(results.context).printed()) {
        ffi::PyErr_Clear();
    }
    if !signature.sets.is_empty() && !object::set_attributes(this, signature, results) {
        // The exception of the method says more.
        ffi::PyErr_Clear();
    }
}

/// Runs an entry, with the GIL released if `release`.
#[inline]
unsafe fn enter(
    entry: Entry,
    release: bool,
    context: *mut hypersonic_abi::Context,
    record: *mut ErrorRecord,
    arguments: *const u64,
    results: *mut u64,
) -> i32 {
    if !release {
        return entry(&raw const support::CPU, context, record, arguments, results);
    }
    let thread = ffi::PyEval_SaveThread();
    let status = entry(&raw const support::CPU, context, record, arguments, results);
    ffi::PyEval_RestoreThread(thread);
    status
}

/// What a kernel's failure means for the call; `before` is run if an exception is raised, and says whether it has set one itself.
///
/// # Safety
/// The GIL is held and no exception is set; a kernel returned `status`, not `OK`.
#[cold]
pub unsafe fn failed(
    function: *mut PyObject,
    failures: &[Failure],
    status: i32,
    record: &MaybeUninit<ErrorRecord>,
    before: impl FnOnce(&Failure, &ErrorRecord) -> bool,
) -> Attempt {
    let row = (*record.as_ptr()).failure;
    match failures.get(row as usize) {
        Some(known) if status == status::FAILED && known.retry => Attempt::Python(Fallback::Failure(row)),
        Some(known) if status == status::FAILED => {
            // A kernel sets `count` and the values that its message names; the rest is not read.
            let record = record_of(record);
            if !before(known, &record) {
                failure::raise(function, known, &record);
            }
            Attempt::Returned(ptr::null_mut())
        }
        _ => {
            ffi::PyErr_SetString(ffi::PyExc_SystemError, c"a kernel failed in a way that its manifest does not know".as_ptr());
            Attempt::Returned(ptr::null_mut())
        }
    }
}

/// The part of a record that a kernel filled in; zeros elsewhere.
///
/// # Safety
/// A kernel that failed was given the record.
pub unsafe fn record_of(record: &MaybeUninit<ErrorRecord>) -> ErrorRecord {
    let source = record.as_ptr();
    let mut copy = ErrorRecord { failure: (*source).failure, count: (*source).count, values: [0; 8] };
    let count = (copy.count as usize).min(copy.values.len());
    for index in 0..count {
        copy.values[index] = (&raw const (*source).values).cast::<u64>().add(index).read();
    }
    copy
}
