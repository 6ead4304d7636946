//! NVIDIA's driver, found at run time, and what kernels need of it: contexts, modules, memory, launches.
//!
//! Architecture invariant: nothing is linked and nothing loaded before it is asked for; every refusal of the driver is a
//! value with the driver's own words, never a panic. No Python here.
#![allow(unsafe_code)]

mod device;
mod driver;
mod module;

pub use device::{Current, Device, Memory};
pub use driver::{Driver, Problem};
pub use module::Module;

/// A stream, as the driver's handle: 0 and 1 are the legacy default stream, 2 the default stream of the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(pub u64);

impl Stream {
    /// The stream that everybody synchronises with.
    pub const LEGACY: Stream = Stream(1);
}
