//! The extension module `hypersonic._dispatch`: loads and verifies kernel libraries, chooses, guards, calls, raises.
//!
//! Architecture invariant: nothing here fails an import or a call because of itself; whatever is not understood goes to
//! the Python function. Unsafe functions of this crate state their contract under `# Safety`; their bodies rely on it.
#![allow(unsafe_code, unsafe_op_in_unsafe_fn)]
#![allow(clippy::missing_safety_doc)]

mod array;
mod bind;
mod call;
mod callable;
mod capsule;
mod class;
mod device;
mod device_array;
mod device_call;
mod digest;
mod dtype;
mod failure;
mod fallback;
mod frame;
mod given;
mod interface;
mod level;
mod library;
mod matching;
mod memory;
mod numpy;
mod object;
mod objects;
mod parallel;
mod plain;
mod plan;
mod python;
mod rehearsal;
mod results;
mod stack;
mod support;
mod ufunc;

use pyo3::prelude::*;
use std::path::PathBuf;

/// The native half of `hypersonic`.
#[pymodule]
mod _dispatch {
    use super::{Bound, PathBuf, PyAny, PyModule, PyModuleMethods, PyResult, callable, capsule, digest, level};
    use pyo3::pyfunction;

    #[pymodule_export]
    use super::device_array::DeviceArray;
    #[pymodule_export]
    use super::library::Library;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("BoostedFunction", callable::prepare(module.py())?)?;
        module.add("ABI_VERSION", hypersonic_abi::ABI_VERSION)
    }

    /// SHA-256 of a file's bytes, lower-case hex.
    #[pyfunction]
    fn file_digest(path: PathBuf) -> PyResult<String> {
        Ok(digest::of_file(&path)?)
    }

    /// A level's full name (`v2` is `x86-64-v2`), or None if this architecture has no such level.
    #[pyfunction]
    fn parse_level(text: &str) -> Option<&'static str> {
        level::parse(text)
    }

    /// The best level that kernels can be made for and run at on this machine, not above `cap`.
    #[pyfunction]
    #[pyo3(signature = (cap=None))]
    fn host_level(cap: Option<&str>) -> Option<&'static str> {
        let all = level::known();
        let names: Vec<String> = all.iter().filter(|name| **name != "x86-64").map(|name| (*name).to_owned()).collect();
        let best = level::choose(&names, cap)?;
        all.iter().copied().find(|name| *name == names[best])
    }

    /// (calls that Python answered, why it answered the last) of a boosted function; None for other objects.
    #[pyfunction]
    fn fallbacks(function: &Bound<'_, PyAny>) -> Option<(u64, Option<String>)> {
        let inner = callable::inner_of(function)?;
        Some((inner.fallbacks.count(), inner.fallbacks.last(&inner.library.manifest.failures)))
    }

    /// How many signatures of a boosted function are used, and why not more, if some cannot be; None for other objects.
    #[pyfunction]
    fn planned(function: &Bound<'_, PyAny>) -> Option<(usize, Option<String>)> {
        callable::inner_of(function).map(|inner| (inner.signatures.len(), inner.refused.clone()))
    }

    /// Whether a boosted function has kernels for GPUs.
    #[pyfunction]
    fn has_gpu_kernels(function: &Bound<'_, PyAny>) -> bool {
        callable::inner_of(function).is_some_and(|inner| inner.signatures.iter().any(|signature| signature.gpu.is_some()))
    }

    /// Whether the last call that a kernel of a boosted function answered ran on a GPU.
    #[pyfunction]
    fn ran_on_gpu(function: &Bound<'_, PyAny>) -> bool {
        callable::inner_of(function).is_some_and(|inner| inner.on_gpu.load(std::sync::atomic::Ordering::Relaxed))
    }

    /// The first failure of a capsule's C function since this was last asked, as an exception; None if there was none.
    #[pyfunction]
    fn capsule_failure(capsule: &Bound<'_, PyAny>) -> PyResult<Option<pyo3::Py<PyAny>>> {
        capsule::failure(capsule)
    }

    /// Whether loops of a boosted function may run on several threads.
    #[pyfunction]
    fn has_parallel_loops(function: &Bound<'_, PyAny>) -> bool {
        callable::inner_of(function).is_some_and(|inner| inner.parallel)
    }

    /// On how many threads parallel loops run.
    #[pyfunction]
    fn get_num_threads() -> usize {
        hypersonic_pool::number()
    }

    /// Sets that for loops that begin from now on; 0 goes back to what it was at first.
    #[pyfunction]
    fn set_num_threads(threads: usize) {
        hypersonic_pool::set_number(threads);
    }

    /// Why no GPU can be used, or None if one can.
    #[pyfunction]
    fn driver_problem() -> Option<String> {
        super::device::driver_problem()
    }
}
