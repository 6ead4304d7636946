//! The `cmath` module, and what is compiled of `random`.

use super::{Action, DtypeRule, Operation, row};
use crate::scalar::ScalarOp as Op;

const fn map(names: &'static [&'static str], op: Op, doc: &'static str) -> Operation {
    row(names, "z, /", Action::ComplexMap(op), DtypeRule::Python, doc)
}

/// The rows.
pub const ROWS: &[Operation] = &[
    map(&["cmath.acos"], Op::Arccos, "Inverse cosine."),
    map(&["cmath.acosh"], Op::Arccosh, "Inverse hyperbolic cosine."),
    map(&["cmath.asin"], Op::Arcsin, "Inverse sine."),
    map(&["cmath.asinh"], Op::Arcsinh, "Inverse hyperbolic sine."),
    map(&["cmath.atan"], Op::Arctan, "Inverse tangent."),
    map(&["cmath.atanh"], Op::Arctanh, "Inverse hyperbolic tangent."),
    map(&["cmath.cos"], Op::Cos, "Cosine."),
    map(&["cmath.cosh"], Op::Cosh, "Hyperbolic cosine."),
    map(&["cmath.exp"], Op::Exp, "e to the z."),
    map(&["cmath.log10"], Op::Log10, "Logarithm to base 10."),
    map(&["cmath.sin"], Op::Sin, "Sine."),
    map(&["cmath.sinh"], Op::Sinh, "Hyperbolic sine."),
    map(&["cmath.sqrt"], Op::Sqrt, "Square root."),
    map(&["cmath.tan"], Op::Tan, "Tangent."),
    map(&["cmath.tanh"], Op::Tanh, "Hyperbolic tangent."),
    row(&["cmath.log"], "z, base=None, /", Action::ComplexLog, DtypeRule::Python, "Natural logarithm, or to a base."),
    row(&["cmath.phase"], "z, /", Action::ComplexPhase, DtypeRule::Python, "Argument, a float.").ulp(1),
    row(&["cmath.polar"], "z, /", Action::ComplexPolar, DtypeRule::Python, "Modulus and argument, a tuple.").ulp(1),
    row(&["cmath.rect"], "r, phi, /", Action::ComplexRect, DtypeRule::Python, "The complex number of modulus r and argument phi.").ulp(2),
    row(&["cmath.isnan"], "z, /", Action::ComplexTruth(Op::Isnan), DtypeRule::Python, "Whether a part is NaN."),
    row(&["cmath.isinf"], "z, /", Action::ComplexTruth(Op::Isinf), DtypeRule::Python, "Whether a part is infinite."),
    row(&["cmath.isfinite"], "z, /", Action::ComplexTruth(Op::Isfinite), DtypeRule::Python, "Whether both parts are finite."),
    row(&["random.random"], "", Action::RandomRandom, DtypeRule::Python, "The next number of Python's generator, in [0, 1)."),
    row(&["random.uniform"], "a, b", Action::RandomUniform, DtypeRule::Python, "a + (b - a) * random()."),
];
