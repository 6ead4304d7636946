//! Compiles small modules, links and loads them, and calls their entries with frames.
#![allow(
    unsafe_code,
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test calls what it has just compiled"
)]

use hypersonic_abi::{Block, Context, Entry, ErrorRecord, Support};
use hypersonic_link::link;
use hypersonic_llvm::{Level, Options, compile, levels, symbol};
use hypersonic_loops::{Builder, Checked, Linkage, MemoryClass, Module, Ty, ValueId};
use std::cell::RefCell;

/// The levels that every machine that runs these tests has.
pub fn host_levels() -> Vec<&'static Level> {
    let platform = if cfg!(target_arch = "aarch64") { "aarch64-linux" } else { "x86_64-linux" };
    let has = |level: &&Level| match level.suffix {
        #[cfg(target_arch = "x86_64")]
        "v3" => std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma"),
        #[cfg(target_arch = "x86_64")]
        "v4" => std::is_x86_feature_detected!("avx512vl") && std::is_x86_feature_detected!("avx512dq"),
        _ => true,
    };
    levels(platform).iter().filter(has).collect()
}

/// A module with one entry `f`, written with its frames at hand.
pub fn entry(write: impl FnOnce(&mut Builder, ValueId, ValueId)) -> Module {
    let mut module = Module::default();
    let mut b = Builder::new(&mut module.failures, "f", Linkage::Entry, vec![Ty::Ptr, Ty::Ptr], vec![]);
    let (arguments, results) = (b.parameter(0), b.parameter(1));
    write(&mut b, arguments, results);
    b.ret(vec![]);
    let function = b.finish();
    module.functions.push(function);
    module
}

pub fn word_address(b: &mut Builder, frame: ValueId, n: usize) -> ValueId {
    let bytes = b.i64(8 * n as i64);
    b.offset(frame, bytes)
}

pub fn argument(b: &mut Builder, frame: ValueId, n: usize, ty: Ty) -> ValueId {
    let address = word_address(b, frame, n);
    b.load(ty, address, MemoryClass::ANY)
}

pub fn element(b: &mut Builder, base: ValueId, index: ValueId, ty: Ty) -> ValueId {
    let size = b.i64(ty.size() as i64);
    let bytes = b.mul(index, size);
    b.offset(base, bytes)
}

pub fn checked(module: Module) -> Checked<Module> {
    Checked::new(module).expect("the test's module obeys the law")
}

/// A loaded library.
pub struct Stage {
    library: libloading::Library,
    level: &'static Level,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub fn new(module: &Checked<Module>, level: &'static Level) -> Self {
        let object = compile(module, &[level], &Options::default()).remove(0).unwrap_or_else(|bug| panic!("{bug}\n{}", bug.ir));
        let library = link(&[object.bytes], level.platform, &object.symbols).expect("links");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("kernels.so");
        std::fs::write(&path, library).expect("writes");
        // SAFETY: the library has no constructor.
        let library = unsafe { libloading::Library::new(&path) }.expect("loads");
        Self { library, level, _folder: folder }
    }

    /// Calls entry `f`: its status, its error record.
    pub fn call(&self, arguments: &[u64], results: &mut [u64]) -> (i32, ErrorRecord) {
        let name = symbol("f", self.level.suffix);
        // SAFETY: every test's `f` is an entry.
        let entry: libloading::Symbol<Entry> = unsafe { self.library.get(name.as_bytes()) }.expect("is exported");
        let mut record = ErrorRecord::default();
        let mut context = Context { blocks: std::ptr::null_mut(), owner: std::ptr::null_mut() };
        let support = support();
        // SAFETY: the frames have the words that the test's entry reads and writes.
        let status = unsafe { entry(&raw const support, &raw mut context, &raw mut record, arguments.as_ptr(), results.as_mut_ptr()) };
        (status, record)
    }
}

thread_local! {
    /// Launches and allocations seen by the support table of these tests.
    pub static LAUNCHES: RefCell<Vec<(u32, u64, Vec<u64>)>> = const { RefCell::new(Vec::new()) };
    pub static RELEASED: RefCell<usize> = const { RefCell::new(0) };
}

fn support() -> Support {
    Support {
        version: hypersonic_abi::ABI_VERSION,
        size: u32::try_from(size_of::<Support>()).expect("small"),
        allocate,
        release,
        python_random,
        launch,
        overlap,
        object,
        stack_end,
        parallel,
    }
}

unsafe extern "C" fn parallel(
    support: *const Support,
    context: *mut Context,
    error: *mut ErrorRecord,
    body: hypersonic_abi::Chunk,
    words: *const u64,
    chunks: u64,
    _: u64,
) -> i32 {
    // SAFETY: what the kernel gave; backwards, since any order is lawful.
    (0..chunks).rev().map(|chunk| unsafe { body(support, context, error, words, chunk) }).find(|status| *status != 0).unwrap_or(0)
}

extern "C" fn object(_: *mut Context, _: u64, _: *const u64, _: *mut u64) -> i64 {
    hypersonic_abi::object::status::PYTHON
}

extern "C" fn stack_end(_: *mut Context) -> u64 {
    0
}

extern "C" fn overlap(_: *mut Context, _: *const i64, _: u64, _: i64, _: *const i64, _: u64, _: i64, _: u64) -> u64 {
    0
}

extern "C" fn allocate(_: *mut Context, bytes: u64, zeroed: u64) -> *mut Block {
    if bytes > 1 << 30 {
        return std::ptr::null_mut();
    }
    let fill = if zeroed == 0 { 0xAA } else { 0 };
    let data = Vec::leak(vec![fill; bytes as usize]).as_mut_ptr();
    let block = Block { data, references: 1, bytes, next: std::ptr::null_mut(), previous: std::ptr::null_mut(), kind: 0 };
    Box::leak(Box::new(block))
}

extern "C" fn release(_: *mut Context, _: *mut Block) {
    RELEASED.with_borrow_mut(|count| *count += 1);
}

extern "C" fn python_random(_: *mut Context) -> f64 {
    0.25
}

extern "C" fn launch(_: *mut Context, kernel: u32, count: u64, parameters: *const u64, n_parameters: u64) -> i32 {
    // SAFETY: the kernel passes that many words.
    let words = unsafe { std::slice::from_raw_parts(parameters, n_parameters as usize) }.to_vec();
    LAUNCHES.with_borrow_mut(|seen| seen.push((kernel, count, words)));
    i32::from(count == 13)
}

/// Runs `f` at every level of this machine and gives its results, which must be the same.
pub fn run(module: Module, arguments: &[u64], results: usize) -> Vec<u64> {
    let module = checked(module);
    let mut all = host_levels().into_iter().map(|level| {
        let mut words = vec![0; results];
        let (status, record) = Stage::new(&module, level).call(arguments, &mut words);
        assert_eq!(status, 0, "{record:?}");
        words
    });
    let first = all.next().expect("a level");
    for other in all {
        assert_eq!(first, other, "two levels differ");
    }
    first
}
