//! How many threads there are.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than this are never asked for.
pub(crate) const LIMIT: usize = 1024;

/// What was said by [`set_number`]; 0 if nothing was.
static SAID: AtomicUsize = AtomicUsize::new(0);

/// The CPUs that the process may use: those of its affinity, less where a control group gives it fewer.
#[must_use]
pub fn cpus() -> usize {
    static CPUS: OnceLock<usize> = OnceLock::new();
    *CPUS.get_or_init(|| thread::available_parallelism().map_or(1, |cpus| cpus.get().min(LIMIT)))
}

/// On how many threads a loop runs that says nothing itself: what was set, or what `HYPERSONIC_NUM_THREADS` or else `OMP_NUM_THREADS` says, or
/// [`cpus`].
#[must_use]
pub fn number() -> usize {
    static DEFAULT: OnceLock<usize> = OnceLock::new();
    match SAID.load(Ordering::Relaxed) {
        0 => *DEFAULT.get_or_init(|| {
            let said = |name| std::env::var(name).ok().and_then(|text| parse(&text));
            said("HYPERSONIC_NUM_THREADS").or_else(|| said("OMP_NUM_THREADS")).unwrap_or_else(cpus)
        }),
        said => said,
    }
}

/// What a loop is given that asks for a number of its own: more than there are CPUs help nobody, but 64 are always there to be asked for.
pub(crate) fn most() -> usize {
    number().max(cpus()).max(64)
}

/// Sets [`number`] for loops that begin from now on; 0 goes back to what it was at first.
pub fn set_number(threads: usize) {
    SAID.store(threads.min(LIMIT), Ordering::Relaxed);
}

/// The first number of a list, as OpenMP has one per level.
fn parse(text: &str) -> Option<usize> {
    let threads = text.split(',').next()?.trim().parse::<usize>().ok()?;
    (threads > 0).then(|| threads.min(LIMIT))
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, parse};

    #[test]
    fn what_is_no_number_of_threads_says_nothing() {
        assert_eq!(parse("3"), Some(3));
        assert_eq!(parse(" 4, 2"), Some(4));
        assert_eq!(parse("100000"), Some(LIMIT));
        for text in ["", "0", "-2", "many", "99999999999999999999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
