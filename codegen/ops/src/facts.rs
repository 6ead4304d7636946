//! Facts about scalar operations: name, arity, the dtypes they are computed in, the dtype they give.

use crate::dtype::Dtype;
use crate::scalar::ScalarOp;

/// What a scalar operation is, for whoever types it, lowers it or documents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScalarFacts {
    /// NumPy's (or `math`'s) name of it.
    pub name: &'static str,
    /// How many operands.
    pub arity: u8,
    /// The loop dtypes it is defined on, as NumPy's type codes: `?bBhHiIlLfdFD`. Typing asks for no other.
    pub loops: &'static str,
    result: ResultRule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ResultRule {
    Same,
    Bool,
    Real,
    Complex,
    Of(Dtype),
}

const BOOL: &str = "?";
const INTEGERS: &str = "bBhHiIlL";
const BITS: &str = "?bBhHiIlL";
const FLOATS: &str = "fd";
const INEXACT: &str = "fdFD";
const REALS: &str = "bBhHiIlLfd";
const NUMBERS: &str = "bBhHiIlLfdFD";
const ALL: &str = "?bBhHiIlLfdFD";

const fn facts(name: &'static str, arity: u8, loops: &'static str, result: ResultRule) -> ScalarFacts {
    ScalarFacts { name, arity, loops, result }
}

impl ScalarOp {
    /// The comparison of the same two the other way round.
    #[must_use]
    pub const fn mirrored(self) -> Option<Self> {
        Some(match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            Self::Equal | Self::NotEqual => self,
            _ => return None,
        })
    }

    /// Its facts.
    #[must_use]
    pub const fn facts(self) -> ScalarFacts {
        use ResultRule::{Bool, Complex, Of, Real, Same};
        match self {
            Self::Add => facts("add", 2, ALL, Same),
            Self::Multiply => facts("multiply", 2, ALL, Same),
            Self::Subtract => facts("subtract", 2, NUMBERS, Same),
            Self::Divide => facts("divide", 2, INEXACT, Same),
            Self::FloorDivide => facts("floor_divide", 2, REALS, Same),
            Self::Remainder => facts("remainder", 2, REALS, Same),
            Self::Fmod => facts("fmod", 2, REALS, Same),
            Self::Power => facts("power", 2, NUMBERS, Same),
            Self::Negative => facts("negative", 1, NUMBERS, Same),
            Self::Positive => facts("positive", 1, NUMBERS, Same),
            Self::Sign => facts("sign", 1, NUMBERS, Same),
            Self::Square => facts("square", 1, NUMBERS, Same),
            Self::Reciprocal => facts("reciprocal", 1, NUMBERS, Same),
            Self::Absolute => facts("absolute", 1, ALL, Real),
            Self::Conjugate => facts("conjugate", 1, NUMBERS, Same),
            Self::Real => facts("real", 1, INEXACT, Real),
            Self::Imag => facts("imag", 1, INEXACT, Real),
            Self::Angle => facts("angle", 1, INEXACT, Real),
            Self::Sqrt => facts("sqrt", 1, INEXACT, Same),
            Self::Cbrt => facts("cbrt", 1, FLOATS, Same),
            Self::Hypot => facts("hypot", 2, FLOATS, Same),
            Self::Exp => facts("exp", 1, INEXACT, Same),
            Self::Exp2 => facts("exp2", 1, INEXACT, Same),
            Self::Expm1 => facts("expm1", 1, INEXACT, Same),
            Self::Log => facts("log", 1, INEXACT, Same),
            Self::Log2 => facts("log2", 1, INEXACT, Same),
            Self::Log10 => facts("log10", 1, INEXACT, Same),
            Self::Log1p => facts("log1p", 1, INEXACT, Same),
            Self::Logaddexp => facts("logaddexp", 2, FLOATS, Same),
            Self::Logaddexp2 => facts("logaddexp2", 2, FLOATS, Same),
            Self::Sin => facts("sin", 1, INEXACT, Same),
            Self::Cos => facts("cos", 1, INEXACT, Same),
            Self::Tan => facts("tan", 1, INEXACT, Same),
            Self::Arcsin => facts("arcsin", 1, INEXACT, Same),
            Self::Arccos => facts("arccos", 1, INEXACT, Same),
            Self::Arctan => facts("arctan", 1, INEXACT, Same),
            Self::Arctan2 => facts("arctan2", 2, FLOATS, Same),
            Self::Sinh => facts("sinh", 1, INEXACT, Same),
            Self::Cosh => facts("cosh", 1, INEXACT, Same),
            Self::Tanh => facts("tanh", 1, INEXACT, Same),
            Self::Arcsinh => facts("arcsinh", 1, INEXACT, Same),
            Self::Arccosh => facts("arccosh", 1, INEXACT, Same),
            Self::Arctanh => facts("arctanh", 1, INEXACT, Same),
            Self::Degrees => facts("degrees", 1, FLOATS, Same),
            Self::Radians => facts("radians", 1, FLOATS, Same),
            Self::Floor => facts("floor", 1, FLOATS, Same),
            Self::Ceil => facts("ceil", 1, FLOATS, Same),
            Self::Trunc => facts("trunc", 1, FLOATS, Same),
            Self::Rint => facts("rint", 1, INEXACT, Same),
            Self::Maximum => facts("maximum", 2, ALL, Same),
            Self::Minimum => facts("minimum", 2, ALL, Same),
            Self::Fmax => facts("fmax", 2, ALL, Same),
            Self::Fmin => facts("fmin", 2, ALL, Same),
            Self::Where => facts("where", 3, ALL, Same),
            Self::Clip => facts("clip", 3, ALL, Same),
            Self::Heaviside => facts("heaviside", 2, FLOATS, Same),
            Self::Equal => facts("equal", 2, ALL, Bool),
            Self::NotEqual => facts("not_equal", 2, ALL, Bool),
            Self::Less => facts("less", 2, ALL, Bool),
            Self::LessEqual => facts("less_equal", 2, ALL, Bool),
            Self::Greater => facts("greater", 2, ALL, Bool),
            Self::GreaterEqual => facts("greater_equal", 2, ALL, Bool),
            Self::LogicalAnd => facts("logical_and", 2, BOOL, Bool),
            Self::LogicalOr => facts("logical_or", 2, BOOL, Bool),
            Self::LogicalXor => facts("logical_xor", 2, BOOL, Bool),
            Self::LogicalNot => facts("logical_not", 1, BOOL, Bool),
            Self::Isnan => facts("isnan", 1, INEXACT, Bool),
            Self::Isinf => facts("isinf", 1, INEXACT, Bool),
            Self::Isfinite => facts("isfinite", 1, INEXACT, Bool),
            Self::Signbit => facts("signbit", 1, FLOATS, Bool),
            Self::BitwiseAnd => facts("bitwise_and", 2, BITS, Same),
            Self::BitwiseOr => facts("bitwise_or", 2, BITS, Same),
            Self::BitwiseXor => facts("bitwise_xor", 2, BITS, Same),
            Self::Invert => facts("invert", 1, BITS, Same),
            Self::LeftShift => facts("left_shift", 2, INTEGERS, Same),
            Self::RightShift => facts("right_shift", 2, INTEGERS, Same),
            Self::BitwiseCount => facts("bitwise_count", 1, INTEGERS, Of(Dtype::U8)),
            Self::Gcd => facts("gcd", 2, INTEGERS, Same),
            Self::Lcm => facts("lcm", 2, INTEGERS, Same),
            Self::Copysign => facts("copysign", 2, FLOATS, Same),
            Self::Nextafter => facts("nextafter", 2, FLOATS, Same),
            Self::Spacing => facts("spacing", 1, FLOATS, Same),
            Self::Ldexp => facts("ldexp", 2, FLOATS, Same),
            Self::FrexpMantissa => facts("frexp_mantissa", 1, FLOATS, Same),
            Self::FrexpExponent => facts("frexp_exponent", 1, FLOATS, Of(Dtype::I32)),
            Self::ModfFraction => facts("modf_fraction", 1, FLOATS, Same),
            Self::ModfInteger => facts("modf_integer", 1, FLOATS, Same),
            Self::Erf => facts("erf", 1, "d", Same),
            Self::Erfc => facts("erfc", 1, "d", Same),
            Self::Gamma => facts("gamma", 1, "d", Same),
            Self::Lgamma => facts("lgamma", 1, "d", Same),
            Self::Factorial => facts("factorial", 1, "l", Same),
            Self::RoundDigits => facts("round_digits", 2, FLOATS, Same),
            Self::MakeComplex => facts("make_complex", 2, FLOATS, Complex),
        }
    }

    /// NumPy's name of it: `logaddexp2`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// How many operands it takes.
    #[must_use]
    pub const fn arity(self) -> u8 {
        self.facts().arity
    }

    /// Whether it is defined when computed in that dtype.
    #[must_use]
    pub fn accepts(self, loop_dtype: Dtype) -> bool {
        self.facts().loops.contains(loop_dtype.code())
    }

    /// The dtype of the result when computed in `loop_dtype`.
    #[must_use]
    pub const fn result(self, loop_dtype: Dtype) -> Dtype {
        match self.facts().result {
            ResultRule::Same => loop_dtype,
            ResultRule::Bool => Dtype::Bool,
            ResultRule::Real => loop_dtype.real(),
            ResultRule::Complex => loop_dtype.as_complex(),
            ResultRule::Of(dtype) => dtype,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_follow_numpy() {
        assert_eq!(ScalarOp::Absolute.result(Dtype::C64), Dtype::F32);
        assert_eq!(ScalarOp::Less.result(Dtype::C128), Dtype::Bool);
        assert_eq!(ScalarOp::BitwiseCount.result(Dtype::I64), Dtype::U8);
        assert_eq!(ScalarOp::FrexpExponent.result(Dtype::F64), Dtype::I32);
        assert_eq!(ScalarOp::MakeComplex.result(Dtype::F32), Dtype::C64);
        assert_eq!(ScalarOp::Add.result(Dtype::I8), Dtype::I8);
    }

    #[test]
    fn loops_are_closed_over_their_dtypes() {
        assert!(ScalarOp::Add.accepts(Dtype::Bool));
        assert!(!ScalarOp::Subtract.accepts(Dtype::Bool));
        assert!(!ScalarOp::Sin.accepts(Dtype::I64));
        assert!(ScalarOp::Sin.accepts(Dtype::C64));
        assert_eq!((ScalarOp::Clip.arity(), ScalarOp::Clip.name()), (3, "clip"));
    }
}
