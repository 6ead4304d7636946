//! Parallel loops of kernels: their chunks on the pool, and which of several failures counts. No Python: workers never need the GIL.

use crate::call::record_of;
use hypersonic_abi::{Chunk, Context, ErrorRecord, Support, status};
use std::mem::MaybeUninit;
use std::sync::{Mutex, PoisonError};

/// What all chunks of a loop are given.
struct Given {
    support: *const Support,
    context: *mut Context,
    words: *const u64,
    body: Chunk,
}

// SAFETY: the table and the words are only read, the list of blocks in the context changes under a lock.
unsafe impl Sync for Given {}

impl Given {
    /// Runs a chunk.
    ///
    /// # Safety
    /// They are of a running call.
    unsafe fn chunk(&self, record: *mut ErrorRecord, chunk: u64) -> i32 {
        (self.body)(self.support, self.context, record, self.words, chunk)
    }
}

/// The chunks of a loop on the pool: see [`Support::parallel`].
pub unsafe extern "C" fn parallel(
    support: *const Support,
    context: *mut Context,
    error: *mut ErrorRecord,
    body: Chunk,
    words: *const u64,
    chunks: u64,
    threads: u64,
) -> i32 {
    if chunks <= 1 || threads == 1 {
        return in_line(support, context, error, body, words, chunks, threads);
    }
    let given = Given { support, context, words, body };
    let failed: Mutex<Option<(u64, i32, ErrorRecord)>> = Mutex::new(None);
    hypersonic_pool::run(chunks, usize::try_from(threads).unwrap_or(usize::MAX), &|chunk| {
        let mut record = MaybeUninit::<ErrorRecord>::uninit();
        (*record.as_mut_ptr()).failure = u32::MAX;
        (*record.as_mut_ptr()).count = 0;
        let status = given.chunk(record.as_mut_ptr(), chunk);
        if status == status::OK {
            return true;
        }
        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.as_ref().is_none_or(|(first, ..)| chunk < *first) {
            *failed = Some((chunk, status, record_of(&record)));
        }
        false
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        None => status::OK,
        Some((_, status, record)) => {
            *error = record;
            status
        }
    }
}

/// The chunks one after the other, on the thread that calls.
pub unsafe extern "C" fn in_line(
    support: *const Support,
    context: *mut Context,
    error: *mut ErrorRecord,
    body: Chunk,
    words: *const u64,
    chunks: u64,
    _threads: u64,
) -> i32 {
    for chunk in 0..chunks {
        let status = body(support, context, error, words, chunk);
        if status != status::OK {
            return status;
        }
    }
    status::OK
}
