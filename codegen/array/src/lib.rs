//! Typed IR to loop IR by way of delayed arrays: fusion is what happens when a delayed array is never stored.
//!
//! [`ir`] is the law of delayed arrays, [`arithmetic`] does index arithmetic, [`library`] writes reductions and other
//! whole-array operations. This room knows no target and no syntax tree, and allocates only through the support table.

pub mod arithmetic;
pub mod ir;
pub mod library;
