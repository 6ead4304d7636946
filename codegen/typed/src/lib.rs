//! Typed IR: a specialization of a function for one signature, every expression with its type.
//!
//! [`ir`] is the law. Names are resolved, overloads chosen, conversions explicit, Python's sugar gone
//! (`enumerate`, `zip`, chained comparison, tuple patterns, defaults, keyword arguments). Whatever has no typed
//! form is reported as a diagnostic and the function stays Python.

mod assign;
mod attempt;
mod beside;
mod callable;
mod calls;
pub mod check;
mod closure;
mod compare;
mod comprehension;
mod effects;
mod exceptions;
mod expand;
mod expression;
mod flow;
mod fold;
mod function;
mod generator;
mod handler;
pub mod ir;
mod iterate;
mod iterators;
pub mod lazily;
pub mod library;
mod logic;
mod makers;
mod names;
mod object;
mod objects;
mod options;
mod package_exceptions;
pub mod parallel;
pub mod passes;
mod pattern;
mod percent;
mod presence;
pub mod python;
mod questions;
mod raise;
mod records;
mod resolve;
mod returns;
mod scope;
mod specialize;
mod statement;
mod stored_generator;
mod subscript;
pub mod text;
mod unify;
mod unit;
pub mod walk;
pub mod weak;
mod written;

pub use callable::tag as value_tag;
pub use check::Checked;
pub use objects::class_number;
pub use specialize::specialize;
