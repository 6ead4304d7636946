//! Elementwise functions: NumPy's ufuncs and what is written in terms of them.

use super::{Action, DtypeRule, Operation, row, ufunc};
use crate::scalar::ScalarOp as Op;

const ONE: &str = "x, /, *, !out=None, !where=True, !casting='same_kind', !order='K', !dtype=None, !subok=True, !signature=None";
const TWO: &str = "x1, x2, /, *, !out=None, !where=True, !casting='same_kind', !order='K', !dtype=None, !subok=True, !signature=None";

const CANCELLED: &str = "A float64 result below 2^-54 of the larger argument has an error below 2^-107 of that argument.";
const ALL: &str = "?bBhHiIlLefdFD";
const REALS: &str = "?bBhHiIlLefd";

const COMPLEX_POWER: &str =
    "Complex numbers: whole powers below 100 are multiplied out as NumPy does; the error of others grows with the exponent.";
const SIGNS_OF_ZEROS: &str = "Of zeros with different signs: the first, where NumPy's choice depends on the place and the machine.";

/// The rows.
pub const ROWS: &[Operation] = &[
    ufunc(&["numpy.add"], TWO, Op::Add, "Sum; of bools: or."),
    ufunc(&["numpy.subtract"], TWO, Op::Subtract, "Difference.").refuses_bool(),
    ufunc(&["numpy.multiply"], TWO, Op::Multiply, "Product; of bools: and."),
    ufunc(&["numpy.divide", "numpy.true_divide"], TWO, Op::Divide, "True division; integers give float64."),
    ufunc(&["numpy.floor_divide"], TWO, Op::FloorDivide, "Quotient rounded down; integers by zero give 0."),
    ufunc(&["numpy.remainder", "numpy.mod"], TWO, Op::Remainder, "Remainder with the sign of the divisor; integers by zero give 0."),
    ufunc(&["numpy.fmod"], TWO, Op::Fmod, "Remainder with the sign of the dividend."),
    ufunc(&["numpy.power", "numpy.pow"], TWO, Op::Power, "x1 to the power x2; integers to negative integer powers raise ValueError.")
        .ulp(1)
        .notes(COMPLEX_POWER),
    ufunc(&["numpy.float_power"], TWO, Op::Power, "Power in float64 or complex128.").loops("dD").ulp(1).notes(COMPLEX_POWER),
    ufunc(&["numpy.negative"], ONE, Op::Negative, "-x.").refuses_bool(),
    ufunc(&["numpy.positive"], ONE, Op::Positive, "+x, a copy.").refuses_bool(),
    ufunc(&["numpy.absolute", "numpy.abs"], ONE, Op::Absolute, "Absolute value; the modulus of complex numbers.").ulp(1),
    ufunc(&["numpy.fabs"], ONE, Op::Absolute, "Absolute value in floating point.").loops("efd"),
    ufunc(&["numpy.sign"], ONE, Op::Sign, "-1, 0 or 1; x/abs(x) of complex numbers.").refuses_bool(),
    ufunc(&["numpy.square"], ONE, Op::Square, "x * x."),
    ufunc(&["numpy.reciprocal"], ONE, Op::Reciprocal, "1 / x; of integers truncated."),
    ufunc(&["numpy.sqrt"], ONE, Op::Sqrt, "Square root."),
    ufunc(&["numpy.cbrt"], ONE, Op::Cbrt, "Cube root.").ulp(1),
    ufunc(&["numpy.hypot"], TWO, Op::Hypot, "Length of (x1, x2) without undue overflow.").ulp(1),
    ufunc(&["numpy.exp"], ONE, Op::Exp, "e to the x.").ulp(1),
    ufunc(&["numpy.exp2"], ONE, Op::Exp2, "2 to the x.").ulp(1),
    ufunc(&["numpy.expm1"], ONE, Op::Expm1, "exp(x) - 1.").ulp(1),
    ufunc(&["numpy.log"], ONE, Op::Log, "Natural logarithm.").ulp(1),
    ufunc(&["numpy.log2"], ONE, Op::Log2, "Logarithm to base 2.").ulp(1),
    ufunc(&["numpy.log10"], ONE, Op::Log10, "Logarithm to base 10.").ulp(1),
    ufunc(&["numpy.log1p"], ONE, Op::Log1p, "log(1 + x).").ulp(1),
    ufunc(&["numpy.logaddexp"], TWO, Op::Logaddexp, "log(exp(x1) + exp(x2)).").ulp(1).notes(CANCELLED),
    ufunc(&["numpy.logaddexp2"], TWO, Op::Logaddexp2, "log2(2**x1 + 2**x2).").ulp(1).notes(CANCELLED),
    ufunc(&["numpy.sin"], ONE, Op::Sin, "Sine.").ulp(1),
    ufunc(&["numpy.cos"], ONE, Op::Cos, "Cosine.").ulp(1),
    ufunc(&["numpy.tan"], ONE, Op::Tan, "Tangent.").ulp(1),
    ufunc(&["numpy.arcsin", "numpy.asin"], ONE, Op::Arcsin, "Inverse sine.").ulp(1),
    ufunc(&["numpy.arccos", "numpy.acos"], ONE, Op::Arccos, "Inverse cosine.").ulp(1),
    ufunc(&["numpy.arctan", "numpy.atan"], ONE, Op::Arctan, "Inverse tangent.").ulp(1),
    ufunc(&["numpy.sinh"], ONE, Op::Sinh, "Hyperbolic sine.").ulp(1),
    ufunc(&["numpy.cosh"], ONE, Op::Cosh, "Hyperbolic cosine.").ulp(1),
    ufunc(&["numpy.tanh"], ONE, Op::Tanh, "Hyperbolic tangent.").ulp(1),
    ufunc(&["numpy.arcsinh", "numpy.asinh"], ONE, Op::Arcsinh, "Inverse hyperbolic sine.").ulp(1),
    ufunc(&["numpy.arccosh", "numpy.acosh"], ONE, Op::Arccosh, "Inverse hyperbolic cosine.").ulp(1),
    ufunc(&["numpy.arctanh", "numpy.atanh"], ONE, Op::Arctanh, "Inverse hyperbolic tangent.").ulp(1),
    ufunc(&["numpy.arctan2", "numpy.atan2"], TWO, Op::Arctan2, "Angle of the point (x2, x1).").ulp(1),
    ufunc(&["numpy.degrees", "numpy.rad2deg"], ONE, Op::Degrees, "Radians to degrees.")
        .ulp(2)
        .notes("NumPy's bits; within 1 ULP in float64."),
    ufunc(&["numpy.radians", "numpy.deg2rad"], ONE, Op::Radians, "Degrees to radians.").ulp(1),
    ufunc(&["numpy.floor"], ONE, Op::Floor, "Rounded down.").loops(REALS),
    ufunc(&["numpy.ceil"], ONE, Op::Ceil, "Rounded up.").loops(REALS),
    ufunc(&["numpy.trunc", "numpy.fix"], ONE, Op::Trunc, "Rounded towards zero.").loops(REALS),
    ufunc(&["numpy.rint"], ONE, Op::Rint, "Rounded to the nearest integer, half to even."),
    ufunc(&["numpy.maximum"], TWO, Op::Maximum, "The greater; NaN if one is NaN."),
    ufunc(&["numpy.minimum"], TWO, Op::Minimum, "The lesser; NaN if one is NaN."),
    ufunc(&["numpy.fmax"], TWO, Op::Fmax, "The greater, ignoring NaN.").notes(SIGNS_OF_ZEROS),
    ufunc(&["numpy.fmin"], TWO, Op::Fmin, "The lesser, ignoring NaN.").notes(SIGNS_OF_ZEROS),
    ufunc(&["numpy.heaviside"], TWO, Op::Heaviside, "0 below zero, x2 at zero, 1 above."),
    ufunc(&["numpy.equal"], TWO, Op::Equal, "x1 == x2."),
    ufunc(&["numpy.not_equal"], TWO, Op::NotEqual, "x1 != x2."),
    ufunc(&["numpy.less"], TWO, Op::Less, "x1 < x2."),
    ufunc(&["numpy.less_equal"], TWO, Op::LessEqual, "x1 <= x2."),
    ufunc(&["numpy.greater"], TWO, Op::Greater, "x1 > x2."),
    ufunc(&["numpy.greater_equal"], TWO, Op::GreaterEqual, "x1 >= x2."),
    ufunc(&["numpy.logical_and"], TWO, Op::LogicalAnd, "Both true.").loops(ALL),
    ufunc(&["numpy.logical_or"], TWO, Op::LogicalOr, "One true.").loops(ALL),
    ufunc(&["numpy.logical_xor"], TWO, Op::LogicalXor, "Exactly one true.").loops(ALL),
    ufunc(&["numpy.logical_not"], ONE, Op::LogicalNot, "Not true.").loops(ALL),
    ufunc(&["numpy.isnan"], ONE, Op::Isnan, "Whether NaN.").loops(ALL),
    ufunc(&["numpy.isinf"], ONE, Op::Isinf, "Whether infinite.").loops(ALL),
    ufunc(&["numpy.isfinite"], ONE, Op::Isfinite, "Whether neither NaN nor infinite.").loops(ALL),
    ufunc(&["numpy.signbit"], ONE, Op::Signbit, "Whether the sign bit is set."),
    ufunc(&["numpy.bitwise_and"], TWO, Op::BitwiseAnd, "x1 & x2."),
    ufunc(&["numpy.bitwise_or"], TWO, Op::BitwiseOr, "x1 | x2."),
    ufunc(&["numpy.bitwise_xor"], TWO, Op::BitwiseXor, "x1 ^ x2."),
    ufunc(&["numpy.invert", "numpy.bitwise_not", "numpy.bitwise_invert"], ONE, Op::Invert, "~x."),
    ufunc(&["numpy.left_shift", "numpy.bitwise_left_shift"], TWO, Op::LeftShift, "x1 << x2."),
    ufunc(&["numpy.right_shift", "numpy.bitwise_right_shift"], TWO, Op::RightShift, "x1 >> x2."),
    ufunc(&["numpy.bitwise_count"], ONE, Op::BitwiseCount, "Number of ones in abs(x), as uint8."),
    ufunc(&["numpy.gcd"], TWO, Op::Gcd, "Greatest common divisor.").refuses_bool(),
    ufunc(&["numpy.lcm"], TWO, Op::Lcm, "Least common multiple.").refuses_bool(),
    ufunc(&["numpy.copysign"], TWO, Op::Copysign, "x1 with the sign of x2."),
    ufunc(&["numpy.nextafter"], TWO, Op::Nextafter, "The next number after x1 towards x2."),
    ufunc(&["numpy.spacing"], ONE, Op::Spacing, "Distance to the next number."),
    row(&["numpy.ldexp"], TWO, Action::Ldexp, DtypeRule::Loop, "x1 * 2**x2.").loops("efd"),
    row(&["numpy.frexp"], ONE, Action::Frexp, DtypeRule::Loop, "Mantissa in [0.5, 1) and int32 exponent.").loops("efd"),
    row(&["numpy.modf"], ONE, Action::Modf, DtypeRule::Loop, "Fraction and integral part.").loops("efd"),
    row(&["numpy.divmod"], TWO, Action::Divmod, DtypeRule::Loop, "Quotient rounded down, and remainder.").loops("bBhHiIlLefd"),
    row(&["numpy.conjugate", "numpy.conj"], ONE, Action::Conjugate, DtypeRule::Loop, "Complex conjugate.").loops("bBhHiIlLefdFD"),
    row(
        &["numpy.round", "numpy.around", "ndarray.round"],
        "a, decimals=0, !out=None",
        Action::Round,
        DtypeRule::Same,
        "Rounded to so many decimals, half to even, as NumPy scales.",
    ),
    row(
        &["numpy.clip", "ndarray.clip"],
        "a, a_min=None, a_max=None, !out=None, *, min=None, max=None",
        Action::Clip,
        DtypeRule::Promoted,
        "Limited to an interval; a limit may be None.",
    ),
    row(&["numpy.where"], "condition, x=None, y=None", Action::Where, DtypeRule::Promoted, "x where the condition holds, else y.")
        .notes("With the condition alone: `np.nonzero`."),
    row(&["numpy.angle"], "z, deg=False", Action::Angle, DtypeRule::Real, "Argument of complex numbers.").ulp(1),
    row(&["numpy.real"], "val", Action::RealPart, DtypeRule::Real, "Real part; a view of an array."),
    row(&["numpy.imag"], "val", Action::ImagPart, DtypeRule::Real, "Imaginary part; a view of a complex array."),
    row(
        &["numpy.isclose"],
        "a, b, rtol=1e-05, atol=1e-08, equal_nan=False",
        Action::IsClose,
        DtypeRule::Bool,
        "Whether equal within tolerances.",
    ),
    row(
        &["numpy.allclose"],
        "a, b, rtol=1e-05, atol=1e-08, equal_nan=False",
        Action::AllClose,
        DtypeRule::Python,
        "Whether all are equal within tolerances, a Python bool.",
    ),
    row(
        &["numpy.array_equal"],
        "a1, a2, !equal_nan=False",
        Action::ArrayEqual,
        DtypeRule::Python,
        "Whether shapes and elements are equal, a Python bool.",
    ),
    row(
        &["numpy.nan_to_num"],
        "x, !copy=True, nan=0.0, posinf=None, neginf=None",
        Action::NanToNum,
        DtypeRule::Same,
        "NaN and infinities replaced by numbers.",
    )
    .notes("Real numbers only."),
    row(&["numpy.isposinf"], "x, !out=None", Action::InfinitySign(true), DtypeRule::Bool, "Whether +inf."),
    row(&["numpy.isneginf"], "x, !out=None", Action::InfinitySign(false), DtypeRule::Bool, "Whether -inf."),
];
