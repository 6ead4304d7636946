//! A `libcuda` without a GPU: it reads the PTX that the compiler emits and runs it on the host, exactly.
//!
//! For tests only. Device addresses are no host addresses, are never given out twice, and every access is checked, so a
//! kernel that leaves its arrays, uses freed memory or is misaligned fails its launch. What it does not know it refuses
//! when the module is loaded, by name; `.approx` is among that, as no host gives its bits.
//!
//! `HYPERSONIC_STANDIN_LOG` names a file that is told what failed and why, `HYPERSONIC_STANDIN_DEVICES` says how many GPUs
//! there are (1), `HYPERSONIC_STANDIN_MEMORY` how many bytes they have (4 GiB), `HYPERSONIC_STANDIN_BACKWARDS=1` lets the
//! last thread run first: what then comes out differently was a race.

mod arithmetic;
mod comparison;
mod conversion;
mod decode;
mod driver;
mod execute;
mod launch;
mod memory;
mod operation;
mod parse;
mod program;
mod token;

pub use decode::decode;
pub use launch::{Grid, launch};
pub use memory::{Fault, Memory, Owner};
pub use parse::{Refusal, parse};
pub use program::Program;
