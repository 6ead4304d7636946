//! Whether an argument is what a signature says, and if so its words in the frame. Answers yes or no, never raises:
//! whatever does not match is Python's to judge.

use crate::array::{Array, C_CONTIGUOUS, descriptor_number};
use crate::dtype::Dtype;
use crate::frame::{Frame, GIVEN_INEXACT, GIVEN_INTEGER};
use crate::numpy::{self, NumPy};
use crate::objects::{called, from_python};
use crate::plan::{ArrayMatcher, BuiltinType, Matcher};
use pyo3::ffi::{self, PyObject, PyTypeObject};
use std::ffi::c_int;

/// Largest magnitude up to which every int is a float exactly.
const EXACT: i64 = 1 << 53;

/// The float that an int is, if it is within the bounds in which all are.
#[inline]
pub fn exact_float(value: i64) -> Option<f64> {
    (-EXACT..=EXACT).contains(&value).then_some(value as f64)
}

/// Matches one argument.
///
/// # Safety
/// The GIL is held, no exception is set (nor is one after), `object` is alive.
#[inline]
pub unsafe fn matches(matcher: &Matcher, object: *mut PyObject, frame: &mut Frame) -> bool {
    match matcher {
        Matcher::Array(array) => match_array(array, object, frame),
        Matcher::Float => match_float(object, frame),
        Matcher::Int => match_int(object, frame),
        Matcher::Bool => match_bool(object, frame),
        _ => match_other(matcher, object, frame),
    }
}

/// Whether an object is such an array.
///
/// # Safety
/// As for [`matches`].
#[inline]
pub unsafe fn array_fits(matcher: &ArrayMatcher, object: *mut PyObject) -> bool {
    let Some(numpy) = numpy::if_imported() else { return false };
    if ffi::Py_TYPE(object) != numpy.array_type {
        return false;
    }
    let array = &*object.cast::<Array>();
    let number = array.native_number();
    (number == matcher.numbers[0] || number == matcher.numbers[1])
        && array.ndim == matcher.ndim
        && array.has(matcher.flags)
        && matcher.extents.iter().all(|&(axis, extent)| *array.shape.add(axis) == extent)
}

#[inline]
unsafe fn match_array(matcher: &ArrayMatcher, object: *mut PyObject, frame: &mut Frame) -> bool {
    if !array_fits(matcher, object) {
        return false;
    }
    let array = &*object.cast::<Array>();
    frame.push(array.data as u64);
    let ndim = matcher.ndim as usize;
    let mut elements = 1u64;
    for axis in 0..ndim {
        let extent = *array.shape.add(axis) as u64;
        elements = elements.wrapping_mul(extent);
        frame.push(extent);
    }
    for axis in 0..ndim {
        frame.push(*array.strides.add(axis) as u64);
    }
    frame.push_array(object);
    frame.elements = frame.elements.saturating_add(elements);
    frame.contiguous &= array.has(C_CONTIGUOUS);
    true
}

#[inline]
unsafe fn match_float(object: *mut PyObject, frame: &mut Frame) -> bool {
    match real_number(object, frame) {
        Some(value) => {
            frame.push(value.to_bits());
            true
        }
        None => false,
    }
}

/// A float, an exact int, or a `numpy.float64`.
#[inline]
unsafe fn real_number(object: *mut PyObject, frame: &mut Frame) -> Option<f64> {
    let kind = ffi::Py_TYPE(object);
    if kind == &raw mut ffi::PyFloat_Type {
        return Some(ffi::PyFloat_AsDouble(object));
    }
    if kind == &raw mut ffi::PyLong_Type {
        return int64(object).and_then(exact_float);
    }
    let numpy = numpy::if_imported()?;
    if kind == numpy.scalar_type(Dtype::Float64) {
        frame.given |= GIVEN_INEXACT;
        return Some(payload(object));
    }
    None
}

#[inline]
unsafe fn match_int(object: *mut PyObject, frame: &mut Frame) -> bool {
    let kind = ffi::Py_TYPE(object);
    let value = if kind == &raw mut ffi::PyLong_Type {
        frame.own_integer = true;
        int64(object)
    } else {
        match numpy::if_imported() {
            Some(numpy) if numpy.is_scalar_type(kind, Dtype::Int64) => {
                frame.given |= GIVEN_INTEGER;
                Some(payload(object))
            }
            _ => None,
        }
    };
    match value {
        Some(value) => {
            frame.push(value as u64);
            true
        }
        None => false,
    }
}

#[inline]
unsafe fn match_bool(object: *mut PyObject, frame: &mut Frame) -> bool {
    if object == ffi::Py_True() {
        frame.push(1);
    } else if object == ffi::Py_False() {
        frame.push(0);
    } else {
        return false;
    }
    true
}

unsafe fn match_other(matcher: &Matcher, object: *mut PyObject, frame: &mut Frame) -> bool {
    let kind = ffi::Py_TYPE(object);
    match matcher {
        Matcher::Complex => match_complex(object, frame),
        Matcher::Numpy(dtype) => numpy::if_imported().is_some_and(|numpy| match_numpy_scalar(numpy, *dtype, object, frame)),
        Matcher::None => object == ffi::Py_None(),
        Matcher::Tuple(items) => {
            kind == &raw mut ffi::PyTuple_Type
                && ffi::PyTuple_Size(object) == items.len() as isize
                && items.iter().enumerate().all(|(index, item)| matches(item, ffi::PyTuple_GetItem(object, index as isize), frame))
        }
        Matcher::Record(class, items) => {
            class.is_class_of(object)
                && ffi::PyTuple_Size(object) == items.len() as isize
                && items.iter().enumerate().all(|(index, item)| matches(item, ffi::PyTuple_GetItem(object, index as isize), frame))
        }
        Matcher::Member(class) => match class.word(object) {
            Some(word) => {
                // Its value, which may be a result, is Python's own.
                frame.own_integer = true;
                frame.push(word as u64);
                true
            }
            None => false,
        },
        Matcher::LiteralBool(value) => object == if *value { ffi::Py_True() } else { ffi::Py_False() },
        Matcher::LiteralInt(value) => kind == &raw mut ffi::PyLong_Type && int64(object) == Some(*value),
        Matcher::LiteralText(value) => kind == &raw mut ffi::PyUnicode_Type && text_is(object, value),
        Matcher::BuiltinType(builtin) => object == builtin_type(*builtin).cast(),
        Matcher::Class(class) => object as usize == *class,
        Matcher::Object(container) => {
            // Its copy takes the place of the address once a signature is chosen.
            let fits = from_python::fits(container, object);
            if fits {
                frame.elements = frame.elements.saturating_add(from_python::length(container, object));
                frame.push(object as u64);
            }
            fits
        }
        Matcher::Slice(bounds) => kind == &raw mut ffi::PySlice_Type && match_slice(bounds, object, frame),
        Matcher::Module(name) => kind == &raw mut ffi::PyModule_Type && is_module(object, name),
        Matcher::Callable => {
            let fits = ffi::PyCallable_Check(object) != 0 && (!frame.guarded || called::is_blind(object));
            if fits {
                frame.push(object as u64);
            }
            fits
        }
        Matcher::NumpyType(dtype) => numpy::if_imported().is_some_and(|numpy| match_numpy_type(numpy, *dtype, object)),
        Matcher::Array(_) | Matcher::Float | Matcher::Int | Matcher::Bool => false,
    }
}

unsafe fn match_slice(bounds: &[Matcher], object: *mut PyObject, frame: &mut Frame) -> bool {
    [c"start", c"stop", c"step"].into_iter().zip(bounds).all(|(name, bound)| {
        let value = ffi::PyObject_GetAttrString(object, name.as_ptr());
        let fits = !value.is_null() && matches(bound, value, frame);
        ffi::Py_XDECREF(value);
        fits
    })
}

/// Whether a module is the one that was imported under that name.
unsafe fn is_module(object: *mut PyObject, name: &str) -> bool {
    let name = ffi::PyUnicode_FromStringAndSize(name.as_ptr().cast(), name.len() as isize);
    let module = if name.is_null() { name } else { ffi::PyImport_GetModule(name) };
    ffi::Py_XDECREF(name);
    ffi::PyErr_Clear();
    ffi::Py_XDECREF(module);
    module == object
}

unsafe fn match_complex(object: *mut PyObject, frame: &mut Frame) -> bool {
    if ffi::Py_TYPE(object) == &raw mut ffi::PyComplex_Type {
        frame.push(ffi::PyComplex_RealAsDouble(object).to_bits());
        frame.push(ffi::PyComplex_ImagAsDouble(object).to_bits());
        return true;
    }
    if let Some(real) = real_number(object, frame) {
        frame.push(real.to_bits());
        frame.push(0f64.to_bits());
        return true;
    }
    match numpy::if_imported() {
        Some(numpy) if ffi::Py_TYPE(object) == numpy.scalar_type(Dtype::Complex128) => {
            frame.given |= GIVEN_INEXACT;
            let [real, imag]: [u64; 2] = payload(object);
            frame.push(real);
            frame.push(imag);
            true
        }
        _ => false,
    }
}

unsafe fn match_numpy_scalar(numpy: &NumPy, dtype: Dtype, object: *mut PyObject, frame: &mut Frame) -> bool {
    let kind = ffi::Py_TYPE(object);
    if !numpy.is_scalar_type(kind, dtype) {
        if dtype == Dtype::Float64 && kind == &raw mut ffi::PyFloat_Type {
            frame.push(ffi::PyFloat_AsDouble(object).to_bits());
            return true;
        }
        return false;
    }
    let ([first, second], count) = scalar_words(dtype, object);
    frame.push(first);
    if count == 2 {
        frame.push(second);
    }
    true
}

/// The words of a NumPy scalar, and how many they are.
///
/// # Safety
/// `object` is exactly a scalar of the dtype.
pub unsafe fn scalar_words(dtype: Dtype, object: *mut PyObject) -> ([u64; 2], usize) {
    let word = match dtype {
        Dtype::Bool => u64::from(payload::<u8>(object) != 0),
        Dtype::Int8 => payload::<i8>(object) as u64,
        Dtype::Int16 => payload::<i16>(object) as u64,
        Dtype::Int32 => payload::<i32>(object) as u64,
        Dtype::Int64 => payload::<i64>(object) as u64,
        Dtype::Uint8 => u64::from(payload::<u8>(object)),
        Dtype::Uint16 => u64::from(payload::<u16>(object)),
        Dtype::Uint32 | Dtype::Float32 => u64::from(payload::<u32>(object)),
        Dtype::Uint64 | Dtype::Float64 => payload::<u64>(object),
        Dtype::Complex64 => {
            let [real, imag]: [u32; 2] = payload(object);
            return ([u64::from(real), u64::from(imag)], 2);
        }
        Dtype::Complex128 => {
            return (payload(object), 2);
        }
    };
    ([word, 0], 1)
}

unsafe fn match_numpy_type(numpy: &NumPy, dtype: Dtype, object: *mut PyObject) -> bool {
    if numpy.is_scalar_type(object.cast(), dtype) {
        return true;
    }
    let descriptor = numpy.descriptor(dtype);
    ffi::Py_TYPE(object) == ffi::Py_TYPE(descriptor) && descriptor_number(object) == descriptor_number(descriptor)
}

/// What a NumPy scalar object holds, right after its head (`numpy.float64` is laid out as Python's float).
unsafe fn payload<T: Copy>(object: *mut PyObject) -> T {
    object.cast::<u8>().add(size_of::<PyObject>()).cast::<T>().read_unaligned()
}

/// The value of an exact int, if it fits.
///
/// # Safety
/// `object` is exactly an int.
#[inline]
pub unsafe fn int64(object: *mut PyObject) -> Option<i64> {
    let mut overflow: c_int = 0;
    let value = ffi::PyLong_AsLongLongAndOverflow(object, &raw mut overflow);
    if overflow == 0 { Some(value) } else { None }
}

unsafe fn text_is(object: *mut PyObject, value: &str) -> bool {
    let mut size = 0;
    let text = ffi::PyUnicode_AsUTF8AndSize(object, &raw mut size);
    if text.is_null() {
        ffi::PyErr_Clear();
        return false;
    }
    std::slice::from_raw_parts(text.cast::<u8>(), size as usize) == value.as_bytes()
}

/// The type object.
///
/// # Safety
/// The interpreter is running.
pub unsafe fn builtin_type(kind: BuiltinType) -> *mut PyTypeObject {
    match kind {
        BuiltinType::Bool => &raw mut ffi::PyBool_Type,
        BuiltinType::Int => &raw mut ffi::PyLong_Type,
        BuiltinType::Float => &raw mut ffi::PyFloat_Type,
        BuiltinType::Complex => &raw mut ffi::PyComplex_Type,
    }
}
