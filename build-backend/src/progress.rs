//! What a build says while it runs: nothing if it is quick, a line per function if it is slow.

use hypersonic_pipeline::Progress as Event;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Builds faster than this say nothing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Counts what is done.
pub struct Progress {
    start: Instant,
    found: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// The clock runs from here.
    pub fn start() -> Self {
        Self { start: Instant::now(), found: AtomicUsize::new(0), done: AtomicUsize::new(0) }
    }

    /// Takes note of an event, from any thread.
    pub fn observe(&self, event: Event<'_>) {
        match event {
            Event::Found(count) => {
                self.found.fetch_add(count, Ordering::Relaxed);
            }
            Event::Done(module, name) => {
                let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
                if self.start.elapsed() > PATIENCE {
                    eprintln!("  compiled {module}.{name} ({done} of {})", self.found.load(Ordering::Relaxed));
                }
            }
            Event::Linking => {}
        }
    }
}
