//! The threads of parallel loops: one pool for the process, started by the first loop that wants help.
//!
//! A loop is a number of chunks and what is done for one. Whoever starts it works on it, too; workers join as they become free, and nobody
//! waits for a worker that has not begun. So loops that several threads start at once share the pool without waiting for each other, and
//! a loop in a chunk of another one runs on the thread of that chunk. Chunks begin in order: those before one that failed come to their end.
//!
//! This is not `rayon-core`, whose callers wait until all that they have spawned was taken from a queue (behind the chunks of other
//! loops), and whose pool does not outlive a `fork`.
//!
//! Refuses: Python, kernels, and what the results of chunks mean.

mod size;
mod team;
#[cfg(test)]
mod tests;
mod workers;

pub use size::{cpus, number, set_number};
pub use team::{Team, team};

/// Runs `body` for the chunks 0, 1, ... `chunks` - 1, on at most `threads` threads (0: [`number`]). Chunks behind one for which it gives
/// false may not begin; those before it come to their end.
pub fn run(chunks: u64, threads: usize, body: &(dyn Fn(u64) -> bool + Sync)) {
    let most = usize::try_from(chunks).unwrap_or(usize::MAX);
    let threads = if threads == 0 { number() } else { threads.min(size::most()) }.min(most);
    if threads <= 1 || team::team().is_some() {
        let _member = team::enter(Team { thread: 0, threads: 1 });
        for chunk in 0..chunks {
            if !body(chunk) {
                return;
            }
        }
        return;
    }
    workers::run(chunks, threads, body);
}
