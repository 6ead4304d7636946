//! Elementary functions of complex numbers, with the special cases of C99's Annex G.

use hypersonic_ops::ScalarOp as S;

use crate::scalar::complex::Complex;

/// The elementary function; None for operations that are none.
pub fn emit<'p>(op: S, x: &[Complex<'p>]) -> Option<Complex<'p>> {
    let _ = (op, x);
    None
}
