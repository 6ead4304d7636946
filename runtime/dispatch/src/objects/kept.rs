//! What a call with objects keeps until its end, and how arrays among its results get their memory: many may share a block, and there may
//! be very many blocks.

use crate::array::{Array, WRITEABLE};
use crate::objects::given_texts::GivenTexts;
use crate::objects::head::Head;
use crate::objects::shared;
use crate::results::{Results, View, attach_base, block_owner, new_reference, owning, unknown_owner};
use crate::{memory, numpy, support};
use hypersonic_abi::Block;
use hypersonic_abi::frame::A_VIEW;
use hypersonic_abi::object::kind;
use pyo3::ffi::{self, PyObject};
use std::collections::BTreeMap;
use std::{mem, ptr};

/// References to Python objects.
#[derive(Default)]
pub struct Kept {
    /// The arrays that lie in containers of arguments: the owner words of elements count on after the frame's arrays.
    pub arrays: Vec<*mut PyObject>,
    /// Lists, sets and dicts that are copies of arguments, or of what these hold.
    pub containers: Vec<*mut Head>,
    /// The strings of arguments.
    pub texts: GivenTexts,
    /// What was made of objects that are referred to more than once.
    pub built: BTreeMap<*mut Head, *mut PyObject>,
    /// What owns the memory of blocks.
    bases: BTreeMap<*mut Block, *mut PyObject>,
    /// The first array that was made of a block that is shared.
    made: BTreeMap<*mut Block, *mut PyObject>,
}

impl Kept {
    /// Gives up all.
    ///
    /// # Safety
    /// The GIL is held.
    pub unsafe fn drop_all(&mut self) {
        let Kept { arrays, containers: _, mut texts, built, bases, made } = mem::take(self);
        texts.drop_all();
        for object in arrays.into_iter().chain(built.into_values()).chain(bases.into_values()).chain(made.into_values()) {
            ffi::Py_DECREF(object);
        }
    }
}

impl Results<'_> {
    /// An array that is part of an object, with its owner word. Null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held, no exception is set; the words are those of an array of the finished call.
    pub unsafe fn array_in_object(&mut self, view: &View, owner: u64) -> *mut PyObject {
        self.array_among_objects(view, owner & !A_VIEW, owner & A_VIEW != 0, false)
    }

    /// An array of a call with objects: a block that has one reference, and is not known to be shared, is all its own.
    ///
    /// # Safety
    /// As for [`Results::array_in_object`].
    #[inline(never)]
    pub unsafe fn array_among_objects(&mut self, view: &View, owner: u64, is_view: bool, shared: bool) -> *mut PyObject {
        let Some(numpy) = numpy::imported() else { return ptr::null_mut() };
        if owner & 1 == 1 {
            return self.borrowed(numpy, view, owner >> 1, is_view);
        }
        let block = owner as *mut Block;
        let (Some(kept), false) = (&mut self.kept, block.is_null()) else { return unknown_owner() };
        if (*block).kind == kind::SHARED {
            return shared::result(view, block, is_view);
        }
        let known = kept.bases.get(&block).copied();
        if known.is_none() && !shared && (*block).references == 1 && memory::NUMPY_CAN_FREE && view.data == (*block).data.cast() {
            support::unlink(self.context, block);
            let made = owning(numpy, view);
            if !made.is_null() {
                kept.bases.insert(block, new_reference(made));
            }
            return made;
        }
        if let Some(made) = kept.made.get(&block)
            && !is_view
            && view.is_all_of(&*made.cast::<Array>())
        {
            return new_reference(*made);
        }
        let base = match known {
            Some(base) => base,
            None => {
                support::unlink(self.context, block);
                let base = block_owner(numpy, block);
                if base.is_null() {
                    return base;
                }
                kept.bases.insert(block, base);
                base
            }
        };
        let result = numpy.wrap(view.dtype, view.ndim, view.shape, view.strides, view.data, WRITEABLE);
        let result = attach_base(numpy, result, new_reference(base));
        if !result.is_null() && !is_view && !kept.made.contains_key(&block) {
            kept.made.insert(block, new_reference(result));
        }
        result
    }
}
