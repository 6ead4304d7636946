//! The `math` module. Arguments become floats as Python's do; results are Python's.

use super::{Action, DtypeRule, Operation, row};
use crate::scalar::ScalarOp as Op;

const fn float(names: &'static [&'static str], signature: &'static str, op: Op, doc: &'static str) -> Operation {
    row(names, signature, Action::MathFloat(op), DtypeRule::Python, doc)
}

const fn truth(names: &'static [&'static str], op: Op, doc: &'static str) -> Operation {
    row(names, "x, /", Action::MathTruth(op), DtypeRule::Python, doc)
}

/// The rows.
pub const ROWS: &[Operation] = &[
    float(&["math.acos"], "x, /", Op::Arccos, "Inverse cosine.").ulp(1),
    float(&["math.acosh"], "x, /", Op::Arccosh, "Inverse hyperbolic cosine.").ulp(1),
    float(&["math.asin"], "x, /", Op::Arcsin, "Inverse sine.").ulp(1),
    float(&["math.asinh"], "x, /", Op::Arcsinh, "Inverse hyperbolic sine.").ulp(1),
    float(&["math.atan"], "x, /", Op::Arctan, "Inverse tangent.").ulp(1),
    float(&["math.atanh"], "x, /", Op::Arctanh, "Inverse hyperbolic tangent.").ulp(1),
    float(&["math.cbrt"], "x, /", Op::Cbrt, "Cube root.").ulp(1),
    float(&["math.cos"], "x, /", Op::Cos, "Cosine.").ulp(1),
    float(&["math.cosh"], "x, /", Op::Cosh, "Hyperbolic cosine.").ulp(1),
    float(&["math.degrees"], "x, /", Op::Degrees, "Radians to degrees.").ulp(1),
    float(&["math.erf"], "x, /", Op::Erf, "Error function.").ulp(1),
    float(&["math.erfc"], "x, /", Op::Erfc, "1 - erf(x).").ulp(1),
    float(&["math.exp"], "x, /", Op::Exp, "e to the x.").ulp(1),
    float(&["math.exp2"], "x, /", Op::Exp2, "2 to the x.").ulp(1),
    float(&["math.expm1"], "x, /", Op::Expm1, "exp(x) - 1.").ulp(1),
    float(&["math.gamma"], "x, /", Op::Gamma, "Gamma function.").ulp(1),
    float(&["math.lgamma"], "x, /", Op::Lgamma, "Logarithm of the absolute value of the gamma function.").ulp(1),
    float(&["math.log10"], "x, /", Op::Log10, "Logarithm to base 10.").ulp(1),
    float(&["math.log1p"], "x, /", Op::Log1p, "log(1 + x).").ulp(1),
    float(&["math.log2"], "x, /", Op::Log2, "Logarithm to base 2.").ulp(1),
    float(&["math.radians"], "x, /", Op::Radians, "Degrees to radians.").ulp(1),
    float(&["math.sin"], "x, /", Op::Sin, "Sine.").ulp(1),
    float(&["math.sinh"], "x, /", Op::Sinh, "Hyperbolic sine.").ulp(1),
    float(&["math.tan"], "x, /", Op::Tan, "Tangent.").ulp(1),
    float(&["math.tanh"], "x, /", Op::Tanh, "Hyperbolic tangent.").ulp(1),
    float(&["math.sqrt"], "x, /", Op::Sqrt, "Square root."),
    float(&["math.fabs"], "x, /", Op::Absolute, "Absolute value."),
    float(&["math.atan2"], "y, x, /", Op::Arctan2, "Angle of the point (x, y).").ulp(1),
    float(&["math.copysign"], "x, y, /", Op::Copysign, "x with the sign of y."),
    float(&["math.fmod"], "x, y, /", Op::Fmod, "Remainder with the sign of x."),
    float(&["math.nextafter"], "x, y, /", Op::Nextafter, "The next number after x towards y."),
    truth(&["math.isnan"], Op::Isnan, "Whether NaN."),
    truth(&["math.isinf"], Op::Isinf, "Whether infinite."),
    truth(&["math.isfinite"], Op::Isfinite, "Whether neither NaN nor infinite."),
    row(&["math.ceil"], "x, /", Action::MathInt(Op::Ceil), DtypeRule::Python, "Rounded up, an int."),
    row(&["math.floor"], "x, /", Action::MathInt(Op::Floor), DtypeRule::Python, "Rounded down, an int."),
    row(&["math.trunc"], "x, /", Action::MathInt(Op::Trunc), DtypeRule::Python, "Rounded towards zero, an int."),
    row(&["math.gcd"], "*integers", Action::MathFold(Op::Gcd), DtypeRule::Python, "Greatest common divisor of ints."),
    row(&["math.lcm"], "*integers", Action::MathFold(Op::Lcm), DtypeRule::Python, "Least common multiple of ints."),
    row(&["math.log"], "x, base=None, /", Action::MathLog, DtypeRule::Python, "Natural logarithm, or to a base: log(x) / log(base).")
        .ulp(1)
        .notes("3 ULP with a base."),
    row(&["math.pow"], "x, y, /", Action::MathPow, DtypeRule::Python, "x to the power y, in floats.").ulp(1),
    row(&["math.hypot"], "*coordinates", Action::MathHypot, DtypeRule::Python, "Length of a vector.")
        .ulp(1)
        .notes("One ULP per coordinate after the second."),
    row(&["math.dist"], "p, q, /", Action::MathDist, DtypeRule::Python, "Distance of two points, given as tuples.")
        .ulp(1)
        .notes("One ULP per coordinate after the second."),
    row(&["math.isqrt"], "n, /", Action::MathIsqrt, DtypeRule::Python, "Integer part of the square root of an int."),
    row(&["math.factorial"], "n, /", Action::MathFactorial, DtypeRule::Python, "n!, an int.")
        .notes("Up to 20!; beyond, the result leaves int64 and Python answers."),
    row(&["math.comb"], "n, k, /", Action::MathComb, DtypeRule::Python, "Number of choices of k of n.")
        .notes("Python answers where a product leaves int64."),
    row(&["math.perm"], "n, k=None, /", Action::MathPerm, DtypeRule::Python, "Number of ordered choices of k of n.")
        .notes("Python answers where a product leaves int64."),
    row(&["math.ldexp"], "x, i, /", Action::MathLdexp, DtypeRule::Python, "x * 2**i."),
    row(&["math.frexp"], "x, /", Action::MathFrexp, DtypeRule::Python, "Mantissa and exponent, a tuple."),
    row(&["math.modf"], "x, /", Action::MathModf, DtypeRule::Python, "Fraction and integral part, a tuple."),
    row(
        &["math.isclose"],
        "a, b, *, rel_tol=1e-09, abs_tol=0.0",
        Action::MathIsClose,
        DtypeRule::Python,
        "Whether equal within tolerances.",
    ),
    row(
        &["math.prod"],
        "iterable, /, *, start=1",
        Action::MathProd,
        DtypeRule::Promoted,
        "Product of a tuple or of a one-dimensional array, from left to right.",
    ),
];
