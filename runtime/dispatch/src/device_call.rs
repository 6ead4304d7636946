//! The support table for kernels on a GPU: device memory, launches; the host half of such a kernel runs here.

use crate::interface::DeviceView;
use crate::objects;
use crate::rehearsal;
use crate::stack;
use crate::support::{self, CallState};
use hypersonic_abi::object::kind;
use hypersonic_abi::{ABI_VERSION, Block, Context, Support};
use hypersonic_gpu::{Device, Memory, Module, Problem, Stream};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A call on a GPU.
pub struct DeviceCall {
    /// Where it runs.
    pub device: &'static Device,
    /// The package's kernels there.
    pub module: &'static Module,
    /// In which order.
    pub stream: Stream,
    /// The array arguments, in frame order.
    pub arguments: Vec<DeviceView>,
    /// The next address that a rehearsal gives out.
    pub next_address: AtomicU64,
    launched: AtomicU64,
    problem: Mutex<Option<Problem>>,
    lost: Mutex<Option<Problem>>,
}

impl DeviceCall {
    /// A call that has not begun.
    pub fn new(device: &'static Device, module: &'static Module, stream: Stream, arguments: Vec<DeviceView>) -> DeviceCall {
        let (launched, next_address) = (AtomicU64::new(0), AtomicU64::new(rehearsal::FIRST_ADDRESS));
        DeviceCall { device, module, stream, arguments, next_address, launched, problem: Mutex::new(None), lost: Mutex::new(None) }
    }

    /// What the driver refused, if nothing had been launched before: then the call may be given to Python.
    pub fn harmless_problem(&self) -> Option<Problem> {
        if self.launched.load(Ordering::Relaxed) > 0 {
            return None;
        }
        self.problem.lock().ok()?.clone()
    }

    /// What the driver refused to launch behind kernels that had been launched: what they wrote cannot be taken back, so
    /// Python must not begin anew.
    pub fn lost_launch(&self) -> Option<Problem> {
        self.lost.lock().ok()?.clone()
    }

    fn remember(&self, problem: Problem) {
        if let Ok(mut place) = self.problem.lock() {
            place.get_or_insert(problem);
        }
    }

    /// Frees every block that is still listed, once the GPU is done with it.
    ///
    /// # Safety
    /// `context` is of this call, which is finished.
    pub unsafe fn free_all(&self, context: *mut Context) {
        if (*context).blocks.is_null() {
            return;
        }
        let _ = self.device.synchronize(self.stream);
        while !(*context).blocks.is_null() {
            let block = (*context).blocks;
            support::unlink(context, block);
            self.device.free(take_header(block));
        }
    }
}

/// The memory of a block that belongs to no list any more.
///
/// # Safety
/// `block` was unlinked and is not used again.
pub unsafe fn adopt(device: &'static Device, block: *mut Block) -> Arc<Memory> {
    Memory::adopt(device, take_header(block))
}

/// Frees a block's header; gives its address on the GPU.
unsafe fn take_header(block: *mut Block) -> u64 {
    Box::from_raw(block).data as u64
}

/// The call that a context belongs to.
///
/// # Safety
/// `context` is of a call on a GPU.
pub unsafe fn call_of<'a>(context: *mut Context) -> &'a DeviceCall {
    let state: &CallState = support::state(context);
    &*state.device
}

extern "C" fn allocate(context: *mut Context, bytes: u64, zeroed: u64) -> *mut Block {
    // SAFETY: a kernel passes the context it was given.
    let call = unsafe { call_of(context) };
    match call.device.allocate(bytes, (zeroed != 0).then_some(call.stream)) {
        Ok(address) => {
            let (data, next, previous) = (address as *mut u8, ptr::null_mut(), ptr::null_mut());
            let block = Box::into_raw(Box::new(Block { data, references: 1, bytes, next, previous, kind: kind::MEMORY }));
            // SAFETY: as above; the block is fresh.
            unsafe { support::link(context, block) };
            block
        }
        Err(problem) => {
            call.remember(problem);
            ptr::null_mut()
        }
    }
}

extern "C" fn release(context: *mut Context, block: *mut Block) {
    // SAFETY: a kernel passes the context it was given and a block of it that no later launch uses.
    unsafe {
        let call = call_of(context);
        support::unlink(context, block);
        let _ = call.device.synchronize(call.stream);
        call.device.free(take_header(block));
    }
}

extern "C" fn launch(context: *mut Context, kernel: u32, count: u64, parameters: *const u64, n_parameters: u64) -> i32 {
    // SAFETY: a kernel passes the context it was given, and `n_parameters` words.
    let (call, words) = unsafe {
        let words = if n_parameters == 0 { &[][..] } else { std::slice::from_raw_parts(parameters, n_parameters as usize) };
        (call_of(context), words)
    };
    match call.device.launch(call.module, kernel, count, words, call.stream) {
        Ok(()) => {
            call.launched.fetch_add(1, Ordering::Relaxed);
            0
        }
        Err(problem) => {
            if call.launched.load(Ordering::Relaxed) > 0
                && let Ok(mut place) = call.lost.lock()
            {
                place.get_or_insert(problem.clone());
            }
            call.remember(problem);
            1
        }
    }
}

/// The table for a GPU.
pub static GPU: Support = Support {
    version: ABI_VERSION,
    size: size_of::<Support>() as u32,
    allocate,
    release,
    python_random: support::python_random,
    launch,
    overlap: support::overlap,
    object: objects::none,
    stack_end: stack::end,
    parallel: crate::parallel::in_line,
};
