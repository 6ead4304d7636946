//! The workers, and the loops that want help.
//!
//! Architecture invariant: a worker touches a loop only while it is counted among the loop's `helpers`, and whoever started the loop does not
//! return before that count is 0 and the loop is off the list.
#![allow(unsafe_code)]

use crate::team::{self, Team};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::{process, ptr, thread};

/// The stack of a worker: what the main thread of a process usually has. Kernels limit their recursion to a quarter of it.
const STACK_BYTES: usize = 8 << 20;

/// How often the end of the last chunks is asked for before the thread sleeps until they come to it.
const SPINS: usize = 2000;

type Body<'b> = dyn Fn(u64) -> bool + Sync + 'b;

/// A loop that runs.
struct Loop {
    /// The next chunk that nobody has begun.
    next: AtomicU64,
    /// Chunks from here on do not begin.
    limit: AtomicU64,
    /// What is done for a chunk.
    body: *const Body<'static>,
    threads: usize,
    helpers: Mutex<Helpers>,
    /// The last helper has left.
    left: Condvar,
}

// SAFETY: the body is `Sync`, and lives until no helper is left, as this module's page says; all else is made for sharing.
unsafe impl Send for Loop {}
// SAFETY: as above.
unsafe impl Sync for Loop {}

struct Helpers {
    /// How many work on it.
    inside: usize,
    /// How many have ever joined.
    joined: usize,
}

/// The pool of a process.
struct Pool {
    process: u32,
    state: Mutex<State>,
    /// There is a loop that wants help.
    wake: Condvar,
}

#[derive(Default)]
struct State {
    /// Loops that have chunks which nobody has begun, oldest first.
    open: Vec<Arc<Loop>>,
    workers: usize,
    idle: usize,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The pool of this process. After a `fork` the child has the parent's memory, but none of its threads: it makes a pool of its own and leaves
/// that of the parent as it is, perhaps locked.
fn pool() -> &'static Pool {
    static POOL: AtomicPtr<Pool> = AtomicPtr::new(ptr::null_mut());
    let process = process::id();
    let mut known = POOL.load(Ordering::Acquire);
    loop {
        // SAFETY: only null and what was leaked below is stored.
        if let Some(pool) = unsafe { known.as_ref() }
            && pool.process == process
        {
            return pool;
        }
        let fresh = Box::into_raw(Box::new(Pool { process, state: Mutex::default(), wake: Condvar::new() }));
        match POOL.compare_exchange(known, fresh, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: it is leaked.
            Ok(_) => return unsafe { &*fresh },
            Err(other) => {
                // SAFETY: nobody else has seen it.
                drop(unsafe { Box::from_raw(fresh) });
                known = other;
            }
        }
    }
}

/// Runs a loop of two chunks or more on two threads or more.
pub(crate) fn run(chunks: u64, threads: usize, body: &Body<'_>) {
    // SAFETY: only the lifetime changes; the loop is left by all helpers before this function returns.
    let body: *const Body<'static> = unsafe { std::mem::transmute::<&Body<'_>, &'static Body<'static>>(body) };
    let helpers = Mutex::new(Helpers { inside: 0, joined: 0 });
    let this = Loop { next: AtomicU64::new(0), limit: AtomicU64::new(chunks), body, threads, helpers, left: Condvar::new() };
    let this = Arc::new(this);
    let pool = pool();
    pool.open(&this);
    let _end = End { pool, this: &this };
    let _member = team::enter(Team { thread: 0, threads });
    this.work();
}

/// Nobody leaves a loop that it has started while there are helpers in it, whatever happens.
struct End<'l> {
    pool: &'l Pool,
    this: &'l Arc<Loop>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.pool.close(self.this);
        self.this.wait();
    }
}

/// A worker in a loop.
struct Inside<'l>(&'l Loop);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut helpers = locked(&self.0.helpers);
        helpers.inside -= 1;
        if helpers.inside == 0 {
            self.0.left.notify_one();
        }
    }
}

impl Pool {
    /// Lets workers help with a loop.
    fn open(&'static self, this: &Arc<Loop>) {
        let mut state = locked(&self.state);
        state.open.push(Arc::clone(this));
        let wanted = this.threads - 1;
        if state.idle > 0 {
            // It wakes the next.
            self.wake.notify_one();
        }
        while state.workers < wanted {
            let work = move || self.serve();
            let started = thread::Builder::new().name("hypersonic".to_owned()).stack_size(STACK_BYTES).spawn(work);
            if started.is_err() {
                // There is less help, then.
                return;
            }
            state.workers += 1;
        }
    }

    /// No more workers join a loop.
    fn close(&self, this: &Arc<Loop>) {
        locked(&self.state).open.retain(|other| !Arc::ptr_eq(other, this));
    }

    /// What a worker does all its life.
    fn serve(&self) {
        loop {
            let (joined, thread) = self.join();
            let _inside = Inside(&joined);
            let _member = team::enter(Team { thread, threads: joined.threads });
            joined.work();
            self.close(&joined);
        }
    }

    /// Waits for a loop that wants help; the number of the worker in its team.
    fn join(&self) -> (Arc<Loop>, usize) {
        let mut state = locked(&self.state);
        loop {
            if let Some(first) = state.open.first().cloned() {
                let mut helpers = locked(&first.helpers);
                helpers.inside += 1;
                helpers.joined += 1;
                let thread = helpers.joined;
                drop(helpers);
                if thread + 1 >= first.threads {
                    state.open.remove(0);
                }
                if state.idle > 0 && !state.open.is_empty() {
                    self.wake.notify_one();
                }
                return (first, thread);
            }
            state.idle += 1;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

impl Loop {
    /// Does chunks until none is left.
    fn work(&self) {
        // SAFETY: the caller is counted among the helpers, or started the loop.
        let body = unsafe { &*self.body };
        loop {
            let chunk = self.next.fetch_add(1, Ordering::Relaxed);
            if chunk >= self.limit.load(Ordering::Relaxed) {
                return;
            }
            if !body(chunk) {
                self.limit.fetch_min(chunk, Ordering::Relaxed);
            }
        }
    }

    /// Waits until no helper is left, once the loop is closed.
    fn wait(&self) {
        for _ in 0..SPINS {
            if locked(&self.helpers).inside == 0 {
                return;
            }
            std::hint::spin_loop();
        }
        let mut helpers = locked(&self.helpers);
        while helpers.inside > 0 {
            helpers = self.left.wait(helpers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
