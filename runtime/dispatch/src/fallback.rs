//! Why the Python function answered a call, counted and kept for `hypersonic.info`.

use hypersonic_abi::manifest::Failure;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Why a call went to Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The arguments do not fit the parameters, or not in a way that is understood.
    Binding,
    /// No signature takes these types.
    Signature,
    /// The kernel reported this row, and nothing was written yet.
    Failure(u32),
    /// A GPU could not do it.
    Device(String),
    /// The object of a method is not as the kernels need it.
    Object(String),
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
                if let Ok(mut place) = self.text.lock() {
                    *place = text;
                }
                4
            }
            Fallback::Internal => 5,
        };
        self.kind.store(kind, Ordering::Relaxed);
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
            2 => "no compiled signature takes these arguments".to_owned(),
            3 => {
                let row = self.row.load(Ordering::Relaxed) as usize;
                match failures.get(row) {
                    Some(failure) if failure.line > 0 => {
                        format!("{} in line {}: Python raises it, or does better", failure.exception, failure.line)
                    }
                    Some(failure) => format!("{}: Python raises it, or does better", failure.exception),
                    None => "the kernel failed".to_owned(),
                }
            }
            4 => self.text.lock().map(|text| text.clone()).unwrap_or_default(),
            _ => "an internal fault of the runtime".to_owned(),
        })
    }
}
