//! Memory that kernels ask for: one allocation per block, its header behind the data, so that the data's address can
//! be handed to NumPy, which frees it. Refuses sizes that do not fit the address space.

use hypersonic_abi::Block;
use std::ffi::c_void;
use std::ptr;

/// What every block is aligned to.
const ALIGNMENT: usize = 64;

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
    let data = aligned(total);
    if data.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: `data` has `total` bytes: `offset` for the data, the rest for the header, which `offset` aligns.
    unsafe {
        if zeroed {
            ptr::write_bytes(data, 0, offset);
        }
        let block = data.add(offset).cast::<Block>();
        block.write(Block { data, references: 1, bytes, next: ptr::null_mut(), previous: ptr::null_mut() });
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

#[cfg(unix)]
fn aligned(total: usize) -> *mut u8 {
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: the alignment is a power of two and a multiple of the pointer size; `data` is a valid place.
    if unsafe { libc::posix_memalign(&raw mut data, ALIGNMENT, total) } == 0 { data.cast() } else { ptr::null_mut() }
}

#[cfg(windows)]
fn aligned(total: usize) -> *mut u8 {
    // SAFETY: the alignment is a power of two.
    unsafe { libc::aligned_malloc(total, ALIGNMENT) }.cast()
}
