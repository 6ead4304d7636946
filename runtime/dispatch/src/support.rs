//! The support table for kernels on the CPU, and the list of blocks that a call holds. No Python but `python_random`.

use crate::device_call::DeviceCall;
use crate::memory;
use crate::objects;
use crate::objects::called::Called;
use crate::objects::head::{Head, Stop};
use crate::objects::replay;
use crate::stack;
use hypersonic_abi::object::kind;
use hypersonic_abi::overlap::Array;
use hypersonic_abi::{ABI_VERSION, Block, Context, Support};
use pyo3::ffi;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{ptr, slice};

/// What the runtime keeps for one call; [`Context::owner`] points at it.
pub struct CallState {
    /// Held while the list of blocks changes: kernels may allocate on several threads.
    lock: AtomicBool,
    /// The call on a GPU that this is, if it is one.
    pub device: *const DeviceCall,
    /// Whether `python_random` left an exception set.
    pub raised: AtomicBool,
    /// What was printed: seen when the call has come to its end, and not if Python answers it again.
    printed: UnsafeCell<Vec<*mut Head>>,
    /// Operations that failed; nothing is remembered where calls share a state.
    failed: Option<UnsafeCell<replay::Memory>>,
    /// What was heard of functions from Python; nothing is where calls share a state.
    called: Option<UnsafeCell<Called>>,
    /// Texts of one character, once they were made; none are kept where calls share a state.
    letters: Option<UnsafeCell<Vec<*mut Head>>>,
}

impl CallState {
    /// For a call on the CPU (`device` null) or on a GPU.
    #[inline]
    pub fn new(device: *const DeviceCall) -> CallState {
        CallState {
            failed: Some(UnsafeCell::default()),
            letters: Some(UnsafeCell::default()),
            called: Some(UnsafeCell::default()),
            ..CallState::shared(device)
        }
    }

    /// As [`CallState::new`], for calls one after the other.
    pub fn shared(device: *const DeviceCall) -> CallState {
        let (lock, raised) = (AtomicBool::new(false), AtomicBool::new(false));
        CallState { lock, device, raised, printed: UnsafeCell::new(Vec::new()), failed: None, letters: None, called: None }
    }

    /// The texts of one character, by character; null where none was made yet.
    ///
    /// # Safety
    /// As for [`CallState::failures`].
    #[allow(clippy::mut_from_ref, reason = "one thread at a time")]
    pub unsafe fn letters(&self) -> Option<&mut Vec<*mut Head>> {
        self.letters.as_ref().map(|letters| &mut *letters.get())
    }

    /// Operations that failed, if they are remembered.
    ///
    /// # Safety
    /// Operations on objects are done by one thread at a time.
    #[allow(clippy::mut_from_ref, reason = "one thread at a time")]
    pub unsafe fn failures(&self) -> Option<&mut replay::Memory> {
        self.failed.as_ref().map(|memory| &mut *memory.get())
    }

    /// What was heard of functions from Python, if they may be called.
    ///
    /// # Safety
    /// As for [`CallState::failures`].
    #[allow(clippy::mut_from_ref, reason = "one thread at a time")]
    pub unsafe fn called(&self) -> Option<&mut Called> {
        self.called.as_ref().map(|called| &mut *called.get())
    }

    /// Forgets what was printed: it was written out.
    ///
    /// # Safety
    /// `context` is that of the call.
    pub unsafe fn forget_printed(&self, context: *mut Context) {
        let printed = std::mem::take(&mut *self.printed.get());
        for text in printed {
            let block = &raw mut (*text).object.block;
            (*block).references -= 1;
            if (*block).references == 0 {
                objects::head::release(context, block);
            }
        }
    }

    /// Notes a string that is printed, and keeps it.
    ///
    /// # Safety
    /// `text` is a string of the call.
    pub unsafe fn print(&self, text: *mut Head) -> Result<(), Stop> {
        self.locked(|| {
            let printed = &mut *self.printed.get();
            printed.try_reserve(1)?;
            (*text).object.block.references += 1;
            printed.push(text);
            Ok(())
        })
    }

    /// What was printed, in order.
    ///
    /// # Safety
    /// The kernel has come to its end.
    #[inline]
    pub unsafe fn printed(&self) -> &[*mut Head] {
        &*self.printed.get()
    }

    #[inline]
    fn locked<R>(&self, action: impl FnOnce() -> R) -> R {
        while self.lock.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
            std::hint::spin_loop();
        }
        let result = action();
        self.lock.store(false, Ordering::Release);
        result
    }
}

/// The call's state.
///
/// # Safety
/// `context` is of a running call.
pub unsafe fn state<'a>(context: *mut Context) -> &'a CallState {
    &*(*context).owner.cast::<CallState>()
}

/// Adds a fresh block to the list.
///
/// # Safety
/// `context` is of a running call, `block` is in no list.
pub unsafe fn link(context: *mut Context, block: *mut Block) {
    state(context).locked(|| {
        let head = (*context).blocks;
        (*block).next = head;
        (*block).previous = ptr::null_mut();
        if !head.is_null() {
            (*head).previous = block;
        }
        (*context).blocks = block;
    });
}

/// Takes a block out of the list: it no longer belongs to the call.
///
/// # Safety
/// `context` is of a running call, `block` is in its list.
pub unsafe fn unlink(context: *mut Context, block: *mut Block) {
    state(context).locked(|| {
        let Block { next, previous, .. } = *block;
        if previous.is_null() {
            (*context).blocks = next;
        } else {
            (*previous).next = next;
        }
        if !next.is_null() {
            (*next).previous = previous;
        }
    });
}

/// Whether `block` is in the list (an owner word that is not, is a bug of the kernel).
///
/// # Safety
/// `context` is of a finished call.
pub unsafe fn holds(context: *mut Context, block: *mut Block) -> bool {
    let mut other = (*context).blocks;
    while !other.is_null() {
        if other == block {
            return true;
        }
        other = (*other).next;
    }
    false
}

/// Frees every block that is still listed.
///
/// # Safety
/// `context` is of a finished call on the CPU; the GIL is held.
#[inline]
pub unsafe fn free_all(context: *mut Context) {
    let mut block = (*context).blocks;
    while !block.is_null() {
        let next = (*block).next;
        if (*block).kind == kind::MEMORY {
            memory::free((*block).data);
        } else {
            objects::head::free(block);
        }
        block = next;
    }
    (*context).blocks = ptr::null_mut();
}

/// A block of a call.
pub extern "C" fn allocate(context: *mut Context, bytes: u64, zeroed: u64) -> *mut Block {
    let block = memory::allocate(bytes, zeroed != 0);
    if !block.is_null() {
        // SAFETY: a kernel passes the context it was given; the block is fresh.
        unsafe { link(context, block) };
    }
    block
}

/// Gives a block of a call back.
pub extern "C" fn release(context: *mut Context, block: *mut Block) {
    // SAFETY: a kernel passes the context it was given and a block of it that nothing uses any more.
    unsafe {
        objects::head::release(context, block);
    }
}

/// `random.random()`. An exception there (only a user's own `random` module can raise) is kept for the end of the call.
pub extern "C" fn python_random(context: *mut Context) -> f64 {
    // SAFETY: a kernel passes the context it was given; the GIL is taken here.
    unsafe {
        let held = ffi::PyGILState_Ensure();
        let mut value = f64::NAN;
        if !state(context).raised.load(Ordering::Relaxed) {
            let module = ffi::PyImport_ImportModule(c"random".as_ptr());
            let function = if module.is_null() { ptr::null_mut() } else { ffi::PyObject_GetAttrString(module, c"random".as_ptr()) };
            let result = if function.is_null() { ptr::null_mut() } else { ffi::PyObject_CallObject(function, ptr::null_mut()) };
            if !result.is_null() {
                value = ffi::PyFloat_AsDouble(result);
            }
            for object in [module, function, result] {
                ffi::Py_XDECREF(object);
            }
            if !ffi::PyErr_Occurred().is_null() {
                // With the GIL released the exception would be lost with this thread's state on a foreign thread.
                ffi::PyErr_Clear();
                state(context).raised.store(true, Ordering::Relaxed);
            }
        }
        ffi::PyGILState_Release(held);
        value
    }
}

/// There is no GPU here.
pub extern "C" fn launch(_: *mut Context, _: u32, _: u64, _: *const u64, _: u64) -> i32 {
    1
}

/// Whether two arrays of a frame overlap.
pub extern "C" fn overlap(
    _: *mut Context,
    x: *const i64,
    x_rank: u64,
    x_size: i64,
    y: *const i64,
    y_rank: u64,
    y_size: i64,
    unless_same: u64,
) -> u64 {
    // SAFETY: a kernel passes descriptors in the frame of its arguments: an address, and as many extents and strides as the rank.
    let (x, y) = unsafe { (slice::from_raw_parts(x, 1 + 2 * x_rank as usize), slice::from_raw_parts(y, 1 + 2 * y_rank as usize)) };
    match (Array::read(x, x_size), Array::read(y, y_size)) {
        (Some(x), Some(y)) => u64::from(hypersonic_abi::overlap::overlap(&x, &y, unless_same != 0)),
        _ => 1,
    }
}

/// The table for the CPU.
pub static CPU: Support = Support {
    version: ABI_VERSION,
    size: size_of::<Support>() as u32,
    allocate,
    release,
    python_random,
    launch,
    overlap,
    object: objects::operate,
    stack_end: stack::end,
    parallel: crate::parallel::parallel,
};

/// A context for a call whose state is `state`.
#[inline]
pub fn context(state: &CallState) -> Context {
    Context { blocks: ptr::null_mut(), owner: ptr::from_ref(state).cast_mut().cast::<c_void>() }
}
