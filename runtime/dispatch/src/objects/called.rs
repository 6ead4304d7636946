//! Functions from Python that kernels call: anything that can be called, with numbers and `None`. What one raises is kept, and raised when the
//! kernel has come to its end, which it does at once.

use crate::dtype::Dtype;
use crate::matching::{self, int64};
use crate::numpy;
use crate::objects::direct::{self, Direct};
use crate::objects::head::{Done, Stop};
use crate::objects::operations::Words;
use crate::objects::python_text::{Kept, object_of, print_all, with_python};
use crate::objects::shared::{self, Arguments};
use crate::objects::value::Value;
use crate::support;
use hypersonic_abi::Context;
use hypersonic_abi::object::value;
use pyo3::ffi::{self, PyObject};
use std::ffi::CStr;
use std::ptr;

/// Most values that a function is given.
const MOST: usize = 16;

/// What was heard of functions from Python in one call.
#[derive(Default)]
pub struct Called {
    /// How often one was called.
    count: u64,
    /// Whether the kernel takes only Python's own scalars for `int`, `float` and `complex`, as its arguments and here.
    pub exact: bool,
    /// The arrays among the arguments of the call.
    pub arguments: Option<Arguments>,
    /// Whether there are any.
    pub shares: bool,
    /// Whether a scalar of NumPy's was given for a `float` or `complex`.
    pub given: bool,
    /// An exception as `PyErr_Fetch` gives it, owned.
    raised: Option<[*mut PyObject; 3]>,
    /// What the first call gave, which the kernel cannot take: the function, borrowed, and the answer, owned. Python goes on with it.
    answer: Option<(*mut PyObject, *mut PyObject)>,
}

impl Called {
    /// The function, borrowed, and what it gave, a new reference, if Python is to go on from there.
    pub fn take_answer(&mut self) -> Option<(*mut PyObject, *mut PyObject)> {
        self.answer.take()
    }

    /// Raises what a function raised.
    ///
    /// # Safety
    /// The GIL is held, no exception is set.
    pub unsafe fn raise(&mut self) -> bool {
        let Some([class, value, traceback]) = self.raised.take() else { return false };
        ffi::PyErr_Restore(class, value, traceback);
        true
    }

    /// The objects of values, each kept. False with an exception set if one cannot be made.
    unsafe fn objects(&self, context: *mut Context, kept: &mut Kept, values: &[Value], objects: &mut [*mut PyObject]) -> Done<bool> {
        for (value, place) in values.iter().zip(objects) {
            *place = match (value, self.arguments) {
                (Value::Array(dtype, ndim, words), Some(arguments)) => {
                    let array = shared::to_python(context, arguments, *dtype, *ndim, *words);
                    if array.is_null() {
                        return Ok(false);
                    }
                    kept.keep(array)?
                }
                _ => object_of(kept, *value)?,
            };
        }
        Ok(true)
    }

    /// Keeps the exception that is set.
    unsafe fn keep(&mut self) {
        for object in self.raised.replace(fetched()).into_iter().flatten() {
            ffi::Py_XDECREF(object);
        }
    }
}

/// The exception that is set, as `PyErr_Fetch` gives it, owned; none is set afterwards.
///
/// # Safety
/// The GIL is held.
pub unsafe fn fetched() -> [*mut PyObject; 3] {
    let mut found = [ptr::null_mut(); 3];
    let [class, value, traceback] = &mut found;
    ffi::PyErr_Fetch(class, value, traceback);
    found
}

impl Drop for Called {
    fn drop(&mut self) {
        // SAFETY: what was kept was kept by a call that holds the GIL again at its end.
        unsafe {
            for object in self.raised.take().into_iter().flatten().chain(self.answer.take().map(|(_, answer)| answer)) {
                ffi::Py_XDECREF(object);
            }
        }
    }
}

/// Calls a function.
///
/// # Safety
/// The words are those of `Op::Call`.
pub unsafe fn call(words: Words) -> Done {
    let (function, wanted, clean) = (words.object::<PyObject>(0), words.argument(1), words.argument(2) != 0);
    let mut values = [Value::None; MOST];
    let mut at = 4;
    for place in values.get_mut(..words.argument(3) as usize).ok_or(Stop::Python)? {
        let (value, width) = Value::read(words.from(at))?;
        *place = value;
        at += width;
    }
    let values = &values[..words.argument(3) as usize];
    let state = support::state(words.context);
    let called = state.called().ok_or(Stop::Python)?;
    match direct::run(function, values, wanted) {
        Some(Direct::Answer(given)) => {
            called.count += 1;
            give(words, wanted, given);
            return Ok(());
        }
        Some(Direct::Raised(raised)) => {
            called.raised = Some(raised);
            return Err(Stop::Raises);
        }
        None => {}
    }
    with_python(|kept| {
        // What was printed cannot be printed again, and the function may print, too.
        let given_arrays = values.iter().any(|value| matches!(value, Value::Array(..)));
        let first = called.count == 0
            && clean
            && !given_arrays
            && state.printed().is_empty()
            && (!called.shares || helped(c"changes_nothing", function));
        if !print_all(state.printed()) {
            called.keep();
            return Err(Stop::Raises);
        }
        state.forget_printed(words.context);
        let mut given = [ptr::null_mut(); MOST];
        if !called.objects(words.context, kept, values, &mut given)? {
            called.keep();
            return Err(Stop::Raises);
        }
        called.count += 1;
        let answer = crate::python::call(function, given.as_ptr(), values.len(), ptr::null_mut());
        if answer.is_null() {
            called.keep();
            return Err(Stop::Raises);
        }
        if let (Some(array), Some(arguments)) = (array_of(wanted), called.arguments) {
            match shared::from_python(words.context, arguments, answer, array, words.results()) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(stop) => {
                    ffi::Py_DECREF(answer);
                    return Err(stop);
                }
            }
        }
        let numpys = if first && called.exact { Numpys::Refused } else { Numpys::Taken };
        if let Some((answered, given)) = convert(answer, wanted, numpys) {
            called.given |= given;
            ffi::Py_DECREF(answer);
            give(words, wanted, answered);
            return Ok(());
        }
        if first {
            called.answer = Some((function, answer));
            return Err(Stop::Python);
        }
        complain(function, answer, wanted);
        ffi::Py_DECREF(answer);
        called.keep();
        Err(Stop::Raises)
    })
}

/// Writes the words of what is wanted.
unsafe fn give(words: Words, wanted: u64, given: [u64; 2]) {
    *words.results() = given[0];
    if wanted == value::COMPLEX || is_complex(wanted) {
        *words.results().add(1) = given[1];
    }
}

fn is_complex(wanted: u64) -> bool {
    matches!(name_of(wanted), "complex64" | "complex128")
}

/// The dtype and rank of an array that a tag names.
fn array_of(wanted: u64) -> Option<(Dtype, usize)> {
    let number = wanted.checked_sub(value::ARRAY)?;
    Some((*Dtype::ALL.get((number / 8) as usize)?, (number % 8) as usize))
}

/// The dtype that a tag names; empty if it names none.
fn name_of(wanted: u64) -> &'static str {
    wanted.checked_sub(value::NUMPY).and_then(|position| value::DTYPES.get(position as usize).copied()).unwrap_or_default()
}

/// Whether scalars of NumPy's do for Python's.
#[derive(Clone, Copy, PartialEq)]
enum Numpys {
    /// They do.
    Taken,
    /// They do not: Python can still go on with them.
    Refused,
}

/// The words of what a function gave, if it is what is wanted, and whether it is NumPy's in the place of a `float` or `complex`. An int does for a
/// float, as it does in arguments.
unsafe fn convert(answer: *mut PyObject, wanted: u64, numpys: Numpys) -> Option<([u64; 2], bool)> {
    let kind = ffi::Py_TYPE(answer);
    let numpy = |dtype| numpy::if_imported().is_some_and(|numpy| numpy.is_scalar_type(kind, dtype));
    let own = |word| Some(([word, 0], false));
    let given = |dtype| numpy(dtype).then(|| matching::scalar_words(dtype, answer).0);
    match wanted {
        value::NONE if answer == ffi::Py_None() => own(0),
        value::BOOL if kind == &raw mut ffi::PyBool_Type => own(u64::from(answer == ffi::Py_True())),
        value::INT if kind == &raw mut ffi::PyLong_Type => own(int64(answer)? as u64),
        value::FLOAT | value::COMPLEX if kind == &raw mut ffi::PyFloat_Type => own(ffi::PyFloat_AsDouble(answer).to_bits()),
        value::FLOAT | value::COMPLEX if kind == &raw mut ffi::PyLong_Type => own(int64(answer).and_then(matching::exact_float)?.to_bits()),
        value::COMPLEX if kind == &raw mut ffi::PyComplex_Type => {
            let parts = [ffi::PyComplex_RealAsDouble(answer), ffi::PyComplex_ImagAsDouble(answer)];
            Some((parts.map(f64::to_bits), false))
        }
        value::FLOAT | value::COMPLEX if numpys == Numpys::Taken => {
            let wide = if wanted == value::COMPLEX { given(Dtype::Complex128) } else { None };
            Some((wide.or_else(|| given(Dtype::Float64))?, true))
        }
        value::NONE | value::BOOL | value::INT | value::FLOAT | value::COMPLEX => None,
        _ => Some((given(Dtype::from_name(name_of(wanted))?)?, false)),
    }
}

/// Sets the exception for a function that gave something else than its type says.
unsafe fn complain(function: *mut PyObject, answer: *mut PyObject, wanted: u64) {
    let array;
    let name = match wanted {
        value::NONE => "None",
        value::BOOL => "bool",
        value::INT => "int",
        value::FLOAT => "float",
        value::COMPLEX => "complex",
        _ => match array_of(wanted) {
            Some((dtype, rank)) => {
                array = format!("a writeable {} array of rank {rank}", dtype.name());
                &array
            }
            None => name_of(wanted),
        },
    };
    let text = ffi::PyUnicode_FromStringAndSize(name.as_ptr().cast(), name.len() as isize);
    if text.is_null() {
        return;
    }
    ffi::PyErr_Format(
        ffi::PyExc_TypeError,
        c"%R gave %R where its type says %U, and a compiled function cannot go on (HYPERSONIC=off runs the Python function)".as_ptr(),
        function,
        answer,
        text,
    );
    ffi::Py_DECREF(text);
}

/// Whether nothing that a function can reach is changed by anyone: see `hypersonic._blind`.
///
/// # Safety
/// The GIL is held, no exception is set, nor is one after.
#[cold]
pub unsafe fn is_blind(function: *mut PyObject) -> bool {
    helped(c"is_blind", function)
}

unsafe fn helped(question: &CStr, function: *mut PyObject) -> bool {
    let answer = helper(question, &[function]);
    let blind = answer == ffi::Py_True();
    ffi::Py_XDECREF(answer);
    ffi::PyErr_Clear();
    blind
}

/// A function that gives `answer` when it is called for the first time. A new reference, or null with an exception set.
///
/// # Safety
/// The GIL is held, no exception is set.
#[cold]
pub unsafe fn answered(function: *mut PyObject, answer: *mut PyObject) -> *mut PyObject {
    helper(c"Answered", &[function, answer])
}

unsafe fn helper(name: &CStr, arguments: &[*mut PyObject]) -> *mut PyObject {
    let module = ffi::PyImport_ImportModule(c"hypersonic._blind".as_ptr());
    let function = if module.is_null() { module } else { ffi::PyObject_GetAttrString(module, name.as_ptr()) };
    let answer =
        if function.is_null() { function } else { crate::python::call(function, arguments.as_ptr(), arguments.len(), ptr::null_mut()) };
    ffi::Py_XDECREF(function);
    ffi::Py_XDECREF(module);
    answer
}
