//! Improvements of typed IR that can be read: one file each, run once per unit in the order of [`PASSES`].
//!
//! A pass never changes what a function gives, raises or writes, nor in which order. What this room knows of the values it
//! knows exactly; where that is not certain, the code is left alone. Refuses what the rooms below do better: fusion, invariants of
//! loops, machine arithmetic.

mod facts;
pub mod forward;
pub mod inline;
mod interpret;
mod known;
mod number;
pub mod propagate;
mod rename;
pub mod scalars;
mod state;
mod total;
pub mod unused;

use crate::check::{Checked, check};
use crate::ir::Unit;
use hypersonic_diagnostics::{Diagnostic, Id, Span};

/// A pass over a unit.
#[derive(Clone, Copy)]
pub struct Pass {
    /// Names it: `hypersonic explain --print-after=<name>`.
    pub name: &'static str,
    /// Why it exists, one sentence.
    pub why: &'static str,
    /// Does it.
    pub run: fn(&mut Unit),
}

impl std::fmt::Debug for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pass").field("name", &self.name).field("why", &self.why).finish_non_exhaustive()
    }
}

/// Every pass that the pipeline runs on a unit, in order.
pub const PASSES: [Pass; 7] = [
    propagate::PASS, // constants, ranges, joins; pure calls and loops are evaluated
    unused::PASS,    //  what is left of them goes, so that small functions are small
    inline::PASS,    //  small calls
    scalars::PASS,   //  arrays of a few numbers that nothing sees
    propagate::PASS, // once more, through what was calls and arrays
    forward::PASS,   //  temporaries that are read once
    unused::PASS,
];

pub(crate) use state::{blocks as inner_blocks, blocks_mut as inner_blocks_mut, jumps as has_jumps};
pub(crate) use total::is_total;

/// Enough for the deepest expressions that the limits of typing allow.
const STACK_BYTES: usize = 256 << 20;

/// Runs [`PASSES`], checking after each. `see` is told the name of each and the unit after it.
///
/// # Errors
/// If a pass broke a law of the IR: [`hypersonic_diagnostics::Id::Internal`] diagnostics.
pub fn run(unit: Checked<Unit>, see: &(dyn Fn(&str, &Unit) + Sync)) -> Result<Checked<Unit>, Vec<Diagnostic>> {
    let work = || {
        let mut unit = unit;
        for pass in PASSES {
            let mut changed = unit.into_inner();
            (pass.run)(&mut changed);
            see(pass.name, &changed);
            unit = check(changed).map_err(|mut broken| {
                broken.iter_mut().for_each(|found| found.title = format!("after pass `{}`: {}", pass.name, found.title));
                broken
            })?;
        }
        Ok(unit)
    };
    on_large_stack(work)
}

/// Does something on a thread whose stack is large enough for all that can be typed.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> Result<T, Vec<Diagnostic>> + Send) -> Result<T, Vec<Diagnostic>> {
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work) {
        Ok(handle) => handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        Err(error) => {
            let title = format!("no thread for the passes: {error}");
            Err(vec![Diagnostic::new(Id::Internal, title, Span::default(), "in this package")])
        }
    })
}
