//! NEP 50: which dtype operands of different types meet in, and which loop of a ufunc they choose.
//!
//! Python scalars are weak: they take part with their kind, not with their size. float16 is not compiled, but
//! NumPy's search passes over it, so it stands in the loop lists as `e`, and choosing it is an error of its own.

use crate::dtype::{Dtype, Kind};
use crate::types::{Flavor, Type};

/// What an operand brings to promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// An array, a NumPy scalar, or a Python bool.
    Strong(Dtype),
    /// A Python `int`.
    Int,
    /// A Python `float`.
    Float,
    /// A Python `complex`.
    Complex,
}

/// Why no loop was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopError {
    /// NumPy raises TypeError.
    Undefined,
    /// NumPy computes in float16.
    Half,
}

impl Operand {
    /// Of a scalar or array type.
    #[must_use]
    pub const fn of(ty: &Type) -> Option<Self> {
        match ty {
            Type::Scalar(Dtype::I64, Flavor::Python) => Some(Self::Int),
            Type::Scalar(Dtype::F64, Flavor::Python) => Some(Self::Float),
            Type::Scalar(Dtype::C128, Flavor::Python) => Some(Self::Complex),
            Type::Scalar(dtype, _) | Type::Array(dtype, _) => Some(Self::Strong(*dtype)),
            _ => None,
        }
    }

    /// The dtype it has on its own.
    #[must_use]
    pub const fn default_dtype(self) -> Dtype {
        match self {
            Self::Strong(dtype) => dtype,
            Self::Int => Dtype::I64,
            Self::Float => Dtype::F64,
            Self::Complex => Dtype::C128,
        }
    }

    /// The dtype it takes beside strong operands that meet in `strong`; `None` if it adds nothing to them.
    fn beside(self, strong: Option<Dtype>) -> Option<Dtype> {
        let Some(strong) = strong else { return Some(self.default_dtype()) };
        match self {
            Self::Strong(dtype) => Some(dtype),
            Self::Int => (strong.kind() < Kind::Integer).then_some(Dtype::I64),
            Self::Float => (strong.kind() < Kind::Float).then_some(Dtype::F64),
            Self::Complex if strong.kind() < Kind::Float => Some(Dtype::C128),
            Self::Complex => (strong.kind() < Kind::Complex).then(|| strong.as_complex()),
        }
    }
}

/// The operands' dtypes, weak ones resolved beside the strong ones or dropped.
fn resolved(operands: &[Operand]) -> Vec<Dtype> {
    let strong =
        operands.iter().filter_map(|operand| if let Operand::Strong(dtype) = operand { Some(*dtype) } else { None }).reduce(Dtype::promote);
    operands.iter().filter_map(|operand| operand.beside(strong)).collect()
}

/// `np.result_type(*operands)`.
#[must_use]
pub fn result_type(operands: &[Operand]) -> Option<Dtype> {
    resolved(operands).into_iter().reduce(Dtype::promote)
}

/// The loop that a ufunc with these loops (NumPy's type codes, in NumPy's order, `e` for float16) chooses: the
/// first to which every operand casts safely.
///
/// # Errors
/// If there is none, or it is float16.
pub fn choose_loop(loops: &str, operands: &[Operand]) -> Result<Dtype, LoopError> {
    let dtypes = resolved(operands);
    for code in loops.chars() {
        match Dtype::from_code(code) {
            Some(candidate) if dtypes.iter().all(|dtype| dtype.casts_safely(candidate)) => return Ok(candidate),
            None if dtypes.iter().all(|dtype| matches!(dtype, Dtype::Bool | Dtype::I8 | Dtype::U8)) => return Err(LoopError::Half),
            _ => {}
        }
    }
    Err(LoopError::Undefined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_scalars_are_weak() {
        assert_eq!(result_type(&[Operand::Strong(Dtype::I8), Operand::Int]), Some(Dtype::I8));
        assert_eq!(result_type(&[Operand::Strong(Dtype::F32), Operand::Float]), Some(Dtype::F32));
        assert_eq!(result_type(&[Operand::Strong(Dtype::F32), Operand::Complex]), Some(Dtype::C64));
        assert_eq!(result_type(&[Operand::Strong(Dtype::I16), Operand::Float]), Some(Dtype::F64));
        assert_eq!(result_type(&[Operand::Strong(Dtype::Bool), Operand::Int]), Some(Dtype::I64));
        assert_eq!(result_type(&[Operand::Int, Operand::Float]), Some(Dtype::F64));
    }

    #[test]
    fn the_first_safe_loop_wins() {
        let sine = "efdFD";
        assert_eq!(choose_loop(sine, &[Operand::Strong(Dtype::I16)]), Ok(Dtype::F32));
        assert_eq!(choose_loop(sine, &[Operand::Strong(Dtype::I8)]), Err(LoopError::Half));
        assert_eq!(choose_loop(sine, &[Operand::Int]), Ok(Dtype::F64));
        assert_eq!(choose_loop("bBhHiIlL", &[Operand::Strong(Dtype::I64), Operand::Strong(Dtype::U64)]), Err(LoopError::Undefined));
    }
}
