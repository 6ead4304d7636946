//! The table of operations: every Python and NumPy operation the compiler knows, once.
//!
//! Here live the vocabulary of element types ([`dtype`]), of types ([`types`]), of scalar operations
//! ([`scalar`], [`facts`]), NEP 50 ([`promotion`]) and the table of names ([`table`]). Everything else (typing,
//! lowering, documentation, tests) reads these. This room knows neither syntax trees nor instructions.

pub mod dtype;
pub mod facts;
pub mod promotion;
pub mod scalar;
pub mod table;
pub mod types;

pub use dtype::{Dtype, Kind};
pub use scalar::ScalarOp;
pub use table::markdown::supported_markdown;
pub use types::{Class, ClassKind, EnumKind, Flavor, Type};
