//! Calls whose arrays live on a GPU: arguments that carry `__cuda_array_interface__`. Tried only when no signature took
//! the arguments as they are; whatever does not fit here goes to Python, and so to the library whose arrays they are.

use crate::call::{self, Attempt};
use crate::callable::Inner;
use crate::device_call::{DeviceCall, GPU};
use crate::fallback::Fallback;
use crate::frame::Frame;
use crate::given;
use crate::interface::DeviceView;
use crate::library::Loaded;
use crate::matching::matches;
use crate::numpy;
use crate::plan::{MAX_WORDS, Matcher, SignaturePlan};
use crate::rehearsal;
use crate::results::Results;
use crate::support;
use hypersonic_abi::{ErrorRecord, status};
use hypersonic_gpu::{Device, Driver, Module, Problem, Stream};
use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use std::mem::MaybeUninit;

/// From how many elements on the GIL is released while the host half of a kernel runs.
const LARGE: u64 = 2048;

/// What is said where none of the signatures with GPU kernels takes the arguments.
const NOT_TAKEN: &str = "no signature with a GPU kernel takes these arrays";

/// Why no GPU can be used.
pub fn driver_problem() -> Option<String> {
    if mode_forbids() {
        return Some("HYPERSONIC forbids it".to_owned());
    }
    Driver::get().err().map(|problem| problem.0)
}

fn mode_forbids() -> bool {
    std::env::var("HYPERSONIC").is_ok_and(|mode| matches!(mode.trim().to_ascii_lowercase().as_str(), "cpu" | "off"))
}

/// Tries the kernels for a GPU.
///
/// # Safety
/// The GIL is held, no exception is set, `slots` has one object per parameter.
#[cold]
pub unsafe fn attempt(
    function: *mut PyObject,
    this: *mut PyObject,
    inner: &Inner,
    slots: *const *mut PyObject,
    frame: &mut Frame,
) -> Attempt {
    let count = inner.signatures.first().map_or(0, |signature| signature.matchers.len());
    let mut views = Views::default();
    for index in 0..count {
        views.collect(*slots.add(index));
    }
    if views.known.is_empty() || mode_forbids() {
        inner.fallbacks.describe(|text| given::write(inner, slots, count, text));
        return Attempt::Python(Fallback::Signature);
    }
    for signature in &inner.signatures {
        frame.clear();
        let mut arguments = Vec::new();
        let all = signature.matchers.iter().enumerate();
        if signature.gpu.is_some()
            && all.into_iter().all(|(index, matcher)| views.fits(matcher, *slots.add(index), frame, &mut arguments))
            && signature.takes(frame)
        {
            return match prepare(inner.library, arguments) {
                Ok(call) => {
                    let attempt = run(function, this, signature, frame, &call, inner.library);
                    if matches!(attempt, Attempt::Returned(_)) {
                        inner.ran(true);
                    }
                    attempt
                }
                Err(problem) => Attempt::Python(Fallback::Device(problem.0)),
            };
        }
    }
    Attempt::Python(Fallback::Device(NOT_TAKEN.to_owned()))
}

/// The arguments that are arrays on a GPU.
#[derive(Default)]
struct Views {
    known: Vec<(*mut PyObject, DeviceView)>,
}

impl Views {
    /// Looks at an argument, and into tuples.
    unsafe fn collect(&mut self, object: *mut PyObject) {
        let kind = ffi::Py_TYPE(object);
        if ffi::PyTuple_Check(object) != 0 {
            for index in 0..ffi::PyTuple_Size(object) {
                self.collect(ffi::PyTuple_GetItem(object, index));
            }
            return;
        }
        if is_plain(kind) || self.known.iter().any(|(known, _)| *known == object) {
            return;
        }
        let py = Python::assume_attached();
        if let Some(view) = DeviceView::of(&Bound::from_borrowed_ptr(py, object)) {
            self.known.push((object, view));
        }
    }

    unsafe fn fits(&self, matcher: &Matcher, object: *mut PyObject, frame: &mut Frame, arguments: &mut Vec<DeviceView>) -> bool {
        match matcher {
            Matcher::Array(array) => {
                let Some((_, view)) = self.known.iter().find(|(known, _)| *known == object) else { return false };
                if !view.fits(array) {
                    return false;
                }
                frame.push(view.data);
                for word in view.shape.iter().chain(&view.strides) {
                    frame.push(*word as u64);
                }
                frame.push_array(object);
                frame.elements = frame.elements.saturating_add(view.elements());
                arguments.push(view.clone());
                true
            }
            Matcher::Tuple(items) => {
                ffi::Py_TYPE(object) == &raw mut ffi::PyTuple_Type
                    && ffi::PyTuple_Size(object) == items.len() as isize
                    && items
                        .iter()
                        .enumerate()
                        .all(|(index, item)| self.fits(item, ffi::PyTuple_GetItem(object, index as isize), frame, arguments))
            }
            Matcher::Record(class, items) => {
                class.is_class_of(object)
                    && ffi::PyTuple_Size(object) == items.len() as isize
                    && items
                        .iter()
                        .enumerate()
                        .all(|(index, item)| self.fits(item, ffi::PyTuple_GetItem(object, index as isize), frame, arguments))
            }
            Matcher::Object(_) => false,
            _ => matches(matcher, object, frame),
        }
    }
}

/// Whether objects of this type are known to be on no GPU.
unsafe fn is_plain(kind: *mut ffi::PyTypeObject) -> bool {
    let plain = [
        &raw mut ffi::PyFloat_Type,
        &raw mut ffi::PyLong_Type,
        &raw mut ffi::PyBool_Type,
        &raw mut ffi::PyUnicode_Type,
        &raw mut ffi::PyList_Type,
        ffi::Py_TYPE(ffi::Py_None()),
    ];
    plain.contains(&kind) || numpy::found().is_some_and(|numpy| kind == numpy.array_type)
}

/// Finds the GPU that holds all arrays, the kernels for it, and the stream.
fn prepare(library: &'static Loaded, arguments: Vec<DeviceView>) -> Result<DeviceCall, Problem> {
    let mut device: Option<&'static Device> = None;
    for view in arguments.iter().filter(|view| view.elements() > 0) {
        let its = Device::of_pointer(view.data)?;
        match device {
            Some(device) if device.ordinal() != its.ordinal() => return Err(Problem("the arrays lie on several GPUs".to_owned())),
            _ => device = Some(its),
        }
    }
    let device = match device {
        Some(device) => device,
        None => Device::by_ordinal(0)?,
    };
    let module: &'static Module = library.gpu_module(device)?;
    let mut streams: Vec<Stream> = Vec::new();
    for stream in arguments.iter().filter_map(|view| view.stream) {
        if !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    let stream = match streams[..] {
        [] => Stream::LEGACY,
        [only] => only,
        _ => {
            for stream in streams {
                device.synchronize(stream)?;
            }
            Stream::LEGACY
        }
    };
    Ok(DeviceCall::new(device, module, stream, arguments))
}

/// Why a loop nest was not launched.
const GAVE_UP: &str = "its loops do not run there with these arrays: some overlap, or an index is out of range";

/// Whether a failure is one that no line of the source names: what the host half of a kernel asked of the arguments did not hold.
fn gave_up(library: &Loaded, row: u32) -> bool {
    library.manifest.failures.get(row as usize).is_some_and(|failure| failure.line == 0 && failure.exception == "NotImplementedError")
}

unsafe fn run(
    function: *mut PyObject,
    this: *mut PyObject,
    signature: &SignaturePlan,
    frame: &Frame,
    call: &DeviceCall,
    library: &Loaded,
) -> Attempt {
    let Some(entry) = signature.gpu else { return Attempt::Python(Fallback::Device(NOT_TAKEN.to_owned())) };
    let state = support::CallState::new(call);
    let mut context = support::context(&state);
    let mut record = MaybeUninit::<ErrorRecord>::uninit();
    (*record.as_mut_ptr()).failure = u32::MAX;
    let mut words = [const { MaybeUninit::<u64>::uninit() }; MAX_WORDS];
    words[signature.cleared.clone()].fill(MaybeUninit::new(0));
    let thread = if signature.releases_gil || frame.elements > LARGE { Some(ffi::PyEval_SaveThread()) } else { None };
    let arguments = frame.as_ptr();
    let results = words.as_mut_ptr().cast();
    let status = (!signature.rehearsed || rehearsal::succeeds(entry, &state, arguments, results))
        .then(|| entry(&raw const GPU, &raw mut context, record.as_mut_ptr(), arguments, results));
    if let Some(thread) = thread {
        ffi::PyEval_RestoreThread(thread);
    }
    let Some(status) = status else {
        return Attempt::Python(Fallback::Device(GAVE_UP.to_owned()));
    };
    let mut results = Results {
        context: &raw mut context,
        this,
        frame,
        words: words.as_ptr().cast(),
        owners: &signature.owners,
        kept: None,
        bases: Vec::new(),
        made: Vec::new(),
        device: Some(call),
        memories: Vec::new(),
    };
    let attempt = if status == status::OK {
        Attempt::Returned(call::finished(this, signature, &mut results))
    } else if let Some(problem) = call.harmless_problem() {
        Attempt::Python(Fallback::Device(problem.0))
    } else if let Some(problem) = call.lost_launch() {
        PyRuntimeError::new_err(problem.0).restore(Python::assume_attached());
        Attempt::Returned(std::ptr::null_mut())
    } else {
        let before = |_: &_, _: &_| {
            call::set_before_failure(this, signature, &mut results);
            false
        };
        match call::failed(function, &library.manifest.failures, status, &record, before) {
            Attempt::Python(Fallback::Failure(row)) if gave_up(library, row) => Attempt::Python(Fallback::Device(GAVE_UP.to_owned())),
            attempt => attempt,
        }
    };
    call.free_all(&raw mut context);
    attempt
}
