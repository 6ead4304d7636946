//! The functions of the driver's interface that the launcher looks up, by NVIDIA's names and types.
#![allow(unsafe_code, non_snake_case, clippy::missing_safety_doc)]

use crate::decode::decode;
use crate::launch::{Grid, launch};
use crate::memory::{Fault, Memory, Owner};
use crate::parse::{Source, parse};
use crate::program::Program;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

const INVALID_VALUE: c_int = 1;
const OUT_OF_MEMORY: c_int = 2;
const NO_DEVICE: c_int = 100;
const INVALID_DEVICE: c_int = 101;
const INVALID_CONTEXT: c_int = 201;
const INVALID_PTX: c_int = 218;
const INVALID_HANDLE: c_int = 400;
const NOT_FOUND: c_int = 500;
const ILLEGAL_ADDRESS: c_int = 700;
const MISALIGNED_ADDRESS: c_int = 716;
const LAUNCH_FAILED: c_int = 719;
/// `CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL`.
const DEVICE_ORDINAL: c_int = 9;
const MOST_THREADS: c_uint = 1024;

static MEMORY: LazyLock<RwLock<Memory>> = LazyLock::new(|| RwLock::new(Memory::new()));
static LAUNCHES: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// Ordinals of the GPUs whose contexts were made current, the last on top.
    static CURRENT: RefCell<Vec<c_int>> = const { RefCell::new(Vec::new()) };
}

/// A loaded module, on a GPU. Never freed, as its functions are handed out.
struct Module {
    program: Program,
    device: c_int,
}

/// An entry of a module.
struct Entry {
    module: &'static Module,
    function: usize,
}

fn read() -> RwLockReadGuard<'static, Memory> {
    MEMORY.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, Memory> {
    MEMORY.write().unwrap_or_else(PoisonError::into_inner)
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn devices() -> c_int {
    setting("HYPERSONIC_STANDIN_DEVICES", 1) as c_int
}

fn capacity() -> u64 {
    setting("HYPERSONIC_STANDIN_MEMORY", 4 << 30)
}

fn current() -> Option<c_int> {
    CURRENT.with_borrow(|stack| stack.last().copied())
}

/// Tells the log, and gives the code back.
fn refuse(code: c_int, why: &str) -> c_int {
    if let Some(path) = std::env::var_os("HYPERSONIC_STANDIN_LOG")
        && let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(path)
    {
        // A log that cannot be written is no reason to fail otherwise.
        let _ = writeln!(file, "{}: {why}", text_of(code).to_string_lossy());
    }
    code
}

/// Stores where the caller wants it.
///
/// # Safety
/// `place` is null or valid.
unsafe fn put<T>(place: *mut T, value: T) -> c_int {
    if place.is_null() {
        return INVALID_VALUE;
    }
    // SAFETY: the caller's place is valid.
    unsafe { place.write(value) };
    0
}

#[unsafe(no_mangle)]
pub extern "system" fn cuInit(flags: c_uint) -> c_int {
    match (flags, devices()) {
        (0, 1..) => 0,
        (0, _) => NO_DEVICE,
        _ => INVALID_VALUE,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuDriverGetVersion(version: *mut c_int) -> c_int {
    // SAFETY: the caller's place is valid.
    unsafe { put(version, 12_000) }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuDeviceGetCount(count: *mut c_int) -> c_int {
    // SAFETY: the caller's place is valid.
    unsafe { put(count, devices()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuDeviceGet(device: *mut c_int, ordinal: c_int) -> c_int {
    if !(0..devices()).contains(&ordinal) {
        return INVALID_DEVICE;
    }
    // SAFETY: the caller's place is valid.
    unsafe { put(device, ordinal) }
}

/// A context is its GPU's ordinal and one more.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuDevicePrimaryCtxRetain(context: *mut *mut c_void, device: c_int) -> c_int {
    if !(0..devices()).contains(&device) {
        return INVALID_DEVICE;
    }
    // SAFETY: the caller's place is valid.
    unsafe { put(context, std::ptr::without_provenance_mut(device as usize + 1)) }
}

#[unsafe(no_mangle)]
pub extern "system" fn cuCtxPushCurrent_v2(context: *mut c_void) -> c_int {
    let device = context.addr() as c_int - 1;
    if !(0..devices()).contains(&device) {
        return INVALID_CONTEXT;
    }
    CURRENT.with_borrow_mut(|stack| stack.push(device));
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuCtxPopCurrent_v2(context: *mut *mut c_void) -> c_int {
    let Some(device) = CURRENT.with_borrow_mut(Vec::pop) else { return INVALID_CONTEXT };
    if context.is_null() {
        return 0;
    }
    // SAFETY: the caller's place is valid.
    unsafe { put(context, std::ptr::without_provenance_mut(device as usize + 1)) }
}

fn place_tables(source: &Source, device: c_int) -> Option<HashMap<String, u64>> {
    let mut memory = write();
    let mut places = HashMap::new();
    for table in &source.tables {
        let address = memory.allocate(table.bytes.len() as u64, device, Owner::Module, capacity())?;
        memory.write(address, &table.bytes);
        places.insert(table.name.clone(), address);
    }
    Some(places)
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuModuleLoadDataEx(
    module: *mut *mut c_void,
    image: *const c_void,
    _count: c_uint,
    _options: *mut c_int,
    _values: *mut *mut c_void,
) -> c_int {
    let Some(device) = current() else { return INVALID_CONTEXT };
    if image.is_null() {
        return INVALID_VALUE;
    }
    // SAFETY: an image of text ends with a zero byte.
    let text = unsafe { CStr::from_ptr(image.cast()) };
    let Ok(text) = text.to_str() else { return refuse(INVALID_PTX, "the PTX is no text") };
    if !text.trim_start().starts_with(".version") {
        return refuse(INVALID_PTX, "the PTX does not begin with .version");
    }
    let source = match parse(text) {
        Ok(source) => source,
        Err(refusal) => return refuse(INVALID_PTX, &refusal.to_string()),
    };
    let Some(tables) = place_tables(&source, device) else { return OUT_OF_MEMORY };
    match decode(&source, &tables) {
        // SAFETY: the caller's place is valid.
        Ok(program) => unsafe { put(module, Box::into_raw(Box::new(Module { program, device })).cast()) },
        Err(refusal) => refuse(INVALID_PTX, &refusal.to_string()),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuModuleGetFunction(function: *mut *mut c_void, module: *mut c_void, name: *const c_char) -> c_int {
    if module.is_null() || name.is_null() {
        return INVALID_VALUE;
    }
    // SAFETY: a module of `cuModuleLoadDataEx`, which lives for ever, and a name that ends with a zero byte.
    let (module, name) = unsafe { (&*module.cast::<Module>(), CStr::from_ptr(name)) };
    match name.to_str().ok().and_then(|name| module.program.entry(name)) {
        // SAFETY: the caller's place is valid.
        Some(entry) => unsafe { put(function, Box::into_raw(Box::new(Entry { module, function: entry })).cast()) },
        None => refuse(NOT_FOUND, &format!("no entry {name:?}")),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuLaunchKernel(
    function: *mut c_void,
    grid_x: c_uint,
    grid_y: c_uint,
    grid_z: c_uint,
    block_x: c_uint,
    block_y: c_uint,
    block_z: c_uint,
    _shared: c_uint,
    _stream: *mut c_void,
    parameters: *mut *mut c_void,
    _extra: *mut *mut c_void,
) -> c_int {
    if function.is_null() {
        return INVALID_HANDLE;
    }
    // SAFETY: an entry of `cuModuleGetFunction`, which lives for ever.
    let entry = unsafe { &*function.cast::<Entry>() };
    let fits = (1..=MOST_THREADS).contains(&block_x) && (1..1 << 31).contains(&grid_x);
    if !fits || [grid_y, grid_z, block_y, block_z] != [1; 4] {
        return refuse(INVALID_VALUE, "the grid has no size, is too large, or has more than one dimension");
    }
    if current() != Some(entry.module.device) {
        return refuse(INVALID_HANDLE, "the function belongs to another context");
    }
    let code = &entry.module.program.functions[entry.function];
    if parameters.is_null() && !code.parameters.is_empty() {
        return INVALID_VALUE;
    }
    let mut bytes = vec![0; code.parameter_bytes];
    for (n, span) in code.parameters.iter().enumerate() {
        // SAFETY: the caller passes a place for every parameter of the entry, as large as the entry says.
        unsafe { std::ptr::copy_nonoverlapping((*parameters.add(n)).cast::<u8>(), bytes[span.offset..].as_mut_ptr(), span.bytes) };
    }
    let memory = read();
    LAUNCHES.fetch_add(1, Ordering::Relaxed);
    let grid = Grid { blocks: grid_x, threads: block_x, backwards: setting("HYPERSONIC_STANDIN_BACKWARDS", 0) == 1 };
    match launch(&entry.module.program, entry.function, &bytes, grid, memory.view(entry.module.device)) {
        Ok(()) => 0,
        Err(fault @ Fault::Address(_)) => refuse(ILLEGAL_ADDRESS, &fault.to_string()),
        Err(fault @ Fault::Misaligned(_)) => refuse(MISALIGNED_ADDRESS, &fault.to_string()),
        Err(fault @ Fault::Stopped(_)) => refuse(LAUNCH_FAILED, &fault.to_string()),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuMemAlloc_v2(address: *mut u64, bytes: usize) -> c_int {
    let Some(device) = current() else { return INVALID_CONTEXT };
    if bytes == 0 {
        return INVALID_VALUE;
    }
    match write().allocate(bytes as u64, device, Owner::Host, capacity()) {
        // SAFETY: the caller's place is valid.
        Some(fresh) => unsafe { put(address, fresh) },
        None => OUT_OF_MEMORY,
    }
}

#[unsafe(no_mangle)]
pub extern "system" fn cuMemFree_v2(address: u64) -> c_int {
    if current().is_none() {
        return INVALID_CONTEXT;
    }
    if write().free(address) { 0 } else { refuse(INVALID_VALUE, &format!("free of {address:#x}, which is not allocated")) }
}

#[unsafe(no_mangle)]
pub extern "system" fn cuMemsetD8Async(address: u64, value: u8, bytes: usize, _stream: *mut c_void) -> c_int {
    if current().is_none() {
        return INVALID_CONTEXT;
    }
    // Before the bytes are made: memory that is not there cannot be filled.
    if read().read(address.wrapping_add(bytes as u64).wrapping_sub(1), 1).is_none() || !write().write(address, &vec![value; bytes]) {
        return refuse(INVALID_VALUE, &format!("memset of {bytes} bytes at {address:#x}"));
    }
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuMemcpyDtoH_v2(to: *mut c_void, from: u64, bytes: usize) -> c_int {
    if current().is_none() {
        return INVALID_CONTEXT;
    }
    let Some(found) = read().read(from, bytes as u64) else {
        return refuse(INVALID_VALUE, &format!("copy of {bytes} bytes from {from:#x}"));
    };
    // SAFETY: the caller's memory has that many bytes.
    unsafe { std::ptr::copy_nonoverlapping(found.as_ptr(), to.cast(), bytes) };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuMemcpyHtoD_v2(to: u64, from: *const c_void, bytes: usize) -> c_int {
    if current().is_none() {
        return INVALID_CONTEXT;
    }
    // SAFETY: the caller's memory has that many bytes.
    let found = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), bytes) };
    if write().write(to, found) { 0 } else { refuse(INVALID_VALUE, &format!("copy of {bytes} bytes to {to:#x}")) }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuPointerGetAttribute(data: *mut c_void, attribute: c_int, address: u64) -> c_int {
    if current().is_none() {
        return INVALID_CONTEXT;
    }
    match (attribute, read().device_of(address)) {
        // SAFETY: the place of this attribute is an int.
        (DEVICE_ORDINAL, Some(device)) => unsafe { put(data.cast(), device) },
        _ => refuse(INVALID_VALUE, &format!("attribute {attribute} of {address:#x}")),
    }
}

#[unsafe(no_mangle)]
pub extern "system" fn cuStreamSynchronize(_stream: *mut c_void) -> c_int {
    if current().is_some() { 0 } else { INVALID_CONTEXT }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn cuGetErrorString(code: c_int, text: *mut *const c_char) -> c_int {
    // SAFETY: the caller's place is valid.
    unsafe { put(text, text_of(code).as_ptr()) }
}

fn text_of(code: c_int) -> &'static CStr {
    match code {
        0 => c"no error",
        INVALID_VALUE => c"invalid argument",
        OUT_OF_MEMORY => c"out of memory",
        NO_DEVICE => c"no CUDA-capable device is detected",
        INVALID_DEVICE => c"invalid device ordinal",
        INVALID_CONTEXT => c"invalid device context",
        INVALID_PTX => c"a PTX JIT compilation failed",
        INVALID_HANDLE => c"invalid resource handle",
        NOT_FOUND => c"named symbol not found",
        ILLEGAL_ADDRESS => c"an illegal memory access was encountered",
        MISALIGNED_ADDRESS => c"misaligned address",
        LAUNCH_FAILED => c"unspecified launch failure",
        _ => c"unrecognized error code",
    }
}

/// How many kernels were launched.
#[unsafe(no_mangle)]
pub extern "system" fn standin_launches() -> u64 {
    LAUNCHES.load(Ordering::Relaxed)
}

/// How many allocations are live.
#[unsafe(no_mangle)]
pub extern "system" fn standin_live() -> u64 {
    read().live() as u64
}
