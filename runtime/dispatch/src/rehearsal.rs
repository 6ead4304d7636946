//! Rehearsals: the host half of a GPU call, run without launches and without memory on the device.
//!
//! What the host half does depends on shapes, strides, addresses and scalars, never on an element. So if a rehearsal
//! succeeds, the call itself will not give up behind something that it wrote; if it fails, nothing was written, and
//! Python can answer.

use crate::device_call::call_of;
use crate::objects;
use crate::stack;
use crate::support::{self, CallState};
use hypersonic_abi::object::kind;
use hypersonic_abi::{ABI_VERSION, Block, Context, Entry, ErrorRecord, Support, status};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::Ordering;

/// Where addresses begin that stand for memory on the device: far above all that GPUs have.
pub const FIRST_ADDRESS: u64 = 1 << 56;
/// What such memory is aligned to, as the driver does it.
const ALIGNMENT: u64 = 256;

/// Whether an entry would succeed.
///
/// # Safety
/// As for a call of the entry with these frames; `state` is of that call.
pub unsafe fn succeeds(entry: Entry, state: &CallState, arguments: *const u64, results: *mut u64) -> bool {
    let mut context = support::context(state);
    let mut record = MaybeUninit::<ErrorRecord>::uninit();
    let status = entry(&raw const REHEARSAL, &raw mut context, record.as_mut_ptr(), arguments, results);
    while !context.blocks.is_null() {
        let block = context.blocks;
        release(&raw mut context, block);
    }
    status == status::OK
}

extern "C" fn allocate(context: *mut Context, bytes: u64, _zeroed: u64) -> *mut Block {
    let Some(size) = bytes.max(1).checked_next_multiple_of(ALIGNMENT).filter(|size| *size < FIRST_ADDRESS) else {
        return ptr::null_mut();
    };
    // SAFETY: a kernel passes the context it was given; the block is fresh.
    unsafe {
        let address = call_of(context).next_address.fetch_add(size, Ordering::Relaxed);
        let data = ptr::without_provenance_mut(address as usize);
        let (next, previous) = (ptr::null_mut(), ptr::null_mut());
        let block = Box::into_raw(Box::new(Block { data, references: 1, bytes, next, previous, kind: kind::MEMORY }));
        support::link(context, block);
        block
    }
}

extern "C" fn release(context: *mut Context, block: *mut Block) {
    // SAFETY: a kernel passes the context it was given and a block of it, made by `allocate` above.
    unsafe {
        support::unlink(context, block);
        drop(Box::from_raw(block));
    }
}

extern "C" fn launch(_context: *mut Context, _kernel: u32, _count: u64, _parameters: *const u64, _n_parameters: u64) -> i32 {
    0
}

/// Entries that draw numbers are never rehearsed.
extern "C" fn python_random(_context: *mut Context) -> f64 {
    f64::NAN
}

/// The table for a rehearsal.
static REHEARSAL: Support = Support {
    version: ABI_VERSION,
    size: size_of::<Support>() as u32,
    allocate,
    release,
    python_random,
    launch,
    overlap: support::overlap,
    object: objects::none,
    stack_end: stack::end,
    parallel: crate::parallel::in_line,
};
