//! The bridge between compiled kernels and the runtime that calls them: layouts, statuses, the support table.
//!
//! Nothing here does anything. Code generation reads the offsets, the runtime fills the structures in. Whatever
//! changes here changes [`ABI_VERSION`], and a runtime refuses kernels of another version.
#![cfg_attr(not(feature = "manifest"), no_std)]

use core::ffi::c_void;

#[cfg(feature = "manifest")]
pub mod exports;
pub mod frame;

#[cfg(feature = "manifest")]
pub mod manifest;
pub mod object;
pub mod overlap;

/// The version of everything in this crate. A kernel library records it in its manifest.
pub const ABI_VERSION: u32 = 6;

/// What a kernel returns.
pub mod status {
    /// The results frame is filled in.
    pub const OK: i32 = 0;
    /// The error record says which failure of the manifest's table happened.
    pub const FAILED: i32 = 1;
    /// Nothing was done that anybody sees: the version for C-contiguous arrays leaves this call to the strided one.
    pub const STRIDED: i32 = 2;
}

/// What the runtime passes to every kernel and only the runtime understands. The first word is reserved to the
/// list of live blocks, so that all can be reclaimed after a failure.
#[repr(C)]
#[derive(Debug)]
pub struct Context {
    /// Most recently allocated live block.
    pub blocks: *mut Block,
    /// The runtime's own data.
    pub owner: *mut c_void,
}

/// An allocation. Made by [`Support::allocate`] with one reference; kernels count references in place and call
/// [`Support::release`] when the count reaches zero. What is still listed after the call, and not a result, is
/// freed by the runtime.
#[repr(C)]
#[derive(Debug)]
pub struct Block {
    /// The memory, aligned for every dtype (device memory on a GPU).
    pub data: *mut u8,
    /// How many arrays of the kernel hold it.
    pub references: i64,
    /// Its size.
    pub bytes: u64,
    /// Neighbours in the context's list.
    pub next: *mut Block,
    /// Neighbours in the context's list.
    pub previous: *mut Block,
    /// What it is, of [`object::kind`]: releasing an object releases what it holds.
    pub kind: u64,
}

/// Filled in by a kernel that returns [`status::FAILED`].
#[repr(C)]
#[derive(Debug, Default, Clone, Copy)]
pub struct ErrorRecord {
    /// Row of the manifest's table of failures.
    pub failure: u32,
    /// How many of `values` are set.
    pub count: u32,
    /// Numbers for the message: integers, or doubles by bits.
    pub values: [u64; 8],
}

/// Functions that the runtime lends to kernels. Rows are only ever appended.
#[repr(C)]
#[derive(Debug)]
pub struct Support {
    /// [`ABI_VERSION`] of the runtime.
    pub version: u32,
    /// `size_of::<Support>()` of the runtime.
    pub size: u32,
    /// Allocates `bytes` (zeroed if `zeroed != 0`); null when out of memory. Any thread, no GIL needed.
    pub allocate: extern "C" fn(context: *mut Context, bytes: u64, zeroed: u64) -> *mut Block,
    /// Frees a block. Any thread, no GIL needed.
    pub release: extern "C" fn(context: *mut Context, block: *mut Block),
    /// Python's `random.random()`; takes the GIL itself.
    pub python_random: extern "C" fn(context: *mut Context) -> f64,
    /// Runs GPU kernel `kernel` (row of the manifest's table of GPU kernels) over `count` independent iterations with
    /// `parameters` 64-bit words; returns 0, or non-zero when the driver refused.
    pub launch: extern "C" fn(context: *mut Context, kernel: u32, count: u64, parameters: *const u64, n_parameters: u64) -> i32,
    /// Whether two arrays overlap ([`overlap`]): of each its descriptor in the frame, its rank and the bytes of an element; `unless_same` if
    /// the same elements at the same indices do no harm.
    pub overlap: extern "C" fn(
        context: *mut Context,
        x: *const i64,
        x_rank: u64,
        x_size: i64,
        y: *const i64,
        y_rank: u64,
        y_size: i64,
        unless_same: u64,
    ) -> u64,
    /// An operation on objects ([`object::Op`]) with its words; answers one of [`object::status`]. One thread at a time on one object.
    pub object: extern "C" fn(context: *mut Context, op: u64, arguments: *const u64, results: *mut u64) -> i64,
    /// The address below which frames of recursive functions must not reach on the stack of this thread: below it is room for what
    /// such functions call.
    pub stack_end: extern "C" fn(context: *mut Context) -> u64,
    /// Calls `body` with `words` for the chunks 0, 1, ... `chunks` - 1 of a loop, on at most `threads` threads (0: as many as there are),
    /// in any order. Gives the first status by number that is not [`status::OK`], with its record in `error`; chunks before that one have come to
    /// their end. No GIL needed.
    pub parallel: Parallel,
}

/// See [`Support::parallel`].
pub type Parallel = unsafe extern "C" fn(
    support: *const Support,
    context: *mut Context,
    error: *mut ErrorRecord,
    body: Chunk,
    words: *const u64,
    chunks: u64,
    threads: u64,
) -> i32;

/// A chunk of a loop. Several run at the same time with the same `words`, each with a record of its own.
pub type Chunk =
    unsafe extern "C" fn(support: *const Support, context: *mut Context, error: *mut ErrorRecord, words: *const u64, chunk: u64) -> i32;

/// The symbol of a library's pointer to a [`Plain`]; the runtime sets it when it has loaded the library.
pub const PLAIN_SYMBOL: &str = "hypersonic_plain";

/// What plain C functions of a kernel library need of the runtime, which stores the address of one in the library.
#[repr(C)]
#[derive(Debug)]
pub struct Plain {
    /// What they pass to entries. Its functions take a [`Context`] whose owner is null.
    pub support: *const Support,
    /// Called when an entry has not returned [`status::OK`], or has left blocks: frees them. After a failure it finds an answer for the
    /// function of this address and these frames, or remembers the failure; returns [`status::OK`] if the results are there.
    pub finish: Finish,
}

/// See [`Plain::finish`].
pub type Finish = unsafe extern "C" fn(
    context: *mut Context,
    error: *const ErrorRecord,
    status: i32,
    function: *const c_void,
    arguments: *const u64,
    results: *mut u64,
) -> i32;

/// An entry: `arguments` and `results` are frames (see [`frame`]).
pub type Entry = unsafe extern "C" fn(
    support: *const Support,
    context: *mut Context,
    error: *mut ErrorRecord,
    arguments: *const u64,
    results: *mut u64,
) -> i32;
