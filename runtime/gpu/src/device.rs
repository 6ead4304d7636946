//! A GPU by its primary context (the one that CuPy and PyTorch use too), and memory on it.

use crate::driver::{Driver, Problem};
use crate::{Module, Stream};
use std::collections::HashMap;
use std::ffi::{c_int, c_uint, c_void};
use std::marker::PhantomData;
use std::ptr;
use std::sync::{Arc, Mutex};

/// `CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL`.
const DEVICE_ORDINAL: c_int = 9;
/// Threads of a block; kernels are made for any number.
const BLOCK: u64 = 256;
/// Most blocks of a grid in its first dimension.
const MAX_GRID: u64 = (1 << 31) - 1;

/// A GPU.
#[derive(Debug)]
pub struct Device {
    pub(crate) driver: &'static Driver,
    ordinal: c_int,
    context: *mut c_void,
}

// SAFETY: the driver's contexts may be used from any thread; a thread makes one current before it uses it.
unsafe impl Send for Device {}
// SAFETY: as above; nothing here changes after creation.
unsafe impl Sync for Device {}

/// A device's context, current on this thread until this is dropped.
#[derive(Debug)]
pub struct Current<'a> {
    device: &'a Device,
    /// Current is a property of the thread.
    not_send: PhantomData<*mut ()>,
}

impl Drop for Current<'_> {
    fn drop(&mut self) {
        let mut context = ptr::null_mut();
        // SAFETY: pops what `enter` pushed on this thread.
        unsafe { (self.device.driver.context_pop)(&raw mut context) };
    }
}

static DEVICES: Mutex<Option<HashMap<c_int, &'static Device>>> = Mutex::new(None);

impl Device {
    /// The GPU with an ordinal.
    pub fn by_ordinal(ordinal: i32) -> Result<&'static Device, Problem> {
        let mut devices = DEVICES.lock().map_err(|_| Problem("the table of devices is lost".to_owned()))?;
        let devices = devices.get_or_insert_with(HashMap::new);
        if let Some(device) = devices.get(&ordinal) {
            return Ok(device);
        }
        let driver = Driver::get()?;
        let mut handle = 0;
        // SAFETY: `handle` is a valid place.
        driver.check("cuDeviceGet", unsafe { (driver.device_get)(&raw mut handle, ordinal) })?;
        let mut context = ptr::null_mut();
        // SAFETY: `context` is a valid place; the context is retained for ever.
        driver.check("cuDevicePrimaryCtxRetain", unsafe { (driver.primary_context_retain)(&raw mut context, handle) })?;
        let device: &'static Device = Box::leak(Box::new(Device { driver, ordinal, context }));
        devices.insert(ordinal, device);
        Ok(device)
    }

    /// The GPU on which an address lies.
    pub fn of_pointer(address: u64) -> Result<&'static Device, Problem> {
        let driver = Driver::get()?;
        let mut ordinal: c_int = 0;
        // The driver answers only with some context current; on a fresh thread of a fresh process that is the first GPU's.
        let first = Device::by_ordinal(0)?;
        let current = first.enter()?;
        // SAFETY: this attribute is an int.
        let code = unsafe { (driver.pointer_attribute)((&raw mut ordinal).cast::<c_void>(), DEVICE_ORDINAL, address) };
        driver.check("cuPointerGetAttribute", code)?;
        drop(current);
        Device::by_ordinal(ordinal)
    }

    /// Its number.
    #[must_use]
    pub fn ordinal(&self) -> i32 {
        self.ordinal
    }

    /// Makes its context current.
    pub fn enter(&self) -> Result<Current<'_>, Problem> {
        // SAFETY: the context is retained for ever.
        self.driver.check("cuCtxPushCurrent", unsafe { (self.driver.context_push)(self.context) })?;
        Ok(Current { device: self, not_send: PhantomData })
    }

    /// Allocates; `zeroed` in the order of `stream`.
    pub fn allocate(&self, bytes: u64, zeroed: Option<Stream>) -> Result<u64, Problem> {
        let size = usize::try_from(bytes.max(1)).map_err(|_| Problem("out of memory".to_owned()))?;
        let _current = self.enter()?;
        let mut address = 0;
        // SAFETY: `address` is a valid place.
        self.driver.check("cuMemAlloc", unsafe { (self.driver.allocate)(&raw mut address, size) })?;
        if let Some(stream) = zeroed {
            // SAFETY: the memory was just allocated with that size.
            let code = unsafe { (self.driver.set_bytes)(address, 0, size, stream.handle()) };
            if let Err(problem) = self.driver.check("cuMemsetD8Async", code) {
                self.free(address);
                return Err(problem);
            }
        }
        Ok(address)
    }

    /// Frees memory of [`Device::allocate`].
    pub fn free(&self, address: u64) {
        if let Ok(_current) = self.enter() {
            // SAFETY: the caller gives up the memory; a refusal (the driver is shutting down) leaves nothing to do.
            unsafe { (self.driver.free)(address) };
        }
    }

    /// Waits until a stream has done all it was given.
    pub fn synchronize(&self, stream: Stream) -> Result<(), Problem> {
        let _current = self.enter()?;
        // SAFETY: a stream of this process.
        self.driver.check("cuStreamSynchronize", unsafe { (self.driver.stream_synchronize)(stream.handle()) })
    }

    /// Copies from the GPU, after all that was asked of the legacy default stream.
    pub fn copy_to_host(&self, to: &mut [u8], from: u64) -> Result<(), Problem> {
        if to.is_empty() {
            return Ok(());
        }
        let _current = self.enter()?;
        // SAFETY: `to` has that many bytes; a wrong `from` is the driver's to refuse.
        self.driver.check("cuMemcpyDtoH", unsafe { (self.driver.copy_to_host)(to.as_mut_ptr().cast(), from, to.len()) })
    }

    /// Copies to the GPU.
    pub fn copy_to_device(&self, to: u64, from: &[u8]) -> Result<(), Problem> {
        if from.is_empty() {
            return Ok(());
        }
        let _current = self.enter()?;
        // SAFETY: `from` has that many bytes; a wrong `to` is the driver's to refuse.
        self.driver.check("cuMemcpyHtoD", unsafe { (self.driver.copy_to_device)(to, from.as_ptr().cast(), from.len()) })
    }

    /// Runs kernel `row` of a module over `count` iterations: its parameters are `count` and then `words`, 64 bits each.
    pub fn launch(&self, module: &Module, row: u32, count: u64, words: &[u64], stream: Stream) -> Result<(), Problem> {
        if count == 0 {
            return Ok(());
        }
        let function = module.function(row)?;
        let grid = count.div_ceil(BLOCK);
        if grid > MAX_GRID {
            return Err(Problem(format!("{count} iterations are too many for one launch")));
        }
        let mut values = Vec::with_capacity(words.len() + 1);
        values.push(count);
        values.extend_from_slice(words);
        let mut places: Vec<*mut c_void> = values.iter_mut().map(|value| ptr::from_mut(value).cast()).collect();
        let _current = self.enter()?;
        // SAFETY: the kernel's parameters are these 64-bit words, which the driver copies before it returns.
        let code = unsafe {
            (self.driver.launch)(
                function,
                grid as c_uint,
                1,
                1,
                BLOCK as c_uint,
                1,
                1,
                0,
                stream.handle(),
                places.as_mut_ptr(),
                ptr::null_mut(),
            )
        };
        self.driver.check("cuLaunchKernel", code)
    }
}

impl Stream {
    fn handle(self) -> *mut c_void {
        self.0 as usize as *mut c_void
    }
}

/// Memory on a GPU, freed with its last owner.
#[derive(Debug)]
pub struct Memory {
    device: &'static Device,
    address: u64,
}

impl Memory {
    /// Takes over memory of [`Device::allocate`].
    #[must_use]
    pub fn adopt(device: &'static Device, address: u64) -> Arc<Memory> {
        Arc::new(Memory { device, address })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.device.free(self.address);
    }
}
