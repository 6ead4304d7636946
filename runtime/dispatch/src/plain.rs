//! What plain C functions and loops of ufuncs in kernel libraries need of the runtime: they are called by C, often without the GIL, and
//! have no frames of ours around them. A failure cannot pass through C as an exception: it is remembered here, by the function's address.

use crate::call::record_of;
use crate::library::Loaded;
use crate::support::{self, CallState};
use crate::ufunc;
use hypersonic_abi::exports::Exports;
use hypersonic_abi::{ABI_VERSION, Block, Chunk, Context, ErrorRecord, Plain, Support, status};
use pyo3::prelude::*;
use std::collections::HashMap;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// A table that every library is given.
pub struct Shared(pub Plain);

// SAFETY: a table of functions that is never written.
unsafe impl Sync for Shared {}

/// What libraries are given.
pub static PLAIN: Shared = Shared(Plain { support: &raw const SUPPORT, finish });

static SUPPORT: Support = Support {
    version: ABI_VERSION,
    size: size_of::<Support>() as u32,
    allocate,
    release,
    python_random,
    launch: support::launch,
    overlap: support::overlap,
    object,
    stack_end: crate::stack::end,
    parallel,
};

/// Whether a library with such a function needs the table.
pub fn is_needed(exports: &Exports) -> bool {
    exports.capsule.is_some() || !exports.ufunc.is_empty()
}

thread_local! {
    /// The state of the calls on this thread: plain functions make contexts without one.
    static STATE: CallState = CallState::shared(ptr::null());
}

/// Gives a context the state that the other functions of the runtime expect.
unsafe fn adopt(context: *mut Context) {
    if (*context).owner.is_null() {
        (*context).owner = STATE.with(|state| ptr::from_ref(state).cast_mut().cast::<c_void>());
    }
}

extern "C" fn allocate(context: *mut Context, bytes: u64, zeroed: u64) -> *mut Block {
    // SAFETY: a kernel passes the context it was given.
    unsafe { adopt(context) };
    support::allocate(context, bytes, zeroed)
}

extern "C" fn release(context: *mut Context, block: *mut Block) {
    // SAFETY: as above.
    unsafe { adopt(context) };
    support::release(context, block);
}

extern "C" fn python_random(context: *mut Context) -> f64 {
    // SAFETY: as above. An exception of an earlier call is none of this one.
    unsafe {
        adopt(context);
        support::state(context).raised.store(false, std::sync::atomic::Ordering::Relaxed);
    }
    support::python_random(context)
}

extern "C" fn object(context: *mut Context, op: u64, arguments: *const u64, results: *mut u64) -> i64 {
    // SAFETY: as above.
    unsafe { adopt(context) };
    crate::objects::operate(context, op, arguments, results)
}

unsafe extern "C" fn parallel(
    support: *const Support,
    context: *mut Context,
    error: *mut ErrorRecord,
    body: Chunk,
    words: *const u64,
    chunks: u64,
    threads: u64,
) -> i32 {
    // Before there are several threads that might.
    adopt(context);
    crate::parallel::parallel(support, context, error, body, words, chunks, threads)
}

/// What is known of a plain function.
pub struct Known {
    /// Where it comes from.
    pub library: &'static Loaded,
    /// The Python function.
    pub function: Py<PyAny>,
    /// The loop that it is, if it is one.
    pub of_ufunc: Option<&'static ufunc::Types>,
    /// Its first failure since anybody asked.
    pub failure: Option<ErrorRecord>,
}

/// Plain functions by address.
pub fn known() -> MutexGuard<'static, HashMap<usize, Known>> {
    static KNOWN: OnceLock<Mutex<HashMap<usize, Known>>> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers a plain function; a failure of it that nobody asked for stays.
pub fn learn(address: *mut c_void, function: Known) {
    let mut known = known();
    let failure = known.get(&(address as usize)).and_then(|before| before.failure);
    let before = known.insert(address as usize, Known { failure, ..function });
    // It may hold the last reference to a Python function: that is given up when the lock is free.
    drop(known);
    drop(before);
}

unsafe extern "C" fn finish(
    context: *mut Context,
    error: *const ErrorRecord,
    status: i32,
    function: *const c_void,
    arguments: *const u64,
    results: *mut u64,
) -> i32 {
    adopt(context);
    support::free_all(context);
    if status == status::OK {
        return status;
    }
    let record = record_of(&*error.cast::<MaybeUninit<ErrorRecord>>());
    // No Python under the lock: whoever holds the GIL may be waiting for it.
    let found = known().get_mut(&(function as usize)).and_then(|known| {
        let of_ufunc = known.of_ufunc;
        if of_ufunc.is_none() {
            known.failure.get_or_insert(record);
        }
        of_ufunc.map(|types| (types, known.library, known.function.as_ptr()))
    });
    match found {
        Some((types, library, function)) => ufunc::answer(types, library, function, &record, arguments, results),
        None => status,
    }
}
