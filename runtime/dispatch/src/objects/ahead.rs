//! Fetching memory before it is wanted: strings lie all over memory, and waiting for one after the other takes longer than all else.

/// How many elements ahead.
pub const AHEAD: usize = 12;

/// Begins to fetch what is at an address, which may be any.
#[inline]
pub fn prefetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: it reads nothing that the program sees, and faults at no address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
