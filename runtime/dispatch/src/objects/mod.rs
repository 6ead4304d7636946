//! Lists, sets, dicts and strings of kernels: what [`hypersonic_abi::object`] promises, done.
//!
//! An object is a block of the call's list with more behind its header. `head` makes and frees objects, `words` knows elements by their
//! layout, one file each knows lists, sets, dicts and strings, and `operations` leads from a number to a function. Only `attributes`, `classes`, `from_python`,
//! `to_python`, `write_back` and `python_text` know Python's objects; everything else runs without the GIL.

mod ahead;
pub mod attributes;
mod characters;
pub mod classes;
pub mod container;
pub mod from_python;
pub mod given_texts;
pub mod head;
pub mod kept;
pub mod python_text;
pub mod write_back;

mod asked;
pub mod called;
mod dict;
mod direct;
mod format;
mod list;
mod method;
mod operations;
mod python_list;
mod python_set;
pub mod python_string;

mod reference;
pub mod replay;
mod rows;
mod rows_of_numbers;
mod set;
pub mod shared;
mod slice;
mod sort;
mod strings;
mod table;
mod text;
mod text_hash;
mod to_python;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use operations::{none, operate};
