//! NVIDIA's driver, found at run time, and what kernels need of it. Never linked, never loaded before it is asked for.

/// A GPU as a call uses it.
#[derive(Debug)]
pub struct Device {}
