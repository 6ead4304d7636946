//! Where the stack of a thread ends: recursive kernels stop above it.

use hypersonic_abi::Context;
use std::cell::Cell;

/// What is kept free below the frames of recursive functions, for what they call, if the stack is not small.
const RESERVE: u64 = 128 << 10;

/// What a thread whose stack is not known is taken to have left.
const UNKNOWN: u64 = 256 << 10;

/// [`hypersonic_abi::Support::stack_end`].
pub extern "C" fn end(_: *mut Context) -> u64 {
    thread_local! {
        static END: Cell<Option<u64>> = const { Cell::new(None) };
    }
    END.get().unwrap_or_else(|| {
        let end = match bounds() {
            Some((low, high)) => low + RESERVE.min((high - low) / 4),
            None => here().saturating_sub(UNKNOWN),
        };
        END.set(Some(end));
        end
    })
}

/// Some address of this frame.
#[inline(never)]
fn here() -> u64 {
    let place = 0u8;
    &raw const place as u64
}

/// The addresses between which the stack of this thread lies.
#[cfg(target_os = "linux")]
fn bounds() -> Option<(u64, u64)> {
    // SAFETY: the attributes are initialised by the first call and destroyed after the second.
    unsafe {
        let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let (mut low, mut size, mut guard) = (std::ptr::null_mut(), 0, 0);
        let known = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut low, &raw mut size) == 0
            && libc::pthread_attr_getguardsize(attributes.as_ptr(), &raw mut guard) == 0;
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        // Some libraries count the guard as part of the stack.
        known.then(|| (low as u64 + guard as u64, low as u64 + (size as u64).max(guard as u64)))
    }
}

/// The addresses between which the stack of this thread lies.
#[cfg(target_os = "macos")]
fn bounds() -> Option<(u64, u64)> {
    // SAFETY: both ask about the thread that calls.
    let (high, size) = unsafe {
        let this = libc::pthread_self();
        (libc::pthread_get_stackaddr_np(this) as u64, libc::pthread_get_stacksize_np(this) as u64)
    };
    Some((high.checked_sub(size)?, high))
}

/// The addresses between which the stack of this thread lies.
#[cfg(windows)]
fn bounds() -> Option<(u64, u64)> {
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetCurrentThreadStackLimits(low: *mut usize, high: *mut usize);
    }
    let (mut low, mut high) = (0, 0);
    // SAFETY: it writes two addresses.
    unsafe { GetCurrentThreadStackLimits(&raw mut low, &raw mut high) };
    Some((low as u64, high as u64))
}

/// The addresses between which the stack of this thread lies.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn bounds() -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_has_an_end_of_its_own() {
        let room = |size: usize| {
            let thread = std::thread::Builder::new().stack_size(size).spawn(|| here() - end(std::ptr::null_mut())).unwrap();
            thread.join().unwrap()
        };
        assert!((64 << 10..256 << 10).contains(&room(256 << 10)));
        assert!((3 << 20..4 << 20).contains(&room(4 << 20)));
    }
}
