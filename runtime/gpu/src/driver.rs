//! The functions of `libcuda` that are used, looked up by name once per process.

use libloading::Library;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::fmt;
use std::sync::OnceLock;

/// What the driver (or the search for it) said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(pub String);

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

/// Names another library than the system's: for tests, and for drivers in odd places.
const OVERRIDE: &str = "HYPERSONIC_LIBCUDA";

macro_rules! driver {
    ($($(#[$doc:meta])* $field:ident = $symbol:literal: fn($($kind:ty),*);)*) => {
        /// The driver, loaded and initialised.
        #[derive(Debug)]
        pub struct Driver {
            $($(#[$doc])* pub(crate) $field: unsafe extern "system" fn($($kind),*) -> c_int,)*
            _library: Library,
        }

        impl Driver {
            fn bind(library: Library) -> Result<Driver, Problem> {
                $(
                    // SAFETY: the driver documents this symbol with this type.
                    let $field = *unsafe { library.get::<unsafe extern "system" fn($($kind),*) -> c_int>($symbol) }
                        .map_err(|error| Problem(error.to_string()))?;
                )*
                Ok(Driver { $($field,)* _library: library })
            }
        }
    };
}

driver! {
    /// `cuInit`.
    init = b"cuInit\0": fn(c_uint);
    /// `cuDeviceGetCount`.
    device_count = b"cuDeviceGetCount\0": fn(*mut c_int);
    /// `cuDeviceGet`.
    device_get = b"cuDeviceGet\0": fn(*mut c_int, c_int);
    /// `cuDevicePrimaryCtxRetain`.
    primary_context_retain = b"cuDevicePrimaryCtxRetain\0": fn(*mut *mut c_void, c_int);
    /// `cuCtxPushCurrent`.
    context_push = b"cuCtxPushCurrent_v2\0": fn(*mut c_void);
    /// `cuCtxPopCurrent`.
    context_pop = b"cuCtxPopCurrent_v2\0": fn(*mut *mut c_void);
    /// `cuModuleLoadDataEx`.
    module_load = b"cuModuleLoadDataEx\0": fn(*mut *mut c_void, *const c_void, c_uint, *mut c_int, *mut *mut c_void);
    /// `cuModuleGetFunction`.
    module_function = b"cuModuleGetFunction\0": fn(*mut *mut c_void, *mut c_void, *const c_char);
    /// `cuLaunchKernel`.
    launch = b"cuLaunchKernel\0": fn(
        *mut c_void, c_uint, c_uint, c_uint, c_uint, c_uint, c_uint, c_uint, *mut c_void, *mut *mut c_void, *mut *mut c_void
    );
    /// `cuMemAlloc`.
    allocate = b"cuMemAlloc_v2\0": fn(*mut u64, usize);
    /// `cuMemFree`.
    free = b"cuMemFree_v2\0": fn(u64);
    /// `cuMemsetD8Async`.
    set_bytes = b"cuMemsetD8Async\0": fn(u64, u8, usize, *mut c_void);
    /// `cuMemcpyDtoH`.
    copy_to_host = b"cuMemcpyDtoH_v2\0": fn(*mut c_void, u64, usize);
    /// `cuMemcpyHtoD`.
    copy_to_device = b"cuMemcpyHtoD_v2\0": fn(u64, *const c_void, usize);
    /// `cuPointerGetAttribute`.
    pointer_attribute = b"cuPointerGetAttribute\0": fn(*mut c_void, c_int, u64);
    /// `cuStreamSynchronize`.
    stream_synchronize = b"cuStreamSynchronize\0": fn(*mut c_void);
    /// `cuGetErrorString`.
    error_string = b"cuGetErrorString\0": fn(c_int, *mut *const c_char);
}

impl Driver {
    /// The driver of this process, loaded at the first call.
    pub fn get() -> Result<&'static Driver, Problem> {
        static DRIVER: OnceLock<Result<Driver, Problem>> = OnceLock::new();
        DRIVER.get_or_init(Driver::load).as_ref().map_err(Clone::clone)
    }

    fn load() -> Result<Driver, Problem> {
        let chosen = std::env::var_os(OVERRIDE).filter(|path| !path.is_empty());
        let usual = if cfg!(windows) { "nvcuda.dll" } else { "libcuda.so.1" };
        let name = chosen.unwrap_or_else(|| usual.into());
        // SAFETY: the driver's initialisers are made to be loaded into any process.
        let library = unsafe { Library::new(&name) }.map_err(|error| Problem(format!("no NVIDIA driver: {error}")))?;
        let driver = Driver::bind(library)?;
        // SAFETY: plain call.
        driver.check("cuInit", unsafe { (driver.init)(0) })?;
        let mut count = 0;
        // SAFETY: `count` is a valid place.
        driver.check("cuDeviceGetCount", unsafe { (driver.device_count)(&raw mut count) })?;
        if count < 1 {
            return Err(Problem("the NVIDIA driver finds no GPU".to_owned()));
        }
        Ok(driver)
    }

    /// An error code as a problem.
    pub(crate) fn check(&self, action: &str, code: c_int) -> Result<(), Problem> {
        if code == 0 {
            return Ok(());
        }
        let mut text: *const c_char = std::ptr::null();
        // SAFETY: the driver stores a static string, or leaves null.
        let words = unsafe {
            (self.error_string)(code, &raw mut text);
            if text.is_null() { "unknown error".into() } else { CStr::from_ptr(text).to_string_lossy() }
        };
        Err(Problem(format!("{action}: {words} ({code})")))
    }
}
