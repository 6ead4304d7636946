//! What each scalar operation means for each dtype, written in loop IR: arithmetic with NumPy's and Python's
//! rules, complex numbers, and elementary functions as branch-free recipes that give the same bits on every target.

pub mod number;

pub use number::Number;
