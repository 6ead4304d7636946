//! The call into LLD. LLD keeps its state in globals, so one link runs at a time.
#![allow(unsafe_code, reason = "calls the C++ shim")]

use crate::LinkError;
use std::ffi::{CString, c_char, c_int};
use std::sync::{Mutex, PoisonError};

unsafe extern "C" {
    fn hypersonic_link(arguments: *const *const c_char, count: usize, message: *mut c_char, capacity: usize, length: *mut usize) -> c_int;
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
const MESSAGE_BYTES: usize = 16 * 1024;

/// Runs LLD on a command line whose first word is the flavour's name.
pub fn run(arguments: &[String]) -> Result<(), LinkError> {
    let words: Vec<CString> = arguments
        .iter()
        .map(|word| CString::new(word.as_str()))
        .collect::<Result<_, _>>()
        .map_err(|_| LinkError::Refused("an argument has a zero byte in it".to_owned()))?;
    let pointers: Vec<*const c_char> = words.iter().map(|word| word.as_ptr()).collect();
    let mut message = vec![0_u8; MESSAGE_BYTES];
    let mut length = 0_usize;
    let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: `pointers` are NUL-terminated strings that outlive the call, `message` has the capacity given, and the
    // lock keeps any other thread out of LLD.
    let status = unsafe {
        hypersonic_link(pointers.as_ptr(), pointers.len(), message.as_mut_ptr().cast::<c_char>(), message.len(), &raw mut length)
    };
    drop(guard);
    let text = || String::from_utf8_lossy(&message[..length.min(MESSAGE_BYTES)]).trim().to_owned();
    match status {
        0 => Ok(()),
        -1 => Err(LinkError::Crashed(text())),
        _ => Err(LinkError::Refused(text())),
    }
}
