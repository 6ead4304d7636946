//! PTX given to the driver, and its entries by row.

use crate::device::Device;
use crate::driver::Problem;
use std::ffi::{CString, c_void};
use std::ptr;

/// A loaded module. Never unloaded: kernels may be in flight when its last user goes.
#[derive(Debug)]
pub struct Module {
    functions: Vec<(String, *mut c_void)>,
}

// SAFETY: the driver's functions may be launched from any thread.
unsafe impl Send for Module {}
// SAFETY: as above; nothing changes after creation.
unsafe impl Sync for Module {}

impl Module {
    /// Compiles PTX for a device and looks its entries up.
    pub fn load(device: &Device, ptx: &[u8], entries: &[String]) -> Result<Module, Problem> {
        let text = CString::new(ptx).map_err(|_| Problem("the PTX holds a zero byte".to_owned()))?;
        let driver = device.driver;
        let _current = device.enter()?;
        let mut module = ptr::null_mut();
        // SAFETY: `text` ends with a zero byte; no options are passed.
        let code = unsafe { (driver.module_load)(&raw mut module, text.as_ptr().cast(), 0, ptr::null_mut(), ptr::null_mut()) };
        driver.check("cuModuleLoadDataEx", code)?;
        let mut functions = Vec::with_capacity(entries.len());
        for entry in entries {
            let name = CString::new(entry.as_str()).map_err(|_| Problem(format!("`{entry}` is no name")))?;
            let mut function = ptr::null_mut();
            // SAFETY: the module was loaded above; `name` ends with a zero byte.
            let code = unsafe { (driver.module_function)(&raw mut function, module, name.as_ptr()) };
            driver.check(&format!("cuModuleGetFunction({entry})"), code)?;
            functions.push((entry.clone(), function));
        }
        Ok(Module { functions })
    }

    pub(crate) fn function(&self, row: u32) -> Result<*mut c_void, Problem> {
        match self.functions.get(row as usize) {
            Some((_, function)) => Ok(*function),
            None => Err(Problem(format!("there is no GPU kernel {row}"))),
        }
    }
}
