//! Why the Python function answered a call, counted and kept for `hypersonic.info`.

use hypersonic_abi::manifest::Failure;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What kernels report where a case has no compiled form; what users raise is never left to Python.
const NOT_COMPILED: &str = "NotImplementedError";

/// Why a call went to Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The arguments do not fit the parameters, or not in a way that is understood.
    Binding,
    /// No signature takes these types, which were described.
    Signature,
    /// The kernel reported this row, and nothing was written yet.
    Failure(u32),
    /// A GPU could not do it.
    Device(String),
    /// The object of a method is not as the kernels need it.
    Object(String),
    /// A list, set or dict that has the right types, but holds something that no kernel takes.
    Contents,
    /// A function that was given gave something else than its type says.
    Answer,
    /// The function does little with containers that are large.
    Glance,
    /// A fault of the runtime itself.
    Internal,
}

/// The record of one function.
#[derive(Debug, Default)]
pub struct Fallbacks {
    count: AtomicU64,
    kind: AtomicU32,
    row: AtomicU32,
    text: Mutex<String>,
}

impl Fallbacks {
    /// Counts a call and remembers why.
    pub fn note(&self, fallback: Fallback) {
        self.count.fetch_add(1, Ordering::Relaxed);
        let kind = match fallback {
            Fallback::Binding => 1,
            Fallback::Signature => 2,
            Fallback::Failure(row) => {
                self.row.store(row, Ordering::Relaxed);
                3
            }
            Fallback::Device(text) | Fallback::Object(text) => {
                self.describe(|place| *place = text);
                4
            }
            Fallback::Internal => 5,
            Fallback::Contents => 6,
            Fallback::Glance => 7,
            Fallback::Answer => 8,
        };
        self.kind.store(kind, Ordering::Relaxed);
    }

    /// Keeps words for the call that is noted next, in the memory of those of the last. No lock is held while they are found: Python may run.
    pub fn describe(&self, write: impl FnOnce(&mut String)) {
        let mut text = String::new();
        if let Ok(mut place) = self.text.try_lock() {
            std::mem::swap(&mut *place, &mut text);
        }
        text.clear();
        write(&mut text);
        if let Ok(mut place) = self.text.lock() {
            *place = text;
        }
    }

    fn text(&self) -> String {
        self.text.lock().map(|text| text.clone()).unwrap_or_default()
    }

    /// How many calls Python answered.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Why it answered the last of them.
    pub fn last(&self, failures: &[Failure]) -> Option<String> {
        Some(match self.kind.load(Ordering::Relaxed) {
            0 => return None,
            1 => "the arguments do not fit the parameters".to_owned(),
            2 => format!("no compiled signature takes {}", self.text()),
            3 => {
                let row = self.row.load(Ordering::Relaxed) as usize;
                failures.get(row).map_or_else(|| "the kernel failed".to_owned(), words)
            }
            4 => self.text(),
            8 => "a function that it was given gave something else than its type says".to_owned(),
            7 => "the function looks at little of what it is given: Python, which copies nothing, is faster".to_owned(),
            6 => "a list, set or dict holds what no kernel takes: an int beyond 64 bits, or a NaN as a key".to_owned(),
            _ => "an internal fault of the runtime".to_owned(),
        })
    }
}

/// Why a kernel gave up.
fn words(failure: &Failure) -> String {
    match (failure.exception.as_str(), failure.line) {
        (NOT_COMPILED, 0) => "a line has no compiled form for this call: Python runs it".to_owned(),
        (NOT_COMPILED, line) => format!("line {line} has no compiled form for this call: Python runs it"),
        (exception, 0) => format!("{exception}: Python raises it, or does better"),
        (exception, line) => format!("{exception} in line {line}: Python raises it, or does better"),
    }
}
