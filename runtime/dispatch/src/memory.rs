//! Memory that kernels ask for: one allocation per block, its header behind the data, so that the data's address can
//! be handed to NumPy, which frees it. Refuses sizes that do not fit the address space.

use hypersonic_abi::Block;
use std::ffi::c_void;
use std::ptr;

/// Whether NumPy's own way of freeing an array's memory (`free`) fits memory from [`allocate`].
pub const NUMPY_CAN_FREE: bool = cfg!(unix);

/// A block of `bytes`, unlinked, with one reference; null if there is no memory.
pub fn allocate(bytes: u64, zeroed: bool) -> *mut Block {
    let Some(offset) = usize::try_from(bytes).ok().and_then(|bytes| bytes.checked_next_multiple_of(align_of::<Block>())) else {
        return ptr::null_mut();
    };
    let Some(total) = offset.checked_add(size_of::<Block>()).filter(|total| *total <= isize::MAX as usize) else {
        return ptr::null_mut();
    };
    let large = total >= LARGE;
    let data = if large { plain(total, zeroed) } else { aligned(total) };
    if data.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: `data` has `total` bytes: `offset` for the data, the rest for the header, which `offset` aligns.
    unsafe {
        if zeroed && !large {
            ptr::write_bytes(data, 0, offset);
        }
        let block = data.add(offset).cast::<Block>();
        block.write(Block {
            data,
            references: 1,
            bytes,
            next: ptr::null_mut(),
            previous: ptr::null_mut(),
            kind: hypersonic_abi::object::kind::MEMORY,
        });
        block
    }
}

/// Frees memory of [`allocate`], header included.
///
/// # Safety
/// `data` is a block's data and nothing uses it any more.
pub unsafe fn free(data: *mut u8) {
    #[cfg(unix)]
    libc::free(data.cast::<c_void>());
    #[cfg(windows)]
    libc::aligned_free(data.cast::<c_void>());
}

/// What blocks below [`LARGE`] are aligned to; larger ones have the alignment of `malloc`, as NumPy's arrays do.
const ALIGNMENT: usize = 64;
/// From this size on how memory is got costs more than a line of the cache that is crossed.
const LARGE: usize = 128 << 10;
/// From this size on huge pages are asked for, as NumPy does for its own arrays.
#[cfg(target_os = "linux")]
const HUGE: usize = 4 << 20;

/// Memory that is aligned.
#[cfg(unix)]
fn aligned(total: usize) -> *mut u8 {
    // SAFETY: plain call.
    let recycled = unsafe { libc::malloc(total) };
    // `malloc` gives again what was freed: in a loop that is the previous result, which was aligned. Finding a new
    // aligned place takes several times longer, and passes over a hole that has just the size.
    if (recycled as usize).is_multiple_of(ALIGNMENT) {
        return recycled.cast();
    }
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: `recycled` was allocated above; the alignment is a power of two and a multiple of the pointer size; `data`
    // is a valid place.
    unsafe {
        libc::free(recycled);
        if libc::posix_memalign(&raw mut data, ALIGNMENT, total) != 0 {
            return ptr::null_mut();
        }
    }
    data.cast()
}

/// A large piece of memory, zeroed if asked. Aligned allocation needs more than the size, so what a previous call left
/// would never fit: every result would lie in pages that the system has yet to give. And only `calloc` knows which
/// memory comes from the system as zeros.
#[cfg(unix)]
fn plain(total: usize, zeroed: bool) -> *mut u8 {
    // SAFETY: plain calls.
    let data = unsafe { if zeroed { libc::calloc(total, 1) } else { libc::malloc(total) } };
    #[cfg(target_os = "linux")]
    if total >= HUGE && !data.is_null() {
        advise_huge_pages(data as usize, total);
    }
    data.cast()
}

/// Asks for huge pages: a page fault per 4 KiB costs more than writing them. A refusal changes nothing.
#[cfg(target_os = "linux")]
fn advise_huge_pages(start: usize, length: usize) {
    const PAGE: usize = 4096;
    let first = start.next_multiple_of(PAGE);
    let last = (start + length) & !(PAGE - 1);
    if first < last {
        // SAFETY: whole pages of an allocation of ours; the advice does not change their content.
        unsafe { libc::madvise(first as *mut c_void, last - first, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(windows)]
fn aligned(total: usize) -> *mut u8 {
    // SAFETY: the alignment is a power of two.
    unsafe { libc::aligned_malloc(total, ALIGNMENT) }.cast()
}

#[cfg(windows)]
fn plain(total: usize, zeroed: bool) -> *mut u8 {
    let data = aligned(total);
    if zeroed && !data.is_null() {
        // SAFETY: it has `total` bytes.
        unsafe { ptr::write_bytes(data, 0, total) };
    }
    data
}
