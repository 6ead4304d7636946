//! Improvements of loop IR, one file each.
//!
//! A pass is a value with a name and a reason; whoever runs them lists them in order. A pass never changes what a
//! function computes, which failures it reports or in which order, except where its own page says so.

pub mod copy;
pub mod guard;
pub mod independent;
pub mod live;
pub mod offload;
pub mod range;
pub mod stride;
pub mod uses;
pub mod version;
pub mod weight;

use crate::Checked;
use crate::ir::Module;

/// A pass over a module.
#[derive(Clone, Copy)]
pub struct Pass {
    /// Names the flag `--print-after=<name>`.
    pub name: &'static str,
    /// Why it exists, one sentence.
    pub why: &'static str,
    /// Does it.
    pub run: fn(&mut Module),
}

impl std::fmt::Debug for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pass").field("name", &self.name).field("why", &self.why).finish_non_exhaustive()
    }
}

/// Every pass that the pipeline runs on a module, in order.
pub const PASSES: [Pass; 1] = [version::PASS];

/// Runs [`PASSES`], checking after each.
///
/// # Errors
/// If a pass broke a law of the IR: its name, and what is wrong, one line each.
pub fn run(module: Checked<Module>) -> Result<Checked<Module>, Vec<String>> {
    let mut module = module;
    for pass in PASSES {
        let mut changed = module.into_inner();
        (pass.run)(&mut changed);
        module = Checked::new(changed).map_err(|mut complaints| {
            complaints.insert(0, format!("after pass `{}`:", pass.name));
            complaints
        })?;
    }
    Ok(module)
}
