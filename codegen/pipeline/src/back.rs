//! Loop IR to a kernel library and PTX: every unit at every level, in parallel, then one link.

use crate::front::Front;
use crate::unit::{Unit, Units, internal};
use crate::{Observer, Progress, Request};
use hypersonic_abi::PLAIN_SYMBOL;
use hypersonic_diagnostics::Diagnostic;
use hypersonic_llvm::thunk::Thunk;
use hypersonic_llvm::{Bug, Level, Object, Options, Ptx};
use hypersonic_loops::passes::offload::{Kernel, Offloaded, offload};
use hypersonic_loops::passes::weight;
use hypersonic_loops::{Checked, Failure, Module};
use rayon::prelude::*;
use std::borrow::Cow;

/// A unit with its code.
pub struct Made {
    /// The unit.
    pub unit: Unit,
    /// Symbols of the contiguous version, per level.
    pub contiguous: Vec<String>,
    /// Symbols of the strided version, per level.
    pub strided: Vec<String>,
    /// Symbols of its thunks, each per level.
    pub thunks: Vec<Vec<String>>,
    /// Symbol of the version that launches GPU kernels.
    pub gpu: Option<String>,
    /// Whether that version is rehearsed.
    pub rehearsed: bool,
    /// How many GPU kernels it has.
    pub gpu_kernels: usize,
}

/// All code of a package.
#[derive(Default)]
pub struct Library {
    /// The shared library.
    pub bytes: Option<Vec<u8>>,
    /// The PTX text.
    pub ptx: Option<String>,
    /// Names of GPU kernels by row.
    pub gpu_kernels: Vec<String>,
    /// Names of the levels.
    pub levels: Vec<String>,
    /// Failures of all units, by row.
    pub failures: Vec<Failure>,
    /// The units.
    pub made: Vec<Made>,
    /// Why others were not made: position of the function, diagnostic.
    pub diagnostics: Vec<(usize, Diagnostic)>,
    /// The functions of signatures that are left to Python, each as often as it has some.
    pub left: Vec<usize>,
}

/// What [`build`] gives, without code. Nests are counted as if they were compiled.
pub fn without_code(units: Units) -> Library {
    let made = units.made.into_iter().map(|unit| {
        let gpu_kernels = gpu_version(&unit, 0).map_or(0, |offloaded| offloaded.kernels.len());
        Made { unit, contiguous: Vec::new(), strided: Vec::new(), thunks: Vec::new(), gpu: None, rehearsed: false, gpu_kernels }
    });
    Library { made: made.collect(), diagnostics: units.diagnostics, left: units.left, ..Library::default() }
}

/// A unit's code for GPUs, if it has any; kernels are counted from `kernel_base`.
fn gpu_version(unit: &Unit, kernel_base: u32) -> Option<Offloaded> {
    unit.contiguous.as_ref()?;
    let offloaded = offload(unit.whole.as_ref().unwrap_or(&unit.strided), kernel_base);
    (!offloaded.entries.is_empty()).then_some(offloaded)
}

/// Objects to make of one module.
struct Job<'u> {
    unit: usize,
    module: Cow<'u, Checked<Module>>,
    levels: Vec<&'static Level>,
    version: Version,
    failure_base: u32,
    thunks: &'u [Thunk],
}

/// Which symbol of a signature an object holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Contiguous,
    Strided,
    Gpu,
}

/// Compiles all units and links them.
pub fn build(front: &Front, units: Units, request: &Request, observer: &Observer<'_>) -> Library {
    let levels: Vec<&'static Level> = hypersonic_llvm::levels(request.platform.name())
        .iter()
        .filter(|level| request.levels.is_empty() || request.levels.iter().any(|name| name == level.name))
        .collect();
    let mut library = Library { diagnostics: units.diagnostics, left: units.left, ..Library::default() };
    library.levels = levels.iter().map(|level| level.name.to_owned()).collect();
    let made = units.made;
    let mut kernels = Vec::new();
    let mut on_gpu = vec![OnGpu::default(); made.len()];
    let jobs = plan(&made, &levels, request.gpu, &mut library.failures, &mut kernels, &mut on_gpu);
    let (objects, ptx) = rayon::join(|| objects(jobs, request.optimize), || hypersonic_llvm::compile_ptx(&kernels));
    let mut symbols = vec![[Vec::new(), Vec::new(), Vec::new()]; made.len()];
    let mut thunks: Vec<Vec<Vec<String>>> = made.iter().map(|unit| vec![Vec::new(); unit.thunks.all.len()]).collect();
    let mut all = Vec::new();
    for (unit, version, outcome) in objects {
        match outcome {
            Ok(object) => {
                symbols[unit][version as usize].extend(object.symbols.iter().cloned());
                thunks[unit].iter_mut().zip(object.thunks).for_each(|(all, symbol)| all.push(symbol));
                all.push(object.bytes);
            }
            Err(bug) => {
                let function = made[unit].function;
                library.diagnostics.push((function, internal(&front.boosted[function], &format!("{bug}\n{}", bug.ir))));
                symbols[unit] = [Vec::new(), Vec::new(), Vec::new()];
                thunks[unit].clear();
                on_gpu[unit].kernels = usize::MAX;
            }
        }
    }
    let mut exports: Vec<String> = symbols.iter().flatten().flatten().chain(thunks.iter().flatten().flatten()).cloned().collect();
    if thunks.iter().flatten().flatten().next().is_some() {
        exports.push(PLAIN_SYMBOL.to_owned());
    }
    for (((unit, symbols), thunks), OnGpu { kernels: gpu_kernels, rehearsed }) in made.into_iter().zip(symbols).zip(thunks).zip(on_gpu) {
        if gpu_kernels != usize::MAX {
            let [contiguous, strided, gpu] = symbols;
            let strided = for_every_level(&levels, strided);
            let contiguous = with_strided(&levels, &unit, contiguous, &strided);
            let thunks = thunks.into_iter().map(|symbols| for_every_level(&levels, symbols)).collect();
            let gpu = gpu.into_iter().next();
            library.made.push(Made { unit, contiguous, strided, thunks, gpu, rehearsed, gpu_kernels });
        }
    }
    take_ptx(&mut library, front, ptx);
    if !library.made.is_empty() {
        observer(Progress::Linking);
        link(&mut library, front, request, &all, &exports);
    }
    library
}

/// What a unit has for GPUs.
#[derive(Clone, Default)]
struct OnGpu {
    kernels: usize,
    rehearsed: bool,
}

/// Lists the objects to make; fills in the failures of all units, the GPU kernels, and what each unit has of them.
fn plan<'u>(
    made: &'u [Unit],
    levels: &[&'static Level],
    gpu: bool,
    failures: &mut Vec<Failure>,
    kernels: &mut Vec<Kernel>,
    on_gpu: &mut [OnGpu],
) -> Vec<Job<'u>> {
    let mut jobs = Vec::new();
    let strided_levels: Vec<_> = own_strided(levels).filter_map(|(level, own)| own.then_some(level)).collect();
    for (number, unit) in made.iter().enumerate() {
        let mut add = |module: &Cow<'u, Checked<Module>>, version: Version, levels: &[&'static Level]| {
            let failure_base = u32::try_from(failures.len()).unwrap_or(u32::MAX);
            failures.extend(module.failures.iter().cloned());
            let thunks = if version == Version::Strided { unit.thunks.all.as_slice() } else { &[] };
            jobs.push(Job { unit: number, module: module.clone(), levels: levels.to_vec(), version, failure_base, thunks });
        };
        add(&Cow::Borrowed(&unit.strided), Version::Strided, &strided_levels);
        if let Some(contiguous) = &unit.contiguous {
            let places = levels.iter().zip(contiguous_at(levels, contiguous));
            let own: Vec<_> = places.filter(|(_, place)| *place == Contiguous::Own).map(|(level, _)| *level).collect();
            add(&Cow::Borrowed(contiguous), Version::Contiguous, &own);
        }
        if !gpu {
            continue;
        }
        let Some(offloaded) = gpu_version(unit, u32::try_from(kernels.len()).unwrap_or(u32::MAX)) else { continue };
        if let Ok(host) = Checked::new(offloaded.host) {
            add(&Cow::Owned(host), Version::Gpu, &levels[..1]);
            let rehearsed = offloaded.entries.iter().any(|entry| entry.rehearsed);
            on_gpu[number] = OnGpu { kernels: offloaded.kernels.len(), rehearsed };
            kernels.extend(offloaded.kernels);
        }
    }
    jobs
}

/// The levels, and whether the strided version is compiled there.
fn own_strided<'l>(levels: &'l [&'static Level]) -> impl Iterator<Item = (&'static Level, bool)> + 'l {
    levels.iter().enumerate().map(|(at, level)| (*level, at == 0 || level.own_strided))
}

/// Where the contiguous version of a function comes from at a level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contiguous {
    /// It is compiled there.
    Own,
    /// It is that of the level below.
    Below,
    /// It is the strided version.
    Strided,
}

/// The same for each of some levels.
fn contiguous_at(levels: &[&'static Level], module: &Module) -> Vec<Contiguous> {
    let heavy = weight::holds_heavy_loops(module);
    let mut known = false;
    let mut all = Vec::with_capacity(levels.len());
    for level in levels {
        all.push(if level.light && levels.len() > 1 {
            Contiguous::Strided
        } else if known && level.only_heavy && !heavy {
            Contiguous::Below
        } else {
            known = true;
            Contiguous::Own
        });
    }
    all
}

/// A contiguous symbol per level. None at all if the function takes no arrays.
fn with_strided(levels: &[&'static Level], unit: &Unit, symbols: Vec<String>, strided: &[String]) -> Vec<String> {
    let Some(module) = &unit.contiguous else { return Vec::new() };
    let mut compiled = symbols.into_iter();
    let mut latest = String::new();
    let mut all = Vec::with_capacity(levels.len());
    for (place, strided) in contiguous_at(levels, module).into_iter().zip(strided) {
        match place {
            Contiguous::Own => latest = compiled.next().unwrap_or_default(),
            Contiguous::Strided => latest.clone_from(strided),
            Contiguous::Below => {}
        }
        all.push(latest.clone());
    }
    all
}

/// A symbol per level, of those that were compiled.
fn for_every_level(levels: &[&'static Level], symbols: Vec<String>) -> Vec<String> {
    let mut compiled = symbols.into_iter();
    let mut latest = String::new();
    let mut all = Vec::with_capacity(levels.len());
    for (_, own) in own_strided(levels) {
        if own {
            latest = compiled.next().unwrap_or_default();
        }
        all.push(latest.clone());
    }
    all
}

type Outcome = (usize, Version, Result<Object, Bug>);

fn objects(jobs: Vec<Job<'_>>, optimize: bool) -> Vec<Outcome> {
    jobs.into_par_iter()
        .flat_map_iter(|job| {
            let suffix = (job.version == Version::Gpu).then_some(hypersonic_llvm::GPU_SUFFIX);
            let options = Options { failure_base: job.failure_base, suffix, thunks: job.thunks, quick: !optimize };
            let made = hypersonic_llvm::compile(&job.module, &job.levels, &options);
            made.into_iter().map(move |outcome| (job.unit, job.version, outcome))
        })
        .collect()
}

/// Without its PTX a package still has all its CPU kernels.
fn take_ptx(library: &mut Library, front: &Front, ptx: Result<Ptx, Bug>) {
    match ptx {
        Ok(ptx) if !ptx.text.is_empty() => {
            library.ptx = Some(ptx.text);
            library.gpu_kernels = ptx.kernels;
        }
        Ok(_) => {}
        Err(bug) => {
            if let Some(function) = library.made.first().map(|made| made.unit.function) {
                let mut diagnostic = internal(&front.boosted[function], &format!("{bug}\n{}", bug.ir));
                diagnostic.title = "no GPU kernels: the compiler made a mistake".to_owned();
                library.diagnostics.push((function, diagnostic));
            }
            for made in &mut library.made {
                made.gpu = None;
                made.gpu_kernels = 0;
            }
        }
    }
}

fn link(library: &mut Library, front: &Front, request: &Request, objects: &[Vec<u8>], exports: &[String]) {
    match hypersonic_link::link(objects, request.platform.name(), exports) {
        Ok(bytes) => library.bytes = Some(bytes),
        Err(error) => {
            library.ptx = None;
            library.gpu_kernels.clear();
            for made in std::mem::take(&mut library.made) {
                let function = made.unit.function;
                library.diagnostics.push((function, internal(&front.boosted[function], &error.to_string())));
            }
        }
    }
}
