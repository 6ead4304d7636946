//! NumPy ufuncs whose loops are compiled. An element for which a kernel has no answer is Python's: the function is called with it, and what
//! it raises is what the ufunc raises.

use crate::dtype::Dtype;
use crate::failure;
use crate::library::Loaded;
use crate::numpy;
use crate::plain::{self, Known};
use hypersonic_abi::ErrorRecord;
use hypersonic_abi::exports::UfuncLoop;
use hypersonic_abi::manifest::{Function, ValueType};
use hypersonic_abi::status;
use pyo3::exceptions::PyValueError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

/// What a loop takes and gives.
pub struct Types {
    /// Dtypes of the arguments, and whether Python's own scalars stand for them.
    inputs: Vec<(Dtype, bool)>,
    output: Dtype,
}

type FromFuncAndData = unsafe extern "C" fn(
    functions: *mut *mut c_void,
    data: *mut *mut c_void,
    types: *mut c_char,
    count: c_int,
    inputs: c_int,
    outputs: c_int,
    identity: c_int,
    name: *const c_char,
    doc: *const c_char,
    unused: c_int,
) -> *mut PyObject;

/// Row of NumPy's table of ufuncs; the same in NumPy 1 and 2.
const FROM_FUNC_AND_DATA: usize = 1;
/// `PyUFunc_None`: there is no identity.
const NO_IDENTITY: c_int = -1;

/// The ufunc of a function. Its tables live for ever, as ufuncs of modules do.
pub fn create<'py>(library: &'static Loaded, known: &Function, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = function.py();
    let loops = &known.exports.ufunc;
    let count = loops.first().map_or(0, |first| first.inputs.len());
    if count == 0 || loops.iter().any(|each| each.inputs.len() != count) {
        return Err(PyValueError::new_err("it is no ufunc"));
    }
    let (mut functions, mut numbers) = (Vec::new(), Vec::new());
    for each in loops {
        let types = types_of(each, known).map_err(PyValueError::new_err)?;
        let address = library.address(&each.symbols).map_err(PyValueError::new_err)?;
        functions.push(address);
        numbers.extend(types.inputs.iter().map(|(dtype, _)| *dtype).chain([types.output]).map(|dtype| dtype.numbers()[0] as c_char));
        let of_ufunc: Option<&Types> = Some(Box::leak(Box::new(types)));
        plain::learn(address, Known { library, function: function.clone().unbind(), of_ufunc, failure: None });
    }
    // A loop may run when its module is loaded anew: the function that it asks lives for ever, too.
    std::mem::forget(function.clone().unbind());
    let name: String = function.getattr("__name__")?.extract()?;
    let doc: Option<String> = function.getattr("__doc__")?.extract()?;
    let text = |text: String| CString::new(text).map(CString::into_raw).map_err(|_| PyValueError::new_err("a NUL in a text"));
    let (name, doc) = (text(name)?, text(doc.unwrap_or_default())?);
    let make = from_func_and_data(py)?;
    let data = vec![ptr::null_mut::<c_void>(); functions.len()];
    let loop_count = functions.len() as c_int;
    // SAFETY: the tables are as long as is said, and are leaked; the functions are loops of these types.
    unsafe {
        let (functions, data) = (Box::leak(functions.into_boxed_slice()).as_mut_ptr(), Box::leak(data.into_boxed_slice()).as_mut_ptr());
        let numbers = Box::leak(numbers.into_boxed_slice()).as_mut_ptr();
        let ufunc = make(functions, data, numbers, loop_count, count as c_int, 1, NO_IDENTITY, name, doc, 0);
        Bound::from_owned_ptr_or_err(py, ufunc)
    }
}

fn types_of(each: &UfuncLoop, known: &Function) -> Result<Types, String> {
    let name_of = |kind: &ValueType| match kind {
        ValueType::Python(name) => Some((
            match name.as_str() {
                "int" => "int64",
                "float" => "float64",
                "complex" => "complex128",
                other => other,
            }
            .to_owned(),
            true,
        )),
        ValueType::Numpy(name) => Some((name.clone(), false)),
        _ => None,
    };
    let fits = |parameters: &[ValueType]| -> Option<Vec<bool>> {
        let found: Vec<(String, bool)> = parameters.iter().map(name_of).collect::<Option<_>>()?;
        found.iter().map(|(name, _)| name).eq(&each.inputs).then(|| found.into_iter().map(|(_, python)| python).collect())
    };
    let python = known.signatures.iter().find_map(|signature| fits(&signature.parameters)).ok_or("a loop is of no signature")?;
    let dtype = |name: &String| Dtype::from_name(name).ok_or_else(|| format!("unknown dtype `{name}`"));
    let inputs = each.inputs.iter().zip(python).map(|(name, python)| Ok((dtype(name)?, python))).collect::<Result<_, String>>()?;
    Ok(Types { inputs, output: dtype(&each.output)? })
}

fn from_func_and_data(py: Python<'_>) -> PyResult<FromFuncAndData> {
    py.import("numpy")?;
    let module = py.import("numpy._core._multiarray_umath").or_else(|_| py.import("numpy.core._multiarray_umath"))?;
    let capsule = module.getattr("_UFUNC_API")?;
    // SAFETY: the capsule has no name; its table has this function in this row in every NumPy 1 and 2.
    unsafe {
        let table = ffi::PyCapsule_GetPointer(capsule.as_ptr(), ptr::null()).cast::<*mut c_void>();
        if table.is_null() {
            return Err(PyErr::fetch(py));
        }
        Ok(std::mem::transmute::<*mut c_void, FromFuncAndData>(*table.add(FROM_FUNC_AND_DATA)))
    }
}

/// What becomes of an element for which a kernel has failed: [`status::OK`] if Python had an answer, which is in the results now; otherwise
/// an exception is set, which NumPy raises at the end of the loop.
///
/// # Safety
/// The frames are those of the kernel, whose types are `types`; `function` is the Python function.
pub unsafe fn answer(
    types: &Types,
    library: &Loaded,
    function: *mut PyObject,
    record: &ErrorRecord,
    arguments: *const u64,
    results: *mut u64,
) -> i32 {
    let held = ffi::PyGILState_Ensure();
    let mut outcome = status::FAILED;
    if ffi::PyErr_Occurred().is_null() {
        let failures = &library.manifest.failures;
        if failures.get(record.failure as usize).is_some_and(|failure| failure.retry) {
            if ask(types, function, arguments, results).is_some() {
                outcome = status::OK;
            }
        } else {
            failure::raise_row(function, failures, record);
        }
    }
    ffi::PyGILState_Release(held);
    outcome
}

/// Calls the Python function with the arguments of a frame and puts what it returns into the results. `None` with an exception set.
unsafe fn ask(types: &Types, function: *mut PyObject, arguments: *const u64, results: *mut u64) -> Option<()> {
    let numpy = numpy::imported()?;
    let tuple = ffi::PyTuple_New(types.inputs.len() as isize);
    if tuple.is_null() {
        return None;
    }
    let mut word = arguments;
    for (at, (dtype, python)) in types.inputs.iter().enumerate() {
        let first = *word;
        let object = match dtype {
            Dtype::Int64 if *python => ffi::PyLong_FromLongLong(first as i64),
            Dtype::Float64 if *python => ffi::PyFloat_FromDouble(f64::from_bits(first)),
            Dtype::Bool if *python => ffi::PyBool_FromLong((first & 1) as _),
            Dtype::Complex128 if *python => ffi::PyComplex_FromDoubles(f64::from_bits(first), f64::from_bits(*word.add(1))),
            Dtype::Complex64 => numpy.make_scalar(*dtype, [first as u32, *word.add(1) as u32].as_ptr().cast()),
            _ => numpy.make_scalar(*dtype, word.cast()),
        };
        word = word.add(if matches!(dtype, Dtype::Complex64 | Dtype::Complex128) { 2 } else { 1 });
        if object.is_null() || ffi::PyTuple_SetItem(tuple, at as isize, object) != 0 {
            ffi::Py_DECREF(tuple);
            return None;
        }
    }
    let result = ffi::PyObject_CallObject(function, tuple);
    ffi::Py_DECREF(tuple);
    if result.is_null() {
        return None;
    }
    let stored = store(types.output, result, results);
    ffi::Py_DECREF(result);
    stored
}

/// A Python number as words of a dtype. `None` with an exception set if it is none, or does not fit.
unsafe fn store(dtype: Dtype, number: *mut PyObject, results: *mut u64) -> Option<()> {
    let single = |value: f64| u64::from((value as f32).to_bits());
    match dtype {
        Dtype::Bool => *results = u64::from(ffi::PyObject_IsTrue(number) == 1),
        Dtype::Float64 => *results = ffi::PyFloat_AsDouble(number).to_bits(),
        Dtype::Float32 => *results = single(ffi::PyFloat_AsDouble(number)),
        Dtype::Complex64 | Dtype::Complex128 => {
            let parts = [ffi::PyComplex_RealAsDouble(number), ffi::PyComplex_ImagAsDouble(number)];
            for (at, part) in parts.into_iter().enumerate() {
                *results.add(at) = if dtype == Dtype::Complex64 { single(part) } else { part.to_bits() };
            }
        }
        Dtype::Uint64 => {
            let index = ffi::PyNumber_Index(number);
            if !index.is_null() {
                *results = ffi::PyLong_AsUnsignedLongLong(index);
                ffi::Py_DECREF(index);
            }
        }
        _ => {
            let index = ffi::PyNumber_Index(number);
            if !index.is_null() {
                let value = ffi::PyLong_AsLongLong(index);
                ffi::Py_DECREF(index);
                *results = value as u64;
                if ffi::PyErr_Occurred().is_null() && !holds(dtype, value) {
                    ffi::PyErr_SetString(ffi::PyExc_OverflowError, c"Python integer out of bounds for the dtype of the ufunc".as_ptr());
                }
            }
        }
    }
    ffi::PyErr_Occurred().is_null().then_some(())
}

/// Whether an integer is one of a narrow dtype.
fn holds(dtype: Dtype, value: i64) -> bool {
    match dtype {
        Dtype::Int8 => i8::try_from(value).is_ok(),
        Dtype::Int16 => i16::try_from(value).is_ok(),
        Dtype::Int32 => i32::try_from(value).is_ok(),
        Dtype::Uint8 => u8::try_from(value).is_ok(),
        Dtype::Uint16 => u16::try_from(value).is_ok(),
        Dtype::Uint32 => u32::try_from(value).is_ok(),
        _ => true,
    }
}
