//! Typed IR: a specialization of a function for one signature, every expression with its type.
//!
//! [`ir`] is the law. Names are resolved, overloads chosen, conversions explicit, Python's sugar gone
//! (`enumerate`, `zip`, chained comparison, tuple patterns, defaults, keyword arguments). Whatever has no typed
//! form is reported as a diagnostic and the function stays Python.

pub mod ir;
pub mod library;
