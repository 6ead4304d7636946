//! A launch: blocks are shared out over host threads in order, so what a kernel does, and what is said of its faults, is
//! the same every time.

use crate::execute::{Machine, Place};
use crate::memory::{Fault, View};
use crate::program::Program;

/// Threads from which on several host threads are worth it.
const MANY: u64 = 4096;

/// How many threads run.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Blocks.
    pub blocks: u32,
    /// Threads of each.
    pub threads: u32,
    /// Whether the last thread runs first. Kernels whose threads do not depend on each other do the same either way.
    pub backwards: bool,
}

/// Runs every thread of an entry on its parameter memory.
///
/// # Errors
/// The fault of the first thread that has one.
pub fn launch(program: &Program, entry: usize, params: &[u8], grid: Grid, view: View<'_>) -> Result<(), Fault> {
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
    let total = u64::from(grid.blocks) * u64::from(grid.threads);
    let share = grid.blocks.div_ceil(if total < MANY { 1 } else { workers }).max(1);
    let run = |first: u32| {
        let mut machine = Machine::new(program, view);
        let last = first.saturating_add(share).min(grid.blocks) - 1;
        for block in first..=last {
            let block = if grid.backwards { last - (block - first) } else { block };
            for thread in 0..grid.threads {
                let thread = if grid.backwards { grid.threads - 1 - thread } else { thread };
                machine.thread(entry, params, Place { thread, block, threads: grid.threads, blocks: grid.blocks })?;
            }
        }
        Ok(())
    };
    if share >= grid.blocks {
        return run(0);
    }
    std::thread::scope(|scope| {
        let starts = (0..grid.blocks).step_by(share as usize);
        let handles: Vec<_> = starts.map(|first| scope.spawn(move || run(first))).collect();
        let lost = || Err(Fault::Stopped("a host thread is lost".to_owned()));
        handles.into_iter().try_for_each(|handle| handle.join().unwrap_or_else(|_| lost()))
    })
}
