//! A package's kernels: the manifest read and checked, the library's bytes compared with their digest, then mapped.
//! Refuses in one line whatever does not fit this runtime, this machine or its own manifest.

use crate::bind::Parameters;
use crate::callable::{self, Inner};
use crate::capsule;
use crate::digest;
use crate::fallback::Fallbacks;
use crate::level;
use crate::object::ObjectPlan;
use crate::plain;
use crate::plan::{Entries, SignaturePlan};
use crate::ufunc;
use hypersonic_abi::manifest::{FileDigest, Function, Manifest, Signature, is_intact};
use hypersonic_abi::{ABI_VERSION, Entry, PLAIN_SYMBOL, Plain};
use hypersonic_gpu::{Device, Module, Problem};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::ffi::c_void;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// A loaded library and what belongs to it. Never unloaded: functions may outlive every reference to their module.
pub struct Loaded {
    /// The manifest.
    pub manifest: Manifest,
    /// The manifest's folder.
    pub folder: PathBuf,
    handle: Option<libloading::Library>,
    /// Row of the chosen level in the manifest.
    level: usize,
    /// Its PTX as loaded on each GPU that was used, or why that failed.
    modules: Mutex<Vec<(i32, Result<&'static Module, Problem>)>>,
}

impl Loaded {
    /// Loads what lies in `folder`. `cap` lowers the level.
    pub fn open(folder: &Path, cap: Option<&str>) -> Result<Loaded, String> {
        let path = folder.join("manifest.json");
        let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let manifest = parse(&bytes).map_err(|reason| format!("{}: {reason}", path.display()))?;
        let machine = level::platform().unwrap_or("an unknown platform");
        if manifest.platform != machine {
            return Err(format!("its kernels are for {}, this is {machine}", manifest.platform));
        }
        let Some(file) = &manifest.library else {
            return Ok(Loaded { manifest, folder: folder.to_owned(), handle: None, level: 0, modules: Mutex::default() });
        };
        let level = level::choose(&manifest.levels, cap)
            .ok_or_else(|| format!("its levels {} are above what may be used here", manifest.levels.join(", ")))?;
        let (path, _) = checked_bytes(folder, file)?;
        // Between the comparison and the mapping the file could still be exchanged: who can do that can also
        // exchange the Python files beside it. The digest guards against damage, not against the owner of the folder.
        // SAFETY: a kernel library has no initialisers and imports nothing; its bytes are those of the manifest.
        let handle = unsafe { libloading::Library::new(&path) }.map_err(|error| format!("{}: {error}", path.display()))?;
        if manifest.modules.values().flat_map(|module| module.functions.values()).any(|function| plain::is_needed(&function.exports)) {
            // SAFETY: the symbol is a pointer that the library's plain functions read, and nobody has called one yet.
            unsafe {
                let place = handle.get::<*mut *const Plain>(PLAIN_SYMBOL.as_bytes()).map_err(|error| format!("{PLAIN_SYMBOL}: {error}"))?;
                **place = &raw const plain::PLAIN.0;
            }
        }
        Ok(Loaded { manifest, folder: folder.to_owned(), handle: Some(handle), level, modules: Mutex::default() })
    }

    /// The name of the chosen level.
    pub fn level_name(&self) -> Option<&str> {
        self.handle.as_ref().and_then(|_| self.manifest.levels.get(self.level)).map(String::as_str)
    }

    /// The kernels on a GPU, given to its driver at the first use.
    pub fn gpu_module(&self, device: &Device) -> Result<&'static Module, Problem> {
        let mut modules = self.modules.lock().map_err(|_| Problem("the table of modules is lost".to_owned()))?;
        if let Some((_, module)) = modules.iter().find(|(ordinal, _)| *ordinal == device.ordinal()) {
            return module.clone();
        }
        let module = self.load_ptx(device);
        modules.push((device.ordinal(), module.clone()));
        // Warning runs Python, which may let another thread run: not under the lock.
        drop(modules);
        if let Err(problem) = &module {
            warn(&format!("the GPU kernels in {} are not used: {problem}", self.folder.display()));
        }
        module
    }

    fn load_ptx(&self, device: &Device) -> Result<&'static Module, Problem> {
        let file = self.manifest.ptx.as_ref().ok_or_else(|| Problem("the package has no GPU kernels".to_owned()))?;
        let bytes = checked_bytes(&self.folder, file).map_err(Problem)?.1;
        Module::load(device, &bytes, &self.manifest.gpu_kernels).map(|module| &*Box::leak(Box::new(module)))
    }

    fn plan(&self, signature: &Signature) -> Result<SignaturePlan, String> {
        let strided = self.entry(self.of_level(signature, &signature.strided)?)?;
        let contiguous =
            if signature.contiguous.is_empty() { None } else { Some(self.entry(self.of_level(signature, &signature.contiguous)?)?) };
        let gpu = signature.gpu.as_deref().map(|symbol| self.entry(symbol)).transpose()?;
        SignaturePlan::new(signature, Entries { contiguous, strided, gpu })
    }

    /// The signatures that can be planned, up to the first that cannot: one behind it might take a call that was meant for it. Why there are
    /// no more; if there are none at all, that is an error.
    fn plan_all(&self, signatures: &[Signature]) -> Result<(Vec<SignaturePlan>, Option<String>), String> {
        let mut plans = Vec::new();
        for signature in signatures {
            match self.plan(signature) {
                Ok(plan) => plans.push(plan),
                Err(reason) if plans.is_empty() => return Err(reason),
                Err(reason) => return Ok((plans, Some(format!("`{}` is not used: {reason}", signature.text)))),
            }
        }
        Ok((plans, None))
    }

    fn of_level<'a>(&self, signature: &Signature, symbols: &'a [String]) -> Result<&'a str, String> {
        match symbols.get(self.level) {
            Some(symbol) if symbols.len() == self.manifest.levels.len() => Ok(symbol),
            _ => Err(format!("the manifest has no symbol per level for `{}`", signature.text)),
        }
    }

    /// The address of a plain function, of which the manifest names a symbol per level.
    pub fn address(&self, symbols: &[String]) -> Result<*mut c_void, String> {
        let (Some(symbol), Some(handle)) = (symbols.get(self.level), &self.handle) else {
            return Err("the manifest names no symbol for this level".to_owned());
        };
        // SAFETY: only the address is taken.
        let found = unsafe { handle.get::<*mut c_void>(symbol.as_bytes()) };
        found.map(|symbol| *symbol).map_err(|error| format!("`{symbol}`: {error}"))
    }

    fn entry(&self, symbol: &str) -> Result<Entry, String> {
        let handle = self.handle.as_ref().ok_or("the manifest names no library")?;
        // SAFETY: what the manifest calls an entry has the type of an entry.
        unsafe { handle.get::<Entry>(symbol.as_bytes()) }.map(|entry| *entry).map_err(|error| format!("`{symbol}`: {error}"))
    }
}

fn parse(bytes: &[u8]) -> Result<Manifest, String> {
    if is_intact(bytes, digest::of_bytes) == Some(false) {
        return Err("it is damaged: its seal does not fit its content".to_owned());
    }
    let version = |abi: u64| Err(format!("it was built for version {abi} of the kernel interface, this runtime has version {ABI_VERSION}"));
    match serde_json::from_slice::<Manifest>(bytes) {
        Ok(manifest) if manifest.abi == ABI_VERSION => Ok(manifest),
        Ok(manifest) => version(manifest.abi.into()),
        Err(error) => {
            let other = serde_json::from_slice::<serde_json::Value>(bytes).ok().and_then(|value| value.get("abi")?.as_u64());
            match other {
                Some(abi) if abi != u64::from(ABI_VERSION) => version(abi),
                _ => Err(format!("not a manifest: {error}")),
            }
        }
    }
}

/// Gives a `HypersonicWarning`, once per text.
fn warn(text: &str) {
    Python::attach(|py| {
        // A warning that cannot be given must not spoil the call.
        let _ = py.import("hypersonic._warning").and_then(|module| module.call_method1("warn_once", (text,)));
    });
}

/// A file whose bytes are as the manifest says: its absolute path, and the bytes.
fn checked_bytes(folder: &Path, file: &FileDigest) -> Result<(PathBuf, Vec<u8>), String> {
    if !Path::new(&file.path).components().all(|component| matches!(component, Component::Normal(_))) {
        return Err(format!("`{}` leaves the folder of the manifest", file.path));
    }
    let path = std::path::absolute(folder.join(&file.path)).map_err(|error| format!("{}: {error}", folder.display()))?;
    let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if digest::of_bytes(&bytes) == file.sha256 {
        Ok((path, bytes))
    } else {
        Err(format!("{} is damaged: its SHA-256 is not that of the manifest", path.display()))
    }
}

/// The kernels of one package.
#[pyclass(frozen, module = "hypersonic._dispatch")]
pub struct Library {
    loaded: &'static Loaded,
}

/// What the manifest says of a function: its dependencies, its signatures as text, and why it stays Python.
type FunctionFacts = (Vec<(String, String)>, Vec<String>, Vec<String>);

#[pymethods]
impl Library {
    /// Loads the kernels in a folder; raises `ValueError` with the reason if that cannot be.
    #[new]
    #[pyo3(signature = (folder, cap=None))]
    fn new(folder: PathBuf, cap: Option<&str>) -> PyResult<Library> {
        let loaded = Loaded::open(&folder, cap).map_err(PyValueError::new_err)?;
        Ok(Library { loaded: Box::leak(Box::new(loaded)) })
    }

    /// The chosen microarchitecture level.
    #[getter]
    fn level(&self) -> Option<&str> {
        self.loaded.level_name()
    }

    /// The SHA-256 that a module's file must have, or None if the manifest does not know the module.
    fn module_digest(&self, module: &str) -> Option<&str> {
        self.loaded.manifest.modules.get(module).map(|module| module.sha256.as_str())
    }

    /// The SHA-256 that a piece of a module must have.
    fn piece_digest(&self, module: &str, piece: &str) -> Option<&str> {
        self.loaded.manifest.modules.get(module)?.pieces.get(piece).map(String::as_str)
    }

    /// (dependencies, signatures, reasons) of a function, or None if the manifest does not know it.
    fn function(&self, module: &str, name: &str) -> Option<FunctionFacts> {
        let function = self.find(module, name)?;
        let texts = function.signatures.iter().map(|signature| signature.text.clone()).collect();
        Some((function.depends.clone(), texts, function.reasons.clone()))
    }

    /// The names of a function's parameters, or None if the manifest does not know it.
    fn parameters(&self, module: &str, name: &str) -> Option<Vec<&str>> {
        Some(self.find(module, name)?.parameters.iter().map(String::as_str).collect())
    }

    /// Whether the kernels of a function hold `assert` statements.
    fn has_asserts(&self, module: &str, name: &str) -> bool {
        self.find(module, name).is_some_and(|function| function.asserts)
    }

    /// Whether a function is left to Python because that is faster.
    fn is_left(&self, module: &str, name: &str) -> bool {
        self.find(module, name).is_some_and(|function| function.left)
    }

    /// (whether it is a ufunc, whether its name is a capsule) of a function, or None if the manifest does not know it.
    fn exports(&self, module: &str, name: &str) -> Option<(bool, bool)> {
        let exports = &self.find(module, name)?.exports;
        Some((!exports.ufunc.is_empty(), exports.capsule.as_ref().is_some_and(|capsule| capsule.replaces)))
    }

    /// The C function of a function in a capsule; raises `ValueError` if it has none.
    fn capsule<'py>(&self, module: &str, name: &str, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let known = self.find(module, name).and_then(|known| known.exports.capsule.as_ref());
        let known = known.ok_or_else(|| PyValueError::new_err("it has no C function"))?;
        capsule::create(self.loaded, known, function)
    }

    /// The ufunc that a function is; raises `ValueError` if it is none.
    fn ufunc<'py>(&self, module: &str, name: &str, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let known = self.find(module, name).ok_or_else(|| PyValueError::new_err("the manifest does not know it"))?;
        ufunc::create(self.loaded, known, function)
    }

    /// (module, names of its boosted functions), in order of names.
    fn functions(&self) -> Vec<(&str, Vec<&str>)> {
        let modules = self.loaded.manifest.modules.iter();
        modules.map(|(name, module)| (name.as_str(), module.functions.keys().map(String::as_str).collect())).collect()
    }

    /// A boosted function; raises `ValueError` with the reason if that cannot be.
    fn bind<'py>(&self, module: &str, name: &str, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let known = self.find(module, name).ok_or_else(|| PyValueError::new_err("the manifest does not know it"))?;
        let parameters = Parameters::of(function, &known.parameters)?.map_err(PyValueError::new_err)?;
        let (signatures, refused) = self.loaded.plan_all(&known.signatures).map_err(PyValueError::new_err)?;
        let object = known.object.as_ref().map(|object| ObjectPlan::new(function.py(), object, &signatures));
        // The object itself is matched by no type.
        let expected = object.as_ref().map_or(parameters.len(), |object| (parameters.len() + object.count()).wrapping_sub(1));
        let sets_nothing = || signatures.iter().all(|signature| signature.sets.is_empty());
        if (object.is_some() && parameters.len() == 0) || (object.is_none() && !sets_nothing()) {
            return Err(PyValueError::new_err("the manifest speaks of an object that the function does not take"));
        }
        if signatures.iter().any(|signature| signature.matchers.len() != expected) {
            return Err(PyValueError::new_err("a signature of the manifest has another number of parameters"));
        }
        let (fallbacks, on_gpu) = (Fallbacks::default(), AtomicBool::new(false));
        let (parallel, library) = (known.parallel, self.loaded);
        callable::create(function, Inner { parameters, object, signatures, refused, library, parallel, fallbacks, on_gpu })
    }
}

impl Library {
    fn find(&self, module: &str, name: &str) -> Option<&'static Function> {
        self.loaded.manifest.modules.get(module)?.functions.get(name)
    }
}
