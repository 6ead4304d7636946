//! The results frame turned into Python objects. Memory that a kernel allocated becomes NumPy's without a copy, freed
//! exactly once; a result that lies in an argument keeps that argument alive.

use crate::array::{Array, C_CONTIGUOUS, OWNS_DATA, WRITEABLE};
use crate::device_array;
use crate::device_call::DeviceCall;
use crate::dtype::Dtype;
use crate::frame::{Frame, GIVEN_INEXACT, GIVEN_INTEGER};
use crate::matching::builtin_type;
use crate::memory;
use crate::numpy::{self, NumPy};
use crate::objects::head::Head;
use crate::objects::kept::Kept;
use crate::objects::shared;
use crate::plan::Builder;
use crate::support;
use hypersonic_abi::frame::A_VIEW;
use hypersonic_abi::manifest::Literal;
use hypersonic_abi::object::kind;
use hypersonic_abi::{Block, Context};
use hypersonic_gpu::Memory;
use pyo3::ffi::{self, PyObject};
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

/// Everything that building results needs.
pub struct Results<'a> {
    /// The finished call.
    pub context: *mut Context,
    /// The object whose method it is, or null.
    pub this: *mut PyObject,
    /// Its arguments.
    pub frame: &'a Frame,
    /// Its results frame.
    pub words: *const u64,
    /// Where owner words stand in it.
    pub owners: &'a [usize],
    /// Objects that own blocks of several results; borrowed by the caller's `drop_bases`.
    pub bases: Vec<(*mut Block, *mut PyObject)>,
    /// Results that share a block, to be given again; borrowed from the result that is being built.
    pub made: Vec<(u64, *mut PyObject)>,
    /// What is kept for objects, if there may be some among the arguments or results.
    pub kept: Option<&'a mut Kept>,
    /// The GPU call whose results these are, if it was one.
    pub device: Option<&'a DeviceCall>,
    /// Memory on a GPU that several results share.
    pub memories: Vec<(*mut Block, Arc<Memory>)>,
}

impl Results<'_> {
    /// Builds the result. Null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held, no exception is set; the frame was filled in by a kernel whose result `builder` describes.
    #[inline]
    pub unsafe fn build(&mut self, builder: &Builder, at: &mut usize) -> *mut PyObject {
        match builder {
            Builder::Array { dtype, ndim } => self.array(*dtype, *ndim, at),
            Builder::Float => {
                let word = self.take(at);
                if self.frame.given != 0 {
                    self.numpy_scalar(Dtype::Float64, &[word])
                } else {
                    ffi::PyFloat_FromDouble(f64::from_bits(word))
                }
            }
            Builder::Int => {
                let word = self.take(at);
                if self.frame.given & GIVEN_INTEGER != 0 {
                    self.numpy_scalar(Dtype::Int64, &[word])
                } else {
                    ffi::PyLong_FromLongLong(word as i64)
                }
            }
            _ => self.other(builder, at),
        }
    }

    /// Gives up the references that were kept for shared blocks.
    ///
    /// # Safety
    /// The GIL is held.
    pub unsafe fn drop_bases(&mut self) {
        for (_, base) in self.bases.drain(..) {
            ffi::Py_DECREF(base);
        }
    }

    #[inline]
    unsafe fn take(&self, at: &mut usize) -> u64 {
        let word = *self.words.add(*at);
        *at += 1;
        word
    }

    unsafe fn other(&mut self, builder: &Builder, at: &mut usize) -> *mut PyObject {
        match builder {
            Builder::Bool => ffi::PyBool_FromLong((self.take(at) & 1) as _),
            Builder::Complex => {
                let words = [self.take(at), self.take(at)];
                if self.frame.given & (GIVEN_INEXACT | GIVEN_INTEGER) != 0 {
                    return self.numpy_scalar(Dtype::Complex128, &words);
                }
                ffi::PyComplex_FromDoubles(f64::from_bits(words[0]), f64::from_bits(words[1]))
            }
            Builder::Numpy(Dtype::Complex128) => {
                let words = [self.take(at), self.take(at)];
                self.numpy_scalar(Dtype::Complex128, &words)
            }
            Builder::Numpy(Dtype::Complex64) => {
                let (real, imag) = (self.take(at) as u32, self.take(at) as u32);
                match numpy::imported() {
                    Some(numpy) => numpy.make_scalar(Dtype::Complex64, [real, imag].as_ptr().cast::<c_void>()),
                    None => ptr::null_mut(),
                }
            }
            Builder::Numpy(dtype) => {
                let word = self.take(at);
                self.numpy_scalar(*dtype, &[word])
            }
            Builder::None => new_reference(ffi::Py_None()),
            Builder::Tuple(items) => self.tuple(items, at),
            Builder::Record(class, items) => {
                let items = self.tuple(items, at);
                class.tuple(items)
            }
            Builder::Member(class) => class.member(self.take(at) as i64),
            Builder::Object(container) => {
                let head = self.take(at) as *mut Head;
                self.object(container, head)
            }
            Builder::Optional(value, words) => {
                if self.take(at) != 0 {
                    return self.build(value, at);
                }
                *at += words;
                new_reference(ffi::Py_None())
            }
            Builder::This if self.this.is_null() => unknown_owner(),
            Builder::This => new_reference(self.this),
            Builder::Slice(bounds) => {
                let bounds = self.tuple(bounds, at);
                let item = |n| if bounds.is_null() { bounds } else { ffi::PyTuple_GetItem(bounds, n) };
                let slice = if bounds.is_null() { bounds } else { ffi::PySlice_New(item(0), item(1), item(2)) };
                ffi::Py_XDECREF(bounds);
                slice
            }
            Builder::Literal(literal) => make_literal(literal),
            Builder::BuiltinType(kind) => new_reference(builtin_type(*kind).cast()),
            Builder::NumpyType(dtype) => match numpy::imported() {
                Some(numpy) => new_reference(numpy.scalar_type(*dtype).cast()),
                None => ptr::null_mut(),
            },
            Builder::Array { .. } | Builder::Float | Builder::Int => self.build(builder, at),
        }
    }

    unsafe fn tuple(&mut self, items: &[Builder], at: &mut usize) -> *mut PyObject {
        let tuple = ffi::PyTuple_New(items.len() as isize);
        if tuple.is_null() {
            return ptr::null_mut();
        }
        for (index, item) in items.iter().enumerate() {
            let object = self.build(item, at);
            if object.is_null() || ffi::PyTuple_SetItem(tuple, index as isize, object) != 0 {
                ffi::Py_DECREF(tuple);
                return ptr::null_mut();
            }
        }
        tuple
    }

    /// A scalar from words whose low bytes hold it (all targets are little-endian).
    ///
    /// # Safety
    /// The GIL is held, no exception is set; the words are those of the dtype.
    pub unsafe fn numpy_scalar(&self, dtype: Dtype, words: &[u64]) -> *mut PyObject {
        match numpy::imported() {
            Some(numpy) => numpy.make_scalar(dtype, words.as_ptr().cast::<c_void>()),
            None => ptr::null_mut(),
        }
    }

    #[inline]
    unsafe fn array(&mut self, dtype: Dtype, ndim: usize, at: &mut usize) -> *mut PyObject {
        let words = self.words.add(*at);
        *at += hypersonic_abi::frame::array_result_words(ndim);
        let view = View {
            dtype,
            ndim,
            data: *words.add(1) as *mut c_void,
            shape: words.add(2).cast::<isize>(),
            strides: words.add(2 + ndim).cast::<isize>(),
        };
        let (owner, is_view) = (*words & !A_VIEW, *words & A_VIEW != 0);
        if let Some(call) = self.device {
            return device_array::build(self, call, &view, owner);
        }
        if self.kept.is_some() {
            let several = self.owners.iter().filter(|at| *self.words.add(**at) & !A_VIEW == owner).count() > 1;
            return self.array_among_objects(&view, owner, is_view, several);
        }
        let Some(numpy) = numpy::imported() else { return ptr::null_mut() };
        if owner & 1 == 1 {
            return self.borrowed(numpy, &view, owner >> 1, is_view);
        }
        let block = owner as *mut Block;
        // A block is looked at only if it is one of this call.
        let held = support::holds(self.context, block);
        if held && (*block).kind == kind::SHARED {
            return shared::result(&view, block, is_view);
        }
        let shared = self.owners.len() > 1 && self.owners.iter().filter(|at| *self.words.add(**at) & !A_VIEW == owner).count() > 1;
        if let Some((_, made)) = self.made.iter().find(|(other, _)| shared && *other == owner && !is_view)
            && view.is_all_of(&*made.cast::<Array>())
        {
            return new_reference(*made);
        }
        if shared && !is_view {
            let made = self.with_base(numpy, &view, owner as *mut Block);
            if !made.is_null() {
                self.made.push((owner, made));
            }
            return made;
        }
        if shared || !memory::NUMPY_CAN_FREE {
            return self.with_base(numpy, &view, block);
        }
        if !held {
            return unknown_owner();
        }
        if view.data != (*block).data.cast() {
            return self.with_base(numpy, &view, block);
        }
        support::unlink(self.context, block);
        owning(numpy, &view)
    }

    /// A result in the memory of argument `k`; the argument itself if it is all of it.
    ///
    /// # Safety
    /// The GIL is held, no exception is set; the view is of the finished call.
    pub unsafe fn borrowed(&self, numpy: &NumPy, view: &View, k: u64, is_view: bool) -> *mut PyObject {
        let in_object = || self.kept.as_ref()?.arrays.get((k as usize).checked_sub(self.frame.arrays())?).copied();
        let Some(argument) = self.frame.array(k).or_else(in_object) else { return unknown_owner() };
        whole_or_view(numpy, view, argument, is_view)
    }

    /// A result in a block that an object of its own owns.
    unsafe fn with_base(&mut self, numpy: &NumPy, view: &View, block: *mut Block) -> *mut PyObject {
        let base = match self.bases.iter().find(|(known, _)| *known == block) {
            Some((_, base)) => *base,
            None => {
                if !support::holds(self.context, block) {
                    return unknown_owner();
                }
                support::unlink(self.context, block);
                let base = block_owner(numpy, block);
                if base.is_null() {
                    return base;
                }
                self.bases.push((block, base));
                base
            }
        };
        let result = numpy.wrap(view.dtype, view.ndim, view.shape, view.strides, view.data, WRITEABLE);
        attach_base(numpy, result, new_reference(base))
    }
}

/// An array in a results frame.
pub struct View {
    /// Its dtype.
    pub dtype: Dtype,
    /// Its rank.
    pub ndim: usize,
    /// Address of element [0, ..., 0].
    pub data: *mut c_void,
    /// Extents.
    pub shape: *const isize,
    /// Strides in bytes.
    pub strides: *const isize,
}

impl View {
    /// Whether it is the array: the same elements. Strides of axes that are not walked along mean nothing.
    ///
    /// # Safety
    /// Shape and strides have as many items as the rank.
    pub unsafe fn is_all_of(&self, array: &Array) -> bool {
        let number = array.native_number();
        let same_shape = array.ndim as usize == self.ndim && (0..self.ndim).all(|axis| *array.shape.add(axis) == *self.shape.add(axis));
        let empty = (0..self.ndim).any(|axis| *self.shape.add(axis) == 0);
        let walked = |axis: usize| !empty && *self.shape.add(axis) > 1;
        same_shape
            && (empty || array.data == self.data)
            && self.dtype.numbers().contains(&number)
            && (0..self.ndim).all(|axis| !walked(axis) || *array.strides.add(axis) == *self.strides.add(axis))
    }
}

/// An array that frees its data, which is a block's.
///
/// # Safety
/// The GIL is held, no exception is set; the view is all of a block that belongs to nobody else.
#[inline]
pub unsafe fn owning(numpy: &NumPy, view: &View) -> *mut PyObject {
    let result = numpy.wrap(view.dtype, view.ndim, view.shape, view.strides, view.data, WRITEABLE | C_CONTIGUOUS);
    if result.is_null() {
        memory::free(view.data.cast());
    } else {
        (*result.cast::<Array>()).flags |= OWNS_DATA;
    }
    result
}

/// An object that owns a block: an array of its bytes where NumPy can free them, else a capsule. Owns it even on failure.
///
/// # Safety
/// The GIL is held, no exception is set; the block belongs to nobody else.
pub unsafe fn block_owner(numpy: &NumPy, block: *mut Block) -> *mut PyObject {
    let data = (*block).data;
    if memory::NUMPY_CAN_FREE {
        let (bytes, stride) = ((*block).bytes as isize, 1isize);
        let view = View { dtype: Dtype::Uint8, ndim: 1, data: data.cast(), shape: &raw const bytes, strides: &raw const stride };
        return owning(numpy, &view);
    }
    let capsule = ffi::PyCapsule_New(data.cast(), BLOCK_NAME.as_ptr(), Some(free_capsule));
    if capsule.is_null() {
        memory::free(data);
    }
    capsule
}

const BLOCK_NAME: &std::ffi::CStr = c"hypersonic.block";

unsafe extern "C" fn free_capsule(capsule: *mut PyObject) {
    let data = ffi::PyCapsule_GetPointer(capsule, BLOCK_NAME.as_ptr());
    if !data.is_null() {
        memory::free(data.cast());
    }
}

/// A result in the memory of an array: the array itself if it is all of it, else a view.
///
/// # Safety
/// The GIL is held, no exception is set; `array` is an array, in whose memory the view lies.
pub unsafe fn whole_or_view(numpy: &NumPy, view: &View, array: *mut PyObject, is_view: bool) -> *mut PyObject {
    let found = &*array.cast::<Array>();
    if !is_view && view.is_all_of(found) {
        return new_reference(array);
    }
    let result = numpy.wrap(view.dtype, view.ndim, view.shape, view.strides, view.data, found.flags & WRITEABLE);
    attach_base(numpy, result, new_reference(array))
}

/// Gives `array` (may be null) its base; steals both.
///
/// # Safety
/// The GIL is held; `array` is fresh.
pub unsafe fn attach_base(numpy: &NumPy, array: *mut PyObject, base: *mut PyObject) -> *mut PyObject {
    if array.is_null() {
        ffi::Py_DECREF(base);
        return array;
    }
    if numpy.set_base(array, base) {
        return array;
    }
    ffi::Py_DECREF(array);
    ptr::null_mut()
}

/// Sets the exception for an owner word that means nothing; null.
///
/// # Safety
/// The GIL is held.
#[cold]
pub unsafe fn unknown_owner() -> *mut PyObject {
    ffi::PyErr_SetString(ffi::PyExc_SystemError, c"a kernel returned an array of unknown memory".as_ptr());
    ptr::null_mut()
}

unsafe fn make_literal(literal: &Literal) -> *mut PyObject {
    match literal {
        Literal::Bool(value) => ffi::PyBool_FromLong(i32::from(*value) as _),
        Literal::Int(value) => ffi::PyLong_FromLongLong(*value),
        Literal::Text(value) => ffi::PyUnicode_FromStringAndSize(value.as_ptr().cast(), value.len() as isize),
    }
}

/// A new reference.
///
/// # Safety
/// The GIL is held, `object` is alive.
pub unsafe fn new_reference(object: *mut PyObject) -> *mut PyObject {
    ffi::Py_INCREF(object);
    object
}
