//! What each scalar operation means for each dtype, written in loop IR: arithmetic with NumPy's and Python's
//! rules, complex numbers, and elementary functions as branch-free recipes that give the same bits on every target.
//!
//! [`scalar::emit`] has NumPy's meaning, [`scalar::python::emit_python`] that of Python's operators,
//! [`scalar::python_math::emit_math`] that of the `math` module; [`convert()`] casts. No arrays, no loops over them.

pub mod convert;
pub mod notation;
pub mod number;
pub mod recipes;
pub mod scalar;
pub mod tables;

pub use convert::{convert, convert_python};
pub use number::Number;
pub use scalar::python::{PythonError, emit_python};
pub use scalar::python_math::emit_math;
pub use scalar::{Unsupported, emit, result_dtype};
