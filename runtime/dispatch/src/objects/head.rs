//! What all objects begin with, how they are made, and how they end: an object that goes takes along what only it holds.

use crate::objects::container::Container;
use crate::objects::dict::Dict;
use crate::objects::reference;
use crate::objects::set::Set;
use crate::objects::shared;
use crate::{memory, support};
use hypersonic_abi::object::{Object, class, kind, layout, status};
use hypersonic_abi::{Block, Context};
use pyo3::ffi::{self, PyObject};
use std::ffi::c_void;
use std::mem::offset_of;
use std::ptr;

/// An object with what only the runtime knows of it. Those of sets and dicts are longer: [`Set`], [`Dict`].
#[repr(C)]
pub struct Head {
    /// What kernels see.
    pub object: Object,
    /// How it is written back; null for what kernels made.
    pub container: *const Container,
}

/// The part of an [`Object`] that strings have. Where they lie there is memory for all of it.
#[repr(C)]
pub struct Text {
    /// The header that all blocks have.
    pub block: Block,
    /// How many code points.
    pub length: i64,
    /// As of all objects.
    pub origin: *mut c_void,
    /// What it hashes to, 0 while unknown.
    pub hash: u64,
    /// For how many code points there is room, if there is more than for those that it has.
    pub capacity: i64,
}

const _: () = assert!(
    size_of::<Text>() == offset_of!(Object, layout)
        && offset_of!(Text, length) == offset_of!(Object, length)
        && offset_of!(Text, origin) == offset_of!(Object, origin)
        && offset_of!(Text, hash) == offset_of!(Object, hash)
        && offset_of!(Text, capacity) == offset_of!(Object, capacity)
);

/// Why an operation did not go through: the other answers of [`status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Python raises here.
    Raises,
    /// Out of memory.
    Memory,
    /// Only Python knows.
    Python,
}

impl Stop {
    /// The number that kernels know.
    pub const fn status(self) -> i64 {
        match self {
            Stop::Raises => status::RAISES,
            Stop::Memory => status::MEMORY,
            Stop::Python => status::PYTHON,
        }
    }
}

impl From<std::collections::TryReserveError> for Stop {
    fn from(_: std::collections::TryReserveError) -> Stop {
        Stop::Memory
    }
}

/// What an operation gives.
pub type Done<T = ()> = Result<T, Stop>;

impl Head {
    /// Of an object that has no elements yet.
    pub fn new(kind: u64, layout: u64, value_layout: u64) -> Head {
        let block = Block { data: ptr::null_mut(), references: 1, bytes: 0, next: ptr::null_mut(), previous: ptr::null_mut(), kind };
        let object = Object {
            block,
            length: 0,
            origin: ptr::null_mut(),
            hash: 0,
            layout,
            value_layout,
            capacity: 0,
            modified: 0,
            class: class::PLAIN,
            detail: 0,
            state: 0,
            front: 0,
        };
        Head { object, container: ptr::null() }
    }

    /// The Python object that it is a copy of, to which it has a reference; null for what kernels made.
    pub fn origin(&self) -> *mut PyObject {
        self.object.origin.cast()
    }

    /// What it is: [`kind`].
    pub fn kind(&self) -> u64 {
        self.object.block.kind
    }

    /// Of a list: its memory, from what was taken from its front on.
    pub fn memory(&self) -> *mut u64 {
        let words = self.object.front.max(0) as usize * layout::words(self.object.layout);
        self.object.block.data.cast::<u64>().wrapping_sub(words)
    }

    /// Makes it of the class of another, with what that class keeps.
    pub fn become_like(&mut self, other: &Head) {
        self.object.block.kind = other.kind();
        self.object.class = other.object.class;
        self.object.detail = other.object.detail;
    }

    /// How many elements, entries or code points.
    pub fn length(&self) -> usize {
        self.object.length as usize
    }
}

/// Moves an object, with room for `more` bytes behind it, to memory of its own and into the call's list.
///
/// # Safety
/// `context` is of a running call; `T` begins with a [`Head`].
pub unsafe fn place<T>(context: *mut Context, object: T, more: usize) -> Done<*mut T> {
    const { assert!(align_of::<T>() <= 16) };
    let size = size_of::<T>().checked_add(more).ok_or(Stop::Memory)?;
    let place = libc::malloc(size).cast::<T>();
    if place.is_null() {
        return Err(Stop::Memory);
    }
    place.write(object);
    support::link(context, place.cast());
    Ok(place)
}

/// Gives up a reference to a block.
///
/// # Safety
/// `context` is of a running call; the reference was counted.
pub unsafe fn give_up(context: *mut Context, block: *mut Block) {
    (*block).references -= 1;
    if (*block).references == 0 {
        release(context, block);
    }
}

/// Ends an object, or memory, that nothing refers to, and all that only it holds. However deep objects are nested, the stack stays: what
/// is to go is a list along [`Block::next`].
///
/// # Safety
/// `context` is of a running call on the CPU; `block` is in its list, and its count is 0.
pub unsafe fn release(context: *mut Context, block: *mut Block) {
    let mut pending: *mut Block = ptr::null_mut();
    set_aside(context, block, &mut pending);
    while !pending.is_null() {
        let block = pending;
        pending = (*block).next;
        if is_object(block) {
            reference::each_in(block.cast(), |held| {
                (*held).references -= 1;
                if (*held).references == 0 {
                    set_aside(context, held, &mut pending);
                }
            });
        }
        free(block);
    }
}

/// Whether a block is the head of an object.
unsafe fn is_object(block: *mut Block) -> bool {
    !matches!((*block).kind, kind::MEMORY | kind::SHARED)
}

/// Moves a block from the call's list to those that go. What was made of an argument stays until the call ends, whatever is counted.
unsafe fn set_aside(context: *mut Context, block: *mut Block, pending: &mut *mut Block) {
    if is_object(block) && !(*block.cast::<Head>()).object.origin.is_null() {
        return;
    }
    support::unlink(context, block);
    (*block).next = *pending;
    *pending = block;
}

/// Frees a block with the storage of its elements; what it refers to is not looked at, but for a Python object that it is a copy of.
///
/// # Safety
/// `block` is in no list any more; the GIL is held if it was made of an argument.
#[inline(never)]
pub unsafe fn free(block: *mut Block) {
    if (*block).kind == kind::MEMORY {
        return memory::free((*block).data);
    }
    if (*block).kind == kind::SHARED {
        return shared::free(block);
    }
    let head = block.cast::<Head>();
    let origin = (*head).origin();
    match (*block).kind {
        kind::SET => ptr::drop_in_place(head.cast::<Set>()),
        kind::DICT => ptr::drop_in_place(head.cast::<Dict>()),
        kind::LIST | kind::TUPLE => libc::free((*head).memory().cast()),
        _ => (),
    }
    libc::free(head.cast());
    if !origin.is_null() {
        ffi::Py_DECREF(origin);
    }
}
