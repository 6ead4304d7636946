//! Frames: how arguments and results lie in arrays of 64-bit words.
//!
//! A value takes consecutive words, tuples their items one after the other:
//!
//! | type | words |
//! |---|---|
//! | None, Literal, dtype value | none |
//! | bool, integers | 1: sign- or zero-extended to 64 bits |
//! | float64; float32 | 1: bits of the f64; bits of the f32 in the low half |
//! | complex128; complex64 | 2: real, imaginary, each as its float |
//! | array of rank n, as argument | 1 + 2n: address of element [0, ..., 0], n extents, n strides in bytes |
//! | array of rank n, as result | 2 + 2n: owner, then as above |
//! | list, set, dict, str | 1: the address of its [`crate::object::Object`] |
//!
//! The owner of a result says whose memory it is: the address of a [`crate::Block`], or `(k << 1) | 1` for the
//! memory of the k-th array of the argument frame (arrays counted in frame order, tuples opened): then the result
//! is a view of that argument. [`A_VIEW`] is added where the result is another object than the array whose memory it
//! has, however much of it: `a[:]`. Two results that differ in nothing are one object, unless one of them has it.

/// Words of an array argument of rank `ndim`.
#[must_use]
pub const fn array_argument_words(ndim: usize) -> usize {
    1 + 2 * ndim
}

/// Words of an array result of rank `ndim`.
#[must_use]
pub const fn array_result_words(ndim: usize) -> usize {
    2 + 2 * ndim
}

/// The bit of an owner word that says: a view, never the owner itself. No address and no position has it.
pub const A_VIEW: u64 = 1 << 63;

/// The owner word of a result that is a view of the k-th array argument.
#[must_use]
pub const fn borrowed_owner(k: u64) -> u64 {
    (k << 1) | 1
}
