//! Arrays that functions from Python were given or gave: memory that a Python object holds as long as the kernel, or anybody else, uses it. A
//! block of the kind [`kind::SHARED`] keeps a reference to that object in [`Block::bytes`]. Where the memory was a block of the kernel's, the object
//! owns it, header included; where it is an array of somebody else's, the block is a header alone, without data.

use crate::array::{ALIGNED, Array, WRITEABLE};
use crate::dtype::Dtype;
use crate::frame::Frame;
use crate::objects::head::{Done, Stop};
use crate::objects::kept::Kept;
use crate::results::{View, attach_base, block_owner, new_reference, unknown_owner, whole_or_view};
use crate::{memory, numpy, support};
use hypersonic_abi::frame::{A_VIEW, borrowed_owner};
use hypersonic_abi::object::kind;
use hypersonic_abi::{Block, Context};
use pyo3::ffi::{self, PyObject};
use std::ffi::c_void;
use std::ptr;

/// The arrays among the arguments of a call.
#[derive(Clone, Copy)]
pub struct Arguments {
    frame: *const Frame,
    kept: *const Kept,
}

impl Arguments {
    /// Of a call; `kept` is null where there are no containers.
    pub fn new(frame: *const Frame, kept: *const Kept) -> Arguments {
        Arguments { frame, kept }
    }

    /// The k-th, those in containers counted after the others.
    unsafe fn get(self, k: u64) -> Option<*mut PyObject> {
        let frame = self.frame.as_ref()?;
        let in_object = || self.kept.as_ref()?.arrays.get((k as usize).checked_sub(frame.arrays())?).copied();
        frame.array(k).or_else(in_object)
    }

    /// The number of an array among the arguments of the frame.
    unsafe fn find(self, array: *mut PyObject) -> Option<u64> {
        let frame = self.frame.as_ref()?;
        (0..frame.arrays() as u64).find(|k| frame.array(*k) == Some(array))
    }
}

/// The object that holds a shared block's memory.
unsafe fn holder(block: *mut Block) -> *mut PyObject {
    (*block).bytes as *mut PyObject
}

/// Gives up a shared block.
///
/// # Safety
/// It is in no list any more. The GIL is taken here.
pub unsafe fn free(block: *mut Block) {
    let (object, alone) = (holder(block), (*block).data.is_null());
    let held = ffi::PyGILState_Ensure();
    // The header may go with it.
    ffi::Py_DECREF(object);
    ffi::PyGILState_Release(held);
    if alone {
        memory::free(block.cast());
    }
}

/// An array as a Python object: that very argument if it is one, else a view of its memory, which is shared from now on. A new reference, or
/// null with an exception set.
///
/// # Safety
/// The GIL is held, no exception is set; the words are those of an array of the running call as an element.
pub unsafe fn to_python(context: *mut Context, arguments: Arguments, dtype: Dtype, ndim: usize, words: *const u64) -> *mut PyObject {
    let Some(numpy) = numpy::imported() else { return ptr::null_mut() };
    let view = View {
        dtype,
        ndim,
        data: *words as *mut c_void,
        shape: words.add(2).cast::<isize>(),
        strides: words.add(2 + ndim).cast::<isize>(),
    };
    let owner = *words.add(1) & !A_VIEW;
    let is_view = *words.add(1) & A_VIEW != 0;
    if owner & 1 == 1 {
        let Some(argument) = arguments.get(owner >> 1) else { return unknown_owner() };
        return whole_or_view(numpy, &view, argument, is_view);
    }
    let block = owner as *mut Block;
    if block.is_null() {
        return unknown_owner();
    }
    if (*block).kind == kind::MEMORY {
        // Where there is no memory for that object, the block goes, and the call ends here.
        support::unlink(context, block);
        let base = block_owner(numpy, block);
        if base.is_null() {
            return base;
        }
        ((*block).kind, (*block).bytes) = (kind::SHARED, base as u64);
        support::link(context, block);
    }
    result(&view, block, is_view)
}

/// An array in a shared block as a result.
///
/// # Safety
/// As for [`to_python`]; the block is shared.
pub unsafe fn result(view: &View, block: *mut Block, is_view: bool) -> *mut PyObject {
    let object = holder(block);
    let Some(numpy) = numpy::imported() else { return ptr::null_mut() };
    if (*block).data.is_null() {
        return whole_or_view(numpy, view, object, is_view);
    }
    let made = numpy.wrap(view.dtype, view.ndim, view.shape, view.strides, view.data, WRITEABLE);
    attach_base(numpy, made, new_reference(object))
}

/// Writes the words of an array that a function gave, which is taken over: steals the reference. False if it is not such an array; then the
/// reference stays the caller's.
///
/// # Safety
/// The GIL is held; `words` has room for the words of an array of that rank.
pub unsafe fn from_python(
    context: *mut Context,
    arguments: Arguments,
    object: *mut PyObject,
    (dtype, ndim): (Dtype, usize),
    words: *mut u64,
) -> Done<bool> {
    let Some(numpy) = numpy::if_imported() else { return Ok(false) };
    if ffi::Py_TYPE(object) != numpy.array_type {
        return Ok(false);
    }
    let array = &*object.cast::<Array>();
    let fits = array.ndim as usize == ndim && dtype.numbers().contains(&array.native_number()) && array.has(ALIGNED | WRITEABLE);
    if !fits {
        return Ok(false);
    }
    *words = array.data as u64;
    for axis in 0..ndim {
        *words.add(2 + axis) = *array.shape.add(axis) as u64;
        *words.add(2 + ndim + axis) = *array.strides.add(axis) as u64;
    }
    *words.add(1) = match arguments.find(object) {
        Some(k) => {
            // The caller holds it longer than the kernel runs.
            ffi::Py_DECREF(object);
            borrowed_owner(k)
        }
        None => {
            let block = memory::allocate(0, false);
            if block.is_null() {
                return Err(Stop::Memory);
            }
            ((*block).kind, (*block).bytes, (*block).data) = (kind::SHARED, object as u64, ptr::null_mut());
            support::link(context, block);
            block as u64
        }
    };
    Ok(true)
}
